//! A small language for whole trips: given a sandbox with faults, a scenario runs, and its outcome is asked for.

use johndoe::clock::SystemClock;
use johndoe::ledger;
use johndoe::model::{Entry, Event, ProbeSummary, RunId, RunPlan, Summary, Windows};
use johndoe::prober::{Header, Job, Listener, News, Options, Prober, Silent, Surroundings};
use johndoe::sandbox::{self, Config, Delivery, FaultSpec, PlantedFault, Running};
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

/// Phases and deadline of a run that goes through to its end.
pub(crate) const WHOLE: Options = Options { keep: false, cleanup_only: false, deadline: None, no_wait: false };

/// What is given.
pub(crate) struct Trial {
    faults: String,
    scenario: String,
    target: String,
    options: Options,
    seed: u64,
}

/// A sandbox at work, and a job for it.
pub(crate) struct Bench {
    pub(crate) running: Running,
    pub(crate) job: Job,
    pub(crate) ledger: PathBuf,
    pub(crate) options: Options,
    /// Holds ledger and 834 files as long as the bench stands.
    _folder: TempDir,
}

/// What came of it.
pub(crate) struct Tried {
    pub(crate) summary: Summary,
    pub(crate) truth: Vec<PlantedFault>,
    pub(crate) plan: RunPlan,
    pub(crate) entries: Vec<Entry>,
}

impl Trial {
    /// A sandbox with these faults (`lose=0.1,…`; empty: none).
    pub(crate) fn given(faults: &str) -> Self {
        let (scenario, target) = (scenario_of(6, ""), brisk_target());
        Self { faults: faults.to_owned(), scenario, target, options: WHOLE, seed: 1 }
    }

    /// A scenario of one's own.
    pub(crate) fn scenario(mut self, text: &str) -> Self {
        text.clone_into(&mut self.scenario);
        self
    }

    /// A target of one's own.
    pub(crate) fn target(mut self, text: &str) -> Self {
        text.clone_into(&mut self.target);
        self
    }

    /// Leaves the people enrolled.
    pub(crate) fn keep(mut self) -> Self {
        self.options.keep = true;
        self
    }

    /// Ends watching after this.
    pub(crate) fn deadline(mut self, after: Duration) -> Self {
        self.options.deadline = Some(after);
        self
    }

    /// Starts the sandbox, and nothing else.
    pub(crate) async fn begin(self) -> Bench {
        let folder = TempDir::new().expect("a scratch folder");
        let running = start_sandbox(folder.path(), &self.faults, self.seed).await;
        let job = job(&self.scenario, &self.target, &overlay(&running), folder.path());
        Bench { running, job, ledger: folder.path().join("ledger.db"), options: self.options, _folder: folder }
    }

    /// Runs it to its end.
    pub(crate) async fn run(self) -> Tried {
        let bench = self.begin().await;
        let run = bench.start(bench.options).await;
        let tried = bench.judged(&run);
        assert!(bench.running.troubles().is_empty(), "{:?}", bench.running.troubles());
        bench.running.stop().await;
        tried
    }
}

impl Bench {
    /// A new run, to its end.
    pub(crate) async fn start(&self, options: Options) -> RunId {
        let ledger = ledger::open(&self.ledger.to_string_lossy()).expect("a ledger");
        let prober = Prober::begin(&self.job, ledger, &surroundings()).await.unwrap_or_else(|e| panic!("{e}"));
        prober.run(options).await.unwrap_or_else(|e| panic!("{e}"));
        prober.run_id().clone()
    }

    /// A new run that is told to stop after a while.
    pub(crate) async fn start_and_stop(&self, after: Duration) -> RunId {
        let ledger = ledger::open(&self.ledger.to_string_lossy()).expect("a ledger");
        let around = surroundings();
        let prober = Prober::begin(&self.job, ledger, &around).await.unwrap_or_else(|e| panic!("{e}"));
        let stop = around.stop.clone();
        let alarm = tokio::spawn(async move {
            tokio::time::sleep(after).await;
            stop.cancel();
        });
        prober.run(self.options).await.unwrap_or_else(|e| panic!("{e}"));
        alarm.abort();
        prober.run_id().clone()
    }

