//! Endpoints whose answers do not depend on the question: who shows everybody to whoever asks says nothing of the one asked for.

use crate::model::{GroupRecord, IssuerId};
use crate::net::Trace;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// What each endpoint answered last, and which were found out.
#[derive(Debug, Default)]
pub(super) struct Listers(Mutex<HashMap<Option<IssuerId>, Endpoint>>);

#[derive(Debug, Default)]
struct Endpoint {
    /// For whom was asked last with records in the answer, and a digest of these.
    last: Option<(Trace, u64)>,
    lists: bool,
}

impl Listers {
    /// Takes in what a question for this probe brought, and says whether answers there have depended on the question so far: the
    /// same records for two probes are nobody's own.
    pub(super) fn depends_on_the_question(&self, at: Option<&IssuerId>, probe: &Trace, groups: &[GroupRecord]) -> bool {
        let mut endpoints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let endpoint = endpoints.entry(at.cloned()).or_default();
        if !groups.is_empty() {
            let digest = digest(groups);
            endpoint.lists |= endpoint.last.as_ref().is_some_and(|(of, was)| of != probe && *was == digest);
            endpoint.last = Some((*probe, digest));
        }
        !endpoint.lists
    }
}

/// Of what the records say; their place is the question's.
fn digest(groups: &[GroupRecord]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for group in groups {
        group.facts.hash(&mut hasher);
        group.members.hash(&mut hasher);
    }
    hasher.finish()
}
