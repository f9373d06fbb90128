//! What exists is what can be lost: whatever the exchange answered, and whatever a report says of it elsewhere.

use super::trial::{EDI, ISSUER, Trial, at, captures, family, hop, message, snapshot};
use johndoe::model::{
    Arrival, Captures, Event, Existence, Field, FindingKind, Integrity, IssuerId, JourneyStep, Objective, Phase,
    ProbeSummary, Sighting, Submission, Summary, Verdict,
};
use johndoe::report::{Style, text};
use proptest::prelude::*;

/// So many households, accepted or without an answer, seen in the file, and at the issuer where `at_issuer` says so.
fn households(trial: Trial, range: std::ops::Range<u32>, at_issuer: impl Fn(u32) -> bool) -> Trial {
    range.fold(trial, |trial, index| {
        let trial = trial.sent(family(index), None).seen(EDI, 20, message(&family(index), 0));
        if at_issuer(index) { trial.seen(ISSUER, 40, snapshot(&family(index), 0)) } else { trial }
    })
}

fn reasons(summary: &Summary) -> String {
    summary.reasons.join("\n")
}

#[test]
fn what_was_answered_by_a_broken_gateway_and_is_there_counts_like_everything_else() {
    let accepted = (0..4).fold(Trial::new(), |trial, index| trial.accepted(family(index)).arrived(&family(index)));
    let trial = households(accepted, 4..24, |index| index < 14).looked(300).push(400, Event::Finished);
    let summary = trial.judged();
    assert_eq!((summary.counts.accepted, summary.counts.indeterminate), (4, 20));
    assert_eq!((summary.counts.good, summary.counts.missing), (14, 10), "{}", reasons(&summary));
    assert_eq!((summary.error_rate.errors, summary.error_rate.trials), (10, 24));
    assert_eq!((summary.verdict, summary.exit_code), (Verdict::Fail, 1));
    assert_eq!(summary.waypoints[usize::from(ISSUER)].groups.missing, 10);
    assert!(summary.probes.iter().skip(4).all(|probe| probe.existence == Existence::Seen));
}

#[test]
fn whoever_may_exist_is_judged_both_ways_and_a_difference_is_inconclusive() {
    let sent = |good: u32| {
        let trial = (0..good).fold(Trial::new(), |trial, index| trial.accepted(family(index)).arrived(&family(index)));
        trial.sent(family(good), None).looked(300).push(400, Event::Finished)
    };
    let mut trial = sent(9);
    let summary = trial.judged();
    let probe = &summary.probes[9];
    assert_eq!((probe.existence, probe.good), (Existence::Unknown, None));
    assert_eq!(hop(probe, EDI).arrival, Arrival::Undecided, "nobody can say that it was lost");
    assert_eq!((summary.error_rate.errors, summary.error_rate.trials), (0, 9));
    assert_eq!((summary.counts.existence_unknown, summary.counts.missing), (1, 0));
    assert_eq!(summary.verdict, Verdict::Inconclusive, "{}", reasons(&summary));
    assert!(reasons(&summary).contains("1 application got no trustworthy answer"), "{}", reasons(&summary));
    assert!(reasons(&summary).contains("1 of 10 enrollment groups were not good"), "{}", reasons(&summary));
    // one in ten is below one in five, were it lost or not
    trial.plan.objective =
        Objective { error_rate_below: Some(0.2), on_time_at_least: None, confidence: 0.95, ..Objective::default() };
    assert_eq!(trial.judged().verdict, Verdict::Pass, "{}", reasons(&trial.judged()));
    trial.plan.objective.error_rate_below = Some(0.1);
    assert_eq!(trial.judged().verdict, Verdict::Inconclusive);
    // and the share on time: nine of nine, or nine of ten
    trial.plan.objective = Objective {
        error_rate_below: Some(0.5),
        on_time_at_least: Some(0.95),
        confidence: 0.95,
        ..Objective::default()
    };
    assert_eq!(trial.judged().verdict, Verdict::Inconclusive, "{}", reasons(&trial.judged()));
    trial.plan.objective.on_time_at_least = Some(0.9);
    assert_eq!(trial.judged().verdict, Verdict::Pass, "{}", reasons(&trial.judged()));
}

