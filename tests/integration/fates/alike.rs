//! Households that resemble each other, and people who are enrolled anew: nobody is taken for another.

use crate::trial::{Bench, Trial, Tried, WHOLE, brisk_target, scenario_within};
use johndoe::model::{EdgeCase, Verdict};
use std::collections::BTreeSet;

/// Twenty pairs, four of each case.
fn pairs() -> String {
    let cases: Vec<&str> =
        EdgeCase::ALL.iter().filter(|case| case.is_of_two()).map(|case| EdgeCase::as_str(*case)).collect();
    let edge_cases = format!("edge_cases: {{share: 1, several: false, include: [{}]}}", cases.join(", "));
    scenario_within("120s", "120s", "120s", "25%", 40, "").replace("edge_cases: {share: 0.5}", &edge_cases)
}

fn patient_target() -> String {
    brisk_target().replace("within: 8s", "within: 120s").replace("within: 5s", "within: 30s")
}

fn assert_clean(tried: &Tried) {
    let bad = tried.bad();
    assert!(bad.is_empty(), "{} bad, such as {:#?}", bad.len(), bad.first());
    assert!(tried.summary.probes.iter().all(|probe| probe.findings.is_empty()));
    assert_eq!(
        (tried.summary.counts.residue, tried.summary.verdict),
        (0, Verdict::Pass),
        "{:?}",
        tried.summary.reasons
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn households_that_resemble_each_other_are_told_apart_and_taken_out() {
    let tried = Trial::given("").scenario(&pairs()).target(&patient_target()).run().await;
    assert_clean(&tried);
    assert!(tried.summary.edge_cases.iter().all(|case| case.households >= 8), "{:?}", tried.summary.edge_cases);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_befalls_one_of_a_pair_is_found_in_it_and_not_in_the_other() {
    let scenario = pairs().replace("120s", "20s");
    let faults = "truncate_name@hop=issuer=0.3,birth_date_off_by_one=0.3";
    let tried = Trial::given(faults).scenario(&scenario).target(&patient_target()).run().await;
    let markers = tried.markers();
    let planted: BTreeSet<u32> = markers
        .iter()
        .filter(|(_, marker)| tried.truth.iter().any(|fault| marker.starts_with(fault.marker.as_str())))
        .map(|(index, _)| *index)
        .collect();
    let bad: BTreeSet<u32> = tried.bad().iter().map(|probe| probe.index.0).collect();
    assert!(planted.len() > 8 && planted.len() < 36, "{planted:?}");
    assert_eq!(bad, planted);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_taken_out_is_enrolled_anew_by_a_second_run_of_the_same_seed() {
    let scenario = scenario_within("120s", "120s", "120s", "25%", 20, "");
    let bench: Bench = Trial::given("").scenario(&scenario).target(&patient_target()).begin().await;
    for _ in 0..2 {
        let run = bench.start(WHOLE).await;
        assert_clean(&bench.judged(&run));
    }
    bench.running.stop().await;
}
