//! X12 270 and 271 (005010X279A1): is this person covered on that day?
//!
//! [`Inquiry`] writes the question and [`inquiries`] reads it; [`Responses`] reads answers as a stream of people, in constant
//! memory, and [`write_answers`] writes them. [`meaning()`] is the heart: it tells coverage, its absence, and an answer
//! that says nothing about the person, three things that a checker must never confuse.

mod ask;
mod asked;
mod codes;
mod give;
mod loops;
mod meaning;
mod person;
mod read;
mod record;
mod rejection;
mod status;

pub use ask::{Header, Inquiry, Party, Patient, ServiceType};
pub use asked::{Asked, inquiries};
pub use codes::{benefit_words, follow_up_words, reject_words};
pub use give::{Given, GivenBenefit, GivenPerson, write_answers};
pub use meaning::{Answer, Question, Shown, meaning};
pub use person::{Benefit, Level, Period, Person, Trace};
pub use read::{Acknowledgement, Broken, Item, Responses};
pub use record::{Coverage, coverages, member_facts};
pub use rejection::Rejection;
pub use status::Status;
