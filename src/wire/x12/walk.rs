//! Reads a member loop's segments, and keeps what belongs to the member apart from the loops nested in it.

use super::held::Line;
use super::member::{Coverage, Member, OtherName};
use super::segment::{Segment, Span};
use super::text::same_words;

/// NM101 of loop 2100G (005010X220A1): responsible person, guardian, executor, power of attorney and the like.
fn is_responsible(role: &[u8]) -> bool {
    const ROLES: [&[u8]; 13] =
        [b"S1", b"6Y", b"9K", b"E1", b"EI", b"EXS", b"GB", b"GD", b"J6", b"LR", b"QD", b"TZ", b"X4"];
    ROLES.contains(&role)
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
    SpecialEnrollment,
}

const CATEGORIES: [(&[u8], Category); 11] = [
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
    (b"SEP REASON", Category::SpecialEnrollment),
];

impl Category {
    fn of_name(name: &[u8]) -> Self {
        let exact = CATEGORIES.iter().find(|(known, _)| *known == name);
        let found = exact.or_else(|| CATEGORIES.iter().find(|(known, _)| same_words(name, known)));
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
            (Loop::Coverage, b"XM") => member.coverage.previous_policy = value,
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
            Category::SpecialEnrollment => reporting.special_enrollment = value,
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
            (Loop::Coverage, b"303") => self.member.coverage.changed = value,
            (Loop::Coverage, b"543") => self.member.coverage.paid_through = value,
            (Loop::Member | Loop::Person, b"303") => self.member.changed = value,
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
        let member = &mut self.member;
        if self.place >= Loop::Coverage {
            self.place = Loop::Beside;
        } else if matches!(role, b"IL" | b"74") && !self.is_named {
            self.place = Loop::Person;
            self.is_named = true;
            (member.last, member.first, member.middle, member.suffix) = (last, first, middle, suffix);
            member.ssn = if qualifier == b"34" { id } else { id.get(..0).unwrap_or_default() };
        } else {
            self.place = if role == b"31" { Loop::Mailing } else { Loop::Others };
            let name = OtherName { last, first };
            match role {
                b"70" | b"IL" => member.former = name,
                b"S3" => member.custodian = name,
                _ if is_responsible(role) && member.responsible.last.is_empty() => member.responsible = name,
                _ => {}
            }
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
            postal.county = if qualifier == b"CY" { county } else { county.get(..0).unwrap_or_default() };
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
            let is_first = self.member.phone_rank == 0;
            if rank > self.member.phone_rank && (is_first || !number.is_empty()) {
                self.member.phone = number;
                self.member.phone_rank = if number.is_empty() { 0 } else { rank };
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
