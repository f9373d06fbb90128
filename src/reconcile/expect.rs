//! What an accepted application should have become: the household, its plans, and what the exchange told the consumer.

use super::compare::is_enrolled;
use crate::model::{
    Address, Captures, Carries, Cents, CoverageLine, Expectation, ExpectedGroup, Fact, Facts, Field, Household,
    MemberChange, Person, PlanId, Relationship, Since, Value,
};
use std::collections::BTreeMap;

/// Folds a household, the plans it chose and what the exchange answered into the groups that must be found downstream: one
/// per line of coverage, of the people who apply, the subscriber first.
///
/// What the exchange told the consumer replaces what was generated, because it is what the issuer must hold. Only what
/// must be said is stated (CMS companion guide v7.2 p. 15, 17, 33, 40): tobacco of members over 18, marital status of the
/// subscriber, the language of the household contact, a mailing address where it differs. An SSN, a middle name, a suffix
/// or a second street line that nobody gave is stated as absent. The rating area is the exchange's to decide, so it is
/// expected only where it was captured. Who has left keeps the place among the members that they had, as not enrolled.
pub fn expect(household: &Household, plans: &BTreeMap<CoverageLine, PlanId>, captures: &Captures) -> Expectation {
    expect_through(&Carries::default(), household, plans, captures)
}

/// The same where only so much of the household comes through. What the exchange told the consumer has come through already.
pub fn expect_through(
    carries: &Carries,
    household: &Household,
    plans: &BTreeMap<CoverageLine, PlanId>,
    captures: &Captures,
) -> Expectation {
    let group = |line: &CoverageLine| group(carries, household, (*line, plans.get(line)), captures);
    let groups = household.lines.iter().map(group).collect();
    Expectation { probe: household.index, marker: household.marker.clone(), groups }
}

fn group(
    carries: &Carries,
    household: &Household,
    (line, plan): (CoverageLine, Option<&PlanId>),
    captures: &Captures,
) -> ExpectedGroup {
    let members: Vec<Facts> = household
        .members()
        .enumerate()
        .map(|(place, person)| member(carries, household, (place, person), captures.members.get(place)))
        .collect();
    let mut facts = Facts::new();
    facts.set(Field::CoverageLine, line.as_str());
    facts.set(Field::BenefitBegin, household.coverage_begin);
    facts.set_absent(Field::BenefitEnd);
    if let Some(plan) = plan {
        set_plan(&mut facts, plan);
    }
    // of who has none nothing is said: whoever sends the enrollment may do so as an agent
    if let Some(agent) = &household.agent {
        facts.set(Field::AgentNpn, agent.npn.as_str());
    }
    carries.fold(&mut facts);
    let mut told_alone = Facts::new();
    for (facts, told) in [(&mut facts, &captures.groups), (&mut told_alone, &captures.told_alone)] {
        let told = told.iter().filter(|capture| capture.line.is_none_or(|of| of == line));
        told.for_each(|capture| overlay(facts, &capture.facts));
    }
    derive_amounts(&mut facts, &members, line);
    ExpectedGroup { line, facts, members, told_alone }
}

/// States what the second says over the first. A captured plan id with its variant is taken apart.
fn overlay(facts: &mut Facts, said: &Facts) {
    for field in said.stated().iter() {
        match said.get(field) {
            Fact::Value(Value::Text(text)) if field == Field::PlanId => set_plan(facts, &PlanId::parse(text)),
            Fact::Value(value) => facts.set(field, value.clone()),
            Fact::Absent => facts.set_absent(field),
            Fact::Unstated => {}
        }
    }
}

fn set_plan(facts: &mut Facts, plan: &PlanId) {
    facts.set(Field::PlanId, plan.standard_component());
    if let Some(variant) = plan.variant() {
        facts.set(Field::CsrVariant, variant);
    }
    if let Some(issuer) = plan.issuer() {
        facts.set(Field::Issuer, issuer.as_str());
    }
}

/// Amounts that follow from what was captured: the total is the sum of the members' premiums (not for dental plans, which
/// may be rated by family), and what is owed is the total without the tax credit (CMS companion guide v7.2 p. 21).
fn derive_amounts(facts: &mut Facts, members: &[Facts], line: CoverageLine) {
    let covered = members.iter().filter(|member| is_enrolled(member));
    let premiums: Option<Vec<Cents>> = covered.map(|member| money(member, Field::Premium)).collect();
    let unstated = |facts: &Facts, field| facts.get(field) == Fact::Unstated;
    if let Some(premiums) = premiums.filter(|all| !all.is_empty() && line == CoverageLine::Medical)
        && unstated(facts, Field::PremiumTotal)
    {
        facts.set(Field::PremiumTotal, premiums.into_iter().sum::<Cents>());
    }
    if let (Some(total), Some(aptc)) = (money(facts, Field::PremiumTotal), money(facts, Field::Aptc))
        && unstated(facts, Field::TotalResponsibility)
    {
        facts.set(Field::TotalResponsibility, total - aptc);
    }
}

