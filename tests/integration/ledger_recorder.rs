//! Many tasks write through one recorder: order, a full disk, and more than there is room for.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::ledger_history::{at, history, plan};
use johndoe::ledger::{Error, Ledger, Recorder, SqliteLedger};
use johndoe::model::{Entry, Event, RunId};
use std::collections::BTreeMap;
use std::path::Path;

fn recorder(path: &Path, limit: Option<u64>) -> Recorder {
    let mut ledger = SqliteLedger::open(path).unwrap();
    ledger.begin_run(&plan("r", 0), &serde_json::Value::Null).unwrap();
    if let Some(bytes) = limit {
        ledger.limit_size(bytes).unwrap();
    }
    let lock = ledger.claim(&RunId::new("r")).unwrap();
    Recorder::start(Box::new(ledger), lock.claim()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_record_at_once_and_notes_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let recorder = recorder(&path, None);
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..64_u64 {
        let recorder = recorder.clone();
        tasks.spawn(async move {
            for step in 0..10 {
                let entry = Entry { at: at(0), event: Event::MissedSlots { slots: task * 100 + step } };
                if step % 2 == 0 {
                    recorder.note(&entry).unwrap();
                } else {
                    recorder.record(entry).await.unwrap();
                }
            }
        });
    }
    tasks.join_all().await;
    recorder.note(&Entry { at: at(0), event: Event::Finished }).unwrap();
    drop(recorder);
    let mut of_task: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut entries = SqliteLedger::open(&path).unwrap().entries(&RunId::new("r")).unwrap();
    assert_eq!(entries.pop().map(|entry| entry.event), Some(Event::Finished), "the last note is written at the end");
    for entry in entries {
        let Event::MissedSlots { slots } = entry.event else { panic!("{entry:?}") };
        of_task.entry(slots / 100).or_default().push(slots % 100);
    }
    assert_eq!(of_task.len(), 64);
    assert!(of_task.values().all(|steps| *steps == (0..10).collect::<Vec<_>>()), "{of_task:?}");
}

#[tokio::test]
async fn a_full_disk_is_told_to_everybody_from_then_on_and_costs_nothing_recorded_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let recorder = recorder(&path, Some(300_000));
    let mut durable = 0;
    let error = loop {
        match recorder.record_all(history()).await {
            Ok(_) => durable += history().len(),
            Err(error) => break error,
        }
        assert!(durable < 100_000, "the limit did not hold");
    };
    assert!(matches!(error, Error::Full { .. }), "{error:?}");
    assert!(error.to_string().contains("resume"), "{error}");
    assert!(durable > 0);
    recorder.note(&Entry { at: at(0), event: Event::Finished }).unwrap();
    assert!(matches!(recorder.flush().await, Err(Error::Full { .. })));
    assert!(matches!(recorder.record(history().remove(19)).await, Err(Error::Full { .. })), "however small");
    drop(recorder);
    let entries = SqliteLedger::open(&path).unwrap().entries(&RunId::new("r")).unwrap();
    assert_eq!(entries.len(), durable, "all that was told durable, and no half batch");
}

/// All room is taken and promised while the one thread that could use it is busy with notes.
#[tokio::test]
async fn notes_do_not_wait_for_tasks_that_wait_for_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let recorder = recorder(&path, None);
    let many = |_| Entry { at: at(0), event: Event::Finished };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let (recorder, entries) = (recorder.clone(), (0..16_384).map(many).collect());
        tasks.spawn(async move { recorder.record_all(entries).await.unwrap() });
    }
    tokio::task::yield_now().await;
    for slots in 0..20_000 {
        recorder.note(&Entry { at: at(0), event: Event::MissedSlots { slots } }).unwrap();
    }
    assert_eq!(tasks.join_all().await.len(), 3);
}

/// More than the queue holds, from one thread, without awaiting: it must neither hang nor lose.
#[tokio::test]
async fn a_flood_of_notes_waits_for_room_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let recorder = recorder(&path, None);
    for slots in 0..40_000 {
        recorder.note(&Entry { at: at(0), event: Event::MissedSlots { slots } }).unwrap();
    }
    let too_many = (0..20_000).map(|slots| Entry { at: at(0), event: Event::MissedSlots { slots } }).collect();
    recorder.record_all(too_many).await.unwrap();
    recorder.flush().await.unwrap();
    let mut count = 0;
    let ledger = SqliteLedger::open(&path).unwrap();
    ledger.visit_entries(&RunId::new("r"), &mut |_, _| count += 1).unwrap();
    assert_eq!(count, 60_000);
}
