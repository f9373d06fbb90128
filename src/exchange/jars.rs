//! The cookies that each household was let in by, from one of its flows to the next: in memory alone, and gone with the process.

use crate::model::{LifeEvent, ProbeIndex, Submission};
use crate::net::{Jar, Session};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The households' jars; those without a cookie take no room.
#[derive(Default)]
pub(super) struct Jars(Mutex<BTreeMap<ProbeIndex, Jar>>);

impl Jars {
    /// A session that goes on with what the household has.
    pub(super) fn take_up(&self, household: ProbeIndex, session: Session) -> Session {
        match self.locked().get(&household) {
            Some(jar) => session.with_jar(jar.clone()),
            None => session,
        }
    }

    /// Keeps what a flow leaves: nothing where nobody is in (any more).
    pub(super) fn keep(&self, (event, came_to): (LifeEvent, Submission), household: ProbeIndex, session: Session) {
        let is_out = match event {
            LifeEvent::Enroll => !came_to.may_stand(),
            LifeEvent::Cancel => came_to == Submission::Accepted,
            _ => false,
        };
        let jar = session.into_jar().filter(|_| !is_out);
        match jar {
            Some(jar) => drop(self.locked().insert(household, jar)),
            None => drop(self.locked().remove(&household)),
        }
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<ProbeIndex, Jar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Jars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jars({})", self.locked().len())
    }
}
