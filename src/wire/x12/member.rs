//! One member loop (2000): what its segments say, each kept apart from the loops nested in it.

use super::held::Line;
use super::segment::{Segment, Span};
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

/// Loop 2300 of the line in question.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Coverage<'a> {
    pub(super) is_there: bool,
    pub(super) maintenance_type: &'a [u8],
    pub(super) line_code: &'a [u8],
    pub(super) begin: &'a [u8],
    pub(super) end: &'a [u8],
    /// DTP*543, which an issuer sends when it confirms.
    pub(super) paid_through: &'a [u8],
    pub(super) plan: &'a [u8],
    pub(super) policy: &'a [u8],
    pub(super) issuer_policy: &'a [u8],
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
        present(self.coverage.policy).or_else(|| present(self.policy))
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

    /// The categories name amounts and not lines: a member with several lines has its premium at the line itself.
    pub(super) fn premium_text(&self) -> &'a [u8] {
        let own = self.coverage.premium;
        let reported = self.reporting.premium;
        if reported.is_empty() || (self.has_several_lines && !own.is_empty()) { own } else { reported }
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

/// The loop a segment stands in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loop {
    /// 2000.
    Member,
    /// 2100A: the member.
    Person,
    /// 2100C: mailing address.
    Mailing,
    /// 2100B and D to H, 2200: former name, employer, school, parents, disability.
    Others,
    /// 2300 of the line in question.
    Coverage,
    /// 2300 of another line, 2310, 2320, 2330.
    Beside,
    /// 2700, 2750.
    Reporting,
}

/// A category of loop 2750.
#[derive(Clone, Copy)]
enum Category {
    Unknown,
    Submitted,
    MaintenanceReason,
    Application,
    Aptc,
    TotalResponsibility,
    Premium,
    PremiumTotal,
    CsrAmount,
    RatingArea,
}

const CATEGORIES: [(&[u8], Category); 10] = [
    (b"PRE AMT 1", Category::Premium),
    (b"PRE AMT TOT", Category::PremiumTotal),
    (b"APTC AMT", Category::Aptc),
    (b"TOT RES AMT", Category::TotalResponsibility),
    (b"RATING AREA", Category::RatingArea),
    (b"REQUEST SUBMIT TIMESTAMP", Category::Submitted),
    (b"ADDL MAINT REASON", Category::MaintenanceReason),
    (b"APPLICATION ID AND ORIGIN", Category::Application),
    (b"APPLICATION ID", Category::Application),
    (b"CSR AMT", Category::CsrAmount),
];

impl Category {
    fn of_name(name: &[u8]) -> Self {
        let exact = CATEGORIES.iter().find(|(known, _)| *known == name);
        let found = exact.or_else(|| CATEGORIES.iter().find(|(known, _)| super::text::same_words(name, known)));
        found.map_or(Self::Unknown, |(_, category)| *category)
    }
}

/// Reads one member's segments.
pub(super) struct Walk<'a> {
    member: Member<'a>,
    place: Loop,
    category: Category,
    line: Option<Line>,
    separator: u8,
    is_named: bool,
}

