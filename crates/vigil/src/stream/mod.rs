//! Streams of outcomes, and whether their rate of failures breaks its objective: decided by an e-detector.
//!
//! Mixture Shiryaev–Roberts for a Bernoulli stream (Shin, Ramdas, Rinaldo, "E-detectors", New England Journal of Statistics in
//! Data Science 2023). Where the chance of the next failure, given all before it, stays at or below the objective, the expected
//! time to the first alarm is at least the threshold, in outcomes, however often it is looked. The any-time-valid interval is
//! what a report shows; an alarm is decided here.

mod bits;
mod budget;
mod change;
mod curve;
mod detector;
mod episode;
mod line;
mod objective;
mod rate;
mod stalled;
mod standing;
mod streams;

pub use budget::{Budget, Kind};
pub use change::{Change, What};
pub use curve::Curve;
pub use detector::{Evidence, Mixture};
pub use episode::{Episode, Level};
pub use line::{Fact, Fate};
pub use objective::Objective;
pub use rate::{Rate, lower_bound, upper_bound};
pub use stalled::{Delivered, Learned, Stalled};
pub use standing::{Memory, State, Stream};
pub use streams::{Entry, Streams};
