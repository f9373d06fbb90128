//! The folder where acknowledgements come: read once for everybody who waits, and only what answers our own is kept.

use crate::files::{Files, Stamp, is_temporary, unpack};
use crate::model::HandedOver;
use crate::net::Halt;
use crate::wire::ack::{SeenAck, Subject, plain_number, read_all};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A folder of acknowledgements.
#[derive(Debug)]
pub(super) struct Inbox {
    shelf: Arc<Shelf>,
    within: Duration,
    every: Duration,
    /// Ends waiting.
    halt: Halt,
    /// When the folder was last listed; held while it is read, so that one reading serves everybody.
    looked_at: tokio::sync::Mutex<Option<Instant>>,
    /// When this was made: before anything was looked at.
    begun_at: Instant,
}

#[derive(Debug)]
struct Shelf {
    files: Arc<dyn Files>,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    /// Files that were read, as they were then.
    read: HashMap<String, Stamp>,
    /// What was said of each file that is waited for, by its control number.
    awaited: HashMap<String, Awaited>,
    /// Acknowledgements of others' files.
    strangers: u64,
}

#[derive(Debug)]
struct Awaited {
    /// ISA06 of the file, and so ISA08 of what answers it.
    sender: String,
    said: Vec<SeenAck>,
}

/// What the receiver says of a file.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::exchange) enum Answer {
    /// Every set was accepted, errors noted or not.
    Accepted,
    /// Nothing of it goes on; in the receiver's words.
    Refused(String),
    /// Nothing is said, or not of all of it, or part of it was refused.
    Unknown(String),
}

/// What is known of a file of which not everything was said.
#[derive(Debug)]
struct InPart {
    /// Sets of which nothing was said.
    silent: Vec<String>,
    /// Sets that were refused, in words.
    refused: Vec<String>,
}

/// A file of ours whose acknowledgement is waited for; nobody listens for it any more once this is dropped.
#[derive(Debug)]
pub(in crate::exchange) struct Waiter<'a> {
    inbox: &'a Inbox,
    control: String,
    sets: Vec<String>,
}

impl Inbox {
    pub(super) fn new(files: Arc<dyn Files>, (within, every): (Duration, Duration), halt: Halt) -> Self {
        let shelf = Arc::new(Shelf { files, heard: Mutex::default() });
        Self { shelf, within, every, halt, looked_at: tokio::sync::Mutex::new(None), begun_at: Instant::now() }
    }

    /// Makes sure that the folder can be read, before anything is handed over. What lies there at the first time answers
    /// nothing that is handed over later, and is never read.
    pub(super) async fn open(&self) -> Result<(), String> {
        let mut looked_at = self.looked_at.lock().await;
        if looked_at.is_some() {
            return Ok(());
        }
        self.shelf.clone().blocking(Shelf::pass_over).await.map_err(|e| self.trouble(&e))?;
        *looked_at = Some(Instant::now());
        Ok(())
    }

    /// For files that an earlier process handed over: what lies there may answer them, and is read. Where it is not opened yet,
    /// what cannot be read shows when it is looked into.
    pub(super) async fn open_as_left(&self) {
        let mut looked_at = self.looked_at.lock().await;
        *looked_at = looked_at.or(Some(self.begun_at));
    }

    /// How long the target waits for an answer.
    pub(super) fn within(&self) -> Duration {
        self.within
    }

    /// From here on what is said of this file is kept.
    pub(super) fn listen_for(&self, file: &HandedOver, sender: &str) -> Waiter<'_> {
        let HandedOver { first, sets, .. } = *file;
        let control = first.to_string();
        let awaited = Awaited { sender: sender.to_owned(), said: Vec::new() };
        self.shelf.heard().awaited.insert(control.clone(), awaited);
        Waiter { inbox: self, control, sets: (first..).take(sets as usize).map(|set| set.to_string()).collect() }
    }

    /// Reads what is new, unless somebody has done so since `asked_at`.
    async fn look(&self, asked_at: Instant) -> Result<(), String> {
        let mut looked_at = self.looked_at.lock().await;
        if looked_at.is_some_and(|looked_at| looked_at >= asked_at) {
            return Ok(());
        }
        let now = Instant::now();
        self.shelf.clone().blocking(Shelf::read).await.map_err(|e| self.trouble(&e))?;
        *looked_at = Some(now);
        Ok(())
    }

    fn trouble(&self, error: &io::Error) -> String {
        format!("the acknowledgements in `{}` cannot be read: {error}", self.shelf.files.shown())
    }
}

