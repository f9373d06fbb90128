//! When the next tick is, by tables made by hand: New York, Berlin and Lord Howe, whose clock shifts by half an hour.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use johndoe_vigil::schedule::{Rhythm, Schedule};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn schedule(rhythm: Rhythm) -> Schedule {
    Schedule::new(rhythm, TimeDelta::zero(), 7).unwrap()
}

fn cron(text: &str, zone: Tz) -> Schedule {
    schedule(Rhythm::cron(text, zone).unwrap())
}

/// The ticks after `from`, as the clock on the wall shows them, with the offset.
fn ticks(schedule: &Schedule, from: &str, count: usize) -> Vec<String> {
    let next = |last: &DateTime<Utc>| schedule.next_after(*last).map(|tick| tick.at);
    let all = std::iter::successors(next(&at(from)), next).take(count);
    all.map(|tick| tick.with_timezone(&schedule.zone()).format("%m-%d %H:%M %z").to_string()).collect()
}

/// expression, zone, from, and the ticks that follow
type Row = (&'static str, Tz, &'static str, &'static [&'static str]);

const NEW_YORK: Tz = Tz::America__New_York;
const BERLIN: Tz = Tz::Europe__Berlin;
const LORD_HOWE: Tz = Tz::Australia__Lord_Howe;

/// New York: 8 March 2026 02:00 to 03:00, and 1 November 02:00 back to 01:00. Berlin: 29 March 02:00 to 03:00, 25 October 03:00
/// back to 02:00. Lord Howe: 4 October 02:00 to 02:30, 5 April 02:00 back to 01:30.
const TABLE: &[Row] = &[
    // a fixed time in a gap: once, when the gap ends
    (
        "30 2 * * *",
        NEW_YORK,
        "2026-03-07T02:00:00-05:00",
        &["03-07 02:30 -0500", "03-08 03:00 -0400", "03-09 02:30 -0400"],
    ),
    (
        "30 2 * * *",
        BERLIN,
        "2026-03-28T02:00:00+01:00",
        &["03-28 02:30 +0100", "03-29 03:00 +0200", "03-30 02:30 +0200"],
    ),
    (
        "15 2 * * *",
        LORD_HOWE,
        "2026-10-03T02:00:00+10:30",
        &["10-03 02:15 +1030", "10-04 02:30 +1100", "10-05 02:15 +1100"],
    ),
    // two fixed times that a gap moves to one moment are one tick
    ("0,30 2 * * *", NEW_YORK, "2026-03-07T03:00:00-05:00", &["03-08 03:00 -0400", "03-09 02:00 -0400"]),
    ("30 2,3 * * *", NEW_YORK, "2026-03-08T00:00:00-05:00", &["03-08 03:00 -0400", "03-08 03:30 -0400"]),
    // a fixed time in a doubled hour: once, the first time
    ("30 1 * * *", NEW_YORK, "2026-10-31T02:00:00-04:00", &["11-01 01:30 -0400", "11-02 01:30 -0500"]),
    ("30 2 * * *", BERLIN, "2026-10-24T03:00:00+02:00", &["10-25 02:30 +0200", "10-26 02:30 +0100"]),
    ("45 1 * * *", LORD_HOWE, "2026-04-04T02:00:00+11:00", &["04-05 01:45 +1100", "04-06 01:45 +1030"]),
    (
        "0,30 1 * * *",
        NEW_YORK,
        "2026-11-01T00:00:00-04:00",
        &["11-01 01:00 -0400", "11-01 01:30 -0400", "11-02 01:00 -0500"],
    ),
    // started between the two: the first was meant
    ("30 1 * * *", NEW_YORK, "2026-11-01T01:10:00-05:00", &["11-02 01:30 -0500"]),
    // wildcards run on elapsed time through both
    (
        "*/15 * * * *",
        NEW_YORK,
        "2026-11-01T01:30:00-04:00",
        &["11-01 01:45 -0400", "11-01 01:00 -0500", "11-01 01:15 -0500"],
    ),
    (
        "*/15 * * * *",
        NEW_YORK,
        "2026-03-08T01:30:00-05:00",
        &["03-08 01:45 -0500", "03-08 03:00 -0400", "03-08 03:15 -0400"],
    ),
    (
        "*/20 * * * *",
        BERLIN,
        "2026-10-25T02:20:00+02:00",
        &["10-25 02:40 +0200", "10-25 02:00 +0100", "10-25 02:20 +0100"],
    ),
    (
        "*/10 * * * *",
        LORD_HOWE,
        "2026-04-05T01:40:00+11:00",
        &["04-05 01:50 +1100", "04-05 01:30 +1030", "04-05 01:40 +1030"],
    ),
    ("*/10 * * * *", LORD_HOWE, "2026-10-04T01:50:00+10:30", &["10-04 02:30 +1100", "10-04 02:40 +1100"]),
    (
        "0 * * * *",
        NEW_YORK,
        "2026-11-01T00:30:00-04:00",
        &["11-01 01:00 -0400", "11-01 01:00 -0500", "11-01 02:00 -0500"],
    ),
    ("*/30 2 * * *", NEW_YORK, "2026-03-07T02:00:00-05:00", &["03-07 02:30 -0500", "03-09 02:00 -0400"]),
    (
        "15 * * * *",
        LORD_HOWE,
        "2026-04-05T00:00:00+11:00",
        &["04-05 00:15 +1100", "04-05 01:15 +1100", "04-05 02:15 +1030"],
    ),
    // from far away, through both shifts
    ("* 1 1 11 *", NEW_YORK, "2026-01-10T00:00:00-05:00", &["11-01 01:00 -0400", "11-01 01:01 -0400"]),
    // days of the month and of the week
    ("0 6 * * MON-FRI", BERLIN, "2026-06-05T07:00:00+02:00", &["06-08 06:00 +0200", "06-09 06:00 +0200"]),
    ("0 6 L * *", BERLIN, "2026-02-01T00:00:00+01:00", &["02-28 06:00 +0100", "03-31 06:00 +0200"]),
    ("@daily", NEW_YORK, "2026-03-08T12:00:00-04:00", &["03-09 00:00 -0400"]),
    ("0 0 29 2 *", BERLIN, "2026-03-01T00:00:00+01:00", &["02-29 00:00 +0100"]),
];

