//! Premiums: what is paid is effectuated, what is not is cancelled, or terminated where it was paid for before; and the exchange is told either
//! way.

use super::books::{Books, has_ended};
use crate::model::{Cents, Field, GroupRecord, RecordKind, TransactionReason, Value};
use crate::sandbox::edi::Transaction;
use crate::sandbox::fault::{FaultKind, Planted};
use crate::sandbox::record::last_of_month;
use crate::sandbox::world::World;
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The state of an issuer's first premiums.
#[derive(Debug, Default)]
pub(super) struct Premiums {
    /// Policies loaded whose first premium is neither paid nor given up, by policy id.
    waiting: BTreeMap<String, Binder>,
    /// Policies paid for; a payment may come before its enrollment.
    paid: HashSet<String>,
    /// Policies for which a payment was due, and none was made.
    missed: BTreeSet<String>,
    /// Policies of which the exchange is never told something.
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

    /// A payment for the policy was due, and none was made.
    pub(super) fn miss(&mut self, policy: &str) {
        self.missed.insert(policy.to_owned());
    }

    /// Plants that the exchange never hears of this policy's effectuation, or of its end.
    pub(super) fn silence(&mut self, policy: &str, planted: Planted) {
        self.silenced.insert(policy.to_owned(), planted);
    }

    /// Effectuates what is paid, and ends what was not paid in time; gives what the exchange is to be told.
    pub(super) fn settle(&mut self, books: &mut Books, world: &World, now: DateTime<Utc>) -> Vec<Transaction> {
        let binder = world.config.binder.and_then(|binder| TimeDelta::from_std(binder).ok());
        let mut replies = Vec::new();
        books.admit_late(now);
        for (policy, bill) in std::mem::take(&mut self.waiting) {
            let is_overdue = self.missed.contains(&policy) || binder.is_some_and(|binder| bill.since + binder <= now);
            let told = if self.paid.contains(&policy) {
                books.effectuate(&policy, now).map(|record| self.told_of(world, &policy, record))
            } else if is_overdue {
                books.give_up(&policy, now).map(|record| self.told_of(world, &policy, record))
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
        replies.extend(self.lapses(books, world, now));
        replies
    }

    /// Ends what was paid for before and is not any more. What is not held yet waits, and so does what has its first premium open.
    fn lapses(&mut self, books: &mut Books, world: &World, now: DateTime<Utc>) -> Vec<Transaction> {
        let mut told = Vec::new();
        for policy in std::mem::take(&mut self.missed) {
            if self.waiting.contains_key(&policy) || books.held(&policy).is_none() {
                self.missed.insert(policy);
            } else if let Some(record) = books.lapse(&policy, now) {
                told.extend(self.told_of(world, &policy, record).map(Transaction::new));
            }
        }
        told
    }

    /// What is to be told of a policy; nothing where that is planted to be lost.
    fn told_of(&self, world: &World, policy: &str, record: GroupRecord) -> Option<GroupRecord> {
        let (kind, detail) = match record.kind {
            RecordKind::Effectuation => {
                (FaultKind::EffectuationLost, "paid and effectuated, and the exchange is never told")
            }
            _ => (FaultKind::LapseUntold, "not paid for and ended, and the exchange is never told"),
        };
        let Some(planted) = self.silenced.get(policy).filter(|planted| planted.spec.kind == kind) else {
            return Some(record);
        };
        world.note(planted, &record, detail);
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

    /// Terminates a policy that was paid for, once the time of grace is over; nothing where it does not stand.
    fn lapse(&mut self, policy: &str, now: DateTime<Utc>) -> Option<GroupRecord> {
        if !self.stands(policy) {
            return None;
        }
        let record = self.held(policy)?;
        record.facts.set(Field::PolicyStatus, "terminated");
        record.facts.set_or_absent(Field::BenefitEnd, last_day(record));
        Some(told(record, RecordKind::Termination, TransactionReason::NonPayment, now))
    }
}

/// The last day that is covered where the payments end after the first: that of the month which was paid for, and with a tax credit of the first
/// month of grace (45 CFR 155.430(d)(4), 156.270(d) and (g)).
fn last_day(record: &GroupRecord) -> Option<NaiveDate> {
    let Some(Value::Date(begin)) = record.facts.value(Field::BenefitBegin) else { return None };
    let has_credit = matches!(record.facts.value(Field::Aptc), Some(Value::Money(credit)) if *credit > Cents(0));
    last_of_month(begin.checked_add_months(Months::new(u32::from(has_credit)))?)
}

fn told(record: &GroupRecord, kind: RecordKind, reason: TransactionReason, now: DateTime<Utc>) -> GroupRecord {
    let mut told = GroupRecord { kind, event_at: Some(now), ..record.clone() };
    told.facts.set(Field::TransactionReason, reason.as_str());
    told
}
