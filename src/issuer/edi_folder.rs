//! A waypoint that is a folder of 834 files, or one for each issuer.
//!
//! A file is read when it is whole: every interchange closed, every count agreeing. What is not waits, and is reported as
//! waiting; a file that is closed and wrong all the same is read for what is sound in it as soon as two readings find it
//! unchanged. Each content is read once, by its digest: a file that was renamed is known again, one that grew is read from
//! where it ended, and the same content under a second name is a second delivery. The content of a compressed file (gzip)
//! is what it holds: compressing a file where it lies renames it, and a compressed copy is a second delivery.

use super::addressee::Issuers;
use super::deliveries::{Deliveries, Gone, Verdict};
use super::digest::Digests;
use super::edi_file::{Content, Examined, Reading, examine, told};
use super::file_states::{FileStates, State};
use super::listing::{Folder, Listed};
use super::pattern::Pattern;
use super::scan::{Delivery, ReadFile, Scan, Waiting};
use crate::files::{self, unpack};
use crate::model::{FarName, IssuerId, Names};
use crate::net::{Door, Halt};
use crate::reconcile::Recognise;
use crate::target::{Directory, EdiFolder};
use crate::wire::ack::{Told, read_all};
use crate::wire::x12::Completeness;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashSet};
use std::io;

/// A folder waypoint, and what it knows of the files in it. Blocking: call it where blocking is allowed.
#[derive(Debug)]
pub struct EdiFolderFeed {
    folders: Vec<Folder>,
    names: Vec<Pattern>,
    zone: Tz,
    issuers: Issuers,
    files: FileStates,
    deliveries: Deliveries,
    holds: Holds,
    /// Ends reading.
    halt: Halt,
}

/// Whose folder or entry cannot be read, and why.
type Blind = (Option<IssuerId>, io::Error);

/// What lies in folders now: files, folders that cannot be read, and entries that cannot be.
type Found = (Vec<Listed>, Vec<Blind>, Vec<Blind>);

/// What lay in folders before the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Name and digest of each file that is not written to any more, and what is wrong with one that is no whole X12.
    pub files: Vec<(FarName, String, Option<String>)>,
    /// What cannot be read, in words.
    pub unreadable: Vec<String>,
}

/// What the files of a folder are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// 834 files.
    Enrollments,
    /// TA1, 999 and 997.
    Acknowledgements,
}

/// What lay in the folders at one moment between these two.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    began_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    files: Vec<Listed>,
    blind: Vec<(Option<IssuerId>, String)>,
}

impl Listing {
    /// How many files it holds.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// One reading of the folders.
struct Round<'a> {
    /// Labels of all files that are there.
    present: HashSet<&'a str>,
    /// What was read before and is not there any more.
    gone: Gone,
    roster: &'a dyn Recognise,
    began_at: DateTime<Utc>,
    /// Nobody waits for what is not whole yet.
    is_last: bool,
}

impl EdiFolderFeed {
    /// A feed over the waypoint's folders; those on other machines are reached through the door, and on the runtime that
    /// this is called in. `issuers`: the tax ids and names by which files call them; `zone`: the
    /// exchange's; `names`: what the ledger calls files; `already_read`: name and digest of every file that the ledger has as read (or as baseline).
    pub fn new(
        door: &Door,
        settings: &EdiFolder,
        issuers: &BTreeMap<IssuerId, Vec<String>>,
        zone: Tz,
        (names, already_read): (&Names, impl IntoIterator<Item = (String, String)>),
    ) -> Self {
        let several = settings.folders.len() > 1;
        let folder = |(issuer, directory): (&Option<IssuerId>, &Directory)| {
            let prefix = issuer.as_ref().filter(|_| several).map(|i| format!("{i}/")).unwrap_or_default();
            Folder { files: files::at(directory, door), issuer: issuer.clone(), prefix, names: names.clone() }
        };
        Self {
            folders: settings.folders.iter().map(folder).collect(),
            names: settings.names.iter().map(|name| Pattern::new(name)).collect(),
            zone,
            issuers: Issuers::new(issuers),
            files: FileStates::default(),
            deliveries: Deliveries::new(already_read),
            holds: Holds::Enrollments,
            halt: door.halt().clone(),
        }
    }

    /// The same folders, read for what they hold.
    #[must_use]
    pub fn holding(self, holds: Holds) -> Self {
        Self { holds, ..self }
    }