fn money(facts: &Facts, field: Field) -> Option<Cents> {
    match facts.value(field) {
        Some(Value::Money(cents)) => Some(*cents),
        _ => None,
    }
}

fn member(
    carries: &Carries,
    household: &Household,
    (place, person): (usize, &Person),
    captured: Option<&Facts>,
) -> Facts {
    let is_subscriber = place == 0;
    let mut facts = Facts::new();
    let some = |text: &str| (!text.trim().is_empty()).then(|| Value::from(text));
    facts.set_or_absent(Field::NameLast, some(&person.name.last));
    facts.set_or_absent(Field::NameFirst, some(&person.name.first));
    facts.set_or_absent(Field::NameMiddle, person.name.middle.as_deref().and_then(some));
    facts.set_or_absent(Field::NameSuffix, person.name.suffix.as_deref().and_then(some));
    facts.set(Field::BirthDate, person.birth_date);
    facts.set(Field::Sex, person.sex);
    facts.set_or_absent(Field::Ssn, person.ssn.as_ref().map(crate::model::SyntheticSsn::as_str));
    facts.set(Field::Subscriber, is_subscriber);
    if let Some(relationship) = to_subscriber(household, person, is_subscriber) {
        facts.set(Field::Relationship, relationship);
    }
    if person.since.is_none() && person.age_on(household.coverage_begin) > 18 {
        facts.set(Field::Tobacco, person.tobacco);
    }
    later_changes(&mut facts, person);
    reachable_at(&mut facts, household, person, is_subscriber);
    residence(&mut facts, household.residence(person));
    carries.fold(&mut facts);
    if let Some(captured) = captured {
        overlay(&mut facts, captured);
    }
    facts
}

/// Of whoever came or went after the enrollment it is said whether they are in, and by a message of that very step that it brings them
/// in or takes them out.
fn later_changes(facts: &mut Facts, person: &Person) {
    let Some(since) = person.since else { return };
    facts.set(Field::MemberEnrolled, !person.has_left());
    match since {
        Since::Joins => facts.set(Field::MemberChange, MemberChange::Added.as_str()),
        Since::Leaves => facts.set(Field::MemberChange, MemberChange::Removed.as_str()),
        Since::Joined | Since::Left => {}
    }
}

/// Relationships are kept to the first person of the household. Where that person does not apply (a child-only
/// application) nothing is said about how the other children are to be related to the one who became the subscriber.
fn to_subscriber(household: &Household, person: &Person, is_subscriber: bool) -> Option<Relationship> {
    if is_subscriber {
        return Some(Relationship::SelfSubscriber);
    }
    household.people.first().is_some_and(|first| first.applying).then_some(person.relationship)
}

fn reachable_at(facts: &mut Facts, household: &Household, person: &Person, is_subscriber: bool) {
    for (field, said) in [(Field::Phone, &person.phone), (Field::Email, &person.email)] {
        match said {
            Some(said) => facts.set(field, said.as_str()),
            None if is_subscriber => facts.set_absent(field),
            // a dependent's record may repeat the contact's
            None => {}
        }
    }
    if !is_subscriber {
        return;
    }
    if let Some(status) = &person.marital_status {
        facts.set(Field::MaritalStatus, status.as_str());
    }
    if let Some(language) = &person.language {
        facts.set(Field::Language, language.as_str());
    }
    mailing(facts, household.mailing.as_ref());
}

fn residence(facts: &mut Facts, address: &Address) {
    facts.set(Field::Street1, address.street_1.as_str());
    facts.set_or_absent(Field::Street2, address.street_2.as_deref());
    facts.set(Field::City, address.city.as_str());
    facts.set(Field::State, address.state.as_str());
    facts.set(Field::Zip, address.zip.as_str());
    facts.set(Field::County, address.county.as_str());
}

fn mailing(facts: &mut Facts, address: Option<&Address>) {
    facts.set_or_absent(Field::MailStreet1, address.map(|a| a.street_1.as_str()));
    facts.set_or_absent(Field::MailStreet2, address.and_then(|a| a.street_2.as_deref()));
    facts.set_or_absent(Field::MailCity, address.map(|a| a.city.as_str()));
    facts.set_or_absent(Field::MailState, address.map(|a| a.state.as_str()));
    facts.set_or_absent(Field::MailZip, address.map(|a| a.zip.as_str()));
}
