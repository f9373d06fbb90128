//! JSON APIs: every shape of an answer, every way to say "not there", and every way to say nothing.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of tests fails as a test does")]

use crate::far_side::{Asked, FarSide, Told, context, household, target, told};
use johndoe::issuer::{InAnswer, JsonApiFeed, Look, Own, ProbeFeed};
use johndoe::model::{
    Captures, Cents, CoverageLine, Fact, Facts, Field, GroupCapture, GroupRecord, Household, IssuerId, RunId, Since,
    Value,
};
use johndoe::net::{Door, USER_AGENT};
use johndoe::target::{Context, Feed};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpListener;

/// What the flow captures, so that look-ups may ask for it.
const CAPTURED: &str = "{exchange_assigned_subscriber_id: $.s, application_id: $.a, \
                        exchange_assigned_policy_id: {jsonpath: \"$.p[*]\", per: group}, \
                        exchange_assigned_member_id: {jsonpath: \"$.m[*]\", per: member}}";

/// The feed of a target whose one waypoint has these keys.
pub(super) fn feed(waypoint: &str) -> JsonApiFeed {
    let keys: Vec<_> = waypoint.lines().map(|line| format!("    {line}")).collect();
    let target = target(&format!(
        "target: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: http://127.0.0.1:1\n  flows:\n    enroll:\n      \
         - {{post: /x, capture: {CAPTURED}}}\nwaypoints:\n  - name: issuer\n    feed: json_api\n{}\n",
        keys.join("\n")
    ));
    let Feed::JsonApi(api) = &target.waypoints[0].feed else { panic!("no JSON API") };
    JsonApiFeed::new(Door::new(&target, USER_AGENT).unwrap(), api)
}

/// The ids that an exchange gave the Does.
fn captured() -> Captures {
    let mut group = Facts::new();
    group.set(Field::SubscriberId, "S-1");
    let members = ["M1", "M2", "M3"].map(|id| {
        let mut member = Facts::new();
        member.set(Field::MemberId, id);
        member
    });
    let groups = vec![GroupCapture { line: None, facts: group }];
    Captures { groups, members: members.into(), ..Captures::default() }
}

/// The Does, with these ids.
pub(super) fn known() -> Context {
    context().with_captures(&captured())
}

pub(super) fn all(_: &GroupRecord, _: InAnswer) -> Own {
    Own::Yes
}

async fn found(feed: &JsonApiFeed) -> Vec<GroupRecord> {
    match feed.look(None, (&known(), false), &all).await {
        Look::Found { records, strangers: 0, partial: None, possible: false } => records,
        other => panic!("{other:?}"),
    }
}

const LOOKUP: &str = "lookup: {get: \"/members?id={{ exchange_assigned_subscriber_id }}\"}";

#[tokio::test]
async fn a_household_record_is_read_with_units_dates_maps_splits_and_joins() {
    let body = r#"{"data": [{"policy": {"no": "P-1", "plan": "12345VA0010001-04", "start": "01/01/2014", "end": null},
        "money": {"aptc": 25058, "total": "$1,200.00"}, "state": "In Force",
        "people": [{"name": "Doe, John", "sex": "M", "rel": "EE", "tel": ["804", "5550123"], "ssn": ""},
                   {"name": "Doe, Mary", "sex": "F", "rel": "wife", "tel": [], "smoker": true}]}]}"#;
    let far = FarSide::start(move |_, _| told(200, body)).await;
    let keys = "records: $.data[*]\nmembers: $.people[*]\nfields:\n  exchange_assigned_policy_id: $.policy.no\n  \
        plan_id: $.policy.plan\n  benefit_begin_date: {path: $.policy.start, date: \"%m/%d/%Y\"}\n  \
        benefit_end_date: $.policy.end\n  aptc: {path: $.money.aptc, unit: cents}\n  premium_total: $.money.total\n  \
        last_name: {path: $.name, split: \",\", part: 0}\n  first_name: {path: $.name, split: \",\", part: 1}\n  \
        sex: $.sex\n  relationship: {path: $.rel, map: {ee: self, wife: spouse}}\n  \
        phone: {paths: [\"$.tel[0]\", \"$.tel[1]\"], join: \"\"}\n  ssn: $.ssn\n  tobacco: $.smoker\n\
        status: {path: $.state, active: [in force], cancelled: [void]}";
    let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{keys}", far.url()));
    let records = found(&feed).await;
    assert_eq!((records.len(), records[0].members.len()), (1, 2));
    let group = &records[0].facts;
    assert_eq!(group.text(Field::PlanId), Some("12345VA0010001"));
    assert_eq!(group.text(Field::CsrVariant), Some("04"));
    assert_eq!(group.text(Field::PolicyStatus), Some("effectuated"));
    assert_eq!(group.value(Field::BenefitBegin).unwrap().to_string(), "2014-01-01");
    assert!(matches!(group.value(Field::BenefitBegin), Some(Value::Date(_))));
    assert_eq!(group.get(Field::BenefitEnd), Fact::Absent);
    assert_eq!(group.value(Field::Aptc), Some(&Value::Money(Cents(25_058))));
    assert_eq!(group.value(Field::PremiumTotal), Some(&Value::Money(Cents(120_000))));
    assert_eq!(group.get(Field::RatingArea), Fact::Unstated);
    let texts = |at: usize| {
        let member = &records[0].members[at];
        [Field::NameLast, Field::NameFirst, Field::Sex, Field::Relationship].map(|f| member.text(f).unwrap().to_owned())
    };
    assert_eq!(texts(0), ["Doe", "John", "male", "self"]);
    assert_eq!(texts(1), ["Doe", "Mary", "female", "spouse"]);
    assert_eq!(records[0].members[0].text(Field::Phone), Some("8045550123"));
    assert_eq!(records[0].members[0].get(Field::Ssn), Fact::Absent);
    assert_eq!(records[0].members[0].get(Field::Tobacco), Fact::Absent);
    assert_eq!(records[0].members[1].text(Field::Tobacco), Some("yes"));
    assert_eq!(far.asked()[0].query, "id=S-1");
    assert!(feed.shows().contains(Field::CsrVariant) && !feed.shows().contains(Field::Email));
}

