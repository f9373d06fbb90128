//! One binary for every test that crosses modules; each module says what belongs in it.

// Not tests: a server that answers as it is told, and remembers what it was asked.
mod far_side;
// Waypoints: JSON APIs over real sockets, and folders of 834 files.
mod feeds;
/// Scenario and target files: shipped, valid, wrong and hostile ones.
mod files;
// Flows over real sockets: cookies, redirects, allowed hosts, verdicts, captures, secrets.
mod submission;
