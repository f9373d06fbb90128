//! Memory and CPU of a prober that waits for the records of a hundred thousand probes at once:
//! `cargo bench --bench outstanding [-- PROBES]`. The goal is less than 500 MB.
//!
//! The far side is this program once more, in a process of its own: it takes every application at once and shows no record
//! ever; the folder of 834 files stays empty. Nothing here is a criterion benchmark: what counts is one long state.

use axum::Json;
use axum::routing::{get, post};
use johndoe::clock::SystemClock;
use johndoe::ledger;
use johndoe::prober::{Header, Job, Listener, News, Options, Prober, Surroundings};
use johndoe::target::References;
use johndoe::{scenario, target};
use serde_json::json;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PROBES: u64 = 100_000;
/// How long the waiting is measured.
const WAIT: Duration = Duration::from_secs(30);
const SERVE: &str = "--serve";

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    if std::env::args().any(|argument| argument == SERVE) {
        return runtime.block_on(serve());
    }
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse::<u64>().ok());
    let (mut server, base_url) = far_side()?;
    let measured = runtime.block_on(measure(asked.unwrap_or(PROBES), &base_url));
    server.kill()?;
    server.wait()?;
    measured
}

/// Answers every application with the same ids but one, and every look-up with nothing.
async fn serve() -> Result<(), Box<dyn Error>> {
    static NEXT: AtomicU64 = AtomicU64::new(1_000_000);
    let enroll = || async {
        let id = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        Json(json!({"policyId": id, "subscriberId": format!("0{id}"), "applicationId": format!("A{id}")}))
    };
    let nobody = || async { Json(json!({"households": []})) };
    let router = axum::Router::new().route("/enroll", post(enroll)).route("/members", get(nobody));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

fn far_side() -> Result<(Child, String), Box<dyn Error>> {
    let mut child = Command::new(std::env::current_exe()?).arg(SERVE).stdout(Stdio::piped()).spawn()?;
    let mut base_url = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut base_url)?;
    Ok((child, base_url.trim().to_owned()))
}

async fn measure(households: u64, base_url: &str) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let counter = Arc::new(Answered::default());
    let stop = CancellationToken::new();
    let around = Surroundings { clock: Arc::new(SystemClock), listener: Arc::clone(&counter) as _, stop: stop.clone() };
    let ledger = ledger::open(&folder.path().join("ledger.db").to_string_lossy())?;
    let prober = Prober::begin(&job(households, base_url, folder.path())?, ledger, &around).await?;
    let (at_start, began) = (Usage::now(), Instant::now());
    let options = Options { keep: true, cleanup_only: false, deadline: None, no_wait: false };
    let run = tokio::spawn(async move { prober.run(options).await });
    while counter.0.load(Ordering::Relaxed) < households && !run.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let submitted = Usage::now();
    println!("{households} submitted in {:.1} s; {}", began.elapsed().as_secs_f64(), submitted.since(&at_start));
    tokio::time::sleep(WAIT).await;
    println!("waiting for {} s: {}", WAIT.as_secs(), Usage::now().since(&submitted));
    stop.cancel();
    run.await??;
    Ok(())
}

/// Counts the flows that came to an end.
#[derive(Default)]
struct Answered(AtomicU64);

impl Listener for Answered {
    fn tell(&self, news: &News) {
        if matches!(news, News::Answered { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// CPU seconds of this process so far, and its resident memory in MB, now and at its highest, as Linux tells them.
struct Usage {
    cpu: f64,
    resident: f64,
    highest: f64,
}

impl Usage {
    fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default();
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or_default() * 1024.0 / 1e6
        };
        Self { cpu: (ticks(11) + ticks(12)) / 100.0, resident: megabytes("VmRSS:"), highest: megabytes("VmHWM:") }
    }

    fn since(&self, before: &Self) -> String {
        let (cpu, resident, highest) = (self.cpu - before.cpu, self.resident, self.highest);
        format!("CPU {cpu:.1} s, resident {resident:.0} MB, at most {highest:.0} MB")
    }
}

/// No environment, no files.
struct Nothing;

impl References for Nothing {
    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Err("there are no files here".to_owned())
    }
}

fn job(probes: u64, base_url: &str, folder: &Path) -> Result<Job, Box<dyn Error>> {
    let (scenario_text, target_text) = (scenario_of(probes), target_of(base_url, folder));
    std::fs::create_dir_all(folder.join("outbound"))?;
    let scenario = scenario::parse(&scenario_text, "outstanding.yaml").map_err(|e| e.to_string())?;
    let target = target::parse(&target_text, "target.yaml", &Nothing).map_err(|e| e.to_string())?;
    let header = Header {
        scenario_file: "outstanding.yaml".to_owned(),
        scenario_text,
        target_file: "target.yaml".to_owned(),
        target_text,
        count: None,
        seed: None,
        folder: folder.to_path_buf(),
        keep: true,
        fingerprint: None,
        deadline_seconds: None,
        last_step: None,
    };
    Ok(Job { scenario: Arc::new(scenario), target: Arc::new(target), header })
}

fn scenario_of(probes: u64) -> String {
    format!(
        "scenario: outstanding
population: {{count: {probes}, seed: 1, as_of: 2013-10-01, states: [VA, OH, TX, FL]}}
journey:
  - event: enroll
    expect: {{at: {{edi_834: 12h, issuer: 12h}}}}
load: {{rate: 5000/s, in_flight: 200}}
"
    )
}

/// Looks begin after half a minute and come further and further apart, up to a quarter of an hour.
fn target_of(base_url: &str, folder: &Path) -> String {
    format!(
        "target: outstanding
environment: test
exchange:
  base_url: {base_url}
  flows:
    enroll:
      steps:
        - name: enroll
          post: /enroll
          json: {{application: \"{{{{ application }}}}\"}}
          commits: true
          expect: {{status: 200, within: 30s}}
          capture:
            group.application_id: $.applicationId
            exchange_assigned_subscriber_id: $.subscriberId
            exchange_assigned_policy_id: $.policyId
waypoints:
  - {{name: edi_834, feed: edi_folder, path: {}, every: 1s, within: 12h}}
  - name: issuer
    feed: json_api
    within: 12h
    base_url: {base_url}
    lookups:
      - {{get: \"/members?exchange_id={{{{ exchange_assigned_subscriber_id }}}}\"}}
    records: $.households[*]
    members: $.members[*]
    fields: {{exchange_assigned_policy_id: $.policyId, last_name: $.name.last}}
    poll: {{first_after: 30s, every: 60s, at_most: 15m}}
plans:
  - {{plan_id: 12345VA0010001, state: VA, line: medical}}
  - {{plan_id: 12345OH0010001, state: OH, line: medical}}
  - {{plan_id: 12345TX0010001, state: TX, line: medical}}
  - {{plan_id: 12345FL0010001, state: FL, line: medical}}
limits: {{rate: 5000/s, in_flight: 200, probes: 1000000, look_ups: 64}}
allow_hosts: [127.0.0.1]
",
        folder.join("outbound").display()
    )
}
