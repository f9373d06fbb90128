//! From an enrollment group to the canonical record: which elements are values, which are stated to be absent, and of
//! which nothing is said because the transaction legally leaves them out.

use super::group::{EnrollmentGroup, hios_of};
use super::held::Line;
use super::kind;
use super::member::{Coverage, Member, Postal, application_without_origin};
use super::text::{cents, date, decode, instant, period_end, present, time, timestamp, zone as zone_of_code};
use crate::model::{Cents, Facts, Field, GroupRecord, PlanId, RecordKind, Relationship, Value};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

impl EnrollmentGroup<'_> {
    /// The group as the canonical record. `source_name` is the file's name for evidence; `zone` is the exchange's, in which
    /// REQUEST SUBMIT TIMESTAMP is written, and BGN04 where BGN05 names no zone.
    ///
    /// A blank element is *absent*. What the transaction leaves out by right is *unstated*: everything that a
    /// cancellation or termination does not show (it has the subscriber only and no coverage loop; CMS companion guide v7.2
    /// p. 54 to 67), tobacco use without HLH (p. 41), marital status and language of dependents (p. 40 and 41), CSR AMT (p. 114).
    pub fn to_record(&self, source_name: &str, zone: Tz) -> GroupRecord {
        let subscriber = self.subscriber().unwrap_or_default();
        let kind = kind::of_member(&subscriber, self.bgn(8));
        let shows_all = !matches!(kind, RecordKind::Cancellation | RecordKind::Termination);
        GroupRecord {
            kind,
            event_at: self.event_at(&subscriber, zone),
            facts: self.group_facts(&subscriber, kind, shows_all),
            members: self.members().map(|member| member_facts(&member, shows_all)).collect(),
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

    fn group_facts(&self, subscriber: &Member<'_>, kind: RecordKind, shows_all: bool) -> Facts {
        let mut said = Statement { facts: Facts::new(), shows_all };
        // Who the file is addressed to, not who offers the plan: a misrouted file has the right plan in it.
        let receiver = hios_of(self.envelope.gs(3)).or_else(|| hios_of(self.envelope.isa(8)));
        if let Some(receiver) = receiver {
            said.facts.set(Field::Issuer, receiver);
        }
        coverage_facts(&mut said, subscriber);
        said.text(Field::ApplicationId, application_without_origin(subscriber.reporting.application.trim_ascii()));
        let policy = if subscriber.coverage.policy.is_empty() { subscriber.policy } else { subscriber.coverage.policy };
        said.text(Field::PolicyId, policy);
        said.text(Field::SubscriberId, subscriber.subscriber_id);
        said.text(Field::IssuerPolicyId, subscriber.coverage.issuer_policy);
        said.text(Field::IssuerSubscriberId, subscriber.issuer_subscriber_id);
        if let Some(status) = policy_status(kind) {
            said.facts.set(Field::PolicyStatus, status);
        }
        self.amounts(&mut said, subscriber);
        said.facts
    }

    fn amounts(&self, said: &mut Statement, subscriber: &Member<'_>) {
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

fn coverage_facts(said: &mut Statement, subscriber: &Member<'_>) {
    let coverage = &subscriber.coverage;
    if let Some(plan) = present(coverage.plan) {
        let plan = PlanId::parse(&plan);
        said.facts.set(Field::PlanId, plan.standard_component());
        said.option(Field::CsrVariant, plan.variant().map(Value::from));
    } else {
        said.option(Field::PlanId, None);
        said.option(Field::CsrVariant, None);
    }
    said.option(Field::CoverageLine, coverage_line(coverage));
    let (begin, end) = if coverage.is_there {
        (coverage.begin, coverage.end)
    } else {
        (subscriber.eligibility_begin, subscriber.eligibility_end)
    };
    said.date(Field::BenefitBegin, begin);
    match period_end(begin) {
        Some(last) if end.is_empty() => said.facts.set(Field::BenefitEnd, last),
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

fn member_facts(member: &Member<'_>, shows_all: bool) -> Facts {
    let mut said = Statement { facts: Facts::new(), shows_all };
    if shows_all {
        // Within a change, a dependent who is taken out is shown with 024.
        said.facts.set(Field::MemberEnrolled, member.maintenance_type != b"024");
    }
    said.text(Field::NameLast, member.last);
    said.text(Field::NameFirst, member.first);
    said.text(Field::NameMiddle, member.middle);
    said.text(Field::NameSuffix, member.suffix);
    said.date(Field::BirthDate, member.birth_date);
    said.coded(Field::Sex, member.sex, sex);
    said.option(Field::Ssn, present(member.ssn).map(|ssn| Value::from(ssn_digits(&ssn))));
    said.coded(Field::Relationship, member.relationship, relationship);
    said.coded(Field::Subscriber, member.is_subscriber, yes_or_no);
    member_choices(&mut said, member);
    said.text(Field::Phone, member.phone);
    said.text(Field::Email, member.email);
    said.postal(RESIDENCE, &member.residence);
    said.text(Field::County, member.residence.county);
    said.postal(MAILING, &member.mailing);
    said.text(Field::MemberId, member.own_id);
    said.text(Field::IssuerMemberId, member.issuer_member_id);
    said.money(Field::Premium, member.premium_text());
    said.facts
}

/// What is told of some members only: without it nothing is said of the others.
fn member_choices(said: &mut Statement, member: &Member<'_>) {
    let is_told_of_subscribers = said.shows_all && member.is_subscriber();
    if let Some(tobacco) = tobacco(member.tobacco.trim_ascii()) {
        said.facts.set(Field::Tobacco, tobacco);
    }
    match marital_status(member.marital_status.trim_ascii()) {
        Some(status) => said.facts.set(Field::MaritalStatus, status),
        None if is_told_of_subscribers => said.facts.set_absent(Field::MaritalStatus),
        None => {}
    }
    // NISO Z39.53 and ISO 639-2 share their codes but for letter case.
    match present(member.language) {
        Some(code) => said.facts.set(Field::Language, code.to_ascii_lowercase()),
        None if is_told_of_subscribers => said.facts.set_absent(Field::Language),
        None => {}
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

/// Facts being made. Blank is absent in a transaction that shows everything, and unstated in one that does not.
struct Statement {
    facts: Facts,
    shows_all: bool,
}

impl Statement {
    fn option(&mut self, field: Field, value: Option<Value>) {
        match value {
            Some(value) => self.facts.set(field, value),
            None if self.shows_all => self.facts.set_absent(field),
            None => {}
        }
    }

    fn text(&mut self, field: Field, bytes: &[u8]) {
        self.option(field, present(bytes).map(|text| Value::from(&*text)));
    }

    fn coded(&mut self, field: Field, bytes: &[u8], canonical: fn(&str) -> &str) {
        self.option(field, present(bytes).map(|code| Value::from(canonical(&code))));
    }

    /// What is no date that exists is shown as it was found.
    fn date(&mut self, field: Field, bytes: &[u8]) {
        self.typed(field, bytes, date(bytes));
    }

    /// What is no amount is shown as it was found.
    fn money(&mut self, field: Field, bytes: &[u8]) {
        self.typed(field, bytes, cents(bytes));
    }

    fn typed(&mut self, field: Field, bytes: &[u8], value: Option<impl Into<Value>>) {
        let found = || present(bytes).map(|text| Value::from(&*text));
        self.option(field, value.map(Into::into).or_else(found));
    }

    fn postal(&mut self, fields: [Field; 5], postal: &Postal<'_>) {
        let elements = [postal.street_1, postal.street_2, postal.city, postal.state, postal.zip];
        for (field, element) in fields.into_iter().zip(elements) {
            self.text(field, element);
        }
    }
}
