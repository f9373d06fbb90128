//! What one reading of a waypoint's folders brought.

use crate::model::{FarName, GroupRecord, IssuerId, ProbeIndex, Refused};
use crate::reconcile::Recognition;
use crate::wire::ack::SeenAck;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// One reading of the folders.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// When it began: what was not there then is absent up to then.
    pub began_at: DateTime<Utc>,
    /// When it was known what lies there: what was there is there since then at the latest.
    pub listed_at: DateTime<Utc>,
    /// Files read to their end by this reading, oldest first. The ledger keeps each by name and digest.
    pub files: Vec<ReadFile>,
    /// Files that are there and could not be read yet.
    pub waiting: Vec<Waiting>,
    /// Folders and files that could not be read, with their issuer where they have one: nothing can be said to be missing
    /// there.
    pub blind: Vec<(Option<IssuerId>, String)>,
    /// Nothing was blind.
    pub healthy: bool,
}

/// A file that was read, or is known to be unreadable for good; it is not read again.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFile {
    /// What it is called, with its folder's issuer before it where there are several folders.
    pub name: FarName,
    /// SHA-256 of its content, hexadecimal.
    pub digest: String,
    /// Whether its content was new.
    pub delivery: Delivery,
    /// The records of ours in it, with whose they are.
    pub records: Vec<(Recognition, GroupRecord)>,
    /// Members of groups that are none of ours: counted, and nothing else of them kept.
    pub strangers: u64,
    /// Probes that some of the strangers may be, though they show too little to say so.
    pub possible: BTreeSet<ProbeIndex>,
    /// Members in all.
    pub members: u64,
    /// What was wrong with it, where something was.
    pub damage: Option<String>,
    /// What in it a receiver refuses.
    pub refused: Vec<Refused>,
    /// Probes whose records stand in what is refused so that they are not given out.
    pub held: BTreeSet<ProbeIndex>,
    /// Since when it has lain there as it is, where it was read only because nothing more came.
    pub cut_since: Option<DateTime<Utc>>,
    /// Of a folder of acknowledgements: what they say, whoever's messages they answer.
    pub acks: Vec<SeenAck>,
}

/// Whether a file's content was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// New content.
    First,
    /// The content of a file that is (or was) there under another name: it was delivered again, and its records are seen
    /// again.
    Again,
    /// A file read before that was only renamed: its records are not seen again, and are not given here.
    Renamed,
}

/// A file that waits to be whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What it is called.
    pub name: FarName,
    /// What it lacks.
    pub reason: String,
    /// Since when it is known and not whole.
    pub since: DateTime<Utc>,
}
