//! One story of a ledger, from the first run to pruning, told to every backend.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::ledger_history::{answered, at, history, of, one, plan, planned, sending};
use johndoe::ledger::{self, Error, Ledger, RunState};
use johndoe::model::{
    Acknowledgement, AnswerTimes, Captures, CoverageLine, Entry, Event, Facts, Field, GroupCapture, HandedOver,
    JourneyStep, LifeEvent, Place, ProbeIndex, RecordKind, RunId, Submission, Value,
};

/// What every backend must do. `open` opens the same ledger each time.
fn story(open: &dyn Fn() -> Box<dyn Ledger>) {
    let mut ledger = open();
    assert_eq!(ledger.runs().unwrap(), vec![]);
    assert!(matches!(ledger.find_run("latest"), Err(Error::Empty { .. })));

    a_run_is_begun_once_and_its_plan_comes_back(ledger.as_mut());
    let (first, second) = (RunId::new("0a-first"), RunId::new("0a-second"));
    let unknown = RunId::new("0b-unknown");
    assert!(matches!(ledger.append(&one(&unknown, Event::Finished)), Err(Error::NotFound { .. })));

    let seqs = ledger.append(&of(&first, history())).unwrap();
    assert_eq!(seqs.len(), history().len());
    assert!(seqs.is_sorted_by(|a, b| a < b), "{seqs:?}");
    ledger.append(&of(&second, vec![Entry { at: at(101), event: planned(0) }])).unwrap();
    assert_eq!(ledger.entries(&first).unwrap(), history(), "every kind of event comes back as it was");
    assert_eq!(open().entries(&first).unwrap(), history(), "through another connection too");

    what_is_known_of_a_probe_and_of_files(ledger.as_ref(), &first);
    runs_are_listed_and_found(ledger.as_mut(), &first, &second);
    open_enrollments_are_those_not_proven_cancelled(ledger.as_mut(), &first, &second);

    control_numbers_are_given_once(ledger.as_mut(), open().as_mut());

    assert_eq!(ledger.foreign_ids(&first).unwrap(), Vec::<String>::new());
    assert_eq!(ledger.foreign_ids(&second).unwrap(), ["MEM-0", "POL-0", "SUB-0"]);
    pruning_deletes_one_run_that_nobody_drives(ledger.as_mut(), open().as_ref(), &first, &second);
}

fn a_run_is_begun_once_and_its_plan_comes_back(ledger: &mut dyn Ledger) {
    let header = serde_json::json!({"scenario_file": "a.yaml", "text": "count: 3\n"});
    ledger.begin_run(&plan("0a-first", 0), &header).unwrap();
    ledger.begin_run(&plan("0a-second", 9), &serde_json::Value::Null).unwrap();
    assert!(matches!(ledger.begin_run(&plan("0a-first", 0), &header), Err(Error::AlreadyBegun { .. })));
    assert_eq!(ledger.run_plan(&RunId::new("0a-first")).unwrap(), (plan("0a-first", 0), header));
}

/// Whichever connection asks.
fn control_numbers_are_given_once(ledger: &mut dyn Ledger, another: &mut dyn Ledger) {
    let first = ledger.take_control_numbers(3).unwrap();
    assert!((1..=900_000_000).contains(&first), "{first}");
    assert_eq!(another.take_control_numbers(1).unwrap(), first + 3);
    assert_eq!(ledger.take_control_numbers(2).unwrap(), first + 4);
    assert_eq!(another.take_control_numbers(1).unwrap(), first + 6);
}

fn what_is_known_of_a_probe_and_of_files(ledger: &dyn Ledger, run: &RunId) {
    let of_probe = ledger.entries_of_probe(run, ProbeIndex(1)).unwrap();
    let names_another = |entry: &Entry| match &entry.event {
        Event::Planned { household, .. } => household.index != ProbeIndex(1),
        Event::Sending { probe, .. } | Event::Answered { probe, .. } => *probe != ProbeIndex(1),
        _ => false,
    };
    let expected: Vec<Entry> = history().into_iter().filter(|entry| !names_another(entry)).collect();
    assert_eq!(of_probe, expected);
    let read = ledger.already_read(run, 0).unwrap();
    let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["before.edi", "out 1.edi"]);
    assert!(ledger.already_read(run, 1).unwrap().is_empty());
}

