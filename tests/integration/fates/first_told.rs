//! What an exchange tells first of a policy in the answer to a later step: whatever the enrollment's flow captured, a step owes nothing of a
//! policy that it does not change.

use crate::trial::{Trial, Tried, brisk_target, scenario_within};
use johndoe::model::{Arrival, CoverageLine, Verdict};

const EVENTS: [&str; 6] =
    ["change_plan", "add_dependent", "remove_dependent", "report_income", "correct_person", "change_address"];

/// What the enrollment's flow captures of policies in the shipped target.
const CAPTURED: &str = r#"          capture:
            exchange_assigned_policy_id: {jsonpath: "$.policies[*].policyId", per: group}
            plan_id: {jsonpath: "$.policies[*].planId", per: group}
            benefit_begin_date: {jsonpath: "$.policies[*].benefitBegin", per: group}
            premium_total: {jsonpath: "$.policies[*].premium", per: group}
            aptc: {jsonpath: "$.policies[*].aptc", per: group}
            total_responsibility: {jsonpath: "$.policies[*].totalResponsibility", per: group}
            rating_area: {jsonpath: "$.policies[*].ratingArea", per: group}
"#;

/// The shipped target, in which the answers to all steps tell of policies; with what the enrollment's own tells, or without.
fn target(enroll_captures: bool) -> String {
    let target = brisk_target();
    let (enroll, later) = target.split_once("    change_address:\n").expect("the first of the later steps");
    assert!(enroll.contains(CAPTURED), "{enroll}");
    let enroll = if enroll_captures { enroll.to_owned() } else { enroll.replace(CAPTURED, "") };
    let later = format!("    change_address:\n{later}");
    let silent = "tell who they really are";
    let (before, step) = later.split_once(&format!("name: {silent}\n")).expect("a step that captures nothing");
    let (asks, after) = step.split_once("pause: 500ms}\n").expect("its end");
    format!("{enroll}{before}name: {silent}\n{asks}pause: 500ms}}\n{CAPTURED}{after}")
}

/// A household of three or four, each with a dental policy beside the medical one, and one event between enrollment and cancellation.
async fn tried(event: &str, enroll_captures: bool) -> Tried {
    let to = if event == "change_plan" { "    to: issuer\n" } else { "" };
    let step = format!("  - event: {event}\n{to}    expect: {{at: {{exchange: 40s, edi_834: 40s, issuer: 40s}}}}\n");
    let scenario = scenario_within("30s", "30s", "30s", "25%", 3, "").replace("grace:", &format!("{step}grace:"));
    let scenario = scenario.replace("dental: 0.2", "dental: 1.0\n  household_size: {3: 1, 4: 1}");
    Trial::given("").scenario(&scenario).target(&target(enroll_captures)).run().await
}

async fn all_pass(enroll_captures: bool) {
    let trials = EVENTS.map(|event| tokio::spawn(tried(event, enroll_captures)));
    for (event, trial) in EVENTS.into_iter().zip(trials) {
        let tried = trial.await.expect("a trial");
        let bad = tried.bad();
        assert!(bad.is_empty(), "{event}, {enroll_captures}: {} of 3, such as {:#?}", bad.len(), bad.first());
        assert!(tried.summary.probes.iter().all(|probe| probe.findings.is_empty()), "{event}, {enroll_captures}");
        let groups = || tried.summary.probes.iter().flat_map(|probe| &probe.groups);
        assert!(groups().all(|group| group.cleanup == "gone"), "{event}, {enroll_captures}");
        assert_eq!(tried.summary.verdict, Verdict::Pass, "{event}, {enroll_captures}: {:?}", tried.summary.reasons);
        let dental = groups().filter(|group| group.line == CoverageLine::Dental).flat_map(|group| &group.changes);
        let is_its_own = dental.filter(|at| at.arrival == Arrival::OnTime).count() > 0;
        // no tax credit is left for it, whatever the income
        let goes_on = ["change_plan", "report_income"].contains(&event);
        assert_eq!(is_its_own, !goes_on, "{event}, {enroll_captures}: the dental policy");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_first_told_in_a_later_answer_is_owed_only_of_the_policies_that_its_step_changes() {
    all_pass(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_enrollments_answer_told_already_is_owed_of_nothing_that_stays_so() {
    all_pass(true).await;
}
