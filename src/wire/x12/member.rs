//! One member loop (2000): what its segments say.

use super::text::{cents, date, present};
use crate::model::Cents;
use chrono::NaiveDate;
use std::borrow::Cow;

/// Elements of a postal address (N3, N4).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Postal<'a> {
    pub(super) street_1: &'a [u8],
    pub(super) street_2: &'a [u8],
    pub(super) city: &'a [u8],
    pub(super) state: &'a [u8],
    pub(super) zip: &'a [u8],
    /// N406 where N405 is `CY` (CMS companion guide v7.2 p. 40).
    pub(super) county: &'a [u8],
}

impl Postal<'_> {
    /// Whether nothing of it is said.
    pub(super) fn is_empty(&self) -> bool {
        [self.street_1, self.street_2, self.city, self.state, self.zip, self.county]
            .iter()
            .all(|element| element.is_empty())
    }
}

/// Loop 2300 of the line in question.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Coverage<'a> {
    pub(super) is_there: bool,
    pub(super) maintenance_type: &'a [u8],
    pub(super) line_code: &'a [u8],
    pub(super) begin: &'a [u8],
    pub(super) end: &'a [u8],
    pub(super) plan: &'a [u8],
    pub(super) policy: &'a [u8],
    pub(super) issuer_policy: &'a [u8],
    /// REF*XM.
    pub(super) previous_policy: &'a [u8],
    /// DTP*303, from when a change holds.
    pub(super) changed: &'a [u8],
    /// DTP*543.
    pub(super) paid_through: &'a [u8],
    /// AMT*P3, as issuers' own files carry it.
    pub(super) premium: &'a [u8],
}

/// Loop 2750: the member reporting categories, by their name in N102.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reporting<'a> {
    pub(super) submitted: &'a [u8],
    pub(super) maintenance_reason: &'a [u8],
    pub(super) application: &'a [u8],
    pub(super) aptc: &'a [u8],
    pub(super) total_responsibility: &'a [u8],
    pub(super) premium: &'a [u8],
    pub(super) premium_total: &'a [u8],
    pub(super) csr_amount: &'a [u8],
    pub(super) rating_area: &'a [u8],
    pub(super) special_enrollment: &'a [u8],
}

/// Family and first name of somebody else in the member's loop.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OtherName<'a> {
    pub(super) last: &'a [u8],
    pub(super) first: &'a [u8],
}

/// A member as the file holds it: elements borrowed from the reader's window, typed when asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Member<'a> {
    pub(super) is_subscriber: &'a [u8],
    pub(super) relationship: &'a [u8],
    pub(super) maintenance_type: &'a [u8],
    pub(super) maintenance_reason: &'a [u8],
    pub(super) subscriber_id: &'a [u8],
    pub(super) own_id: &'a [u8],
    pub(super) issuer_subscriber_id: &'a [u8],
    pub(super) issuer_member_id: &'a [u8],
    /// 2000 REF*1L: only where the whole group is cancelled or terminated (CMS companion guide v7.2 p. 18).
    pub(super) policy: &'a [u8],
    pub(super) eligibility_begin: &'a [u8],
    pub(super) eligibility_end: &'a [u8],
    /// 2000 DTP*303, from when a change holds.
    pub(super) changed: &'a [u8],
    pub(super) last: &'a [u8],
    pub(super) first: &'a [u8],
    pub(super) middle: &'a [u8],
    pub(super) suffix: &'a [u8],
    pub(super) ssn: &'a [u8],
    pub(super) phone: &'a [u8],
    pub(super) phone_rank: u8,
    pub(super) email: &'a [u8],
    pub(super) residence: Postal<'a>,
    pub(super) birth_date: &'a [u8],
    pub(super) sex: &'a [u8],
    pub(super) marital_status: &'a [u8],
    pub(super) tobacco: &'a [u8],
    pub(super) language: &'a [u8],
    pub(super) mailing: Postal<'a>,
    /// The name before a correction (2100B).
    pub(super) former: OtherName<'a>,
    /// The parent who has custody (2100F): nobody who is enrolled (CMS companion guide v7.2 p. 17).
    pub(super) custodian: OtherName<'a>,
    /// Whoever is responsible (2100G).
    pub(super) responsible: OtherName<'a>,
    pub(super) coverage: Coverage<'a>,
    pub(super) reporting: Reporting<'a>,
    pub(super) has_several_lines: bool,
}

