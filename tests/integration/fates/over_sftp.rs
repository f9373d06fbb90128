//! Whole trips whose 834 files come over the sandbox's SFTP server: what a transfer does is nobody's fate.

use crate::trial::{Trial, brisk_target, over_sftp, surroundings};
use johndoe::ledger;
use johndoe::model::{FindingKind, Verdict};
use johndoe::prober::Prober;

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
async fn another_host_key_or_a_refused_login_ends_a_run_before_anybody_is_enrolled() {
    let key = "SHA256:kuBpd3meWhhfC5fboyXfNXGmWkYlhL1XronXPnDolu0";
    let target = over_sftp(&brisk_target());
    let other_key = (target.replace("${env:JOHNDOE_SFTP_KEY}", key), [key, "`host_key`"]);
    let wrong_password = (target.replace("password: sandbox,", "password: guessed,"), ["does not let", "`password`"]);
    for (target, words) in [other_key, wrong_password] {
        let bench = Trial::given("").target(&target).begin().await;
        let opened = ledger::open(&bench.ledger.to_string_lossy()).expect("a ledger");
        let refused = Prober::begin(&bench.job, opened, &surroundings()).await.err().expect("it does not begin");
        let told = refused.to_string();
        assert!(told.starts_with("waypoint `edi_834` cannot be watched, so nobody was enrolled: "), "{told}");
        assert!(words.iter().all(|word| told.contains(word)) && !told.contains("guessed"), "{told}");
        assert!(bench.running.counters().is_empty(), "{:?}", bench.running.counters());
        bench.running.stop().await;
    }
}
