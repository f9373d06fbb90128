//! Faults of the issuer: the 834 file is right, what the issuer shows is not.

use super::super::pipeline::{MEDICAL, Pipeline, family};
use super::{differences, plant};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn lose_at_issuer_is_in_the_file_and_not_loaded() {
    let seen = plant("lose_at_issuer", 1).await;
    assert_eq!((seen.hop().as_str(), seen.sent().len(), seen.at_issuer().await.len()), ("issuer", 1, 0));
}

#[tokio::test]
async fn duplicate_at_issuer_is_sent_once_and_loaded_twice() {
    let seen = plant("duplicate_at_issuer", 1).await;
    let held = seen.at_issuer().await;
    assert_eq!((seen.hop().as_str(), seen.sent().len(), held.len()), ("issuer", 1, 2));
    assert_eq!(held[0]["policyId"], held[1]["policyId"]);
    assert_ne!(held[0]["issuerPolicyId"], held[1]["issuerPolicyId"]);
}

#[tokio::test]
async fn delay_at_issuer_is_loaded_late() {
    let seen = plant("delay@hop=issuer@for=10s", 1).await;
    assert_eq!((seen.hop().as_str(), seen.at_issuer().await.len()), ("issuer", 0));
    seen.pipeline.clock.advance(Duration::from_secs(10));
    assert_eq!(seen.at_issuer().await.len(), 1);
}

#[tokio::test]
async fn flapping_is_present_then_absent_then_present() {
    let seen = plant("flapping@times=2", 1).await;
    let mut found = Vec::new();
    for _ in 0..5 {
        found.push(seen.at_issuer().await.len());
    }
    assert_eq!((seen.hop().as_str(), found), ("issuer", vec![1, 0, 0, 1, 1]));
}

#[tokio::test]
async fn outage_answers_503_for_its_time_by_every_key() {
    let seen = plant("outage@for=5s", 1).await;
    let asked = format!("exchange_id={}", seen.sick.subscriber_id());
    assert_eq!(seen.pipeline.look("12345", &asked).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(seen.pipeline.look("12345", "email=sick-1@example.com").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(seen.hop(), "issuer");
    seen.pipeline.clock.advance(Duration::from_secs(5));
    assert_eq!(seen.at_issuer().await.len(), 1);
}

#[tokio::test]
async fn slow_at_issuer_answers_well_and_late() {
    let seen = plant("slow@hop=issuer@for=40ms", 1).await;
    let begun = std::time::Instant::now();
    assert_eq!(seen.at_issuer().await.len(), 1);
    assert!(begun.elapsed() >= Duration::from_millis(40));
    assert_eq!(seen.hop(), "issuer");
}

#[tokio::test]
async fn a_record_altered_at_loading_is_right_in_the_file() {
    let seen = plant("alter:member.name.last@hop=issuer", 1).await;
    assert!(seen.sent()[0].members.iter().all(|m| m.text(johndoe::model::Field::NameLast) == Some("O'Neal")));
    let (exchange, issuer) = seen.both().await;
    let changed: Vec<_> = differences(&exchange, &issuer, "").into_iter().filter(|p| p.ends_with("/last")).collect();
    assert_eq!((seen.hop().as_str(), changed.len()), ("issuer", 1));
}

#[tokio::test]
async fn a_blanked_amount_at_loading_is_null() {
    let seen = plant("blank:group.aptc@hop=issuer", 1).await;
    assert_eq!(seen.at_issuer().await[0]["subsidy"], json!({"aptc": null}));
}

#[tokio::test]
async fn lapse_untold_ends_it_at_the_issuer_and_the_exchange_never_hears_of_that() {
    for (is_paid, ended, before) in [(false, "CANCELLED", "PENDING"), (true, "TERMINATED", "ACTIVE")] {
        let seen = plant("lapse_untold", 1).await;
        if is_paid {
            seen.pipeline.pay(&seen.sick).await;
            seen.pipeline.deliver(1).await;
        }
        let told = seen.pipeline.replies().len();
        assert_eq!(told, usize::from(is_paid), "of its effectuation it is told");
        seen.pipeline.miss_payment(&seen.sick).await;
        seen.pipeline.deliver(2).await;
        assert_eq!((seen.hop().as_str(), seen.pipeline.replies().len()), ("effectuation", told));
        assert_eq!(seen.at_issuer().await[0]["status"], ended);
        assert_eq!(seen.pipeline.at_exchange(&seen.sick).await[0]["status"], before);
    }
}

#[tokio::test]
async fn effectuation_lost_is_paid_and_never_told() {
    let seen = plant("effectuation_lost", 1).await;
    seen.pipeline.pay(&seen.sick).await;
    seen.pipeline.deliver(2).await;
    assert_eq!((seen.hop().as_str(), seen.pipeline.replies().len()), ("effectuation", 0));
    assert_eq!(seen.at_issuer().await[0]["status"], "ACTIVE");
    assert_eq!(seen.pipeline.at_exchange(&seen.sick).await[0]["status"], "PENDING");
}

#[tokio::test]
async fn stale_replica_answers_every_other_look_with_the_state_before_a_change_and_copies_an_end_at_once() {
    let pipeline = Pipeline::with("stale_replica@marker=sick=1").await;
    let sick = pipeline.enroll(&family("sick-1"), &[MEDICAL]).await;
    let well = pipeline.enroll(&family("well-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    pipeline.move_to("14 Elm Street", &family("sick-1"), &sick).await;
    pipeline.move_to("14 Elm Street", &family("well-1"), &well).await;
    pipeline.deliver(2).await;
    let (mut of_sick, mut of_well) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        for (told, shown) in [(&sick, &mut of_sick), (&well, &mut of_well)] {
            let held = pipeline.at_issuer("12345", told).await;
            shown.push(held[0]["members"][0]["address"]["line1"] == "14 Elm Street");
        }
    }
    assert_eq!((of_sick, of_well), (vec![true, false, true, false], vec![true; 4]));
    assert_eq!(pipeline.planted().len(), 1);
    assert_eq!(pipeline.planted()[0].1, "issuer");
    pipeline.cancel(&sick).await;
    pipeline.deliver(2).await;
    for _ in 0..2 {
        assert_eq!(pipeline.at_issuer("12345", &sick).await[0]["status"], "CANCELLED");
    }
}