impl Shelf {
    async fn blocking(self: Arc<Self>, work: fn(&Self) -> io::Result<()>) -> io::Result<()> {
        tokio::task::spawn_blocking(move || work(&self)).await.unwrap_or_else(|e| Err(io::Error::other(e)))
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass_over(&self) -> io::Result<()> {
        let listed = self.files.list(&|name| !is_temporary(name))?;
        self.heard().read.extend(listed.files);
        Ok(())
    }

    /// Reads every file that is new or has changed since it was read: an acknowledgement may be added to a file, or be written
    /// while it is read.
    fn read(&self) -> io::Result<()> {
        for (name, stamp) in self.files.list(&|name| !is_temporary(name))?.files {
            if self.heard().read.get(&name) == Some(&stamp) {
                continue;
            }
            let told = match self.files.open(&name).and_then(|source| read_all(unpack(source, 0)?, false, &name)) {
                Ok(told) => told,
                // Renamed or taken away meanwhile.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => return Err(e),
            };
            self.heard().take_in(name, stamp, told.acks);
        }
        Ok(())
    }
}

impl Heard {
    fn take_in(&mut self, name: String, stamp: Stamp, acks: Vec<SeenAck>) {
        self.read.insert(name, stamp);
        for ack in acks {
            let (Subject::Interchange(control) | Subject::Group(control) | Subject::Set { group: control, .. }) =
                &ack.answered;
            match self.awaited.get_mut(plain_number(control)).filter(|file| file.sender == ack.to) {
                Some(file) => file.said.push(ack),
                None => self.strangers += 1,
            }
        }
    }
}

impl Waiter<'_> {
    /// Waits for what is said of every set of the file, or until time is up; looks at least once.
    pub(in crate::exchange) async fn answer(&self, within: Duration) -> Answer {
        let until = Instant::now() + within;
        loop {
            let trouble = self.inbox.look(Instant::now()).await.err();
            let known = match self.weigh() {
                Ok(answer) => return answer,
                Err(known) => known,
            };
            let is_late = Instant::now() + self.inbox.every > until;
            if is_late || !self.inbox.halt.pause(self.inbox.every).await {
                return Answer::Unknown(self.silence(&known, trouble));
            }
        }
    }

    /// The answer, or `Err` with what is known where that is not all.
    fn weigh(&self) -> Result<Answer, InPart> {
        let heard = self.inbox.shelf.heard();
        let said = heard.awaited.get(&self.control).map(|file| file.said.as_slice()).unwrap_or_default();
        let of_all = said.iter().find(|ack| matches!(ack.answered, Subject::Interchange(_)) && !ack.is_accepted);
        if let Some(refusal) = of_all {
            return Ok(Answer::Refused(refusal.words.clone()));
        }
        let (mut silent, mut refused) = (Vec::new(), Vec::new());
        for set in &self.sets {
            match of_set(said, set) {
                None => silent.push(set.clone()),
                Some(ack) if !ack.is_accepted => refused.push(format!("set {set}: {}", ack.words)),
                Some(_) => {}
            }
        }
        if !silent.is_empty() {
            return Err(InPart { silent, refused });
        }
        let (some, all, words) = (refused.len(), self.sets.len(), refused.join("; "));
        Ok(match some {
            0 => Answer::Accepted,
            _ if some == all => Answer::Refused(words),
            _ => Answer::Unknown(format!("{some} of {all} sets refused, the rest accepted: {words}")),
        })
    }

    fn silence(&self, known: &InPart, trouble: Option<String>) -> String {
        let when = if self.inbox.halt.is_called() {
            "when the run was being ended".to_owned()
        } else {
            format!("within {}", humantime::format_duration(self.inbox.within))
        };
        let (file, sets) = (&self.control, known.silent.join(", "));
        let mut words = vec![format!("interchange {file} was handed over, and nothing was said of set {sets} {when}")];
        words.extend(known.refused.iter().cloned());
        words.extend(trouble);
        let strangers = self.inbox.shelf.heard().strangers;
        words.extend((strangers > 0).then(|| format!("{strangers} acknowledgements of others were passed over")));
        words.join("; ")
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.inbox.shelf.heard().awaited.remove(&self.control);
    }
}

/// What was said of a set by name, or of its whole group.
fn of_set<'a>(said: &'a [SeenAck], set: &str) -> Option<&'a SeenAck> {
    let by_name = |ack: &&SeenAck| matches!(&ack.answered, Subject::Set { set: named, .. } if named == set);
    said.iter().find(by_name).or_else(|| said.iter().find(|ack| matches!(ack.answered, Subject::Group(_))))
}
