//! One group at one waypoint: did it arrive, in time, and is it what was sent.

use super::case::{Case, Seen};
use super::compare::{Comparison, Rules};
use super::exchanged::Exchanged;
use super::existence::NOBODY_KNOWS;
use super::findings::{Finds, note};
use super::history::{Damaged, History};
use super::pairing::pair;
use super::roster::Roster;
use super::sight::Unfound;
use super::timeliness::{Due, limit_at};
use super::understood::NotUnderstood;
use crate::model::{
    Act, Arrival, Discrepancy, Existence, ExpectedGroup, FeedKind, Field, FieldSet, FindingKind, GroupAtWaypoint,
    GroupRecord, Integrity, IssuerId, JourneyStep, NotDue, RunPlan, Severity, WaypointPlan,
};
use chrono::{DateTime, Utc};

/// What is said of a record that may be the probe's.
pub(super) const MAY_BE: &str =
    "a record was found that may be theirs and shows too little to tell it from a stranger's";

/// What is said of a group of which not everything was found that it may have been asked for.
pub(super) const NOBODY_KNOWS_IF_ASKED: &str = "and nobody knows whether the exchange was asked for it: the enrollment takes several requests, and was left in the \
     middle";

/// Everything a judgement may look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Court<'a> {
    pub(super) plan: &'a RunPlan,
    pub(super) history: &'a History<'a>,
    pub(super) roster: &'a Roster,
    pub(super) unread: &'a NotUnderstood,
    pub(super) exchanged: &'a Exchanged,
    pub(super) unfound: &'a Unfound,
    pub(super) now: DateTime<Utc>,
}

/// One group of a case at one waypoint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) court: Court<'a>,
    pub(super) case: &'a Case<'a>,
    pub(super) existence: Existence,
    pub(super) group: usize,
    pub(super) expected: &'a ExpectedGroup,
    pub(super) index: u16,
    pub(super) waypoint: &'a WaypointPlan,
}

impl<'a> Place<'a> {
    pub(super) fn is_edi(&self) -> bool {
        self.waypoint.feed == FeedKind::EdiFolder
    }

