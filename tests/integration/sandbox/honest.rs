//! Without faults: every household arrives whole, refusals have reasons, nothing is done twice.

use super::pipeline::{DENTAL, MEDICAL, Pipeline, family, read, tally, without_issuer_ids};
use johndoe::model::{Field, RecordKind, Value as Fact};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn what_was_enrolled_is_what_the_files_and_the_issuer_hold() {
    let pipeline = Pipeline::with("").await;
    let mut household = family("plain-1");
    // letters that X12 cannot carry are the judge's business, not this test's
    household["people"][0]["name"]["first"] = json!("Zoe");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    assert_eq!(told.status, StatusCode::CREATED);
    pipeline.deliver(1).await;

    let at_exchange = pipeline.at_exchange(&told).await;
    let at_issuer: Vec<_> = pipeline.at_issuer("12345", &told).await.into_iter().map(without_issuer_ids).collect();
    assert_eq!(at_issuer, at_exchange);
    assert!(pipeline.at_issuer("54321", &told).await.is_empty());

    let sent = pipeline.sent(&told);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].kind, RecordKind::InitialEnrollment);
    assert_eq!(sent[0].facts.text(Field::PolicyId), Some(told.policy_id()));
    let premium = told.enrollment["policies"][0]["premium"].as_str().unwrap();
    assert_eq!(sent[0].facts.value(Field::PremiumTotal).map(Fact::to_string).as_deref(), Some(premium));
    assert_eq!(sent[0].members.len(), 4);
    assert_eq!(pipeline.planted(), []);
}

#[tokio::test]
async fn medical_and_dental_are_two_policies_at_two_issuers_and_only_medical_is_subsidised() {
    let pipeline = Pipeline::with("").await;
    let told = pipeline.enroll(&family("both-1"), &[MEDICAL, DENTAL]).await;
    let policies = told.enrollment["policies"].as_array().unwrap();
    assert_eq!((&policies[0]["line"], &policies[1]["line"]), (&json!("medical"), &json!("dental")));
    assert_ne!(policies[0]["aptc"], "0.00");
    assert_eq!((&policies[1]["aptc"], &policies[1]["csrVariant"]), (&json!("0.00"), &json!("01")));
    pipeline.deliver(1).await;
    assert_eq!(pipeline.at_issuer("12345", &told).await[0]["line"], "medical");
    assert_eq!(pipeline.at_issuer("54321", &told).await[0]["line"], "dental");
    let names: Vec<String> = pipeline.files().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["12345.I834.D131115.T120000000.edi", "54321.I834.D131115.T120000001.edi"]);
}

#[tokio::test]
async fn a_file_holds_several_sets_of_test_data_and_numbers_never_repeat() {
    let pipeline = Pipeline::with("").await;
    for window in 0..3 {
        for n in 0..3 {
            pipeline.enroll(&family(&format!("w{window}-{n}")), &[MEDICAL]).await;
        }
        pipeline.deliver(1).await;
    }
    let files = pipeline.files();
    assert_eq!(files.len(), 3);
    let numbers = |segment: &str, element: usize| {
        let all = files.iter().flat_map(|file| file.text.split('~'));
        let ours = all.filter(|s| s.starts_with(segment)).map(|s| s.split('*').nth(element).unwrap().to_owned());
        tally(ours)
    };
    for (segment, element) in [("ISA*", 13), ("GS*", 6), ("ST*", 2)] {
        assert!(numbers(segment, element).values().all(|times| *times == 1), "{segment}");
    }
    assert_eq!(numbers("ST*", 2).len(), 9);
    assert_eq!(numbers("ISA*", 15).keys().collect::<Vec<_>>(), ["T"]);
}

