//! Transactions that wait for the next delivery window.

use super::file::{self, Batch, Copied, Unfinished, Written};
use super::merge::{Merged, merge};
use super::message::{FileFate, Message};
use crate::model::{Field, IssuerId, RecordKind};
use crate::sandbox::edi::Transaction;
use crate::sandbox::world::World;
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Transactions that wait for the next delivery window.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Outbound {
    queue: Mutex<Queue>,
    /// Held while a window's files are written, so that they appear in order.
    writing: Mutex<file::Names>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Message>,
    /// Files that come again.
    again: Vec<Again>,
    /// Files that lie there by half.
    unfinished: Vec<Unfinished>,
}

/// A file that comes again.
#[derive(Debug)]
struct Again {
    file: Copied,
    /// Not before the cancellation of this policy has left.
    after_cancellation_of: Option<String>,
    /// Windows to wait beyond the next.
    windows_to_wait: u32,
}

impl Outbound {
    /// Puts an enrollment's transactions in the queue.
    pub(in crate::sandbox) fn send(&self, messages: Vec<Message>) {
        self.queue().waiting.extend(messages);
    }

    /// Puts a cancellation behind whatever still waits of its policy; whoever waits for it follows behind. A
    /// policy that waits to be merged away is forgotten, and so is its cancellation.
    pub(in crate::sandbox) fn send_cancellation(&self, mut message: Message) {
        let mut queue = self.queue();
        let policy = message.policy().map(str::to_owned);
        let before = queue.waiting.len();
        queue.waiting.retain(|waiting| !(waiting.merge_within.is_some() && waiting.policy() == policy.as_deref()));
        if queue.waiting.len() < before {
            return;
        }
        let is_of = |waiting: &&mut Message| waiting.policy() == policy.as_deref();
        for waiting in queue.waiting.iter_mut().filter(is_of).filter(|waiting| waiting.after_cancellation.is_none()) {
            message.windows_to_wait = message.windows_to_wait.max(waiting.windows_to_wait);
            message.not_before = message.not_before.max(waiting.not_before);
        }
        for waiting in queue.waiting.iter_mut().filter(is_of) {
            if let Some(windows) = waiting.after_cancellation.take() {
                waiting.windows_to_wait = message.windows_to_wait.saturating_add(windows);
            }
        }
        queue.waiting.push(message);
    }

    /// Puts a change behind whatever still waits of its policy.
    pub(in crate::sandbox) fn send_change(&self, mut message: Message) {
        let mut queue = self.queue();
        let policy = message.policy().map(str::to_owned);
        for waiting in queue.waiting.iter().filter(|waiting| waiting.policy() == policy.as_deref()) {
            message.windows_to_wait = message.windows_to_wait.max(waiting.windows_to_wait);
            message.not_before = message.not_before.max(waiting.not_before);
            message.after_cancellation = message.after_cancellation.max(waiting.after_cancellation);
        }
        queue.waiting.push(message);
    }

    /// Writes the files of a delivery window; gives what was written, in order. Blocks while it writes.
    pub(in crate::sandbox) fn deliver(&self, world: &World) -> Vec<Written> {
        let mut names = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (leaving, copies) = self.take_due(world);
        let cancelled = cancelled(&leaving);
        let mut written = self.finish_due(world);
        for copy in copies {
            match file::write_again(world, &mut names, &copy) {
                Ok(file) => written.push(file),
                Err(error) => world.trouble(&error),
            }
        }
        for batch in batches(leaving) {
            match self.write(world, &mut names, &batch) {
                Ok(file) => written.extend(file),
                Err(error) => {
                    world.trouble(&error);
                    self.put_back(batch);
                }
            }
        }
        self.release(&cancelled);
        written
    }

    /// Writes a batch's file, or the half of it: then there is nothing to load yet.
    fn write(&self, world: &World, names: &mut file::Names, batch: &Batch) -> io::Result<Option<Written>> {
        if let FileFate::InParts { windows } = batch.fate {
            let begun = file::begin(world, names, batch, windows)?;
            self.queue().unfinished.push(begun);
            return Ok(None);
        }
        let file = file::write(world, names, batch)?;
        let policy = batch.transactions.first().and_then(|sent| sent.record.facts.text(Field::PolicyId));
        let again = match batch.fate {
            FileFate::ComesTwice => Some((None, 0)),
            FileFate::ComesBack { windows } => Some((policy.map(str::to_owned), windows.saturating_sub(1))),
            _ => None,
        };
        let again = again.map(|(after_cancellation_of, windows_to_wait)| Again {
            file: file.copied(),
            after_cancellation_of,
            windows_to_wait,
        });
        self.queue().again.extend(again);
        Ok(Some(file))
    }

