//! The table of exit codes: each way for a run to end, planted at the far side.

use super::{Desk, Told as Ended};
use crate::far_side::{Asked, FarSide, Told, told};

const TWO_STEPS: &str = "- {name: log in, post: /login, form: {password: \"${env:PASSWORD}\"}, commits: false}\n\
                         - {name: apply, post: /apply, json: {a: b}, commits: true, capture: {application_id: $.id}}";
const APPLY: &str = "- {name: apply, post: /apply, json: {a: b}, capture: {application_id: $.id}}";

fn target(base_url: &str, steps: &str, more: &str) -> String {
    let steps: Vec<_> = steps.lines().map(|line| format!("        {line}")).collect();
    format!(
        "target: test\nenvironment: test\nallow_hosts: [127.0.0.1]\n{more}exchange:\n  base_url: {base_url}\n  flows:\n    \
         enroll:\n      steps:\n{}\n    cancel:\n      steps:\n        - {{name: cancel, post: \
         \"/cancel/{{{{ application_id }}}}\"}}\nlimits: {{rate: 1000/s, in_flight: 1}}\n\
         waypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out, every: 10ms, within: 100ms}}\n",
        steps.join("\n")
    )
}

/// Runs so many households against this target.
fn run(count: u32, target: &str) -> Ended {
    let mut desk = Desk::new();
    desk.set("PASSWORD", "wrong-by-design");
    std::fs::create_dir(desk.path("out")).expect("a folder");
    desk.write("target.yaml", target);
    desk.write(
        "mine.yaml",
        &format!(
            "scenario: trial\nobjective: {{decide: estimate}}\npopulation: {{count: {count}, seed: 7, as_of: 2013-11-15, states: [VA]}}\njourney:\n  \
             - event: enroll\n    expect: {{at: {{edi_834: 100ms}}}}\nload: {{rate: 1000/s, in_flight: 1}}\n"
        ),
    );
    desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"])
}

async fn far(answer: impl Fn(&Asked, usize) -> Told + Clone + Send + Sync + 'static) -> FarSide {
    FarSide::start(answer).await
}

