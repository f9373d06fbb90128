//! `sandbox`: serves the imitation pipeline until it is stopped; `faults` lists what it can plant.

use super::arguments::Sandbox;
use super::check::print_table;
use super::context::World;
use super::drive;
use super::exit::Exit;
use super::failure::Failure;
use johndoe::clock::SystemClock;
use johndoe::model::Windows;
use johndoe::sandbox::{self, Config, Delivery, FaultSpec};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Ports of the issuers unless flags say so.
const ISSUER_PORTS: [u16; 2] = [8341, 8342];

/// Serves until Ctrl-C.
pub(crate) async fn sandbox(sandbox: &Sandbox, world: &World) -> Result<Exit, Failure> {
    let config = config(sandbox, world)?;
    let outbound = config.outbound.clone();
    let faults = config.faults.len();
    let stop = async {
        drive::next_signal().await;
    };
    let running = sandbox::start(config, Arc::new(SystemClock), stop).await.map_err(Failure::usage)?;
    anstream::println!("exchange  http://{}  (bearer token: sandbox)", running.exchange);
    for (issuer, address) in &running.issuers {
        anstream::println!("issuer    http://{address}  {issuer} (bearer token: acme)");
    }
    anstream::println!("834 files {}", outbound.display());
    anstream::println!("{faults} kinds of fault; Ctrl-C ends it");
    running.stopped().await;
    Ok(Exit::Done)
}

fn config(sandbox: &Sandbox, world: &World) -> Result<Config, Failure> {
    let mut config = Config {
        listen: sandbox.listen,
        outbound: world.folder.join(&sandbox.outbound),
        delivery: Delivery::ByWindow(Windows::Every { period: sandbox.window, grace: Duration::ZERO }),
        seed: sandbox.seed,
        truth_log: sandbox.truth.clone(),
        ..Config::default()
    };
    for (n, issuer) in config.issuers.iter_mut().enumerate() {
        let default = ISSUER_PORTS.get(n).map(|port| SocketAddr::from(([127, 0, 0, 1], *port)));
        if let Some(address) = sandbox.issuer.get(n).copied().or(default) {
            issuer.listen = address;
        }
    }
    for text in &sandbox.fault {
        config.faults.extend(FaultSpec::parse(text).map_err(Failure::usage)?);
    }
    Ok(config)
}

/// Lists the faults.
pub(crate) fn faults() -> Result<Exit, Failure> {
    let rows = sandbox::catalogue().map(|(name, sentence)| [name.to_string(), sentence.to_string()]);
    print_table(["fault", "what goes wrong"], rows);
    Ok(Exit::Done)
}
