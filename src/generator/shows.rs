//! Whether a household shows an awkward case: what a report counts as covered, and what tests hold the generator to.

use super::calendar::{Calendar, birthday};
use super::naming::{FILTERED, KEYWORDS};
use super::places::Place;
use super::tables::{oddities, towns};
use crate::model::{Address, EdgeCase, GeneratorVersion, Guideline, Household, Person, Relationship};
use chrono::{Datelike, NaiveDate};
use std::ops::RangeInclusive;

/// Whether the household, which a version of the generator drew, shows the case, by what can be seen of it. `household.edge_cases` holds the case that was dealt,
/// and no other; a household may show more by chance (every tenth or so is a `couple`). What is dealt only, never met by
/// chance, are the cases that take two households (it takes the other one to see them), about names other than `same_name_in_family`, about street lines and about mail.
pub fn shows(case: EdgeCase, household: &Household, generator: GeneratorVersion) -> bool {
    if case.is_of_two() {
        return household.edge_cases.contains(&case);
    }
    let people = &household.people;
    people.iter().any(|person| in_name(case, person))
        || addresses(household).any(|address| in_address(case, address))
        || in_mail(case, household)
        || people.iter().any(|person| in_birth_date(case, household, person.birth_date))
        || among_dates(case, household)
        || in_pair(case, people)
        || in_relationships(case, household)
        || in_size(case, household)
        || in_circumstances(case, household)
        || in_income(case, household, generator)
}

fn in_name(case: EdgeCase, person: &Person) -> bool {
    let (first, last) = (person.name.first.as_str(), person.name.last.as_str());
    let either = |test: fn(&str) -> bool| test(first) || test(last);
    let length = |name: &str| name.chars().count();
    match case {
        EdgeCase::HyphenatedSurname => last.contains('-'),
        EdgeCase::Apostrophe => last.contains('\''),
        EdgeCase::CurlyApostrophe => last.contains('\u{2019}'),
        EdgeCase::SpacedSurname => last.trim().contains(' ') && !last.contains("  "),
        EdgeCase::OneLetterName => length(first) == 1 && first.is_ascii(),
        EdgeCase::Mononym => first.is_empty() && !last.is_empty(),
        EdgeCase::VeryLongSurname => length(last) == 36,
        EdgeCase::NullSurname => last == "Null",
        EdgeCase::TestSurname => last == "Test",
        EdgeCase::NameSuffix => person.name.suffix.is_some(),
        EdgeCase::Diacritics => either(|name| name.chars().any(|c| ('\u{c0}'..='\u{24f}').contains(&c))),
        EdgeCase::NonLatinName => either(|name| name.chars().any(|c| c.is_alphabetic() && c > '\u{24f}')),
        EdgeCase::AllCapsName => {
            length(first) > 1 && [first, last].iter().all(|name| name.chars().all(char::is_uppercase))
        }
        EdgeCase::DoubleSpaceName => either(|name| name.contains("  ")),
        EdgeCase::TrailingSpaceName => either(|name| name.ends_with(' ')),
        EdgeCase::SurnameAtX12Limit => length(last) == 60,
        EdgeCase::SurnameOverX12Limit => length(last) == 61,
        EdgeCase::FirstNameAtX12Limit => length(first) == 35,
        _ => in_odd_name(case, person),
    }
}

