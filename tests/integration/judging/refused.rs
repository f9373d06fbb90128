//! Files that a receiver refuses, and records that are split, doubled or absorbed: named, and not good.

use super::trial::{EDI, ISSUER, Trial, at, cancellation, family, findings, hop, message, snapshot};
use johndoe::model::{Arrival, Event, Field, FindingKind, IssuerId, Phase, ProbeIndex, Refused, Submission, Verdict};
use johndoe::report::{Style, text};

fn read(household: u32, damage: Option<&str>, refused: Vec<Refused>, held: Vec<ProbeIndex>) -> Event {
    let name = message(&family(household), 0).place.source;
    let damage = damage.map(str::to_owned);
    Event::FileRead { waypoint: EDI, name, digest: "ab".into(), strangers: 0, baseline: false, damage, refused, held }
}

fn refused(numbers: [Option<&str>; 3]) -> Refused {
    let [interchange, functional_group, transaction_set] = numbers.map(|number| number.map(str::to_owned));
    Refused { interchange: interchange.unwrap(), functional_group, transaction_set }
}

#[test]
fn whoever_stands_in_what_a_receiver_refuses_is_not_good_and_nobody_else() {
    let arrived = || (0..3).fold(Trial::new(), |trial, index| trial.accepted(family(index)).arrived(&family(index)));
    let damage = Some("trailer `GE` counts `7`; expected `3`, as found");
    // sets are numbered 0, 10 and 20
    for (numbers, wrong) in [
        ([Some("000000001"), None, None], vec![0, 1, 2]),
        ([Some("000000001"), Some("1"), None], vec![0, 1, 2]),
        ([Some("000000001"), Some("1"), Some("10")], vec![1]),
        ([Some("000000001"), Some("2"), None], vec![]),
        ([Some("000000009"), None, None], vec![]),
    ] {
        let trial = arrived().push(20, read(0, damage, vec![refused(numbers)], Vec::new()));
        let summary = trial.push(500, Event::Finished).judged();
        for probe in &summary.probes {
            let is_wrong = wrong.contains(&probe.index.0);
            let expected = if is_wrong { vec![(FindingKind::Damaged, "edi_834")] } else { Vec::new() };
            assert_eq!((findings(probe), probe.good), (expected, Some(!is_wrong)), "{numbers:?} {}", probe.index);
        }
        assert_eq!(summary.counts.damaged, wrong.len() as u64);
        assert_eq!(summary.files.len(), 1, "it is told whomever it concerns");
        let page = text(&summary, Style::plain()).to_string();
        assert!(page.contains("Files in which something is wrong") && page.contains("counts `7`"), "{page}");
    }
}

#[test]
fn whose_set_is_cut_off_is_missing_and_told_why_and_a_sound_copy_mends_it() {
    let cut = read(0, Some("file ends before the trailer `SE`"), Vec::new(), vec![ProbeIndex(0)]);
    let sent = Trial::new().accepted(family(0)).push(30, cut).looked(300);
    let probe = sent.clone().probe();
    assert_eq!((hop(&probe, EDI).arrival, findings(&probe)), (Arrival::Missing, vec![]));
    let told = hop(&probe, EDI).not_found.as_deref().unwrap_or_default();
    assert!(told.contains("it stands in") && told.contains("file ends before"), "{told}");
    // who is not known to stand in it may have been meant for it
    let other = read(0, Some("file ends before the trailer `SE`"), Vec::new(), Vec::new());
    let probe = Trial::new().accepted(family(0)).push(30, other).looked(300).probe();
    let told = hop(&probe, EDI).not_found.as_deref().unwrap_or_default();
    assert!(told.contains("it may have been meant for"), "{told}");
    let mut sound = message(&family(0), 0);
    sound.place.source = "another.edi".into();
    let probe = sent.seen(EDI, 60, sound).probe();
    assert_eq!((hop(&probe, EDI).arrival, findings(&probe)), (Arrival::OnTime, vec![]));
}

#[test]
fn one_household_in_two_sets_of_one_policy_is_split_and_two_records_of_one_set_are_not() {
    let mut parts = [message(&family(0), 0), message(&family(0), 0)];
    parts[0].members.truncate(1);
    parts[1].members.remove(0);
    let judged = |parts: &[johndoe::model::GroupRecord; 2]| {
        let trial = Trial::new().accepted(family(0)).seen(ISSUER, 40, snapshot(&family(0), 0));
        findings_owned(&parts.iter().fold(trial, |trial, part| trial.seen(EDI, 20, part.clone())).probe())
    };
    parts[1].place.segment = Some(30);
    assert_eq!(judged(&parts), []);
    parts[1].place.transaction_set = Some("7".into());
    assert_eq!(judged(&parts), [FindingKind::Split]);
}

fn findings_owned(probe: &johndoe::model::ProbeSummary) -> Vec<FindingKind> {
    probe.findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn a_cancellation_that_is_told_twice_is_a_duplicate() {
    let cancelled =
        Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch).cancelled(300, 0);
    let trial = cancelled.seen(EDI, 320, cancellation(&family(0), 0)).gone(330, 0).looked(330);
    assert_eq!(findings(&trial.probe()), []);
    let mut again = cancellation(&family(0), 0);
    again.place.interchange = Some("000000009".into());
    assert_eq!(findings(&trial.seen(EDI, 350, again).probe()), [(FindingKind::Duplicated, "edi_834")]);
}

