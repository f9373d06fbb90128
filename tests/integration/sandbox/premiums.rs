//! First premiums: what is paid is effectuated and told to the exchange, what is not is cancelled.

use super::pipeline::{MEDICAL, Pipeline, Told, family};
use johndoe::model::{Field, GroupRecord, RecordKind};
use serde_json::json;
use std::time::Duration;

async fn enrolled(binder: Option<Duration>) -> (Pipeline, Told) {
    let pipeline = Pipeline::with_binder("", binder).await;
    let told = pipeline.enroll(&family("payer-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    (pipeline, told)
}

/// The element of the first segment with this id.
fn element(text: &str, segment: &str, number: usize) -> String {
    let found = text.split('~').map(|s| s.split('*').collect::<Vec<_>>()).find(|s| s[0].trim() == segment);
    found.unwrap()[number].to_owned()
}

#[tokio::test]
async fn what_is_paid_is_effectuated_and_the_exchange_hears_of_it() {
    let (pipeline, told) = enrolled(None).await;
    pipeline.pay(&told).await;
    assert_eq!(pipeline.at_exchange(&told).await[0]["status"], "PENDING");
    pipeline.deliver(1).await;
    assert_eq!(pipeline.at_issuer("12345", &told).await[0]["status"], "ACTIVE");
    let shown = &pipeline.at_exchange(&told).await[0];
    assert_eq!(shown["status"], "ACTIVE");
    assert_eq!(shown["issuerPolicyId"], pipeline.at_issuer("12345", &told).await[0]["issuerPolicyId"]);

    let (enrollment, replies) = (pipeline.files(), pipeline.replies());
    assert_eq!(replies.len(), 1);
    assert!(replies[0].is_whole && replies[0].name.starts_with("12345.DSH.IC834.D131115."), "{}", replies[0].name);
    let [record] = replies[0].records.as_slice() else { panic!("{} records", replies[0].records.len()) };
    assert_eq!(record.kind, RecordKind::Effectuation);
    assert_eq!(record.facts.text(Field::PolicyId), Some(told.policy_id()));
    assert_eq!(record.members.len(), 4);
    let text = |number, of: &str| element(&replies[0].text, of, number);
    assert_eq!(text(2, "BGN"), element(&enrollment[0].text, "BGN", 2), "the issuer returns the exchange's number");
    assert_eq!([text(6, "ISA"), text(8, "ISA")].map(|id| id.trim().to_owned()), ["12345", "CMSFFM"]);
    assert_eq!([text(2, "GS"), text(3, "GS")], [MEDICAL, "MA0"]);
    assert_eq!([text(3, "INS"), text(4, "INS")], ["021", "28"]);
    pipeline.deliver(2).await;
    assert_eq!(pipeline.replies().len(), 1, "it is told once");

    let running = &pipeline.running;
    for (folder, answered) in [(&running.acks_from_issuers, &enrollment), (&running.acks_from_exchange, &replies)] {
        let acks = Pipeline::acknowledgements(folder);
        assert_eq!(acks.len(), 2, "a TA1 and a set: {acks:?}");
        assert!(acks.iter().all(|ack| ack.is_accepted && ack.file == format!("{}.ack", answered[0].name)), "{acks:?}");
        assert_eq!(acks[0].interchange, answered[0].records[0].place.interchange);
        assert_eq!(acks[1].set, answered[0].records[0].place.transaction_set);
    }
}

#[tokio::test]
async fn a_payment_before_the_enrollment_is_loaded_counts_when_it_is() {
    let pipeline = Pipeline::with("").await;
    let told = pipeline.enroll(&family("payer-1"), &[MEDICAL]).await;
    pipeline.pay(&told).await;
    pipeline.deliver(2).await;
    assert_eq!(pipeline.at_exchange(&told).await[0]["status"], "ACTIVE");
}

#[tokio::test]
async fn what_is_not_paid_in_time_is_cancelled_at_both_ends() {
    let (pipeline, told) = enrolled(Some(Duration::from_secs(2))).await;
    pipeline.deliver(1).await;
    assert_eq!(pipeline.at_issuer("12345", &told).await[0]["status"], "PENDING");
    pipeline.deliver(1).await;
    let replies = pipeline.replies();
    let records: Vec<&GroupRecord> = replies.iter().flat_map(|file| &file.records).collect();
    assert_eq!(records.iter().map(|record| record.kind).collect::<Vec<_>>(), [RecordKind::Cancellation]);
    assert_eq!(records[0].facts.text(Field::TransactionReason), Some("non_payment"));
    assert_eq!(element(&replies[0].text, "INS", 4), "59");
    for shown in [&pipeline.at_exchange(&told).await[0], &pipeline.at_issuer("12345", &told).await[0]] {
        assert_eq!((&shown["status"], &shown["coverage"]["end"]), (&json!("CANCELLED"), &json!("2014-01-01")));
    }
    pipeline.deliver(2).await;
    assert_eq!(pipeline.replies().len(), 1, "it is told once");
    assert_eq!(pipeline.files().len(), 1, "the exchange does not tell the issuer what the issuer told it");
}

#[tokio::test]
async fn a_cancelled_policy_is_neither_effectuated_nor_given_up() {
    let (pipeline, told) = enrolled(Some(Duration::from_secs(3))).await;
    pipeline.cancel(&told).await;
    pipeline.deliver(1).await;
    pipeline.pay(&told).await;
    pipeline.deliver(4).await;
    assert!(pipeline.replies().is_empty());
}

/// The one transaction of a kind that the issuers told the exchange.
fn told_as(pipeline: &Pipeline, kind: RecordKind) -> GroupRecord {
    let all: Vec<GroupRecord> = pipeline.replies().into_iter().flat_map(|file| file.records).collect();
    let mut of_kind: Vec<GroupRecord> = all.into_iter().filter(|record| record.kind == kind).collect();
    assert_eq!(of_kind.len(), 1, "{of_kind:?}");
    of_kind.remove(0)
}

async fn at_both(pipeline: &Pipeline, told: &Told) -> [(serde_json::Value, serde_json::Value); 2] {
    let shown = [pipeline.at_exchange(told).await.remove(0), pipeline.at_issuer("12345", told).await.remove(0)];
    shown.map(|at| (at["status"].clone(), at["coverage"]["end"].clone()))
}

#[tokio::test]
async fn whoever_never_pays_is_cancelled_at_both_ends_and_the_issuer_is_told_nothing() {
    let (pipeline, told) = enrolled(None).await;
    pipeline.miss_payment(&told).await;
    pipeline.deliver(1).await;
    assert_eq!(at_both(&pipeline, &told).await, [(); 2].map(|()| (json!("CANCELLED"), json!("2014-01-01"))));
    let said = told_as(&pipeline, RecordKind::Cancellation);
    assert_eq!(said.facts.text(Field::TransactionReason), Some("non_payment"));
    pipeline.miss_payment(&told).await;
    pipeline.deliver(2).await;
    assert_eq!((pipeline.replies().len(), pipeline.files().len()), (1, 1), "it is told once, and to nobody else");
}

#[tokio::test]
async fn whoever_paid_once_is_terminated_with_the_first_month_of_grace_or_the_month_that_was_paid() {
    for (income_cents, last_day) in [(4_500_000, "2014-02-28"), (45_000_000, "2014-01-31")] {
        let pipeline = Pipeline::with("").await;
        let mut household = family("payer-1");
        household["income_cents"] = json!(income_cents);
        let told = pipeline.enroll(&household, &[MEDICAL]).await;
        pipeline.pay(&told).await;
        // as soon as it is loaded, and not before it is effectuated
        pipeline.miss_payment(&told).await;
        pipeline.deliver(2).await;
        assert_eq!(at_both(&pipeline, &told).await, [(); 2].map(|()| (json!("TERMINATED"), json!(last_day))));
        told_as(&pipeline, RecordKind::Effectuation);
        let said = told_as(&pipeline, RecordKind::Termination);
        assert_eq!(said.facts.text(Field::TransactionReason), Some("non_payment"));
        assert_eq!(pipeline.files().len(), 1);
    }
}