const MEMBER_KEYS: &str = "records: $[*]\nfields: {exchange_assigned_policy_id: $.policy, aptc: $.aptc, \
                           exchange_assigned_member_id: $.id, first_name: $.first}";

#[tokio::test]
async fn records_of_single_members_are_joined_by_policy() {
    let body = r#"[{"policy": "P-1", "id": "M1", "first": "John", "aptc": "100"}, {"policy": "D-1", "id": "M1", "first": "John"},
        {"policy": "P-1", "id": "M2", "first": "Mary", "aptc": "0"}, {"policy": "P-1", "id": "M3", "first": "Ann"}]"#;
    let far = FarSide::start(move |_, _| told(200, body)).await;
    let records = found(&feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}", far.url()))).await;
    assert_eq!(records.iter().map(|r| r.members.len()).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(records[0].facts.value(Field::Aptc), Some(&Value::Money(Cents(10_000))));
}

#[tokio::test]
async fn a_look_up_per_member_asks_for_each_and_merges_what_it_finds() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/m/M2" => told(404, ""),
        path => told(200, &format!(r#"[{{"policy": "P-1", "id": "{}"}}]"#, &path[3..])),
    })
    .await;
    let lookup = "lookup: {get: \"/m/{{ member.exchange_assigned_member_id }}\", per: member}";
    let feed = feed(&format!("base_url: {}\n{lookup}\n{MEMBER_KEYS}", far.url()));
    let records = found(&feed).await;
    assert_eq!(far.paths(), ["GET /m/M1", "GET /m/M2", "GET /m/M3"]);
    let ids: Vec<_> = records[0].members.iter().map(|m| m.text(Field::MemberId).unwrap()).collect();
    assert_eq!((records.len(), ids), (1, vec!["M1", "M3"]));
}

