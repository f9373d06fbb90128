//! The order of things: everybody is enrolled, walks the journey and is watched; then they are taken out; then the run ends.

use super::begin::Prober;
use super::cleanup::cancel_all;
use super::engine::locked;
use super::streaks::{CutShort, Kind};
use super::submit::submit_all;
use super::unheard::{go_on_with_unanswered, hear_unheard};
use super::walk::{Decided, walk};
use super::watch::{Awaited, Beside, Watch};
use super::{Error, News};
use crate::model::{Event, JourneyStep, Phase};
use crate::net::Halt;
use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio_util::task::AbortOnDropHandle;

/// After this the last looks of the clean-up are given up, whatever they wait for.
const LAST_LOOKS_END: Duration = Duration::from_hours(1);

/// The same where the run has a deadline: whoever set one waits for its end.
const LAST_LOOKS_AFTER_A_DEADLINE: Duration = Duration::from_secs(30);

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Leaves the people where they are; `sweep` takes them out later.
    pub keep: bool,
    /// Sends nothing new: only watches and cleans up what a ledger holds (`sweep`).
    pub cleanup_only: bool,
    /// Submitting, changing and watching end after this, counted from the run's first byte over all its processes, and nothing is
    /// waited for beyond it; what has not come is pending. Cleanup follows all the same, with the limits of its own waits.
    pub deadline: Option<Duration>,
    /// Does what is due now and ends; what is due later is for another process.
    pub no_wait: bool,
}

/// How a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every phase was gone through.
    Finished,
    /// It was told to stop; `resume` goes on.
    Stopped,
    /// What was due was done, and more is due later; `resume` goes on.
    Paused,
}

/// What earlier processes have done already.
#[derive(Debug, Clone, Default)]
pub(super) struct Done {
    pub(super) phases: Vec<Phase>,
    pub(super) finished: bool,
}

impl Done {
    fn has(&self, phase: Phase) -> bool {
        self.phases.contains(&phase)
    }

    /// How many changes were gone through.
    fn changes(&self) -> usize {
        self.phases.iter().filter(|phase| **phase == Phase::Change).count()
    }
}

impl Prober {
    /// Goes through the phases that are not done yet.
    pub async fn run(&self, options: Options) -> Result<Ending, Error> {
        self.engine.begin_epoch().await?;
        hear_unheard(&self.engine).await?;
        go_on_with_unanswered(&self.engine).await?;
        if !options.cleanup_only {
            let left = options.deadline.map(|deadline| deadline.saturating_sub(self.elapsed()));
            if left == Some(Duration::ZERO) {
                self.engine.halt.call();
            }
            let _alarm = left.map(|left| set_alarm(left, self.engine.halt.clone()));
            if let Some(next_due_at) = self.live(options.no_wait).await? {
                return self.pause(next_due_at).await;
            }
        }
        self.begin_taking_out();
        if !options.keep && !self.engine.stop.is_cancelled() {
            let last_looks_end = if options.deadline.is_some() { LAST_LOOKS_AFTER_A_DEADLINE } else { LAST_LOOKS_END };
            if let Some(next_due_at) = self.clean_up(last_looks_end, options.no_wait).await? {
                return self.pause(next_due_at).await;
            }
        }
        self.end().await
    }

    /// How long ago the run's first byte went out, in whichever process; where none did, since when this one is at work.
    fn elapsed(&self) -> Duration {
        let since = self.first_sent_at.map(|at| (self.engine.now() - at).to_std().unwrap_or_default());
        since.unwrap_or_else(|| self.taken_up.elapsed())
    }

    /// From now on nothing cuts taking out short.
    fn begin_taking_out(&self) {
        let mut takes_out = locked(&self.takes_out);
        *takes_out = true;
        self.engine.halt.renew();
    }

    /// Everybody is enrolled and walks the journey, each at a pace of their own, while every waypoint is watched.
    /// When more is due, where nothing is waited for.
    async fn live(&self, waits_for_nothing: bool) -> Result<Option<DateTime<Utc>>, Error> {
        let steps = usize::from(self.engine.plan.last_change());
        if self.done.has(Phase::Watch) && self.done.changes() >= steps {
            return Ok(None);
        }
        let mut watch = Watch::begin(&self.engine, &self.waypoints, Awaited::Life);
        let (decided, to_send) = mpsc::unbounded_channel();
        let submits = AtomicBool::new(true);
        let beside = Beside { submits: &submits, safety_stop: &self.safety_stop, waits_for_nothing, decided };
        let (impatience, has_lived, ()) =
            tokio::try_join!(self.submit(&submits), watch.until_lived(beside), self.walk(to_send))?;
        drop(impatience);
        if !has_lived && !self.engine.stop.is_cancelled() {
            let next_due_at = watch.next_due_at();
            watch.end().await?;
            return Ok(Some(next_due_at));
        }
        if !self.engine.stop.is_cancelled() {
            watch.last_looks().await?;
        }
        watch.end().await?;
        self.phase_ended(Phase::Watch).await?;
        for _ in self.done.changes()..steps {
            self.phase_ended(Phase::Change).await?;
        }
        Ok(None)
    }

