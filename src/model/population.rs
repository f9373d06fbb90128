//! Who applies: the population a scenario asks for, and the catalogue of its awkward cases.

use super::words::words;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Who applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// How many households.
    pub count: u32,
    /// Seed of every random stream.
    pub seed: u64,
    /// Ages and coverage dates derive from this day; never from the wall clock.
    pub as_of: NaiveDate,
    /// First day of coverage; `None`: from `as_of` by the rule of the 15th (45 CFR 155.410(c)).
    pub coverage_begin: Option<NaiveDate>,
    /// Two-letter states to live in, all of [`STATES`]; never empty.
    pub states: Vec<String>,
    /// Weight of each household size, 1 to 10; never empty.
    pub household_size: BTreeMap<u8, u32>,
    /// Share of households (0 to 1) that show a case of `edge_cases`.
    pub edge_case_share: f64,
    /// The cases wanted; with a share above 0 never empty. They are dealt in turn, so that few households cover all.
    pub edge_cases: Vec<EdgeCase>,
    /// Share of households (0 to 1) that also take a dental plan.
    pub dental_share: f64,
    /// Which SSNs people have.
    pub ssn: SsnPolicy,
}

words! {
    /// Which Social Security numbers people have.
    SsnPolicy {
        /// None: legal, and the safest.
        None = "none",
        /// Numbers that were never issued and are no tax ids, but for cases such as newborns that have none.
        NeverIssued = "never_issued",
    }
}

/// States whose ZIP codes, counties and rating areas the generator knows.
pub const STATES: &[&str] = &["AZ", "DE", "FL", "GA", "IL", "MA", "MI", "NC", "NJ", "NY", "OH", "PA", "TX", "VA", "WI"];

words! {
    /// A case of the edge-case catalogue.
    EdgeCase {
        /// `Garcia-Lopez`.
        HyphenatedSurname = "hyphenated_surname",
        /// A straight apostrophe: `O'Neal`.
        Apostrophe = "apostrophe",
        /// U+2019: `O’Neal`.
        CurlyApostrophe = "curly_apostrophe",
        /// `De La Cruz`.
        SpacedSurname = "spaced_surname",
        /// A first name of one letter.
        OneLetterName = "one_letter_name",
        /// A family name and no first name.
        Mononym = "mononym",
        /// 36 letters, as Hawaiian names have.
        VeryLongSurname = "very_long_surname",
        /// The surname `Null`.
        NullSurname = "null_surname",
        /// The surname `Test`.
        TestSurname = "test_surname",
        /// Jr, Sr, III.
        NameSuffix = "name_suffix",
        /// `Müller`, `Peña`: outside X12's character sets.
        Diacritics = "diacritics",
        /// Letters of another script.
        NonLatinName = "non_latin_name",
        /// Typed in capitals.
        AllCapsName = "all_caps_name",
        /// Parent and child of one name, told apart by birth date.
        SameNameInFamily = "same_name_in_family",
        /// Twins whose first names differ in one letter.
        TwinsOneLetter = "twins_one_letter",
        /// Two blanks inside a name.
        DoubleSpaceName = "double_space_name",
        /// A blank after a name.
        TrailingSpaceName = "trailing_space_name",
        /// 60 characters, what NM103 holds.
        SurnameAtX12Limit = "surname_at_x12_limit",
        /// 61 characters: one is cut off.
        SurnameOverX12Limit = "surname_over_x12_limit",
        /// 35 characters, what NM104 holds.
        FirstNameAtX12Limit = "first_name_at_x12_limit",
        /// 55 characters, what N301 holds.
        StreetAtX12Limit = "street_at_x12_limit",
        /// 56 characters: one is cut off.
        StreetOverX12Limit = "street_over_x12_limit",
        /// `*`, `~`, `:` and `^` inside a street line.
        DelimitersInAddress = "delimiters_in_address",
        /// Born on 29 February.
        LeapDayBirth = "leap_day_birth",
        /// Born on the reference date.
        BornToday = "born_today",
        /// A subscriber whose birthday is the first day of coverage.
        BornOnCoverageDate = "born_on_coverage_date",
        /// 19th birthday in the month before coverage begins.
        TurnsNineteen = "turns_nineteen",
        /// A child's 26th birthday inside the plan year.
        TurnsTwentySix = "turns_twenty_six",
        /// 65th birthday inside the plan year.
        TurnsSixtyFive = "turns_sixty_five",
        /// Over 100 years old.
        Centenarian = "centenarian",
        /// Born on 31 December.
        BornNewYearsEve = "born_new_years_eve",
        /// Born on 1 January.
        BornNewYearsDay = "born_new_years_day",
        /// A ZIP code that begins with 0: of the residence, or of the mailing address where the population's states have none.
        ZipLeadingZero = "zip_leading_zero",
        /// Mail goes to a post-office box.
        PoBox = "po_box",
        /// `RR 93 Box 9152`.
        RuralRoute = "rural_route",
        /// A second street line.
        ApartmentLine = "apartment_line",
        /// Mail goes to another town.
        MailingDiffers = "mailing_differs",
        /// `General Delivery`.
        NoFixedAddress = "no_fixed_address",
        /// One person.
        Single = "single",
        /// Two adults, no child.
        Couple = "couple",
        /// Ten people.
        TenMembers = "ten_members",
        /// A child under 30 days old, without SSN.
        Newborn = "newborn",
        /// Two children born on one day.
        Twins = "twins",
        /// Relationship 09.
        AdoptedChild = "adopted_child",
        /// Relationship 10.
        FosterChild = "foster_child",
        /// Relationship 17.
        Stepchild = "stepchild",
        /// A disabled adult dependent, sent as ward.
        OverAgeWard = "over_age_ward",
        /// A grandparent with grandchildren.
        GrandparentHeaded = "grandparent_headed",
        /// A parent applies for a child alone; the child is the subscriber.
        ChildOnly = "child_only",
        /// A child who is on the application and not enrolled.
        MixedEligibility = "mixed_eligibility",
        /// A child who lives at another address.
        MemberElsewhere = "member_elsewhere",
        /// Relationship 53.
        DomesticPartner = "domestic_partner",
        /// Income too high for a tax credit.
        NoSubsidy = "no_subsidy",
        /// Income so low that the credit covers the premium.
        FullSubsidy = "full_subsidy",
        /// An adult who uses tobacco.
        TobaccoUser = "tobacco_user",
        /// Nobody gives a telephone number.
        NoPhone = "no_phone",
    }
}

