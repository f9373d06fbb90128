//! Synthetic John Doe probes for health insurance exchanges.
pub mod clock;
pub mod exchange;
pub mod generator;
pub mod issuer;
pub mod ledger;
pub mod model;
pub mod net;
pub mod prober;
pub mod reconcile;
pub mod report;
pub mod sandbox;
pub mod scenario;
pub mod source;
pub mod statistics;
pub mod target;
pub mod wire;