impl<'a> Walk<'a> {
    /// Reads a member. `line` picks one coverage where the member has several.
    pub(super) fn member(bytes: &'a [u8], segments: &[Span], separator: u8, line: Option<Line>) -> Member<'a> {
        let (place, category) = (Loop::Member, Category::Unknown);
        let member = Member { has_several_lines: line.is_some(), ..Member::default() };
        let mut walk = Self { member, place, category, line, separator, is_named: false };
        for span in segments {
            walk.take(span.of(bytes));
        }
        walk.member
    }

    #[inline]
    fn take(&mut self, content: &'a [u8]) {
        let s = self.separator;
        let segment = Segment::new(content, s);
        match content {
            [b'R', b'E', b'F', ..] => self.reference(segment),
            [b'D', b'T', b'P', ..] => self.date(segment),
            [b'N', b'1', t, ..] if *t == s => self.category(segment),
            [b'L', b'X', t, ..] if *t == s => self.count(),
            [b'N', b'M', b'1', ..] => self.name(segment),
            [b'N', b'3' | b'4', t, ..] if *t == s => self.address(segment),
            [b'P', b'E', b'R', ..] if self.place == Loop::Person => self.communications(segment),
            [b'D', b'M', b'G', ..] if self.place == Loop::Person => self.demographics(segment),
            [b'H', b'L', b'H', ..] if self.place < Loop::Coverage => [_, self.member.tobacco] = segment.elements(),
            [b'L', b'U', b'I', ..] if self.place < Loop::Coverage => [_, _, self.member.language] = segment.elements(),
            [b'A', b'M', b'T', ..] if self.place == Loop::Coverage => self.amount(segment),
            [b'H', b'D', t, ..] if *t == s => self.coverage(segment),
            [b'C', b'O', b'B', ..] => self.place = Loop::Beside,
            [b'D', b'S', b'B', ..] => self.place = Loop::Others,
            [b'L', b'S', t, ..] if *t == s => self.place = Loop::Reporting,
            [b'I', b'N', b'S', ..] => self.insured(segment),
            _ => {}
        }
    }

    fn insured(&mut self, segment: Segment<'a>) {
        let [_, is_subscriber, relationship, kind, reason] = segment.elements();
        self.member.is_subscriber = is_subscriber;
        self.member.relationship = relationship;
        self.member.maintenance_type = kind;
        self.member.maintenance_reason = reason;
    }

    #[inline]
    fn reference(&mut self, segment: Segment<'a>) {
        let [_, qualifier, value] = segment.elements();
        let member = &mut self.member;
        match (self.place, qualifier) {
            (Loop::Reporting, _) => self.report(value),
            (Loop::Coverage, b"CE") => member.coverage.plan = value,
            (Loop::Coverage, b"1L") => member.coverage.policy = value,
            (Loop::Coverage, b"X9") => member.coverage.issuer_policy = value,
            (Loop::Member | Loop::Person, b"0F") => member.subscriber_id = value,
            (Loop::Member | Loop::Person, b"17") => member.own_id = value,
            (Loop::Member | Loop::Person, b"1L") => member.policy = value,
            (Loop::Member | Loop::Person, b"23") => member.issuer_member_id = value,
            (Loop::Member | Loop::Person, b"ZZ") => member.issuer_subscriber_id = value,
            _ => {}
        }
    }

    #[inline]
    fn report(&mut self, value: &'a [u8]) {
        let reporting = &mut self.member.reporting;
        match self.category {
            Category::Unknown => {}
            Category::Submitted => reporting.submitted = value,
            Category::MaintenanceReason => reporting.maintenance_reason = value,
            Category::Application => reporting.application = value,
            Category::Aptc => reporting.aptc = value,
            Category::TotalResponsibility => reporting.total_responsibility = value,
            Category::Premium => reporting.premium = value,
            Category::PremiumTotal => reporting.premium_total = value,
            Category::CsrAmount => reporting.csr_amount = value,
            Category::RatingArea => reporting.rating_area = value,
        }
    }

    #[inline]
    fn date(&mut self, segment: Segment<'a>) {
        if self.place == Loop::Reporting {
            return;
        }
        let [_, qualifier, _, value] = segment.elements();
        match (self.place, qualifier) {
            (Loop::Coverage, b"348") => self.member.coverage.begin = value,
            (Loop::Coverage, b"349") => self.member.coverage.end = value,
            (Loop::Coverage, b"543") => self.member.coverage.paid_through = value,
            (Loop::Member | Loop::Person, b"356") => self.member.eligibility_begin = value,
            (Loop::Member | Loop::Person, b"357") => self.member.eligibility_end = value,
            _ => {}
        }
    }

    /// N1 within a member is always a reporting category; its frame LS and LE is missing from some files.
    fn category(&mut self, segment: Segment<'a>) {
        let [_, _, name] = segment.elements();
        self.place = Loop::Reporting;
        self.category = Category::of_name(name);
    }

    /// LX opens a provider (2310) after a coverage, a category within 2700.
    fn count(&mut self) {
        match self.place {
            Loop::Coverage => self.place = Loop::Beside,
            Loop::Reporting => self.category = Category::Unknown,
            _ => {}
        }
    }

    /// `74` is the corrected name, `70` the former one; the exchange prints `IL` for both, the former second
    /// (CMS companion guide v7.2 p. 81 and 84).
    fn name(&mut self, segment: Segment<'a>) {
        let [_, role, _, last, first, middle, _, suffix, qualifier, id] = segment.elements();
        if self.place >= Loop::Coverage {
            self.place = Loop::Beside;
        } else if matches!(role, b"IL" | b"74") && !self.is_named {
            self.place = Loop::Person;
            self.is_named = true;
            let member = &mut self.member;
            (member.last, member.first, member.middle, member.suffix) = (last, first, middle, suffix);
            member.ssn = if qualifier == b"34" { id } else { b"" };
        } else {
            self.place = if role == b"31" { Loop::Mailing } else { Loop::Others };
        }
    }

    fn address(&mut self, segment: Segment<'a>) {
        let postal = match self.place {
            Loop::Person => &mut self.member.residence,
            Loop::Mailing => &mut self.member.mailing,
            _ => return,
        };
        let [id, one, two, three, _, qualifier, county] = segment.elements();
        if id == b"N3" {
            (postal.street_1, postal.street_2) = (one, two);
        } else {
            (postal.city, postal.state, postal.zip) = (one, two, three);
            postal.county = if qualifier == b"CY" { county } else { b"" };
        }
    }

    /// Up to three pairs; `TE` is the first telephone of the application (CMS companion guide v7.2 p. 39).
    fn communications(&mut self, segment: Segment<'a>) {
        let [_, _, _, q1, n1, q2, n2, q3, n3] = segment.elements();
        for (qualifier, number) in [(q1, n1), (q2, n2), (q3, n3)] {
            let rank = match qualifier {
                b"EM" => {
                    self.member.email = number;
                    continue;
                }
                b"TE" => 5,
                b"HP" => 4,
                b"CP" => 3,
                b"AP" => 2,
                b"WP" | b"BN" => 1,
                _ => continue,
            };
            if rank > self.member.phone_rank && !number.is_empty() {
                self.member.phone = number;
                self.member.phone_rank = rank;
            }
        }
    }

    fn demographics(&mut self, segment: Segment<'a>) {
        let [_, _, birth_date, sex, marital_status] = segment.elements();
        self.member.birth_date = birth_date;
        self.member.sex = sex;
        self.member.marital_status = marital_status;
    }

    fn coverage(&mut self, segment: Segment<'a>) {
        let [_, maintenance_type, _, line_code] = segment.elements();
        let is_other_line = self.line.is_some_and(|line| line != Line::of_code(line_code));
        // A change of plan shows the coverage that ends beside the one that begins, in either order.
        let is_the_end = self.member.coverage.is_there && matches!(maintenance_type, b"024" | b"002");
        if is_other_line || is_the_end {
            self.place = Loop::Beside;
            return;
        }
        self.place = Loop::Coverage;
        self.member.coverage = Coverage { is_there: true, maintenance_type, line_code, ..Coverage::default() };
    }

    fn amount(&mut self, segment: Segment<'a>) {
        if let [_, b"P3", amount] = segment.elements() {
            self.member.coverage.premium = amount;
        }
    }
}