impl EdgeCase {
    /// One sentence for people.
    pub fn describe(self) -> &'static str {
        match self {
            Self::HyphenatedSurname => "`Garcia-Lopez`.",
            Self::Apostrophe => "A straight apostrophe: `O'Neal`.",
            Self::CurlyApostrophe => "U+2019: `O’Neal`.",
            Self::SpacedSurname => "`De La Cruz`.",
            Self::OneLetterName => "A first name of one letter.",
            Self::Mononym => "A family name and no first name.",
            Self::VeryLongSurname => "36 letters, as Hawaiian names have.",
            Self::NullSurname => "The surname `Null`.",
            Self::TestSurname => "The surname `Test`.",
            Self::NameSuffix => "Jr, Sr, III.",
            Self::Diacritics => "`Müller`, `Peña`: outside X12's character sets.",
            Self::NonLatinName => "Letters of another script.",
            Self::AllCapsName => "Typed in capitals.",
            Self::SameNameInFamily => "Parent and child of one name, told apart by birth date.",
            Self::TwinsOneLetter => "Twins whose first names differ in one letter.",
            Self::DoubleSpaceName => "Two blanks inside a name.",
            Self::TrailingSpaceName => "A blank after a name.",
            Self::SurnameAtX12Limit => "60 characters, what NM103 holds.",
            Self::SurnameOverX12Limit => "61 characters: one is cut off.",
            Self::FirstNameAtX12Limit => "35 characters, what NM104 holds.",
            Self::StreetAtX12Limit => "55 characters, what N301 holds.",
            Self::StreetOverX12Limit => "56 characters: one is cut off.",
            Self::DelimitersInAddress => "`*`, `~`, `:` and `^` inside a street line.",
            Self::LeapDayBirth => "Born on 29 February.",
            Self::BornToday => "Born on the reference date.",
            Self::BornOnCoverageDate => "A subscriber whose birthday is the first day of coverage.",
            Self::TurnsNineteen => "19th birthday in the month before coverage begins.",
            Self::TurnsTwentySix => "A child's 26th birthday inside the plan year.",
            Self::TurnsSixtyFive => "65th birthday inside the plan year.",
            Self::Centenarian => "Over 100 years old.",
            Self::BornNewYearsEve => "Born on 31 December.",
            Self::BornNewYearsDay => "Born on 1 January.",
            Self::ZipLeadingZero => "A ZIP code that begins with 0 (the mailing address's where the states have none).",
            Self::PoBox => "Mail goes to a post-office box.",
            Self::RuralRoute => "`RR 93 Box 9152`.",
            Self::ApartmentLine => "A second street line.",
            Self::MailingDiffers => "Mail goes to another town.",
            Self::NoFixedAddress => "`General Delivery`.",
            Self::Single => "One person.",
            Self::Couple => "Two adults, no child.",
            Self::TenMembers => "Ten people.",
            Self::Newborn => "A child under 30 days old, without SSN.",
            Self::Twins => "Two children born on one day.",
            Self::AdoptedChild => "Relationship 09.",
            Self::FosterChild => "Relationship 10.",
            Self::Stepchild => "Relationship 17.",
            Self::OverAgeWard => "A disabled adult dependent, sent as ward.",
            Self::GrandparentHeaded => "A grandparent with grandchildren.",
            Self::ChildOnly => "A parent applies for a child alone; the child is the subscriber.",
            Self::MixedEligibility => "A child who is on the application and not enrolled.",
            Self::MemberElsewhere => "A child who lives at another address.",
            Self::DomesticPartner => "Relationship 53.",
            Self::NoSubsidy => "Income too high for a tax credit.",
            Self::FullSubsidy => "Income so low that the credit covers the premium.",
            Self::TobaccoUser => "An adult who uses tobacco.",
            Self::NoPhone => "Nobody gives a telephone number.",
        }
    }
}
