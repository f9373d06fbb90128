//! Alarms: told on change, reminder and recovery, once; silences and acknowledgements with ends; nothing ends one but recovery.

use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::alarm::{AlarmId, Alarms, Detail, Entry, Look, Matcher, Message, Policy, Silence, Source, Stop};
use johndoe_vigil::stream::{self, Fact, Fate, Streams};

use crate::outcomes::objective;
use Fate::{Failed, NoOutcome, Passed};

const ISSUER: &str = "first-enrollment × 12345";
const OTHER: &str = "first-enrollment × 67890";

fn minute(n: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap() + TimeDelta::minutes(n)
}

fn id(stream: &str, number: u64) -> AlarmId {
    AlarmId { source: Source::Stream(stream.to_owned()), number }
}

/// A canary that looks every five minutes, and what it has written down.
struct Trial {
    streams: Streams,
    log: Vec<Entry>,
    standing: Alarms,
    policy: Policy,
    residue: Option<u32>,
    now: i64,
    units: u64,
}

impl Trial {
    fn new() -> Self {
        let mut policy = Policy::default();
        for stream in [ISSUER, OTHER] {
            policy.groups.insert(stream.to_owned(), "first-enrollment".to_owned());
        }
        let streams = Streams::default().with(ISSUER, objective(100.0)).with(OTHER, objective(100.0));
        Self { streams, log: Vec::new(), standing: Alarms::default(), policy, residue: Some(0), now: 0, units: 0 }
    }

    fn write(&mut self, entry: Entry) {
        self.standing.apply(&entry);
        self.log.push(entry);
    }

    /// As they stand; now and then started again, when everything that is known is what was written.
    fn alarms(&self) -> Alarms {
        if self.now % 125 == 0 {
            let mut alarms = Alarms::default();
            let stored = serde_json::to_string(&self.log).unwrap();
            let stored: Vec<Entry> = serde_json::from_str(&stored).unwrap();
            for entry in &stored {
                alarms.apply(entry);
            }
            assert_eq!(alarms, self.standing);
            let snapshot: Alarms = serde_json::from_str(&serde_json::to_string(&alarms).unwrap()).unwrap();
            assert_eq!(snapshot, self.standing);
        }
        self.standing.clone()
    }

    fn outcome(&mut self, stream: &str, fate: Fate) {
        self.units += 1;
        let unit = self.units.to_string();
        for fact in [
            Fact::Sent { unit: unit.clone(), at: minute(self.now), probes: 1 },
            Fact::Decided { unit, at: minute(self.now), fate },
        ] {
            self.streams.apply(&stream::Entry::Outcome { stream: stream.to_owned(), fact });
        }
    }

    fn messages(&mut self) -> Vec<Message> {
        let look = Look { at: minute(self.now), residue: self.residue };
        let detail = |_: &AlarmId| Detail {
            lines: vec!["missing at `issuer`, all of issuer 12345".to_owned()],
            probes: ["p1", "p2", "p3", "p4"].map(str::to_owned).to_vec(),
        };
        let alarms = self.alarms();
        let entries = alarms.next(look, &self.streams, &self.policy, &detail);
        // killed before anything was written: the same again
        assert_eq!(entries, alarms.next(look, &self.streams, &self.policy, &detail));
        for entry in &entries {
            self.write(entry.clone());
        }
        let again = self.alarms().next(look, &self.streams, &self.policy, &detail);
        assert_eq!(again, [Entry::Looked { at: look.at }], "nothing is left to do");
        let announced = entries.into_iter().filter_map(|entry| match entry {
            Entry::Announced(message) => Some(message),
            _ => None,
        });
        announced.collect()
    }

    fn look(&mut self) -> Vec<String> {
        let short = |message: &Message| {
            let alarms: Vec<String> = message.alarms.iter().map(ToString::to_string).collect();
            format!("{} {}", message.kind.word(), alarms.join(" + "))
        };
        self.messages().iter().map(short).collect()
    }

    /// So many looks five minutes apart, each with an outcome of each of the two; what was told.
    fn go(&mut self, looks: usize, (first, second): (Fate, Fate)) -> Vec<String> {
        (0..looks)
            .flat_map(|_| {
                self.now += 5;
                self.outcome(ISSUER, first);
                self.outcome(OTHER, second);
                self.look()
            })
            .collect()
    }

    fn silence(&mut self, matcher: Matcher, minutes: i64) {
        let (from, until) = (minute(self.now), minute(self.now + minutes));
        let silence =
            Silence { id: format!("s{}", self.log.len()), matcher, from, until, by: "night shift".to_owned() };
        self.write(Entry::Silenced(silence));
    }
}

