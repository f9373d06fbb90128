//! Proof by repetition: which attributes a failure takes. Pure: this says what to send next and what the tries prove; `johndoe
//! narrow` sends each as a run like any other.
//!
//! The household that failed is sent again as it was, under new identities; where it fails again, one attribute after the other is
//! changed to what one has who passed ([`changes`]). What a [`Course`] asks for next depends on what came of all tries before.

mod aspect;
mod change;
mod course;
mod heard;
mod subject;
mod words;

pub use change::{Change, Shelf, changes};
pub use course::{Came, Course, Ending, Next, Variant};
pub use heard::came;
pub use subject::{Subject, subject};
pub use words::{Told, proof};
