//! The processes that took a run up, one after another, and between which of them nobody knows how much time passed.
//!
//! Within a process every moment is by its monotonic clock, and a process begins after the last moment of the one before it:
//! moments are in order, always. From one process to the next, time is told by the wall clock alone, and where that was set,
//! a duration from before to after is no measurement.

use crate::model::{Entry, Event, UptimeAt};
use chrono::{DateTime, TimeDelta, Utc};

/// What two ways of telling the same time may differ.
const TOLERANCE: TimeDelta = TimeDelta::seconds(1);
/// And what they may drift apart, one part in so many.
const DRIFT: i32 = 1000;

/// The times between two processes of which it is not known how long they were.
#[derive(Debug, Clone, Default)]
pub struct Breaks(Vec<Break>);

/// From the last moment that a process wrote down to the first of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Break {
    left_at: DateTime<Utc>,
    began_at: DateTime<Utc>,
}

impl Breaks {
    /// Gathers them from the entries of a run, in the order in which they were written.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut chronicle = Chronicle::default();
        entries.into_iter().for_each(|entry| chronicle.take(entry));
        Self(chronicle.breaks)
    }

    /// The first after a moment: durations that reach it are not known.
    pub fn after(&self, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.next(from).map(|next| next.began_at)
    }

    fn next(&self, from: DateTime<Utc>) -> Option<Break> {
        self.0.iter().copied().find(|next| next.began_at > from)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When a duration that `end` adds has surely passed since `from`: where its end lies in or behind a break, it is counted from
    /// the next process's beginning anew.
    pub fn surely(&self, from: DateTime<Utc>, end: impl Fn(DateTime<Utc>) -> DateTime<Utc>) -> DateTime<Utc> {
        let (mut from, mut at) = (from, end(from));
        while let Some(next) = self.next(from).filter(|next| at > next.left_at) {
            (from, at) = (next.began_at, end(next.began_at));
        }
        at
    }
}

/// What was read so far.
#[derive(Default)]
struct Chronicle<'a> {
    process: Option<Process<'a>>,
    latest: Option<DateTime<Utc>>,
    breaks: Vec<Break>,
}

/// The process that writes.
struct Process<'a> {
    began_at: DateTime<Utc>,
    uptime: Option<&'a UptimeAt>,
    /// Its time is not the wall clock's (any more).
    is_off: bool,
}

impl<'a> Chronicle<'a> {
    fn take(&mut self, entry: &'a Entry) {
        match &entry.event {
            Event::Began { wall_at, uptime, .. } => {
                let next = Process {
                    began_at: entry.at,
                    uptime: uptime.as_ref(),
                    is_off: (entry.at - *wall_at).abs() > TOLERANCE,
                };
                if let Some(left_at) = self.latest.filter(|_| self.is_unknown_until(&next, *wall_at)) {
                    self.breaks.push(Break { left_at, began_at: entry.at });
                }
                self.process = Some(next);
            }
            Event::ClockStepped { .. } => {
                if let Some(process) = &mut self.process {
                    process.is_off = true;
                }
            }
            _ => {}
        }
        self.latest = self.latest.max(Some(entry.at));
    }

    /// Whether the wall clock does not tell how long after the last process this one began.
    fn is_unknown_until(&self, next: &Process<'_>, wall_at: DateTime<Utc>) -> bool {
        let set_back = self.latest.is_some_and(|latest| wall_at < latest);
        let before = self.process.as_ref();
        set_back || before.is_some_and(|before| before.is_off || contradicts(before, next, wall_at))
    }
}

/// Whether the machine's own time since it was started says otherwise than the wall clock.
fn contradicts(before: &Process<'_>, next: &Process<'_>, wall_at: DateTime<Utc>) -> bool {
    let (Some(then), Some(now)) = (before.uptime, next.uptime) else { return false };
    let micros = i64::try_from(now.micros).ok().zip(i64::try_from(then.micros).ok());
    let Some(passed) = micros.map(|(now, then)| TimeDelta::microseconds(now.saturating_sub(then))) else {
        return false;
    };
    let apart = (wall_at - before.began_at - passed).abs();
    then.boot == now.boot && apart > TOLERANCE + passed.abs() / DRIFT
}

