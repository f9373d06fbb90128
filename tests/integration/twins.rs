//! Two runs of one scenario and seed have the same people but for their markers: who is one's and who is the other's is never
//! guessed.

use crate::cli::Desk;
use crate::far_side::{FarSide, household, told};
use crate::ledger_history::{answered, at, one, plan, planned, seen};
use johndoe::ledger;
use johndoe::model::{
    Captures, Event, Expectation, Facts, Field, GroupCapture, GroupRecord, Household, LifeEvent, Marks, Place,
    ProbeIndex, RecordKind, RunId, Submission, SyntheticSsn,
};
use johndoe::reconcile::{Keys, Roster, Standing, expect};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

fn expectation(household: &Household) -> Expectation {
    expect(household, &BTreeMap::new(), &Captures::default())
}

/// What a waypoint shows of them: these fields of each member.
fn shown(expectation: &Expectation, fields: &[Field]) -> Vec<Facts> {
    let of = |member: &Facts| {
        let mut shown = Facts::new();
        for field in fields {
            if let Some(value) = member.value(*field) {
                shown.set(*field, value.clone());
            }
        }
        shown
    };
    expectation.groups[0].members.iter().map(of).collect()
}

#[test]
fn while_another_run_has_the_same_people_names_and_numbers_say_whose_no_record_is() {
    let (mut household, none) = (household(), Facts::new());
    household.people[1].ssn = SyntheticSsn::new("666451234");
    let expectation = expectation(&household);
    let mut roster = Roster::new();
    roster.add(&expectation);
    let by_name = shown(&expectation, &[Field::NameFirst, Field::NameLast, Field::BirthDate, Field::Street1]);
    let by_ssn = shown(&expectation, &[Field::Ssn]);
    let mut by_marker = by_name.clone();
    by_marker[0].set(Field::Email, expectation.marker.clone());
    let stands = |roster: &Roster, members: &[Facts]| roster.stands(&Keys::of(&none, members));
    for members in [&by_name, &by_ssn, &by_marker] {
        assert!(matches!(stands(&roster, members), Standing::Ours(_)), "{members:?}");
    }
    roster.set_twin(true);
    for members in [&by_name, &by_ssn] {
        assert_eq!(stands(&roster, members), Standing::Possible(household.index), "{members:?}");
    }
    assert!(matches!(stands(&roster, &by_marker), Standing::Ours(_)), "the marker is this run's alone");
    roster.set_twin(false);
    assert!(matches!(stands(&roster, &by_name), Standing::Ours(_)));
}

#[test]
fn a_twin_is_a_run_of_the_same_people_that_has_not_ended_or_left_some_of_them_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger::open(folder.path().join("ledger.db").to_str().unwrap()).unwrap();
    let (own, twin) = (RunId::new("0a-own"), RunId::new("0a-twin"));
    ledger.begin_run(&plan("0a-own", 0), &serde_json::Value::Null).unwrap();
    assert!(!ledger.has_twin(&own).unwrap());
    let mut other = plan("0a-other", 1);
    other.seed += 1;
    ledger.begin_run(&other, &serde_json::Value::Null).unwrap();
    assert!(!ledger.has_twin(&own).unwrap(), "other people");
    ledger.begin_run(&plan("0a-twin", 2), &serde_json::Value::Null).unwrap();
    assert!(ledger.has_twin(&own).unwrap() && ledger.has_twin(&twin).unwrap());
    ledger.append(&one(&twin, planned(0))).unwrap();
    ledger.append(&one(&twin, answered(0, LifeEvent::Enroll, Submission::Accepted))).unwrap();
    ledger.append(&one(&twin, Event::Finished)).unwrap();
    assert!(ledger.has_twin(&own).unwrap(), "ended, and left somebody in");
    ledger.append(&one(&twin, answered(0, LifeEvent::Cancel, Submission::Accepted))).unwrap();
    assert!(!ledger.has_twin(&own).unwrap());
}

