//! What a receiver answers to a file: TA1 for its interchanges, 999 for its functional groups.
//!
//! Envelopes are checked in full. Of the content of an 834 set, what a first syntax check finds: segments that the 834 does not
//! have, required elements that are empty, dates that do not exist. Whoever answers may object to more.

mod content;
mod given;
mod header;
mod making;
mod numbers;

pub use given::{Answer, GroupAnswer, InterchangeAnswer, Objection};
pub use making::{answer, answer_envelopes};
pub use numbers::ReceivedNumbers;
