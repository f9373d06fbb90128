//! The world: a pipeline with troubles, channels with outages, a disk that is full; it knows the truth.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::delivery::{Answer, Sending};
use johndoe_vigil::stream::Fate;

use crate::outcomes::Dice;

/// After so many minutes what is not there is lost.
pub const LIMIT: i64 = 120;
/// Records arrive so many minutes after they were sent.
const ARRIVES_AFTER: i64 = 10;

/// A stretch of minutes from the beginning, half-open.
#[derive(Clone, Copy, Debug)]
pub struct Stretch(pub i64, pub i64);

impl Stretch {
    /// From one hour of a day to another.
    pub const fn day(day: i64, from: i64, to: i64) -> Self {
        Self((day * 24 + from) * 60, (day * 24 + to) * 60)
    }

    pub fn holds(self, minute: i64) -> bool {
        self.0 <= minute && minute < self.1
    }
}

/// What goes wrong with those who are sent in a stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// the exchange rejects everybody
    Exchange,
    /// records vanish on the way
    Lost,
    /// so many of a thousand are altered
    Altered(u32),
    /// nothing is passed on before the end
    Stopped,
}

/// What really happens.
pub struct World {
    pub begins_at: DateTime<Utc>,
    pub troubles: Vec<(&'static str, Stretch, Trouble)>,
    pub blind: Vec<(&'static str, Stretch)>,
    pub channels_down: Vec<(&'static str, Stretch)>,
    pub slow: Vec<Stretch>,
    pub disk_full: Vec<Stretch>,
    pub asleep: Vec<Stretch>,
    pub residue: Vec<(Stretch, u32)>,
    /// what was submitted, by unit: the stream, and when
    pub submitted: BTreeMap<String, (String, i64)>,
    /// what each channel has taken: key and minute
    pub taken: BTreeMap<String, Vec<(String, i64)>>,
}

impl World {
    pub fn minute(&self, at: DateTime<Utc>) -> i64 {
        (at - self.begins_at).num_minutes()
    }

    pub fn at(&self, minute: i64) -> DateTime<Utc> {
        self.begins_at + TimeDelta::minutes(minute)
    }

    /// Sends one; says whether it was accepted.
    pub fn submit(&mut self, stream: &str, unit: &str, minute: i64) -> bool {
        let before = self.submitted.insert(unit.to_owned(), (stream.to_owned(), minute));
        assert!(before.is_none(), "{unit} was sent twice");
        self.trouble(stream, minute).is_none_or(|(_, trouble)| trouble != Trouble::Exchange)
    }

    fn trouble(&self, stream: &str, minute: i64) -> Option<(Stretch, Trouble)> {
        let of_it = |(name, stretch, _): &&(&str, Stretch, Trouble)| *name == stream && stretch.holds(minute);
        self.troubles.iter().find(of_it).map(|(_, stretch, trouble)| (*stretch, *trouble))
    }

    pub fn is_blind(&self, stream: &str, minute: i64) -> bool {
        self.blind.iter().any(|(name, stretch)| *name == stream && stretch.holds(minute))
    }

    /// How many minutes a run takes to be sent that begins at this minute.
    pub fn takes(&self, minute: i64) -> i64 {
        if self.slow.iter().any(|stretch| stretch.holds(minute)) { 50 } else { 1 }
    }

    pub fn has_disk(&self, minute: i64) -> bool {
        !self.disk_full.iter().any(|stretch| stretch.holds(minute))
    }

    pub fn is_asleep(&self, minute: i64) -> bool {
        self.asleep.iter().any(|stretch| stretch.holds(minute))
    }

    pub fn people_left(&self, minute: i64) -> u32 {
        self.residue.iter().find(|(stretch, _)| stretch.holds(minute)).map_or(0, |(_, people)| *people)
    }

    /// What can be said of a unit at this minute, by somebody who looks; whether it arrived, and its fate.
    pub fn seen(&self, unit: &str, sent: i64, minute: i64) -> Option<(bool, Fate)> {
        let Some((stream, at)) = self.submitted.get(unit) else {
            // written down, and killed before it was sent: nobody can say, and it never comes
            return (minute >= sent + LIMIT).then_some((false, Fate::NoOutcome));
        };
        let blind = self.is_blind(stream, minute);
        let arrived = |at: i64, fate| (minute >= at && !blind).then_some((true, fate));
        let lost = || (minute >= at + LIMIT).then_some((false, if blind { Fate::NoOutcome } else { Fate::Failed }));
        match self.trouble(stream, *at) {
            Some((_, Trouble::Exchange)) => Some((false, Fate::Failed)),
            Some((_, Trouble::Lost)) => lost(),
            Some((stretch, Trouble::Stopped)) => arrived(stretch.1, Fate::Passed).or_else(lost),
            Some((_, Trouble::Altered(share))) => arrived(at + ARRIVES_AFTER, drawn(unit, share)).or_else(lost),
            None => arrived(at + ARRIVES_AFTER, drawn(unit, 2)).or_else(lost),
        }
    }

    /// A channel is sent something.
    pub fn send(&mut self, sending: &Sending, minute: i64) -> Answer {
        let down = self.channels_down.iter().any(|(name, stretch)| *name == sending.channel && stretch.holds(minute));
        // the time in which it answers nothing begins and ends with a busy one
        let ends = self
            .channels_down
            .iter()
            .any(|(name, Stretch(_, end))| *name == sending.channel && Stretch(*end, end + 5).holds(minute));
        if down {
            return Answer::Failed { why: "no answer within 10 s".to_owned() };
        }
        if ends {
            return Answer::Later { retry_after: Some(300) };
        }
        if sending.text.len() > 900 {
            return Answer::TooLarge;
        }
        self.taken.entry(sending.channel.clone()).or_default().push((sending.key.clone(), minute));
        Answer::Taken
    }
}

/// Failed so often of a thousand, always the same for a unit.
fn drawn(unit: &str, of_a_thousand: u32) -> Fate {
    let seed = unit.bytes().fold(17u64, |seed, byte| seed.wrapping_mul(1_099_511_628_211) ^ u64::from(byte));
    if Dice(seed).says(f64::from(of_a_thousand) / 1000.0) { Fate::Failed } else { Fate::Passed }
}