    /// Files that waited for these policies' cancellations have them behind them.
    fn release(&self, cancelled: &HashSet<String>) {
        let is_over = |policy: &mut String| cancelled.contains(policy);
        for again in &mut self.queue().again {
            again.after_cancellation_of.take_if(is_over);
        }
    }

    /// Completes the files whose rest comes now.
    fn finish_due(&self, world: &World) -> Vec<Written> {
        let mut queue = self.queue();
        let (due, mut later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut queue.unfinished).into_iter().partition(|file| file.windows_to_wait == 0);
        for file in &mut later {
            file.windows_to_wait -= 1;
        }
        queue.unfinished = later;
        drop(queue);
        let finished = due.iter().map(file::finish);
        finished.filter_map(|file| file.map_err(|error| world.trouble(&error)).ok()).collect()
    }

    /// A batch that the disk would not take is tried again with the next window.
    fn put_back(&self, batch: Batch) {
        let Batch { issuer, transactions, fate } = batch;
        let message = |sent: Transaction| Message { fate, ..Message::new(issuer.clone(), sent.record) };
        let messages = transactions.into_iter().map(message);
        let mut queue = self.queue();
        queue.waiting.splice(0..0, messages);
    }

    fn take_due(&self, world: &World) -> (Vec<Message>, Vec<Copied>) {
        let now = world.clock.now();
        let mut queue = self.queue();
        let (mut leaving, mut staying): (Vec<_>, Vec<_>) =
            std::mem::take(&mut queue.waiting).into_iter().partition(|message| message.is_due(now));
        for message in &mut staying {
            message.windows_to_wait = message.windows_to_wait.saturating_sub(1);
        }
        let (merged, alone) = merge(&mut leaving);
        staying.extend(alone.into_iter().map(Message::unmerged));
        queue.waiting = staying;
        let is_due = |again: &Again| again.after_cancellation_of.is_none() && again.windows_to_wait == 0;
        let (copies, mut later): (Vec<_>, Vec<_>) = std::mem::take(&mut queue.again).into_iter().partition(is_due);
        for again in later.iter_mut().filter(|again| again.after_cancellation_of.is_none()) {
            again.windows_to_wait -= 1;
        }
        queue.again = later;
        drop(queue);
        for merged in &merged {
            note_merged(world, merged);
        }
        (leaving, copies.into_iter().map(|again| again.file).collect())
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note_merged(world: &World, merged: &Merged) {
    let planted = world.book().planted_of(&merged.guest);
    if let Some(planted) = planted {
        world.note(&planted, &merged.guest, format!("its members went into policy `{}`", merged.host));
    }
}

/// The policies whose cancellations leave.
fn cancelled(leaving: &[Message]) -> HashSet<String> {
    let cancellations = leaving.iter().filter(|message| message.record.kind == RecordKind::Cancellation);
    cancellations.filter_map(|message| message.policy().map(str::to_owned)).collect()
}

/// One file for each transaction whose file has a fate of its own, and then one for each issuer: cancellations are shared, and
/// do not overtake what they cancel.
fn batches(leaving: Vec<Message>) -> Vec<Batch> {
    let mut shared: BTreeMap<IssuerId, Batch> = BTreeMap::new();
    let mut own = Vec::new();
    for message in leaving {
        let Message { issuer, record, fate, .. } = message;
        if fate == FileFate::Shared {
            let batch = shared.entry(issuer.clone());
            batch
                .or_insert_with(|| Batch { issuer, transactions: Vec::new(), fate })
                .transactions
                .push(Transaction::new(record));
        } else {
            own.push(Batch { issuer, transactions: vec![Transaction::new(record)], fate });
        }
    }
    own.into_iter().chain(shared.into_values()).collect()
}
