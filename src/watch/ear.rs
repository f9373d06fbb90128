//! What a canary hears of a run that is under way.

use crate::model::Phase;
use crate::prober::{Listener, News};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// Says something to whoever looks at the process.
pub(super) type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// Hears one run.
pub(super) struct Ear {
    schedule: String,
    say: Say,
    has_moved: AtomicBool,
    has_sent: AtomicBool,
    wake: Arc<Notify>,
}

impl Ear {
    pub(super) fn new(schedule: &str, say: &Say, wake: &Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            schedule: schedule.to_owned(),
            say: Arc::clone(say),
            has_moved: AtomicBool::new(true),
            has_sent: AtomicBool::new(false),
            wake: Arc::clone(wake),
        })
    }

    /// Whether anything became known since this was last asked.
    pub(super) fn take_moved(&self) -> bool {
        self.has_moved.swap(false, Ordering::Relaxed)
    }

    /// Whether everybody was submitted.
    pub(super) fn has_sent(&self) -> bool {
        self.has_sent.load(Ordering::Relaxed)
    }
}

impl Listener for Ear {
    fn tell(&self, news: &News) {
        match news {
            News::PhaseBegan { phase: Phase::Watch | Phase::Cleanup, .. } => {
                self.has_sent.store(true, Ordering::Relaxed);
                self.wake.notify_one();
            }
            News::Sight { waypoint, blind: Some(_) } => {
                (self.say)(&format!("{}: cannot read waypoint `{waypoint}`", self.schedule));
            }
            News::Sight { waypoint, blind: None } => {
                (self.say)(&format!("{}: waypoint `{waypoint}` can be read again", self.schedule));
            }
            _ => {}
        }
        self.has_moved.store(true, Ordering::Relaxed);
    }
}