#[test]
fn an_alarm_is_told_once_then_reminded_of_then_recovered() {
    let mut trial = Trial::new();
    assert!(trial.go(100, (Passed, Passed)).is_empty());
    assert!(trial.go(3, (Failed, Passed)).is_empty());
    assert_eq!(trial.go(1, (Failed, Passed)), [format!("firing {ISSUER}#1")]);
    assert!(trial.go(47, (Failed, Passed)).is_empty());
    assert_eq!(trial.go(1, (Failed, Passed)), [format!("reminder {ISSUER}#1")], "after four hours");
    assert_eq!(trial.go(48, (Failed, Passed)), [format!("reminder {ISSUER}#1")]);
    assert!(trial.go(22, (Passed, Passed)).is_empty());
    assert_eq!(trial.go(1, (Passed, Passed)), [format!("recovered {ISSUER}#1")]);
    assert!(trial.go(100, (Passed, Passed)).is_empty());
    assert_eq!(trial.go(4, (Failed, Passed)), [format!("firing {ISSUER}#2")], "the next is another one");
}

#[test]
fn alarms_of_one_group_and_moment_are_one_message() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    assert_eq!(trial.go(4, (Failed, Failed)), [format!("firing {ISSUER}#1 + {OTHER}#1")]);
}

#[test]
fn a_message_explains_itself() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.go(3, (Failed, Passed));
    trial.now += 5;
    trial.outcome(ISSUER, Failed);
    let message = trial.messages().remove(0);
    assert_eq!(message.title, "first-enrollment: failing");
    let expected = "first-enrollment × 12345#1: failing since 2026-05-29 04:51 UTC: 4 of 4 failed, 47.3 to 100.0 % (each bound at \
                    95 %); the evidence crossed its threshold 2026-05-29 05:06 UTC\n\
                    missing at `issuer`, all of issuer 12345\n\
                    probes: p1, p2, p3\n\
                    look closer: johndoe canary explain 'first-enrollment × 12345#1'";
    assert_eq!(message.paragraphs, [expected]);
}

#[test]
fn what_still_fails_when_a_silence_ends_is_told_within_a_tick() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.go(4, (Failed, Passed));
    trial.silence(Matcher::Source(Source::Stream(ISSUER.to_owned())), 600);
    assert!(trial.go(119, (Failed, Passed)).is_empty(), "no reminder in it");
    assert_eq!(trial.go(1, (Failed, Passed)), [format!("still-firing {ISSUER}#1")]);
    // one that began in it was never told
    trial.silence(Matcher::Group("first-enrollment".to_owned()), 100);
    assert!(trial.go(19, (Failed, Failed)).is_empty());
    let told = trial.go(1, (Failed, Failed));
    assert_eq!(told, [format!("firing {OTHER}#1"), format!("still-firing {ISSUER}#1")]);
}

#[test]
fn a_recovery_in_a_silence_goes_into_the_digest_and_a_failure_after_it_is_a_new_alarm() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.go(4, (Failed, Passed));
    trial.silence(Matcher::Alarm(id(ISSUER, 1)), 300);
    assert!(trial.go(30, (Passed, Passed)).is_empty());
    assert_eq!(trial.go(4, (Failed, Passed)), [format!("firing {ISSUER}#2")], "the silence was of the other one");
    assert!(trial.go(25, (Failed, Passed)).is_empty());
    assert_eq!(trial.go(1, (Failed, Passed)), [format!("digest {ISSUER}#1")]);
    assert!(trial.alarms().firing().all(|(alarm, _)| *alarm == id(ISSUER, 2)));
}

#[test]
fn what_came_and_went_in_a_silence_is_in_the_digest_only() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.silence(Matcher::Group("first-enrollment".to_owned()), 300);
    assert!(trial.go(10, (Failed, Failed)).is_empty());
    assert!(trial.go(49, (Passed, Passed)).is_empty());
    assert_eq!(trial.go(1, (Passed, Passed)), [format!("digest {ISSUER}#1 + {OTHER}#1")]);
    assert!(trial.go(100, (Passed, Passed)).is_empty());
}

#[test]
fn an_acknowledgement_holds_reminders_back_until_its_end() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.go(4, (Failed, Passed));
    let (at, until) = (minute(trial.now), minute(trial.now + 600));
    trial.write(Entry::Acknowledged { alarm: id(ISSUER, 1), at, until, by: "day shift".to_owned() });
    assert!(trial.go(119, (Failed, Passed)).is_empty());
    assert_eq!(trial.go(1, (Failed, Passed)), [format!("reminder {ISSUER}#1")]);
    let (at, until) = (minute(trial.now), minute(trial.now + 600));
    trial.write(Entry::Acknowledged { alarm: id(ISSUER, 1), at, until, by: "day shift".to_owned() });
    trial.go(10, (Failed, Passed));
    assert_eq!(trial.go(23, (Passed, Passed)), [format!("recovered {ISSUER}#1")], "a recovery is told all the same");
}

#[test]
fn missing_data_and_blindness_end_no_alarm() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.go(4, (Failed, Passed));
    for looks in [(NoOutcome, NoOutcome), (NoOutcome, Passed)] {
        let told = trial.go(1000, looks);
        assert!(told.iter().all(|told| *told == format!("reminder {ISSUER}#1")), "{told:?}");
    }
    assert_eq!(trial.alarms().posted(minute(trial.now), TimeDelta::hours(24)).len(), 1);
    let posted = trial.alarms().posted(minute(trial.now), TimeDelta::hours(24)).remove(0);
    assert_eq!(posted.ends_at, minute(trial.now + 24 * 60));
}