impl<'a> Member<'a> {
    /// Whether this member is the subscriber (INS01).
    pub fn is_subscriber(&self) -> bool {
        self.is_subscriber == b"Y"
    }

    /// The exchange's id of the subscriber (REF*0F).
    pub fn subscriber_id(&self) -> Option<Cow<'a, str>> {
        present(self.subscriber_id)
    }

    /// The exchange's id of the member (REF*17 of loop 2000).
    pub fn member_id(&self) -> Option<Cow<'a, str>> {
        present(self.own_id)
    }

    /// The issuer's id of the member (REF*23).
    pub fn issuer_member_id(&self) -> Option<Cow<'a, str>> {
        present(self.issuer_member_id)
    }

    /// The issuer's id of the subscriber (REF*ZZ).
    pub fn issuer_subscriber_id(&self) -> Option<Cow<'a, str>> {
        present(self.issuer_subscriber_id)
    }

    /// The exchange's id of the policy: REF*1L of the coverage, or of the member where there is no coverage.
    pub fn policy_id(&self) -> Option<Cow<'a, str>> {
        present(self.policy_text())
    }

    /// The application's id, without the origin that the exchange appends to it.
    pub fn application_id(&self) -> Option<Cow<'a, str>> {
        present(application_without_origin(self.reporting.application))
    }

    /// The mailbox (PER, `EM`).
    pub fn email(&self) -> Option<Cow<'a, str>> {
        present(self.email)
    }

    /// The Social Security number as it stands (NM109 where NM108 is 34).
    pub fn ssn(&self) -> Option<Cow<'a, str>> {
        present(self.ssn)
    }

    /// Family name (NM103).
    pub fn last_name(&self) -> Option<Cow<'a, str>> {
        present(self.last)
    }

    /// First name (NM104).
    pub fn first_name(&self) -> Option<Cow<'a, str>> {
        present(self.first)
    }

    /// Date of birth (DMG02), where it is a date that exists.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        date(self.birth_date)
    }

    /// First day of coverage (2300 DTP*348), where it is a date that exists.
    pub fn benefit_begin(&self) -> Option<NaiveDate> {
        date(self.coverage.begin)
    }

    /// ZIP code of the residence as it stands (N403).
    pub fn zip(&self) -> Option<Cow<'a, str>> {
        present(self.residence.zip)
    }

    /// First street line of the residence as it stands (N301).
    pub fn street(&self) -> Option<Cow<'a, str>> {
        present(self.residence.street_1)
    }

    /// The telephone as it stands (PER).
    pub fn phone(&self) -> Option<Cow<'a, str>> {
        present(self.phone)
    }

    /// The plan as it stands (2300 REF*CE).
    pub fn plan(&self) -> Option<Cow<'a, str>> {
        present(self.coverage.plan)
    }

    /// This member's premium (PRE AMT 1, else AMT*P3 of the coverage), where it is an amount.
    pub fn premium(&self) -> Option<Cents> {
        cents(self.premium_text())
    }

    /// Advance premium tax credit of the group (APTC AMT), where it is an amount; the subscriber's loop has it.
    pub fn aptc(&self) -> Option<Cents> {
        cents(self.reporting.aptc)
    }

    /// Premium of the group (PRE AMT TOT), where it is an amount; the subscriber's loop has it.
    pub fn premium_total(&self) -> Option<Cents> {
        cents(self.reporting.premium_total)
    }

    /// What the subscriber owes (TOT RES AMT), where it is an amount; the subscriber's loop has it.
    pub fn total_responsibility(&self) -> Option<Cents> {
        cents(self.reporting.total_responsibility)
    }

    /// The coverage's, else the member's own.
    pub(super) fn policy_text(&self) -> &'a [u8] {
        let own = self.coverage.policy;
        if own.is_empty() && !self.policy.is_empty() { self.policy } else { own }
    }

    /// The categories name amounts and not lines: a member with several lines has its premium at the line itself.
    pub(super) fn premium_text(&self) -> &'a [u8] {
        let own = self.coverage.premium;
        let reported = self.reporting.premium;
        if !own.is_empty() && (reported.is_empty() || self.has_several_lines) { own } else { reported }
    }
}

/// `123456789-00` is an application and its origin (CMS companion guide v7.2 p. 109).
pub(super) fn application_without_origin(text: &[u8]) -> &[u8] {
    match text {
        [id @ .., b'-', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
            if !id.is_empty() && id.iter().all(u8::is_ascii_digit) { id } else { text }
        }
        _ => text,
    }
}
