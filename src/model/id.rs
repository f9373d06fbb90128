//! Names of things: runs, probes, issuers, plans, waypoints.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Gives a text newtype its constructor, accessor and `Display`.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the text as it stands; nothing is checked here.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// One execution of a scenario; time-ordered text such as `019ab6…` (UUID version 7, hyphenated).
    RunId
}
text_id! {
    /// An issuer's five-digit HIOS id, the first five characters of its plan ids.
    IssuerId
}
text_id! {
    /// A waypoint's name as the target file gives it, such as `edi_834`.
    WaypointName
}
text_id! {
    /// A plan as the exchange names it: 14 characters, or 16 with the cost-sharing variant; no hyphen, upper case.
    PlanId
}

impl PlanId {
    /// The id in canonical form: hyphens and spaces dropped, upper case.
    pub fn parse(text: &str) -> Self {
        let text: String = text.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect();
        Self::new(text.to_ascii_uppercase())
    }

    /// The issuer that offers the plan: its first five characters, where they are digits.
    pub fn issuer(&self) -> Option<IssuerId> {
        let head = self.0.get(..5)?;
        head.bytes().all(|b| b.is_ascii_digit()).then(|| IssuerId::new(head))
    }

    /// The plan without its variant: the first 14 of 16 characters. An id of another length has no variant, and is whole.
    pub fn standard_component(&self) -> &str {
        self.variant().and_then(|_| self.0.get(..14)).unwrap_or(&self.0)
    }

    /// The cost-sharing variant (`01`, `04` …), where the id has 16 characters.
    pub fn variant(&self) -> Option<&str> {
        (self.0.len() == 16).then(|| self.0.get(14..)).flatten()
    }
}

/// A probe's place in its run, from 0; with scenario and seed it determines the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProbeIndex(pub u32);

impl fmt::Display for ProbeIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A probe's name outside its run: the run's id, a slash, the index. `show` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProbeId {
    /// The run.
    pub run: RunId,
    /// The probe within it.
    pub index: ProbeIndex,
}

impl fmt::Display for ProbeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.run, self.index)
    }
}

#[cfg(test)]
mod tests {
    use super::PlanId;

    #[test]
    fn plan_id_has_issuer_component_and_variant() {
        let plan = PlanId::parse("78079DC0220021-01");
        assert_eq!(plan.as_str(), "78079DC022002101");
        assert_eq!(plan.issuer().map(|i| i.to_string()).as_deref(), Some("78079"));
        assert_eq!(plan.standard_component(), "78079DC0220021");
        assert_eq!(plan.variant(), Some("01"));
        assert_eq!(PlanId::parse("78079DC0220021").variant(), None);
        assert_eq!(PlanId::parse("É").standard_component(), "É");
        let longer = PlanId::parse("GOLD;2014;REGION;7");
        assert_eq!((longer.standard_component(), longer.variant()), ("GOLD;2014;REGION;7", None));
    }
}
