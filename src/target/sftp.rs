//! A folder on another machine, reached over SFTP: its address, who logs in, and the key by which the machine is known.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::fmt;
use std::time::Duration;
use url::Url;

/// Port of SSH where an address names none.
const PORT: u16 = 22;

/// A folder reached over SFTP. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct SftpFolder {
    /// Host, port and path.
    pub address: SftpAddress,
    /// Who logs in.
    pub user: String,
    /// Their password, where they have one.
    pub password: Option<SecretString>,
    /// Their private key, the text of its file, where they have one.
    pub key: Option<SecretString>,
    /// What the private key is locked with.
    pub passphrase: Option<SecretString>,
    /// The keys that the server may show; never empty.
    pub host_keys: Vec<HostKey>,
    /// Connection, host key and login must be done within this.
    pub connect_within: Duration,
    /// Each request must be answered within this.
    pub request_within: Duration,
}

/// Where a folder lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SftpAddress {
    /// Host name or address, lower case, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// The folder as the server calls it: absolute, or relative to the folder that a login begins in.
    pub path: String,
    /// Who logs in, where the address says it.
    pub user: Option<String>,
}

/// A key by which a server is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKey {
    /// Its algorithm, such as `ssh-ed25519`; unknown where only the fingerprint was given.
    pub algorithm: Option<String>,
    /// `SHA256:` and the SHA-256 of the key in base64 without padding, as `ssh-keygen -l` shows it.
    pub fingerprint: String,
}

impl SftpAddress {
    /// Reads `sftp://[user@]host[:port]/path`; `/~/path` is relative to the folder that a login begins in. Says what is
    /// wrong with a text that is none.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "it cannot be read as an address")?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no host")?;
        if url.scheme() != "sftp" {
            return Err("it does not begin with `sftp://`");
        }
        if url.password().is_some() {
            return Err("a password does not belong in an address; write `sftp: {password: ${env:NAME}}`");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("`?` and `#` are written `%3F` and `%23` in a path");
        }
        let path = percent_decode(url.path()).ok_or("its path holds a `%` that stands for no character")?;
        let path = path.strip_prefix("/~/").unwrap_or(&path);
        let user = percent_decode(url.username()).ok_or("its user holds a `%` that stands for no character")?;
        Ok(Self {
            host: host.trim_start_matches('[').trim_end_matches(']').to_lowercase(),
            port: url.port().unwrap_or(PORT),
            path: if path.is_empty() { ".".to_owned() } else { path.to_owned() },
            user: Some(user).filter(|user| !user.is_empty()),
        })
    }
}

impl fmt::Display for SftpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        let path = if self.path.starts_with('/') { self.path.clone() } else { format!("/~/{}", self.path) };
        write!(f, "sftp://{left}{}{right}:{}{path}", self.host, self.port)
    }
}

impl HostKey {
    /// Reads a fingerprint (`SHA256:` and 43 characters) or a public key line as `ssh-keyscan` and the server's `.pub` file
    /// have it (`ssh-ed25519 AAAA… comment`; the host name that begins a line of `known_hosts` may stand before it).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(digest) = text.strip_prefix("SHA256:") {
            let digest = digest.trim_end_matches('=');
            let sound = STANDARD_NO_PAD.decode(digest).is_ok_and(|bytes| bytes.len() == 32);
            return sound.then(|| Self { algorithm: None, fingerprint: format!("SHA256:{digest}") });
        }
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        words.windows(2).take(2).find_map(|pair| Self::from_line(pair.first()?, pair.last()?))
    }

    /// The key's blob begins with the name of its algorithm (RFC 4253, section 6.6), so that a line proves itself.
    fn from_line(algorithm: &str, blob: &str) -> Option<Self> {
        let blob = STANDARD.decode(blob).ok()?;
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let name = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let digest = STANDARD_NO_PAD.encode(Sha256::digest(&blob));
        let key = Self { algorithm: Some(algorithm.to_owned()), fingerprint: format!("SHA256:{digest}") };
        (name == algorithm.as_bytes()).then_some(key)
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = self.algorithm.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
        write!(f, "{algorithm}{}", self.fingerprint)
    }
}

/// Text without its percent-encoding (RFC 3986, section 2.1).
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let (digits, after) = after.split_first_chunk::<2>()?;
            bytes.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::{HostKey, SftpAddress};

    #[test]
    fn addresses_say_host_port_path_and_user() {
        let address = |text| SftpAddress::parse(text).unwrap();
        let whole = address("sftp://jd@Drop.Example:2222/out%20bound/834");
        assert_eq!((whole.host.as_str(), whole.port, whole.path.as_str()), ("drop.example", 2222, "/out bound/834"));
        assert_eq!(whole.user.as_deref(), Some("jd"));
        assert_eq!(whole.to_string(), "sftp://drop.example:2222/out bound/834");
        let home = address("sftp://127.0.0.1/~/outbound");
        assert_eq!(
            (home.port, home.path.as_str(), home.to_string()),
            (22, "outbound", "sftp://127.0.0.1:22/~/outbound".into())
        );
        assert_eq!(address("sftp://[::1]/a").host, "::1");
        assert_eq!(address("sftp://drop.example").path, ".");
    }

    #[test]
    fn addresses_that_cannot_be_meant_are_refused() {
        let bad = ["sftp://", "sftp:///path", "ftp://drop.example/a", "sftp://jd:pw@drop.example/a", "outbound"];
        for text in bad.into_iter().chain(["sftp://drop.example/a?b", "sftp://drop.example/%zz", "sftp://h/a%00"]) {
            assert!(SftpAddress::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn host_keys_are_fingerprints_or_public_key_lines() {
        // Made for this test with `ssh-keygen -t ed25519`, fingerprint by `ssh-keygen -l`.
        let line = "AAAAC3NzaC1lZDI1NTE5AAAAIAjv1HzRT9AehhCb8iAsHtIdkGlxopRvH8gmsEtZxxAI";
        let key = HostKey::parse(&format!("ssh-ed25519 {line} root@drop")).unwrap();
        assert_eq!(key.to_string(), "ssh-ed25519 SHA256:kuBpd3meWhhfC5fboyXfNXGmWkYlhL1XronXPnDolu0");
        let known_hosts = format!("drop.example ssh-ed25519 {line}");
        assert_eq!(HostKey::parse(&known_hosts).unwrap(), key);
        assert_eq!(HostKey::parse(&key.fingerprint).unwrap().fingerprint, key.fingerprint);
        for bad in ["", "SHA256:abc", "MD5:00:11", "ssh-rsa", &format!("ssh-rsa {line}"), "ssh-ed25519 AAAA"] {
            assert!(HostKey::parse(bad).is_none(), "{bad}");
        }
    }
}
