//! What comes next: the entries that a look brings about, messages among them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::alarms::{Alarm, Alarms, Ended};
use super::entry::{AlarmId, Cause, Entry, Source};
use super::message::{Kind, Message};
use super::words;
use crate::stream::{Change, Streams, What};

/// What is decided about alarms beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// what holds is told again after so long
    pub remind_every: TimeDelta,
    /// a look that comes so much later than the last means that nobody watched
    pub dead_after: TimeDelta,
    /// so many people may stay behind; with more nothing is sent
    pub residue_at_most: u32,
    /// what the alarms of a stream are told together with; its own name where there is none
    pub groups: BTreeMap<String, String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            remind_every: TimeDelta::hours(4),
            dead_after: TimeDelta::minutes(15),
            residue_at_most: 5,
            groups: BTreeMap::new(),
        }
    }
}

/// One look at everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// now
    pub at: DateTime<Utc>,
    /// how many people could not be taken out; `None` where nobody could say
    pub residue: Option<u32>,
}

/// What the first lines of a punch list say of an alarm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// issuer, hop and shape
    pub lines: Vec<String>,
    /// some probes to look at
    pub probes: Vec<String>,
}

impl Alarms {
    /// The entries that come next, from where the streams stand. Written down and taken up, nothing is left to do at this
    /// moment; who is killed before gets the same ones again.
    pub fn next(
        &self,
        look: Look,
        streams: &Streams,
        policy: &Policy,
        detail: &dyn Fn(&AlarmId) -> Detail,
    ) -> Vec<Entry> {
        let mut ahead = Ahead { alarms: self.clone(), entries: Vec::new(), at: look.at };
        ahead.watch_the_watcher(policy);
        ahead.note(Entry::Looked { at: look.at });
        ahead.withdraw(streams);
        ahead.take_up_changes(streams, policy);
        ahead.hold_to_the_residue(look.residue, policy);
        ahead.end_what_has_an_end();
        ahead.tell(policy, detail);
        ahead.entries
    }

    /// What holds and has been told, as one message to a channel that was not there yet.
    pub fn standing(&self, channel: &str, now: DateTime<Utc>, detail: &dyn Fn(&AlarmId) -> Detail) -> Option<Message> {
        let told =
            self.firing().filter(|(id, alarm)| alarm.told_at.is_some() && !self.is_silent(id, &alarm.group, now));
        let ids: Vec<AlarmId> = told.map(|(id, _)| id.clone()).collect();
        let ahead = Ahead { alarms: self.clone(), entries: Vec::new(), at: now };
        (!ids.is_empty()).then(|| ahead.message((Kind::Firing, channel.to_owned()), ids, detail))
    }
}

/// The alarms as they will be when the entries so far are written.
struct Ahead {
    alarms: Alarms,
    entries: Vec<Entry>,
    at: DateTime<Utc>,
}

impl Ahead {
    fn note(&mut self, entry: Entry) {
        self.alarms.apply(&entry);
        self.entries.push(entry);
    }

    /// One alarm for all that nobody saw meanwhile; it is over with the first look that comes in time.
    fn watch_the_watcher(&mut self, policy: &Policy) {
        let Some(since) = self.alarms.looked_at else { return };
        if self.at - since > policy.dead_after {
            let firing = self.firing_of(&Source::Watcher);
            let alarm = firing.unwrap_or_else(|| self.new_id(Source::Watcher));
            self.raise(alarm, "watcher".to_owned(), Cause::Unwatched { since }, 0);
        } else if self.at > since
            && let Some(alarm) = self.firing_of(&Source::Watcher)
        {
            self.note(Entry::Recovered { alarm, at: self.at, seen: 0 });
        }
    }

    fn withdraw(&mut self, streams: &Streams) {
        let gone = |id: &AlarmId| match &id.source {
            Source::Stream(name) => self.alarms.orphans.contains(id) || streams.names().all(|known| known != name),
            Source::Residue | Source::Watcher => false,
        };
        let gone: Vec<AlarmId> = self.alarms.firing().map(|(id, _)| id).filter(|id| gone(id)).cloned().collect();
        for alarm in gone {
            self.note(Entry::Withdrawn { alarm, at: self.at });
        }
    }

    fn take_up_changes(&mut self, streams: &Streams, policy: &Policy) {
        for name in streams.names() {
            let seen = self.alarms.seen.get(name).copied().unwrap_or(0);
            for change in streams.changes_after(name, seen) {
                self.take_up(name, change, policy);
            }
        }
    }

    fn take_up(&mut self, name: &str, change: &Change, policy: &Policy) {
        let source = Source::Stream(name.to_owned());
        let seen = change.number;
        let (alarm, episode) = match &change.what {
            What::Raised(episode) => {
                // a trouble begins where the one before is over, also where nobody was there to hear of its end
                if let Some(alarm) = self.firing_of(&source) {
                    self.note(Entry::Recovered { alarm, at: self.at, seen: seen - 1 });
                }
                (Some(self.new_id(source)), episode)
            }
            What::Worse(episode) => (self.firing_of(&source), episode),
            What::Recovered(_) => {
                if let Some(alarm) = self.firing_of(&source) {
                    self.note(Entry::Recovered { alarm, at: self.at, seen });
                }
                return;
            }
        };
        if let Some(alarm) = alarm {
            let group = policy.groups.get(name).cloned().unwrap_or_else(|| name.to_owned());
            self.raise(alarm, group, Cause::Evidence(episode.clone()), seen);
        }
    }

