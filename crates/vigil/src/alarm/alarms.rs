//! The alarms as they stand: a fold over entries.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{AlarmId, Cause, Entry, Source};
use super::message::{Kind, Message};
use super::silence::Silence;

/// One alarm that is not done with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// when it was raised
    pub raised_at: DateTime<Utc>,
    /// why, as last known
    pub cause: Cause,
    /// what it is told together with
    pub group: String,
    /// when it was over; it is gone when that has been told
    pub ended: Option<Ended>,
    /// whether it ended while nothing was told of it
    pub(super) ended_in_silence: bool,
    /// the end of an acknowledgement
    pub acknowledged_until: Option<DateTime<Utc>>,
    /// whether it must be told as it is now: new, worse, or a silence is over
    pub(super) untold: Option<Kind>,
    pub(super) told_at: Option<DateTime<Utc>>,
    /// an acknowledgement is over: a reminder is due at once
    pub(super) remind: bool,
}

/// How an alarm ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// by its own test
    Recovered(DateTime<Utc>),
    /// by configuration
    Withdrawn(DateTime<Utc>),
}

/// Why nothing may be sent. Cancellations always may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// somebody threw the switch
    Killed {
        /// who
        by: String,
    },
    /// more people than allowed could not be taken out
    Residue,
}

/// An alarm as Alertmanager's API takes it: posted again at every look, so that it never resolves by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// which
    pub alarm: AlarmId,
    /// since when
    pub starts_at: DateTime<Utc>,
    /// unless it is posted again before
    pub ends_at: DateTime<Utc>,
}

/// All alarms that are not done with, and the silences that are not over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Alarms {
    #[serde(with = "pairs")]
    pub(super) known: BTreeMap<AlarmId, Alarm>,
    pub(super) silences: Vec<Silence>,
    /// for each stream the last of its changes that was taken up
    pub(super) seen: BTreeMap<String, u64>,
    pub(super) looked_at: Option<DateTime<Utc>>,
    /// alarms whose stream began anew
    pub(super) orphans: Vec<AlarmId>,
    /// how many alarms each source that numbers them here has had
    #[serde(with = "pairs")]
    pub(super) numbers: BTreeMap<Source, u64>,
    killed_by: Option<String>,
}

impl Alarms {
    /// Takes up one entry.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Looked { at } => self.looked_at = self.looked_at.max(Some(*at)),
            Entry::Raised { alarm, at, group, cause, seen } => {
                self.see(alarm, *seen);
                self.raise(alarm, *at, group, cause);
            }
            Entry::Recovered { alarm, at, seen } => {
                self.see(alarm, *seen);
                self.end(alarm, Ended::Recovered(*at));
            }
            Entry::Withdrawn { alarm, at } => {
                self.orphans.retain(|orphan| orphan != alarm);
                self.end(alarm, Ended::Withdrawn(*at));
            }
            Entry::Restarted { stream, .. } => {
                self.seen.remove(stream);
                // what its old statistic said cannot be gone on with
                let of_it = |id: &AlarmId| id.source == Source::Stream(stream.clone());
                let orphans: Vec<AlarmId> = self.known.keys().filter(|id| of_it(id)).cloned().collect();
                self.orphans.extend(orphans);
            }
            Entry::Acknowledged { alarm, until, .. } => {
                self.with(alarm, |alarm| alarm.acknowledged_until = Some(*until));
            }