#[test]
fn what_the_exchange_itself_does_not_hold_was_never_taken() {
    let sent = Trial::new().accepted(family(0)).arrived(&family(0)).sent(family(1), None);
    let mut trial = sent.clone().looked(300).push(400, Event::Finished);
    trial.plan.waypoints[usize::from(ISSUER)].holds_applications = true;
    let summary = trial.judged();
    let probe = &summary.probes[1];
    assert_eq!((probe.existence, probe.good), (Existence::NotTaken, None));
    assert_eq!([EDI, ISSUER].map(|at| hop(probe, at).arrival), [Arrival::NotDue, Arrival::NotDue]);
    assert_eq!((summary.counts.not_taken, summary.counts.existence_unknown), (1, 0));
    assert_eq!((summary.verdict, summary.error_rate.trials), (Verdict::Pass, 1), "{}", reasons(&summary));
    assert!(reasons(&summary).contains("they were never taken"), "{}", reasons(&summary));
    assert_eq!(probe.groups[0].cleanup, "nothing_to_clean");
    // a look before limit and grace proves nothing, nor does what may be theirs
    let mut early = sent.clone().looked(150).push(400, Event::Finished);
    early.plan.waypoints[usize::from(ISSUER)].holds_applications = true;
    assert_eq!(early.judged().probes[1].existence, Existence::Unknown);
    let possible = Event::Possible { probe: family(1).index, waypoint: ISSUER };
    let mut maybe = sent.looked(300).push(301, possible).push(400, Event::Finished);
    maybe.plan.waypoints[usize::from(ISSUER)].holds_applications = true;
    assert_eq!(maybe.judged().probes[1].existence, Existence::Unknown);
}

#[test]
fn what_nobody_knows_of_is_not_wrong_where_the_journey_cancels() {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).sent(family(1), None).looked(300);
    trial.plan.cancel_is_probed = true;
    let summary = trial.phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged();
    let probe = &summary.probes[1];
    assert_eq!((probe.existence, probe.good, &probe.first_divergent_hop), (Existence::Unknown, None, &None));
    assert_eq!(probe.groups[0].cleanup, "residue", "it may be in all the same, and nobody took it out");
    let page = text(&summary, Style::plain()).to_string();
    assert!(!page.contains("2 issuer"), "{page}");
}

#[test]
fn each_reason_for_which_something_was_not_submitted_or_not_answered_is_told_with_its_number() {
    let said = |index: u32, submission: Submission, reason: &str| Event::Answered {
        probe: family(index).index,
        action: JourneyStep::ENROLL,
        submission,
        reason: Some(reason.to_owned()),
        captures: Captures::default(),
        steps: Vec::new(),
    };
    let mut trial = Trial::new();
    let unsent = ["a: answered 503", "a: answered 503", "b: answered 429", "c: no connection", "d: answered 418"];
    let unanswered = ["buy: answered 502", "buy: answered 200"];
    for (index, reason) in (0..).zip(unsent) {
        trial = trial.sent(family(index), None).push(1, said(index, Submission::Unsent, reason));
    }
    for (index, reason) in (5..).zip(unanswered) {
        trial = trial.sent(family(index), None).push(1, said(index, Submission::Indeterminate, reason));
    }
    trial.plan.count = 7;
    let reasons = reasons(&trial.looked(300).push(400, Event::Finished).judged());
    let told = "5 of 7 applications could not be submitted: 2: a: answered 503; 1: b: answered 429; 1: c: no connection; \
                1: for other reasons";
    assert!(reasons.contains(told), "{reasons}");
    let told = "2 applications got no trustworthy answer (1: buy: answered 200; 1: buy: answered 502)";
    assert!(reasons.contains(told), "{reasons}");
}

