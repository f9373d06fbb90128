//! Summary to bytes, one format a file. Pure.

mod clean;
mod concerning;
mod json;
mod page;
mod style;
mod text;
mod timeline;
mod worst;

pub use clean::{clean, clean_bytes, tame};
pub use json::json;
pub use page::Page;
pub use style::Style;
pub use text::text;
pub use timeline::{Evidence, timeline};
