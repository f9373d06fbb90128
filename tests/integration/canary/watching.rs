//! Ticks, alarms and their ends; what a process that comes after another knows; and what stops sending.

use super::bench::{Bench, HOUSEHOLDS, file};
use johndoe::ledger::{self, Error as LedgerError, WatchLog};
use johndoe::watch::{Error, Log, Row, status};
use johndoe_vigil::Entry;
use johndoe_vigil::alarm::Entry as AlarmEntry;
use std::collections::BTreeSet;
use std::time::Duration;

/// What another process appends.
fn appended(bench: &Bench, entry: AlarmEntry, at: chrono::DateTime<chrono::Utc>) {
    let stored = WatchLog::open_existing(&bench.ledger(), "watch").unwrap();
    let mut log = Log::open(stored, bench.configured(&file("", "")).setup).unwrap();
    log.note(at, &[Row::Heart(Entry::Alarm(entry))]).unwrap();
}

fn runs(bench: &Bench) -> usize {
    ledger::open_existing(&bench.ledger()).unwrap().runs().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_fault_is_told_within_its_tick_and_so_is_its_end() {
    let mut bench = Bench::quiet("lose=1.0").await;
    let text = file(&bench.hook(), "");
    let mut watcher = bench.started(&text).unwrap();
    bench.settle(&mut watcher).await;
    assert_eq!(runs(&bench), 0, "nothing is due before the first tick");

    bench.tick(&mut watcher).await;
    assert_eq!(bench.kinds(), ["firing"], "{:?}", bench.said.lock().unwrap());
    let told = &bench.posted()[0];
    let words = told["text"].as_str().unwrap();
    let run = ledger::open_existing(&bench.ledger()).unwrap().runs().unwrap()[0].run.clone();
    let households = format!("{HOUSEHOLDS} of {HOUSEHOLDS} households of the last run");
    for expected in [
        "failing since",
        &households,
        "each bound at 95 %",
        "the evidence crossed its threshold",
        "enrollment lost between `exchange` and `edi_834`, issuer 12345",
        &format!("probes: {run}/"),
        "johndoe canary explain 'trial",
    ] {
        assert!(words.contains(expected), "`{expected}` is not in:\n{words}");
    }

    // a process that comes after it knows what was told, and goes on
    drop(watcher);
    bench.mended("").await;
    let mut watcher = bench.started(&text).unwrap();
    bench.settle(&mut watcher).await;
    assert_eq!(bench.kinds(), ["firing"], "nothing is told twice");
    let mut ticks = 0;
    while watcher.log().state().watch.alarms().firing().count() > 0 && ticks < 8 {
        bench.tick(&mut watcher).await;
        ticks += 1;
    }
    let (first, others) = bench.posted().split_first().map(|(first, others)| (first.clone(), others.to_vec())).unwrap();
    assert!(!others.is_empty() && others.iter().all(|told| told["kind"] == "recovered"), "{others:?}");
    let alarms = |told: &serde_json::Value| {
        told["alarms"].as_array().unwrap().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let mut over: Vec<String> = others.iter().flat_map(alarms).collect();
    over.sort();
    assert_eq!(over, alarms(&first), "each that was told has its end, once");

    // seeds move on: nobody is sent twice
    let ledger = ledger::open_existing(&bench.ledger()).unwrap();
    let seeds: BTreeSet<u64> =
        ledger.runs().unwrap().iter().map(|run| ledger.run_plan(&run.run).unwrap().0.seed).collect();
    assert_eq!(seeds.len(), ticks + 1, "{seeds:?}");
    drop(watcher);
    let again = bench.started(&text).unwrap();
    assert_eq!(again.log().state().watch.alarms().firing().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_canaries_with_one_ledger_one_watches_and_the_other_hears_who() {
    let bench = Bench::quiet("").await;
    let watcher = bench.started(&file("", "")).unwrap();
    let Err(Error::Ledger(LedgerError::Watched { holder, .. })) = bench.started(&file("", "")) else {
        panic!("both watch")
    };
    assert!(holder.contains(&std::process::id().to_string()), "{holder}");
    drop(watcher);
    bench.started(&file("", "")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_switch_is_thrown_nobody_is_sent() {
    let bench = Bench::quiet("").await;
    let mut watcher = bench.started(&file("", "")).unwrap();
    bench.settle(&mut watcher).await;
    let at = bench.clock_now();
    appended(&bench, AlarmEntry::Killed { at, by: "operations".to_owned() }, at);
    bench.tick(&mut watcher).await;
    assert_eq!(runs(&bench), 0, "{:?}", bench.said.lock().unwrap());
    let shown = status(watcher.log().state(), &bench.configured(&file("", "")), at);
    assert!(shown.stopped.unwrap().contains("operations"));
    appended(&bench, AlarmEntry::Released { at, by: "operations".to_owned() }, at);
    bench.tick(&mut watcher).await;
    assert_eq!(runs(&bench), 1, "it goes on, and sends once what was missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_thrown_while_people_are_sent_stops_it_and_takes_them_out() {
    let bench = Bench::quiet("").await;
    let text = file("", "kill_switch: ./stop-it\n");
    // slow enough to be caught in the middle
    let mut watcher = bench.started_slowly(&text);
    bench.settle(&mut watcher).await;
    bench.clock.advance(Duration::from_mins(15));
    let running = bench.running.as_ref().unwrap();
    while running.counters().values().filter(|c| c.enrollments > 0).count() < 2 {
        watcher.pass().unwrap();
        watcher.hear_one().await;
    }
    std::fs::write(bench.path().join("stop-it"), "").unwrap();
    bench.settle(&mut watcher).await;
    let counters = running.counters();
    let sent = counters.values().filter(|c| c.enrollments > 0).count();
    assert!(sent < HOUSEHOLDS as usize, "all {sent} were sent");
    let ledger = ledger::open_existing(&bench.ledger()).unwrap();
    assert!(ledger.open_enrollments().unwrap().is_empty(), "who was sent was taken out");
    bench.tick(&mut watcher).await;
    assert_eq!(runs(&bench), 1);
    std::fs::remove_file(bench.path().join("stop-it")).unwrap();
    bench.clock.advance(Duration::from_mins(15));
    watcher.pass().unwrap();
    assert!(watcher.log().state().watch.may_send().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_too_many_people_left_behind_nothing_more_is_sent_and_that_is_an_alarm() {
    let bench = Bench::quiet("cancel_lost=1.0").await;
    let mut watcher = bench.started(&file(&bench.hook(), "residue: 3\n")).unwrap();
    bench.settle(&mut watcher).await;
    bench.tick(&mut watcher).await;
    let told: Vec<String> = bench.posted().iter().map(|told| told["title"].as_str().unwrap().to_owned()).collect();
    assert!(told.iter().any(|title| title.contains("too many people could not be taken out")), "{told:?}");
    assert!(watcher.log().state().people_left() > 3);
    bench.tick(&mut watcher).await;
    assert_eq!(runs(&bench), 1, "nothing more is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_held_to_something_else_begins_anew() {
    let bench = Bench::quiet("lose=1.0").await;
    let text = file(&bench.hook(), "");
    let mut watcher = bench.started(&text).unwrap();
    bench.settle(&mut watcher).await;
    bench.tick(&mut watcher).await;
    assert_eq!(bench.kinds(), ["firing"]);
    let other = file(&bench.hook(), "false_alarms: 0.5\n");
    watcher.reload(bench.configured(&other), bench.jobs()).unwrap();
    bench.settle(&mut watcher).await;
    assert_eq!(bench.kinds(), ["firing", "withdrawn"], "it did not recover, and says so");
    let said = bench.said.lock().unwrap().join("\n");
    assert!(said.contains("is held to something else: what was counted of it begins anew"), "{said}");
    let renamed = text.replace("canary: watch", "canary: other");
    assert!(matches!(watcher.reload(bench.configured(&renamed), bench.jobs()), Err(Error::Setup(_))));
}
