//! From an enrollment group to the canonical record: which elements are values, which are stated to be absent, and of
//! which nothing is said because the transaction legally leaves them out.

use super::group::{EnrollmentGroup, hios_of};
use super::held::Line;
use super::kind;
use super::locate::Locator;
use super::member::{Coverage, Member, Postal, application_without_origin};
use super::statement::Statement;
use super::text::{cents, date, decode, instant, period_end, present, time, timestamp, zone as zone_of_code};
use crate::model::{Cents, Facts, Field, GroupRecord, MemberChange, PlanId, Position, RecordKind, Relationship, Value};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

impl EnrollmentGroup<'_> {
    /// The group as the canonical record. `source_name` is the file's name for evidence; `zone` is the exchange's, in which
    /// REQUEST SUBMIT TIMESTAMP is written, and BGN04 where BGN05 names no zone. Each fact knows its segment and element.
    ///
    /// A blank element is *absent*. What the transaction leaves out by right is *unstated*: everything that a
    /// cancellation or termination does not show (it has the subscriber only and no coverage loop; CMS companion guide v7.2
    /// p. 54 to 67), tobacco use without HLH (p. 41), marital status and language of dependents (p. 40 and 41), CSR AMT (p. 114).
    /// A dependent whom a change of the group adds or removes says so in `member.change`, with dates of its own.
    pub fn to_record(&self, source_name: &str, zone: Tz) -> GroupRecord {
        let nobody = Locator::new(&[], b'*', &[], 0);
        let first = || self.located().next();
        let subscriber = self.located().find(|(member, _)| member.is_subscriber()).or_else(first);
        let (subscriber, locator) = subscriber.unwrap_or((Member::default(), nobody));
        let kind = kind::of_member(&subscriber, self.bgn(8));
        let shows_all = !matches!(kind, RecordKind::Cancellation | RecordKind::Termination);
        let member = |(member, at): (Member<'_>, _)| member_facts(&member, &subscriber, Statement::new(shows_all, at));
        GroupRecord {
            kind,
            event_at: self.event_at(&subscriber, zone),
            facts: self.group_facts(&subscriber, kind, Statement::new(shows_all, locator)),
            members: self.located().map(member).collect(),
            place: self.location().to_place(source_name),
        }
    }

    /// REQUEST SUBMIT TIMESTAMP; else the set's own date and time.
    fn event_at(&self, subscriber: &Member<'_>, zone: Tz) -> Option<DateTime<Utc>> {
        if let Some(local) = timestamp(subscriber.reporting.submitted) {
            return instant(local, zone);
        }
        let local = date(self.bgn(3))?.and_time(time(self.bgn(4)).unwrap_or_default());
        instant(local, zone_of_code(self.bgn(5)).unwrap_or(zone))
    }

    fn group_facts(&self, subscriber: &Member<'_>, kind: RecordKind, mut said: Statement<'_>) -> Facts {
        self.issuer(&mut said);
        coverage_facts(&mut said, subscriber);
        said.text(Field::ApplicationId, application_without_origin(subscriber.reporting.application.trim_ascii()));
        let coverage = &subscriber.coverage;
        said.text(Field::PolicyId, subscriber.policy_text());
        said.text(Field::SubscriberId, subscriber.subscriber_id);
        said.text(Field::IssuerPolicyId, coverage.issuer_policy);
        said.text(Field::IssuerSubscriberId, subscriber.issuer_subscriber_id);
        said.some_text(Field::PreviousIssuerPolicyId, coverage.previous_policy);
        if let Some(status) = policy_status(kind) {
            said.some(Field::PolicyStatus, Some(Value::from(status)), subscriber.maintenance_type);
        }
        let reason = subscriber.reporting.maintenance_reason;
        let reason = if reason.is_empty() { subscriber.maintenance_reason } else { reason };
        said.some(Field::TransactionReason, kind::reason_of(subscriber), reason);
        let changed = subscriber.changed;
        said.some_date(Field::ChangeEffective, if changed.is_empty() { coverage.changed } else { changed });
        said.some_date(Field::PaidThrough, coverage.paid_through);
        said.some_text(Field::SpecialEnrollment, subscriber.reporting.special_enrollment);
        self.amounts(&mut said, subscriber);
        self.agent_facts(&mut said, kind);
        said.finish()
    }

    /// Who the file is addressed to, not who offers the plan: a misrouted file has the right plan in it. Where an issuer
    /// writes to the exchange, its own ids stand at the sender's.
    fn issuer(&self, said: &mut Statement<'_>) {
        let (gs, isa) = (|n| self.envelope.gs(n), |n| self.envelope.isa(n));
        let ends = [("GS", 3, gs(3)), ("ISA", 8, isa(8)), ("GS", 2, gs(2)), ("ISA", 6, isa(6))];
        let found = ends.into_iter().find_map(|(id, element, text)| Some((id, element, hios_of(text)?)));
        if let Some((id, element, issuer)) = found {
            said.facts.set(Field::Issuer, issuer);
            said.stands_at(Field::Issuer, Position::new(0, id, element));
        }
    }

    /// Who helped to enroll. Loop 1000C stands there only where somebody did (CMS companion guide v7.2 p. 37): an enrollment without
    /// it says that nobody did, and any other transaction says nothing.
    fn agent_facts(&self, said: &mut Statement<'_>, kind: RecordKind) {
        match present(self.agent()) {
            Some(npn) => said.facts.set(Field::AgentNpn, &*npn),
            None if kind == RecordKind::InitialEnrollment => said.facts.set_absent(Field::AgentNpn),
            None => return,
        }
        said.stands_at(Field::AgentNpn, Position::new(0, "N1", 4));
    }

    fn amounts(&self, said: &mut Statement<'_>, subscriber: &Member<'_>) {
        let reporting = &subscriber.reporting;
        said.money(Field::PremiumTotal, reporting.premium_total);
        if reporting.premium_total.is_empty()
            && let Some(total) = self.sum_of_premiums()
        {
            said.facts.set(Field::PremiumTotal, total);
        }
        said.money(Field::Aptc, reporting.aptc);
        said.money(Field::TotalResponsibility, reporting.total_responsibility);
        if !reporting.csr_amount.is_empty() {
            said.money(Field::CsrAmount, reporting.csr_amount);
        }
        said.text(Field::RatingArea, reporting.rating_area);
    }

    /// The total of files that have premiums at the coverage (AMT*P3) only.
    fn sum_of_premiums(&self) -> Option<Cents> {
        self.members().map(|member| cents(member.coverage.premium)).sum()
    }
}

