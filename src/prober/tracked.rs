//! What is known of one probe while a run goes on: a fold of its entries, small enough for a hundred thousand at once.

use super::policies::PoliciesStanding;
use super::walk::Progress;
use crate::issuer::IssuerMemberId;
use crate::life;
use crate::model::{
    Acknowledgement, Act, Acts, Captures, CoverageLine, Event, Field, FieldSet, GroupRecord, HandedOver, Household,
    IssuerId, JourneyStep, LifeEvent, PlanId, RecordKind, RunId, Sighting, Submission,
};
use crate::reconcile::{Proof, ended_as};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a look at a state waypoint changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// Places of the records that were not there at the look before.
    pub(super) new: Vec<usize>,
    /// Issuers that do not show something any more.
    pub(super) gone: Vec<Option<IssuerId>>,
    /// Places of the records that these issuers still show.
    pub(super) left: Vec<usize>,
}

/// A look for one probe that did not reach everybody it was to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FailedLook {
    /// When it failed.
    pub(super) at: DateTime<Utc>,
    /// Who did not answer, and why.
    pub(super) by: Vec<(Option<IssuerId>, String)>,
}

/// One probe at one waypoint.
#[derive(Debug, Clone, Default)]
pub(super) struct AtWaypoint {
    /// Enrollment groups seen in force, by a digest of what tells them apart.
    active: Vec<u64>,
    /// Enrollment groups seen cancelled, terminated or inactive.
    cancelled: Vec<u64>,
    /// In what status those of them are that were told in one, by its digest.
    ended_as: Vec<(u64, u64)>,
    /// Enrollment groups seen as they are after a change that is waited for, by its place in the journey.
    changed: Vec<(u16, u64)>,
    /// What any record here said: a 271 need not say where somebody lives.
    said: FieldSet,
    /// Messages seen, or acknowledged, here of the steps that are waited for.
    messages: u32,
    /// Issuers and digests of the records that a state waypoint shows at the moment.
    shown: Vec<(u64, u64)>,
    /// Issuers of which what a state waypoint shows at the moment holds something of the probe itself.
    shown_own: Vec<u64>,
    /// Latest healthy look that found nothing.
    pub(super) last_absent_at: Option<DateTime<Utc>>,
    /// In what words the far side said that nothing was there, at that look.
    pub(super) words: Option<Box<str>>,
    /// Latest healthy look, whatever it found (state waypoints).
    pub(super) last_look_at: Option<DateTime<Utc>>,
    /// Whom the latest look could not ask, where one has failed since the latest healthy one.
    pub(super) failed: Option<Box<FailedLook>>,
    /// The latest absence, as far as it is written down.
    pub(super) noted_absent_at: Option<DateTime<Utc>>,
    /// The latest look that found some of it, as far as it is written down.
    pub(super) noted_look_at: Option<DateTime<Utc>>,
    /// Something of it was seen at another issuer than its own.
    pub(super) misrouted: bool,
    /// Something was here that may be its own, and that is written down.
    pub(super) possible: bool,
    /// Other people's records in the answer to one look, the most there were: a poll meets the same ones again.
    pub(super) strangers: u64,
}

impl AtWaypoint {
    /// Groups ever seen here.
    pub(super) fn active(&self) -> usize {
        self.active.len()
    }

    /// Messages seen, or acknowledged, here of the steps that are waited for.
    pub(super) fn messages(&self) -> u32 {
        self.messages
    }

    /// Groups that are in force here, as far as was seen.
    pub(super) fn in_force(&self) -> usize {
        self.active.iter().filter(|key| !self.cancelled.contains(key)).count()
    }

    /// Whether as many groups are in force here, as far as was seen; where states are shown, also now: what was in force before, and
    /// is not shown any more, is not there.
    pub(super) fn stands(&self, groups: usize, shows_states: bool) -> bool {
        self.in_force() >= groups && (!shows_states || self.shown() >= groups)
    }

    /// How many records a state waypoint shows at the moment.
    pub(super) fn shown(&self) -> usize {
        self.shown.len()
    }

