//! From the exchange to the issuers: what waits for a window, and the 834 files it leaves in.

mod file;
mod merge;
mod message;
mod queue;
mod route;

pub(super) use file::{Written, write_whole};
pub(super) use message::Message;
pub(super) use queue::Outbound;
pub(super) use route::{Route, route};
