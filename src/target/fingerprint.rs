//! By what a target is known again: where it leads and in whose name, each part as a salted digest.

use crate::model::{LifeEvent, hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// Whether a key is of a flow that may be mended in the middle of a run; where households are enrolled may not.
fn is_mendable(key: &str) -> bool {
    let flow = key.strip_prefix("exchange.flows.").and_then(|rest| rest.split('.').next());
    flow.is_some_and(|flow| flow != LifeEvent::Enroll.as_str())
}

/// What a key begins with that is a value from outside the file, written into a request. Versions before did not write these
/// down, and a file may be mended to say it otherwise.
const REFERENCE: &str = "${";

/// What a key ends with that tells the headers of every request somewhere; versions before did not write these down either.
pub(super) const OF_HEADERS: &str = ".headers";

/// Where a target leads and in whose name, by key: addresses, folders, environment, what requests say from outside the file, and
/// the names of its credentials (never their values). `Debug` shows the keys.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    parts: BTreeMap<String, Part>,
}

/// One part of it.
#[derive(Clone, PartialEq, Eq)]
struct Part {
    value: String,
    /// What may be shown of it; `None`: its key only, as it came from outside the file.
    shown: Option<String>,
}

/// An [`Identity`] as a ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    salt: String,
    parts: BTreeMap<String, StoredPart>,
}

/// One part as a ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredPart {
    digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<String>,
}

impl Identity {
    /// Adds a part that stands in the file.
    pub(super) fn add_written(&mut self, key: &str, value: &str) {
        self.parts.insert(key.to_owned(), Part { value: value.to_owned(), shown: Some(value.to_owned()) });
    }

    /// Adds a part that must not be shown.
    pub(super) fn add_hidden(&mut self, key: &str, value: &str) {
        self.parts.insert(key.to_owned(), Part { value: value.to_owned(), shown: None });
    }

    /// What a ledger may keep of it. The salt should be another for each run, so that no two ledgers can be compared.
    pub fn fingerprint(&self, salt: &str) -> Fingerprint {
        let stored = |(key, part): (&String, &Part)| {
            let digest = digest(salt, key, &part.value);
            (key.clone(), StoredPart { digest, shown: part.shown.clone() })
        };
        Fingerprint { salt: salt.to_owned(), parts: self.parts.iter().map(stored).collect() }
    }
}

impl Fingerprint {
    /// What differs from the target as it is now, one sentence for each key; nothing where it is the same. Flows other
    /// than `enroll` may lead elsewhere where they are `mended`.
    pub fn differences(&self, now: &Identity, mended: bool) -> Vec<String> {
        let mut keys: Vec<&String> = self.parts.keys().chain(now.parts.keys()).collect();
        keys.sort();
        keys.dedup();
        keys.retain(|key| !(mended && is_mendable(key)));
        keys.into_iter().filter_map(|key| self.difference(key, now.parts.get(key))).collect()
    }

    fn difference(&self, key: &str, now: Option<&Part>) -> Option<String> {
        let (was, now) = match (self.parts.get(key), now) {
            (Some(was), Some(now)) => (was, now),
            _ if key.starts_with(REFERENCE) => return None,
            (None, _) if key.ends_with(OF_HEADERS) => return None,
            (Some(_), None) => return Some(format!("`{key}` is gone")),
            (None, _) => return Some(format!("`{key}` is new")),
        };
        if was.digest == digest(&self.salt, key, &now.value) {
            return None;
        }
        Some(match (&was.shown, &now.shown) {
            (Some(was), Some(now)) => format!("`{key}` was `{was}` and is `{now}`"),
            (Some(was), None) => format!("`{key}` was `{was}` and is another, from outside the file"),
            (None, Some(now)) => format!("`{key}` is another: `{now}`"),
            (None, None) => format!("`{key}` is another, from outside the file"),
        })
    }
}

/// Of salt, key and value, each with its length, so that no two triples are written the same.
fn digest(salt: &str, key: &str, value: &str) -> String {
    let mut hash = Sha256::new();
    for text in [salt, key, value] {
        hash.update(text.len().to_be_bytes());
        hash.update(text.as_bytes());
    }
    hex(&hash.finalize())
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Identity;

    fn identity(exchange: &str, cancel: &str) -> Identity {
        let mut identity = Identity::default();
        identity.add_hidden("exchange.base_url", exchange);
        identity.add_written("environment", "test");
        identity.add_written("exchange.flows.cancel.1.edi.path", cancel);
        identity
    }

    #[test]
    fn the_same_target_does_not_differ_and_another_says_its_keys_without_values_from_outside() {
        let kept = identity("https://one.example", "a").fingerprint("salt");
        assert!(kept.differences(&identity("https://one.example", "a"), false).is_empty());
        let other = identity("https://two.example", "a");
        assert_eq!(kept.differences(&other, false), ["`exchange.base_url` is another, from outside the file"]);
        assert!(!serde_json::to_string(&kept).unwrap().contains("one.example"));
        assert!(!format!("{other:?}").contains("two.example"));
    }

    #[test]
    fn a_mended_cancel_flow_is_no_other_target() {
        let kept = identity("https://one.example", "a").fingerprint("salt");
        let mended = identity("https://one.example", "b");
        assert!(kept.differences(&mended, true).is_empty());
        let said = kept.differences(&mended, false);
        assert_eq!(said, ["`exchange.flows.cancel.1.edi.path` was `a` and is `b`"]);
    }

    #[test]
    fn what_an_older_version_did_not_write_down_is_not_compared() {
        let (old, mut now) = (identity("https://one.example", "a"), identity("https://one.example", "a"));
        now.add_hidden("${env:TENANT}", "test");
        assert!(old.fingerprint("salt").differences(&now, false).is_empty());
        let kept = now.fingerprint("salt");
        assert!(kept.differences(&old, false).is_empty());
        now.add_hidden("${env:TENANT}", "production");
        assert_eq!(kept.differences(&now, true), ["`${env:TENANT}` is another, from outside the file"]);
    }

    #[test]
    fn headers_of_every_request_are_the_targets_own_also_where_flows_are_mended() {
        let with = |headers: Option<&str>| {
            let mut identity = identity("https://one.example", "a");
            if let Some(headers) = headers {
                identity.add_written("exchange.headers", headers);
            }
            identity
        };
        let kept = with(Some("x-tenant: test")).fingerprint("salt");
        let said = kept.differences(&with(Some("x-tenant: prod")), true);
        assert_eq!(said, ["`exchange.headers` was `x-tenant: test` and is `x-tenant: prod`"]);
        assert_eq!(with(Some("")).fingerprint("salt").differences(&with(Some("x-tenant: prod")), true).len(), 1);
        let old = with(None).fingerprint("salt");
        assert!(old.differences(&with(Some("x-tenant: test")), true).is_empty(), "an older version wrote none");
    }

    #[test]
    fn another_salt_gives_other_digests() {
        let it = identity("https://one.example", "a");
        assert_ne!(it.fingerprint("a").parts, it.fingerprint("b").parts);
    }
}