fn report(ended: &Ended) -> serde_json::Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {}", ended.err))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_stops_after_three_households_and_is_not_blamed_on_the_pipeline() {
    // 200 with a page: many a portal says no like this
    for status in [401, 403, 422] {
        let far = far(move |_, _| told(status, "wrong password")).await;
        let ended = run(30, &target(&far.url(), TWO_STEPS, ""));
        ended.ends(5, &["refused to let us in 3 times in a row", "check the user, password or token"]);
        assert_eq!(far.paths(), ["POST /login"; 3], "{status}");
        let report = report(&ended);
        assert_eq!(report["verdict"], "safety_stop");
        assert_eq!((&report["counts"]["rejected"], &report["counts"]["unsent"]), (&0.into(), &3.into()));
        assert_eq!(report["counts"]["not_begun"], 27);
        assert!(ended.out.contains("27 of 30 households were never begun"), "{}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_refusals_of_forty_are_a_safety_stop() {
    let far = far(|_, _| told(422, "no")).await;
    let ended = run(60, &target(&far.url(), APPLY, ""));
    ended.ends(5, &["refused the application for 40 of 40 households"]);
    assert_eq!(far.asked().len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_answers_in_a_row_that_nobody_can_trust_are_a_safety_stop() {
    let far = far(|_, _| told(502, "")).await;
    let ended = run(30, &target(&far.url(), APPLY, ""));
    ended.ends(5, &["the exchange answered 502 20 times in a row"]);
    assert_eq!(far.asked().len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_is_busy_is_not_called_unreachable() {
    let far = far(|_, _| told(429, "")).await;
    let ended = run(30, &target(&far.url(), APPLY, ""));
    ended.ends(5, &["the exchange answered 429 5 times in a row", "lower `limits.rate`"]);
    assert!(!ended.err.contains("Does the exchange") && !ended.err.contains("could not be reached"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_target_before_the_first_byte_ends_with_2_and_says_where() {
    let far = far(|_, _| told(201, "{}")).await;
    let elsewhere = far.url().replace("127.0.0.1", "127.0.0.2");
    let template = "- {name: apply, post: \"/apply/{{ members[40].birth_date }}\", capture: {application_id: $.id}}";
    let tls = far.url().replace("http:", "https:");
    for (target, said) in [
        (target(&elsewhere, APPLY, ""), "is not allowed by `allow_hosts`"),
        (target(&far.url(), template, ""), "apply: "),
        (target(&tls, APPLY, ""), "`ca_file`"),
    ] {
        let ended = run(2, &target);
        ended.ends(2, &[said]);
        assert!(!ended.err.contains("Does the exchange"), "{}", ended.err);
    }
    assert!(far.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_target_after_the_first_byte_is_a_safety_stop() {
    let far = far(|_, _| told(201, "{\"id\": \"A-1\"}")).await;
    let steps = "- {name: open, post: /open, json: {a: b}, commits: false}\n\
                 - {name: apply, post: \"/apply/{{ members[40].birth_date }}\", capture: {application_id: $.id}}";
    run(30, &target(&far.url(), steps, "")).ends(5, &["5 times in a row", "apply: "]);
    assert_eq!(far.paths(), ["POST /open"; 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_safety_stop_cancels_those_who_were_enrolled() {
    let far = far(|asked, before| match asked.path.as_str() {
        "/login" if before >= 2 => told(401, ""),
        _ => told(201, &format!("{{\"id\": \"A-{before}\"}}")),
    })
    .await;
    let ended = run(30, &target(&far.url(), TWO_STEPS, ""));
    // who was enrolled is missing at the waypoint, and that comes first; the stop is told beside it
    ended.ends(1, &["refused to let us in 3 times in a row"]);
    let reasons = report(&ended)["reasons"].to_string();
    assert!(reasons.contains("stopped for safety: "), "{reasons}");
    assert_eq!(far.paths().iter().filter(|path| path.as_str() == "POST /login").count(), 5);
    assert_eq!(far.paths().iter().filter(|path| path.starts_with("POST /cancel/A-")).count(), 2, "{:?}", far.paths());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_place_of_the_answer_is_no_rejection_and_no_end_of_the_pipeline() {
    let far = far(|_, _| told(200, "<!DOCTYPE html><title>Maintenance</title>")).await;
    let steps = "- {name: apply, post: /apply, json: {a: b}, expect: {jsonpath: $.ok, equals: \"true\"}, \
                 capture: {application_id: $.id}}";
    let ended = run(30, &target(&far.url(), steps, ""));
    ended.ends(
        5,
        &["the exchange's answer could not be read 20 times in a row", "an HTML page where JSON was expected"],
    );
    let report = report(&ended);
    assert_eq!((&report["counts"]["rejected"], &report["counts"]["indeterminate"]), (&0.into(), &20.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_ends_the_first_look_at_a_folder_and_nobody_is_sent_after_it() {
    use std::io::Write;
    let far = far(|_, _| told(201, "{\"id\": \"A1\"}")).await;
    let desk = Desk::new();
    std::fs::create_dir(desk.path("out")).expect("a folder");
    let mut huge = std::fs::File::create(desk.path("out/huge.edi")).expect("a file");
    let header = "ISA*00*          *00*          *ZZ*CMSFFM         *ZZ*12345          *131128*2025*^*00501*123456789*1*T*:~GS*BE*A*B";
    huge.write_all(header.as_bytes()).expect("a header");
    huge.set_len(256 << 30).expect("room");
    desk.write("target.yaml", &target(&far.url(), APPLY, ""));
    desk.write(
        "mine.yaml",
        "scenario: trial\nobjective: {decide: estimate}\npopulation: {count: 2, seed: 7, as_of: 2013-11-15, states: [VA]}\njourney:\n  - event: enroll\n    \
         expect: {at: {edi_834: 100ms}}\n",
    );
    let ended = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json", "--deadline", "1s"]);
    assert!(far.asked().is_empty(), "{:?}", far.paths());
    assert!(matches!(ended.code, Some(3 | 4)), "{:?} {}", ended.code, ended.err);
}
