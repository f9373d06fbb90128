//! Faults that wait for an enrollment at the issuer.

use super::keys::{Key, keys};
use crate::model::{Field, GroupRecord};
use crate::sandbox::fault::{FaultKind as Kind, Planted};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::time::Duration;

/// How long an outage lasts, unless the fault says otherwise.
const OUTAGE: Duration = Duration::from_secs(10);
/// How long a slow look-up takes, unless the fault says otherwise.
const SLOW: Duration = Duration::from_secs(8);

/// What a look-up has to suffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// 503 until this moment.
    Down(DateTime<Utc>),
    /// The answer takes so long.
    Slow(Duration),
}

/// Faults that wait for an enrollment at the issuer.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    /// For the loading of a policy, by its id.
    at_loading: HashMap<String, Planted>,
    at_looking: HashMap<Key, Trouble>,
}

impl Troubles {
    /// Plants a fault for a record that is on its way; tells what it does, where that is known already.
    pub(super) fn plant(&mut self, planted: &Planted, record: &GroupRecord, now: DateTime<Utc>) {
        let lasts = planted.spec.lasts;
        let trouble = match planted.spec.kind {
            Kind::Outage => Some(Trouble::Down(later(now, lasts.unwrap_or(OUTAGE)))),
            Kind::Slow => Some(Trouble::Slow(lasts.unwrap_or(SLOW))),
            _ => None,
        };
        match (trouble, record.facts.text(Field::PolicyId)) {
            (Some(trouble), _) => self.at_looking.extend(keys(record).into_iter().map(|key| (key, trouble))),
            (None, Some(policy)) => drop(self.at_loading.insert(policy.to_owned(), planted.clone())),
            (None, None) => {}
        }
    }

    /// The fault that waits for the loading of this policy, once.
    pub(super) fn at_loading(&mut self, policy: &str) -> Option<Planted> {
        self.at_loading.remove(policy)
    }

    /// What a look-up by this key has to suffer now.
    pub(super) fn at_looking(&self, key: &Key, now: DateTime<Utc>) -> Option<Trouble> {
        let trouble = self.at_looking.get(key).copied()?;
        (trouble != Trouble::Down(now) && !matches!(trouble, Trouble::Down(until) if until <= now)).then_some(trouble)
    }
}

/// A moment so much later.
pub(super) fn later(now: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| now.checked_add_signed(by)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