fn coverage_facts(said: &mut Statement<'_>, subscriber: &Member<'_>) {
    let coverage = &subscriber.coverage;
    let plan = present(coverage.plan).map(|plan| PlanId::parse(&plan));
    let component = plan.as_ref().map(|plan| Value::from(plan.standard_component()));
    said.option(Field::PlanId, component, coverage.plan);
    said.option(Field::CsrVariant, plan.as_ref().and_then(PlanId::variant).map(Value::from), coverage.plan);
    said.option(Field::CoverageLine, coverage_line(coverage), coverage.line_code);
    let (begin, end) = if coverage.is_there {
        (coverage.begin, coverage.end)
    } else {
        (subscriber.eligibility_begin, subscriber.eligibility_end)
    };
    said.date(Field::BenefitBegin, begin);
    match period_end(begin) {
        Some(last) if end.is_empty() => said.some(Field::BenefitEnd, Some(Value::from(last)), begin),
        _ => said.date(Field::BenefitEnd, if end.is_empty() { subscriber.eligibility_end } else { end }),
    }
}

/// `medical`, `dental`, or the code itself where it is neither.
fn coverage_line(coverage: &Coverage<'_>) -> Option<Value> {
    match Line::of_code(coverage.line_code).canonical() {
        Some(line) => Some(Value::from(line.as_str())),
        None => present(coverage.line_code).map(|code| Value::from(&*code)),
    }
}

fn policy_status(kind: RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::InitialEnrollment => Some("initial"),
        RecordKind::Effectuation => Some("effectuated"),
        RecordKind::Cancellation => Some("cancelled"),
        RecordKind::Termination => Some("terminated"),
        _ => None,
    }
}

