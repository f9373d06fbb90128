//! What was really planted: the judge is measured against it and never sees it.

use super::kind::Hop;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// One planted fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlantedFault {
    /// When it was planted, by the sandbox's clock.
    pub at: DateTime<Utc>,
    /// Its kind, with the field where it has one: `lose`, `alter:member.name.last`.
    pub fault: String,
    /// Where it first shows.
    pub hop: Hop,
    /// The household's marker (the application's, or the local part of its first mailbox).
    pub marker: String,
    /// The application.
    pub application_id: String,
    /// The policy, where the fault concerns one.
    pub policy_id: Option<String>,
    /// The issuer that the household chose, where the fault concerns a policy.
    pub issuer: Option<String>,
    /// What exactly was done.
    pub detail: String,
}

/// The truth so far; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Truth(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    planted: Vec<PlantedFault>,
    log: Option<File>,
}

impl Truth {
    /// A truth that is also appended to a file, one JSON object a line.
    pub(in crate::sandbox) fn logged(log: Option<File>) -> Self {
        Self(Arc::new(Mutex::new(Book { planted: Vec::new(), log })))
    }

    /// Everything planted so far, in the order it was planted.
    pub fn planted(&self) -> Vec<PlantedFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).planted.clone()
    }

    pub(in crate::sandbox) fn note(&self, fault: PlantedFault) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = &mut book.log {
            // memory holds it too: a full disk must not stop the sandbox
            let line = serde_json::to_string(&fault).unwrap_or_default();
            let _ = writeln!(log, "{line}");
        }
        book.planted.push(fault);
    }
}
