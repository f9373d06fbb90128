//! What a file says, item by item: interchanges, groups, sets, the members of an 834, the answers of an acknowledgement.
//!
//! [`Outline`] reads any X12 file in constant memory and lends one [`Item`] after the other, whose fields have plain names,
//! and whose codes have their meaning beside them. An 834 becomes a set and its members; of other sets every segment is an
//! item, named as its guide names it. [`Ahead`] gives the same, read on a thread of its own.

mod ahead;
mod enrollment;
mod item;
mod json;
mod people;
mod reader;
mod references;
mod segments;
mod vocabulary;
mod words;

pub use ahead::Ahead;
pub use item::{Field, Item, ItemKind};
pub use reader::Outline;
pub use vocabulary::{field_of_record, name_of_field, names_of};
