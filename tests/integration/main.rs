//! One binary for every test that crosses modules; each module says what belongs in it.

/// Scenario and target files: shipped, valid, wrong and hostile ones.
mod files;