#[test]
fn whose_flow_ended_after_the_limit_is_not_told_to_poll_more_often() {
    let undecided = |answered: i64| {
        let mut late = snapshot(&family(0), 0);
        late.place.source = "/members".into();
        let sighting = Sighting {
            waypoint: ISSUER,
            issuer: Some(IssuerId::new("12345")),
            asked_for: Some(family(0).index),
            last_absent_at: None,
            first_seen_at: at(150),
            gone_at: None,
            record: late,
        };
        let captures = captures(&family(0));
        let (probe, action, submission) = (family(0).index, JourneyStep::ENROLL, Submission::Accepted);
        let answer = Event::Answered { probe, action, submission, reason: None, captures, steps: Vec::new() };
        let trial = Trial::new().sent(family(0), None).push(answered, answer).seen(EDI, 20, message(&family(0), 0));
        let mut trial = trial.push(150, Event::Seen { sighting: Box::new(sighting) }).push(400, Event::Finished);
        trial.plan.objective.on_time_at_least = Some(0.9);
        reasons(&trial.judged())
    };
    let (late, early) = (undecided(140), undecided(5));
    assert!(late.contains("see what its flow waits for") && !late.contains("poll more often"), "{late}");
    assert!(early.contains("poll more often"), "{early}");
}

/// What happened to one household.
#[derive(Debug, Clone, Copy)]
struct Story {
    answer: Option<Submission>,
    /// At file and issuer: not seen, seen whole, or seen altered; and when.
    seen: [Option<(bool, i64)>; 2],
    possible: bool,
    cancelled: bool,
}

fn story() -> impl Strategy<Value = Story> {
    let answer = prop_oneof![
        4 => Just(Some(Submission::Accepted)),
        3 => Just(None),
        1 => Just(Some(Submission::Indeterminate)),
        1 => Just(Some(Submission::Rejected)),
        1 => Just(Some(Submission::Unsent)),
    ];
    let at =
        || proptest::option::weighted(0.7, (proptest::bool::weighted(0.2), prop_oneof![4 => Just(30), 1 => Just(150)]));
    (answer, at(), at(), proptest::bool::weighted(0.1), proptest::bool::weighted(0.3)).prop_map(
        |(answer, file, issuer, possible, cancelled)| Story { answer, seen: [file, issuer], possible, cancelled },
    )
}

fn told(stories: &[Story], looked: Option<i64>, (holds, probed): (bool, bool)) -> Trial {
    let mut trial = Trial::new();
    trial.plan.cancel_is_probed = probed;
    trial.plan.waypoints[usize::from(ISSUER)].holds_applications = holds;
    for (index, story) in (0..).zip(stories) {
        trial = trial.sent(family(index), story.answer);
        for (at, seen) in [EDI, ISSUER].into_iter().zip(story.seen) {
            let Some((altered, seconds)) = seen else { continue };
            let mut record = if at == EDI { message(&family(index), 0) } else { snapshot(&family(index), 0) };
            if altered {
                record.members[0].set(Field::BirthDate, "1901-01-01");
            }
            trial = trial.seen(at, seconds, record);
        }
        if story.possible {
            trial = trial.push(60, Event::Possible { probe: family(index).index, waypoint: ISSUER });
        }
        if story.cancelled {
            trial = trial.cancelled(500, index);
        }
    }
    if let Some(seconds) = looked {
        trial = trial.looked(seconds);
    }
    let trial = if probed { trial.phase_ended(890, Phase::Cleanup) } else { trial };
    trial.push(900, Event::Finished)
}

fn is_wrong(probe: &ProbeSummary) -> bool {
    probe
        .groups
        .iter()
        .flat_map(|group| &group.waypoints)
        .any(|at| matches!(at.arrival, Arrival::Missing | Arrival::Late) || at.integrity == Some(Integrity::Altered))
}

