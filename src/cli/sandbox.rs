//! `sandbox`: serves the imitation pipeline until it is stopped.

use super::console::{print, tell};
use super::context::World;
use super::drive;
use super::exit::Exit;
use super::failure::Failure;
use super::flags::Sandbox;
use johndoe::clock::{SteadyClock, SystemClock};
use johndoe::model::{IssuerId, Windows};
use johndoe::sandbox::{self, Config, Delivery, FaultSpec, Running};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Ports of the issuers unless flags say so.
const ISSUER_PORTS: [u16; 2] = [8341, 8342];

/// How often trouble is looked for.
const EACH_SECOND: Duration = Duration::from_secs(1);

/// Serves until Ctrl-C.
pub(crate) async fn sandbox(sandbox: &Sandbox, world: &World) -> Result<Exit, Failure> {
    let config = config(sandbox, world)?;
    let faults = config.faults.len();
    let stop = async {
        drive::next_signal().await;
    };
    let running = sandbox::start(config, Arc::new(SteadyClock::over(Arc::new(SystemClock), None)), stop)
        .await
        .map_err(Failure::usage)?;
    print(&addresses(&running, faults))?;
    tell_troubles(&running).await;
    running.stop().await;
    Ok(Exit::Done)
}

/// Tells of what troubles the sandbox, such as a transaction handed over with which nothing can be done, until it is to stop.
async fn tell_troubles(running: &Running) {
    let mut told = 0;
    loop {
        let is_over = tokio::time::timeout(EACH_SECOND, running.asked_to_stop()).await.is_ok();
        let troubles = running.troubles();
        for trouble in troubles.iter().skip(told) {
            tell(trouble);
        }
        told = troubles.len();
        if is_over {
            return;
        }
    }
}

fn addresses(running: &Running, faults: usize) -> String {
    let issuer =
        |(issuer, at): (&IssuerId, &SocketAddr)| format!("issuer    http://{at}  {issuer} (bearer token: acme)\n");
    let issuers: String = running.issuers.iter().map(issuer).collect();
    format!(
        "exchange  http://{}  (bearer token: sandbox)\n{issuers}834 files {}, answered in {}\n          issuers' own {}, answered in {}\n          \
         taken in from {}, answered in {}\n{}{faults} kinds of fault; Ctrl-C ends it\n",
        running.exchange,
        running.outbound.display(),
        running.acks_from_issuers.display(),
        running.inbound.display(),
        running.acks_from_exchange.display(),
        running.intake.display(),
        running.acks_to_senders.display(),
        over_sftp(running),
    )
}

/// How a target reaches the folders over SFTP, ready to be copied.
#[cfg(feature = "sftp")]
fn over_sftp(running: &Running) -> String {
    let Some(sftp) = &running.sftp else { return String::new() };
    let (user, address, path) = (sftp.user, sftp.address, sftp.path);
    let (password, host_key) = (sftp.password, &sftp.fingerprint);
    let (intake, answers) = (sftp.intake, sftp.acks_to_senders);
    format!(
        "          path: sftp://{user}@{address}{path}\n          sftp: {{password: {password}, host_key: \"{host_key}\"}}\n\
         \x20         there too: {intake} takes files, {answers} answers them; /inbound, which takes an issuer's,\n          \
         /acks/from_issuers, /acks/from_exchange\n"
    )
}

#[cfg(not(feature = "sftp"))]
fn over_sftp(_: &Running) -> String {
    String::new()
}

fn config(sandbox: &Sandbox, world: &World) -> Result<Config, Failure> {
    let mut config = Config {
        listen: sandbox.listen,
        outbound: world.folder.join(&sandbox.outbound),
        inbound: sandbox.inbound.as_ref().map(|folder| world.folder.join(folder)),
        intake: sandbox.intake.as_ref().map(|folder| world.folder.join(folder)),
        binder: sandbox.binder,
        #[cfg(feature = "sftp")]
        sftp: sandbox.sftp,
        delivery: Delivery::ByWindow(Windows::Every { period: sandbox.window, grace: Duration::ZERO }),
        seed: sandbox.seed,
        truth_log: sandbox.truth.clone(),
        ..Config::default()
    };
    let (asked, issuers) = (sandbox.issuer.len(), config.issuers.len());
    if asked != 0 && asked != issuers {
        let times = if asked == 1 { "once".to_owned() } else { format!("{asked} times") };
        return Err(Failure::usage(format!(
            "--issuer is given {times}, and the sandbox has {issuers} issuers: give one address for each, or none for \
             their own ports"
        )));
    }
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