fn runs_are_listed_and_found(ledger: &mut dyn Ledger, first: &RunId, second: &RunId) {
    let listed = ledger.runs().unwrap();
    assert_eq!(listed.iter().map(|run| &run.run).collect::<Vec<_>>(), [second, first]);
    assert_eq!((listed[1].state, listed[1].entries), (RunState::Stopped, 20));
    let counts = listed[1].enrollments;
    assert_eq!((counts.accepted, counts.indeterminate, counts.rejected, counts.sending), (1, 1, 1, 0));
    assert_eq!(listed[0].state, RunState::Interrupted, "nobody drives it");

    assert_eq!(ledger.find_run("latest").unwrap(), *second);
    assert_eq!(ledger.find_run("0a-f").unwrap(), *first);
    assert_eq!(ledger.find_run("0a-first").unwrap(), *first);
    assert!(matches!(ledger.find_run("0a"), Err(Error::Ambiguous { fits, .. }) if fits.len() == 2));
    assert!(matches!(ledger.find_run(""), Err(Error::NotFound { .. })));
    assert!(matches!(ledger.find_run("%"), Err(Error::NotFound { .. })));

    let held = ledger.claim(second).unwrap();
    assert_eq!(ledger.runs().unwrap()[0].state, RunState::Running);
    assert!(matches!(ledger.claim(second), Err(Error::Claimed { .. })));
    drop(held);
    ledger.append(&one(first, Event::MissedSlots { slots: 1 })).unwrap();
    assert_eq!(ledger.runs().unwrap()[1].state, RunState::Interrupted, "a stopped run that goes on is open again");
    ledger.append(&one(second, Event::Finished)).unwrap();
    ledger.append(&one(second, Event::MissedSlots { slots: 1 })).unwrap();
    let finished = &ledger.runs().unwrap()[0];
    assert_eq!((finished.state, finished.finished_at), (RunState::Finished, Some(at(100))));
}

