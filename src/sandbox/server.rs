//! Starting the sandbox's servers, and stopping them.

use super::config::{Config, Delivery};
use super::counters::Counts;
use super::delivery;
use super::error::Error;
use super::fault::{PlantedFault, Truth};
use super::world::World;
use super::{exchange, inbound, intake, issuer};
use crate::clock::Clock;
use crate::model::IssuerId;
use axum::Router;
use axum::serve::ListenerExt;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long connections may take to end once the sandbox stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// A sandbox at work. Dropping it ends its servers at once; [`Running::stop`] ends them in order.
#[derive(Debug)]
pub struct Running {
    /// Where the exchange answers.
    pub exchange: SocketAddr,
    /// Where each issuer answers.
    pub issuers: BTreeMap<IssuerId, SocketAddr>,
    /// Folder of the 834 files.
    pub outbound: PathBuf,
    /// Folder of the issuers' 834 files to the exchange.
    pub inbound: PathBuf,
    /// Folder of what issuers answer to the exchange's files (TA1 and 999).
    pub acks_from_issuers: PathBuf,
    /// Folder of what the exchange answers to the issuers' files.
    pub acks_from_exchange: PathBuf,
    /// Folder into which others hand 834 files over.
    pub intake: PathBuf,
    /// Folder of what the exchange answers to them.
    pub acks_to_senders: PathBuf,
    /// Where these folders can be had over SFTP, if anywhere.
    #[cfg(feature = "sftp")]
    pub sftp: Option<super::sftp::SftpServer>,
    world: Arc<World>,
    tasks: JoinSet<()>,
}

/// Starts the exchange, the issuers and the delivery of 834 files; `shutdown` ends them, and so does [`Running::stop`].
pub async fn start(
    config: Config,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Running, Error> {
    if config.issuers.is_empty() {
        return Err(Error::NoIssuer);
    }
    make_folders(&config)?;
    let truth = open_truth(&config)?;
    let stop = CancellationToken::new();
    let world = Arc::new(World::new(config, clock, truth, stop.clone()));
    inbound::begin(&world).map_err(|source| Error::Folder { path: world.config.inbound(), source })?;
    let mut tasks = JoinSet::new();
    let exchange = serve(&mut tasks, world.config.listen, exchange::router(Arc::clone(&world)), &stop).await?;
    let mut issuers = BTreeMap::new();
    for issuer in &world.config.issuers {
        let router = issuer::router(Arc::clone(&world), issuer.id.clone());
        issuers.insert(issuer.id.clone(), serve(&mut tasks, issuer.listen, router, &stop).await?);
    }
    #[cfg(feature = "sftp")]
    let sftp = match world.config.sftp {
        Some(listen) => {
            Some(super::sftp::start(&mut tasks, listen, super::sftp::Tree::of(&world.config), &stop).await?)
        }
        None => None,
    };
    if let Delivery::ByWindow(windows) = world.config.delivery.clone() {
        tasks.spawn(delivery::by_window(Arc::clone(&world), windows));
        tasks.spawn(intake::watch(Arc::clone(&world)));
    }
    tasks.spawn(async move {
        tokio::select! {
            () = shutdown => stop.cancel(),
            () = stop.cancelled() => {}
        }
    });
    Ok(Running {
        exchange,
        issuers,
        outbound: world.config.outbound.clone(),
        inbound: world.config.inbound(),
        acks_from_issuers: world.config.acks_from_issuers(),
        acks_from_exchange: world.config.acks_from_exchange(),
        intake: world.config.intake(),
        acks_to_senders: world.config.acks_to_senders(),
        #[cfg(feature = "sftp")]
        sftp,
        world,
        tasks,
    })
}

fn make_folders(config: &Config) -> Result<(), Error> {
    let acknowledgements = [config.acks_from_issuers(), config.acks_from_exchange(), config.acks_to_senders()];
    let files = [config.outbound.clone(), config.inbound(), config.intake()];
    for path in files.into_iter().chain(acknowledgements) {
        fs::create_dir_all(&path).map_err(|source| Error::Folder { path, source })?;
    }
    Ok(())
}

fn open_truth(config: &Config) -> Result<Truth, Error> {
    let Some(path) = &config.truth_log else { return Ok(Truth::default()) };
    let log = OpenOptions::new().create(true).append(true).open(path);
    let log = log.map_err(|source| Error::TruthLog { path: path.clone(), source })?;
    Ok(Truth::logged(Some(log)))
}

/// Binds an address and serves it until the sandbox stops; gives the address bound.
async fn serve(
    tasks: &mut JoinSet<()>,
    address: SocketAddr,
    router: Router,
    stop: &CancellationToken,
) -> Result<SocketAddr, Error> {
    let listen = |source| Error::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let bound = listener.local_addr().map_err(listen)?;
    // answers leave at once: waiting to fill a packet costs the client forty milliseconds
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let stopped = stop.clone().cancelled_owned();
    tasks.spawn(async move {
        // the accept loop itself never fails; a connection's failure is its own
        drop(axum::serve(listener, router).with_graceful_shutdown(stopped).await);
    });
    Ok(bound)
}

impl Running {
    /// Every fault planted so far.
    pub fn truth(&self) -> Vec<PlantedFault> {
        self.world.truth.planted()
    }

    /// The truth as a handle that outlives this value and goes on filling.
    pub fn truth_handle(&self) -> Truth {
        self.world.truth.clone()
    }

    /// What came for each household, by its marker.
    pub fn counters(&self) -> BTreeMap<String, Counts> {
        self.world.counters.all()
    }

    /// Trouble of the sandbox itself, such as a full disk, in words.
    pub fn troubles(&self) -> Vec<String> {
        self.world.troubles()
    }

    /// Takes in what was handed over and what lies in the issuers' folder, and writes the files of a delivery window now; with a load delay of zero the issuers have
    /// loaded them on return.
    pub async fn deliver(&self) {
        let world = Arc::clone(&self.world);
        // a taker that panicked is a bug that its own test shows
        drop(tokio::task::spawn_blocking(move || intake::take_in(&world, intake::Look::AtOnce)).await);
        delivery::deliver(Arc::clone(&self.world), false).await;
    }

    /// Stops the servers: requests in hand are answered, those held back by a fault are given up.
    pub async fn stop(mut self) {
        self.world.stop.cancel();
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, all_ended).await.is_err() {
            self.tasks.shutdown().await;
        }
    }

    /// Ends when the sandbox is asked to stop; until then it goes on.
    pub async fn asked_to_stop(&self) {
        self.world.stop.cancelled().await;
    }

    /// Ends when the sandbox has stopped.
    pub async fn stopped(self) {
        self.world.stop.cancelled().await;
        self.stop().await;
    }
}
