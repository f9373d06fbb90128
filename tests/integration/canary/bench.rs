//! Not tests: a canary at a sandbox, with a receiver of its messages and a clock that is set.

use crate::far_side::{Asked, FarSide, Told, told};
use crate::trial::{Overlay, brisk_target, overlay, scenario_within, start_sandbox};
use chrono::{DateTime, Utc};
use johndoe::canary::{self, Watched};
use johndoe::clock::{Clock, ManualClock, SystemClock};
use johndoe::model::RunPlan;
use johndoe::prober::{Header, Job};
use johndoe::sandbox::Running;
use johndoe::watch::{Around, Error, Jobs, Watcher, Watching, watching};
use johndoe::{scenario, target};
use johndoe_vigil::schedule::Start;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// So many households are all lost before an alarm is raised at an objective of 1 %, and a few more.
pub(crate) const HOUSEHOLDS: u32 = 16;

/// A folder with a ledger, a sandbox, a receiver, and a clock.
pub(crate) struct Bench {
    pub(crate) running: Option<Running>,
    pub(crate) receiver: FarSide,
    pub(crate) clock: ManualClock,
    pub(crate) said: Arc<Mutex<Vec<String>>>,
    /// Limits are long: nobody is lost.
    is_patient: bool,
    references: Overlay,
    folder: TempDir,
}

/// Jobs of one scenario and one target.
pub(crate) struct OneJob {
    scenario: String,
    target: String,
    references: Overlay,
    folder: PathBuf,
}

impl Jobs for OneJob {
    fn job(&self, watched: &Watched, seed: Option<u64>) -> Result<Job, String> {
        let header = Header {
            deadline_seconds: None,
            scenario_file: watched.scenario.clone(),
            scenario_text: self.scenario.clone(),
            target_file: watched.target.clone(),
            target_text: self.target.clone(),
            count: watched.count,
            seed,
            folder: self.folder.clone(),
            keep: false,
            fingerprint: None,
            last_step: None,
        };
        self.of(header)
    }

    fn again(&self, header: Header, _: &RunPlan) -> Result<Job, String> {
        self.of(header)
    }
}

impl OneJob {
    fn of(&self, header: Header) -> Result<Job, String> {
        let mut scenario = scenario::parse(&header.scenario_text, "s.yaml").map_err(|e| e.to_string())?;
        scenario.population.seed = header.seed.unwrap_or(scenario.population.seed);
        scenario.population.count = header.count.unwrap_or(scenario.population.count);
        let target = target::parse(&header.target_text, "t.yaml", &self.references).map_err(|e| e.to_string())?;
        Ok(Job { scenario: Arc::new(scenario), target: Arc::new(target), header })
    }
}

/// A scenario whose limits are over soon, since who is lost is waited for.
fn quick(is_patient: bool) -> String {
    // where nobody is lost nothing is waited for, and a busy machine makes nobody late
    let [exchange, edi, issuer] = if is_patient { ["60s"; 3] } else { ["5s", "5s", "6s"] };
    let text = scenario_within(exchange, edi, issuer, "0%", HOUSEHOLDS, "");
    text.replace("share: 0.5", "share: 0")
        .replace("dental: 0.2", "dental: 0")
        .replace("decide: estimate", "error_rate: \"< 1%\"")
}

/// Every quarter of an hour; `more` are keys at the file's top.
pub(crate) fn file(channels: &str, more: &str) -> String {
    format!(
        "canary: watch\n{more}schedules:\n  - {{name: trial, scenario: s.yaml, target: t.yaml, every: 15m}}\n{channels}"
    )
}

impl Bench {
    /// With these faults; the receiver answers so.
    pub(crate) async fn new(
        faults: &str,
        answer: impl Fn(&Asked, usize) -> Told + Clone + Send + Sync + 'static,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let running = start_sandbox(folder.path(), faults, 1).await;
        let references = overlay(&running);
        let receiver = FarSide::start(answer).await;
        let clock = ManualClock::at(SystemClock.now());
        Self {
            running: Some(running),
            receiver,
            clock,
            said: Arc::default(),
            is_patient: faults.is_empty(),
            references,
            folder,
        }
    }

    /// A receiver that takes everything.
    pub(crate) async fn quiet(faults: &str) -> Self {
        Self::new(faults, |_, _| told(200, "ok")).await
    }

