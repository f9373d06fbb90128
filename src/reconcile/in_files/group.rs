//! One expected group beside its records, person by person.

use super::account::{Differing, DifferingKind};
use crate::model::{Discrepancy, Equivalence, ExpectedGroup, Facts, Field, GroupRecord, ProbeIndex, RecordKind};
use crate::reconcile::compare::{Rules, compare_group, label};
use crate::reconcile::pairing::paired;

/// An expected group of a probe.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) probe: ProbeIndex,
    pub(super) expected: &'a ExpectedGroup,
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub(super) struct Compared<'a> {
    pub(super) differing: Vec<Differing>,
    pub(super) same: u64,
    pub(super) equivalences: u64,
    pub(super) later: u64,
    /// The records that were compared.
    pub(super) records: Vec<&'a GroupRecord>,
}

/// Compares a group with its enrollment: the first record, and those that bring people whom the others do not. Of later
/// records an initial enrollment is the group once more; others follow from it, and are counted.
pub(super) fn differing<'r>(group: Group<'_>, records: &[&'r GroupRecord], rules: &Rules<'_>) -> Compared<'r> {
    let mut compared = Compared::default();
    let parts = parts(group.expected, records);
    let mut told: Vec<Discrepancy> = Vec::new();
    for part in &parts {
        group.part(part, rules, &mut told, &mut compared);
        compared.records.push(part.record);
    }
    let is_part = |record: &&&GroupRecord| parts.iter().any(|part| std::ptr::eq(part.record, **record));
    for record in records.iter().filter(|record| !is_part(record)) {
        compared.later += 1;
        if record.kind == RecordKind::InitialEnrollment {
            compared.differing.push(group.subscriber(
                DifferingKind::Repeated,
                record,
                "enrolled before in these files",
            ));
        }
    }
    compared
}

/// A record, and the places of the expected members that are looked for in it.
#[derive(Debug)]
struct Part<'a> {
    record: &'a GroupRecord,
    members: Vec<usize>,
}

/// The records that together are the group once. Whoever is in none of them is looked for in the first.
fn parts<'r>(expected: &ExpectedGroup, records: &[&'r GroupRecord]) -> Vec<Part<'r>> {
    let mut parts: Vec<Part<'r>> = Vec::new();
    let mut covered = vec![false; expected.members.len()];
    for record in records {
        let members: Vec<_> = paired(&expected.members, &record.members).into_iter().map(|(e, _)| e).collect();
        let is_new = !members.is_empty() && members.iter().all(|at| covered.get(*at) == Some(&false));
        if parts.is_empty() || is_new {
            for at in &members {
                set(&mut covered, *at);
            }
            parts.push(Part { record, members });
        }
    }
    if let Some(first) = parts.first_mut() {
        first.members.extend(covered.iter().enumerate().filter(|(_, is)| !**is).map(|(at, _)| at));
        first.members.sort_unstable();
    }
    parts
}

fn set(flags: &mut [bool], at: usize) {
    if let Some(flag) = flags.get_mut(at) {
        *flag = true;
    }
}

impl Group<'_> {
    /// Compares one record with the people who are looked for in it. Group facts that an earlier part differed in the same way
    /// are not told again.
    fn part(&self, part: &Part<'_>, rules: &Rules<'_>, told: &mut Vec<Discrepancy>, compared: &mut Compared<'_>) {
        let members: Vec<Facts> =
            part.members.iter().filter_map(|at| self.expected.members.get(*at)).cloned().collect();
        let expected = ExpectedGroup { line: self.expected.line, facts: self.expected.facts.clone(), members };
        let (mut discrepancies, equivalences): (_, Vec<Equivalence>) = compare_group(&expected, part.record, rules);
        discrepancies.retain(|found| !(found.member.is_empty() && told.iter().any(|known| known.is_same(found))));
        told.extend(discrepancies.iter().filter(|found| found.member.is_empty()).cloned());
        compared.equivalences += equivalences.len() as u64;
        let (surplus, own): (Vec<_>, Vec<_>) = discrepancies.into_iter().partition(is_surplus);
        for (at, member) in expected.members.iter().enumerate() {
            let is_of =
                |found: &&Discrepancy| found.member == label(at, member) || (at == 0 && found.member.is_empty());
            let fields: Vec<_> = own.iter().filter(is_of).cloned().collect();
            if fields.is_empty() {
                compared.same += 1;
            } else {
                compared.differing.push(self.own(member, part.record, fields));
            }
        }
        for found in surplus {
            let is_of = |(at, facts): &(usize, &Facts)| label(*at, facts) == found.member;
            if let Some((_, facts)) = part.record.members.iter().enumerate().find(is_of) {
                let note = "not expected in this group";
                compared.differing.push(self.person(DifferingKind::Added, facts, Some(part.record), note));
            }
        }
    }

    /// Somebody expected who differs, or is not in the record at all.
    fn own(&self, member: &Facts, record: &GroupRecord, fields: Vec<Discrepancy>) -> Differing {
        let is_gone =
            |found: &Discrepancy| found.field == Field::MemberEnrolled && found.found.as_deref() == Some("no");
        if fields.iter().any(is_gone) {
            let note = "not in the group, which is in the files";
            let missing = self.person(DifferingKind::Missing, member, Some(record), note);
            // a group without its subscriber may differ besides
            return Differing { fields: fields.into_iter().filter(|found| !is_gone(found)).collect(), ..missing };
        }
        Differing { fields, ..self.person(DifferingKind::Changed, member, Some(record), "") }
    }

    /// The group's subscriber, for what is said of the whole group.
    pub(super) fn subscriber(&self, kind: DifferingKind, record: &GroupRecord, note: &'static str) -> Differing {
        let nobody = Facts::new();
        self.person(kind, self.expected.members.first().unwrap_or(&nobody), Some(record), note)
    }

    pub(super) fn person(
        &self,
        kind: DifferingKind,
        facts: &Facts,
        record: Option<&GroupRecord>,
        note: &'static str,
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
            note,
            fields: Vec::new(),
        }
    }
}

fn is_surplus(found: &Discrepancy) -> bool {
    found.field == Field::MemberEnrolled && found.expected.is_none()
}
