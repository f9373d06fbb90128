//! The household takes another agent; whoever had none takes one. The policy goes on, and one maintenance tells it (CMS companion guide
//! v7.2 p. 16, 112: AGENT BROKER INFO).

use super::happening::Happening;
use super::policies::Policies;
use crate::model::{Agent, Field, TransactionReason};

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the change of agent",
    fields: |_| [Field::AgentNpn].into_iter().collect(),
    said_as: |_| &["agent", "npn"],
    reason: Some(TransactionReason::AgentChange),
    unsettles: |_| &[],
    policies: Policies::GoOn,
    leaves: None,
    applies: |_, _| true,
    apply: |household, _, _| {
        let first = || Agent::of_number(household.index.0);
        household.agent = Some(household.agent.as_ref().map_or_else(first, Agent::next));
    },
};
