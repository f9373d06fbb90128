//! Bytes to model and back; pure.
pub mod ack;
pub mod x12;
