//! Hand-made histories and what must be said of them.

mod acknowledgements;
mod by_others;
mod carried;
mod changing;
mod cleaning;
mod clock;
mod compared;
mod deciding;
mod drawn;
mod edges;
mod existence;
mod families;
mod fields;
mod in_files;
mod in_part;
mod mistaken;
mod otherwise;
mod out_of_sight;
mod outcomes;
mod paying;
mod refused;
mod reporting;
mod steps;
mod subtleties;
mod trial;
