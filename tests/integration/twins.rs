//! Two runs of one scenario and seed have the same people but for their markers: who is one's and who is the other's is never
//! guessed.

use crate::far_side::household;
use crate::ledger_history::{answered, one, plan, planned};
use johndoe::ledger;
use johndoe::model::{
    Captures, Event, Expectation, Facts, Field, Household, LifeEvent, RunId, Submission, SyntheticSsn,
};
use johndoe::reconcile::{Keys, Roster, Standing, expect};
use std::collections::BTreeMap;

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