#[test]
fn whoever_is_absorbed_by_another_household_is_told_so_where_nothing_else_of_it_is() {
    let mut record = snapshot(&family(0), 0);
    record.members.extend(snapshot(&family(1), 0).members);
    let trial = Trial::new().accepted(family(0)).accepted(family(1)).seen(ISSUER, 40, record);
    let sent = [0, 1].into_iter().fold(trial, |trial, index| trial.seen(EDI, 20, message(&family(index), 0)));
    let summary = sent.looked(300).judged();
    let absorbed = &summary.probes[1];
    assert_eq!(hop(absorbed, ISSUER).arrival, Arrival::Missing);
    assert_eq!(findings(absorbed), [(FindingKind::Merged, "issuer")]);
    assert!(absorbed.findings[0].detail.contains("the group of probe 0"), "{absorbed:?}");
}

#[test]
fn a_second_row_that_came_by_anothers_look_up_is_a_duplicate_where_it_is_another_row() {
    let mut second = snapshot(&family(0), 0);
    let trial = |record: johndoe::model::GroupRecord| {
        let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).accepted(family(1)).arrived(&family(1));
        trial = trial.seen(ISSUER, 60, record);
        if let Some(Event::Seen { sighting }) = trial.entries.last_mut().map(|entry| &mut entry.event) {
            sighting.asked_for = Some(ProbeIndex(1));
        }
        trial.probe()
    };
    assert_eq!(findings(&trial(second.clone())), [], "the same row, met on the way");
    second.facts.set(Field::PolicyId, "P-OTHER");
    assert_eq!(findings(&trial(second)), [(FindingKind::Duplicated, "issuer")]);
}

#[test]
fn what_the_exchange_says_when_it_cancels_is_no_word_on_the_enrollment() {
    let trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch).cancelled(300, 0);
    let mut trial = trial.seen(EDI, 320, cancellation(&family(0), 0)).gone(330, 0).looked(330);
    let told = trial.entries.iter_mut().rev().find_map(|entry| match &mut entry.event {
        Event::Answered { captures, .. } => Some(captures),
        _ => None,
    });
    let mut facts = johndoe::model::Facts::new();
    facts.set(Field::PolicyStatus, "cancelled");
    facts.set(Field::PremiumTotal, johndoe::model::Cents(0));
    told.unwrap().groups.push(johndoe::model::GroupCapture { line: None, facts });
    let summary = trial.phase_ended(600, Phase::Cleanup).push(601, Event::Finished).judged();
    assert_eq!((summary.probes[0].good, summary.verdict), (Some(true), Verdict::Pass), "{:?}", summary.probes[0]);
}

fn blind(probe: Option<ProbeIndex>, from: i64, until: i64) -> Event {
    let (issuer, reason) = (Some(IssuerId::new("12345")), "503".to_owned());
    Event::Blind { probe, waypoint: ISSUER, issuer, from: at(from), until: at(until), reason }
}

#[test]
fn anothers_failed_look_hides_nobodys_residue_and_their_own_does() {
    let began = Event::Began { epoch: 1, wall_at: at(0), uptime: None };
    let both = (0..2).fold(Trial::new().push(0, began), |trial, index| {
        trial.accepted(family(index)).arrived(&family(index)).cancelled(300, index)
    });
    let both = (0..2).fold(both, |trial, index| trial.seen(EDI, 320, cancellation(&family(index), 0)));
    // the first was looked at after limit and grace, and is still there; the second's looks failed
    let look = |at_: i64| Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(at_) };
    let judged = |looked: i64| {
        let trial = both.clone().push(looked, look(looked)).push(600, blind(None, 310, 600));
        let mut trial = trial.push(600, blind(Some(ProbeIndex(1)), 310, 600)).phase_ended(700, Phase::Cleanup);
        trial.plan.cancel_is_probed = true;
        trial.push(701, Event::Finished).judged()
    };
    let summary = judged(550);
    assert_eq!((summary.verdict, summary.exit_code), (Verdict::Fail, 1), "{:?}", summary.reasons);
    let [first, second] = [0, 1].map(|at: usize| findings(&summary.probes[at]));
    assert_eq!(first, [(FindingKind::Residue, "issuer")]);
    assert!(summary.probes[0].findings.iter().all(|f| f.detail.contains("still in force")), "{:?}", summary.probes[0]);
    assert_eq!(second, [(FindingKind::Residue, "issuer")]);
    assert!(summary.probes[1].findings[0].detail.contains("nobody could look"), "{:?}", summary.probes[1]);
    // what is known of the second's enrollment stays known
    assert_eq!((summary.error_rate.errors, summary.error_rate.trials), (1, 2));
}

#[test]
fn every_sentence_about_cancellations_has_the_reason_of_its_own_kind() {
    let both = (0..2).fold(Trial::new(), |trial, index| trial.accepted(family(index)).arrived(&family(index)));
    let mut trial = both.phase_ended(290, Phase::Watch);
    trial.plan.cancel_is_probed = true;
    for (probe, answer, told) in
        [(0, Submission::Indeterminate, "answered 500"), (1, Submission::Rejected, "answered 409")]
    {
        trial = trial.cancel_answered(300, probe, answer);
        if let Some(Event::Answered { reason, .. }) = trial.entries.last_mut().map(|entry| &mut entry.event) {
            *reason = Some(told.to_owned());
        }
    }
    let summary = trial.looked(650).phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged();
    let says = |words: &str| summary.reasons.iter().any(|reason| reason.contains(words));
    assert!(says("the exchange refused to cancel 1 group (answered 409)"), "{:?}", summary.reasons);
    assert!(says("got no trustworthy answer (answered 500)"), "{:?}", summary.reasons);
}
