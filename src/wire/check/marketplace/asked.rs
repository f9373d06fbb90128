//! What each kind of transaction asks of a member, and what it keeps from it: the guide's situational segments and categories,
//! as one table.

use super::super::rule::Rule;
use super::super::sink::{Here, Sink};
use super::envelope::Way;
use super::member::MemberFacts;
use super::tell;

/// What a transaction does, for the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 021 to an issuer: initial, or passive re-enrollment.
    Enrollment,
    /// 021 to the exchange, with CONFIRM.
    Effectuation,
    /// 024: cancellation or termination.
    End,
    /// 025 to the exchange.
    Reinstatement,
    /// 001 to the exchange.
    IssuersChange,
    /// Anything else: a change by the exchange, an audit.
    Other,
}

impl Kind {
    /// The kind that a member's codes make. Where the envelope names nobody whom the exchange knows, the additional reason tells
    /// whether an issuer speaks.
    pub(super) fn of(way: Way, maintenance: &[u8], additional: &[u8]) -> Self {
        let is_issuers = |reason: &[u8]| way == Way::ToExchange || (way == Way::Unknown && additional == reason);
        match maintenance {
            b"021" if is_issuers(b"CONFIRM") => Self::Effectuation,
            b"021" => Self::Enrollment,
            b"024" => Self::End,
            b"025" if is_issuers(b"ISSUERREINSTATEMENT") => Self::Reinstatement,
            b"001" if is_issuers(b"ISSUERMAINT") => Self::IssuersChange,
            _ => Self::Other,
        }
    }
}

/// What a member may say, one bit each.
pub(super) mod said {
    pub(in super::super) const ELIGIBLE: u32 = 1;
    pub(in super::super) const ENDS: u32 = 1 << 1;
    pub(in super::super) const PAID: u32 = 1 << 2;
    pub(in super::super) const COVERED: u32 = 1 << 3;
    pub(in super::super) const PLAN: u32 = 1 << 4;
    pub(in super::super) const POLICY: u32 = 1 << 5;
    pub(in super::super) const GROUP_POLICY: u32 = 1 << 6;
    pub(in super::super) const DEMOGRAPHICS: u32 = 1 << 7;
    pub(in super::super) const OWN_PREMIUM: u32 = 1 << 8;
    pub(in super::super) const PREMIUM: u32 = 1 << 9;
    pub(in super::super) const CREDIT: u32 = 1 << 10;
    pub(in super::super) const RESPONSIBILITY: u32 = 1 << 11;
    pub(in super::super) const RATING_AREA: u32 = 1 << 12;
    pub(in super::super) const SUBMITTED: u32 = 1 << 13;
}

/// Of whom something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    Subscriber,
    Dependents,
    /// Everybody with coverage.
    Covered,
    /// The subscriber, with coverage.
    CoveredSubscriber,
}

/// Whether something must be there, or must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Needs,
    Bars,
}
use Asks::{Bars, Needs};

/// One row: of which kinds, of whom, what, and in which words.
struct Row {
    kinds: &'static [Kind],
    whom: Whom,
    asks: Asks,
    what: u32,
    words: &'static str,
    rule: Rule,
}

const fn row(kinds: &'static [Kind], whom: Whom, asks: Asks, (what, words): (u32, &'static str), rule: Rule) -> Row {
    Row { kinds, whom, asks, what, words, rule }
}

const ENROLLMENT: &[Kind] = &[Kind::Enrollment];
const EFFECTUATION: &[Kind] = &[Kind::Effectuation];
const END: &[Kind] = &[Kind::End];
const REINSTATEMENT: &[Kind] = &[Kind::Reinstatement];
const ISSUERS_CHANGE: &[Kind] = &[Kind::IssuersChange];
const ALL: &[Kind] =
    &[Kind::Enrollment, Kind::Effectuation, Kind::End, Kind::Reinstatement, Kind::IssuersChange, Kind::Other];

