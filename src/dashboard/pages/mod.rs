//! The pages, drawn: from what is known to HTML, without clock, file or socket. Everything that others wrote is escaped.

mod chart;
mod frame;
mod history;
mod now;
mod one;
mod search;
mod told;

pub use frame::policy;
pub(super) use frame::{login, trouble};
pub use history::{Spread, history};
pub use now::{Canaries, Listed, now};
pub(super) use one::{probe, punch, run};
pub(super) use search::search;
