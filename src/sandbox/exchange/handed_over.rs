//! What comes as an 834 instead of over HTTP: enrollments, renewals, ends, changes, reinstatements and audits of policies.

use super::book::{Book, Enrolled, Entry, Household};
use super::cancellations::end_policy;
use super::sending::{count_enrollment, hold};
use crate::model::{Direction, Field, GroupRecord, IssuerId, Place, RecordKind, TransactionReason};
use crate::sandbox::change::{changed, listed, refresh, spoil};
use crate::sandbox::fault::{FaultKind as Kind, Hop, Planted};
use crate::sandbox::outbound::Message;
use crate::sandbox::record::Ending;
use crate::sandbox::world::World;
use crate::wire::x12::Transaction;
use chrono::{DateTime, Utc};

/// A transaction that was accepted, and that nothing can be done with.
#[derive(Debug, thiserror::Error)]
#[error("intake could not place the {kind} at {place}: {why}")]
pub(in crate::sandbox) struct NotPlaced {
    kind: RecordKind,
    place: Place,
    why: Unplaced,
}

/// Why nothing can be done with a transaction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::sandbox) enum Unplaced {
    #[error("it names no plan (REF*CE)")]
    NoPlan,
    #[error("no issuer here offers plan `{0}`")]
    UnknownPlan(String),
    #[error("it has no first day of coverage (DTP*348)")]
    NoBegin,
    #[error("it has no last day of coverage (DTP*349)")]
    NoEnd,
    #[error("it names no policy (REF*1L)")]
    NoPolicy,
    #[error("policy `{0}` is not held")]
    UnknownPolicy(String),
    #[error("policy `{0}` is held already")]
    HeldAlready(String),
    #[error("policy `{0}` has ended already")]
    Ended(String),
    #[error("policy `{0}` has not ended")]
    Stands(String),
    #[error("policy `{policy}` has another {what}")]
    Another {
        /// Its id.
        policy: String,
        /// What it is told by.
        what: &'static str,
    },
    #[error("an issuer confirms; whoever hands over enrolls")]
    Confirms,
}

impl NotPlaced {
    pub(in crate::sandbox) fn new(kind: RecordKind, place: &Place, why: Unplaced) -> Self {
        Self { kind, place: place.clone(), why }
    }
}

/// Enrolls a household in these policies, complete records with ids, as if it had applied and chosen them; gives what cannot be.
/// Faults that are seen in an HTTP answer alone are none here; what would be refused or forgotten there is forgotten here.
pub(in crate::sandbox) fn enroll(world: &World, marker: &str, groups: Vec<GroupRecord>) -> Vec<NotPlaced> {
    let mut book = world.book();
    let (known, mut groups): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| book.by_policy.contains_key(policy_id(group)));
    let not_placed = known.iter().map(|group| {
        let why = Unplaced::HeldAlready(policy_id(group).to_owned());
        NotPlaced::new(group.kind, &group.place, why)
    });
    let not_placed = not_placed.collect();
    let Some(application) = groups.first().and_then(|group| group.facts.text(Field::ApplicationId)) else {
        return not_placed;
    };
    let application = application.to_owned();
    let household = book.open(world, &application, marker, groups.first());
    for group in &mut groups {
        group.place = Place::default();
    }
    let policies: Vec<String> = groups.iter().map(|group| policy_id(group).to_owned()).collect();
    if settle(world, household, groups) {
        book.by_policy.extend(policies.into_iter().map(|policy| (policy, application.clone())));
    }
    not_placed
}

