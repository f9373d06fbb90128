//! The enrollment record that an application becomes, one for each policy.

use super::application::{Applicant, Application, Home};
use crate::model::{
    Cents, CoverageLine, Facts, Field, GroupRecord, IssuerId, MemberChange, Place, PlanId, RecordKind, Relationship,
    Value,
};
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

/// Tobacco use is told of members over 18 only (CMS companion guide v7.2 pp. 15, 41).
const TOBACCO_TOLD_OVER: i32 = 18;

/// What the exchange settled for one policy.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub(super) id: String,
    pub(super) line: CoverageLine,
    pub(super) issuer: IssuerId,
    /// 14 characters.
    pub(super) plan_id: PlanId,
    pub(super) variant: &'static str,
    pub(super) premiums: Vec<Cents>,
    pub(super) aptc: Cents,
}

/// Ids that the exchange gave when the application came.
#[derive(Debug, Clone)]
pub(super) struct GivenIds {
    pub(super) application: String,
    /// Of the members, the subscriber first.
    pub(super) members: Vec<String>,
}

impl Policy {
    /// Premium of the whole group a month.
    pub(super) fn premium_total(&self) -> Cents {
        self.premiums.iter().copied().sum()
    }

    /// What the subscriber owes a month (CMS companion guide v7.2 p. 21).
    pub(super) fn total_responsibility(&self) -> Cents {
        self.premium_total() - self.aptc
    }
}

/// The record of a policy, as an initial enrollment.
pub(super) fn of_policy(application: &Application, ids: &GivenIds, policy: &Policy, now: DateTime<Utc>) -> GroupRecord {
    let members = application.members().enumerate().map(|(i, applicant)| {
        let mut facts = person(application, applicant, i == 0);
        facts.set_or_absent(Field::MemberId, ids.members.get(i).map(String::as_str));
        facts.set_or_absent(Field::Premium, policy.premiums.get(i).copied());
        facts
    });
    GroupRecord {
        kind: RecordKind::InitialEnrollment,
        event_at: Some(now),
        facts: group(application, ids, policy),
        members: members.collect(),
        place: Place::default(),
    }
}

/// Where each member lives, gets mail and is reached now, under the id that the exchange gave them.
pub(super) fn whereabouts(application: &Application, ids: &GivenIds) -> Vec<Facts> {
    let member = |(i, applicant): (usize, &Applicant)| {
        let mut facts = Facts::new();
        facts.set_or_absent(Field::MemberId, ids.members.get(i).map(String::as_str));
        facts.set_or_absent(Field::Phone, some_text(applicant.phone.as_ref()));
        if let Some(status) = some_text(applicant.marital_status.as_ref()).filter(|_| i == 0) {
            facts.set(Field::MaritalStatus, status);
        }
        residence(&mut facts, application.residence(applicant));
        mailing(&mut facts, application.mailing.as_ref());
        facts
    };
    application.members().enumerate().map(member).collect()
}

/// What an application says of who the member at a place is, where an earlier one said otherwise of the one at that place, and how they
/// were called in that.
pub(super) fn corrections(before: &Application, was: usize, now: &Application, at: usize) -> Facts {
    match (before.members().nth(was), now.members().nth(at)) {
        (Some(before), Some(now)) => correction(&identity(before), &identity(now)),
        _ => Facts::new(),
    }
}

/// Everything of a member who joins a policy.
pub(super) fn joining(application: &Application, at: usize, ids: &GivenIds) -> Facts {
    let mut facts = application.members().nth(at).map(|one| person(application, one, at == 0)).unwrap_or_default();
    // tobacco use is told of an initial enrollment only (CMS companion guide v7.2 p. 41)
    facts.unset(Field::Tobacco);
    facts.set_or_absent(Field::MemberId, ids.members.get(at).map(String::as_str));
    facts.set(Field::MemberChange, MemberChange::Added.as_str());
    facts
}

fn correction(before: &Facts, now: &Facts) -> Facts {
    let mut corrected = Facts::new();
    for (field, value) in now.values().filter(|(field, value)| before.value(*field) != Some(*value)) {
        corrected.set(field, value.clone());
    }
    let names = [Field::NameLast, Field::NameFirst];
    if names.iter().any(|name| corrected.value(*name).is_some()) {
        for (field, former) in names.into_iter().zip([Field::FormerLast, Field::FormerFirst]) {
            corrected.set_or_absent(field, now.value(field).cloned());
            corrected.set_or_absent(former, before.value(field).cloned());
        }
    }
    corrected
}

fn identity(applicant: &Applicant) -> Facts {
    let mut facts = Facts::new();
    let name = &applicant.name;
    facts.set_or_absent(Field::NameLast, some_text(Some(&name.last)));
    facts.set_or_absent(Field::NameFirst, some_text(Some(&name.first)));
    facts.set_or_absent(Field::NameMiddle, some_text(name.middle.as_ref()));
    facts.set_or_absent(Field::NameSuffix, some_text(name.suffix.as_ref()));
    facts.set(Field::BirthDate, applicant.birth_date);
    facts.set(Field::Sex, applicant.sex);
    facts.set_or_absent(Field::Ssn, some_text(applicant.ssn.as_ref()));
    facts
}

