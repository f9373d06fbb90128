//! People who stay, and are taken out by a later process.

use super::class::Class;
use crate::trial::{Trial, WHOLE, brisk_target, scenario_within};
use johndoe::model::{Event, FindingKind, Verdict};
use johndoe::prober::Options;
use johndoe::report;
use std::time::Duration;

const SWEEP: Options = Options { keep: false, cleanup_only: true, deadline: None, no_wait: false };

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_kept_is_taken_out_by_a_later_process_and_a_report_is_the_same_every_time() {
    let bench = Trial::given("").scenario(&scenario_within("30s", "30s", "30s", "25%", 12, "")).begin().await;
    let run = bench.start(Options { keep: true, ..WHOLE }).await;
    let kept = bench.judged(&run);
    assert_eq!(kept.summary.verdict, Verdict::Pass, "{:?}", kept.summary.reasons);
    let cleanups = |tried: &crate::trial::Tried| -> Vec<String> {
        tried.summary.probes.iter().flat_map(|p| &p.groups).map(|g| g.cleanup.clone()).collect()
    };
    assert!(cleanups(&kept).iter().all(|word| word == "kept"), "{:?}", cleanups(&kept));
    let again = bench.judged(&run);
    assert_eq!(report::json(&kept.summary), report::json(&again.summary));
    bench.adopt(&run, SWEEP).await;
    let swept = bench.judged(&run);
    assert!(cleanups(&swept).iter().all(|word| word == "gone"), "{:?}", cleanups(&swept));
    assert_eq!(swept.summary.counts.residue, 0);
    assert!(swept.bad().is_empty(), "{:#?}", swept.bad());
    assert!(bench.running.counters().values().all(|counts| counts.cancellations >= 1));
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_renamed_when_its_receiver_is_done_with_it_has_not_come_again() {
    let bench = Trial::given("").scenario(&scenario_within("30s", "30s", "30s", "25%", 3, "")).begin().await;
    let run = bench.start(Options { keep: true, ..WHOLE }).await;
    for file in std::fs::read_dir(&bench.running.outbound).expect("a folder").map(|file| file.expect("a file").path()) {
        let mut done = file.clone().into_os_string();
        done.push(".done");
        std::fs::rename(file, done).expect("renamed");
    }
    bench.adopt(&run, SWEEP).await;
    let swept = bench.judged(&run);
    let renamed = swept
        .entries
        .iter()
        .filter(|entry| matches!(&entry.event, Event::FileRead { name, .. } if name.ends_with(".done")));
    assert!(renamed.count() > 0, "nobody met the file under its new name");
    assert!(swept.bad().is_empty(), "{:#?}", swept.bad());
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_it_was_given_up_is_recovered() {
    let scenario = scenario_within("30s", "2s", "2s", "0%", 4, "");
    let bench = Trial::given("delay@for=25s=1").scenario(&scenario).begin().await;
    let run = bench.start(Options { keep: true, ..WHOLE }).await;
    let given_up = bench.judged(&run);
    assert!(given_up.summary.counts.missing > 0, "{:?}", given_up.summary.counts);
    let shown = || std::fs::read_dir(&bench.running.outbound).is_ok_and(|files| files.count() > 0);
    while !shown() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    bench.adopt(&run, SWEEP).await;
    let swept = bench.judged(&run);
    for probe in &swept.summary.probes {
        assert!(probe.findings.iter().any(|f| f.kind == FindingKind::Recovered), "{probe:#?}");
    }
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_proved_gone_is_residue_and_what_comes_after_its_cancellation_is_out_of_order() {
    let scenario = scenario_within("30s", "10s", "10s", "25%", 12, "");
    let faults = "cancel_lost=0.4,out_of_order=0.6";
    let target = brisk_target();
    let tried = Trial::given(faults).scenario(&scenario).target(&target).run().await;
    let markers = tried.markers();
    let planted = |probe: u32| {
        tried.truth.iter().filter(|f| f.marker == markers[&probe]).map(|f| f.fault.as_str()).next().unwrap_or("none")
    };
    for probe in &tried.summary.probes {
        let residue = probe.findings.iter().any(|f| f.kind == FindingKind::Residue);
        let disorder = probe.findings.iter().any(|f| f.kind == FindingKind::OutOfOrder);
        println!("{} {} {:?}", planted(probe.index.0), Class::of(&tried.plan, probe), probe.findings);
        match planted(probe.index.0) {
            "cancel_lost" => assert!(residue && !disorder, "{probe:#?}"),
            "out_of_order" => assert!(disorder, "{probe:#?}"),
            _ => assert!(!residue && !disorder, "{probe:#?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_that_went_into_anothers_group_is_missing_and_the_other_is_merged() {
    let scenario = scenario_within("30s", "10s", "10s", "25%", 16, "");
    let tried = Trial::given("merge=0.3").scenario(&scenario).keep().run().await;
    let markers = tried.markers();
    let (mut guests, mut hosts) = (0, 0);
    for probe in &tried.summary.probes {
        let is_guest = tried.truth.iter().any(|fault| fault.marker == markers[&probe.index.0]);
        let class = Class::of(&tried.plan, probe);
        if is_guest {
            assert!(class.signs.contains("missing") && class.hop.as_deref() == Some("edi_834"), "{class} {probe:#?}");
            guests += 1;
        } else if class != Class::good() {
            assert!(class.signs.contains("merged") && class.hop.as_deref() == Some("edi_834"), "{class} {probe:#?}");
            hosts += 1;
        }
    }
    assert!(guests > 0 && hosts > 0, "{guests} guests, {hosts} hosts: {:?}", tried.truth);
}
