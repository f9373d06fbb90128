//! The awkward cases of one household, and which of them fit together.
//!
//! What a case needs is said once, as a set of attributes of members or of the household that it decides. Two cases fit
//! together where they need nothing in common. The table is closed: a new case cannot be dealt before somebody said what it needs.

use crate::model::EdgeCase;

/// The cases of a household, in the order in which they were dealt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cases(Vec<EdgeCase>);

impl Cases {
    /// These and no others; whether they fit together is the caller's to know.
    pub(super) fn of(cases: Vec<EdgeCase>) -> Self {
        Self(cases)
    }

    pub(super) fn has(&self, case: EdgeCase) -> bool {
        self.0.contains(&case)
    }

    /// Whether one of these is among them.
    pub(super) fn has_one_of(&self, cases: &[EdgeCase]) -> bool {
        self.iter().any(|case| cases.contains(&case))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = EdgeCase> + '_ {
        self.0.iter().copied()
    }

    /// What the first case that says something of it says.
    pub(super) fn find<T>(&self, said: impl FnMut(EdgeCase) -> Option<T>) -> Option<T> {
        self.iter().find_map(said)
    }

    /// With one more, unless it is there or does not fit.
    pub(super) fn with(mut self, case: EdgeCase) -> Self {
        if self.iter().all(|other| fit_together(other, case)) {
            self.0.push(case);
        }
        self
    }

    pub(super) fn into_vec(self) -> Vec<EdgeCase> {
        self.0
    }
}

/// Whether one household can show both: they are two, and need nothing in common.
pub fn fit_together(one: EdgeCase, other: EdgeCase) -> bool {
    one != other && needs(one) & needs(other) == 0
}

/// Attributes that only one case may decide, a bit each.
type Needs = u32;

/// The first person's family name.
const SURNAME: Needs = 1;
/// The first person's first name.
const FIRST_NAME: Needs = 1 << 1;
/// The first person's suffix.
const SUFFIX: Needs = 1 << 2;
/// The first person's date of birth.
const HEAD_BIRTH: Needs = 1 << 3;
/// Who the subscriber is.
const SUBSCRIBER: Needs = 1 << 4;
/// A dependent whose date of birth the case fixes.
const DEPENDENT: Needs = 1 << 5;
/// Two children born together.
const PAIR: Needs = 1 << 6;
/// A child who is adopted.
const ADOPTED: Needs = 1 << 7;
/// A child in foster care.
const FOSTER: Needs = 1 << 8;
/// A partner's child.
const STEPCHILD: Needs = 1 << 9;
/// A child who does not apply.
const NOT_APPLYING: Needs = 1 << 10;
/// Who stands last.
const LAST: Needs = 1 << 11;
/// How old the children are.
const YOUNG_AGES: Needs = 1 << 12;
/// Who is in the household: everybody.
const EVERYBODY: Needs = DEPENDENT | PAIR | ADOPTED | FOSTER | STEPCHILD | NOT_APPLYING | LAST | YOUNG_AGES;
/// The first street line of the residence.
const STREET: Needs = 1 << 13;
/// The second one.
const SECOND_LINE: Needs = 1 << 14;
/// Town and ZIP code of the residence.
const TOWN: Needs = 1 << 15;
/// The mailing address.
const MAIL: Needs = 1 << 16;
const INCOME: Needs = 1 << 17;
const TOBACCO: Needs = 1 << 18;
const PHONE: Needs = 1 << 19;
/// The first person's middle name.
const MIDDLE_NAME: Needs = 1 << 20;

