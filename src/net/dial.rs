//! Connections that speak no HTTP, to allowed addresses only.

use super::error::Refusal;
use super::resolve::keep;
use super::{Door, Error};
use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpStream, lookup_host};

impl Door {
    /// A connection to the first address of the host that is allowed and answers. The name is resolved once, and what was
    /// checked is what is connected to. Sets no time limit.
    pub(super) async fn dial(&self, host: &str, port: u16) -> Result<TcpStream, Error> {
        let failed = |e: io::Error| Error::NotConnected { host: format!("{host}:{port}"), cause: e.to_string() };
        let found: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(failed)?.collect();
        let kept = keep(self.allowed(), host, &found)
            .map_err(|Refusal { host, address }| Error::NotAllowed { host, address })?;
        let stream = TcpStream::connect(&*kept).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        Ok(stream)
    }
}
