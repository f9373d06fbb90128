//! Scenario and seed to households, deterministically. Pure.
//!
//! A household depends on the scenario's name, the seed and its index, and on nothing else: not on the count, the thread, the
//! process or the day. Every person and group of fields draws from a stream of its own (`draw.rs`), so that what is
//! added later moves nothing that was there. First names come from one list for both sexes, so they say nothing about sex.

mod births;
mod calendar;
mod composition;
mod contact;
mod deal;
mod draw;
mod household;
mod income;
mod names;
mod naming;
mod offer;
mod places;
mod residence;
mod shows;
mod traits;

pub use calendar::coverage_begin;
pub use contact::is_of_a_probe;
pub use household::{Generator, household};
pub use offer::{Offer, plan_for};
pub use places::{Place, places};
pub use shows::shows;

/// Version of the people that a scenario and seed stand for. A deliberate change of any of them adds one, freezes the golden
/// files anew and says so in the change log: ledgers of the version before name other people.
pub const VERSION: u32 = 1;
