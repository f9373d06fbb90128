//! One binary for every test that crosses modules; each module says what belongs in it.

/// The import table between modules.
mod layers;