#[test]
fn the_next_ticks_are_those_of_the_table() {
    for (expression, zone, from, expected) in TABLE {
        let found = ticks(&cron(expression, *zone), from, expected.len());
        assert_eq!(&found, expected, "`{expression}` in {zone} from {from}");
    }
}

#[test]
fn an_interval_runs_on_elapsed_time_through_both_shifts() {
    let every = schedule(Rhythm::every(TimeDelta::minutes(40), NEW_YORK).unwrap());
    let mut last = every.next_after(at("2026-03-07T00:00:00Z")).unwrap();
    while last.at < at("2026-11-03T00:00:00Z") {
        let next = every.next_after(last.at).unwrap();
        assert_eq!(next.at - last.at, TimeDelta::minutes(40));
        last = next;
    }
    let six = schedule(Rhythm::every(TimeDelta::hours(6), NEW_YORK).unwrap());
    assert_eq!(ticks(&six, "2026-01-05T23:00:00-05:00", 2), ["01-06 00:00 -0500", "01-06 06:00 -0500"]);
}

#[test]
fn what_can_never_run_is_a_mistake_with_what_to_do() {
    let never = Rhythm::cron("0 0 30 2 *", BERLIN).unwrap_err();
    assert_eq!(
        never.to_string(),
        "`0 0 30 2 *`, which matches no day of any year at `schedule.cron`, expected a day that exists; \
         look at the third and fourth field, the day and the month"
    );
    for text in ["", "* * * *", "0 0 0 1 1 *", "61 * * * *", "every day", "0 25 * * *", "0 0 * * 2026-01-01"] {
        assert!(Rhythm::cron(text, BERLIN).unwrap_err().expected.starts_with("five fields"), "{text}");
    }
    assert!(Rhythm::every(TimeDelta::zero(), BERLIN).is_err());
    let quarter = Rhythm::cron("*/15 * * * *", BERLIN).unwrap();
    let wide = Schedule::new(quarter.clone(), TimeDelta::minutes(15), 1).unwrap_err();
    assert_eq!(
        (wide.place.as_str(), wide.expected.as_str()),
        ("schedule.spread", "less than the 15 min between two ticks")
    );
    assert!(Schedule::new(quarter, TimeDelta::seconds(899), 1).is_ok());
}

