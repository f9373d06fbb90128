//! The waypoint that asks: what goes over the wire, and what becomes of each answer.

use crate::far_side::{Asked, FarSide, Told, context, household, target, told};
use johndoe::issuer::{EligibilityFeed, InAnswer, IssuerMemberId, Look, Own, Sought};
use johndoe::model::{Captures, CoverageLine, Facts, Field, GroupRecord, Household, IssuerId, PlanId, RecordKind};
use johndoe::net::{Door, Trace, USER_AGENT};
use johndoe::target::{Environment, Feed};
use johndoe::wire::core_envelope::{Message, Packaging, Response, pack_response, unpack_request};
use johndoe::wire::eligibility::{
    Asked as Inquired, Given, GivenBenefit, GivenPerson, Header, Level, Party, inquiries,
};
use johndoe::wire::x12::Usage;
use secrecy::ExposeSecret;
use std::collections::BTreeMap;

/// The feed of a target whose one waypoint has these keys.
fn feed(url: &str, more: &str) -> EligibilityFeed {
    let target = target(&format!(
        "target: test\nallow_hosts: [127.0.0.1]\nexchange: {{base_url: \"http://127.0.0.1:1\", flows: {{enroll: [{{post: /x}}]}}}}\n\
         waypoints:\n  - name: eligibility\n    feed: eligibility\n    before_payment: active\n    \
         provider: {{npi: \"1234567893\", name: CLINIC}}\n    sender_id: JOHNDOE\n    receiver_id: \"12345\"\n    \
         payer: {{id: \"12345\", name: ACME}}\n    login: {{user: observer, password: \"${{env:TOKEN}}\"}}\n    \
         per_issuer: {{\"12345\": {{base_url: \"{url}/core\"}}}}\n{more}"
    ));
    let Feed::Eligibility(service) = &target.waypoints[0].feed else { panic!("no eligibility service") };
    EligibilityFeed::new(Door::new(&target, USER_AGENT).unwrap(), service, Environment::Test)
}

fn sought(lines: &[CoverageLine], issuer_ids: Vec<IssuerMemberId>) -> Sought {
    let plans = [(CoverageLine::Medical, "12345VA001000104"), (CoverageLine::Dental, "12345VA0010002")];
    Sought {
        context: context(),
        ended: Vec::new(),
        household: Household { lines: lines.to_vec(), ..household() },
        plans: plans.into_iter().map(|(line, plan)| (line, PlanId::parse(plan))).collect::<BTreeMap<_, _>>(),
        known: Captures::default(),
        issuer_ids,
        trace: Trace::of("run-1", "7"),
        is_thorough: false,
        no_older_than: std::time::Instant::now(),
    }
}

const MEDICAL: &[CoverageLine] = &[CoverageLine::Medical];
const BOTH: &[CoverageLine] = &[CoverageLine::Medical, CoverageLine::Dental];

fn all(_: &GroupRecord, _: InAnswer) -> Own {
    Own::Yes
}

async fn look(feed: &EligibilityFeed, sought: &Sought) -> Look {
    feed.look(Some(&IssuerId::new("12345")), sought, &all).await
}

/// The question in a request.
fn inquired(asked: &Asked) -> Inquired {
    let (_, request) = unpack_request(asked.header("content-type").unwrap(), asked.body.as_bytes()).unwrap();
    inquiries(&request.message.payload[..]).unwrap().remove(0)
}

/// A payer's answer in the envelope of the question.
fn answered(asked: &Asked, answer: impl Fn(&Inquired) -> Result<GivenPerson, (&'static str, &'static str)>) -> Told {
    let content_type = asked.header("content-type").unwrap();
    let (packaging, request) = unpack_request(content_type, asked.body.as_bytes()).unwrap();
    let inquired = inquired(asked);
    let header = Header {
        sender: inquired.receiver.clone(),
        receiver: inquired.sender.clone(),
        control_number: 7,
        at: "2013-11-15T10:21:01".parse().unwrap(),
        usage: Usage::Test,
    };
    let given = [Given { asked: &inquired, found: answer(&inquired) }];
    let file = johndoe::wire::eligibility::write_answers(&header, &Party::default(), &given).unwrap();
    enveloped(packaging, &Response::sound(Message { payload: file, ..request.message }))
}

