//! What is wrong inside an acknowledgement, and where.

use crate::model::Evidence;
use crate::wire::x12::{Damage, DamageKind, Location};

/// Something wrong at a place; reading goes on after it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} ({at})")]
pub struct AckDamage {
    /// What.
    pub kind: AckDamageKind,
    /// Where.
    pub at: Location,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AckDamageKind {
    /// The envelopes of the file.
    #[error(transparent)]
    Envelope(DamageKind),
    /// A segment outside the loop it belongs into.
    #[error("segment `{id}` stands outside {belongs_in}")]
    OutOfPlace {
        /// Its identifier.
        id: Evidence,
        /// Where it belongs.
        belongs_in: &'static str,
    },
    /// A verdict that is missing: what is acknowledged counts as not answered.
    #[error("{what} has no verdict; expected `{trailer}` before `{found}`")]
    NoVerdict {
        /// What is acknowledged.
        what: String,
        /// The segment that would hold the verdict.
        trailer: &'static str,
        /// What came instead.
        found: Evidence,
    },
    /// A code that its list does not hold.
    #[error("`{code}` is no code of {element}")]
    UnknownCode {
        /// The element, such as `IK501`.
        element: &'static str,
        /// Its text.
        code: Evidence,
    },
    /// AK9's counts do not agree with the sets that were answered.
    #[error("`{element}` counts `{said}`, {counted} were found")]
    Count {
        /// The element.
        element: &'static str,
        /// Its number.
        said: u32,
        /// What was there.
        counted: u32,
    },
}

impl From<Damage> for AckDamage {
    fn from(damage: Damage) -> Self {
        Self { kind: AckDamageKind::Envelope(damage.kind), at: damage.at }
    }
}
