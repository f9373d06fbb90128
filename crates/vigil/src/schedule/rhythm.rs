//! A rhythm, by cron or by interval, with its spread: from an instant to the next tick.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::cron::Expression;
use super::zone::first_at;
use crate::Mistake;

/// How many ticks are looked at to find the shortest period: more than a week of minutes.
const LOOKED_AT: usize = 12_000;

/// One moment at which to probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tick {
    /// the moment that the rhythm names; by it a tick is known
    pub nominal_at: DateTime<Utc>,
    /// the moment at which to begin: the nominal one and its part of the spread
    pub at: DateTime<Utc>,
}

/// What gives the beat.
#[derive(Debug, Clone)]
pub struct Rhythm(Beat);

#[derive(Debug, Clone)]
enum Beat {
    Cron(Box<Expression>),
    Every { period: TimeDelta, anchor: DateTime<Utc>, zone: Tz },
}

impl Rhythm {
    /// A cron expression of five fields, meant in `zone`.
    pub fn cron(text: &str, zone: Tz) -> Result<Self, Mistake> {
        Ok(Self(Beat::Cron(Box::new(Expression::parse(text, zone)?))))
    }

    /// Every `period` of elapsed time, through every change of the clock, counted from midnight in `zone` of 1 January 2000: so
    /// that "every 6 h" falls on midnight there while standard time holds.
    pub fn every(period: TimeDelta, zone: Tz) -> Result<Self, Mistake> {
        if period < TimeDelta::seconds(1) {
            return Err(Mistake::new(
                "schedule.every",
                seconds(period),
                "a second or more",
                "write for example `every: 15m`",
            ));
        }
        let midnight = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
        Ok(Self(Beat::Every { period, anchor: first_at(midnight, zone), zone }))
    }

    fn nominal_after(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match &self.0 {
            Beat::Cron(expression) => expression.next_after(after),
            Beat::Every { period, anchor, .. } => {
                let millis = period.num_milliseconds();
                let since = (after - anchor).num_milliseconds().div_euclid(millis);
                anchor.checked_add_signed(TimeDelta::try_milliseconds((since + 1).checked_mul(millis)?)?)
            }
        }
    }
}

/// A rhythm with its spread.
#[derive(Debug, Clone)]
pub struct Schedule {
    rhythm: Rhythm,
    spread: TimeDelta,
    seed: u64,
}

impl Schedule {
    /// `spread`: each tick begins up to so much later than its rhythm says, by an amount that depends on `seed` and tick alone.
    /// It is shorter than the shortest time between two ticks, so that they keep their order.
    pub fn new(rhythm: Rhythm, spread: TimeDelta, seed: u64) -> Result<Self, Mistake> {
        let schedule = Self { rhythm, spread, seed };
        if spread.is_zero() {
            return Ok(schedule);
        }
        let shortest = schedule.shortest_period(reference());
        if spread < TimeDelta::zero() || spread >= shortest {
            return Err(Mistake::new(
                "schedule.spread",
                seconds(spread),
                format!("less than the {} between two ticks", seconds(shortest)),
                "spread less, or tick more seldom",
            ));
        }
        Ok(schedule)
    }

    /// The zone in which it is meant, to be printed with every time of it.
    pub fn zone(&self) -> Tz {
        match &self.rhythm.0 {
            Beat::Cron(expression) => expression.zone(),
            Beat::Every { zone, .. } => *zone,
        }
    }

    /// The rhythm in words, with its zone.
    pub fn described(&self) -> String {
        match &self.rhythm.0 {
            Beat::Cron(expression) => format!("`{}` in {}", expression.text(), expression.zone()),
            Beat::Every { period, zone, .. } => format!("every {} in {zone}", seconds(*period)),
        }
    }

    /// The first tick that begins after `after`.
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<Tick> {
        let mut nominal_at = after - self.spread - TimeDelta::milliseconds(1);
        loop {
            nominal_at = self.rhythm.nominal_after(nominal_at)?;
            let tick = self.tick(nominal_at);
            if tick.at > after {
                return Some(tick);
            }
        }
    }

    /// The first tick after the one with this nominal moment.
    pub fn next_after_tick(&self, nominal_at: DateTime<Utc>) -> Option<Tick> {
        self.rhythm.nominal_after(nominal_at).map(|at| self.tick(at))
    }

    /// The last tick that begins at `until` or before; none in the nine years before it is none.
    pub fn latest_until(&self, until: DateTime<Utc>) -> Option<Tick> {
        let mut back = TimeDelta::minutes(2);
        let mut from = until - back;
        while self.next_after(from).is_none_or(|tick| tick.at > until) {
            if back > TimeDelta::days(366 * 9) {
                return None;
            }
            back = back * 2;
            from = until - back;
        }
        let mut latest = self.next_after(from)?;
        while let Some(next) = self.next_after_tick(latest.nominal_at).filter(|next| next.at <= until) {
            latest = next;
        }
        Some(latest)
    }

    /// The shortest time between two ticks of the year that follows `from`.
    pub fn shortest_period(&self, from: DateTime<Utc>) -> TimeDelta {
        if let Beat::Every { period, .. } = &self.rhythm.0 {
            return *period;
        }
        let ticks = std::iter::successors(self.rhythm.nominal_after(from), |last| self.rhythm.nominal_after(*last));
        let ticks: Vec<_> = ticks.take(LOOKED_AT).take_while(|at| *at - from < TimeDelta::days(366 * 2)).collect();
        let shortest = ticks.windows(2).filter_map(|two| two.first().zip(two.get(1))).map(|(a, b)| *b - *a).min();
        shortest.unwrap_or(TimeDelta::days(366))
    }

    fn tick(&self, nominal_at: DateTime<Utc>) -> Tick {
        let spread = self.spread.num_milliseconds();
        let drawn = mixed(self.seed ^ nominal_at.timestamp_millis().cast_unsigned());
        let later = drawn.checked_rem(spread.cast_unsigned()).unwrap_or(0);
        Tick { nominal_at, at: nominal_at + TimeDelta::milliseconds(later.cast_signed()) }
    }
}

/// What a shortest period is looked for from, when nobody says a moment.
fn reference() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default()
}

/// `SplitMix64`'s finalizer: neighbouring inputs give unrelated outputs (Steele, Lea, Flood, OOPSLA 2014).
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A duration in the largest unit in which it is whole.
pub(crate) fn seconds(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds();
    match seconds {
        0 => format!("{} ms", duration.num_milliseconds()),
        _ if seconds % 86_400 == 0 => format!("{} d", seconds / 86_400),
        _ if seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        _ if seconds % 60 == 0 => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}