#[tokio::test]
async fn a_look_up_per_member_asks_for_whoever_left_too() {
    let far = FarSide::start(|asked, _| {
        let (id, word) = (&asked.path[3..], if asked.path == "/m/M2" { "out" } else { "in" });
        told(200, &format!(r#"[{{"policy": "P-1", "id": "{id}", "state": "{word}"}}]"#))
    })
    .await;
    let mut left = household();
    (left.people[1].applying, left.people[1].since) = (false, Some(Since::Leaves));
    let left = Context::new(&left, &BTreeMap::new(), &RunId::new("019ab6")).with_captures(&captured());
    let look_up = |keys: &str| {
        let lookup = "lookup: {get: \"/m/{{ member.exchange_assigned_member_id }}\", per: member}";
        feed(&format!("base_url: {}\n{lookup}\n{MEMBER_KEYS}{keys}", far.url()))
    };
    let shown = async |feed: JsonApiFeed| match feed.look(None, (&left, false), &all).await {
        Look::Found { records, partial: None, .. } => {
            let members = records.iter().flat_map(|record| &record.members);
            members.map(|member| member.text(Field::MemberId).unwrap().to_owned()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    // whose leaving was lost at the issuer is still shown
    assert_eq!(shown(look_up("")).await, ["M1", "M3", "M2"]);
    assert_eq!(far.paths(), ["GET /m/M1", "GET /m/M3", "GET /m/M2"]);
    // and whom it says to be out is none of its members
    assert_eq!(shown(look_up("\nstatus: {path: $.state, active: in, terminated: out}")).await, ["M1", "M3"]);
}

#[tokio::test]
async fn the_same_record_in_answers_for_several_members_is_one_and_twice_in_one_answer_is_two() {
    let body = r#"[{"policy": "P-1", "id": "M1"}, {"policy": "P-1", "id": "M1"}]"#;
    let far = FarSide::start(move |_, _| told(200, body)).await;
    let lookup = "lookup: {get: \"/m/{{ member.exchange_assigned_member_id }}\", per: member}";
    let records = found(&feed(&format!("base_url: {}\n{lookup}\n{MEMBER_KEYS}", far.url()))).await;
    assert_eq!(records.iter().map(|r| r.members.len()).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn absence_is_told_by_status_by_condition_and_by_an_empty_selection() {
    let cases: [(&str, Told); 6] = [
        ("", told(404, "not here")),
        ("", told(200, "[]")),
        ("", told(204, "")),
        ("absent: {status: [410, 404]}", told(410, "")),
        ("absent: {jsonpath: $.error, equals: unknown}", told(200, r#"{"error": "unknown"}"#)),
        ("absent: {jsonpath: $.error, equals: unknown}", told(400, r#"{"error": "unknown"}"#)),
    ];
    for (keys, answer) in cases {
        let shown = format!("{keys} {answer:?}");
        let far = FarSide::start(move |_, _| answer.clone()).await;
        let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}\n{keys}", far.url()));
        assert_eq!(
            feed.look(None, (&known(), false), &all).await,
            Look::Absent { strangers: 0, possible: false },
            "{shown}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_blind_and_never_absent() {
    for answer in [told(401, ""), told(403, ""), told(400, ""), told(500, "[]"), told(200, "<html>"), told(200, "[{")] {
        let shown = format!("{answer:?}");
        let far = FarSide::start(move |_, _| answer.clone()).await;
        let look = feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}", far.url()))
            .look(None, (&known(), false), &all)
            .await;
        assert!(matches!(look, Look::Blind { retry_after: None, .. }), "{shown}: {look:?}");
    }
    let far = FarSide::start(|_, _| (429, vec![("retry-after", "7".to_owned())], String::new())).await;
    let look =
        feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}", far.url())).look(None, (&known(), false), &all).await;
    let reason = "the look-up was answered 429".to_owned();
    assert_eq!(look, Look::Blind { reason, retry_after: Some(Duration::from_secs(7)) });
}

#[tokio::test]
async fn an_answer_that_shows_nobody_and_says_that_there_is_somebody_or_that_something_went_wrong_proves_no_absence() {
    for (body, is_absent) in [
        (r#"{"total": 1, "items": []}"#, false),
        (r#"{"items": [], "errors": ["the database is down"]}"#, false),
        (r#"{"items": [], "success": false}"#, false),
        (r#"{"items": [], "status": 503}"#, false),
        (r#"{"items": [], "type": "about:blank", "title": "Service Unavailable", "status": 503}"#, false),
        (r#"{"items": [], "resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}"#, false),
        (r#"{"items": [], "_shards": {"total": 5, "failed": 2}}"#, false),
        (r#"{"items": [], "data": {"errors": [{"message": "boom"}]}}"#, false),
        (r#"{"items": [], "partial": true}"#, false),
        (r#"{"items": [], "page": {"size": 1, "number": 0, "totalElements": 2, "totalPages": 2}}"#, false),
        (r#"{"items": [], "pageInfo": {"hasNextPage": true}}"#, false),
        (r#"{"items": [null]}"#, false),
        (r#"{"items": ["M1"]}"#, false),
        (r#"{"items": "[{\"policy\": \"P-1\", \"id\": \"M1\"}]"}"#, false),
        (r#"{"items": null}"#, true),
        (r#"{"items": [], "page": 1, "totalPages": 1, "last": true, "status": 200}"#, true),
        (r#"{"items": [], "_shards": {"total": 5, "failed": 0}, "timed_out": false}"#, true),
        (r#"{"total": 0, "items": [], "errors": []}"#, true),
    ] {
        let far = FarSide::start(move |_, _| told(200, body)).await;
        let keys = MEMBER_KEYS.replace("$[*]", "$.items[*]");
        let look =
            feed(&format!("base_url: {}\n{LOOKUP}\n{keys}", far.url())).look(None, (&known(), false), &all).await;
        assert_eq!(matches!(look, Look::Absent { .. }), is_absent, "{body}: {look:?}");
    }
}

#[tokio::test]
async fn nobody_is_absent_by_what_a_redirect_led_to() {
    for (status, body) in [(404, ""), (204, ""), (200, "[]")] {
        let far = FarSide::start(move |asked, _| match asked.path.as_str() {
            "/elsewhere" => told(status, body),
            _ => (302, vec![("location", "/elsewhere".to_owned())], String::new()),
        })
        .await;
        let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}", far.url()));
        let look = feed.look(None, (&known(), false), &all).await;
        assert!(matches!(look, Look::Blind { .. }), "{status} {body}: {look:?}");
    }
}

#[tokio::test]
async fn a_thorough_look_asks_every_question_and_whoever_has_two_policies_is_asked_for_so_from_then_on() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/by-id/S-1" => told(200, r#"[{"policy": "P-1", "id": "M1"}]"#),
        _ => told(200, r#"[{"policy": "P-1", "id": "M1"}, {"policy": "P-2", "id": "M1"}]"#),
    })
    .await;
    let lookups = "lookups:\n  - {get: \"/by-id/{{ exchange_assigned_subscriber_id }}\"}\n  - {get: \"/by-name/{{ subscriber.name.last }}\"}";
    let feed = feed(&format!("base_url: {}\n{lookups}\n{MEMBER_KEYS}", far.url()));
    for (is_thorough, policies) in [(false, 1), (true, 2), (false, 2)] {
        match feed.look(None, (&known(), is_thorough), &all).await {
            Look::Found { records, partial: None, .. } => assert_eq!(records.len(), policies, "{is_thorough}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn silence_and_nobody_there_are_blind() {
    let mute = FarSide::mute(false).await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for url in [mute.url(), format!("http://{free}")] {
        let feed = feed(&format!("base_url: {url}\n{LOOKUP}\n{MEMBER_KEYS}\nrequest_within: 50ms"));
        assert!(matches!(feed.look(None, (&known(), false), &all).await, Look::Blind { .. }));
    }
}

#[tokio::test]
async fn one_blind_answer_among_members_makes_the_look_blind() {
    let far = FarSide::start(|asked, _| if asked.path == "/m/M3" { told(500, "") } else { told(404, "") }).await;
    let lookup = "lookup: {get: \"/m/{{ member.exchange_assigned_member_id }}\", per: member}";
    let feed = feed(&format!("base_url: {}\n{lookup}\n{MEMBER_KEYS}", far.url()));
    assert!(matches!(feed.look(None, (&known(), false), &all).await, Look::Blind { .. }));
}

#[tokio::test]
async fn the_strongest_look_up_whose_names_are_known_is_asked() {
    let far = FarSide::start(|_, _| told(404, "")).await;
    let lookups = "lookups:\n  - {get: \"/by-id/{{ exchange_assigned_subscriber_id }}\"}\n  - {post: /by-app, json: {app: \"{{ application_id }}\"}}";
    let feed = feed(&format!("base_url: {}\n{lookups}\n{MEMBER_KEYS}", far.url()));
    let unknown = ["application_id", "exchange_assigned_subscriber_id"].map(str::to_owned).into();
    assert_eq!(feed.look(None, (&context(), false), &all).await, Look::NotAskable(unknown));
    let empty = context().with("exchange_assigned_subscriber_id", "".into());
    assert!(
        matches!(feed.look(None, (&empty, false), &all).await, Look::NotAskable(_)),
        "an empty id asks for everybody"
    );
    feed.look(None, (&context().with("application_id", "A-1".into()), false), &all).await;
    feed.look(None, (&known(), false), &all).await;
    assert_eq!(far.paths(), ["POST /by-app", "GET /by-id/S-1"]);
    assert_eq!(far.asked()[0].body, "{\"app\":\"A-1\"}");
}

#[tokio::test]
async fn records_of_strangers_are_counted_and_dropped() {
    let body = r#"[{"policy": "P-1", "id": "M1"}, {"policy": "P-2", "id": "X9", "first": "REALPERSON"}]"#;
    let far = FarSide::start(move |_, _| told(200, body)).await;
    let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}", far.url()));
    let ours = |record: &GroupRecord, answer: InAnswer| {
        if answer.of == 2 && record.facts.text(Field::PolicyId) == Some("P-1") { Own::Yes } else { Own::No }
    };
    let look = feed.look(None, (&known(), false), &ours).await;
    assert!(matches!(&look, Look::Found { records, strangers: 1, .. } if records.len() == 1));
    assert!(!format!("{look:?}").contains("REALPERSON"));
    assert_eq!(
        feed.look(None, (&known(), false), &|_, _| Own::No).await,
        Look::Absent { strangers: 2, possible: false }
    );
}

#[tokio::test]
async fn each_issuer_is_asked_at_its_own_address_with_its_own_credentials() {
    let answer = |asked: &Asked, _: usize| match asked.header("authorization") {
        Some("Bearer s3cr3t/planted+token") => told(200, r#"[{"policy": "P-1"}]"#),
        _ => told(401, "s3cr3t/planted+token"),
    };
    let (one, two) = (FarSide::start(answer).await, FarSide::start(answer).await);
    let places = format!(
        "per_issuer:\n  \"12345\": {{base_url: {}, auth: {{bearer: \"${{env:TOKEN}}\"}}}}\n  \"67890\": {{base_url: {}}}",
        one.url(),
        two.url()
    );
    let feed = feed(&format!("{places}\n{LOOKUP}\n{MEMBER_KEYS}"));
    let look = feed.look(Some(&IssuerId::new("12345")), (&known(), false), &all).await;
    let Look::Found { records, .. } = look else { panic!("{look:?}") };
    assert_eq!(records[0].facts.text(Field::Issuer), Some("12345"));
    assert!(matches!(feed.look(Some(&IssuerId::new("67890")), (&known(), false), &all).await, Look::Blind { .. }));
    assert!(matches!(feed.look(Some(&IssuerId::new("99999")), (&known(), false), &all).await, Look::Blind { .. }));
    assert_eq!((one.asked().len(), two.asked().len(), feed.endpoints().len()), (1, 1, 2));
    assert!(!format!("{feed:?}").contains("planted"));
}

#[tokio::test]
async fn an_issuer_may_be_asked_and_may_answer_in_a_way_of_its_own() {
    let shared = FarSide::start(|_, _| told(200, r#"[{"policy": "P-1", "id": "M1", "first": "John"}]"#)).await;
    let body = r#"{"data": {"households": [{"nr": "P-1", "people": [{"vorname": "John"}, {"vorname": "Mary"}]}]}}"#;
    let own = FarSide::start(move |_, _| told(200, body)).await;
    let places = format!(
        "per_issuer:\n  \"12345\": {{base_url: {}}}\n  \"67890\":\n    base_url: {}\n    \
         lookup: {{get: \"/find/{{{{ application_id }}}}\"}}\n    records: $.data.households[*]\n    members: $.people[*]\n    \
         fields: {{exchange_assigned_policy_id: $.nr, first_name: $.vorname}}",
        shared.url(),
        own.url()
    );
    let feed = feed(&format!("{places}\n{LOOKUP}\n{MEMBER_KEYS}"));
    let known = known().with("application_id", "A-1".into());
    for (issuer, members, path) in [("12345", 1, "GET /members"), ("67890", 2, "GET /find/A-1")] {
        let look = feed.look(Some(&IssuerId::new(issuer)), (&known, false), &all).await;
        let Look::Found { records, .. } = look else { panic!("{look:?}") };
        assert_eq!((records.len(), records[0].members.len()), (1, members), "{issuer}");
        let far = if issuer == "12345" { &shared } else { &own };
        assert_eq!(far.paths(), [path]);
    }
}

#[tokio::test]
async fn a_look_up_per_group_asks_for_each_policy() {
    let far = FarSide::start(|asked, _| told(200, &format!(r#"[{{"policy": "{}"}}]"#, &asked.path[3..]))).await;
    let lookup = "lookup: {get: \"/p/{{ exchange_assigned_subscriber_id }}\", per: group}";
    let feed = feed(&format!("base_url: {}\n{lookup}\n{MEMBER_KEYS}", far.url()));
    let of_line = |line, id: &str| {
        let mut facts = Facts::new();
        facts.set(Field::SubscriberId, id);
        GroupCapture { line: Some(line), facts }
    };
    let groups = vec![of_line(CoverageLine::Medical, "S-1"), of_line(CoverageLine::Dental, "S-2")];
    let both_lines = Household { lines: vec![CoverageLine::Medical, CoverageLine::Dental], ..household() };
    let known = Context::new(&both_lines, &BTreeMap::new(), &RunId::new("run-1"));
    let known = known.with_captures(&Captures { groups, ..Captures::default() });
    let look = feed.look(None, (&known, false), &all).await;
    let Look::Found { records, .. } = look else { panic!("{look:?}") };
    assert_eq!(records.len(), 2);
    assert_eq!(far.paths(), ["GET /p/S-1", "GET /p/S-2"]);
}

const TWO_WAYS: &str = "lookups:\n  - {get: \"/by-id/{{ exchange_assigned_subscriber_id }}\"}\n  - {get: \"/by-app/{{ application_id }}\"}\n  \
    - {get: \"/by-mail/{{ subscriber.email }}\"}";

#[tokio::test]
async fn what_one_look_up_does_not_find_another_may_and_nothing_is_absent_before_all_were_answered() {
    let body = r#"[{"policy": "P-9", "id": "M1"}]"#;
    for (by_mail, expected) in [(told(200, body), "found"), (told(200, "[]"), "absent"), (told(503, ""), "blind")] {
        let far = FarSide::start(move |asked, _| match asked.path.split('/').nth(1) {
            Some("by-mail") => by_mail.clone(),
            _ => told(404, ""),
        })
        .await;
        let feed = feed(&format!("base_url: {}\n{TWO_WAYS}\n{MEMBER_KEYS}", far.url()));
        let look = match feed.look(None, (&known(), false), &all).await {
            Look::Found { records, .. } if records[0].facts.text(Field::PolicyId) == Some("P-9") => "found",
            Look::Absent { .. } => "absent",
            Look::Blind { .. } => "blind",
            other => panic!("{other:?}"),
        };
        assert_eq!(look, expected);
        // the application's id is not known, and is not asked for
        let asked: Vec<_> = far.paths().iter().map(|path| path.split('/').nth(1).unwrap().to_owned()).collect();
        assert_eq!(asked, ["by-id", "by-mail"]);
    }
}

#[tokio::test]
async fn several_looks_that_each_lose_another_question_are_a_look_together() {
    let far = FarSide::start(move |asked, before| match (asked.path.split('/').nth(1), before) {
        // `before`: how often this very path was asked
        (Some("by-id"), 1) | (Some("by-mail"), 0) => told(503, ""),
        _ => told(404, ""),
    })
    .await;
    let feed = feed(&format!("base_url: {}\n{TWO_WAYS}\n{MEMBER_KEYS}", far.url()));
    let first = feed.look(None, (&known(), false), &all).await;
    assert!(matches!(&first, Look::Blind { reason, .. } if reason.contains("503")), "{first:?}");
    tokio::time::sleep(Duration::from_millis(20)).await;
    let second = feed.look(None, (&known(), false), &all).await;
    let Look::AbsentSince { age, strangers: 0, retry_after: None, .. } = second else { panic!("{second:?}") };
    assert!(age >= Duration::from_millis(20), "as old as the oldest of the answers: {age:?}");
    assert_eq!(feed.look(None, (&known(), false), &all).await, Look::Absent { strangers: 0, possible: false });
}

#[tokio::test]
async fn a_page_of_several_proves_no_absence_and_shows_whom_it_shows() {
    let page = |items: &str| format!(r#"{{"page": 1, "pages": 3, "items": {items}}}"#);
    let keys = MEMBER_KEYS.replace("records: $[*]", "records: $.items[*]");
    for (items, is_found) in [("[]", false), (r#"[{"policy": "P-1", "id": "M1"}]"#, true)] {
        let body = page(items);
        let far = FarSide::start(move |_, _| told(200, &body)).await;
        let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{keys}", far.url()));
        match feed.look(None, (&known(), false), &all).await {
            Look::Found { partial, .. } => assert!(is_found && partial.unwrap().contains("page 1 of 3")),
            Look::Blind { reason, .. } => assert!(!is_found && reason.contains("page 1 of 3"), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_stands_beside_the_records_and_is_none_leaves_the_answer_incomplete() {
    let record = r#"{"policy": "P-1", "id": "M1"}"#;
    let keys = MEMBER_KEYS.replace("records: $[*]", "records: $.items[*]");
    for (body, expected) in [
        (format!(r#"{{"items": [{record}]}}"#), None),
        (format!(r#"{{"items": [{record}, null]}}"#), Some("something that is none")),
        (
            format!(r#"{{"items": [{record}], "errors": ["a part was not asked"]}}"#),
            Some("`errors` beside what it shows"),
        ),
    ] {
        let far = FarSide::start(move |_, _| told(200, &body)).await;
        let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{keys}", far.url()));
        match feed.look(None, (&known(), false), &all).await {
            Look::Found { partial, .. } => match expected {
                Some(words) => assert!(partial.as_ref().is_some_and(|told| told.contains(words)), "{partial:?}"),
                None => assert_eq!(partial, None),
            },
            other => panic!("{other:?}"),
        }
    }
}

/// What is asked by one policy's id says nothing of the household's other policy.
#[tokio::test]
async fn a_question_by_what_one_of_two_groups_has_does_not_answer_for_the_other() {
    use CoverageLine::{Dental, Medical};
    let mut household = household();
    household.lines = vec![Medical, Dental];
    let group = |line: CoverageLine, policy: &str| {
        let mut facts = Facts::new();
        facts.set(Field::PolicyId, policy);
        GroupCapture { line: Some(line), facts }
    };
    let captures = Captures { groups: vec![group(Medical, "P-1"), group(Dental, "P-2")], ..Captures::default() };
    let of_both = Context::new(&household, &BTreeMap::new(), &RunId::new("r")).with_captures(&captures);
    for (lookup, record, expected) in [
        ("{get: '/p/{{ exchange_assigned_policy_id }}'}", "P-1", "partial"),
        ("{get: '/p/{{ group.exchange_assigned_policy_id }}'}", "", "blind"),
        ("{get: '/p/{{ exchange_assigned_policy_id }}', per: group}", "P-1", "whole"),
        ("{get: '/p/{{ probe.marker }}'}", "", "absent"),
    ] {
        let body =
            if record.is_empty() { "[]".to_owned() } else { format!(r#"[{{"policy": "{record}", "id": "M1"}}]"#) };
        let far = FarSide::start(move |_, _| told(200, &body)).await;
        let feed = feed(&format!("base_url: {}\nlookup: {lookup}\n{MEMBER_KEYS}", far.url()));
        let look = match feed.look(None, (&of_both, false), &all).await {
            Look::Found { partial: Some(why), .. } if why.contains("one of the household's groups alone") => "partial",
            Look::Found { partial: None, .. } => "whole",
            Look::Blind { reason, .. } if reason.contains("one of the household's groups alone") => "blind",
            Look::Absent { .. } => "absent",
            other => panic!("{other:?}"),
        };
        assert_eq!(look, expected, "{lookup}");
    }
}

/// Whoever asks for the whole household answers for a policy of which nobody has told an id, and nothing is asked by another's twice.
#[tokio::test]
async fn a_look_up_for_the_household_answers_for_the_group_whose_id_is_not_known() {
    let mut household = household();
    household.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let mut facts = Facts::new();
    facts.set(Field::PolicyId, "P-1");
    let only = GroupCapture { line: Some(CoverageLine::Medical), facts };
    let captures = Captures { groups: vec![only], ..Captures::default() };
    let of_one = Context::new(&household, &BTreeMap::new(), &RunId::new("r")).with_captures(&captures);
    let (own, nobody, broken) = (r#"[{"policy": "P-1", "id": "M1"}]"#, "[]", "503");
    for place in ["exchange_assigned_policy_id", "group.exchange_assigned_policy_id"] {
        for (by_id, by_mail, is_thorough, expected) in [
            (own, own, true, "whole"),
            (own, nobody, true, "whole"),
            (own, nobody, false, "whole"),
            (nobody, nobody, true, "absent"),
            (nobody, own, true, "whole"),
            (own, broken, true, "partial"),
            (own, broken, false, "partial"),
            (nobody, broken, true, "blind"),
        ] {
            let far =
                FarSide::start(move |asked, _| match if asked.path.starts_with("/p/") { by_id } else { by_mail } {
                    "503" => told(500, ""),
                    body => told(200, body),
                })
                .await;
            let lookups = format!(
                "lookups: [{{get: '/p/{{{{ {place} }}}}', per: group}}, {{get: '/m?mail={{{{ subscriber.email }}}}'}}]"
            );
            let feed = feed(&format!("base_url: {}\n{lookups}\n{MEMBER_KEYS}", far.url()));
            let look = match feed.look(None, (&of_one, is_thorough), &all).await {
                Look::Found { partial: None, records, .. } if records.len() == 1 => "whole",
                Look::Found { partial: Some(_), .. } => "partial",
                Look::Absent { .. } => "absent",
                Look::Blind { .. } => "blind",
                other => panic!("{place}: {other:?}"),
            };
            assert_eq!(look, expected, "{place} {by_id} {by_mail} {is_thorough}");
            let by_id = far.paths().into_iter().filter(|path| path.contains("/p/")).count();
            assert_eq!(by_id, 1, "each id is asked by once: {:?}", far.paths());
        }
    }
}

/// Of a group whose id nobody has told nothing is asked: it is not absent because another one is shown.
#[tokio::test]
async fn a_question_for_each_group_says_nothing_of_one_whose_id_is_not_known() {
    let mut household = household();
    household.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let mut facts = Facts::new();
    facts.set(Field::PolicyId, "P-1");
    let only = GroupCapture { line: Some(CoverageLine::Medical), facts };
    let captures = Captures { groups: vec![only], ..Captures::default() };
    let of_one = Context::new(&household, &BTreeMap::new(), &RunId::new("r")).with_captures(&captures);
    for place in ["exchange_assigned_policy_id", "group.exchange_assigned_policy_id"] {
        let far = FarSide::start(|_, _| told(200, r#"[{"policy": "P-1", "id": "M1"}]"#)).await;
        let lookup = format!("lookup: {{get: '/p/{{{{ {place} }}}}', per: group}}");
        let feed = feed(&format!("base_url: {}\n{lookup}\n{MEMBER_KEYS}", far.url()));
        match feed.look(None, (&of_one, false), &all).await {
            Look::Found { partial: Some(why), .. } => assert!(why.contains("groups alone"), "{why}"),
            Look::NotAskable(_) => {}
            other => panic!("{place}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn another_policy_that_may_be_theirs_is_told_beside_their_own() {
    let ours = |record: &GroupRecord, _: InAnswer| match record.facts.text(Field::PolicyId) {
        Some("P-1") => Own::Yes,
        _ => Own::Possibly,
    };
    let beside = r#"[{"policy": "P-1", "id": "M1"}, {"policy": "P-9", "id": "M1"}]"#;
    for (by_id, by_mail, is_told) in [
        (beside, "[]", true),
        (r#"[{"policy": "P-1", "id": "M1"}]"#, r#"[{"policy": "P-9", "id": "M1"}]"#, true),
        (r#"[{"policy": "P-1", "id": "M1"}]"#, r#"[{"id": "M1"}]"#, false),
    ] {
        let far = FarSide::start(move |asked, _| match asked.path.split('/').nth(1) {
            Some("by-mail") => told(200, by_mail),
            _ => told(200, by_id),
        })
        .await;
        let feed = feed(&format!("base_url: {}\n{TWO_WAYS}\n{MEMBER_KEYS}", far.url()));
        match feed.look(None, (&known(), true), &ours).await {
            Look::Found { possible, .. } => assert_eq!(possible, is_told, "{by_id} and {by_mail}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_one_look_up_shows_a_page_of_another_may_show_whole() {
    let far = FarSide::start(move |asked, _| match asked.path.split('/').nth(1) {
        Some("by-mail") => told(200, r#"[{"policy": "P-9", "id": "M1"}]"#),
        _ => (206, Vec::new(), r#"[{"policy": "P-OTHER", "id": "M7"}]"#.to_owned()),
    })
    .await;
    let feed = feed(&format!("base_url: {}\n{TWO_WAYS}\n{MEMBER_KEYS}", far.url()));
    match feed.look(None, (&known(), false), &all).await {
        Look::Found { records, partial: None, .. } => assert_eq!(records[0].facts.text(Field::PolicyId), Some("P-9")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whoever_lists_everybody_to_every_question_gives_nobody_their_own() {
    use std::sync::Mutex;
    let body = r#"[{"policy": "P-9", "id": "M9"}]"#;
    let far = FarSide::start(move |_, _| told(200, body)).await;
    let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}", far.url()));
    let asked = Mutex::new(Vec::new());
    let note = |_: &GroupRecord, answer: InAnswer| {
        asked.lock().unwrap().push(answer.by_id && answer.depends);
        Own::No
    };
    let other = {
        let mut household = household();
        household.index = johndoe::model::ProbeIndex(7);
        Context::new(&household, &BTreeMap::new(), &RunId::new("run")).with_captures(&captured())
    };
    for context in [known(), known(), other, known()] {
        feed.look(None, (&context, false), &note).await;
    }
    assert_eq!(asked.into_inner().unwrap(), [true, true, false, false], "asked again for one's own is no list yet");
}

#[tokio::test]
async fn a_look_up_that_is_redirected_elsewhere_is_answered_with_nobodys_own() {
    use std::sync::Mutex;
    let body = r#"[{"policy": "P-9", "id": "M9"}]"#;
    for (to, by_id) in [("/somebody/else", false), ("", true)] {
        let far = FarSide::start(move |asked, _| match asked.path.as_str() {
            "/somebody/else" => told(200, body),
            path if to.is_empty() && path.ends_with('/') => told(200, body),
            path => {
                let to = if to.is_empty() { format!("{path}/?{}", asked.query) } else { to.to_owned() };
                (302, vec![("location", to)], String::new())
            }
        })
        .await;
        let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{MEMBER_KEYS}", far.url()));
        let asked = Mutex::new(Vec::new());
        let note = |_: &GroupRecord, answer: InAnswer| {
            asked.lock().unwrap().push(answer.by_id);
            Own::No
        };
        feed.look(None, (&known(), false), &note).await;
        assert_eq!(asked.into_inner().unwrap(), [by_id], "{to}");
    }
}

#[tokio::test]
async fn an_answer_without_the_place_of_its_records_is_not_understood_until_one_has_shown_it() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let far = FarSide::start(move |_, _| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => told(200, r#"{"results": []}"#),
        1 => told(200, r#"{"hits": []}"#),
        _ => told(200, "{}"),
    })
    .await;
    let keys = "records: $.hits[*]\nfields: {exchange_assigned_policy_id: $.policy}";
    let feed = feed(&format!("base_url: {}\n{LOOKUP}\n{keys}", far.url()));
    match feed.look(None, (&known(), false), &all).await {
        Look::Blind { reason, .. } => assert!(reason.contains("the answer has no `$.hits`"), "{reason}"),
        other => panic!("a typo in `records` is no absence: {other:?}"),
    }
    for _ in 0..2 {
        let look = feed.look(None, (&known(), false), &all).await;
        assert_eq!(look, Look::Absent { strangers: 0, possible: false }, "an empty list, then one that is left out");
    }
}
