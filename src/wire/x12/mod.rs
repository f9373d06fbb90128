//! X12 834 (005010X220A1): interchanges read as a stream of enrollment groups, and written.
//!
//! [`Reader`] gives out one [`EnrollmentGroup`] at a time, borrowed from its window, in constant memory;
//! [`EnrollmentGroup::to_record`] turns one into the canonical record. What is damaged is reported with its place and the
//! next is read on. [`Writer`] is the opposite direction. [`Segments`] lends the bare segments of any X12 file.

mod completeness;
mod damage;
mod delimiters;
mod envelope;
mod error;
mod group;
mod held;
mod kind;
mod member;
mod reader;
mod record;
mod segment;
mod stream;
mod text;
mod window;
mod writer;

pub use completeness::{Completeness, completeness};
pub use damage::{Damage, DamageKind, Location};
pub use delimiters::Delimiters;
pub use error::{ReadError, WriteError};
pub use group::{EnrollmentGroup, ReceiverIds};
pub use member::Member;
pub use reader::{FileReport, Item, Reader};
pub use segment::{Elements, Segment};
pub use stream::{GroupPlace, InterchangePlace, Lost, LostKind, PlacedSegment, SegmentPlace, Segments, SetPlace, Step};
pub use writer::{Envelope, FunctionalGroup, LineBreak, Options, SetHeader, Usage, Writer};
