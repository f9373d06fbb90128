//! Who is still in, told by the process itself: for where the ledger cannot tell it any more.

use super::begin::Prober;
use super::cleanup::must_be_cancelled;
use super::tracked::Tracked;
use crate::model::{Captures, Facts, Field, ProbeIndex};
use chrono::{DateTime, SecondsFormat, Utc};
use std::fmt;

/// A household that is enrolled, or may be, and was not taken out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its place in the run.
    pub probe: ProbeIndex,
    /// What marks it as synthetic: its mailbox.
    pub marker: String,
    /// When it was to be sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// What the exchange called it, each once.
    pub ids: Vec<String>,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "household {}, {}", self.probe, self.marker)?;
        if let Some(at) = self.sent_at {
            write!(f, ", sent {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))?;
        }
        if self.ids.is_empty() { f.write_str(", no ids known") } else { write!(f, ", ids {}", self.ids.join(" ")) }
    }
}

impl Prober {
    /// The households that are enrolled or may be, in their order, as far as this process knows.
    pub fn still_enrolled(&self) -> Vec<Left> {
        let engine = &self.engine;
        let left = |probe| {
            let (sent_at, known) = engine.with(probe, |t: &Tracked| (t.enroll.intended_at(), t.known()))?;
            let marker = engine.household(probe).0.marker;
            Some(Left { probe, marker, sent_at, ids: ids_of(&known) })
        };
        engine.probes_where(|tracked| must_be_cancelled(tracked, true)).into_iter().filter_map(left).collect()
    }
}

fn ids_of(known: &Captures) -> Vec<String> {
    let of = |facts: &Facts| {
        [Field::ApplicationId, Field::PolicyId, Field::SubscriberId, Field::MemberId]
            .into_iter()
            .filter_map(|field| facts.text(field).map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let mut ids = Vec::new();
    for id in known.groups.iter().map(|group| &group.facts).chain(&known.members).flat_map(of) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}
