//! What can be made to go wrong, one kind or family a file; the truth of every planted fault is kept.

mod coverage;
mod dice;
mod field;
mod kind;
mod people;
mod planted;
mod spec;
mod spelling;
mod traits;
mod truth;

pub use kind::{FaultKind, Hop, catalogue};
pub use spec::{FaultSpec, SpecError};
pub use truth::{PlantedFault, Truth};

pub(super) use planted::{Faults, Planted};
