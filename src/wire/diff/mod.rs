//! What changed between two 834 files, by member and field, whatever their order and grouping.
//!
//! Each file is read twice. [`Prints::read`] keeps sixteen bytes of every member of a file, which two threads may do with two
//! files at once; [`Prints::against`] finds who is added, removed or changed, and
//! [`Difference::paired`] who of them is the same under other ids. Then [`Changes`] reads both files again, side by side, and
//! says what of them; whoever is the same goes by without being looked into.

mod change;
mod changes;
mod fields;
mod pairing;
mod prints;

pub use change::{Change, ChangeKind, FieldChange};
pub use changes::{Changes, Side};
pub use prints::{Difference, Prints};
