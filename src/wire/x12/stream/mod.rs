//! Any X12 file, whatever its transaction sets, as a stream of segments that know where they stand.
//!
//! [`Segments`] lends one segment at a time from its window, in constant memory, and judges nothing: envelopes that disagree,
//! repeat or stay open are the reader's business. What is no segment is given out too, as [`Lost`].

mod ends;
mod lost;
mod place;
mod segments;

pub use lost::{Lost, LostKind};
pub use place::{GroupPlace, InterchangePlace, SegmentPlace, SetPlace};
pub use segments::{PlacedSegment, Segments, Step};