/// What a case needs.
#[expect(clippy::too_many_lines, reason = "a line for each case")]
fn needs(case: EdgeCase) -> Needs {
    use EdgeCase as C;
    match case {
        C::HyphenatedSurname
        | C::Apostrophe
        | C::CurlyApostrophe
        | C::SpacedSurname
        | C::VeryLongSurname
        | C::NullSurname
        | C::TestSurname
        | C::Diacritics
        | C::DoubleSpaceName
        | C::SurnameAtX12Limit
        | C::SurnameOverX12Limit
        | C::OkinaName
        | C::AcuteForApostrophe
        | C::BacktickForApostrophe
        | C::DecomposedName
        | C::NoBreakSpace
        | C::ZeroWidthSpace
        | C::TwoSurnames
        | C::LowerCaseParticle
        | C::InnerCapital
        | C::SaintSurname
        | C::OneLetterSurname
        | C::TwoLetterSurname
        | C::LastNameUnknown
        | C::KeywordSurname
        | C::NotApplicableSurname
        | C::FilteredSurname => SURNAME,
        C::ComposedBesideDecomposed => SURNAME | LAST,
        C::SuffixInSurname | C::CommaInSurname => SURNAME | SUFFIX,
        C::NameSuffix => SUFFIX,
        C::OneLetterName
        | C::Mononym
        | C::TrailingSpaceName
        | C::FirstNameAtX12Limit
        | C::CompoundFirstName
        | C::FirstNameUnknown => FIRST_NAME,
        C::NonLatinName | C::AllCapsName | C::SsaSpelling => SURNAME | FIRST_NAME,
        C::SsaNameLimits => SURNAME | FIRST_NAME | MIDDLE_NAME,
        C::LeapDayBirth | C::BornNewYearsEve | C::BornNewYearsDay => HEAD_BIRTH,
        C::BornOnCoverageDate => HEAD_BIRTH | SUBSCRIBER,
        C::StreetAtX12Limit
        | C::StreetOverX12Limit
        | C::DelimitersInAddress
        | C::RuralRoute
        | C::NoFixedAddress
        | C::FractionalHouseNumber
        | C::HyphenatedHouseNumber
        | C::GridHouseNumber
        | C::CoordinateStreet
        | C::LetteredHouseNumber
        | C::HighwayContract => STREET,
        C::ApartmentLine | C::MarkupInAddress => SECOND_LINE,
        C::ZipLeadingZero
        | C::ZipInTwoCounties
        | C::ZipInTwoStates
        | C::CityAndCountyOfOneName
        | C::PlanningRegion
        | C::RenamedCounty => TOWN | MAIL,
        C::CityOverX12Limit => TOWN,
        C::PoBox | C::MailingDiffers | C::ApoAddress | C::FpoAddress | C::DpoAddress | C::Urbanization => MAIL,
        C::NoSubsidy | C::FullSubsidy | C::Csr73 | C::Csr87 | C::Csr94 | C::TribalZeroCost | C::TribalLimitedCost => {
            INCOME
        }
        C::TobaccoUser => TOBACCO,
        C::NoPhone => PHONE,
        // everybody is said
        C::Single
        | C::Couple
        | C::TenMembers
        | C::FourChildren
        | C::OverAgeWard
        | C::GrandparentHeaded
        | C::DomesticPartner
        | C::SameSexSpouses
        | C::SpouseNotApplying
        | C::SiblingsOnly
        | C::SharedMailbox => EVERYBODY,
        C::ExSpouse => EVERYBODY | TOWN,
        C::ChildOnly => EVERYBODY | SUBSCRIBER,
        C::TurnsSixtyFive
        | C::TurnsTwentyOne
        | C::TurnsSixtyFour
        | C::Centenarian
        | C::AllUnderThirty
        | C::TeenParent => EVERYBODY | HEAD_BIRTH,
        // where coverage is asked for years ahead the subscriber is a child still
        C::TurnsThirty => EVERYBODY | HEAD_BIRTH | TOBACCO,
        // somebody more is said, who stands among the children
        C::Newborn | C::BornToday => DEPENDENT,
        // whose parent's age leaves little room
        C::TurnsNineteen | C::TurnsTwentySix | C::TwentySixNewYearsEve | C::TwentySixNewYearsDay => {
            DEPENDENT | HEAD_BIRTH | YOUNG_AGES
        }
        C::Twins | C::TwinsAcrossMidnight => PAIR,
        C::TwinsAcrossNewYear => PAIR | YOUNG_AGES,
        C::TwinsOneLetter => PAIR | LAST,
        C::AdoptedChild => ADOPTED,
        C::FosterChild => FOSTER,
        C::Stepchild => STEPCHILD,
        C::MixedEligibility => NOT_APPLYING | YOUNG_AGES,
        C::SameNameInFamily => LAST | SUFFIX | MIDDLE_NAME,
        C::MemberElsewhere => LAST | TOWN,
        // of two households, also whatever another case could change of what both have
        C::Namesakes => EVERYBODY | HEAD_BIRTH | SURNAME | FIRST_NAME | MIDDLE_NAME | SUFFIX,
        C::SharedAddress => STREET | SECOND_LINE | TOWN | MAIL,
        C::SharedPhone => PHONE | TOWN,
        C::PersonOnTwoPolicies => EVERYBODY | HEAD_BIRTH | SURNAME | FIRST_NAME | SUFFIX,
    }
}
