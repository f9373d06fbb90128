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
