//! What is wrong with a file of interchanges: syntax, implementation guide, the marketplace's own rules.
//!
//! [`Checker`] reads any X12 file in constant memory and gives out one [`Finding`] after the other, each with its place,
//! its [`Rule`], what was found and what is expected. Rules of structure, elements and codes come from the tables in
//! [`crate::wire::guide`]; [`Rule::ALL`] is the list of what is checked. Acknowledgement codes that a receiver would send
//! for the same fault stand beside the rules that have one.

mod checker;
mod elements;
mod envelope;
mod finding;
mod history;
mod marketplace;
mod periods;
mod rule;
mod sink;
mod values;

pub use checker::{Checker, Options, Profile, Totals};
pub use finding::{ElementPlace, Finding, Severity};
pub use history::History;
pub use marketplace::is_known_category;
pub use rule::{Layer, Rule};
