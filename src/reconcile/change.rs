//! A change of address: did it arrive, in time, and as it was told. It stands beside the enrollment, which is judged without it.

use super::case::Seen;
use super::compare::{Comparison, label, shown};
use super::equality::{Equality, Setting, equality};
use super::findings::{Finds, is_retransmission};
use super::group::Place;
use super::pairing::pair;
use super::timeliness::Due;
use crate::model::{
    Act, Arrival, Discrepancy, Expectation, ExpectedGroup, Fact, Facts, Field, FieldSet, FindingKind, GroupAtWaypoint,
    GroupRecord, LifeEvent, RecordKind, Severity, Submission,
};

/// What a record shows of something that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    AsBefore,
    /// As it is now, or as it never was.
    Otherwise,
    Nothing,
}

/// Whether a record shows the household as it is after its change: something of what changed, and none of it as before.
pub fn shows_change(before: &Expectation, after: &Expectation, record: &GroupRecord) -> bool {
    let mut groups = before.groups.iter().zip(&after.groups);
    groups.any(|(before, after)| shows_change_of(before, after, record))
}

/// The same of one group.
pub(super) fn shows_change_of(before: &ExpectedGroup, after: &ExpectedGroup, record: &GroupRecord) -> bool {
    let shown = shown_of(before, after, FieldSet::all(), record);
    shown.contains(&Shown::Otherwise) && !shown.contains(&Shown::AsBefore)
}

/// What a record shows of each member's changed fields.
fn shown_of(before: &ExpectedGroup, after: &ExpectedGroup, fields: FieldSet, record: &GroupRecord) -> Vec<Shown> {
    let nobody = Facts::new();
    let mut all = Vec::new();
    for (at, found) in pair(&after.members, &record.members).pairs {
        let was = before.members.get(at).unwrap_or(&nobody);
        let (Some(is), Some(found)) = (after.members.get(at), record.members.get(found)) else { continue };
        all.extend(changed(was, is).intersection(fields).iter().map(|field| {
            let found = found.get(field);
            match equality(field, was.get(field), found, Setting::default()) {
                _ if found == Fact::Unstated => Shown::Nothing,
                Equality::Different => Shown::Otherwise,
                Equality::Equal | Equality::Equivalent(_) => Shown::AsBefore,
            }
        }));
    }
    all
}

/// Fields of which something else holds now.
fn changed(was: &Facts, is: &Facts) -> FieldSet {
    was.stated().union(is.stated()).iter().filter(|field| was.get(*field) != is.get(*field)).collect()
}

/// What a message of the change must say: all that changed. Of what stays as it is it may leave out a loop, or amounts.
pub(super) fn owed(before: &ExpectedGroup, after: &ExpectedGroup) -> FieldSet {
    let members = before.members.iter().zip(&after.members);
    let of_members = members.fold(FieldSet::EMPTY, |all, (was, is)| all.union(changed(was, is)));
    of_members.union(changed(&before.facts, &after.facts))
}

/// Members of whom a record says that they are out, as they are called.
fn said_out(expected: &ExpectedGroup, record: &GroupRecord) -> Vec<String> {
    let pairs = pair(&expected.members, &record.members).pairs;
    let is_out = |at: usize| record.members.get(at).and_then(|one| one.text(Field::MemberEnrolled)) == Some("no");
    let out = pairs.into_iter().filter(|(_, found)| is_out(*found));
    out.filter_map(|(at, _)| Some(label(at, expected.members.get(at)?))).collect()
}

/// Whether somebody is not named, which is no word that they are out.
fn is_left_out(found: &Discrepancy, out: &[String]) -> bool {
    found.field == Field::MemberEnrolled && found.found.as_deref() == Some("no") && !out.contains(&found.member)
}

/// Changes in a folder that nobody asked for: a message that says otherwise what is expected of the household, where no change was sent or
/// beside the one that tells of it.
pub(super) fn unasked(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    let changes = arrived.iter().filter(|seen| seen.sighting.record.kind == RecordKind::Maintenance);
    let mut changes: Vec<_> = changes.filter(|seen| !place.is_elsewhere(seen)).collect();
    if let Some(told) = changes.iter().position(|seen| place.is_of_change(seen)) {
        // what tells of the change that was sent is compared by itself
        changes.remove(told);
    }
    let enrolled = || arrived.iter().any(|seen| seen.sighting.record.kind != RecordKind::Maintenance);
    if let Some(only) = changes.iter().find(|seen| !place.is_of_change(seen) && !enrolled()) {
        let at = &only.sighting.record.place;
        let detail = format!("an enrollment told as a change, which nobody who lacks it can apply ({at})");
        finds.add(place, FindingKind::Unexpected, detail);
    }
    let of_enrollment = arrived.iter().filter(|seen| seen.sighting.record.kind != RecordKind::Maintenance);
    let known: Vec<_> = of_enrollment.flat_map(|seen| said_otherwise(place, place.expected, seen)).collect();
    for change in changes {
        let since = if place.is_of_change(change) { place.after() } else { None };
        let said = said_otherwise(place, since.unwrap_or(place.expected), change);
        if let Some(other) = said.iter().find(|other| !known.iter().any(|known| known.is_same(other))) {
            let [expected, found] = [&other.expected, &other.found].map(|value| value.as_deref().unwrap_or("nothing"));
            let who = if other.member.is_empty() { String::new() } else { format!(" of {}", other.member) };
            let (field, at) = (other.field, &change.sighting.record.place);
            let detail =
                format!("a change that nobody asked for: `{field}`{who} `{found}`, expected `{expected}` ({at})");
            finds.add(place, FindingKind::Unexpected, detail);
        }
    }
}

