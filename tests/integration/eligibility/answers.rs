//! 271s and what they mean: coverage, its absence, and answers that say nothing, never taken for one another.

use chrono::NaiveDate;
use johndoe::model::{CoverageLine, Facts, Field};
use johndoe::wire::eligibility::{
    Answer, Given, GivenBenefit, GivenPerson, Header, Item, Party, Person, Question, Responses, Status, coverages,
    inquiries, meaning, member_facts, write_answers,
};
use johndoe::wire::x12::Usage;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::time::Duration;

const TRACE: &str = "RUN-1-7-1";

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/eligibility/271");
    std::fs::read(folder.join(format!("{name}.edi"))).unwrap()
}

fn items(bytes: &[u8]) -> Vec<Item> {
    Responses::new(bytes).collect().unwrap()
}

fn answer(name: &str) -> Answer {
    meaning(items(&bytes(name)), Question { trace: TRACE })
}

/// What it means in one word, and the words.
fn told(name: &str) -> (&'static str, String) {
    match answer(name) {
        Answer::Active(shown) => ("active", shown.words),
        Answer::Inactive(shown) => ("inactive", shown.words),
        Answer::NotFound { words } => ("not found", words),
        Answer::CouldNotLook { reason, .. } => ("could not look", reason),
    }
}

fn shown(name: &str) -> Person {
    match answer(name) {
        Answer::Active(shown) | Answer::Inactive(shown) => shown.person,
        other => panic!("{other:?}"),
    }
}

fn text(facts: &Facts, field: Field) -> String {
    facts.value(field).map(ToString::to_string).unwrap_or_default()
}

#[test]
fn domain_4_1_and_7_10_what_each_answer_means() {
    for (name, means, words) in [
        ("active", "active", "EB 1: active coverage"),
        ("active_dependent", "active", "EB 5: active, pending investigation"),
        ("dental_alone", "active", "EB 1: active coverage"),
        ("no_trace", "active", "EB 1: active coverage"),
        ("inactive", "inactive", "EB 6: inactive"),
        ("not_found", "not found", "AAA 75 in 2100C: subscriber not found; please correct and resubmit"),
        ("wrong_id", "not found", "AAA 72 in 2100C: invalid or missing subscriber id; please correct and resubmit"),
        ("busy", "could not look", "AAA 42 in 2100C: unable to respond at current time; resubmission allowed"),
        ("payer_down_2000a", "could not look", "AAA 42 in 2000A: unable to respond at current time"),
        ("payer_timed_out_2100a", "could not look", "AAA 80 in 2100A: no response received, transaction terminated"),
        ("provider_unknown", "could not look", "AAA 51 in 2100B: provider not on file"),
        ("date_refused", "could not look", "ask for another date (`date`)"),
        ("several_have_it", "could not look", "AAA 76 in 2100C: duplicate subscriber id number"),
        ("another_question", "could not look", "does not repeat the trace number"),
        ("contact_another", "could not look", "EB U: contact following entity"),
        ("costs_alone", "could not look", "no EB 1 to 8"),
        ("nobody", "could not look", "holds nobody and no reason"),
        ("ta1", "could not look", "refused and not answered: TA1 `R` (rejected): note 006"),
        ("rejected_999", "could not look", "999 `R` (rejected): IK3 NM1 segment 9: 8, IK4 element 9: 1, IK5 R 5"),
    ] {
        let (found, said) = told(name);
        assert_eq!(found, means, "{name}: {said}");
        assert!(said.contains(words), "{name}: {said}");
    }
    let ten_days = Some(Duration::from_secs(10 * 24 * 3600));
    assert!(matches!(answer("ten_days"), Answer::CouldNotLook { retry, .. } if retry == ten_days));
}

#[test]
fn everything_that_an_answer_shows_of_a_person_is_read_and_nothing_of_anybody_else() {
    let person = shown("active");
    let facts = member_facts(&person);
    for (field, expected) in [
        (Field::NameLast, "ONEAL"),
        (Field::NameFirst, "MARY"),
        (Field::NameMiddle, "A"),
        (Field::NameSuffix, "JR"),
        (Field::BirthDate, "1980-02-29"),
        (Field::Sex, "female"),
        (Field::Ssn, "666451234"),
        (Field::IssuerMemberId, "AS0000001-00"),
        (Field::Street1, "12 OAK ST"),
        (Field::Street2, "APT 4"),
        (Field::City, "RICHMOND"),
        (Field::State, "VA"),
        (Field::Zip, "23219"),
        (Field::Relationship, ""),
    ] {
        assert_eq!(text(&facts, field), expected, "{field}");
    }
    let plans = coverages(&person);
    let [plan] = plans.as_slice() else { panic!("once for each network, not twice: {plans:#?}") };
    assert_eq!((plan.line, plan.status, plan.plan_name.as_str()), (CoverageLine::Medical, Status::Active, "GOLD 123"));
    for (field, expected) in [
        (Field::PolicyStatus, "effectuated"),
        (Field::PlanId, "12345VA0010001"),
        (Field::CsrVariant, "04"),
        (Field::IssuerPolicyId, "AP0000001"),
        (Field::BenefitBegin, "2014-02-01"),
        (Field::BenefitEnd, "2014-12-31"),
    ] {
        assert_eq!(text(&plan.facts, field), expected, "{field}");
    }
    assert_eq!(person.benefits[2].service_types, ["98", "AL"]);
}

