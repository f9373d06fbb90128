//! What waits to be written: bounded, in the order in which it came, taken by the writer all at once.

use super::recorder::Twins;
use super::{Error, Row, Seq};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Semaphore, oneshot};

/// Rows that may wait or be on their way to the disk at one time (some 20 MB), and as many notes beside them. Whoever
/// brings more waits.
pub(super) const ROOM: u32 = 16_384;

/// Tells somebody the last row written so far, once their own are durable, or why they are not.
pub(super) type Receipt = oneshot::Sender<Result<Option<Seq>, Error>>;

/// Somebody waits for control numbers.
#[derive(Debug)]
pub(super) struct Wanted {
    /// So many in a row.
    pub(super) count: u32,
    /// Tells the first.
    pub(super) first: oneshot::Sender<Result<u32, Error>>,
}

/// Some rows that belong together, and who waits for them.
#[derive(Debug, Default)]
pub(super) struct Parcel {
    pub(super) rows: Vec<Row>,
    /// Nobody waits for a note.
    pub(super) receipt: Option<Receipt>,
    pub(super) wanted: Option<Wanted>,
    /// Somebody asks about the run's twins.
    pub(super) twin: Option<oneshot::Sender<Result<Twins, Error>>>,
}

impl Parcel {
    /// How much room it takes; one larger than all the room takes all of it, and notes are counted apart.
    pub(super) fn room(&self) -> u32 {
        let rows = if self.receipt.is_some() { self.rows.len() } else { 0 };
        u32::try_from(rows).unwrap_or(ROOM).min(ROOM)
    }
}

/// The parcels that wait, and whether there will be more.
#[derive(Debug, Default)]
struct Waiting {
    parcels: Vec<Parcel>,
    /// Rows among them for which nobody waits.
    noted: usize,
    closed: bool,
}

/// A bounded queue of parcels, from any number of async tasks to one writer thread.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// Something came, or the queue was closed.
    arrived: Condvar,
    /// The writer took what waited, so there is room for notes.
    taken: Condvar,
    /// Room for parcels with a receipt.
    room: Semaphore,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self {
            waiting: Mutex::default(),
            arrived: Condvar::new(),
            taken: Condvar::new(),
            room: Semaphore::new(ROOM as usize),
        }
    }

    /// Puts a parcel at the end once there is room for it.
    pub(super) async fn put(&self, parcel: Parcel) {
        // The semaphore is never closed, so this cannot fail.
        if let Ok(room) = self.room.acquire_many(parcel.room()).await {
            room.forget();
        }
        // Where the queue is closed the parcel is dropped, and its receipt with it: that tells who waits.
        let _ = self.push(self.lock(), parcel);
    }

    /// Puts rows for which nobody waits at the end, without awaiting. Where there is no room it blocks the thread until
    /// the writer takes what waits (milliseconds): the price of losing nothing in bounded memory. It waits for the
    /// writer's thread only, never for a task that this thread might have to run.
    pub(super) fn put_note(&self, rows: Vec<Row>) -> Result<(), Error> {
        let mut waiting = self.lock();
        while !waiting.closed && waiting.noted >= ROOM as usize {
            waiting = self.taken.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.noted += rows.len();
        self.push(waiting, Parcel { rows, ..Parcel::default() })
    }

    fn push(&self, mut waiting: MutexGuard<'_, Waiting>, parcel: Parcel) -> Result<(), Error> {
        if waiting.closed {
            return Err(Error::Closed);
        }
        waiting.parcels.push(parcel);
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Everything that waits; blocks until something does. `None`: closed, and nothing is left.
    pub(super) fn take(&self) -> Option<Vec<Parcel>> {
        let mut waiting = self.lock();
        while waiting.parcels.is_empty() {
            if waiting.closed {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.noted = 0;
        self.taken.notify_all();
        Some(std::mem::take(&mut waiting.parcels))
    }

    /// Gives back the room of parcels that were written (or refused).
    pub(super) fn give_back(&self, room: u32) {
        self.room.add_permits(room as usize);
    }

    /// No more will come; what waits is still taken.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
        self.taken.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
