//! What a sandbox is made of: addresses, issuers, delivery windows, faults.

use super::fault::FaultSpec;
use crate::model::{IssuerId, Windows};
use chrono_tz::Tz;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Where 834 files go when nobody says otherwise, relative to the working folder.
const OUTBOUND: &str = "sandbox/outbound";

/// What a sandbox is made of. [`Config::default`] listens on free loopback ports and plants no fault.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address of the exchange; port 0 asks the system for one.
    pub listen: SocketAddr,
    /// Credential that the exchange's API asks for.
    pub token: String,
    /// Issuers, at least one; each offers a medical and a dental plan in every state.
    pub issuers: Vec<IssuerConfig>,
    /// Folder of the 834 files of all issuers; made where it is not there.
    pub outbound: PathBuf,
    /// Folder of the issuers' 834 files to the exchange: effectuations, and cancellations of what was not paid; made where it
    /// is not there. Whatever else is put there while the sandbox is at work is received, too. `None`: `inbound` beside the outbound folder.
    pub inbound: Option<PathBuf>,
    /// Folder into which others hand 834 files over: employers, state exchanges, whoever enrolls without the exchange's pages;
    /// made where it is not there. What was taken in is moved into `taken` in it. `None`: `intake` beside the outbound folder.
    pub intake: Option<PathBuf>,
    /// Folder of the acknowledgements (TA1 and 999), with `from_issuers`, `from_exchange` and `to_senders` in it; made where
    /// they are not there. `None`: `acks` beside the outbound folder.
    pub acknowledgements: Option<PathBuf>,
    /// From loading an enrollment to cancelling it because its first premium was not paid; `None`: it is waited for.
    pub binder: Option<Duration>,
    /// Address of an SFTP server that gives these folders for reading and takes files into the intake, on a port of the
    /// system's choice for port 0; `None`: there is none.
    #[cfg(feature = "sftp")]
    pub sftp: Option<SocketAddr>,
    /// When files are written.
    pub delivery: Delivery,
    /// From a file's being written to its being in the issuer's records.
    pub load_within: Duration,
    /// Zone of the exchange: names of files, daily windows.
    pub zone: Tz,
    /// Seed of every draw of a fault.
    pub seed: u64,
    /// Faults; at most one is planted in a household, the first in this order that its draw hits.
    pub faults: Vec<FaultSpec>,
    /// JSON Lines file that the truth is written to, beside memory; `None`: memory only.
    pub truth_log: Option<PathBuf>,
}

/// One imitation issuer.
#[derive(Debug, Clone)]
pub struct IssuerConfig {
    /// HIOS id, the first five characters of its plans.
    pub id: IssuerId,
    /// Its name, as 834 files have it.
    pub name: String,
    /// Its tax id, as 834 files have it.
    pub tax_id: String,
    /// Address of its API; port 0 asks the system for one.
    pub listen: SocketAddr,
    /// Credential that its API asks for.
    pub token: String,
}

/// When 834 files are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// At each delivery window.
    ByWindow(Windows),
    /// Only when [`Running::deliver`](super::Running::deliver) is called: for tests.
    ByHand,
}

impl Config {
    /// Folder of the issuers' 834 files.
    pub fn inbound(&self) -> PathBuf {
        self.inbound.clone().unwrap_or_else(|| self.outbound.with_file_name("inbound"))
    }

    /// Folder into which others hand 834 files over.
    pub fn intake(&self) -> PathBuf {
        self.intake.clone().unwrap_or_else(|| self.outbound.with_file_name("intake"))
    }

    /// Folder of what issuers answer to the exchange's files.
    pub fn acks_from_issuers(&self) -> PathBuf {
        self.acks().join("from_issuers")
    }

    /// Folder of what the exchange answers to the issuers' files.
    pub fn acks_from_exchange(&self) -> PathBuf {
        self.acks().join("from_exchange")
    }

    /// Folder of what the exchange answers to those who hand 834 files over.
    pub fn acks_to_senders(&self) -> PathBuf {
        self.acks().join("to_senders")
    }

    fn acks(&self) -> PathBuf {
        self.acknowledgements.clone().unwrap_or_else(|| self.outbound.with_file_name("acks"))
    }
}

impl Default for Config {
    fn default() -> Self {
        let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let issuer = |id: &str, name: &str, tax_id: &str| IssuerConfig {
            id: IssuerId::new(id),
            name: name.to_owned(),
            tax_id: tax_id.to_owned(),
            listen,
            token: "acme".to_owned(),
        };
        Self {
            listen,
            token: "sandbox".to_owned(),
            issuers: vec![
                issuer("12345", "ACME HEALTH", "001234567"),
                issuer("54321", "BLUEBIRD DENTAL AND LIFE", "007654321"),
            ],
            outbound: PathBuf::from(OUTBOUND),
            inbound: None,
            intake: None,
            acknowledgements: None,
            binder: None,
            #[cfg(feature = "sftp")]
            sftp: None,
            delivery: Delivery::ByWindow(Windows::Every { period: Duration::from_secs(2), grace: Duration::ZERO }),
            load_within: Duration::from_millis(200),
            zone: chrono_tz::America::New_York,
            seed: 0,
            faults: Vec::new(),
            truth_log: None,
        }
    }
}
