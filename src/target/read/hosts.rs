//! Which hosts a target names, and whether `allow_hosts` allows them, as far as it can be said without asking DNS.

use crate::source::{Node, Report, Span};
use core::net::IpAddr;
use url::{Host, Url};

/// A host named in an address of the file.
pub(super) struct Named {
    /// The host, lower case; addresses without brackets.
    pub(super) host: String,
    /// Where.
    pub(super) span: Span,
    /// The address as it may be shown.
    pub(super) shown: String,
}

/// The host of an address, where it is one.
pub(super) fn host_of(address: &str) -> Option<String> {
    Some(match Url::parse(address).ok()?.host()? {
        Host::Domain(name) => name.to_lowercase(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    })
}

/// Scheme, host and port, and nothing that could be a secret.
pub(super) fn is_plain_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        url.host().is_some() && bare && matches!(url.path(), "" | "/") && url.fragment().is_none()
    })
}

/// Whether a value is the host of this address, its port, or both.
pub(super) fn is_at(value: &str, address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let (host, port) =
        (url.host_str().unwrap_or_default(), url.port().map(|port| port.to_string()).unwrap_or_default());
    url.password().is_none() && !value.is_empty() && [host, &port, &format!("{host}:{port}")].contains(&value)
}

/// Reports every named host that `allow_hosts` cannot allow.
pub(super) fn check(named: &[Named], allow_hosts: &Node, report: &mut Report) {
    let allowed: Vec<&str> = allow_hosts.items().iter().filter_map(Node::text).collect();
    for named in named.iter().filter(|n| !allowed.iter().any(|entry| may_allow(entry, &n.host))) {
        let message = format!("`{}` is not allowed by `allow_hosts`", named.shown);
        let help = "add its host to `allow_hosts`: nothing else is ever reached";
        report.error(named.span, message).help(help);
    }
}

/// Whether the entry allows the host, or may do so once the name is resolved.
fn may_allow(entry: &str, host: &str) -> bool {
    let entry = entry.to_lowercase();
    let (base, prefix) = entry.split_once('/').map_or((&*entry, None), |(base, p)| (base, p.parse().ok()));
    match (base.parse::<IpAddr>(), host.parse::<IpAddr>()) {
        (Ok(base), Ok(address)) => in_block(address, base, prefix),
        (Ok(_), Err(_)) => true,
        (Err(_), Ok(_)) => false,
        (Err(_), Err(_)) => entry.strip_prefix('*').map_or(entry == host, |tail| host.ends_with(tail)),
    }
}

fn in_block(address: IpAddr, base: IpAddr, prefix: Option<u32>) -> bool {
    let (address, base, bits) = match (address, base) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return false,
    };
    let shift = bits - prefix.unwrap_or(bits).min(bits);
    address.checked_shr(shift).unwrap_or(0) == base.checked_shr(shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{is_at, is_plain_address, may_allow};

    #[test]
    fn names_wildcards_addresses_and_blocks_allow_what_they_say() {
        assert!(may_allow("exchange.example", "exchange.example"));
        assert!(may_allow("*.example", "a.b.example"));
        assert!(!may_allow("*.example", "example"));
        assert!(!may_allow("*.example", "badexample"));
        assert!(may_allow("10.0.0.0/8", "10.1.2.3"));
        assert!(!may_allow("10.0.0.0/8", "11.1.2.3"));
        assert!(may_allow("0.0.0.0/0", "11.1.2.3"));
        assert!(may_allow("::1", "::1"));
        assert!(may_allow("127.0.0.1", "localhost"), "a name may resolve to it");
        assert!(!may_allow("exchange.example", "127.0.0.1"));
    }

    #[test]
    fn an_address_with_a_path_may_hold_a_secret() {
        assert!(is_plain_address("http://127.0.0.1:8340"));
        assert!(!is_plain_address("https://hook.example/abcdef"));
        assert!(!is_plain_address("https://ann:pw@hook.example"));
        assert!(!is_plain_address("token"));
    }

    #[test]
    fn a_host_and_a_port_are_a_place_and_what_stands_elsewhere_in_an_address_may_be_a_secret() {
        let address = "http://127.0.0.1:8340/s3cret?k=v";
        assert!(is_at("8340", address) && is_at("127.0.0.1", address) && is_at("127.0.0.1:8340", address));
        assert!(!is_at("s3cret", address) && !is_at("v", address) && !is_at("", "http://a.test"));
        assert!(!is_at("8340", "http://user:pass@a.test:8340") && !is_at("8340", "8340"));
    }
}
