//! Faults of what a record says in the 834 file; the issuer loads what the file says.

use super::super::pipeline::{MEDICAL, Pipeline, family, without_issuer_ids};
use super::{Seen, differences, plant};
use johndoe::model::{Cents, Facts, Field, Relationship, Value};
use johndoe::sandbox::FaultSpec;

/// The household's one record in the files, and where the issuer differs from the exchange.
async fn changed(fault: &str) -> (Seen, Vec<String>) {
    let seen = plant(fault, 1).await;
    assert_eq!(seen.hop(), "edi_834", "{fault}");
    let (exchange, issuer) = seen.both().await;
    let changed = differences(&exchange, &issuer, "").into_iter().filter(|at| is_told(at, "")).collect();
    (seen, changed)
}

fn members(seen: &Seen) -> Vec<Facts> {
    seen.sent().remove(0).members
}

#[tokio::test]
async fn relationship_makes_a_child_a_spouse() {
    let (seen, changed) = changed("relationship").await;
    assert_eq!(changed.len(), 1, "{changed:?}");
    let spouses = members(&seen).iter().filter(|m| m.text(Field::Relationship) == Some("spouse")).count();
    assert_eq!(spouses, 2);
}

#[tokio::test]
async fn swap_people_keeps_ids_and_relationships_in_place() {
    let seen = plant("swap_people", 1).await;
    let members = members(&seen);
    let at = |i: usize, field| members[i].text(field).map(str::to_owned);
    assert_eq!((at(0, Field::NameFirst), at(3, Field::NameFirst)), (Some("Declan".into()), Some("Zoe".into())));
    assert_eq!(at(0, Field::Relationship).as_deref(), Some(Relationship::SelfSubscriber.as_str()));
    assert_eq!(at(0, Field::MemberId).as_deref(), Some(seen.sick.subscriber_id()));
}

#[tokio::test]
async fn drop_and_add_dependent_change_the_number_of_members() {
    let dropped = plant("drop_dependent", 1).await;
    assert_eq!((dropped.hop().as_str(), members(&dropped).len()), ("edi_834", 3));
    let added = plant("add_dependent", 1).await;
    let members = members(&added);
    assert_eq!(members.len(), 5);
    assert_eq!(members[4].text(Field::NameFirst), Some("Zebulon"));
    assert_eq!(members[4].text(Field::Relationship), Some("child"));
}

#[tokio::test]
async fn id_twice_gives_two_members_one_id() {
    let (seen, changed) = changed("id_twice").await;
    assert_eq!(changed, ["/members/3/id"]);
    assert_eq!(members(&seen)[3].text(Field::MemberId), Some(seen.sick.subscriber_id()));
}

#[tokio::test]
async fn money_plan_and_date_faults_change_what_they_name() {
    assert_eq!(changed("subsidy").await.1, ["/subsidy/aptc", "/totalResponsibility"]);
    assert_eq!(changed("variant").await.1, ["/planId"]);
    assert_eq!(changed("effective_date").await.1, ["/coverage/begin"]);
    let (_, born) = changed("birth_date_off_by_one").await;
    assert!(born.len() == 1 && born[0].ends_with("/dob"), "{born:?}");
}

#[tokio::test]
async fn a_wrong_subsidy_still_adds_up() {
    let (seen, _) = changed("subsidy").await;
    let record = seen.sent().remove(0);
    let money = |field| match record.facts.value(field) {
        Some(Value::Money(cents)) => *cents,
        other => panic!("{other:?}"),
    };
    assert_eq!(money(Field::PremiumTotal) - money(Field::Aptc), money(Field::TotalResponsibility));
    assert!(money(Field::Aptc) > Cents(0));
}

#[tokio::test]
async fn spelling_faults_show_in_the_text_of_the_file() {
    let text = |seen: &Seen| seen.pipeline.files().into_iter().map(|f| f.text).collect::<String>();
    let apostrophe = plant("apostrophe_lost", 1).await;
    assert!(text(&apostrophe).contains("*ONeal*"));
    let zero = plant("leading_zero_lost", 1).await;
    assert!(text(&zero).contains("*Amherst*MA*1002*"));
    let short = plant("truncate_name", 1).await;
    assert_eq!(members(&short).iter().filter(|m| m.text(Field::NameLast) == Some("O'N")).count(), 1);
    let mojibake = plant("mojibake", 1).await;
    assert_eq!(members(&mojibake)[0].text(Field::NameFirst), Some("ZoA\""));
}

#[tokio::test]
async fn letters_with_accents_and_apostrophes_are_written_otherwise() {
    let names = |seen: &Seen| -> Vec<String> {
        let members = members(seen);
        [Field::NameFirst, Field::NameLast].map(|field| members[0].text(field).unwrap_or_default().to_owned()).to_vec()
    };
    assert_eq!(names(&plant("accent_lost", 1).await), ["Zo", "O'Neal"]);
    assert_eq!(names(&plant("normalize", 1).await), ["Zoe?", "O'Neal"]);
    assert_eq!(names(&plant("html_entity", 1).await), ["Zoe", "O&#39;Neal"]);
    assert_eq!(names(&plant("backslash", 1).await), ["Zoe", "O\\'Neal"]);
}

