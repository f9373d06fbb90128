//! An entry on its way into a ledger: a few columns to find it by, and the rest as versioned JSON.

use super::Error;
use super::moment::Moment;
use super::payload as stored;
use crate::model::{Captures, Entry, Event, Facts, Field, LifeEvent, ProbeIndex, RunId, Submission};
use serde::Serialize;
use std::borrow::Cow;

/// The version in which payloads are written now. It grows when a reader of the version before would understand a
/// payload wrongly or find a kind or word that it cannot know; a key more that an old reader may pass over is no new
/// version.
pub const FORMAT: i64 = 6;

/// An entry ready to be stored. Made where there is time, so that the one writer need only write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub(super) run: RunId,
    pub(super) at_micros: i64,
    pub(super) kind: &'static str,
    pub(super) probe: Option<ProbeIndex>,
    pub(super) action: Option<LifeEvent>,
    pub(super) waypoint: Option<u16>,
    pub(super) payload: String,
    /// What was answered, for the table of enrollments; of an intent what is known without an answer.
    pub(super) submission: Option<Submission>,
    /// Ids that the exchange gave, for the table of ids.
    pub(super) assigned_ids: Vec<String>,
}

impl Row {
    /// Turns an entry into its stored form. Its moment is kept to the microsecond.
    pub fn encode(run: &RunId, entry: &Entry) -> Result<Self, Error> {
        let mut row = Self {
            run: run.clone(),
            at_micros: entry.at.timestamp_micros(),
            kind: "",
            probe: None,
            action: None,
            waypoint: None,
            payload: String::new(),
            submission: None,
            assigned_ids: Vec::new(),
        };
        row.describe(&entry.event);
        row.payload = payload_of(&entry.event).map_err(|e| Error::other(run.as_str(), e))?;
        Ok(row)
    }

    /// Bytes of its JSON.
    pub fn payload_len(&self) -> usize {
        self.payload.len()
    }

    /// Fills the columns.
    fn describe(&mut self, event: &Event) {
        (self.kind, self.probe, self.waypoint) = match event {
            Event::Began { .. } => ("began", None, None),
            Event::ClockStepped { .. } => ("clock_stepped", None, None),
            Event::Planned { household, .. } => ("planned", Some(household.index), None),
            Event::Sending { probe, .. } => ("sending", Some(*probe), None),
            Event::Committing { probe, .. } => ("committing", Some(*probe), None),
            Event::Named { probe, .. } => ("named", Some(*probe), None),
            Event::Answered { probe, .. } => ("answered", Some(*probe), None),
            Event::Seen { sighting } => ("seen", sighting.asked_for, Some(sighting.waypoint)),
            Event::Gone { probe, waypoint, .. } => ("gone", Some(*probe), Some(*waypoint)),
            Event::Absent { probe, waypoint, .. } => ("absent", Some(*probe), Some(*waypoint)),
            Event::Looked { probe, waypoint, .. } => ("looked", *probe, Some(*waypoint)),
            Event::Blind { waypoint, probe, .. } => ("blind", *probe, Some(*waypoint)),
            Event::FileRead { waypoint, .. } => ("file_read", None, Some(*waypoint)),
            Event::Acknowledged { acknowledgement } => {
                ("acknowledged", Some(acknowledgement.probe), Some(acknowledgement.waypoint))
            }
            Event::AnswersTimed { waypoint, .. } => ("answers_timed", None, Some(*waypoint)),
            Event::StrangersDropped { waypoint, .. } => ("strangers_dropped", None, Some(*waypoint)),
            Event::Possible { probe, waypoint } => ("possible", Some(*probe), Some(*waypoint)),
            Event::MissedSlots { .. } => ("missed_slots", None, None),
            Event::Retargeted { .. } => ("retargeted", None, None),
            Event::PhaseEnded { .. } => ("phase_ended", None, None),
            Event::Stopped { .. } => ("stopped", None, None),
            Event::Finished => ("finished", None, None),
            Event::Narrowed { proof } => ("narrowed", Some(proof.probe), None),
        };
        match event {
            Event::Sending { action, tells_commit, .. } => {
                self.action = Some(action.event);
                // nobody is to be taken out of where nothing was committed
                self.submission = tells_commit.then_some(Submission::Unsent);
            }
            Event::Committing { action, captures, .. } | Event::Named { action, captures, .. } => {
                self.action = Some(action.event);
                self.assigned_ids = assigned_ids(captures);
            }
            Event::Answered { action, submission, captures, .. } => {
                self.action = Some(action.event);
                self.submission = Some(*submission);
                self.assigned_ids = assigned_ids(captures);
            }
            _ => {}
        }
    }
}

