//! Judgement: history in, outcomes out. Pure.

mod acknowledged;
mod case;
mod change;
mod cleanup;
mod compare;
mod epochs;
mod equality;
mod expect;
mod findings;
mod group;
mod history;
mod in_files;
mod judge;
mod keys;
mod owners;
mod pairing;
mod proof;
mod roster;
mod share;
mod spelling;
mod tally;
mod timeliness;
mod verdict;

pub use change::shows_change;
pub use compare::{Rules, compare_group};
pub use epochs::Breaks;
pub use equality::{Equality, Setting, equality};
pub use expect::expect;
pub use in_files::{Account, Differing, DifferingKind, Filed, InFiles};
pub use judge::{evidence, judge};
pub use keys::Keys;
pub use pairing::paired;
pub use proof::Proof;
pub use roster::{Recognise, Recognition, Roster, Standing};
pub use timeliness::{Due, limit_at};
