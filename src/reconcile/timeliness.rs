//! When something must be there, and whether it was.

use super::epochs::Breaks;
use crate::model::{After, Arrival, Limit, RunPlan, Windows};
use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::time::Duration;

/// The moment by which what was submitted `from` must be there. Clock times are told in `zone` (windows bring their own);
/// a limit in windows at a waypoint without any gives no time at all. A window at the very moment of submission does not
/// carry it.
pub fn limit_at(limit: &Limit, windows: Option<&Windows>, zone: Tz, from: DateTime<Utc>) -> DateTime<Utc> {
    match (limit, windows) {
        (Limit::Within(duration), _) => later(from, *duration),
        (Limit::ClockTime(time), _) => nth_clock_time(&[*time], zone, from, 1),
        (Limit::Windows(n), Some(Windows::Daily { times, zone, grace })) => {
            later(nth_clock_time(times, *zone, from, (*n).max(1)), *grace)
        }
        (Limit::Windows(n), Some(Windows::Every { period, grace })) => {
            later(nth_period(*period, from, (*n).max(1)), *grace)
        }
        (Limit::Windows(_), None) => from,
    }
}

/// When a step may be sent whose terms name a time, counted from the moment at which the step before it was to be sent. Where nobody knows how
/// long a break took, a pause is counted from it anew. `None`: its terms name none.
pub fn sent_from(plan: &RunPlan, after: &After, since: DateTime<Utc>, breaks: &Breaks) -> Option<DateTime<Utc>> {
    let of = |limit: &Limit, windows: Option<&Windows>| limit_at(limit, windows, plan.zone, since);
    match after {
        After::Settled | After::Answered | After::Seen(_) => None,
        After::Pause(pause) => Some(breaks.surely(since, |from| later(from, *pause))),
        After::Moment(moment) => Some(on_the_clock(moment.date(), moment.time(), plan.zone)),
        After::ClockTime(time) => Some(of(&Limit::ClockTime(*time), None)),
        After::Window(name) => {
            let waypoint = plan.waypoints.iter().find(|waypoint| waypoint.name == *name);
            Some(of(&Limit::Windows(1), waypoint.and_then(|waypoint| waypoint.windows.as_ref())))
        }
    }
}

/// The moment plus a duration, at the end of time where it would lie beyond.
pub(super) fn later(from: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    from.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The n-th of these clock times after a moment. A day may lack one (clocks go forward: the moment they jump over counts)
/// or have it twice (clocks go back: the first counts).
fn nth_clock_time(times: &[NaiveTime], zone: Tz, from: DateTime<Utc>, n: u32) -> DateTime<Utc> {
    let mut left = n;
    // the day before too: a zone's clock may be behind at a change of offset
    let mut day = from.with_timezone(&zone).date_naive().pred_opt().unwrap_or(NaiveDate::MIN);
    while !times.is_empty() {
        for moment in times.iter().map(|time| on_the_clock(day, *time, zone)).filter(|moment| *moment > from) {
            left -= 1;
            if left == 0 {
                return moment;
            }
        }
        let Some(next) = day.checked_add_days(Days::new(1)) else { break };
        day = next;
    }
    DateTime::<Utc>::MAX_UTC
}

fn on_the_clock(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let wanted = day.and_time(time);
    match zone.from_local_datetime(&wanted) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => moment.to_utc(),
        LocalResult::None => after_the_gap(wanted, zone),
    }
}

/// A clock time that is jumped over: a clock that still ran on the old offset shows it, which is as much later.
fn after_the_gap(wanted: chrono::NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let before = (1..=4).find_map(|hours| {
        let earlier = wanted - TimeDelta::hours(hours);
        zone.from_local_datetime(&earlier).earliest().map(|moment| moment.to_utc() + TimeDelta::hours(hours))
    });
    before.unwrap_or_else(|| wanted.and_utc())
}