/// The ids by which a record is known to be one probe's, as far as the exchange told them.
fn assigned_ids(captures: &Captures) -> Vec<String> {
    let given = |facts: &Facts| {
        [Field::PolicyId, Field::SubscriberId, Field::ApplicationId, Field::MemberId]
            .into_iter()
            .filter_map(|field| facts.text(field).map(str::to_owned))
            .collect::<Vec<_>>()
    };
    captures.groups.iter().map(|group| &group.facts).chain(&captures.members).flat_map(given).collect()
}

fn payload_of(event: &Event) -> Result<String, serde_json::Error> {
    match event {
        Event::Began { epoch, wall_at, uptime } => json(&stored::Began {
            epoch: *epoch,
            wall_at: Moment(*wall_at),
            uptime: uptime.as_ref().map(Cow::Borrowed),
        }),
        Event::ClockStepped { from, to } => json(&stored::ClockStepped { from: Moment(*from), to: Moment(*to) }),
        Event::Planned { household, plans } => {
            json(&stored::Planned { household: Cow::Borrowed(household), plans: Cow::Borrowed(plans) })
        }
        Event::Sending { action, intended_at, tells_commit, .. } => json(&stored::Sending {
            intended_at: Moment(*intended_at),
            step: stored::place_of(*action),
            tells_commit: *tells_commit,
        }),
        Event::Committing { action, portion, captures, .. } => {
            json(&stored::Named { portion: *portion, ..stored::Named::of(*action, captures, None) })
        }
        Event::Named { action, captures, handed_over, .. } => {
            json(&stored::Named::of(*action, captures, handed_over.as_ref()))
        }
        Event::Answered { .. } => answered(event),
        Event::Seen { sighting } => json(&stored::Seen::from(sighting.as_ref())),
        Event::Gone { issuer, gone_at, .. } => {
            json(&stored::Gone { issuer: issuer.clone(), gone_at: Moment(*gone_at) })
        }
        Event::Absent { issuer, absent_at, words, .. } => {
            json(&stored::Absent { issuer: issuer.clone(), absent_at: Moment(*absent_at), words: words.clone() })
        }
        Event::Looked { looked_at, .. } => json(&stored::Looked { looked_at: Moment(*looked_at) }),
        Event::Blind { issuer, from, until, reason, .. } => {
            let reason = Cow::Borrowed(reason.as_str());
            json(&stored::Blind { issuer: issuer.clone(), from: Moment(*from), until: Moment(*until), reason })
        }
        Event::FileRead { name, digest, strangers, baseline, damage, refused, held, .. } => json(&stored::FileRead {
            name: name.into(),
            digest: digest.into(),
            strangers: *strangers,
            baseline: *baseline,
            damage: damage.as_deref().map(Cow::Borrowed),
            refused: Cow::Borrowed(refused),
            held: Cow::Borrowed(held),
        }),
        Event::Acknowledged { acknowledgement } => json(&stored::Acknowledged::from(acknowledgement.as_ref())),
        Event::AnswersTimed { times, .. } => json(&stored::AnswersTimed::from(times)),
        Event::StrangersDropped { strangers, .. } => json(&stored::StrangersDropped { strangers: *strangers }),
        Event::MissedSlots { slots } => json(&stored::MissedSlots { slots: *slots }),
        Event::Retargeted { file, digest } => json(&stored::Retargeted { file: file.into(), digest: digest.into() }),
        Event::PhaseEnded { phase } => json(&stored::PhaseEnded { phase: *phase }),
        Event::Stopped { reason, safety, next_due_at } => {
            let next_due_at = next_due_at.map(Moment);
            json(&stored::Stopped { reason: reason.into(), safety: *safety, next_due_at })
        }
        Event::Narrowed { proof } => json(&stored::Narrowed { proof: Cow::Borrowed(proof.as_ref()) }),
        Event::Possible { .. } | Event::Finished => Ok("{}".to_owned()),
    }
}

fn answered(event: &Event) -> Result<String, serde_json::Error> {
    let Event::Answered { action, submission, reason, captures, steps, .. } = event else { return Ok("{}".to_owned()) };
    json(&stored::Answered {
        step: stored::place_of(*action),
        submission: *submission,
        reason: reason.as_deref().map(Cow::Borrowed),
        groups: captures.groups.iter().map(Into::into).collect(),
        told_alone: captures.told_alone.iter().map(Into::into).collect(),
        members: captures.members.iter().map(Into::into).collect(),
        other: Cow::Borrowed(&captures.other),
        steps: steps.iter().map(Into::into).collect(),
    })
}

/// Most payloads are sightings of some hundred bytes: one allocation each.
fn json(payload: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = Vec::with_capacity(1024);
    serde_json::to_writer(&mut text, payload)?;
    String::from_utf8(text).map_err(<serde_json::Error as serde::ser::Error>::custom)
}
