//! Nothing is found where nothing is wrong, and everything where everything is: the foreign pipeline before the judge.

use super::defect::{At, Defect, Field};
use super::drive::{Judged, TARGET, run, run_at};
use super::expected::{clean, expected, found};
use super::pipeline::{Keystone, OBSERVER_PASSWORDS, PARTNER_KEY, PASSWORD, Running, Trouble};
use super::strangers::TRACES;
use johndoe::model::{Arrival, Entry, Event, Verdict};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tempfile::TempDir;

const CLEAN: &str = "
scenario: keystone-clean
objective: {decide: estimate}
population:
  generator: 1
  count: 120
  seed: 11
  states: [PA, MA, NJ]
  household_size: {1: 3, 2: 3, 3: 3, 4: 2, 6: 1}
  dental: 25%
  ssn: never_issued
  edge_cases: {share: 90%}
journey:
  - event: enroll
    expect: {at: {edi_834: 60s, issuer: 60s}}
  - event: cancel
    expect: {at: {edi_834: 60s, issuer: 60s}}
load: {in_flight: 30}
";

/// Limits that nothing reaches: what is wrong here is not the time.
const ALTERED: &str = "
scenario: keystone-altered
objective: {decide: estimate}
population:
  generator: 1
  count: 100
  seed: 5
  states: [PA, MA, NJ]
  household_size: {1: 2, 2: 3, 3: 4, 4: 4}
  dental: 20%
  ssn: never_issued
  edge_cases: {share: 30%, include: [apostrophe, zip_leading_zero, diacritics, hyphenated_surname]}
journey:
  - event: enroll
    expect: {at: {edi_834: 90s, issuer: 90s}}
  - event: cancel
    expect: {at: {edi_834: 90s, issuer: 90s}}
load: {rate: 15/s, in_flight: 60}
";

/// Few households, so that only what is meant to be late is.
const UNTIMELY: &str = "
scenario: keystone-untimely
objective: {decide: estimate}
population: {generator: 1, count: 14, seed: 8, states: [PA, MA], dental: 30%}
journey:
  - event: enroll
    expect: {at: {edi_834: 14s, issuer: 16s}}
  - event: cancel
    expect: {at: {edi_834: 8s, issuer: 9s}}
grace: 40%
load: {rate: 5/s}
";

/// Beyond the longest limit, and within its grace.
const LATE: Duration = Duration::from_secs(18);

fn few(limit: &str) -> String {
    format!(
        "
scenario: keystone-weather
objective: {{decide: estimate}}
population: {{generator: 1, count: 12, seed: 3, states: [PA]}}
journey:
  - event: enroll
    expect: {{at: {{edi_834: {limit}, issuer: {limit}}}}}
"
    )
}

async fn start(defects: Vec<Defect>) -> (Running, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let trouble = Trouble { defects, late: LATE, silence: Duration::from_secs(8) };
    (Keystone::start(folder.path(), trouble).await, folder)
}

/// Every output holds neither a secret nor anything of a stranger.
fn assert_discreet(judged: &Judged) {
    let spaced = PASSWORD.replace(' ', "+");
    let secrets =
        [PASSWORD, OBSERVER_PASSWORDS[0], OBSERVER_PASSWORDS[1], PARTNER_KEY, &spaced, "kEy/st0ne", "kEy%2Fst0ne"];
    for (name, bytes) in &judged.outputs {
        let text = String::from_utf8_lossy(bytes);
        for secret in secrets.iter().chain(TRACES) {
            assert!(!text.to_uppercase().contains(&secret.to_uppercase()), "`{secret}` is in the {name}");
        }
    }
}

/// Members counted and dropped in the files.
fn strangers_in_files(judged: &Judged) -> u64 {
    let of = |entry: &Entry| match entry.event {
        Event::FileRead { strangers, .. } => strangers,
        _ => 0,
    };
    judged.entries.iter().map(of).sum()
}

