//! This process's part of a run: its time, and what it says of itself before anything else.

use crate::clock::{Clock, SteadyClock, Step};
use crate::model::{Entry, Event, UptimeAt};
use crate::reconcile::Breaks;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// One process's time in a run. It never goes back: not while the process runs, and not behind what processes before it
/// wrote down.
#[derive(Debug)]
pub(super) struct Epoch {
    clock: Arc<SteadyClock>,
    beginning: Entry,
    is_told: AtomicBool,
    /// Where it is not known how much time passed between processes, this one's beginning among them.
    breaks: Breaks,
}

impl Epoch {
    /// Begins now, after what earlier processes wrote down.
    pub(super) fn after(entries: &[Entry], wall: Arc<dyn Clock>) -> Self {
        let clock = SteadyClock::over(wall, entries.iter().map(|entry| entry.at).max());
        let earlier = entries.iter().filter(|entry| matches!(entry.event, Event::Began { .. })).count();
        let event = Event::Began {
            epoch: u32::try_from(earlier).unwrap_or(u32::MAX).saturating_add(1),
            wall_at: clock.wall_at_start(),
            uptime: clock.uptime_at_start().map(|uptime| UptimeAt {
                boot: uptime.boot.clone(),
                micros: u64::try_from(uptime.since.as_micros()).unwrap_or(u64::MAX),
            }),
        };
        let beginning = Entry { at: clock.start(), event };
        let breaks = Breaks::of(entries.iter().chain([&beginning]));
        Self { clock: Arc::new(clock), beginning, is_told: AtomicBool::new(false), breaks }
    }

    /// Its clock, for whoever takes moments from it.
    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as _
    }

    /// Now.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// When this process took the run up.
    pub(super) fn began_at(&self) -> DateTime<Utc> {
        self.beginning.at
    }

    /// Its first entry; given once.
    pub(super) fn beginning(&self) -> Option<Entry> {
        (!self.is_told.swap(true, Ordering::Relaxed)).then(|| self.beginning.clone())
    }

    /// Whether the wall clock was set since this was asked last.
    pub(super) fn step(&self) -> Option<Step> {
        self.clock.step()
    }

    /// Where durations are not known.
    pub(super) fn breaks(&self) -> &Breaks {
        &self.breaks
    }
}
