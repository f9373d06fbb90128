//! Writes interchanges of 834 transaction sets in the shape the federal exchange gives them.

mod charset;
mod interchange;
mod segments;
mod transaction;

pub use interchange::{Envelope, FunctionalGroup, SetHeader, Usage, Writer};
pub use segments::{LineBreak, Options};
