//! Which hosts may be reached: exact names, `*.suffix`, addresses and CIDR blocks.

use super::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The hosts that may be reached. What is not listed is refused.
#[derive(Debug, Clone, Default)]
pub struct AllowList {
    names: Vec<String>,
    /// Each with its leading dot.
    suffixes: Vec<String>,
    blocks: Vec<Block>,
}

/// A range of addresses that share their first bits.
#[derive(Debug, Clone, Copy)]
struct Block {
    network: IpAddr,
    prefix: u8,
}

/// Ranges no probe has business in, although a careless name or block may lead there: link-local addresses (cloud
/// metadata among them), metadata services elsewhere, unspecified, multicast and broadcast.
const RESERVED: [Block; 8] = [
    block(IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    block(IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)), 32),
    block(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8),
    block(IpAddr::V4(Ipv4Addr::new(224, 0, 0, 0)), 3),
    block(IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
    block(IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)), 128),
    block(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 128),
    block(IpAddr::V6(Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0)), 8),
];

impl AllowList {
    /// Reads the entries of a target's `allow_hosts`. An entry that is neither a name, `*.name`, an address nor a block is
    /// an error that names it.
    pub fn parse<S: AsRef<str>>(entries: &[S]) -> Result<Self, Error> {
        let mut list = Self::default();
        for entry in entries {
            list.add(entry.as_ref())?;
        }
        Ok(list)
    }

    fn add(&mut self, entry: &str) -> Result<(), Error> {
        let bare = entry.trim().trim_start_matches('[').trim_end_matches(']');
        if let Some(block) = Block::parse(bare) {
            self.blocks.push(block);
            return Ok(());
        }
        let name = normal(bare);
        let (list, stem) = match name.strip_prefix('*') {
            Some(suffix) if suffix.starts_with('.') => (&mut self.suffixes, suffix),
            _ => (&mut self.names, name.as_str()),
        };
        if !is_name(stem.trim_start_matches('.')) {
            return Err(Error::BadAllowEntry { entry: entry.to_owned() });
        }
        list.push(stem.to_owned());
        Ok(())
    }

    /// The same, and the host of one more address.
    pub(super) fn with(&self, address: &str) -> Self {
        let mut list = self.clone();
        let host = url::Url::parse(address).ok().and_then(|url| url.domain().map(normal));
        list.names.extend(host);
        list
    }

    /// Whether the host's name is listed, whatever it resolves to (reserved addresses excepted).
    pub fn allows_name(&self, host: &str) -> bool {
        let host = normal(host);
        self.names.contains(&host) || self.suffixes.iter().any(|s| host.len() > s.len() && host.ends_with(s.as_str()))
    }

    /// Whether a name may be asked for that somebody else gives: listed by name, or perhaps in a block of several addresses. One
    /// address stands for the one host that it was written for.
    pub fn may_allow_name(&self, host: &str) -> bool {
        let is_range = |block: &Block| block.prefix < if block.network.is_ipv4() { 32 } else { 128 };
        self.allows_name(host) || self.blocks.iter().any(is_range)
    }

    /// Whether a host of this name may be reached at this address. For a host written as an address, `host` is that
    /// address's text and only listed addresses will do.
    pub fn allows(&self, host: &str, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match RESERVED.iter().find(|reserved| reserved.contains(address)) {
            Some(reserved) => self.blocks.iter().any(|b| b.contains(address) && reserved.holds(b)),
            None => self.blocks.iter().any(|b| b.contains(address)) || self.allows_name(host),
        }
    }
}

const fn block(network: IpAddr, prefix: u8) -> Block {
    Block { network, prefix }
}

impl Block {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let network = address.parse::<IpAddr>().ok()?.to_canonical();
        let longest = if network.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { network, prefix })
    }

    fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same_head(a.to_bits().into(), b.to_bits().into(), self.prefix, 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same_head(a.to_bits(), b.to_bits(), self.prefix, 128),
            _ => false,
        }
    }

    /// Whether the other block lies within this one: listed on purpose, not by a sweeping `0.0.0.0/0`.
    fn holds(&self, other: &Self) -> bool {
        self.contains(other.network) && other.prefix >= self.prefix
    }
}

fn same_head(a: u128, b: u128, prefix: u8, width: u32) -> bool {
    let free = width - u32::from(prefix);
    a.checked_shr(free).unwrap_or(0) == b.checked_shr(free).unwrap_or(0)
}

/// Lower case, no dot at the end.
fn normal(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::AllowList;

    fn allows(entries: &[&str], host: &str, address: &str) -> bool {
        AllowList::parse(entries).unwrap().allows(host, address.parse().unwrap())
    }

    #[test]
    fn names_match_exactly_or_by_suffix_and_nothing_else_does() {
        assert!(allows(&["exchange.test"], "Exchange.TEST.", "10.0.0.1"));
        assert!(!allows(&["exchange.test"], "evil-exchange.test", "10.0.0.1"));
        assert!(allows(&["*.exchange.test"], "api.exchange.test", "10.0.0.1"));
        assert!(!allows(&["*.exchange.test"], "exchange.test", "10.0.0.1"));
        assert!(!allows(&["*.exchange.test"], "evilexchange.test", "10.0.0.1"));
        assert!(!allows(&[], "exchange.test", "10.0.0.1"));
    }

    #[test]
    fn addresses_and_blocks_match_whatever_the_name_is() {
        assert!(allows(&["10.0.0.0/8"], "any.test", "10.200.3.4"));
        assert!(!allows(&["10.0.0.0/8"], "any.test", "11.0.0.1"));
        assert!(allows(&["127.0.0.1"], "localhost", "::ffff:127.0.0.1"));
        assert!(!allows(&["127.0.0.1"], "localhost", "::1"));
        assert!(allows(&["[::1]"], "localhost", "::1"));
        assert!(allows(&["0.0.0.0/0"], "8.8.8.8", "8.8.8.8"));
    }

    #[test]
    fn a_name_that_somebody_else_gives_is_asked_for_only_where_it_is_listed_or_a_range_may_hold_it() {
        let may = |entries: &[&str]| AllowList::parse(entries).unwrap().may_allow_name("evil.test");
        assert!(may(&["evil.test"]) && may(&["*.test"]) && may(&["10.0.0.0/8"]));
        assert!(!may(&["127.0.0.1"]) && !may(&["exchange.test", "::1"]) && !may(&[]));
    }

    #[test]
    fn reserved_addresses_need_an_entry_of_their_own() {
        for wide in ["0.0.0.0/0", "metadata.test", "169.0.0.0/8"] {
            assert!(!allows(&[wide], "metadata.test", "169.254.169.254"), "{wide}");
        }
        assert!(allows(&["169.254.169.254"], "metadata.test", "169.254.169.254"));
        assert!(allows(&["169.254.0.0/16"], "metadata.test", "169.254.169.254"));
        assert!(!allows(&["metadata.test", "::/0"], "metadata.test", "fd00:ec2::254"));
    }

    #[test]
    fn an_entry_that_is_no_host_is_refused() {
        for bad in ["", "*", "http://exchange.test", "exchange.test:80", "10.0.0.0/33", "*exchange.test"] {
            assert!(AllowList::parse(&[bad]).is_err(), "{bad}");
        }
    }
}
