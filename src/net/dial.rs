//! Connections that speak no HTTP (yet), to allowed addresses only.

use super::error::Refusal;
use super::resolve::keep;
use super::{Door, Error};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use url::Url;

/// So long may it take to know whether anybody is there.
const KNOWN_WITHIN: Duration = Duration::from_secs(5);

impl Door {
    /// Whether anybody takes a connection at this address, or the proxy before it; nothing is said on it.
    pub async fn finds(&self, address: &str) -> bool {
        let Ok(url) = Url::parse(address) else { return false };
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if let Some(proxy) = self.proxy_before(host) {
            return tokio::time::timeout(KNOWN_WITHIN, reached(&proxy.url)).await.unwrap_or_default();
        }
        matches!(tokio::time::timeout(KNOWN_WITHIN, self.dial(host, port)).await, Ok(Ok(_)))
    }

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

/// Whether a proxy takes connections.
async fn reached(proxy: &str) -> bool {
    let Ok(url) = Url::parse(proxy) else { return false };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
    TcpStream::connect((host.trim_matches(['[', ']']), port)).await.is_ok()
}
