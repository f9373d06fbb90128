//! The submitting side: carries out a flow over HTTP and says what became of it.

mod again;
mod capture;
mod compose;
mod facts_of_probe;
mod flow;
mod step;
mod verdict;

pub use flow::{Answered, Exchange};
