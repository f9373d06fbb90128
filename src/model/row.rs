//! Households that a scenario gives itself: one row each. What a row does not say is drawn.

use super::{CoverageLine, EdgeCase, PersonName, PlanId, Relationship, Sex};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is given of one household. Street, telephone, mailbox and SSN are always drawn, so that nobody's real ones are sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Two-letter state to live in; one of the population's, else drawn.
    pub state: Option<String>,
    /// Yearly household income in cents.
    pub income_cents: Option<i64>,
    /// Whether a dental plan is taken too.
    pub dental: Option<bool>,
    /// The cases that it shows; none together with `people`.
    pub edge_cases: Option<Vec<EdgeCase>>,
    /// Everybody on the application, the household contact first; empty: drawn.
    pub people: Vec<RowPerson>,
    /// Plans and values.
    pub wishes: Wishes,
}

impl Row {
    /// Whether a dental plan is taken too; `None`: that is drawn.
    pub fn takes_dental(&self) -> Option<bool> {
        self.dental.or_else(|| self.wishes.plans.contains_key(&CoverageLine::Dental).then_some(true))
    }
}

/// One person of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowPerson {
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
    /// To the subscriber.
    pub relationship: Relationship,
    /// Whether coverage is asked for.
    pub applying: bool,
    /// Uses tobacco; drawn where it is not said.
    pub tobacco: Option<bool>,
}

/// What a row asks for beside its people. Empty for a household that is drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// The plan to choose in a line of coverage.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub plans: BTreeMap<CoverageLine, PlanId>,
    /// What templates know as `values.NAME`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Wishes {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.plans.is_empty() && self.values.is_empty()
    }
}