/// CMS companion guide v7.2: enrollment p. 21, 45 and 46, effectuation p. 47 to 53, cancellation and termination p. 54 to 67,
/// reinstatement p. 68 to 72, an issuer's maintenance p. 77 to 80.
const ROWS: &[Row] = {
    use Whom::{Covered, CoveredSubscriber, Dependents, Subscriber};
    &[
        row(ENROLLMENT, Covered, Needs, (said::OWN_PREMIUM, "a reporting category PRE AMT 1"), Rule::CategoryOwner),
        row(
            ENROLLMENT,
            CoveredSubscriber,
            Needs,
            (said::PREMIUM, "a reporting category PRE AMT TOT"),
            Rule::CategoryOwner,
        ),
        row(ENROLLMENT, CoveredSubscriber, Needs, (said::CREDIT, "a reporting category APTC AMT"), Rule::CategoryOwner),
        row(
            ENROLLMENT,
            CoveredSubscriber,
            Needs,
            (said::RESPONSIBILITY, "a reporting category TOT RES AMT"),
            Rule::CategoryOwner,
        ),
        row(
            ENROLLMENT,
            CoveredSubscriber,
            Needs,
            (said::RATING_AREA, "a reporting category RATING AREA"),
            Rule::CategoryOwner,
        ),
        row(ALL, Dependents, Bars, (said::PREMIUM, "PRE AMT TOT"), Rule::CategoryOwner),
        row(ALL, Dependents, Bars, (said::CREDIT, "APTC AMT"), Rule::CategoryOwner),
        row(ALL, Dependents, Bars, (said::RESPONSIBILITY, "TOT RES AMT"), Rule::CategoryOwner),
        row(ALL, Dependents, Bars, (said::RATING_AREA, "RATING AREA"), Rule::CategoryOwner),
        row(EFFECTUATION, Subscriber, Needs, (said::PAID, "DTP*543, until when premiums are paid"), Rule::Asked),
        row(
            EFFECTUATION,
            Subscriber,
            Needs,
            (said::SUBMITTED, "a reporting category REQUEST SUBMIT TIMESTAMP"),
            Rule::Asked,
        ),
        row(ALL, Dependents, Bars, (said::PAID, "DTP*543"), Rule::Asked),
        row(
            REINSTATEMENT,
            Subscriber,
            Needs,
            (said::ELIGIBLE, "DTP*356, the day on which eligibility begins"),
            Rule::Asked,
        ),
        row(REINSTATEMENT, Subscriber, Needs, (said::COVERED, "HD, the coverage that goes on"), Rule::Asked),
        row(REINSTATEMENT, Subscriber, Needs, (said::PLAN, "REF*CE, the plan of 16 characters"), Rule::Asked),
        row(REINSTATEMENT, Subscriber, Needs, (said::POLICY, "REF*1L, the policy that is reinstated"), Rule::Asked),
        row(
            REINSTATEMENT,
            Subscriber,
            Needs,
            (said::SUBMITTED, "a reporting category REQUEST SUBMIT TIMESTAMP"),
            Rule::Asked,
        ),
        row(REINSTATEMENT, Subscriber, Bars, (said::ENDS, "DTP*357"), Rule::Asked),
        row(ENROLLMENT, Subscriber, Bars, (said::PAID, "DTP*543"), Rule::Asked),
        row(
            ISSUERS_CHANGE,
            Subscriber,
            Needs,
            (said::ELIGIBLE, "DTP*356, the day on which eligibility begins"),
            Rule::Asked,
        ),
        row(
            END,
            Subscriber,
            Needs,
            (said::GROUP_POLICY, "the policy that ends as REF*1L of loop 2000"),
            Rule::EndsWhole,
        ),
        row(END, Subscriber, Needs, (said::ENDS, "DTP*357, the day on which eligibility ends"), Rule::EndsWhole),
        row(END, Subscriber, Needs, (said::DEMOGRAPHICS, "DMG, the subscriber's birth date and sex"), Rule::Asked),
    ]
};

/// Holds a member against the rows of its kind.
pub(super) fn check(kind: Kind, member: &MemberFacts, here: Here<'_>, sink: &mut Sink) {
    let said = member.said();
    let is_covered = said & said::COVERED != 0;
    for row in ROWS.iter().filter(|row| row.kinds.contains(&kind)) {
        let is_his = match row.whom {
            Whom::Subscriber => member.is_subscriber,
            Whom::Dependents => !member.is_subscriber,
            Whom::Covered => is_covered,
            Whom::CoveredSubscriber => is_covered && member.is_subscriber,
        };
        if !is_his || (said & row.what != 0) != (row.asks == Bars) {
            continue;
        }
        tell(row.rule, member.at, 0, (here, &mut *sink), || match row.asks {
            Needs => ("nothing".to_owned(), row.words.to_owned()),
            Bars if row.whom == Whom::Dependents => {
                (format!("{} of a dependent", row.words), "it of the subscriber only".to_owned())
            }
            Bars => (row.words.to_owned(), "nothing of it in this transaction".to_owned()),
        });
    }
}
