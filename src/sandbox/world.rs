//! Everything the sandbox's servers share.

use super::config::Config;
use super::counters::Counters;
use super::exchange::Book;
use super::fault::{Faults, Planted, PlantedFault, Truth};
use super::inbound::Inbound;
use super::intake::Intake;
use super::issuer::Issuer;
use super::number::Numbers;
use super::offer::{Offer, offers};
use super::outbound::Outbound;
use crate::clock::Clock;
use crate::model::{Field, GroupRecord, IssuerId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// Everything the sandbox's servers share.
#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) config: Config,
    pub(super) numbers: Numbers,
    pub(super) faults: Faults,
    pub(super) truth: Truth,
    pub(super) counters: Counters,
    book: Mutex<Book>,
    /// What the exchange has received of its issuers; held while their files are loaded.
    inbound: Mutex<Inbound>,
    /// What was handed over so far; held while files are taken in.
    intake: Mutex<Intake>,
    pub(super) outbound: Outbound,
    pub(super) issuers: BTreeMap<IssuerId, Issuer>,
    troubles: Mutex<Vec<String>>,
    /// Cancelled once the sandbox is asked to stop: whoever waits gives up.
    pub(super) stop: CancellationToken,
}

impl World {
    pub(super) fn new(config: Config, clock: Arc<dyn Clock>, truth: Truth, stop: CancellationToken) -> Self {
        let issuers = config.issuers.iter().map(|issuer| (issuer.id.clone(), Issuer::new(issuer.clone()))).collect();
        Self {
            numbers: Numbers::from(clock.now()),
            faults: Faults::new(config.seed, config.faults.clone()),
            truth,
            counters: Counters::default(),
            book: Mutex::default(),
            inbound: Mutex::default(),
            intake: Mutex::default(),
            outbound: Outbound::default(),
            issuers,
            troubles: Mutex::default(),
            clock,
            config,
            stop,
        }
    }

    /// The exchange's records; never held across an await.
    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the exchange has received of its issuers.
    pub(super) fn inbound(&self) -> MutexGuard<'_, Inbound> {
        self.inbound.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was handed over so far.
    pub(super) fn intake(&self) -> MutexGuard<'_, Intake> {
        self.intake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers trouble of the sandbox itself, such as a full disk.
    pub(super) fn trouble(&self, trouble: &dyn std::error::Error) {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).push(trouble.to_string());
    }

    /// Trouble so far.
    pub(super) fn troubles(&self) -> Vec<String> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every plan offered in a state.
    pub(super) fn offers(&self, state: &str) -> Vec<Offer> {
        let issuers = self.config.issuers.iter().enumerate();
        issuers.flat_map(|(place, issuer)| offers(&issuer.id, place, state)).collect()
    }

    /// Writes the truth of a fault down.
    pub(super) fn note(&self, planted: &Planted, record: &GroupRecord, detail: impl Into<String>) {
        let text = |field| record.facts.text(field).map(str::to_owned);
        self.truth.note(PlantedFault {
            at: self.clock.now(),
            fault: planted.spec.name(),
            hop: planted.spec.first_shows_at(),
            marker: planted.marker.to_string(),
            application_id: text(Field::ApplicationId).unwrap_or_default(),
            policy_id: text(Field::PolicyId),
            issuer: text(Field::Issuer),
            detail: detail.into(),
        });
    }
}
