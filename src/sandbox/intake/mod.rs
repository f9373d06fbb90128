//! 834 files that others hand over: whoever enrolls people without the exchange's pages, as employers and state exchanges do.
//!
//! Each file in the folder is taken in once, answered with TA1 and 999, and what was accepted is carried out: an enrollment as if
//! it had come over HTTP, a renewal, an end, a change, a reinstatement; an audit is passed on. A 999 speaks of syntax; what cannot be placed (a plan that nobody offers, a policy
//! that is not held) is told as trouble of the sandbox.

mod completed;
mod households;
mod take;

pub(super) use take::{Intake, Look, take_in, watch};
