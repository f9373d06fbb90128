//! The SSH side: a host key made at the start, one user with a password, and nothing to be had but files.

use super::files::Files;
use super::tree::{self, Tree};
use crate::sandbox::Error;
use russh::keys::{Algorithm, HashAlg, PrivateKey, key::safe_rng};
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Session, run_stream};
use russh::{Channel, ChannelId, MethodKind, MethodSet};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The one user, and their password.
const USER: &str = "sandbox";
const PASSWORD: &str = "sandbox";

/// A wrong password is answered after this, so that guessing takes time.
const REJECTED_AFTER: Duration = Duration::from_millis(500);

/// Where the sandbox's folders can be had over SFTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SftpServer {
    /// Host and port.
    pub address: SocketAddr,
    /// Path of the folder of 834 files there.
    pub path: &'static str,
    /// Path of the folder into which 834 files are handed over; the one folder that takes any.
    pub intake: &'static str,
    /// Path of the folder of the answers to them.
    pub acks_to_senders: &'static str,
    /// The host key's fingerprint, `SHA256:…`; another one at each start.
    pub fingerprint: String,
    /// Who may log in.
    pub user: &'static str,
    /// Their password.
    pub password: &'static str,
}

/// Serves the folders until the sandbox stops.
pub(in crate::sandbox) async fn start(
    tasks: &mut JoinSet<()>,
    listen: SocketAddr,
    tree: Tree,
    stop: &CancellationToken,
) -> Result<SftpServer, Error> {
    let failed = |source| Error::Listen { address: listen, source };
    let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).map_err(|e| failed(std::io::Error::other(e)))?;
    let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let config = Arc::new(Config {
        methods: MethodSet::from(&[MethodKind::Password][..]),
        auth_rejection_time: REJECTED_AFTER,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        nodelay: true,
        ..Config::default()
    });
    tasks.spawn(accept(listener, config, tree, stop.clone()));
    Ok(SftpServer {
        address,
        path: tree::OUTBOUND,
        intake: tree::INTAKE,
        acks_to_senders: tree::TO_SENDERS,
        fingerprint,
        user: USER,
        password: PASSWORD,
    })
}

async fn accept(listener: TcpListener, config: Arc<Config>, tree: Tree, stop: CancellationToken) {
    let mut visits = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(visits.spawn(serve(stream, Arc::clone(&config), tree.clone()))),
                // as when no more files can be open: the next visitor may have more luck
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = visits.join_next() => {}
            // visits end with their set
            () = stop.cancelled() => return,
        }
    }
}

async fn serve(stream: TcpStream, config: Arc<Config>, tree: Tree) {
    // a visit's failure is its own
    let _ = stream.set_nodelay(true);
    if let Ok(visit) = run_stream(config, stream, Visitor { tree, channels: HashMap::new() }).await {
        drop(visit.await);
    }
}

/// One connection.
struct Visitor {
    tree: Tree,
    /// Channels that were opened and not put to use yet.
    channels: HashMap<ChannelId, Channel<Msg>>,
}

impl Handler for Visitor {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, russh::Error> {
        Ok(if (user, password) == (USER, PASSWORD) { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        self.channels.insert(channel.id(), channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        match self.channels.remove(&id).filter(|_| name == "sftp") {
            Some(channel) => {
                session.channel_success(id)?;
                russh_sftp::server::run(channel.into_stream(), Files::new(self.tree.clone())).await;
            }
            None => session.channel_failure(id)?,
        }
        Ok(())
    }

    async fn channel_eof(&mut self, id: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
        session.close(id)
    }
}
