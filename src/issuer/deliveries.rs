//! Which contents were read before, and under which names.
//!
//! The ledger keeps name and digest, so the same content under the same name is one delivery, whichever process sees it:
//! a file put there twice under one name cannot be told from one that was only touched, or met again after a restart.

use super::listing::Listed;
use crate::files::Stamp;
use std::collections::{HashMap, HashSet};

/// Names of every content that was read, by digest.
#[derive(Debug, Default)]
pub(super) struct Deliveries(HashMap<String, HashSet<String>>);

/// Names that are gone from the folder, by the digest of what was read under them. Found once for a listing: among many files of one
/// content nobody asks all of them for each.
#[derive(Debug, Default)]
pub(super) struct Gone(HashMap<String, Vec<String>>);

/// What a file's content is to those that were read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not read before.
    New,
    /// Read under this very name, by this process or one before it.
    Known,
    /// Read under a name that is gone, and nothing speaks against this being the same file.
    Renamed,
    /// Read under another name that is still there, or that was another file.
    Again,
}

impl Deliveries {
    /// Knows these names and digests.
    pub(super) fn new(read: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut deliveries = Self::default();
        for (label, digest) in read {
            deliveries.add(&label, &digest);
        }
        deliveries
    }

    pub(super) fn add(&mut self, label: &str, digest: &str) {
        self.0.entry(digest.to_owned()).or_default().insert(label.to_owned());
    }

    /// What was read and is not among the names of a listing.
    pub(super) fn gone(&self, present: &HashSet<&str>) -> Gone {
        let gone = |labels: &HashSet<String>| {
            labels.iter().filter(|label| !present.contains(label.as_str())).cloned().collect::<Vec<_>>()
        };
        let of_digests = self.0.iter().map(|(digest, labels)| (digest, gone(labels)));
        Gone(of_digests.filter(|(_, gone)| !gone.is_empty()).map(|(digest, gone)| (digest.clone(), gone)).collect())
    }

    /// Renaming keeps a file's age, and so does compressing it where it lies; a file that was seen with another age is
    /// another one. Of a file that only an earlier process saw no age is known, and it counts as renamed.
    pub(super) fn verdict(
        &self,
        digest: &str,
        file: &Listed,
        gone: &Gone,
        stamp_of: impl Fn(&str) -> Option<Stamp>,
    ) -> Verdict {
        let Some(labels) = self.0.get(digest) else { return Verdict::New };
        if labels.contains(&*file.label) {
            return Verdict::Known;
        }
        let is_renamed = |label: &String| stamp_of(label).is_none_or(|stamp| stamp.modified == file.stamp.modified);
        if gone.0.get(digest).is_some_and(|gone| gone.iter().any(is_renamed)) {
            Verdict::Renamed
        } else {
            Verdict::Again
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Deliveries, Listed, Stamp, Verdict};
    use std::collections::HashSet;
    use std::time::{Duration, SystemTime};

    fn verdict(label: &str, present: &[&str], seconds: u64) -> Verdict {
        let stamp = |seconds| Stamp { size: 1, modified: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) };
        let file = Listed::imagined(label, stamp(seconds));
        let read = Deliveries::new([("a.edi".to_owned(), "digest".to_owned())]);
        let present: HashSet<&str> = present.iter().copied().collect();
        read.verdict("digest", &file, &read.gone(&present), |_| Some(stamp(7)))
    }

    #[test]
    fn a_renamed_file_is_told_from_one_that_was_delivered_again() {
        assert_eq!(verdict("a.edi", &["a.edi"], 7), Verdict::Known);
        assert_eq!(verdict("a.edi.done", &["a.edi.done"], 7), Verdict::Renamed);
        assert_eq!(verdict("b.edi", &["a.edi", "b.edi"], 7), Verdict::Again);
        assert_eq!(verdict("b.edi", &["b.edi"], 8), Verdict::Again);
    }
}
