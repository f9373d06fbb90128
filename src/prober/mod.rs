//! The engine: submits households, watches every waypoint, takes its people out again, and writes down each of these
//! before it does it. It keeps no state that the ledger's entries could not give back.

mod acknowledged;
mod again;
mod agenda;
mod begin;
mod blindness;
mod cleanup;
mod engine;
mod epoch;
mod error;
mod first_byte;
mod fit;
mod flights;
mod folders;
mod grafted;
mod horizon;
mod in_turn;
mod issuer_ids;
mod job;
mod left;
mod line;
mod look_ups;
mod met;
mod pace;
mod phases;
mod plan;
mod progress;
mod register;
mod relay;
mod streaks;
mod submit;
mod tracked;
mod tried;
mod unheard;
mod walk;
mod watch;

pub use again::{Said, check_again};
pub use begin::{Prober, Surroundings, USER_AGENT};
pub use error::Error;
pub use first_byte::FirstByte;
pub use job::{Header, Job};
pub use left::Left;
pub use phases::{Ending, Options};
pub use plan::{address_not_told, check_fit, offers, run_plan, statuses_not_shown, waypoints_not_at_target};
pub use progress::{Listener, News, Silent};
