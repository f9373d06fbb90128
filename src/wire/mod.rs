//! Wire formats and their guides: bytes to model and back; pure.

pub mod guide;
pub mod x12;
