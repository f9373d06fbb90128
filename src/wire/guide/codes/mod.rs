//! Code lists, each code with its meaning.

pub mod acknowledgements;
pub mod amounts;
pub mod coverage;
pub mod dates;
pub mod eligibility;
pub mod members;
pub mod people;
pub mod places;
pub mod references;

pub use acknowledgements::*;
pub use amounts::*;
pub use coverage::*;
pub use dates::*;
pub use eligibility::*;
pub use members::*;
pub use people::*;
pub use places::*;
pub use references::*;

use super::notation::Codes;

/// Element 1073.
pub const YES_NO: Codes = &[("N", "no"), ("Y", "yes")];

/// The meaning of a code, where its list has one.
pub fn meaning(codes: Codes, code: &[u8]) -> Option<&'static str> {
    // Most of a list goes by at a look at the first letter.
    let first = code.first();
    let is_it = |known: &[u8]| known.first() == first && known == code;
    codes.iter().find(|(known, _)| is_it(known.as_bytes())).map(|(_, meaning)| *meaning)
}
