//! Acknowledgements: TA1 for an interchange, 999 (005010X231A1) and the older 997 for a functional group; read, written,
//! made for a file, and checked against the file they answer.
//!
//! Three levels say three things (CMS companion guide v7.2 p. 12): a TA1 that rejects means that no 999 follows; a 999 whose
//! group is accepted in part names each set; and an accepted set has been received, which is not enrolled.

pub mod answer;
mod check;
mod codes;
mod damage;
mod findings;
mod reader;
mod record;
mod seen;
mod writer;

pub use check::check;
pub use codes::{CodeList, Verdict};
pub use damage::{AckDamage, AckDamageKind};
pub use findings::{Answered, Findings, Problem, SetName};
pub use reader::{Ack, Acks};
pub use record::{
    AckForm, ElementError, GroupAck, GroupName, InterchangeAck, Parties, SegmentError, SetAck, plain_number,
};
pub use seen::{SeenAck, Subject, Told, read_all};
pub use writer::AckWriter;
