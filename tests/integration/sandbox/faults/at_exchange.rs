//! Faults of the exchange's own answer.

use super::super::pipeline::{MEDICAL, Pipeline, family, read};
use super::plant;
use johndoe::model::RecordKind;
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn reject_refuses_and_nothing_exists() {
    let seen = plant("reject", 1).await;
    assert_eq!((seen.sick.status, seen.hop().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "exchange"));
    assert_eq!(seen.sick.enrollment["error"]["code"], "not_eligible");
    assert!(seen.sent().is_empty() && seen.at_exchange().await.is_empty() && seen.at_issuer().await.is_empty());
    assert_eq!(seen.pipeline.running.counters()["sick-1"].enrollments, 0);
}

#[tokio::test]
async fn ghost_refuses_and_enrolls_downstream_all_the_same() {
    let seen = plant("ghost", 1).await;
    assert_eq!((seen.sick.status, seen.hop().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "edi_834"));
    assert!(seen.at_exchange().await.is_empty());
    assert_eq!((seen.sent().len(), seen.at_issuer().await.len()), (1, 1));
}

#[tokio::test]
async fn lose_at_exchange_answers_created_and_forgets() {
    let seen = plant("lose_at_exchange", 1).await;
    assert_eq!((seen.sick.status, seen.hop().as_str()), (StatusCode::CREATED, "exchange"));
    assert!(seen.sent().is_empty() && seen.at_exchange().await.is_empty() && seen.at_issuer().await.is_empty());
    assert_eq!(seen.pipeline.cancel(&seen.sick).await["policies"], serde_json::json!([]));
}

#[tokio::test]
async fn error_after_accept_answers_502_and_the_key_finds_the_enrollment() {
    let pipeline = Pipeline::with("error_after_accept=1").await;
    let (application, cookie) = pipeline.apply(&family("err-1")).await;
    let choose = || pipeline.choose(&application, &cookie, &[MEDICAL]).header("idempotency-key", "k").send();
    assert_eq!(choose().await.unwrap().status(), StatusCode::BAD_GATEWAY);
    let (status, enrollment) = read(choose().await.unwrap()).await;
    assert_eq!((status, enrollment["status"].as_str()), (StatusCode::CREATED, Some("enrolled")));
    pipeline.deliver(1).await;
    assert_eq!(pipeline.files().iter().map(|file| file.records.len()).sum::<usize>(), 1);
    assert_eq!(pipeline.running.counters()["err-1"].enrollments, 1);
}

#[tokio::test]
async fn timeout_after_accept_enrolls_and_never_answers() {
    let pipeline = Pipeline::with("timeout_after_accept=1").await;
    let (application, cookie) = pipeline.apply(&family("mute-1")).await;
    let waiting = tokio::spawn(pipeline.choose(&application, &cookie, &[MEDICAL]).send());
    while pipeline.running.truth().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!waiting.is_finished());
    waiting.abort();
    pipeline.deliver(1).await;
    assert_eq!(pipeline.files().len(), 1);
    assert_eq!(pipeline.planted()[0].0, "timeout_after_accept");
}

