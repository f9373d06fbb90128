//! Five thousand households at 500 a second through the sandbox, submission to verdict, on one machine:
//! `cargo bench --bench surge [-- ROUNDS [HOUSEHOLDS [RATE]]]`. The goal on two cores: no missed slot.
//!
//! The sandbox is this program once more, in a process of its own and without faults, so that its processor time can be
//! told from the prober's; both share the machine. Scenario and target are the shipped ones; `verdict` is when the judge
//! has said it, with the people still enrolled, `cleaned up` is when they are gone from every waypoint. Nothing here is a
//! criterion benchmark: what counts is one long stretch of load, and its end.

use chrono::{DateTime, Utc};
use johndoe::clock::SystemClock;
use johndoe::ledger;
use johndoe::model::{Entry, Event, JourneyStep, Phase, RunId, Summary};
use johndoe::prober::{Header, Job, Listener, News, Options, Prober, Surroundings};
use johndoe::sandbox::{self, Config};
use johndoe::target::References;
use johndoe::{reconcile, scenario, target};
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SCENARIO: &str = include_str!("../scenarios/surge.yaml");
const TARGET: &str = include_str!("../scenarios/targets/sandbox.yaml");
const SERVE: &str = "--serve";

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == SERVE) {
        let folder = arguments.get(at + 1).ok_or("no folder")?;
        return runtime.block_on(serve(Path::new(folder)));
    }
    let mut asked = arguments.iter().filter_map(|argument| argument.parse::<u32>().ok());
    let (rounds, households, rate) = (asked.next().unwrap_or(3), asked.next(), asked.next());
    for round in 1..=rounds {
        println!("round {round}");
        runtime.block_on(once(households, rate))?;
    }
    Ok(())
}

/// The sandbox, until it is killed. The first line it prints holds the addresses of the exchange and its issuers.
async fn serve(outbound: &Path) -> Result<(), Failure> {
    let config = Config { outbound: outbound.to_path_buf(), ..Config::default() };
    let running = sandbox::start(config, Arc::new(SystemClock), std::future::pending()).await?;
    let issuers =
        running.issuers.iter().map(|(issuer, address)| format!(" JOHNDOE_ISSUER_{issuer}_URL=http://{address}"));
    println!("JOHNDOE_EXCHANGE_URL=http://{}{}", running.exchange, issuers.collect::<String>());
    running.stopped().await;
    Ok(())
}

/// The sandbox's process, killed when this is dropped.
struct FarSide {
    child: Child,
    references: Overlay,
}

impl FarSide {
    fn start(outbound: &Path) -> Result<Self, Failure> {
        let mut server = Command::new(std::env::current_exe()?);
        let mut child = server.arg(SERVE).arg(outbound).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let addresses = line.split_whitespace().filter_map(|pair| pair.split_once('='));
        let mut overlay: Vec<_> = addresses.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        overlay.push(("JOHNDOE_OUTBOUND".to_owned(), outbound.to_string_lossy().into_owned()));
        Ok(Self { child, references: Overlay(overlay) })
    }
}

impl Drop for FarSide {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One run, start to verdict to end, and what it took.
async fn once(households: Option<u32>, rate: Option<u32>) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let outbound = folder.path().join("outbound");
    let far_side = FarSide::start(&outbound)?;
    let job = job((households, rate), &far_side.references, folder.path())?;
    let marks = Arc::new(Marks::new(far_side.child.id()));
    let (clock, stop) = (Arc::new(SystemClock), CancellationToken::new());
    let around = Surroundings { clock, listener: Arc::clone(&marks) as _, stop };
    let ledger_at = folder.path().join("ledger.db").to_string_lossy().into_owned();
    let keeping = Options { keep: true, cleanup_only: false, deadline: None, no_wait: false };
    let prober = Prober::begin(&job, ledger::open(&ledger_at)?, &around).await?;
    marks.set("start");
    prober.run(keeping).await?;
    marks.set("watched");
    let run = prober.run_id().clone();
    let (summary, entries) = judged(&ledger_at, &run)?;
    marks.set("verdict");
    prober.run(Options { keep: false, cleanup_only: true, ..keeping }).await?;
    marks.set("cleaned up");
    drop(prober);
    let (at_the_end, _) = judged(&ledger_at, &run)?;
    report(&summary, &entries, &marks);
    println!("  after clean-up: {}, {} residue", at_the_end.verdict, at_the_end.counts.residue);
    Ok(())
}

fn judged(ledger_at: &str, run: &RunId) -> Result<(Summary, Vec<Entry>), Failure> {
    let ledger = ledger::open_existing(ledger_at)?;
    let (plan, _) = ledger.run_plan(run)?;
    let entries = ledger.entries(run)?;
    Ok((reconcile::judge(&plan, &entries, Utc::now()), entries))
}

