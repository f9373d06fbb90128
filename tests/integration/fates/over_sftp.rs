//! Whole trips whose 834 files come over the sandbox's SFTP server: what a transfer does is nobody's fate.

use crate::trial::{Trial, brisk_target, over_sftp};
use johndoe::model::{FindingKind, Verdict};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_missing_and_nobody_is_there_twice_because_of_a_transfer() {
    let tried = Trial::given("partial_upload=0.5").target(&over_sftp(&brisk_target())).run().await;
    assert!(!tried.truth.is_empty(), "nothing was planted");
    assert!(tried.bad().is_empty(), "{:#?}", tried.bad().first());
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
    assert_eq!((tried.summary.counts.accepted, tried.summary.counts.residue), (6, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_really_comes_twice_is_found() {
    let tried = Trial::given("duplicate_file=1").target(&over_sftp(&brisk_target())).run().await;
    let duplicated = |probe: &&johndoe::model::ProbeSummary| {
        probe.findings.iter().any(|finding| finding.kind == FindingKind::Duplicated)
    };
    assert_eq!(tried.summary.probes.iter().filter(duplicated).count(), 6, "{:#?}", tried.summary.counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_key_makes_blind_and_nobody_missing() {
    let key = "SHA256:kuBpd3meWhhfC5fboyXfNXGmWkYlhL1XronXPnDolu0";
    let target = over_sftp(&brisk_target()).replace("${env:JOHNDOE_SFTP_KEY}", key);
    let tried = Trial::given("").target(&target).run().await;
    assert_eq!(
        (tried.summary.counts.missing, tried.summary.verdict),
        (0, Verdict::Blind),
        "{:?}",
        tried.summary.reasons
    );
    let entries = format!("{:?}", tried.entries);
    assert!(entries.contains(key) && entries.contains("`host_key`"), "the ledger says why");
}
