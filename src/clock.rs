//! What time it is: wall time for records, monotonic time for durations; passed in, never asked of the system elsewhere.

mod steady;

pub use steady::{SteadyClock, Step};

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Tells the wall time in UTC.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, in UTC, to the microsecond (what the ledger can hold).
    fn now(&self) -> DateTime<Utc>;

    /// How long the machine has been up, where that can be told: nobody sets this clock.
    fn uptime(&self) -> Option<Uptime> {
        None
    }
}

/// How long a machine has been up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uptime {
    /// Which start of which machine: another one's time is not comparable.
    pub boot: String,
    /// Since then.
    pub since: Duration,
}

/// The longest distance of two things that come at a rate, and the longest pause: a thousand days, as for durations in files.
const LONGEST: Duration = Duration::from_hours(24_000);

/// So many seconds, which no number can make overflow: nothing for what is no number or below zero, and at most a thousand
/// days. The one way here from a floating-point number to a duration.
pub fn seconds(seconds: f64) -> Duration {
    if seconds.is_nan() || seconds <= 0.0 {
        return Duration::ZERO;
    }
    Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST)
}

/// The distance of two things that come at so many a second; at a rate of nothing, the longest there is.
pub fn spacing(rate_per_second: f64) -> Duration {
    seconds(1.0 / rate_per_second.max(f64::MIN_POSITIVE))
}

/// The system's clock. It may be set at any time: whatever orders or measures goes by a [`SteadyClock`].
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        chrono::SubsecRound::trunc_subsecs(Utc::now(), 6)
    }

    /// Where the kernel says so (Linux).
    fn uptime(&self) -> Option<Uptime> {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
        let seconds: f64 = uptime.split_whitespace().next()?.parse().ok()?;
        Some(Uptime { boot: boot.trim().to_owned(), since: Duration::try_from_secs_f64(seconds).ok()? })
    }
}

/// A clock that stands still until it is moved: for tests.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<DateTime<Utc>>>);

impl ManualClock {
    /// A clock that shows this moment.
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(moment)))
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    }

    /// Sets it, as somebody sets a machine's clock.
    pub fn set(&self, moment: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
