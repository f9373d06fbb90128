//! One member: identifiers, coverage, dates, and what depends on them.

use super::super::finding::ElementPlace;
use super::super::rule::Rule;
use super::super::sink::{Here, Sink, masked, shown};
use super::super::values::day_before;
use super::address::{contact, place};
use super::asked::{Kind, check, said};
use super::combination::{additional_for, is_known};
use super::envelope::{EnvelopeFacts, Way, is_plan};
use super::segments::{day, is_ssn};
use super::short::Short;
use super::{At, tell};
use crate::wire::guide::codes::{self, meaning};
use crate::wire::x12::Segment;

/// What a member has said.
#[derive(Debug)]
pub(super) struct MemberFacts {
    pub(super) at: At,
    pub(super) is_subscriber: bool,
    pub(super) maintenance: Short,
    reason: Short,
    pub(super) additional: Short,
    /// REF*0F, REF*17, REF*1L of either loop.
    pub(super) subscriber_id: Short,
    pub(super) member_id: Short,
    pub(super) policy: Short,
    /// Bits of [`said`].
    said: u32,
    /// REF*X9, REF*XM.
    new_policy: bool,
    old_policy: bool,
    /// REF*ZZ, REF*23, REF*Q4, REF*ABB.
    new_ids: (bool, bool),
    old_ids: (bool, bool),
    pub(super) ssn: Short,
    pub(super) birth: Option<(u32, At)>,
    marital: Option<At>,
    pub(super) tobacco: Option<At>,
    eligibility: (Option<u32>, Option<(u32, At)>),
    benefit: (Option<(u32, At)>, Option<At>),
    pub(super) coverages: u32,
    coverage_at: At,
    pub(super) line: Short,
    pub(super) plan: Short,
    plan_at: At,
    pub(super) amounts: Amounts,
    /// What may be told once and has been, as bits.
    once: u16,
    /// LX01 of the last reporting category.
    pub(super) category: u32,
    /// The known reporting categories that were told, as bits.
    pub(super) categories: u32,
}

/// How much of the costs a plan shares (CMS companion guide v7.2 p. 13): outside the exchange, as it is, for American Indians, and
/// with 73, 87 or 94 % of the costs paid.
const VARIANTS: &[&[u8]] = &[b"00", b"01", b"02", b"03", b"04", b"05", b"06"];

/// What a member tells once: segment, qualifier, loop, and the rule that a second one breaks.
const ONCE: &[(&str, &str, &str, Rule)] = &[
    ("REF", "17", "2000", Rule::Identifiers),
    ("DTP", "356", "2000", Rule::Dates),
    ("DTP", "357", "2000", Rule::Dates),
    ("DTP", "348", "2300", Rule::Dates),
    ("DTP", "349", "2300", Rule::Dates),
    ("REF", "CE", "2300", Rule::Plan),
    ("REF", "1L", "2300", Rule::Coverage),
];

/// The reporting categories that a member has told, as bits of [`said`], and the amounts among them in cents.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amounts {
    pub(super) told: u32,
    /// One of them is no amount, which has been told: sums say nothing.
    pub(super) is_unsure: bool,
    pub(super) own_premium: i64,
    pub(super) premium: i64,
    pub(super) credit: i64,
    pub(super) responsibility: i64,
    /// What others pay: employers, other payers.
    pub(super) others: i64,
    pub(super) responsibility_at: At,
    pub(super) premium_at: At,
}

