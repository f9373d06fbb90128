//! Folders of acknowledgements: read when whole, whoever's messages they answer, and matched to those that are ours.

use crate::far_side::target;
use chrono::{DateTime, TimeDelta, Utc};
use johndoe::issuer::{EdiFolderFeed, Holds, Message, Messages, Scan};
use johndoe::model::{Names, Place, ProbeIndex, RecordKind};
use johndoe::net::{Door, USER_AGENT};
use johndoe::reconcile::Roster;
use johndoe::target::{Directory, EdiFolder};
use johndoe::wire::ack::{SeenAck, Subject};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const SMALLEST: &str = include_str!("../../fixtures/target/valid/smallest.yaml");

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/acks").join(name)).unwrap()
}

fn feed(folder: &Path) -> EdiFolderFeed {
    let folders = BTreeMap::from([(None, Directory::Local(folder.to_path_buf()))]);
    let settings = EdiFolder { folders, names: vec!["*.999".to_owned()], every: Duration::from_secs(1) };
    let door = Door::new(&target(SMALLEST), USER_AGENT).unwrap();
    EdiFolderFeed::new(&door, &settings, &BTreeMap::new(), chrono_tz::America::New_York, (&Names::new([0; 32]), []))
        .holding(Holds::Acknowledgements)
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn acks(scan: &Scan) -> Vec<&SeenAck> {
    scan.files.iter().flat_map(|file| &file.acks).collect()
}

fn message(interchange: &str, group: &str, set: &str) -> Message {
    let place = Place {
        source: "out.edi".into(),
        interchange: Some(interchange.into()),
        functional_group: Some(group.into()),
        transaction_set: Some(set.into()),
        segment: Some(7),
        ..Place::default()
    };
    Message { probe: ProbeIndex(1), kind: RecordKind::InitialEnrollment, place }
}

#[test]
fn a_file_is_read_when_it_is_whole_and_once() {
    let folder = TempDir::new().unwrap();
    let mut feed = feed(folder.path());
    let whole = fixture("partial.edi");
    fs::write(folder.path().join("a.999"), &whole[..300]).unwrap();
    fs::write(folder.path().join("a.edi"), &whole).unwrap();
    let first = feed.scan(at(1), &Roster::new());
    assert!(first.files.is_empty() && first.waiting.len() == 1 && first.healthy, "{first:?}");
    fs::write(folder.path().join("a.999"), &whole).unwrap();
    let second = feed.scan(at(2), &Roster::new());
    let told: Vec<_> = acks(&second).iter().map(|ack| (ack.answered.clone(), ack.is_accepted)).collect();
    let set = |number: &str| Subject::Set { group: "41".into(), set: number.into() };
    let expected =
        [(Subject::Interchange("31".into()), true), (set("101"), true), (set("102"), false), (set("103"), true)];
    assert_eq!(told, expected, "a group that is accepted in part says nothing of what it does not name");
    assert!(feed.scan(at(3), &Roster::new()).files.is_empty());
}

#[test]
fn what_it_says_is_told_without_the_values_of_elements() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.999"), fixture("partial.edi")).unwrap();
    let scan = feed(folder.path()).scan(at(1), &Roster::new());
    let rejected = acks(&scan).into_iter().find(|ack| !ack.is_accepted).unwrap();
    assert!(rejected.words.contains("segment 9 (DMG) in loop 2100"), "{}", rejected.words);
    assert_eq!(rejected.place.to_string(), "a.999 ISA 000000501 GS 77 ST 0001 segment 5");
    assert!(!format!("{scan:?}").contains("19800230") && !format!("{scan:?}").contains("123456:"), "{scan:?}");
    assert!(!format!("{scan:?}").contains("NM109"), "whom it concerns is not kept: {scan:?}");
}

#[test]
fn messages_of_ours_are_found_by_their_control_numbers_and_told_once_a_file() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.999"), fixture("partial.edi")).unwrap();
    fs::write(folder.path().join("b.999"), fixture("duplicate.edi")).unwrap();
    fs::write(folder.path().join("c.999"), fixture("functional_997.edi")).unwrap();
    let scan = feed(folder.path()).scan(at(1), &Roster::new());
    let mut messages = Messages::default();
    // Leading zeros do not count.
    let (own, other) = (message("000000031", "0041", "102"), message("000000099", "42", "0102"));
    messages.add(&own);
    messages.add(&other);
    let answers = |messages: &Messages| -> Vec<(String, bool)> {
        let all = acks(&scan).into_iter().flat_map(|ack| {
            let found = messages.answered_by(ack).into_iter();
            found.map(move |message| {
                assert_eq!(message.place.interchange.as_deref(), Some("000000031"));
                (ack.place.source.clone(), ack.is_accepted)
            })
        });
        all.collect()
    };
    // The 997 rejects the whole group, which speaks for what it does not name.
    assert_eq!(answers(&messages), [("a.999".into(), false), ("b.999".into(), false), ("c.999".into(), false)]);
    messages.note(own, Place { source: "a.999".into(), ..Place::default() });
    assert_eq!(answers(&messages), [("b.999".into(), false), ("c.999".into(), false)]);
}

#[test]
fn a_folder_that_cannot_be_read_is_blind() {
    let folder = TempDir::new().unwrap();
    let scan = feed(&folder.path().join("not there")).scan(at(1), &Roster::new());
    assert!(!scan.healthy && scan.blind.len() == 1, "{scan:?}");
}