    /// Another process takes the run over.
    pub(crate) async fn adopt(&self, run: &RunId, options: Options) {
        let ledger = ledger::open_existing(&self.ledger.to_string_lossy()).expect("a ledger");
        let prober = Prober::adopt(&self.job, run, ledger, &surroundings()).await.unwrap_or_else(|e| panic!("{e}"));
        prober.run(options).await.unwrap_or_else(|e| panic!("{e}"));
    }

    /// Judges a run from its ledger.
    pub(crate) fn judged(&self, run: &RunId) -> Tried {
        let ledger = ledger::open_existing(&self.ledger.to_string_lossy()).expect("a ledger");
        let (plan, _) = ledger.run_plan(run).expect("a plan");
        let entries = ledger.entries(run).expect("entries");
        let ended = entries.last().expect("an entry").at;
        let summary = reconcile::judge(&plan, &entries, ended);
        Tried { summary, truth: self.running.truth(), plan, entries }
    }
}

impl Tried {
    /// The probes that are not good, in index order.
    pub(crate) fn bad(&self) -> Vec<&ProbeSummary> {
        self.summary.probes.iter().filter(|p| p.good != Some(true)).collect()
    }

    /// Each household's marker, by its place.
    pub(crate) fn markers(&self) -> BTreeMap<u32, String> {
        let household = |entry: &Entry| match &entry.event {
            Event::Planned { household, .. } => Some((household.index.0, household.marker.clone())),
            _ => None,
        };
        self.entries.iter().filter_map(household).collect()
    }
}

/// The shipped target with more frequent looks and windows, and the exchange's own records as a first waypoint.
pub(crate) fn brisk_target() -> String {
    let issuer = "  - name: issuer\n";
    let (head, tail) = TARGET.split_once(issuer).expect("the issuer's waypoint");
    let (_, records) = tail.split_once("    records:").expect("its records");
    let (records, _) = records.split_once("    poll:").expect("its poll");
    let exchange = format!(
        "  - name: exchange\n    feed: json_api\n    within: 8s\n    \
         base_url: \"${{env:JOHNDOE_EXCHANGE_URL}}\"\n    auth: {{bearer: sandbox}}\n    \
         lookups:\n      - {{get: \"/api/enrollments?application_id={{{{ application_id }}}}\"}}\n      \
         - {{get: \"/api/enrollments?email={{{{ subscriber.email }}}}\"}}\n    \
         records:{records}    poll: {{first_after: 300ms, every: 6s, at_most: 30s}}\n"
    );
    let head =
        head.replace("waypoints:                       # in pipeline order\n", &format!("waypoints:\n{exchange}"));
    format!("{head}{issuer}{tail}")
        .replace("within: 10s", "within: 5s")
        .replace("every: 500ms, within: 2 windows", "every: 300ms, within: 8s")
        .replace("within: 30s\n    per_issuer", "within: 8s\n    per_issuer")
        .replace("first_after: 1s, every: 1s, at_most: 10s", "first_after: 1s, every: 2s, at_most: 15s")
        .replace("{every: 2s, grace: 3s}", "{every: 500ms, grace: 1500ms}")
}

/// The same target, with the 834 files behind the sandbox's SFTP server.
#[cfg(feature = "sftp")]
pub(crate) fn over_sftp(target: &str) -> String {
    let local = "path: \"${env:JOHNDOE_OUTBOUND:-./sandbox/outbound}\"";
    assert!(target.contains(local), "{target}");
    let login = "sftp: {password: sandbox, host_key: \"${env:JOHNDOE_SFTP_KEY}\"}";
    target.replace(local, &format!("path: \"${{env:JOHNDOE_SFTP}}\", {login}"))
}

