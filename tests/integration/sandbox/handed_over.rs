//! 834 files that are handed over: written by hand here, put into the sandbox's intake, and followed to the issuers' records.

mod answered;
mod file;
mod following;
#[cfg(feature = "sftp")]
mod over_sftp;

use super::pipeline::{MEDICAL, Pipeline};
use file::{ENVELOPE, Envelope, Set, hand_over};
use johndoe::model::{Field, RecordKind};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// What an issuer has under a policy id.
async fn held(pipeline: &Pipeline, issuer: &str, policy: &str) -> Vec<Value> {
    let (status, body) = pipeline.look(issuer, &format!("policy_id={policy}")).await;
    assert_eq!(status, StatusCode::OK);
    body["households"].as_array().unwrap().clone()
}

/// What the exchange has of a mailbox.
async fn at_exchange(pipeline: &Pipeline, email: &str) -> Vec<Value> {
    let url = pipeline.url(&format!("/api/enrollments?email={email}"));
    let answer = pipeline.client.get(url).bearer_auth("sandbox").send().await.unwrap();
    super::pipeline::read(answer).await.1["households"].as_array().unwrap().clone()
}

/// Kind and policy of everything that was sent to the issuers.
fn sent(pipeline: &Pipeline) -> Vec<(RecordKind, String)> {
    let records = pipeline.files().into_iter().flat_map(|file| file.records);
    records.map(|record| (record.kind, record.facts.text(Field::PolicyId).unwrap().to_owned())).collect()
}

