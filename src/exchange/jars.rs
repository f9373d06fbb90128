//! The cookies that each household was let in by, from one of its flows to the next: in memory alone, and gone with the process.

use crate::model::{LifeEvent, ProbeIndex, Submission};
use crate::net::{Jar, Session};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The households' jars, and whether a log-in of the household's own filled them; those without a cookie take no room.
#[derive(Default)]
pub(super) struct Jars(Mutex<BTreeMap<ProbeIndex, (Jar, bool)>>);

impl Jars {
    /// A session that goes on with what the household has, and whether it logged in for that.
    pub(super) fn take_up(&self, household: ProbeIndex, session: Session) -> (Session, bool) {
        match self.locked().get(&household) {
            Some((jar, is_own)) => (session.with_jar(jar.clone()), *is_own),
            None => (session, false),
        }
    }

    /// Keeps what a flow leaves: nothing where nobody is in (any more).
    pub(super) fn keep(
        &self,
        (event, came_to): (LifeEvent, Submission),
        household: ProbeIndex,
        (session, is_own): (Session, bool),
    ) {
        let is_out = match event {
            // who was refused may be in all the same, and has to be taken out by whom the exchange knows
            LifeEvent::Enroll => came_to == Submission::Unsent,
            LifeEvent::Cancel => came_to == Submission::Accepted,
            _ => false,
        };
        let jar = session.into_jar().filter(|_| !is_out);
        match jar {
            Some(jar) => drop(self.locked().insert(household, (jar, is_own))),
            None => drop(self.locked().remove(&household)),
        }
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<ProbeIndex, (Jar, bool)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Jars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jars({})", self.locked().len())
    }
}