#[test]
fn a_spread_is_drawn_for_each_tick_and_stays_what_it_is() {
    let spread = |seed| {
        let rhythm = Rhythm::every(TimeDelta::minutes(15), BERLIN).unwrap();
        Schedule::new(rhythm, TimeDelta::minutes(10), seed).unwrap()
    };
    let first = ticks(&spread(1), "2026-06-01T00:00:00Z", 50);
    assert_eq!(first, ticks(&spread(1), "2026-06-01T00:00:00Z", 50));
    assert_ne!(first, ticks(&spread(2), "2026-06-01T00:00:00Z", 50));
    let later: Vec<_> = (0..200)
        .scan(at("2026-06-01T00:00:00Z"), |last, _| {
            let tick = spread(1).next_after(*last)?;
            *last = tick.at;
            Some((tick.at - tick.nominal_at).num_seconds())
        })
        .collect();
    assert!(later.iter().all(|late| (0..600).contains(late)), "{later:?}");
    assert!(later.iter().max() > Some(&540) && later.iter().min() < Some(&60), "{later:?}");
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        NEW_YORK,
        BERLIN,
        LORD_HOWE,
        Tz::UTC,
        Tz::Africa__Cairo,
        Tz::America__St_Johns,
        Tz::Pacific__Apia,
    ])
}

fn any_expression() -> impl Strategy<Value = String> {
    let minute = prop::sample::select(vec!["*", "*/7", "0", "30", "0,15,59", "5-10"]);
    let hour = prop::sample::select(vec!["*", "*/5", "0", "1", "2", "3", "1-3", "23"]);
    let day = prop::sample::select(vec!["*", "*", "1", "28-31", "*/2"]);
    let weekday = prop::sample::select(vec!["*", "*", "SUN", "MON-FRI"]);
    (minute, hour, day, weekday).prop_map(|(m, h, d, w)| format!("{m} {h} {d} * {w}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between an instant and its next tick there is no other: whoever asks in between gets the same one.
    #[test]
    fn nothing_is_between_an_instant_and_its_next_tick(
        zone in any_zone(), text in any_expression(), from in 1_262_304_000i64..1_830_000_000, part in 0i64..100,
    ) {
        let schedule = cron(&text, zone);
        let from = DateTime::from_timestamp(from, 0).unwrap();
        let next = schedule.next_after(from).unwrap().at;
        prop_assert!(next > from);
        let between = from + (next - from) / 100 * i32::try_from(part).unwrap();
        if between < next {
            prop_assert_eq!(schedule.next_after(between).unwrap().at, next);
        }
        prop_assert_eq!(schedule.latest_until(next).unwrap().at, next);
        prop_assert!(schedule.latest_until(next - TimeDelta::seconds(1)).unwrap().at <= from);
    }

    /// Minute by minute, slowly: a wildcard ticks exactly when the clock on the wall shows what it says.
    #[test]
    fn a_wildcard_ticks_whenever_the_wall_shows_its_time(zone in any_zone(), step in 1u32..30, day in 0i64..400) {
        let schedule = cron(&format!("*/{step} 0-4 * * *"), zone);
        let from = at("2026-01-01T00:00:00Z") + TimeDelta::days(day);
        let until = from + TimeDelta::days(1);
        let mut slowly = Vec::new();
        for minute in 1..=24 * 60 {
            let instant = from + TimeDelta::minutes(minute);
            let wall = instant.with_timezone(&zone).time();
            if wall.minute().is_multiple_of(step) && wall.hour() <= 4 {
                slowly.push(instant);
            }
        }
        let next = |last: &DateTime<Utc>| schedule.next_after(*last).map(|tick| tick.at).filter(|at| *at <= until);
        let quickly: Vec<_> = std::iter::successors(next(&from), next).collect();
        prop_assert_eq!(slowly, quickly);
    }

    /// Day by day: a fixed time runs exactly once on every day that the calendar of its zone has.
    #[test]
    fn a_fixed_time_runs_once_a_day(zone in any_zone(), hour in 0u32..24, minute in 0u32..60) {
        let schedule = cron(&format!("{minute} {hour} * * *"), zone);
        let from = at("2026-01-01T12:00:00Z");
        let next = |last: &DateTime<Utc>| schedule.next_after(*last).map(|tick| tick.at);
        let days: Vec<_> = std::iter::successors(next(&from), next)
            .take(400)
            .map(|tick| tick.with_timezone(&zone).date_naive())
            .collect();
        for two in days.windows(2) {
            prop_assert_eq!((two[1] - two[0]).num_days(), 1, "{:?}", two);
        }
    }
}