/// Households whose judgement is not what it must be, in words.
fn misjudged(running: &Running, judged: &Judged) -> Vec<String> {
    let truth = running.keystone.state().truth.clone();
    let defects: BTreeMap<usize, Defect> =
        truth.iter().filter_map(|(case, defect)| Some((*judged.probe_of_case.get(case)?, *defect))).collect();
    assert_eq!(defects.len(), truth.len(), "every case belongs to a probe");
    let wrong = judged.summary.probes.iter().enumerate().filter_map(|(index, probe)| {
        let wanted = defects.get(&index).map_or_else(clean, |defect| expected(*defect));
        let got = found(probe);
        (got != wanted).then(|| {
            let details: Vec<_> =
                probe.findings.iter().map(|f| format!("{} {}: {}", f.waypoint, f.kind, f.detail)).collect();
            let differs: Vec<_> =
                probe.groups.iter().flat_map(|g| &g.waypoints).flat_map(|w| &w.discrepancies).collect();
            format!(
                "probe {index}, {:?} ({:?}):\n  wanted {wanted:?}\n  got    {got:?}\n  {details:?}\n  {differs:?}",
                defects.get(&index),
                probe.edge_cases
            )
        })
    });
    wrong.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_pipeline_is_found_clean_however_it_writes() {
    let (running, folder) = start(Vec::new()).await;
    let judged = run(&running, folder.path(), CLEAN).await;
    let wrong = misjudged(&running, &judged);
    assert!(wrong.is_empty(), "{} of 120:\n{}", wrong.len(), wrong.join("\n"));
    let counts = &judged.summary.counts;
    let groups: u64 = judged.summary.probes.iter().map(|probe| probe.groups.len() as u64).sum();
    assert_eq!((counts.accepted, counts.good, counts.residue), (120, groups, 0));
    assert_eq!(judged.summary.verdict, Verdict::Pass, "{:?}", judged.summary.reasons);
    assert_eq!(strangers_in_files(&judged), running.keystone.state().strangers_written);
    assert!(counts.strangers_dropped > strangers_in_files(&judged), "those in answers are counted too");
    let asked_once = running.keystone.state().enrol_requests.values().all(|n| *n == 1);
    assert!(asked_once, "nobody is enrolled twice");
    assert_discreet(&judged);
}

/// One of each class that shows itself in what a record says, the rarer ones first.
fn alterations() -> Vec<Defect> {
    use Field::{
        ApostropheLost, BornDayEarlier, ChildBecomesSpouse, CountyWrong, CreditBlank, CreditWrong, FamilyMisspelt,
        GivenMojibake, PlanWrong, PolicyNumberWrong, PremiumWrong, SexTurned, SsnBlank, StartMonthLater, StreetBlank,
        TobaccoTurned, VariantWrong, ZipZeroLost,
    };
    let mut defects = vec![Defect::NumberTwice, Defect::NumberTwice];
    for at in [At::File, At::Load] {
        let fields = [
            ApostropheLost,
            ZipZeroLost,
            SsnBlank,
            ChildBecomesSpouse,
            GivenMojibake,
            FamilyMisspelt,
            TobaccoTurned,
            BornDayEarlier,
            SexTurned,
            StreetBlank,
            CountyWrong,
            CreditWrong,
            CreditBlank,
            PremiumWrong,
            VariantWrong,
            PlanWrong,
            StartMonthLater,
            PolicyNumberWrong,
        ];
        defects.extend([Defect::NumbersSwapped(at), Defect::DependentDropped(at), Defect::DependentAdded(at)]);
        defects.extend(fields.map(|field| Defect::Spoilt(at, field)));
        defects.push(Defect::Twice(at));
    }
    defects.extend([Defect::DeniedYetSent, Defect::FailsAfterAccepting]);
    defects
}

/// One of each class that shows itself in what comes late, elsewhere or never.
fn untimely() -> Vec<Defect> {
    let mut defects = Vec::new();
    for at in [At::File, At::Load] {
        defects.extend([Defect::Lost(at), Defect::Late(at), Defect::Misrouted(at)]);
    }
    defects.extend([Defect::CancellationUnsent, Defect::CancellationIgnored, Defect::SilentAfterAccepting]);
    defects
}

async fn every_defect_is_found(defects: Vec<Defect>, scenario: &str) -> Judged {
    let (running, folder) = start(defects).await;
    let judged = run(&running, folder.path(), scenario).await;
    let undealt = running.keystone.state().undealt().to_vec();
    assert!(undealt.is_empty(), "not dealt: {undealt:?}");
    let wrong = misjudged(&running, &judged);
    assert!(wrong.is_empty(), "{} misjudged:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(judged.summary.verdict, Verdict::Fail);
    assert!(running.keystone.state().enrol_requests.values().all(|n| *n == 1), "nobody is enrolled twice");
    assert_discreet(&judged);
    judged
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_altered_doubled_or_made_up_is_found_named_and_placed_and_nothing_beside_it() {
    let judged = every_defect_is_found(alterations(), ALTERED).await;
    let counts = &judged.summary.counts;
    assert_eq!((counts.rejected, counts.indeterminate, counts.missing, counts.residue), (1, 1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_lost_late_astray_or_left_behind_is_found_named_and_placed_and_nothing_beside_it() {
    let judged = every_defect_is_found(untimely(), UNTIMELY).await;
    let counts = &judged.summary.counts;
    assert_eq!((counts.late, counts.missing, counts.residue, counts.indeterminate), (2, 4, 2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_that_the_target_has_exchanged_accuse_nobody_of_misrouting() {
    let (running, folder) = start(Vec::new()).await;
    let exchanged = TARGET.replace("outbox/LAUREL", "outbox/-").replace("outbox/MONONGAHELA", "outbox/LAUREL");
    let exchanged = exchanged.replace("outbox/-", "outbox/MONONGAHELA");
    let judged = run_at(&running, folder.path(), (&few("20s"), &exchanged)).await;
    let (summary, counts) = (&judged.summary, &judged.summary.counts);
    assert_eq!(summary.verdict, Verdict::Inconclusive, "{:?}\n{counts:?}", summary.reasons);
    assert_eq!((counts.misrouted, counts.missing, counts.altered, counts.residue), (0, 0, 0, 0), "{counts:?}");
    let told = summary.reasons.join("\n");
    assert!(told.contains("at `edi_834` every record of 12 households stands at another issuer's place"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_down_throughout_makes_the_run_blind_and_nobody_missing() {
    let (running, folder) = start(Vec::new()).await;
    running.keystone.down[0].store(true, Ordering::Relaxed);
    let judged = run(&running, folder.path(), &few("5s")).await;
    let counts = &judged.summary.counts;
    assert_eq!(judged.summary.verdict, Verdict::Blind, "{:?}", judged.summary.reasons);
    assert_eq!((counts.missing, counts.unexpected, counts.flapping), (0, 0, 0));
    assert!(counts.blind > 0 && counts.good > 0, "{counts:?}");
    let at_issuer = |arrival| {
        judged.summary.probes.iter().flat_map(|p| &p.groups).filter(move |g| g.waypoints[1].arrival == arrival)
    };
    assert!(at_issuer(Arrival::Blind).all(|group| group.issuer.as_deref() == Some("41001")));
    assert!(at_issuer(Arrival::OnTime).all(|group| group.issuer.as_deref() == Some("52002")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_that_ends_in_time_leaves_no_trace_but_its_spell() {
    let (running, folder) = start(Vec::new()).await;
    running.keystone.down[0].store(true, Ordering::Relaxed);
    let keystone = std::sync::Arc::clone(&running.keystone);
    let repair = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        keystone.down[0].store(false, Ordering::Relaxed);
    });
    let judged = run(&running, folder.path(), &few("60s")).await;
    repair.await.expect("repaired");
    let wrong = misjudged(&running, &judged);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(judged.summary.verdict, Verdict::Pass, "{:?}", judged.summary.reasons);
    let spells = judged.entries.iter().filter(|e| matches!(e.event, Event::Blind { .. })).count();
    assert!(spells > 0, "the spell is on record");
}
