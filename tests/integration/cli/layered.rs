//! `extends` and `--set`: what lies under a file and over it, whose mistakes are told at their place, and what a run keeps of it.

use super::{Desk, shipped};
use crate::far_side::{FarSide, told};

const BASE: &str = "target: base\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: http://127.0.0.1:9\n  headers: {X-From: base, X-Kept: base}\n  \
                    flows:\n    enroll: [{post: /apply, json: {mail: \"{{ subscriber.email }}\"}, capture: {application_id: $.id}}]\n    \
                    cancel: [{post: \"/cancel/{{ application_id }}\"}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: http://127.0.0.1:9\n    \
                    within: 200ms\n    poll: {first_after: 10ms, every: 50ms}\n    lookup: {get: \"/members/{{ application_id }}\"}\n    \
                    probe: /health\n    fields: {application_id: $.id}\n";
const SCENARIO: &str =
    "scenario: mine\npopulation: {count: 9, seed: 7, states: [VA]}\njourney: [{event: enroll}, {event: cancel}]\n";

fn desk() -> Desk {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("shared")).expect("a folder");
    desk.write("shared/base.yaml", BASE);
    desk.write("own.yaml", "extends: shared/base.yaml\ntarget: own\nexchange:\n  headers: {X-From: own}\n");
    desk.write("mine.yaml", SCENARIO);
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_lie_over_the_file_and_the_file_over_what_it_extends_and_a_run_goes_on_with_all_of_it() {
    let far = FarSide::start(|asked, before| match asked.path.as_str() {
        "/apply" => told(201, &format!("{{\"id\": \"A-1{before}\"}}")),
        path => told(200, &format!("{{\"id\": \"{}\"}}", path.rsplit('/').next().unwrap_or_default())),
    })
    .await;
    let desk = desk();
    let address = format!("exchange.base_url={}", far.url());
    let issuer = format!("waypoints.issuer.base_url={}", far.url());
    let words = [
        "run",
        "mine.yaml",
        "--target",
        "own.yaml",
        "--keep",
        "--set",
        &address,
        "--set",
        &issuer,
        "--set",
        "population.count=2",
    ];
    let run = desk.johndoe(&words);
    assert!(run.out.contains("own"), "{}{}", run.out, run.err);
    let applied: Vec<_> = far.asked().into_iter().filter(|asked| asked.path == "/apply").collect();
    assert_eq!(applied.len(), 2);
    assert_eq!((applied[0].header("x-from"), applied[0].header("x-kept")), (Some("own"), Some("base")));
    // the files are gone, and another process takes the people out all the same
    for file in ["own.yaml", "shared/base.yaml"] {
        std::fs::remove_file(desk.path(file)).expect("a file");
    }
    drop(desk.johndoe(&["sweep"]));
    assert_eq!(far.paths().iter().filter(|path| path.starts_with("POST /cancel/")).count(), 2);
}

#[test]
fn a_mistake_is_told_in_the_file_or_the_flag_in_which_it_stands() {
    let desk = desk();
    desk.johndoe(&["check", "own.yaml", "mine.yaml"]).ends(0, &[]);
    desk.johndoe(&["check", "own.yaml", "--set", "waypoints.issuer.within=soon"])
        .ends(2, &["--> --set:1:26", "waypoints.issuer.within: soon", "^^^^"]);
    desk.johndoe(&["check", "own.yaml", "--set", "waypoints.issuers.within=1h"])
        .ends(2, &["--> --set:1:1", "no item of the list is called `issuers`"]);
    desk.johndoe(&["check", "mine.yaml", "--set", "population.cuont=1"])
        .ends(2, &["--> --set:1:1", "did you mean `count`"]);
    desk.write("shared/base.yaml", &BASE.replace("within: 200ms", "wihtin: 200ms"));
    desk.johndoe(&["check", "own.yaml"]).ends(2, &["--> shared/base.yaml:13:5", "unknown key `wihtin`"]);
    desk.write("shared/base.yaml", BASE);
    desk.write("own.yaml", "extends: shared/base.yaml\ntarget: own\nexchange:\n  headres: {X-From: own}\n");
    desk.johndoe(&["check", "own.yaml"]).ends(2, &["--> own.yaml:4:3", "unknown key `headres`"]);
}

#[test]
fn what_is_not_there_leads_in_a_circle_or_is_a_credential_is_refused() {
    let desk = desk();
    for (set, words) in [
        ("limits.rate", "is no KEY=VALUE"),
        ("limit.rate=1/s", "neither a target nor a scenario has a key `limit`; did you mean `limits`?"),
        ("exchange.auth.bearer=planted-secret", "a credential is not typed"),
        ("extends=other.yaml", "the file says what it extends"),
    ] {
        let told = desk.johndoe(&["check", "own.yaml", "--set", set]);
        told.ends(2, &[words]);
        assert!(!told.err.contains("planted-secret") && !told.out.contains("planted-secret"));
    }
    desk.write("own.yaml", "extends: nowhere.yaml\ntarget: own\n");
    desk.johndoe(&["check", "own.yaml"])
        .ends(2, &["there is no file `nowhere.yaml`", "`extends` of `own.yaml` names it"]);
    desk.write("own.yaml", "extends: second.yaml\ntarget: own\n");
    desk.write("second.yaml", "extends: own.yaml\ntarget: own\n");
    desk.johndoe(&["check", "own.yaml"]).ends(2, &["`extends` leads in a circle: own.yaml, second.yaml, own.yaml"]);
    let target = shipped("targets/sandbox.yaml");
    desk.write("own.yaml", &format!("extends: {target}\nlimits: ~\n"));
    desk.johndoe(&["check", "own.yaml"]).ends(0, &[]);
}