/// Where the JSON of a household shows a field; `None` for those that an 834 of this household does not show there.
fn shown_at(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::PlanId | Field::CsrVariant => "/planId",
        Field::CoverageLine => "/line",
        Field::PolicyId => "/policyId",
        Field::SubscriberId => "/subscriberId",
        Field::BenefitBegin => "/coverage/begin",
        Field::PremiumTotal => "/premium",
        Field::Aptc => "/subsidy/aptc",
        Field::TotalResponsibility => "/totalResponsibility",
        Field::RatingArea => "/ratingArea",
        Field::AgentNpn => "/agentNpn",
        Field::NameLast => "/name/last",
        Field::NameFirst => "/name/first",
        Field::NameMiddle => "/name/middle",
        Field::BirthDate => "/dob",
        Field::Sex => "/sex",
        Field::Ssn => "/ssn",
        Field::Relationship => "/relationship",
        Field::Tobacco => "/tobacco",
        Field::MaritalStatus => "/maritalStatus",
        Field::Language => "/language",
        Field::Phone => "/phone",
        Field::Email => "/email",
        Field::Street1 => "/address/line1",
        Field::Street2 => "/address/line2",
        Field::City => "/address/city",
        Field::State => "/address/state",
        Field::Zip => "/address/zip",
        Field::County => "/address/county",
        Field::MailStreet1 => "/mailing/line1",
        Field::MailCity => "/mailing/city",
        Field::MailState => "/mailing/state",
        Field::MailZip => "/mailing/zip",
        Field::MemberId => "/id",
        Field::Premium => "/members/",
        _ => return None,
    })
}

/// Every fault of one field, with where it shows.
fn faults_of_one_field() -> Vec<(String, &'static str)> {
    let mut faults = Vec::new();
    for field in Field::ALL.iter().copied() {
        let Some(pointer) = shown_at(field) else { continue };
        faults.push((format!("alter:{field}"), pointer));
        faults.push((format!("blank:{field}"), pointer));
    }
    faults
}

#[tokio::test]
async fn alter_and_blank_change_the_field_they_name_and_no_other() {
    let faults = faults_of_one_field();
    // a colon in a mailbox would not survive X12's delimiters
    let marker = |fault: &str| format!("{}.", fault.replace(':', "-"));
    let specs: Vec<String> = faults.iter().map(|(f, _)| format!("{f}@marker={}=1", marker(f))).collect();
    let pipeline = Pipeline::with(&specs.join(",")).await;
    let mut told = Vec::new();
    for (fault, _) in &faults {
        told.push(pipeline.enroll(&family(&marker(fault)), &[MEDICAL]).await);
    }
    pipeline.deliver(1).await;
    let truth = pipeline.planted();
    for ((fault, pointer), told) in faults.iter().zip(&told) {
        let planted = (fault.clone(), "edi_834".to_owned(), marker(fault));
        assert_eq!(truth.iter().filter(|t| **t == planted).count(), 1, "{fault}");
        let exchange = pipeline.at_exchange(told).await.remove(0);
        // what the 834 says of the application finds it, whatever became of the other ids
        let issuer = without_issuer_ids(pipeline.at_issuer("12345", told).await.remove(0));
        let changed: Vec<_> =
            differences(&exchange, &issuer, "").into_iter().filter(|at| is_told(at, pointer)).collect();
        assert!(!changed.is_empty() && changed.iter().all(|at| at.contains(pointer)), "{fault}: {changed:?}");
    }
}

/// The first member's diaeresis cannot be carried by X12, which is no fault.
fn is_told(at: &str, pointer: &str) -> bool {
    at != "/members/0/name/first" || pointer == "/name/first"
}

#[tokio::test]
async fn alter_takes_a_value_of_ones_own() {
    let seen = plant("alter:member.address.city@value=Springfield", 1).await;
    assert_eq!(members(&seen).iter().filter(|m| m.text(Field::City) == Some("Springfield")).count(), 1);
}

#[test]
fn every_kind_is_tried_by_a_test_of_this_folder() {
    let tests = concat!(
        include_str!("at_eligibility.rs"),
        include_str!("at_exchange.rs"),
        include_str!("at_issuer.rs"),
        include_str!("in_acks.rs"),
        include_str!("in_files.rs"),
        include_str!("in_records.rs")
    );
    for (name, sentence) in johndoe::sandbox::catalogue() {
        assert!(tests.contains(&format!("\"{name}")), "{name}");
        assert!(sentence.ends_with('.'), "{name}");
    }
    assert!(FaultSpec::parse("").unwrap().is_empty());
}
