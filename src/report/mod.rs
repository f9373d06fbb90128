//! Summary to bytes, one format a file. Pure.

mod clean;
mod concerning;
mod html;
mod json;
mod page;
mod punch;
mod style;
mod text;
mod timeline;
mod worst;

pub use clean::{clean, clean_bytes, tame};
pub use html::html;
pub use json::json;
pub use page::Page;
pub use style::Style;
pub use text::text;
pub use timeline::{Evidence, timeline};
