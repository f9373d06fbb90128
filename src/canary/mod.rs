//! What a canary watches, when, and whom it tells: canary text to a checked [`Canary`], and a run's summary to what its streams
//! are told. Pure; the caller reads the file and the environment. What follows is decided in the crate `johndoe_vigil`.

mod hops;
mod keys;
mod means;
mod outcomes;
mod payload;
mod read;

pub use hops::hop_news;
pub use means::{Email, Means, Tls};
pub use outcomes::{CLASSES, Outcome, news, outcomes, stream_name};
pub use payload::{Payload, Template};
pub use read::{Canary, Channel, Watched, parse};

/// The JSON Schema of a canary file, for editors; the same description checks the files.
pub fn schema() -> serde_json::Value {
    keys::CANARY.document("johndoe canary")
}

/// The keys that a canary file has at its top.
pub fn keys() -> Vec<&'static str> {
    keys::CANARY.names()
}

/// Every key of a canary file with its meaning, as an indented outline for people.
pub fn outline() -> String {
    keys::CANARY.outline()
}
