//! What people read: the verdict first, nothing that identifies, nothing that steers a terminal.

use super::trial::{EDI, ISSUER, Trial, after, clean, family, message, snapshot};
use johndoe::model::{
    AnswerTimes, Event, Field, IssuerId, LifeEvent, Phase, ProbeIndex, RecordKind, StepOfGroup, Submission,
};
use johndoe::reconcile::evidence;
use johndoe::report::{Evidence, Style, beyond_json_1, json, json_1, text, timeline};

fn eventful() -> Trial {
    let mut trial = Trial::new();
    for index in 0..12 {
        trial = trial.accepted(family(index));
    }
    for index in 0..9 {
        trial = trial.arrived(&family(index));
    }
    let mut wrong = snapshot(&family(9), 0);
    wrong.members[1].set(Field::Relationship, "child");
    wrong.members[0].set(Field::NameLast, "O\u{1b}[31mNEAL");
    wrong.members[0].set(Field::Ssn, "666451234");
    wrong.members[2].set(Field::NameFirst, "ANN");
    let mut copy = message(&family(3), 0);
    copy.place.interchange = Some("000000042".into());
    trial
        .seen(EDI, 20, message(&family(9), 0))
        .seen(ISSUER, 130, wrong)
        .seen(EDI, 60, copy)
        .seen(EDI, 20, message(&family(10), 0))
        .looked(210)
        .phase_ended(211, Phase::Watch)
        .push(220, Event::Finished)
}

#[test]
fn the_text_begins_with_the_verdict_and_shows_the_worst_records_as_a_diff() {
    let page = text(&eventful().judged(), Style::plain());
    println!("{page}");
    assert!(page.starts_with("FAIL: the pipeline broke its objective (exit code 1)"), "{page}");
    for told in [
        "4 of 12 enrollment groups are not good",
        "enrollment groups: 8 good, 2 missing, 1 altered, 1 not good for what was found beside",
        "Wilson",
        "Clopper–Pearson",
        "People along the waypoints",
        "missing at edi_834",
        "duplicated at edi_834",
        "member.relationship",
        "- expected spouse",
        "+ found    child",
        "not reached",
    ] {
        assert!(page.contains(told), "{told:?} is not in\n{page}");
    }
    assert!(!page.contains('\u{1b}'), "a record must not steer the terminal");
    assert!(!page.contains("666451234"), "numbers are masked");
}

#[test]
fn colour_is_only_where_it_is_wanted() {
    let summary = eventful().judged();
    assert!(text(&summary, Style::colored(120)).contains("\u{1b}["));
}

#[test]
fn the_json_names_are_the_fixed_ones() {
    let page = json(&eventful().judged());
    let value: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(value["schema"], "johndoe.report/2");
    assert_eq!((&value["verdict"], &value["exit_code"]), (&"fail".into(), &1.into()));
    assert_eq!(value["probes"][9]["groups"][0]["waypoints"][1]["arrival"], "late");
    let discrepancy = &value["probes"][9]["groups"][0]["waypoints"][1]["discrepancies"][0];
    assert_eq!(discrepancy["field"], "member.name.last");
    assert!(value["waypoints"][0]["latency_seconds"]["p99"].is_null());
    assert!(!page.contains("666451234"));
}

#[test]
fn a_timeline_tells_one_households_story_and_nobody_elses() {
    let trial = eventful();
    let (expectation, sightings) = evidence(&trial.plan, &trial.entries, ProbeIndex(9)).unwrap();
    assert_eq!(sightings.len(), 2);
    let evidence = Evidence { probe: ProbeIndex(9), expectation: &expectation, sightings: &sightings };
    let page = timeline(&trial.judged(), &trial.entries, evidence, Style::plain());
    println!("{page}");
    for told in ["Probe 019ab6/9", "enroll: accepted (apply 200 in 1 ms)", "≠", "***-**-1234", "issuer: late, altered"]
    {
        assert!(page.contains(told), "{told:?} is not in\n{page}");
    }
    assert!(!page.contains("jd-3@") && !page.contains("666451234") && !page.contains('\u{1b}'));
}

#[test]
fn a_record_at_another_issuer_is_shown_beside_the_issuer_it_was_meant_for() {
    let household = family(0);
    let mut record = snapshot(&household, 0);
    record.facts.set(Field::Issuer, "99999");
    let other = Some(IssuerId::new("99999"));
    let trial = Trial::new().accepted(household).seen_by(ISSUER, other, 40, record).looked(200);
    let (expectation, sightings) = evidence(&trial.plan, &trial.entries, ProbeIndex(0)).unwrap();
    let evidence = Evidence { probe: ProbeIndex(0), expectation: &expectation, sightings: &sightings };
    let page = timeline(&trial.judged(), &trial.entries, evidence, Style::plain());
    let shown = page.lines().find(|line| line.contains("group.issuer ")).unwrap();
    assert_eq!(shown.split_whitespace().collect::<Vec<_>>(), ["group.issuer", "12345", "99999", "≠"], "{page}");
}

