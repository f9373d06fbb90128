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

/// How long an eligibility service is busy, unless the fault says otherwise.
const BUSY: Duration = Duration::from_secs(10);

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
    /// Until when the eligibility service is busy for whoever is in a policy.
    busy: HashMap<String, DateTime<Utc>>,
    /// Policies that the eligibility service denies.
    contradicted: Vec<String>,
}

impl Troubles {
    /// Plants a fault for a record that is on its way; tells what it does, where that is known already.
    pub(super) fn plant(&mut self, planted: &Planted, record: &GroupRecord, now: DateTime<Utc>) -> Option<String> {
        let lasts = |otherwise| planted.spec.lasts.unwrap_or(otherwise);
        let (trouble, lasts, what) = match planted.spec.kind {
            Kind::Outage => (Trouble::Down(later(now, lasts(OUTAGE))), lasts(OUTAGE), "look-ups get 503 for"),
            Kind::Slow => (Trouble::Slow(lasts(SLOW)), lasts(SLOW), "look-ups take"),
            Kind::PayerBusy => {
                let until = later(now, lasts(BUSY));
                self.busy.insert(record.facts.text(Field::PolicyId)?.to_owned(), until);
                return Some(format!("the 271 says AAA 42 for {}", humantime::format_duration(lasts(BUSY))));
            }
            Kind::EligibilityContradicts => {
                self.contradicted.push(record.facts.text(Field::PolicyId)?.to_owned());
                return Some("the 271 says that coverage is inactive".to_owned());
            }
            _ => {
                let policy = record.facts.text(Field::PolicyId)?;
                self.at_loading.insert(policy.to_owned(), planted.clone());
                return None;
            }
        };
        self.at_looking.extend(keys(record).into_iter().map(|key| (key, trouble)));
        Some(format!("{what} {}", humantime::format_duration(lasts)))
    }

    /// The fault that waits for the loading of this policy, once.
    pub(super) fn at_loading(&mut self, policy: &str) -> Option<Planted> {
        self.at_loading.remove(policy)
    }

    /// Whether the eligibility service is busy for whoever is in this policy.
    pub(super) fn is_busy(&self, policy: &str, now: DateTime<Utc>) -> bool {
        self.busy.get(policy).is_some_and(|until| *until > now)
    }

    /// Policies that the eligibility service denies.
    pub(super) fn contradicted(&self) -> &[String] {
        &self.contradicted
    }

    /// What a look-up by this key has to suffer now.
    pub(super) fn at_looking(&self, key: &Key, now: DateTime<Utc>) -> Option<Trouble> {
        let trouble = self.at_looking.get(key).copied()?;
        let is_over = matches!(trouble, Trouble::Down(until) if until <= now);
        (!is_over).then_some(trouble)
    }
}

/// A moment so much later.
pub(super) fn later(now: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| now.checked_add_signed(by)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
