//! The truth: the same for one seed whatever the order of arrival, within selectors, and written down.

use super::super::pipeline::{DENTAL, MEDICAL, Pipeline, family};
use serde_json::{Value, json};
use std::fs;

const MANY: &str = "lose=0.2,relationship=0.2,alter:member.phone=0.3,duplicate_at_issuer=0.3,ghost=0.5";

/// What is planted in households numbered so, enrolled in this order.
async fn planted_in(order: impl Iterator<Item = usize>) -> Vec<(String, String, String)> {
    let pipeline = Pipeline::with(MANY).await;
    for n in order {
        pipeline.enroll(&family(&format!("h{n}")), &[MEDICAL]).await;
    }
    pipeline.deliver(1).await;
    let mut planted = pipeline.planted();
    planted.sort();
    planted
}

#[tokio::test]
async fn it_does_not_depend_on_the_order_of_arrival() {
    let forth = planted_in(0..30).await;
    let back = planted_in((0..30).rev()).await;
    assert!(forth.len() > 10, "{forth:?}");
    assert_eq!(forth, back);
    let mut markers: Vec<_> = forth.iter().map(|(_, _, marker)| marker).collect();
    markers.dedup();
    assert_eq!(markers.len(), forth.len(), "a household has one fault at most");
}

#[tokio::test]
async fn selectors_keep_faults_to_the_policies_and_households_they_name() {
    let pipeline = Pipeline::with("lose@line=dental=1,reject@has_hyphen=1,variant@state=VA=1").await;
    let both = pipeline.enroll(&family("both-1"), &[MEDICAL, DENTAL]).await;
    let mut hyphenated = family("hyphen-1");
    hyphenated["people"][2]["name"]["last"] = json!("Ames-Bell");
    let refused = pipeline.enroll(&hyphenated, &[MEDICAL]).await;
    pipeline.enroll(&family("plain-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert_eq!(pipeline.at_issuer("12345", &both).await.len(), 1);
    assert!(pipeline.at_issuer("54321", &both).await.is_empty());
    let planted: Vec<_> = pipeline.planted().into_iter().map(|(fault, _, marker)| (fault, marker)).collect();
    let expected = [("lose", "both-1"), ("reject", "hyphen-1")];
    assert_eq!(planted, expected.map(|(fault, marker)| (fault.to_owned(), marker.to_owned())));
}

#[tokio::test]
async fn what_a_household_lacks_is_not_planted() {
    let pipeline = Pipeline::with("apostrophe_lost=1,leading_zero_lost=1,mojibake=1,split=1,id_twice=1").await;
    let mut alone = family("alone-1");
    alone["people"].as_array_mut().unwrap().truncate(1);
    alone["people"][0]["name"] = json!({"first": "Ann", "last": "Ames"});
    alone["address"]["zip"] = json!("23219");
    let told = pipeline.enroll(&alone, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    assert_eq!(pipeline.planted(), []);
    assert_eq!(pipeline.at_issuer("12345", &told).await.len(), 1);
}

#[tokio::test]
async fn it_is_written_to_a_file_line_by_line() {
    let pipeline = Pipeline::with("lose=1").await;
    let told = pipeline.enroll(&family("log-1"), &[MEDICAL]).await;
    let log = pipeline.running.outbound.parent().unwrap().join("truth.jsonl");
    let lines: Vec<Value> =
        fs::read_to_string(log).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["fault"], &lines[0]["hop"], &lines[0]["marker"]),
        (&json!("lose"), &json!("edi_834"), &json!("log-1"))
    );
    assert_eq!(lines[0]["application_id"], told.application_id());
    assert_eq!(lines[0]["policy_id"], told.policy_id());
}
