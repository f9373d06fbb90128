//! One binary for every test that crosses modules; each module says what belongs in it.

/// The import table between modules.
mod layers;
mod ledger_story; // what every ledger must do, and what a file can suffer
mod ledger_upgrade; // old ledgers stay readable
