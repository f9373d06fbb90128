//! 270s: what is written is what a person would write by hand, and what others write is read.

use chrono::NaiveDate;
use johndoe::model::Sex;
use johndoe::wire::eligibility::{Header, Inquiry, Level, Party, Patient, ServiceType, inquiries};
use johndoe::wire::x12::Usage;

/// The file without the line breaks that make it readable.
fn golden(text: &str) -> String {
    text.replace("~\n", "~")
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn header(control_number: u32) -> Header {
    Header {
        sender: "JOHNDOE".to_owned(),
        receiver: "12345".to_owned(),
        control_number,
        at: "2013-11-15T10:20:34".parse().unwrap(),
        usage: Usage::Test,
    }
}

fn mary() -> Patient {
    Patient {
        member_id: Some("AS0000001-00".to_owned()),
        last: "O\u{2019}Neal".to_owned(),
        first: "Mary".to_owned(),
        middle: "A".to_owned(),
        suffix: "Jr".to_owned(),
        birth_date: Some(day("1980-02-29")),
        sex: Some(Sex::Female),
    }
}

fn about(subscriber: Patient, dependent: Option<Patient>) -> Inquiry {
    let member = if dependent.is_some() { "2" } else { "1" };
    Inquiry {
        reference: "run-1-7".to_owned(),
        trace: format!("run-1-7-{member}"),
        trace_company: "9JOHNDOE00".to_owned(),
        payer: Party { name: "ACME HEALTH".to_owned(), id: "12345".to_owned() },
        provider: Party { name: "JOHN DOE CLINIC".to_owned(), id: "1234567893".to_owned() },
        subscriber,
        dependent,
        date: day("2014-01-01"),
        services: vec![ServiceType::HealthPlan],
    }
}

fn written(inquiry: &Inquiry, control_number: u32) -> String {
    String::from_utf8(inquiry.write(&header(control_number)).unwrap()).unwrap()
}

#[test]
fn a_question_by_member_id_by_name_or_for_a_dependent_is_what_a_person_would_write() {
    let by_id = Inquiry { services: vec![ServiceType::HealthPlan, ServiceType::Dental], ..about(mary(), None) };
    assert_eq!(written(&by_id, 42), golden(include_str!("../../fixtures/eligibility/by_member_id.270.edi")));
    let by_name = about(Patient { member_id: None, ..mary() }, None);
    assert_eq!(written(&by_name, 42), golden(include_str!("../../fixtures/eligibility/by_name.270.edi")));
    let zoe = Patient {
        last: "Müller".to_owned(),
        first: "Zoë".to_owned(),
        birth_date: Some(day("2012-06-30")),
        ..Patient::default()
    };
    let dependent = about(mary(), Some(zoe));
    assert_eq!(written(&dependent, 43), golden(include_str!("../../fixtures/eligibility/dependent.270.edi")));
    assert!(by_name.write(&header(0)).is_err(), "zero is no control number");
}

#[test]
fn a_question_is_read_by_the_payer_to_what_it_asks() {
    let text = written(&about(mary(), None), 42);
    let asked = inquiries(text.as_bytes()).unwrap().remove(0);
    assert_eq!((asked.sender.as_str(), asked.receiver.as_str(), asked.trace()), ("JOHNDOE", "12345", "run-1-7-1"));
    assert_eq!((asked.person.last.as_str(), asked.person.member_id.as_str()), ("O'Neal", "AS0000001-00"));
    assert_eq!((asked.person.birth_date, asked.date()), (Some(day("1980-02-29")), Some(day("2014-01-01"))));
    assert_eq!((asked.payer[1].as_str(), asked.provider[1].as_str()), ("12345", "1234567893"));
    assert_eq!((asked.services, asked.subscriber), (vec!["30".to_owned()], None));
    for cut in 0..text.len() - 1 {
        assert!(inquiries(&text.as_bytes()[..cut]).is_err(), "cut at {cut}");
    }
    assert!(inquiries(text.replace("ST*270", "ST*834").as_bytes()).is_err());
}

#[test]
fn questions_that_others_wrote_are_read() {
    let folder = crate::eligibility::samples();
    let Some(folder) = folder else { return };
    let read = |name: &str| {
        let path = folder.join(format!("kputnam__stupidedi__X279A1_HS270__{name}.edi"));
        inquiries(std::fs::File::open(path).unwrap()).unwrap()
    };
    let asked = read("generic-request-by-clinic-for-patient-subscriber-eligibility");
    let [asked] = asked.as_slice() else { panic!("{asked:?}") };
    let person = &asked.person;
    assert_eq!((person.last.as_str(), person.first.as_str(), person.level), ("SMITH", "ROBERT", Level::Subscriber));
    assert_eq!((person.member_id.as_str(), asked.trace()), ("11122333301", "93175-012547"));
    assert_eq!((person.birth_date, asked.date()), (Some(day("1943-05-19")), Some(day("2006-05-01"))));
    let asked = read("generic-request-by-physician-for-patient-dependent-eligibility");
    let [asked] = asked.as_slice() else { panic!("{asked:?}") };
    let person = &asked.person;
    assert_eq!((person.last.as_str(), person.first.as_str(), person.level), ("SMITH", "MARY", Level::Dependent));
    assert_eq!((person.member_id.as_str(), person.subscriber_id.as_str()), ("", "11122333301"));
    assert_eq!(asked.subscriber.as_ref().map(|s| s.member_id.as_str()), Some("11122333301"));
    assert_eq!(asked.services, ["30"]);
}