fn nth_period(period: Duration, from: DateTime<Utc>, n: u32) -> DateTime<Utc> {
    let period = i64::try_from(period.as_micros()).unwrap_or(i64::MAX).max(1);
    let passed = from.timestamp_micros().div_euclid(period);
    let window = passed.saturating_add(i64::from(n)).saturating_mul(period);
    DateTime::from_timestamp_micros(window).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// When something was waited for: its limit, and until when watching goes on beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// When it was wanted sent.
    pub intended_at: DateTime<Utc>,
    /// When its first byte was sent; it cannot be anywhere before.
    pub sent_at: DateTime<Utc>,
    /// When it had to be there.
    pub limit_at: DateTime<Utc>,
    /// When it may be called missing.
    pub given_up_at: DateTime<Utc>,
    /// From here on nobody knows how long ago it was sent.
    pub known_until: Option<DateTime<Utc>>,
}

impl Due {
    /// Limit and grace of what was to be sent at `intended_at`; `grace_share` 1.0 watches as long again. Where nobody knows how
    /// long a break took, both are counted from it: until then it may rightly be on its way.
    pub fn new(
        (intended_at, sent_at): (DateTime<Utc>, DateTime<Utc>),
        limit: impl Fn(DateTime<Utc>) -> DateTime<Utc>,
        grace_share: f64,
        breaks: &Breaks,
    ) -> Self {
        let given_up = |from| {
            let allowed = (limit(from) - from).to_std().unwrap_or_default();
            let grace = Duration::try_from_secs_f64(allowed.as_secs_f64() * grace_share.max(0.0)).unwrap_or_default();
            later(limit(from), grace)
        };
        Self {
            intended_at,
            sent_at,
            limit_at: breaks.surely(intended_at, &limit),
            given_up_at: breaks.surely(intended_at, given_up),
            known_until: breaks.after(intended_at),
        }
    }

    /// The same of what was sent again because nobody heard an answer: it had to be there by the limit of the latest attempt, and what
    /// came between both limits is neither late nor surely on time.
    #[must_use]
    pub(super) fn or_sent_again(self, again: Self) -> Self {
        if again.limit_at <= self.limit_at {
            return self;
        }
        let known_until = self.known_until.into_iter().chain([self.limit_at]).min();
        Self { limit_at: again.limit_at, given_up_at: self.given_up_at.max(again.given_up_at), known_until, ..self }
    }

    /// Judges something that was seen.
    pub fn seen(&self, last_absent_at: Option<DateTime<Utc>>, first_seen_at: DateTime<Utc>) -> Arrival {
        let is_known = self.known_until.is_none_or(|until| first_seen_at < until);
        if first_seen_at <= self.limit_at && is_known {
            Arrival::OnTime
        } else if first_seen_at > self.limit_at && self.absent_until(last_absent_at) >= self.limit_at {
            Arrival::Late
        } else {
            Arrival::Undecided
        }
    }

    /// Judges something that was not seen: the last healthy look, whether the waypoint was blind after it, and now.
    pub fn unseen(&self, last_look_at: Option<DateTime<Utc>>, blind_since: bool, now: DateTime<Utc>) -> Arrival {
        if last_look_at.is_some_and(|look| look >= self.given_up_at) {
            Arrival::Missing
        } else if now >= self.given_up_at && blind_since {
            Arrival::Blind
        } else {
            Arrival::Pending
        }
    }

    /// The latest moment at which it was surely not there.
    pub fn absent_until(&self, last_absent_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
        last_absent_at.map_or(self.sent_at, |absent| absent.max(self.sent_at))
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaks, Due, TimeDelta, limit_at};
    use crate::model::{Arrival, Limit, Windows};
    use chrono::{DateTime, NaiveTime, Utc};
    use chrono_tz::America::New_York;
    use std::time::Duration;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn daily(times: &[(u32, u32)]) -> Windows {
        let times = times.iter().map(|(h, m)| NaiveTime::from_hms_opt(*h, *m, 0).unwrap()).collect();
        Windows::Daily { times, zone: New_York, grace: Duration::from_mins(10) }
    }

