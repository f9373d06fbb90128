//! One process's time: the wall clock read once, and from then on the monotonic clock.

use super::{Clock, Uptime};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What a wall clock may differ from the monotonic one between two looks before that is a step: it was set. A clock that
/// is slowly brought right never differs by so much at once.
const TOLERANCE: TimeDelta = TimeDelta::seconds(1);

/// A clock that only ever goes forward, at the pace of the monotonic clock, whatever is done to the wall clock. A moment
/// less the clock's beginning is the monotonic reading, to the microsecond.
#[derive(Debug)]
pub struct SteadyClock {
    wall: Arc<dyn Clock>,
    began: Instant,
    start: DateTime<Utc>,
    wall_at_start: DateTime<Utc>,
    uptime_at_start: Option<Uptime>,
    /// How far the wall clock was ahead of this one when it was looked at last.
    ahead: Mutex<TimeDelta>,
}

/// A wall clock that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What it would have shown.
    pub from: DateTime<Utc>,
    /// What it shows.
    pub to: DateTime<Utc>,
}

impl SteadyClock {
    /// A clock that starts at what the wall clock shows, or right after the latest moment that is known already: a process
    /// that goes on with another's work is later than it, even where the wall clock was set back in between.
    pub fn over(wall: Arc<dyn Clock>, known: Option<DateTime<Utc>>) -> Self {
        let uptime_at_start = wall.uptime();
        let (wall_at_start, began) = (wall.now(), Instant::now());
        let after = known.and_then(|known| known.checked_add_signed(TimeDelta::microseconds(1)));
        let start = after.map_or(wall_at_start, |after| after.max(wall_at_start));
        let ahead = Mutex::new(wall_at_start - start);
        Self { wall, began, start, wall_at_start, uptime_at_start, ahead }
    }

    /// Its first moment.
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// What the wall clock showed then.
    pub fn wall_at_start(&self) -> DateTime<Utc> {
        self.wall_at_start
    }

    /// How long the machine had been up then.
    pub fn uptime_at_start(&self) -> Option<&Uptime> {
        self.uptime_at_start.as_ref()
    }

    /// Looks at the wall clock: whether it was set since the last look, by more than a second.
    pub fn step(&self) -> Option<Step> {
        // read between two readings of the steady one: a process that was held up in between would look like a step
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let (earliest, to, latest) = (self.now() + *ahead, self.wall.now(), self.now() + *ahead);
        let from = to.clamp(earliest, latest);
        *ahead += to - from;
        ((to - from).abs() > TOLERANCE).then_some(Step { from, to })
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(self.began.elapsed()).unwrap_or(TimeDelta::MAX);
        let now = self.start.checked_add_signed(passed).unwrap_or(DateTime::<Utc>::MAX_UTC);
        chrono::SubsecRound::trunc_subsecs(now, 6)
    }

    fn uptime(&self) -> Option<Uptime> {
        self.wall.uptime()
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, SteadyClock};
    use crate::clock::ManualClock;
    use chrono::{DateTime, TimeDelta, Utc};
    use std::sync::Arc;

    fn noon() -> DateTime<Utc> {
        "2013-11-15T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn it_goes_forward_when_the_wall_clock_is_set_back_and_says_so_once() {
        let wall = ManualClock::at(noon());
        let steady = SteadyClock::over(Arc::new(wall.clone()), None);
        let before = steady.now();
        assert!(before >= noon());
        wall.set(noon() - TimeDelta::hours(1));
        let after = steady.now();
        assert!(after >= before, "{after} is before {before}");
        let step = steady.step().expect("a step");
        assert_eq!(step.to, noon() - TimeDelta::hours(1));
        assert!(step.from >= noon(), "{step:?}");
        assert_eq!(steady.step(), None, "it was told");
        wall.set(noon() + TimeDelta::hours(1));
        assert!(steady.step().is_some(), "forward is a step, too");
    }

    #[test]
    fn a_clock_that_is_brought_right_slowly_makes_no_step() {
        let wall = ManualClock::at(noon());
        let steady = SteadyClock::over(Arc::new(wall.clone()), None);
        for tenths in 1..=30 {
            wall.set(noon() - TimeDelta::milliseconds(100 * tenths));
            assert_eq!(steady.step(), None);
        }
    }

    #[test]
    fn it_begins_after_everything_that_is_known() {
        let wall = || Arc::new(ManualClock::at(noon()));
        let later = noon() + TimeDelta::hours(1);
        let steady = SteadyClock::over(wall(), Some(later));
        assert!(steady.start() > later && steady.now() >= steady.start());
        assert_eq!(steady.wall_at_start(), noon());
        assert_eq!(steady.step(), None, "that the wall clock was behind at the start is no step");
        assert_eq!(SteadyClock::over(wall(), Some(noon() - TimeDelta::hours(1))).start(), noon());
    }
}
