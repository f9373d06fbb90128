//! Hand-made histories and what must be said of them.

mod acknowledgements;
mod cleaning;
mod fields;
mod outcomes;
mod reporting;
mod subtleties;
mod trial;
