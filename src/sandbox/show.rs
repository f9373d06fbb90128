//! A policy as JSON: the exchange and the issuers answer look-ups in one shape.

use crate::model::{Facts, Field, GroupRecord};
use serde_json::{Value, json};

/// A record as the API shows it; what it does not hold is `null`.
pub(super) fn household(record: &GroupRecord) -> Value {
    let facts = &record.facts;
    let show = |field| text(facts, field);
    json!({
        "policyId": show(Field::PolicyId),
        "subscriberId": show(Field::SubscriberId),
        "applicationId": show(Field::ApplicationId),
        "issuerPolicyId": show(Field::IssuerPolicyId),
        "issuerSubscriberId": show(Field::IssuerSubscriberId),
        "issuer": show(Field::Issuer),
        "line": show(Field::CoverageLine),
        "planId": plan(facts),
        "status": status(facts),
        "coverage": {"begin": show(Field::BenefitBegin), "end": show(Field::BenefitEnd)},
        "premium": show(Field::PremiumTotal),
        "subsidy": {"aptc": show(Field::Aptc)},
        "totalResponsibility": show(Field::TotalResponsibility),
        "ratingArea": show(Field::RatingArea),
        "members": record.members.iter().map(member).collect::<Vec<_>>(),
    })
}

/// One answer to a look-up.
pub(super) fn households<'a>(records: impl Iterator<Item = &'a GroupRecord>) -> Value {
    json!({"households": records.map(household).collect::<Vec<_>>()})
}

fn member(facts: &Facts) -> Value {
    let show = |field| text(facts, field);
    json!({
        "id": show(Field::MemberId),
        "issuerMemberId": show(Field::IssuerMemberId),
        "name": {
            "last": show(Field::NameLast),
            "first": show(Field::NameFirst),
            "middle": show(Field::NameMiddle),
            "suffix": show(Field::NameSuffix),
        },
        "dob": show(Field::BirthDate),
        "sex": facts.text(Field::Sex).map(|sex| match sex { "male" => "M", "female" => "F", other => other }),
        "relationship": show(Field::Relationship),
        "subscriber": facts.text(Field::Subscriber).map(|word| word == "yes"),
        "ssn": show(Field::Ssn),
        "tobacco": show(Field::Tobacco),
        "maritalStatus": show(Field::MaritalStatus),
        "language": show(Field::Language),
        "phone": show(Field::Phone),
        "email": show(Field::Email),
        "premium": show(Field::Premium),
        "address": {
            "line1": show(Field::Street1),
            "line2": show(Field::Street2),
            "city": show(Field::City),
            "state": show(Field::State),
            "zip": show(Field::Zip),
            "county": show(Field::County),
        },
        "mailing": {
            "line1": show(Field::MailStreet1),
            "line2": show(Field::MailStreet2),
            "city": show(Field::MailCity),
            "state": show(Field::MailState),
            "zip": show(Field::MailZip),
        },
    })
}

fn text(facts: &Facts, field: Field) -> Option<String> {
    facts.value(field).map(ToString::to_string)
}

fn plan(facts: &Facts) -> Option<String> {
    let component = facts.text(Field::PlanId)?;
    Some(format!("{component}{}", facts.text(Field::CsrVariant).unwrap_or_default()))
}

fn status(facts: &Facts) -> Option<&str> {
    facts.text(Field::PolicyStatus).map(|status| match status {
        "cancelled" => "CANCELLED",
        "terminated" => "TERMINATED",
        "effectuated" => "ACTIVE",
        _ => "PENDING",
    })
}
