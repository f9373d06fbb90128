//! What must be certain before a file is handed over or a request may commit: the ledger counts control numbers and keeps ids.

use super::engine::locked;
use crate::clock::Clock;
use crate::exchange::Register;
use crate::ledger::Recorder;
use crate::model::{Captures, Entry, Event, HandedOver, JourneyStep, Portion, ProbeIndex};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

/// Whose enrollment may be committed at this moment: the ledger holds that they set out, and their flow has not ended yet. Clones
/// are of the same run.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<BTreeSet<ProbeIndex>>>);

impl UnderWay {
    fn set_out(&self, probe: ProbeIndex) {
        locked(&self.0).insert(probe);
    }

    /// Its flow ended, and what came of it is known.
    pub(super) fn ended(&self, probe: ProbeIndex) {
        locked(&self.0).remove(&probe);
    }

    /// Whether this one may be committed at this moment.
    pub(super) fn holds(&self, probe: ProbeIndex) -> bool {
        locked(&self.0).contains(&probe)
    }
}

/// The ledger, for whoever hands files over.
pub(super) struct InLedger {
    pub(super) recorder: Recorder,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) under_way: UnderWay,
}

impl InLedger {
    fn write(&self, event: Event) -> BoxFuture<'_, Result<(), String>> {
        let written = self.recorder.record(Entry { at: self.clock.now(), event });
        written.map(|written| written.map(|_| ()).map_err(|e| e.to_string())).boxed()
    }
}

impl Register for InLedger {
    fn committing(
        &self,
        probe: ProbeIndex,
        (action, portion): (JourneyStep, Portion),
        captures: Captures,
    ) -> BoxFuture<'_, Result<(), String>> {
        let written = self.write(Event::Committing { probe, action, portion, captures });
        let sets_out = move |written: Result<(), String>| {
            if written.is_ok() && action == JourneyStep::ENROLL {
                self.under_way.set_out(probe);
            }
            written
        };
        written.map(sets_out).boxed()
    }

    fn take_control_numbers(&self, count: u32) -> BoxFuture<'_, Result<u32, String>> {
        self.recorder.control_numbers(count).map(|taken| taken.map_err(|e| e.to_string())).boxed()
    }

    fn write_down<'a>(
        &'a self,
        probe: ProbeIndex,
        action: JourneyStep,
        own: &'a Captures,
        handed_over: &'a HandedOver,
    ) -> BoxFuture<'a, Result<(), String>> {
        self.write(Event::Named { probe, action, captures: own.clone(), handed_over: Some(handed_over.clone()) })
    }
}

impl fmt::Debug for InLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InLedger").field("run", self.recorder.run()).finish_non_exhaustive()
    }
}
