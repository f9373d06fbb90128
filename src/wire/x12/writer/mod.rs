//! Writes interchanges: envelopes of any kind, and 834 transaction sets in the shape the federal exchange gives them.

mod charset;
mod control;
mod envelopes;
mod headers;
mod interchange;
mod segments;
mod transaction;

pub(in crate::wire) use charset::fit;
pub use control::ControlNumbers;
pub(in crate::wire) use envelopes::Envelopes;
pub(in crate::wire) use headers::Content;
pub use headers::{Envelope, FunctionalGroup, Usage};
pub use interchange::{SetHeader, Writer};
pub use segments::{LineBreak, Options};
pub(in crate::wire) use segments::{Segments as SegmentsOut, day};
