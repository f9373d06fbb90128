//! Nothing is found where nothing was planted.

use crate::trial::{Trial, brisk_target, scenario_within};
use johndoe::model::{EdgeCase, Verdict};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_households_of_every_awkward_kind_pass_without_a_finding_and_are_taken_out_again() {
    let scenario = scenario_within("120s", "120s", "120s", "25%", 1000, "");
    let scenario = scenario.replace("share: 0.5", "share: 0.9").replace("rate: 60/s", "rate: 40/s");
    let target = brisk_target().replace("within: 8s", "within: 120s").replace("within: 5s", "within: 30s");
    let tried = Trial::given("").scenario(&scenario).target(&target).run().await;
    let (counts, bad) = (&tried.summary.counts, tried.bad());
    assert!(bad.is_empty(), "{} of 1000, such as {:#?}", bad.len(), bad.first());
    assert!(tried.summary.probes.iter().all(|probe| probe.findings.is_empty()), "{counts:?}");
    assert_eq!((counts.accepted, counts.residue, counts.altered), (1000, 0, 0), "{counts:?}");
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
    let uncovered: Vec<EdgeCase> =
        tried.summary.edge_cases.iter().filter(|case| case.households == 0).map(|case| case.name).collect();
    assert_eq!(uncovered, Vec::new(), "asked for and not drawn");
    assert_eq!(tried.summary.edge_cases.len(), EdgeCase::ALL.len(), "the whole catalogue is reported");
}