    /// Groups seen cancelled here.
    pub(super) fn cancelled(&self) -> usize {
        self.cancelled.len()
    }

    /// Whether some group was seen cancelled here last in a status that is none of these.
    pub(super) fn is_left_otherwise(&self, wanted: &[&str]) -> bool {
        let wanted: Vec<u64> = wanted.iter().map(|status| hash_of(&status.to_ascii_lowercase())).collect();
        self.ended_as.iter().any(|(_, status)| !wanted.contains(status))
    }

    /// Whether every group that came was seen as it is after a change, or none of them ever shows a field that it changes.
    pub(super) fn has_changed(&self, step: JourneyStep, fields: FieldSet) -> bool {
        // whoever is shown is in
        let mut said = self.said;
        if !said.is_empty() {
            said.insert(Field::MemberEnrolled);
        }
        said.intersection(fields).is_empty()
            || self.changed.iter().filter(|(of, _)| *of == step.number).count() >= self.active.len()
    }

    /// Notes a group that was seen as it is after its change.
    pub(super) fn note_change(&mut self, step: JourneyStep, record: &GroupRecord) {
        let key = (step.number, group_key(record));
        if !self.changed.contains(&key) {
            self.changed.push(key);
        }
    }

    /// Compares what these issuers of a state waypoint show now with what they showed at the last look, and remembers it.
    /// Nothing is said of issuers that were not asked, or could not answer.
    pub(super) fn show(&mut self, asked: &[Option<IssuerId>], records: &[(Option<IssuerId>, GroupRecord)]) -> Change {
        let now: Vec<_> = records.iter().map(|(issuer, record)| (hash_of(issuer), digest(record))).collect();
        let was_asked = |(issuer, _): &(u64, u64)| asked.iter().any(|asked| hash_of(asked) == *issuer);
        let (mut before, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.shown).into_iter().partition(was_asked);
        self.shown = kept.into_iter().chain(now.iter().copied()).collect();
        let mut change = Change::default();
        // The same record twice is two records: what was shown before is crossed off one by one.
        for (n, shown) in now.iter().enumerate() {
            match before.iter().position(|b| b == shown) {
                Some(at) => drop(before.swap_remove(at)),
                None => change.new.push(n),
            }
        }
        let lacks = |issuer: &&Option<IssuerId>| before.iter().any(|(gone, _)| *gone == hash_of(issuer));
        change.gone = asked.iter().filter(lacks).cloned().collect();
        let still = |n: &usize| records.get(*n).is_some_and(|(issuer, _)| change.gone.contains(issuer));
        change.left = (0..records.len()).filter(|n| !change.new.contains(n) && still(n)).collect();
        change
    }

    /// Whether this issuer of a state waypoint shows something at the moment, as far as is known.
    pub(super) fn has_shown(&self, issuer: Option<&IssuerId>) -> bool {
        self.shown_by(issuer) > 0
    }

    /// How many records this issuer of a state waypoint shows at the moment, as far as is known.
    pub(super) fn shown_by(&self, issuer: Option<&IssuerId>) -> usize {
        self.shown.iter().filter(|(of, _)| *of == hash_of(&issuer)).count()
    }

    /// Remembers which of these issuers of a state waypoint show something of the probe itself now; of those that were not asked what is
    /// known stays.
    pub(super) fn show_own(&mut self, asked: &[Option<IssuerId>], by: impl Iterator<Item = Option<IssuerId>>) {
        self.shown_own.retain(|issuer| !asked.iter().any(|asked| hash_of(asked) == *issuer));
        self.shown_own.extend(by.map(|issuer| hash_of(&issuer)));
    }

    /// Whether this issuer of a state waypoint shows something of the probe itself at the moment, as far as is known.
    pub(super) fn has_shown_own(&self, issuer: Option<&IssuerId>) -> bool {
        self.shown_own.contains(&hash_of(&issuer))
    }

