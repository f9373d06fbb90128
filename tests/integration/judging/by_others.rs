//! What comes in the answers to others' look-ups, as where an issuer lists everybody to whoever asks.

use super::trial::{EDI, ISSUER, Trial, at, family, findings, hop, message, snapshot};
use johndoe::model::{Arrival, Event, Field, FindingKind, GroupRecord, IssuerId, ProbeIndex, Sighting};

/// Household 0, whose own look-ups all fail.
fn own_looks_fail() -> Trial {
    let trial = (0..3).fold(Trial::new(), |trial, index| trial.accepted(family(index)));
    let blind = Event::Blind {
        probe: Some(ProbeIndex(0)),
        waypoint: ISSUER,
        issuer: Some(IssuerId::new("12345")),
        from: at(10),
        until: at(390),
        reason: "answered 503".into(),
    };
    trial.push(390, blind).seen(EDI, 20, message(&family(0), 0))
}

fn shown_to(trial: Trial, asked_for: u32, seconds: i64, mut record: GroupRecord) -> Trial {
    record.place.source = format!("/members?policy={asked_for}").as_str().into();
    let sighting = Sighting {
        waypoint: ISSUER,
        issuer: Some(IssuerId::new("12345")),
        asked_for: Some(ProbeIndex(asked_for)),
        last_absent_at: Some(at(seconds - 10)),
        first_seen_at: at(seconds),
        gone_at: None,
        record,
    };
    trial.push(seconds, Event::Seen { sighting: Box::new(sighting) })
}

#[test]
fn one_record_in_the_answers_to_two_others_is_one_record_in_whatever_state() {
    let record = || snapshot(&family(0), 0);
    let mut later = record();
    later.facts.set(Field::PolicyStatus, "effectuated");
    let seen = shown_to(own_looks_fail(), 1, 40, record());
    let probe = shown_to(shown_to(seen.clone(), 2, 45, record()), 1, 60, later).judged().probes.remove(0);
    assert_eq!(findings(&probe), [], "{probe:?}");
    assert_eq!(hop(&probe, ISSUER).arrival, Arrival::OnTime);
    // side by side in one answer they are two
    let probe = shown_to(seen.clone(), 1, 40, record()).judged().probes.remove(0);
    assert_eq!(findings(&probe), [(FindingKind::Duplicated, "issuer")]);
    // and so they are under two policies
    let mut other = record();
    other.facts.set(Field::PolicyId, "P-TWO");
    let probe = shown_to(seen, 2, 45, other).judged().probes.remove(0);
    assert!(findings(&probe).contains(&(FindingKind::Duplicated, "issuer")), "{probe:?}");
}

#[test]
fn what_came_to_others_alone_is_not_late_by_their_looks() {
    let trial = shown_to(own_looks_fail(), 1, 150, snapshot(&family(0), 0));
    let probe = trial.clone().judged().probes.remove(0);
    assert_eq!(hop(&probe, ISSUER).arrival, Arrival::Undecided, "{probe:?}");
    // a look of its own after the limit says so
    let (probe, issuer) = (ProbeIndex(0), Some(IssuerId::new("12345")));
    let absent = Event::Absent { probe, waypoint: ISSUER, issuer, absent_at: at(120), words: None };
    let probe = trial.push(120, absent).judged().probes.remove(0);
    assert_eq!(hop(&probe, ISSUER).arrival, Arrival::Late, "{probe:?}");
}

/// Three households, of whom a system shows these, each to whoever asks for the other of its pair.
fn shown(pairs: &[(u32, u32)]) -> Vec<Vec<(FindingKind, String)>> {
    let mut trial = (0..3).fold(Trial::new(), |trial, index| trial.accepted(family(index)));
    for index in 0..3 {
        trial = trial.seen(EDI, 20, message(&family(index), 0));
    }
    for (asked, owner) in pairs {
        trial = shown_to(trial, *asked, 40, snapshot(&family(*owner), 0));
    }
    let probes = trial.judged().probes;
    let of = |probe: &johndoe::model::ProbeSummary| {
        probe.findings.iter().map(|found| (found.kind, found.detail.clone())).collect()
    };
    probes.iter().map(of).collect()
}

#[test]
fn two_households_whose_answers_a_system_exchanged_are_told_with_each_other() {
    let [first, second, third] = shown(&[(0, 1), (1, 0), (2, 2)]).try_into().expect("three");
    let names = |found: &[(FindingKind, String)], other: u32| {
        let whole = found.iter().map(|(_, detail)| detail.as_str()).collect::<String>();
        found.len() == 1 && found[0].0 == FindingKind::IdCollision && whole.contains(&format!("shows probe {other} "))
    };
    assert!(names(&first, 1) && names(&second, 0), "{first:?} {second:?}");
    assert_eq!(third, []);
    let round = shown(&[(0, 1), (1, 2), (2, 0)]);
    assert!(names(&round[0], 1) && names(&round[1], 2) && names(&round[2], 0), "{round:?}");
}

#[test]
fn who_is_shown_to_others_beside_them_or_in_place_of_somebody_lost_is_exchanged_with_nobody() {
    let is_clean = |pairs: &[(u32, u32)]| shown(pairs).iter().all(Vec::is_empty);
    assert!(is_clean(&[(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)]), "a list");
    assert!(is_clean(&[(0, 1), (1, 1), (2, 2)]), "one is lost");
    assert!(is_clean(&[(0, 1), (1, 1), (1, 0), (2, 2)]), "its own look shows both");
}
