//! Reporting categories (loop 2750): name, value, date, owner.

use super::super::rule::Rule;
use super::super::sink::{Here, Sink, shown};
use super::super::values::{cents, digits, is_moment};
use super::asked::said;
use super::envelope::EnvelopeFacts;
use super::member::MemberFacts;
use super::short::Short;
use super::{At, tell};
use crate::wire::x12::{Segment, is_tenant, same_words};

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Money,
    Timestamp,
    Tenant,
    Application,
    RatingArea,
    SpecialEnrollment,
}

/// Name without blanks and hyphens, REF01, form of REF02 (CMS companion guide v7.2 p. 45, 46, 109; those after the blank
/// line are older guides', state exchanges' and employers').
const CATEGORIES: &[(&str, &str, Form)] = &[
    ("REQUESTSUBMITTIMESTAMP", "17", Form::Timestamp),
    ("SOURCEEXCHANGEID", "17", Form::Tenant),
    ("ADDLMAINTREASON", "17", Form::Text),
    ("SEPREASON", "17", Form::SpecialEnrollment),
    ("APPLICATIONIDANDORIGIN", "6M", Form::Application),
    ("APTCAMT", "9V", Form::Money),
    ("TOTRESAMT", "9V", Form::Money),
    ("PREAMT1", "9X", Form::Money),
    ("PREAMTTOT", "9X", Form::Money),
    ("RATINGAREA", "9X", Form::RatingArea),
    ("CSRAMT", "9V", Form::Money),
    ("OTHPAYAMT1", "9V", Form::Money),
    ("OTHPAYAMT2", "9V", Form::Money),
    ("TOTEMPRESAMT", "9V", Form::Money),
    ("AIDCATCODE", "17", Form::Text),
    ("CARRIERTOBILL", "17", Form::Text),
    ("ISFFM", "17", Form::Text),
];

/// Where an application came from: the two digits after its id (CMS companion guide v7.2 p. 109, whose example has `00`).
const ORIGINS: &[&[u8]] = &[b"00", b"01", b"02", b"03", b"04", b"05", b"06", b"11", b"12", b"18"];

/// Why somebody may enroll outside the open enrollment, with the words that may follow the code (p. 109).
const SPECIAL_ENROLLMENTS: &[(&str, &str)] = &[
    ("02", "BIRTH"),
    ("05", "ADOPTION"),
    ("07", "TERMINATION OF BENEFITS"),
    ("32", "MARRIAGE"),
    ("43", "CHANGE OF LOCATION"),
    ("FC", ""),
    ("NE", ""),
    ("QS", ""),
    ("HR", ""),
];

/// Rating areas of a state have these numbers at most (p. 46).
const RATING_AREAS: u32 = 150;

/// Whether a name (N102 of loop 2750) is one that exchanges use, however blanks, hyphens and letter case are written.
pub fn is_known_category(name: &[u8]) -> bool {
    let squashed = Short::squashed(name);
    CATEGORIES.iter().any(|(known, ..)| known.as_bytes() == squashed.bytes())
}

/// One category while it is read.
#[derive(Debug, Default)]
pub(super) struct CategoryFacts {
    name: Option<(Short, At)>,
    reference: Option<(Short, Short, At)>,
    dates: u32,
    is_period: bool,
}

impl CategoryFacts {
    #[inline]
    pub(super) fn take(&mut self, segment: Segment<'_>, here: Here<'_>) {
        match here.segment {
            b"N1" => self.name = Some((Short::squashed(segment.element(2)), At::new("N1", here))),
            b"REF" => {
                let [_, qualifier, value] = segment.elements();
                self.reference = Some((Short::new(qualifier), Short::new(value), At::new("REF", here)));
            }
            b"DTP" => {
                self.dates += 1;
                self.is_period |= segment.element(2) != b"D8";
            }
            _ => {}
        }
    }

    /// Judges the category and hands its value to the member.
    pub(super) fn finish(self, member: &mut MemberFacts, envelope: &EnvelopeFacts, here: Here<'_>, sink: &mut Sink) {
        let Some((name, name_at)) = self.name else { return };
        let mut all = (0_u32..).zip(CATEGORIES);
        let known = all.find(|(_, (known, ..))| known.as_bytes() == name.bytes());
        let Some((number, (known, qualifier, form))) = known else {
            return tell(Rule::Category, name_at, 2, (here, sink), || {
                (shown(name.bytes()), "a name of the exchange's table, such as APTC AMT".to_owned())
            });
        };
        if member.categories & 1 << number != 0 {
            tell(Rule::Category, name_at, 2, (here, &mut *sink), || {
                (format!("{} again", shown(name.bytes())), "each category of a member once".to_owned())
            });
        }
        member.categories |= 1 << number;
        self.check_date(known, name_at, here, sink);
        let Some((said, value, at)) = self.reference else {
            return tell(Rule::Category, name_at, 0, (here, sink), || {
                ("a category without REF".to_owned(), format!("its value as REF*{qualifier}"))
            });
        };
        if said.bytes() != qualifier.as_bytes() {
            tell(Rule::Category, at, 1, (here, &mut *sink), || (shown(said.bytes()), format!("`{qualifier}`")));
        }
        if let Some(expected) = wrong(*form, value.bytes(), envelope) {
            tell(Rule::Category, at, 2, (here, &mut *sink), || (shown(value.bytes()), expected.to_owned()));
            member.amounts.is_unsure |= *form == Form::Money;
        }
        note(member, known, value.bytes(), at);
    }

