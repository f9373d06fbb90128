//! Who is still in, told by the process itself: for where the ledger cannot tell it any more.

use super::begin::Prober;
use super::cleanup::must_be_cancelled;
use super::tracked::Tracked;
use crate::model::{LifeEvent, ProbeIndex, Remaining};
use std::fmt;

/// A household that is enrolled, or may be, and was not taken out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its place in the run.
    pub probe: ProbeIndex,
    /// By what a person at the exchange finds it.
    pub who: Remaining,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "household {}, {}", self.probe, self.who)
    }
}

impl Prober {
    /// The households that are enrolled or may be, in their order, as far as this process knows: also those whose request is under way.
    pub fn still_enrolled(&self) -> Vec<Left> {
        let engine = &self.engine;
        let left = |probe| {
            let (sent_at, known) = engine
                .with(probe, |t: &Tracked| (t.acts.of(LifeEvent::Enroll).map(|act| act.intended_at), t.known()))?;
            let household = engine.household(probe).0;
            let ids = Remaining::ids_of(known.groups.iter().map(|group| &group.facts).chain(&known.members));
            let who =
                Remaining { name: household.contact_name(), marker: household.marker, sent_at, ids, not_proved: None };
            Some(Left { probe, who })
        };
        let is_in = |probe: &ProbeIndex| {
            engine.under_way.holds(*probe)
                || engine.with(*probe, |tracked| must_be_cancelled(tracked, true)).unwrap_or(false)
        };
        (0..engine.plan.count).map(ProbeIndex).filter(is_in).filter_map(left).collect()
    }
}
