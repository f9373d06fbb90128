//! Writes interchanges: envelopes of any kind, and 834 transaction sets in the shape the federal exchange gives them.

mod charset;
mod control;
mod coverage;
mod envelopes;
mod headers;
mod interchange;
mod member;
mod people;
mod reporting;
mod segments;
mod transaction;

pub(in crate::wire) use charset::fit;
pub use control::ControlNumbers;
pub(in crate::wire) use envelopes::Envelopes;
pub(in crate::wire) use headers::Content;
pub use headers::{Agent, Envelope, FunctionalGroup, Qualifiers, SetHeader, Sponsor, Usage};
pub use interchange::Writer;
pub use segments::{LineBreak, Options};
pub(in crate::wire) use segments::{Segments as SegmentsOut, day};
