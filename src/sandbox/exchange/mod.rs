//! The imitation exchange: accounts, applications, eligibility, plans, enrollment, cancellation.

mod accounts;
mod answer;
mod applications;
mod book;
mod cancellations;
mod choice;
mod enrollments;
mod looks;
mod payments;
mod routes;

pub(super) use book::Book;
pub(super) use routes::router;
