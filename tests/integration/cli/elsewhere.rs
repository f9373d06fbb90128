//! A run goes on where it was begun, and nowhere else.

use super::Desk;
use crate::far_side::{Asked, FarSide, Told, told};

/// An exchange that accepts, and cancels at one path.
async fn exchange(cancels_at: &'static str) -> FarSide {
    let answer = move |asked: &Asked, before: usize| -> Told {
        match asked.path.as_str() {
            "/apply" => told(201, &format!("{{\"id\": \"A-{before}\"}}")),
            path if path.starts_with(cancels_at) => told(200, "{}"),
            _ => told(404, "no such page"),
        }
    };
    FarSide::start(answer).await
}

const TARGET: &str = "target: real\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: \"${env:EXCHANGE}\"\n  \
    flows:\n    enroll:\n      - {name: apply, post: /apply, json: {a: b}, capture: {application_id: $.id}}\n    \
    cancel:\n      - {name: cancel, post: \"/old/{{ application_id }}\"}\nlimits: {rate: 1000/s, in_flight: 1}\n\
    waypoints:\n  - {name: edi_834, feed: edi_folder, path: ./out, every: 10ms, within: 100ms}\n";

/// A desk with a scenario of three households, and this target.
fn desk_at(far: &FarSide, target: &str) -> Desk {
    let mut desk = Desk::new();
    desk.set("EXCHANGE", &far.url());
    std::fs::create_dir(desk.path("out")).expect("a folder");
    desk.write("target.yaml", target);
    desk.write(
        "mine.yaml",
        "scenario: trial\nobjective: {decide: estimate}\npopulation: {count: 3, seed: 7, as_of: 2013-11-15, states: [VA]}\njourney:\n  - event: enroll\nload: {rate: 1000/s, in_flight: 1}\n",
    );
    desk
}

/// The same with three households in, nobody taken out.
fn kept_at(far: &FarSide, target: &str, more: &[&str]) -> Desk {
    let desk = desk_at(far, target);
    let run = ["run", "mine.yaml", "--target", "target.yaml", "--keep", "--count", "3"];
    let told = desk.johndoe(&[&run[..], more].concat());
    assert_eq!(far.paths(), ["POST /apply"; 3], "{}", told.err);
    desk
}

