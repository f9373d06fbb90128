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
    blind: Vec<String>,
    plain_at: Option<Instant>,
}

impl Progress {
    /// A live line on a terminal, plain lines elsewhere, nothing with `--quiet`.
    pub(crate) fn new(arguments: &Arguments, world: &World) -> Self {
        let live = world.error_is_terminal && !arguments.quiet;
        Self { bar: live.then(bar), verbose: arguments.verbose, quiet: arguments.quiet, state: Mutex::default() }
    }

    /// Takes the live line away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
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
            tell(&format!("{text}: {position} of {length}"));
        }
    }
}

impl Listener for Progress {
    fn tell(&self, news: &News) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match news {
            News::PhaseBegan { phase, probes } => {
                let reset = State {
                    phase: Some(*phase),
                    wanted: *probes,
                    blind: std::mem::take(&mut state.blind),
                    ..State::default()
                };
                *state = reset;
            }
            News::Answered { action, .. } => {
                let counts = matches!(
                    (state.phase, action),
                    (Some(Phase::Submit), LifeEvent::Enroll)
                        | (Some(Phase::Change), LifeEvent::ChangeAddress)
                        | (Some(Phase::Cleanup), LifeEvent::Cancel)
                );
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
            News::Seen { .. } | News::File { .. } => {}
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
    match state.phase {
        Some(Phase::Watch) => (state.settled.0, state.settled.1, format!("watching records{blind}")),
        Some(Phase::Change) if state.answered >= state.wanted => {
            (state.settled.0, state.settled.1, format!("watching changes{blind}"))
        }
        Some(Phase::Change) => (state.answered, state.wanted, format!("changing{blind}")),
        Some(Phase::Cleanup) if state.answered >= state.wanted => {
            (state.settled.0, state.settled.1, format!("watching cancellations{blind}"))
        }
        Some(Phase::Cleanup) => (state.answered, state.wanted, format!("cancelling{blind}")),
        _ => (state.answered, state.wanted, format!("enrolling{blind}")),
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg:28!} [{bar:32}] {pos}/{len} {elapsed}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
