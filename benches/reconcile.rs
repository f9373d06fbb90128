//! A million expected groups matched and compared, field by field, against a million sightings: CPU seconds and heap.
//!
//! `cargo bench --bench reconcile [-- GROUPS]`. Not a criterion benchmark, because one round takes seconds and the heap
//! counts as much as the time.

use chrono::{NaiveDate, TimeDelta};
use johndoe::model::{
    Cents, CoverageLine, Expectation, ExpectedGroup, Facts, Field, FieldSet, GroupRecord, Place, ProbeIndex, RecordKind,
};
use johndoe::reconcile::{Roster, Rules, compare_group};
use std::collections::BTreeMap;

fn member(probe: u32, place: u32) -> Facts {
    let born = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default() + TimeDelta::days(i64::from(probe % 20_000));
    let mut facts = Facts::new();
    facts.set(Field::NameLast, format!("Lastname{}", probe / 700));
    facts.set(Field::NameFirst, format!("First{}{place}", probe % 700));
    facts.set_absent(Field::NameMiddle);
    facts.set_absent(Field::NameSuffix);
    facts.set(Field::BirthDate, born);
    facts.set(Field::Sex, if place == 0 { "female" } else { "male" });
    facts.set_absent(Field::Ssn);
    facts.set(Field::Relationship, if place == 0 { "self" } else { "spouse" });
    facts.set(Field::Subscriber, place == 0);
    facts.set(Field::Tobacco, "no");
    facts.set(Field::Email, format!("jd-{probe}-{place}@example.com"));
    facts.set(Field::Street1, format!("{} Probe Street", probe % 900));
    facts.set(Field::City, "Fairfax");
    facts.set(Field::State, "VA");
    facts.set(Field::Zip, "22030");
    facts.set(Field::County, "51600");
    facts.set(Field::MemberId, format!("{}{place}", 7_000_000_000_u64 + u64::from(probe)));
    facts
}

fn expectation(probe: u32) -> Expectation {
    let mut facts = Facts::new();
    facts.set(Field::Issuer, "12345");
    facts.set(Field::PlanId, "12345VA0010001");
    facts.set(Field::CsrVariant, "04");
    facts.set(Field::CoverageLine, "medical");
    facts.set(Field::PolicyId, format!("{}", 900_000_000 + probe));
    facts.set(Field::SubscriberId, format!("{}0", 7_000_000_000_u64 + u64::from(probe)));
    facts.set(Field::BenefitBegin, NaiveDate::from_ymd_opt(2014, 1, 1).unwrap_or_default());
    facts.set_absent(Field::BenefitEnd);
    facts.set(Field::PremiumTotal, Cents(60_000));
    facts.set(Field::Aptc, Cents(25_058));
    facts.set(Field::TotalResponsibility, Cents(34_942));
    let members = vec![member(probe, 0), member(probe, 1)];
    let group = ExpectedGroup { line: CoverageLine::Medical, facts, members, told_alone: Facts::new() };
    Expectation { probe: ProbeIndex(probe), marker: format!("jd-{probe}-0@example.com"), groups: vec![group] }
}

/// The same group as a waypoint shows it: one in a hundred with a wrong field, one in ten in capitals.
fn record(expectation: &Expectation) -> Option<GroupRecord> {
    let probe = expectation.probe.0;
    let group = expectation.groups.first()?;
    let (facts, mut members) = (group.facts.clone(), group.members.clone());
    if let Some(second) = members.get_mut(1).filter(|_| probe % 100 == 7) {
        second.set(Field::Relationship, "child");
    }
    if let Some(first) = members.get_mut(0).filter(|_| probe % 10 == 3) {
        first.set(Field::City, "FAIRFAX");
    }
    let place = Place { source: "bench".into(), ..Place::default() };
    Some(GroupRecord { kind: RecordKind::Snapshot, event_at: None, facts, members, place })
}

/// CPU seconds of this process (user and system), and its resident memory in MB, as Linux tells them.
fn usage() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default();
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split_whitespace().nth(1).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default();
    ((ticks(11) + ticks(12)) / 100.0, pages * 4096.0 / 1e6)
}

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse::<u32>().ok());
    let groups = asked.unwrap_or(1_000_000);
    let expectations: Vec<Expectation> = (0..groups).map(expectation).collect();
    let records: Vec<GroupRecord> = expectations.iter().rev().filter_map(record).collect();
    let (before, memory) = usage();
    let mut roster = Roster::with_capacity(usize::try_from(groups).unwrap_or_default());
    for expectation in &expectations {
        roster.add(expectation);
    }
    let (added, _) = usage();
    let (matched, different, equivalent) = compare(&expectations, &records, &roster);
    let (done, with_roster) = usage();
    println!(
        "{groups} groups, {} records, {matched} matched, {different} differ, {equivalent} equivalent",
        records.len()
    );
    println!(
        "CPU {:.2} s: roster {:.2} s, match by the exchange's ids and compare {:.2} s; {:.0} bytes a probe",
        done - before,
        added - before,
        done - added,
        (with_roster - memory) * 1e6 / f64::from(groups)
    );
    let nameless: Vec<GroupRecord> = records.into_iter().map(without_ids).collect();
    let (before, _) = usage();
    let (matched, different, equivalent) = compare(&expectations, &nameless, &roster);
    let (done, _) = usage();
    println!(
        "records without any id: {matched} matched by mailbox and name, {different} differ, {equivalent} equivalent; CPU {:.2} s",
        done - before
    );
}

/// The record as a system shows it that keeps none of the exchange's ids.
fn without_ids(mut record: GroupRecord) -> GroupRecord {
    for id in [Field::PolicyId, Field::SubscriberId] {
        record.facts.unset(id);
    }
    for member in &mut record.members {
        member.unset(Field::MemberId);
    }
    record
}

fn compare(expectations: &[Expectation], records: &[GroupRecord], roster: &Roster) -> (usize, usize, usize) {
    let (severity, issuers, none) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let rules = Rules {
        severity: &severity,
        ignore: FieldSet::EMPTY,
        absent_aptc_is_zero: false,
        issuers: &issuers,
        words: (&none, None),
    };
    let mut totals = (0, 0, 0);
    for record in records {
        let known = roster.recognise_record(record);
        let expected = known.and_then(|known| expectations.get(usize::try_from(known.probe.0).unwrap_or(usize::MAX)));
        let Some(group) = expected.and_then(|expectation| expectation.groups.first()) else { continue };
        let (discrepancies, equivalences) = compare_group(group, record, &rules);
        totals = (totals.0 + 1, totals.1 + discrepancies.len(), totals.2 + equivalences.len());
    }
    totals
}
