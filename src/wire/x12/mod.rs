//! X12 834 (005010X220A1): interchanges read as a stream of enrollment groups, and written.
//!
//! [`Reader`] gives out one [`EnrollmentGroup`] at a time, borrowed from its window, in constant memory;
//! [`EnrollmentGroup::to_record`] turns one into the canonical record. What is damaged is reported with its place and the
//! next is read on. [`Writer`] is the opposite direction.

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
#[expect(unused_imports, reason = "for the other transaction sets under `wire`")]
pub(in crate::wire) use writer::{Content, Envelopes, Segments};
pub use writer::{ControlNumbers, Envelope, FunctionalGroup, LineBreak, Options, SetHeader, Usage, Writer};
