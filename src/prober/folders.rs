//! Watching a folder of 834 files: list, wait for the flows under way, read, write down what was found.

use super::acknowledged::Waiting;
use super::engine::{Engine, index};
use super::flights::Mark;
use super::tracked::Tracked;
use super::{Error, News};
use crate::issuer::{Delivery, EdiFolderFeed, Listing, ReadFile, Scan};
use crate::model::{Event, Field, GroupRecord, MatchTier, Sighting};
use crate::reconcile::Recognition;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A moment of the last listing is written down at most this often.
const NOTE_EVERY: chrono::TimeDelta = chrono::TimeDelta::seconds(5);

/// So many listings may wait for flows under way …
const LISTINGS_WAITING: usize = 128;
/// … and no more than hold so many files.
const FILES_WAITING: usize = 500_000;
/// So many files in which there is nothing of ours are written down together.
const FILES_AT_ONCE: usize = 500;
/// So many things are told once; after that whatever is new is told no more.
const TOLD: usize = 10_000;

/// What lay in the folder at a moment, and the flows that were under way then.
struct Glance {
    listing: Listing,
    flights: Mark,
}

/// A waypoint read as a whole.
pub(super) struct Folder {
    pub(super) engine: Arc<Engine>,
    pub(super) waypoint: usize,
    pub(super) feed: Arc<Mutex<EdiFolderFeed>>,
    pub(super) every: Duration,
    pub(super) told: Mutex<BTreeSet<String>>,
    pub(super) noted_at: Mutex<Option<DateTime<Utc>>>,
    /// Files of the listings that wait.
    pub(super) files_waiting: AtomicUsize,
    /// Where acknowledgements lie: those whose message has not been seen.
    pub(super) waiting: Option<Mutex<Waiting>>,
}

impl Folder {
    /// Reads the folder until the phase is over, and once more then.
    pub(super) async fn watch(self: Arc<Self>, over: CancellationToken) -> Result<(), Error> {
        let (sender, receiver) = mpsc::channel(LISTINGS_WAITING);
        tokio::try_join!(self.list_until(over, sender), self.read_in_order(receiver))?;
        Ok(())
    }

    /// Lists by the clock, whatever flows are under way: a slow one must not keep anybody from knowing when a file came.
    async fn list_until(&self, over: CancellationToken, listings: mpsc::Sender<Glance>) -> Result<(), Error> {
        while !over.is_cancelled() {
            let listed = self.list().await?;
            // Where so many wait already, one less makes arrivals a little less sharp and nothing else.
            let files = listed.listing.len();
            let waiting = self.files_waiting.load(Ordering::Relaxed);
            if (waiting == 0 || waiting + files <= FILES_WAITING) && listings.try_send(listed).is_ok() {
                self.files_waiting.fetch_add(files, Ordering::Relaxed);
            }
            tokio::select! {
                () = over.cancelled() => {}
                () = tokio::time::sleep(self.every) => {}
            }
        }
        // The reader ends only when every listing is read; it can have ended before only with an error of its own.
        let _ = listings.send(self.list().await?).await;
        Ok(())
    }