fn report(summary: &Summary, entries: &[Entry], marks: &Marks) {
    let counts = &summary.counts;
    println!(
        "  {}: {} planned, {} accepted; groups {} good, {} missing, {} late, {} altered, {} undecided",
        summary.verdict,
        counts.planned,
        counts.accepted,
        counts.good,
        counts.missing,
        counts.late,
        counts.altered,
        counts.undecided
    );
    println!("  missed slots {}; {}", summary.missed_slots, schedule(entries));
    for step in &summary.steps {
        println!(
            "  {:20} p50 {:7.1} ms, p95 {:7.1} ms, max {:7.1} ms",
            step.name, step.p50_ms, step.p95_ms, step.max_ms
        );
    }
    marks.print(number(summary.probes.len()));
}

/// What the schedule wanted, what came of it, and how late each submission's intent was written.
fn schedule(entries: &[Entry]) -> String {
    let sent: Vec<(DateTime<Utc>, DateTime<Utc>)> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Sending { action: JourneyStep::ENROLL, intended_at, .. } => Some((*intended_at, entry.at)),
            _ => None,
        })
        .collect();
    let seconds = |from: DateTime<Utc>, to: DateTime<Utc>| (to - from).as_seconds_f64();
    let (mut intended, mut actual): (Vec<_>, Vec<_>) = sent.iter().copied().unzip();
    intended.sort_unstable();
    actual.sort_unstable();
    let rate = |at: &[DateTime<Utc>]| match (at.first(), at.last()) {
        (Some(first), Some(last)) => number(at.len().saturating_sub(1)) / seconds(*first, *last),
        _ => 0.0,
    };
    let mut late: Vec<f64> = sent.iter().map(|(intended, at)| seconds(*intended, *at) * 1000.0).collect();
    late.sort_by(f64::total_cmp);
    let at = |percent: usize| late.get(late.len() * percent / 100).or(late.last()).copied().unwrap_or_default();
    format!(
        "intended {:.1}/s, actual {:.1}/s; late p50 {:.1} ms, p99 {:.1} ms, at most {:.1} ms",
        rate(&intended),
        rate(&actual),
        at(50),
        at(99),
        at(100)
    )
}

/// A count of households as a fraction's part.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// Moments of the run, with the processor time of both processes up to then.
struct Marks {
    far_side: u32,
    marks: Mutex<Vec<(&'static str, Instant, [f64; 2])>>,
}

impl Marks {
    fn new(far_side: u32) -> Self {
        Self { far_side, marks: Mutex::default() }
    }

    fn set(&self, name: &'static str) {
        let cpu = [cpu_of("self"), cpu_of(&self.far_side.to_string())];
        self.marks.lock().unwrap_or_else(PoisonError::into_inner).push((name, Instant::now(), cpu));
    }

    fn print(&self, households: f64) {
        let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, began, [prober, sandbox])) = marks.first().copied() else { return };
        for (name, at, [prober_at, sandbox_at]) in marks.iter().skip(1) {
            let (prober, sandbox) = (prober_at - prober, sandbox_at - sandbox);
            println!(
                "  {name:12} after {:5.1} s: CPU prober {prober:.2} s + sandbox {sandbox:.2} s = {:.2} ms a household",
                (*at - began).as_secs_f64(),
                (prober + sandbox) * 1000.0 / households
            );
        }
    }
}

impl Listener for Marks {
    fn tell(&self, news: &News) {
        match news {
            News::PhaseBegan { phase: Phase::Watch, .. } => self.set("submitted"),
            News::Note(note) => println!("  note: {note}"),
            News::Sight { waypoint, blind: Some(reason) } => println!("  {waypoint} cannot be read: {reason}"),
            _ => {}
        }
    }
}

/// Processor seconds of a process so far, user and system, as Linux tells them.
fn cpu_of(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

/// The shipped target refers to its addresses by name; here they are the sandbox's.
struct Overlay(Vec<(String, String)>);

impl References for Overlay {
    fn env(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Err("there are no files here".to_owned())
    }
}

fn job((households, rate): (Option<u32>, Option<u32>), overlay: &Overlay, folder: &Path) -> Result<Job, Failure> {
    let name = "scenarios/surge.yaml";
    let mut scenario = scenario::parse(SCENARIO, name).map_err(|e| e.to_string())?;
    scenario.population.count = households.unwrap_or(scenario.population.count);
    scenario.load.rate_per_second = rate.map(f64::from).or(scenario.load.rate_per_second);
    let target = target::parse(TARGET, "scenarios/targets/sandbox.yaml", overlay).map_err(|e| e.to_string())?;
    let header = Header {
        scenario_file: name.to_owned(),
        scenario_text: SCENARIO.to_owned(),
        target_file: target.name.clone(),
        target_text: TARGET.to_owned(),
        count: households,
        seed: None,
        folder: folder.to_path_buf(),
        keep: false,
        fingerprint: None,
        deadline_seconds: None,
        last_step: None,
    };
    Ok(Job { scenario: Arc::new(scenario), target: Arc::new(target), header })
}
