//! Planted secrets and planted strangers, searched for in every byte that leaves the program.

use crate::cli::{Desk, Told};
use crate::far_side::{Asked, FarSide, told};
use base64::Engine as _;
use johndoe::target::References;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

const TOKEN: &str = "t0ken/Pl&nted+one";
const PASSWORD: &str = "p\"ss Pl@nted:two";
const KEY: &str = "k3y-Pl%nted=three";

/// Every form in which one of the secrets could be written.
fn forms() -> Vec<String> {
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let mut forms = vec![encode(&format!("observer:{PASSWORD}"))];
    for secret in [TOKEN, PASSWORD, KEY] {
        let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let json = serde_json::Value::from(secret).to_string();
        forms.extend([secret.to_owned(), percent.replace('+', "%20"), percent, encode(secret)]);
        forms.push(json.trim_matches('"').to_owned());
    }
    // What all of them have in common, however else they are written.
    forms.extend(
        ["Pl&nted", "Pl&amp;nted", "Pl@nted", "Pl%nted", "Pl%26nted", "Pl%40nted", "Pl%25nted"].map(ToOwned::to_owned),
    );
    forms
}

fn target_at(exchange: &str, issuer: &str) -> String {
    format!(
        "target: mine\n\
         exchange:\n  base_url: {exchange}\n  auth: {{bearer: \"${{env:PLANTED_TOKEN}}\"}}\n  \
         headers: {{X-Key: \"${{file:key.txt}}\"}}\n  flows:\n    enroll:\n      \
         - name: apply\n        post: /apply\n        query: {{key: \"${{file:key.txt}}\"}}\n        \
         json: {{email: \"{{{{ subscriber.email }}}}\", token: \"${{env:PLANTED_TOKEN}}\"}}\n        \
         expect: {{status: 201}}\n        capture: {{application_id: $.id, echo: $.echo}}\n    \
         cancel:\n      - post: /cancel\n        form: {{password: \"${{env:PLANTED_PASSWORD}}\"}}\n\
         waypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {issuer}\n    \
         auth: {{basic: {{user: observer, password: \"${{env:PLANTED_PASSWORD}}\"}}}}\n    \
         lookup: {{get: \"/members?id={{{{ application_id }}}}&key=${{file:key.txt}}\"}}\n    \
         records: $.records[*]\n    poll: {{first_after: 100ms, every: 200ms}}\n    \
         fields: {{application_id: $.id, last_name: $.last, first_name: $.first, email: $.email, phone: $.phone, \
         birth_date: $.dob}}\n  - name: eligibility\n    feed: eligibility\n    within: 2s\n    \
         base_url: {issuer}/core\n    before_payment: active\n    provider: {{npi: \"1234567893\", name: CLINIC}}\n    \
         payer: {{id: A}}\n    sender_id: A\n    receiver_id: B\n    \
         login: {{user: observer, password: \"${{env:PLANTED_TOKEN}}\"}}\n\
         allow_hosts: [127.0.0.1]\n"
    )
}

const SCENARIO: &str = "scenario: mine\nobjective: {decide: estimate}\npopulation: {count: 3}\njourney:\n  - event: enroll\n    \
                        expect: {at: {issuer: 2s}}\ngrace: 0%\n";

/// A desk with the secrets in its environment and in a file.
fn desk(exchange: &str, issuer: &str) -> Desk {
    let mut desk = Desk::new();
    desk.set("PLANTED_TOKEN", TOKEN);
    desk.set("PLANTED_PASSWORD", PASSWORD);
    desk.write("key.txt", &format!("{KEY}\n"));
    desk.write("target.yaml", &target_at(exchange, issuer));
    desk.write("scenario.yaml", SCENARIO);
    desk
}