#[tokio::test]
async fn rate_limit_puts_off_as_often_as_told_and_then_enrolls_once() {
    let pipeline = Pipeline::with("rate_limit@times=2=1").await;
    let (application, cookie) = pipeline.apply(&family("busy-1")).await;
    for _ in 0..2 {
        let answer = pipeline.choose(&application, &cookie, &[MEDICAL]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers()["retry-after"], "1");
    }
    let answer = pipeline.choose(&application, &cookie, &[MEDICAL]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(pipeline.planted().len(), 1);
    assert_eq!(pipeline.running.counters()["busy-1"].enrollments, 1);
}

#[tokio::test]
async fn slow_answers_well_and_late() {
    let pipeline = Pipeline::with("slow@for=40ms=1").await;
    let (application, cookie) = pipeline.apply(&family("slow-1")).await;
    let begun = std::time::Instant::now();
    let answer = pipeline.choose(&application, &cookie, &[MEDICAL]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert!(begun.elapsed() >= Duration::from_millis(40), "a slow answer never comes early");
    assert_eq!(pipeline.running.truth()[0].detail, "answered after 40ms");
}

#[tokio::test]
async fn cancel_lost_accepts_the_cancellation_and_never_sends_it() {
    let pipeline = Pipeline::with("cancel_lost=1").await;
    let told = pipeline.enroll(&family("stay-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    assert!(pipeline.planted().is_empty());
    assert_eq!(pipeline.cancel(&told).await["policies"][0]["status"], "cancelled");
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    assert_eq!(pipeline.sent(&told).len(), 1);
    assert_eq!(pipeline.at_exchange(&told).await[0]["status"], "CANCELLED");
    assert_eq!(pipeline.at_issuer("12345", &told).await[0]["status"], "PENDING");
}

#[tokio::test]
async fn change_lost_accepts_the_change_and_never_sends_it() {
    let pipeline = Pipeline::with("change_lost=1").await;
    let told = pipeline.enroll(&family("move-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let (status, answer) = pipeline.move_to("14 Elm Street", &family("move-1"), &told).await;
    assert_eq!((status, answer["status"].as_str()), (StatusCode::OK, Some("changed")));
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    assert_eq!(pipeline.sent(&told).len(), 1);
    let street = |held: &[serde_json::Value]| held[0]["members"][0]["address"]["line1"].clone();
    assert_eq!(street(&pipeline.at_exchange(&told).await), "14 Elm Street");
    assert_eq!(street(&pipeline.at_issuer("12345", &told).await), "12 Elm Street");
}

#[tokio::test]
async fn change_misapplied_tells_the_correction_of_another_member() {
    let pipeline = Pipeline::with("change_misapplied=1").await;
    let household = family("fix-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let (status, answer) = pipeline.called("Quillfeather", &household, &told).await;
    assert_eq!((status, answer["status"].as_str()), (StatusCode::OK, Some("changed")));
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    let last = |held: &[serde_json::Value], at: usize| held[0]["members"][at]["name"]["last"].clone();
    let (exchange, issuer) = (pipeline.at_exchange(&told).await, pipeline.at_issuer("12345", &told).await);
    assert_eq!((last(&exchange, 0), last(&exchange, 1) == "Quillfeather"), ("Quillfeather".into(), false));
    assert_eq!((last(&issuer, 0) == "Quillfeather", last(&issuer, 1)), (false, "Quillfeather".into()));
}

#[tokio::test]
async fn change_keeps_amounts_tells_what_another_income_gives_as_before() {
    let pipeline = Pipeline::with("change_keeps_amounts=1").await;
    let household = family("year-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let mut poorer = household.clone();
    poorer["income_cents"] = json!(3_000_000);
    let (status, answer) = pipeline.change_to(&poorer, &told).await;
    assert_eq!((status, &answer["changed"]), (StatusCode::OK, &json!(1)));
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    let aptc = |held: &[serde_json::Value]| held[0]["subsidy"]["aptc"].clone();
    let (exchange, issuer) = (pipeline.at_exchange(&told).await, pipeline.at_issuer("12345", &told).await);
    assert_eq!(aptc(&exchange), answer["policies"][0]["aptc"]);
    assert_ne!(aptc(&exchange), aptc(&issuer));
}

#[tokio::test]
async fn joins_as_spouse_makes_a_child_who_is_born_the_spouse() {
    let pipeline = Pipeline::with("joins_as_spouse=1").await;
    let household = family("year-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let mut larger = household.clone();
    let mut child = household["people"][3].clone();
    child["name"]["first"] = json!("Orla");
    child["birth_date"] = json!("2013-11-05");
    larger["people"].as_array_mut().unwrap().push(child);
    let (status, answer) = pipeline.change_to(&larger, &told).await;
    assert_eq!((status, answer["policies"][0]["members"].as_array().unwrap().len()), (StatusCode::OK, 5));
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    let relationship = |held: &[serde_json::Value]| held[0]["members"][4]["relationship"].clone();
    let (exchange, issuer) = (pipeline.at_exchange(&told).await, pipeline.at_issuer("12345", &told).await);
    assert_eq!((relationship(&exchange), relationship(&issuer)), ("child".into(), "spouse".into()));
}

#[tokio::test]
async fn leaving_untold_leaves_at_the_issuer_who_left_at_the_exchange() {
    let pipeline = Pipeline::with("leaving_untold=1").await;
    let household = family("year-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let mut smaller = household.clone();
    smaller["people"][3]["applying"] = json!(false);
    let (status, answer) = pipeline.change_to(&smaller, &told).await;
    assert_eq!((status, answer["policies"][0]["members"].as_array().unwrap().len()), (StatusCode::OK, 3));
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    let members = |held: &[serde_json::Value]| held[0]["members"].as_array().unwrap().len();
    let (exchange, issuer) = (pipeline.at_exchange(&told).await, pipeline.at_issuer("12345", &told).await);
    assert_eq!((members(&exchange), members(&issuer)), (3, 4));
}

#[tokio::test]
async fn area_kept_leaves_at_the_issuer_the_county_and_the_rating_area_of_before() {
    let pipeline = Pipeline::with("area_kept=1").await;
    let household = family("year-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let before = pipeline.at_issuer("12345", &told).await;
    let mut moved = household.clone();
    (moved["address"]["county"], moved["rating_area"]) = (json!("25017"), json!("R-MA009"));
    let (status, answer) = pipeline.change_to(&moved, &told).await;
    assert_eq!((status, &answer["policies"][0]["ratingArea"]), (StatusCode::OK, &json!("R-MA009")));
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    let place = |held: &[serde_json::Value]| {
        (held[0]["members"][0]["address"]["county"].clone(), held[0]["ratingArea"].clone())
    };
    assert_eq!(place(&pipeline.at_exchange(&told).await), ("25017".into(), "R-MA009".into()));
    assert_eq!(place(&pipeline.at_issuer("12345", &told).await), place(&before));
}

#[tokio::test]
async fn mail_as_home_has_at_the_issuer_whose_mail_goes_elsewhere_live_there() {
    let pipeline = Pipeline::with("mail_as_home=1").await;
    let household = family("year-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let mut moved = household.clone();
    moved["mailing"] = moved["address"].clone();
    moved["mailing"]["street_1"] = json!("PO Box 990021");
    let (status, answer) = pipeline.change_to(&moved, &told).await;
    assert_eq!((status, &answer["changed"]), (StatusCode::OK, &json!(1)));
    pipeline.deliver(2).await;
    assert_eq!(pipeline.planted()[0].1, "edi_834");
    let lines = |held: &[serde_json::Value]| {
        let member = &held[0]["members"][0];
        (member["address"]["line1"] == "PO Box 990021", member["mailing"]["line1"] == "PO Box 990021")
    };
    assert_eq!(lines(&pipeline.at_exchange(&told).await), (false, true));
    assert_eq!(lines(&pipeline.at_issuer("12345", &told).await), (true, false));
}

#[tokio::test]
async fn a_policy_that_takes_the_place_of_another_is_lost_or_told_as_the_one_before() {
    // what the issuer of the new plan holds: nothing, or the plan of before; that of the old one holds it cancelled
    for (fault, held) in [("new_policy_lost=1", 0), ("new_policy_stale=1", 0), ("", 1)] {
        let pipeline = Pipeline::with(fault).await;
        let household = family("plan-1");
        let told = pipeline.enroll(&household, &[MEDICAL]).await;
        pipeline.deliver(1).await;
        let (status, answer) = pipeline.replace_with(&household, &told, "54321MA0020001").await;
        assert_eq!(
            (status, answer["policies"][0]["planId"].as_str().unwrap()[..14].to_owned()),
            (StatusCode::OK, "54321MA0020001".to_owned())
        );
        pipeline.deliver(2).await;
        assert_eq!(pipeline.planted().len(), usize::from(!fault.is_empty()), "{fault}");
        let (old, new) = (pipeline.at_issuer("12345", &told).await, pipeline.at_issuer("54321", &told).await);
        assert_eq!(new.len(), held, "{fault}");
        assert_eq!(old[0]["status"], "CANCELLED", "{fault}");
        // told as the one before, it goes where that went
        assert_eq!(old.len(), if fault == "new_policy_stale=1" { 2 } else { 1 }, "{fault}");
    }
}

#[tokio::test]
async fn a_renewal_begins_a_policy_beside_the_one_of_this_year_once_and_is_lost_or_ends_it_where_that_is_planted() {
    // what the issuer holds: begins of the policies in force, and of those that were cancelled
    let (this, next) = ("2014-01-01", "2015-01-01");
    for (fault, stand, ended) in [
        ("renewal_untold=1", vec![this], vec![]),
        ("renewal_ends_old=1", vec![next], vec![this]),
        ("", vec![this, next], vec![]),
    ] {
        let pipeline = Pipeline::with(fault).await;
        let household = family("year-1");
        let told = pipeline.enroll(&household, &[MEDICAL]).await;
        pipeline.deliver(1).await;
        let mut later = household.clone();
        (later["coverage_begin"], later["renewal"]) = (json!(next), json!("passive"));
        let (status, answer) = pipeline.renew_in(&later, &told, &[MEDICAL]).await;
        assert_eq!((status, &answer["policies"][0]["benefitBegin"]), (StatusCode::OK, &json!(next)), "{answer}");
        let (_, again) = pipeline.renew_in(&later, &told, &[MEDICAL]).await;
        assert_eq!(again, answer, "again is no error, and begins nothing");
        pipeline.deliver(2).await;
        assert_eq!(pipeline.planted().len(), usize::from(!fault.is_empty()), "{fault}");
        let begins = |held: &[serde_json::Value], is_out: bool| -> Vec<serde_json::Value> {
            let is_it = |policy: &&serde_json::Value| (policy["status"] == "CANCELLED") == is_out;
            held.iter().filter(is_it).map(|policy| policy["coverage"]["begin"].clone()).collect()
        };
        let (exchange, issuer) = (pipeline.at_exchange(&told).await, pipeline.at_issuer("12345", &told).await);
        assert_eq!(begins(&exchange, false), [this, next], "{fault}: the exchange holds both");
        assert_eq!((begins(&issuer, false), begins(&issuer, true)), (of(&stand), of(&ended)), "{fault}");
        if fault.is_empty() {
            let sent: Vec<_> = pipeline.sent(&told).into_iter().map(|record| record.kind).collect();
            assert_eq!(sent, [RecordKind::InitialEnrollment, RecordKind::AutomaticReenrollment]);
        }
    }
}

fn of(days: &[&str]) -> Vec<serde_json::Value> {
    days.iter().map(|day| json!(day)).collect()
}

#[tokio::test]
async fn a_renewal_is_of_the_same_people_and_of_a_later_year() {
    let pipeline = Pipeline::with("").await;
    let household = family("year-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    let (status, answer) = pipeline.renew_in(&household, &told, &[MEDICAL]).await;
    assert_eq!((status, &answer["policies"][0]["policyId"]), (StatusCode::OK, &json!(told.policy_id())));
    let mut earlier = household.clone();
    earlier["coverage_begin"] = json!("2013-12-01");
    assert_eq!(pipeline.renew_in(&earlier, &told, &[MEDICAL]).await.1["error"]["code"], "not_next_year");
    let mut smaller = household.clone();
    smaller["people"][3]["applying"] = json!(false);
    assert_eq!(pipeline.renew_in(&smaller, &told, &[MEDICAL]).await.1["error"]["code"], "other_people");
}

#[tokio::test]
async fn who_joins_leaves_and_marries_is_so_at_exchange_and_issuer() {
    let pipeline = Pipeline::with("").await;
    let household = family("year-1");
    let told = pipeline.enroll(&household, &[MEDICAL]).await;
    pipeline.deliver(1).await;
    let mut now = household.clone();
    let mut child = household["people"][3].clone();
    child["name"]["first"] = json!("Orla");
    child["birth_date"] = json!("2013-11-05");
    now["people"].as_array_mut().unwrap().push(child);
    now["people"][1]["applying"] = json!(false);
    let (_, answer) = pipeline.change_to(&now, &told).await;
    pipeline.deliver(2).await;
    let ids = |members: &serde_json::Value| {
        members.as_array().unwrap().iter().map(|member| member["id"].clone()).collect::<Vec<_>>()
    };
    let of_answer = ids(&answer["policies"][0]["members"]);
    for held in [pipeline.at_exchange(&told).await, pipeline.at_issuer("12345", &told).await] {
        let names = held[0]["members"].as_array().unwrap().iter().map(|member| member["name"]["first"].clone());
        assert_eq!(names.skip(1).collect::<Vec<_>>(), ["Maeve", "Declan", "Orla"]);
        assert_eq!(ids(&held[0]["members"]), of_answer);
        assert_eq!(held[0]["premium"], answer["policies"][0]["premium"]);
    }
}

#[tokio::test]
async fn begins_late_tells_a_day_a_month_later_and_means_it() {
    let seen = plant("begins_late", 1).await;
    assert_eq!((seen.sick.status, seen.hop().as_str()), (StatusCode::CREATED, "exchange"));
    assert_eq!(seen.sick.enrollment["policies"][0]["benefitBegin"], "2014-02-01");
    let begin = johndoe::model::Value::Date("2014-02-01".parse().unwrap());
    let sent = seen.sent();
    assert_eq!(sent[0].facts.value(johndoe::model::Field::BenefitBegin), Some(&begin));
    assert_eq!(seen.at_issuer().await[0]["coverage"]["begin"], "2014-02-01");
}
