//! `demo`: sandbox and prober in one process, a few faults, no set-up.

use super::arguments::Arguments;
use super::console::tell;
use super::context::{RealReferences, World};
use super::drive::{self, Drive};
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, job};
use super::flags::{Demo, People};
use super::output::Outputs;
use johndoe::clock::{SteadyClock, SystemClock};
use johndoe::ledger;
use johndoe::model::Windows;
use johndoe::prober::{Header, Options, Prober};
use johndoe::sandbox::{self, Config, Delivery, FaultSpec, Running};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const SCENARIO: &str = include_str!("../../scenarios/first-enrollment.yaml");
const TARGET: &str = include_str!("../../scenarios/targets/sandbox.yaml");
/// Few enough that most families arrive, many enough that fifty families meet some. Which ones they meet is drawn by the
/// sandbox; the judge is not told.
const FAULTS: &str = "lose=0.04,lose_at_issuer=0.03,relationship=0.04,apostrophe_lost=0.5,birth_date_off_by_one=0.03,\
                      subsidy=0.04,drop_dependent=0.03,duplicate_envelope=0.03,cancel_lost=0.03";
const FAULT_SEED: u64 = 2013;
/// What the ledger calls the demo's target: nobody can reach it once the demo has ended.
const TARGET_NAME: &str = "(the demo's sandbox)";

/// Starts the sandbox, runs the first scenario against it, reports, and says what to type next. The exit code is 0
/// whatever the report says: the faults were planted.
pub(crate) async fn demo(demo: &Demo, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let outputs = Outputs::new(&demo.reports)?.apart_from(&[arguments.ledger(world)])?;
    let folder = scratch_folder()?;
    let drive = Drive::new(arguments, world);
    let stop = drive.around.stop.clone();
    let running =
        sandbox::start(config(&folder)?, Arc::new(SteadyClock::over(Arc::new(SystemClock), None)), async move {
            stop.cancelled().await;
        })
        .await
        .map_err(Failure::harness)?;
    drive.progress.say(
        "This is an imitation: a sandbox exchange, an 834 pipeline and two issuers run inside this process, with a few\n\
         faults planted by a fixed seed. The judge is not told of them.",
    );
    let (scenario, target) = sources();
    let people = People { count: Some(demo.count), seed: None };
    let asked = job((&scenario, &target), &people, false, &references(&running, &folder))?;
    let ledger = ledger::open(arguments.ledger(world))?;
    let prober = Prober::begin(&asked, ledger, &drive.around).await?;
    let options = Options { keep: false, cleanup_only: false, deadline: None, no_wait: false };
    let ended = drive.to_its_end(&prober, options).await;
    running.stop().await;
    // The folder held imitation files only; one that stays behind harms nobody.
    let _ = std::fs::remove_dir_all(&folder);
    if let Some(stopped) = ended? {
        tell("stopped, and the sandbox with it; `johndoe demo` shows another");
        return Ok(stopped);
    }
    let summary = drive::judged(arguments.ledger(world), prober.run_id()).map_err(Failure::after_sending)?;
    outputs.write(&summary, arguments, world)?;
    if !arguments.quiet {
        say_what_next(&summary);
    }
    Ok(Exit::Done)
}

/// Whether a run was a demo: its sandbox is gone, so nothing can go on there, and nobody stays enrolled.
pub(crate) fn is_demo(header: &Header) -> bool {
    header.target_file == TARGET_NAME
}

fn sources() -> (Source, Source) {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    (source("scenarios/first-enrollment.yaml", SCENARIO), source(TARGET_NAME, TARGET))
}

fn scratch_folder() -> Result<PathBuf, Failure> {
    let folder = std::env::temp_dir().join(format!("johndoe-demo-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("outbound"))
        .map_err(|e| Failure::harness(format!("cannot make `{}`: {e}", folder.display())))?;
    Ok(folder)
}

fn config(folder: &Path) -> Result<Config, Failure> {
    Ok(Config {
        outbound: folder.join("outbound"),
        delivery: Delivery::ByWindow(Windows::Every { period: Duration::from_secs(2), grace: Duration::ZERO }),
        seed: FAULT_SEED,
        faults: FaultSpec::parse(FAULTS).map_err(Failure::harness)?,
        ..Config::default()
    })
}

/// The shipped target refers to its addresses by name; here they are the sandbox's.
fn references(running: &Running, folder: &Path) -> RealReferences {
    let mut overlay = vec![
        ("JOHNDOE_EXCHANGE_URL".to_owned(), format!("http://{}", running.exchange)),
        ("JOHNDOE_OUTBOUND".to_owned(), folder.join("outbound").to_string_lossy().into_owned()),
    ];
    for (issuer, address) in &running.issuers {
        overlay.push((format!("JOHNDOE_ISSUER_{issuer}_URL"), format!("http://{address}")));
    }
    RealReferences { overlay, folder: folder.to_path_buf() }
}

fn say_what_next(summary: &johndoe::model::Summary) {
    let worst = summary.probes.iter().find(|p| p.good == Some(false)).map_or(0, |p| p.index.0);
    tell(&format!(
        "\nThe faults were planted, so `demo` ends with exit code 0 whatever the report says.\nWhat next:\n  \
         johndoe show latest/{worst}                 everything known about one household\n  \
         johndoe report latest --json          the same report for programs\n  \
         johndoe report latest --report html=report.html   the same as a page to send on\n  \
         johndoe sandbox --fault lose=0.05     the same imitation as a server, with faults of your choice\n  \
         johndoe run scenarios/first-enrollment.yaml --target scenarios/targets/sandbox.yaml"
    ));
}