fn group(application: &Application, ids: &GivenIds, policy: &Policy) -> Facts {
    let mut facts = Facts::new();
    facts.set(Field::Issuer, policy.issuer.as_str());
    facts.set(Field::PlanId, policy.plan_id.as_str());
    facts.set(Field::CsrVariant, policy.variant);
    facts.set(Field::CoverageLine, policy.line.as_str());
    facts.set(Field::ApplicationId, ids.application.as_str());
    facts.set(Field::PolicyId, policy.id.as_str());
    facts.set_or_absent(Field::SubscriberId, ids.members.first().map(String::as_str));
    facts.set(Field::PolicyStatus, "initial");
    facts.set(Field::BenefitBegin, application.coverage_begin);
    facts.set_absent(Field::BenefitEnd);
    facts.set(Field::PremiumTotal, policy.premium_total());
    facts.set(Field::Aptc, policy.aptc);
    facts.set(Field::TotalResponsibility, policy.total_responsibility());
    facts.set(Field::RatingArea, application.rating_area());
    facts.set_or_absent(Field::AgentNpn, application.npn());
    facts
}

impl Application {
    /// Of whoever helps, where somebody does.
    pub(super) fn npn(&self) -> Option<&str> {
        self.agent.as_ref().map(|agent| agent.npn.as_str())
    }

    /// Rating area of the residence: as stated, or the state's first.
    pub(super) fn rating_area(&self) -> String {
        self.rating_area
            .clone()
            .filter(|area| !area.is_empty())
            .unwrap_or_else(|| format!("R-{}001", self.address.state))
    }
}

fn person(application: &Application, applicant: &Applicant, is_subscriber: bool) -> Facts {
    let mut facts = identity(applicant);
    facts.set(Field::MemberEnrolled, true);
    // whoever coverage hangs on is "self", also a child whose parent does not apply
    facts.set(Field::Relationship, if is_subscriber { Relationship::SelfSubscriber } else { applicant.relationship });
    facts.set(Field::Subscriber, is_subscriber);
    contact(&mut facts, application, applicant, is_subscriber);
    residence(&mut facts, application.residence(applicant));
    mailing(&mut facts, application.mailing.as_ref());
    facts
}

/// What is told of some members only (CMS companion guide v7.2 pp. 39–41).
fn contact(facts: &mut Facts, application: &Application, applicant: &Applicant, is_subscriber: bool) {
    let tobacco_is_told = application.age(applicant) > TOBACCO_TOLD_OVER;
    facts.set_or_absent(Field::Tobacco, tobacco_is_told.then_some(applicant.tobacco));
    facts.set_or_absent(Field::MaritalStatus, some_text(applicant.marital_status.as_ref()).filter(|_| is_subscriber));
    facts.set_or_absent(Field::Language, some_text(applicant.language.as_ref()));
    facts.set_or_absent(Field::Phone, some_text(applicant.phone.as_ref()));
    facts.set_or_absent(Field::Email, some_text(applicant.email.as_ref()));
}

fn residence(facts: &mut Facts, home: &Home) {
    facts.set_or_absent(Field::Street1, some_text(Some(&home.street_1)));
    facts.set_or_absent(Field::Street2, some_text(home.street_2.as_ref()));
    facts.set_or_absent(Field::City, some_text(Some(&home.city)));
    facts.set(Field::State, home.state.as_str());
    facts.set(Field::Zip, home.zip.as_str());
    facts.set_or_absent(Field::County, some_text(home.county.as_ref()));
}

fn mailing(facts: &mut Facts, home: Option<&Home>) {
    facts.set_or_absent(Field::MailStreet1, home.map(|h| h.street_1.as_str()));
    facts.set_or_absent(Field::MailStreet2, home.and_then(|h| some_text(h.street_2.as_ref())));
    facts.set_or_absent(Field::MailCity, home.map(|h| h.city.as_str()));
    facts.set_or_absent(Field::MailState, home.map(|h| h.state.as_str()));
    facts.set_or_absent(Field::MailZip, home.map(|h| h.zip.as_str()));
}

fn some_text(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// The last day of the month in which a day lies.
pub(super) fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// How a policy ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    /// `None`: the day on which coverage would have begun, which cancels.
    last_day: Option<Value>,
    /// As [`Field::TransactionReason`] has it; `None`: the usual one.
    reason: Option<String>,
}

impl Ending {
    /// Coverage never began: it ends on the day it would have (CMS companion guide v7.2 pp. 54–67).
    pub(super) fn before_it_began(reason: Option<String>) -> Self {
        Self { last_day: None, reason }
    }

    /// Coverage ends with a day (CMS companion guide v7.2 pp. 54–67).
    pub(super) fn on(last_day: Value, reason: Option<String>) -> Self {
        Self { last_day: Some(last_day), reason }
    }

    /// The transaction that ends a policy that was sent; it shows the subscriber only.
    pub(super) fn of(&self, sent: &GroupRecord, now: DateTime<Utc>) -> GroupRecord {
        let mut facts = sent.facts.clone();
        self.mark(&mut facts);
        if sent.kind == RecordKind::AutomaticReenrollment {
            // why it was renewed is no reason to end it
            facts.unset(Field::TransactionReason);
        }
        if let Some(reason) = &self.reason {
            facts.set(Field::TransactionReason, reason.as_str());
        }
        let kind = if self.last_day.is_some() { RecordKind::Termination } else { RecordKind::Cancellation };
        let members = sent.members.iter().take(1).cloned().collect();
        GroupRecord { kind, event_at: Some(now), facts, members, place: Place::default() }
    }

    /// Status and last day of a policy that has ended so.
    pub(super) fn mark(&self, facts: &mut Facts) {
        facts.set(Field::PolicyStatus, if self.last_day.is_some() { "terminated" } else { "cancelled" });
        let last_day = self.last_day.clone().or_else(|| facts.value(Field::BenefitBegin).cloned());
        facts.set_or_absent(Field::BenefitEnd, last_day);
    }
}
