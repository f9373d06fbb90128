//! What changed between two 834 files, by member and field, whatever their order and grouping.
//!
//! Each file is read twice. [`Prints::read`] keeps sixteen bytes of every member of a file, which two threads may do with two
//! files at once; [`Prints::against`] finds who is added, removed or changed, and
//! [`Difference::paired`] who of them is the same under other ids. Then [`keep`] reads the first file again and
//! keeps those who changed, and [`Told`] says, in a second reading of the second, what of them; whoever is the same goes by
//! without being looked into.

mod fields;
mod pairing;
mod prints;
mod told;

pub use prints::{Difference, Prints};
pub use told::{Change, ChangeKind, FieldChange, Told, keep};