    /// Sends the enrollments; what comes back ends waiting for waypoints where it has a limit of its own.
    async fn submit(&self, submits: &AtomicBool) -> Result<Option<AbortOnDropHandle<()>>, Error> {
        if !self.done.has(Phase::Submit) && !self.done.has(Phase::Watch) {
            if let Some(cut) = submit_all(&self.engine).await? {
                self.cut_short(cut).await?;
            }
            self.phase_ended(Phase::Submit).await?;
        }
        let sent = self.engine.probes_where(|t| t.acts.of(JourneyStep::ENROLL).is_some()).len() as u64;
        self.engine.listener.tell(&News::PhaseBegan { phase: Phase::Watch, probes: sent });
        submits.store(false, Ordering::Relaxed);
        Ok(self.impatience())
    }

    async fn walk(&self, decided: UnboundedReceiver<Decided>) -> Result<(), Error> {
        match walk(&self.engine, decided).await? {
            Some(cut) => self.cut_short(cut).await,
            None => Ok(()),
        }
    }

    /// Writes down why submitting ended early. Only where nothing has left may a fault of the target end the run here.
    async fn cut_short(&self, CutShort { reason, kind }: CutShort) -> Result<(), Error> {
        let safety = kind == Kind::Safety;
        self.engine.announce(vec![Event::Stopped { reason: reason.clone(), safety, next_due_at: None }]).await?;
        if kind == Kind::TargetFault {
            return Err(Error::TargetFault { target: self.engine.target.name.clone(), reason });
        }
        self.engine.listener.tell(&News::Note(reason));
        self.safety_stop.store(safety, Ordering::Relaxed);
        Ok(())
    }

    /// Takes everybody out and watches them go; when more is due, where nothing is waited for.
    async fn clean_up(&self, last_looks_end: Duration, no_wait: bool) -> Result<Option<DateTime<Utc>>, Error> {
        let mut watch = Watch::begin(&self.engine, &self.waypoints, Awaited::End);
        cancel_all(&self.engine).await?;
        if no_wait {
            watch.look_once().await?;
            if !watch.take_stock(0) && !self.engine.stop.is_cancelled() {
                let next_due_at = watch.next_due_at();
                watch.end().await?;
                return Ok(Some(next_due_at));
            }
        }
        let impatience = self.impatience();
        watch.until_settled().await?;
        if impatience.is_some() {
            drop(impatience);
            self.engine.halt.renew();
        }
        let _alarm = set_alarm(last_looks_end, self.engine.halt.clone());
        watch.last_looks().await?;
        if watch.is_anybody_back() {
            watch.until_settled().await?;
            watch.last_looks().await?;
        }
        watch.end().await?;
        self.phase_ended(Phase::Cleanup).await?;
        Ok(None)
    }

    /// Ends waiting for waypoints where it has a limit of its own; off when the guard is dropped.
    fn impatience(&self) -> Option<AbortOnDropHandle<()>> {
        self.patience.map(|patience| set_alarm(patience, self.engine.halt.clone()))
    }

    /// A phase that was broken off has not ended: `resume` goes on with it.
    async fn phase_ended(&self, phase: Phase) -> Result<(), Error> {
        if self.engine.stop.is_cancelled() {
            return Ok(());
        }
        self.engine.announce(vec![Event::PhaseEnded { phase }]).await
    }

    /// Writes down that what was due was done, and when more is.
    async fn pause(&self, next_due_at: DateTime<Utc>) -> Result<Ending, Error> {
        let reason = "what was due was done (`--no-wait`)".to_owned();
        self.engine.announce(vec![Event::Stopped { reason, safety: false, next_due_at: Some(next_due_at) }]).await?;
        self.engine.recorder.flush().await?;
        Ok(Ending::Paused)
    }

    async fn end(&self) -> Result<Ending, Error> {
        let stopped = self.engine.stop.is_cancelled();
        let event = if stopped {
            Event::Stopped { reason: "stopped by signal".to_owned(), safety: false, next_due_at: None }
        } else {
            Event::Finished
        };
        self.engine.announce(vec![event]).await?;
        self.engine.recorder.flush().await?;
        Ok(if stopped { Ending::Stopped } else { Ending::Finished })
    }
}

/// Calls the halt when the time has come; the alarm is off when the guard is dropped.
pub(super) fn set_alarm(after: Duration, halt: Halt) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        tokio::time::sleep(after).await;
        halt.call();
    }))
}
