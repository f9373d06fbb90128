//! Summary to bytes, one format a file. Pure.

mod clean;
mod concerning;
mod csv;
mod html;
mod json;
mod junit;
mod markdown;
mod page;
mod punch;
mod sheet;
mod style;
mod text;
mod timeline;
mod worst;

pub use clean::{clean, clean_bytes, tame};
pub use csv::csv;
pub use html::{STYLE, household, html, interval, parts, percent, punch};
pub use json::{beyond_json_1, json, json_1};
pub use junit::junit;
pub use markdown::markdown;
pub use page::Page;
pub use sheet::sheet;
pub use style::Style;
pub use text::text;
pub use text::verdict_in_words;
pub use timeline::{Evidence, timeline};
pub use worst::bad;