    pub(super) fn issuer(&self) -> Option<&'a str> {
        self.expected.facts.text(Field::Issuer)
    }

    pub(super) fn rules(&self) -> Rules<'a> {
        let rules = Rules::at(self.court.plan, self.waypoint);
        let mut ignore = rules.ignore.union(self.unread());
        if self.waypoint.due_when_paid {
            // who has not paid is in no status yet
            ignore.insert(Field::PolicyStatus);
        }
        let words = (&self.court.plan.carries.words, Some(self.waypoint.words_of(self.issuer())));
        Rules { ignore, words, ..rules }
    }

    /// The fields that the target's mapping understood in no record here.
    pub(super) fn unread(&self) -> FieldSet {
        self.court.unread.at(self.court.plan, self.index, self.issuer())
    }

    /// Whether it stands at, or is addressed to, another issuer than the plan's.
    pub(super) fn is_misrouted(&self, seen: &Seen<'_>) -> bool {
        let Some(issuer) = self.issuer() else { return false };
        let at = seen.sighting.issuer.as_ref().map(IssuerId::as_str);
        // what was not understood names nobody
        let is_read = !self.unread().contains(Field::Issuer);
        let to = seen.sighting.record.facts.text(Field::Issuer).filter(|_| is_read);
        at.into_iter().any(|found| !self.is_at_home(issuer, found))
            || to.is_some_and(|found| !self.is_at_home(issuer, found) && !self.is_called_so(issuer, found))
    }

    /// Whether what a message names as its issuer may be this one, since the target may have confused what issuers are called.
    pub(super) fn is_called_so(&self, issuer: &str, named: &str) -> bool {
        self.court.exchanged.is_called_so(self.index, issuer, named)
    }

    /// Whether what is found at this issuer's place may be where the other's records belong.
    pub(super) fn is_at_home(&self, issuer: &str, found: &str) -> bool {
        let exchanged = self.court.exchanged.place_of(self.index, issuer);
        self.rules().is_issuer(issuer, found) || exchanged.is_some_and(|place| place.as_str() == found)
    }

    /// Whether it stands in another issuer's system, which is no arrival.
    pub(super) fn is_elsewhere(&self, seen: &Seen<'_>) -> bool {
        let at = seen.sighting.issuer.as_ref().map(IssuerId::as_str);
        matches!((self.issuer(), at), (Some(issuer), Some(at)) if !self.is_at_home(issuer, at))
    }

    /// Why nobody ever looks here for this group, where that is so: the target looks elsewhere.
    pub(super) fn out_of_sight(&self) -> Option<String> {
        super::sight::out_of_sight(self)
    }

    /// Latest healthy look for the probe here, whatever of it was found: what was never seen was not there then.
    pub(super) fn last_look_at(&self) -> Option<DateTime<Utc>> {
        if self.out_of_sight().is_some() {
            return None;
        }
        self.last_vain_look_at().max(self.case.history.looked.get(&self.index).copied())
    }

    /// The same while an enrollment that had come was still there: what was taken out proves nothing by not being found.
    /// Messages stay.
    pub(super) fn last_look_for_arrival(&self) -> Option<DateTime<Utc>> {
        let end = self.case.end_of(self.group).filter(|(_, act)| act.may_stand());
        match end.filter(|_| !self.is_edi() && self.out_of_sight().is_none()) {
            Some((end, _)) => self.last_look_before(end),
            None => self.last_look_at(),
        }
    }

    /// Latest healthy look for the probe at this system, whatever it found, before a step was sent.
    pub(super) fn last_look_before(&self, step: JourneyStep) -> Option<DateTime<Utc>> {
        let looks = self.case.history.looks_before(step, self.index).filter(|_| self.out_of_sight().is_none());
        looks.filter(|(issuer, _)| self.concerns(*issuer)).map(|(_, at)| at).max()
    }

    /// Latest healthy look for the probe here that found nothing.
    pub(super) fn last_vain_look_at(&self) -> Option<DateTime<Utc>> {
        if self.out_of_sight().is_some() {
            return None;
        }
        let asked = self
            .case
            .history
            .absent
            .iter()
            .filter(|((waypoint, issuer), _)| *waypoint == self.index && self.concerns(*issuer));
        asked.map(|(_, at)| *at).chain(self.court.history.looked.get(&self.index).copied()).max()
    }

    /// Whether the waypoint could not be read after this moment. Where each probe is asked for by itself, that another's look
    /// failed says nothing of this one's.
    pub(super) fn is_blind_after(&self, moment: Option<DateTime<Utc>>) -> bool {
        if self.out_of_sight().is_some() {
            return true;
        }
        let history = self.court.history;
        let by_itself = history.tells_failed_looks && self.waypoint.feed.is_asked_per_probe();
        let spells = history.blind.iter().filter(|_| !by_itself).chain(&self.case.history.blind);
        let mut here = spells.filter(|spell| spell.waypoint == self.index && self.concerns(spell.issuer));
        here.any(|spell| moment.is_none_or(|moment| spell.until > moment))
    }

    fn concerns(&self, issuer: Option<&IssuerId>) -> bool {
        match (issuer, self.issuer()) {
            (Some(of), Some(expected)) => match self.court.exchanged.place_of(self.index, expected) {
                Some(place) => of == place,
                None => of.as_str() == expected,
            },
            _ => true,
        }
    }

    /// Whether a record that names somebody names the subscriber.
    pub(super) fn names_subscriber(&self, record: &GroupRecord) -> bool {
        let (expected, subscriber) = (&self.expected.members, self.expected.subscriber_at());
        record.members.is_empty() || pair(expected, &record.members).pairs.iter().any(|(at, _)| *at == subscriber)
    }

    /// When the enrollment is due here, where one was sent.
    pub(super) fn due(&self) -> Option<Due> {
        self.case.opening_of(self.group).map(|(step, act)| self.due_of(step, act))
    }

    /// When a step that was sent is due here.
    pub(super) fn due_of(&self, step: JourneyStep, act: Act) -> Due {
        let plan = self.court.plan;
        let limit_at = |from| limit_at(self.waypoint.limit_of(step), self.waypoint.windows.as_ref(), plan.zone, from);
        let due = |from| Due::new((from, act.sent_at), limit_at, plan.grace_share, &self.court.history.breaks);
        due(act.intended_at).or_sent_again(due(act.again_at))
    }

    /// Judges arrival and integrity, and notes what is found beside them.
    pub(super) fn judge(&self, finds: &mut Finds) -> GroupAtWaypoint {
        let seen = self.case.at(self.index, self.group);
        let sent = self.case.opening_of(self.group).is_some_and(|(_, act)| act.may_stand());
        let Some(due) = self.due().filter(|_| sent) else { return self.not_due(NotDue::CutOff) };
        if self.waypoint.feed == FeedKind::Ack {
            return super::acknowledged::judge(self, due, finds);
        }
        let all: Vec<&Seen<'_>> = seen.iter().copied().filter(|seen| !self.is_elsewhere(seen)).collect();
        let active: Vec<&Seen<'_>> = all.iter().copied().filter(|seen| seen.is_in_force()).collect();
        // a state first seen when it had been taken out proves that it had come; a message that takes out does not, nor
        // does a payer who may say so of whoever has not paid; nor, of what was out before it was put in force again, that it ever was
        let proves = !self.is_edi() && !self.waypoint.due_when_paid && !self.case.is_in_again(self.group);
        let arrived = if active.is_empty() && proves { all } else { active };
        note(self, &seen, &arrived, finds);
        if self.is_edi() {
            super::change::unasked(self, &arrived, finds);
            super::change::audited(self, &arrived, finds);
        }
        let of_enrollment: Vec<_> = arrived.iter().copied().filter(|seen| seen.life.is_none()).collect();
        match self.arrival_of(&of_enrollment) {
            None => self.overtaken(due, &arrived, finds).unwrap_or_else(|| self.unseen(due)),
            Some(first) => self.seen(due, first, &of_enrollment, finds),
        }
    }

    fn unseen(&self, due: Due) -> GroupAtWaypoint {
        let look = self.last_look_for_arrival();
        // an enrollment cancelled before its batch left is legally never sent (CMS companion guide v7.2 p. 106)
        let cut_off = self.case.cancelled_at(self.group).is_some_and(|cancelled| cancelled < due.limit_at);
        let not_due = match self.existence {
            _ if cut_off => Some(NotDue::Netted),
            // no event of a journey pays: eligibility proves effectuation, not receipt
            _ if self.waypoint.due_when_paid => Some(NotDue::NotShown),
            Existence::NotTaken => Some(NotDue::CutOff),
            _ => None,
        };
        let arrival = match due.unseen(look, self.is_blind_after(look), self.court.now) {
            _ if not_due.is_some() => Arrival::NotDue,
            // what may be theirs is there, or there may be nothing to find: nobody can say that it was lost
            Arrival::Missing if self.may_be_there() || self.existence == Existence::Unknown => Arrival::Undecided,
            arrival => arrival,
        };
        let words = self.case.history.words.get(&self.index).filter(|_| arrival != Arrival::Blind);
        let why = if self.may_be_there() { MAY_BE } else { NOBODY_KNOWS };
        let words = (arrival == Arrival::Undecided).then_some(why).or(words.copied()).map(str::to_owned);
        let words = words.or_else(|| self.damaged_file().filter(|_| arrival == Arrival::Missing));
        let words = words.or_else(|| self.out_of_sight().filter(|_| arrival == Arrival::Blind));
        let nothing = self.nothing(Some(due.limit_at), arrival);
        GroupAtWaypoint { last_absent_at: look, not_found: words, not_due, ..nothing }
    }

    /// The file in which something is wrong that holds its record unread, or may have been meant to hold it.
    fn damaged_file(&self) -> Option<String> {
        let history = self.court.history;
        let held = history.damaged_by_probe.get(&(self.index, self.case.expectation.probe));
        if let Some(file) = held.and_then(|files| history.damaged.get(*files.first()?)) {
            return Some(format!("it stands in `{}`, which a receiver refuses: {}", file.name, file.what));
        }
        let file = history.damaged.get(*history.damaged_first.get(&self.index)?)?;
        Some(format!("it may have been meant for `{}`, in which something is wrong: {}", file.name, file.what))
    }

    /// The file in which a message stands in what its receiver refuses, where it does.
    pub(super) fn refused_with_its_file(&self, seen: &Seen<'_>) -> Option<&'a Damaged<'a>> {
        let (history, at) = (self.court.history, &seen.sighting.record.place);
        let files = history.damaged_by_name.get(&(self.index, at.source.as_str()))?;
        let files = files.iter().filter_map(|file| history.damaged.get(*file));
        files.into_iter().find(|file| file.refused.iter().any(|refused| refused.holds(at)))
    }

    /// Whether something was here that may be the probe's, and shows too little to tell it from a stranger's.
    pub(super) fn may_be_there(&self) -> bool {
        self.case.history.possible.contains(&self.index)
    }

    /// A healthy look after the time was up found nothing that may be the probe's.
    pub(super) fn was_looked_for_in_vain(&self) -> bool {
        let until = self.due().map(|due| due.given_up_at);
        let was_looked_for = matches!((self.last_look_at(), until), (Some(look), Some(until)) if look >= until);
        was_looked_for && !self.may_be_there()
    }

    /// Nothing is due here, and why.
    pub(super) fn not_due(&self, why: NotDue) -> GroupAtWaypoint {
        GroupAtWaypoint { not_due: Some(why), ..self.nothing(None, Arrival::NotDue) }
    }

    pub(super) fn nothing(&self, limit_at: Option<DateTime<Utc>>, arrival: Arrival) -> GroupAtWaypoint {
        GroupAtWaypoint {
            name: self.waypoint.name.to_string(),
            step: None,
            arrival,
            not_due: None,
            integrity: None,
            matched_by: None,
            limit_at,
            last_absent_at: None,
            first_seen_at: None,
            place: None,
            file: None,
            not_found: None,
            discrepancies: Vec::new(),
            equivalences: Vec::new(),
        }
    }

    /// The sighting that completed the group: of each member's first record the last.
    fn arrival_of<'s>(&self, arrived: &[&'s Seen<'a>]) -> Option<&'s Seen<'a>> {
        let (first, more) = arrived.split_first()?;
        let mut last = *first;
        if more.is_empty() {
            return Some(last);
        }
        let mut covered = first.covers(self.expected);
        for seen in more {
            let new: Vec<_> = seen.covers(self.expected).into_iter().filter(|at| !covered.contains(at)).collect();
            if !new.is_empty() {
                covered.extend(new);
                last = seen;
            }
        }
        Some(last)
    }

    pub(super) fn seen(&self, due: Due, first: &Seen<'_>, arrived: &[&Seen<'a>], finds: &mut Finds) -> GroupAtWaypoint {
        let sighting = first.sighting;
        let ended = self.court.history.watch_ended_at;
        let came_after = ended.is_some_and(|ended| ended >= due.given_up_at && sighting.first_seen_at > ended);
        // where nobody could look nobody had given it up
        if came_after && self.absent_before(first).is_some_and(|look| look >= due.given_up_at) {
            finds.add(
                self,
                FindingKind::Recovered,
                format!("came at {} after it had been given up", sighting.first_seen_at),
            );
        }
        let mut comparison = self.compare(arrived, finds);
        let unasked = std::mem::take(&mut comparison.unasked);
        let tier = arrived.iter().map(|seen| seen.tier).min();
        let here = GroupAtWaypoint { matched_by: tier, ..self.arrived(due, first, comparison) };
        let is_whole = here.integrity == Some(Integrity::Intact) && here.arrival != Arrival::Late;
        match unasked.first() {
            // what nobody looks for is not whole: it may have been lost, or never asked for
            Some(lacks) if is_whole => GroupAtWaypoint {
                arrival: Arrival::Undecided,
                integrity: None,
                not_found: Some(nobody_knows(lacks, unasked.len())),
                ..here
            },
            _ => here,
        }
    }

    /// Until when what arrived with this sighting was surely not there. What came by another's look-up was not looked for then: only
    /// looks of its own say so.
    fn absent_before(&self, first: &Seen<'_>) -> Option<DateTime<Utc>> {
        let sighting = first.sighting;
        // where the places of issuers may be exchanged, a look at its own place was none at the place where it stands
        if first.stray || self.is_exchanged() {
            return self.last_vain_look_at().filter(|look| *look < sighting.first_seen_at);
        }
        sighting.last_absent_at
    }

    /// What is said of something that arrived with this sighting, and was compared.
    pub(super) fn arrived(&self, due: Due, first: &Seen<'_>, comparison: Comparison) -> GroupAtWaypoint {
        let sighting = first.sighting;
        let last_absent_at = self.absent_before(first);
        let arrival = due.seen(last_absent_at, sighting.first_seen_at);
        GroupAtWaypoint {
            integrity: Some(integrity(&comparison.discrepancies)),
            matched_by: Some(first.tier),
            last_absent_at: Some(due.absent_until(last_absent_at)),
            first_seen_at: Some(sighting.first_seen_at),
            place: Some(sighting.record.place.to_string()),
            file: (self.waypoint.feed == FeedKind::EdiFolder).then(|| sighting.record.place.source.clone()),
            discrepancies: comparison.discrepancies,
            equivalences: comparison.equivalences,
            ..self.nothing(Some(due.limit_at), arrival)
        }
    }
}

/// What is said of what a group lacks, where nobody knows whether the exchange was asked for it.
fn nobody_knows(lacks: &Discrepancy, count: usize) -> String {
    let what = match (lacks.field, lacks.member.as_str()) {
        (Field::MemberEnrolled, member) => member.to_owned(),
        (field, "") => format!("`{field}`"),
        (field, member) => format!("`{field}` of {member}"),
    };
    let more = if count > 1 { format!(", nor {} more", count - 1) } else { String::new() };
    format!("{what} is not found{more}, {NOBODY_KNOWS_IF_ASKED}")
}

pub(super) fn integrity(discrepancies: &[Discrepancy]) -> Integrity {
    let altered = discrepancies.iter().any(|d| d.severity > Severity::Minor);
    if altered { Integrity::Altered } else { Integrity::Intact }
}
