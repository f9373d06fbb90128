//! A change in a household's life: did it arrive, in time, and as it was told. It stands beside the enrollment, which is judged without it.

use super::case::{Life, Seen};
use super::compare::{Comparison, is_enrolled, label};
use super::findings::{Finds, at_place, is_copy, is_retransmission};
use super::group::Place;
use super::pairing::{is_same_person, pair};
use super::timeliness::Due;
use super::told::{
    Shown, Told, changed, in_words, is_all_new, members_of, owed, received_by_another, shown_of, told_of,
};
use crate::life;
use crate::model::{
    Act, Arrival, Change, Discrepancy, ExpectedGroup, Field, FieldSet, FindingKind, GroupAtWaypoint, GroupRecord,
    JourneyStep, NotDue, RecordKind, Severity, Submission,
};

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
    for life in 0..place.case.lives.len() {
        if let Some(told) = changes.iter().position(|seen| seen.life == Some(life)) {
            // what tells of the change that was sent is compared by itself
            changes.remove(told);
        }
    }
    let enrolled = || arrived.iter().any(|seen| seen.sighting.record.kind != RecordKind::Maintenance);
    if let Some(only) = changes.iter().find(|seen| seen.life.is_none() && !enrolled()) {
        let at = &only.sighting.record.place;
        let detail = format!("an enrollment told as a change, which nobody who lacks it can apply ({at})");
        finds.add(place, FindingKind::Unexpected, detail);
    }
    let of_enrollment = arrived.iter().filter(|seen| seen.sighting.record.kind != RecordKind::Maintenance);
    let known: Vec<_> = of_enrollment.flat_map(|seen| said_otherwise(place, place.expected, seen)).collect();
    for change in changes {
        let since = change.life.and_then(|life| place.after(life));
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

/// Lists of who is covered that say otherwise than is so, beside the message that enrolled: a list names everybody.
pub(super) fn audited(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    let mut known: Vec<Discrepancy> = Vec::new();
    for (at, seen) in arrived.iter().enumerate().filter(|(_, seen)| !place.is_elsewhere(seen)) {
        let record = &seen.sighting.record;
        let expected = seen.life.and_then(|life| place.after(life)).unwrap_or(place.expected);
        let mut said = said_otherwise(place, expected, seen);
        if record.kind == RecordKind::Audit && at > 0 {
            let in_file = arrived.iter().filter(|other| other.sighting.record.place.source == record.place.source);
            let named: Vec<usize> = in_file.flat_map(|seen| seen.covers(expected)).collect();
            said.extend(left_out(place, expected, &named));
            if let Some(other) = said.iter().find(|other| !known.iter().any(|known| known.is_same(other))) {
                let [expected, found] =
                    [&other.expected, &other.found].map(|value| value.as_deref().unwrap_or("nothing"));
                let (field, who, at) = (other.field, &other.member, &record.place);
                let detail = format!("an audit says `{field}` `{found}` of {who}, expected `{expected}` ({at})");
                finds.add(place, FindingKind::Unexpected, detail);
            }
        } else if record.kind != RecordKind::Maintenance {
            known.append(&mut said);
            known.extend(left_out(place, expected, &seen.covers(expected)));
        }
    }
}

/// Members who are not among these.
fn left_out(place: &Place<'_>, expected: &ExpectedGroup, named: &[usize]) -> Vec<Discrepancy> {
    let members = expected.members.iter().enumerate().filter(|(at, facts)| is_enrolled(facts) && !named.contains(at));
    let field = Field::MemberEnrolled;
    let left_out = members.map(|(at, _)| place.difference(expected, (Some(at), field), Some("no".to_owned())));
    left_out.filter(|left_out| !place.may_be_unasked(left_out)).collect()
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
    /// That something of a group, or of the member at a place, is found otherwise than expected.
    fn difference(
        &self,
        expected: &ExpectedGroup,
        (member, field): (Option<usize>, Field),
        found: Option<String>,
    ) -> Discrepancy {
        let of_member = member.and_then(|at| Some((at, expected.members.get(at)?)));
        Discrepancy {
            member: of_member.map(|(at, facts)| label(at, facts)).unwrap_or_default(),
            field,
            expected: in_words(field, Some(of_member.map_or(&expected.facts, |(_, facts)| facts))),
            found,
            severity: self.rules().severity(field),
            at: None,
        }
    }

    /// What is expected of the group after a change that was sent.
    pub(super) fn after(&self, life: usize) -> Option<&'a ExpectedGroup> {
        self.case.after(life, self.group)
    }

    /// What is expected of it before that change.
    pub(super) fn before(&self, life: usize) -> Option<&'a ExpectedGroup> {
        match life.checked_sub(1) {
            None => Some(self.expected),
            Some(earlier) => self.after(earlier),
        }
    }

    /// Judges a change here, where its enrollment came to; `known`: what differed before, in the enrollment or after an earlier change.
    fn judge_change(
        &self,
        (step, change): (JourneyStep, Change),
        came: bool,
        known: &[Discrepancy],
        finds: &mut Finds,
    ) -> GroupAtWaypoint {
        if !came {
            return self.not_due(NotDue::CutOff);
        }
        if !life::is_shown_at(self.waypoint, change) {
            return self.not_due(NotDue::NotShown);
        }
        let Some(at) = self.case.lives.iter().position(|life| life.step == step) else {
            let was_refused = self.case.history.acts.submission(step) == Some(Submission::Rejected);
            return if was_refused {
                self.not_due(NotDue::CutOff)
            } else if self.case.passed_over(self.court.plan, step).is_some() {
                self.not_due(NotDue::PassedOver)
            } else {
                // what was not sent yet, or could not be, proves nothing
                self.nothing(None, Arrival::Pending)
            };
        };
        match ChangeHere::of(*self, at) {
            Some(here) => here.judge(known, finds),
            None => self.nothing(None, Arrival::Pending),
        }
    }
}