fn member_facts(member: &Member<'_>, subscriber: &Member<'_>, mut said: Statement<'_>) -> Facts {
    if said.shows_all {
        change_facts(&mut said, member, subscriber);
    } else if stays_behind(member, subscriber) {
        said.some(Field::MemberEnrolled, Some(Value::from(true)), member.maintenance_type);
    }
    said.text(Field::NameLast, member.last);
    said.text(Field::NameFirst, member.first);
    said.text(Field::NameMiddle, member.middle);
    said.text(Field::NameSuffix, member.suffix);
    said.date(Field::BirthDate, member.birth_date);
    said.coded(Field::Sex, member.sex, sex);
    said.option(Field::Ssn, present(member.ssn).map(|ssn| Value::from(ssn_digits(&ssn))), member.ssn);
    said.coded(Field::Relationship, member.relationship, relationship);
    said.coded(Field::Subscriber, member.is_subscriber, yes_or_no);
    member_choices(&mut said, member);
    said.text(Field::Phone, member.phone);
    said.text(Field::Email, member.email);
    let residence = residence(member, subscriber, said.shows_all);
    said.postal(RESIDENCE, residence);
    said.text(Field::County, residence.county);
    said.postal(MAILING, &member.mailing);
    said.text(Field::MemberId, member.own_id);
    said.text(Field::IssuerMemberId, member.issuer_member_id);
    said.money(Field::Premium, member.premium_text());
    other_people(&mut said, member);
    said.finish()
}

/// Where a member lives: a dependent's address is told only where it is another than the subscriber's (005010X220A1, loop 2100A, N3:
/// subscribers, and dependents with a different one), so that a transaction that shows everything says the subscriber's by none.
fn residence<'m, 'a>(member: &'m Member<'a>, subscriber: &'m Member<'a>, shows_all: bool) -> &'m Postal<'a> {
    let says_none = member.residence.is_empty();
    if says_none && shows_all { &subscriber.residence } else { &member.residence }
}

/// What happens to a member and not to the group: within a change a dependent may be added (021) or taken out (024). Whoever has no
/// coverage of their own in an enrollment or audit in which the subscriber has one, or whose coverage alone ends, is out.
fn change_facts(said: &mut Statement<'_>, member: &Member<'_>, subscriber: &Member<'_>) {
    let kind = member.maintenance_type;
    let (own, of_group) = (&member.coverage, &subscriber.coverage);
    let shows_coverage = |member: &Member<'_>| matches!(member.maintenance_type, b"021" | b"030");
    let has_none = !own.is_there && of_group.is_there && shows_coverage(member) && shows_coverage(subscriber);
    if kind != b"024" && own.maintenance_type == b"024" && of_group.maintenance_type != b"024" {
        said.some(Field::MemberEnrolled, Some(Value::from(false)), own.maintenance_type);
    } else {
        said.some(Field::MemberEnrolled, Some(Value::from(kind != b"024" && !has_none)), kind);
    }
    coverage_of_its_own(said, own, of_group);
    if member.is_subscriber() {
        return;
    }
    let change = match kind {
        b"021" => MemberChange::Added,
        b"024" => MemberChange::Removed,
        _ => return dates_of_its_own(said, member, subscriber),
    };
    if kind != subscriber.maintenance_type {
        said.some(Field::MemberChange, Some(Value::from(change.as_str())), kind);
        let reason = member.reporting.maintenance_reason;
        said.some(Field::MemberChangeReason, kind::reason_of(member), reason);
    }
    dates_of_its_own(said, member, subscriber);
}

/// Whether somebody beside a subscriber who is taken out is covered all the same: enrolled anew, or with a coverage that goes on. Whoever
/// stands there without one goes with the subscriber.
fn stays_behind(member: &Member<'_>, subscriber: &Member<'_>) -> bool {
    let (kind, own) = (member.maintenance_type, &member.coverage);
    let has_one = own.is_there && own.maintenance_type != b"024";
    subscriber.maintenance_type == b"024"
        && !member.is_subscriber()
        && kind != b"024"
        && (has_one || !own.is_there && matches!(kind, b"021" | b"025"))
}