#[test]
fn dependents_and_dental_plans_are_told_from_subscribers_and_medical_ones() {
    let zoe = shown("active_dependent");
    assert_eq!((zoe.first.as_str(), zoe.subscriber_id.as_str()), ("ZOE", "AS0000001-00"));
    assert_eq!(text(&member_facts(&zoe), Field::Relationship), "child");
    assert_eq!(text(&coverages(&zoe)[0].facts, Field::BenefitBegin), "2014-01-01");
    let dental = coverages(&shown("dental_alone"));
    let told: Vec<_> = dental.iter().map(|plan| (plan.line, plan.status)).collect();
    assert_eq!(told, [(CoverageLine::Dental, Status::Active), (CoverageLine::Medical, Status::Inactive)]);
    assert_eq!(text(&dental[0].facts, Field::BenefitBegin), "2014-01-01");
    assert_eq!(text(&dental[0].facts, Field::BenefitEnd), "2014-12-31");
}

#[test]
fn answers_that_others_wrote_are_read_to_what_a_person_reads_in_them() {
    let Some(folder) = super::samples() else { return };
    let read = |name: &str| -> Vec<Item> {
        let path = folder.join(format!("kputnam__stupidedi__{name}.edi"));
        Responses::new(std::fs::File::open(path).unwrap()).collect().unwrap()
    };
    let question = Question { trace: "93175-012547" };
    let subscriber = read("X279_HB271__response-to-generic-request-by-clinic-for-patient-subscriber-eligibility");
    let Answer::Active(john) = meaning(subscriber, question) else { panic!("active") };
    let person = &john.person;
    assert_eq!(
        (person.last.as_str(), person.first.as_str(), person.member_id.as_str()),
        ("SMITH", "JOHN", "123456789")
    );
    assert_eq!(person.birth_date, NaiveDate::from_ymd_opt(1963, 5, 19));
    assert_eq!((person.address[2].as_str(), person.address[4].as_str()), ("KANSAS CITY", "64108"));
    let plans = coverages(person);
    assert_eq!((plans.len(), plans[0].plan_name.as_str()), (1, "GOLD 123 PLAN"));
    assert_eq!(text(&plans[0].facts, Field::BenefitBegin), "2006-01-01");
    assert_eq!(person.benefits[2].service_types.len(), 10, "`>` repeats in this file");

    let dependent = read("X279_HB271__response-to-generic-request-by-physician-for-patient-dependent-eligibility");
    let Answer::Active(mary) = meaning(dependent, question) else { panic!("active") };
    assert_eq!((mary.person.first.as_str(), mary.person.subscriber_id.as_str()), ("MARY", "123456789"));
    assert_eq!(text(&member_facts(&mary.person), Field::Relationship), "child");

    let refused = read("X279A1_HB271__error-response-from-payer-to-clinic-not-eligible-for-inquiries-with-payer");
    let Answer::CouldNotLook { reason, .. } = meaning(refused, question) else { panic!("no answer") };
    assert!(reason.starts_with("AAA 50 in 2100B: provider ineligible for inquiries"), "{reason}");

    let acknowledged = read("X231A1_FA999__response-to-functional-group-containing-3-837s");
    let Answer::CouldNotLook { reason, .. } = meaning(acknowledged, question) else { panic!("no answer") };
    assert!(reason.contains("999 `P` (accepted in part)"), "{reason}");
    for name in ["azoner__pyx12__997_TA1_accept_000_835id.txt", "azoner__pyx12__997_TA1_reject_023_837miss.txt"] {
        let items = Responses::new(std::fs::File::open(folder.join(name)).unwrap()).collect().unwrap();
        assert!(matches!(meaning(items, question), Answer::CouldNotLook { .. }), "{name}");
    }
}

#[test]
fn an_answer_that_is_cut_off_says_nothing_wherever_it_is_cut() {
    for name in ["active", "inactive", "not_found", "active_dependent"] {
        let whole = bytes(name);
        let end = whole.trim_ascii_end().len();
        for cut in 0..end - 1 {
            let Ok(items) = Responses::new(&whole[..cut]).collect() else { continue };
            let answer = meaning(items, Question { trace: TRACE });
            assert!(matches!(answer, Answer::CouldNotLook { .. }), "{name} cut at {cut}: {answer:?}");
        }
    }
}