/// Everything that is said when a run is made and looked at in every way, loudly.
fn said(desk: &Desk) -> Vec<Told> {
    let commands: [&[&str]; 9] = [
        &["check", "scenario.yaml", "target.yaml"],
        &["plan", "scenario.yaml", "--target", "target.yaml", "--json"],
        &["run", "scenario.yaml", "--target", "target.yaml", "--dry-run"],
        &["run", "scenario.yaml", "--target", "target.yaml", "-v", "--report", "json=r.json", "--report", "text=r.txt"],
        &["show", "latest/0"],
        &["report", "--json"],
        &["resume", "-v"],
        &["sweep"],
        &["try", "target.yaml", "--wait", "2s"],
    ];
    commands.iter().map(|words| desk.johndoe(words)).collect()
}

/// Fails where one of the texts stands in what was said or in any file that the program left behind.
pub(crate) fn search(desk: &Desk, said: &[Told], planted: &[String], ours: &[&str]) {
    let mut places: Vec<(String, Vec<u8>)> = Vec::new();
    for told in said {
        places.push(("standard output".to_owned(), told.out.clone().into_bytes()));
        places.push(("standard error".to_owned(), told.err.clone().into_bytes()));
    }
    files_below(&desk.path(""), &mut places);
    for (place, bytes) in places.iter().filter(|(place, _)| !ours.iter().any(|name| place.ends_with(name))) {
        for text in planted {
            let found = bytes.windows(text.len()).position(|window| window == text.as_bytes());
            let around =
                found.map(|at| String::from_utf8_lossy(&bytes[at.saturating_sub(200)..(at + 200).min(bytes.len())]));
            assert!(around.is_none(), "`{text}` in {place}: {}", around.unwrap_or_default());
        }
    }
}

fn files_below(folder: &Path, places: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, places);
        } else {
            places.push((path.display().to_string(), std::fs::read(&path).expect("a file")));
        }
    }
}

