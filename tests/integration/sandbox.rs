//! The imitation pipeline: what it does when nothing is wrong, and that each fault does what its catalogue entry says.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faults;
mod handed_over;
mod honest;
mod inbound;
mod pipeline;
mod premiums;
mod validated;
