//! Whether records stand where the target says: an answer that does not even have the list is one that was not understood,
//! until some answer of the same system has shown it, and never where it says that something went wrong.

use crate::model::IssuerId;
use crate::target::{Dialect, trouble_in};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The systems that have shown the place of their records. Some leave an empty list out, and only whoever has shown it
/// once is known to.
#[derive(Debug, Default)]
pub(super) struct Standing(Mutex<BTreeSet<Option<IssuerId>>>);

impl Standing {
    /// Takes in an answer; in words what is wrong with it, where it lacks the place and no answer has shown it yet.
    pub(super) fn lacks(&self, owner: Option<&IssuerId>, dialect: &Dialect, answer: &Value) -> Option<String> {
        // an XML document always has its root
        let is_root = dialect.records.is_root_element().then(|| dialect.records.clone());
        let parent = dialect.records.parent().or(is_root)?;
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !parent.query(answer).is_empty() {
            shown.insert(owner.cloned());
            return None;
        }
        (!shown.contains(&owner.cloned())).then(|| {
            format!(
                "the answer has no `{parent}`, where the target's `records` ({}) should stand; correct `records`, or say \
                 with `absent` how nobody looks",
                dialect.records
            )
        })
    }
}

/// In words that an answer says that something went wrong: it proves no absence. `found`: the records that it holds.
pub(super) fn trouble(answer: &Value, found: &[&Value]) -> Option<String> {
    let name = trouble_in(answer, found)?;
    Some(if found.is_empty() {
        format!("the answer shows nobody and says `{name}`; if that is how nobody looks, say so with `absent`")
    } else {
        format!("the answer says `{name}` beside what it shows, so whoever it does not show may be there")
    })
}
