//! What can go wrong on the way. The marketplace deals one defect each to the first households that can show it, and keeps
//! the truth of it.

use super::application::Case;

/// Where a record is spoilt: when the file is written, or when the issuer loads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    File,
    Load,
}

/// A field spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    FamilyMisspelt,
    GivenMojibake,
    ApostropheLost,
    BornDayEarlier,
    ChildBecomesSpouse,
    ZipZeroLost,
    SsnBlank,
    SexTurned,
    StreetBlank,
    CountyWrong,
    TobaccoTurned,
    CreditWrong,
    CreditBlank,
    PremiumWrong,
    VariantWrong,
    PlanWrong,
    StartMonthLater,
    PolicyNumberWrong,
}

/// What is done to one household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Defect {
    Lost(At),
    Late(At),
    /// In the file a second set with a new envelope; at the issuer a second contract.
    Twice(At),
    Misrouted(At),
    Spoilt(At, Field),
    DependentDropped(At),
    DependentAdded(At),
    /// Two dependents have each other's numbers.
    NumbersSwapped(At),
    /// Refused, and written into a file all the same.
    DeniedYetSent,
    /// The exchange confirms the cancellation, and no file tells it.
    CancellationUnsent,
    /// The file tells it, and the issuer does not act on it.
    CancellationIgnored,
    /// A dependent's number is also another household's dependent's.
    NumberTwice,
    /// 500 after it has gone through.
    FailsAfterAccepting,
    /// No answer after it has gone through.
    SilentAfterAccepting,
}

impl Defect {
    /// Whether a household can show it.
    pub(super) fn suits(self, case: &Case) -> bool {
        let dependents = case.people.iter().filter(|p| !p.is_self()).count();
        let subscriber = case.people.iter().find(|p| p.is_self());
        let of_subscriber = |is: fn(&super::application::Applicant) -> bool| subscriber.is_some_and(is);
        match self {
            Self::DependentDropped(_) | Self::NumberTwice => dependents >= 1,
            Self::NumbersSwapped(_) => dependents >= 2,
            Self::Spoilt(_, Field::ChildBecomesSpouse) => case.people.iter().any(|p| p.relation == "19"),
            Self::Spoilt(_, Field::ZipZeroLost) => of_subscriber(|s| s.home.zip.starts_with('0')),
            Self::Spoilt(_, Field::ApostropheLost) => of_subscriber(|s| s.family.contains('\'')),
            Self::Spoilt(_, Field::GivenMojibake) => of_subscriber(|s| s.given.is_ascii() && s.given.len() > 3),
            Self::Spoilt(_, Field::FamilyMisspelt) => of_subscriber(|s| s.family.is_ascii() && s.family.len() > 4),
            Self::Spoilt(_, Field::SsnBlank) => of_subscriber(|s| !s.ssn.is_empty()),
            Self::Spoilt(_, Field::CreditWrong | Field::CreditBlank) => case.income_cents < 8_000_000,
            Self::Spoilt(_, Field::TobaccoTurned) => is_grown(case),
            _ => true,
        }
    }
}

fn is_grown(case: &Case) -> bool {
    case.people.iter().any(|p| p.is_self() && p.age_on(case.start) > 21)
}
