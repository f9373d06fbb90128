//! Reporting categories (loop 2750): name, value, date, owner.

use super::super::rule::Rule;
use super::super::sink::{Here, Sink, shown};
use super::super::values::cents;
use super::envelope::EnvelopeFacts;
use super::member::{MemberFacts, told};
use super::short::Short;
use super::{At, tell};
use crate::wire::x12::{Segment, is_tenant};

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Money,
    Timestamp,
    Tenant,
    Application,
    RatingArea,
}

/// Name without blanks and hyphens, REF01, form of REF02 (CMS companion guide v7.2 p. 45, 46, 109; those after the blank
/// line are older guides', state exchanges' and employers').
const CATEGORIES: &[(&str, &str, Form)] = &[
    ("REQUESTSUBMITTIMESTAMP", "17", Form::Timestamp),
    ("SOURCEEXCHANGEID", "17", Form::Tenant),
    ("ADDLMAINTREASON", "17", Form::Text),
    ("SEPREASON", "17", Form::Text),
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
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let (fits, expected) = match form {
        Form::Text => (true, ""),
        Form::Money => (cents(value).is_some_and(|cents| cents >= 0), "an amount of dollars and cents, not below 0"),
        Form::Timestamp => (digits(value) && matches!(value.len(), 14..=16), "a timestamp as CCYYMMDDHHMMSSss"),
        Form::Tenant => {
            let fits = is_tenant(value) && (envelope.tenant.is_empty() || envelope.tenant.bytes() == value);
            (fits, "the tenant of GS02 or GS03, such as `VA0`")
        }
        Form::Application => {
            let mut parts = value.rsplitn(2, |byte| *byte == b'-');
            let (origin, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            (
                digits(id) && digits(origin) && origin.len() == 2,
                "application id, hyphen and origin, such as `123456789-01`",
            )
        }
        Form::RatingArea => (is_rating_area(value), "R, hyphen, state and three digits, such as `R-VA007`"),
    };
    (!fits).then_some(expected)
}

fn is_rating_area(value: &[u8]) -> bool {
    let [b'R', b'-', a, b, digits @ ..] = value else { return false };
    let is_state = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    is_state && digits.len() == 3 && digits.iter().all(u8::is_ascii_digit)
}

fn note(member: &mut MemberFacts, name: &str, value: &[u8], at: At) {
    let amount = cents(value).unwrap_or(0);
    let amounts = &mut member.amounts;
    match name {
        "ADDLMAINTREASON" => member.additional = Short::squashed(value),
        "PREAMT1" => {
            amounts.told |= told::OWN_PREMIUM;
            amounts.own_premium = amount;
        }
        "PREAMTTOT" => {
            amounts.told |= told::PREMIUM;
            amounts.premium = amount;
            amounts.premium_at = at;
        }
        "APTCAMT" => {
            amounts.told |= told::CREDIT;
            amounts.credit = amount;
        }
        "TOTRESAMT" => {
            amounts.told |= told::RESPONSIBILITY;
            amounts.responsibility = amount;
            amounts.responsibility_at = at;
        }
        "OTHPAYAMT1" | "OTHPAYAMT2" | "TOTEMPRESAMT" => amounts.others += amount,
        "RATINGAREA" => amounts.told |= told::RATING_AREA,
        _ => {}
    }
}
