//! Scenario and seed to households, deterministically. Pure.
//!
//! A household depends on the scenario's name, the seed and its index, and on nothing else: not on the count, the thread, the
//! process or the day. Every person and group of fields draws from a stream of its own (`draw.rs`), so that what is
//! added later moves nothing that was there.
//!
//! Two versions stand side by side. In the first (`births.rs`, `names.rs`, `naming.rs`) first names come from one list for both
//! sexes, so they say nothing about sex. The second (`kin.rs`, `families.rs`, `tables/`) draws names by frequency, and families
//! whose ages one would believe. What both do alike (composition, contact, residence, cases) is written once. A version that was
//! released never changes: another one is put beside it.

mod births;
mod calendar;
mod cases;
mod composition;
mod contact;
mod deal;
mod draw;
mod families;
mod given;
mod household;
mod income;
mod kin;
mod names;
mod naming;
mod offer;
mod places;
mod renew;
mod residence;
mod shows;
mod tables;
mod traits;

pub use calendar::coverage_begin;
pub use cases::fit_together;
pub use contact::is_of_a_probe;
pub use household::{Generator, household};
pub use offer::plan_for;
pub use places::{Place, places};
pub use shows::shows;
