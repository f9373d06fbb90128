//! Writes entries from async code: what many tasks hand in while one commit runs shares the next one.

use super::queue::{Parcel, Queue, Receipt, Wanted};
use super::{Claim, Error, Ledger, Row, Seq};
use crate::model::{Entry, RunId};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Records what happens in one run; clones share the run and the writer. Once a write has failed, everything after it
/// fails with the same error: an entry is durable only if all before it are.
#[derive(Debug, Clone)]
pub struct Recorder {
    run: RunId,
    writer: Arc<Writer>,
}

/// The thread that owns the ledger.
#[derive(Debug)]
struct Writer {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Recorder {
    /// Hands the ledger to a thread of its own, which writes until the last clone of the recorder is dropped: under this
    /// claim, so that nothing is written once another process has taken its run over.
    pub fn start(mut ledger: Box<dyn Ledger>, claim: &Claim) -> Result<Self, Error> {
        let run = claim.run().clone();
        ledger.write_under(claim.clone());
        let queue = Arc::new(Queue::new());
        let (theirs, of) = (Arc::clone(&queue), run.clone());
        let thread = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || write_all(ledger, &of, &theirs))
            .map_err(|e| Error::other(run.as_str(), e))?;
        Ok(Self { run, writer: Arc::new(Writer { queue, thread: Mutex::new(Some(thread)) }) })
    }

    /// The run that is recorded.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// Records an entry and waits until it is durable. Gives the number of the last entry that the same commit wrote,
    /// which is this one or a later one.
    pub async fn record(&self, entry: Entry) -> Result<Seq, Error> {
        let last = self.send(vec![Row::encode(&self.run, &entry)?]).await?;
        last.ok_or(Error::Closed)
    }

    /// Records entries, all or none, and waits until they are durable. Gives a number as `record` does; none where
    /// nothing was recorded yet.
    pub async fn record_all(&self, entries: Vec<Entry>) -> Result<Option<Seq>, Error> {
        let rows = entries.iter().map(|entry| Row::encode(&self.run, entry)).collect::<Result<_, _>>()?;
        self.send(rows).await
    }

    /// Records an entry soon, in its order with all others, and does not wait. Whether that failed shows at the next
    /// `record` or `flush`. Blocks for a moment where far more is handed in than the disk takes.
    pub fn note(&self, entry: &Entry) -> Result<(), Error> {
        let rows = vec![Row::encode(&self.run, entry)?];
        self.writer.queue.put_note(rows)
    }

    /// Waits until everything handed in before is durable.
    pub async fn flush(&self) -> Result<(), Error> {
        self.send(Vec::new()).await.map(|_| ())
    }

    /// Takes control numbers ([`Ledger::take_control_numbers`]), and waits until that is durable; everything handed in before
    /// is durable then, too. Gives the first.
    pub async fn control_numbers(&self, count: u32) -> Result<u32, Error> {
        let (first, taken) = oneshot::channel();
        let wanted = Some(Wanted { count, first });
        self.writer.queue.put(Parcel { wanted, ..Parcel::default() }).await;
        taken.await.unwrap_or(Err(Error::Closed))
    }

    /// What the ledger knows by now of other runs of the same people.
    pub async fn twins(&self) -> Result<Twins, Error> {
        let (twin, answer) = oneshot::channel();
        self.writer.queue.put(Parcel { twin: Some(twin), ..Parcel::default() }).await;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    async fn send(&self, rows: Vec<Row>) -> Result<Option<Seq>, Error> {
        let (receipt, durable) = oneshot::channel();
        self.writer.queue.put(Parcel { rows, receipt: Some(receipt), ..Parcel::default() }).await;
        durable.await.unwrap_or(Err(Error::Closed))
    }
}

impl Drop for Writer {
    /// Waits until everything handed in is written: a note must not be lost because nobody flushed.
    fn drop(&mut self) {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // It can only have panicked, and then every waiter was told `Closed`.
            let _ = thread.join();
        }
    }
}

/// The writer's life: takes what waits, writes it in one commit, tells everybody.
fn write_all(mut ledger: Box<dyn Ledger>, run: &RunId, queue: &Queue) {
    let _end = Ending(queue);
    // What everybody is told: the last row written, or why nothing is written any more.
    let mut standing: Result<Option<Seq>, Error> = Ok(None);
    let mut residue = None;
    while let Some(parcels) = queue.take() {
        let room = parcels.iter().map(Parcel::room).sum();
        let Unpacked { rows, receipts, wanted, twins } = unpack(parcels);
        if !rows.is_empty() && standing.is_ok() {
            standing = ledger.append_rows(&rows).map(|seqs| seqs.last().copied());
        }
        queue.give_back(room);
        for receipt in receipts {
            // Whoever has stopped waiting needs no answer.
            let _ = receipt.send(standing.clone());
        }
        for twin in twins {
            let _ = twin.send(twins_of(&*ledger, run, &mut residue));
        }
        match &standing {
            Ok(_) => give_numbers(&mut *ledger, wanted),
            Err(why) => wanted.into_iter().for_each(|w| drop(w.first.send(Err(why.clone())))),
        }
    }
}

/// What the ledger knows of other runs with the same people. What those left that have ended is read once, and again when another
/// has ended.
fn twins_of(ledger: &dyn Ledger, run: &RunId, residue: &mut Option<bool>) -> Result<Twins, Error> {
    let has_open = ledger.has_twin(run)?;
    let left_residue = match *residue {
        _ if has_open => false,
        Some(known) => known,
        None => ledger.twin_left_residue(run)?,
    };
    *residue = (!has_open).then_some(left_residue);
    Ok(Twins { may_have_left_some: has_open || left_residue, ids: ledger.twin_ids(run)? })
}

/// What several parcels hold.
#[derive(Default)]
struct Unpacked {
    rows: Vec<Row>,
    receipts: Vec<Receipt>,
    wanted: Vec<Wanted>,
    twins: Vec<oneshot::Sender<Result<Twins, Error>>>,
}

fn unpack(parcels: Vec<Parcel>) -> Unpacked {
    let mut all = Unpacked::default();
    for mut parcel in parcels {
        all.rows.append(&mut parcel.rows);
        all.receipts.extend(parcel.receipt);
        all.wanted.extend(parcel.wanted);
        all.twins.extend(parcel.twin);
    }
    all
}

/// Takes the numbers of everybody who waits in one commit.
fn give_numbers(ledger: &mut dyn Ledger, wanted: Vec<Wanted>) {
    if wanted.is_empty() {
        return;
    }
    let count = wanted.iter().map(|w| w.count).sum();
    let mut taken = ledger.take_control_numbers(count);
    for Wanted { count, first, .. } in wanted {
        // Whoever has stopped waiting leaves a gap, which harms nobody.
        let _ = first.send(taken.clone());
        taken = taken.map(|next| next + count);
    }
}

/// What the ledger knows of other runs with the same people.
#[derive(Debug)]
pub struct Twins {
    /// One may still have some of them enrolled ([`Ledger::has_twin`], [`Ledger::twin_left_residue`]).
    pub may_have_left_some: bool,
    /// Ids that the exchange gave there ([`Ledger::twin_ids`]).
    pub ids: Vec<String>,
}

/// However the writer ends, nobody is left waiting for it.
struct Ending<'a>(&'a Queue);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.close();
        while self.0.take().is_some() {}
    }
}