/// One household has one group here, so that households and groups are counted alike.
fn count(summary: &Summary, is: impl Fn(&ProbeSummary) -> bool) -> u64 {
    summary.probes.iter().filter(|probe| is(probe)).count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn counts_lists_and_verdict_say_the_same(
        stories in proptest::collection::vec(story(), 1..12),
        looked in proptest::option::of(prop_oneof![Just(150_i64), Just(300)]),
        holds in any::<bool>(),
        probed in any::<bool>(),
        target in proptest::option::of(0.05..0.9_f64),
    ) {
        let mut trial = told(&stories, looked, (holds, probed));
        trial.plan.objective.error_rate_below = target;
        let summary = trial.judged();
        let (counts, rate) = (&summary.counts, &summary.error_rate);
        let exists = |probe: &ProbeSummary| matches!(probe.existence, Existence::Accepted | Existence::Seen);
        // every loss that is listed is counted, in the totals, at its waypoint, and in the rate
        prop_assert_eq!(counts.missing + counts.altered + counts.late, count(&summary, is_wrong));
        for (at, waypoint) in summary.waypoints.iter().enumerate() {
            let missing = |probe: &ProbeSummary| probe.groups[0].waypoints[at].arrival == Arrival::Missing;
            prop_assert_eq!(waypoint.groups.missing, count(&summary, missing));
        }
        let found = |probe: &ProbeSummary| probe.findings.iter().any(|finding| finding.kind != FindingKind::Residue);
        if !probed {
            prop_assert_eq!(rate.errors, count(&summary, |probe| exists(probe) && (is_wrong(probe) || found(probe))));
        }
        // of what nobody knows nothing is wrong, and an error is one wherever it is told
        prop_assert_eq!(rate.errors, count(&summary, |probe| exists(probe) && probe.good == Some(false)));
        for probe in &summary.probes {
            let is_unknown = matches!(probe.existence, Existence::Unknown | Existence::NotTaken);
            prop_assert!(!is_unknown || (probe.good, &probe.first_divergent_hop) == (None, &None), "{:?}", probe);
            let is_wrong_somewhere = probe.first_divergent_hop.is_some();
            let is_refused = probe.submission == Submission::Rejected && !is_wrong_somewhere;
            prop_assert!(is_refused || (probe.good == Some(false)) == is_wrong_somewhere, "{:?}", probe);
        }
        prop_assert!(summary.probes.iter().all(|probe| exists(probe) || !is_wrong(probe)));
        prop_assert!(rate.errors <= rate.trials && rate.trials <= count(&summary, exists));
        let fates = [counts.good, counts.missing, counts.altered, counts.late, counts.pending, counts.undecided, counts.blind];
        prop_assert!(fates.iter().sum::<u64>() <= count(&summary, exists));
        // a household that is not good is an error, and one that is good is none
        prop_assert!(summary.probes.iter().all(|probe| !is_wrong(probe) || probe.good == Some(false)));
        prop_assert_eq!(counts.existence_unknown, count(&summary, |probe| probe.existence == Existence::Unknown));
        prop_assert_eq!(counts.not_taken, count(&summary, |probe| probe.existence == Existence::NotTaken));
        // and no pass over any of it
        let reasons = reasons(&summary);
        let passes = matches!(summary.verdict, Verdict::Pass | Verdict::Residue);
        if passes && target.is_none() {
            prop_assert_eq!((rate.errors, counts.existence_unknown, counts.pending), (0, 0, 0), "{}", reasons);
        }
        if reasons.contains("that could be judged are good") || reasons.contains("that could be judged is good") {
            prop_assert_eq!(count(&summary, is_wrong), 0, "{}", reasons);
        }
        prop_assert!(!(passes && rate.trials == 0), "{}", reasons);
        let page = text(&summary, Style::plain()).to_string();
        prop_assert!(!page.contains("missing at") || counts.missing > 0, "{}", page);
    }
}
