//! What a change changes, and what a record shows of that.

use super::compare::{is_enrolled, shown};
use super::equality::{Equality, Setting, equality};
use super::pairing::pair;
use crate::model::{Expectation, ExpectedGroup, Fact, Facts, Field, FieldSet, GroupRecord, RecordKind, Value};

/// What a record shows of something that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    AsBefore,
    /// As it is now, or as it never was.
    Otherwise,
    Nothing,
}

/// Whether a record shows the household as it is after its change: something of what changed, and none of it as before.
pub fn shows_change(before: &Expectation, after: &Expectation, record: &GroupRecord) -> bool {
    let mut groups = before.groups.iter().zip(&after.groups);
    groups.any(|(before, after)| shows_change_of(before, after, FieldSet::all(), record))
}

/// What a change changes, as far as it is known.
pub fn changing(before: &Expectation, after: &Expectation) -> FieldSet {
    let groups = before.groups.iter().zip(&after.groups);
    groups.map(|(before, after)| owed(before, after)).fold(FieldSet::EMPTY, FieldSet::union)
}

/// Whether a record shows one group so, of these fields.
pub(super) fn shows_change_of(
    before: &ExpectedGroup,
    after: &ExpectedGroup,
    fields: FieldSet,
    record: &GroupRecord,
) -> bool {
    let shown = shown_of(before, after, fields, record);
    shown.contains(&Shown::Otherwise) && !shown.contains(&Shown::AsBefore)
}

/// What a record shows of everything that changed.
pub(super) fn shown_of(
    before: &ExpectedGroup,
    after: &ExpectedGroup,
    fields: FieldSet,
    record: &GroupRecord,
) -> Vec<Shown> {
    let told = told_of(before, after, record).into_iter();
    told.filter(|told| fields.contains(told.field)).map(|told| told.shown).collect()
}

/// Something that changed, and what a record shows of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// Whose it is: a place among the members; the group's where there is none.
    pub(super) member: Option<usize>,
    pub(super) field: Field,
    pub(super) shown: Shown,
    /// It is shown as it is now, be it that this is written as it was before.
    pub(super) is_as_now: bool,
    /// The record shows whose it is.
    pub(super) is_named: bool,
}

/// Everything that changed, with what a record shows of it.
pub(super) fn told_of(before: &ExpectedGroup, after: &ExpectedGroup, record: &GroupRecord) -> Vec<Told> {
    let pairs = pair(&after.members, &record.members).pairs;
    let mut all = Vec::new();
    for (at, was, is) in members_of(before, after) {
        let found =
            pairs.iter().find(|(expected, _)| *expected == at).and_then(|(_, found)| record.members.get(*found));
        for field in changed(was, is).iter() {
            let (shown, is_as_now) = match field {
                Field::MemberEnrolled => enrolled_as(record, found, is_enrolled(is)),
                _ => found.map_or((Shown::Nothing, false), |found| said_of(field, was, is, found)),
            };
            all.push(Told { member: Some(at), field, shown, is_as_now, is_named: found.is_some() });
        }
    }
    all.extend(changed(Some(&before.facts), &after.facts).iter().map(|field| {
        let (shown, is_as_now) = said_of(field, Some(&before.facts), &after.facts, &record.facts);
        Told { member: None, field, shown, is_as_now, is_named: true }
    }));
    all
}

/// Members before and after a change, by their places: who joins was not there before, and who has left keeps the place.
pub(super) fn members_of<'g>(
    before: &'g ExpectedGroup,
    after: &'g ExpectedGroup,
) -> impl Iterator<Item = (usize, Option<&'g Facts>, &'g Facts)> {
    after.members.iter().enumerate().map(|(at, is)| (at, before.members.get(at), is))
}

fn said_of(field: Field, was: Option<&Facts>, is: &Facts, found: &Facts) -> (Shown, bool) {
    let found = found.get(field);
    if found == Fact::Unstated {
        return (Shown::Nothing, false);
    }
    let same = |expected: Fact<'_>| equality(field, expected, found, Setting::default()) != Equality::Different;
    let (was, is_as_now) = (was.map_or(Fact::Unstated, |was| was.get(field)), same(is.get(field)));
    // what nobody knew before is as before where it is not as now
    let is_as_before = if was == Fact::Unstated { !is_as_now } else { same(was) };
    (if is_as_before { Shown::AsBefore } else { Shown::Otherwise }, is_as_now)
}