    /// An answered message counts as a group that arrived, once.
    fn acknowledge(&mut self, answer: &Acknowledgement) {
        let takes_out = matches!(answer.kind, RecordKind::Cancellation | RecordKind::Termination);
        let list = if takes_out { &mut self.cancelled } else { &mut self.active };
        self.messages = self.messages.saturating_add(1);
        let key = hash_of(&answer.message);
        if !list.contains(&key) {
            list.push(key);
        }
    }

    fn see(&mut self, record: &GroupRecord) {
        let all = record.members.iter().chain([&record.facts]);
        self.said = all.fold(self.said, |said, facts| said.union(facts.stated()));
        self.messages = self.messages.saturating_add(u32::from(record.kind != RecordKind::Snapshot));
        let key = group_key(record);
        let cancelled = !record.is_in_force();
        if !cancelled && matches!(record.kind, RecordKind::Snapshot | RecordKind::Reinstatement) {
            // a state of before: not in force yet or any more, and now it is
            self.cancelled.retain(|known| *known != key);
        }
        self.ended_as.retain(|(of, _)| *of != key);
        self.ended_as.extend(ended_as(record).map(|status| (key, hash_of(&status.to_ascii_lowercase()))));
        let list = if cancelled { &mut self.cancelled } else { &mut self.active };
        if !list.contains(&key) {
            list.push(key);
        }
    }
}

/// One probe.
#[derive(Debug, Clone, Default)]
pub(super) struct Tracked {
    /// Its household is in the ledger.
    pub(super) planned: bool,
    /// What was sent of it.
    pub(super) acts: Acts,
    /// Its enrollment was begun by a version that makes idempotency keys as this one does.
    pub(super) may_repeat_by_key: bool,
    /// What is proved of it: nothing else may be said in a request.
    pub(super) proof: Proof,
    /// What was known before each change that is waited for, since the exchange decides anew at it what it told; the answer is the
    /// proof's since.
    before_changes: Vec<(JourneyStep, Box<Captures>)>,
    /// What the exchange told so far at a step that begins other policies: it is theirs once the step was taken.
    pub(super) begun: Option<Box<Captures>>,
    /// What was known of policies that ended, so that they can be looked for.
    pub(super) ended: Vec<Captures>,
    /// How its policies stand after the steps of its journey that turn them.
    pub(super) standing: PoliciesStanding,
    /// What each change that is waited for really changes, as far as it is known.
    pub(super) changing: Vec<(JourneyStep, FieldSet)>,
    /// The file that was handed over last, and what for.
    handed_over: Option<(JourneyStep, HandedOver)>,
    /// A record that is proved to be its own was seen in force.
    pub(super) is_proved_in_force: bool,
    /// How many enrollment groups are expected.
    pub(super) groups: usize,
    /// Issuers of the expected groups, as far as they are known.
    pub(super) issuers: Vec<IssuerId>,
    /// The issuers' own ids of its members, kept only where a waypoint may ask by them.
    pub(super) issuer_ids: Vec<IssuerMemberId>,
    /// How far this process has come with its journey.
    pub(super) progress: Progress,
    /// Per waypoint.
    pub(super) at: Vec<AtWaypoint>,
}

impl Tracked {
    /// A probe of which nothing is known, at this many waypoints.
    pub(super) fn new(waypoints: usize) -> Self {
        Self { groups: 1, at: vec![AtWaypoint::default(); waypoints], ..Self::default() }
    }

