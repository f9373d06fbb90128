//! Faults of the way a transaction travels: which files it is in, and when.

use super::super::pipeline::{MEDICAL, Pipeline, family};
use super::plant;
use johndoe::model::{Field, RecordKind};

#[tokio::test]
async fn lose_is_at_the_exchange_and_in_no_file() {
    let seen = plant("lose", 2).await;
    assert_eq!(seen.hop(), "edi_834");
    assert_eq!((seen.at_exchange().await.len(), seen.sent().len(), seen.at_issuer().await.len()), (1, 0, 0));
}

#[tokio::test]
async fn delay_is_held_back_for_so_many_windows() {
    for (windows, arrived) in [(3, 0), (4, 1)] {
        let seen = plant("delay@windows=3", windows).await;
        assert_eq!((seen.hop().as_str(), seen.sent().len()), ("edi_834", arrived), "after {windows} windows");
    }
}

#[tokio::test]
async fn delay_is_held_back_for_a_time() {
    // windows are a second apart, the first at once
    for (windows, arrived) in [(2, 0), (3, 1)] {
        assert_eq!(plant("delay@for=2s", windows).await.sent().len(), arrived, "after {windows} windows");
    }
}

#[tokio::test]
async fn a_delayed_enrollment_is_not_overtaken_by_its_cancellation() {
    let pipeline = Pipeline::with("delay@windows=2=1").await;
    let told = pipeline.enroll(&family("late-1"), &[MEDICAL]).await;
    pipeline.cancel(&told).await;
    pipeline.deliver(3).await;
    let kinds: Vec<_> = pipeline.sent(&told).iter().map(|record| record.kind).collect();
    assert_eq!(kinds, [RecordKind::InitialEnrollment, RecordKind::Cancellation]);
}

#[tokio::test]
async fn out_of_order_sends_the_cancellation_first_and_leaves_the_issuer_wrong() {
    let seen = plant("out_of_order", 2).await;
    assert!(seen.sent().is_empty());
    seen.pipeline.cancel(&seen.sick).await;
    seen.pipeline.deliver(2).await;
    let kinds: Vec<_> = seen.sent().iter().map(|record| record.kind).collect();
    assert_eq!(kinds, [RecordKind::Cancellation, RecordKind::InitialEnrollment]);
    assert_eq!((seen.hop().as_str(), &seen.at_issuer().await[0]["status"]), ("edi_834", &"PENDING".into()));
}

#[tokio::test]
async fn duplicate_file_comes_again_byte_for_byte_under_another_name() {
    let seen = plant("duplicate_file", 3).await;
    let of_sick: Vec<_> = seen.pipeline.files().into_iter().filter(|f| f.text.contains("sick-1")).collect();
    assert_eq!(of_sick.len(), 2);
    assert_eq!(of_sick[0].text, of_sick[1].text);
    assert_ne!(of_sick[0].name, of_sick[1].name);
    assert!(!of_sick[0].text.contains("well-1"), "others must not be doubled with it");
    assert_eq!((seen.hop().as_str(), seen.at_issuer().await.len()), ("edi_834", 1));
}

#[tokio::test]
async fn duplicate_envelope_comes_again_with_new_control_numbers() {
    let seen = plant("duplicate_envelope", 3).await;
    let sent = seen.sent();
    assert_eq!((seen.hop().as_str(), sent.len()), ("edi_834", 2));
    assert_eq!((&sent[0].facts, &sent[0].members), (&sent[1].facts, &sent[1].members));
    assert_ne!(sent[0].place.interchange, sent[1].place.interchange);
    assert_ne!(sent[0].place.transaction_set, sent[1].place.transaction_set);
}

#[tokio::test]
async fn misroute_goes_to_the_other_issuer_with_the_right_plan() {
    let seen = plant("misroute", 1).await;
    let sent = seen.sent();
    assert_eq!(sent[0].facts.text(Field::Issuer), Some("54321"));
    assert_eq!(sent[0].facts.text(Field::PlanId), Some(MEDICAL));
    let at_other = seen.pipeline.at_issuer("54321", &seen.sick).await;
    assert_eq!((seen.hop().as_str(), seen.at_issuer().await.len(), at_other.len()), ("edi_834", 0, 1));
    seen.pipeline.cancel(&seen.sick).await;
    seen.pipeline.deliver(1).await;
    assert_eq!(seen.pipeline.at_issuer("54321", &seen.sick).await[0]["status"], "CANCELLED");
}

