//! What follows an enrollment that was handed over: reinstatements, renewals, audits; each seen where it arrives.

use super::file::{ENVELOPE, Envelope, Set, hand_over};
use super::{at_exchange, held, names, sent};
use crate::sandbox::pipeline::Pipeline;
use crate::x12_validate::taken_by_the_other;
use johndoe::model::{Field, RecordKind};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Two policies at the issuer, the second paid for.
async fn two_policies() -> Pipeline {
    let pipeline = Pipeline::with("").await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1"), Set::enrollment("P-2").of("701", "S2")]);
    pipeline.deliver(1).await;
    let paid = pipeline.post("/api/applications/701/payments", &json!({})).send().await.unwrap();
    assert!(paid.status().is_success());
    pipeline.deliver(1).await;
    pipeline
}

fn next(pipeline: &Pipeline, control: u32, sets: &[Set]) {
    hand_over(pipeline, &format!("{control}.edi"), Envelope { control, ..ENVELOPE }, sets);
}

/// Every file that the exchange sent to its issuers is one that the guide allows.
fn assert_valid(pipeline: &Pipeline) {
    let Some(validator) = crate::pyx12::validator() else { return };
    let folder = &pipeline.running.outbound;
    let paths: Vec<PathBuf> = pipeline.files().iter().map(|file| folder.join(&file.name)).collect();
    assert_eq!(taken_by_the_other(&validator, &paths), vec![true; paths.len()], "{paths:?}");
}

fn status(household: &Value) -> (&Value, &Value) {
    (&household["status"], &household["coverage"]["end"])
}

#[tokio::test]
async fn a_reinstatement_revives_what_was_cancelled_or_terminated_as_it_was_before() {
    let pipeline = two_policies().await;
    let ends = [Set::end("P-1", "S1", "20140101", "CANCEL"), Set::end("P-2", "S2", "20140331", "TERM")];
    next(&pipeline, 2, &ends);
    pipeline.deliver(1).await;
    let replies = pipeline.replies().len();
    next(&pipeline, 3, &[Set::reinstatement("P-1"), Set::reinstatement("P-2").of("701", "S2")]);
    pipeline.deliver(2).await;

    let expected = ["P-1", "P-2"].map(|policy| (RecordKind::Reinstatement, policy.to_owned()));
    assert_eq!(sent(&pipeline).split_off(4), expected);
    let text = pipeline.files().pop().unwrap().text;
    assert!(text.contains("INS*Y*18*025*41*A***AC~") && text.contains("HD*025**HLT~"), "{text}");
    for (policy, mailbox, was) in [("P-1", "jd.p-1", "PENDING"), ("P-2", "jd.p-2", "ACTIVE")] {
        let at_issuer = held(&pipeline, "12345", policy).await.remove(0);
        let here = at_exchange(&pipeline, &format!("{mailbox}@example.com")).await.remove(0);
        for household in [&at_issuer, &here] {
            assert_eq!(status(household), (&json!(was), &Value::Null), "{policy}");
            assert_eq!(names(household), ["Ada", "Tom"]);
        }
    }
    assert_eq!(pipeline.replies().len(), replies, "what was paid for is not confirmed again");
    // What stands again is paid for, and can end again.
    drop(pipeline.post("/api/applications/700/payments", &json!({})).send().await.unwrap());
    pipeline.deliver(2).await;
    assert_eq!(held(&pipeline, "12345", "P-1").await[0]["status"], "ACTIVE");
    next(&pipeline, 4, &[Set::end("P-1", "S1", "20140228", "TERM")]);
    pipeline.deliver(1).await;
    assert_eq!(status(&held(&pipeline, "12345", "P-1").await[0]), (&json!("TERMINATED"), &json!("2014-02-28")));
    let acks = Pipeline::acknowledgements(&pipeline.running.acks_to_senders);
    assert!(acks.len() == 11 && acks.iter().all(|ack| ack.is_accepted), "{acks:#?}");
    assert_valid(&pipeline);
}

