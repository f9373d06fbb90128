//! One binary for every test that crosses modules; each module says what belongs in it.

/// The import table between modules.
mod layers;
mod ledger_crash; // SIGKILL at many points
mod ledger_file; // what a ledger file can suffer
mod ledger_history; // a made-up run for the ledger tests
mod ledger_recorder; // many tasks, one writer
mod ledger_story; // what every ledger must do, and what a file can suffer
mod ledger_story; // what every ledger must do
mod ledger_upgrade; // old ledgers stay readable
/// Generated people: the promises kept across counts, threads and releases, and the rules that keep them nobody's.
mod people;
// Not tests: a server that answers as it is told, and remembers what it was asked.
mod far_side;
// Waypoints: JSON APIs over real sockets, and folders of 834 files.
mod feeds;
// Flows over real sockets: cookies, redirects, allowed hosts, verdicts, captures, secrets.
/// Scenario and target files: shipped, valid, wrong and hostile ones.
mod files;
/// The imitation exchange, its 834 files and its issuers, with and without faults.
mod sandbox;
mod submission;
// hand-made histories and what must be said of them
mod judging;
/// Scenario and target files: shipped, valid, wrong and hostile ones.
mod files;
// Flows over real sockets: cookies, redirects, allowed hosts, verdicts, captures, secrets.
mod submission;
// 834 files through the X12 reader and writer.
mod x12;