    /// Takes in one of its events, which happened at this moment.
    pub(super) fn apply(&mut self, at: DateTime<Utc>, event: &Event) {
        self.acts.take(at, event);
        match event {
            Event::Planned { household, .. } => {
                self.planned = true;
                self.groups = household.lines.len().max(1);
            }
            Event::Sending { action, tells_commit, .. } => {
                self.may_repeat_by_key |= *action == JourneyStep::ENROLL && *tells_commit;
            }
            Event::Committing { action, captures, .. } | Event::Answered { action, captures, .. }
                if life::replaces_policies(action.event) =>
            {
                self.begun.get_or_insert_default().add(captures.clone());
            }
            Event::Committing { action, captures, .. } | Event::Answered { action, captures, .. } => {
                self.capture(*action, captures);
            }
            Event::Named { action, captures, handed_over, .. } => {
                // beside what the steps before were told
                if life::replaces_policies(action.event) {
                    self.begun.get_or_insert_default().add(captures.clone());
                } else {
                    self.capture_more(*action, captures);
                }
                self.handed_over = handed_over.clone().map(|file| (*action, file));
            }
            Event::Seen { sighting } => self.see(sighting),
            Event::Acknowledged { acknowledgement } => {
                if let Some(at) = self.at.get_mut(usize::from(acknowledgement.waypoint)) {
                    at.acknowledge(acknowledgement);
                }
            }
            Event::Absent { waypoint, absent_at, .. } => {
                if let Some(at) = self.at.get_mut(usize::from(*waypoint)) {
                    at.last_absent_at = at.last_absent_at.max(Some(*absent_at));
                    at.noted_absent_at = at.last_absent_at;
                }
            }
            Event::Possible { waypoint, .. } => {
                if let Some(at) = self.at.get_mut(usize::from(*waypoint)) {
                    at.possible = true;
                }
            }
            Event::Looked { waypoint, looked_at, .. } => {
                if let Some(at) = self.at.get_mut(usize::from(*waypoint)) {
                    at.last_look_at = at.last_look_at.max(Some(*looked_at));
                    at.noted_look_at = at.noted_look_at.max(Some(*looked_at));
                }
            }
            _ => {}
        }
    }

    /// Takes in an event of an earlier process: also what a state waypoint showed last is known only from these.
    pub(super) fn replay(&mut self, at: DateTime<Utc>, event: &Event) {
        self.apply(at, event);
        match event {
            Event::Seen { sighting } if sighting.record.kind == RecordKind::Snapshot => {
                if let Some(at) = self.at.get_mut(usize::from(sighting.waypoint)) {
                    at.shown.push((hash_of(&sighting.issuer), digest(&sighting.record)));
                }
            }
            Event::Gone { waypoint, issuer, .. } => {
                if let Some(at) = self.at.get_mut(usize::from(*waypoint)) {
                    at.shown.retain(|(of, _)| *of != hash_of(issuer));
                }
            }
            _ => {}
        }
    }

    /// Whether nothing is left to be sent of a journey that ends with this step: whoever is not enrolled has no more to go through.
    pub(super) fn has_walked(&self, last: u16) -> bool {
        self.progress.is_over(last) || self.acts.submission(JourneyStep::ENROLL) != Some(Submission::Accepted)
    }

    /// Whether sending a step (again) does nothing twice: nothing of it was committed, or `may_be_repeated` says so of what was
    /// sent and not answered.
    pub(super) fn is_open(&self, step: JourneyStep, may_be_repeated: impl FnOnce(Act) -> bool) -> bool {
        match self.acts.of(step) {
            Some(act) if act.submission() != Submission::Unsent => act.is_unanswered() && may_be_repeated(act),
            _ => true,
        }
    }

    /// What may be said in a request: what is proved.
    pub(super) fn known(&self) -> Captures {
        self.proof.known()
    }

    /// A step is sent: from now on it is waited for, alone where it begins `anew`, else beside those before it.
    pub(super) fn waits_for(&mut self, step: JourneyStep, anew: bool) {
        for at in &mut self.at {
            if anew {
                at.messages = 0;
            }
            if step.event.is_change() {
                at.changed.retain(|(of, _)| !anew && *of != step.number);
            }
        }
        if anew && step.event.is_change() {
            self.before_changes.retain(|(known, _)| *known == step);
        }
    }

    /// Has what the exchange decides anew at a change that is sent now be known no longer.
    pub(super) fn unsettle(&mut self, step: JourneyStep, change: crate::model::Change) {
        if !self.before_changes.iter().any(|(known, _)| *known == step) {
            self.before_changes.push((step, Box::new(self.known())));
            self.proof.unsettle(change);
        }
    }

