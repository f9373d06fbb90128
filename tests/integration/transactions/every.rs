//! Every transaction of the exchange's table, and the changes of single members: what each makes of an expectation.

use chrono::{Datelike, Days, Months, NaiveDate};
use johndoe::model::{
    Direction, ExpectedGroup, Facts, Field, GroupRecord, Household, MemberChange, Place, RecordKind,
    TransactionReason as Why, Value,
};
use johndoe::wire::x12::{
    Agent, Envelope, FunctionalGroup, Options, Qualifiers, SetHeader, Transaction, Usage, Writer,
};

pub(super) const ZONE: chrono_tz::Tz = chrono_tz::Tz::America__New_York;

/// A kind of transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) row: &'static Transaction,
    pub(super) way: Direction,
    /// What happens to the last dependent alone.
    pub(super) change: Option<MemberChange>,
}

/// Every row in every direction it is sent, and dependents who join or leave.
pub(super) fn cases() -> Vec<Case> {
    let rows = Transaction::ALL.iter().flat_map(|row| row.ways().iter().map(move |way| (row, *way)));
    let mut cases: Vec<Case> = rows.map(|(row, way)| Case { row, way, change: None }).collect();
    let change = Transaction::of(RecordKind::Maintenance, Some(Why::FinancialChange), Direction::ToIssuer).unwrap();
    for member in MemberChange::ALL {
        cases.push(Case { row: change, way: Direction::ToIssuer, change: Some(*member) });
    }
    cases
}

fn day(facts: &Facts, field: Field) -> NaiveDate {
    match facts.value(field) {
        Some(Value::Date(day)) => *day,
        other => panic!("{field}: {other:?}"),
    }
}

/// The group as it must be found when this transaction has been sent.
pub(super) fn after(case: Case, household: &Household, group: &ExpectedGroup) -> ExpectedGroup {
    let mut group = group.clone();
    let begin = day(&group.facts, Field::BenefitBegin);
    let facts = &mut group.facts;
    if let Some(reason) = case.row.reason {
        facts.set(Field::TransactionReason, reason.as_str());
    }
    match case.row.kind {
        RecordKind::InitialEnrollment => facts.set(Field::PolicyStatus, "initial"),
        RecordKind::Effectuation => confirmed(&mut group, begin),
        RecordKind::Cancellation => {
            facts.set(Field::PolicyStatus, "cancelled");
            facts.set(Field::BenefitEnd, begin);
        }
        RecordKind::Termination => {
            facts.set(Field::PolicyStatus, "terminated");
            facts.set(Field::BenefitEnd, begin + Months::new(3) - Days::new(1));
        }
        RecordKind::Maintenance => changed(case, &mut group, begin),
        _ => {}
    }
    if case.row.reason == Some(Why::ChangeInCircumstances) && case.row.kind == RecordKind::InitialEnrollment {
        group.facts.set(Field::SpecialEnrollment, "32-MARRIAGE");
    }
    guardians(household, &mut group);
    group
}

/// An issuer tells its own ids, and until when it has been paid.
fn confirmed(group: &mut ExpectedGroup, begin: NaiveDate) {
    let facts = &mut group.facts;
    facts.set(Field::PolicyStatus, "effectuated");
    facts.set(Field::PaidThrough, begin + Months::new(1) - Days::new(1));
    facts.set(Field::IssuerPolicyId, "POL-77");
    facts.set(Field::PreviousIssuerPolicyId, "POL-76");
    facts.set(Field::IssuerSubscriberId, "ISS-1");
    for (at, member) in group.members.iter_mut().enumerate() {
        member.set(Field::IssuerMemberId, format!("ISS-1-{at}"));
    }
}

fn changed(case: Case, group: &mut ExpectedGroup, begin: NaiveDate) {
    let from = (begin + Months::new(2)).with_day(1).unwrap();
    group.facts.set(Field::ChangeEffective, from);
    if case.row.reason == Some(Why::IdentityChange) {
        group.members[0].set(Field::FormerLast, "Former");
        group.members[0].set(Field::FormerFirst, "Name");
    }
    let Some(change) = case.change else { return };
    let Some(last) = group.members.iter_mut().skip(1).next_back() else { return };
    last.set(Field::MemberChange, change.as_str());
    match change {
        MemberChange::Added => last.set(Field::MemberBenefitBegin, from),
        MemberChange::Removed => {
            last.set(Field::MemberEnrolled, "no");
            last.set(Field::MemberBenefitEnd, from - Days::new(1));
            last.set(Field::MemberChangeReason, Why::NoLongerEligible.as_str());
        }
    }
}

/// Where a child is the subscriber, the parent who does not apply is named.
fn guardians(household: &Household, group: &mut ExpectedGroup) {
    let Some(parent) = household.people.first().filter(|person| !person.applying) else { return };
    let child = &mut group.members[0];
    child.set(Field::CustodialLast, parent.name.last.as_str());
    child.set(Field::CustodialFirst, parent.name.first.as_str());
    child.set(Field::ResponsibleLast, "Guardian");
    child.set(Field::ResponsibleFirst, "Guy");
}

/// The message that says so.
pub(super) fn record(case: Case, group: &ExpectedGroup) -> GroupRecord {
    GroupRecord {
        kind: case.row.kind,
        event_at: Some("2013-11-15T22:30:05.250Z".parse().unwrap()),
        facts: group.facts.clone(),
        members: group.members.clone(),
        place: Place::default(),
    }
}

/// Writes files of sets, whatever their direction: an interchange each way.
pub(super) fn write(records: &[(Case, GroupRecord)]) -> Vec<u8> {
    let at = "2013-11-15T18:00:00".parse().unwrap();
    let mut writer = Writer::new(Options::default());
    for (control_number, way) in (1..).zip([Direction::ToIssuer, Direction::ToExchange]) {
        let (exchange, issuer) = ("CMSFFM".to_owned(), "12345".to_owned());
        let (office, plan) = ("VA0".to_owned(), "12345VA0010001".to_owned());
        let is_to_issuer = way == Direction::ToIssuer;
        let (sender, receiver) = if is_to_issuer { (exchange, issuer) } else { (issuer, exchange) };
        let (usage, wants_acknowledgement, qualifiers) = (Usage::Test, true, Qualifiers::default());
        let envelope = Envelope { sender, receiver, qualifiers, control_number, at, usage, wants_acknowledgement };
        writer.open_interchange(&envelope).unwrap();
        let (sender, receiver) = if is_to_issuer { (office, plan) } else { (plan, office) };
        writer.open_group(&FunctionalGroup { sender, receiver, control_number, at }).unwrap();
        let of_way = (1..).zip(records).filter(|(_, (case, _))| case.way == way);
        for (number, (case, record)) in of_way {
            let agent = (case.row.reason == Some(Why::AgentChange))
                .then(|| Agent { name: "Sam Broker".to_owned(), npn: "1234567".to_owned() });
            let header = SetHeader {
                direction: way,
                control_number: number,
                reference: format!("{number:06}"),
                created_at: at,
                zone: ZONE,
                exchange: "VA0".to_owned(),
                issuer_name: "Blue Ridge Health".to_owned(),
                issuer_tax_id: "123456789".to_owned(),
                sponsor: None,
                agent,
            };
            writer.write(&header, record).unwrap_or_else(|error| panic!("{case:?}: {error}"));
        }
    }
    writer.finish()
}
