//! The imitation pipeline: what it does when nothing is wrong, and that each fault does what its catalogue entry says.

mod faults;
mod honest;
mod pipeline;
