//! A canary at work: it begins runs when they are due, takes up what earlier ones left, judges, tells, and writes each of these down
//! before it does it. What is decided is decided in `johndoe_vigil`; where a canary stands is a fold of its lines in the ledger, so
//! that a process that is killed anywhere goes on where they end.
//!
//! [`Watcher`] is the process, [`Log`] its lines, [`Watching`] what it is configured with, [`Status`] what is shown of it.

mod detail;
mod driven;
mod ear;
mod error;
mod log;
mod looking;
mod metrics;
mod mirror;
mod row;
mod serve;
mod setup;
mod state;
mod status;
mod taking_up;
mod telling;
mod trail;
mod watcher;

pub use error::Error;
pub use log::Log;
pub use metrics::{Form, metrics};
pub use mirror::Mirror;
pub use row::Row;
pub use serve::serve;
pub use setup::{Jobs, Watching, nothing, watching};
pub use state::State;
pub use status::{AlarmStatus, ChannelStatus, Remembered, ScheduleStatus, Status, StreamStatus, remembered, status};
pub use trail::{find_alarm, trail};
pub use watcher::{Around, Turn, Watcher};