#[test]
fn what_came_and_went_between_two_looks_is_told() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    for fate in [Failed; 4].into_iter().chain([Passed; 23]) {
        trial.now += 1;
        trial.outcome(ISSUER, fate);
    }
    trial.policy.dead_after = TimeDelta::hours(1);
    assert_eq!(trial.look(), [format!("firing {ISSUER}#1"), format!("recovered {ISSUER}#1")]);
}

#[test]
fn the_watchers_death_is_one_alarm_and_over_when_it_looks_again() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.now += 60;
    assert_eq!(trial.go(1, (Passed, Passed)), ["firing watcher#1"]);
    assert_eq!(trial.go(1, (Passed, Passed)), ["recovered watcher#1"]);
    assert!(trial.go(100, (Passed, Passed)).is_empty());
}

#[test]
fn too_much_residue_is_an_alarm_and_stops_sending_until_it_is_taken_out() {
    let mut trial = Trial::new();
    trial.residue = Some(5);
    assert!(trial.go(3, (Passed, Passed)).is_empty());
    assert_eq!(trial.alarms().may_send(), Ok(()));
    trial.residue = Some(6);
    assert_eq!(trial.go(3, (Passed, Passed)), ["firing residue#1"]);
    assert_eq!(trial.alarms().may_send(), Err(Stop::Residue));
    // nobody can say any more: that ends nothing
    trial.residue = None;
    assert!(trial.go(3, (Passed, Passed)).is_empty());
    assert_eq!(trial.alarms().may_send(), Err(Stop::Residue));
    trial.residue = Some(5);
    assert_eq!(trial.go(3, (Passed, Passed)), ["recovered residue#1"]);
    assert_eq!(trial.alarms().may_send(), Ok(()));
}

#[test]
fn the_kill_switch_holds_until_it_is_released() {
    let mut trial = Trial::new();
    trial.write(Entry::Killed { at: minute(0), by: "operations".to_owned() });
    assert_eq!(trial.alarms().may_send(), Err(Stop::Killed { by: "operations".to_owned() }));
    trial.write(Entry::Released { at: minute(9), by: "operations".to_owned() });
    assert_eq!(trial.alarms().may_send(), Ok(()));
}

#[test]
fn a_stream_that_begins_anew_withdraws_its_alarm_and_says_so() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.go(4, (Failed, Failed));
    trial.streams = Streams::default().with(ISSUER, objective(200.0));
    trial.write(Entry::Restarted { stream: ISSUER.to_owned(), at: minute(trial.now) });
    assert_eq!(trial.look(), [format!("withdrawn {ISSUER}#1 + {OTHER}#1")]);
    assert_eq!(trial.go(5, (Failed, Failed)), [format!("firing {ISSUER}#2")], "numbers go on");
}

#[test]
fn what_is_worse_than_was_said_is_told_again() {
    let mut trial = Trial::new();
    let mut told = Vec::new();
    while told.is_empty() {
        told.extend(trial.go(24, (Passed, Passed)));
        told.extend(trial.go(1, (Failed, Passed)));
    }
    trial.now += 5;
    let worse = trial.go(40, (Failed, Passed));
    assert_eq!((told.len(), worse), (1, vec![format!("firing {ISSUER}#1")]));
}

/// So much that a stream does not remember all of its changes: the end of the first trouble is one that it forgot.
#[test]
fn a_trouble_whose_end_was_forgotten_is_over_when_the_next_begins() {
    let mut trial = Trial::new();
    trial.policy.dead_after = TimeDelta::days(9);
    trial.go(100, (Passed, Passed));
    assert_eq!(trial.go(4, (Failed, Passed)), [format!("firing {ISSUER}#1")]);
    for _ in 0..40 {
        for fate in [Passed; 30].into_iter().chain([Failed; 4]) {
            trial.now += 1;
            trial.outcome(ISSUER, fate);
        }
    }
    let told = trial.look();
    assert!(
        told.iter().any(|told| told.starts_with("recovered") && told.contains(&format!("{ISSUER}#1 "))),
        "{told:?}"
    );
    assert_eq!(trial.alarms().firing().count(), 1, "the last one");
}

#[test]
fn no_two_messages_have_one_key() {
    let mut trial = Trial::new();
    trial.go(100, (Passed, Passed));
    trial.now += 5;
    for stream in [ISSUER, OTHER] {
        // the second trouble becomes known at the moment at which the first was told
        for _ in 0..4 {
            trial.outcome(stream, Failed);
        }
        trial.look();
    }
    let keys: Vec<&String> = trial
        .log
        .iter()
        .filter_map(|entry| match entry {
            Entry::Announced(message) => Some(&message.key),
            _ => None,
        })
        .collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
}