#[tokio::test]
async fn a_cancelled_policy_is_shown_cancelled_everywhere() {
    let pipeline = Pipeline::with("").await;
    let told = pipeline.enroll(&family("gone-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let answer = pipeline.cancel(&told).await;
    assert_eq!(answer["policies"], json!([{"policyId": told.policy_id(), "status": "cancelled"}]));
    assert_eq!(pipeline.cancel(&told).await, answer, "again is no error");
    pipeline.deliver(1).await;

    let sent = pipeline.sent(&told);
    assert_eq!(
        sent.iter().map(|r| r.kind).collect::<Vec<_>>(),
        [RecordKind::InitialEnrollment, RecordKind::Cancellation]
    );
    assert_eq!(sent[1].facts.text(Field::PolicyId), Some(told.policy_id()));
    assert_eq!(sent[1].members.len(), 1);
    for household in [&pipeline.at_exchange(&told).await[0], &pipeline.at_issuer("12345", &told).await[0]] {
        assert_eq!(household["status"], "CANCELLED");
        assert_eq!(household["coverage"], json!({"begin": "2014-01-01", "end": "2014-01-01"}));
        assert_eq!(household["members"].as_array().unwrap().len(), 4);
    }
    assert_eq!(pipeline.running.counters()["gone-1"].cancellations, 1);
}

#[tokio::test]
async fn another_agent_is_told_by_one_maintenance_and_nothing_else_changes() {
    let pipeline = Pipeline::with("").await;
    let (household, other) = (family("helped-1"), "9900000042");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let before = pipeline.at_issuer("12345", &told).await.remove(0);
    assert_eq!(before["agentNpn"], "9917654321");
    let mut helped = household.clone();
    helped["agent"] = json!({"name": "Another One", "npn": other});
    for changed in [1, 0] {
        let (status, answer) = pipeline.change_to(&helped, &told).await;
        assert_eq!((status, &answer["changed"]), (StatusCode::OK, &json!(changed)), "the second time it is known");
    }
    pipeline.deliver(1).await;

    let sent = pipeline.sent(&told);
    assert_eq!(
        sent.iter().map(|record| record.kind).collect::<Vec<_>>(),
        [RecordKind::InitialEnrollment, RecordKind::Maintenance]
    );
    assert_eq!(sent[1].facts.text(Field::TransactionReason), Some("agent_change"));
    assert_eq!(
        sent.iter().map(|record| record.facts.text(Field::AgentNpn)).collect::<Vec<_>>(),
        [Some("9917654321"), Some(other)]
    );
    let text = pipeline.files().pop().unwrap().text;
    for said in ["~N1*BO*AGENT 9900000042*94*9900000042~", "~INS*Y*18*001**A", "*AGENT BROKER INFO~"] {
        assert!(text.contains(said), "`{said}` is not in {text}");
    }
    let mut after = pipeline.at_issuer("12345", &told).await.remove(0);
    assert_eq!((&after["agentNpn"], &pipeline.at_exchange(&told).await[0]["agentNpn"]), (&json!(other), &json!(other)));
    after["agentNpn"] = before["agentNpn"].clone();
    assert_eq!(after, before);

    helped.as_object_mut().unwrap().remove("agent");
    assert_eq!(pipeline.change_to(&helped, &told).await.1["changed"], 0, "who names nobody dismisses nobody");
}

#[tokio::test]
async fn an_enrollment_cancelled_in_the_same_window_leaves_in_order() {
    let pipeline = Pipeline::with("").await;
    let told = pipeline.enroll(&family("quick-1"), &[MEDICAL]).await;
    pipeline.cancel(&told).await;
    pipeline.deliver(1).await;
    let kinds: Vec<_> = pipeline.sent(&told).iter().map(|record| record.kind).collect();
    assert_eq!(kinds, [RecordKind::InitialEnrollment, RecordKind::Cancellation]);
    assert_eq!(pipeline.at_issuer("12345", &told).await[0]["status"], "CANCELLED");
}

#[tokio::test]
async fn the_same_idempotency_key_gets_the_same_answer_and_enrolls_once() {
    let pipeline = Pipeline::with("").await;
    let (application, cookie) = pipeline.apply(&family("twice-1")).await;
    let choose = || pipeline.choose(&application, &cookie, &[MEDICAL]).header("idempotency-key", "k1").send();
    let first = choose().await.unwrap();
    assert!(first.headers().get("idempotency-replayed").is_none());
    let first = read(first).await;
    let again = choose().await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(read(again).await, first);
    let counts = pipeline.running.counters()["twice-1"];
    assert_eq!((counts.enrollments, counts.repeats), (1, 1));

    let without_key = pipeline.choose(&application, &cookie, &[MEDICAL]).send().await.unwrap();
    assert_eq!(without_key.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn refusals_say_why() {
    let pipeline = Pipeline::with("").await;
    let (application, cookie) = pipeline.apply(&family("no-1")).await;
    let refused = |plans: &'static [&'static str]| {
        let request = pipeline.choose(&application, &cookie, plans);
        async move {
            let (status, body) = read(request.send().await.unwrap()).await;
            (status.as_u16(), body["error"]["code"].as_str().unwrap().to_owned())
        }
    };
    assert_eq!(refused(&[]).await, (422, "no_plan_chosen".to_owned()));
    assert_eq!(refused(&["12345VA0010001"]).await, (422, "plan_not_offered".to_owned()));
    assert_eq!(refused(&[MEDICAL, "54321MA0020001"]).await, (422, "line_twice".to_owned()));

    let no_token = pipeline.client.post(pipeline.url("/api/accounts")).send().await.unwrap();
    assert_eq!(no_token.status(), StatusCode::UNAUTHORIZED);
    let no_session = pipeline.choose(&application, "other=1", &[MEDICAL]).send().await.unwrap();
    assert_eq!(no_session.status(), StatusCode::UNAUTHORIZED);
    let (_, other) = pipeline.account().await;
    let not_mine = pipeline.choose(&application, &other, &[MEDICAL]).send().await.unwrap();
    assert_eq!(not_mine.status(), StatusCode::FORBIDDEN);
    assert_eq!(pipeline.look("12345", "nothing=1").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_issuer_finds_a_household_by_each_of_its_keys() {
    let pipeline = Pipeline::with("").await;
    let told = pipeline.enroll(&family("keys-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    for query in [
        format!("exchange_id={}", told.subscriber_id()),
        format!("policy_id={}", told.policy_id()),
        format!("application_id={}", told.application_id()),
        "email=KEYS-1@example.com".to_owned(),
        "last_name=o'neal&birth_date=2008-06-01".to_owned(),
    ] {
        let (_, body) = pipeline.look("12345", &query).await;
        assert_eq!(body["households"].as_array().map(Vec::len), Some(1), "{query}");
    }
    assert_eq!(pipeline.look("12345", "policy_id=1").await, (StatusCode::OK, json!({"households": []})));
}

#[tokio::test]
async fn a_few_hundred_at_once_all_arrive() {
    let pipeline = Pipeline::with("").await;
    let households: Vec<_> = (0..200).map(|n| family(&format!("many-{n}"))).collect();
    let told = futures_util::future::join_all(households.iter().map(|h| pipeline.enroll(h, &[MEDICAL, DENTAL]))).await;
    pipeline.deliver(1).await;
    assert!(told.iter().all(|told| told.status == StatusCode::CREATED));
    let policies =
        told.iter().flat_map(|t| t.enrollment["policies"].as_array().unwrap()).map(|p| p["policyId"].to_string());
    assert!(tally(policies).values().all(|times| *times == 1));
    let files = pipeline.files();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| file.is_whole && file.records.len() == 200));
    for told in &told {
        assert_eq!(pipeline.at_issuer("12345", told).await.len() + pipeline.at_issuer("54321", told).await.len(), 2);
    }
}

#[tokio::test]
async fn stopping_ends_every_server() {
    let pipeline = Pipeline::with("timeout_after_accept=1").await;
    let (application, cookie) = pipeline.apply(&family("wait-1")).await;
    let request = pipeline.choose(&application, &cookie, &[MEDICAL]);
    let waiting = tokio::spawn(request.send());
    while pipeline.running.truth().is_empty() {
        tokio::task::yield_now().await;
    }
    let url = pipeline.url("/api/enrollments?email=x");
    pipeline.running.stop().await;
    assert!(waiting.await.is_ok());
    assert!(pipeline.client.get(url).send().await.is_err());
}

#[tokio::test]
async fn a_change_of_address_reaches_the_issuer_once_however_often_it_is_told() {
    let pipeline = Pipeline::with("").await;
    let household = family("move-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    for changed in [1, 0] {
        let (status, answer) = pipeline.move_to("14 Elm Street", &household, &told).await;
        assert_eq!((status, &answer["changed"]), (StatusCode::OK, &json!(changed)));
        pipeline.deliver(1).await;
    }
    let sent = pipeline.sent(&told);
    assert_eq!(
        sent.iter().map(|record| record.kind).collect::<Vec<_>>(),
        [RecordKind::InitialEnrollment, RecordKind::Maintenance]
    );
    let streets = sent[1].members.iter().map(|member| member.text(Field::Street1));
    assert_eq!(streets.collect::<Vec<_>>(), [Some("14 Elm Street"); 4]);
    for member in pipeline.at_issuer("12345", &told).await[0]["members"].as_array().unwrap() {
        assert_eq!(member["address"]["line1"], "14 Elm Street");
    }
}

#[tokio::test]
async fn a_change_is_refused_of_whom_nobody_holds_and_of_another_subscriber() {
    let pipeline = Pipeline::with("").await;
    let household = family("move-1");
    let mut told = pipeline.enroll(&household, &[MEDICAL]).await;
    let mut fewer = household.clone();
    fewer["people"].as_array_mut().unwrap().remove(0);
    let (status, answer) = pipeline.move_to("14 Elm Street", &fewer, &told).await;
    assert_eq!(
        (status, answer["error"]["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("other_subscriber"))
    );
    let (application, _) = pipeline.apply(&family("idle-1")).await;
    told.application = application;
    let (status, answer) = pipeline.move_to("14 Elm Street", &household, &told).await;
    assert_eq!((status, answer["error"]["code"].as_str()), (StatusCode::CONFLICT, Some("not_enrolled")));
    told.application["applicationId"] = json!("999");
    assert_eq!(pipeline.move_to("14 Elm Street", &household, &told).await.0, StatusCode::NOT_FOUND);
}
