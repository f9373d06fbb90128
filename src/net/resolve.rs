//! Name resolution that hands out allowed addresses only.

use super::AllowList;
use super::error::Refusal;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::sync::Arc;

/// The system's resolver behind the allow-list: a connection is opened to an address it gave out or not at all, so that
/// a name cannot mean one thing when checked and another when connected to.
pub(super) struct GuardedResolver {
    allowed: Arc<AllowList>,
}

impl GuardedResolver {
    pub(super) fn new(allowed: Arc<AllowList>) -> Self {
        Self { allowed }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.allowed);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let kept = keep(&allowed, name.as_str(), &found)?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

pub(super) fn keep(allowed: &AllowList, host: &str, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, Refusal> {
    let kept: Vec<_> = found.iter().copied().filter(|a| allowed.allows(host, a.ip())).collect();
    if kept.is_empty() && !found.is_empty() {
        return Err(Refusal { host: host.to_owned(), address: found.first().map(SocketAddr::ip) });
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::{AllowList, keep};

    #[test]
    fn only_allowed_addresses_of_a_name_are_given_out() {
        let list = AllowList::parse(&["127.0.0.1"]).unwrap();
        let found = ["[::1]:0".parse().unwrap(), "127.0.0.1:0".parse().unwrap()];
        assert_eq!(keep(&list, "localhost", &found).unwrap(), [found[1]]);
        assert!(keep(&list, "localhost", &found[..1]).is_err());
    }
}
