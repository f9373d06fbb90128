//! Wire formats and their guides: bytes to model and back; pure.

pub mod ack;
pub mod check;
pub mod core_envelope;
pub mod diff;
pub mod eligibility;
pub mod guide;
pub mod outline;
mod ssn;
pub mod x12;
