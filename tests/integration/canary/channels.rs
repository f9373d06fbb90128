//! Messages: each once, whatever the receiver answers; cut to its size; and nothing of an address anywhere.

use super::bench::{Bench, file};
use crate::far_side::{FarSide, told};
use johndoe::clock::SystemClock;
use johndoe::dashboard::{Guard, Records, router};
use johndoe::watch::{Form, Watcher, metrics, serve, status};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;

/// An alarm is raised, and minutes pass in which channels are tried again.
async fn an_alarm_and_some_minutes(bench: &Bench, watcher: &mut Watcher) {
    bench.settle_runs(watcher).await;
    bench.clock.advance(Duration::from_mins(15));
    bench.settle_runs(watcher).await;
    for _ in 0..12 {
        bench.clock.advance(Duration::from_secs(20));
        bench.settle_runs(watcher).await;
        bench.hear_channels(watcher).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_busy_and_broken_before_it_takes_them_gets_each_message_once() {
    let bench = Bench::new("lose=1.0", |_, before| match before {
        0 => (429, vec![("retry-after", "45".to_owned())], "later".to_owned()),
        1 => told(500, "broken"),
        2 => told(413, "too large"),
        _ => told(200, "ok"),
    })
    .await;
    let channels = bench.hook().replace("name: hook,", "name: hook, size: 1000,");
    let mut watcher = bench.started(&file(&channels, "")).unwrap();
    an_alarm_and_some_minutes(&bench, &mut watcher).await;
    let posted = bench.posted();
    assert_eq!(bench.kinds(), ["firing"; 4], "each try is of the same message, and the one that is taken the last");
    let keys: Vec<_> = posted.iter().map(|told| told["key"].clone()).collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    let size = |n: usize| posted[n]["text"].as_str().unwrap().len();
    assert!(size(3) <= 500 && size(3) < size(2), "it is cut for a receiver that finds it too large");
    let header = bench.receiver.asked().last().unwrap().header("idempotency-key").map(ToOwned::to_owned);
    assert!(header.is_some_and(|key| key.starts_with("firing/trial/")));
    assert!(watcher.has_told());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_fails_three_times_is_told_of_on_the_next_and_holds_up_no_run() {
    let bench =
        Bench::new("lose=1.0", |asked, _| told(if asked.path.contains("broken") { 500 } else { 200 }, "")).await;
    let at = bench.receiver.address;
    let channels = format!(
        "channels:\n  - {{name: broken, webhook: \"http://{at}/broken\"}}\n  - {{name: hook, webhook: \"http://{at}/hook\"}}\n"
    );
    let mut watcher = bench.started(&file(&channels, "")).unwrap();
    an_alarm_and_some_minutes(&bench, &mut watcher).await;
    assert_eq!(bench.kinds(), ["firing", "channel-down"]);
    assert!(bench.posted()[1]["text"].as_str().unwrap().contains("`broken`"));
    bench.clock.advance(Duration::from_mins(15));
    bench.settle_runs(&mut watcher).await;
    assert!(watcher.is_idle(), "the next run was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_channel_is_told_in_its_own_words() {
    let bench = Bench::quiet("lose=1.0").await;
    let (at, told) = (bench.receiver.address, bench.path().join("told.txt"));
    let script = bench.path().join("tell.sh");
    std::fs::write(&script, format!("cat >> {0}\necho \"$JOHNDOE_KIND $JOHNDOE_GROUP\" >> {0}\n", told.display()))
        .unwrap();
    let channels = format!(
        "channels:\n  - {{name: slack, webhook: \"http://{at}/slack\", template: slack}}\n  \
         - {{name: pagerduty, webhook: \"http://{at}/pagerduty\", template: pagerduty, routing_key: key-of-mine}}\n  \
         - {{name: own, webhook: \"http://{at}/own\", body: '{{\"n\": {{{{ alarms | length }}}}}}'}}\n  \
         - {{name: manager, alertmanager: \"http://{at}/am\", hold: 6h}}\n  \
         - {{name: program, command: [sh, \"{}\"]}}\n",
        script.display()
    );
    let dead_man = format!("dead_man: \"http://{at}/ping/s3cr3t\"\n");
    let mut watcher = bench.started(&file(&channels, &dead_man)).unwrap();
    bench.settle(&mut watcher).await;
    bench.tick(&mut watcher).await;
    let asked = bench.receiver.asked();
    let bodies = |path: &str| -> Vec<serde_json::Value> {
        asked.iter().filter(|a| a.path == path).map(|a| serde_json::from_str(&a.body).unwrap()).collect()
    };
    assert!(bodies("/slack")[0]["text"].as_str().unwrap().starts_with("trial: failing"));
    let event = &bodies("/pagerduty")[0];
    assert_eq!((&event["event_action"], &event["routing_key"]), (&"trigger".into(), &"key-of-mine".into()));
    assert!(bodies("/own")[0]["n"].as_u64().unwrap() >= 2);
    let alerts = &bodies("/am/api/v2/alerts")[0];
    assert_eq!(alerts[0]["labels"]["alertname"], "JohndoeCanary");
    let moment = |key: &str| alerts[0][key].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert!(moment("endsAt") > bench.clock_now() + chrono::TimeDelta::hours(5), "it holds while it is posted");
    let program = std::fs::read_to_string(&told).unwrap();
    assert!(program.contains("look closer: johndoe canary explain") && program.contains("firing trial"), "{program}");
    let pings: Vec<&str> = asked.iter().map(|a| a.path.as_str()).filter(|path| path.starts_with("/ping")).collect();
    assert_eq!(pings, ["/ping/s3cr3t/start", "/ping/s3cr3t"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_address_stands_in_any_artefact() {
    let bench = Bench::new("lose=1.0", |_, _| told(500, "s3cr3t-token is broken")).await;
    let nobody = FarSide::start(|_, _| told(200, "")).await.address;
    let channels = format!(
        "{}  - {{name: gone, webhook: \"http://pl4nted-host.invalid:{}/pl4nted-path?key=pl4nted-key\"}}\n",
        bench.hook(),
        nobody.port()
    );
    let text = file(&channels, "dead_man: \"http://pl4nted-man.invalid/pl4nted-ping\"\n");
    let mut watcher = bench.started(&text).unwrap();
    an_alarm_and_some_minutes(&bench, &mut watcher).await;
    let watching = bench.configured(&text);
    let shown = status(watcher.log().state(), &watching, bench.clock_now());
    assert!(shown.channels.iter().all(|channel| channel.is_down), "{shown:?}");
    let mut said = bench.said.lock().unwrap().join("\n");
    said += &serde_json::to_string(&shown).unwrap();
    said += &metrics(&shown, Form::OpenMetrics);
    said += &format!("{:?} {:?}", watching.canary, watching);
    let mut places: BTreeMap<String, Vec<u8>> = BTreeMap::from([("what was said".to_owned(), said.into_bytes())]);
    for entry in std::fs::read_dir(bench.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            places.insert(path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }
    assert!(places.keys().any(|name| name.ends_with("ledger.db")), "{:?}", places.keys());
    for (place, bytes) in &places {
        for planted in ["s3cr3t", "pl4nted", &format!("127.0.0.1:{}", bench.receiver.address.port())] {
            let found = bytes.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "`{planted}` stands in {place}");
        }
    }
}

/// The whole answer to a scraper.
async fn asked_of(at: SocketAddr, accept: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(at).await.unwrap();
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {at}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// The dashboard over the bench's ledger.
fn pages(bench: &Bench) -> axum::Router {
    let guard = Guard::new("127.0.0.1:0".parse().unwrap(), None).unwrap();
    router(Records::open(&bench.ledger(), Arc::new(SystemClock)).unwrap(), guard)
}

/// The first page.
async fn page_of(at: SocketAddr) -> String {
    let mut stream = tokio::net::TcpStream::connect(at).await.unwrap();
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_served_in_the_form_that_is_asked_for() {
    let bench = Bench::quiet("lose=1.0").await;
    let mut watcher = bench.started(&file("", "")).unwrap();
    let end = CancellationToken::new();
    let at = serve("127.0.0.1:0".parse().unwrap(), watcher.mirror(), pages(&bench), end.clone()).await.unwrap();
    let get = |accept: &'static str| asked_of(at, accept);
    assert!(get("*/*").await.starts_with("HTTP/1.1 503"), "before anything is known nothing is made up");
    bench.settle(&mut watcher).await;
    bench.tick(&mut watcher).await;
    let plain = get("*/*").await;
    assert!(plain.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{plain}");
    for line in [
        "johndoe_alarm_firing{group=\"trial\",source=\"trial missing\"} 1",
        "johndoe_alarm_firing{group=\"trial\",source=\"trial altered\"} 0",
        "johndoe_outcomes_total{outcome=\"failed\",scenario=\"trial\",stream=\"trial missing\"} 16",
        "johndoe_runs_begun_total{schedule=\"trial\"} 1",
        "johndoe_stream_state{scenario=\"trial\",stream=\"trial missing\",state=\"failing\"} 1",
        "johndoe_sending_stopped 0",
        "# TYPE johndoe_outcomes_total counter",
    ] {
        assert!(plain.lines().any(|l| l == line), "`{line}` is not in:\n{plain}");
    }
    assert!(plain.contains("\njohndoe_last_success_timestamp_seconds 1"), "{plain}");
    // who watches is seen beside it
    let now = page_of(at).await;
    assert!(
        now.contains("Canary watch")
            && now.contains("trial missing")
            && now.contains("failing</strong> since")
            && now.contains("5 of 5 failed"),
        "{now}"
    );
    let open = get("application/openmetrics-text;version=1.0.0,text/plain;q=0.5").await;
    assert!(open.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"), "{open}");
    assert!(open.ends_with("# EOF\n") && open.contains("# TYPE johndoe_outcomes counter"), "{open}");
    end.cancel();
    crate::canary::prometheus::others_read(&plain, &open);
}