    /// Where nobody could say how many are left behind, nothing changes.
    fn hold_to_the_residue(&mut self, residue: Option<u32>, policy: &Policy) {
        let Some(people) = residue else { return };
        let firing = self.firing_of(&Source::Residue);
        match firing {
            None if people > policy.residue_at_most => {
                let alarm = self.new_id(Source::Residue);
                let cause = Cause::Residue { people, allowed: policy.residue_at_most };
                self.raise(alarm, "residue".to_owned(), cause, 0);
            }
            Some(alarm) if people <= policy.residue_at_most => {
                self.note(Entry::Recovered { alarm, at: self.at, seen: 0 });
            }
            _ => {}
        }
    }

    fn end_what_has_an_end(&mut self) {
        let at = self.at;
        let over = |alarm: &Alarm| alarm.acknowledged_until.is_some_and(|until| until <= at);
        let acknowledged: Vec<AlarmId> =
            self.alarms.firing().filter(|(_, alarm)| over(alarm)).map(|(id, _)| id.clone()).collect();
        for alarm in acknowledged {
            self.note(Entry::AcknowledgementOver { alarm, at });
        }
        let silences = self.alarms.silences.iter().filter(|silence| silence.until <= at);
        let over: Vec<String> = silences.map(|silence| silence.id.clone()).collect();
        for silence in over {
            self.note(Entry::SilenceOver { silence, at });
        }
    }

    fn tell(&mut self, policy: &Policy, detail: &dyn Fn(&AlarmId) -> Detail) {
        let mut told: BTreeMap<(Kind, String), Vec<AlarmId>> = BTreeMap::new();
        for (id, alarm) in &self.alarms.known {
            if self.alarms.is_silent(id, &alarm.group, self.at) {
                continue;
            }
            for kind in to_tell(alarm, self.at, policy) {
                told.entry((kind, alarm.group.clone())).or_default().push(id.clone());
            }
        }
        let told: Vec<Message> = told.into_iter().map(|(what, ids)| self.message(what, ids, detail)).collect();
        for message in told {
            self.note(Entry::Announced(message));
        }
    }

    fn message(
        &self,
        (kind, group): (Kind, String),
        ids: Vec<AlarmId>,
        detail: &dyn Fn(&AlarmId) -> Detail,
    ) -> Message {
        let known: Vec<(&AlarmId, &Alarm)> =
            ids.iter().filter_map(|id| self.alarms.known.get(id).map(|alarm| (id, alarm))).collect();
        let paragraphs = known.iter().map(|(id, alarm)| words::paragraph(id, alarm, &detail(id))).collect();
        Message {
            key: key(kind, &group, &ids, self.at),
            title: words::title(kind, &group, &known),
            kind,
            group,
            at: self.at,
            alarms: ids,
            paragraphs,
        }
    }

    fn raise(&mut self, alarm: AlarmId, group: String, cause: Cause, seen: u64) {
        self.note(Entry::Raised { alarm, at: self.at, group, cause, seen });
    }

    fn new_id(&self, source: Source) -> AlarmId {
        let number = self.alarms.numbers.get(&source).copied().unwrap_or(0) + 1;
        AlarmId { source, number }
    }

    fn firing_of(&self, source: &Source) -> Option<AlarmId> {
        self.alarms.firing().map(|(id, _)| id).filter(|id| id.source == *source).max().cloned()
    }
}

/// No other message has it: an alarm is told of once at a moment, for one reason, also where two looks share a moment.
fn key(kind: Kind, group: &str, alarms: &[AlarmId], at: DateTime<Utc>) -> String {
    let first = alarms.first().map(ToString::to_string).unwrap_or_default();
    format!("{}/{group}/{first}/{}", kind.word(), at.timestamp_millis())
}

/// What there is to tell of an alarm of which something may be told.
fn to_tell(alarm: &Alarm, at: DateTime<Utc>, policy: &Policy) -> Vec<Kind> {
    let never_told = alarm.told_at.is_none();
    match alarm.ended {
        Some(_) if alarm.ended_in_silence => vec![Kind::Digest],
        Some(Ended::Withdrawn(_)) if never_told => vec![Kind::Firing, Kind::Withdrawn],
        Some(Ended::Withdrawn(_)) => vec![Kind::Withdrawn],
        // it came and went between two looks
        Some(Ended::Recovered(_)) if never_told => vec![Kind::Firing, Kind::Recovered],
        Some(Ended::Recovered(_)) => vec![Kind::Recovered],
        None => alarm.untold.or_else(|| is_due(alarm, at, policy).then_some(Kind::Reminder)).into_iter().collect(),
    }
}

fn is_due(alarm: &Alarm, at: DateTime<Utc>, policy: &Policy) -> bool {
    let waited = alarm.told_at.is_some_and(|told| at - told >= policy.remind_every);
    alarm.acknowledged_until.is_none() && (waited || alarm.remind)
}