    /// Takes every whole file that lies there now as known without reading its records, and gives back name and digest of
    /// each: what was there before the run began is not the run's. A file that cannot be read yet is not among them, and is
    /// told. Fails where a folder will not let us in: there is nothing to wait for.
    pub fn baseline(&mut self, now: DateTime<Utc>) -> io::Result<Baseline> {
        let (listed, blind, entries) = self.list();
        if let Some((_, refused)) = blind.into_iter().next() {
            return Err(refused);
        }
        let mut found =
            Baseline { unreadable: entries.iter().map(|(_, e)| e.to_string()).collect(), ..Baseline::default() };
        for file in &listed {
            let examined = match examine(file, None, &self.halt) {
                Ok(examined) => examined,
                // Taken away meanwhile.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => {
                    found.unreadable.push(unreadable(file, &e));
                    continue;
                }
            };
            let is_growing = matches!(examined.completeness, Completeness::Incomplete { closed: false, .. });
            if is_growing {
                let reason = reason_of(&examined.completeness);
                self.files.set(file, State::Waiting { reason, since: now, closed: false });
            } else {
                self.known_as_read(file, &examined.digests);
                let is_whole = examined.completeness == Completeness::Complete;
                let damage = (!is_whole).then(|| reason_of(&examined.completeness));
                found.files.push((file.label.clone(), examined.digests.whole, damage));
            }
        }
        Ok(found)
    }

    /// Reads what is new since the last time. `began_at` is now, by the caller's clock; it takes no time.
    pub fn scan(&mut self, began_at: DateTime<Utc>, roster: &dyn Recognise) -> Scan {
        let listing = self.look(|| began_at);
        self.read(listing, roster)
    }

    /// What lies in the folders now; nothing is opened. `now` is the caller's clock: a far folder takes its time, and a file
    /// that comes meanwhile may be listed, so that it was there only when the listing had ended.
    pub fn look(&self, now: impl Fn() -> DateTime<Utc>) -> Listing {
        let began_at = now();
        let (files, blind, entries) = self.list();
        let blind = blind.into_iter().chain(entries).map(|(issuer, e)| (issuer, e.to_string())).collect();
        Listing { began_at, ended_at: now().max(began_at), files, blind }
    }

    /// Reads what is new among the files of a listing, and no file that came after it: whoever learns ids meanwhile can
    /// be sure that they are known before a file that holds them is read.
    pub fn read(&mut self, listing: Listing, roster: &dyn Recognise) -> Scan {
        self.read_as(listing, roster, false)
    }

    /// The same for the last time: a file that lies there cut, as it lay the time before, is read as far as it goes.
    pub fn read_last(&mut self, listing: Listing, roster: &dyn Recognise) -> Scan {
        self.read_as(listing, roster, true)
    }

    fn read_as(&mut self, listing: Listing, roster: &dyn Recognise, is_last: bool) -> Scan {
        let Listing { began_at, ended_at, files: listed, blind } = listing;
        let mut scan = Scan { began_at, listed_at: ended_at, blind, ..Scan::default() };
        let present = listed.iter().map(|file| &*file.label).collect();
        let gone = self.deliveries.gone(&present);
        let round = Round { present, gone, roster, began_at, is_last };
        for file in &listed {
            if self.halt.is_over() {
                break;
            }
            self.visit(file, &round, &mut scan);
        }
        self.files.forget_unread(&round.present);
        scan.healthy = scan.blind.is_empty() && !self.halt.is_over();
        scan
    }

    fn list(&self) -> Found {
        let (mut listed, mut blind, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for folder in &self.folders {
            match folder.list(&self.names) {
                Ok((files, unreadable)) => {
                    listed.extend(files);
                    entries.extend(unreadable.into_iter().map(|(label, e)| {
                        (folder.issuer.clone(), io::Error::new(e.kind(), format!("`{label}` cannot be read: {e}")))
                    }));
                }
                Err(e) => {
                    let reason = format!("folder `{}` cannot be read: {e}", folder.files.shown());
                    blind.push((folder.issuer.clone(), io::Error::new(e.kind(), reason)));
                }
            }
        }
        (listed, blind, entries)
    }

    fn visit(&mut self, file: &Listed, round: &Round<'_>, scan: &mut Scan) {
        let opened = match self.files.unchanged(file) {
            // Closed, wrong, and unchanged since the last time: it will not get better. Nor will one that is cut, once nobody waits
            // for it any more.
            Some(State::Waiting { closed, .. }) if *closed || round.is_last => self.open(file, round, true),
            Some(State::Read { .. } | State::Waiting { .. }) => Ok(None),
            Some(State::Unreadable { .. }) | None => self.open(file, round, false),
        };
        match opened {
            Ok(read) => scan.files.extend(read),
            // Renamed or taken away meanwhile.
            Err(e) if e.kind() == io::ErrorKind::NotFound => return,
            // The run is being ended, which is no fault of the file.
            Err(_) if self.halt.is_over() => return,
            Err(e) => {
                let reason = unreadable(file, &e);
                scan.blind.push((file.issuer.clone(), reason.clone()));
                let since = self.since(file, round);
                self.files.set(file, State::Unreadable { reason, since });
            }
        }
        if let Some((reason, since)) = self.files.not_read(file) {
            scan.waiting.push(Waiting { name: file.label.clone(), reason: reason.to_owned(), since });
        }
    }

    /// Reads a file if it is whole; `settled`: also if it is not and never will be.
    fn open(&mut self, file: &Listed, round: &Round<'_>, settled: bool) -> io::Result<Option<ReadFile>> {
        let before = self.files.read_before(file);
        let examined = match examine(file, before.as_ref().map(|(_, length)| *length), &self.halt) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof && file.has_changed()? => {
                self.wait(file, round);
                return Ok(None);
            }
            examined => examined?,
        };
        let closed = !matches!(examined.completeness, Completeness::Incomplete { closed: false, .. });
        let waits = examined.completeness != Completeness::Complete && !(settled && (closed || round.is_last));
        if waits || file.has_changed()? {
            let (reason, since) = (reason_of(&examined.completeness), self.since(file, round));
            self.files.set(file, State::Waiting { reason, since, closed: closed && waits });
            return Ok(None);
        }
        let delivery =
            match self.deliveries.verdict(&examined.digests.whole, file, &round.gone, |l| self.files.stamp(l)) {
                Verdict::New => Delivery::First,
                Verdict::Again => Delivery::Again,
                Verdict::Renamed => Delivery::Renamed,
                Verdict::Known => {
                    self.known_as_read(file, &examined.digests);
                    return Ok(None);
                }
            };
        let content = if examined.is_blank || delivery == Delivery::Renamed {
            Content::default()
        } else {
            self.content(file, round, growth(before, &examined))?
        };
        if file.has_changed()? {
            self.wait(file, round);
            return Ok(None);
        }
        let cut_since = (!closed).then(|| self.since(file, round));
        self.known_as_read(file, &examined.digests);
        let Content { records, strangers, possible, members, damage, refused, held, acks } = content;
        let (name, digest) = (file.label.clone(), examined.digests.whole);
        let damage = damage.or_else(|| (!closed).then(|| reason_of(&examined.completeness)));
        Ok(Some(ReadFile {
            name,
            digest,
            delivery,
            records,
            strangers,
            possible,
            members,
            damage,
            refused,
            held,
            cut_since,
            acks,
        }))
    }

    fn wait(&mut self, file: &Listed, round: &Round<'_>) {
        let (reason, since) = ("it changed while it was read".to_owned(), self.since(file, round));
        self.files.set(file, State::Waiting { reason, since, closed: false });
    }

    fn content(&self, file: &Listed, round: &Round<'_>, from: u64) -> io::Result<Content> {
        if self.holds == Holds::Acknowledgements {
            let mut unpacked = unpack(file.open(&self.halt)?, from)?;
            let Told { acks, damages } = read_all(&mut unpacked, from > 0, &file.label)?;
            return Ok(Content { acks, damage: told(&damages), ..Content::default() });
        }
        let reading = Reading { roster: round.roster, zone: self.zone, issuers: &self.issuers };
        reading.read(file, from, &self.halt)
    }

    fn since(&self, file: &Listed, round: &Round<'_>) -> DateTime<Utc> {
        self.files.not_read(file).map_or(round.began_at, |(_, since)| since)
    }

    fn known_as_read(&mut self, file: &Listed, digests: &Digests) {
        self.deliveries.add(&file.label, &digests.whole);
        self.files.set(file, State::Read { digest: digests.whole.clone(), length: digests.length });
    }
}

/// Where the new part of a file begins: of one that grew only the growth is new.
fn growth(before: Option<(String, u64)>, examined: &Examined) -> u64 {
    before.filter(|(digest, _)| examined.digests.beginning.as_ref() == Some(digest)).map_or(0, |(_, length)| length)
}

fn unreadable(file: &Listed, error: &io::Error) -> String {
    format!("file `{}` cannot be read: {error}", file.label)
}

fn reason_of(completeness: &Completeness) -> String {
    match completeness {
        Completeness::Complete => "it is being written to".to_owned(),
        Completeness::Incomplete { reason, .. } => reason.clone(),
    }
}