#[tokio::test]
async fn split_makes_two_policies_of_one_group() {
    let seen = plant("split", 1).await;
    let sent = seen.sent();
    assert_eq!((seen.hop().as_str(), sent.len()), ("edi_834", 2));
    assert_eq!(sent.iter().map(|record| record.members.len()).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(sent[0].facts.text(Field::PolicyId), Some(seen.sick.policy_id()));
    assert_ne!(sent[1].facts.text(Field::PolicyId), Some(seen.sick.policy_id()));
    assert_eq!(seen.at_issuer().await.len(), 2);
}

#[tokio::test]
async fn merge_puts_the_household_into_the_others_group() {
    let pipeline = Pipeline::with("merge@marker=sick=1").await;
    let sick = pipeline.enroll(&family("sick-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    assert!(pipeline.files().is_empty(), "there is nobody to merge with yet");
    let host = pipeline.enroll(&family("host-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let records: Vec<_> = pipeline.files().into_iter().flat_map(|file| file.records).collect();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].facts.text(Field::PolicyId), records[0].members.len()), (Some(host.policy_id()), 8));
    assert_eq!(records[0].members[4].text(Field::MemberId), Some(sick.subscriber_id()));
    assert_eq!(pipeline.planted(), [("merge".to_owned(), "edi_834".to_owned(), "sick-1".to_owned())]);
}

#[tokio::test]
async fn merge_leaves_alone_whom_three_more_windows_brought_no_other_group() {
    let pipeline = Pipeline::with("merge@marker=sick=1").await;
    let sick = pipeline.enroll(&family("sick-1"), &[MEDICAL]).await;
    pipeline.deliver(4).await;
    assert!(pipeline.files().is_empty(), "it still waits");
    pipeline.deliver(1).await;
    assert_eq!((pipeline.sent(&sick).len(), pipeline.planted()), (1, Vec::new()));
}

#[tokio::test]
async fn truncate_file_has_no_end_and_is_not_loaded() {
    let seen = plant("truncate_file", 3).await;
    let files = seen.pipeline.files();
    let cut: Vec<_> = files.iter().filter(|file| file.text.contains("sick-1")).collect();
    assert_eq!((cut.len(), cut[0].is_whole, cut[0].text.contains("IEA*")), (1, false, false));
    assert_eq!((seen.hop().as_str(), seen.at_issuer().await.len()), ("edi_834", 0));
}

#[tokio::test]
async fn partial_upload_is_half_a_file_under_its_name_and_whole_later() {
    for (windows, is_whole) in [(2, false), (3, true)] {
        let seen = plant("partial_upload@windows=2", windows).await;
        let files = seen.pipeline.files();
        let parts: Vec<_> = files.iter().filter(|file| !file.text.contains("well-1")).collect();
        assert_eq!((parts.len(), parts[0].is_whole), (1, is_whole), "after {windows} windows");
        assert_eq!((seen.sent().len(), seen.at_issuer().await.len()), (usize::from(is_whole), usize::from(is_whole)));
        assert_eq!(seen.hop(), "edi_834");
    }
}

#[tokio::test]
async fn duplicate_envelope_may_come_again_much_later() {
    for (windows, sent) in [(4, 1), (5, 2)] {
        assert_eq!(plant("duplicate_envelope@windows=4", windows).await.sent().len(), sent, "after {windows} windows");
    }
}

#[tokio::test]
async fn replay_file_comes_again_byte_for_byte_after_the_cancellation_and_is_refused() {
    let seen = plant("replay_file@windows=2", 3).await;
    assert_eq!(seen.sent().len(), 1, "nobody has cancelled");
    seen.pipeline.cancel(&seen.sick).await;
    for (windows, sent) in [(1, 2), (1, 2), (1, 3), (2, 3)] {
        seen.pipeline.deliver(windows).await;
        assert_eq!(seen.sent().len(), sent);
    }
    let kinds: Vec<_> = seen.sent().iter().map(|record| record.kind).collect();
    let again = [RecordKind::InitialEnrollment, RecordKind::Cancellation, RecordKind::InitialEnrollment];
    assert_eq!(kinds, again);
    let files = seen.pipeline.files();
    let of_sick: Vec<_> = files.iter().filter(|file| file.text.contains("sick-1@")).collect();
    assert_eq!((of_sick.len(), &of_sick[0].text), (2, &of_sick[1].text));
    let acks = Pipeline::acknowledgements(&seen.pipeline.running.acks_from_issuers);
    let refused: Vec<_> = acks.iter().filter(|ack| !ack.is_accepted).collect();
    assert_eq!(refused.len(), 1, "{acks:?}");
    assert!(refused[0].words.ends_with("[025]") && refused[0].file.starts_with(&of_sick[1].name), "{refused:?}");
    assert_eq!((seen.hop().as_str(), &seen.at_issuer().await[0]["status"]), ("edi_834", &"CANCELLED".into()));
}

#[tokio::test]
async fn replay_file_of_what_is_cancelled_in_the_same_window_comes_after_both() {
    let pipeline = Pipeline::with("replay_file=1").await;
    let told = pipeline.enroll(&family("quick-1"), &[MEDICAL]).await;
    pipeline.cancel(&told).await;
    pipeline.deliver(3).await;
    let kinds: Vec<_> = pipeline.sent(&told).iter().map(|record| record.kind).collect();
    let again = [RecordKind::InitialEnrollment, RecordKind::Cancellation, RecordKind::InitialEnrollment];
    assert_eq!(kinds, again);
}

#[tokio::test]
async fn retransmit_comes_after_the_cancellation_with_new_control_numbers_among_the_retransmissions() {
    let seen = plant("retransmit@windows=2", 3).await;
    assert_eq!(seen.sent().len(), 1, "nobody has cancelled");
    seen.pipeline.cancel(&seen.sick).await;
    for (windows, sent) in [(2, 2), (1, 3), (2, 3)] {
        seen.pipeline.deliver(windows).await;
        assert_eq!(seen.sent().len(), sent);
    }
    let sent = seen.sent();
    let (first, again) = (&sent[0], &sent[2]);
    assert_eq!((&first.facts, &first.members, first.event_at), (&again.facts, &again.members, again.event_at));
    assert_ne!(first.place.interchange, again.place.interchange);
    assert_ne!(first.place.transaction_set, again.place.transaction_set);
    let names: Vec<_> = seen.pipeline.files().into_iter().map(|file| file.name).collect();
    assert!(names.last().unwrap().starts_with("12345.I834RT.D131115."), "{names:?}");
    assert_eq!((seen.hop().as_str(), &seen.at_issuer().await[0]["status"]), ("edi_834", &"CANCELLED".into()));
}
