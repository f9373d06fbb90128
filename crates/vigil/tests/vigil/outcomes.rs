//! Not tests: outcomes drawn by rate, and how long a stream takes to say so. The example `delays` prints what comes of it.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::stream::{Budget, Delivered, Fact, Fate, Kind, Objective, Stalled, Stream, What};

/// Outcomes a month at twelve an hour.
pub const A_MONTH: f64 = 8640.0;
/// Between two of them.
const APART: TimeDelta = TimeDelta::minutes(5);

/// A stream of random numbers: `SplitMix64`.
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// Whether something of this chance comes true.
    pub fn says(&mut self, chance: f64) -> bool {
        let of_a_million = u32::try_from(self.roll() % 1_000_000_000).unwrap();
        f64::from(of_a_million) < chance * 1e9
    }

    /// One of `0..n`.
    pub fn of(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % n as u64).unwrap()
    }
}

/// When outcomes are known, in outcomes after they were sent.
#[derive(Clone, Copy)]
pub struct Known {
    pub failed_after: u64,
    pub passed_after: u64,
}

impl Known {
    /// As of losses: a failure at its limit, a success soon.
    pub fn at_limit(limit: u64) -> Self {
        Self { failed_after: limit, passed_after: limit.min(2) }
    }
}

/// A pipeline of which each unit fails with a chance.
pub struct Probed {
    pub stream: Stream,
    dice: Dice,
    known_after: Known,
    sent: u64,
    known: VecDeque<(u64, u64, Fate)>,
}

impl Probed {
    pub fn new(objective: Objective, known_after: Known, seed: u64) -> Self {
        Self { stream: Stream::new(objective), dice: Dice(seed), known_after, sent: 0, known: VecDeque::new() }
    }

    /// Sends one, and takes up what is known by then.
    pub fn send(&mut self, rate: f64) -> Fate {
        self.sent += 1;
        self.stream.apply(&Fact::Sent { unit: self.sent.to_string(), at: moment(self.sent), probes: 1 });
        let fate = if self.dice.says(rate) { Fate::Failed } else { Fate::Passed };
        let Known { failed_after, passed_after } = self.known_after;
        let known = self.sent + if fate == Fate::Failed { failed_after } else { passed_after };
        let place = self.known.iter().rposition(|(at, ..)| *at <= known);
        self.known.insert(place.map_or(0, |place| place + 1), (known, self.sent, fate));
        while let Some((at, unit, fate)) = self.known.pop_front_if(|(at, ..)| *at <= self.sent) {
            self.stream.apply(&Fact::Decided { unit: unit.to_string(), at: moment(at), fate });
        }
        fate
    }

    /// How often it has raised an alarm.
    pub fn raised(&self) -> usize {
        self.stream.changes_after(0).filter(|change| matches!(change.what, What::Raised(_))).count()
    }
}

fn moment(outcome: u64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap() + APART * i32::try_from(outcome).unwrap()
}

/// An objective of 1 % at twelve an hour, with a threshold of so many months.
pub fn objective(months: f64) -> Objective {
    Objective::new(0.01, A_MONTH, A_MONTH * months, TimeDelta::days(1)).unwrap()
}

/// Hours from the jump of the rate to the alarm, after `before` outcomes at 0.2 %; sorted.
pub fn delays(months: f64, (rate, limit): (f64, u64), before: u64, runs: u64) -> Vec<f64> {
    let objective = objective(months);
    let delay = |run: u64| {
        let mut probed =
            Probed::new(objective, Known::at_limit(limit), run.wrapping_mul(0x51_7C_C1_B7_27_22_0A_95) ^ 0x5eed);
        for _ in 0..before {
            probed.send(0.002);
        }
        let raised = probed.raised();
        let mut outcomes = 0u32;
        while probed.raised() == raised && probed.stream.episode().is_none() {
            probed.send(rate);
            outcomes += 1;
        }
        f64::from(outcomes) / 12.0
    };
    let mut delays: Vec<f64> = (0..runs).map(delay).collect();
    delays.sort_by(f64::total_cmp);
    delays
}

/// What a share of sorted values is at most.
pub fn quantile(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// What a month of everything together is made of.
pub struct Everything {
    issuers: Vec<Probed>,
    lateness: Probed,
    files: Probed,
    classes: Vec<Probed>,
    stalled: Stalled,
    dice: Dice,
    hours: i32,
    silences: usize,
}

impl Everything {
    /// Four scenarios at issuers, twelve people an hour in one file, six classes of failures; limits of six hours, or of six
    /// files; at every other issuer failures are known at once and successes after three days. Every stream has a budget of its own, cut from one.
    pub fn new(seed: u64) -> Self {
        let budget = Budget::default();
        let probed = |kind, streams: u32, p0, a_month: f64, seed: u64| {
            let threshold = budget.threshold(kind, streams, a_month);
            let objective = Objective::new(p0, a_month, threshold, TimeDelta::days(1)).unwrap();
            let limit = if kind == Kind::Files { 6 } else { u64::from(72 / streams) };
            // every other stream knows failures at once, and successes after three days
            let early = Known { failed_after: 0, passed_after: 12 * limit };
            let known = if kind == Kind::Issuer && seed % 2 == 1 { early } else { Known::at_limit(limit) };
            Probed::new(objective, known, seed.wrapping_mul(0x9E37_79B9).wrapping_add(seed << 32))
        };
        Self {
            issuers: (0..4).map(|i| probed(Kind::Issuer, 4, 0.01, A_MONTH / 4.0, seed * 100 + i)).collect(),
            lateness: probed(Kind::Lateness, 1, 0.01, A_MONTH, seed * 100 + 10),
            files: probed(Kind::Files, 1, 0.005, A_MONTH / 12.0, seed * 100 + 20),
            classes: (0..6).map(|i| probed(Kind::Class, 6, 0.002, A_MONTH, seed * 100 + 30 + i)).collect(),
            stalled: Stalled::new(budget.share(Kind::Stalled, 1), A_MONTH / 3.0),
            dice: Dice(seed),
            hours: 0,
            silences: 0,
        }
    }

    /// One hour in which everything fails exactly as often as its objective allows.
    pub fn hour(&mut self) {
        let lost = self.files.send(0.005) == Fate::Failed;
        if !lost {
            for person in 0..12 {
                self.issuers[person % 4].send(0.01);
                self.lateness.send(0.01);
                self.classes.iter_mut().for_each(|class| {
                    class.send(0.002);
                });
            }
        }
        let window_at = moment(0) + TimeDelta::hours(1) * self.hours;
        self.hours += 1;
        self.stalled.apply(&Delivered::Sent { window_at });
        let was = self.stalled.since();
        let minutes = i32::try_from(self.dice.of(50)).unwrap();
        for quarter in 1..=4 {
            let at = window_at + TimeDelta::minutes(15) * quarter;
            if !lost && minutes / 15 + 1 == quarter {
                self.stalled.apply(&Delivered::Arrived { window_at, at });
            }
            self.stalled.apply(&Delivered::Looked { at });
        }
        self.silences += usize::from(was.is_none() && self.stalled.since().is_some());
    }

    /// False alarms so far: of issuers, lateness, files, classes, and stalled.
    pub fn raised(&self) -> [usize; 5] {
        let all = |streams: &[Probed]| streams.iter().map(Probed::raised).sum();
        [all(&self.issuers), self.lateness.raised(), self.files.raised(), all(&self.classes), self.silences]
    }
}