fn enveloped(packaging: Packaging, response: &Response) -> Told {
    let packed = pack_response(packaging, response);
    (200, vec![("content-type", packed.content_type)], String::from_utf8(packed.bytes).unwrap())
}

/// The person as they were asked for, in plans of these codes, service types and names.
fn covered(asked: &Inquired, plans: &[(&str, &str, &str)]) -> GivenPerson {
    let benefit = |(code, service, plan): &(&str, &str, &str)| GivenBenefit {
        code: (*code).to_owned(),
        service: (*service).to_owned(),
        plan: (*plan).to_owned(),
        begin: asked.date(),
        ..GivenBenefit::default()
    };
    let person = &asked.person;
    GivenPerson {
        name: [person.last.to_uppercase(), person.first.to_uppercase(), String::new(), String::new()],
        member_id: format!("ID-{}", person.first),
        birth_date: person.birth_date,
        sex: person.sex.clone(),
        benefits: plans.iter().map(benefit).collect(),
        ..GivenPerson::default()
    }
}

#[tokio::test]
async fn each_member_is_asked_for_once_in_either_envelope_and_the_answers_become_one_record() {
    for (more, kind) in [("", "application/soap+xml"), ("    envelope: mime\n", "multipart/form-data")] {
        let far = FarSide::start(|asked, _| answered(asked, |i| Ok(covered(i, &[("1", "30", "Gold")])))).await;
        let feed = feed(&far.url(), &format!("{more}    plan_names: {{GOLD: 12345VA0010001-04}}\n"));
        let Look::Found { records, strangers: 0, .. } = look(&feed, &sought(MEDICAL, Vec::new())).await else {
            panic!()
        };
        let [record] = records.as_slice() else { panic!("{records:#?}") };
        assert_eq!((record.kind, record.members.len()), (RecordKind::Snapshot, 3));
        let text = |facts: &Facts, field| facts.value(field).map(ToString::to_string).unwrap_or_default();
        for (field, value) in [
            (Field::PlanId, "12345VA0010001"),
            (Field::CsrVariant, "04"),
            (Field::Issuer, "12345"),
            (Field::PolicyStatus, "effectuated"),
            (Field::BenefitBegin, "2014-01-01"),
        ] {
            assert_eq!(text(&record.facts, field), value, "{field}");
        }
        assert_eq!(text(&record.members[2], Field::NameFirst), "ANN");
        assert_eq!(text(&record.members[2], Field::IssuerMemberId), "ID-Ann");
        let asked = far.asked();
        assert_eq!(far.paths(), ["POST /core"; 3]);
        assert!(asked.iter().all(|a| a.header("content-type").unwrap().starts_with(kind)));
        let (_, request) = unpack_request(asked[0].header("content-type").unwrap(), asked[0].body.as_bytes()).unwrap();
        assert_eq!(request.credentials.unwrap().password.expose_secret(), "s3cr3t/planted+token");
        assert!(String::from_utf8_lossy(&request.message.payload).contains("*T*:~"), "ISA15 says that it is a test");
        let questions: Vec<_> = asked.iter().map(inquired).collect();
        let traces: Vec<&str> = questions.iter().map(Inquired::trace).collect();
        assert!(traces.iter().enumerate().all(|(n, trace)| trace.starts_with(&format!("7-{}-", n + 1))), "{traces:?}");
        assert!(questions.iter().all(|q| q.services == ["30"] && q.date().unwrap().to_string() == "2014-01-01"));
    }
}

