//! What is known of each file by its name, so that an unchanged one is not opened again.

use super::listing::Listed;
use crate::files::Stamp;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// Files by label.
#[derive(Debug, Default)]
pub(super) struct FileStates(HashMap<String, Known>);

#[derive(Debug, Clone)]
struct Known {
    stamp: Stamp,
    state: State,
}

/// What became of a file when it was last opened.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// Read to this length of what it says, with this digest.
    Read { digest: String, length: u64 },
    /// Not whole; `closed`: more of it will not mend that.
    Waiting { reason: String, since: DateTime<Utc>, closed: bool },
    /// Could not be opened or read.
    Unreadable { reason: String, since: DateTime<Utc> },
}

impl FileStates {
    pub(super) fn set(&mut self, file: &Listed, state: State) {
        self.0.insert(file.label.to_string(), Known { stamp: file.stamp, state });
    }

    /// The state of a file that has not changed since.
    pub(super) fn unchanged(&self, file: &Listed) -> Option<&State> {
        self.0.get(&*file.label).filter(|known| known.stamp == file.stamp).map(|known| &known.state)
    }

    /// Size and age that a name was last seen with.
    pub(super) fn stamp(&self, label: &str) -> Option<Stamp> {
        self.0.get(label).map(|known| known.stamp)
    }

    /// Why and since when a file is not read.
    pub(super) fn not_read(&self, file: &Listed) -> Option<(&str, DateTime<Utc>)> {
        match &self.0.get(&*file.label)?.state {
            State::Waiting { reason, since, .. } | State::Unreadable { reason, since } => Some((reason, *since)),
            State::Read { .. } => None,
        }
    }

    /// Digest and length of what was read under this name, where the file has grown since.
    pub(super) fn read_before(&self, file: &Listed) -> Option<(String, u64)> {
        let known = self.0.get(&*file.label).filter(|known| known.stamp.size < file.stamp.size)?;
        match &known.state {
            State::Read { digest, length } => Some((digest.clone(), *length)),
            _ => None,
        }
    }

    /// Forgets files that went away unread; those that were read are remembered, so that a renamed one is known.
    pub(super) fn forget_unread(&mut self, present: &HashSet<&str>) {
        self.0.retain(|label, known| matches!(known.state, State::Read { .. }) || present.contains(label.as_str()));
    }
}