/// Limits short enough for a test, and long enough for a busy machine: nothing here asserts a time, but what is lost is
/// waited for as long as this.
pub(crate) fn scenario_of(count: u32, more: &str) -> String {
    scenario_within("6s", "6s", "8s", "25%", count, more)
}

/// A scenario with these limits at exchange, 834 files and issuer, and this grace.
pub(crate) fn scenario_within(exchange: &str, edi: &str, issuer: &str, grace: &str, count: u32, more: &str) -> String {
    format!(
        "scenario: trial\nobjective: {{decide: estimate}}\n\
         population:\n  count: {count}\n  seed: 7\n  as_of: 2013-11-15\n  states: [VA, OH, MA]\n  \
         edge_cases: {{share: 0.5}}\n  ssn: never_issued\n  dental: 0.2\n\
         journey:\n  - event: enroll\n    \
         expect: {{at: {{exchange: {exchange}, edi_834: {edi}, issuer: {issuer}}}}}\n\
         grace: {grace}\n\
         load: {{rate: 60/s, in_flight: 200}}\n{more}"
    )
}

/// A sandbox in this process that writes below the folder.
pub(crate) async fn start_sandbox(folder: &Path, faults: &str, seed: u64) -> Running {
    let config = Config {
        outbound: folder.join("outbound"),
        delivery: Delivery::ByWindow(Windows::Every { period: Duration::from_millis(500), grace: Duration::ZERO }),
        seed,
        #[cfg(feature = "sftp")]
        sftp: Some(std::net::SocketAddr::from(([127, 0, 0, 1], 0))),
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
        ("JOHNDOE_INBOUND".to_owned(), running.inbound.to_string_lossy().into_owned()),
        ("JOHNDOE_ACKS".to_owned(), running.acks_from_issuers.to_string_lossy().into_owned()),
        ("JOHNDOE_INTAKE".to_owned(), running.intake.to_string_lossy().into_owned()),
        ("JOHNDOE_ANSWERS".to_owned(), running.acks_to_senders.to_string_lossy().into_owned()),
    ]);
    #[cfg(feature = "sftp")]
    if let Some(sftp) = &running.sftp {
        names.insert("JOHNDOE_SFTP".to_owned(), format!("sftp://{}@{}{}", sftp.user, sftp.address, sftp.path));
        names.insert("JOHNDOE_SFTP_KEY".to_owned(), sftp.fingerprint.clone());
    }
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

/// A job at a target.
pub(crate) fn job(scenario_text: &str, target_text: &str, references: &Overlay, folder: &Path) -> Job {
    let scenario = scenario::parse(scenario_text, "trial.yaml").unwrap_or_else(|e| panic!("{e}"));
    let target = target::parse(target_text, "sandbox.yaml", references).unwrap_or_else(|e| panic!("{e}"));
    let header = Header {
        scenario_file: "trial.yaml".to_owned(),
        scenario_text: scenario_text.to_owned(),
        target_file: "sandbox.yaml".to_owned(),
        target_text: target_text.to_owned(),
        count: None,
        seed: None,
        folder: folder.to_path_buf(),
        keep: false,
        fingerprint: None,
        deadline_seconds: None,
        last_step: None,
    };
    Job { scenario: Arc::new(scenario), target: Arc::new(target), header }
}

/// What the engine is given in tests.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings { clock: Arc::new(SystemClock), listener: Arc::new(Silent), stop: CancellationToken::new() }
}

/// Stops the run when this step of the journey was answered for the first time.
pub(crate) struct StopsAt(pub(crate) u16, pub(crate) CancellationToken);

impl Listener for StopsAt {
    fn tell(&self, news: &News) {
        if matches!(news, News::Answered { action, .. } if action.number == self.0) {
            self.1.cancel();
        }
    }
}