    /// What could be said in a request before each of some changes that followed one another, and after it, up to what may be said now.
    pub(super) fn known_around(&self, steps: &[JourneyStep]) -> Vec<(Captures, Captures)> {
        let mut after = self.known();
        let before = |step: &JourneyStep| self.before_changes.iter().find(|(at, _)| at == step);
        let around = steps.iter().rev().map(|step| {
            let before = before(step).map_or_else(|| after.clone(), |(_, before)| Captures::clone(before));
            (before.clone(), std::mem::replace(&mut after, before))
        });
        let mut around: Vec<_> = around.collect();
        around.reverse();
        around
    }

    /// The fields that a change which is waited for changes.
    pub(super) fn changing_at(&self, step: JourneyStep) -> FieldSet {
        self.changing.iter().find(|(at, _)| *at == step).map_or(FieldSet::EMPTY, |(_, fields)| *fields)
    }

    /// Takes in a record of its own; says whether that proved anything new. `household`: whose it is, where ids are still wanted.
    pub(super) fn prove(
        &mut self,
        record: &GroupRecord,
        run: &RunId,
        whose: Option<&(Household, BTreeMap<CoverageLine, PlanId>)>,
    ) -> bool {
        let is_in = record.is_in_force() && record.facts.status_is_known();
        self.is_proved_in_force |= self.proof.covers(record, run) && is_in;
        let Some((household, plans)) = whose else { return false };
        let plan = record.facts.text(Field::PlanId);
        let is_of = |chosen: &PlanId| plan == Some(chosen.standard_component());
        let line = plans.iter().find(|(_, chosen)| is_of(chosen)).map(|(line, _)| *line);
        let of = (line, household.lines.len() > 1);
        self.proof.shown(record, run, of, |member| household.has_somebody_like(member))
    }

    /// Takes in a record in which another household's marker stands beside ids that this one goes by.
    pub(super) fn stand_beside_another(&mut self, record: &GroupRecord) {
        self.proof.stand_beside_another(record);
    }

    /// Whether the exchange told no id of a policy of some group of it, so that what our marker stands beside is wanted.
    pub(super) fn lacks_ids(&self) -> bool {
        self.proof.lacks_ids(self.groups)
    }

    /// Whether it must be taken out: it was accepted, or may exist and is proved. Of a definite refusal only a record that is proved
    /// to be its own says that it exists; of what got no answer also what the answers to its steps before said.
    pub(super) fn must_be_taken_out(&self, may_be_named: bool) -> bool {
        if self.standing.is_out {
            return false;
        }
        match self.acts.submission(JourneyStep::ENROLL) {
            Some(Submission::Accepted) => true,
            Some(Submission::Indeterminate) => may_be_named || !self.proof.is_empty(),
            Some(Submission::Rejected | Submission::Unsent) | None => self.is_proved_in_force,
        }
    }

    /// A file that was handed over and whose answer nobody has heard: what for, which one, and when it was to go out.
    pub(super) fn unheard(&self) -> Option<(JourneyStep, HandedOver, DateTime<Utc>)> {
        let (action, file) = self.handed_over.as_ref()?;
        let act = self.acts.of(*action).filter(Act::is_unanswered)?;
        Some((*action, file.clone(), act.intended_at))
    }

    fn capture(&mut self, action: JourneyStep, captures: &Captures) {
        match action.event {
            LifeEvent::Enroll => self.proof.told(captures),
            LifeEvent::Cancel => {}
            _ => self.proof.told_later(captures),
        }
    }

    fn capture_more(&mut self, action: JourneyStep, captures: &Captures) {
        if action.event != LifeEvent::Cancel {
            self.proof.told_later(captures);
        }
    }

    fn see(&mut self, sighting: &Sighting) {
        if let Some(at) = self.at.get_mut(usize::from(sighting.waypoint)) {
            at.see(&sighting.record);
            let own = |issuer: &IssuerId| self.issuers.is_empty() || self.issuers.contains(issuer);
            at.misrouted |= sighting.issuer.as_ref().is_some_and(|issuer| !own(issuer));
        }
    }
}

