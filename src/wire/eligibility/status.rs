//! Whether an EB says that there is coverage.

use super::person::Benefit;

/// What EB01 says of coverage (005010X279A1, X12 element 1390).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// 1 to 4.
    Active,
    /// 5: active while something is looked into, such as a first premium that has not come.
    ActivePending,
    /// 6.
    Inactive,
    /// 7 and 8: inactive while something is looked into or updated.
    InactivePending,
}

impl Status {
    /// Of an EB01; `None` where it is about something else (costs, limits, whom to ask).
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "1" | "2" | "3" | "4" => Some(Self::Active),
            "5" => Some(Self::ActivePending),
            "6" | "I" => Some(Self::Inactive),
            "7" | "8" => Some(Self::InactivePending),
            _ => None,
        }
    }

    /// Whether there is coverage on the day that was asked for.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Active | Self::ActivePending)
    }

    /// The canonical record's word. `inactive` is said of what the payer knows and does not cover on that day: not yet, or
    /// no more.
    pub fn policy_status(self) -> &'static str {
        match self {
            Self::Active => "effectuated",
            Self::ActivePending => "initial",
            Self::Inactive | Self::InactivePending => "inactive",
        }
    }
}

/// What an EB is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The plan as a whole.
    Plan,
    /// Dental care alone.
    Dental,
    /// One kind of service within a plan.
    Service,
}

/// Dental service types (X12 element 1365).
const DENTAL: &[&str] = &["23", "24", "25", "26", "27", "28", "35", "36", "37", "38", "39", "40", "41"];

impl Benefit {
    /// What it says of coverage.
    pub fn status(&self) -> Option<Status> {
        Status::of_code(&self.code)
    }

    /// Whether it says that a service is covered, and of which plan it is, not.
    pub fn is_active_service(&self) -> bool {
        self.scope() == Scope::Service && self.status().is_some_and(Status::is_active)
    }

    pub(super) fn scope(&self) -> Scope {
        let all = |known: &[&str]| self.service_types.iter().all(|service| known.contains(&service.as_str()));
        if self.service_types.is_empty() || self.service_types.iter().any(|service| service == "30") {
            Scope::Plan
        } else if all(DENTAL) {
            Scope::Dental
        } else {
            Scope::Service
        }
    }
}
