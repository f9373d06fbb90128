//! Driving a run to its end and reporting it: what `run`, `resume` and `demo` share.

use super::arguments::Arguments;
use super::console::is_not_read;
use super::context::World;
use super::exit::{Exit, Sent};
use super::failure::Failure;
use super::output::Outputs;
use super::progress::Progress;
use chrono::Utc;
use johndoe::clock::SystemClock;
use johndoe::ledger;
use johndoe::model::{RunId, Summary};
use johndoe::prober::{self, Ending, Listener, Options, Prober, Surroundings};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Once a signal came, so long may whoever is to read a report leave it unread.
const UNREAD: Duration = Duration::from_secs(5);
/// Once a signal came, so long everybody is taken out before what is under way is ended, too.
const TAKING_OUT: Duration = Duration::from_secs(5);

/// What a run is driven with.
pub(crate) struct Drive {
    pub(crate) progress: Arc<Progress>,
    pub(crate) around: Surroundings,
    signal: Arc<AtomicU8>,
    sent: Sent,
}

impl Drive {
    /// Progress on standard error; Ctrl-C, SIGTERM, SIGQUIT and SIGHUP stop the run and leave the ledger whole.
    pub(crate) fn new(arguments: &Arguments, world: &World) -> Self {
        let progress = Arc::new(Progress::new(arguments, world));
        let stop = CancellationToken::new();
        let signal = Arc::new(AtomicU8::new(0));
        fail_where_files_are_full();
        tokio::spawn(stop_on_signal(stop.clone(), Arc::clone(&signal), Arc::clone(&progress)));
        let around = Surroundings { clock: Arc::new(SystemClock), listener: Arc::clone(&progress) as _, stop };
        Self { progress, around, signal, sent: world.sent.clone() }
    }

    /// The same for a run that a signal does not stop where it is, but ends by taking everybody out, which the token says; another one
    /// stops that, too.
    pub(crate) fn taking_out(
        arguments: &Arguments,
        world: &World,
        listener: impl FnOnce(Arc<Progress>) -> Arc<dyn Listener>,
    ) -> (Self, CancellationToken) {
        let progress = Arc::new(Progress::new(arguments, world));
        let (ending, stop) = (CancellationToken::new(), CancellationToken::new());
        let signal = Arc::new(AtomicU8::new(0));
        fail_where_files_are_full();
        tokio::spawn(take_out_on_signal((ending.clone(), stop.clone()), Arc::clone(&signal), Arc::clone(&progress)));
        let around = Surroundings { clock: Arc::new(SystemClock), listener: listener(Arc::clone(&progress)), stop };
        (Self { progress, around, signal, sent: world.sent.clone() }, ending)
    }

    /// How a process ends that the latest signal ended.
    pub(crate) fn signalled(&self) -> Exit {
        Exit::Signal(self.signal.load(Ordering::Relaxed))
    }

    /// Takes the run through its phases. `None`: it came to its end; otherwise how the process ends.
    pub(crate) async fn to_its_end(&self, prober: &Prober, options: Options) -> Result<Option<Exit>, Failure> {
        self.sent.watch(prober.first_byte());
        let ended = prober.run(options).await;
        self.progress.finish();
        match ended.map_err(|error| Failure::while_driving(&error, &prober.still_enrolled()))? {
            Ending::Finished | Ending::Paused => Ok(None),
            Ending::Stopped => {
                let number = self.signal.load(Ordering::Relaxed);
                Ok(Some(Exit::Signal(if number == 0 { 2 } else { number })))
            }
        }
    }
}

/// The first signal stops the run in good order; a second one ends the process at once.
async fn stop_on_signal(stop: CancellationToken, signal: Arc<AtomicU8>, progress: Arc<Progress>) {
    loop {
        let number = next_signal().await;
        if signal.swap(number, Ordering::Relaxed) != 0 {
            std::process::exit(i32::from(Exit::Signal(number).code()));
        }
        tokio::spawn(async move {
            is_not_read(UNREAD).await;
            std::process::exit(i32::from(Exit::Signal(number).code()));
        });
        progress.say("stopping: what is under way is finished, for some seconds at most, and written down first (again to stop at once)");
        stop.cancel();
    }
}

/// The first signal has everybody taken out, the second, or a far side that takes too long, stops that in good order, a third one ends the
/// process at once.
async fn take_out_on_signal(
    (ending, stop): (CancellationToken, CancellationToken),
    signal: Arc<AtomicU8>,
    progress: Arc<Progress>,
) {
    let first = next_signal().await;
    signal.store(first, Ordering::Relaxed);
    progress.say("ending: whoever is in is taken out first (again to stop, and leave them)");
    ending.cancel();
    tokio::select! {
        again = next_signal() => signal.store(again, Ordering::Relaxed),
        () = tokio::time::sleep(TAKING_OUT) => {}
    }
    progress.say("stopping: what is under way is finished and written down (again to stop at once)");
    tokio::spawn(async move {
        is_not_read(UNREAD).await;
        std::process::exit(i32::from(Exit::Signal(first).code()));
    });
    stop.cancel();
    std::process::exit(i32::from(Exit::Signal(next_signal().await).code()));
}

/// A write beyond the largest size that a file may have (`ulimit -f`) is to fail, and to be told, instead of ending the process
/// by SIGXFSZ: whoever listens for that signal is not ended by it.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn fail_where_files_are_full() {
    drop(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(25)));
}

/// Other systems know no such signal, or by another number.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn fail_where_files_are_full() {}

/// Waits for Ctrl-C (2), SIGQUIT (3), SIGTERM (15), or SIGHUP (1), which comes when a terminal is closed; not for a SIGHUP that is ignored from
/// the start, as under `nohup`.
#[cfg(unix)]
pub(crate) async fn next_signal() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    let Ok(mut quit) = signal(SignalKind::quit()) else {
        return std::future::pending().await;
    };
    let mut hangup = (!hangup_is_ignored()).then(|| signal(SignalKind::hangup()).ok()).flatten();
    let hung_up = async {
        match &mut hangup {
            Some(hangup) => drop(hangup.recv().await),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => 2,
        _ = terminate.recv() => 15,
        _ = quit.recv() => 3,
        () = hung_up => 1,
    }
}

/// Whether whoever started this process wants it to outlive the terminal. Linux says so; elsewhere nobody is asked.
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Waits for Ctrl-C (2).
#[cfg(not(unix))]
pub(crate) async fn next_signal() -> u8 {
    let _ = tokio::signal::ctrl_c().await;
    2
}

/// Judges a run from the ledger.
pub(crate) fn judged(ledger_at: &str, run: &RunId) -> Result<Summary, Failure> {
    let ledger = ledger::open_to_read(ledger_at)?;
    Ok(prober::judged(&*ledger, run, Utc::now())?.0)
}

/// Judges, and writes the reports.
pub(crate) fn report(
    run: &RunId,
    outputs: &Outputs,
    (arguments, world): (&Arguments, &World),
) -> Result<Summary, Failure> {
    let summary = judged(arguments.ledger(world), run)?;
    outputs.write(&summary, arguments, world)?;
    Ok(summary)
}