#[test]
fn counts_and_control_numbers_that_disagree_make_an_answer_worthless() {
    let whole = String::from_utf8(bytes("not_found")).unwrap();
    for (found, put) in
        [("SE*11*0001", "SE*10*0001"), ("SE*11*0001", "SE*11*0002"), ("GE*1*", "GE*2*"), ("ST*271", "ST*277")]
    {
        assert!(whole.contains(found), "{found}");
        let answer = meaning(items(whole.replace(found, put).as_bytes()), Question { trace: TRACE });
        assert!(matches!(answer, Answer::CouldNotLook { .. }), "{put}: {answer:?}");
    }
}

#[test]
fn a_batch_is_read_person_by_person_whatever_its_length() {
    /// A batch of so many people, made as it is read.
    struct Batch {
        left: u32,
        held: Vec<u8>,
    }
    impl std::io::Read for Batch {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.held.is_empty() && self.left > 0 {
                self.left -= 1;
                let set = format!(
                    "ST*271*{0:06}~BHT*0022*11*R{0}*20131115*1021~HL*1**20*1~NM1*PR*2*ACME*****PI*1~HL*2*1*21*1~\
                     NM1*1P*2*C*****XX*1~HL*3*2*22*0~TRN*2*T{0}*9A~NM1*IL*1*DOE*J~EB*1**30~SE*11*{0:06}~",
                    self.left + 1
                );
                self.held = set.into_bytes();
            }
            let size = buffer.len().min(self.held.len());
            buffer[..size].copy_from_slice(&self.held[..size]);
            self.held.drain(..size);
            Ok(size)
        }
    }
    let head = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1020*^*00501*000000901*0*T*:~\
                GS*HB*A*B*20131115*1021*901*X*005010X279A1~";
    let tail = "GE*20000*901~IEA*1*000000901~";
    let source = std::io::Read::chain(head.as_bytes(), Batch { left: 20_000, held: Vec::new() });
    let mut responses = Responses::new(std::io::Read::chain(source, tail.as_bytes()));
    let mut people = 0;
    while let Some(item) = responses.next().unwrap() {
        let Item::Person(person) = item else { panic!("{item:?}") };
        people += 1;
        assert!(person.is_answered() && person.reference == format!("R{}", 20_001 - people));
    }
    assert_eq!(people, 20_000);
}

#[test]
fn what_the_payers_side_writes_is_read_to_what_it_said() {
    let question = std::fs::read(folder("dependent.270.edi")).unwrap();
    let mut asked = inquiries(&question[..]).unwrap();
    asked.extend(inquiries(&std::fs::read(folder("by_name.270.edi")).unwrap()[..]).unwrap());
    let header = Header {
        sender: "12345".to_owned(),
        receiver: "JOHNDOE".to_owned(),
        control_number: 901,
        at: "2013-11-15T10:21:01".parse().unwrap(),
        usage: Usage::Test,
    };
    let payer = Party { name: "ACME HEALTH".to_owned(), id: "12345".to_owned() };
    let benefit = GivenBenefit {
        code: "1".to_owned(),
        service: "30".to_owned(),
        plan: "GOLD".to_owned(),
        plan_number: "12345VA0010001".to_owned(),
        policy: "AP1".to_owned(),
        begin: NaiveDate::from_ymd_opt(2014, 1, 1),
        end: None,
    };
    let person = GivenPerson {
        name: ["Muller", "Zoe", "", ""].map(str::to_owned),
        birth_date: NaiveDate::from_ymd_opt(2012, 6, 30),
        sex: "F".to_owned(),
        benefits: vec![benefit],
        ..GivenPerson::default()
    };
    let given = [Given { asked: &asked[0], found: Ok(person) }, Given { asked: &asked[1], found: Err(("75", "C")) }];
    let file = write_answers(&header, &payer, &given).unwrap();
    let of = |trace: &str| meaning(items(&file), Question { trace });
    let Answer::Active(zoe) = of("run-1-7-2") else { panic!("{:?}", of("run-1-7-2")) };
    assert_eq!((zoe.person.first.as_str(), zoe.person.reference.as_str()), ("Zoe", "run-1-7"));
    assert_eq!(text(&coverages(&zoe.person)[0].facts, Field::IssuerPolicyId), "AP1");
    assert!(matches!(of("run-1-7-1"), Answer::NotFound { .. }), "{:?}", of("run-1-7-1"));
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/eligibility").join(name)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Nothing panics, and no single changed byte turns one meaning of a person into the other unseen by the trailers alone;
    /// it may, for the codes are single characters, but it must end.
    #[test]
    fn no_change_of_bytes_panics(at in 0..1200_usize, to in any::<u8>(), cut in 0..1200_usize, which in 0..4_usize) {
        let mut whole = bytes(["active", "active_dependent", "not_found", "rejected_999"][which]);
        let length = whole.len();
        whole[at % length] = to;
        for bytes in [&whole[..], &whole[..cut % length]] {
            if let Ok(items) = Responses::new(bytes).collect() {
                let answer = meaning(items, Question { trace: TRACE });
                if let Answer::Active(shown) | Answer::Inactive(shown) = answer {
                    let _ = (coverages(&shown.person), member_facts(&shown.person));
                }
            }
            let _ = inquiries(bytes);
        }
    }
}