            Entry::AcknowledgementOver { alarm, .. } => self.with(alarm, |alarm| {
                alarm.acknowledged_until = None;
                alarm.remind = true;
            }),
            Entry::Silenced(silence) => self.silences.push(silence.clone()),
            Entry::SilenceOver { silence, .. } => self.end_silence(silence),
            Entry::Killed { by, .. } => self.killed_by = Some(by.clone()),
            Entry::Released { .. } => self.killed_by = None,
            Entry::Announced(message) => self.told(message),
        }
    }

    /// Every alarm that holds.
    pub fn firing(&self) -> impl Iterator<Item = (&AlarmId, &Alarm)> {
        self.known.iter().filter(|(_, alarm)| alarm.ended.is_none())
    }

    /// Every alarm that is not done with: also what is over and has not been told yet.
    pub fn known(&self) -> impl Iterator<Item = (&AlarmId, &Alarm)> {
        self.known.iter()
    }

    /// The silences that are not over.
    pub fn silences(&self) -> &[Silence] {
        &self.silences
    }

    /// The last look.
    pub fn looked_at(&self) -> Option<DateTime<Utc>> {
        self.looked_at
    }

    /// Whether anything may be sent; cancellations may whatever it says.
    pub fn may_send(&self) -> Result<(), Stop> {
        if let Some(by) = &self.killed_by {
            return Err(Stop::Killed { by: by.clone() });
        }
        let residue = self.firing().any(|(id, _)| id.source == Source::Residue);
        if residue { Err(Stop::Residue) } else { Ok(()) }
    }

    /// What Alertmanager is posted at `now`: every alarm that holds, until `hold` from now.
    pub fn posted(&self, now: DateTime<Utc>, hold: TimeDelta) -> Vec<Posted> {
        let posted = |(id, alarm): (&AlarmId, &Alarm)| Posted {
            alarm: id.clone(),
            starts_at: alarm.raised_at,
            ends_at: now + hold,
        };
        self.firing().map(posted).collect()
    }

    fn raise(&mut self, id: &AlarmId, at: DateTime<Utc>, group: &str, cause: &Cause) {
        let alarm = self.known.entry(id.clone()).or_insert_with(|| Alarm {
            raised_at: at,
            cause: cause.clone(),
            group: group.to_owned(),
            ended: None,
            ended_in_silence: false,
            acknowledged_until: None,
            untold: None,
            told_at: None,
            remind: false,
        });
        alarm.cause = cause.clone();
        alarm.untold = Some(Kind::Firing);
    }

    /// Whether nothing is told of an alarm at `at`.
    pub(super) fn is_silent(&self, id: &AlarmId, group: &str, at: DateTime<Utc>) -> bool {
        self.silences.iter().any(|silence| silence.holds(at) && silence.matcher.matches(id, group))
    }

    fn see(&mut self, id: &AlarmId, seen: u64) {
        self.numbers.insert(id.source.clone(), id.number);
        if let Source::Stream(stream) = &id.source {
            let last = self.seen.entry(stream.clone()).or_default();
            *last = seen.max(*last);
        }
    }

    fn end(&mut self, id: &AlarmId, how: Ended) {
        let (Ended::Recovered(at) | Ended::Withdrawn(at)) = how;
        let silent = self.known.get(id).is_some_and(|alarm| self.is_silent(id, &alarm.group, at));
        self.with(id, |alarm| {
            alarm.ended = alarm.ended.or(Some(how));
            alarm.ended_in_silence = silent;
        });
    }

    fn with(&mut self, id: &AlarmId, change: impl FnOnce(&mut Alarm)) {
        if let Some(alarm) = self.known.get_mut(id) {
            change(alarm);
        }
    }

    /// What still holds when a silence ends must be told again, even if it was told before.
    fn end_silence(&mut self, id: &str) {
        let Some(place) = self.silences.iter().position(|silence| silence.id == id) else { return };
        let over = self.silences.remove(place);
        let matching = self.known.iter_mut().filter(|(id, alarm)| over.matcher.matches(id, &alarm.group));
        for (_, alarm) in matching.filter(|(_, alarm)| alarm.ended.is_none() && alarm.told_at.is_some()) {
            alarm.untold = alarm.untold.or(Some(Kind::StillFiring));
        }
    }

    fn told(&mut self, message: &Message) {
        for id in &message.alarms {
            match message.kind {
                Kind::Recovered | Kind::Withdrawn | Kind::Digest => {
                    self.known.remove(id);
                }
                Kind::Firing | Kind::StillFiring | Kind::Reminder => self.with(id, |alarm| {
                    alarm.untold = None;
                    alarm.told_at = Some(message.at);
                    alarm.remind = false;
                }),
                Kind::ChannelDown => {}
            }
        }
    }
}

/// Maps whose keys are no texts, as lists of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer, K: Serialize, V: Serialize>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, K: Deserialize<'de> + Ord, V: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Vec::<(K, V)>::deserialize(deserializer).map(|pairs| pairs.into_iter().collect())
    }
}
