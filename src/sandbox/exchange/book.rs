//! The exchange's records.

use super::answer::{Answer, Step};
use crate::model::{Field, GroupRecord, IssuerId};
use crate::sandbox::application::Application;
use crate::sandbox::eligibility::Eligibility;
use crate::sandbox::fault::Planted;
use crate::sandbox::record::GivenIds;
use std::collections::HashMap;

/// Everything the exchange remembers.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Book {
    /// Session by account.
    pub(super) accounts: HashMap<String, String>,
    /// Account by session.
    pub(super) sessions: HashMap<String, String>,
    pub(super) applications: HashMap<String, Entry>,
    /// Application by policy id, and by subscriber id.
    pub(super) by_policy: HashMap<String, String>,
    pub(super) by_subscriber: HashMap<String, String>,
    /// Applications by the subscriber's mailbox, in small letters.
    pub(super) by_email: HashMap<String, Vec<String>>,
    answers: HashMap<(Step, String), Answer>,
}

/// One application and what became of it.
#[derive(Debug)]
pub(super) struct Entry {
    /// What was applied for over HTTP; `None` where an 834 was handed over.
    pub(super) applied: Option<Applied>,
    pub(super) household: Household,
}

/// An application over HTTP.
#[derive(Debug)]
pub(super) struct Applied {
    pub(super) account: String,
    pub(super) application: Application,
    pub(super) ids: GivenIds,
    pub(super) eligibility: Eligibility,
    /// Looks at the eligibility that are still answered "pending".
    pub(super) looks_pending: u32,
}

/// What became of a household, however it came.
#[derive(Debug, Default)]
pub(super) struct Household {
    pub(super) marker: String,
    pub(super) is_enrolled: bool,
    /// Enrollment was refused for good.
    pub(super) is_refused: bool,
    pub(super) policies: Vec<Enrolled>,
    /// Drawn when plans were first chosen.
    pub(super) planted: Option<Planted>,
    /// How often it was put off already.
    pub(super) put_off: u32,
}

/// A policy that the exchange holds.
#[derive(Debug)]
pub(super) struct Enrolled {
    /// As the exchange has it.
    pub(super) record: GroupRecord,
    /// As it was sent (the subscriber alone), and to whom: a cancellation goes the same way.
    pub(super) sent: Vec<(IssuerId, GroupRecord)>,
    /// What it was before it ended (its status); `None` while it stands.
    pub(super) ended: Option<Status>,
}

/// A policy's status, as [`Field::PolicyStatus`] has it.
#[derive(Debug, Clone)]
pub(super) struct Status(String);

impl Enrolled {
    /// Whether it stands: neither cancelled nor terminated.
    pub(super) fn stands(&self) -> bool {
        self.ended.is_none()
    }

    /// Marks it as ended; false where it had ended.
    pub(super) fn end(&mut self) -> bool {
        let stood = self.stands();
        if stood {
            let status = self.record.facts.text(Field::PolicyStatus).unwrap_or("initial");
            self.ended = Some(Status(status.to_owned()));
        }
        stood
    }

    /// Puts it in force again, as it was before it ended and without an end; false where it stands.
    pub(super) fn revive(&mut self) -> bool {
        let Some(Status(status)) = self.ended.take() else { return false };
        self.record.facts.set(Field::PolicyStatus, status);
        self.record.facts.set_absent(Field::BenefitEnd);
        true
    }
}

impl Book {
    /// The answer given before for this key.
    pub(super) fn answered(&self, step: Step, key: Option<&String>) -> Option<Answer> {
        let answer = self.answers.get(&(step, key?.clone()))?;
        Some(Answer { replayed: true, ..answer.clone() })
    }

    /// Keeps an answer for the same key's next request.
    pub(super) fn keep(&mut self, step: Step, key: Option<String>, answer: &Answer) {
        if let Some(key) = key {
            self.answers.insert((step, key), answer.clone());
        }
    }

    /// The fault planted in the household that a record belongs to.
    pub(in crate::sandbox) fn planted_of(&self, record: &GroupRecord) -> Option<Planted> {
        self.applications.get(record.facts.text(Field::ApplicationId)?)?.household.planted.clone()
    }
}
