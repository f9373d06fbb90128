//! Bytes to model and back; pure.
pub mod ack;
pub mod core_envelope;
pub mod eligibility;
pub mod x12;
