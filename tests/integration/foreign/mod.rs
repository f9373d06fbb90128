//! A pipeline that the crate knows nothing about: "Keystone Marketplace", its batch 834 writer and two issuers, written as
//! a stranger would write them and sharing no code with the sandbox or the X12 module. A target file alone reaches it.

/// What applicants tell the marketplace.
mod application;
/// What can go wrong on the way, and what the pipeline did on purpose.
mod defect;
/// Runs the prober over the pipeline and finds its way back from a case number to a probe.
mod drive;
/// The marketplace's own 834 writer.
mod edi;
/// What must be found for every planted defect.
mod expected;
/// The marketplace as a whole: state, batch, issuers' night run.
mod pipeline;
/// The web pages and interfaces of the marketplace.
mod portal;
/// The issuers' systems.
mod roster;
/// People who have nothing to do with us.
mod strangers;

/// Nothing is found where nothing is wrong, and everything where everything is.
mod judged;
/// The pipeline does what it says, seen without the prober.
mod own_checks;
