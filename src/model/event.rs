//! What happens in a run: the engine announces it, the ledger keeps it, the judge reads it.

use super::words::words;
use super::{
    Acknowledgement, AnswerTimes, CoverageLine, Facts, Household, IssuerId, JourneyStep, ProbeIndex, Proof, Refused,
    Sighting,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// The exchange's answer to a submission.
    Submission {
        /// It was taken.
        Accepted = "accepted",
        /// It was refused, and nothing exists.
        Rejected = "rejected",
        /// It was sent and no trustworthy answer came: it may or may not exist.
        Indeterminate = "indeterminate",
        /// Nothing that could enroll anybody was sent, or the far side said that it did not process it (429, 503 with `Retry-After`).
        Unsent = "unsent",
    }
}

impl Submission {
    /// Whether something may be there because of it: it was taken, or no trustworthy answer says that it was not.
    pub fn may_stand(self) -> bool {
        matches!(self, Self::Accepted | Self::Indeterminate)
    }

    /// As people are told: what was asked for and turned away for now was not "unsent".
    pub fn told(self) -> &'static str {
        match self {
            Self::Unsent => "not carried out",
            other => other.as_str(),
        }
    }
}

words! {
    /// A part of a run that ends with a judgement or a stop.
    Phase {
        /// Enrollments are sent.
        Submit = "submit",
        /// Waypoints are read until all is matched or time is up.
        Watch = "watch",
        /// Changes are sent and watched.
        Change = "change",
        /// Enrollments are cancelled and the cancellations watched.
        Cleanup = "cleanup",
    }
}

/// What the exchange said while a flow ran, by name: canonical fields become expectations, other names serve later steps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captures {
    /// Facts of every group, and of one line's group where a flow answers per group.
    #[serde(default)]
    pub groups: Vec<GroupCapture>,
    /// Facts of each applying person, in the household's order.
    #[serde(default)]
    pub members: Vec<Facts>,
    /// Names that are no field of the record, as JSON.
    #[serde(default)]
    pub other: BTreeMap<String, serde_json::Value>,
    /// Ids of groups that are expected, and that nobody is recognised or acted on by: an answer that is only read told them of new
    /// policies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told_alone: Vec<GroupCapture>,
}

impl Captures {
    /// Adds what was captured later, which wins field by field.
    pub fn add(&mut self, later: Captures) {
        add_groups(&mut self.groups, later.groups);
        add_groups(&mut self.told_alone, later.told_alone);
        if self.members.len() < later.members.len() {
            self.members.resize_with(later.members.len(), Facts::new);
        }
        for (known, facts) in self.members.iter_mut().zip(&later.members) {
            overlay(known, facts);
        }
        self.other.extend(later.other);
    }
}

fn add_groups(known: &mut Vec<GroupCapture>, later: Vec<GroupCapture>) {
    for group in later {
        match known.iter_mut().find(|known| known.line == group.line) {
            Some(known) => overlay(&mut known.facts, &group.facts),
            None => known.push(group),
        }
    }
}

fn overlay(known: &mut Facts, later: &Facts) {
    for field in later.stated().iter() {
        known.set_or_absent(field, later.value(field).cloned());
    }
}

/// Facts captured for a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCapture {
    /// The group's line; `None` speaks for every group.
    pub line: Option<CoverageLine>,
    /// What was said.
    pub facts: Facts,
}

/// How long a machine had been up when a process began: what nobody can set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UptimeAt {
    /// Which start of which machine.
    pub boot: String,
    /// Since then, in microseconds.
    pub micros: u64,
}

/// How long one request of a flow took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTiming {
    /// The step's name.
    pub step: String,
    /// From the intended moment (first step) or the end of the step before, to the last byte, in microseconds.
    pub micros: u64,
    /// The status, where there was an answer.
    pub status: Option<u16>,
    /// Whether the step's `expect` held.
    pub ok: bool,
    /// How many requests it took (`retry`, `until`, redirects).
    pub requests: u32,
}

