//! A waypoint that is a folder of 834 files, or one for each issuer.
//!
//! A file is read when it is whole: every interchange closed, every count agreeing. What is not waits, and is reported as
//! waiting; a file that is closed and wrong all the same is read for what is sound in it as soon as two readings find it
//! unchanged. Each content is read once, by its digest: a file that was renamed is known again, one that grew is read from
//! where it ended, and the same content under a second name is a second delivery.

use super::deliveries::{Deliveries, Verdict};
use super::edi_file::{Reading, examine, spelled};
use super::listing::{Folder, Listed, Stamp, stamp};
use super::pattern::Pattern;
use super::scan::{Delivery, ReadFile, Scan, Waiting};
use crate::model::IssuerId;
use crate::reconcile::Roster;
use crate::target::EdiFolder;
use crate::wire::x12::Completeness;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

/// A folder waypoint, and what it knows of the files in it. Blocking: call it where blocking is allowed.
#[derive(Debug)]
pub struct EdiFolderFeed {
    folders: Vec<Folder>,
    names: Vec<Pattern>,
    zone: Tz,
    issuers: HashMap<String, IssuerId>,
    /// By label.
    files: HashMap<String, Known>,
    deliveries: Deliveries,
}

/// What lay in the folders at one moment.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    began_at: DateTime<Utc>,
    files: Vec<Listed>,
    blind: Vec<(Option<IssuerId>, String)>,
}

/// What is known of a file by its name, so that an unchanged one is not opened again.
#[derive(Debug, Clone)]
struct Known {
    stamp: Stamp,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    /// Read to this length, with this digest.
    Read { digest: String, length: u64 },
    /// Not whole.
    Waiting { reason: String, since: DateTime<Utc>, closed: bool },
    /// Could not be opened or read.
    Unreadable { reason: String, since: DateTime<Utc> },
}

impl EdiFolderFeed {
    /// A feed over the waypoint's folders. `issuers`: the tax ids and names by which files call them; `zone`: the
    /// exchange's; `already_read`: name and digest of every file that the ledger has as read (or as baseline).
    pub fn new(
        settings: &EdiFolder,
        issuers: &BTreeMap<IssuerId, Vec<String>>,
        zone: Tz,
        already_read: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let several = settings.folders.len() > 1;
        let folder = |(issuer, path): (&Option<IssuerId>, &std::path::PathBuf)| {
            let prefix = issuer.as_ref().filter(|_| several).map(|i| format!("{i}/")).unwrap_or_default();
            Folder { path: path.clone(), issuer: issuer.clone(), prefix }
        };
        let called = |(issuer, names): (&IssuerId, &Vec<String>)| {
            let names = names.iter().map(String::as_str).chain([issuer.as_str()]);
            names.map(|name| (spelled(name), issuer.clone())).collect::<Vec<_>>()
        };
        Self {
            folders: settings.folders.iter().map(folder).collect(),
            names: settings.names.iter().map(|name| Pattern::new(name)).collect(),
            zone,
            issuers: issuers.iter().flat_map(called).collect(),
            files: HashMap::new(),
            deliveries: Deliveries::new(already_read),
        }
    }

    /// Takes every whole file that lies there now as known without reading its records, and gives back name and digest of
    /// each: what was there before the run began is not the run's. A file that cannot be read yet is not among them.
    pub fn baseline(&mut self, now: DateTime<Utc>) -> Vec<(String, String)> {
        let (listed, _) = self.list();
        let mut known = Vec::new();
        for file in &listed {
            let Ok(examined) = examine(&file.path, None) else { continue };
            let is_growing = matches!(examined.completeness, Completeness::Incomplete { closed: false, .. });
            if is_growing {
                let reason = reason_of(&examined.completeness);
                self.know(file, State::Waiting { reason, since: now, closed: false });
            } else {
                self.known_as_read(file, &examined.digest);
                known.push((file.label.clone(), examined.digest));
            }
        }
        known
    }

    /// Reads what is new since the last time. `began_at` is now, by the caller's clock.
    pub fn scan(&mut self, began_at: DateTime<Utc>, roster: &Roster) -> Scan {
        let listing = self.look(began_at);
        self.read(listing, roster)
    }

    /// What lies in the folders now; nothing is opened. `began_at` is now, by the caller's clock.
    pub fn look(&self, began_at: DateTime<Utc>) -> Listing {
        let (files, blind) = self.list();
        Listing { began_at, files, blind }
    }

    /// Reads what is new among the files of a listing, and no file that came after it: whoever learns ids meanwhile can
    /// be sure that they are known before a file that holds them is read.
    pub fn read(&mut self, listing: Listing, roster: &Roster) -> Scan {
        let mut scan = Scan { began_at: listing.began_at, blind: listing.blind, ..Scan::default() };
        let listed = listing.files;
        let present: HashSet<&str> = listed.iter().map(|file| file.label.as_str()).collect();
        for file in &listed {
            self.visit(file, &present, roster, &mut scan);
        }
        self.files.retain(|label, known| matches!(known.state, State::Read { .. }) || present.contains(label.as_str()));
        scan.healthy = scan.blind.is_empty();
        scan
    }

    fn list(&self) -> (Vec<Listed>, Vec<(Option<IssuerId>, String)>) {
        let (mut listed, mut blind) = (Vec::new(), Vec::new());
        for folder in &self.folders {
            match folder.list(&self.names) {
                Ok(files) => listed.extend(files),
                Err(e) => {
                    let reason = format!("folder `{}` cannot be read: {e}", folder.path.display());
                    blind.push((folder.issuer.clone(), reason));
                }
            }
        }
        (listed, blind)
    }

