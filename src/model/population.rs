//! Who applies: the population a scenario asks for, and the catalogue of its awkward cases.

use super::Row;
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
    /// Whether a household that shows a case may show others too, where they fit together; of versions that deal several.
    pub several: bool,
    /// Share of households (0 to 1) that also take a dental plan.
    pub dental_share: f64,
    /// Share of households (0 to 1) that an agent helps.
    pub agent_share: f64,
    /// Which SSNs people have.
    pub ssn: SsnPolicy,
    /// Which people the seed stands for.
    pub generator: GeneratorVersion,
    /// Households that are given, in the order of their probes; empty: all are drawn.
    pub rows: Vec<Row>,
}

impl Population {
    /// The same as a version of the generator draws it; the whole catalogue of edge cases is that version's.
    #[must_use]
    pub fn drawn_by(mut self, generator: GeneratorVersion) -> Self {
        if self.edge_cases == EdgeCase::known_to(self.generator) {
            self.edge_cases = EdgeCase::known_to(generator);
        }
        Self { generator, ..self }
    }

    /// The states that somebody may live in: those of the rows, and the others where some household's is drawn.
    pub fn states_lived_in(&self) -> Vec<&str> {
        let is_drawn = self.draws(|row| row.state.is_none());
        let drawn = self.states.iter().filter(|_| is_drawn);
        let mut states: Vec<&str> = Vec::new();
        for state in self.given().iter().filter_map(|row| row.state.as_ref()).chain(drawn) {
            if !states.contains(&state.as_str()) {
                states.push(state);
            }
        }
        states
    }

    /// Whether anybody may take a dental plan.
    pub fn takes_dental(&self) -> bool {
        let drawn = self.draws(|row| row.takes_dental().is_none());
        self.given().iter().any(|row| row.takes_dental() == Some(true)) || (drawn && self.dental_share > 0.0)
    }

    /// The rows of the households that there are.
    pub fn given(&self) -> &[Row] {
        let count = usize::try_from(self.count).unwrap_or(usize::MAX).min(self.rows.len());
        self.rows.get(..count).unwrap_or_default()
    }

    /// Whether some household has no row, or one that leaves this to be drawn.
    fn draws(&self, leaves: impl Fn(&Row) -> bool) -> bool {
        let rows = self.given();
        u32::try_from(rows.len()).is_ok_and(|given| given < self.count) || rows.iter().any(leaves)
    }
}

words! {
    /// Which people a scenario and seed stand for. A version never changes once it was released; its ledgers name its people.
    GeneratorVersion {
        /// Names from one list for both sexes; fifteen states.
        One = "1",
        /// Names by sex, decade of birth and origin, families one would believe, all states.
        Two = "2",
        /// The people of 2 with several cases in one household, households that resemble each other, and more cases.
        Three = "3",
    }
}

impl GeneratorVersion {
    /// What new plans take unless their scenario says another.
    pub const NEWEST: Self = Self::Three;

    /// As a ledger keeps it.
    pub fn number(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
        }
    }

    /// Whether it may give one household several cases.
    pub fn deals_several(self) -> bool {
        self >= Self::Three
    }

    /// The version that a ledger names, where this program has it.
    pub fn of_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|version| version.number() == number)
    }

    /// The states whose places it knows.
    pub fn states(self) -> &'static [&'static str] {
        match self {
            Self::One => STATES_OF_ONE,
            Self::Two | Self::Three => STATES,
        }
    }
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

/// States that somebody can live in: the fifty and the District of Columbia.
pub const STATES: &[&str] = &[
    "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA",
    "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR",
    "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
];

