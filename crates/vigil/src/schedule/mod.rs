//! When to probe: a rhythm in a zone, the windows in which it holds, and what was made of each tick.

mod agenda;
mod cron;
mod plan;
mod rhythm;
mod window;
mod zone;

pub use agenda::{Agenda, Note, PassedOver, Start};
pub use plan::{CatchUp, Overlap, Plan, QUEUE_AT_MOST};
pub use rhythm::{Rhythm, Schedule, Tick};
pub use window::{TimeOfDay, Window};