    fn visit(&mut self, file: &Listed, present: &HashSet<&str>, roster: &Roster, scan: &mut Scan) {
        let known = self.files.get(&file.label).filter(|known| known.stamp == file.stamp).map(|known| &known.state);
        match known {
            Some(State::Read { .. }) => {}
            Some(State::Waiting { reason, since, closed: false }) => {
                scan.waiting.push(Waiting { name: file.label.clone(), reason: reason.clone(), since: *since });
            }
            // Closed, wrong, and unchanged since the last time: it will not get better.
            Some(State::Waiting { closed: true, .. }) => self.open(file, present, roster, scan, true),
            Some(State::Unreadable { .. }) | None => self.open(file, present, roster, scan, false),
        }
    }

    fn open(&mut self, file: &Listed, present: &HashSet<&str>, roster: &Roster, scan: &mut Scan, settled: bool) {
        match self.try_open(file, present, roster, scan.began_at, settled) {
            Ok(Some(read)) => scan.files.push(read),
            Ok(None) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => {
                let reason = format!("file `{}` cannot be read: {e}", file.label);
                scan.blind.push((file.issuer.clone(), reason.clone()));
                let since = self.since(file, scan.began_at);
                self.know(file, State::Unreadable { reason, since });
            }
        }
        if let Some(Known {
            state: State::Waiting { reason, since, .. } | State::Unreadable { reason, since }, ..
        }) = self.files.get(&file.label)
        {
            scan.waiting.push(Waiting { name: file.label.clone(), reason: reason.clone(), since: *since });
        }
    }

    fn try_open(
        &mut self,
        file: &Listed,
        present: &HashSet<&str>,
        roster: &Roster,
        now: DateTime<Utc>,
        settled: bool,
    ) -> io::Result<Option<ReadFile>> {
        let before = self.read_before(file);
        let examined = examine(&file.path, before.as_ref().map(|(_, length)| *length))?;
        let waits = match &examined.completeness {
            Completeness::Complete => false,
            Completeness::Incomplete { closed, .. } => !(*closed && settled),
        };
        if waits || stamp(&file.path)? != Some(file.stamp) {
            let closed = matches!(examined.completeness, Completeness::Incomplete { closed: true, .. });
            let since = self.since(file, now);
            self.know(file, State::Waiting { reason: reason_of(&examined.completeness), since, closed });
            return Ok(None);
        }
        let renamed_from = |label: &str| self.files.get(label).map(|known| known.stamp);
        let delivery = match self.deliveries.verdict(&examined.digest, file, present, renamed_from) {
            Verdict::Known => {
                self.known_as_read(file, &examined.digest);
                return Ok(None);
            }
            Verdict::Renamed => Delivery::Renamed,
            Verdict::Again => Delivery::Again,
            Verdict::New => Delivery::First,
        };
        // Of a file that grew only the growth is new.
        let from = match before {
            Some((digest, length)) if examined.beginning.as_ref() == Some(&digest) => length,
            _ => 0,
        };
        let read = self.read_records(file, from, delivery, examined.digest, roster)?;
        if stamp(&file.path)? != Some(file.stamp) {
            let since = self.since(file, now);
            let reason = "it changed while it was read".to_owned();
            self.know(file, State::Waiting { reason, since, closed: false });
            return Ok(None);
        }
        self.known_as_read(file, &read.digest);
        Ok(Some(read))
    }

    fn read_records(
        &self,
        file: &Listed,
        from: u64,
        delivery: Delivery,
        digest: String,
        roster: &Roster,
    ) -> io::Result<ReadFile> {
        let name = file.label.clone();
        if delivery == Delivery::Renamed {
            let (records, strangers, members, damage) = (Vec::new(), 0, 0, None);
            return Ok(ReadFile { name, digest, delivery, records, strangers, members, damage });
        }
        let reading = Reading { roster, zone: self.zone, issuers: &self.issuers };
        let content = reading.read(&file.path, from, &file.label, file.issuer.as_ref())?;
        let (records, damage) = (content.records, content.damage);
        let (strangers, members) = (content.strangers, content.members);
        Ok(ReadFile { name, digest, delivery, records, strangers, members, damage })
    }

    /// Digest and length of what was read under this name before it changed.
    fn read_before(&self, file: &Listed) -> Option<(String, u64)> {
        match &self.files.get(&file.label)?.state {
            State::Read { digest, length } if *length < file.stamp.size => Some((digest.clone(), *length)),
            _ => None,
        }
    }

    fn since(&self, file: &Listed, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.files.get(&file.label).map(|known| &known.state) {
            Some(State::Waiting { since, .. } | State::Unreadable { since, .. }) => *since,
            _ => now,
        }
    }

    fn know(&mut self, file: &Listed, state: State) {
        self.files.insert(file.label.clone(), Known { stamp: file.stamp, state });
    }

    fn known_as_read(&mut self, file: &Listed, digest: &str) {
        self.deliveries.add(&file.label, digest);
        self.know(file, State::Read { digest: digest.to_owned(), length: file.stamp.size });
    }
}

fn reason_of(completeness: &Completeness) -> String {
    match completeness {
        Completeness::Complete => "it is being written to".to_owned(),
        Completeness::Incomplete { reason, .. } => reason.clone(),
    }
}