/// The same of the cases that version 2 added.
fn in_odd_name(case: EdgeCase, person: &Person) -> bool {
    let (first, last) = (person.name.first.as_str(), person.name.last.as_str());
    let length = |name: &str| name.chars().count();
    let is_upper = |name: &str| length(name) > 3 && name.chars().all(|c| c.is_ascii_uppercase());
    match case {
        EdgeCase::OkinaName => last.contains('\u{2bb}'),
        EdgeCase::AcuteForApostrophe => last.contains('\u{b4}'),
        EdgeCase::BacktickForApostrophe => last.contains('`'),
        EdgeCase::DecomposedName => last.chars().any(|c| ('\u{300}'..='\u{36f}').contains(&c)),
        EdgeCase::NoBreakSpace => last.contains('\u{a0}'),
        EdgeCase::ZeroWidthSpace => last.contains('\u{200b}'),
        EdgeCase::TwoSurnames => {
            last.split(' ').count() == 2 && last.split(' ').all(|word| length(word) > 3 && word.is_ascii())
        }
        EdgeCase::CompoundFirstName => first.trim().contains(' '),
        EdgeCase::SsaSpelling => is_upper(first) && is_upper(last),
        EdgeCase::SsaNameLimits => {
            let middle = person.name.middle.as_deref().map(length);
            (length(first), middle, length(last)) == (16, Some(16), 21)
        }
        EdgeCase::LowerCaseParticle => last.starts_with(char::is_lowercase),
        EdgeCase::InnerCapital => {
            let letters = || last.chars().skip(1);
            letters().all(char::is_alphabetic) && letters().any(char::is_uppercase) && letters().any(char::is_lowercase)
        }
        EdgeCase::SaintSurname => last.starts_with("St. "),
        EdgeCase::SuffixInSurname => last.ends_with(" Jr"),
        EdgeCase::CommaInSurname => last.contains(','),
        EdgeCase::OneLetterSurname => length(last) == 1,
        EdgeCase::TwoLetterSurname => length(last) == 2,
        EdgeCase::FirstNameUnknown => first == "FNU",
        EdgeCase::LastNameUnknown => last == "LNU",
        EdgeCase::KeywordSurname => KEYWORDS.contains(&last),
        EdgeCase::NotApplicableSurname => last == "N/A",
        EdgeCase::FilteredSurname => FILTERED.contains(&last),
        _ => false,
    }
}

fn addresses(household: &Household) -> impl Iterator<Item = &Address> {
    let own = household.people.iter().filter_map(|person| person.address.as_ref());
    std::iter::once(&household.address).chain(&household.mailing).chain(own)
}

fn in_address(case: EdgeCase, address: &Address) -> bool {
    let line = address.street_1.as_str();
    match case {
        EdgeCase::StreetAtX12Limit => line.chars().count() == 55,
        EdgeCase::StreetOverX12Limit => line.chars().count() == 56,
        EdgeCase::DelimitersInAddress => ['*', '~', ':', '^'].iter().all(|delimiter| line.contains(*delimiter)),
        EdgeCase::ZipLeadingZero => address.zip.starts_with('0'),
        EdgeCase::RuralRoute => line.starts_with("RR "),
        EdgeCase::ApartmentLine => address.street_2.is_some(),
        EdgeCase::NoFixedAddress => line == "General Delivery",
        EdgeCase::MarkupInAddress => address.street_2.iter().any(|line| line.contains('<') && line.contains('&')),
        EdgeCase::CityOverX12Limit => address.city.chars().count() > 30,
        EdgeCase::Urbanization => line.starts_with("URB ") && address.state == "PR",
        _ => in_house_number(case, line) || in_town(case, address),
    }
}

fn in_town(case: EdgeCase, address: &Address) -> bool {
    let asks = |town: &Place| {
        town.case == Some(case) && town.zips.contains(&address.zip.as_str()) && town.county == address.county
    };
    towns().iter().chain(oddities()).any(asks)
}

