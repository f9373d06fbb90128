//! What is kept of an answer: ids are acted on only where our own act gave them.

use crate::model::{Captures, Facts, Field, Kind};
use crate::target::Source;
use std::collections::BTreeMap;

/// What is kept for good, and what later steps of the same flow may say in passing. What is neither is not known to anybody.
pub(super) fn divide(source: Source, taken: Captures) -> (Captures, Captures) {
    if source == Source::OwnAct {
        return (taken, Captures::default());
    }
    let Captures { groups, members, other, .. } = taken;
    let groups = groups.into_iter().map(|mut group| {
        group.facts = without_people(group.facts);
        group
    });
    let kept = Captures {
        groups: groups.collect(),
        members: members.into_iter().map(without_people).collect(),
        ..Captures::default()
    };
    let other = if source == Source::Page { other } else { BTreeMap::new() };
    (kept, Captures { other, ..Captures::default() })
}

/// Facts without those that somebody goes by: what is left is of the kind that a form or a list of plans says.
fn without_people(mut facts: Facts) -> Facts {
    for field in facts.stated().iter().filter(|field| names_somebody(*field)) {
        facts.unset(field);
    }
    facts
}

fn names_somebody(field: Field) -> bool {
    match field.kind() {
        Kind::Money | Kind::Code => false,
        Kind::Date => field == Field::BirthDate,
        _ => !matches!(field, Field::Issuer | Field::PlanId | Field::AgentNpn),
    }
}
