//! People who move after they were enrolled: whether their new address arrives.

use crate::trial::{Bench, StopsAt, job};
use crate::trial::{Trial, WHOLE, brisk_target, overlay, scenario_within, start_sandbox, surroundings};
use johndoe::ledger;
use johndoe::model::{
    Arrival, Event, Field, FindingKind, GroupAtWaypoint, Integrity, ProbeSummary, RecordKind, Summary, Verdict,
};
use johndoe::prober::{Prober, Surroundings};
use johndoe::reconcile;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// With a change of address, due within `limit` everywhere.
fn scenario(limit: &str, count: u32) -> String {
    let change = format!(
        "  - event: change_address\n    expect: {{at: {{exchange: {limit}, edi_834: {limit}, issuer: {limit}}}}}\n"
    );
    scenario_within("30s", "30s", "30s", "25%", count, "").replace("grace:", &format!("{change}grace:"))
}

fn changes(probe: &ProbeSummary) -> Vec<&GroupAtWaypoint> {
    probe.groups.iter().flat_map(|group| &group.changes).collect()
}

fn has_moved(probe: &ProbeSummary) -> bool {
    let is_whole = |at: &&GroupAtWaypoint| at.arrival == Arrival::OnTime && at.integrity == Some(Integrity::Intact);
    !changes(probe).is_empty() && changes(probe).iter().all(is_whole)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_never_sent_is_missing_and_every_other_arrives() {
    let tried = Trial::given("change_lost=0.4").scenario(&scenario("10s", 14)).target(&brisk_target()).run().await;
    let markers = tried.markers();
    let (mut lost, mut moved) = (0, 0);
    for probe in &tried.summary.probes {
        let planted = tried.truth.iter().filter(|fault| fault.marker == markers[&probe.index.0]).count();
        let missing: Vec<_> = changes(probe).into_iter().filter(|at| at.arrival == Arrival::Missing).collect();
        if planted > 0 {
            assert_eq!(missing.len(), 2 * planted, "in the files and at the issuer: {probe:#?}");
            assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), (Some(false), Some("edi_834")));
            lost += 1;
        } else {
            assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
            moved += 1;
        }
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert!(lost > 1 && moved > 1, "{lost} lost, {moved} moved");
    let sums: Vec<_> = tried.summary.waypoints.iter().map(|at| at.changes.clone().expect("counted")).collect();
    assert_eq!(sums[0].missing, 0, "the exchange itself holds every change");
    assert!(sums[1].missing > 0 && sums[1].missing == sums[2].missing, "{sums:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_the_enrollment_of_another_before_the_next_step() {
    let step = "  - event: change_address\n    expect: {at: {exchange: 8s, edi_834: 8s, issuer: 8s}}\n";
    let scenario = scenario_within("8s", "8s", "8s", "25%", 8, "").replace("grace:", &format!("{step}grace:"));
    let tried = Trial::given("lose=0.3").scenario(&scenario).target(&brisk_target()).run().await;
    let markers = tried.markers();
    let is_lost = |probe: u32| tried.truth.iter().any(|fault| fault.marker == markers[&probe]);
    let sent = |changes: bool| {
        tried.entries.iter().filter_map(move |entry| match &entry.event {
            Event::Sending { probe, action, .. } if action.event.is_change() == changes => Some((probe.0, entry.at)),
            _ => None,
        })
    };
    let lost_at = sent(false).find(|(probe, _)| is_lost(*probe)).expect("one of them is lost").1;
    let (first, moved_at) = sent(true).next().expect("somebody moves");
    assert!(!is_lost(first), "{first} is not there yet");
    let waited_for_until = lost_at + chrono::TimeDelta::seconds(8);
    assert!(moved_at < waited_for_until, "{moved_at}: whoever is lost is waited for until {waited_for_until}");
    let moves: std::collections::BTreeSet<u32> = sent(true).map(|(probe, _)| probe).collect();
    assert_eq!(moves.len(), 8, "whoever is lost moves too, once nobody waits for them");
}

/// Enrolled without being paid for, and paid later.
fn paid_later(limit: &str, count: u32) -> String {
    let pay = format!("  - event: pay\n    expect: {{at: {{exchange: {limit}, issuer: {limit}}}}}\n");
    let initial = "policy_status: initial";
    let scenario = scenario_within("30s", "30s", "30s", "25%", count, "").replace("grace:", &format!("{pay}grace:"));
    scenario.replacen("    expect: {", &format!("    expect: {{{initial}, "), 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_pays_becomes_effective_and_whose_payment_is_never_told_of_is_named_at_the_exchange() {
    let given = "effectuation_lost=0.4";
    let tried = Trial::given(given).scenario(&paid_later("10s", 10)).target(&brisk_target()).run().await;
    let markers = tried.markers();
    let (mut lost, mut paid) = (0, 0);
    for probe in &tried.summary.probes {
        let is_planted = tried.truth.iter().any(|fault| fault.marker == markers[&probe.index.0]);
        let shown: Vec<_> = changes(probe).into_iter().map(|at| (at.name.clone(), at.arrival)).collect();
        if is_planted {
            lost += 1;
            assert!(shown.contains(&("exchange".to_owned(), Arrival::Missing)), "{shown:?}");
            assert!(shown.contains(&("issuer".to_owned(), Arrival::OnTime)), "{shown:?}");
            assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), (Some(false), Some("exchange")));
        } else {
            paid += 1;
            let (exchange, issuer) = ("exchange".to_owned(), "issuer".to_owned());
            let groups = probe.groups.len();
            let due = |at: &String| shown.iter().filter(|(name, was)| name == at && *was == Arrival::OnTime).count();
            assert_eq!((due(&exchange), due(&issuer)), (groups, groups), "{shown:?}");
            assert_eq!(probe.good, Some(true), "{probe:#?}");
        }
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert!(lost > 0 && paid > 0, "{lost} lost, {paid} paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_while_it_tells_changes_a_run_goes_on_and_tells_each_once() {
    let target = brisk_target().replace("rate: 1000/s", "rate: 10/s");
    let bench: Bench = Trial::given("").scenario(&scenario("60s", 10)).target(&target).begin().await;
    let stop = CancellationToken::new();
    let around = Surroundings { listener: Arc::new(StopsAt(1, stop.clone())), stop, ..surroundings() };
    let opened = ledger::open(&bench.ledger.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(&bench.job, opened, &around).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
    let run = prober.run_id().clone();
    drop(prober);
    let sent = |tried: &crate::trial::Tried| {
        let is_change = |event: &Event| matches!(event, Event::Sending { action, .. } if action.event.is_change());
        tried.entries.iter().filter(|entry| is_change(&entry.event)).count()
    };
    let stopped = sent(&bench.judged(&run));
    assert!((1..10).contains(&stopped), "{stopped} changes were sent before the stop");

    bench.adopt(&run, WHOLE).await;
    let tried = bench.judged(&run);
    assert_eq!(sent(&tried), 10);
    for probe in &tried.summary.probes {
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
    }
    let told = tried.entries.iter().filter(|entry| match &entry.event {
        Event::Seen { sighting } => sighting.record.kind == RecordKind::Maintenance,
        _ => false,
    });
    let groups: usize = tried.summary.probes.iter().map(|probe| probe.groups.len()).sum();
    assert_eq!(told.count(), groups, "one message for each group");
    bench.running.stop().await;
}

/// What became of a run in which an employer hands everything over, and the files that the exchange took.
async fn handed_over(scenario: &str) -> (Summary, Vec<String>) {
    let folder = TempDir::new().expect("a folder");
    let running = start_sandbox(folder.path(), "", 1).await;
    let target =
        include_str!("../../../scenarios/targets/sandbox-employer.yaml").replace("within: 2 windows", "within: 30s");
    let scenario = scenario.replace("[VA, OH, MA]", "[VA, OH]").replace("exchange: 30s, ", "");
    let job = job(&scenario, &target, &overlay(&running), folder.path());
    let path = folder.path().join("ledger.db");
    let opened = ledger::open(&path.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(&job, opened, &surroundings()).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
    let (run, plan) = (prober.run_id().clone(), prober.plan().clone());
    drop(prober);
    let entries = ledger::open_existing(&path.to_string_lossy()).expect("a ledger").entries(&run).expect("entries");
    let summary = reconcile::judge(&plan, &entries, entries.last().expect("an entry").at);
    let files =
        std::fs::read_dir(running.intake.join("taken")).expect("a folder").map(|file| file.expect("a file").path());
    let texts = files.map(|file| std::fs::read_to_string(file).expect("text")).collect();
    assert!(running.troubles().is_empty(), "{:?}", running.troubles());
    running.stop().await;
    (summary, texts)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employer_hands_the_change_over_as_an_834() {
    let (summary, texts) = handed_over(&scenario("30s", 6)).await;
    for probe in &summary.probes {
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
    }
    let told = texts.iter().filter(|text| text.contains("*001*43*") && text.contains("*DEMOGRAPHIC CHANGE~"));
    assert_eq!(told.count(), 6, "a file for each household: INS03 001, INS04 43");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employer_hands_another_agent_over_as_an_834_and_the_household_keeps_that_agent() {
    let helped = of_steps("30s", 6, &[HELPED, MOVE]).replace("dental: 0.2", "dental: 0.2\n  agents: 0.5");
    let (summary, texts) = handed_over(&helped.replace("exchange: 30s, ", "")).await;
    for probe in &summary.probes {
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
    }
    let told = texts.iter().filter(|text| text.contains("*AGENT BROKER INFO~") && text.contains("~N1*BO*Test Agent "));
    assert_eq!(told.count(), 6, "a file for each household");
    let of_moves = texts.iter().filter(|text| text.contains("*001*43*") && text.contains("~N1*BO*"));
    assert_eq!(of_moves.count(), 6, "whoever helps stands in what is told later, too");
}

/// With these changes in turn, each due within this time everywhere.
fn of_steps(limit: &str, count: u32, changes: &[&str]) -> String {
    let at = format!("expect: {{at: {{exchange: {limit}, edi_834: {limit}, issuer: {limit}}}}}");
    let steps: Vec<_> = changes.iter().map(|change| format!("  - {change}\n    {at}\n")).collect();
    let steps = steps.concat();
    scenario_within("30s", "30s", "30s", "25%", count, "").replace("grace:", &format!("{steps}grace:"))
}

const CORRECTION: &str = "event: correct_person\n    what: birth_date";
const MOVE: &str = "event: change_address";

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_a_longer_life_arrives_and_whoever_was_corrected_is_taken_out_again() {
    let (last, first) = ("event: correct_person", "event: correct_person\n    what: first_name");
    let number = "event: correct_person\n    what: ssn";
    let scenario = of_steps("40s", 6, &[MOVE, last, first, CORRECTION, number, MOVE, number]);
    let tried = Trial::given("").scenario(&scenario).target(&brisk_target()).run().await;
    for probe in &tried.summary.probes {
        let at_waypoints = probe.groups.iter().map(|group| group.waypoints.len()).sum::<usize>();
        assert_eq!(changes(probe).len(), 7 * at_waypoints, "seven steps at each waypoint: {probe:#?}");
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_the_middle_of_a_life_a_run_goes_on_with_the_step_that_it_was_at() {
    let target = brisk_target().replace("rate: 1000/s", "rate: 10/s");
    let scenario = of_steps("60s", 6, &[MOVE, CORRECTION, MOVE]);
    let bench: Bench = Trial::given("").scenario(&scenario).target(&target).begin().await;
    let mut run = None;
    for number in [2, 3] {
        let stop = CancellationToken::new();
        let around = Surroundings { listener: Arc::new(StopsAt(number, stop.clone())), stop, ..surroundings() };
        let opened = ledger::open(&bench.ledger.to_string_lossy()).expect("a ledger");
        let prober = match &run {
            None => Prober::begin(&bench.job, opened, &around).await.unwrap_or_else(|e| panic!("{e}")),
            Some(run) => Prober::adopt(&bench.job, run, opened, &around).await.unwrap_or_else(|e| panic!("{e}")),
        };
        prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
        run = Some(prober.run_id().clone());
    }
    let run = run.expect("a run");
    bench.adopt(&run, WHOLE).await;
    let tried = bench.judged(&run);
    for number in 1..=3 {
        let is_step = |event: &Event| matches!(event, Event::Sending { action, .. } if action.number == number);
        assert_eq!(tried.entries.iter().filter(|entry| is_step(&entry.event)).count(), 6, "step {number}: each once");
    }
    for probe in &tried.summary.probes {
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
    }
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_handed_over_as_an_834_reaches_the_issuer() {
    let scenario = of_steps("30s", 4, &["event: correct_person", MOVE]);
    let (summary, texts) = handed_over(&scenario).await;
    for probe in &summary.probes {
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
    }
    let told = texts.iter().filter(|text| text.contains("*001*25*") && text.contains("*DEMOGRAPHIC CHANGE~"));
    assert_eq!(told.count(), 4, "a file for each household: INS03 001, INS04 25");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_told_of_another_member_is_named_and_placed_and_nobody_else_is_accused() {
    let scenario = of_steps("15s", 14, &[CORRECTION]);
    let tried = Trial::given("change_misapplied=0.5").scenario(&scenario).target(&brisk_target()).run().await;
    let markers = tried.markers();
    let (mut wrong, mut right) = (0, 0);
    for probe in &tried.summary.probes {
        let is_planted = tried.truth.iter().any(|fault| fault.marker == markers[&probe.index.0]);
        let named =
            probe.findings.iter().any(|found| found.kind == FindingKind::WrongMember && found.waypoint == "edi_834");
        assert_eq!(is_planted, named, "{probe:#?}");
        let hop = probe.first_divergent_hop.as_deref();
        let expected = if is_planted { (Some(false), Some("edi_834")) } else { (Some(true), None) };
        assert_eq!((probe.good, hop), expected, "{probe:#?}");
        if is_planted { wrong += 1 } else { right += 1 }
    }
    assert!(wrong > 0 && right > 0, "{wrong} wrong, {right} right");
}

const BORN: &str = "event: add_dependent";
const LEAVES: &str = "event: remove_dependent";
const HELPED: &str = "event: change_agent";
const TO_COUNTY: &str = "event: change_address\n    to: county";
const TO_BOX: &str = "event: change_address\n    to: po_box";
const EARNS_LESS: &str = "event: report_income";

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_changes_is_followed_step_by_step_and_taken_out_as_it_is_in_the_end() {
    let steps = [BORN, EARNS_LESS, "event: marry", MOVE, LEAVES, "event: divorce"];
    let scenario = of_steps("40s", 8, &steps);
    let tried = Trial::given("").scenario(&scenario).target(&brisk_target()).run().await;
    for probe in &tried.summary.probes {
        assert_eq!(probe.good, Some(true), "{probe:#?}");
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
    let on_time = |number: u16| {
        let all = tried.summary.probes.iter().flat_map(|probe| &probe.groups).flat_map(|group| &group.changes);
        all.filter(|at| at.step.is_some_and(|step| step.number == number) && at.arrival == Arrival::OnTime).count()
    };
    let seen: Vec<usize> = (1..=6).map(on_time).collect();
    assert!(seen.iter().all(|seen| *seen > 0), "each event happened to somebody, and was seen: {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_helps_is_followed_from_the_enrollment_on_and_a_wrong_agent_is_told() {
    let of = |share: &str| format!("dental: 0.2\n  agents: {share}");
    let helped = |count, share| of_steps("15s", count, &[HELPED]).replace("dental: 0.2", &of(share));
    let clean = Trial::given("").scenario(&helped(8, "0.5")).target(&brisk_target()).run().await;
    assert_eq!(clean.summary.verdict, Verdict::Pass, "{:?}", clean.summary.reasons);
    assert!(clean.summary.probes.iter().all(has_moved), "{:#?}", clean.summary.probes);
    for fault in ["alter:agent_npn", "blank:agent_npn"] {
        let tried =
            Trial::given(&format!("{fault}=0.5")).scenario(&helped(14, "1")).target(&brisk_target()).run().await;
        let markers = tried.markers();
        let (mut wrong, mut right) = (0, 0);
        for probe in &tried.summary.probes {
            let is_planted = tried.truth.iter().any(|fault| fault.marker == markers[&probe.index.0]);
            let first = probe.groups.iter().flat_map(|group| &group.waypoints).flat_map(|at| &at.discrepancies);
            let is_told = first.into_iter().any(|d| d.field == Field::AgentNpn);
            assert_eq!(is_told, is_planted, "{fault}: {probe:#?}");
            let expected = if is_planted { (Some(false), Some("edi_834")) } else { (Some(true), None) };
            assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), expected, "{fault}: {probe:#?}");
            if is_planted { wrong += 1 } else { right += 1 }
        }
        assert!(wrong > 0 && right > 0, "{fault}: {wrong} wrong, {right} right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_moves_to_another_county_and_has_mail_sent_to_a_box_is_followed_everywhere() {
    let scenario = of_steps("40s", 12, &[TO_COUNTY, TO_BOX, TO_COUNTY, "event: change_address"]);
    let scenario = scenario.replace("dental: 0.2", "dental: 0.5");
    let tried = Trial::given("").scenario(&scenario).target(&brisk_target()).run().await;
    for probe in &tried.summary.probes {
        assert!(has_moved(probe) && probe.findings.is_empty() && probe.good == Some(true), "{probe:#?}");
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_at_an_event_is_named_at_its_hop_and_nobody_else_is_accused() {
    for (fault, step, field) in [
        ("change_keeps_amounts", EARNS_LESS, Field::Aptc),
        ("joins_as_spouse", BORN, Field::Relationship),
        ("leaving_untold", LEAVES, Field::MemberEnrolled),
        ("area_kept", TO_COUNTY, Field::County),
        ("mail_as_home", TO_BOX, Field::MailStreet1),
    ] {
        let scenario = of_steps("15s", 14, &[step]);
        let tried = Trial::given(&format!("{fault}=0.5")).scenario(&scenario).target(&brisk_target()).run().await;
        let markers = tried.markers();
        let (mut wrong, mut right) = (0, 0);
        for probe in &tried.summary.probes {
            let is_planted = tried.truth.iter().any(|fault| fault.marker == markers[&probe.index.0]);
            let differing: Vec<Field> =
                changes(probe).iter().flat_map(|at| &at.discrepancies).map(|d| d.field).collect();
            assert_eq!(differing.contains(&field), is_planted, "{fault}: {probe:#?}");
            let expected = if is_planted { (Some(false), Some("edi_834")) } else { (Some(true), None) };
            assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), expected, "{fault}: {probe:#?}");
            if is_planted { wrong += 1 } else { right += 1 }
        }
        assert!(wrong > 0 && right > 0, "{fault}: {wrong} wrong, {right} right");
    }
}

/// A scenario of families whose steps these are, between enrollment and cancellation.
fn life_of(steps: &str, count: u32) -> String {
    let family = "household_size: {2: 1, 3: 3, 4: 2}\n  ssn: never_issued\n  generator: 2";
    let scenario = scenario_within("60s", "60s", "60s", "25%", count, "").replace("ssn: never_issued", family);
    scenario.replace("share: 0.5", "share: 0.0").replace("grace:", &format!("{steps}grace:"))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_and_leaves_again_takes_no_message_from_the_step_before_and_a_second_spouse_is_one_of_the_family() {
    let at_once = |event: &str| format!("  - event: {event}\n    after: answered\n");
    let back = format!("  - event: correct_person\n{}{}", at_once("add_dependent"), at_once("remove_dependent"));
    let again = "  - event: marry\n  - event: divorce\n  - event: marry\n".to_owned();
    for steps in [back, again] {
        let tried = Trial::given("").scenario(&life_of(&steps, 6)).target(&brisk_target()).run().await;
        let bad = tried.bad();
        assert!(bad.is_empty(), "{steps}: {} of 6, such as {:#?}", bad.len(), bad.first());
        assert!(tried.summary.probes.iter().all(|probe| probe.findings.is_empty()), "{steps}");
        assert_eq!(tried.summary.counts.residue, 0, "{steps}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_answers_by_turns_from_a_copy_that_lags_is_stale_and_no_other_is() {
    let scenario = of_steps("30s", 12, &[MOVE, CORRECTION, MOVE]);
    let tried = Trial::given("stale_replica=0.5").scenario(&scenario).target(&brisk_target()).run().await;
    let markers = tried.markers();
    let (mut stale, mut right) = (0, 0);
    for probe in &tried.summary.probes {
        let is_planted = tried.truth.iter().any(|fault| fault.marker == markers[&probe.index.0]);
        let found: Vec<_> = probe.findings.iter().map(|found| (found.kind, found.waypoint.as_str())).collect();
        let expected = if is_planted { vec![(FindingKind::Stale, "issuer")] } else { vec![] };
        assert!(
            found.iter().all(|found| expected.contains(found)) && found.is_empty() == expected.is_empty(),
            "{probe:#?}"
        );
        assert!(has_moved(probe) && probe.good == Some(!is_planted), "{probe:#?}");
        if is_planted { stale += 1 } else { right += 1 }
    }
    assert!(stale > 0 && right > 0, "{stale} stale, {right} right");
    assert!(tried.summary.counts.stale >= Some(stale), "{:?}", tried.summary.counts);
}
