//! The imitation exchange, EDI pipeline and issuers, with faults.

mod acknowledge;
mod application;
mod change;
mod config;
mod counters;
mod delivery;
mod edi;
mod eligibility;
mod error;
mod exchange;
mod fault;
mod folder;
mod inbound;
mod intake;
mod issuer;
mod number;
mod offer;
mod outbound;
mod record;
mod refusal;
mod server;
#[cfg(feature = "sftp")]
mod sftp;
mod show;
mod world;

pub use config::{Config, Delivery, IssuerConfig};
pub use counters::Counts;
pub use error::Error;
pub use fault::{FaultKind, FaultSpec, Hop, PlantedFault, SpecError, Truth, catalogue};
pub use server::{Running, start};
#[cfg(feature = "sftp")]
pub use sftp::SftpServer;
