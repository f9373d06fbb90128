//! A step that hands over an 834: what it says, the file, where it is put, and what its receiver answers.

mod desk;
mod facts;
mod file;
mod inbox;
mod record;

pub(super) use desk::Desks;
pub use desk::{Office, Register};
pub(super) use inbox::Answer;
