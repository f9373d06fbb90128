//! Before anybody is enrolled: waypoints that do not let themselves be asked, and runs that end before everybody's turn.

use super::{Desk, Told as Ended};
use crate::far_side::{FarSide, told};

/// A target that enrolls at one server and asks for everybody at another.
fn target(exchange: &str, waypoint: &str) -> String {
    format!(
        "target: test\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {exchange}\n  flows:\n    \
         enroll:\n      - {{name: apply, post: /apply, json: {{a: b}}, capture: {{application_id: $.id}}}}\n    \
         cancel:\n      - {{name: cancel, post: \"/cancel/{{{{ application_id }}}}\"}}\n\
         limits: {{rate: 1000/s, in_flight: 1}}\nwaypoints:\n  - {waypoint}\n"
    )
}

fn api(address: &str, more: &str) -> String {
    format!(
        "{{name: issuer, feed: json_api, base_url: {address}, within: 100ms, fields: {{last_name: $.last, email: $.email}}, \
         poll: {{first_after: 10ms, every: 50ms}}, {more}}}"
    )
}

const BY_MAIL: &str = "lookup: {get: \"/members?email={{ subscriber.email }}\"}";
const BY_ID: &str = "lookup: {get: \"/members/{{ application_id }}\"}";

fn run(target: &str, arguments: &[&str], load: &str, count: u32) -> Ended {
    let mut desk = Desk::new();
    desk.set("ANY", "thing");
    desk.write("target.yaml", target);
    desk.write(
        "mine.yaml",
        &format!(
            "scenario: trial\nobjective: {{decide: estimate}}\npopulation: {{count: {count}, seed: 7, as_of: 2013-11-15, states: [VA]}}\njourney:\n  \
             - event: enroll\nload: {load}\n"
        ),
    );
    let mut all = vec!["run", "mine.yaml", "--target", "target.yaml"];
    all.extend(arguments);
    desk.johndoe(&all)
}

fn run_two(target: &str) -> Ended {
    run(target, &[], "{rate: 1000/s, in_flight: 1}", 2)
}

async fn exchange() -> FarSide {
    FarSide::start(|_, _| told(201, "{\"id\": \"A-1\"}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_does_not_let_us_in_ends_the_run_before_anybody_is_enrolled() {
    let exchange = exchange().await;
    for (status, body, said) in [
        (401, "", "it answered 401; check the waypoint's credentials"),
        (403, "{}", "it answered 403"),
        (200, "<!DOCTYPE html><title>Sign in</title>", "it answered with an HTML page where an API was expected"),
    ] {
        let issuer = FarSide::start(move |_, _| told(status, body)).await;
        let ended = run_two(&target(&exchange.url(), &api(&issuer.url(), BY_MAIL)));
        ended.ends(2, &["waypoint `issuer` cannot be watched, so nobody was enrolled", said]);
        assert_eq!(issuer.asked().len(), 1, "{status}");
    }
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (address, said) in [
        (format!("http://{nobody}"), "no connection to"),
        (exchange.url().replace("http:", "https:"), "no connection to"),
        ("http://no-such-host.invalid".to_owned(), "`no-such-host.invalid`"),
    ] {
        let target = target(&exchange.url(), &api(&address, BY_MAIL))
            .replace("allow_hosts: [127.0.0.1]", "allow_hosts: [127.0.0.1, no-such-host.invalid]");
        run_two(&target).ends(2, &["nobody was enrolled", said]);
    }
    let folder = "{name: edi_834, feed: edi_folder, path: ./not-there, every: 10ms, within: 100ms}";
    run_two(&target(&exchange.url(), folder)).ends(2, &["waypoint `edi_834` cannot be watched", "not-there"]);
    assert!(exchange.asked().is_empty(), "{:?}", exchange.paths());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_knows_nobody_yet_is_well_and_one_that_cannot_be_asked_yet_is_told() {
    let exchange = exchange().await;
    for (status, body) in [(404, "<html>none</html>"), (200, "[]"), (200, ""), (204, ""), (400, "{}")] {
        let issuer = FarSide::start(move |_, _| told(status, body)).await;
        let ended = run_two(&target(&exchange.url(), &api(&issuer.url(), BY_MAIL)));
        assert!(!ended.err.contains("nobody was enrolled"), "{status} {body}: {}", ended.err);
    }
    assert_eq!(exchange.paths().iter().filter(|path| path.as_str() == "POST /apply").count(), 10);

    let issuer = FarSide::start(|asked, _| told(if asked.path == "/health" { 401 } else { 404 }, "")).await;
    let ended = run_two(&target(&exchange.url(), &api(&issuer.url(), BY_ID)));
    assert!(ended.err.contains("waypoint `issuer` is untried: its look-ups say `application_id`"), "{}", ended.err);
    let probed = format!("{BY_ID}, probe: /health");
    run_two(&target(&exchange.url(), &api(&issuer.url(), &probed))).ends(2, &["it answered 401"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_time_is_up_says_how_many_were_never_begun() {
    let exchange = exchange().await;
    let issuer = FarSide::start(|_, _| told(404, "")).await;
    let target = target(&exchange.url(), &api(&issuer.url(), BY_MAIL));
    let ended = run(&target, &["--deadline", "1s", "--json"], "{rate: 4/s, in_flight: 1}", 40);
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {}", ended.err));
    let (counts, reasons) = (&report["counts"], report["reasons"].to_string());
    let left = counts["not_begun"].as_u64().unwrap();
    assert!(counts["planned"] == 40 && left > 0, "{counts}");
    let told = format!("{left} of 40 households were never begun");
    assert!(reasons.contains(&told) && reasons.contains("--deadline"), "{reasons}");
    assert!(ended.err.contains(&told), "{}", ended.err);
    assert_ne!(report["exit_code"], 0);
}
