//! The watching side: one feed a file.

mod grouping;
mod json_api;
mod look;
mod mapping;

pub use json_api::JsonApiFeed;
pub use look::{Look, Ours};
