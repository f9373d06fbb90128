//! A copy of an EDI file that can be shown to others: its people replaced by made-up ones, everything else as it was.
//!
//! What is kept is on a list (`policy`); what is not on it, such as free text, unknown segments and unknown references, is
//! replaced by characters of the same kind and number. The same text of the same kind becomes the same replacement as long
//! as the [`Key`] is the same. A file that is not understood from its first byte to its last is refused, since what is not
//! understood may be a name.

mod copy;
mod known;
mod policy;
mod pseudonym;
mod segment;

pub use copy::{Error, Summary, redact};
pub use pseudonym::Key;
