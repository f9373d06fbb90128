//! First premiums: what is paid is effectuated, what is not is cancelled, and the exchange is told either way.

use super::books::{Books, has_ended};
use crate::model::{Field, GroupRecord, RecordKind, TransactionReason};
use crate::sandbox::edi::Transaction;
use crate::sandbox::fault::Planted;
use crate::sandbox::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The state of an issuer's first premiums.
#[derive(Debug, Default)]
pub(super) struct Premiums {
    /// Policies loaded whose first premium is neither paid nor given up, by policy id.
    waiting: BTreeMap<String, Binder>,
    /// Policies paid for; a payment may come before its enrollment.
    paid: HashSet<String>,
    /// Policies whose effectuation the exchange is never told of.
    silenced: HashMap<String, Planted>,
}

/// One first premium that is waited for.
#[derive(Debug)]
struct Binder {
    /// BGN02 of the enrollment.
    reference: Option<String>,
    since: DateTime<Utc>,
}

impl Premiums {
    /// An enrollment was loaded: its first premium is waited for.
    pub(super) fn bill(&mut self, policy: &str, reference: Option<String>, since: DateTime<Utc>) {
        self.waiting.entry(policy.to_owned()).or_insert(Binder { reference, since });
    }

    /// The policy's first premium is paid.
    pub(super) fn pay(&mut self, policy: &str) {
        self.paid.insert(policy.to_owned());
    }

    /// Plants that the exchange never hears of this policy's effectuation.
    pub(super) fn silence(&mut self, policy: &str, planted: Planted) {
        self.silenced.insert(policy.to_owned(), planted);
    }

    /// Effectuates what is paid and cancels what was not paid in time; gives what the exchange is to be told.
    pub(super) fn settle(&mut self, books: &mut Books, world: &World, now: DateTime<Utc>) -> Vec<Transaction> {
        let binder = world.config.binder.and_then(|binder| TimeDelta::from_std(binder).ok());
        let mut replies = Vec::new();
        books.admit_late(now);
        for (policy, bill) in std::mem::take(&mut self.waiting) {
            let is_overdue = binder.is_some_and(|binder| bill.since + binder <= now);
            let told = if self.paid.contains(&policy) {
                books.effectuate(&policy, now).map(|record| self.effectuation(world, &policy, record))
            } else if is_overdue {
                books.give_up(&policy, now).map(Some)
            } else {
                None
            };
            match told {
                Some(record) => replies.extend(record.map(|record| Transaction { record, reference: bill.reference })),
                None if books.is_awaited(&policy) => {
                    self.waiting.insert(policy, bill);
                }
                // It was cancelled meanwhile, or never filed.
                None => {}
            }
        }
        replies
    }

    /// The effectuation to be told; none where it is planted to be lost.
    fn effectuation(&self, world: &World, policy: &str, record: GroupRecord) -> Option<GroupRecord> {
        let Some(planted) = self.silenced.get(policy) else { return Some(record) };
        world.note(planted, &record, "paid and effectuated, and the exchange is never told");
        None
    }
}

impl Books {
    /// Whether the policy is held and not cancelled.
    fn stands(&mut self, policy: &str) -> bool {
        self.held(policy).is_some_and(|record| !has_ended(record))
    }

    /// Whether the policy stands, and its first premium is not paid.
    pub(super) fn is_unpaid(&mut self, policy: &str) -> bool {
        self.held(policy).is_some_and(|record| record.facts.text(Field::PolicyStatus) == Some("initial"))
    }

    /// Whether the policy stands, or is to be shown late.
    fn is_awaited(&mut self, policy: &str) -> bool {
        self.stands(policy) || self.is_late(policy)
    }

    /// Makes the policy effective; gives the transaction that says so (CMS companion guide v7.2 p. 47 to 53), or nothing
    /// where the policy does not stand.
    fn effectuate(&mut self, policy: &str, now: DateTime<Utc>) -> Option<GroupRecord> {
        if !self.stands(policy) {
            return None;
        }
        let record = self.held(policy)?;
        record.facts.set(Field::PolicyStatus, "effectuated");
        Some(told(record, RecordKind::Effectuation, TransactionReason::PaymentConfirmed, now))
    }

    /// Cancels a policy whose first premium was not paid: it ends on the day it would have begun (CMS companion guide v7.2
    /// p. 19 and 61).
    fn give_up(&mut self, policy: &str, now: DateTime<Utc>) -> Option<GroupRecord> {
        if !self.stands(policy) {
            return None;
        }
        let record = self.held(policy)?;
        record.facts.set(Field::PolicyStatus, "cancelled");
        record.facts.set_or_absent(Field::BenefitEnd, record.facts.value(Field::BenefitBegin).cloned());
        Some(told(record, RecordKind::Cancellation, TransactionReason::NonPayment, now))
    }
}

fn told(record: &GroupRecord, kind: RecordKind, reason: TransactionReason, now: DateTime<Utc>) -> GroupRecord {
    let mut told = GroupRecord { kind, event_at: Some(now), ..record.clone() };
    told.facts.set(Field::TransactionReason, reason.as_str());
    told
}
