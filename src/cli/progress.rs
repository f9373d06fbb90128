//! One live line, fed by the engine's news; a plain line now and then where there is no terminal.

use super::arguments::Arguments;
use super::console::{tell, tell_beside};
use super::context::World;
use indicatif::{ProgressBar, ProgressStyle};
use johndoe::model::{LifeEvent, Phase};
use johndoe::prober::{Listener, News};
use johndoe::report::tame;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A plain line at most this often.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

/// Shows the news.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    verbose: bool,
    quiet: bool,
    state: Mutex<State>,
}

/// What has been told so far.
#[derive(Debug, Default)]
struct State {
    phase: Option<Phase>,
    answered: u64,
    wanted: u64,
    settled: (u64, u64),
    /// A change was answered.
    changes: bool,
    blind: Vec<String>,
    plain_at: Option<Instant>,
    /// The plain line that was told last.
    told: String,
}

impl Progress {
    /// A live line on a terminal, plain lines elsewhere, nothing with `--quiet`.
    pub(crate) fn new(arguments: &Arguments, world: &World) -> Self {
        let live = world.error_is_terminal && !arguments.quiet;
        Self { bar: live.then(bar), verbose: arguments.verbose, quiet: arguments.quiet, state: Mutex::default() }
    }

    /// Takes the live line away.
    pub(crate) fn finish(&self) {
        match &self.bar {
            Some(bar) => bar.finish_and_clear(),
            None => self.tell_last(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// How far a phase had come when it ended, where that is not what was told last: nobody is left with its beginning.
    fn tell_last(&self, state: &mut State) {
        let text = plain(state);
        if self.bar.is_none() && !self.quiet && state.plain_at.is_some() && state.told != text {
            tell(&text);
            state.told = text;
        }
    }

    /// Says something above the live line.
    pub(crate) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| tell(text)),
            None if !self.quiet => tell(text),
            None => {}
        }
    }

    /// Does something with the live line out of the way.
    pub(crate) fn aside(&self, work: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    fn show(&self, state: &mut State) {
        let (position, length, text) = line(state);
        if length == 0 {
            // How many there are to wait for is not known yet.
            return;
        }
        if let Some(bar) = &self.bar {
            bar.set_length(length);
            bar.set_position(position);
            tell_beside(bar, &text);
        } else if !self.quiet && state.plain_at.is_none_or(|at| at.elapsed() >= PLAIN_EVERY) {
            state.plain_at = Some(Instant::now());
            state.told = plain(state);
            tell(&state.told);
        }
    }
}

impl Listener for Progress {
    fn tell(&self, news: &News) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match news {
            News::PhaseBegan { phase, probes } => {
                self.tell_last(&mut state);
                let reset = State {
                    phase: Some(*phase),
                    wanted: *probes,
                    changes: state.changes && *phase == Phase::Watch,
                    blind: std::mem::take(&mut state.blind),
                    ..State::default()
                };
                *state = reset;
            }
            News::Answered { action, .. } => {
                let counts = match state.phase {
                    Some(Phase::Submit) => action.event == LifeEvent::Enroll,
                    Some(Phase::Cleanup) => action.event == LifeEvent::Cancel,
                    Some(Phase::Watch | Phase::Change) | None => false,
                };
                state.changes |= action.event.is_change();
                state.answered += u64::from(counts);
            }
            News::Settled { done, of } => state.settled = (*done, *of),
            News::Sight { waypoint, blind: Some(reason) } => {
                if !state.blind.contains(waypoint) {
                    state.blind.push(waypoint.clone());
                }
                self.say(&format!("cannot read waypoint `{waypoint}`: {}", tame(reason)));
            }
            News::Sight { waypoint, blind: None } => {
                state.blind.retain(|w| w != waypoint);
                self.say(&format!("waypoint `{waypoint}` can be read again"));
            }
            News::File { waypoint, message } if self.verbose => self.say(&format!("{waypoint}: {}", tame(message))),
            News::Note(note) => self.say(&format!("note: {note}")),
            News::Seen { .. } | News::File { .. } | News::Shown { .. } => {}
        }
        self.show(&mut state);
    }
}

/// Position, length, and what is going on.
fn line(state: &State) -> (u64, u64, String) {
    let blind = match state.blind.as_slice() {
        [] => String::new(),
        blind => format!(" (blind: {})", blind.join(", ")),
    };
    let what = match (state.phase, watches(state)) {
        (Some(Phase::Cleanup), true) => "watching cancellations",
        (_, true) if state.changes => "watching lives",
        (_, true) => "watching records",
        (Some(Phase::Cleanup), false) => "cancelling",
        (_, false) => "enrolling",
    };
    let (position, length) = if watches(state) { state.settled } else { (state.answered, state.wanted) };
    (position, length, format!("{what}{blind}"))
}

/// Whether all that the phase sends was answered, and its records are waited for.
fn watches(state: &State) -> bool {
    match state.phase {
        Some(Phase::Watch) => true,
        Some(Phase::Cleanup) => state.answered >= state.wanted,
        Some(Phase::Submit | Phase::Change) | None => false,
    }
}

/// The same as one line of text.
fn plain(state: &State) -> String {
    let (position, length, text) = line(state);
    let of_what = match watches(state) {
        true if state.changes => "; one of each step of each household at each waypoint",
        true => "; one of each household at each waypoint",
        false => "",
    };
    format!("{text}: {position} of {length}{of_what}")
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg:28!} [{bar:32}] {pos}/{len} {elapsed}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
