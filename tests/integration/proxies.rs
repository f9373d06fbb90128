//! An HTTP proxy before the exchange: who is asked through it, by which names, and with which credentials.

use crate::far_side::{FarSide, Variables, context, told};
use johndoe::exchange::{Answered, Exchange};
use johndoe::model::{LifeEvent, Submission};
use johndoe::net::{Door, Request, Trace, USER_AGENT};
use johndoe::target::Target;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// A proxy that answers in place of whoever is behind it.
async fn proxy() -> FarSide {
    FarSide::start(|asked, _| match asked.header("proxy-authorization") {
        // probe:planted
        Some("Basic cHJvYmU6cGxhbnRlZA==") => told(201, "{\"id\": \"A-7\"}"),
        _ => told(407, "{}"),
    })
    .await
}

fn target(base_url: &str, proxy: &str) -> Target {
    let text = format!(
        "target: t\nallow_hosts: [exchange.example, 127.0.0.1]\nexchange:\n  base_url: {base_url}\n  flows:\n    \
         enroll: [{{post: /apply, json: {{mail: \"{{{{ subscriber.email }}}}\"}}, capture: {{application_id: $.id}}}}]\nwaypoints:\n  \
         - {{name: edi, feed: edi_folder, path: out}}\nproxy: {proxy}\n"
    );
    let variables = Variables(BTreeMap::from([("PROXY_PASSWORD", "planted".to_owned())]));
    johndoe::target::parse(&text, "t.yaml", &variables).unwrap_or_else(|e| panic!("{e}"))
}

async fn enroll(target: &Target) -> Answered {
    let door = Door::new(target, USER_AGENT).unwrap();
    Exchange::new(door, target).carry_out(LifeEvent::Enroll, &context(), Instant::now()).await
}

#[tokio::test]
async fn a_host_that_nobody_here_can_look_up_is_asked_through_the_proxy_and_its_password_is_nowhere() {
    let proxy = proxy().await;
    let with = |login: &str| target("http://exchange.example", &format!("{{url: {}, {login}}}", proxy.url()));
    let let_in = with("user: probe, password: \"${env:PROXY_PASSWORD}\"");
    let answered = enroll(&let_in).await;
    assert_eq!(answered.submission, Submission::Accepted, "{answered:?}");
    let asked = proxy.asked();
    assert_eq!((asked[0].header("host"), asked[0].path.as_str()), (Some("exchange.example"), "/apply"));
    let door = Door::new(&let_in, USER_AGENT).unwrap();
    assert!(!format!("{let_in:?} {door:?} {answered:?}").contains("planted"));
    assert!(!door.redact("Basic cHJvYmU6cGxhbnRlZA==").contains("cHJvYmU6"), "nor as it is sent");
    let refused = enroll(&with("except: [127.0.0.1]")).await;
    assert_eq!(refused.submission, Submission::Unsent, "{refused:?}");
    assert!(refused.reason.as_deref().is_some_and(|reason| reason.contains("407")), "{refused:?}");
}

#[tokio::test]
async fn whom_the_proxy_would_reach_must_be_allowed_by_name_and_whoever_is_excepted_is_asked_directly() {
    let (proxy, far) = (proxy().await, FarSide::start(|_, _| told(201, "{\"id\": \"A-8\"}")).await);
    let target = target("http://exchange.example", &format!("{{url: {}, except: [127.0.0.1]}}", proxy.url()));
    let door = Door::new(&target, USER_AGENT).unwrap();
    let send = async |url: String| {
        let request = Request::new("GET", url, Duration::from_secs(5));
        door.session(Trace::of("r", "p"))
            .send(&request)
            .await
            .map(|reply| reply.answer.status)
            .map_err(|e| e.to_string())
    };
    let elsewhere = send("http://elsewhere.example/".to_owned()).await;
    assert!(elsewhere.as_ref().is_err_and(|words| words.contains("elsewhere.example")), "{elsewhere:?}");
    assert_eq!(proxy.asked().len(), 0, "the proxy is not even asked for it");
    assert_eq!(send(format!("{}/x", far.url())).await, Ok(201));
    assert_eq!((proxy.asked().len(), far.asked().len()), (0, 1));
}