/// Whether somebody is in, as a record has it: a state and a list name everybody, a change names whom it likes, and an end its
/// subscriber.
fn enrolled_as(record: &GroupRecord, found: Option<&Facts>, is_in_now: bool) -> (Shown, bool) {
    let lists_everybody =
        !matches!(record.kind, RecordKind::Maintenance | RecordKind::Cancellation | RecordKind::Termination);
    match found.map(is_enrolled).or(lists_everybody.then_some(false)) {
        None => (Shown::Nothing, false),
        Some(is_in) if is_in == is_in_now => (Shown::Otherwise, true),
        Some(_) => (Shown::AsBefore, false),
    }
}

/// Fields of which something else holds now, as far as it is known; of who comes or goes only that they do.
pub(super) fn changed(was: Option<&Facts>, is: &Facts) -> FieldSet {
    match (was.filter(|was| is_enrolled(was)), is_enrolled(is)) {
        (Some(was), true) => is.stated().iter().filter(|field| was.get(*field) != is.get(*field)).collect(),
        (None, false) => FieldSet::EMPTY,
        _ => [Field::MemberEnrolled].into_iter().collect(),
    }
}

/// What a message of the change must say: all that changed. Of what stays as it is it may leave out a loop, or amounts.
pub(super) fn owed(before: &ExpectedGroup, after: &ExpectedGroup) -> FieldSet {
    let of_members =
        members_of(before, after).map(|(_, was, is)| changed(was, is)).fold(FieldSet::EMPTY, FieldSet::union);
    of_members.union(changed(Some(&before.facts), &after.facts))
}

/// Whether of all that changed nobody knew how it was before.
pub(super) fn is_all_new(before: &ExpectedGroup, after: &ExpectedGroup) -> bool {
    let members = members_of(before, after).all(|(_, was, is)| is_new(was, is));
    members && is_new(Some(&before.facts), &after.facts)
}

fn is_new(was: Option<&Facts>, is: &Facts) -> bool {
    changed(was, is).iter().all(|field| was.is_some_and(|was| was.get(field) == Fact::Unstated))
}

/// Whether a record shows something of a group otherwise than it was, that the exchange decides at such a change and told nobody: nothing of
/// it is expected any more.
pub(super) fn decided_anew(before: &ExpectedGroup, after: &ExpectedGroup, record: &GroupRecord) -> bool {
    let unsettled = before.facts.valued().difference(after.facts.stated()).intersection(record.facts.valued());
    unsettled.iter().any(|field| {
        equality(field, before.facts.get(field), record.facts.get(field), Setting::default()) == Equality::Different
    })
}

/// A value for people; of somebody who is in, or is not, that.
pub(super) fn in_words(field: Field, facts: Option<&Facts>) -> Option<String> {
    match field {
        Field::MemberEnrolled => Some(if facts.is_some_and(is_enrolled) { "yes" } else { "no" }.to_owned()),
        _ => shown(field, facts.map_or(Fact::Unstated, |facts| facts.get(field))),
    }
}

/// What changed of one member and stands with another, who has it in place of their own: the field, and the places of both.
pub(super) fn received_by_another(
    before: &ExpectedGroup,
    after: &ExpectedGroup,
    record: &GroupRecord,
) -> Option<(Field, usize, usize)> {
    let pairs = pair(&after.members, &record.members).pairs;
    let found = |at: usize, field: Field| {
        let (_, found) = pairs.iter().find(|(expected, _)| *expected == at)?;
        record.members.get(*found)?.value(field)
    };
    let expected = |at: usize, field: Field| after.members.get(at)?.value(field);
    let owed =
        members_of(before, after).flat_map(|(at, was, is)| changed(was, is).iter().map(move |field| (at, field)));
    let alike = |field: Field, expected: Option<&Value>, found: Option<&Value>| match (expected, found) {
        (Some(expected), Some(found)) => {
            equality(field, Fact::Value(expected), Fact::Value(found), Setting::default()) != Equality::Different
        }
        (expected, found) => expected == found,
    };
    let differs = |(at, field): &(usize, Field)| {
        *field != Field::MemberEnrolled && !alike(*field, expected(*at, *field), found(*at, *field))
    };
    owed.filter(differs).find_map(|(at, field)| {
        let news = expected(at, field)?;
        let has_it = |other: &usize| {
            let own = || expected(*other, field).is_some_and(|own| !alike(field, Some(own), Some(news)));
            *other != at && alike(field, Some(news), found(*other, field)) && own()
        };
        Some((field, at, (0..after.members.len()).find(has_it)?))
    })
}