#[test]
fn a_run_that_ended_and_cancelled_whom_an_issuer_showed_to_the_end_left_residue() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger::open(folder.path().join("ledger.db").to_str().unwrap()).unwrap();
    let (own, twin) = (RunId::new("0a-own"), RunId::new("0a-twin"));
    ledger.begin_run(&plan("0a-twin", 0), &serde_json::Value::Null).unwrap();
    ledger.begin_run(&plan("0a-own", 9), &serde_json::Value::Null).unwrap();
    let gone = |probe| Event::Gone { probe: ProbeIndex(probe), waypoint: 0, issuer: None, gone_at: at(8) };
    for event in [
        planned(0),
        answered(0, LifeEvent::Enroll, Submission::Accepted),
        seen(Some(0), "POL-0"),
        answered(0, LifeEvent::Cancel, Submission::Accepted),
        Event::Finished,
    ] {
        ledger.append(&one(&twin, event)).unwrap();
    }
    assert!(!ledger.has_twin(&own).unwrap(), "everybody was cancelled, as the exchange says");
    assert!(ledger.twin_left_residue(&own).unwrap(), "and is shown as before");
    ledger.append(&one(&twin, gone(0))).unwrap();
    assert!(!ledger.twin_left_residue(&own).unwrap());
    assert!(!ledger.twin_left_residue(&twin).unwrap(), "ours was shown nobody");
    for event in [answered(1, LifeEvent::Enroll, Submission::Rejected), seen(Some(1), "POL-1")] {
        ledger.append(&one(&twin, event)).unwrap();
    }
    assert!(ledger.twin_left_residue(&own).unwrap(), "whom nobody enrolled is there");
    let mut other = plan("0a-other", 9);
    other.seed += 1;
    ledger.begin_run(&other, &serde_json::Value::Null).unwrap();
    assert!(!ledger.twin_left_residue(&RunId::new("0a-other")).unwrap(), "other people");
}

#[test]
fn ids_told_to_a_run_that_was_under_way_beside_this_one_are_known_as_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger::open(folder.path().join("ledger.db").to_str().unwrap()).unwrap();
    let own = RunId::new("0a-own");
    let mut other = plan("0a-other", 0);
    other.seed += 1;
    for plan in [plan("0a-before", 0), plan("0a-own", 1_000_000), plan("0a-beside", 1_000_001), other] {
        ledger.begin_run(&plan, &serde_json::Value::Null).unwrap();
    }
    for run in ["0a-before", "0a-own", "0a-beside", "0a-other"] {
        let mut facts = Facts::new();
        facts.set(Field::PolicyId, format!("P-{run}"));
        let captures = Captures { groups: vec![GroupCapture { line: None, facts }], ..Captures::default() };
        let mut answer = answered(0, LifeEvent::Enroll, Submission::Accepted);
        if let Event::Answered { captures: told, .. } = &mut answer {
            *told = captures;
        }
        ledger.append(&one(&RunId::new(run), planned(0))).unwrap();
        ledger.append(&one(&RunId::new(run), answer)).unwrap();
    }
    ledger.append(&one(&RunId::new("0a-before"), Event::Finished)).unwrap();
    assert_eq!(ledger.twin_ids(&own).unwrap(), ["P-0a-beside"], "what ended before was known from the beginning");
    ledger.append(&one(&RunId::new("0a-beside"), Event::Finished)).unwrap();
    assert!(ledger.foreign_ids(&own).unwrap().contains(&"P-0a-before".to_owned()));
}

