//! A small language for whole trips: given a sandbox with faults, a scenario runs, and its outcome is asked for.

use johndoe::clock::SystemClock;
use johndoe::ledger;
use johndoe::model::{Entry, ProbeSummary, RunId, RunPlan, Summary, Windows};
use johndoe::prober::{Header, Job, Options, Prober, Silent, Surroundings};
use johndoe::sandbox::{self, Config, Counts, Delivery, FaultSpec, PlantedFault, Running};
use johndoe::target::References;
use johndoe::{reconcile, scenario, target};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The shipped target; the sandbox's addresses are laid over it.
pub(crate) const TARGET: &str = include_str!("../../scenarios/targets/sandbox.yaml");

/// What is given.
pub(crate) struct Trial {
    faults: String,
    scenario: String,
    keep: bool,
    seed: u64,
}

/// What came of it.
pub(crate) struct Tried {
    pub(crate) summary: Summary,
    pub(crate) truth: Vec<PlantedFault>,
    pub(crate) counters: BTreeMap<String, Counts>,
    pub(crate) plan: RunPlan,
    pub(crate) entries: Vec<Entry>,
    pub(crate) ledger: PathBuf,
    /// Holds ledger and 834 files as long as the outcome is looked at.
    pub(crate) folder: TempDir,
}

impl Trial {
    /// A sandbox with these faults (`lose=0.1,…`; empty: none).
    pub(crate) fn given(faults: &str) -> Self {
        Self { faults: faults.to_owned(), scenario: scenario_of(6, ""), keep: false, seed: 1 }
    }

    /// This many households.
    pub(crate) fn households(mut self, count: u32) -> Self {
        self.scenario = scenario_of(count, "");
        self
    }

    /// A scenario of one's own.
    pub(crate) fn scenario(mut self, text: &str) -> Self {
        text.clone_into(&mut self.scenario);
        self
    }

    /// Leaves the people enrolled.
    pub(crate) fn keep(mut self) -> Self {
        self.keep = true;
        self
    }

    /// Seed of the faults.
    pub(crate) fn fault_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs it to its end.
    pub(crate) async fn run(self) -> Tried {
        let folder = TempDir::new().expect("a scratch folder");
        let running = start_sandbox(folder.path(), &self.faults, self.seed).await;
        let ledger = folder.path().join("ledger.db");
        let job = job(&self.scenario, &overlay(&running), folder.path(), self.keep);
        let run = run_job(&job, &ledger, self.keep).await;
        let (summary, plan, entries) = judged(&ledger, &run);
        let (truth, counters) = (running.truth(), running.counters());
        assert!(running.troubles().is_empty(), "{:?}", running.troubles());
        running.stop().await;
        Tried { summary, truth, counters, plan, entries, ledger, folder }
    }
}

impl Tried {
    /// The probes that are not good, in index order.
    pub(crate) fn bad(&self) -> Vec<&ProbeSummary> {
        self.summary.probes.iter().filter(|p| p.good != Some(true)).collect()
    }
}

/// Limits short enough for a test, and long enough for a busy machine: nothing here asserts a time, but what is lost is
/// waited for as long as this.
pub(crate) fn scenario_of(count: u32, more: &str) -> String {
    format!(
        "scenario: trial\n\
         population:\n  count: {count}\n  seed: 7\n  as_of: 2013-11-15\n  states: [VA, OH, MA]\n  \
         edge_cases: {{share: 0.5}}\n  ssn: never_issued\n\
         journey:\n  - event: enroll\n    expect: {{at: {{exchange: 6s, edi_834: 6s, issuer: 8s}}}}\n\
         grace: 25%\n\
         load: {{rate: 200/s, in_flight: 100}}\n{more}"
    )
}

/// A sandbox in this process that writes below the folder.
pub(crate) async fn start_sandbox(folder: &Path, faults: &str, seed: u64) -> Running {
    let config = Config {
        outbound: folder.join("outbound"),
        delivery: Delivery::ByWindow(Windows::Every { period: Duration::from_millis(500), grace: Duration::ZERO }),
        seed,
        faults: if faults.is_empty() { Vec::new() } else { FaultSpec::parse(faults).expect("faults") },
        ..Config::default()
    };
    sandbox::start(config, Arc::new(SystemClock), std::future::pending()).await.expect("a sandbox")
}

/// Where the shipped target finds this sandbox.
pub(crate) fn overlay(running: &Running) -> Overlay {
    let mut names = BTreeMap::from([
        ("JOHNDOE_EXCHANGE_URL".to_owned(), format!("http://{}", running.exchange)),
        ("JOHNDOE_OUTBOUND".to_owned(), running.outbound.to_string_lossy().into_owned()),
    ]);
    for (issuer, address) in &running.issuers {
        names.insert(format!("JOHNDOE_ISSUER_{issuer}_URL"), format!("http://{address}"));
    }
    Overlay(names)
}

/// An environment of its own, so that tests do not meet in the process's.
pub(crate) struct Overlay(pub(crate) BTreeMap<String, String>);

impl References for Overlay {
    fn env(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

/// A job at the shipped target.
pub(crate) fn job(scenario_text: &str, references: &Overlay, folder: &Path, keep: bool) -> Job {
    let scenario = scenario::parse(scenario_text, "trial.yaml").unwrap_or_else(|e| panic!("{e}"));
    let target = target::parse(TARGET, "sandbox.yaml", references).unwrap_or_else(|e| panic!("{e}"));
    let header = Header {
        scenario_file: "trial.yaml".to_owned(),
        scenario_text: scenario_text.to_owned(),
        target_file: "sandbox.yaml".to_owned(),
        target_text: TARGET.to_owned(),
        count: None,
        seed: None,
        folder: folder.to_path_buf(),
        keep,
    };
    Job { scenario: Arc::new(scenario), target: Arc::new(target), header }
}

/// What the engine is given in tests.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings { clock: Arc::new(SystemClock), listener: Arc::new(Silent), stop: CancellationToken::new() }
}

/// Runs a job to its end.
pub(crate) async fn run_job(job: &Job, ledger: &Path, keep: bool) -> RunId {
    let ledger = ledger::open(&ledger.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(job, ledger, &surroundings()).await.unwrap_or_else(|e| panic!("{e}"));
    let options = Options { keep, cleanup_only: false, deadline: None };
    prober.run(options).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run_id().clone()
}

/// Judges a run from its ledger.
pub(crate) fn judged(ledger: &Path, run: &RunId) -> (Summary, RunPlan, Vec<Entry>) {
    let ledger = ledger::open_existing(&ledger.to_string_lossy()).expect("a ledger");
    let (plan, _) = ledger.run_plan(run).expect("a plan");
    let entries = ledger.entries(run).expect("entries");
    let ended = entries.last().expect("an entry").at;
    (reconcile::judge(&plan, &entries, ended), plan, entries)
}