    /// Another sandbox takes the place of this one.
    pub(crate) async fn mended(&mut self, faults: &str) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        let folder = self.folder.path().join(format!("mended-{}", self.clock.now().timestamp_millis()));
        let running = start_sandbox(&folder, faults, 2).await;
        (self.references, self.is_patient) = (overlay(&running), faults.is_empty());
        self.running = Some(running);
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn ledger(&self) -> String {
        self.folder.path().join("ledger.db").to_string_lossy().into_owned()
    }

    pub(crate) fn jobs(&self) -> Arc<OneJob> {
        Arc::new(self.one_job())
    }

    fn one_job(&self) -> OneJob {
        OneJob {
            scenario: quick(self.is_patient),
            target: brisk_target(),
            references: Overlay(self.references.0.clone()),
            folder: self.folder.path().to_path_buf(),
        }
    }

    /// The channels' keys: `hook` is the receiver.
    pub(crate) fn hook(&self) -> String {
        format!("channels:\n  - {{name: hook, webhook: \"http://{}/hook/s3cr3t-token\"}}\n", self.receiver.address)
    }

    pub(crate) fn configured(&self, text: &str) -> Watching {
        let references = Overlay(BTreeMap::new());
        let canary =
            canary::parse(text, "canary.yaml", &references, self.clock.now()).unwrap_or_else(|e| panic!("{e}"));
        watching(canary, &*self.jobs()).unwrap_or_else(|e| panic!("{e}"))
    }

    /// A process that begins now, and sends four households a second.
    pub(crate) fn started_slowly(&self, text: &str) -> Watcher {
        let jobs = OneJob { scenario: quick(false).replace("rate: 60/s", "rate: 4/s"), ..self.one_job() };
        self.started_with(text, Arc::new(jobs)).unwrap_or_else(|e| panic!("{e}"))
    }

    /// A process that begins now.
    pub(crate) fn started(&self, text: &str) -> Result<Watcher, Error> {
        self.started_with(text, self.jobs())
    }

    fn started_with(&self, text: &str, jobs: Arc<OneJob>) -> Result<Watcher, Error> {
        let said = Arc::clone(&self.said);
        let say = Arc::new(move |line: &str| said.lock().unwrap().push(line.to_owned()));
        let clocks: (Arc<dyn Clock>, Arc<dyn Clock>) = (Arc::new(self.clock.clone()), Arc::new(SystemClock));
        let around = Around::new(&self.ledger(), clocks, jobs, say).in_folder(self.path().to_path_buf());
        Watcher::open(self.configured(text), around, Start::Watching)
    }

    /// The next tick comes, and everything that follows from it is done.
    pub(crate) async fn tick(&self, watcher: &mut Watcher) {
        self.clock.advance(Duration::from_mins(15));
        self.settle(watcher).await;
    }

    /// Until nothing is under way and nothing waits that could be told now.
    pub(crate) async fn settle(&self, watcher: &mut Watcher) {
        let until = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            watcher.pass().unwrap_or_else(|e| panic!("{e}"));
            if watcher.is_idle() && watcher.has_told() {
                return;
            }
            assert!(tokio::time::Instant::now() < until, "it does not settle: {:?}", self.said.lock().unwrap());
            watcher.hear_one().await;
        }
    }

    /// Until no run is under way, whatever waits for channels.
    pub(crate) async fn settle_runs(&self, watcher: &mut Watcher) {
        let until = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            watcher.pass().unwrap_or_else(|e| panic!("{e}"));
            if watcher.is_idle() {
                return;
            }
            assert!(tokio::time::Instant::now() < until, "it does not settle: {:?}", self.said.lock().unwrap());
            watcher.hear_one().await;
        }
    }

    /// Until every channel that is being told has answered.
    pub(crate) async fn hear_channels(&self, watcher: &mut Watcher) {
        while watcher.is_telling() {
            watcher.hear_one().await;
        }
    }

    /// What was posted to the receiver, in its order.
    pub(crate) fn posted(&self) -> Vec<Value> {
        let asked = self.receiver.asked();
        asked
            .iter()
            .filter(|asked| asked.path.starts_with("/hook"))
            .map(|a| serde_json::from_str(&a.body).unwrap())
            .collect()
    }

    /// The kinds of what was posted.
    pub(crate) fn kinds(&self) -> Vec<String> {
        self.posted().iter().map(|posted| posted["kind"].as_str().unwrap_or("?").to_owned()).collect()
    }

    pub(crate) fn clock_now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
