//! What the exchange answers to what is handed over, and what it takes in.

use super::file::{ENVELOPE, Envelope, Set, hand_over, text};
use super::{held, sent};
use crate::sandbox::pipeline::{Acknowledged, Pipeline};
use johndoe::clock::SystemClock;
use johndoe::model::Windows;
use johndoe::sandbox::{Config, Delivery, start};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

fn answers(pipeline: &Pipeline) -> Vec<Acknowledged> {
    Pipeline::acknowledgements(&pipeline.running.acks_to_senders)
}

/// TA1s (ISA13) and sets (ST02) with whether they were accepted.
fn verdicts(pipeline: &Pipeline) -> Vec<(Option<String>, Option<String>, bool)> {
    answers(pipeline).into_iter().map(|ack| (ack.interchange, ack.set, ack.is_accepted)).collect()
}

fn ta1(control: &str, is_accepted: bool) -> (Option<String>, Option<String>, bool) {
    (Some(control.to_owned()), None, is_accepted)
}

fn set(control: &str, is_accepted: bool) -> (Option<String>, Option<String>, bool) {
    (None, Some(control.to_owned()), is_accepted)
}

#[tokio::test]
async fn a_file_is_answered_once_and_moved_out_of_the_way() {
    let pipeline = Pipeline::with("").await;
    hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1")]);
    hand_over(&pipeline, "b.edi.part", Envelope { control: 2, ..ENVELOPE }, &[Set::enrollment("P-2")]);
    hand_over(&pipeline, ".c.edi", Envelope { control: 3, ..ENVELOPE }, &[Set::enrollment("P-3")]);
    pipeline.deliver(3).await;
    assert_eq!(verdicts(&pipeline), [ta1("000000001", true), set("0001", true)]);
    assert_eq!(answers(&pipeline)[0].file, "a.edi.ack");
    assert_eq!(sent(&pipeline).len(), 1);
    assert!(pipeline.running.intake.join("taken/a.edi").exists() && !pipeline.running.intake.join("a.edi").exists());
}

#[tokio::test]
async fn a_ta1_comes_where_it_is_asked_for_or_the_envelope_is_wrong() {
    let pipeline = Pipeline::with("").await;
    let quiet = Envelope { control: 1, wants_ta1: false };
    hand_over(&pipeline, "a.edi", quiet, &[Set::enrollment("P-1")]);
    pipeline.deliver(1).await;
    assert_eq!(verdicts(&pipeline), [set("0001", true)]);
    let cut_off = text(Envelope { control: 2, ..quiet }, &[Set::enrollment("P-2")]);
    let cut_off = cut_off.split("IEA*").next().unwrap();
    fs::write(pipeline.running.intake.join("b.edi"), cut_off).unwrap();
    pipeline.deliver(1).await;
    let refused = answers(&pipeline).into_iter().find(|ack| ack.interchange.is_some()).unwrap();
    assert_eq!((refused.interchange.as_deref(), refused.is_accepted), (Some("000000002"), false));
    assert!(refused.words.contains("[023]"), "{}", refused.words);
    assert_eq!(answers(&pipeline).len(), 2, "no 999 follows a TA1 that rejects");
    assert!(held(&pipeline, "12345", "P-2").await.is_empty());
}

#[tokio::test]
async fn one_bad_set_among_three_is_refused_and_the_others_are_carried_out() {
    let pipeline = Pipeline::with("").await;
    let sets = [
        Set::enrollment("P-1"),
        Set::enrollment("P-2").spoilt().of("701", "S2"),
        Set::enrollment("P-3").of("702", "S3"),
    ];
    hand_over(&pipeline, "a.edi", ENVELOPE, &sets);
    pipeline.deliver(1).await;
    let expected = [ta1("000000001", true), set("0001", true), set("0002", false), set("0003", true)];
    assert_eq!(verdicts(&pipeline), expected);
    let written = fs::read_to_string(pipeline.running.acks_to_senders.join("a.edi.ack")).unwrap();
    assert!(written.contains("AK9*P*3*3*2"), "{written}");
    let policies: Vec<_> = sent(&pipeline).into_iter().map(|(_, policy)| policy).collect();
    assert_eq!(policies, ["P-1", "P-3"]);
}

#[tokio::test]
async fn an_interchange_that_comes_again_is_refused_as_a_duplicate() {
    let pipeline = Pipeline::with("").await;
    for _ in 0..2 {
        hand_over(&pipeline, "a.edi", ENVELOPE, &[Set::enrollment("P-1")]);
        pipeline.deliver(1).await;
    }
    let mut all = answers(&pipeline);
    all.sort_by_key(|ack| ack.is_accepted);
    assert_eq!((all.len(), all[0].is_accepted), (3, false));
    assert!(all[0].words.contains("[025]"), "{}", all[0].words);
    assert_ne!(all[0].file, all[1].file, "the first answer is not written over");
    assert_eq!(sent(&pipeline).len(), 1);
}

