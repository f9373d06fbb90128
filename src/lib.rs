//! Synthetic John Doe probes for health insurance exchanges: enroll, follow, judge, take out again.
//!
//! # The way a probe travels
//!
//! 1. [`scenario`] and [`target`] read what a person wrote; [`generator`] draws the households from scenario, seed and
//!    index, and nothing else.
//! 2. [`prober`] writes its intent into the [`ledger`], carries out the target's flow through [`exchange`] (over HTTP, or by
//!    handing over an 834), and writes the answer down.
//! 3. It watches every waypoint through [`issuer`]'s feeds (834 files, acknowledgements and eligibility answers are read by
//!    [`wire`]); what is ours is written down, what is a stranger's is counted and dropped inside the feed.
//! 4. [`reconcile`] judges: a pure function of the run's plan and its ledger entries. [`statistics`] says how sure one can
//!    be, [`report`] renders it.
//! 5. The prober cancels what it enrolled and watches that too.
//!
//! [`sandbox`] is the imitation pipeline: it shares the nouns and the wire format with the rest, and nothing else, so that
//! what is tested shares no code with the judge.
//!
//! # Layers
//!
//! Imports go down only; `tests/integration/layers.rs` holds the table and fails on any other edge.
//!
//! ```text
//! 6  bin       main.rs  cli/                          a separate crate: the library cannot see it
//! 5            dashboard                              what the ledger and the judge know, as pages
//! 4            watch                                  a canary at work: when to probe, and whom to tell
//! 3            prober        sandbox                  the engine; the imitation pipeline
//! 2  I/O       exchange  issuer  ledger  notify       submit; look; remember; tell
//!              files                                  a folder's files, here or behind SFTP, under both
//!              net                                    the one door to the network
//! 1  pure      scenario  target ← canary  generator  life  redact → wire  reconcile → punch → statistics  narrow  compare  report
//! 0            model  clock  source                   nouns; what time it is; text with positions
//! ```
//!
//! # Words
//!
//! One word per idea, the same in code, files, ledger, reports and the book; `docs/words.md` lists them.

pub mod canary;
pub mod clock;
pub mod compare;
pub mod dashboard;
pub mod exchange;
pub mod files;
pub mod generator;
pub mod issuer;
pub mod ledger;
pub mod life;
pub mod model;
pub mod narrow;
pub mod net;
pub mod notify;
pub mod prober;
pub mod punch;
pub mod reconcile;
pub mod redact;
pub mod report;
pub mod sandbox;
pub mod scenario;
pub mod source;
pub mod statistics;
pub mod target;
pub mod watch;
pub mod wire;