/// Holds and sends the groups, unless the household's fault has them forgotten; whether they are held.
fn settle(world: &World, household: &mut Household, groups: Vec<GroupRecord>) -> bool {
    let drawn = world.faults.draw(&household.marker, &groups.iter().collect::<Vec<_>>());
    let at_exchange = drawn
        .as_ref()
        .filter(|planted| planted.spec.first_shows_at() == Hop::Exchange)
        .map(|planted| planted.spec.kind);
    let is_forgotten = matches!(at_exchange, Some(Kind::Reject | Kind::LoseAtExchange));
    if let (true, Some(planted), Some(record)) = (is_forgotten, &drawn, groups.first()) {
        world.note(planted, record, "handed over, and forgotten");
        household.is_enrolled = true;
        count_enrollment(world, household);
        household.planted = drawn;
        return false;
    }
    let shows = |kind: Kind| at_exchange.is_none() && kind != Kind::Ghost;
    household.planted = drawn.filter(|planted| shows(planted.spec.kind)).or(household.planted.take());
    hold(world, household, groups);
    true
}

/// Ends a policy that is held, and tells the issuers as of a cancellation over HTTP.
pub(in crate::sandbox) fn end(world: &World, told: &GroupRecord) -> Result<(), Unplaced> {
    let mut book = world.book();
    let (policy, marker, planted) = book.standing(told)?;
    let ending = if told.kind == RecordKind::Termination {
        let last_day = told.facts.value(Field::BenefitEnd).cloned().ok_or(Unplaced::NoEnd)?;
        Ending::on(last_day, reason(told))
    } else {
        Ending::before_it_began(reason(told))
    };
    end_policy(world, marker, planted, policy, &ending);
    Ok(())
}

/// Changes a policy that is held; the whole changed record travels on to where its enrollment went.
pub(in crate::sandbox) fn change(world: &World, told: &GroupRecord) -> Result<(), Unplaced> {
    let mut book = world.book();
    let (policy, _, planted) = book.standing(told)?;
    let (record, mut message) = changed(&policy.record, told, || world.numbers.id());
    let is_planted =
        |kind: Kind| planted.filter(|planted| planted.spec.kind == kind && planted.concerns(&policy.record));
    let lost = is_planted(Kind::ChangeLost);
    let spoiled = planted.filter(|planted| planted.concerns(&policy.record));
    let spoiled = spoiled.and_then(|planted| Some((planted, spoil(planted.spec.kind, &policy.record, &mut message)?)));
    let why = reason(told).unwrap_or_else(|| TransactionReason::DemographicChange.as_str().to_owned());
    message.facts.set(Field::TransactionReason, why);
    message.event_at = told.event_at.or_else(|| Some(world.clock.now()));
    policy.record = record;
    for (_, sent) in policy.sent.iter_mut().take(1) {
        refresh(sent, told);
    }
    if let Some((planted, what)) = spoiled {
        world.note(planted, &policy.record, what);
    }
    match lost {
        Some(planted) => world.note(planted, &policy.record, "its change is never sent"),
        None => pass_on(world, policy, message),
    }
    Ok(())
}

/// Puts a policy that has ended in force again: the whole group, as it was (CMS companion guide v7.2 p. 68). The whole record
/// travels on to where its enrollment went.
pub(in crate::sandbox) fn reinstate(world: &World, told: &GroupRecord) -> Result<(), Unplaced> {
    let mut book = world.book();
    let (policy, ..) = book.policy(told)?;
    let id = policy_id(&policy.record).to_owned();
    // by what the policy is told (p. 68); what is left out is not asked for
    let keys = [
        (Field::SubscriberId, "subscriber (REF*0F)"),
        (Field::PlanId, "plan (REF*CE)"),
        (Field::BenefitBegin, "first day (DTP*348)"),
    ];
    for (field, what) in keys {
        let own = policy.record.facts.value(field);
        if told.facts.value(field).is_some_and(|stated| own.is_some_and(|own| own != stated)) {
            return Err(Unplaced::Another { policy: id, what });
        }
    }
    let event_at = told.event_at.unwrap_or_else(|| world.clock.now());
    if put_in_force(world, policy, event_at) { Ok(()) } else { Err(Unplaced::Stands(id)) }
}

