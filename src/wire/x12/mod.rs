//! X12 834 (005010X220A1): interchanges read as a stream of enrollment groups, and written.
//!
//! [`Reader`] gives out one [`EnrollmentGroup`] at a time, borrowed from its window, in constant memory;
//! [`EnrollmentGroup::to_record`] turns one into the canonical record. What is damaged is reported with its place and the
//! next is read on. [`Writer`] is the opposite direction. [`Segments`] lends the bare segments of any X12 file.

mod audit;
mod completeness;
mod damage;
mod delimiters;
mod envelope;
mod error;
mod excerpt;
mod family;
mod federal;
mod group;
mod held;
mod kind;
mod lines;
mod locate;
mod member;
mod reader;
mod record;
mod seen;
mod segment;
mod statement;
mod stream;
pub(in crate::wire) mod text;
mod transactions;
mod walk;
mod window;
mod writer;

pub use audit::Audit;
pub use completeness::{Completeness, completeness};
pub use damage::{Damage, DamageKind, Location};
pub use delimiters::Delimiters;
pub use error::{ReadError, WriteError};
pub use excerpt::{Excerpt, Wanted, excerpts};
pub(in crate::wire) use federal::{Federal, is_exchanges, is_tenant};
pub use group::{EnrollmentGroup, ReceiverIds};
pub use member::Member;
pub use reader::{FileReport, Item, Reader};
pub use segment::{Elements, Segment};
pub use stream::{GroupPlace, InterchangePlace, Lost, LostKind, PlacedSegment, SegmentPlace, Segments, SetPlace, Step};
pub use text::same_words;
pub(in crate::wire) use text::{date as day, decode, number};
pub use transactions::Transaction;
pub use writer::{
    Agent, ControlNumbers, Envelope, FunctionalGroup, LineBreak, Options, Qualifiers, SetHeader, Sponsor, Usage, Writer,
};
pub(in crate::wire) use writer::{Content, Envelopes, SegmentsOut, day as text_of_day, fit};
