//! Any bytes as the answer to an eligibility question (271, or what came in its place), and as the question (270).

#![no_main]

use chrono::{NaiveDate, NaiveDateTime};
use johndoe_fuzz::dripping::Dripping;
use johndoe_fuzz::wire::eligibility::{
    Answer, Asked, Given, Header, Item, Party, Question, Responses, coverages, inquiries, meaning, member_facts,
    write_answers,
};
use johndoe_fuzz::wire::x12::Usage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    answers_are_read(bytes);
    questions_are_answered(bytes);
});

fn answers_are_read(bytes: &[u8]) {
    let items = Responses::new(bytes).collect();
    let dripped = Responses::new(Dripping(bytes)).collect();
    assert_eq!(format!("{items:?}"), format!("{dripped:?}"), "another answer where the source is slow");
    let Ok(items) = items else { return };
    let mut trace = String::new();
    for item in &items {
        match item {
            Item::Person(person) => {
                assert!(person.at.offset < bytes.len() as u64, "a person after the file");
                assert!(coverages(person).len() <= person.benefits.len(), "more coverage than is said");
                member_facts(person);
                if let Some(first) = person.traces.first() {
                    trace.clone_from(&first.number);
                }
            }
            Item::Rejected(rejection) => assert!(!rejection.to_string().is_empty()),
            Item::Acknowledged(acknowledgement) => assert!(!acknowledgement.to_string().is_empty()),
            Item::Broken(broken) => {
                assert!(broken.at.offset <= bytes.len() as u64, "damage after the file");
                assert!(!broken.what.is_empty(), "damage without words");
            }
        }
    }
    let is_broken = items.iter().any(|item| matches!(item, Item::Broken(_)));
    let answer = meaning(items, Question { trace: &trace });
    // What is damaged proves nothing about anybody.
    assert!(!is_broken || matches!(answer, Answer::CouldNotLook { .. }), "a damaged answer is taken for one");
}

fn questions_are_answered(bytes: &[u8]) {
    let asked = match inquiries(bytes) {
        Ok(asked) => asked,
        Err(broken) => {
            assert!(broken.at.offset <= bytes.len() as u64 && !broken.what.is_empty());
            return;
        }
    };
    let Some(first) = asked.first() else { return };
    let written = refusal(first);
    let items = Responses::new(written.as_slice()).collect().expect("our own answer");
    let Some(Item::Person(person)) = items.iter().rev().find(|item| matches!(item, Item::Person(_))) else {
        panic!("our own answer names nobody: {items:?}");
    };
    assert!(!items.iter().any(|item| matches!(item, Item::Broken(_))), "our own answer is damaged: {items:?}");
    assert_eq!(person.rejections.len(), 1, "the refusal is lost");
}

fn refusal(asked: &Asked) -> Vec<u8> {
    let given = [Given { asked, found: Err(("75", "C")) }];
    let header = Header {
        sender: asked.receiver.clone(),
        receiver: asked.sender.clone(),
        control_number: 1,
        at: noon(),
        usage: Usage::Test,
    };
    write_answers(&header, &Party::default(), &given).expect("a control number that fits")
}

fn noon() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2013, 11, 15).and_then(|day| day.and_hms_opt(12, 0, 0)).expect("a day that was")
}
