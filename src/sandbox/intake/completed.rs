//! An enrollment that was handed over, with what its sender leaves to the exchange: ids, premiums, the issuer.

use crate::model::{
    Cents, Direction, Facts, Field, GroupRecord, IssuerId, PlanId, RecordKind, TransactionReason, Value,
};
use crate::sandbox::exchange::Unplaced;
use crate::sandbox::offer::{Offer, Rated, age_on};
use crate::sandbox::world::World;
use crate::wire::x12::Transaction;
use chrono::NaiveDate;

/// Variant of a plan without reduced cost sharing.
const NO_REDUCTION: &str = "01";

/// The record as the exchange holds it and sends it on. What the sender says stays; only the issuer follows from the plan, since a
/// sender addresses the exchange. Fails where the plan is not offered, or coverage has no first day.
pub(super) fn completed(world: &World, mut record: GroupRecord, application: &str) -> Result<GroupRecord, Unplaced> {
    let plan = PlanId::parse(record.facts.text(Field::PlanId).ok_or(Unplaced::NoPlan)?);
    let (issuer, offer) = offered(world, &plan).ok_or_else(|| Unplaced::UnknownPlan(plan.to_string()))?;
    let begin = date(&record.facts, Field::BenefitBegin).ok_or(Unplaced::NoBegin)?;
    let kind = record.kind;
    let facts = &mut record.facts;
    facts.set(Field::Issuer, issuer.as_str());
    facts.set(Field::PolicyStatus, "initial");
    let mut or = |field, otherwise: &dyn Fn() -> Value| {
        if facts.value(field).is_none() {
            facts.set(field, otherwise());
        }
    };
    or(Field::ApplicationId, &|| Value::from(application));
    or(Field::PolicyId, &|| Value::from(world.numbers.id().as_str()));
    or(Field::SubscriberId, &|| Value::from(world.numbers.id().as_str()));
    or(Field::CsrVariant, &|| Value::from(NO_REDUCTION));
    or(Field::CoverageLine, &|| Value::from(offer.line.as_str()));
    or(Field::RatingArea, &|| Value::from(format!("R-{}001", state(&plan)).as_str()));
    keep_reason(facts, kind);
    member_ids(world, &mut record);
    premiums(&mut record, &offer, begin);
    record.event_at = record.event_at.or_else(|| Some(world.clock.now()));
    Ok(record)
}

/// Keeps the reason of a transaction only where the exchange has it, too: senders have lists of their own.
fn keep_reason(facts: &mut Facts, kind: RecordKind) {
    let reason = facts.text(Field::TransactionReason).and_then(TransactionReason::parse);
    if reason.is_none_or(|reason| Transaction::of(kind, Some(reason), Direction::ToIssuer).is_none()) {
        facts.unset(Field::TransactionReason);
    }
}

fn offered(world: &World, plan: &PlanId) -> Option<(IssuerId, Offer)> {
    let issuer = plan.issuer().filter(|issuer| world.issuers.contains_key(issuer))?;
    let offers = world.offers(state(plan));
    let offer = offers.into_iter().find(|offer| offer.plan_id.as_str() == plan.standard_component())?;
    Some((issuer, offer))
}

fn state(plan: &PlanId) -> &str {
    plan.as_str().get(5..7).unwrap_or_default()
}

/// The subscriber's id is also a member's.
fn member_ids(world: &World, record: &mut GroupRecord) {
    let subscriber = record.facts.value(Field::SubscriberId).cloned();
    for member in record.members.iter_mut().filter(|member| member.value(Field::MemberId).is_none()) {
        let is_subscriber = member.text(Field::Subscriber) == Some("yes");
        let id = subscriber.clone().filter(|_| is_subscriber);
        member.set(Field::MemberId, id.unwrap_or_else(|| Value::from(world.numbers.id().as_str())));
    }
}

/// Where the sender says nothing of money the plan's price is asked, without a credit.
fn premiums(record: &mut GroupRecord, offer: &Offer, begin: NaiveDate) {
    if money(&record.facts, Field::PremiumTotal).is_none() {
        let rated: Vec<Rated> = record.members.iter().map(|member| rated(member, begin)).collect();
        let premiums = offer.premiums(&rated);
        record.facts.set(Field::PremiumTotal, premiums.iter().copied().sum::<Cents>());
        for (member, premium) in record.members.iter_mut().zip(premiums) {
            member.set(Field::Premium, premium);
        }
    }
    let facts = &mut record.facts;
    let (total, credit) = (money(facts, Field::PremiumTotal), money(facts, Field::Aptc));
    let credit = credit.unwrap_or_default();
    facts.set(Field::Aptc, credit);
    if let Some(total) = total.filter(|_| facts.value(Field::TotalResponsibility).is_none()) {
        facts.set(Field::TotalResponsibility, total - credit);
    }
}

fn rated(member: &Facts, begin: NaiveDate) -> Rated {
    let age = date(member, Field::BirthDate).map_or(0, |born| age_on(born, begin));
    Rated { age, tobacco: member.text(Field::Tobacco) == Some("yes") }
}

fn date(facts: &Facts, field: Field) -> Option<NaiveDate> {
    match facts.value(field) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}

fn money(facts: &Facts, field: Field) -> Option<Cents> {
    match facts.value(field) {
        Some(Value::Money(cents)) => Some(*cents),
        _ => None,
    }
}