/// States whose places the first version of the generator knows.
const STATES_OF_ONE: &[&str] =
    &["AZ", "DE", "FL", "GA", "IL", "MA", "MI", "NC", "NJ", "NY", "OH", "PA", "TX", "VA", "WI"];

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
        /// `Kaʻawa`: U+02BB.
        OkinaName = "okina_name",
        /// An acute accent for an apostrophe: `O´Neal`.
        AcuteForApostrophe = "acute_for_apostrophe",
        /// A backtick for an apostrophe: U+0060.
        BacktickForApostrophe = "backtick_for_apostrophe",
        /// Letter and mark apart (NFD): `Müller` in seven characters.
        DecomposedName = "decomposed_name",
        /// A no-break space between two words: U+00A0.
        NoBreakSpace = "no_break_space",
        /// A space that nobody sees after the surname: U+200B.
        ZeroWidthSpace = "zero_width_space",
        /// `Garcia Lopez`, without a hyphen.
        TwoSurnames = "two_surnames",
        /// `Mary Jane`, `Juan Carlos`.
        CompoundFirstName = "compound_first_name",
        /// `MARYJANE OSULLIVAN`: as Social Security writes names (POMS RM 10205.125).
        SsaSpelling = "ssa_spelling",
        /// 16, 16 and 21 letters: what Social Security keeps of a name.
        SsaNameLimits = "ssa_name_limits",
        /// `van der Berg`, `de la Torre`.
        LowerCaseParticle = "lower_case_particle",
        /// `McDonald`, `LaRue`.
        InnerCapital = "inner_capital",
        /// `St. John`.
        SaintSurname = "saint_surname",
        /// `Walker Jr` as surname.
        SuffixInSurname = "suffix_in_surname",
        /// `Walker, Jr.` as surname.
        CommaInSurname = "comma_in_surname",
        /// The surname `O`.
        OneLetterSurname = "one_letter_surname",
        /// `Ng`, `Wu`.
        TwoLetterSurname = "two_letter_surname",
        /// `FNU`: no first name is known.
        FirstNameUnknown = "first_name_unknown",
        /// `LNU`: no last name is known.
        LastNameUnknown = "last_name_unknown",
        /// A word of programs: `None`, `True`.
        KeywordSurname = "keyword_surname",
        /// The surname `N/A`.
        NotApplicableSurname = "not_applicable_surname",
        /// A surname that word filters stop: `Cockburn`.
        FilteredSurname = "filtered_surname",
        /// `<`, `&` and quotes in the second street line.
        MarkupInAddress = "markup_in_address",
        /// `123 1/2`.
        FractionalHouseNumber = "fractional_house_number",
        /// `37-21`, as in Queens.
        HyphenatedHouseNumber = "hyphenated_house_number",
        /// `N6W23001`, as in Wisconsin.
        GridHouseNumber = "grid_house_number",
        /// `90842 E 91700 S`, as in Utah.
        CoordinateStreet = "coordinate_street",
        /// `12B`.
        LetteredHouseNumber = "lettered_house_number",
        /// `HC 92 Box 9152`.
        HighwayContract = "highway_contract",
        /// A ZIP code that lies in two counties (the mailing address's where the states have none).
        ZipInTwoCounties = "zip_in_two_counties",
        /// A subscriber of 20 who is 21 when coverage begins.
        TurnsTwentyOne = "turns_twenty_one",
        /// 30th birthday inside the plan year: a catastrophic plan no longer.
        TurnsThirty = "turns_thirty",
        /// A subscriber of 63 who is 64 when coverage begins.
        TurnsSixtyFour = "turns_sixty_four",
        /// A child's 26th birthday on the plan year's last day.
        TwentySixNewYearsEve = "twenty_six_new_years_eve",
        /// A child's 26th birthday on the day after the plan year.
        TwentySixNewYearsDay = "twenty_six_new_years_day",
        /// Four children under 21, of whom three are charged.
        FourChildren = "four_children",
        /// Spouses of one sex.
        SameSexSpouses = "same_sex_spouses",
        /// A spouse who is on the application and not enrolled.
        SpouseNotApplying = "spouse_not_applying",
        /// Brothers and sisters without parents.
        SiblingsOnly = "siblings_only",
        /// A subscriber of 18 with a baby.
        TeenParent = "teen_parent",
        /// Twins born on two days.
        TwinsAcrossMidnight = "twins_across_midnight",
        /// Twins born in two years.
        TwinsAcrossNewYear = "twins_across_new_year",
        /// Income from 200 % to 250 % of the poverty line: variant 04.
        Csr73 = "csr_73",
        /// Income from 150 % to 200 % of the poverty line: variant 05.
        Csr87 = "csr_87",
        /// Income up to 150 % of the poverty line: variant 06.
        Csr94 = "csr_94",
        /// `Müller` once in six characters (NFC) and once in seven (NFD), in one family.
        ComposedBesideDecomposed = "composed_beside_decomposed",
        /// Everybody under 30 when coverage begins: who may take a catastrophic plan.
        AllUnderThirty = "all_under_thirty",
        /// Members of a recognized tribe, income up to 300 % of the poverty line: variant 02.
        TribalZeroCost = "tribal_zero_cost",
        /// Members of a recognized tribe, income above 300 % of the poverty line: variant 03.
        TribalLimitedCost = "tribal_limited_cost",
        /// Relationship 25: a former spouse, who lives elsewhere.
        ExSpouse = "ex_spouse",
        /// A city of more than 30 characters: N401 holds 30.
        CityOverX12Limit = "city_over_x12_limit",
        /// A ZIP code that serves two states (the mailing address's where the states have none).
        ZipInTwoStates = "zip_in_two_states",
        /// A city that lies in another county than the one of its name (the mailing address's where the states have none).
        CityAndCountyOfOneName = "city_and_county_of_one_name",
        /// Connecticut's planning regions, which replaced its counties in 2022 (the mailing address's elsewhere).
        PlanningRegion = "planning_region",
        /// A county that was renamed and has a new code: Oglala Lakota, Kusilvak (the mailing address's elsewhere).
        RenamedCounty = "renamed_county",
        /// Mail goes to an Army or Air Force post office: `APO AE 09001`.
        ApoAddress = "apo_address",
        /// Mail goes to a Fleet post office: `FPO AP 96269`.
        FpoAddress = "fpo_address",
        /// Mail goes to a Diplomatic post office: `DPO AA 34001`.
        DpoAddress = "dpo_address",
        /// Mail goes to Puerto Rico: `URB Las Muestras` above the street.
        Urbanization = "urbanization",
        /// One name and one date of birth in two households.
        Namesakes = "namesakes",
        /// Two households at one address.
        SharedAddress = "shared_address",
        /// A partner whose mailbox another household's partner has too.
        SharedMailbox = "shared_mailbox",
        /// Two households with one telephone.
        SharedPhone = "shared_phone",
        /// A child who is on both parents' policies, in two households.
        PersonOnTwoPolicies = "person_on_two_policies",
    }
}

