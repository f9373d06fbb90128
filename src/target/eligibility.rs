//! A payer asked whether people are covered: X12 270 over CAQH CORE connectivity.

use super::flow::Auth;
use super::waypoint::Poll;
use crate::model::{Field, FieldSet, IssuerId, PlanId};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::Duration;

/// An eligibility service asked for each member.
#[derive(Debug, Clone)]
pub struct Eligibility {
    /// Where each issuer's payer is asked; under `None` the one service that answers for all (a clearing house).
    pub endpoints: BTreeMap<Option<IssuerId>, Payer>,
    /// Who asks.
    pub provider: Named,
    /// By what members are asked for.
    pub ask_by: AskBy,
    /// How dependents are asked for.
    pub dependents: Dependents,
    /// For which day.
    pub date: AskedDate,
    /// Whether coverage is due only once it is paid for: before, this payer may rightly answer that it is inactive or not
    /// found.
    pub due_when_paid: bool,
    /// Plans by the names that the payer gives them (EB05).
    pub plan_names: BTreeMap<String, PlanId>,
    /// TRN03, ten characters.
    pub trace_company: String,
    /// Time between looks.
    pub poll: Poll,
    /// One question may take this long.
    pub within: Duration,
}

impl Eligibility {
    /// The fields that some answer can show; what payers leave out of theirs is not compared.
    pub fn shows(&self) -> FieldSet {
        let mut shows: FieldSet = SHOWN.iter().copied().collect();
        if self.endpoints.keys().any(Option::is_some) {
            shows.insert(Field::Issuer);
        }
        shows
    }
}

/// What a 271 has a place for. The exchange's own ids, money and how people are reached are not among it.
const SHOWN: &[Field] = &[
    Field::PlanId,
    Field::CsrVariant,
    Field::CoverageLine,
    Field::IssuerPolicyId,
    Field::PolicyStatus,
    Field::BenefitBegin,
    Field::BenefitEnd,
    Field::MemberEnrolled,
    Field::NameLast,
    Field::NameFirst,
    Field::NameMiddle,
    Field::NameSuffix,
    Field::BirthDate,
    Field::Sex,
    Field::Ssn,
    Field::Relationship,
    Field::IssuerMemberId,
    Field::Street1,
    Field::Street2,
    Field::City,
    Field::State,
    Field::Zip,
];

/// One payer's service.
#[derive(Debug, Clone)]
pub struct Payer {
    /// Address of the real-time service.
    pub url: String,
    /// Credentials of HTTP itself, beside the envelope's.
    pub auth: Option<Auth>,
    /// User name and password in the envelope.
    pub login: Option<Login>,
    /// Which envelope.
    pub envelope: EnvelopeKind,
    /// NM1*PR.
    pub payer: Named,
    /// `SenderID` of the envelope, ISA06 and GS02.
    pub sender_id: String,
    /// `ReceiverID` of the envelope, ISA08 and GS03.
    pub receiver_id: String,
}

/// User name and password.
#[derive(Debug, Clone)]
pub struct Login {
    /// User name.
    pub user: String,
    /// Password.
    pub password: SecretString,
}

/// A party by name and id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Name.
    pub name: String,
    /// The payer's id, or the provider's NPI.
    pub id: String,
}

/// Which of CAQH CORE's envelopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvelopeKind {
    /// SOAP 1.2 with a WS-Security user name.
    Soap,
    /// MIME multipart/form-data.
    Mime,
}

/// By what members are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskBy {
    /// The issuer's own member id where it was captured, or an earlier waypoint showed it; else name and birth date.
    MemberId,
    /// Name and birth date.
    Name,
}

/// How dependents are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependents {
    /// At the subscriber's level, as whoever has a member id of their own is.
    AsThemselves,
    /// At the dependent's level (HL03 23), below the subscriber; those whose own member id is known as themselves.
    UnderSubscriber,
}

/// For which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedDate {
    /// The first day of coverage.
    Begin,
    /// The day of the look, UTC.
    Today,
}
