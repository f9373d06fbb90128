//! First days of coverage that an exchange tells, judged by the rules of effective dates, through the whole pipeline.

use super::class::Class;
use crate::trial::{Trial, Tried, brisk_target, scenario_within};
use johndoe::model::{FindingKind, Verdict};

/// The day is the exchange's own, and the rules are the federal ones.
fn ruled(off: &str) -> String {
    let rules = format!("exchange:\n  effective_dates: {{rules: ffm, today: ours{off}}}\n");
    let target = brisk_target();
    assert!(target.contains("exchange:\n"), "{target}");
    format!("{}carries: {{not_asked: [group.benefit_begin_date]}}\n", target.replacen("exchange:\n", &rules, 1))
}

async fn trip(fault: &str, off: &str) -> Tried {
    let scenario = scenario_within("30s", "30s", "30s", "25%", 4, "");
    Trial::given(fault).scenario(&scenario).target(&ruled(off)).run().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_a_month_late_is_the_exchanges_error_and_expected_behind_it() {
    let late = trip("begins_late=1", "").await;
    assert!(!late.truth.is_empty() && late.truth.iter().all(|fault| fault.fault == "begins_late"), "{:?}", late.truth);
    assert_eq!(late.summary.verdict, Verdict::Fail, "{:?}", late.summary.reasons);
    for probe in &late.summary.probes {
        let by_rule = probe.findings.iter().find(|finding| finding.kind == FindingKind::EnrolledOtherwise);
        let detail = by_rule.map(|finding| finding.detail.as_str()).unwrap_or_default();
        assert!(detail.starts_with("by the rule `open_enrollment` (45 CFR 155.410"), "{probe:#?}");
        assert_eq!(probe.first_divergent_hop.as_deref(), Some("submission"));
        let at = || probe.groups.iter().flat_map(|group| &group.waypoints);
        assert!(at().all(|at| at.discrepancies.is_empty()), "{probe:#?}");
    }
    let line = &late.summary.punch[0];
    assert!(line.what.contains("another first day than the rules allow"), "{line:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn days_by_the_rule_and_a_rule_that_is_switched_off_lead_to_no_finding() {
    for (fault, off) in [("", ""), ("begins_late=1", ", off: [open_enrollment]")] {
        let tried = trip(fault, off).await;
        assert_eq!(tried.summary.verdict, Verdict::Pass, "{fault}{off}: {:?}", tried.summary.reasons);
        assert!(tried.summary.probes.iter().all(|probe| probe.findings.is_empty()), "{fault}{off}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_other_than_was_asked_for_needs_no_rule() {
    let scenario = scenario_within("30s", "30s", "30s", "25%", 2, "");
    let late = Trial::given("begins_late=1").scenario(&scenario).target(&brisk_target()).run().await;
    for probe in &late.summary.probes {
        let class = Class::of(&late.plan, probe);
        assert_eq!(class, Class::at("submission", &["enrolled_otherwise"]), "{probe:#?}");
    }
}
