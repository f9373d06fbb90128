//! Numbers that can be defended: intervals on a share, and quantiles of latencies that were not all seen. Pure.

mod beta;
mod latency;
mod proportion;

pub use latency::{Observation, Outcome, quantile};
pub use proportion::{clean_records_needed, clopper_pearson, wilson};