impl MemberFacts {
    pub(super) fn new(ins: Segment<'_>, here: Here<'_>, sink: &mut Sink) -> Self {
        let [_, is_subscriber, relationship, maintenance, reason, status, _, _, employment] = ins.elements();
        let mut wrong = |rule, element, found: &[u8], expected: &str| {
            sink.add(rule, here, ElementPlace::of(element), || (shown(found), expected.to_owned()));
        };
        let is_self = relationship == b"18";
        // Another code than these is told by the guide's list; the relationship says who it is.
        let is_told = matches!(is_subscriber, b"Y" | b"N");
        let is_subscriber = if is_told { is_subscriber == b"Y" } else { is_self };
        if is_subscriber != is_self {
            wrong(
                Rule::Subscriber,
                2,
                relationship,
                if is_subscriber { "`18` (self) with INS01 Y" } else { "INS01 Y with `18` (self)" },
            );
        }
        if status != b"A" {
            wrong(Rule::Status, 5, status, "`A` (active)");
        }
        let (fits, expected) = match (is_subscriber, maintenance) {
            (false, _) => (employment.is_empty(), "nothing: INS08 is the subscriber's"),
            (true, b"024") => (employment == b"TE", "`TE`, as coverage ends"),
            (true, b"030") => (matches!(employment, b"AC" | b"TE"), "`AC`, or `TE` where coverage has ended"),
            (true, _) => (employment == b"AC", "`AC`, as coverage does not end"),
        };
        if !fits {
            wrong(Rule::Status, 8, employment, expected);
        }
        Self {
            at: At::new("INS", here),
            is_subscriber,
            maintenance: Short::new(maintenance),
            reason: Short::new(reason),
            ..Self::nobody()
        }
    }

    fn nobody() -> Self {
        let none = Short::default();
        Self {
            at: At::default(),
            is_subscriber: false,
            maintenance: none,
            reason: none,
            additional: none,
            subscriber_id: none,
            member_id: none,
            policy: none,
            said: 0,
            new_policy: false,
            old_policy: false,
            new_ids: (false, false),
            old_ids: (false, false),
            ssn: none,
            birth: None,
            marital: None,
            tobacco: None,
            eligibility: (None, None),
            benefit: (None, None),
            coverages: 0,
            coverage_at: At::default(),
            line: none,
            plan: none,
            plan_at: At::default(),
            amounts: Amounts::default(),
            once: 0,
            category: 0,
            categories: 0,
        }
    }

    fn tell_again(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let qualifier = segment.element(1);
        let is_it = |known: &&(&str, &str, &str, Rule)| {
            let (id, code, in_loop, _) = *known;
            id.as_bytes() == here.segment && code.as_bytes() == qualifier && *in_loop == here.in_loop
        };
        let Some((number, (id, code, _, rule))) = (0..).zip(ONCE).find(|(_, known)| is_it(known)) else { return };
        if self.once & 1 << number != 0 {
            sink.add(*rule, here, ElementPlace::of(1), || (format!("{id}*{code} again"), "it once".to_owned()));
        }
        self.once |= 1 << number;
    }

    /// Takes in a segment of the member, after INS.
    #[inline]
    pub(super) fn take(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        if matches!(here.segment, b"REF" | b"DTP") {
            self.tell_again(segment, here, sink);
        }
        match (here.segment, here.in_loop) {
            (b"REF", "2000") => self.identifier(segment),
            (b"DTP", "2000") => self.date(segment, here),
            (b"NM1", "2100A") => self.name(segment, here, sink),
            (b"PER", _) => contact(segment, here, sink),
            (b"N4", _) => place(segment, here, sink),
            (b"DMG", "2100A") => {
                self.said |= said::DEMOGRAPHICS;
                let [_, _, birth, _, marital] = segment.elements();
                self.birth = day(birth).map(|birth| (birth, At::new("DMG", here)));
                self.marital = (!marital.is_empty()).then(|| At::new("DMG", here));
            }
            (b"HLH", "2100A") => {
                self.tobacco = Some(At::new("HLH", here));
                let said = segment.element(1);
                if !matches!(said, b"T" | b"N") {
                    sink.add(Rule::Demographics, here, ElementPlace::of(1), || (shown(said), "`T` or `N`".to_owned()));
                }
            }
            (b"HD", "2300") => {
                self.coverages += 1;
                self.said |= said::COVERED;
                self.coverage_at = At::new("HD", here);
                self.once &= 0b111;
                // A line that the guide does not know is told by its list.
                let line = segment.element(3);
                let is_known = meaning(codes::INSURANCE_LINE, line).is_some();
                self.line = if is_known { Short::new(line) } else { Short::default() };
            }
            (b"DTP", "2300") => self.benefit_date(segment, here),
            (b"REF", "2300") => self.coverage_identifier(segment, here),
            _ => {}
        }
    }

