//! Faults of the acknowledgements: what a receiver says of a file is not what became of it, or nothing of it is loaded.

use super::plant;
use crate::sandbox::pipeline::{Acknowledged, Pipeline};

/// Who was accepted and who refused: the words of every set's and interchange's answer.
fn said(pipeline: &Pipeline) -> Vec<Acknowledged> {
    Pipeline::acknowledgements(&pipeline.running.acks_from_issuers)
}

#[tokio::test]
async fn ta1_reject_refuses_a_file_of_its_own_and_nothing_of_it_is_loaded() {
    let seen = plant("ta1_reject", 1).await;
    assert_eq!((seen.hop().as_str(), seen.sent().len(), seen.at_issuer().await.len()), ("ack", 1, 0));
    let refused: Vec<_> = said(&seen.pipeline).into_iter().filter(|ack| !ack.is_accepted).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].interchange, seen.sent()[0].place.interchange);
    assert!(
        refused[0].words.starts_with("TA1 rejected") && refused[0].words.ends_with("[024]"),
        "{}",
        refused[0].words
    );
}

#[tokio::test]
async fn set_reject_refuses_one_set_of_the_file_that_others_share() {
    let seen = plant("set_reject", 1).await;
    assert_eq!((seen.hop().as_str(), seen.sent().len(), seen.at_issuer().await.len()), ("ack", 1, 0));
    assert_eq!(seen.pipeline.files().len(), 1, "both households left in one file");
    let all = said(&seen.pipeline);
    let refused: Vec<_> = all.iter().filter(|ack| !ack.is_accepted).collect();
    assert_eq!((all.len(), refused.len()), (3, 1), "a TA1 and two sets");
    assert_eq!(refused[0].set, seen.sent()[0].place.transaction_set);
}

#[tokio::test]
async fn silent_ack_is_loaded_and_never_acknowledged() {
    let seen = plant("silent_ack", 1).await;
    assert_eq!((seen.hop().as_str(), seen.sent().len(), seen.at_issuer().await.len()), ("ack", 1, 1));
    let own = seen.pipeline.files().into_iter().find(|file| file.records == seen.sent()).unwrap();
    assert_eq!(seen.pipeline.files().len(), 2, "it left in a file of its own");
    let all = said(&seen.pipeline);
    assert!(!all.is_empty() && all.iter().all(|ack| ack.is_accepted && !ack.file.starts_with(&own.name)), "{all:?}");
}
