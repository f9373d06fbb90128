//! Implementation guides as tables: which segments stand where, what their elements hold, and the codes in words.
//!
//! A guide is written as it is printed, one file a part: loops hold segments, segments hold elements, elements hold codes.
//! What is written here are facts of the published standard (ASC X12 005010 and the implementation guides 005010X220A1,
//! 005010X230, 005010X231A1 and 005010X279A1); names and meanings are in words of our own. [`Index`] is what reads them at
//! speed.

mod acknowledgement;
pub mod codes;
mod dictionary;
mod elements;
mod eligibility;
mod enrollment;
mod envelope;
mod index;
mod notation;
pub(in crate::wire) mod trail;
pub(in crate::wire) mod walk;

pub use dictionary::{Data, Kind, data};
pub use envelope::{GE, GS, IEA, ISA, SE, ST, TA1};
pub use index::{Branch, Child, Codes as CodeSet, Index, Key, LoopAt, SegmentAt, Slot, pack};
pub use notation::{Codes, Condition, Element, Guide, Loop, Node, Relation, Segment, Usage};

/// Every guide that sets are checked against.
pub static GUIDES: &[&Guide] = &[
    &enrollment::X220A1,
    &acknowledgement::X231A1,
    &acknowledgement::X230,
    &eligibility::INQUIRY,
    &eligibility::ANSWER,
];

/// The guide for a transaction set, by ST01; `None` where there is no table.
pub fn guide(set: &[u8]) -> Option<&'static Guide> {
    GUIDES.iter().find(|guide| guide.set.as_bytes() == set).copied()
}
