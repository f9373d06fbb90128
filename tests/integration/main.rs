//! One binary for every test that crosses modules; each module says what belongs in it.

/// The imitation exchange, its 834 files and its issuers, with and without faults.
mod sandbox;
