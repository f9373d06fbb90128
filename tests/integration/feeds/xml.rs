//! Answers in XML, read by paths through their elements.

use super::json_api::{all, feed, known};
use crate::far_side::{FarSide, told};
use johndoe::issuer::Look;
use johndoe::model::{Field, GroupRecord, Value};

const KEYS: &str = "lookup: {get: \"/members?id={{ exchange_assigned_subscriber_id }}\"}\nrecords: /Envelope/Body/Policies/Policy\n\
                    members: ./Members/Member\nstatus: {path: ./@state, active: A, cancelled: V}\nfields:\n  \
                    exchange_assigned_policy_id: ./@number\n  aptc: {path: ./Money/Dollars, cents: ./Money/Cents}\n  \
                    last_name: ./Name/Last\n  first_name: \"./Name/First[@kind='legal']\"\n  birth_date: {path: ./Born, date: \"%m/%d/%Y\"}\n  \
                    middle_name: ./Name/Middle";

fn policy(number: &str, members: &str) -> String {
    format!(
        "<p:Policy number='{number}' state='A'><p:Money><Dollars>250</Dollars><Cents>8</Cents></p:Money><Members>{members}</Members></p:Policy>"
    )
}

fn member(first: &str, middle: &str) -> String {
    format!(
        "<Member><Name><Last>O&apos;Doe</Last><First kind='nick'>Q</First><First kind='legal'>{first}</First>{middle}</Name>\
         <Born>02/28/1980</Born></Member>"
    )
}

fn envelope(policies: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s='urn:s' xmlns:p='urn:p'><s:Body><Policies>{policies}</Policies></s:Body></s:Envelope>"
    )
}

async fn look(keys: &str, (status, body): (u16, String)) -> Look {
    let far = FarSide::start(move |_, _| told(status, &body)).await;
    feed(&format!("base_url: {}\n{keys}", far.url())).look(None, (&known(), false), &all).await
}

#[track_caller]
fn found(look: Look) -> Vec<GroupRecord> {
    match look {
        Look::Found { records, partial: None, .. } => records,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_of_a_kind_and_several_are_read_alike() {
    let two = format!("{}{}", member("Ann", "<Middle/>"), member("Bo", "<Middle>Q</Middle>"));
    let (one_policy, two_policies) = (policy("P-1", &two), policy("P-1", &two) + &policy("P-2", &member("Cy", "")));
    for (policies, expected) in [(one_policy, vec![2]), (two_policies, vec![2, 1])] {
        let records = found(look(KEYS, (200, envelope(&policies))).await);
        assert_eq!(records.iter().map(|record| record.members.len()).collect::<Vec<_>>(), expected);
        let facts = &records[0].facts;
        assert_eq!(facts.text(Field::PolicyId), Some("P-1"));
        assert_eq!(facts.value(Field::Aptc).map(ToString::to_string).as_deref(), Some("250.08"));
        assert_eq!(facts.value(Field::PolicyStatus).and_then(Value::as_text), Some("effectuated"));
        let bo = &records[0].members[1];
        assert_eq!((bo.text(Field::NameLast), bo.text(Field::NameFirst)), (Some("O'Doe"), Some("Bo")));
        assert_eq!(bo.value(Field::BirthDate).map(ToString::to_string).as_deref(), Some("1980-02-28"));
        assert!(
            !records[0].members[0].unread().contains(Field::NameMiddle),
            "an empty element says that there is none"
        );
    }
}

#[tokio::test]
async fn an_empty_list_is_absence_and_whatever_is_no_such_document_is_none() {
    assert!(matches!(look(KEYS, (200, envelope(""))).await, Look::Absent { .. }));
    for (body, words) in [
        ("<s:Envelope xmlns:s='urn:s'><s:Body><Fault>no</Fault></s:Body></s:Envelope>".to_owned(), "Policies"),
        ("<html><body>Sign in</body></html>".to_owned(), "the answer is no XML (it is an HTML page)"),
        (envelope("<Policy>"), "the answer is no XML (it is not well-formed)"),
        ("{\"Envelope\": {\"Body\": {\"Policies\": \"\"}}}".to_owned(), "the answer is no XML"),
        (
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>".to_owned(),
            "a document type, which is refused",
        ),
        (String::new(), "the answer is no XML"),
    ] {
        match look(KEYS, (200, body.clone())).await {
            Look::Blind { reason, .. } => assert!(reason.contains(words), "{reason}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn places_in_json_and_in_xml_are_not_mixed_and_what_is_no_path_is_told() {
    let refused = |records: &str, field: &str| {
        let text = format!(
            "target: t\nexchange: {{base_url: \"http://127.0.0.1:9\", flows: {{enroll: [{{post: /a}}]}}}}\nwaypoints:\n  - {{name: w, \
             feed: json_api, base_url: \"http://127.0.0.1:9\", lookup: {{get: \"/m?e={{{{ subscriber.email }}}}\"}}, records: \"{records}\", \
             fields: {{email: \"{field}\"}}}}\n"
        );
        let given = crate::far_side::Variables(std::collections::BTreeMap::new());
        johndoe::target::parse(&text, "t.yaml", &given).map_or_else(|error| error.to_string(), |_| String::new())
    };
    assert_eq!(refused("/R/M", "./@mail"), "");
    for (records, field, words) in [
        ("/R/M", "$.mail", "`records` (/R/M) and `$.mail` lead through different things"),
        ("$.m[*]", "./@mail", "`records` ($.m[*]) and `./@mail` lead through different things"),
        ("/R/M[", "./@mail", "`/R/M[` is no path through elements: a bracket or a quotation mark is not closed"),
        ("/R/count(M)", "./@mail", "functions and axes of XPath are not known"),
        ("R/M", "./@mail", "expected a JSONPath such as $.members[*].id, or of XML a path such as /Members/Member/@id"),
    ] {
        let told = refused(records, field);
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[tokio::test]
async fn a_document_with_another_root_than_the_records_is_none_of_them() {
    let keys = "lookup: {get: \"/case?id={{ exchange_assigned_subscriber_id }}\"}\nrecords: /case\nfields: {exchange_assigned_policy_id: ./@id}";
    assert_eq!(found(look(keys, (200, "<case id='P-1'/>".to_owned())).await).len(), 1);
    match look(keys, (200, "<cases><case id='P-1'/></cases>".to_owned())).await {
        Look::Blind { reason, .. } => assert!(reason.contains("the answer has no `/case`"), "{reason}"),
        other => panic!("{other:?}"),
    }
    // an element anywhere may be nowhere
    let anywhere = keys.replace("records: /case", "records: //case");
    assert!(matches!(look(&anywhere, (200, "<cases/>".to_owned())).await, Look::Absent { .. }));
}
