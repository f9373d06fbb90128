//! Everything together: what is configured anew while alarms hold, and that nothing grows.

use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::alarm::{self, AlarmId, Detail, Look, Policy};
use johndoe_vigil::delivery::{self, Answer, Channel};
use johndoe_vigil::schedule::{CatchUp, Overlap, Plan, Rhythm, Schedule, Start};
use johndoe_vigil::stream::{self, Fact, Fate, Streams};
use johndoe_vigil::{Entry, Setup, Watch};
use std::collections::BTreeSet;

use crate::outcomes::objective;

fn minute(n: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap() + TimeDelta::minutes(n)
}

fn setup(channels: &[&str]) -> Setup {
    let plan = Plan {
        name: "s".to_owned(),
        schedule: Schedule::new(Rhythm::every(TimeDelta::minutes(5), chrono_tz::UTC).unwrap(), TimeDelta::zero(), 1)
            .unwrap(),
        open: Vec::new(),
        closed: Vec::new(),
        overlap: Overlap::Skip,
        catch_up: CatchUp::Latest,
    };
    let channels = channels.iter().map(|name| Channel { name: (*name).to_owned(), size: 4000 }).collect();
    Setup {
        plans: vec![plan],
        streams: Streams::default().with("s", objective(100.0)),
        policy: Policy::default(),
        channels,
    }
}

struct Trial {
    watch: Watch,
    log: Vec<Entry>,
    now: i64,
}

impl Trial {
    fn new(channels: &[&str]) -> Self {
        Self { watch: Watch::new(setup(channels)), log: Vec::new(), now: 0 }
    }

    /// Stopped, and started with other channels: everything else is what was written.
    fn configured(mut self, channels: &[&str]) -> Self {
        self.watch = Watch::new(setup(channels));
        self.log.iter().for_each(|entry| self.watch.apply(entry));
        self
    }

    fn write(&mut self, entry: Entry) {
        self.watch.apply(&entry);
        self.log.push(entry);
    }

    /// One look, after an outcome; what was sent, and taken.
    fn go(&mut self, fate: Fate) -> Vec<String> {
        self.now += 5;
        let unit = self.now.to_string();
        let at = minute(self.now);
        for fact in [Fact::Sent { unit: unit.clone(), at, probes: 1 }, Fact::Decided { unit, at, fate }] {
            self.write(Entry::Stream(stream::Entry::Outcome { stream: "s".to_owned(), fact }));
        }
        for entry in self.watch.look(Look { at, residue: Some(0) }, &|_: &AlarmId| Detail::default()) {
            self.write(entry);
        }
        let mut sent = Vec::new();
        loop {
            let sendings = self.watch.sendings(at, &BTreeSet::new());
            if sendings.is_empty() {
                return sent;
            }
            for sending in sendings {
                sent.push(format!("{} {}", sending.channel, sending.message.kind.word()));
                let (channel, key) = (sending.channel, sending.key);
                self.write(Entry::Delivery(delivery::Entry::Answered { channel, key, at, answer: Answer::Taken }));
            }
        }
    }

    fn many(&mut self, count: usize, fate: Fate) -> Vec<String> {
        (0..count).flat_map(|_| self.go(fate)).collect()
    }
}

#[test]
fn a_channel_that_comes_during_an_alarm_is_told_of_it_at_once_and_of_its_end() {
    let mut trial = Trial::new(&["pager"]);
    trial.many(100, Fate::Passed);
    assert_eq!(trial.many(5, Fate::Failed), ["pager firing"]);
    let mut trial = trial.configured(&["pager", "mail"]);
    assert_eq!(trial.go(Fate::Failed), ["mail firing"]);
    assert!(trial.many(3, Fate::Failed).is_empty());
    assert_eq!(trial.many(23, Fate::Passed), ["pager recovered", "mail recovered"]);
}

#[test]
fn a_channel_that_comes_with_an_alarm_is_told_once() {
    let mut trial = Trial::new(&[]);
    trial.many(100, Fate::Passed);
    trial.many(3, Fate::Failed);
    let mut trial = trial.configured(&["pager"]);
    assert_eq!(trial.go(Fate::Failed), ["pager firing"]);
    assert!(trial.many(3, Fate::Failed).is_empty());
}

#[test]
fn while_nothing_may_be_sent_no_tick_is_taken() {
    let mut trial = Trial::new(&["pager"]);
    for entry in trial.watch.ticks(minute(0), Start::Watching) {
        trial.write(entry);
    }
    assert_eq!(trial.watch.ticks(minute(9), Start::Watching).len(), 2, "one is missed, and one is run");
    trial.write(Entry::Alarm(alarm::Entry::Killed { at: minute(9), by: "operations".to_owned() }));
    assert!(trial.watch.ticks(minute(9), Start::Watching).is_empty());
    trial.write(Entry::Alarm(alarm::Entry::Released { at: minute(19), by: "operations".to_owned() }));
    assert_eq!(trial.watch.ticks(minute(19), Start::Watching).len(), 2);
}

/// Months of alarms, told and over: what is remembered is what holds.
#[test]
fn what_is_remembered_does_not_grow() {
    let mut trial = Trial::new(&["pager", "mail"]);
    let size = |watch: &Watch| {
        let stored = [
            serde_json::to_string(watch.alarms()),
            serde_json::to_string(watch.deliveries()),
            serde_json::to_string(watch.streams().outcomes("s").unwrap().memory()),
        ];
        stored.map(|text| text.unwrap().len()).iter().sum::<usize>()
    };
    let mut sizes = Vec::new();
    for _ in 0..60 {
        trial.many(10, Fate::Failed);
        trial.many(100, Fate::Passed);
        sizes.push(size(&trial.watch));
    }
    assert!(sizes[59] < sizes[40] + 200, "{sizes:?}");
}

#[test]
fn a_stream_that_begins_anew_knows_nothing_of_before_and_its_alarm_is_withdrawn() {
    let mut trial = Trial::new(&["pager"]);
    trial.many(100, Fate::Passed);
    assert_eq!(trial.many(5, Fate::Failed), ["pager firing"]);
    trial.write(Entry::Alarm(alarm::Entry::Restarted { stream: "s".to_owned(), at: minute(trial.now) }));
    assert!(trial.watch.streams().episode("s").is_none());
    assert_eq!(trial.go(Fate::Failed), ["pager withdrawn"], "one failure is no evidence of its own");
    let again = trial.configured(&["pager"]);
    assert!(again.watch.streams().episode("s").is_none(), "nor is it after a restart");
}
