//! Faults of the eligibility service: the 834 file and the issuer's records are right, what the 271 says is not.

use super::plant;
use johndoe::model::Sex;
use johndoe::wire::core_envelope::{Credentials, Message, Packaging, Request, pack_request, unpack_response};
use johndoe::wire::eligibility::{Answer, Header, Inquiry, Party, Patient, Question, Responses, ServiceType, meaning};
use johndoe::wire::x12::Usage;
use std::time::Duration;

impl super::Seen {
    /// What the issuer of the plan answers about the sick household's subscriber, asked for by the issuer's own id, on the
    /// first day of coverage.
    async fn insured(&self, packaging: Packaging, password: &str) -> Result<Answer, String> {
        let member = self.at_issuer().await[0]["members"][0].clone();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let inquiry = Inquiry {
            reference: "R1".to_owned(),
            trace: "T1".to_owned(),
            trace_company: "9JOHNDOE00".to_owned(),
            payer: Party::default(),
            provider: Party::default(),
            subscriber: Patient {
                member_id: Some(text(&member["issuerMemberId"])),
                last: text(&member["name"]["last"]),
                first: text(&member["name"]["first"]),
                birth_date: text(&member["dob"]).parse().ok(),
                sex: Some(Sex::Female),
                ..Patient::default()
            },
            dependent: None,
            date: "2014-01-01".parse().unwrap(),
            services: vec![ServiceType::HealthPlan],
        };
        let header = Header {
            sender: "JOHNDOE".to_owned(),
            receiver: "12345".to_owned(),
            control_number: 1,
            at: "2013-11-15T17:00:00".parse().unwrap(),
            usage: Usage::Test,
        };
        let text = str::to_owned;
        let message = Message {
            payload_type: text("X12_270_Request_005010X279A1"),
            processing_mode: text("RealTime"),
            rule_version: text("2.2.0"),
            payload: inquiry.write(&header).unwrap(),
            ..Message::default()
        };
        let credentials = Some(Credentials { user: text("me"), password: password.into() });
        let packed = pack_request(packaging, &Request { message, credentials });
        let address = self.pipeline.running.issuers[&johndoe::model::IssuerId::new("12345")];
        let request = self.pipeline.client.post(format!("http://{address}/core"));
        let sent = request.header("content-type", packed.content_type).body(packed.bytes).send().await.unwrap();
        let content_type = sent.headers()["content-type"].to_str().unwrap().to_owned();
        let response = unpack_response(&content_type, &sent.bytes().await.unwrap()).unwrap();
        match response.error() {
            Some(error) => Err(error),
            None => {
                Ok(meaning(Responses::new(&response.message.payload[..]).collect().unwrap(), Question { trace: "T1" }))
            }
        }
    }
}

#[tokio::test]
async fn eligibility_contradicts_says_inactive_of_what_the_records_hold() {
    let seen = plant("eligibility_contradicts", 1).await;
    assert_eq!((seen.hop().as_str(), seen.sent().len(), seen.at_issuer().await.len()), ("eligibility", 1, 1));
    for packaging in [Packaging::Soap, Packaging::Mime] {
        let sick = seen.insured(packaging, "acme").await;
        assert!(matches!(sick, Ok(Answer::Inactive(_))), "{sick:?}");
        let refused = seen.insured(packaging, "wrong").await;
        assert!(refused.unwrap_err().starts_with("UnAuthorized"));
    }
}

#[tokio::test]
async fn payer_busy_is_an_answer_that_says_nothing_for_its_time() {
    let seen = plant("payer_busy@for=5s", 1).await;
    assert_eq!((seen.hop().as_str(), seen.at_issuer().await.len()), ("eligibility", 1));
    let busy = seen.insured(Packaging::Soap, "acme").await;
    assert!(matches!(&busy, Ok(Answer::CouldNotLook { reason, .. }) if reason.starts_with("AAA 42")), "{busy:?}");
    seen.pipeline.clock.advance(Duration::from_secs(5));
    let sick = seen.insured(Packaging::Soap, "acme").await;
    assert!(matches!(sick, Ok(Answer::Active(_))), "{sick:?}");
}