impl Place<'_> {
    /// What a change that did not come here would have changed, and what one would have of which nobody knows whether it was taken.
    fn not_come(&self, step: JourneyStep, arrival: Arrival) -> Vec<Discrepancy> {
        let nth = self.case.lives.iter().position(|life| life.step == step);
        let here = nth.and_then(|nth| ChangeHere::of(*self, nth));
        let is_doubtful = |here: &ChangeHere<'_>| here.act().submission() != Submission::Accepted;
        let here = here.filter(|here| is_doubtful(here) || !matches!(arrival, Arrival::OnTime | Arrival::Late));
        here.map(|here| here.not_come()).unwrap_or_default()
    }
}

/// A change of a group at one waypoint.
#[derive(Clone, Copy)]
struct ChangeHere<'a> {
    place: Place<'a>,
    /// Its place among the lives.
    nth: usize,
    life: &'a Life,
    before: &'a ExpectedGroup,
    after: &'a ExpectedGroup,
}

impl<'a> ChangeHere<'a> {
    fn of(place: Place<'a>, nth: usize) -> Option<Self> {
        Some(Self {
            place,
            nth,
            life: place.case.lives.get(nth)?,
            before: place.case.before(nth, place.group)?,
            after: place.after(nth)?,
        })
    }

    fn act(&self) -> Act {
        self.life.act_of(self.place.group)
    }

    fn judge(&self, known: &[Discrepancy], finds: &mut Finds) -> GroupAtWaypoint {
        let seen = self.place.case.at(self.place.index, self.place.group);
        // a 271 need not say where somebody lives
        if !seen.iter().any(|seen| self.is_spoken_of(seen)) {
            return self.place.not_due(NotDue::NotShown);
        }
        if !self.place.is_edi() && self.was_so_before(&seen) {
            return self.place.not_due(NotDue::NotShown);
        }
        self.wrong_member(&seen, finds);
        let due = self.place.due_of(self.life.step, self.act());
        let mut told: Vec<&Seen<'_>> = seen.iter().copied().filter(|seen| seen.is_in_force()).collect();
        told.retain(|seen| !self.place.is_elsewhere(seen) && self.is_told_by(seen));
        if self.act().submission() != Submission::Accepted {
            // left in the middle, it may have been asked for in part
            told.retain(|seen| {
                let shown = shown_of(self.before, self.after, self.visible(), &seen.sighting.record);
                !shown.contains(&Shown::AsBefore)
            });
        }
        self.told_twice(&told, finds);
        self.joined_in_two(&told, finds);
        match told.first() {
            None if self.is_overtaken(due) => self.place.not_due(NotDue::Superseded),
            None if self.was_told_before(&seen) => self.place.not_due(NotDue::NotShown),
            None => self.unseen(due),
            Some(first) => {
                let comparison = self.compare(&told, self.turned_back(first), (known, finds));
                self.place.arrived(due, first, comparison)
            }
        }
    }

