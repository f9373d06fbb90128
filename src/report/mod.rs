//! Summary to bytes, one format a file. Pure.

mod json;
mod style;
mod text;
mod timeline;
mod worst;

pub use json::json;
pub use style::Style;
pub use text::text;
pub use timeline::{Evidence, timeline};
