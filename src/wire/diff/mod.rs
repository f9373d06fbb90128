//! What changed between two 834 files, by member and field, whatever their order and grouping.
//!
//! Each file is read twice. [`Difference::between`] reads both side by side, and finds who is added, removed or changed;
//! [`Difference::paired`] who of them is the same under other ids. Then [`Changes`] reads both files again, side by side, and
//! says what of them; whoever is the same goes by without being looked into.

mod change;
mod changes;
mod difference;
mod fields;
mod headers;
mod loops;
mod pairing;
mod unmet;

pub use change::{Change, ChangeKind, FieldChange};
pub use changes::{Changes, Side};
pub use difference::{Asked, Difference, Unfit};
