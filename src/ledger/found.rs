//! An entry on its way out of a ledger: columns and versioned JSON become what happened.

use super::FORMAT;
use super::payload as stored;
use crate::model::{Captures, Entry, Event, JourneyStep, LifeEvent, Names, Place, ProbeIndex};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::borrow::Cow;

/// An entry as it was read from a ledger, not yet understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) at_micros: i64,
    pub(super) format: i64,
    pub(super) kind: &'a str,
    pub(super) probe: Option<u32>,
    pub(super) action: Option<&'a str>,
    pub(super) waypoint: Option<u16>,
    pub(super) payload: &'a str,
}

/// From this format on no name of a far side's file is written as it is.
const PSEUDONYMS_SINCE: i64 = 4;

/// Why a stored entry could not be understood.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// A later version wrote it, in this format.
    TooNew(i64),
    /// It makes no sense.
    Damaged(String),
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl<'a> Found<'a> {
    /// The entry that was stored; files that it names are called as this ledger calls them now.
    pub(super) fn decode(self, names: &Names) -> Result<Entry, Unreadable> {
        if self.format > FORMAT {
            return Err(Unreadable::TooNew(self.format));
        }
        let at = DateTime::<Utc>::from_timestamp_micros(self.at_micros).ok_or_else(|| missing("sensible `at`"))?;
        let mut event = self.event()?;
        if self.format < PSEUDONYMS_SINCE {
            rename(&mut event, names);
        }
        Ok(Entry { at, event })
    }

    fn event(self) -> Result<Event, Unreadable> {
        match self.kind {
            "planned" | "sending" | "committing" | "named" | "answered" => self.event_of_exchange(),
            "seen" | "gone" | "absent" | "looked" | "blind" | "file_read" | "acknowledged" | "answers_timed"
            | "strangers_dropped" | "possible" => self.event_of_waypoint(),
            _ => self.event_of_run(),
        }
    }

    fn event_of_exchange(self) -> Result<Event, Unreadable> {
        match self.kind {
            "planned" => {
                let it: stored::Planned<'_> = self.read()?;
                Ok(Event::Planned { household: Box::new(it.household.into_owned()), plans: it.plans.into_owned() })
            }
            "sending" => {
                let it: stored::Sending = self.read()?;
                Ok(Event::Sending {
                    probe: self.probe()?,
                    action: self.action(it.step)?,
                    intended_at: it.intended_at.0,
                    tells_commit: it.tells_commit,
                })
            }
            "committing" => {
                let it = self.read::<stored::Named<'_>>()?;
                let (action, portion) = (self.action(it.step)?, it.portion);
                let (captures, _) = it.into_parts();
                Ok(Event::Committing { probe: self.probe()?, action, portion, captures })
            }
            "named" => {
                let it = self.read::<stored::Named<'_>>()?;
                let action = self.action(it.step)?;
                let (captures, handed_over) = it.into_parts();
                Ok(Event::Named { probe: self.probe()?, action, captures, handed_over })
            }
            _ => {
                let it: stored::Answered<'_> = self.read()?;
                let groups = it.groups.into_iter().map(Into::into).collect();
                let members = it.members.into_iter().map(Into::into).collect();
                let told_alone = it.told_alone.into_iter().map(Into::into).collect();
                Ok(Event::Answered {
                    probe: self.probe()?,
                    action: self.action(it.step)?,
                    submission: it.submission,
                    reason: it.reason.map(Cow::into_owned),
                    captures: Captures { groups, members, other: it.other.into_owned(), told_alone },
                    steps: it.steps.into_iter().map(Into::into).collect(),
                })
            }
        }
    }

    fn event_of_waypoint(self) -> Result<Event, Unreadable> {
        let waypoint = self.waypoint.ok_or_else(|| missing("`waypoint`"))?;
        match self.kind {
            "seen" => {
                let it: stored::Seen<'_> = self.read()?;
                let sighting = it.into_sighting(waypoint, self.probe.map(ProbeIndex));
                Ok(Event::Seen { sighting: Box::new(sighting) })
            }
            "gone" => {
                let stored::Gone { issuer, gone_at } = self.read()?;
                Ok(Event::Gone { probe: self.probe()?, waypoint, issuer, gone_at: gone_at.0 })
            }
            "absent" => {
                let stored::Absent { issuer, absent_at, words } = self.read()?;
                Ok(Event::Absent { probe: self.probe()?, waypoint, issuer, absent_at: absent_at.0, words })
            }
            "looked" => {
                let stored::Looked { looked_at } = self.read()?;
                Ok(Event::Looked { probe: self.probe.map(ProbeIndex), waypoint, looked_at: looked_at.0 })
            }
            "blind" => {
                let stored::Blind { issuer, from, until, reason } = self.read()?;
                let (probe, reason) = (self.probe.map(ProbeIndex), reason.into_owned());
                Ok(Event::Blind { waypoint, issuer, probe, from: from.0, until: until.0, reason })
            }
            "acknowledged" => {
                let it: stored::Acknowledged<'_> = self.read()?;
                let acknowledgement = Box::new(it.into_acknowledgement(waypoint, self.probe()?));
                Ok(Event::Acknowledged { acknowledgement })
            }
            "answers_timed" => {
                let it: stored::AnswersTimed = self.read()?;
                Ok(Event::AnswersTimed { waypoint, times: it.into() })
            }
            "possible" => Ok(Event::Possible { probe: self.probe()?, waypoint }),
            "strangers_dropped" => {
                let stored::StrangersDropped { strangers } = self.read()?;
                Ok(Event::StrangersDropped { waypoint, strangers })
            }
            _ => {
                let stored::FileRead { name, digest, strangers, baseline, damage, refused, held } = self.read()?;
                let (refused, held) = (refused.into_owned(), held.into_owned());
                let (name, digest) = (name.into_owned(), digest.into_owned());
                let damage = damage.map(Cow::into_owned);
                Ok(Event::FileRead { waypoint, name, digest, strangers, baseline, damage, refused, held })
            }
        }
    }

    fn event_of_run(self) -> Result<Event, Unreadable> {
        match self.kind {
            "began" => {
                let stored::Began { epoch, wall_at, uptime } = self.read()?;
                Ok(Event::Began { epoch, wall_at: wall_at.0, uptime: uptime.map(Cow::into_owned) })
            }
            "clock_stepped" => {
                let stored::ClockStepped { from, to } = self.read()?;
                Ok(Event::ClockStepped { from: from.0, to: to.0 })
            }
            "missed_slots" => {
                let stored::MissedSlots { slots } = self.read()?;
                Ok(Event::MissedSlots { slots })
            }
            "retargeted" => {
                let stored::Retargeted { file, digest } = self.read()?;
                Ok(Event::Retargeted { file: file.into_owned(), digest: digest.into_owned() })
            }
            "phase_ended" => {
                let stored::PhaseEnded { phase } = self.read()?;
                Ok(Event::PhaseEnded { phase })
            }
            "stopped" => {
                let stored::Stopped { reason, safety, next_due_at } = self.read()?;
                let next_due_at = next_due_at.map(|at| at.0);
                Ok(Event::Stopped { reason: reason.into_owned(), safety, next_due_at })
            }
            "finished" => Ok(Event::Finished),
            "narrowed" => {
                let stored::Narrowed { proof } = self.read()?;
                Ok(Event::Narrowed { proof: Box::new(proof.into_owned()) })
            }
            other => Err(Unreadable::Damaged(format!("entry of unknown kind `{other}`"))),
        }
    }

    fn read<T: Deserialize<'a>>(&self) -> Result<T, Unreadable> {
        Ok(serde_json::from_str(self.payload)?)
    }

    fn probe(&self) -> Result<ProbeIndex, Unreadable> {
        self.probe.map(ProbeIndex).ok_or_else(|| missing("`probe`"))
    }

    fn action(&self, place: Option<u16>) -> Result<JourneyStep, Unreadable> {
        let event = self.action.and_then(LifeEvent::parse).ok_or_else(|| missing("known `action`"))?;
        Ok(place.map_or_else(|| event.into(), |number| JourneyStep::new(number, event)))
    }
}

/// Gives every file in an event the name that it has now.
fn rename(event: &mut Event, names: &Names) {
    let in_file = |place: &mut Place| {
        if is_in_a_file(place) {
            place.source = names.of_label(&place.source).into();
        }
    };
    match event {
        Event::FileRead { name, .. } => *name = names.of_label(name).into(),
        Event::Seen { sighting } => in_file(&mut sighting.record.place),
        Event::Acknowledged { acknowledgement } => {
            in_file(&mut acknowledgement.message);
            in_file(&mut acknowledgement.place);
        }
        _ => {}
    }
}

/// Answers to look-ups stand in no segment, and are called by what was asked: `GET /members`, `270 TRN 7`.
fn is_in_a_file(place: &Place) -> bool {
    let first = place.source.split_once(' ').map_or("", |(first, _)| first);
    place.segment.is_some() || !matches!(first, "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "270")
}

fn missing(what: &str) -> Unreadable {
    Unreadable::Damaged(format!("an entry without {what}"))
}