/// Puts a policy that has ended in force again, and tells its issuer; false where it stands.
pub(super) fn put_in_force(world: &World, policy: &mut Enrolled, event_at: DateTime<Utc>) -> bool {
    if !policy.revive() {
        return false;
    }
    let (kind, event_at) = (RecordKind::Reinstatement, Some(event_at));
    let mut message = GroupRecord { kind, event_at, place: Place::default(), ..policy.record.clone() };
    for field in [Field::PolicyStatus, Field::TransactionReason] {
        message.facts.unset(field);
    }
    pass_on(world, policy, message);
    true
}

/// Passes on a list of who is in a policy; it changes nothing, here or there (005010X220A1, INS03 030).
pub(in crate::sandbox) fn audit(world: &World, told: &GroupRecord) -> Result<(), Unplaced> {
    let mut book = world.book();
    let (policy, ..) = book.policy(told)?;
    let mut message = listed(&policy.record, told);
    message.event_at = told.event_at.or_else(|| Some(world.clock.now()));
    pass_on(world, policy, message);
    Ok(())
}

/// Sends what follows an enrollment to where that went. What was changed on the way is not undone by it: issuer and policy are
/// named as they were.
fn pass_on(world: &World, policy: &Enrolled, mut message: GroupRecord) {
    let Some((issuer, sent)) = policy.sent.first() else { return };
    for field in [Field::Issuer, Field::PolicyId] {
        message.facts.set_or_absent(field, sent.facts.value(field).cloned());
    }
    let issuer: IssuerId = issuer.clone();
    world.outbound.send_change(Message::new(issuer, message));
}

/// The transaction's reason, where the exchange has it, too: senders have lists of their own.
fn reason(told: &GroupRecord) -> Option<String> {
    let reason = TransactionReason::parse(told.facts.text(Field::TransactionReason)?)?;
    Transaction::of(told.kind, Some(reason), Direction::ToIssuer).map(|_| reason.as_str().to_owned())
}

fn policy_id(record: &GroupRecord) -> &str {
    record.facts.text(Field::PolicyId).unwrap_or_default()
}

impl Book {
    /// The household of an application, which is opened where it is new.
    fn open(&mut self, world: &World, application: &str, marker: &str, first: Option<&GroupRecord>) -> &mut Household {
        if !self.applications.contains_key(application) {
            let subscriber = first.and_then(|group| group.facts.text(Field::SubscriberId));
            let email = first.and_then(|group| group.members.first()?.text(Field::Email));
            self.index(application, subscriber, email);
            world.counters.count(marker, |counts| counts.applications += 1);
        }
        let new =
            || Entry { applied: None, household: Household { marker: marker.to_owned(), ..Household::default() } };
        &mut self.applications.entry(application.to_owned()).or_insert_with(new).household
    }

    /// The policy that a transaction speaks of, which stands, with its household's marker and fault.
    fn standing(&mut self, told: &GroupRecord) -> Result<(&mut Enrolled, &str, Option<&Planted>), Unplaced> {
        let found = self.policy(told)?;
        if found.0.stands() { Ok(found) } else { Err(Unplaced::Ended(policy_id(&found.0.record).to_owned())) }
    }

    /// The policy that a transaction speaks of, with its household's marker and fault.
    fn policy(&mut self, told: &GroupRecord) -> Result<(&mut Enrolled, &str, Option<&Planted>), Unplaced> {
        let id = told.facts.text(Field::PolicyId).ok_or(Unplaced::NoPolicy)?;
        let unknown = || Unplaced::UnknownPolicy(id.to_owned());
        let application = self.by_policy.get(id).ok_or_else(unknown)?;
        let household = &mut self.applications.get_mut(application).ok_or_else(unknown)?.household;
        let policy =
            household.policies.iter_mut().find(|policy| policy_id(&policy.record) == id).ok_or_else(unknown)?;
        Ok((policy, &household.marker, household.planted.as_ref()))
    }
}