#[cfg(test)]
mod tests {
    use super::{Break, Breaks, Entry, Event, UptimeAt};
    use chrono::{DateTime, TimeDelta, Utc};

    fn at(seconds: i64) -> DateTime<Utc> {
        "2013-11-15T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
    }

    fn began(epoch: u32, (seconds, wall): (i64, i64), up: Option<u64>) -> Entry {
        let uptime = up.map(|up| UptimeAt { boot: "one".to_owned(), micros: up * 1_000_000 });
        Entry { at: at(seconds), event: Event::Began { epoch, wall_at: at(wall), uptime } }
    }

    fn wrote(seconds: i64) -> Entry {
        Entry { at: at(seconds), event: Event::MissedSlots { slots: 1 } }
    }

    const NONE: [DateTime<Utc>; 0] = [];

    fn breaks(entries: &[Entry]) -> Vec<DateTime<Utc>> {
        Breaks::of(entries).0.iter().map(|found| found.began_at).collect()
    }

    #[test]
    fn a_process_that_follows_in_the_wall_clocks_time_breaks_nothing() {
        assert_eq!(breaks(&[began(1, (0, 0), None), wrote(50), began(2, (60, 60), None)]), NONE);
        assert_eq!(breaks(&[began(1, (0, 0), Some(7)), wrote(50), began(2, (60, 60), Some(67))]), NONE);
        assert_eq!(breaks(&[wrote(50), began(1, (60, 60), Some(67))]), NONE, "an earlier version wrote no beginning");
    }

    #[test]
    fn a_wall_clock_that_was_set_between_two_processes_is_a_break() {
        assert_eq!(breaks(&[began(1, (0, 0), None), wrote(50), began(2, (51, -3600), None)]), [at(51)], "back");
        assert_eq!(breaks(&[wrote(50), began(1, (51, 40), None)]), [at(51)], "back, after an earlier version");
        let forward = [began(1, (0, 0), Some(7)), wrote(50), began(2, (3660, 3660), Some(67))];
        assert_eq!(breaks(&forward), [at(3660)], "forward, by the machine's own time");
        let rebooted = UptimeAt { boot: "two".to_owned(), micros: 1 };
        let event = Event::Began { epoch: 2, wall_at: at(3660), uptime: Some(rebooted) };
        let after_a_boot = [began(1, (0, 0), Some(7)), wrote(50), Entry { at: at(3660), event }];
        assert_eq!(breaks(&after_a_boot), NONE, "another start of the machine says nothing");
    }

    #[test]
    fn a_step_while_a_process_ran_is_a_break_before_the_next_and_not_within() {
        let stepped = Entry { at: at(20), event: Event::ClockStepped { from: at(20), to: at(3620) } };
        let (first, second) = (began(1, (0, 0), None), began(2, (3660, 3660), None));
        assert_eq!(breaks(&[first.clone(), stepped.clone(), wrote(50)]), NONE);
        assert_eq!(breaks(&[first, stepped, wrote(50), second.clone(), wrote(3700)]), [at(3660)]);
        assert_eq!(breaks(&[second, wrote(3700), began(3, (3710, 3710), None)]), NONE);
    }

    #[test]
    fn what_ends_in_or_behind_a_break_is_counted_from_the_next_beginning() {
        let between = |left, began| Break { left_at: at(left), began_at: at(began) };
        let breaks = Breaks(vec![between(90, 100), between(200, 3000)]);
        let in_a_minute = |from: DateTime<Utc>| from + TimeDelta::seconds(60);
        assert_eq!(breaks.surely(at(10), in_a_minute), at(70));
        assert_eq!(breaks.surely(at(30), in_a_minute), at(90), "while the first process wrote");
        assert_eq!(breaks.surely(at(35), in_a_minute), at(160), "nobody knows whether a minute had passed then");
        assert_eq!(breaks.surely(at(50), in_a_minute), at(160));
        assert_eq!(breaks.surely(at(150), in_a_minute), at(3060));
        assert_eq!(breaks.surely(at(3300), in_a_minute), at(3360));
    }
}