/// Everything that was asked, as an exchange that is too helpful would tell it back.
fn echo(asked: &Asked) -> String {
    let headers: Vec<_> = asked.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    serde_json::json!({
        "id": "A1", "echo": headers.join("\n"), "query": asked.query, "body": asked.body, "token": TOKEN,
        "password": PASSWORD, "key": KEY,
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_refused_and_told_back_is_in_no_output_and_no_ledger_byte() {
    // what is asked before anybody is enrolled must not be refused, or nobody would be sent
    let is_trial = |asked: &Asked, before| asked.path == "/core" && before == 0;
    let far =
        FarSide::start(move |asked, before| told(if is_trial(asked, before) { 404 } else { 401 }, &echo(asked))).await;
    let desk = desk(&far.url(), &far.url());
    let said = said(&desk);
    assert!(far.asked().iter().any(|a| a.header("authorization") == Some(&format!("Bearer {TOKEN}"))), "it was sent");
    assert!(
        far.asked().iter().any(|a| a.path == "/core" && a.body.contains("t0ken/Pl&amp;nted+one")),
        "in an envelope"
    );
    search(&desk, &said, &forms(), &["key.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_captured_and_shown_in_records_is_in_no_output_and_no_ledger_byte() {
    let far = FarSide::start(|asked, before| match asked.path.as_str() {
        "/apply" => told(201, &echo(asked)),
        "/members" if before > 2 => {
            let record =
                serde_json::json!({"id": "A1", "last": TOKEN, "first": PASSWORD, "email": KEY, "dob": echo(asked)});
            told(200, &serde_json::json!({"records": [record]}).to_string())
        }
        _ => told(500, &echo(asked)),
    })
    .await;
    let desk = desk(&far.url(), &far.url());
    let said = said(&desk);
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("observer:{PASSWORD}"));
    assert!(far.asked().iter().any(|a| a.header("authorization") == Some(&format!("Basic {basic}"))), "it was sent");
    search(&desk, &said, &forms(), &["key.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_stands_within_an_id_is_in_no_output_and_no_ledger_byte() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/apply" => told(201, &serde_json::json!({"id": format!("APP-{TOKEN}-7")}).to_string()),
        "/members" => {
            let mail = asked.query.split("mail=").nth(1).unwrap_or_default().replace("%40", "@");
            let record = serde_json::json!({"id": format!("{TOKEN}-7"), "last": "Quill", "email": mail});
            told(200, &serde_json::json!({"records": [record]}).to_string())
        }
        _ => told(200, "{}"),
    })
    .await;
    let desk = desk(&far.url(), &far.url());
    let said = said(&desk);
    assert!(far.paths().iter().any(|path| path == "POST /apply"), "nobody was enrolled");
    search(&desk, &said, &forms(), &["key.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_a_redirect_a_bad_certificate_or_a_bad_address_is_in_no_output_and_no_ledger_byte() {
    let far = FarSide::start(|asked, _| {
        let location = format!("http://elsewhere.example/in?{}&again={TOKEN}", asked.query);
        (302, vec![("location", location.replace('+', "%2B"))], String::new())
    })
    .await;
    let plain = far.url();
    let no_certificate = plain.replace("http:", "https:");
    for (exchange, issuer) in [
        (plain.clone(), no_certificate.clone()),
        (format!("{no_certificate}/${{env:PLANTED_TOKEN}}"), plain.clone()),
        ("http://127.0.0.1:1/${file:key.txt}".to_owned(), "http://127.0.0.1:1".to_owned()),
        ("${env:PLANTED_TOKEN}".to_owned(), plain.clone()),
        ("http://${env:PLANTED_PASSWORD}@127.0.0.1:1".to_owned(), plain.clone()),
    ] {
        let desk = desk(&exchange, &issuer);
        let said = said(&desk);
        search(&desk, &said, &forms(), &["key.txt"]);
    }
}

#[test]
fn a_target_shows_no_secret_when_it_is_printed_for_developers() {
    struct Planted;
    impl References for Planted {
        fn env(&self, name: &str) -> Option<String> {
            Some(if name == "PLANTED_TOKEN" { TOKEN } else { PASSWORD }.to_owned())
        }
        fn file(&self, _: &str) -> Result<String, String> {
            Ok(KEY.to_owned())
        }
    }
    let text = target_at("https://exchange.example", "https://issuer.example");
    let target = johndoe::target::parse(&text, "target.yaml", &Planted).unwrap_or_else(|e| panic!("{e}"));
    let shown = format!("{target:?} {target:#?} {:?} {:?}", target.exchange, target.waypoints);
    for form in forms() {
        assert!(!shown.contains(&form), "`{form}` in {shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_in_an_issuers_answer_is_in_no_output_and_no_ledger_byte() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/apply" => told(201, "{\"id\": \"A1\", \"echo\": \"\"}"),
        "/members" => {
            let stranger = serde_json::json!({
                "id": "STRANGER-ID-9", "last": "Strangerson", "first": "Realperson", "email": "real.person@strangers.test",
                "phone": "8045559876", "dob": "1961-04-05",
            });
            told(200, &serde_json::json!({"records": [stranger]}).to_string())
        }
        _ => told(200, "{}"),
    })
    .await;
    let desk = desk(&far.url(), &far.url());
    let said = said(&desk);
    assert!(far.paths().iter().any(|p| p == "GET /members"), "the stranger was never met");
    let planted = ["STRANGER-ID-9", "Strangerson", "Realperson", "real.person@", "8045559876", "1961-04-05"];
    let upper = planted.map(str::to_uppercase);
    search(&desk, &said, &[planted.map(ToOwned::to_owned), upper].concat(), &[]);
    let report: serde_json::Value = serde_json::from_str(&said[5].out).expect("JSON");
    assert!(report["counts"]["strangers_dropped"].as_u64() > Some(0), "they are counted");
}

const SESSION: &str = "  session:\n    - post: /login\n      form: {who: \"{{ application_id }}\"}\n      \
                       capture: {token: $.token}\n";

/// A target whose households log in for a token and a cookie, which its `cancel` flow needs too.
fn logging_in(far: &str, session: &str) -> String {
    format!(
        "target: mine\nexchange:\n  base_url: {far}\n{session}  flows:\n    enroll:\n      \
         - {{post: /login, commits: false, capture: {{token: $.token, sid: {{cookie: sid}}, said: $.said}}}}\n      \
         - post: /apply\n        headers: {{Authorization: \"Bearer {{{{ token }}}}\"}}\n        \
         capture: {{application_id: $.id, again: $.again}}\n    \
         cancel:\n      - {{post: /cancel, headers: {{Authorization: \"Bearer {{{{ token }}}}\"}}}}\n\
         waypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {far}\n    \
         lookup: {{get: \"/members?id={{{{ application_id }}}}\"}}\n    records: $.records[*]\n    \
         poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{application_id: $.id, last_name: $.last}}\n\
         allow_hosts: [127.0.0.1]\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_enrollment_and_cancellation_the_next_process_logs_in_again_and_no_token_is_ever_written() {
    let enrolled = Arc::new(tokio::sync::Notify::new());
    let seen = Arc::clone(&enrolled);
    let far = FarSide::start(move |asked, before| match asked.path.as_str() {
        "/login" => {
            let token = format!("t0ken-planted-{before}");
            let body = serde_json::json!({"token": token, "said": format!("your token is {token}")}).to_string();
            (200, vec![("set-cookie", format!("sid=c00kie-planted-{before}; Path=/"))], body)
        }
        "/apply" | "/cancel" => {
            let (token, cookie) = (asked.header("authorization"), asked.header("cookie"));
            let lets_in = token.is_some_and(|t| t.starts_with("Bearer t0ken-planted-"))
                && cookie.is_some_and(|c| c.starts_with("sid=c00kie-planted-"));
            let body = serde_json::json!({"id": "A1", "again": format!("{token:?} {cookie:?}")}).to_string();
            told(if lets_in { 201 } else { 401 }, &body)
        }
        _ => {
            seen.notify_one();
            told(200, "{\"records\": []}")
        }
    })
    .await;
    let desk = Desk::new();
    desk.write("target.yaml", &logging_in(&far.url(), SESSION));
    desk.write("scenario.yaml", &SCENARIO.replace("count: 3", "count: 1"));
    let mut first = desk.command(&["run", "scenario.yaml", "--target", "target.yaml", "-v"]);
    let mut first = first.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    enrolled.notified().await;
    first.kill().expect("a kill");
    let killed = Told::of(&first.wait_with_output().expect("its end"));
    assert!(!far.paths().contains(&"POST /cancel".to_owned()), "killed too late");
    search(&desk, &[killed], &["planted".to_owned()], &[]);

    let said =
        [desk.johndoe(&["resume", "-v"]), desk.johndoe(&["show", "latest/0"]), desk.johndoe(&["report", "--json"])];
    let posts: Vec<_> = far.asked().into_iter().filter(|asked| asked.method == "POST").collect();
    let paths: Vec<_> = posts.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(paths, ["/login", "/apply", "/login", "/cancel"], "{}", said[0].err);
    assert_eq!(posts[2].body, "who=A1");
    assert_eq!(posts[3].header("authorization"), Some("Bearer t0ken-planted-1"));
    assert_eq!(posts[3].header("cookie"), Some("sid=c00kie-planted-1"));
    search(&desk, &said, &["planted".to_owned()], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_run_out_in_a_later_flow_is_asked_for_again_once() {
    for (good_from, cancels, code) in [(2, 2, 0), (9, 2, 6)] {
        let far = FarSide::start(move |asked, before| match asked.path.as_str() {
            "/login" => {
                let cookie = vec![("set-cookie", "sid=c00kie; Path=/".to_owned())];
                (200, cookie, format!("{{\"token\": \"t0ken-{before}\", \"said\": \"hello\"}}"))
            }
            "/cancel" => {
                let runs_out =
                    (0..good_from).any(|n| asked.header("authorization") == Some(&format!("Bearer t0ken-{n}")));
                told(if runs_out { 401 } else { 200 }, "{}")
            }
            "/apply" => told(201, "{\"id\": \"A1\", \"again\": \"no\"}"),
            _ => told(200, "{\"records\": []}"),
        })
        .await;
        let desk = Desk::new();
        desk.write("target.yaml", &logging_in(&far.url(), SESSION));
        desk.write("scenario.yaml", &SCENARIO.replace("count: 3", "count: 1"));
        desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--keep"]);
        desk.johndoe(&["sweep"]).ends(code, &[]);
        let asked = |path: &str| far.asked().iter().filter(|asked| asked.path == path).count();
        assert_eq!((asked("/login"), asked("/cancel")), (3, cancels), "from token {good_from} on");
    }
}

#[test]
fn a_cancellation_that_needs_a_secret_is_refused_without_steps_that_log_in_again() {
    let desk = Desk::new();
    desk.write("scenario.yaml", SCENARIO);
    desk.write("target.yaml", &logging_in("http://127.0.0.1:9", ""));
    for words in [&["check", "scenario.yaml", "target.yaml"][..], &["run", "scenario.yaml", "--target", "target.yaml"]]
    {
        desk.johndoe(words).ends(2, &["`cancel` uses `token`, which is secret", "under `session` of `exchange`"]);
    }
    desk.write("target.yaml", &logging_in("http://127.0.0.1:9", SESSION));
    desk.johndoe(&["check", "scenario.yaml", "target.yaml"]).ends(0, &[]);
    let with_lookup = logging_in("http://127.0.0.1:9", SESSION).replace("id={{ application_id }}", "id={{ token }}");
    desk.write("target.yaml", &with_lookup);
    desk.johndoe(&["check", "scenario.yaml", "target.yaml"])
        .ends(2, &["`token` is secret: it is known in flows alone"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lets_its_bearer_in_is_never_written_wherever_a_request_carries_it() {
    let far = FarSide::start(move |asked, before| match asked.path.as_str() {
        "/login" => told(200, &format!("{{\"word\": \"w0rd-planted-{before}\"}}")),
        "/apply" | "/cancel" => {
            let carried = format!("{}{}{:?}", asked.query, asked.body, asked.headers).contains("w0rd-planted-");
            told(if carried { 201 } else { 401 }, "{\"id\": \"A1\"}")
        }
        _ => told(200, "{\"records\": []}"),
    })
    .await;
    for (name, carries) in [
        ("ref", "headers: {DPoP: \"{{ ref }}\"}"),
        ("ref", "headers: {SSO: \"{{ ref }}\"}"),
        ("ref", "query: {access_token: \"{{ ref }}\"}"),
        ("ref", "form: {session: \"{{ ref }}\"}"),
        ("ref", "json: {auth: {sessionId: \"{{ ref }}\"}}"),
        ("access_token", "json: {token: \"{{ access_token }}\"}"),
    ] {
        let desk = Desk::new();
        let login = format!("post: /login, commits: false, capture: {{{name}: $.word}}");
        let session = format!("  session:\n    - {{{}}}\n", login.replace(", commits: false", ""));
        desk.write("target.yaml", &carrying(&far.url(), (&session, &login), carries));
        desk.write("scenario.yaml", &SCENARIO.replace("count: 3", "count: 1"));
        let ran = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "-v", "--keep"]);
        assert_eq!(ran.code, Some(1), "{carries}: {}", ran.err);
        let swept = desk.johndoe(&["sweep", "-v"]);
        search(&desk, &[ran, swept, desk.johndoe(&["show", "latest/0"])], &["planted".to_owned()], &[]);
    }
    let came = |path: &str| far.paths().iter().filter(|asked| asked == &path).count();
    assert_eq!((came("POST /apply"), came("POST /cancel")), (6, 6));
}

/// A target whose requests are let in by what such a step captures.
fn carrying(far: &str, (session, login): (&str, &str), carries: &str) -> String {
    format!(
        "target: mine\nexchange:\n  base_url: {far}\n{session}  flows:\n    enroll:\n      - {{{login}}}\n      \
         - {{post: /apply, {carries}, capture: {{application_id: $.id}}}}\n    \
         cancel:\n      - {{post: \"/cancel?id={{{{ application_id }}}}\", {carries}}}\n\
         waypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {far}\n    \
         lookup: {{get: \"/members?id={{{{ application_id }}}}\"}}\n    records: $.records[*]\n    \
         poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{application_id: $.id, last_name: $.last}}\n\
         allow_hosts: [127.0.0.1]\n"
    )
}

#[test]
fn what_is_judged_lets_nobody_in() {
    let desk = Desk::new();
    desk.write("scenario.yaml", SCENARIO);
    let carries = "headers: {Authorization: \"Bearer {{ application_id }}\"}";
    let login = "post: /login, commits: false, capture: {application_id: $.id}";
    desk.write("target.yaml", &carrying("http://127.0.0.1:9", ("", login), carries));
    desk.johndoe(&["check", "scenario.yaml", "target.yaml"])
        .ends(2, &["`application_id` lets this request in", "a name of its own"]);
}

#[test]
fn a_place_from_the_environment_is_told_by_its_reference() {
    let mut desk = Desk::new();
    let hidden = desk.path("pl4nted-place");
    desk.set("PLANTED_PLACE", &hidden.to_string_lossy());
    desk.write(
        "scenario.yaml",
        "scenario: mine\nobjective: {decide: estimate}\npopulation: {count: 1}\njourney:\n  - event: enroll\n",
    );
    let target = |more: &str| {
        format!(
            "target: mine\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll:\n      - {{name: apply, post: /a, \
             json: {{a: b}}, capture: {{application_id: $.id}}}}\n{more}allow_hosts: [127.0.0.1]\n"
        )
    };
    let folder = "waypoints:\n  - {name: edi, feed: edi_folder, path: \"${env:PLANTED_PLACE}/outbound\", within: 1s}\n";
    let authorities = format!("tls: {{ca_file: \"${{env:PLANTED_PLACE}}/ca.pem\"}}\n{folder}");
    for (target, said) in [
        (target(folder), "folder `${env:PLANTED_PLACE}/outbound` cannot be read"),
        (target(&authorities), "authorities in `${env:PLANTED_PLACE}/ca.pem` cannot be read"),
    ] {
        desk.write("target.yaml", &target);
        let told = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "-v"]);
        assert!(told.err.contains(said), "{}", told.err);
        search(&desk, &[told], &["pl4nted-place".to_owned()], &[]);
    }
}

#[test]
fn a_name_comes_from_nowhere_but_the_file() {
    let mut desk = Desk::new();
    desk.set("PLANTED_NAME", "Pl4nted");
    desk.write(
        "target.yaml",
        "target: mine\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll:\n      - name: \"${env:PLANTED_NAME}\"\n        \
         post: /a\n        json: {token: b}\nwaypoints:\n  - {name: \"${env:PLANTED_NAME}\", feed: edi_folder, path: out, within: 1s}\n\
         issuers:\n  \"12345\": {name: \"${env:PLANTED_NAME:-ACME}\"}\nallow_hosts: [127.0.0.1]\n",
    );
    let told = desk.johndoe(&["check", "target.yaml"]);
    told.ends(2, &["target.yaml:6:15", "target.yaml:10:12", "target.yaml:12:19", "write it out"]);
    assert_eq!(told.err.matches("a name cannot come from the environment or a file").count(), 3, "{}", told.err);
    assert!(!told.err.contains("Pl4nted"), "{}", told.err);
}