fn names(household: &Value) -> Vec<&str> {
    household["members"].as_array().unwrap().iter().map(|member| member["name"]["first"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_enrollment_comes_out_at_the_issuer_with_the_ids_it_brought() {
    let pipeline = Pipeline::with("").await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1")]);
    pipeline.deliver(1).await;
    assert_eq!(sent(&pipeline), [(RecordKind::InitialEnrollment, "P-1".to_owned())]);
    let at_issuer = held(&pipeline, "12345", "P-1").await;
    assert_eq!(at_issuer.len(), 1);
    let household = &at_issuer[0];
    assert_eq!((&household["applicationId"], &household["subscriberId"]), (&json!("700"), &json!("S1")));
    assert_eq!((&household["planId"], &household["issuer"]), (&json!("12345MA001000104"), &json!("12345")));
    assert_eq!((&household["premium"], &household["subsidy"]["aptc"]), (&json!("500.00"), &json!("120.50")));
    assert_eq!(names(household), ["Ada", "Tom"]);
    assert_eq!(household["members"][1]["id"], "S1-2");
    assert_eq!(at_exchange(&pipeline, "jd.p-1@example.com").await.len(), 1);
    assert_eq!(pipeline.running.counters()["jd.p-1"].enrollments, 1);
}

#[tokio::test]
async fn what_the_sender_leaves_out_the_exchange_adds() {
    let pipeline = Pipeline::with("").await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::bare()]);
    pipeline.deliver(1).await;
    let (_, by_email) = pipeline.look("12345", "email=jd.bare@example.com").await;
    let household = &by_email["households"][0];
    for id in ["policyId", "applicationId"] {
        assert!(household[id].as_str().is_some_and(|id| id.parse::<u64>().is_ok()), "{household}");
    }
    // 21-year-olds' base in the ninth state and up: the two adults' price of this plan, as offered over HTTP
    let told = pipeline.enroll(&super::pipeline::family("price-1"), &[MEDICAL]).await;
    let offered = &told.enrollment["policies"][0]["members"];
    let premium = |member: usize| household["members"][member]["premium"].clone();
    assert_eq!((premium(0), premium(1)), (offered[0]["premium"].clone(), offered[1]["premium"].clone()));
    assert_eq!(
        (&household["subsidy"]["aptc"], &household["totalResponsibility"]),
        (&json!("0.00"), &household["premium"])
    );
}

#[tokio::test]
async fn a_cancellation_and_a_termination_end_what_is_held() {
    let pipeline = Pipeline::with("").await;
    let sets = [Set::enrollment("P-1"), Set::enrollment("P-2").of("701", "S2")];
    hand_over(&pipeline, "a.edi", ENVELOPE, &sets);
    pipeline.deliver(1).await;
    let ends = [Set::end("P-1", "S1", "20140101", "CANCEL"), Set::end("P-2", "S2", "20140331", "TERM")];
    hand_over(&pipeline, "b.edi", Envelope { control: 2, ..ENVELOPE }, &ends);
    pipeline.deliver(1).await;
    let ended: Vec<_> = sent(&pipeline).split_off(2);
    let expected = [(RecordKind::Cancellation, "P-1".to_owned()), (RecordKind::Termination, "P-2".to_owned())];
    assert_eq!(ended, expected);
    for (policy, status, end) in [("P-1", "CANCELLED", "2014-01-01"), ("P-2", "TERMINATED", "2014-03-31")] {
        let household = &held(&pipeline, "12345", policy).await[0];
        assert_eq!((&household["status"], &household["coverage"]["end"]), (&json!(status), &json!(end)));
        assert_eq!(names(household), ["Ada", "Tom"]);
    }
    assert_eq!(at_exchange(&pipeline, "jd.p-2@example.com").await[0]["status"], "TERMINATED");
}

#[tokio::test]
async fn a_change_travels_on_as_the_whole_changed_record() {
    let pipeline = Pipeline::with("").await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1")]);
    pipeline.deliver(1).await;
    let before = held(&pipeline, "12345", "P-1").await.remove(0);
    hand_over(&pipeline, "b.edi", Envelope { control: 2, ..ENVELOPE }, &[Set::move_and_swap("P-1")]);
    pipeline.deliver(1).await;

    let change = pipeline.files().into_iter().flat_map(|file| file.records).next_back().unwrap();
    assert_eq!(change.kind, RecordKind::Maintenance);
    let told: Vec<_> = change.members.iter().map(|member| member.text(Field::NameFirst).unwrap()).collect();
    assert_eq!(told, ["Ada", "Tom", "Bea"]);
    let after = held(&pipeline, "12345", "P-1").await.remove(0);
    assert_eq!(names(&after), ["Ada", "Bea"], "Tom left and Bea joined");
    let ada = &after["members"][0];
    assert_eq!((&ada["address"]["line1"], &ada["address"]["zip"]), (&json!("7 New Road"), &json!("01003")));
    assert_eq!((&ada["email"], &ada["dob"]), (&json!("jd.p-1@example.com"), &json!("1980-02-29")), "the rest stays");
    assert_eq!(ada["issuerMemberId"], before["members"][0]["issuerMemberId"]);
    assert_eq!((&after["status"], &after["premium"]), (&before["status"], &json!("450.00")));
    assert_ne!(after["members"][1]["issuerMemberId"], before["members"][1]["issuerMemberId"], "nobody inherits an id");
    assert_eq!(names(&at_exchange(&pipeline, "jd.p-1@example.com").await[0]), ["Ada", "Bea"]);
}

#[tokio::test]
async fn a_change_does_not_confirm_a_paid_policy_again() {
    let pipeline = Pipeline::with("").await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1")]);
    pipeline.deliver(1).await;
    let paid = pipeline.post("/api/applications/700/payments", &json!({})).send().await.unwrap();
    assert_eq!(paid.status(), StatusCode::OK);
    pipeline.deliver(2).await;
    hand_over(&pipeline, "b.edi", Envelope { control: 2, ..ENVELOPE }, &[Set::move_and_swap("P-1")]);
    pipeline.deliver(2).await;
    assert_eq!(held(&pipeline, "12345", "P-1").await[0]["status"], "ACTIVE");
    assert_eq!(pipeline.replies().iter().map(|file| file.records.len()).sum::<usize>(), 1);
}

#[tokio::test]
async fn what_cannot_be_placed_is_told_and_changes_nothing() {
    let pipeline = Pipeline::with("").await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1"), Set::end("P-1", "S1", "20140101", "CANCEL")]);
    let lost = [
        Set::enrollment("P-1"),
        Set::enrollment("P-9").plan("99999MA001000104"),
        Set::end("P-1", "S1", "20140101", "CANCEL"),
        Set::end("P-8", "S1", "20140101", "CANCEL"),
        Set::move_and_swap("P-8"),
    ];
    hand_over(&pipeline, "b.edi", Envelope { control: 2, ..ENVELOPE }, &lost);
    pipeline.running.deliver().await;
    let told = pipeline.running.troubles();
    let expected = [
        "initial_enrollment at b.edi ISA 000000002 GS 2 ST 0001 segment 7: policy `P-1` is held already",
        "cancellation at b.edi ISA 000000002 GS 2 ST 0003 segment 7: policy `P-1` has ended already",
        "cancellation at b.edi ISA 000000002 GS 2 ST 0004 segment 7: policy `P-8` is not held",
        "maintenance at b.edi ISA 000000002 GS 2 ST 0005 segment 7: policy `P-8` is not held",
        "initial_enrollment at b.edi ISA 000000002 GS 2 ST 0002 segment 7: no issuer here offers plan `99999MA0010001`",
    ];
    assert_eq!(told, expected.map(|text| format!("intake could not place the {text}")));
    assert_eq!(sent(&pipeline).len(), 2);
    let acks = Pipeline::acknowledgements(&pipeline.running.acks_to_senders);
    assert!(acks.iter().all(|ack| ack.is_accepted), "a 999 is about syntax: {acks:#?}");
}

#[tokio::test]
async fn faults_strike_what_is_handed_over_as_what_comes_over_http() {
    let pipeline = Pipeline::with("lose@marker=lost=1,alter:member.name.last@marker=other=1,reject@marker=not=1").await;
    let of = |policy, application, subscriber| Set::enrollment(policy).of(application, subscriber);
    let sets = [of("lost", "1", "S1"), of("other", "2", "S2"), of("not", "3", "S3"), of("well", "4", "S4")];
    hand_over(&pipeline, "a.edi", ENVELOPE, &sets);
    pipeline.deliver(1).await;
    let planted: Vec<_> = pipeline.planted().into_iter().map(|(fault, _, marker)| (fault, marker)).collect();
    let expected = [("lose", "jd.lost"), ("alter:member.name.last", "jd.other"), ("reject", "jd.not")];
    assert_eq!(planted, expected.map(|(fault, marker)| (fault.to_owned(), marker.to_owned())));
    let policies: Vec<_> = sent(&pipeline).into_iter().map(|(_, policy)| policy).collect();
    assert_eq!(policies, ["other", "well"]);
    let last = |household: &Value| [0, 1].map(|member| household["members"][member]["name"]["last"].to_string());
    assert_ne!(last(&held(&pipeline, "12345", "other").await[0]), last(&held(&pipeline, "12345", "well").await[0]));
}
