//! OAuth 2 client credentials: one token for all, another one after a 401, and none that is written down anywhere.

use super::{Desk, Told as Ended};
use crate::far_side::{Asked, FarSide, Told, told};
use crate::secrets::search;
use base64::Engine as _;

const SECRET: &str = "planted client/secret";
const TOKEN: &str = "planted-token";

fn target(url: &str, token_url: &str, more: &str) -> String {
    let auth = format!(
        "{{oauth2: {{token_url: {token_url}, client_id: probe 1, client_secret: \"${{env:CLIENT_SECRET}}\", scope: enroll cancel{more}}}}}"
    );
    format!(
        "target: mine\nexchange:\n  base_url: {url}\n  auth: {auth}\n  flows:\n    enroll:\n      \
         - {{name: apply, post: /apply, json: {{mail: \"{{{{ subscriber.email }}}}\"}}, \
         capture: {{application_id: $.id, echoed: $.echoed}}}}\n    \
         cancel: [{{post: \"/cancel/{{{{ application_id }}}}\"}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    \
         base_url: {url}\n    auth: {auth}\n    within: 300ms\n    poll: {{first_after: 10ms, every: 50ms}}\n    \
         lookup: {{get: \"/members/{{{{ application_id }}}}\"}}\n    probe: /health\n    fields: {{application_id: $.id, sex: $.echoed}}\n\
         limits: {{rate: 1000/s, in_flight: 10}}\nallow_hosts: [127.0.0.1]\n"
    )
}

fn desk(target: &str) -> Desk {
    let mut desk = Desk::new();
    desk.set("CLIENT_SECRET", SECRET);
    desk.write("target.yaml", target);
    desk.write(
        "scenario.yaml",
        "scenario: mine\nobjective: {decide: estimate}\npopulation: {count: 30, seed: 7, states: [VA]}\njourney:\n  - event: enroll\n  - event: cancel\n\
         load: {rate: 1000/s, in_flight: 10}\n",
    );
    desk
}

/// An exchange that takes the first token for the first ten applications, and another one from then on; it says whatever it was told.
fn answer(asked: &Asked, before: usize) -> Told {
    let token = asked.header("authorization").unwrap_or_default().to_owned();
    match asked.path.as_str() {
        "/token" => told(
            200,
            &format!("{{\"access_token\": \"{TOKEN}-{before}\", \"token_type\": \"bearer\", \"expires_in\": 3600}}"),
        ),
        "/apply" if token == format!("Bearer {TOKEN}-0") && before >= 10 => {
            told(401, &format!("{{\"error\": \"{token}\"}}"))
        }
        _ if !token.starts_with(&format!("Bearer {TOKEN}-")) => told(401, ""),
        "/apply" => told(201, &format!("{{\"id\": \"A-1{before}\", \"echoed\": \"{token}\"}}")),
        path => {
            let id = path.rsplit('/').next().unwrap_or_default();
            told(200, &format!("{{\"id\": \"{id}\", \"echoed\": \"{token}\"}}"))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_lets_all_probes_in_another_one_is_fetched_after_a_401_and_none_is_written_anywhere() {
    let far = FarSide::start(answer).await;
    for more in ["", ", client_auth: body"] {
        let before = far.asked().len();
        let desk = desk(&target(&far.url(), &format!("{}/token", far.url()), more));
        let run = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "-v", "--report", "json=r.json"]);
        let all = far.asked();
        let asked: Vec<&Asked> = all.iter().skip(before).collect();
        let report = std::fs::read_to_string(desk.path("r.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
        assert_eq!(report["counts"]["accepted"], 30, "{}", run.err);
        let tokens: Vec<_> = asked.iter().filter(|asked| asked.path == "/token").collect();
        let refused = asked.iter().filter(|asked| asked.path == "/apply").count() - 30;
        if more.is_empty() {
            assert_eq!(tokens.len(), 2, "one at first, and one after the 401 that ten may have met at once");
            assert!((1..=10).contains(&refused), "{refused}");
        }
        let pair = base64::engine::general_purpose::STANDARD.encode("probe+1:planted+client%2Fsecret");
        for token in tokens {
            assert!(token.body.starts_with("grant_type=client_credentials&scope=enroll+cancel"), "{}", token.body);
            let in_header = token.header("authorization") == Some(&format!("Basic {pair}"));
            assert_eq!(in_header, more.is_empty());
            assert_eq!(token.body.contains("client_secret=planted+client%2Fsecret"), !more.is_empty());
        }
        let said: Vec<Ended> = [
            &["show", "latest/0"][..],
            &["report", "--json"],
            &["try", "target.yaml", "--wait", "1s"],
            &["sweep"],
            &["run", "scenario.yaml", "--target", "target.yaml", "--dry-run"],
        ]
        .map(|words| desk.johndoe(words))
        .into_iter()
        .chain([run])
        .collect();
        let planted = [TOKEN, SECRET, "planted+client", "planted%20client", &pair].map(ToOwned::to_owned);
        search(&desk, &said, &planted, &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_refused_is_told_once_and_nothing_is_sent() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/token" => told(401, &format!("{{\"error\": \"invalid_client\", \"error_description\": \"{SECRET}\"}}")),
        _ => told(500, ""),
    })
    .await;
    let desk = desk(&target(&far.url(), &format!("{}/token", far.url()), ""));
    let run = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml"]);
    run.ends(2, &["no access token from", "it answered 401, `invalid_client`", "client_secret"]);
    assert_eq!(far.paths(), ["POST /token"], "nothing else was asked");
    search(&desk, &[run], &["planted client".to_owned()], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_server_must_be_allowed_and_is_followed_nowhere() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/token" => (307, vec![("location", "/elsewhere".to_owned())], String::new()),
        _ => told(200, "{\"access_token\": \"t-1234\"}"),
    })
    .await;
    let elsewhere = target("https://exchange.example.org", "https://login.example.org/token", "");
    let desk = desk(&elsewhere.replace("[127.0.0.1]", "[exchange.example.org]"));
    desk.johndoe(&["check", "target.yaml"])
        .ends(2, &["`https://login.example.org/token` is not allowed by `allow_hosts`"]);
    desk.write("target.yaml", &target(&far.url(), &format!("{}/token", far.url()), ""));
    desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml"]);
    assert!(far.paths().iter().all(|path| path == "POST /token"), "{:?}", far.paths());
}
