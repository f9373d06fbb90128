//! The pure heart of the canary: when to probe, when there is an alarm, what is to be told to whom, and whether it was.
//!
//! Everything here is a value or a fold over entries. There is no socket, no file and no clock: whoever calls says what time
//! it is, carries out what is asked for, and writes down the entries before and after. So thirty days are a test of seconds,
//! and a process that is killed anywhere goes on where its entries end.
//!
//! | module | answers |
//! |---|---|
//! | [`schedule`] | when is the next tick, and what becomes of one that was missed, overlaps or falls into a maintenance window |
//! | [`stream`] | does the rate of failures break its objective, decided by an e-detector with a declared rate of false alarms |
//! | [`alarm`] | what is raised, reminded, acknowledged, silenced and recovered, and the messages that say so |
//! | [`beta`] | the quantiles of which exact bounds of a rate are made |
//! | [`delivery`] | which channel still has to be told what, at least once and deduplicated by key |

pub mod alarm;
pub mod beta;
pub mod delivery;
mod mistake;
pub mod schedule;
pub mod stream;
mod watch;

pub use mistake::Mistake;
pub use watch::{Entry, Setup, Watch};