/// Plan and policy of a member, where they are not the subscriber's.
fn coverage_of_its_own(said: &mut Statement<'_>, own: &Coverage<'_>, of_group: &Coverage<'_>) {
    let plan = |coverage: &Coverage<'_>| present(coverage.plan).map(|plan| PlanId::parse(&plan));
    if let Some((plan, of_group)) = plan(own).zip(plan(of_group)) {
        if plan.standard_component() != of_group.standard_component() {
            said.some(Field::PlanId, Some(Value::from(plan.standard_component())), own.plan);
        }
        if plan.variant() != of_group.variant() {
            said.some(Field::CsrVariant, plan.variant().map(Value::from), own.plan);
        }
    }
    if let Some((policy, of_group)) = present(own.policy).zip(present(of_group.policy))
        && policy != of_group
    {
        said.some(Field::PolicyId, Some(Value::from(&*policy)), own.policy);
    }
}

fn dates_of_its_own(said: &mut Statement<'_>, member: &Member<'_>, subscriber: &Member<'_>) {
    let begin = |m: &Member<'_>| date(m.coverage.begin).or_else(|| date(m.eligibility_begin));
    let end = |m: &Member<'_>| date(m.coverage.end).or_else(|| date(m.eligibility_end));
    if begin(member) != begin(subscriber) {
        said.some(Field::MemberBenefitBegin, begin(member).map(Value::from), member.coverage.begin);
    }
    if end(member) != end(subscriber) {
        said.some(Field::MemberBenefitEnd, end(member).map(Value::from), member.coverage.end);
    }
}

/// Names beside the member's own, which most members do not have.
fn other_people(said: &mut Statement<'_>, member: &Member<'_>) {
    for (fields, name) in [
        ([Field::FormerLast, Field::FormerFirst], member.former),
        ([Field::CustodialLast, Field::CustodialFirst], member.custodian),
        ([Field::ResponsibleLast, Field::ResponsibleFirst], member.responsible),
    ] {
        let [last, first] = fields;
        said.some_text(last, name.last);
        said.some_text(first, name.first);
    }
}

/// What is told of some members only: without it nothing is said of the others.
fn member_choices(said: &mut Statement<'_>, member: &Member<'_>) {
    let is_told = said.shows_all && member.is_subscriber();
    said.some(Field::Tobacco, tobacco(member.tobacco.trim_ascii()).map(Value::from), member.tobacco);
    let status = marital_status(member.marital_status.trim_ascii());
    // NISO Z39.53 and ISO 639-2 share their codes but for letter case.
    let language = present(member.language).map(|code| Value::from(code.to_ascii_lowercase()));
    for (field, value, element) in
        [(Field::MaritalStatus, status, member.marital_status), (Field::Language, language, member.language)]
    {
        if is_told {
            said.option(field, value, element);
        } else {
            said.some(field, value, element);
        }
    }
}

/// DMG03; another code is shown as it is.
fn sex(code: &str) -> &str {
    match code {
        "M" => "male",
        "F" => "female",
        other => other,
    }
}

/// INS02; a code outside the list is shown as it is.
fn relationship(code: &str) -> &str {
    Relationship::from_x12_code(code).map_or(code, |known| known.as_str())
}

fn yes_or_no(code: &str) -> &str {
    match code {
        "Y" => "yes",
        "N" => "no",
        other => other,
    }
}

/// HLH01 (X12 element 1212): substance abuse is not tobacco, and unknown is no answer.
fn tobacco(code: &[u8]) -> Option<&'static str> {
    match code {
        b"T" | b"X" => Some("yes"),
        b"N" | b"S" => Some("no"),
        _ => None,
    }
}

/// DMG04 (X12 element 1067). `U` is unmarried in any way, and the exchange knows no finer word; unreported is no answer.
fn marital_status(code: &[u8]) -> Option<Value> {
    let word = match code {
        b"" | b"R" | b"K" => return None,
        b"M" => "married",
        b"I" | b"U" => "single",
        b"D" => "divorced",
        b"W" => "widowed",
        b"B" => "domestic_partner",
        b"S" | b"X" => "separated",
        other => return Some(Value::from(&*decode(other))),
    };
    Some(Value::from(word))
}

/// Hyphens and blanks dropped; anything that is no number is left as it is.
fn ssn_digits(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    if bare.bytes().all(|b| b.is_ascii_digit()) { bare } else { text.to_owned() }
}

const RESIDENCE: [Field; 5] = [Field::Street1, Field::Street2, Field::City, Field::State, Field::Zip];
const MAILING: [Field; 5] = [Field::MailStreet1, Field::MailStreet2, Field::MailCity, Field::MailState, Field::MailZip];
