//! One binary for every test that crosses modules; each module says what belongs in it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(
    clippy::format_push_string,
    clippy::assigning_clones,
    clippy::type_complexity,
    clippy::duration_suboptimal_units,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::match_same_arms,
    clippy::too_many_arguments,
    reason = "tests are read, not tuned"
)]

/// Acknowledgements: read, written, made for a file, checked against it.
mod acks;
/// Every key of a file binds to something that is read.
mod bound;
/// A canary at work: ticks, alarms, channels, and a process that dies.
mod canary;
/// The program as a stranger meets it: mistakes, missing things, old ledgers, signals, and what is said of each.
mod cli;
/// Client certificates: who is shown one.
mod client_certificates;
/// The dashboard over a ledger: its pages, and who may look.
mod dashboard;
/// The book: links, the reference, and whatever is shown to be typed.
mod docs;
/// 270 and 271, the envelopes they travel in, and the waypoint that asks.
mod eligibility;
/// Not tests: a server that answers as it is told, and remembers what it was asked.
mod far_side;
/// Whole trips: what was done to each household, and what is said of it.
mod fates;
/// Waypoints: JSON APIs over real sockets, folders of 834 files and of acknowledgements.
mod feeds;
/// Scenario and target files: shipped, valid, wrong and hostile ones.
mod files;
/// What a target lacks of what a scenario asks for.
mod fit;
/// Steps that are carried out once for each member or group.
mod for_each;
/// A pipeline that nobody here wrote the sandbox for, reached by a target file alone.
mod foreign;
/// 834 files handed over instead of requests, and what their receiver says.
mod hand_over;
/// Files that broke a reader once, or that would.
mod hostile;
/// Hand-made histories, and what must be said of them.
mod judging;
/// The import table between modules.
mod layers;
/// SIGKILL at many points of the ledger's life.
mod ledger_crash;
/// What a ledger file can suffer.
mod ledger_file;
/// Not tests: a made-up run for the ledger tests.
mod ledger_history;
/// Where a ledger may lie, and what happens when it does not stay there.
mod ledger_place;
/// Ledgers that can be read and not written.
mod ledger_read_only;
/// Many tasks, one writer.
mod ledger_recorder;
/// What every ledger must do, whichever database keeps it.
mod ledger_story;
/// Old ledgers stay readable.
mod ledger_upgrade;
mod listing;
/// An issuer that answers ids with the wrong households, or forgets one.
mod mistaken_issuer;
/// Proof by repetition: what is tried, and what it proves.
mod narrowing;
/// Not tests: an OpenSSH server of our own, and a wire that can be cut.
#[cfg(feature = "sftp")]
mod openssh;
/// A target's own mistakes, and nobody accused of them.
mod own_mistakes;
/// Generated people: the promises kept across counts, threads and releases, and the rules that keep them nobody's.
mod pages;
mod people;
/// The punch list over people who were drawn, with faults that were planted.
mod proxies;
mod punching;
mod pyx12;
/// The process is killed and resumes: nothing is lost, nobody is enrolled twice.
mod restart;
/// The imitation exchange, its 834 files and its issuers, with and without faults.
mod samples;
mod sandbox;
/// The second exchange of the guide, end to end.
mod second;
/// Planted secrets and planted strangers, searched for in every byte that leaves the program.
mod secrets;
/// Any X12 file as a stream of segments in their places.
mod segments;
/// The wall clock is set while a run goes on, and while none does.
mod set_clock;
/// What is shipped beside the program: scenarios, targets, changelog.
mod shipped;
/// Pipelines of known truth, 2,000 of each: what intervals cover, and how often verdicts err.
mod simulated;
/// Planted strangers, searched for in every byte that leaves the program.
mod strangers;
/// Flows over real sockets: cookies, redirects, allowed hosts, verdicts, captures, secrets.
mod submission;
/// Every kind of 834 transaction, written, read and compared.
mod transactions;
/// Not tests: given a sandbox with faults, a scenario runs, and its outcome is asked for.
mod trial;
/// Files put into a folder behind a real OpenSSH server, whatever happens on the way.
#[cfg(feature = "sftp")]
mod twins;
mod uploads;
/// 834 files: hand-written, public and damaged ones, and an independent validator.
mod x12;
/// What two files say of the same people, whatever their ids mean and their loops' order.
mod x12_diff;
/// What the exchange's guide asks of each kind of transaction, and days that cannot be in any enrollment.
mod x12_exchange;
/// What the tools for files in the hand say, and that a redacted copy says nothing of anybody.
mod x12_hand;
/// What senders do beside the guide, and that every reader takes it alike.
mod x12_leniency;
/// Not tests: 834s made of a few segments, and what the tools say of them.
mod x12_made;
/// Not tests: copies of valid 834s with one thing wrong.
mod x12_mutants;
/// Files beside what a run of the ledger expects of them.
mod x12_run;
/// Social Security numbers, wherever in a file they stand.
mod x12_ssn;
/// Validation: planted defects, public and hostile files, agreement with another validator.
mod x12_validate;