#[tokio::test]
async fn a_reinstatement_of_what_stands_or_is_anothers_is_told_and_changes_nothing() {
    let pipeline = two_policies().await;
    next(&pipeline, 2, &[Set::end("P-2", "S2", "20140331", "TERM")]);
    pipeline.deliver(1).await;
    let plan = Set::reinstatement("P-2").of("701", "S2").plan("12345MA001000204");
    let sets =
        [Set::reinstatement("P-1"), Set::reinstatement("P-2"), plan, Set::reinstatement("P-7"), Set::audit("P-8")];
    next(&pipeline, 3, &sets);
    pipeline.running.deliver().await;
    let expected = [
        "reinstatement at 3.edi ISA 000000003 GS 3 ST 0001 segment 7: policy `P-1` has not ended",
        "reinstatement at 3.edi ISA 000000003 GS 3 ST 0002 segment 7: policy `P-2` has another subscriber (REF*0F)",
        "reinstatement at 3.edi ISA 000000003 GS 3 ST 0003 segment 7: policy `P-2` has another plan (REF*CE)",
        "reinstatement at 3.edi ISA 000000003 GS 3 ST 0004 segment 7: policy `P-7` is not held",
        "audit at 3.edi ISA 000000003 GS 3 ST 0005 segment 7: policy `P-8` is not held",
    ];
    assert_eq!(pipeline.running.troubles(), expected.map(|text| format!("intake could not place the {text}")));
    assert_eq!(held(&pipeline, "12345", "P-2").await[0]["status"], "TERMINATED");
    assert_eq!(sent(&pipeline).len(), 3);
}

#[tokio::test]
async fn a_reinstatement_after_an_unpaid_binder_is_billed_anew() {
    let pipeline = Pipeline::with_binder("", Some(std::time::Duration::from_secs(2))).await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1")]);
    pipeline.deliver(4).await;
    assert_eq!(held(&pipeline, "12345", "P-1").await[0]["status"], "CANCELLED");
    next(&pipeline, 2, &[Set::reinstatement("P-1")]);
    pipeline.deliver(1).await;
    assert_eq!(held(&pipeline, "12345", "P-1").await[0]["status"], "PENDING");
    assert_eq!(at_exchange(&pipeline, "jd.p-1@example.com").await[0]["status"], "PENDING");
    drop(pipeline.post("/api/applications/700/payments", &json!({})).send().await.unwrap());
    pipeline.deliver(1).await;
    assert_eq!(at_exchange(&pipeline, "jd.p-1@example.com").await[0]["status"], "ACTIVE");
}

#[tokio::test]
async fn a_renewal_arrives_as_one_and_is_a_policy_of_its_own() {
    let pipeline = two_policies().await;
    let before = held(&pipeline, "12345", "P-1").await;
    next(&pipeline, 2, &[Set::renewal("P-1-2015"), Set::renewal("P-2")]);
    pipeline.running.deliver().await;
    let twice = "automatic_reenrollment at 2.edi ISA 000000002 GS 2 ST 0002 segment 7: policy `P-2` is held already";
    assert_eq!(pipeline.running.troubles(), [format!("intake could not place the {twice}")]);
    assert_eq!(sent(&pipeline).split_off(2), [(RecordKind::AutomaticReenrollment, "P-1-2015".to_owned())]);
    let file = pipeline.files().pop().unwrap();
    assert!(file.text.contains("INS*Y*18*021*41*A***AC~") && file.text.contains("REF*17*PASSIVE~"), "{}", file.text);
    assert_eq!(file.records[0].facts.text(Field::TransactionReason), Some("passive"));
    let renewed = &held(&pipeline, "12345", "P-1-2015").await[0];
    assert_eq!((&renewed["coverage"]["begin"], &renewed["status"]), (&json!("2015-01-01"), &json!("PENDING")));
    assert_eq!(names(renewed), ["Ada", "Tom"]);
    assert_eq!(held(&pipeline, "12345", "P-1").await, before, "this year's policy goes on");
    let both = at_exchange(&pipeline, "jd.p-1@example.com").await;
    assert_eq!(both.len(), 2, "the application has both: {both:?}");
    assert_valid(&pipeline);
}

#[tokio::test]
async fn an_audit_arrives_as_one_and_changes_nothing() {
    let pipeline = two_policies().await;
    let before = (held(&pipeline, "12345", "P-1").await, at_exchange(&pipeline, "jd.p-1@example.com").await);
    let replies = pipeline.replies().len();
    next(&pipeline, 2, &[Set::audit("P-1")]);
    pipeline.deliver(2).await;
    assert_eq!(sent(&pipeline).split_off(2), [(RecordKind::Audit, "P-1".to_owned())]);
    let file = pipeline.files().pop().unwrap();
    assert!(file.text.contains("INS*Y*18*030*XN*A***AC~") && file.text.contains("HD*030**HLT~"), "{}", file.text);
    let told = &file.records[0];
    assert_eq!(told.members[0].text(Field::Phone), Some("4135550199"), "it is passed on as it was told");
    assert_eq!(told.facts.value(Field::PremiumTotal).map(ToString::to_string).as_deref(), Some("500.00"));
    let after = (held(&pipeline, "12345", "P-1").await, at_exchange(&pipeline, "jd.p-1@example.com").await);
    assert_eq!(after, before);
    assert_eq!(pipeline.replies().len(), replies);
    assert!(Pipeline::acknowledgements(&pipeline.running.acks_from_issuers).iter().all(|ack| ack.is_accepted));
    assert_valid(&pipeline);
}
