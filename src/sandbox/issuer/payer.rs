//! An issuer's eligibility service: 270 in, 271 out, over CAQH CORE connectivity.

use super::books::{Books, Issuer};
use super::person::Who;
use crate::model::{Fact, Facts, Field, GroupRecord, IssuerId, Value};
use crate::sandbox::world::World;
use crate::wire::core_envelope::{Message, Packed, Request, Response, pack_response, unpack_request};
use crate::wire::eligibility::{Asked, Given, GivenBenefit, GivenPerson, Header, Party, inquiries, write_answers};
use crate::wire::x12::Usage;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use secrecy::ExposeSecret;
use std::sync::Arc;

/// `POST /core`: a real-time question in either envelope, answered in the same one. The password is the issuer's token.
pub(super) async fn answer(
    State((world, issuer)): State<(Arc<World>, IssuerId)>,
    headers: HeaderMap,
    body: Bytes,
) -> axum::response::Response {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(issuer) = world.issuers.get(&issuer) else { return StatusCode::NOT_FOUND.into_response() };
    match unpack_request(content_type, &body) {
        Ok((packaging, request)) => sent(pack_response(packaging, &respond(&world, issuer, request))),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

fn sent(packed: Packed) -> axum::response::Response {
    let mut response = packed.bytes.into_response();
    if let Ok(kind) = HeaderValue::from_str(&packed.content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

fn respond(world: &World, issuer: &Issuer, request: Request) -> Response {
    let asked = request.message;
    let message = Message {
        payload_type: "X12_271_Response_005010X279A1".to_owned(),
        time_stamp: world.clock.now().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        sender_id: asked.receiver_id,
        receiver_id: asked.sender_id,
        payload: Vec::new(),
        ..asked
    };
    let known = request.credentials.is_some_and(|c| c.password.expose_secret() == issuer.config.token);
    if !known {
        return Response::failed(message, "UnAuthorized", "user name or password is wrong");
    }
    match inquiries(&asked.payload[..]) {
        Ok(questions) => match interchange(world, issuer, &questions) {
            Ok(payload) => Response::sound(Message { payload, ..message }),
            Err(words) => Response::failed(message, "Receiver", &words),
        },
        Err(broken) => Response::failed(message, "PayloadTypeIllegal", &broken.to_string()),
    }
}

fn interchange(world: &World, issuer: &Issuer, questions: &[Asked]) -> Result<Vec<u8>, String> {
    let first = questions.first().ok_or("the 270 asks for nobody")?;
    let header = Header {
        sender: first.receiver.clone(),
        receiver: first.sender.clone(),
        control_number: world.numbers.control(),
        at: world.clock.now().naive_utc(),
        usage: Usage::Test,
    };
    let payer = Party { name: issuer.config.name.clone(), id: issuer.config.id.to_string() };
    let mut books = issuer.books();
    let given: Vec<Given<'_>> =
        questions.iter().map(|asked| Given { asked, found: found(world, &mut books, asked) }).collect();
    write_answers(&header, &payer, &given).map_err(|error| error.to_string())
}

/// Who was asked for, or the reject reason and follow-up of why nobody is shown.
fn found(world: &World, books: &mut Books, asked: &Asked) -> Result<GivenPerson, (&'static str, &'static str)> {
    let who = Who::of(asked);
    let shown = books.insured(&who, world.clock.now());
    if shown.is_busy {
        return Err(("42", "R"));
    }
    let Some((_, member)) = shown.policies.first() else {
        return Err((if who.member_id.is_some() { "72" } else { "75" }, "C"));
    };
    if let Some(code) = who.contradicts(member) {
        return Err((code, "C"));
    }
    let mut benefits = Vec::new();
    for service in &asked.services {
        let of_service = shown.policies.iter().filter(|(record, _)| service_of(record) == service);
        let before = benefits.len();
        benefits.extend(of_service.map(|(record, _)| benefit(record, service, asked.date(), &shown.contradicted)));
        if benefits.len() == before {
            benefits.push(GivenBenefit { code: "6".to_owned(), service: service.clone(), ..GivenBenefit::default() });
        }
    }
    Ok(GivenPerson { benefits, ..person(member) })
}

fn service_of(record: &GroupRecord) -> &'static str {
    if record.facts.text(Field::CoverageLine) == Some("dental") { "35" } else { "30" }
}

/// Coverage that is not paid for yet is under investigation; cancelled, ended, not begun, it is inactive.
fn benefit(record: &GroupRecord, service: &str, asked: Option<NaiveDate>, contradicted: &[String]) -> GivenBenefit {
    let facts = &record.facts;
    let text = |field| facts.text(field).unwrap_or_default();
    let (begin, end) = (date(facts, Field::BenefitBegin), date(facts, Field::BenefitEnd));
    let outside = asked.is_some_and(|day| begin.is_some_and(|begin| day < begin) || end.is_some_and(|end| day > end));
    let denied = contradicted.iter().any(|policy| policy == text(Field::PolicyId));
    let code = match text(Field::PolicyStatus) {
        _ if outside || denied => "6",
        "cancelled" | "terminated" => "6",
        "effectuated" => "1",
        _ => "5",
    };
    GivenBenefit {
        code: code.to_owned(),
        service: service.to_owned(),
        plan: format!("PLAN {}", text(Field::PlanId)),
        plan_number: format!("{}{}", text(Field::PlanId), text(Field::CsrVariant)),
        policy: text(Field::IssuerPolicyId).to_owned(),
        begin,
        end,
    }
}

fn person(member: &Facts) -> GivenPerson {
    let text = |field| member.text(field).unwrap_or_default().to_owned();
    let [last, first, middle, suffix] =
        [Field::NameLast, Field::NameFirst, Field::NameMiddle, Field::NameSuffix].map(text);
    GivenPerson {
        name: [last, first, middle, suffix],
        member_id: text(Field::IssuerMemberId),
        address: [Field::Street1, Field::Street2, Field::City, Field::State, Field::Zip].map(text),
        birth_date: date(member, Field::BirthDate),
        sex: match member.text(Field::Sex) {
            Some("male") => "M",
            Some("female") => "F",
            _ => "U",
        }
        .to_owned(),
        benefits: Vec::new(),
    }
}

fn date(facts: &Facts, field: Field) -> Option<NaiveDate> {
    match facts.get(field) {
        Fact::Value(Value::Date(day)) => Some(*day),
        _ => None,
    }
}