    fn identifier(&mut self, segment: Segment<'_>) {
        let [_, qualifier, value] = segment.elements();
        match qualifier {
            b"0F" => self.subscriber_id = Short::new(value),
            b"17" => self.member_id = Short::new(value),
            b"1L" => {
                self.said |= said::POLICY | said::GROUP_POLICY;
                self.policy = Short::new(value);
            }
            b"ZZ" => self.new_ids.0 = true,
            b"23" => self.new_ids.1 = true,
            b"Q4" => self.old_ids.0 = true,
            b"ABB" => self.old_ids.1 = true,
            _ => {}
        }
    }

    fn date(&mut self, segment: Segment<'_>, here: Here<'_>) {
        let [_, qualifier, _, value] = segment.elements();
        match qualifier {
            b"356" => {
                self.said |= said::ELIGIBLE;
                self.eligibility.0 = day(value);
            }
            b"357" => {
                self.said |= said::ENDS;
                self.eligibility.1 = day(value).map(|end| (end, At::new("DTP", here)));
            }
            _ => {}
        }
    }

    fn benefit_date(&mut self, segment: Segment<'_>, here: Here<'_>) {
        let [_, qualifier, _, value] = segment.elements();
        match qualifier {
            b"348" => self.benefit.0 = day(value).map(|begin| (begin, At::new("DTP", here))),
            b"349" => self.benefit.1 = Some(At::new("DTP", here)),
            b"543" => self.said |= said::PAID,
            _ => {}
        }
    }

    fn coverage_identifier(&mut self, segment: Segment<'_>, here: Here<'_>) {
        let [_, qualifier, value] = segment.elements();
        match qualifier {
            b"CE" => {
                self.said |= said::PLAN;
                self.plan = Short::new(value);
                self.plan_at = At::new("REF", here);
            }
            b"1L" => {
                self.said |= said::POLICY;
                self.policy = Short::new(value);
            }
            b"X9" => self.new_policy = true,
            b"XM" => self.old_policy = true,
            _ => {}
        }
    }

    fn name(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let [_, _, _, _, _, _, _, _, qualifier, id] = segment.elements();
        if qualifier != b"34" {
            return;
        }
        self.ssn = Short::new(id);
        if !is_ssn(id) {
            sink.add(Rule::Ssn, here, ElementPlace::of(9), || {
                (masked(id), "nine digits that are not all the same, or neither NM108 nor NM109".to_owned())
            });
        }
    }

    pub(super) fn is_added(&self) -> bool {
        self.maintenance.bytes() == b"021"
    }

    pub(super) fn is_ended(&self) -> bool {
        self.maintenance.bytes() == b"024"
    }

    /// What the transaction is for this member.
    pub(super) fn kind(&self, way: Way) -> Kind {
        Kind::of(way, self.maintenance.bytes(), self.additional.bytes())
    }

    /// Everything that was said of the member, as bits of [`said`].
    pub(super) fn said(&self) -> u32 {
        self.said | self.amounts.told
    }

    /// Judges the member at its end.
    pub(super) fn finish(&self, envelope: &EnvelopeFacts, here: Here<'_>, sink: &mut Sink) {
        self.check_combination(envelope, here, sink);
        self.check_identifiers(here, sink);
        self.check_coverage(envelope, here, sink);
        self.check_dates(envelope.way, here, sink);
        self.check_balance(here, sink);
        check(self.kind(envelope.way), self, here, sink);
        if let Some(at) = self.marital.filter(|_| !self.is_subscriber) {
            tell(Rule::Demographics, at, 4, (here, sink), || {
                ("a marital status of a dependent".to_owned(), "it of the subscriber only".to_owned())
            });
        }
    }

