//! What the writer makes of every transaction and of all awkward people, before an independent validator.

use super::every::{Case, after, cases, record, write};
use super::people::{expectation, generator, population};
use crate::pyx12::validator;
use johndoe::model::{EdgeCase, GroupRecord, MemberChange, Population, ProbeIndex, RecordKind};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

/// What pyx12 prints of a file.
fn said(validator: &OsString, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("written.edi");
    fs::write(&path, bytes).unwrap();
    let output = std::process::Command::new(validator).arg(&path).output().unwrap();
    [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat()
}

/// The groups of a household of every edge case, medical and dental, each by the cases that are chosen for it.
fn awkward(choose: impl Fn(usize) -> Vec<Case>) -> Vec<(Case, GroupRecord)> {
    let (mut records, mut groups) = (Vec::new(), 0);
    for edge_case in EdgeCase::ALL {
        let population = Population { dental_share: 1.0, ..population(7, &[*edge_case], 1.0) };
        let household = generator(&population).household(ProbeIndex(3));
        assert!(household.edge_cases.contains(edge_case), "{edge_case}");
        assert_eq!(household.lines.len(), 2);
        for group in &expectation(&household).groups {
            let chosen = choose(groups).into_iter();
            records.extend(chosen.map(|case| (case, record(case, &after(case, &household, group)))));
            groups += 1;
        }
    }
    println!("{} sets of {groups} groups", records.len());
    records
}

fn assert_accepted(validator: &OsString, records: &[(Case, GroupRecord)]) {
    let said = said(validator, &write(records));
    assert!(said.contains(": OK") && !said.contains("ERROR"), "{}", said.chars().take(2_000).collect::<String>());
}

/// One case of each kind and direction, another with each turn, so that all come up.
fn one_of_each_kind(turn: usize) -> Vec<Case> {
    let mut kinds: BTreeMap<(RecordKind, bool, Option<MemberChange>), Vec<Case>> = BTreeMap::new();
    for case in cases() {
        let is_out = case.way == johndoe::model::Direction::ToIssuer;
        kinds.entry((case.row.kind, is_out, case.change)).or_default().push(case);
    }
    kinds.into_values().map(|of_kind| of_kind[turn % of_kind.len()]).collect()
}

#[test]
fn pyx12_accepts_every_transaction_for_all_awkward_people() {
    let Some(validator) = validator() else { return };
    let records = awkward(one_of_each_kind);
    let codes: std::collections::BTreeSet<_> =
        records.iter().map(|(case, _)| (case.row.kind, case.row.reason, case.way)).collect();
    assert_eq!(codes.len() + MemberChange::ALL.len(), cases().len(), "every row and direction came up");
    assert_accepted(&validator, &records);
}

/// Every row of the table for every group: 5,600 sets.
#[test]
#[ignore = "the validator takes a minute for them"]
fn pyx12_accepts_every_reason_for_all_awkward_people() {
    let Some(validator) = validator() else { return };
    assert_accepted(&validator, &awkward(|_| cases()));
}

#[test]
fn pyx12_refuses_what_is_broken_on_purpose() {
    let Some(validator) = validator() else { return };
    let household = generator(&population(7, EdgeCase::ALL, 0.0)).household(ProbeIndex(1));
    let group = &expectation(&household).groups[0];
    let case = cases()[0];
    let sound = write(&[(case, record(case, &after(case, &household, group)))]);
    let broken = String::from_utf8(sound).unwrap().replacen("*021*EC*", "*099*EC*", 1);
    let said = said(&validator, broken.as_bytes());
    assert!(said.contains("ERROR") || said.contains("Failure"), "{said}");
}
