//! Two runs of the same people beside each other.

use super::trial::{EDI, ISSUER, Trial, family, message, snapshot};
use johndoe::compare::compare;
use johndoe::model::{Event, Field, Summary};

/// Thirty households, of which some are lost and some come with another birth date.
fn run(is_lost: impl Fn(u32) -> bool, is_altered: impl Fn(u32) -> bool) -> Summary {
    let mut trial = Trial::new();
    for index in 0..30 {
        let household = family(index);
        trial = trial.accepted(household.clone());
        if is_altered(index) {
            let mut record = message(&household, 0);
            record.members[0].set(Field::NameFirst, "Somebody");
            record.members[0].set(Field::NameLast, "Someone");
            trial = trial.seen(EDI, 20, record).seen(ISSUER, 40, snapshot(&household, 0));
        } else if !is_lost(index) {
            trial = trial.arrived(&household);
        }
    }
    trial.looked(900).push(1000, Event::Finished).judged()
}

#[test]
fn seven_newly_broken_are_no_accident_and_five_might_be() {
    let clean = run(|_| false, |_| false);
    let seven = compare(&clean, &run(|index| index < 7, |_| false)).unwrap();
    assert_eq!((seven.pairs, seven.broken.as_slice(), seven.mended.len()), (30, [0, 1, 2, 3, 4, 5, 6].as_slice(), 0));
    assert!((seven.chance - 0.015_625).abs() < 1e-12 && seven.is_worse(), "{seven:?}");
    let five = compare(&clean, &run(|index| index < 5, |_| false)).unwrap();
    assert!(five.chance > 0.05 && !five.is_worse() && !five.is_change(), "{five:?}");
    let mended = compare(&run(|index| index < 7, |_| false), &clean).unwrap();
    assert!(mended.is_change() && !mended.is_worse() && mended.mended.len() == 7, "{mended:?}");
    let same = compare(&run(|index| index < 7, |_| false), &run(|index| index < 7, |_| false)).unwrap();
    assert_eq!((same.still_bad, same.broken.len(), same.mended.len()), (7, 0, 0));
}

#[test]
fn fields_are_corrected_for_how_many_there_are() {
    let compared = compare(&run(|_| false, |_| false), &run(|_| false, |index| index < 7)).unwrap();
    let last = compared.fields.iter().find(|of| of.field == Field::NameLast).expect("the name");
    assert_eq!((last.broken, last.mended), (7, 0));
    assert!(compared.fields.len() > 1 && last.chance >= 2.0 * 0.015_625 - 1e-12, "{compared:?}");
}

#[test]
fn other_people_and_whoever_is_not_known_are_not_paired() {
    let clean = run(|_| false, |_| false);
    let mut other = clean.clone();
    other.run.seed += 1;
    assert_eq!(compare(&clean, &other), None);
    let mut unknown = clean.clone();
    unknown.probes[3].good = None;
    assert_eq!(compare(&clean, &unknown).unwrap().pairs, 29);
    unknown.probes.remove(5);
    assert_eq!(compare(&unknown, &clean).unwrap().pairs, 28);
}

#[test]
fn what_took_longer_is_told_by_waypoint_and_polls_that_cannot_tell_are_no_change() {
    let clean = run(|_| false, |_| false);
    let later = |seconds: i64| {
        let mut late = clean.clone();
        for group in late.probes.iter_mut().take(8).flat_map(|probe| &mut probe.groups) {
            let at = &mut group.waypoints[usize::from(ISSUER)];
            at.first_seen_at = at.first_seen_at.map(|seen| seen + chrono::TimeDelta::seconds(seconds));
            at.last_absent_at = at.first_seen_at.map(|seen| seen - chrono::TimeDelta::seconds(1));
        }
        late
    };
    let slower = compare(&clean, &later(600)).unwrap();
    let at = slower.times.iter().find(|of| of.slower > 0).expect("the issuer");
    let others = slower.times.iter().filter(|of| of.slower + of.faster > 0).count();
    assert_eq!((at.slower, at.faster, others, at.pairs), (8, 0, 1, 30), "{:?}", slower.times);
    // eight of eight: 2 to the power of -7, for as many waypoints as there are
    let count = f64::from(u32::try_from(slower.times.len()).unwrap());
    assert!((at.chance - count / 128.0).abs() < 1e-12, "{at:?}");
    let faster = compare(&later(600), &clean).unwrap();
    assert!(faster.times.iter().any(|of| (of.faster, of.slower) == (8, 0)), "{:?}", faster.times);
    assert!(!slower.is_worse(), "late within the limit is no error");
    let same = compare(&clean, &clean.clone()).unwrap();
    assert!(same.times.iter().all(|of| of.slower + of.faster == 0), "{:?}", same.times);
}