    #[test]
    fn domain_7_8_windows_are_in_eastern_time_and_the_next_one_counts() {
        let windows = daily(&[(6, 0), (18, 0)]);
        let limit = |n, from| limit_at(&Limit::Windows(n), Some(&windows), New_York, at(from));
        assert_eq!(limit(1, "2013-11-15T12:00:00Z"), at("2013-11-15T23:10:00Z"));
        assert_eq!(limit(2, "2013-11-15T12:00:00Z"), at("2013-11-16T11:10:00Z"));
        // 22:30 UTC is 17:30 Eastern: the 18:00 batch of the same local day
        assert_eq!(limit(1, "2013-11-15T22:30:00Z"), at("2013-11-15T23:10:00Z"));
        assert_eq!(
            limit(1, "2013-11-15T23:00:00Z"),
            at("2013-11-16T11:10:00Z"),
            "a window does not carry its own moment"
        );
        // late evening Eastern is already tomorrow in UTC
        assert_eq!(limit(1, "2013-11-16T03:30:00Z"), at("2013-11-16T11:10:00Z"));
    }

    #[test]
    fn a_skipped_clock_time_and_a_doubled_one_are_one_window_each() {
        let windows = daily(&[(1, 30), (2, 30)]);
        let limit = |n, from| limit_at(&Limit::Windows(n), Some(&windows), New_York, at(from));
        // 2014-03-09: clocks jump from 2:00 EST to 3:00 EDT; 2:30 on the old offset is 7:30 UTC
        assert_eq!(limit(1, "2014-03-09T07:00:00Z"), at("2014-03-09T07:40:00Z"));
        // 2013-11-03: 1:30 comes twice, at 5:30 and at 6:30 UTC; the first counts
        assert_eq!(limit(1, "2013-11-03T05:00:00Z"), at("2013-11-03T05:40:00Z"));
        assert_eq!(limit(2, "2013-11-03T05:00:00Z"), at("2013-11-03T07:40:00Z"));
    }

    #[test]
    fn other_limits_are_durations_periods_and_clock_times() {
        let from = at("2013-11-15T12:00:03Z");
        assert_eq!(limit_at(&Limit::Within(Duration::from_secs(5)), None, New_York, from), at("2013-11-15T12:00:08Z"));
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        assert_eq!(limit_at(&Limit::ClockTime(nine), None, New_York, from), at("2013-11-15T14:00:00Z"));
        let every = Windows::Every { period: Duration::from_secs(10), grace: Duration::from_secs(2) };
        assert_eq!(limit_at(&Limit::Windows(2), Some(&every), New_York, from), at("2013-11-15T12:00:22Z"));
    }

    fn due() -> Due {
        let sent = at("2013-11-15T12:00:00Z");
        Due::new((sent, sent), |from| from + TimeDelta::minutes(10), 1.0, &Breaks::default())
    }

    #[test]
    fn what_was_seen_is_on_time_late_or_undecided() {
        let seen = |absent: Option<&str>, seen| due().seen(absent.map(at), at(seen));
        assert_eq!(seen(None, "2013-11-15T12:10:00Z"), Arrival::OnTime);
        assert_eq!(seen(Some("2013-11-15T12:09:59Z"), "2013-11-15T12:10:30Z"), Arrival::Undecided);
        assert_eq!(seen(Some("2013-11-15T12:10:00Z"), "2013-11-15T12:10:30Z"), Arrival::Late);
        assert_eq!(seen(None, "2013-11-15T12:10:30Z"), Arrival::Undecided, "nobody looked before");
    }

    #[test]
    fn domain_7_10_not_found_is_told_from_could_not_look() {
        let unseen = |look: Option<&str>, blind, now| due().unseen(look.map(at), blind, at(now));
        assert_eq!(unseen(Some("2013-11-15T12:20:00Z"), false, "2013-11-15T12:20:00Z"), Arrival::Missing);
        assert_eq!(unseen(Some("2013-11-15T12:20:00Z"), true, "2013-11-15T12:21:00Z"), Arrival::Missing);
        assert_eq!(unseen(Some("2013-11-15T12:19:59Z"), false, "2013-11-15T12:21:00Z"), Arrival::Pending);
        assert_eq!(unseen(Some("2013-11-15T12:19:59Z"), true, "2013-11-15T12:21:00Z"), Arrival::Blind);
        assert_eq!(unseen(None, true, "2013-11-15T12:19:00Z"), Arrival::Pending, "there is still time");
    }
}
