//! Wire formats and their guides: bytes to model and back; pure.

pub mod check;
pub mod diff;
pub mod guide;
pub mod outline;
pub mod x12;