/// Which part of an enrollment a request asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portion {
    /// It is one of several requests that may enroll: whatever one of them leaves undone is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_one_of_several: bool,
    /// The one group that it enrolls, where it is carried out for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<CoverageLine>,
}

impl Portion {
    /// Whether it asks for all of it.
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }
}

/// An 834 that was handed over, as its acknowledgements name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// The step's place in its flow, from 0.
    pub step: u32,
    /// ISA13 and GS06 of the file, and ST02 of its first set.
    pub first: u32,
    /// How many sets it has; their ST02 follow one another.
    pub sets: u32,
    /// Its name in the receiver's folder.
    pub file: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A process took the run up: everything after it, up to the next of this kind, is this process's, and every moment
    /// that it gives less this entry's is its monotonic reading.
    Began {
        /// Which process of the run's, from 1.
        epoch: u32,
        /// What the wall clock showed. The entry's own moment is later where that lies before what was written down already.
        wall_at: DateTime<Utc>,
        /// How long the machine had been up, where that could be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uptime: Option<UptimeAt>,
    },
    /// The wall clock was set, by more than a second. Moments of this process go on as before.
    ClockStepped {
        /// What it would have shown.
        from: DateTime<Utc>,
        /// What it shows.
        to: DateTime<Utc>,
    },
    /// A household was drawn.
    Planned {
        /// The household as generated.
        household: Box<Household>,
        /// The plan it will choose on each of its lines, where the target lists plans.
        plans: BTreeMap<CoverageLine, super::PlanId>,
    },
    /// A flow is about to send its first byte.
    Sending {
        /// The probe.
        probe: ProbeIndex,
        /// What for.
        action: JourneyStep,
        /// When the schedule wanted it sent.
        intended_at: DateTime<Utc>,
        /// Whether `Committing` is written before the first step that may enroll: where that is not there, nothing of the kind
        /// was sent. Versions of before did not write it.
        tells_commit: bool,
    },
    /// The next step of a flow may enroll: from here on what is not answered may exist.
    Committing {
        /// The probe.
        probe: ProbeIndex,
        /// What for.
        action: JourneyStep,
        /// Which part of the enrollment it asks for; ledgers of before do not have it.
        #[serde(default)]
        portion: Portion,
        /// What the steps before have captured, secrets apart.
        captures: Captures,
    },
    /// A file is about to be handed over, with ids that the sender gives out itself: nobody else tells them where no answer comes.
    Named {
        /// The probe.
        probe: ProbeIndex,
        /// What for.
        action: JourneyStep,
        /// The ids, and whatever else the sender says of its own.
        captures: Captures,
        /// By what its acknowledgements name the file; ledgers of before do not have it.
        handed_over: Option<HandedOver>,
    },
    /// The flow came to an end.
    Answered {
        /// The probe.
        probe: ProbeIndex,
        /// What for.
        action: JourneyStep,
        /// The verdict on the answer.
        submission: Submission,
        /// Why, in words without secrets, where it was not accepted; of what was, why what it told is used by nothing.
        reason: Option<String>,
        /// What was captured.
        captures: Captures,
        /// Steps in order.
        steps: Vec<StepTiming>,
    },
    /// A record of ours was seen for the first time.
    Seen {
        /// The sighting.
        sighting: Box<Sighting>,
    },
    /// A state shown before was not shown any more (or another took its place, which is a `Seen` of its own).
    Gone {
        /// The probe asked for.
        probe: ProbeIndex,
        /// Index of the waypoint.
        waypoint: u16,
        /// The issuer asked; `None`: all that the waypoint asks.
        issuer: Option<IssuerId>,
        /// The look that no longer showed it.
        gone_at: DateTime<Utc>,
    },
    /// A probe was looked for, by a healthy look, and nothing was there. Only the latest is kept while a process runs.
    Absent {
        /// The probe.
        probe: ProbeIndex,
        /// Index of the waypoint.
        waypoint: u16,
        /// The issuer asked.
        issuer: Option<IssuerId>,
        /// When.
        absent_at: DateTime<Utc>,
        /// In what words the far side said so, where it said more than nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// A waypoint read as a whole (a folder) was read healthily up to this moment.
    Looked {
        /// The probe, where it was one probe's look-up: everything it found stands in `Seen`, and nothing else was there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        probe: Option<ProbeIndex>,
        /// Index of the waypoint.
        waypoint: u16,
        /// When the look began.
        looked_at: DateTime<Utc>,
    },
    /// A waypoint could not be read.
    Blind {
        /// Index of the waypoint.
        waypoint: u16,
        /// The issuer, where the waypoint has one feed each.
        issuer: Option<IssuerId>,
        /// The probe, where only its look-up failed.
        probe: Option<ProbeIndex>,
        /// First failed look.
        from: DateTime<Utc>,
        /// Last failed look of the spell.
        until: DateTime<Utc>,
        /// Why, in words without secrets.
        reason: String,
    },
    /// A file was read to its end, or found unreadable; it is not read again.
    FileRead {
        /// Index of the waypoint.
        waypoint: u16,
        /// Its name.
        name: String,
        /// SHA-256 of its content, hexadecimal.
        digest: String,
        /// Members in it that are none of ours; counted and dropped.
        strangers: u64,
        /// It is no delivery of this run's: it lay there before the run began, or is one that was read and then renamed.
        baseline: bool,
        /// What was wrong with it, where something was.
        damage: Option<String>,
        /// What in it a receiver refuses.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused: Vec<Refused>,
        /// Probes whose records stand in what is refused, and could not be given out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        held: Vec<ProbeIndex>,
    },
    /// A message of ours was acknowledged.
    Acknowledged {
        /// By what, and how.
        acknowledgement: Box<Acknowledgement>,
    },
    /// How long an eligibility service took to answer, of the questions since the event of this kind before it. What was
    /// slow is written down at once, the rest once a second and when a phase ends.
    AnswersTimed {
        /// Index of the waypoint.
        waypoint: u16,
        /// The questions since.
        times: AnswerTimes,
    },
    /// Records in the answers to look-ups that are none of ours; counted and dropped.
    StrangersDropped {
        /// Index of the waypoint.
        waypoint: u16,
        /// How many enrollment groups.
        strangers: u64,
    },
    /// Something was there that may be the probe's, and showed too little to tell it from a stranger's: nothing of it is kept.
    Possible {
        /// The probe.
        probe: ProbeIndex,
        /// Index of the waypoint.
        waypoint: u16,
    },
    /// Slots of the scenario's schedule (`rate`) that were missed: the submission's first request went out later than the
    /// slot wanted by more than the distance of two slots, and by more than 50 ms. Whatever kept it counts, be it a busy
    /// machine, a slow disk under the ledger, or a cap on what may be in flight. The submission is made all the same, and
    /// its latency counts from the moment intended.
    MissedSlots {
        /// How many.
        slots: u64,
    },
    /// The run went on with another text of its target (`--target`): a flow was mended.
    Retargeted {
        /// Name of the file.
        file: String,
        /// SHA-256 of its text, hexadecimal.
        digest: String,
    },
    /// A phase ended: what had not come by then was judged so.
    PhaseEnded {
        /// Which.
        phase: Phase,
    },
    /// The run was stopped before its end (Ctrl-C, deadline, safety).
    Stopped {
        /// Why.
        reason: String,
        /// Whether it was a safety stop.
        safety: bool,
        /// When something is to be done next, where all that was due was done and a process that waits for nothing ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_due_at: Option<DateTime<Utc>>,
    },
    /// The run came to its end.
    Finished,
    /// After its end: one of those who failed was sent again by other runs, and this is what it proved.
    Narrowed {
        /// What was proved.
        proof: Box<Proof>,
    },
}

/// An event with its moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was announced.
    pub at: DateTime<Utc>,
    /// What happened.
    pub event: Event,
}
