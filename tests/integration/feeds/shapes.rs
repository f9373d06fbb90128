//! Shapes that systems answer in: objects keyed by id, dollars and cents apart, booleans as words, GraphQL.

use super::json_api::{all, feed, known};
use crate::far_side::{FarSide, told};
use johndoe::issuer::Look;
use johndoe::model::{Field, GroupRecord};
use serde_json::{Value, json};

/// Looks once at a waypoint with these keys that answers so.
async fn look(keys: &str, answer: &Value) -> Look {
    let body = answer.to_string();
    let far = FarSide::start(move |_, _| told(200, &body)).await;
    let get = "lookup: {get: \"/members?id={{ exchange_assigned_subscriber_id }}\"}";
    let how = if keys.contains("lookup") { "" } else { get };
    feed(&format!("base_url: {}\n{how}\n{keys}", far.url())).look(None, (&known(), false), &all).await
}

#[track_caller]
fn found(look: Look) -> Vec<GroupRecord> {
    match look {
        Look::Found { records, partial: None, .. } => records,
        other => panic!("{other:?}"),
    }
}

fn texts(record: &GroupRecord, field: Field) -> Vec<Option<String>> {
    record.members.iter().map(|facts| facts.value(field).map(ToString::to_string)).collect()
}

#[tokio::test]
async fn records_and_members_that_are_keyed_by_their_ids_show_them() {
    let keys = "records: $.policies.*\nmembers: $.people.*\nfields: {exchange_assigned_policy_id: {key: true}, \
                exchange_assigned_member_id: {key: true, regex: \"^M-(.*)$\"}, last_name: $.last}";
    let answer = json!({"policies": {
        "P-1": {"people": {"M-2": {"last": "Doe"}, "M-1": {"last": "Roe"}}},
        "P-2": {"people": {"M-3": {"last": "Poe"}}}}});
    let records = found(look(keys, &answer).await);
    let policies: Vec<_> = records.iter().map(|record| record.facts.text(Field::PolicyId).unwrap()).collect();
    assert_eq!(policies, ["P-1", "P-2"]);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(texts(&records[0], Field::MemberId), [some("2"), some("1")]);
    assert_eq!(texts(&records[0], Field::NameLast), [some("Doe"), some("Roe")]);
    assert_eq!(texts(&records[1], Field::MemberId), [some("3")]);
    let listed = json!({"policies": [{"people": [{"last": "Doe"}]}]});
    let records = found(look(keys, &listed).await);
    assert_eq!(texts(&records[0], Field::MemberId), [None], "a list has no keys");
    assert!(records[0].members[0].unread().contains(Field::MemberId), "and that is told");
}

#[tokio::test]
async fn dollars_and_cents_that_stand_apart_are_one_amount_and_half_of_it_is_told() {
    let keys = "records: $.all[*]\nmembers: $.people[*]\nfields: {aptc: {path: $.credit.dollars, cents: $.credit.cents}, \
                tobacco: {path: $.smokes, map: {T: yes, F: no}}, sex: {path: $.is_female, map: {true: female, false: male}}}";
    let people = json!([{"smokes": "F", "is_female": true}, {"smokes": "T", "is_female": false}]);
    let one = |credit: Value| json!({"all": [{"credit": credit, "people": people}]});
    for (credit, expected, is_read) in [
        (json!({"dollars": 250, "cents": 8}), Some("250.08"), true),
        (json!({"dollars": "0", "cents": "50"}), Some("0.50"), true),
        (json!({"dollars": null, "cents": null}), None, true),
        (json!({"dollars": 250}), Some("250 dollars and no cents"), false),
        (json!({}), None, false),
    ] {
        let records = found(look(keys, &one(credit.clone())).await);
        let facts = &records[0].facts;
        assert_eq!(facts.value(Field::Aptc).map(ToString::to_string).as_deref(), expected, "{credit}");
        assert_eq!(!facts.unread().contains(Field::Aptc), is_read, "{credit}");
        assert_eq!(texts(&records[0], Field::Tobacco), [Some("no".to_owned()), Some("yes".to_owned())]);
        assert_eq!(texts(&records[0], Field::Sex), [Some("female".to_owned()), Some("male".to_owned())]);
    }
}

/// A look-up as GraphQL wants it.
const GRAPH: &str = "lookup:\n  post: /graphql\n  json: {query: \"query($id: ID!) { members(subscriber: $id) { nodes { policy last } } }\", \
                     variables: {id: \"{{ exchange_assigned_subscriber_id }}\"}}\nrecords: $.data.members.nodes[*]\n\
                     fields: {exchange_assigned_policy_id: $.policy, last_name: $.last}";

#[tokio::test]
async fn errors_of_graphql_are_trouble_and_never_absence() {
    let error = json!([{"message": "resolver timed out", "path": ["members"]}]);
    for answer in [
        json!({"errors": error, "data": null}),
        json!({"errors": error, "data": {"members": null}}),
        json!({"errors": error}),
        json!({"data": {"members": {"nodes": []}}, "errors": error}),
    ] {
        match look(GRAPH, &answer).await {
            Look::Blind { .. } => {}
            other => panic!("{answer}: {other:?}"),
        }
    }
    match look(GRAPH, &json!({"data": {"members": {"nodes": []}}})).await {
        Look::Absent { .. } => {}
        other => panic!("{other:?}"),
    }
    let beside = json!({"data": {"members": {"nodes": [{"policy": "P-1", "last": "Doe"}, null]}}, "errors": error});
    match look(GRAPH, &beside).await {
        Look::Found { records, partial: Some(_), .. } => assert_eq!(records.len(), 1),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_graphql_is_asked_stands_in_its_variables() {
    let far = FarSide::start(|_, _| told(200, r#"{"data": {"members": {"nodes": []}}}"#)).await;
    drop(feed(&format!("base_url: {}\n{GRAPH}", far.url())).look(None, (&known(), false), &all).await);
    let asked = far.asked().remove(0);
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body["variables"], json!({"id": "S-1"}));
    assert_eq!((asked.method.as_str(), asked.header("content-type")), ("POST", Some("application/json")));
}