    /// Whether the message before a change said already what is first known since: nothing may have changed of this group.
    fn was_told_before(&self, seen: &[&Seen<'_>]) -> bool {
        self.place.is_edi() && is_all_new(self.before, self.after) && self.was_so_before(seen)
    }

    /// Whether what was shown last when the change was sent has all that it can show of it as it is to become: there nothing can be told
    /// of it.
    fn was_so_before(&self, seen: &[&Seen<'_>]) -> bool {
        let sent_at = self.life.act.sent_at;
        let mut before =
            seen.iter().filter(|seen| seen.sighting.first_seen_at < sent_at && !self.place.is_elsewhere(seen));
        let Some(last) = before.next_back() else { return false };
        let visible = self.visible();
        let told = told_of(self.before, self.after, &last.sighting.record);
        let mut told =
            told.into_iter().filter(|told| visible.contains(told.field) && told.shown != Shown::Nothing).peekable();
        told.peek().is_some() && told.all(|told| told.is_as_now)
    }

    /// Whether a later step, sent before this one could be given up, changed again all that a system can show of it: what stood there
    /// meanwhile nobody can tell.
    fn is_overtaken(&self, due: Due) -> bool {
        let visible = self.visible();
        let later = self.place.case.lives.iter().enumerate().skip(self.nth + 1);
        let mut overtaking = later.filter(|(_, life)| life.act_of(self.place.group).sent_at < due.given_up_at);
        let changes_it_again = |at: usize| {
            self.place.after(at).is_some_and(|later| visible.difference(owed(self.after, later)).is_empty())
        };
        !self.place.is_edi() && overtaking.any(|(at, _)| changes_it_again(at))
    }

    /// In words that the system shows of what the change changed nothing but a status that nobody understands.
    fn strange_status(&self) -> Option<String> {
        let place = &self.place;
        let here = place.case.at(place.index, place.group);
        let state = here.iter().rev().find(|seen| seen.is_in_force() && !place.is_elsewhere(seen));
        let facts = &state.filter(|_| !place.is_edi())?.sighting.record.facts;
        let is_strange = !facts.status_is_known() && self.visible() == FieldSet::from_iter([Field::PolicyStatus]);
        let word = facts.text(Field::PolicyStatus).unwrap_or_default();
        is_strange.then(|| {
            format!("the status `{word}` at `{}` is in none of the lists of the target's `status`", place.waypoint.name)
        })
    }

    /// Of a system the state that it showed last before the next change, where that is as it was before this one again.
    fn turned_back(&self, first: &Seen<'_>) -> Option<&'a Seen<'a>> {
        let place = &self.place;
        // what a system does while the household is taken out is told beside (`stale`)
        let next = place.case.lives.get(self.nth + 1).map(|next| next.act.sent_at);
        let next = next.or_else(|| place.case.cancelled_at(place.group));
        let here = place.case.at(place.index, place.group);
        let since = here.into_iter().filter(|seen| {
            let at = seen.sighting.first_seen_at;
            seen.is_in_force() && at > first.sighting.first_seen_at && next.is_none_or(|next| at < next)
        });
        let since: Vec<&Seen<'a>> = since.filter(|seen| !place.is_elsewhere(seen)).collect();
        let last = place.last_state(&since).last().copied()?;
        (!place.is_edi() && last.life < Some(self.nth)).then_some(last)
    }

    /// Whether a record tells of this change: a message that is of it, or a state that shows it, be it together with a later one. Of
    /// what a later one changed again such a state says nothing; nor is one that nobody heard an answer to sure to have been taken.
    fn is_told_by(&self, seen: &Seen<'_>) -> bool {
        let is_later = !self.place.is_edi() && seen.life > Some(self.nth);
        let is_taken = self.act().submission() == Submission::Accepted;
        seen.life == Some(self.nth) || (is_later && is_taken && self.is_shown_beside(seen))
    }

    fn is_shown_beside(&self, seen: &Seen<'_>) -> bool {
        let later =
            seen.life.and_then(|life| self.place.after(life)).map_or(FieldSet::EMPTY, |later| owed(self.after, later));
        let own = self.place.waypoint.shows.difference(later);
        let shown = shown_of(self.before, self.after, own, &seen.sighting.record);
        shown.contains(&Shown::Otherwise) && !shown.contains(&Shown::AsBefore)
    }

    /// Changed fields that can be seen here.
    fn visible(&self) -> FieldSet {
        visible(&self.place, self.before, self.after)
    }

    /// Whether a record says anything of what changed, be it as before; a message that says it is this change, is one of it.
    fn is_spoken_of(&self, seen: &Seen<'_>) -> bool {
        let shown = shown_of(self.before, self.after, self.visible(), &seen.sighting.record);
        shown.iter().any(|shown| *shown != Shown::Nothing) || (!shown.is_empty() && seen.life == Some(self.nth))
    }

    /// A message that says the same once more, and is not declared a retransmission. An audit repeats the present state by right.
    fn told_twice(&self, told: &[&Seen<'_>], finds: &mut Finds) {
        if !self.place.is_edi() {
            return;
        }
        let says_same = |a: &GroupRecord, b: &GroupRecord| a.facts == b.facts && a.members == b.members;
        let records = told.iter().map(|seen| &seen.sighting.record);
        let counts = |record: &&GroupRecord| record.kind != RecordKind::Audit && !is_retransmission(record);
        let records: Vec<_> = records.filter(counts).collect();
        for (at, copy) in records.iter().enumerate() {
            if let Some(earlier) = records.iter().take(at).find(|earlier| says_same(earlier, copy)) {
                let detail = format!("the same change again: {} and {}", earlier.place, copy.place);
                finds.add(&self.place, FindingKind::Duplicated, detail);
            }
        }
    }

    /// What changed of one person stands with another, who has it in place of their own.
    fn wrong_member(&self, seen: &[&Seen<'_>], finds: &mut Finds) {
        let is_since = |seen: &&&Seen<'_>| seen.sighting.first_seen_at >= self.life.act.sent_at && seen.is_in_force();
        let is_own = |seen: &&&Seen<'_>| !self.place.is_edi() || seen.life == Some(self.nth);
        for seen in seen.iter().filter(is_since).filter(is_own) {
            if let Some((field, whose, other)) = received_by_another(self.before, self.after, &seen.sighting.record) {
                let called = |at: usize| self.after.members.get(at).map(|facts| label(at, facts)).unwrap_or_default();
                let (whose, other, at) = (called(whose), called(other), &seen.sighting.record.place);
                let detail = format!("`{field}` of {whose} is what {other} has now ({at})");
                finds.add(&self.place, FindingKind::WrongMember, detail);
            }
        }
    }

    fn unseen(&self, due: Due) -> GroupAtWaypoint {
        let place = &self.place;
        let look = place.last_look_for_arrival();
        let next = place.case.lives.get(self.nth + 1).map(|next| next.act.sent_at).filter(|_| !place.is_edi());
        let ends = place.case.cancelled_at(place.group).into_iter().chain(next);
        let cut_off = ends.min().is_some_and(|end| end < due.limit_at);
        let arrival = match due.unseen(look, place.is_blind_after(look), place.court.now) {
            // nobody knows whether it was taken, or would have come before the next change, or before the household was taken out
            _ if cut_off || self.act().submission() == Submission::Indeterminate => Arrival::Pending,
            Arrival::Missing if self.strange_status().is_some() => Arrival::Blind,
            arrival => arrival,
        };
        let words = self.strange_status().filter(|_| arrival == Arrival::Blind);
        GroupAtWaypoint { last_absent_at: look, not_found: words, ..place.nothing(Some(due.limit_at), arrival) }
    }

    /// Compares the first message of the change, or what a system showed last before the next one. What differed before is told there,
    /// and a message may name the members alone of whom it tells something.
    fn compare(
        &self,
        told: &[&Seen<'a>],
        turned_back: Option<&Seen<'a>>,
        (known, finds): (&[Discrepancy], &mut Finds),
    ) -> Comparison {
        let place = &self.place;
        let is_audit = |seen: &Seen<'_>| seen.sighting.record.kind == RecordKind::Audit;
        let message = || told.iter().find(|seen| !is_audit(seen)).or(told.first()).copied();
        let mut own: Vec<&Seen<'a>> = told.iter().copied().filter(|seen| seen.life == Some(self.nth)).collect();
        // what is otherwise only since the next change was sent came of that
        let next = place.case.lives.get(self.nth + 1).map(|next| next.act.sent_at);
        let is_before = |seen: &Seen<'_>| next.is_none_or(|next| seen.sighting.first_seen_at < next);
        if own.iter().any(|seen| is_before(seen)) {
            own.retain(|seen| is_before(seen));
        }
        let state = || place.last_state(if own.is_empty() { told } else { &own }).first().copied();
        let mut comparison = Comparison::default();
        let Some(seen) = turned_back.or_else(|| if place.is_edi() { message() } else { state() }) else {
            return comparison;
        };
        let (record, rules) = (&seen.sighting.record, place.rules());
        comparison.group(self.after, &record.facts, &rules);
        let doubled = comparison.members(self.after, &record.members, &rules);
        place.doubled(&self.joined_twice(&doubled, record), &record.members, finds);
        if place.is_edi() {
            let out = said_out(self.after, record);
            comparison.discrepancies.retain(|d| !is_left_out(d, &out));
            if record.kind == RecordKind::Maintenance {
                let owed = owed(self.before, self.after);
                comparison.discrepancies.retain(|d| d.found.is_some() || owed.contains(d.field));
            }
            self.untold(record, &mut comparison);
        } else if seen.life > Some(self.nth) {
            self.retain_own(seen.life, &mut comparison);
        }
        comparison.discrepancies.retain(|d| !is_known(d, known));
        comparison
    }

    /// Of the people who are in a record twice those who joined with this change.
    fn joined_twice(&self, doubled: &[usize], record: &GroupRecord) -> Vec<usize> {
        let joined = || members_of(self.before, self.after).filter(|(_, was, is)| was.is_none() && is_enrolled(is));
        let is_new = |at: &&usize| {
            let found = record.members.get(**at);
            found.is_some_and(|found| joined().any(|(.., is)| is_same_person(is, found)))
        };
        doubled.iter().filter(is_new).copied().collect()
    }

    /// Of a system that shows a group in two records at once: who joined with this change, and stands in both.
    fn joined_in_two(&self, told: &[&Seen<'_>], finds: &mut Finds) {
        let joined: Vec<usize> = members_of(self.before, self.after)
            .filter(|(_, was, is)| was.is_none() && is_enrolled(is))
            .map(|(at, ..)| at)
            .collect();
        let covers: Vec<Vec<usize>> = told.iter().map(|seen| seen.covers(self.after)).collect();
        let pairs = told.iter().zip(&covers).enumerate().flat_map(|(at, (one, here))| {
            told.iter().zip(&covers).skip(at + 1).map(move |(other, there)| ((one, here), (other, there)))
        });
        for ((one, here), (other, there)) in pairs.filter(|_| !self.place.is_edi()) {
            let twice = joined.iter().find(|at| here.contains(at) && there.contains(at));
            if let Some(at) = twice.filter(|_| is_copy(one, other)) {
                let name = self.after.members.get(*at).map(|facts| label(*at, facts)).unwrap_or_default();
                let detail =
                    format!("member {name} stands in the group twice: {} and {}", at_place(one), at_place(other));
                finds.add(&self.place, FindingKind::Duplicated, detail);
            }
        }
    }

    /// What is as it was before this change, as differences from what it should have become.
    fn not_come(&self) -> Vec<Discrepancy> {
        let members = members_of(self.before, self.after).map(|(at, was, is)| (Some(at), was, is));
        let all = members.chain([(None, Some(&self.before.facts), &self.after.facts)]);
        let owed = all.flat_map(|(at, was, is)| changed(was, is).iter().map(move |field| (at, field, was)));
        owed.map(|(at, field, was)| self.place.difference(self.after, (at, field), in_words(field, was))).collect()
    }

    /// Of a state that a later change has reached too: a difference belongs to the latest change that gave the field its value.
    fn retain_own(&self, life: Option<usize>, comparison: &mut Comparison) {
        let own = owed(self.before, self.after);
        let later =
            life.and_then(|life| self.place.after(life)).map_or(FieldSet::EMPTY, |later| owed(self.after, later));
        comparison.discrepancies.retain(|d| own.contains(d.field) && !later.contains(d.field));
    }

    /// What a message should have told of the change and says nothing of: of a member whom it names, of who comes or goes, and of the
    /// group what this change is for.
    fn untold(&self, record: &GroupRecord, comparison: &mut Comparison) {
        let (visible, own) = (self.visible(), life::fields_of(self.life.change));
        let is_owed = |told: &Told| match told.member {
            Some(_) => told.is_named || told.field == Field::MemberEnrolled,
            None => own.contains(told.field),
        };
        let told = told_of(self.before, self.after, record).into_iter();
        let untold = told.filter(|told| told.shown == Shown::Nothing && visible.contains(told.field));
        let missing = untold.filter(is_owed);
        comparison
            .discrepancies
            .extend(missing.map(|told| self.place.difference(self.after, (told.member, told.field), None)));
    }
}

/// Changes that messages of the group tell more than once.
pub(super) fn told_twice(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    for here in (0..place.case.lives.len()).filter_map(|nth| ChangeHere::of(*place, nth)) {
        let told: Vec<&Seen<'_>> =
            arrived.iter().copied().filter(|seen| !place.is_elsewhere(seen) && here.is_told_by(seen)).collect();
        here.told_twice(&told, finds);
    }
}

/// What changed of a group that can be seen at its place.
pub(super) fn visible(place: &Place<'_>, before: &ExpectedGroup, after: &ExpectedGroup) -> FieldSet {
    owed(before, after).intersection(place.waypoint.shows).difference(place.court.plan.ignore)
}

/// Whether a difference is told already: it stood there before, or is what an earlier change would have changed that did not come
/// here, or that nobody knows to have been taken.
fn is_known(found: &Discrepancy, known: &[Discrepancy]) -> bool {
    let whose = |d: &Discrepancy| d.member.split(' ').next().map(str::to_owned);
    let is_same =
        |known: &Discrepancy| (known.field, &known.found, whose(known)) == (found.field, &found.found, whose(found));
    known.iter().any(is_same)
}

/// Judges the changes of a group at all its waypoints, one step of the journey after another; `enrolled` is what became of the
/// enrollment there. Nothing where the journey has none, or the enrollment was not taken.
pub(super) fn changes(places: &[Place<'_>], enrolled: &[GroupAtWaypoint], finds: &mut Finds) -> Vec<GroupAtWaypoint> {
    let Some(first) = places.first().filter(|place| place.case.history.submission().may_stand()) else {
        return Vec::new();
    };
    let mut known: Vec<Vec<Discrepancy>> = enrolled.iter().map(|at| at.discrepancies.clone()).collect();
    let mut judged = Vec::new();
    for (step, change) in first.court.plan.change_steps() {
        refused(first, (step, change), finds);
        for ((place, enrolled), known) in places.iter().zip(enrolled).zip(&mut known) {
            let came =
                !matches!(enrolled.arrival, Arrival::Missing | Arrival::NotDue | Arrival::Blind | Arrival::Pending);
            let at = place.judge_change((step, change), came, known, finds);
            known.extend(at.discrepancies.iter().cloned());
            known.extend(place.not_come(step, at.arrival));
            judged.push(GroupAtWaypoint { step: Some(step), ..at });
        }
    }
    judged
}

fn refused(place: &Place<'_>, (step, change): (JourneyStep, Change), finds: &mut Finds) {
    let history = place.case.history;
    if history.acts.submission(step) == Some(Submission::Rejected) {
        let why = history.reason(step).unwrap_or("no reason was given");
        finds.add(
            place,
            FindingKind::ChangeRefused,
            format!("the exchange refused {}: {why}", life::words_for(change)),
        );
    }
}
