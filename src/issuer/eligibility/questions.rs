//! Who is asked for, by what, and for what coverage.

use crate::issuer::look::IssuerMemberId;
use crate::model::{Expectation, ExpectedGroup, Facts, Field, IssuerId, Sex, Value};
use crate::target::{AskBy, Dependents, Eligibility, Payer};
use crate::wire::eligibility::{Inquiry, Party, Patient, ServiceType};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What every question of a look has in common.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) service: &'a Eligibility,
    pub(super) payer: &'a Payer,
    /// Whose payer it is; `None`: everybody's.
    pub(super) issuer: Option<&'a IssuerId>,
    /// Set where today is asked for, and not the first day of coverage.
    pub(super) today: Option<NaiveDate>,
}

/// One person asked for once: by one key, for one day, for every line of theirs that goes by this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MemberQuestion {
    /// Place among those who apply.
    pub(super) member: usize,
    /// The issuer's own id of the member, where they are asked for by it.
    pub(super) member_id: Option<String>,
    pub(super) date: NaiveDate,
    pub(super) services: BTreeSet<ServiceType>,
}

/// The questions of a look, the subscriber's first. Issuers have an id of their own for each policy, so that a person may be asked
/// for twice; where no id is known one question serves all lines.
pub(super) fn questions(asking: Asking<'_>, expectation: &Expectation, ids: &[IssuerMemberId]) -> Vec<MemberQuestion> {
    let is_here = |group: &&ExpectedGroup| match (asking.issuer, group.facts.text(Field::Issuer)) {
        (Some(here), Some(of)) => here.as_str() == of,
        _ => true,
    };
    let mut here: Vec<&ExpectedGroup> = expectation.groups.iter().filter(is_here).collect();
    let is_own = !here.is_empty();
    if !is_own {
        here.extend(&expectation.groups);
    }
    let mut questions: BTreeMap<(usize, Option<String>, NaiveDate), BTreeSet<ServiceType>> = BTreeMap::new();
    for group in here {
        let Some(date) = asking.today.or(begin(group)) else { continue };
        for (place, member) in group.members.iter().enumerate() {
            let by_id = is_own && asking.service.ask_by == AskBy::MemberId;
            let id = if by_id { id_of(asking.issuer, group, (place, member), ids) } else { None };
            questions.entry((place, id, date)).or_default().insert(ServiceType::of_line(group.line));
        }
    }
    let question = |((member, member_id, date), services)| MemberQuestion { member, member_id, date, services };
    questions.into_iter().map(question).collect()
}

fn begin(group: &ExpectedGroup) -> Option<NaiveDate> {
    match group.facts.value(Field::BenefitBegin) {
        Some(Value::Date(begin)) => Some(*begin),
        _ => None,
    }
}

/// What the exchange told, or what an earlier waypoint showed of this issuer's policy.
fn id_of(
    issuer: Option<&IssuerId>,
    group: &ExpectedGroup,
    (place, member): (usize, &Facts),
    ids: &[IssuerMemberId],
) -> Option<String> {
    if let Some(told) = member.text(Field::IssuerMemberId).map(str::trim).filter(|id| !id.is_empty()) {
        return Some(told.to_owned());
    }
    let of = group.facts.text(Field::Issuer).or(issuer.map(IssuerId::as_str));
    let is_of = |known: &&IssuerMemberId| {
        let same_issuer = match (&known.issuer, of) {
            (Some(known), Some(of)) => known.as_str() == of,
            _ => true,
        };
        known.member == place && same_issuer && known.line.is_none_or(|line| line == group.line)
    };
    ids.iter().rev().find(is_of).map(|known| known.id.clone())
}

impl MemberQuestion {
    /// The question as a 270. Its trace number names probe, member and control number.
    pub(super) fn inquiry(&self, asking: Asking<'_>, expectation: &Expectation, number: u32) -> Inquiry {
        let people = expectation.groups.first().map(|group| group.members.as_slice()).unwrap_or_default();
        let own = people.get(self.member).map(patient).unwrap_or_default();
        let own = Patient { member_id: self.member_id.clone(), ..own };
        let under = asking.service.dependents == Dependents::UnderSubscriber;
        let hangs_on = (under && self.member > 0 && self.member_id.is_none()).then(|| people.first()).flatten();
        let (subscriber, dependent) = match hangs_on {
            Some(subscriber) => (patient(subscriber), Some(own)),
            None => (own, None),
        };
        let party = |named: &crate::target::Named| Party { name: named.name.clone(), id: named.id.clone() };
        let probe = expectation.probe;
        Inquiry {
            reference: format!("{probe}-{number:09}"),
            trace: format!("{probe}-{}-{number:09}", self.member + 1),
            trace_company: asking.service.trace_company.clone(),
            payer: party(&asking.payer.payer),
            provider: party(&asking.service.provider),
            subscriber,
            dependent,
            date: self.date,
            services: self.services.iter().copied().collect(),
        }
    }
}

fn patient(facts: &Facts) -> Patient {
    let text = |field| facts.text(field).unwrap_or_default().to_owned();
    let born = match facts.value(Field::BirthDate) {
        Some(Value::Date(born)) => Some(*born),
        _ => None,
    };
    Patient {
        member_id: facts.text(Field::IssuerMemberId).map(str::to_owned),
        last: text(Field::NameLast),
        first: text(Field::NameFirst),
        middle: text(Field::NameMiddle),
        suffix: text(Field::NameSuffix),
        birth_date: born,
        sex: facts.text(Field::Sex).and_then(Sex::parse),
    }
}
