//! The canary itself: stays and watches, or takes what is due and ends.

use super::Canary as Asked;
use super::jobs::Files;
use super::signals::Signals;
use crate::cli::arguments::Arguments;
use crate::cli::console::tell;
use crate::cli::context::World;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::files::{Source, references};
use crate::cli::serve::token;
use axum::Router;
use johndoe::canary::Canary;
use johndoe::clock::SystemClock;
use johndoe::dashboard::{Guard, Records, router};
use johndoe::model::Verdict;
use johndoe::watch::{self, Around, Jobs, Status, Turn, Watcher, Watching, serve, watching};
use johndoe_vigil::schedule::Start;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// Watches with the file's canary.
pub(super) async fn watch(asked: &Asked, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let Some(file) = &asked.file else { return Err(Failure::usage("name the canary's file")) };
    let (watching, files) = read(file, &asked.confirm, world)?;
    let metrics = watching.canary.metrics.clone();
    let around = around(file, files, arguments, world);
    let start = if asked.once { Start::Once } else { Start::Watching };
    let mut watcher = Watcher::open(watching, around, start)?;
    let signals = Signals::listen(!asked.once);
    if let Some(at) = metrics {
        serve_metrics(&at, &watcher, &signals, (arguments, world)).await?;
    }
    if asked.once {
        let end = signals.end.clone();
        if let Some(within) = asked.within {
            tokio::spawn(async move {
                tokio::time::sleep(within).await;
                end.cancel();
            });
        }
        watcher.once(&signals.end).await.map_err(after_sending)?;
        return Ok(ended(&watcher, &signals));
    }
    while watcher.watch(&signals.end, &signals.reload).await.map_err(after_sending)? == Turn::Reload {
        let again = read(file, &asked.confirm, world);
        match again.and_then(|(watching, files)| Ok(watcher.reload(watching, files)?)) {
            Ok(()) => tell("the file was read again, and is what is watched by now"),
            Err(failure) => {
                tell(failure.text());
                tell("the file was refused, and what was watched by before goes on");
            }
        }
    }
    Ok(ended(&watcher, &signals))
}

/// Whether everything that a canary names can be read and fits; reaches nothing.
pub(crate) fn possible(file: &Path, canary: Canary, world: &World) -> Result<(), String> {
    // nobody is sent: production need not be confirmed
    let files = Files::read(file, &canary, &[], world).map_err(|failure| failure.text().to_owned())?;
    watching(canary, &files).map(drop)
}

pub(super) fn read(file: &Path, confirm: &[String], world: &World) -> Result<(Watching, Arc<dyn Jobs>), Failure> {
    let canary = Source::read(file)?.canary(&references(world))?;
    let files = Files::read(file, &canary, confirm, world)?;
    let watching = watching(canary, &files).map_err(Failure::diagnostics)?;
    Ok((watching, Arc::new(files)))
}

fn around(file: &Path, jobs: Arc<dyn Jobs>, arguments: &Arguments, world: &World) -> Around {
    let quiet = arguments.quiet;
    let say = Arc::new(move |line: &str| {
        if !quiet {
            tell(line);
        }
    });
    let (clock, sent) = (Arc::new(SystemClock), world.sent.clone());
    let folder = world.folder.join(file.parent().unwrap_or(Path::new("")));
    Around::new(arguments.ledger(world), (clock.clone(), clock), jobs, say)
        .in_folder(folder)
        .watched_by(move |run| sent.watch(run))
}

async fn serve_metrics(
    at: &str,
    watcher: &Watcher,
    signals: &Signals,
    (arguments, world): (&Arguments, &World),
) -> Result<(), Failure> {
    let address: SocketAddr = at.parse().map_err(|_| Failure::usage(format!("`metrics: {at}` is no address")))?;
    let dashboard = dashboard(address, arguments, world)?;
    let is_shown = dashboard.is_some();
    let served = serve(address, watcher.mirror(), dashboard.unwrap_or_default(), signals.end.clone()).await;
    let served = served.map_err(|e| {
        Failure::usage(format!("`metrics`: nobody can listen at {at}: {e}; name another address, or end who does"))
    })?;
    tell(&format!("metrics at http://{served}/metrics"));
    if is_shown {
        tell(&format!("the dashboard at http://{served}/"));
    }
    Ok(())
}

/// The dashboard beside the metrics; none where others reach that address and no token is named, since metrics hold nobody's name and
/// pages do.
fn dashboard(at: SocketAddr, arguments: &Arguments, world: &World) -> Result<Option<Router>, Failure> {
    let Some(guard) = Guard::new(at, token(None, world)?) else { return Ok(None) };
    let records = Records::open(arguments.ledger(world), Arc::new(SystemClock))?;
    Ok(Some(router(records, guard)))
}

fn ended(watcher: &Watcher, signals: &Signals) -> Exit {
    match (signals.ended_by(), watcher.mirror().shown()) {
        (Some(number), _) => Exit::Signal(number),
        (None, _) if watcher.failures() > 0 => Exit::Harness,
        (None, Some(status)) => Exit::Judged(verdict(&status)),
        (None, None) => Exit::Judged(Verdict::Inconclusive),
    }
}

/// What is said of the pipeline: by alarms and states, and not by one run.
fn verdict(status: &Status) -> Verdict {
    let alarms = |levels: &[&str]| status.alarms.iter().any(|alarm| levels.contains(&alarm.level.as_str()));
    let any_is = |state: &str| status.streams.iter().any(|stream| stream.state == state);
    if alarms(&["degraded", "failing", "stalled"]) {
        Verdict::Fail
    } else if status.stopped.is_some() {
        Verdict::SafetyStop
    } else if any_is("blind") {
        Verdict::Blind
    } else if any_is("inconclusive") {
        Verdict::Inconclusive
    } else if status.people_left > 0 {
        Verdict::Residue
    } else {
        Verdict::Pass
    }
}

/// A canary whose ledger gives way says so, whatever else.
fn after_sending(error: watch::Error) -> Failure {
    Failure::from(error).after_sending()
}

impl From<watch::Error> for Failure {
    fn from(error: watch::Error) -> Self {
        match error {
            watch::Error::Ledger(error) => error.into(),
            watch::Error::Setup(text) => Self::diagnostics(text),
            error => Self::harness(error),
        }
    }
}