#[test]
fn answers_of_an_eligibility_service_are_counted_over_all_processes_against_the_twenty_seconds() {
    let times = |answers, slow, unanswered, slowest_micros| {
        let times = AnswerTimes { answers, slow, unanswered, slowest_micros };
        Event::AnswersTimed { waypoint: ISSUER, times }
    };
    let trial = eventful().push(60, times(1, 1, 0, 20_400_000)).push(200, times(1_207, 1, 3, 41_000_000));
    let summary = trial.judged();
    let answers = summary.waypoints[usize::from(ISSUER)].answers.clone().unwrap();
    assert_eq!((answers.answers, answers.beyond_20_s, answers.unanswered), (1_208, 2, 3));
    assert!(summary.waypoints[usize::from(EDI)].answers.is_none());
    let page = text(&summary, Style::plain());
    let told = "issuer  1208 answers, 2 beyond 20 s, the slowest after 41.0 s; 3 questions got none";
    assert!(page.contains(told), "{page}");
    let value: serde_json::Value = serde_json::from_str(&json(&summary)).unwrap();
    let expected = serde_json::json!({"answers": 1208, "beyond_20_s": 2, "unanswered": 3, "max_ms": 41_000.0});
    assert_eq!(value["waypoints"][1]["answers"], expected);
    assert!(value["waypoints"][0].get("answers").is_none());
}

/// Everything that version 1 has words for: who is enrolled, moves, and is taken out.
fn of_version_1() -> Trial {
    let mut trial = eventful();
    trial.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    trial.plan.cancel_is_probed = true;
    let moved = |index: u32| after(&family(index), &[LifeEvent::ChangeAddress.into()]);
    let mut told = clean(&moved(1), 0, RecordKind::Maintenance);
    told.facts.set(Field::ChangeEffective, moved(1).coverage_begin);
    let trial = (0..3).fold(trial, |trial, index| trial.change_sent(300, index, Some(Submission::Accepted)));
    let trial = trial.change_sent(300, 3, Some(Submission::Rejected));
    let trial = trial.seen(EDI, 320, told).gone(330, 1).seen(ISSUER, 330, snapshot(&moved(1), 0));
    (0..3).fold(trial.looked(600), |trial, index| trial.cancelled(700, index)).looked(1000)
}

#[test]
fn version_1_of_the_json_is_byte_for_byte_what_it_was() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/report/version-1.json");
    assert_eq!(json_1(&of_version_1().judged()), std::fs::read_to_string(path).unwrap());
    let beyond = |events: &[LifeEvent]| beyond_json_1(events.iter().copied());
    assert_eq!(beyond(&[LifeEvent::Enroll, LifeEvent::ChangeAddress, LifeEvent::Cancel]), None);
    assert_eq!(beyond(&[LifeEvent::Enroll, LifeEvent::Marry]), Some(LifeEvent::Marry));
}

/// Steps with the words for each waypoint.
fn words(journey: &[StepOfGroup]) -> Vec<(u16, Option<Submission>, Vec<&'static str>)> {
    let words = |of: &StepOfGroup| of.waypoints.iter().map(|at| at.outcome.as_str()).collect();
    journey.iter().map(|of| (of.step, of.submission, words(of))).collect()
}

#[test]
fn each_step_of_a_group_is_told_in_one_word_for_each_waypoint() {
    let summary = of_version_1().judged();
    let (accepted, rejected) = (Some(Submission::Accepted), Some(Submission::Rejected));
    let of = |probe: usize| words(&summary.probes[probe].groups[0].journey);
    let enrolled = |words: [&'static str; 2]| (0, accepted, words.to_vec());
    let whole = enrolled(["on_time", "on_time"]);
    assert_eq!(
        of(1),
        [whole.clone(), (1, accepted, vec!["on_time", "on_time"]), (2, accepted, vec!["residue", "gone"]),]
    );
    assert_eq!(of(0)[1], (1, accepted, vec!["missing", "missing"]));
    // refused by the exchange, and never taken out
    assert_eq!(of(3)[1], (1, rejected, vec!["cut_off", "cut_off"]));
    assert_eq!((of(3)[2].1, of(4)[1].1, of(4)[1].2.clone()), (None, None, vec!["pending", "pending"]));
    // what was lost on its way cannot change there
    assert_eq!(of(11)[0].2, ["missing", "missing"]);
    assert_eq!(of(11)[1].2, ["cut_off", "cut_off"]);

    let moved = &summary.by_step[1];
    assert_eq!((moved.step, moved.event), (1, LifeEvent::ChangeAddress));
    let counts = &moved.counts;
    assert_eq!((counts.accepted, counts.rejected, counts.not_sent), (3, 1, 8));
    assert_eq!((counts.groups.on_time, counts.groups.missing, counts.groups.cut_off), (1, 2, 2), "{counts:?}");
    let at: Vec<_> =
        moved.waypoints.iter().map(|at| (at.name.as_str(), at.groups.missing, at.groups.on_time)).collect();
    assert_eq!(at, [("edi_834", 2, 1), ("issuer", 2, 1)]);
    let value: serde_json::Value = serde_json::from_str(&json(&summary)).unwrap();
    assert_eq!(value["probes"][1]["groups"][0]["journey"][1]["waypoints"][1]["outcome"], "on_time");
    assert_eq!(value["by_step"][1]["counts"]["missing"], 2);
    assert_eq!(value["counts"]["stale"], 0);
}

#[test]
fn a_timeline_says_why_nothing_of_a_step_is_due_and_what_became_of_the_end() {
    let trial = of_version_1();
    let page = |probe: u32| {
        let (expectation, sightings) = evidence(&trial.plan, &trial.entries, ProbeIndex(probe)).unwrap();
        let evidence = Evidence { probe: ProbeIndex(probe), expectation: &expectation, sightings: &sightings };
        timeline(&trial.judged(), &trial.entries, evidence, Style::plain()).to_string()
    };
    assert!(page(3).contains("change of address at issuer: not_due, cut_off"), "{}", page(3));
    assert!(page(1).contains("cancellation: edi_834 residue, issuer gone"), "{}", page(1));
}
