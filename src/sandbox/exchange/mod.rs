//! The imitation exchange: accounts, applications, eligibility, plans, enrollment, cancellation.

mod accounts;
mod answer;
mod applications;
mod book;
mod cancellations;
mod changes;
mod choice;
mod enrollments;
mod handed_over;
mod looks;
mod others;
mod payments;
mod renewals;
mod replacements;
mod routes;
mod sending;

pub(super) use book::Book;
pub(super) use handed_over::{NotPlaced, Unplaced, audit, change, end, enroll, reinstate};
pub(super) use routes::router;