fn open_enrollments_are_those_not_proven_cancelled(ledger: &mut dyn Ledger, first: &RunId, second: &RunId) {
    let open = |ledger: &dyn Ledger| -> Vec<String> {
        ledger.open_enrollments().unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(open(ledger), ["0a-first/0", "0a-first/1"]);
    ledger.append(&one(second, sending(7, LifeEvent::Enroll))).unwrap();
    assert_eq!(open(ledger), ["0a-first/0", "0a-first/1", "0a-second/7"], "sent, and never answered");
    ledger.append(&one(first, sending(0, LifeEvent::Cancel))).unwrap();
    ledger.append(&one(first, answered(0, LifeEvent::Cancel, Submission::Indeterminate))).unwrap();
    assert_eq!(open(ledger).len(), 3, "a cancellation without a trustworthy answer proves nothing");
    ledger.append(&one(first, answered(0, LifeEvent::Cancel, Submission::Accepted))).unwrap();
    ledger.append(&one(second, answered(7, LifeEvent::Enroll, Submission::Unsent))).unwrap();
    assert_eq!(open(ledger), ["0a-first/1"]);
    ledger.append(&one(first, sending(0, LifeEvent::ChangePlan))).unwrap();
    assert_eq!(open(ledger), ["0a-first/0", "0a-first/1"], "who was taken out may have a policy again");
    let out = answered(0, LifeEvent::Cancel, Submission::Accepted);
    let again = [out.clone(), sending(0, LifeEvent::Terminate), sending(0, LifeEvent::ChangePlan)];
    let batch: Vec<_> = again.into_iter().flat_map(|event| one(first, event)).collect();
    ledger.append(&batch).unwrap();
    assert_eq!(open(ledger), ["0a-first/0", "0a-first/1"], "all of it in one batch");
    ledger.append(&one(first, out.clone())).unwrap();
    ledger.append(&one(first, sending(0, LifeEvent::Terminate))).unwrap();
    assert_eq!(open(ledger), ["0a-first/1"], "a termination puts nothing in force");
    ledger.append(&one(first, sending(0, LifeEvent::Reinstate))).unwrap();
    assert_eq!(open(ledger), ["0a-first/0", "0a-first/1"]);
    ledger.append(&one(first, out)).unwrap();
    assert_eq!(open(ledger), ["0a-first/1"]);
}

fn pruning_deletes_one_run_that_nobody_drives(
    ledger: &mut dyn Ledger,
    other: &dyn Ledger,
    first: &RunId,
    second: &RunId,
) {
    let held = other.claim(first).unwrap();
    assert!(matches!(ledger.prune(first), Err(Error::Claimed { .. })));
    drop(held);
    ledger.prune(first).unwrap();
    assert!(matches!(ledger.entries(first), Err(Error::NotFound { .. })));
    assert!(matches!(ledger.append(&one(first, Event::Finished)), Err(Error::NotFound { .. })));
    assert_eq!(ledger.foreign_ids(second).unwrap(), Vec::<String>::new());
    assert!(ledger.open_enrollments().unwrap().is_empty());
    assert_eq!(ledger.entries(second).unwrap().len(), 5, "the other run is whole");
}

#[test]
fn the_story_holds_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new folder").join("ledger.db");
    story(&|| ledger::open(path.to_str().unwrap()).unwrap());
}

/// Kinds of events that the first ledgers had not.
fn later_events() -> Vec<Event> {
    let place = |source: &str| Place { source: source.to_owned(), segment: Some(4), ..Place::default() };
    let acknowledged = |is_repetition: bool| Acknowledgement {
        waypoint: 1,
        probe: ProbeIndex(0),
        kind: RecordKind::InitialEnrollment,
        message: place("out 1.edi"),
        is_accepted: !is_repetition,
        is_repetition,
        words: "TA1 rejected: control number has been used before (ISA13) [025]".to_owned(),
        last_absent_at: Some(at(4)),
        first_seen_at: at(5),
        place: place("out 1.edi.ack"),
    };
    let mut facts = Facts::new();
    facts.set(Field::PolicyId, Value::Text("P035608653".into()));
    let groups = vec![GroupCapture { line: Some(CoverageLine::Medical), facts: facts.clone() }];
    let captures = Captures { groups, members: vec![facts], ..Captures::default() };
    let times = AnswerTimes { answers: 7, slow: 2, unanswered: 1, slowest_micros: 21_000_000 };
    vec![
        Event::Acknowledged { acknowledgement: Box::new(acknowledged(false)) },
        Event::Acknowledged { acknowledgement: Box::new(acknowledged(true)) },
        Event::AnswersTimed { waypoint: 2, times },
        Event::StrangersDropped { waypoint: 1, strangers: 9 },
        Event::Named {
            probe: ProbeIndex(0),
            action: JourneyStep::ENROLL,
            captures,
            handed_over: Some(HandedOver { step: 1, first: 23, sets: 2, file: "834_000000023.edi".to_owned() }),
        },
    ]
}

#[test]
fn events_that_came_later_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger::open(folder.path().join("ledger.db").to_str().unwrap()).unwrap();
    let run = RunId::new("0c-later");
    ledger.begin_run(&plan("0c-later", 0), &serde_json::Value::Null).unwrap();
    let entries: Vec<Entry> = later_events().into_iter().map(|event| Entry { at: at(6), event }).collect();
    ledger.append(&of(&run, entries.clone())).unwrap();
    assert_eq!(ledger.entries(&run).unwrap(), entries);
}
