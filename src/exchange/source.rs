//! What an answer may be trusted with: ids are acted on only where our own act gave them.

use crate::model::{Captures, Facts};
use crate::target::{FlowStep, IDS, asks_for_a_person, is_id, mentions_people};

/// What kind of step an answer was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// It created or changed something, or reads back what an earlier step of the flow created.
    OwnAct,
    /// It reads something that is about nobody, such as a form or a list of plans.
    Page,
    /// It looks for people, or says that they were known before: whom it names may be strangers.
    Search,
}

impl Source {
    /// The source of a step's answer. `created`: an earlier step of the flow created or changed something.
    pub(super) fn of(step: &FlowStep, status: u16, created: bool) -> Self {
        let names = step.names();
        if status == 409 {
            return Self::Search;
        }
        if !step.reads() {
            return Self::OwnAct;
        }
        let by_own_id = names.iter().any(|name| name.rsplit('.').next().is_some_and(is_id));
        match mentions_people(&names) {
            _ if created && (by_own_id || !asks_for_a_person(&names)) => Self::OwnAct,
            true => Self::Search,
            false => Self::Page,
        }
    }

    /// What is kept for good, and what later steps of the same flow may say in passing. What is neither is not known to anybody.
    pub(super) fn divide(self, taken: Captures) -> (Captures, Captures) {
        if self == Self::OwnAct {
            return (taken, Captures::default());
        }
        let Captures { groups, members, other } = taken;
        let without_ids = |mut facts: Facts| {
            for field in facts.stated().iter().filter(|field| IDS.contains(field)) {
                facts.unset(field);
            }
            facts
        };
        let groups = groups.into_iter().map(|mut group| {
            group.facts = without_ids(group.facts);
            group
        });
        let kept = Captures {
            groups: groups.collect(),
            members: members.into_iter().map(without_ids).collect(),
            ..Captures::default()
        };
        let other = if self == Self::Page { other } else { std::collections::BTreeMap::new() };
        (kept, Captures { other, ..Captures::default() })
    }
}
