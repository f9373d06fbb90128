//! Runs the prober over the pipeline as a stranger would: a scenario text, the target file, nothing else.

use super::pipeline::{Keystone, OBSERVER_PASSWORDS, PARTNER_KEY, PASSWORD, Running};
use johndoe::clock::SystemClock;
use johndoe::ledger;
use johndoe::model::{Entry, Event, Field, JourneyStep, Summary};
use johndoe::prober::{Ending, Header, Job, Listener, News, Options, Prober, Surroundings};
use johndoe::reconcile::judge;
use johndoe::report::{self, Style};
use johndoe::target::References;
use johndoe::{scenario, target};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// The target file: nothing but it knows the pipeline.
pub(super) const TARGET: &str = include_str!("../../fixtures/foreign/keystone.yaml");

/// A run that came to its end, and everything it left behind.
pub(super) struct Judged {
    pub(super) summary: Summary,
    pub(super) entries: Vec<Entry>,
    /// Every text and byte that a person or another program may get to see.
    pub(super) outputs: Vec<(&'static str, Vec<u8>)>,
    /// Probe by the marketplace's case number.
    pub(super) probe_of_case: BTreeMap<String, usize>,
}

struct Environment<'a>(&'a Keystone);

impl References for Environment<'_> {
    fn env(&self, name: &str) -> Option<String> {
        let value = match name {
            "KEYSTONE_URL" => self.0.portal_url.as_str(),
            "LAUREL_URL" => &self.0.issuer_urls[0],
            "MONONGAHELA_URL" => &self.0.issuer_urls[1],
            "KEYSTONE_PASSWORD" => PASSWORD,
            "LAUREL_PASSWORD" => OBSERVER_PASSWORDS[0],
            "MONONGAHELA_PASSWORD" => OBSERVER_PASSWORDS[1],
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn file(&self, path: &str) -> Result<String, String> {
        if path.ends_with("partner.key") { Ok(format!("{PARTNER_KEY}\n")) } else { Err("no such file".to_owned()) }
    }
}

/// Keeps what is told while it works: it is a log too.
#[derive(Default)]
struct Log(Mutex<String>);

impl Listener for Log {
    fn tell(&self, news: &News) {
        self.0.lock().expect("no panic while locked").push_str(&format!("{news:?}\n"));
    }
}

/// Runs a scenario to its end.
pub(super) async fn run(running: &Running, folder: &Path, scenario_text: &str) -> Judged {
    run_at(running, folder, (scenario_text, TARGET)).await
}

/// The same at a target that says so.
pub(super) async fn run_at(running: &Running, folder: &Path, (scenario_text, target_text): (&str, &str)) -> Judged {
    // Another test may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let scenario = scenario::parse(scenario_text, "keystone-scenario.yaml").unwrap_or_else(|e| panic!("{e}"));
    let references = Environment(&running.keystone);
    let target = target::parse(target_text, "keystone.yaml", &references).unwrap_or_else(|e| panic!("{e}"));
    let header = Header {
        scenario_file: "keystone-scenario.yaml".to_owned(),
        scenario_text: scenario_text.to_owned(),
        target_file: "keystone.yaml".to_owned(),
        target_text: target_text.to_owned(),
        count: None,
        seed: None,
        folder: folder.to_owned(),
        keep: false,
        fingerprint: None,
        deadline_seconds: None,
        last_step: None,
    };
    let job = Job { scenario: Arc::new(scenario), target: Arc::new(target), header };
    let log = Arc::new(Log::default());
    let around = Surroundings {
        clock: Arc::new(SystemClock),
        listener: Arc::clone(&log) as Arc<dyn Listener>,
        stop: CancellationToken::new(),
    };
    let ledger_at = folder.join("ledger.db");
    let location = ledger_at.to_string_lossy().into_owned();
    let prober = Prober::begin(&job, ledger::open(&location).expect("a ledger"), &around).await.expect("a run");
    let options = Options { keep: false, cleanup_only: false, deadline: None, no_wait: false };
    assert_eq!(prober.run(options).await.expect("an end"), Ending::Finished);
    let run = prober.run_id().clone();
    drop(prober);
    let log = log.0.lock().expect("no panic while locked").clone();
    judged(&ledger_at, &run, log)
}

fn judged(ledger_at: &Path, run: &johndoe::model::RunId, log: String) -> Judged {
    let ledger = ledger::open_existing(&ledger_at.to_string_lossy()).expect("the ledger");
    let (plan, header) = ledger.run_plan(run).expect("the run");
    let entries = ledger.entries(run).expect("its entries");
    let ended_at = entries.last().expect("entries").at;
    let summary = judge(&plan, &entries, ended_at);
    assert_eq!(judge(&plan, &entries, ended_at), summary, "judging is a pure function");
    drop(ledger);
    let mut outputs = vec![
        ("report", report::text(&summary, Style { width: 120, ..Style::plain() }).as_bytes().to_vec()),
        ("JSON report", report::json(&summary).into_bytes()),
        ("log", log.into_bytes()),
        ("header", header.to_string().into_bytes()),
        ("entries", serde_json::to_vec(&entries).expect("JSON")),
    ];
    let name = ledger_at.file_name().expect("a name").to_string_lossy().into_owned();
    for file in std::fs::read_dir(ledger_at.parent().expect("a folder")).expect("a folder") {
        let path = file.expect("an entry").path();
        if path.is_file() && path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&name)) {
            outputs.push(("ledger", std::fs::read(path).expect("readable")));
        }
    }
    let probe_of_case = entries.iter().filter_map(case_of).collect();
    Judged { summary, entries, outputs, probe_of_case }
}

/// The case number that a probe was told.
fn case_of(entry: &Entry) -> Option<(String, usize)> {
    let Event::Answered { probe, action: JourneyStep::ENROLL, captures, .. } = &entry.event else { return None };
    let told = captures.groups.iter().find_map(|group| group.facts.text(Field::ApplicationId));
    told.map(|case| (case.to_owned(), probe.0 as usize))
}