    fn check_date(&self, name: &str, at: At, here: Here<'_>, sink: &mut Sink) {
        let (found, expected) = match (name, self.dates) {
            ("REQUESTSUBMITTIMESTAMP", 0) => return,
            ("REQUESTSUBMITTIMESTAMP", _) => ("a date", "none: the timestamp is its own date"),
            (_, 0) => ("no date", "DTP*007*D8 with the day from which the value holds"),
            _ if self.is_period => ("a period", "a day: a changed value brings a new one"),
            _ => return,
        };
        tell(Rule::CategoryDate, at, 0, (here, sink), || (found.to_owned(), expected.to_owned()));
    }
}

/// What a value of this form must be, where it is not.
fn wrong(form: Form, value: &[u8], envelope: &EnvelopeFacts) -> Option<&'static str> {
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let (fits, expected) = match form {
        Form::Text => (true, ""),
        Form::Money => (cents(value).is_some_and(|cents| cents >= 0), "an amount of dollars and cents, not below 0"),
        Form::Timestamp => (is_moment(value), "a moment that exists, as CCYYMMDDHHMMSSss"),
        Form::Tenant => {
            let fits = is_tenant(value) && (envelope.tenant.is_empty() || envelope.tenant.bytes() == value);
            (fits, "the tenant of GS02 or GS03, such as `VA0`")
        }
        Form::Application => {
            let mut parts = value.rsplitn(2, |byte| *byte == b'-');
            let (origin, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            (
                is_number(id) && ORIGINS.contains(&origin),
                "application id, hyphen and an origin of the exchange's table, such as `123456789-01`",
            )
        }
        Form::RatingArea => (
            is_rating_area(value, envelope.tenant.bytes()),
            "R, hyphen, the exchange's state and a number from 001 to 150, such as `R-VA007`",
        ),
        Form::SpecialEnrollment => (
            is_special_enrollment(value),
            "02, 05, 07, 32 or 43 with their words, FC, NE, QS or HR, such as `02-BIRTH`",
        ),
    };
    (!fits).then_some(expected)
}

fn is_rating_area(value: &[u8], tenant: &[u8]) -> bool {
    let [b'R', b'-', a, b, area @ ..] = value else { return false };
    let is_state = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let is_own = tenant.get(..2).is_none_or(|state| state == [*a, *b]);
    is_state && is_own && area.len() == 3 && digits(area).is_some_and(|area| (1..=RATING_AREAS).contains(&area))
}

/// A code alone, or with its words.
fn is_special_enrollment(value: &[u8]) -> bool {
    SPECIAL_ENROLLMENTS.iter().any(|(code, words)| {
        let Some(rest) = value.strip_prefix(code.as_bytes()) else { return false };
        let is_apart = rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric());
        is_apart && (same_words(rest, b"") || words.is_empty() || same_words(rest, words.as_bytes()))
    })
}

fn note(member: &mut MemberFacts, name: &str, value: &[u8], at: At) {
    let amount = cents(value).unwrap_or(0);
    let amounts = &mut member.amounts;
    match name {
        "ADDLMAINTREASON" => member.additional = Short::squashed(value),
        "PREAMT1" => {
            amounts.told |= said::OWN_PREMIUM;
            amounts.own_premium = amount;
        }
        "PREAMTTOT" => {
            amounts.told |= said::PREMIUM;
            amounts.premium = amount;
            amounts.premium_at = at;
        }
        "APTCAMT" => {
            amounts.told |= said::CREDIT;
            amounts.credit = amount;
        }
        "TOTRESAMT" => {
            amounts.told |= said::RESPONSIBILITY;
            amounts.responsibility = amount;
            amounts.responsibility_at = at;
        }
        "OTHPAYAMT1" | "OTHPAYAMT2" | "TOTEMPRESAMT" => amounts.others += amount,
        "RATINGAREA" => amounts.told |= said::RATING_AREA,
        "REQUESTSUBMITTIMESTAMP" => amounts.told |= said::SUBMITTED,
        _ => {}
    }
}
