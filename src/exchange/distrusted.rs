//! What the answer to an enrollment told and nobody acts on, since it may be about somebody who was there before.

use super::known::Taken;
use crate::model::{Captures, Remaining};
use crate::target::{Capture, FlowStep};
use serde_json::Value;

/// Ids that are not used, and why.
#[derive(Debug)]
pub(super) struct Distrusted {
    /// Under which names they were captured.
    names: Vec<String>,
    words: String,
}

impl Distrusted {
    /// Of what a step's answer told under these names; `None` where it told nothing of the kind. `by`: where and by what it says more than
    /// a plain yes; `None`: it says in so many words that whom it names was known before.
    pub(super) fn of(step: &FlowStep, by: Option<String>, names: &[&Capture], told: &Captures) -> Option<Self> {
        let ids = ids(names, told);
        if ids.is_empty() {
            return None;
        }
        let why = by.map_or_else(
            || "it says that whom it names was known before".to_owned(),
            |by| format!("it says more than a plain yes: {by}"),
        );
        let words = format!(
            "{}: what the answer told is used by nothing, as it may be somebody else's: {why}; where that is what a yes says, say so with \
             `expect` by a JSONPath and its value, or `reads: false` where the step only creates; told and not proved: {}",
            step.name,
            ids.join(" ")
        );
        Some(Self { names: names.iter().map(|capture| capture.name.clone()).collect(), words })
    }

    /// Why, in words, and which; `None` once a later answer proved them.
    pub(super) fn words(self, taken: &Taken) -> Option<String> {
        self.names.iter().any(|name| !taken.is_proved(name)).then_some(self.words)
    }
}

/// The ids among what was told, each once.
fn ids(names: &[&Capture], told: &Captures) -> Vec<String> {
    let mut ids = Remaining::ids_of(told.groups.iter().map(|group| &group.facts).chain(&told.members));
    for capture in names {
        let other = match told.other.get(&capture.name) {
            Some(Value::String(id)) => Some(id.clone()),
            Some(Value::Number(id)) => Some(id.to_string()),
            _ => None,
        };
        ids.extend(other.filter(|id| !ids.contains(id)));
    }
    ids
}
