//! Text with positions: strict YAML, and errors that point at the line they mean. Pure.

mod check;
mod csv;
mod diagnostic;
mod layers;
mod nearest;
mod node;
mod outline;
mod parts;
mod quantity;
mod read;
mod reference;
mod schema;
mod shape;

pub use check::template_mark;
pub use diagnostic::{Diagnostic, Diagnostics, Report};
pub use layers::{TYPED, is_layered, laid_over, read_layers, with_part};
pub use nearest::nearest;
pub use node::{Entry, Kind, Node, Scalar, Span};
pub use parts::{Wanted, parts_wanted};
pub use quantity::{Deadline, clock_time, deadline, duration, rate_per_second, share};
pub use read::read;
pub use reference::{Filled, Lookup, ReferenceKind, fill_references, written_out};
pub use shape::{Fault, Key, KeysOfKind, Leaf, Shape, Words};
