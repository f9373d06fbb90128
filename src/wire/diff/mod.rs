//! What changed between two 834 files, by member and field, whatever their order and grouping.
//!
//! One file after the other is read twice: [`Prints::read`] keeps 32 bytes or so of every member of the first file,
//! [`Prints::compare`] reads the second file and finds who is added, removed or changed; then [`keep`] reads the first file
//! again and keeps those who changed, and [`Told`] says, in a second reading of the second, what of them.

mod fields;
mod prints;
mod told;

pub use prints::{Difference, Prints};
pub use told::{Change, ChangeKind, FieldChange, Kept, Told, keep};