#[tokio::test]
async fn the_issuers_own_id_is_asked_by_where_a_waypoint_showed_it_and_each_policy_has_its_own() {
    let far = FarSide::start(|asked, _| answered(asked, |_| Err(("75", "C")))).await;
    let id = |line, member, id: &str| IssuerMemberId {
        issuer: Some(IssuerId::new("12345")),
        line: Some(line),
        member,
        id: id.to_owned(),
    };
    let ids = vec![
        id(CoverageLine::Medical, 0, "M-0"),
        id(CoverageLine::Dental, 0, "D-0"),
        id(CoverageLine::Medical, 1, "M-1"),
    ];
    let said = look(&feed(&far.url(), ""), &sought(BOTH, ids.clone())).await;
    assert!(matches!(&said, Look::NotKnown { words, .. } if words.starts_with("AAA 75 in 2100C")), "{said:?}");
    let asked = |far: &FarSide| -> Vec<String> {
        let questions = far.asked().iter().map(inquired).collect::<Vec<_>>();
        questions
            .iter()
            .map(|q| format!("{} {} {}", q.person.first, q.person.member_id, q.services.join(",")))
            .collect()
    };
    assert_eq!(asked(&far), ["John D-0 35", "John M-0 30", "Mary  35", "Mary M-1 30", "Ann  30,35"]);

    let far = FarSide::start(|asked, _| answered(asked, |_| Err(("75", "C")))).await;
    look(&feed(&far.url(), "    ask_by: name\n    dependents: under_subscriber\n"), &sought(MEDICAL, ids)).await;
    let levels: Vec<_> = far.asked().iter().map(|a| inquired(a).person.level).collect();
    assert_eq!(levels, [Level::Subscriber, Level::Dependent, Level::Dependent]);
    assert_eq!(asked(&far), ["John  30", "Mary  30", "Ann  30"]);
}

#[tokio::test]
async fn a_member_for_whom_there_is_no_coverage_is_none_of_the_group_and_a_group_of_such_is_inactive() {
    let some = FarSide::start(|asked, _| {
        answered(asked, |i| match i.person.first.as_str() {
            "John" => Ok(covered(i, &[("1", "30", "Gold"), ("6", "35", "Smile")])),
            "Mary" => Ok(covered(i, &[("6", "30", "Gold")])),
            _ => Err(("75", "N")),
        })
    })
    .await;
    let Look::Found { records, .. } = look(&feed(&some.url(), ""), &sought(MEDICAL, Vec::new())).await else {
        panic!()
    };
    let [record] = records.as_slice() else { panic!("dental was not asked for: {records:#?}") };
    assert_eq!((record.members.len(), record.facts.text(Field::PolicyStatus)), (1, Some("effectuated")));

    let none = FarSide::start(|asked, _| answered(asked, |i| Ok(covered(i, &[("6", "30", "")])))).await;
    let Look::Found { records, .. } = look(&feed(&none.url(), ""), &sought(MEDICAL, Vec::new())).await else {
        panic!()
    };
    assert_eq!((records[0].members.len(), records[0].facts.text(Field::PolicyStatus)), (3, Some("inactive")));
    assert!(records[0].place.source.ends_with(", EB 6: inactive"), "{}", records[0].place.source);

    let both =
        FarSide::start(|asked, _| answered(asked, |i| Ok(covered(i, &[("1", "30", "Gold"), ("1", "35", "Smile")]))))
            .await;
    let Look::Found { records, .. } = look(&feed(&both.url(), ""), &sought(BOTH, Vec::new())).await else { panic!() };
    let lines: Vec<_> = records.iter().map(|r| r.facts.text(Field::CoverageLine).unwrap()).collect();
    assert_eq!(lines, ["medical", "dental"]);
}

#[tokio::test]
async fn services_that_are_covered_are_of_a_medical_plan_whatever_is_said_of_a_dental_one() {
    const SERVICES: &[(&str, &str, &str)] = &[("6", "35", ""), ("1", "33", ""), ("1", "88", "")];
    let far = FarSide::start(|asked, _| answered(asked, |i| Ok(covered(i, SERVICES)))).await;
    let Look::Found { records, .. } = look(&feed(&far.url(), ""), &sought(MEDICAL, Vec::new())).await else { panic!() };
    let said: Vec<_> =
        records.iter().map(|r| (r.facts.text(Field::CoverageLine), r.facts.text(Field::PolicyStatus))).collect();
    assert_eq!(said, [(Some("medical"), Some("effectuated"))]);
    // and of a dental plan they prove nothing
    let far =
        FarSide::start(|asked, _| answered(asked, |i| Ok(covered(i, &[("1", "30", "Gold"), ("1", "33", "")])))).await;
    let found = look(&feed(&far.url(), ""), &sought(&[CoverageLine::Dental], Vec::new())).await;
    assert!(matches!(found, Look::Absent { .. }), "{found:?}");
}

