//! Any bytes as acknowledgements, and as a file that is acknowledged.

#![no_main]

use chrono::{NaiveDate, NaiveDateTime};
use johndoe_fuzz::dripping::Dripping;
use johndoe_fuzz::wire::ack::answer::{ReceivedNumbers, answer};
use johndoe_fuzz::wire::ack::{Ack, Acks, Findings, check};
use johndoe_fuzz::wire::x12::{ControlNumbers, Options, ReadError};
use libfuzzer_sys::fuzz_target;
use std::io::Read;

const ENROLLMENTS: &[u8] = include_bytes!("../../tests/fixtures/x12/accepted/initial_family.edi");
const ANSWERS: &[u8] = include_bytes!("../../tests/fixtures/acks/partial.edi");

fuzz_target!(|bytes: &[u8]| {
    let acks = read(bytes);
    assert_eq!(
        format!("{acks:?}"),
        format!("{:?}", read(Dripping(bytes))),
        "other acknowledgements from a slow source"
    );
    for ack in acks.iter().flatten() {
        are_in_the_file(ack, bytes.len() as u64);
    }
    for (acks, answered) in [(bytes, ENROLLMENTS), (ANSWERS, bytes), (bytes, bytes)] {
        if let Ok(findings) = check(acks, answered) {
            every_set_has_one_fate(&findings);
        }
    }
    answers_fit(bytes);
});

fn read(source: impl Read) -> Result<Vec<Ack>, ReadError> {
    let mut acks = Acks::new(source);
    let mut found = Vec::new();
    while let Some(ack) = acks.next()? {
        found.push(ack);
    }
    Ok(found)
}

fn are_in_the_file(ack: &Ack, length: u64) {
    let (place, words) = match ack {
        Ack::Interchange(ack) => (&ack.place, ack.words()),
        Ack::Set(_, set) => {
            assert!(set.segments.iter().all(|error| !error.words().is_empty()));
            (&set.place, set.words())
        }
        Ack::Group(group) => (&group.place, group.words()),
        Ack::Damage(damage) => (&damage.at, damage.to_string()),
    };
    assert!(place.offset <= length, "an acknowledgement after the file");
    assert!(!words.is_empty(), "an acknowledgement without words");
}

fn every_set_has_one_fate(findings: &Findings) {
    let told = findings.accepted + findings.rejected.len() as u64 + findings.silent.len() as u64;
    assert!(told <= findings.sets, "{told} fates of {} sets", findings.sets);
    assert!(
        told == findings.sets || !findings.interchanges_rejected.is_empty(),
        "{told} fates of {} sets, and no interchange was rejected",
        findings.sets
    );
    assert!(findings.problems.iter().all(|problem| !problem.to_string().is_empty()));
}

/// What we answer to a file is read back as it was meant, and answers nothing that is not in the file.
fn answers_fit(bytes: &[u8]) {
    let Ok(answer) = answer(bytes, &mut ReceivedNumbers::default(), &mut |_| Vec::new()) else { return };
    let mut numbers = ControlNumbers::starting_at(1);
    let written = answer.write(Options::default(), noon(), &mut numbers).expect("numbers are not exhausted");
    if written.is_empty() {
        return;
    }
    let read = read(written.as_slice()).expect("our own acknowledgements");
    let damage = read.iter().find(|ack| matches!(ack, Ack::Damage(_)));
    assert!(damage.is_none(), "our own acknowledgements are damaged: {damage:?}");
    let sets = answer.interchanges.iter().flat_map(|interchange| &interchange.groups).map(|group| group.sets.len());
    let back = read.iter().filter(|ack| matches!(ack, Ack::Set(..))).count();
    assert_eq!(back, sets.sum::<usize>(), "sets that were answered and are not read");
}

fn noon() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2013, 11, 15).and_then(|day| day.and_hms_opt(12, 0, 0)).expect("a day that was")
}
