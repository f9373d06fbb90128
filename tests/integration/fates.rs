//! What was done to each household, and what the judge says of it, over whole trips.

mod acknowledged;
mod alike;
mod changing;
mod class;
mod clean;
mod dates;
mod edges;
mod faults;
mod first_told;
mod in_x12;
mod keeping;
mod matrix;
mod no_wait;
#[cfg(feature = "sftp")]
mod over_sftp;
mod overlapping;
mod taken_over;
mod terms;
mod turning;
