//! Answers about single members put together as enrollment groups.

use super::questions::{Asking, MemberQuestion};
use crate::issuer::grouping::from_members;
use crate::issuer::mapping::Mapped;
use crate::model::{CoverageLine, Expectation, Facts, Field, GroupRecord, Place};
use crate::wire::eligibility::{Benefit, Coverage, Person, ServiceType, Status, coverages, member_facts};

/// What was answered to one question.
pub(super) struct Told {
    pub(super) question: MemberQuestion,
    pub(super) person: Person,
    pub(super) words: String,
    /// The question as evidence shows it.
    pub(super) source: String,
}

/// One record a plan, of the members whom the answers show in it. Where a plan is in force for some of them, those for whom
/// it is not are none of its members.
pub(super) fn records(asking: Asking<'_>, expectation: &Expectation, told: &[Told]) -> Vec<GroupRecord> {
    let place = told.first().map(place).unwrap_or_default();
    let mut members = Vec::new();
    for told in told {
        let person = of_whom_was_asked(expectation, told);
        for coverage in asked_for(told) {
            members.push(Mapped { group: group(asking, &coverage), members: vec![person.clone()] });
        }
    }
    from_members(members, &place)
}

fn place(told: &Told) -> Place {
    let at = &told.person.at;
    Place {
        source: format!("{}, {}", told.source, told.words),
        interchange: at.interchange.clone(),
        functional_group: at.functional_group.clone(),
        transaction_set: at.transaction_set.clone(),
        ..Place::default()
    }
}

/// Single services that are covered are covered by a medical plan, but for dental ones.
const MEDICAL: CoverageLine = CoverageLine::Medical;

/// The plans of the lines that were asked for. An answer that says there is coverage and not of what is of the first; one
/// that says services are covered, beside what it says of a dental plan, is of the medical one.
fn asked_for(told: &Told) -> Vec<Coverage> {
    let services = &told.question.services;
    let benefits = &told.person.benefits;
    let all = coverages(&told.person);
    let status = match services.first() {
        Some(_) if all.is_empty() => benefits.iter().filter_map(Benefit::status).min(),
        Some(first) if first.line() == MEDICAL && all.iter().all(|coverage| coverage.line != MEDICAL) => {
            benefits.iter().filter(|benefit| benefit.is_active_service()).filter_map(Benefit::status).min()
        }
        _ => None,
    };
    let mut plans: Vec<_> = all.into_iter().filter(|c| services.contains(&ServiceType::of_line(c.line))).collect();
    plans.extend(services.first().zip(status).map(|(service, status)| at_large(*service, status)));
    plans
}

fn at_large(service: ServiceType, status: Status) -> Coverage {
    let line = service.line();
    let mut facts = Facts::new();
    facts.set(Field::CoverageLine, line.as_str());
    facts.set(Field::PolicyStatus, Status::policy_status(status));
    Coverage { line, status, plan_name: String::new(), plan_number: String::new(), facts }
}

fn group(asking: Asking<'_>, coverage: &Coverage) -> Facts {
    let mut group = coverage.facts.clone();
    if group.value(Field::PlanId).is_none()
        && let Some(plan) = asking.service.plan_names.get(&coverage.plan_name.to_uppercase())
    {
        group.set_plan(plan.as_str());
    }
    if let Some(issuer) = asking.issuer {
        group.set(Field::Issuer, issuer.as_str());
    }
    group
}

/// The person as the answer shows them. One that shows neither a name nor a birth date speaks of whom was asked for, since
/// it repeats the question's number.
fn of_whom_was_asked(expectation: &Expectation, told: &Told) -> Facts {
    let identity = [Field::NameLast, Field::NameFirst, Field::BirthDate];
    let mut facts = member_facts(&told.person);
    if identity.iter().any(|field| facts.value(*field).is_some()) {
        return facts;
    }
    let asked = expectation.groups.first().and_then(|group| group.members.get(told.question.member));
    for field in identity {
        if let Some(value) = asked.and_then(|member| member.value(field)) {
            facts.set(field, value.clone());
        }
    }
    facts
}
