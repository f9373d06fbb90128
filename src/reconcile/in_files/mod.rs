//! Files beside what a run expects of them, by person and field, whatever the order and grouping of the files. No time is
//! judged here: a file holds what it holds.

mod account;
mod expected;
mod group;
mod hand;

pub use account::{Account, Differing, DifferingKind};
pub use expected::InFiles;
pub use hand::Filed;
