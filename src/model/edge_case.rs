//! The catalogue of awkward cases that a population may show.

use super::population::GeneratorVersion;
use super::words::{described_words, words};

described_words! {
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
        /// A ZIP code that begins with 0 (the mailing address's where the states have none).
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
}