/// What tells a household's groups apart: the policy, else the plan, else the line.
pub(super) fn group_key(record: &GroupRecord) -> u64 {
    let facts = &record.facts;
    let by = [Field::PolicyId, Field::PlanId, Field::CoverageLine];
    let key = by.into_iter().find_map(|field| facts.text(field));
    let mut hasher = DefaultHasher::new();
    key.unwrap_or("only").hash(&mut hasher);
    hasher.finish() | 1
}

/// A digest of what a record says, whatever the order of its members.
fn digest(record: &GroupRecord) -> u64 {
    let members: u64 = record.members.iter().map(hash_of).fold(0, u64::wrapping_add);
    let mut hasher = DefaultHasher::new();
    (&record.facts, members, record.members.len()).hash(&mut hasher);
    hasher.finish()
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Tracked;
    use crate::model::{
        Captures, Event, Facts, GroupRecord, HandedOver, IssuerId, JourneyStep, Place, Portion, ProbeIndex, RecordKind,
    };
    use chrono::{DateTime, Utc};

    const PROBE: ProbeIndex = ProbeIndex(0);
    const ENROLL: JourneyStep = JourneyStep::ENROLL;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn sending(seconds: i64, tells_commit: bool) -> Event {
        Event::Sending { probe: PROBE, action: ENROLL, intended_at: at(seconds), tells_commit }
    }

    fn committing() -> Event {
        Event::Committing { probe: PROBE, action: ENROLL, portion: Portion::default(), captures: Captures::default() }
    }

    fn named() -> Event {
        let file = HandedOver { step: 0, first: 1, sets: 1, file: "x.edi".to_owned() };
        Event::Named { probe: PROBE, action: ENROLL, captures: Captures::default(), handed_over: Some(file) }
    }

    fn after(events: &[Event]) -> Tracked {
        let mut tracked = Tracked::new(1);
        for event in events {
            tracked.apply(at(0), event);
        }
        tracked
    }

    #[test]
    fn what_was_in_force_and_is_not_shown_any_more_does_not_stand() {
        let record = GroupRecord {
            kind: RecordKind::Snapshot,
            event_at: None,
            facts: Facts::new(),
            members: Vec::new(),
            place: Place::default(),
        };
        let at = &mut Tracked::new(1).at[0];
        at.see(&record);
        assert!(!at.stands(1, true) && at.stands(1, false), "a message stays");
        at.show(&[None], &[(None, record)]);
        assert!(at.stands(1, true) && !at.stands(2, true));
        at.show(&[None], &[]);
        assert!(!at.stands(1, true), "it vanished");
    }

    #[test]
    fn another_household_under_a_probes_id_is_nothing_of_its_own() {
        let at = &mut Tracked::new(1).at[0];
        let [one, other] = ["12345", "54321"].map(|issuer| Some(IssuerId::new(issuer)));
        at.show_own(&[one.clone(), other.clone()], [one.clone()].into_iter());
        assert!(at.has_shown_own(one.as_ref()) && !at.has_shown_own(other.as_ref()));
        at.show_own(std::slice::from_ref(&other), std::iter::empty());
        assert!(at.has_shown_own(one.as_ref()), "nobody asked it again");
        at.show_own(std::slice::from_ref(&one), std::iter::empty());
        assert!(!at.has_shown_own(one.as_ref()));
    }

    #[test]
    fn what_may_have_been_committed_must_be_taken_out() {
        for (events, expected) in [
            (vec![sending(1, true)], false),
            (vec![sending(1, false)], true),
            (vec![sending(1, true), committing()], true),
            (vec![sending(1, true), named()], true),
        ] {
            assert_eq!(after(&events).must_be_taken_out(true), expected, "{events:?}");
        }
    }

    #[test]
    fn only_what_this_version_began_is_repeated_by_key() {
        assert!(after(&[sending(1, true), committing()]).may_repeat_by_key);
        assert!(!after(&[sending(1, false)]).may_repeat_by_key, "another version made keys in another way");
    }
}
