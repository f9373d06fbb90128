//! Expectation to writer to reader to comparison: nothing may differ.

use super::every::{Case, ZONE, after, cases, record, write};
use super::people::{expectation, generator, population};
use johndoe::model::{Discrepancy, EdgeCase, ExpectedGroup, FieldSet, GroupRecord, ProbeIndex};
use johndoe::reconcile::{Rules, compare_group};
use johndoe::wire::x12::{Item, Reader};
use std::collections::BTreeMap;

/// Every record of a file, and whatever was wrong with it.
pub(super) fn read(bytes: &[u8]) -> (Vec<GroupRecord>, Vec<String>) {
    let (mut records, mut damages) = (Vec::new(), Vec::new());
    let mut reader = Reader::new(bytes);
    while let Some(item) = reader.next().unwrap() {
        match item {
            Item::Group(group) => records.push(group.to_record("x", ZONE)),
            Item::Damage(damage) => damages.push(damage.to_string()),
        }
    }
    (records, damages)
}

pub(super) fn differences(expected: &ExpectedGroup, found: &GroupRecord) -> Vec<Discrepancy> {
    let (severity, issuers, none) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let rules = Rules {
        severity: &severity,
        ignore: FieldSet::EMPTY,
        absent_aptc_is_zero: false,
        issuers: &issuers,
        words: (&none, None),
    };
    compare_group(expected, found, &rules).0
}

/// Sends each household by the next kind of transaction, a batch to a file.
fn send(households: u32) {
    let generator = generator(&population(2013, EdgeCase::ALL, 0.5));
    let cases = cases();
    let mut turn = 0_usize;
    for batch in 0..households.div_ceil(500) {
        let mut sent: Vec<(Case, ExpectedGroup)> = Vec::new();
        for index in batch * 500..(batch * 500 + 500).min(households) {
            let household = generator.household(ProbeIndex(index));
            for group in &expectation(&household).groups {
                let case = cases[turn % cases.len()];
                turn += 1;
                sent.push((case, after(case, &household, group)));
            }
        }
        judge(&sent);
    }
}

fn judge(sent: &[(Case, ExpectedGroup)]) {
    let records: Vec<_> = sent.iter().map(|(case, group)| (*case, record(*case, group))).collect();
    let (found, damages) = read(&write(&records));
    assert_eq!(damages, Vec::<String>::new());
    assert_eq!(found.len(), sent.len());
    let mut found: BTreeMap<_, _> =
        found.into_iter().map(|record| (record.place.transaction_set.clone().unwrap(), record)).collect();
    for (number, (case, expected)) in (1..).zip(sent) {
        let found = found.remove(&format!("{number:04}")).unwrap();
        assert_eq!(found.kind, case.row.kind, "{case:?}");
        assert_eq!(differences(expected, &found), [], "{case:?}\n{expected:?}\n{found:?}");
    }
}

#[test]
fn what_is_expected_comes_back_for_every_transaction() {
    send(1_500);
}

/// Takes a minute with optimisation: `cargo test --release --test integration -- --ignored a_hundred_thousand_households`.
#[test]
#[ignore = "long without optimisation"]
fn a_hundred_thousand_households_come_back_for_every_transaction() {
    send(100_000);
}
