//! Flows over real sockets: cookies, redirects, allowed hosts, verdicts, captures, secrets.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use crate::far_side::{Asked, FarSide, Told, context, household, target, told};
use johndoe::exchange::{Answered, Earlier, Exchange, Obstacle};
use johndoe::model::Submission::{self, Accepted, Indeterminate, Rejected, Unsent};
use johndoe::model::{Cents, Field, Household, LifeEvent, ProbeIndex, RunId, Value};
use johndoe::net::{Door, Halt, USER_AGENT};
use johndoe::target::{Context, Target};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// A target with these steps (YAML list items, two blanks in).
fn steps(base_url: &str, steps: &str) -> Target {
    with_flow(base_url, &format!("steps:\n{}", indented(steps, 8)))
}

fn with_flow(base_url: &str, flow: &str) -> Target {
    target(&format!(
        "target: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {base_url}\n  \
         auth: {{bearer: \"${{env:TOKEN}}\"}}\n  flows:\n    enroll:\n{}\n\
         waypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out}}\n",
        indented(flow, 6)
    ))
}

fn indented(text: &str, by: usize) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("{}{line}", " ".repeat(by))).collect();
    lines.join("\n")
}

async fn enroll(target: &Target) -> Answered {
    let door = Door::new(target, USER_AGENT).unwrap();
    Exchange::new(door, target).carry_out(LifeEvent::Enroll, &context(), Instant::now()).await
}

#[track_caller]
fn is(answered: &Answered, submission: Submission) {
    assert_eq!(answered.submission, submission, "{answered:?}");
    assert_eq!(answered.reason.is_some(), submission != Accepted, "{answered:?}");
}

#[tokio::test]
async fn each_applicant_has_cookies_of_their_own() {
    let far = FarSide::start(|asked, before| match asked.path.as_str() {
        "/login" => (200, vec![("set-cookie", format!("sid=s{before}; Path=/; HttpOnly"))], String::new()),
        _ => told(201, "{}"),
    })
    .await;
    let target = steps(&far.url(), "- {post: /login}\n- {post: /apply}");
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
    for _ in 0..2 {
        is(&exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await, Accepted);
    }
    let cookies: Vec<_> = far.asked().iter().map(|a| a.header("cookie").map(str::to_owned)).collect();
    assert_eq!(cookies, [None, Some("sid=s0".to_owned()), None, Some("sid=s1".to_owned())]);
}

/// Enrolls where the run is ended as soon as this path is asked for.
async fn enroll_until(path: &'static str, flow: &str) -> (Answered, Vec<String>) {
    let halt = Halt::never();
    let caller = halt.clone();
    let far = FarSide::start(move |asked, _| {
        if asked.path == path {
            caller.call();
        }
        match asked.path.as_str() {
            "/busy" => (429, vec![("retry-after", "300".to_owned())], String::new()),
            "/status" => told(200, r#"{"status": "pending"}"#),
            _ => told(201, "{}"),
        }
    })
    .await;
    let target = steps(&far.url(), flow);
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap().until(halt), &target);
    let answered = exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await;
    (answered, far.paths())
}

#[tokio::test]
async fn a_run_that_is_ended_waits_for_no_pause_and_says_truly_what_was_sent() {
    let (answered, asked) = enroll_until("/busy", "- {post: /busy, retry: {attempts: 5, pause: 1s}}").await;
    is(&answered, Unsent);
    assert_eq!(asked, ["POST /busy"]);
    let until = "until: {jsonpath: $.status, equals: done, every: 1s, within: 10m}";
    let (answered, asked) = enroll_until("/status", &format!("- {{post: /apply}}\n- {{get: /status, {until}}}")).await;
    is(&answered, Indeterminate);
    assert_eq!(asked, ["POST /apply", "GET /status"]);
    assert_eq!(answered.obstacle, Some(Obstacle::Ended));
    let (answered, asked) =
        enroll_until("/login", "- {post: /login, commits: false}\n- {post: /apply, commits: true}").await;
    is(&answered, Unsent);
    assert_eq!(asked, ["POST /login"]);
    assert_eq!(answered.obstacle, Some(Obstacle::Ended), "no step of the target is at fault");
}

#[tokio::test]
async fn a_run_that_is_ended_before_anything_was_sent_is_no_fault_of_the_target() {
    let far = FarSide::start(|_, _| told(201, "{}")).await;
    let target = steps(&far.url(), "- {post: /apply}");
    let halt = Halt::never();
    halt.call();
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap().until(halt), &target);
    let answered = exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await;
    is(&answered, Unsent);
    assert_eq!((answered.obstacle, far.asked().len()), (Some(Obstacle::Ended), 0));
}

#[tokio::test]
async fn redirects_are_followed_with_their_cookies_and_methods() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/see-other" => (303, vec![("location", "/landed?x=1".into()), ("set-cookie", "a=1".into())], String::new()),
        "/permanent" => (308, vec![("location", "/permanent/".into())], String::new()),
        _ => told(200, "{}"),
    })
    .await;
    let target = steps(
        &far.url(),
        "- {post: /see-other, reads: false, form: {q: v}, capture: {landed: {url: true}}}\n- {post: /permanent, json: {q: v}}",
    );
    let answered = enroll(&target).await;
    is(&answered, Accepted);
    assert_eq!(far.paths(), ["POST /see-other", "GET /landed", "POST /permanent", "POST /permanent/"]);
    let asked = far.asked();
    assert_eq!(asked[1].header("cookie"), Some("a=1"));
    assert_eq!((asked[1].body.as_str(), asked[1].header("content-type")), ("", None));
    assert_eq!(asked[3].body, "{\"q\":\"v\"}");
    assert_eq!(answered.captures.other["landed"], format!("{}/landed?x=1", far.url()));
    assert_eq!(answered.steps.iter().map(|s| s.requests).collect::<Vec<_>>(), [2, 2]);
}