#[tokio::test]
async fn what_is_no_x12_is_not_answered_and_told() {
    let pipeline = Pipeline::with("").await;
    fs::write(pipeline.running.intake.join("a.txt"), "name,born\nAda,1980-02-29\n").unwrap();
    pipeline.running.deliver().await;
    pipeline.running.deliver().await;
    let told = pipeline.running.troubles();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("`a.txt`") && told[0].contains("expected an X12 interchange header"), "{told:?}");
    assert!(answers(&pipeline).is_empty());
}

#[tokio::test]
async fn faults_of_the_answer_strike_at_the_intake_where_they_are_told_to() {
    for (fault, answered, is_sent) in [
        ("ta1_reject", vec![ta1("000000001", false)], false),
        ("set_reject", vec![ta1("000000001", true), set("0001", false), set("0002", true)], false),
        ("silent_ack", vec![], true),
    ] {
        let pipeline = Pipeline::with(&format!("{fault}@hop=intake@marker=p-1=1")).await;
        let sets = [Set::enrollment("P-1"), Set::enrollment("P-2").of("701", "S2")];
        hand_over(&pipeline, "a.edi", ENVELOPE, &sets);
        pipeline.deliver(1).await;
        assert_eq!(verdicts(&pipeline), answered, "{fault}");
        let planted = (fault.to_owned(), "intake".to_owned(), "jd.p-1".to_owned());
        assert_eq!(pipeline.planted(), [planted]);
        assert_eq!(sent(&pipeline).iter().any(|(_, policy)| policy == "P-1"), is_sent, "{fault}");
        assert_eq!(sent(&pipeline).iter().any(|(_, policy)| policy == "P-2"), fault != "ta1_reject", "{fault}");
    }
}

#[tokio::test]
async fn files_are_taken_in_as_they_come_once_they_lie_still() {
    let folder = tempfile::tempdir().unwrap();
    let windows = Windows::Every { period: Duration::from_millis(200), grace: Duration::ZERO };
    let config = Config {
        outbound: folder.path().join("outbound"),
        delivery: Delivery::ByWindow(windows),
        load_within: Duration::ZERO,
        ..Config::default()
    };
    let running = start(config, Arc::new(SystemClock), std::future::pending()).await.unwrap();
    let whole = text(ENVELOPE, &[Set::enrollment("P-1")]);
    // A transfer that takes its time under the file's own name.
    for part in 1..=8 {
        fs::write(running.intake.join("a.edi"), &whole[..whole.len() * part / 8]).unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let ack = running.acks_to_senders.join("a.edi.ack");
    let answered = async {
        while !ack.exists() || fs::read_dir(&running.outbound).unwrap().next().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_mins(1), answered).await.is_ok(), "{:?}", running.troubles());
    assert!(Pipeline::acknowledgements(&running.acks_to_senders).iter().all(|ack| ack.is_accepted));
}

/// pyx12 says nothing against a file, but that it expects a TA1 behind the groups and not, as X12.5 does, before them.
fn assert_accepted(validator: &std::ffi::OsStr, file: &Path) {
    let output = Command::new(validator).arg(file).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let of_ta1 = |line: &&str| line.contains(r#"loop "Functional Group Header""#);
    let wrong = said.lines().filter(|line| line.contains("ERROR") && !of_ta1(line));
    assert!(said.contains(": OK") && wrong.count() == 0, "{}: {said}", file.display());
}

#[tokio::test]
async fn an_independent_validator_accepts_the_answers() {
    let Some(validator) = crate::pyx12::validator() else { return };
    let pipeline = Pipeline::with("set_reject@hop=intake@marker=p-3=1").await;
    let of = |policy, application, subscriber| Set::enrollment(policy).of(application, subscriber);
    let sets = [Set::enrollment("P-1"), of("P-2", "701", "S2").spoilt(), of("P-3", "702", "S3")];
    hand_over(&pipeline, "a.edi", ENVELOPE, &sets);
    let quiet = Envelope { control: 2, wants_ta1: false };
    hand_over(&pipeline, "b.edi", quiet, &[Set::end("P-1", "S1", "20140101", "CANCEL")]);
    pipeline.deliver(1).await;
    let mut checked = 0;
    for entry in fs::read_dir(&pipeline.running.acks_to_senders).unwrap() {
        assert_accepted(&validator, &entry.unwrap().path());
        checked += 1;
    }
    assert_eq!(checked, 2);
}
