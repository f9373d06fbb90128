//! Quantities as people write them: durations, clock times, limits, rates, shares.

use chrono::NaiveTime;
use std::time::Duration;

/// How long something may take, as a file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// `15m`.
    Within(Duration),
    /// `1 window`, `2 windows`.
    Windows(u32),
    /// `by 06:00`.
    ClockTime(NaiveTime),
}

/// Reads `5s`, `15m`, `1h30m`, `500ms`, `2 days`: a number needs its unit. At most 1,000 days, and not nothing.
pub fn duration(text: &str) -> Option<Duration> {
    let value = humantime::parse_duration(text.trim()).ok()?;
    (value > Duration::ZERO && value <= Duration::from_hours(24_000)).then_some(value)
}

/// Reads `06:00`, `18:30:15`.
pub fn clock_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
}

/// Reads a duration, `2 windows`, or `by 06:00`.
pub fn deadline(text: &str) -> Option<Deadline> {
    let text = text.trim();
    if let Some(time) = text.strip_prefix("by ") {
        return clock_time(time).map(Deadline::ClockTime);
    }
    if let Some(count) = text.strip_suffix("windows").or_else(|| text.strip_suffix("window")) {
        let count: u32 = count.trim_end().parse().ok()?;
        return (1..=1_000).contains(&count).then_some(Deadline::Windows(count));
    }
    duration(text).map(Deadline::Within)
}

/// The slowest rate: once in a thousand days, as long as any duration may be.
const SLOWEST: f64 = 1.0 / 86_400_000.0;

/// Reads `5/s`, `300/m`, `2.5 / s`, `10/h` as a number a second: at most a million, and at least once in a thousand days.
pub fn rate_per_second(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/')?;
    let seconds = match unit.trim() {
        "s" | "sec" | "second" => 1.0,
        "m" | "min" | "minute" => 60.0,
        "h" | "hour" => 3_600.0,
        _ => return None,
    };
    let rate = plain_number(number)? / seconds;
    (SLOWEST..=1_000_000.0).contains(&rate).then_some(rate)
}

/// Reads `25%` or `0.25` as a share of one; not negative, and not above one unless in percent.
pub fn share(text: &str) -> Option<f64> {
    match text.trim().strip_suffix('%') {
        Some(percent) => plain_number(percent).map(|p| p / 100.0),
        None => plain_number(text).filter(|s| *s <= 1.0),
    }
}

/// Digits with perhaps one point: no sign, exponent, `inf` or `nan`.
pub(super) fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let sound = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.len() <= 20;
    sound.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Deadline, deadline, duration, rate_per_second, share};
    use std::time::Duration;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("1h30m"), Some(Duration::from_mins(90)));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        for bad in ["5", "0s", "-5s", "", "soon", "2000days", "99999999999999999999999y"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn limits_are_durations_windows_or_clock_times() {
        assert_eq!(deadline("15m"), Some(Deadline::Within(Duration::from_mins(15))));
        assert_eq!(deadline("1 window"), Some(Deadline::Windows(1)));
        assert_eq!(deadline("2 windows"), Some(Deadline::Windows(2)));
        assert!(matches!(deadline("by 06:00"), Some(Deadline::ClockTime(_))));
        for bad in ["0 windows", "windows", "by noon", "by 25:00", "1 windowed", "-1 windows"] {
            assert_eq!(deadline(bad), None, "{bad}");
        }
    }

    #[test]
    fn rates_and_shares_say_their_unit() {
        assert_eq!(rate_per_second("5/s"), Some(5.0));
        assert_eq!(rate_per_second("300/m"), Some(5.0));
        assert!(rate_per_second("0.00005/h").is_some());
        for bad in ["5", "0/s", "5/d", "inf/s", "1e9/s", "0.000000000000000001/h", "0.00004/h", "1000001/s", "./s"] {
            assert_eq!(rate_per_second(bad), None, "{bad}");
        }
        assert_eq!(share("25%"), Some(0.25));
        assert_eq!(share("0.25"), Some(0.25));
        assert_eq!(share("25"), None);
        assert_eq!(share("nan"), None);
    }
}