#[tokio::test]
async fn what_keeps_an_answer_from_being_read_is_blindness_with_its_reason_and_no_secret() {
    let error = |asked: &Asked, _: usize| {
        let (packaging, request) =
            unpack_request(asked.header("content-type").unwrap(), asked.body.as_bytes()).unwrap();
        let echo = format!("no such user: observer/{}", request.credentials.unwrap().password.expose_secret());
        enveloped(packaging, &Response::failed(Message::default(), "UnAuthorized", &echo))
    };
    let fault = |asked: &Asked, _: usize| {
        let xml = "<e:Envelope><e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason>\
                   <e:Text>down s3cr3t/planted+token</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>";
        assert_eq!(asked.method, "POST");
        (
            500,
            vec![("content-type", "application/soap+xml".to_owned()), ("retry-after", "7".to_owned())],
            xml.to_owned(),
        )
    };
    let busy = |asked: &Asked, _: usize| answered(asked, |_| Err(("42", "R")));
    let provider = |asked: &Asked, _: usize| answered(asked, |_| Err(("51", "N")));
    let html = |_: &Asked, _: usize| told(200, "<html><body>Please log in</body></html>");
    let away = |_: &Asked, _: usize| (302, vec![("location", "http://127.0.0.1:1/".to_owned())], String::new());
    let answers: [(&str, Box<dyn Fn(&Asked, usize) -> Told + Send + Sync>); 6] = [
        ("the envelope reports an error: UnAuthorized: no such user: aaaaaaaa/", Box::new(error)),
        ("answered 500 (the far side answers a SOAP fault: Receiver: aaaa a9aa9a/", Box::new(fault)),
        ("AAA 42 in 2100C: unable to respond at current time; resubmission allowed", Box::new(busy)),
        ("AAA 51 in 2100C: provider not on file", Box::new(provider)),
        ("no `COREEnvelopeRealTimeResponse`", Box::new(html)),
        ("answered 302", Box::new(away)),
    ];
    for (words, answer) in answers {
        let answer = std::sync::Arc::new(answer);
        let far = FarSide::start(move |asked, n| answer(asked, n)).await;
        let feed = feed(&far.url(), "");
        let said = look(&feed, &sought(MEDICAL, Vec::new())).await;
        let Look::Blind { reason, .. } = &said else { panic!("{words}: {said:?}") };
        assert!(reason.contains(words) && !reason.contains("planted"), "{words}: {reason}");
        assert_eq!(far.asked().len(), 1, "one unanswered question makes the look blind");
        assert!(!format!("{feed:?}").contains("planted"));
    }
}

#[tokio::test]
async fn a_question_that_may_have_arrived_is_not_asked_again_before_ninety_seconds() {
    let silent = FarSide::mute(false).await;
    let said = look(&feed(&silent.url(), "    request_within: 100ms\n"), &sought(MEDICAL, Vec::new())).await;
    let Look::Blind { retry_after, .. } = said else { panic!("{said:?}") };
    assert_eq!(retry_after, Some(std::time::Duration::from_secs(90)));
    let said = look(&feed("http://127.0.0.1:1", ""), &sought(MEDICAL, Vec::new())).await;
    assert!(matches!(said, Look::Blind { retry_after: None, .. }), "nothing was sent: {said:?}");
}

#[tokio::test]
async fn strangers_in_an_answer_are_counted_and_dropped() {
    let far = FarSide::start(|asked, _| answered(asked, |i| Ok(covered(i, &[("1", "30", "Gold")])))).await;
    let feed = feed(&far.url(), "");
    let said = feed.look(Some(&IssuerId::new("12345")), &sought(MEDICAL, Vec::new()), &|_, _| Own::No).await;
    assert_eq!(said, Look::Absent { strangers: 1, possible: false });
    assert!(matches!(
        feed.look(Some(&IssuerId::new("99999")), &sought(MEDICAL, Vec::new()), &all).await,
        Look::Blind { .. }
    ));
}