#[tokio::test]
async fn a_redirect_to_a_host_that_is_not_allowed_is_not_followed() {
    let other = FarSide::start(|_, _| told(200, "{}")).await;
    let elsewhere = format!("http://127.0.0.2:{}/x", other.address.port());
    let far = FarSide::start(move |_, _| (302, vec![("location", elsewhere.clone())], String::new())).await;
    let answered = enroll(&steps(&far.url(), "- {name: apply, post: /apply}")).await;
    is(&answered, Indeterminate);
    assert_eq!(
        answered.reason.unwrap(),
        "apply: `127.0.0.2` is not in `allow_hosts`; add it there if it may be reached"
    );
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn a_redirect_to_a_name_that_is_not_allowed_is_told_as_that_and_never_looked_up() {
    for allowed in ["127.0.0.1", "127.0.0.0/8"] {
        let elsewhere = "http://no-such-host.invalid/x".to_owned();
        let far = FarSide::start(move |_, _| (302, vec![("location", elsewhere.clone())], String::new())).await;
        let mut target = steps(&far.url(), "- {name: apply, post: /apply}");
        target.allow_hosts = vec![allowed.to_owned()];
        let answered = enroll(&target).await;
        is(&answered, Indeterminate);
        let words = "apply: `no-such-host.invalid` is not in `allow_hosts`; add it there if it may be reached";
        assert_eq!(answered.reason.unwrap(), words, "{allowed}");
    }
}

#[tokio::test]
async fn a_name_that_is_told_by_its_shape_comes_with_how_to_see_it() {
    let elsewhere = "http://qvrtson.example/x".to_owned();
    let far = FarSide::start(move |_, _| (302, vec![("location", elsewhere.clone())], String::new())).await;
    let answered = enroll(&steps(&far.url(), "- {name: apply, post: /apply}")).await;
    is(&answered, Indeterminate);
    let reason = answered.reason.unwrap();
    let words = [&format!("`{}` leads to `aaaaaaa.", far.address), "is told by its shape: `curl -sI`", "`allow_hosts`"];
    assert!(words.iter().all(|word| reason.contains(word)), "{reason}");
}

#[tokio::test]
async fn an_answer_in_an_encoding_that_is_not_read_is_named_and_neither_yes_nor_no() {
    let headers = || vec![("content-encoding", "br".to_owned())];
    let far = FarSide::start(move |_, _| (200, headers(), "{}".to_owned())).await;
    let answered = enroll(&steps(&far.url(), "- {post: /apply}")).await;
    is(&answered, Indeterminate);
    assert!(answered.reason.unwrap().contains("comes in the encoding `br`, which is not read; expected gzip, deflate"));
    assert_eq!(far.asked()[0].header("accept-encoding"), Some("gzip, deflate"));
    let far = FarSide::start(move |_, _| (422, headers(), "{}".to_owned())).await;
    is(&enroll(&steps(&far.url(), "- {post: /apply}")).await, Rejected);
}

#[tokio::test]
async fn marks_encodings_and_long_numbers_of_an_answer_are_read_as_meant() {
    let digits = "123456789012345678901234567890";
    let told = [
        ("application/json", format!("\u{feff}{{\"id\": {digits}}}")),
        ("application/json; charset=utf-8", format!("{{\"id\": {digits}}}")),
    ];
    for (content_type, body) in told {
        let headers = move || vec![("content-type", content_type.to_owned())];
        let far = FarSide::start(move |_, _| (201, headers(), body.clone())).await;
        let flow = "- {post: /apply, capture: {group.application_id: $.id}}\n- {get: \"/apply/{{ application_id }}\"}";
        let answered = enroll(&steps(&far.url(), flow)).await;
        is(&answered, Accepted);
        assert_eq!(answered.captures.groups[0].facts.text(Field::ApplicationId), Some(digits));
        assert_eq!(far.asked()[1].path, format!("/apply/{digits}"));
    }
}

#[tokio::test]
async fn redirects_end_after_ten() {
    let far = FarSide::start(|_, _| (302, vec![("location", "/again".into())], String::new())).await;
    is(&enroll(&steps(&far.url(), "- {get: /again}")).await, Unsent);
    assert_eq!(far.asked().len(), 11);
}

#[tokio::test]
async fn a_name_that_resolves_to_an_address_that_is_not_allowed_is_not_asked() {
    let far = FarSide::start(|_, _| told(201, "{}")).await;
    let by_name = format!("http://localhost:{}", far.address.port());
    let mut target = steps(&far.url(), "- {post: /apply}");
    target.exchange.base_url = by_name;
    target.allow_hosts = vec!["10.0.0.0/8".to_owned()];
    let answered = enroll(&target).await;
    is(&answered, Unsent);
    assert!(answered.reason.unwrap().contains("`localhost` resolves to `"));
    assert!(far.asked().is_empty());
    target.allow_hosts = vec!["localhost".to_owned()];
    is(&enroll(&target).await, Accepted);
}

/// A far side that logs in with a token and then redirects to this address with this status.
async fn redirecting(status: u16, to: String) -> FarSide {
    FarSide::start(move |asked, _| match asked.path.as_str() {
        "/login" => (200, vec![("set-cookie", "sid=c00kie-planted".into())], "{\"token\": \"t0ken-planted\"}".into()),
        "/apply" => (status, vec![("location", to.clone())], String::new()),
        _ => told(200, "{}"),
    })
    .await
}

/// Logs in, then sends credentials, a secret and what was captured in headers of its own, and a password in the body.
const LOG_IN_AND_APPLY: &str = "- {post: /login, capture: {token: $.token}}\n- name: apply\n  post: /apply\n  \
                                headers: {X-Key: \"${env:TOKEN}\", X-Household: \"{{ token }}\", Accept: text/html}\n  \
                                json: {password: p4ssword-planted}";

#[tokio::test]
async fn credentials_captures_and_cookies_do_not_follow_a_redirect_to_another_origin() {
    let other = FarSide::start(|_, _| told(200, "{}")).await;
    let far = redirecting(303, format!("{}/x", other.url())).await;
    is(&enroll(&steps(&far.url(), LOG_IN_AND_APPLY)).await, Accepted);
    let (near, away) = (&far.asked()[1], &other.asked()[0]);
    assert_eq!(near.header("authorization"), Some("Bearer s3cr3t/planted+token"));
    assert_eq!(near.header("x-household"), Some("t0ken-planted"));
    assert_eq!(near.header("cookie"), Some("sid=c00kie-planted"));
    assert_eq!(away.header("accept"), Some("text/html"));
    let everything = format!("{away:?}");
    assert!(!everything.contains("planted"), "{everything}");
}

#[tokio::test]
async fn a_redirect_does_not_take_a_body_to_another_origin() {
    for status in [307, 308] {
        let other = FarSide::start(|_, _| told(200, "{}")).await;
        let far = redirecting(status, format!("{}/x", other.url())).await;
        let answered = enroll(&steps(&far.url(), LOG_IN_AND_APPLY)).await;
        is(&answered, Indeterminate);
        let reason = answered.reason.unwrap();
        let (host, to) = (far.url().replace("http://", ""), other.url().replace("http://", ""));
        assert!(reason.contains(&format!("`{host}` redirects with status {status} to `{to}/")), "{reason}");
        assert!(reason.contains("name it in the step"), "{reason}");
        assert!(other.asked().is_empty());
    }
}

#[tokio::test]
async fn a_redirect_repeats_no_application_at_another_resource_and_none_without_end() {
    let to = |asked: &Asked, before: usize| match asked.path.as_str() {
        "/apply/A1" => "/apply/REALAPP999".to_owned(),
        "/loop" => "/loop".to_owned(),
        "/grows" => format!("/grows?c={before}"),
        _ => format!("{}/", asked.path),
    };
    for (step, statuses, times) in [
        ("post: /apply/A1, json: {q: v}", vec![307, 308], 1),
        ("post: /apply/A1", vec![307, 308], 1),
        ("delete: /apply/A1", vec![301, 302, 307, 308], 1),
        ("put: /apply/A1, json: {q: v}", vec![301, 302, 307, 308], 1),
        ("post: /loop, json: {q: v}, retry: {attempts: 3, pause: 1ms}", vec![307], 1),
        ("post: /grows, json: {q: v}", vec![307], 1),
        ("post: /slash, json: {q: v}", vec![307], 2),
    ] {
        for status in statuses {
            let far =
                FarSide::start(move |asked, before| (status, vec![("location", to(asked, before))], String::new()))
                    .await;
            let answered = enroll(&steps(&far.url(), &format!("- {{{step}}}"))).await;
            is(&answered, Indeterminate);
            assert_eq!(far.asked().len(), times, "{step} {status}: {:?}", far.paths());
            let reason = answered.reason.unwrap();
            assert!(reason.contains("was not repeated there") && !reason.contains("REALAPP999"), "{reason}");
        }
    }
}

#[tokio::test]
async fn a_redirect_to_the_same_resource_takes_everything_along() {
    let far = redirecting(307, "/apply/".to_owned()).await;
    is(&enroll(&steps(&far.url(), LOG_IN_AND_APPLY)).await, Accepted);
    let moved = &far.asked()[2];
    assert_eq!((moved.path.as_str(), moved.header("x-household")), ("/apply/", Some("t0ken-planted")));
    assert_eq!(moved.header("x-key"), Some("s3cr3t/planted+token"));
    assert!(moved.body.contains("p4ssword-planted"));
}

#[tokio::test]
async fn a_captured_value_that_is_a_secret_of_the_target_is_not_kept() {
    let far = FarSide::start(|asked, _| {
        let token = asked.header("authorization").unwrap().replace("Bearer ", "");
        told(201, &format!("{{\"id\": \"{token}\", \"policy\": \"P-1\", \"ref\": \"{token}\"}}"))
    })
    .await;
    let step = "- {post: /apply, capture: {application_id: $.id, exchange_assigned_policy_id: $.policy, \
                exchange_assigned_subscriber_id: $.id, exchange_assigned_member_id: $.id, ref: $.ref}}";
    let answered = enroll(&steps(&far.url(), step)).await;
    is(&answered, Accepted);
    let kept = serde_json::to_string(&answered.captures).unwrap();
    assert!(kept.contains("P-1") && !kept.contains("planted") && !kept.contains("REDACTED"), "{kept}");
}

#[tokio::test]
async fn every_answer_has_its_verdict() {
    let cases = [
        ("- {post: /x}", told(201, "{}"), Accepted),
        ("- {post: /x}", told(422, "{}"), Rejected),
        // a no to the address, the method or the form is one to nobody
        ("- {post: /x}", told(404, ""), Unsent),
        ("- {post: /x}", told(405, ""), Unsent),
        ("- {post: /x}", told(415, ""), Unsent),
        ("- {post: /x}", told(501, ""), Unsent),
        ("- {post: \"/x/{{ probe.marker }}\"}", told(404, "{}"), Rejected),
        ("- {post: \"/x/{{ probe.marker }}\"}", told(404, "{\"error\": \"no route\"}"), Unsent),
        ("- {post: /x}", told(500, ""), Indeterminate),
        ("- {post: /x}", told(503, ""), Indeterminate),
        ("- {post: /x}", told(429, ""), Unsent),
        ("- {post: /x}", told(408, ""), Indeterminate),
        ("- {post: /x}", told(425, ""), Indeterminate),
        ("- {get: /x}", told(408, ""), Unsent),
        ("- {get: /x}", told(500, ""), Unsent),
        ("- {post: /x, commits: false}", told(500, ""), Unsent),
        ("- {post: /x, expect: {status: 201}}", told(200, "{}"), Indeterminate),
        ("- {post: /x, expect: {jsonpath: $.ok, equals: \"true\"}}", told(200, "{\"ok\":true}"), Accepted),
        ("- {post: /x, expect: {jsonpath: $.ok, equals: \"true\"}}", told(200, "{\"ok\":false}"), Rejected),
        // what was done and not told where a yes is looked for is no refusal, unless the answer says so elsewhere
        ("- {post: /x, expect: {jsonpath: $.ok, equals: \"true\"}}", told(201, "{\"id\":7}"), Indeterminate),
        ("- {post: /x, expect: {jsonpath: $.ok, one_of: [a]}}", told(200, "{\"ok\":null}"), Indeterminate),
        ("- {post: /x, expect: {xpath: /a/@ok, matches: ^y}}", told(201, "<b id='7'/>"), Indeterminate),
        ("- {post: /x, expect: {jsonpath: $.ok, equals: \"true\"}}", told(200, "{\"error\":\"refused\"}"), Rejected),
        ("- {post: /x, capture: {id: $.id}}", told(200, "{}"), Indeterminate),
        // what cannot be read is no definite no, and no yes
        ("- {post: /x, expect: {jsonpath: $.ok, equals: \"true\"}}", told(200, "<html>Sign in</html>"), Indeterminate),
        ("- {post: /x, expect: {jsonpath: $.error, exists: false}}", told(200, "<html>Sign in</html>"), Indeterminate),
        ("- {post: /x, expect: {jsonpath: $.id}}", told(200, ""), Indeterminate),
        ("- {post: /x, expect: {jsonpath: $.id}}", told(200, "\"maintenance\""), Indeterminate),
        ("- {post: /x, expect: {all: [{jsonpath: $.id}]}}", told(200, "<html>"), Indeterminate),
        ("- {post: /x, commits: false, expect: {jsonpath: $.id}}", told(200, "<html>"), Unsent),
        ("- {post: /x, expect: {regex: Thanks}}", told(200, "<html>No such plan"), Rejected),
        ("- {post: /x, expect: {regex: Thanks}}", told(200, "<html><input type='password'>"), Indeterminate),
        ("- {post: /x, expect: {url: true, matches: /done$}}", told(200, "<html><input type=password>"), Indeterminate),
        ("- {post: /x, form: {password: p}, expect: {regex: Hi}}", told(200, "<html><input type=password>"), Rejected),
        ("- {post: /x, expect: {jsonpath: $.error, exists: false}}", told(201, ""), Accepted),
        ("- {post: /x}\n- {post: /y, commits: true}\n- {get: /z}", told(201, "{}"), Accepted),
    ];
    for (flow, answer, expected) in cases {
        let far = FarSide::start(move |_, _| answer.clone()).await;
        let answered = enroll(&steps(&far.url(), flow)).await;
        assert_eq!(answered.submission, expected, "{flow}: {answered:?}");
        assert_eq!(far.asked().len(), flow.lines().count(), "{flow}: sent again");
    }
}

#[tokio::test]
async fn a_page_that_fails_after_the_committing_step_leaves_the_enrollment_in_doubt() {
    let far = FarSide::start(|asked, _| told(if asked.path == "/page" { 404 } else { 201 }, "{}")).await;
    is(&enroll(&steps(&far.url(), "- {post: /apply, commits: true}\n- {get: /page}")).await, Indeterminate);
    is(&enroll(&steps(&far.url(), "- {get: /page}\n- {post: /apply, commits: true}")).await, Unsent);
    let far = FarSide::start(|asked, _| told(if asked.path == "/pay" { 402 } else { 201 }, "{}")).await;
    is(&enroll(&steps(&far.url(), "- {post: /apply, commits: true}\n- {post: /pay}")).await, Indeterminate);
    // no step says that it commits: what was created may be an enrollment
    is(&enroll(&steps(&far.url(), "- {post: /apply}\n- {post: /pay}")).await, Indeterminate);
    is(&enroll(&steps(&far.url(), "- {post: /apply, commits: false}\n- {post: /pay}")).await, Rejected);
}

#[tokio::test]
async fn a_final_refusal_after_the_committing_step_is_a_refusal_and_a_page_in_its_place_is_none() {
    let flow = |test: &str| {
        format!(
            "- {{post: /apply, commits: true}}\n- {{get: /state, until: {{jsonpath: $.state, equals: done, \
             refused: {{jsonpath: {test}}}, every: 1ms, within: 20ms}}}}"
        )
    };
    for (body, test, expected) in [
        (r#"{"state": "denied"}"#, "$.state, equals: denied", Rejected),
        (r#"{"state": "done"}"#, "$.state, equals: denied", Accepted),
        ("<html>Sign in</html>", "$.open, exists: false", Indeterminate),
        (r#"{"state": "denied"}"#, "$.open, exists: false", Rejected),
    ] {
        let far =
            FarSide::start(move |asked, _| if asked.path == "/apply" { told(201, "{}") } else { told(200, body) })
                .await;
        let answered = enroll(&steps(&far.url(), &flow(test))).await;
        assert_eq!(answered.submission, expected, "{body} {test}: {answered:?}");
    }
}

#[tokio::test]
async fn what_a_refusal_says_is_kept_bounded_and_masked() {
    let body = r#"{"errors": [{"field": "postalCode", "message": "23219 is not in the state; Zyxwoman has it"}]}"#;
    let far = FarSide::start(move |_, _| told(422, body)).await;
    let step = "- {name: apply, post: /apply, json: {postalCode: \"23219\"}, expect: {status: 202}}";
    let reason = enroll(&steps(&far.url(), step)).await.reason.unwrap();
    assert!(reason.starts_with("apply: answered 422, expected 202; it said: "), "{reason}");
    assert!(
        reason.contains(r#""field": "postalCode", "message": "23219 is not in the state; Aaaaaaaa has"#),
        "{reason}"
    );
    let far = FarSide::start(|_, _| told(400, &"nonsense ".repeat(99_999))).await;
    assert!(enroll(&steps(&far.url(), step)).await.reason.unwrap().len() < 300);
}

#[tokio::test]
async fn silence_and_a_broken_connection_after_sending_are_indeterminate_and_not_sent_again() {
    for hangs_up in [false, true] {
        let far = FarSide::mute(hangs_up).await;
        let step = "- {post: /apply, json: {a: b}, expect: {within: 100ms}, retry: {attempts: 3, pause: 1ms}}";
        is(&enroll(&steps(&far.url(), step)).await, Indeterminate);
        assert_eq!(far.asked().len(), 1);
    }
}

#[tokio::test]
async fn nothing_was_sent_where_nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let step = "- {name: apply, post: /apply, retry: {attempts: 2, pause: 1ms}}";
    let answered = enroll(&steps(&format!("http://{free}"), step)).await;
    is(&answered, Unsent);
    assert_eq!(answered.steps[0].requests, 2);
    assert!(answered.reason.unwrap().starts_with(&format!("apply: no connection to `{free}`: ")));
}

#[tokio::test]
async fn what_was_not_processed_is_sent_again_and_what_may_have_been_is_not() {
    let busy = |status, headers: Vec<(&'static str, String)>| {
        move |_: &Asked, before: usize| {
            if before < 2 { (status, headers.clone(), String::new()) } else { told(201, "{}") }
        }
    };
    let asks = vec![("retry-after", "0".to_owned())];
    let step = "- {post: /apply, retry: {attempts: 3, pause: 1ms}}";
    for (status, headers, expected, requests) in [
        (429, vec![], Accepted, 3),
        (408, vec![], Indeterminate, 1),
        (503, asks.clone(), Accepted, 3),
        (503, vec![], Indeterminate, 1),
        (502, asks, Indeterminate, 1),
    ] {
        let far = FarSide::start(busy(status, headers)).await;
        is(&enroll(&steps(&far.url(), step)).await, expected);
        assert_eq!(far.asked().len(), requests, "{status}");
    }
}

#[tokio::test]
async fn with_an_idempotency_key_a_lost_answer_is_asked_for_again_with_the_same_key() {
    let far = FarSide::start(|_, before| told(if before == 0 { 500 } else { 201 }, "{}")).await;
    let flow = "idempotency_header: Idempotency-Key\nsteps:\n  - {post: /apply, retry: {attempts: 3, pause: 1ms}}";
    is(&enroll(&with_flow(&far.url(), flow)).await, Accepted);
    let keys: Vec<_> = far.asked().iter().map(|a| a.header("idempotency-key").unwrap().to_owned()).collect();
    assert_eq!(keys, ["run-1-7-enroll-1", "run-1-7-enroll-1"]);
}

#[tokio::test]
async fn each_request_of_a_flow_has_a_key_of_its_own() {
    let far = FarSide::start(|_, _| told(201, "{}")).await;
    let flow = "idempotency: {header: X-Key, for: 2h}\nsteps:\n  - {post: /open}\n  - {post: /apply}";
    is(&enroll(&with_flow(&far.url(), flow)).await, Accepted);
    let keys: Vec<_> = far.asked().iter().map(|a| a.header("x-key").unwrap().to_owned()).collect();
    assert_eq!(keys, ["run-1-7-enroll-1", "run-1-7-enroll-2"]);
}

/// Enrolls where an attempt before may have left something.
async fn enroll_again(target: &Target, earlier: Earlier) -> Answered {
    let exchange = Exchange::new(Door::new(target, USER_AGENT).unwrap(), target);
    exchange.carry_out_again(LifeEvent::Enroll, &context(), (Instant::now(), earlier)).await
}

#[tokio::test]
async fn nothing_is_repeated_by_a_key_that_the_exchange_may_have_forgotten() {
    let flow = "idempotency: {header: X-Key, for: 2h}\nsteps:\n  - {post: /apply, retry: {attempts: 3, pause: 1ms}}";
    for (hours, expected, requests) in [(1, Accepted, 2), (3, Indeterminate, 1)] {
        let far = FarSide::start(|_, before| told(if before == 0 { 500 } else { 201 }, "{}")).await;
        let earlier = Earlier { was_begun: true, may_be_committed: Some(Duration::from_hours(hours)) };
        is(&enroll_again(&with_flow(&far.url(), flow), earlier).await, expected);
        assert_eq!(far.asked().len(), requests, "{hours} h");
    }
}

#[tokio::test]
async fn what_an_earlier_attempt_may_have_created_is_no_refusal() {
    let begun = Earlier { was_begun: true, may_be_committed: None };
    let open = "- {post: /open, commits: false, MORE}\n- {post: /apply, commits: true}";
    let exists = open.replace("MORE", "exists: {status: 409, jsonpath: $.code, equals: taken}");
    for (earlier, flow, code, expected) in [
        (Earlier::default(), open.replace(", MORE", ""), "taken", Rejected),
        (begun, open.replace(", MORE", ""), "taken", Indeterminate),
        (begun, exists.clone(), "taken", Accepted),
        (begun, exists.clone(), "closed", Indeterminate),
        (Earlier::default(), exists, "taken", Rejected),
    ] {
        let far = FarSide::start(move |asked, _| match asked.path.as_str() {
            "/open" => told(409, &format!("{{\"code\": \"{code}\"}}")),
            _ => told(201, "{}"),
        })
        .await;
        let answered = enroll_again(&steps(&far.url(), &flow), earlier).await;
        assert_eq!(answered.submission, expected, "{flow} {code}: {answered:?}");
    }
}

#[tokio::test]
async fn a_household_keeps_its_cookies_from_one_flow_to_the_next_and_session_begins_a_new_one() {
    let told_cookie = |asked: &Asked, _: usize| match asked.path.as_str() {
        "/apply" => (201, vec![("set-cookie", "sid=of-enroll; Path=/".to_owned())], "{}".to_owned()),
        "/login" | "/connect" => (200, vec![("set-cookie", "sid=of-login; Path=/".to_owned())], "{}".to_owned()),
        _ => told(200, "{}"),
    };
    let another = || {
        let household = Household { index: ProbeIndex(8), ..household() };
        Context::new(&household, &BTreeMap::new(), &RunId::new("run-1"))
    };
    for (session, expected) in [
        ("", [Some("sid=of-enroll"), None]),
        ("session: [{post: /login}]", [Some("sid=of-login"); 2]),
        ("session: [{post: /connect, json: {user: probe}}]", [Some("sid=of-login"); 2]),
    ] {
        let far = FarSide::start(told_cookie).await;
        let target = target(&format!(
            "target: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {}\n  {session}\n  flows:\n    \
             enroll: [{{post: /apply}}]\n    cancel: [{{post: /cancel, json: {{who: '{{{{ probe.marker }}}}'}}}}]\n\
             waypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out}}\n",
            far.url()
        ));
        let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
        is(&exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await, Accepted);
        for ctx in [context(), another()] {
            is(&exchange.carry_out(LifeEvent::Cancel, &ctx, Instant::now()).await, Accepted);
        }
        let asked = far.asked();
        let cookies: Vec<_> = asked.iter().filter(|a| a.path == "/cancel").map(|a| a.header("cookie")).collect();
        assert_eq!(cookies, expected, "{session}");
        is(&exchange.carry_out(LifeEvent::Cancel, &context(), Instant::now()).await, Accepted);
        let last = far.asked().last().unwrap().header("cookie").map(str::to_owned);
        assert_eq!(last.as_deref(), expected[1], "nothing is kept of who is out");
    }
}

#[tokio::test]
async fn whom_the_exchange_refused_and_enrolled_all_the_same_is_taken_out_by_the_session_it_had() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/login" => (200, vec![("set-cookie", "sid=of-the-household; Path=/".to_owned())], "{}".to_owned()),
        "/apply" => told(422, "{\"error\": \"no\"}"),
        _ => told(200, "{}"),
    })
    .await;
    let cancel = "    cancel: [{post: /cancel, json: {who: '{{ probe.marker }}'}}]";
    let target = target(&format!(
        "target: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {}\n  flows:\n    \
         enroll: [{{post: /login, commits: false, json: {{mail: '{{{{ probe.marker }}}}'}}}}, {{post: /apply}}]\n{cancel}\n\
         waypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out}}\n",
        far.url()
    ));
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
    is(&exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await, Rejected);
    is(&exchange.carry_out(LifeEvent::Cancel, &context(), Instant::now()).await, Accepted);
    assert_eq!(far.asked().last().unwrap().header("cookie"), Some("sid=of-the-household"));
}

#[tokio::test]
async fn a_cancellation_that_succeeded_by_status_alone_is_looked_for_and_a_status_that_says_no_is_one() {
    let flow = "[{get: /form, expect: {status: 200, jsonpath: $.open, equals: 'no'}}, {post: /cancel, json: {who: '{{ probe.marker }}'}}]";
    let expects = "[{post: '/cancel?who={{ probe.marker }}', expect: {status: 200, jsonpath: $.state, equals: GONE}}]";
    for (cancel, status, body, expected) in [
        (expects, 200, r#"{"state": "GONE"}"#, Accepted),
        (expects, 200, r#"{"state": "VOID"}"#, Indeterminate),
        (expects, 409, r#"{"state": "VOID"}"#, Rejected),
        (flow, 200, r#"{"open": "yes"}"#, Rejected),
    ] {
        let far = FarSide::start(move |asked, _| told(if asked.path == "/apply" { 201 } else { status }, body)).await;
        let target = target(&format!(
            "target: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {}\n  flows:\n    enroll: [{{post: /apply}}]\n    \
             cancel: {cancel}\nwaypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out}}\n",
            far.url()
        ));
        let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
        is(&exchange.carry_out(LifeEvent::Cancel, &context(), Instant::now()).await, expected);
    }
}

#[tokio::test]
async fn polling_ends_with_the_final_answer_or_stops_early_at_a_refusal() {
    let step = "- {post: /apply, capture: {id: $.id}}\n- name: wait\n  get: /apply/{{ id }}\n  until: {jsonpath: $.state, \
                equals: done, refused: {jsonpath: $.state, equals: denied}, every: 1ms, within: 60s}";
    for (last, expected) in [("done", Accepted), ("denied", Rejected)] {
        let far = FarSide::start(move |asked: &Asked, before| match asked.method.as_str() {
            "POST" => told(202, "{\"id\": 42}"),
            _ if before == 0 => told(200, "{\"state\":\"pending\"}"),
            _ if before == 1 => told(500, ""),
            _ => told(200, &format!("{{\"state\":\"{last}\"}}")),
        })
        .await;
        let answered = enroll(&steps(&far.url(), step)).await;
        is(&answered, expected);
        assert_eq!(far.paths(), ["POST /apply", "GET /apply/42", "GET /apply/42", "GET /apply/42"]);
        assert_eq!(answered.steps[1].requests, 3);
    }
}

/// A status that the step calls right and that fulfils neither `until` nor `refused` says "not yet", and never "accepted".
#[tokio::test]
async fn a_status_that_is_right_and_no_end_is_asked_again() {
    let flow = |expect: &str| {
        format!(
            "- {{post: /apply, commits: true, capture: {{id: $.id}}}}\n- name: wait\n  get: /apply/{{{{ id }}}}\n  {expect}\n  until: {{jsonpath: $.state, \
             equals: done, refused: {{jsonpath: $.state, equals: denied}}, every: 1ms, within: 60s}}"
        )
    };
    let right = "expect: {status: [200, 202, 404]}";
    for (expect, status, last, expected, times) in [
        (right, 404, "done", Accepted, 3),
        (right, 202, "done", Accepted, 3),
        (right, 404, "denied", Rejected, 3),
        ("expect: {status: [200, 503]}", 503, "done", Accepted, 3),
        ("expect: {status: 200}", 404, "done", Indeterminate, 1),
    ] {
        let far = FarSide::start(move |asked: &Asked, before| match asked.method.as_str() {
            "POST" => told(202, "{\"id\": 42}"),
            _ if before < 2 => told(status, "{\"error\": \"job not found yet\"}"),
            _ => told(200, &format!("{{\"state\":\"{last}\"}}")),
        })
        .await;
        let answered = enroll(&steps(&far.url(), &flow(expect))).await;
        assert_eq!(answered.submission, expected, "{expect} {status}: {answered:?}");
        assert_eq!(answered.steps[1].requests, times, "{expect} {status}");
    }
    let far =
        FarSide::start(|asked: &Asked, _| told(if asked.method == "POST" { 201 } else { 404 }, "{\"id\": 42}")).await;
    let short = flow(right).replace("60s", "5ms");
    is(&enroll(&steps(&far.url(), &short)).await, Indeterminate);
}

#[tokio::test]
async fn the_id_of_a_new_policy_that_a_poll_told_is_expected_and_nobody_is_acted_on_by_it() {
    let flow = "- {post: /apply, capture: {application_id: $.app, exchange_assigned_policy_id: {jsonpath: '$.ids[*]', per: group}}}";
    let change = "- {post: '/case/{{ application_id }}/plan', capture: {job: $.job}}\n- name: poll\n  get: /jobs/{{ job }}\n  until: \
                  {jsonpath: $.state, equals: done, every: 1ms, within: 60s}\n  capture: {exchange_assigned_policy_id: {jsonpath: '$.ids[*]', \
                  per: group}, premium_total: {jsonpath: '$.gross[*]', per: group, unit: cents}}";
    let far = FarSide::start(|asked: &Asked, before| match (asked.method.as_str(), asked.path.as_str()) {
        ("POST", "/apply") => told(201, r#"{"app": "A-77001", "ids": ["K770001"]}"#),
        ("POST", _) => told(202, r#"{"job": "J-880001"}"#),
        _ if before == 0 => told(200, r#"{"state": "done", "app": "A-77001", "ids": ["K770002"], "gross": [51234]}"#),
        _ => told(200, r#"{"state": "done", "app": "A-77001", "ids": ["K770001"], "gross": [51234]}"#),
    })
    .await;
    let flows = format!("enroll:\n{}\n    change_plan:\n{}", indented(flow, 6), indented(change, 6));
    let target = target(&format!(
        "target: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {}\n  flows:\n    {flows}\n\
         waypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out}}\n",
        far.url()
    ));
    let enrolled = enroll(&target).await;
    is(&enrolled, Accepted);
    let known = context().with_captures(&enrolled.captures);
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
    let changed = exchange.carry_out(LifeEvent::ChangePlan, &known, Instant::now()).await;
    is(&changed, Accepted);
    let of = |groups: &[johndoe::model::GroupCapture], field| {
        groups.iter().find_map(|group| group.facts.text(field).map(str::to_owned))
    };
    let (groups, alone) = (&changed.captures.groups, &changed.captures.told_alone);
    assert_eq!(of(groups, Field::PolicyId), None, "nobody is acted on by it: {changed:?}");
    assert_eq!(of(alone, Field::PolicyId).as_deref(), Some("K770002"), "{changed:?}");
    assert_eq!(groups[0].facts.value(Field::PremiumTotal), Some(&Value::Money(Cents(51_234))), "{changed:?}");
    let old = exchange.carry_out(LifeEvent::ChangePlan, &known, Instant::now()).await;
    assert_eq!(of(&old.captures.told_alone, Field::PolicyId), None, "it is of the policy before: {old:?}");
}

#[tokio::test]
async fn polling_without_end_is_indeterminate() {
    let far = FarSide::start(|_, _| told(200, "{\"state\":\"pending\"}")).await;
    let step = "- {post: /apply}\n- {get: /state, until: {jsonpath: $.state, equals: done, every: 1ms, within: 5ms}}";
    let answered = enroll(&steps(&far.url(), step)).await;
    is(&answered, Indeterminate);
    assert!(answered.reason.unwrap().ends_with("no final answer within 5ms"));
}

#[tokio::test]
async fn captures_become_facts_of_group_and_members_and_names_for_later_steps() {
    let body = r#"{"sub": "S-1", "aptc": 250.5, "plan": "12345VA0010001-04", "token": {"t": 9},
                   "people": [{"id": "M1"}, {"id": "M2"}, {"id": "M3"}]}"#;
    let far = FarSide::start(move |_, _| told(201, body)).await;
    let flow = "- post: /apply\n  capture:\n    exchange_assigned_subscriber_id: $.sub\n    aptc: $.aptc\n    \
                plan_id: $.plan\n    token: $.token.t\n    \
                exchange_assigned_member_id: {jsonpath: \"$.people[*].id\", per: member}\n\
                - {post: \"/confirm/{{ exchange_assigned_subscriber_id }}/{{ token }}/{{ members[1].exchange_assigned_member_id }}\"}";
    let answered = enroll(&steps(&far.url(), flow)).await;
    is(&answered, Accepted);
    assert_eq!(far.paths()[1], "POST /confirm/S-1/9/M2");
    let group = &answered.captures.groups[0];
    assert_eq!(group.line, None);
    assert_eq!(group.facts.value(Field::Aptc), Some(&Value::Money(Cents(25_050))));
    assert_eq!(group.facts.text(Field::PlanId), Some("12345VA0010001"));
    assert_eq!(group.facts.text(Field::CsrVariant), Some("04"));
    let ids: Vec<_> = answered.captures.members.iter().map(|m| m.text(Field::MemberId).unwrap()).collect();
    assert_eq!(ids, ["M1", "M2", "M3"]);
}

#[tokio::test]
async fn keys_of_objects_and_dollars_and_cents_that_stand_apart_are_captured() {
    let body = r#"{"people": {"M7": {"n": 1}, "M5": {"n": 2}, "M9": {"n": 3}}, "costs": {"whole": 250, "part": 8}, "half": {"whole": 1}}"#;
    let far = FarSide::start(move |_, _| told(201, body)).await;
    let capture = "member.exchange_assigned_member_id: {jsonpath: \"$.people.*\", key: true, per: member}, \
                   aptc: {jsonpath: $.costs.whole, cents: $.costs.part}";
    let apply = |more: &str| steps(&far.url(), &format!("- {{post: /apply, capture: {{{capture}{more}}}}}"));
    let answered = enroll(&apply("")).await;
    is(&answered, Accepted);
    let ids: Vec<_> = answered.captures.members.iter().map(|m| m.text(Field::MemberId).unwrap()).collect();
    assert_eq!(ids, ["M7", "M5", "M9"], "in the answer's order");
    let facts = &answered.captures.groups[0].facts;
    assert_eq!(facts.value(Field::Aptc), Some(&Value::Money(Cents(25_008))));
    let half = enroll(&apply(", premium_total: {jsonpath: $.half.whole, cents: $.half.part}")).await;
    is(&half, Indeterminate);
    let reason = half.reason.expect("why");
    assert!(reason.contains("`premium_total` that is no amount"), "{reason}");
}

#[tokio::test]
async fn xml_answers_are_captured_and_held_against_what_is_expected_and_no_others_in_their_place() {
    let body = "<r:Answer xmlns:r='urn:r' state='ok'><App id='A-7'/><Person><Id>M1</Id></Person><Person><Id>M2</Id></Person>\
                <Person><Id>M3</Id></Person></r:Answer>";
    let flow = "- post: /apply\n  commits: true\n  body: \"<a>{{ subscriber.email }}</a>\"\n  content_type: application/xml\n  \
                expect: {xpath: /Answer/@state, equals: ok}\n  capture:\n    application_id: /Answer/App/@id\n    \
                member.exchange_assigned_member_id: {xpath: /Answer/Person/Id, per: member}\n\
                - {post: \"/confirm/{{ application_id }}/{{ members[2].exchange_assigned_member_id }}\"}";
    for (body, expected) in [
        (body.to_owned(), Accepted),
        (body.replace("'ok'", "'no'"), Rejected),
        ("{\"Answer\": {\"@state\": \"ok\"}}".to_owned(), Indeterminate),
        ("<html><body>Answer</body></html>".to_owned(), Indeterminate),
    ] {
        let far = FarSide::start(move |asked, _| told(200, if asked.path == "/apply" { &body } else { "{}" })).await;
        let answered = enroll(&steps(&far.url(), flow)).await;
        is(&answered, expected);
        if expected == Accepted {
            assert_eq!(far.paths()[1], "POST /confirm/A-7/M3");
        }
    }
}

#[tokio::test]
async fn elements_of_a_page_are_captured_and_conditions_look_at_them() {
    let page = "<!doctype html><form><input type=hidden name=_csrf value='t&amp;7'></form><p class=case>No. <b>C-9</b>";
    let far = FarSide::start(move |asked, _| match asked.path.as_str() {
        "/form" => told(200, page),
        "/apply" => told(201, "<!doctype html><p class=error>no"),
        _ => told(200, "{}"),
    })
    .await;
    let form = "- {get: /form, expect: {css: form}, capture: {csrf: {css: \"input[name=_csrf]\", attribute: value}, \
                case_no: {css: p.case, regex: \"(C-[0-9]+)\"}}}\n";
    let apply = "- {post: /apply, form: {_csrf: \"{{ csrf }}\", mail: \"{{ subscriber.email }}\"}, commits: true, \
                 expect: {status: 201, css: .error, exists: false}}";
    is(&enroll(&steps(&far.url(), &format!("{form}{apply}"))).await, Rejected);
    assert!(far.asked()[1].body.starts_with("_csrf=t%267&"), "{}", far.asked()[1].body);
    let elsewhere = "- {post: /json, json: {mail: \"{{ subscriber.email }}\"}, commits: true, expect: {css: .error, exists: false}}";
    is(&enroll(&steps(&far.url(), elsewhere)).await, Indeterminate);
}

#[tokio::test]
async fn errors_beside_data_are_no_yes_to_a_mutation() {
    let body = r#"{"errors": [{"message": "no"}], "data": {"enroll": null}}"#;
    let far = FarSide::start(move |_, _| told(200, body)).await;
    let step = "- {post: /graphql, json: {query: \"mutation { enroll { id } }\", variables: {mail: \"{{ subscriber.email }}\"}}, commits: true}";
    is(&enroll(&steps(&far.url(), step)).await, Indeterminate);
}

#[tokio::test]
async fn what_was_captured_before_an_indeterminate_end_is_kept() {
    let far = FarSide::start(|asked, _| told(if asked.path == "/open" { 201 } else { 500 }, "{\"app\":\"A-9\"}")).await;
    let flow = "- {post: /open, capture: {application_id: $.app}}\n- {post: /submit}";
    let answered = enroll(&steps(&far.url(), flow)).await;
    is(&answered, Indeterminate);
    assert_eq!(answered.captures.groups[0].facts.text(Field::ApplicationId), Some("A-9"));
    assert_eq!(answered.steps.iter().map(|s| s.ok).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn json_form_and_raw_bodies_arrive_as_written() {
    let far = FarSide::start(|_, _| told(200, "{}")).await;
    let flow = "- {post: /json, json: {name: \"{{ subscriber.name.full }}\", size: \"{{ members | length }}\"}}\n\
                - {post: /form, form: {name: \"{{ subscriber.name.full }}\", mail: \"{{ subscriber.email }}\"}}\n\
                - {post: /raw, body: \"<a>{{ subscriber.name.last }}</a>\", content_type: application/xml}\n\
                - {post: /none, query: {q: \"a b&{{ subscriber.name.first }}\"}}";
    is(&enroll(&steps(&far.url(), flow)).await, Accepted);
    let asked = far.asked();
    let shown = |at: usize| (asked[at].header("content-type"), asked[at].body.as_str());
    assert_eq!(shown(0), (Some("application/json"), "{\"name\":\"John Doe\",\"size\":3}"));
    assert_eq!(shown(1), (Some("application/x-www-form-urlencoded"), "name=John+Doe&mail=jd-7%40example.com"));
    assert_eq!(shown(2), (Some("application/xml"), "<a>Doe</a>"));
    assert_eq!((asked[3].query.as_str(), asked[3].header("content-length")), ("q=a+b%26John", Some("0")));
    assert!(asked[..3].iter().all(|a| a.header("content-length") == Some(a.body.len().to_string().as_str())));
}

#[tokio::test]
async fn every_request_says_what_it_is_and_to_which_trace_it_belongs() {
    let far = FarSide::start(|_, _| told(200, "{}")).await;
    is(&enroll(&steps(&far.url(), "- {get: /a, headers: {User-Agent: disguise}}\n- {post: /b}")).await, Accepted);
    let asked = far.asked();
    assert!(asked.iter().all(|a| a.header("user-agent") == Some(USER_AGENT)));
    let traces: Vec<_> = asked.iter().map(|a| a.header("traceparent").unwrap().to_owned()).collect();
    assert_eq!(traces[0][..36], traces[1][..36]);
    assert_ne!(traces[0], traces[1]);
}

#[tokio::test]
async fn latency_counts_from_the_intended_moment_and_steps_that_are_not_wanted_are_left_out() {
    let far = FarSide::start(|_, _| told(200, "{}")).await;
    let target =
        steps(&far.url(), "- {name: dental, post: /d, when: dental_plan_id is defined}\n- {name: apply, post: /a}");
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
    let intended_at = Instant::now() - Duration::from_secs(10);
    let answered = exchange.carry_out(LifeEvent::Enroll, &context(), intended_at).await;
    is(&answered, Accepted);
    assert_eq!(answered.steps.len(), 1);
    assert_eq!((answered.steps[0].step.as_str(), answered.steps[0].status), ("apply", Some(200)));
    assert!(answered.steps[0].micros >= 10_000_000);
}

#[tokio::test]
async fn a_secret_that_the_exchange_echoes_serves_later_steps_and_is_not_kept() {
    let far = FarSide::start(|_, _| told(200, "{\"x\": \"s3cr3t/planted+token\", \"y\": 1}")).await;
    let flow = "- {post: /a, capture: {echo: $.x, number: $.y}}\n- {post: /b, json: {back: \"{{ echo }}\"}}";
    let answered = enroll(&steps(&far.url(), flow)).await;
    is(&answered, Accepted);
    assert_eq!(far.asked()[1].body, "{\"back\":\"s3cr3t/planted+token\"}");
    assert_eq!(answered.captures.other.get("echo"), None, "no later flow says anything in its place");
    assert_eq!(answered.captures.other["number"], 1);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_sent_nothing() {
    let far = FarSide::start(|_, _| told(200, "{}")).await;
    let answered = enroll(&steps(&far.url().replace("http:", "https:"), "- {post: /apply, json: {a: b}}")).await;
    is(&answered, Unsent);
    assert!(far.asked().is_empty());
}

#[tokio::test]
async fn an_answer_larger_than_any_is_not_swallowed() {
    let far = FarSide::start(|_, _| told(200, &" ".repeat((16 << 20) + 1))).await;
    let answered = enroll(&steps(&far.url(), "- {post: /apply}")).await;
    is(&answered, Indeterminate);
    assert!(answered.reason.unwrap().contains("is larger than 16777216 bytes"));
}

#[tokio::test]
async fn a_secret_is_in_no_reason_and_no_debug_text() {
    let secret = "s3cr3t/planted+token";
    let told: [fn(&Asked, usize) -> Told; 3] = [
        |_, _| {
            (
                302,
                vec![("location", "http://127.0.0.2:1/s3cr3t/planted+token?k=s3cr3t/planted+token".into())],
                String::new(),
            )
        },
        |_, _| told(422, "s3cr3t/planted+token"),
        |_, _| told(200, "{\"x\": \"s3cr3t/planted+token\"}"),
    ];
    for answer in told {
        let far = FarSide::start(answer).await;
        let step = "- name: x\n  post: /${env:TOKEN}/x\n  query: {k: \"${env:TOKEN}\"}\n  body: \"${env:TOKEN}\"\n  \
                    expect: {jsonpath: $.x, equals: other}";
        let target = steps(&far.url(), step);
        let answered = enroll(&target).await;
        assert_ne!(answered.submission, Accepted);
        assert!(far.asked()[0].query.contains("s3cr3t"), "the secret was not sent at all");
        let door = Door::new(&target, USER_AGENT).unwrap();
        let shown = format!("{answered:?} {door:?} {:?} {target:?}", Exchange::new(door.clone(), &target));
        for form in [secret, "s3cr3t%2Fplanted%2Btoken", "planted"] {
            assert!(!shown.contains(form), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_flow_of_which_no_act_was_wanted_was_not_carried_out() {
    let far = FarSide::start(|_, _| told(200, "{}")).await;
    for skipped in
        ["- {get: /status}\n- {post: /apply, when: \"false\"}", "- {post: /login}\n- {post: /apply, when: \"false\"}"]
    {
        let answered = enroll(&steps(&far.url(), skipped)).await;
        is(&answered, Unsent);
        let reason = answered.reason.unwrap_or_default();
        assert!(reason.contains("no step that acts of `enroll` was carried out"), "{reason}");
    }
    is(&enroll(&steps(&far.url(), "- {get: /status, when: \"false\"}\n- {post: /apply}")).await, Accepted);
}

#[tokio::test]
async fn a_page_is_no_yes_to_what_goes_through_no_forms() {
    let page = |body: &'static str| move || (200, vec![("content-type", "text/html".to_owned())], body.to_owned());
    let maintenance = page("<!DOCTYPE html><html><body><h1>Back soon</h1></body></html>");
    let far = FarSide::start(move |_, _| maintenance()).await;
    is(&enroll(&steps(&far.url(), "- {post: /apply, json: {a: 1}}")).await, Indeterminate);
    is(&enroll(&steps(&far.url(), "- {post: /apply, form: {a: \"1\"}}")).await, Accepted);
    let log_in = page("<!DOCTYPE html><html><form><input type='password' name='p'></form></html>");
    let far = FarSide::start(move |_, _| log_in()).await;
    is(&enroll(&steps(&far.url(), "- {post: /apply, form: {a: \"1\"}}")).await, Indeterminate);
}

#[tokio::test]
async fn what_all_steps_say_and_expect_stands_where_a_step_says_nothing_of_it() {
    let answers = [(201, "{}"), (200, "{}"), (201, "{\"hint\": 1}")];
    for (own, expected) in [
        ("", [Accepted, Indeterminate, Rejected]),
        (", expect: {status: 200}", [Indeterminate, Accepted, Indeterminate]),
        (", expect: {jsonpath: $.hint}", [Rejected, Indeterminate, Accepted]),
    ] {
        for ((status, body), submission) in answers.into_iter().zip(expected) {
            let far = FarSide::start(move |_, _| told(status, body)).await;
            let target = target(&format!(
                "target: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {}\n  headers: {{X-One: every}}\n  \
                 defaults:\n    headers: {{X-One: default, X-Two: default, X-Three: default}}\n    \
                 expect: {{status: 201, jsonpath: $.hint, exists: false}}\n  flows:\n    enroll:\n      \
                 - {{post: /apply, headers: {{X-Three: own}}{own}}}\n\
                 waypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out}}\n",
                far.url()
            ));
            is(&enroll(&target).await, submission);
            let asked = &far.asked()[0];
            let said = ["x-one", "x-two", "x-three"].map(|name| asked.header(name).unwrap_or_default().to_owned());
            assert_eq!(said, ["every", "default", "own"]);
        }
    }
}

/// Of an answer that may be about somebody who was there before nothing is used, and it is said why, by which word, and what to write.
#[tokio::test]
async fn what_is_not_used_of_a_yes_is_told_with_the_word_and_what_to_write() {
    let step = "- {post: /apply, commits: true, capture: {application_id: $.app}}";
    let prove = "\n- {get: '/apps/{{ application_id }}', capture: {application_id: $.app}}";
    for (body, more, expected) in [
        (r#"{"app": "A-77", "status": "RECONCILED"}"#, "", Some("`status` (`AAAAAAAAAA`)")),
        (r#"{"app": "A-77", "warnings": ["recognised as an existing person"]}"#, "", Some("`warnings` (`exist`)")),
        (r#"{"app": "A-77", "warnings": ["SSN could not be verified with SSA"]}"#, "", None),
        (r#"{"app": "A-77", "status": "ACCEPTED"}"#, "", None),
        (r#"{"app": "A-77", "status": "RECONCILED"}"#, prove, Some("`status`")),
    ] {
        let far = FarSide::start(move |_, _| told(200, body)).await;
        let answered = enroll(&steps(&far.url(), &format!("{step}{more}"))).await;
        let reason = answered.reason.clone().unwrap_or_default();
        match expected {
            Some(words) => assert!(
                reason.contains(words) && reason.contains("`reads: false`") && reason.contains("A-77"),
                "{body}: {answered:?}"
            ),
            None => assert_eq!((answered.submission, reason.as_str()), (Accepted, ""), "{body}"),
        }
        let told = answered.captures.groups.iter().any(|group| !group.facts.stated().is_empty());
        assert_eq!(told, expected.is_none(), "{body}: {answered:?}");
    }
}
