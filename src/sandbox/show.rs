//! A policy as JSON: the exchange and the issuers answer look-ups in one shape.

use crate::model::{Facts, Field, GroupRecord, Value};
use serde::{Serialize, Serializer};

/// One answer to a look-up. It borrows the records: a surge of look-ups is written out without a copy of any.
#[derive(Debug, Serialize)]
pub(super) struct Households<'a> {
    households: Vec<Household<'a>>,
}

impl<'a> Households<'a> {
    /// The answer that shows these records.
    pub(super) fn of(records: impl Iterator<Item = &'a GroupRecord>) -> Self {
        Self { households: records.map(Household::of).collect() }
    }
}

/// A value as it is written; what a record does not hold is `null`.
#[derive(Debug)]
struct Shown<'a>(Option<&'a Value>);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }
}

/// A record as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Household<'a> {
    policy_id: Shown<'a>,
    subscriber_id: Shown<'a>,
    application_id: Shown<'a>,
    issuer_policy_id: Shown<'a>,
    issuer_subscriber_id: Shown<'a>,
    issuer: Shown<'a>,
    line: Shown<'a>,
    plan_id: Option<String>,
    status: Option<&'a str>,
    coverage: Coverage<'a>,
    premium: Shown<'a>,
    subsidy: Subsidy<'a>,
    total_responsibility: Shown<'a>,
    rating_area: Shown<'a>,
    agent_npn: Shown<'a>,
    members: Vec<Member<'a>>,
}

#[derive(Debug, Serialize)]
struct Coverage<'a> {
    begin: Shown<'a>,
    end: Shown<'a>,
}

#[derive(Debug, Serialize)]
struct Subsidy<'a> {
    aptc: Shown<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Member<'a> {
    id: Shown<'a>,
    issuer_member_id: Shown<'a>,
    name: Name<'a>,
    dob: Shown<'a>,
    sex: Option<&'a str>,
    relationship: Shown<'a>,
    subscriber: Option<bool>,
    ssn: Shown<'a>,
    tobacco: Shown<'a>,
    marital_status: Shown<'a>,
    language: Shown<'a>,
    phone: Shown<'a>,
    email: Shown<'a>,
    premium: Shown<'a>,
    address: Address<'a>,
    mailing: Address<'a>,
}

#[derive(Debug, Serialize)]
struct Name<'a> {
    last: Shown<'a>,
    first: Shown<'a>,
    middle: Shown<'a>,
    suffix: Shown<'a>,
}

#[derive(Debug, Serialize)]
struct Address<'a> {
    line1: Shown<'a>,
    line2: Shown<'a>,
    city: Shown<'a>,
    state: Shown<'a>,
    zip: Shown<'a>,
    /// Of a residence only.
    #[serde(skip_serializing_if = "Option::is_none")]
    county: Option<Shown<'a>>,
}

impl<'a> Household<'a> {
    fn of(record: &'a GroupRecord) -> Self {
        let facts = &record.facts;
        let show = |field| Shown(facts.value(field));
        Self {
            policy_id: show(Field::PolicyId),
            subscriber_id: show(Field::SubscriberId),
            application_id: show(Field::ApplicationId),
            issuer_policy_id: show(Field::IssuerPolicyId),
            issuer_subscriber_id: show(Field::IssuerSubscriberId),
            issuer: show(Field::Issuer),
            line: show(Field::CoverageLine),
            plan_id: plan(facts),
            status: status(facts),
            coverage: Coverage { begin: show(Field::BenefitBegin), end: show(Field::BenefitEnd) },
            premium: show(Field::PremiumTotal),
            subsidy: Subsidy { aptc: show(Field::Aptc) },
            total_responsibility: show(Field::TotalResponsibility),
            rating_area: show(Field::RatingArea),
            agent_npn: show(Field::AgentNpn),
            members: record.members.iter().map(Member::of).collect(),
        }
    }
}

impl<'a> Member<'a> {
    fn of(facts: &'a Facts) -> Self {
        let show = |field| Shown(facts.value(field));
        Self {
            id: show(Field::MemberId),
            issuer_member_id: show(Field::IssuerMemberId),
            name: Name {
                last: show(Field::NameLast),
                first: show(Field::NameFirst),
                middle: show(Field::NameMiddle),
                suffix: show(Field::NameSuffix),
            },
            dob: show(Field::BirthDate),
            sex: facts.text(Field::Sex).map(sex),
            relationship: show(Field::Relationship),
            subscriber: facts.text(Field::Subscriber).map(|word| word == "yes"),
            ssn: show(Field::Ssn),
            tobacco: show(Field::Tobacco),
            marital_status: show(Field::MaritalStatus),
            language: show(Field::Language),
            phone: show(Field::Phone),
            email: show(Field::Email),
            premium: show(Field::Premium),
            address: Address {
                line1: show(Field::Street1),
                line2: show(Field::Street2),
                city: show(Field::City),
                state: show(Field::State),
                zip: show(Field::Zip),
                county: Some(show(Field::County)),
            },
            mailing: Address {
                line1: show(Field::MailStreet1),
                line2: show(Field::MailStreet2),
                city: show(Field::MailCity),
                state: show(Field::MailState),
                zip: show(Field::MailZip),
                county: None,
            },
        }
    }
}

fn sex(word: &str) -> &str {
    match word {
        "male" => "M",
        "female" => "F",
        other => other,
    }
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