#[test]
fn a_record_with_another_runs_id_or_marker_is_that_runs_however_much_it_resembles_ours() {
    let household = household();
    let expectation = expectation(&household);
    let mut roster = Roster::new();
    roster.add(&expectation);
    roster.add_foreign_id("P-THEIRS");
    let record = |policy: &str, mailbox: Option<String>| {
        let mut members = shown(&expectation, &[Field::NameFirst, Field::NameLast, Field::BirthDate, Field::Street1]);
        if let Some(mailbox) = mailbox {
            members[0].set(Field::Email, mailbox);
        }
        let mut facts = Facts::new();
        facts.set(Field::PolicyId, policy);
        GroupRecord { kind: RecordKind::Snapshot, event_at: None, facts, members, place: Place::default() }
    };
    let theirs = Marks::new([7; 5]).of_run(&RunId::new("0a-twin")).household(0);
    assert!(matches!(roster.stands_record(&record("P-NEW", None)), Standing::Ours(_)));
    assert!(!roster.is_of_another_run(&record("P-NEW", None)));
    for record in [record("P-THEIRS", None), record("P-NEW", Some(theirs))] {
        assert_eq!(roster.stands_record(&record), Standing::Stranger, "{record:?}");
        assert!(roster.is_of_another_run(&record));
    }
    let beside = record("P-BESIDE", Some(Marks::new([7; 5]).of_run(&RunId::new("0a-twin")).household(0)));
    assert_eq!(roster.others_ids(&Keys::of_record(&beside)), ["P-BESIDE"], "it stands beside their marker");
    assert!(roster.others_ids(&Keys::of_record(&record("P-NEW", None))).is_empty());
    roster.add_foreign_id("P-BESIDE");
    assert!(roster.others_ids(&Keys::of_record(&beside)).is_empty(), "it is known");
    assert_eq!(roster.stands_record(&record("P-BESIDE", None)), Standing::Stranger, "as in what names no mailbox");
}

/// The first one who ever applied, to whoever asks by name, and nobody by any other name.
fn first_applicant(applied: &[Json], asked: &str) -> Json {
    let is_asked = |first: &&Json| asked.contains(first["last"].as_str().unwrap_or_default());
    let first = applied.first().filter(is_asked);
    first.map_or_else(
        || json!([]),
        |first| json!([{"id": "POL-00000", "last": first["last"], "first": first["first"], "dob": first["dob"]}]),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_an_issuer_lost_is_missing_though_it_shows_the_same_people_of_the_run_before() {
    let applied = Arc::new(Mutex::new(Vec::<Json>::new()));
    let far = FarSide::start(move |asked, _| {
        let mut applied = applied.lock().unwrap();
        match asked.path.as_str() {
            "/apply" => {
                applied.push(serde_json::from_str(&asked.body).unwrap());
                told(201, &json!({"id": format!("POL-{:05}", applied.len() - 1)}).to_string())
            }
            "/members" => told(200, &first_applicant(&applied, &asked.query).to_string()),
            _ => told(200, "{}"),
        }
    })
    .await;
    let (desk, url) = (Desk::new(), far.url());
    desk.write(
        "target.yaml",
        &format!(
            "target: mine\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      - post: /apply\n        \
             json: {{last: \"{{{{ subscriber.name.last }}}}\", first: \"{{{{ subscriber.name.first }}}}\", \
             dob: \"{{{{ subscriber.birth_date }}}}\"}}\n        capture: {{exchange_assigned_policy_id: $.id}}\n    \
             cancel: [{{post: /cancel}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {url}\n    \
             lookups:\n      - {{get: \"/members?last={{{{ subscriber.name.last }}}}\"}}\n    records: $[*]\n    \
             poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{exchange_assigned_policy_id: $.id, \
             last_name: $.last, first_name: $.first, birth_date: $.dob}}\nallow_hosts: [127.0.0.1]\n"
        ),
    );
    desk.write(
        "scenario.yaml",
        "scenario: mine\nobjective: {decide: estimate}\npopulation: {count: 1, seed: 7}\njourney:\n  - event: enroll\n    expect: {at: {issuer: 1s}}\n\
         grace: 0%\n",
    );
    let run = || {
        let said = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--json", "--keep"]);
        let report: Json = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}{}", said.out, said.err));
        report
    };
    let first = run();
    assert_eq!(first["counts"]["missing"], 0, "{first}");
    let second = run();
    let counts = &second["counts"];
    assert_eq!((&counts["missing"], &counts["undecided"]), (&json!(1), &json!(0)), "{second}");
}
