//! What to probe: scenario text to a checked [`Scenario`]. Pure; the caller reads the file.

mod after;
mod journey;
mod keys;
mod read;
mod rows;
mod step;
mod when;

pub use read::parse;
pub use step::{Load, Scenario, Step};

/// The keys that a scenario file has at its top.
pub fn keys() -> Vec<&'static str> {
    keys::SCENARIO.names()
}

/// The JSON Schema of a scenario file, for editors; the same description checks the files.
pub fn schema() -> serde_json::Value {
    keys::SCENARIO.document("johndoe scenario")
}

/// Every key of a scenario file with its meaning, as an indented outline for people.
pub fn outline() -> String {
    keys::SCENARIO.outline()
}