/// What a message states that is not as expected, beyond trifles. It need not state everything, nor name everybody.
fn said_otherwise(place: &Place<'_>, expected: &ExpectedGroup, seen: &Seen<'_>) -> Vec<Discrepancy> {
    let (mut comparison, rules) = (Comparison::default(), place.rules());
    let record = &seen.sighting.record;
    comparison.group(expected, &record.facts, &rules);
    comparison.members(expected, &record.members, &rules);
    let out = said_out(expected, record);
    let says = |d: &Discrepancy| d.found.is_some() && d.severity > Severity::Minor && !is_left_out(d, &out);
    comparison.discrepancies.into_iter().filter(says).collect()
}

impl<'a> Place<'a> {
    /// What is expected of the group after the change, where one was sent.
    pub(super) fn after(&self) -> Option<&'a ExpectedGroup> {
        self.case.after.as_ref()?.groups.get(self.group)
    }

    /// Changed fields that can be seen here.
    fn visible(&self, after: &ExpectedGroup) -> FieldSet {
        let changed = self.expected.members.iter().zip(&after.members).map(|(was, is)| changed(was, is));
        let all = changed.fold(FieldSet::EMPTY, FieldSet::union);
        all.intersection(self.waypoint.shows).difference(self.court.plan.ignore)
    }

    /// Whether a record tells of the change and not of the enrollment: it came since, and shows otherwise what changed; of
    /// messages whatever says that it is a change.
    pub(super) fn is_of_change(&self, seen: &Seen<'_>) -> bool {
        let (Some(act), Some(after)) = (self.case.history.change(), self.after()) else { return false };
        let record = &seen.sighting.record;
        let is_since = seen.sighting.first_seen_at >= act.sent_at;
        let says_so = || self.is_edi() && record.kind == RecordKind::Maintenance;
        let enrolls = || self.is_edi() && record.kind == RecordKind::InitialEnrollment;
        let shows = || shown_of(self.expected, after, self.waypoint.shows, record).contains(&Shown::Otherwise);
        is_since && (says_so() || (!enrolls() && shows()))
    }

    /// Whether a record says anything of what changed, be it as before; a message that says it is a change, is one of it.
    fn says_of_change(&self, after: &ExpectedGroup, seen: &Seen<'_>) -> bool {
        let shown = shown_of(self.expected, after, self.visible(after), &seen.sighting.record);
        shown.iter().any(|shown| *shown != Shown::Nothing) || (!shown.is_empty() && self.is_of_change(seen))
    }

    /// Judges the change here, where its enrollment came to; `enrolled` is what became of that.
    fn judge_change(&self, enrolled: &GroupAtWaypoint, finds: &mut Finds) -> GroupAtWaypoint {
        let came = !matches!(enrolled.arrival, Arrival::Missing | Arrival::NotDue | Arrival::Blind | Arrival::Pending);
        if !came || !self.waypoint.shows_changes() {
            return self.nothing(None, Arrival::NotDue);
        }
        let (Some(act), Some(after)) = (self.case.history.change(), self.after()) else {
            let was_refused = self.case.history.change().is_some_and(|act| act.submission() == Submission::Rejected);
            // what was not sent yet, or could not be, proves nothing
            return self.nothing(None, if was_refused { Arrival::NotDue } else { Arrival::Pending });
        };
        let seen = self.case.at(self.index, self.group);
        // a 271 need not say where somebody lives
        let says = |seen: &&Seen<'_>| self.says_of_change(after, seen);
        if !seen.iter().any(says) {
            return self.nothing(None, Arrival::NotDue);
        }
        let due = self.due_of(LifeEvent::ChangeAddress, act);
        let mut told: Vec<&Seen<'_>> = seen.into_iter().filter(|seen| seen.is_in_force()).collect();
        told.retain(|seen| !self.is_elsewhere(seen) && self.is_of_change(seen));
        self.told_twice(&told, finds);
        match told.first() {
            None => self.unseen_change(act, due),
            Some(first) => self.arrived(due, first, self.compare_change(after, &told, enrolled)),
        }
    }

    /// A message that says the same once more, and is not declared a retransmission. An audit repeats the present state by right.
    fn told_twice(&self, told: &[&Seen<'_>], finds: &mut Finds) {
        if !self.is_edi() {
            return;
        }
        let says_same = |a: &GroupRecord, b: &GroupRecord| a.facts == b.facts && a.members == b.members;
        let records = told.iter().map(|seen| &seen.sighting.record);
        let records: Vec<_> = records.filter(|record| record.kind != RecordKind::Audit).collect();
        for (at, copy) in records.iter().enumerate().filter(|(_, copy)| !is_retransmission(copy)) {
            if let Some(earlier) = records.iter().take(at).find(|earlier| says_same(earlier, copy)) {
                let detail = format!("the same change again: {} and {}", earlier.place, copy.place);
                finds.add(self, FindingKind::Duplicated, detail);
            }
        }
    }

    fn unseen_change(&self, act: Act, due: Due) -> GroupAtWaypoint {
        let look = self.last_look_for_arrival();
        let cut_off = self.case.cancelled_at().is_some_and(|cancelled| cancelled < due.limit_at);
        let arrival = match due.unseen(look, self.is_blind_after(look), self.court.now) {
            // nobody knows whether it was taken, or would have come before the household was taken out
            _ if cut_off || act.submission() == Submission::Indeterminate => Arrival::Pending,
            arrival => arrival,
        };
        GroupAtWaypoint { last_absent_at: look, ..self.nothing(Some(due.limit_at), arrival) }
    }

    /// Compares the first message of the change, or what a system showed last before the cancellation. What differed before
    /// differs in the enrollment, and a message may name the members alone of whom it tells something.
    fn compare_change(&self, after: &ExpectedGroup, told: &[&Seen<'a>], enrolled: &GroupAtWaypoint) -> Comparison {
        let is_audit = |seen: &Seen<'_>| seen.sighting.record.kind == RecordKind::Audit;
        let message = || told.iter().find(|seen| !is_audit(seen)).or(told.first()).copied();
        let record = if self.is_edi() { message() } else { self.last_state(told).first().copied() };
        let mut comparison = Comparison::default();
        let Some(record) = record.map(|seen| &seen.sighting.record) else { return comparison };
        let rules = self.rules();
        comparison.group(after, &record.facts, &rules);
        comparison.members(after, &record.members, &rules);
        if self.is_edi() {
            let out = said_out(after, record);
            comparison.discrepancies.retain(|d| !is_left_out(d, &out));
            if record.kind == RecordKind::Maintenance {
                let owed = owed(self.expected, after);
                comparison.discrepancies.retain(|d| d.found.is_some() || owed.contains(d.field));
            }
            self.untold(after, record, &mut comparison);
        }
        let is_new = |d: &Discrepancy| !enrolled.discrepancies.iter().any(|known| known.is_same(d));
        comparison.discrepancies.retain(is_new);
        comparison
    }

    /// Members whom a message names without telling what changed.
    fn untold(&self, after: &ExpectedGroup, record: &GroupRecord, comparison: &mut Comparison) {
        let visible = self.visible(after);
        for (at, found) in pair(&after.members, &record.members).pairs {
            let (was, is) = (self.expected.members.get(at), after.members.get(at));
            let (Some(was), Some(is), Some(found)) = (was, is, record.members.get(found)) else { continue };
            for field in changed(was, is).intersection(visible).iter().filter(|f| found.get(*f) == Fact::Unstated) {
                comparison.discrepancies.push(Discrepancy {
                    member: label(at, is),
                    field,
                    expected: shown(field, is.get(field)),
                    found: None,
                    severity: self.rules().severity(field),
                    at: None,
                });
            }
        }
    }
}

/// Judges the change of a group at all its waypoints; `enrolled` is what became of the enrollment there. Nothing where the journey has
/// none, or the enrollment was not taken.
pub(super) fn changes(places: &[Place<'_>], enrolled: &[GroupAtWaypoint], finds: &mut Finds) -> Vec<GroupAtWaypoint> {
    let Some(first) = places.first().filter(|place| place.court.plan.change_is_probed) else { return Vec::new() };
    let history = first.case.history;
    if !history.submission().may_stand() {
        return Vec::new();
    }
    if history.acts.submission(LifeEvent::ChangeAddress) == Some(Submission::Rejected) {
        let why = history.reason(LifeEvent::ChangeAddress).unwrap_or("no reason was given");
        finds.add(first, FindingKind::ChangeRefused, format!("the exchange refused the change of address: {why}"));
    }
    places.iter().zip(enrolled).map(|(place, enrolled)| place.judge_change(enrolled, finds)).collect()
}