impl EdgeCase {
    /// The version of the generator that dealt it first.
    pub fn since(self) -> GeneratorVersion {
        match self {
            case if case <= Self::NoPhone => GeneratorVersion::One,
            case if case <= Self::Csr94 => GeneratorVersion::Two,
            _ => GeneratorVersion::Three,
        }
    }

    /// Whether it takes two households to show it.
    pub fn is_of_two(self) -> bool {
        self >= Self::Namesakes
    }

    /// The catalogue of a version of the generator.
    pub fn known_to(generator: GeneratorVersion) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|case| case.since() <= generator).collect()
    }

    /// One sentence for people.
    #[expect(clippy::too_many_lines, reason = "a line for each case")]
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
            Self::OkinaName => "`Kaʻawa`: U+02BB.",
            Self::AcuteForApostrophe => "An acute accent for an apostrophe: `O´Neal`.",
            Self::BacktickForApostrophe => "A backtick for an apostrophe: U+0060.",
            Self::DecomposedName => "Letter and mark apart (NFD): `Müller` in seven characters.",
            Self::NoBreakSpace => "A no-break space between two words: U+00A0.",
            Self::ZeroWidthSpace => "A space that nobody sees after the surname: U+200B.",
            Self::TwoSurnames => "`Garcia Lopez`, without a hyphen.",
            Self::CompoundFirstName => "`Mary Jane`, `Juan Carlos`.",
            Self::SsaSpelling => "`MARYJANE OSULLIVAN`: as Social Security writes names (POMS RM 10205.125).",
            Self::SsaNameLimits => "16, 16 and 21 letters: what Social Security keeps of a name.",
            Self::LowerCaseParticle => "`van der Berg`, `de la Torre`.",
            Self::InnerCapital => "`McDonald`, `LaRue`.",
            Self::SaintSurname => "`St. John`.",
            Self::SuffixInSurname => "`Walker Jr` as surname.",
            Self::CommaInSurname => "`Walker, Jr.` as surname.",
            Self::OneLetterSurname => "The surname `O`.",
            Self::TwoLetterSurname => "`Ng`, `Wu`.",
            Self::FirstNameUnknown => "`FNU`: no first name is known.",
            Self::LastNameUnknown => "`LNU`: no last name is known.",
            Self::KeywordSurname => "A word of programs: `None`, `True`.",
            Self::NotApplicableSurname => "The surname `N/A`.",
            Self::FilteredSurname => "A surname that word filters stop: `Cockburn`.",
            Self::MarkupInAddress => "`<`, `&` and quotes in the second street line.",
            Self::FractionalHouseNumber => "`123 1/2`.",
            Self::HyphenatedHouseNumber => "`37-21`, as in Queens.",
            Self::GridHouseNumber => "`N6W23001`, as in Wisconsin.",
            Self::CoordinateStreet => "`90842 E 91700 S`, as in Utah.",
            Self::LetteredHouseNumber => "`12B`.",
            Self::HighwayContract => "`HC 92 Box 9152`.",
            Self::ZipInTwoCounties => {
                "A ZIP code that lies in two counties (the mailing address's where the states have none)."
            }
            Self::TurnsTwentyOne => "A subscriber of 20 who is 21 when coverage begins.",
            Self::TurnsThirty => "30th birthday inside the plan year: a catastrophic plan no longer.",
            Self::TurnsSixtyFour => "A subscriber of 63 who is 64 when coverage begins.",
            Self::TwentySixNewYearsEve => "A child's 26th birthday on the plan year's last day.",
            Self::TwentySixNewYearsDay => "A child's 26th birthday on the day after the plan year.",
            Self::FourChildren => "Four children under 21, of whom three are charged.",
            Self::SameSexSpouses => "Spouses of one sex.",
            Self::SpouseNotApplying => "A spouse who is on the application and not enrolled.",
            Self::SiblingsOnly => "Brothers and sisters without parents.",
            Self::TeenParent => "A subscriber of 18 with a baby.",
            Self::TwinsAcrossMidnight => "Twins born on two days.",
            Self::TwinsAcrossNewYear => "Twins born in two years.",
            Self::Csr73 => "Income from 200 % to 250 % of the poverty line: variant 04.",
            Self::Csr87 => "Income from 150 % to 200 % of the poverty line: variant 05.",
            Self::Csr94 => "Income up to 150 % of the poverty line: variant 06.",
            Self::ComposedBesideDecomposed => {
                "`Müller` once in six characters (NFC) and once in seven (NFD), in one family."
            }
            Self::AllUnderThirty => "Everybody under 30 when coverage begins: who may take a catastrophic plan.",
            Self::TribalZeroCost => {
                "Members of a recognized tribe, income up to 300 % of the poverty line: variant 02."
            }
            Self::TribalLimitedCost => {
                "Members of a recognized tribe, income above 300 % of the poverty line: variant 03."
            }
            Self::ExSpouse => "Relationship 25: a former spouse, who lives elsewhere.",
            Self::CityOverX12Limit => "A city of more than 30 characters: N401 holds 30.",
            Self::ZipInTwoStates => {
                "A ZIP code that serves two states (the mailing address's where the states have none)."
            }
            Self::CityAndCountyOfOneName => {
                "A city that lies in another county than the one of its name (the mailing address's where the states have none)."
            }
            Self::PlanningRegion => {
                "Connecticut's planning regions, which replaced its counties in 2022 (the mailing address's elsewhere)."
            }
            Self::RenamedCounty => {
                "A county that was renamed and has a new code: Oglala Lakota, Kusilvak (the mailing address's elsewhere)."
            }
            Self::ApoAddress => "Mail goes to an Army or Air Force post office: `APO AE 09001`.",
            Self::FpoAddress => "Mail goes to a Fleet post office: `FPO AP 96269`.",
            Self::DpoAddress => "Mail goes to a Diplomatic post office: `DPO AA 34001`.",
            Self::Urbanization => "Mail goes to Puerto Rico: `URB Las Muestras` above the street.",
            Self::Namesakes => "One name and one date of birth in two households.",
            Self::SharedAddress => "Two households at one address.",
            Self::SharedMailbox => "A partner whose mailbox another household's partner has too.",
            Self::SharedPhone => "Two households with one telephone.",
            Self::PersonOnTwoPolicies => "A child who is on both parents' policies, in two households.",
        }
    }
}