    fn check_combination(&self, envelope: &EnvelopeFacts, here: Here<'_>, sink: &mut Sink) {
        let said = (self.maintenance.bytes(), self.reason.bytes(), self.additional.bytes());
        if is_known(envelope.way, self.is_subscriber, said) {
            return;
        }
        tell(Rule::Combination, self.at, 4, (here, sink), || {
            let (maintenance, reason, additional) = said;
            let known = additional_for(envelope.way, maintenance, reason);
            let found = format!("{} with {} and {}", shown(maintenance), shown(reason), shown(additional));
            let expected = match known.as_slice() {
                [] => "a maintenance reason that goes with the maintenance type".to_owned(),
                known => format!("an ADDL MAINT REASON among {}", known.join(", ")),
            };
            (found, expected)
        });
    }

    fn check_identifiers(&self, here: Here<'_>, sink: &mut Sink) {
        if self.member_id.is_empty() {
            tell(Rule::Identifiers, self.at, 0, (here, sink), || {
                ("a member without REF*17".to_owned(), "the exchange-assigned member id".to_owned())
            });
        } else if self.is_subscriber && self.member_id != self.subscriber_id {
            tell(Rule::Identifiers, self.at, 0, (here, sink), || {
                let (member, subscriber) = (shown(self.member_id.bytes()), shown(self.subscriber_id.bytes()));
                (format!("REF*17 {member} of the subscriber"), format!("the same as REF*0F {subscriber}"))
            });
        }
        for (old, new, names) in [
            (self.old_ids.0, self.new_ids.0, ("Q4", "ZZ")),
            (self.old_ids.1, self.new_ids.1, ("ABB", "23")),
            (self.old_policy, self.new_policy, ("XM", "X9")),
        ] {
            if old && !new {
                tell(Rule::OldIdentifiers, self.at, 0, (here, sink), || {
                    (format!("REF*{} alone", names.0), format!("REF*{} beside it", names.1))
                });
            }
        }
    }

    fn check_coverage(&self, envelope: &EnvelopeFacts, here: Here<'_>, sink: &mut Sink) {
        if self.is_subscriber && self.is_ended() {
            return self.check_end(here, sink);
        }
        let mut lack = |what: &str, expected: &str| {
            tell(Rule::Coverage, self.at, 0, (here, &mut *sink), || (what.to_owned(), expected.to_owned()));
        };
        if self.is_added() {
            match self.coverages {
                1 => {}
                0 => lack("a member without HD", "one HD*021**HLT or HD*021**DEN"),
                _ => lack("a member with several HD", "medical and dental in sets of their own"),
            }
            if self.coverages > 0 && self.benefit.0.is_none() {
                lack("coverage without DTP*348", "the day the benefit begins");
            }
            if self.coverages > 0 && self.plan.is_empty() {
                lack("coverage without REF*CE", "the plan id");
            }
            if self.coverages > 0 && self.policy.is_empty() {
                lack("coverage without REF*1L", "the exchange-assigned policy id");
            }
        }
        if self.coverages > 0 && !matches!(self.line.bytes(), b"HLT" | b"DEN" | b"") {
            tell(Rule::Coverage, self.coverage_at, 3, (here, &mut *sink), || {
                (shown(self.line.bytes()), "`HLT` or `DEN`".to_owned())
            });
        }
        self.check_plan(envelope, here, sink);
    }