fn in_house_number(case: EdgeCase, line: &str) -> bool {
    let mut words = line.split(' ');
    let (number, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let begins_with_digit = number.starts_with(|c: char| c.is_ascii_digit());
    match case {
        EdgeCase::FractionalHouseNumber => second == "1/2",
        EdgeCase::HyphenatedHouseNumber => begins_with_digit && number.contains('-'),
        EdgeCase::GridHouseNumber => number.starts_with('N') && number.contains('W'),
        EdgeCase::LetteredHouseNumber => begins_with_digit && number.ends_with('B'),
        EdgeCase::CoordinateStreet => begins_with_digit && second == "E",
        EdgeCase::HighwayContract => number == "HC",
        _ => false,
    }
}

fn in_mail(case: EdgeCase, household: &Household) -> bool {
    let Some(mailing) = &household.mailing else { return false };
    match case {
        EdgeCase::PoBox => mailing.street_1.starts_with("PO Box "),
        EdgeCase::MailingDiffers => mailing.city != household.address.city,
        _ => false,
    }
}

fn in_birth_date(case: EdgeCase, household: &Household, birth: NaiveDate) -> bool {
    let calendar = Calendar { as_of: household.as_of, coverage_begin: household.coverage_begin };
    let day = (birth.month(), birth.day());
    let turns = |years, (first, last)| birthday(birth, years).is_some_and(|day| first <= day && day <= last);
    match case {
        EdgeCase::LeapDayBirth => day == (2, 29),
        EdgeCase::BornNewYearsEve => day == (12, 31),
        EdgeCase::BornNewYearsDay => day == (1, 1),
        EdgeCase::BornToday => birth == household.as_of,
        EdgeCase::TurnsNineteen => turns(19, calendar.month_before_coverage()),
        EdgeCase::TurnsSixtyFive => turns(65, calendar.plan_year()),
        EdgeCase::TurnsTwentyOne => turns(21, calendar.to_coverage()),
        EdgeCase::TurnsThirty => turns(30, calendar.plan_year()),
        EdgeCase::TurnsSixtyFour => turns(64, calendar.to_coverage()),
        EdgeCase::Centenarian => household.as_of.years_since(birth).is_some_and(|age| age > 100),
        _ => false,
    }
}

/// The cases about the birth date of somebody in particular.
fn among_dates(case: EdgeCase, household: &Household) -> bool {
    let begin = household.coverage_begin;
    let mut people = household.people.iter();
    match case {
        EdgeCase::BornOnCoverageDate => household
            .subscriber()
            .is_some_and(|s| (s.birth_date.month(), s.birth_date.day()) == (begin.month(), begin.day())),
        EdgeCase::TurnsTwentySix => people.any(|person| {
            let birthday = birthday(person.birth_date, 26).filter(|_| is_young(person));
            birthday.is_some_and(|day| day >= begin && day.year() == begin.year())
        }),
        EdgeCase::TwentySixNewYearsEve => people.any(|person| {
            let birthday = birthday(person.birth_date, 26).filter(|_| is_young(person));
            birthday.is_some_and(|day| (day.year(), day.month(), day.day()) == (begin.year(), 12, 31))
        }),
        EdgeCase::TwentySixNewYearsDay => people.any(|person| {
            let birthday = birthday(person.birth_date, 26).filter(|_| is_young(person));
            birthday.is_some_and(|day| (day.year(), day.month(), day.day()) == (begin.year() + 1, 1, 1))
        }),
        EdgeCase::Newborn => people.any(|person| {
            let days = (household.as_of - person.birth_date).num_days();
            (0..30).contains(&days) && person.ssn.is_none()
        }),
        _ => false,
    }
}

fn in_pair(case: EdgeCase, people: &[Person]) -> bool {
    let pair = |alike: fn(&Person, &Person) -> bool| {
        people.iter().enumerate().any(|(place, one)| people.iter().skip(place + 1).any(|other| alike(one, other)))
    };
    match case {
        EdgeCase::SameNameInFamily => pair(|one, other| {
            (&one.name.first, &one.name.last) == (&other.name.first, &other.name.last)
                && one.birth_date != other.birth_date
        }),
        EdgeCase::ComposedBesideDecomposed => {
            let has = |range: RangeInclusive<char>| people.iter().any(|p| p.name.last.contains(|c| range.contains(&c)));
            has('\u{c0}'..='\u{24f}') && has('\u{300}'..='\u{36f}')
        }
        EdgeCase::Twins => pair(are_twins),
        EdgeCase::TwinsAcrossMidnight => pair(are_born_on_next_days),
        EdgeCase::TwinsAcrossNewYear => {
            pair(|one, other| are_born_on_next_days(one, other) && one.birth_date.year() != other.birth_date.year())
        }
        EdgeCase::TwinsOneLetter => {
            pair(|one, other| are_twins(one, other) && differ_in_one_letter(&one.name.first, &other.name.first))
        }
        _ => false,
    }
}

fn are_twins(one: &Person, other: &Person) -> bool {
    is_young(one) && is_young(other) && one.birth_date == other.birth_date
}

fn are_born_on_next_days(one: &Person, other: &Person) -> bool {
    is_young(one) && is_young(other) && one.birth_date.succ_opt() == Some(other.birth_date)
}

fn differ_in_one_letter(one: &str, other: &str) -> bool {
    one.chars().count() == other.chars().count() && one.chars().zip(other.chars()).filter(|(a, b)| a != b).count() == 1
}

fn is_young(person: &Person) -> bool {
    !matches!(
        person.relationship,
        Relationship::SelfSubscriber
            | Relationship::Spouse
            | Relationship::LifePartner
            | Relationship::ExSpouse
            | Relationship::Sibling
            | Relationship::Parent
            | Relationship::Grandparent
            | Relationship::Other
    )
}

fn in_relationships(case: EdgeCase, household: &Household) -> bool {
    let people = &household.people;
    let any = |relationship| people.iter().any(|person| person.relationship == relationship);
    match case {
        EdgeCase::AdoptedChild => any(Relationship::AdoptedChild),
        EdgeCase::FosterChild => any(Relationship::FosterChild),
        EdgeCase::Stepchild => any(Relationship::Stepchild),
        EdgeCase::DomesticPartner => any(Relationship::LifePartner),
        EdgeCase::ExSpouse => people.iter().any(|p| p.relationship == Relationship::ExSpouse && p.address.is_some()),
        EdgeCase::OverAgeWard => people
            .iter()
            .any(|person| person.relationship == Relationship::Ward && person.age_on(household.as_of) >= 26),
        EdgeCase::GrandparentHeaded => {
            let others = people.get(1..).unwrap_or_default();
            !others.is_empty() && others.iter().all(|person| person.relationship == Relationship::Grandchild)
        }
        _ => false,
    }
}

fn in_size(case: EdgeCase, household: &Household) -> bool {
    let is_partner = |person: &Person| matches!(person.relationship, Relationship::Spouse | Relationship::LifePartner);
    match (case, household.people.as_slice()) {
        (EdgeCase::Single, [_]) => true,
        (EdgeCase::Couple, [_, second]) => is_partner(second),
        (EdgeCase::TenMembers, people) => people.len() == 10,
        (EdgeCase::FourChildren, people) => {
            // on the day from which all ages derive: coverage may be asked for years later
            let charged = |person: &&Person| is_young(person) && person.age_on(household.as_of) < 21;
            people.iter().filter(charged).count() >= 4
        }
        (EdgeCase::SameSexSpouses, [first, second, ..]) => {
            second.relationship == Relationship::Spouse && first.sex == second.sex
        }
        (EdgeCase::SpouseNotApplying, people) => {
            people.iter().any(|person| person.relationship == Relationship::Spouse && !person.applying)
        }
        (EdgeCase::SiblingsOnly, [_, others @ ..]) => {
            !others.is_empty() && others.iter().all(|person| person.relationship == Relationship::Sibling)
        }
        (EdgeCase::TeenParent, [first, child]) => {
            first.age_on(household.as_of) < 20 && child.relationship == Relationship::Child
        }
        (EdgeCase::ChildOnly, [parent, child]) => {
            !parent.applying && child.applying && child.age_on(household.as_of) < 18
        }
        (EdgeCase::MixedEligibility, [first, others @ ..]) => {
            first.applying && others.iter().any(|person| is_young(person) && !person.applying)
        }
        _ => false,
    }
}

fn in_circumstances(case: EdgeCase, household: &Household) -> bool {
    let people = &household.people;
    match case {
        EdgeCase::MemberElsewhere => people.iter().any(|person| person.address.is_some()),
        EdgeCase::TobaccoUser => people.iter().any(|person| person.tobacco),
        EdgeCase::NoPhone => people.iter().all(|person| person.phone.is_none()),
        EdgeCase::AllUnderThirty => people.iter().all(|person| person.age_on(household.coverage_begin) < 30),
        _ => false,
    }
}

fn in_income(case: EdgeCase, household: &Household, generator: GeneratorVersion) -> bool {
    let guideline = match generator {
        GeneratorVersion::One => Guideline::OF_2013,
        GeneratorVersion::Two | GeneratorVersion::Three => {
            Guideline::for_coverage(household.coverage_begin, &household.address.state)
        }
    };
    let line = i64::from(guideline.line(household.people.len())) * 100;
    let is_between = |from: i64, to: i64| (line * from..line * to).contains(&(household.income_cents * 100));
    let is_tribal = || household.people.iter().all(|person| person.tribal_member);
    match case {
        EdgeCase::NoSubsidy => household.income_cents > line * 4,
        EdgeCase::FullSubsidy => household.income_cents <= line * 110 / 100,
        // shares of the poverty line: 45 CFR 155.305(g)(2)
        EdgeCase::Csr73 => is_between(200, 250),
        EdgeCase::Csr87 => is_between(150, 200),
        EdgeCase::Csr94 => is_between(100, 150),
        EdgeCase::TribalZeroCost => is_tribal() && is_between(100, 301),
        EdgeCase::TribalLimitedCost => is_tribal() && household.income_cents > line * 3,
        _ => false,
    }
}