fn cancelled(far: &FarSide, at: &str) -> usize {
    far.paths().iter().filter(|path| path.starts_with(&format!("POST {at}/A-"))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_that_leads_to_another_exchange_is_refused_and_nothing_is_sent_there() {
    let (here, there) = (exchange("/old/").await, exchange("/old/").await);
    let mut desk = kept_at(&here, TARGET, &[]);
    desk.set("EXCHANGE", &there.url());
    for words in [&["sweep"][..], &["sweep", "--confirm", "real"], &["sweep", "--target", "target.yaml"]] {
        let told = desk.johndoe(words);
        assert_ne!(told.code, Some(0), "{words:?}: {}", told.err);
        assert!(told.err.contains("exchange.base_url"), "{words:?}: {}", told.err);
        assert!(!told.err.contains(&there.url()) && !told.err.contains(&here.url()), "{words:?}: {}", told.err);
    }
    assert!(there.asked().is_empty(), "{:?}", there.paths());
    desk.set("EXCHANGE", &here.url());
    desk.johndoe(&["sweep"]);
    assert_eq!(cancelled(&here, "/old"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_that_names_another_tenant_is_refused_and_another_password_is_not() {
    let ways = [
        ("/old/{{ application_id }}", "/old/{{ application_id }}?t=${env:TENANT}"),
        ("post: \"/old/", "post: \"/old/${env:TENANT}/"),
        ("application_id }}\"}", "application_id }}\", query: {tenant: \"${env:TENANT}\"}}"),
        ("application_id }}\"}", "application_id }}\", json: {to: [{of: \"${env:TENANT}\"}]}}"),
        ("application_id }}\"}", "application_id }}\", headers: {Host: \"${env:TENANT}\"}}"),
        ("  flows:", "  headers: {X-Tenant: \"${env:TENANT}\"}\n  flows:"),
        ("application_id }}\"}", "application_id }}\", form: {password: \"${env:TENANT}\"}}"),
        (
            "application_id }}\"}",
            "application_id }}\", body: 'token=${env:TENANT}', headers: {X-Api-Key: \"${env:TENANT}\"}}",
        ),
    ];
    for (n, (from, to)) in ways.into_iter().enumerate() {
        let far = exchange("/old/").await;
        let mut desk = desk_at(&far, &TARGET.replace(from, to));
        desk.set("TENANT", "test.example");
        desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--keep", "--count", "3"]);
        let before = far.asked().len();
        desk.set("TENANT", "production.example");
        for words in [&["sweep"][..], &["sweep", "--target", "target.yaml"]] {
            let told = desk.johndoe(words);
            if n < 6 {
                assert_ne!(told.code, Some(0), "{to}: {}", told.err);
                assert!(told.err.contains("`${env:TENANT}` is another"), "{to}: {}", told.err);
                assert!(!told.err.contains("example"), "{to}: {}", told.err);
            }
        }
        assert_eq!(far.asked().len() > before, n >= 6, "{to}: {:?}", far.paths());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_cancel_flow_is_mended_by_another_target_file_and_that_is_written_down() {
    let far = exchange("/new/").await;
    let desk = kept_at(&far, TARGET, &[]);
    desk.johndoe(&["sweep"]).ends(6, &[]);
    assert_eq!(cancelled(&far, "/old"), 3, "answered 404");
    desk.write("other.yaml", &TARGET.replace("target: real", "target: another"));
    let told = desk.johndoe(&["sweep", "--target", "other.yaml"]);
    assert!(told.err.contains("`target`"), "{}", told.err);
    desk.write("mended.yaml", &TARGET.replace("/old/", "/new/"));
    let told = desk.johndoe(&["sweep", "--target", "mended.yaml"]);
    assert_eq!(cancelled(&far, "/new"), 3, "{}", told.err);
    let told = desk.johndoe(&["show", "latest/0"]);
    assert!(told.out.contains("the target was read anew"), "{}", told.out);
}

/// A tenant that stands in a header of every request is where the target leads; a flow may be mended, and that may not.
#[tokio::test(flavor = "multi_thread")]
async fn a_mended_target_that_names_another_tenant_is_refused() {
    let of = |tenant: &str| TARGET.replace("  flows:", &format!("  headers: {{X-Tenant: {tenant}}}\n  flows:"));
    for (began, mended) in [(of("test"), of("prod")), (TARGET.to_owned(), of("prod")), (of("test"), TARGET.to_owned())]
    {
        let far = exchange("/old/").await;
        let desk = kept_at(&far, &began, &[]);
        desk.write("mended.yaml", &mended);
        let told = desk.johndoe(&["sweep", "--target", "mended.yaml"]);
        assert!(told.err.contains("`exchange.headers`"), "{}", told.err);
        assert_eq!(cancelled(&far, "/old"), 0, "{:?}", far.paths());
        desk.write("mended.yaml", &began.replace("name: cancel", "name: cancel again"));
        desk.johndoe(&["sweep", "--target", "mended.yaml"]);
        assert_eq!(cancelled(&far, "/old"), 3, "{:?}", far.paths());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_is_not_resumed_at_another_exchange() {
    let (here, there) = (exchange("/old/").await, exchange("/old/").await);
    let mut desk = desk_at(&here, &TARGET.replace("within: 100ms", "within: 60s"));
    let mut run = desk.command(&["run", "mine.yaml", "--target", "target.yaml"]).spawn().expect("the program");
    while here.asked().len() < 3 {
        tokio::task::yield_now().await;
    }
    run.kill().expect("to be killed");
    run.wait().expect("its end");
    desk.set("EXCHANGE", &there.url());
    let told = desk.johndoe(&["resume", "--deadline", "1s"]);
    assert_ne!(told.code, Some(0));
    assert!(told.err.contains("exchange.base_url"), "{}", told.err);
    assert!(there.asked().is_empty(), "{:?}", there.paths());
    desk.set("EXCHANGE", &here.url());
    desk.johndoe(&["resume", "--deadline", "1s"]);
    assert_eq!(here.paths().iter().filter(|path| *path == "POST /apply").count(), 3);
    // the third was killed before or after its answer was written down: without it nobody can name it
    assert!(cancelled(&here, "/old") >= 2, "{:?}", here.paths());
}

#[tokio::test(flavor = "multi_thread")]
async fn production_is_confirmed_anew_at_every_start() {
    let far = exchange("/old/").await;
    let production = TARGET.replace("environment: test", "environment: production");
    let desk = kept_at(&far, &production, &["--confirm", "real"]);
    for words in [&["sweep"][..], &["sweep", "--confirm", "another"]] {
        let told = desk.johndoe(words);
        assert_ne!(told.code, Some(0), "{words:?}");
        assert!(told.err.contains("--confirm real"), "{words:?}: {}", told.err);
    }
    assert_eq!(cancelled(&far, "/old"), 0);
    desk.johndoe(&["sweep", "--confirm", "real"]);
    assert_eq!(cancelled(&far, "/old"), 3);
}
