//! One expected group beside its records, person by person.

use super::account::{Differing, DifferingKind};
use crate::life;
use crate::model::{
    Discrepancy, ExpectedGroup, Facts, Field, FieldSet, GroupRecord, JourneyStep, ProbeIndex, RecordKind, Value,
};
use crate::reconcile::case::{Life, Seen};
use crate::reconcile::compare::{Comparison, Rules, label};
use crate::reconcile::contents::parts_of_one;
use crate::reconcile::findings::{Finds, is_retransmission};
use crate::reconcile::group::Place;
use crate::reconcile::told::{owed, shows_change_of};
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// An expected group of a probe.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) probe: ProbeIndex,
    pub(super) expected: &'a ExpectedGroup,
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) differing: Vec<Differing>,
    pub(super) same: u64,
    pub(super) equivalences: u64,
    /// Records after the group was said once.
    pub(super) again: BTreeMap<RecordKind, u64>,
    pub(super) retransmitted: u64,
    pub(super) renewals: u64,
    /// Fields that the compared records state.
    pub(super) stated: FieldSet,
}

/// Compares a group with every record that shows it in force, in order. What one differs in is not told again of the next.
pub(super) fn compare(
    group: Group<'_>,
    place: &Place<'_>,
    (arrived, rules): (&[&Seen<'_>], &Rules<'_>),
    finds: &mut Finds,
) -> Compared {
    let compared = Compared::default();
    let mut comparing =
        Comparing { group, place, rules, told: HashSet::new(), differ: BTreeSet::new(), compared, finds };
    for (at, parts) in sayings(group.expected, arrived).iter().enumerate() {
        comparing.saying(at == 0, parts);
    }
    let Comparing { differ, mut compared, .. } = comparing;
    compared.same = group.expected.members.len().saturating_sub(differ.len()) as u64;
    compared
}

/// The records by what they say together: each list holds the group once, whole or in parts of one kind. The enrollment is
/// first, and what is sent again, with the time of what it repeats, last.
fn sayings<'s, 'a>(expected: &ExpectedGroup, arrived: &[&'s Seen<'a>]) -> Vec<Vec<&'s Seen<'a>>> {
    let (mut sayings, mut left) = (Vec::new(), arrived.to_vec());
    left.sort_by_key(|seen| rank(&seen.sighting.record));
    while let Some(first) = left.first() {
        let kind = first.sighting.record.kind;
        let alike: Vec<_> = left.iter().copied().filter(|seen| seen.sighting.record.kind == kind).collect();
        let parts = parts_of_one(expected, &alike);
        left.retain(|seen| !parts.iter().any(|part| std::ptr::eq(*part, *seen)));
        sayings.push(parts);
    }
    sayings
}

fn rank(record: &GroupRecord) -> u8 {
    match record.kind {
        _ if is_retransmission(record) => 2,
        RecordKind::InitialEnrollment => 0,
        _ => 1,
    }
}

/// A comparison under way.
struct Comparing<'a, 'f> {
    group: Group<'a>,
    place: &'a Place<'a>,
    rules: &'a Rules<'a>,
    /// Who differs in what, so far.
    told: HashSet<(String, Field, Option<String>, Option<String>)>,
    /// Places of the expected members who differ.
    differ: BTreeSet<usize>,
    compared: Compared,
    finds: &'f mut Finds,
}

impl Comparing<'_, '_> {
    /// Whoever is in none of the parts is looked for in the first, but for a change: it shows those whom it concerns.
    fn saying(&mut self, is_first: bool, parts: &[&Seen<'_>]) {
        let Some(first) = parts.first().map(|part| &part.sighting.record) else { return };
        if !is_first && is_renewal(self.group.expected, first) {
            self.compared.renewals += parts.len() as u64;
            return;
        }
        let mut shown: Vec<Vec<usize>> = parts.iter().map(|part| part.covers(self.group.expected)).collect();
        if is_first || first.kind != RecordKind::Maintenance {
            let all: BTreeSet<usize> = shown.iter().flatten().copied().collect();
            if let Some(of_first) = shown.first_mut() {
                of_first.extend((0..self.group.expected.members.len()).filter(|at| !all.contains(at)));
                of_first.sort_unstable();
            }
        }
        for (part, members) in parts.iter().zip(&shown) {
            let record = &part.sighting.record;
            let opens = is_first && record.kind == RecordKind::InitialEnrollment;
            let told = if opens { None } else { self.life_of(part) };
            let after = told.and_then(|life| self.place.after(life));
            let life = told.and_then(|life| self.place.case.lives.get(life));
            let again = (!is_first || life.is_some()).then(|| Told::of(record, life));
            self.part(part, (members, after.unwrap_or(self.group.expected)), again.as_ref());
            self.compared.retransmitted += u64::from(!is_first && is_retransmission(record));
            if !is_first {
                *self.compared.again.entry(record.kind).or_default() += 1;
            }
        }
    }

    /// The change that a record tells of, or of which it shows what it left behind, where one was sent.
    fn life_of(&self, seen: &Seen<'_>) -> Option<usize> {
        let shows = |life: &usize| {
            let changed = self.place.case.owed_until(*life, self.place.group);
            let after = self.place.after(*life);
            after.is_some_and(|after| shows_change_of(self.group.expected, after, changed, &seen.sighting.record))
        };
        seen.life.or_else(|| (0..self.place.case.lives.len()).rev().find(shows))
    }

    /// Compares one record with the people who are looked for in it.
    fn part(&mut self, seen: &Seen<'_>, (of, own): (&[usize], &ExpectedGroup), again: Option<&Told>) {
        let record = &seen.sighting.record;
        let members: Vec<Facts> = of.iter().filter_map(|at| own.members.get(*at)).cloned().collect();
        let expected = ExpectedGroup { members, ..own.clone() };
        let found = self.against(&expected, seen);
        let (surplus, own): (Vec<_>, Vec<_>) = found.into_iter().partition(is_surplus);
        for ((at, member), place) in expected.members.iter().enumerate().zip(of) {
            let is_of =
                |found: &&Discrepancy| found.member == label(at, member) || (at == 0 && found.member.is_empty());
            let all: Vec<_> = own.iter().filter(is_of).cloned().collect();
            if !all.is_empty() {
                self.differ.insert(*place);
            }
            let who = label(*place, member);
            let new: Vec<_> = all.into_iter().filter(|found| self.is_new(&who, found)).collect();
            if !new.is_empty() {
                self.compared.differing.push(self.group.own(member, record, new, again));
            }
        }
        for found in surplus {
            let is_of = |(at, facts): &(usize, &Facts)| label(*at, facts) == found.member;
            let facts = record.members.iter().enumerate().find(is_of).map(|(_, facts)| facts);
            if let Some(facts) = facts.filter(|_| self.is_new(&found.member, &found)) {
                let note = "not expected in this group";
                self.compared.differing.push(self.group.person(DifferingKind::Added, facts, Some(record), note));
            }
        }
    }

    /// What differs in one record; what is found beside it is noted.
    fn against(&mut self, expected: &ExpectedGroup, seen: &Seen<'_>) -> Vec<Discrepancy> {
        let record = &seen.sighting.record;
        let mut comparison = Comparison::default();
        comparison.group(expected, &record.facts, self.rules);
        let doubled = comparison.members(expected, &record.members, self.rules);
        self.place.doubled(&doubled, &record.members, self.finds);
        let Comparison { mut discrepancies, equivalences, .. } = comparison;
        self.place.merged(&record.members, &discrepancies, self.finds);
        if self.place.is_misrouted(seen) {
            // the finding says it
            discrepancies.retain(|found| found.field != Field::Issuer);
        }
        if record.kind == RecordKind::Maintenance {
            let owed_by = |life: usize| {
                let changed = self.place.case.owed_until(life, self.place.group);
                let (before, after) = (self.place.before(life)?, self.place.after(life)?);
                Some(owed(before, after).intersection(changed))
            };
            let owed = self.life_of(seen).and_then(owed_by).unwrap_or(FieldSet::EMPTY);
            discrepancies.retain(|found| found.found.is_some() || owed.contains(found.field));
        }
        self.compared.equivalences += equivalences.len() as u64;
        let stated = record.members.iter().fold(record.facts.stated(), |all, member| all.union(member.stated()));
        self.compared.stated = self.compared.stated.union(stated);
        discrepancies
    }

    fn is_new(&mut self, who: &str, found: &Discrepancy) -> bool {
        let who = if found.member.is_empty() { "" } else { who };
        self.told.insert((who.to_owned(), found.field, found.expected.clone(), found.found.clone()))
    }
}

/// What a record tells beside the group's beginning.
struct Told {
    /// The step of whose outcome it tells.
    step: Option<JourneyStep>,
    what: String,
}

impl Told {
    fn of(record: &GroupRecord, life: Option<&Life>) -> Self {
        let step = life.map(|life| life.step);
        let what = match life {
            Some(life) if record.kind == RecordKind::Maintenance => step_in_words(life),
            Some(life) => format!("{} after {}", called(record), step_in_words(life)),
            None => called(record).to_owned(),
        };
        Self { step, what }
    }
}

/// A step as it is called in a sentence, with its place where one word may stand for several.
pub(super) fn step_in_words(life: &Life) -> String {
    let words = life::words_for(life.change);
    if life.step.is_only_one() { words.to_owned() } else { format!("{words} (step {})", life.step.number) }
}

/// What a record is that says a group again.
fn called(record: &GroupRecord) -> &'static str {
    match record.kind {
        _ if is_retransmission(record) => "a retransmission",
        RecordKind::Effectuation => "the issuer's confirmation",
        RecordKind::Maintenance => "a change that nobody asked for",
        RecordKind::Reinstatement => "a reinstatement",
        RecordKind::Audit => "an audit",
        RecordKind::AutomaticReenrollment => "a renewal",
        _ => "a copy",
    }
}

/// Next year's enrollment follows from this year's, and differs from it by right.
fn is_renewal(expected: &ExpectedGroup, record: &GroupRecord) -> bool {
    let year = |facts: &Facts| match facts.value(Field::BenefitBegin) {
        Some(Value::Date(begin)) => Some(begin.year()),
        _ => None,
    };
    let years = (year(&expected.facts), year(&record.facts));
    record.kind == RecordKind::AutomaticReenrollment && matches!(years, (Some(own), Some(other)) if own != other)
}

impl Group<'_> {
    /// Somebody expected who differs, or is not in the record at all.
    fn own(&self, member: &Facts, record: &GroupRecord, fields: Vec<Discrepancy>, again: Option<&Told>) -> Differing {
        let step = again.and_then(|again| again.step);
        let is_gone =
            |found: &Discrepancy| found.field == Field::MemberEnrolled && found.found.as_deref() == Some("no");
        if fields.iter().any(is_gone) {
            let within = again.map_or("the group, which is in the files", |again| &again.what);
            let missing = self.person(DifferingKind::Missing, member, Some(record), &format!("not in {within}"));
            // a group without its subscriber may differ besides
            return Differing { fields: fields.into_iter().filter(|found| !is_gone(found)).collect(), step, ..missing };
        }
        let note = again.map(|again| format!("in {}", again.what)).unwrap_or_default();
        Differing { step, fields, ..self.person(DifferingKind::Changed, member, Some(record), &note) }
    }

    /// The group's subscriber, for what is said of the whole group.
    pub(super) fn subscriber(&self, kind: DifferingKind, note: &str) -> Differing {
        let nobody = Facts::new();
        self.person(kind, self.expected.members.first().unwrap_or(&nobody), None, note)
    }

    pub(super) fn person(
        &self,
        kind: DifferingKind,
        facts: &Facts,
        record: Option<&GroupRecord>,
        note: &str,
    ) -> Differing {
        let text = |field: Field| facts.text(field).unwrap_or_default().to_owned();
        let name = [text(Field::NameFirst), text(Field::NameLast)];
        let own = self.expected.facts.text(Field::PolicyId);
        let policy = record.and_then(|record| record.facts.text(Field::PolicyId)).or(own);
        Differing {
            kind,
            probe: self.probe,
            line: self.expected.line,
            issuer: self.expected.facts.text(Field::Issuer).map(str::to_owned),
            name: name.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" "),
            relationship: text(Field::Relationship),
            ids: [policy.unwrap_or_default().to_owned(), text(Field::MemberId)],
            place: record.map(|record| record.place.clone()),
            step: None,
            note: note.to_owned(),
            fields: Vec::new(),
        }
    }
}

fn is_surplus(found: &Discrepancy) -> bool {
    found.field == Field::MemberEnrolled && found.expected.is_none()
}