    async fn read_in_order(&self, mut listings: mpsc::Receiver<Glance>) -> Result<(), Error> {
        while let Some(listed) = listings.recv().await {
            let files = listed.listing.len();
            // the last one is waited for and not counted
            let _ = self
                .files_waiting
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| Some(n.saturating_sub(files)));
            self.read(listed, false).await?;
        }
        Ok(())
    }

    /// Lists the folder once and reads what is new.
    pub(super) async fn read_once(&self) -> Result<(), Error> {
        let listed = self.list().await?;
        self.read(listed, false).await
    }

    /// Lists the folder once more, reads what is new, be it cut, and writes it down: nobody waits for more of it.
    pub(super) async fn read_last(&self) -> Result<(), Error> {
        let listed = self.list().await?;
        self.read(listed, true).await
    }

    async fn list(&self) -> Result<Glance, Error> {
        // The folder's own times: a far server may take its own, or a file be read before the listing begins.
        let listing = self.blocking(|feed, engine| feed.look(|| engine.now())).await?;
        Ok(Glance { listing, flights: self.engine.flights.mark() })
    }

    /// Reads what a listing shows once the flows that were under way have told their ids.
    async fn read(&self, listed: Glance, is_last: bool) -> Result<(), Error> {
        let Glance { listing, flights } = listed;
        self.engine.flights.landed(flights).await;
        let scan = self
            .blocking(
                move |feed, engine| if is_last { feed.read_last(listing, engine) } else { feed.read(listing, engine) },
            )
            .await?;
        self.take_in(scan).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut EdiFolderFeed, &Engine) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (feed, engine) = (Arc::clone(&self.feed), Arc::clone(&self.engine));
        let work = move || work(&mut feed.lock().unwrap_or_else(PoisonError::into_inner), &engine);
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::Broken(e.to_string()))
    }

    async fn take_in(&self, scan: Scan) -> Result<(), Error> {
        let (began_at, listed_at) = (scan.began_at, scan.listed_at);
        let healthy = scan.healthy;
        for (issuer, reason) in &scan.blind {
            self.engine.blind(self.waypoint, issuer.as_ref(), reason);
        }
        for waiting in &scan.waiting {
            self.tell_once(&format!("`{}` waits: {}", waiting.name, waiting.reason));
        }
        self.show(&scan);
        let last_absent_at = self.engine.looked_at(self.waypoint);
        let mut unwritten = Vec::new();
        for file in scan.files {
            unwritten.extend(self.events_of(file, last_absent_at, listed_at));
            let teaches = unwritten.iter().any(|event| !matches!(event, Event::FileRead { .. }));
            if teaches || unwritten.len() >= FILES_AT_ONCE {
                self.engine.announce(std::mem::take(&mut unwritten)).await?;
            }
        }
        if !unwritten.is_empty() {
            self.engine.announce(unwritten).await?;
        }
        self.settle_acknowledgements().await?;
        if healthy { self.note_healthy_look(began_at).await } else { Ok(()) }
    }

    /// Shows what a reading found to a listener who cares.
    fn show(&self, scan: &Scan) {
        let read = |(issuer, reason): &(Option<_>, String)| match issuer {
            Some(issuer) => format!("! issuer {issuer}: {reason}"),
            None => format!("! {reason}"),
        };
        let state = || {
            let waiting = scan.waiting.iter().map(|file| format!("`{}` waits: {}", file.name, file.reason));
            let lines: Vec<String> = scan.blind.iter().map(read).chain(waiting).collect();
            if lines.is_empty() { vec!["it can be read; files from before are left alone".to_owned()] } else { lines }
        };
        self.engine.show(self.waypoint, || "the folder".to_owned(), state);
        for file in &scan.files {
            self.engine.show(self.waypoint, || format!("file `{}`", file.name), || self.engine.told_of_file(file));
        }
    }

    /// What is written down of a file and its records, in one batch: after a crash either all of it is known or none.
    fn events_of(
        &self,
        file: ReadFile,
        last_absent_at: Option<DateTime<Utc>>,
        first_seen_at: DateTime<Utc>,
    ) -> Vec<Event> {
        if let Some(damage) = &file.damage {
            self.tell_once(&format!("`{}` is damaged: {damage}", file.name));
        }
        if let Some(waiting) = &self.waiting {
            // Read again by the next process, as what still waits is not written down.
            locked(waiting).add(file.acks, last_absent_at, first_seen_at);
            return Vec::new();
        }
        let since = |at: DateTime<Utc>| file.cut_since.map_or(at, |since| at.min(since));
        let (last_absent_at, first_seen_at) = (last_absent_at.map(since), since(first_seen_at));
        let mut events = Vec::with_capacity(file.records.len() + 1);
        let (twins, records): (Vec<_>, Vec<_>) =
            file.records.into_iter().partition(|(recognition, record)| self.may_be_anothers(*recognition, record));
        let possible = file.possible.into_iter().chain(twins.iter().map(|(recognition, _)| recognition.probe));
        let possible: Vec<Event> = possible.filter_map(|probe| self.engine.possible(probe, self.waypoint)).collect();
        let strangers = twins.iter().map(|(_, record)| record.members.len() as u64).sum::<u64>();
        for (recognition, record) in records {
            let record = self.engine.ours_alone(recognition.probe, record);
            let sighting = Sighting {
                waypoint: index(self.waypoint),
                issuer: None,
                asked_for: Some(recognition.probe),
                last_absent_at,
                first_seen_at,
                gone_at: None,
                record,
            };
            events.push(Event::Seen { sighting: Box::new(sighting) });
        }
        if !events.is_empty() {
            self.engine.listener.tell(&News::Seen { waypoint: self.engine.waypoint_name(self.waypoint) });
        }
        events.extend(possible);
        events.push(Event::FileRead {
            waypoint: index(self.waypoint),
            name: file.name.into(),
            digest: file.digest,
            strangers: file.strangers + strangers,
            baseline: !is_delivery(file.delivery),
            damage: file.damage,
            refused: file.refused,
            held: file.held.into_iter().collect(),
        });
        events
    }

    /// Whether a message ends the policy of somebody who is like one of ours, under an id that is none of ours, before we asked for any
    /// end: another run's, which has the same people and a ledger of its own.
    fn may_be_anothers(&self, recognition: Recognition, record: &GroupRecord) -> bool {
        let by_likeness = matches!(recognition.tier, MatchTier::Ssn | MatchTier::NameAndBirthDate);
        let names_another = record.facts.text(Field::PolicyId).is_some();
        let is_ended = || self.engine.with(recognition.probe, Tracked::is_ended).unwrap_or_default();
        record.takes_out() && by_likeness && names_another && !is_ended()
    }

    /// Writes down what was said of messages that have been seen by now.
    async fn settle_acknowledgements(&self) -> Result<(), Error> {
        let Some(waiting) = &self.waiting else { return Ok(()) };
        let events = locked(waiting).settle(&self.engine, self.waypoint);
        if events.is_empty() {
            return Ok(());
        }
        self.engine.listener.tell(&News::Seen { waypoint: self.engine.waypoint_name(self.waypoint) });
        self.engine.announce(events).await
    }

    /// Remembers that the folder was read whole; written down now and then, and whenever a spell of blindness ends.
    async fn note_healthy_look(&self, looked_at: DateTime<Utc>) -> Result<(), Error> {
        let mut events = Vec::new();
        events.extend(self.engine.sighted_everywhere(self.waypoint));
        events.push(Event::Looked { probe: None, waypoint: index(self.waypoint), looked_at });
        let due = {
            let mut noted = self.noted_at.lock().unwrap_or_else(PoisonError::into_inner);
            let due = events.len() > 1 || noted.is_none_or(|at| looked_at - at >= NOTE_EVERY);
            if due {
                *noted = Some(looked_at);
            }
            due
        };
        if due {
            return self.engine.announce(events).await;
        }
        self.engine.remember_look(self.waypoint, looked_at);
        Ok(())
    }

    fn tell_once(&self, message: &str) {
        let first = {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.len() < TOLD && told.insert(message.to_owned())
        };
        if first {
            let waypoint = self.engine.waypoint_name(self.waypoint);
            self.engine.listener.tell(&News::File { waypoint, message: message.to_owned() });
        }
    }

    /// Writes down which complete files lay there before the run: they are never read. Fails where the folder will not let us
    /// in, and tells what in it cannot be read, before anybody is enrolled of whom it could not tell.
    pub(super) async fn baseline(&self) -> Result<(), Error> {
        let now = self.engine.now();
        let found = self.blocking(move |feed, _| feed.baseline(now)).await?;
        let found = found.map_err(|e| Error::Refused {
            waypoint: self.engine.waypoint_name(self.waypoint),
            reason: e.to_string(),
        })?;
        for reason in &found.unreadable {
            self.tell_once(reason);
        }
        let events: Vec<_> = found
            .files
            .into_iter()
            .map(|(name, digest, damage)| Event::FileRead {
                waypoint: index(self.waypoint),
                name: name.into(),
                digest,
                strangers: 0,
                baseline: true,
                damage,
                refused: Vec::new(),
                held: Vec::new(),
            })
            .collect();
        if events.is_empty() { Ok(()) } else { self.engine.announce(events).await }
    }
}

/// Whether it came: a file that somebody renamed when it was done with is the one that had come.
fn is_delivery(delivery: Delivery) -> bool {
    match delivery {
        Delivery::First | Delivery::Again => true,
        Delivery::Renamed => false,
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
