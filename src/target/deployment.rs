//! One deployment of an exchange with its issuers, as the rest of the program sees it.

use super::fingerprint::Identity;
use super::flow::Exchange;
use super::secrets::Secrets;
use super::waypoint::Waypoint;
use crate::model::{Carries, CoverageLine, IssuerId, PlanId, RatingAreas};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// One deployment of an exchange with its issuers, checked.
#[derive(Clone)]
pub struct Target {
    /// Its name; `--confirm` asks for it in production.
    pub name: String,
    /// Test, or production.
    pub environment: Environment,
    /// Premiums may be paid in production.
    pub allow_payment: bool,
    /// Where and how events are carried out.
    pub exchange: Exchange,
    /// Places to look, in pipeline order; never empty.
    pub waypoints: Vec<Waypoint>,
    /// Issuers, with the tax ids and names by which 834 files call them.
    pub issuers: BTreeMap<IssuerId, Vec<String>>,
    /// Plans on offer; empty where the flow itself chooses and captures one.
    pub plans: Vec<OfferedPlan>,
    /// Rating areas by county and ZIP code; empty where the target gives none.
    pub rating_areas: RatingAreas,
    /// What of a household it can carry.
    pub carries: Carries,
    /// Caps that no scenario may exceed.
    pub limits: Caps,
    /// Hosts that may be reached: names, `*.name`, addresses or CIDR blocks.
    pub allow_hosts: Vec<String>,
    /// Extra certificate authorities, PEM.
    pub ca_file: Option<PathBuf>,
    /// Through whom hosts are reached over HTTP; `None`: directly.
    pub proxy: Option<Proxy>,
    /// Who we are to hosts that ask for a certificate, by the host's name in small letters.
    pub clients: BTreeMap<String, ClientCertificate>,
    /// Values that came from outside the file; every output is cleaned of them.
    pub secrets: Secrets,
    /// By what it is known again when a run goes on.
    pub identity: Identity,
}

/// A client certificate. `Debug` shows no part of it.
#[derive(Clone)]
pub enum ClientCertificate {
    /// In PEM.
    Pem {
        /// Certificates, our own first.
        certificate: String,
        /// The private key.
        key: SecretString,
    },
    /// In a file of PKCS#12.
    Pkcs12 {
        /// The file.
        file: PathBuf,
        /// What it is locked with.
        password: SecretString,
    },
}

/// Through whom hosts are reached over HTTP. `Debug` shows no password.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its address.
    pub url: String,
    /// User name and password of `Proxy-Authorization: Basic`.
    pub login: Option<(String, SecretString)>,
    /// Hosts that are reached without it.
    pub except: Vec<String>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem { .. } => f.write_str("Pem"),
            Self::Pkcs12 { file, password } => {
                let is_locked = !password.expose_secret().is_empty();
                f.debug_struct("Pkcs12").field("file", file).field("is_locked", &is_locked).finish()
            }
        }
    }
}

/// What kind of deployment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// A test box: no real people.
    Test,
    /// The real thing: asks for `--confirm`, one probe by default, and must have a `cancel` flow.
    Production,
}

/// A plan that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPlan {
    /// 14 or 16 characters.
    pub plan_id: PlanId,
    /// Two-letter state it is offered in.
    pub state: String,
    /// Medical or dental.
    pub line: CoverageLine,
}

/// Caps of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Caps {
    /// Requests that start a flow, a second.
    pub rate_per_second: f64,
    /// Flows at once.
    pub in_flight: u32,
    /// Probes a run.
    pub probes: u32,
    /// Look-ups at once at each waypoint.
    pub look_ups: u32,
}

impl fmt::Debug for Target {
    /// What the file says, cleaned of every secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            environment,
            allow_payment,
            exchange,
            waypoints,
            issuers,
            plans,
            rating_areas,
            carries,
            limits,
            allow_hosts,
            ca_file,
            proxy,
            clients,
            ..
        } = self;
        let places = format!("{exchange:?}, {waypoints:?}, {allow_hosts:?}, {ca_file:?}, {proxy:?}, {clients:?}");
        let shown = format!(
            "Target({name:?}, {environment:?}, {allow_payment:?}, {places}, {issuers:?}, {plans:?}, {rating_areas:?}, {carries:?}, {limits:?})"
        );
        f.write_str(&self.secrets.redact(&shown))
    }
}