    fn check_plan(&self, envelope: &EnvelopeFacts, here: Here<'_>, sink: &mut Sink) {
        let plan = self.plan.bytes();
        if plan.is_empty() {
            return;
        }
        let base = plan.get(..14).unwrap_or_default();
        let variant = plan.get(14..).unwrap_or_default();
        if !is_plan(base) || variant.len() != 2 || !variant.iter().all(u8::is_ascii_digit) {
            tell(Rule::Plan, self.plan_at, 2, (here, sink), || {
                (shown(plan), "16 characters, such as `12345VA001000104`".to_owned())
            });
        } else if !VARIANTS.contains(&variant) {
            tell(Rule::Plan, self.plan_at, 2, (here, sink), || {
                (format!("{} with variant {}", shown(plan), shown(variant)), "a variant from 00 to 06".to_owned())
            });
        } else if !envelope.plan.is_empty() && envelope.plan.bytes() != base {
            tell(Rule::Plan, self.plan_at, 2, (here, sink), || {
                (shown(plan), format!("a variant of {}, which the group is for", shown(envelope.plan.bytes())))
            });
        }
    }

    fn check_end(&self, here: Here<'_>, sink: &mut Sink) {
        if self.coverages > 0 {
            tell(Rule::EndsWhole, self.coverage_at, 0, (here, &mut *sink), || {
                ("a cancellation or termination with HD".to_owned(), "no coverage loop".to_owned())
            });
        }
    }

    fn check_dates(&self, way: Way, here: Here<'_>, sink: &mut Sink) {
        let (eligible, ends) = self.eligibility;
        if self.is_added() && eligible.is_none() {
            tell(Rule::Dates, self.at, 0, (here, &mut *sink), || {
                ("an enrollment without a day in DTP*356".to_owned(), "the day on which eligibility begins".to_owned())
            });
        }
        if let (Some(eligible), Some((benefit, at))) = (eligible, self.benefit.0)
            && self.is_added()
            && eligible != benefit
        {
            tell(Rule::Dates, at, 3, (here, &mut *sink), || {
                (format!("`{benefit}` as 348"), format!("`{eligible}`, as in DTP*356"))
            });
        }
        let open_ended = self.is_added().then_some(()).and(self.benefit.1.or(ends.map(|(_, at)| at)));
        if let Some(at) = open_ended {
            tell(Rule::Dates, at, 1, (here, &mut *sink), || {
                ("an end date".to_owned(), "none: an enrollment is open-ended".to_owned())
            });
        }
        let (Some(begin), Some((end, at))) = (eligible, ends) else { return };
        let reason = self.additional.bytes();
        let (is_wrong, expected) = if reason.starts_with(b"CANCEL") && way == Way::ToIssuer {
            (end != begin, format!("`{begin}`, the day it begins"))
        } else if reason.starts_with(b"CANCEL") {
            (end != begin && end != day_before(begin), format!("`{begin}`, the day it begins, or the day before"))
        } else {
            (reason.starts_with(b"TERM") && end <= begin, format!("a day after `{begin}`, the day it begins"))
        };
        if is_wrong && self.is_ended() {
            tell(Rule::Dates, at, 3, (here, sink), || (format!("`{end}` as 357"), expected));
        }
    }

    fn check_balance(&self, here: Here<'_>, sink: &mut Sink) {
        use said::{CREDIT, PREMIUM, RESPONSIBILITY};
        let amounts = &self.amounts;
        let needed = PREMIUM | RESPONSIBILITY;
        if amounts.is_unsure {
            return;
        }
        if amounts.told & needed != needed || (amounts.told & CREDIT == 0 && amounts.others == 0) {
            return;
        }
        let due = amounts.premium - amounts.credit - amounts.others;
        if amounts.responsibility != due {
            tell(Rule::Balance, amounts.responsibility_at, 2, (here, sink), || {
                let found = format!("TOT RES AMT {}", money(amounts.responsibility));
                let (premium, credit) = (money(amounts.premium), money(amounts.credit));
                let others = if amounts.others == 0 { String::new() } else { format!(" - {}", money(amounts.others)) };
                (found, format!("{}, which is {premium} - {credit}{others}", money(due)))
            });
        }
    }
}

/// An amount for people.
pub(super) fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}
