//! Generated people: the promises kept across counts, threads and releases, and the rules that keep them nobody's.

use chrono::NaiveDate;
use johndoe::generator::{Generator, Place, household, places, shows};
use johndoe::model::{Address, EdgeCase, Household, Person, Population, ProbeIndex, Relationship, STATES, SsnPolicy};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Everything the generator can vary, half of it awkward.
fn population(seed: u64) -> Population {
    Population {
        count: 50,
        seed,
        as_of: day("2013-11-15"),
        coverage_begin: None,
        states: STATES.iter().map(|state| (*state).to_owned()).collect(),
        household_size: (1..=10).map(|size| (size, 11 - u32::from(size))).collect(),
        edge_case_share: 0.5,
        edge_cases: EdgeCase::ALL.to_vec(),
        dental_share: 0.3,
        ssn: SsnPolicy::NeverIssued,
    }
}

fn only(case: EdgeCase) -> Population {
    Population { edge_case_share: 1.0, edge_cases: vec![case], ..population(1) }
}

fn many(generator: &Generator, count: u32) -> Vec<Household> {
    (0..count).map(|index| generator.household(ProbeIndex(index))).collect()
}

// -- the same people, whatever is around them

#[test]
fn another_count_gives_the_same_people() {
    let few = many(&Generator::new("families", &population(7)), 20);
    let larger = Population { count: 100_000, ..population(7) };
    assert_eq!(many(&Generator::new("families", &larger), 300)[..20], few);
}

#[test]
fn one_index_alone_gives_the_household_it_has_in_the_list() {
    let all = many(&Generator::new("families", &population(7)), 200);
    for index in [0_u32, 7, 199] {
        assert_eq!(household("families", &population(7), ProbeIndex(index)), all[index as usize]);
    }
}

#[test]
fn eight_threads_give_what_one_gives() {
    let generator = Generator::new("families", &population(7));
    let one = many(&generator, 800);
    let eight: Vec<Household> = std::thread::scope(|scope| {
        let work = |part: u32| {
            let generator = &generator;
            scope.spawn(move || (part * 100..part * 100 + 100).map(|i| generator.household(ProbeIndex(i))).collect())
        };
        let parts: Vec<_> = (0..8).map(work).collect();
        parts.into_iter().flat_map(|part| -> Vec<Household> { part.join().unwrap() }).collect()
    });
    assert_eq!(eight, one);
}

#[test]
fn another_seed_or_scenario_gives_other_people() {
    let first = household("families", &population(7), ProbeIndex(3));
    assert_ne!(household("families", &population(8), ProbeIndex(3)), first);
    assert_ne!(household("edge-cases", &population(7), ProbeIndex(3)), first);
}

// -- frozen output

/// What each golden file holds: scenario, population and count.
fn frozen() -> Vec<(&'static str, Population, u32)> {
    let plain = Population {
        states: vec!["VA".to_owned(), "OH".to_owned()],
        household_size: BTreeMap::from([(1, 4), (2, 3), (3, 2), (4, 1)]),
        edge_case_share: 0.0,
        edge_cases: Vec::new(),
        dental_share: 0.0,
        ssn: SsnPolicy::None,
        ..population(2013)
    };
    let later = Population { as_of: day("2025-11-20"), ..population(7) };
    let each_case = Population { edge_case_share: 1.0, ..population(1) };
    let cases = u32::try_from(EdgeCase::ALL.len()).unwrap();
    vec![("first-enrollment", plain, 20), ("families", later, 20), ("edge-cases", each_case, cases)]
}

fn golden(scenario: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/people").join(format!("{scenario}.jsonl"))
}

fn json_lines(scenario: &str, population: &Population, count: u32) -> String {
    many(&Generator::new(scenario, population), count).iter().fold(String::new(), |mut text, household| {
        writeln!(text, "{}", serde_json::to_string(household).unwrap()).unwrap();
        text
    })
}

/// Fails when any frozen person changes. If that is meant, add one to `generator::VERSION`, say so in the change log, run
/// `cargo test --test integration freeze_people -- --ignored` and read the difference before committing it.
#[test]
fn the_people_of_a_seed_are_the_ones_that_were_frozen() {
    assert_eq!(johndoe::generator::VERSION, 1, "freeze the golden files anew, then change this number");
    for (scenario, population, count) in frozen() {
        let expected = std::fs::read_to_string(golden(scenario)).unwrap();
        let found = json_lines(scenario, &population, count);
        assert_eq!(found.lines().count(), expected.lines().count(), "{scenario}");
        for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
            assert_eq!(found, expected, "{scenario}, line {}", number + 1);
        }
    }
}

#[test]
#[ignore = "writes the golden files: only for a deliberate change"]
fn freeze_people() {
    for (scenario, population, count) in frozen() {
        std::fs::write(golden(scenario), json_lines(scenario, &population, count)).unwrap();
    }
}

#[test]
fn the_frozen_edge_cases_hold_one_household_of_each() {
    let text = std::fs::read_to_string(golden("edge-cases")).unwrap();
    let households: Vec<Household> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let dealt: Vec<EdgeCase> = households.iter().flat_map(|h| h.edge_cases.clone()).collect();
    assert_eq!(dealt, EdgeCase::ALL);
}

// -- the catalogue

#[test]
fn every_case_can_be_asked_for_alone_and_shows() {
    for case in EdgeCase::ALL.iter().copied() {
        for household in many(&Generator::new("edge-cases", &only(case)), 60) {
            assert!(shows(case, &household), "{case}: {household:#?}");
            assert_eq!(household.edge_cases, [case]);
            assert_sound(&household);
        }
    }
}

#[test]
fn every_case_shows_whatever_the_state_the_size_and_the_day() {
    for (as_of, state) in [("2013-12-31", "VA"), ("2024-02-29", "MA"), ("2025-01-01", "DE"), ("2026-06-16", "TX")] {
        for case in EdgeCase::ALL.iter().copied() {
            for size in [1, 2, 10] {
                let population = Population {
                    as_of: day(as_of),
                    states: vec![state.to_owned()],
                    household_size: BTreeMap::from([(size, 1)]),
                    ..only(case)
                };
                for household in many(&Generator::new("x", &population), 12) {
                    assert!(shows(case, &household), "{case} as of {as_of} in {state}: {household:#?}");
                    assert_sound(&household);
                }
            }
        }
    }
}

#[test]
fn ordinary_people_show_no_case_about_names_streets_or_mail() {
    let ordinary = Population { edge_case_share: 0.0, states: vec!["VA".to_owned()], ..population(3) };
    let by_chance = |case: &EdgeCase| case <= &EdgeCase::DelimitersInAddress && *case != EdgeCase::SameNameInFamily;
    for household in many(&Generator::new("x", &ordinary), 3_000) {
        assert!(household.edge_cases.is_empty());
        for case in EdgeCase::ALL.iter().copied().filter(by_chance) {
            assert!(!shows(case, &household), "{case}: {household:#?}");
        }
        assert!(household.mailing.is_none() && household.address.street_2.is_none());
    }
}

#[test]
fn a_share_deals_every_case_in_turn() {
    let dealt = many(&Generator::new("x", &Population { edge_case_share: 0.25, ..population(3) }), 240);
    let dealt: Vec<EdgeCase> = dealt.into_iter().flat_map(|household| household.edge_cases).collect();
    assert_eq!(dealt.len(), 60);
    assert_eq!(dealt.iter().collect::<BTreeSet<_>>().len(), EdgeCase::ALL.len());
}

#[test]
fn states_without_a_leading_zero_get_it_in_the_mail_and_stay_in_their_state() {
    let population = Population { states: vec!["OH".to_owned()], ..only(EdgeCase::ZipLeadingZero) };
    for household in many(&Generator::new("x", &population), 20) {
        assert_eq!(household.address.state, "OH");
        assert!(household.mailing.unwrap().zip.starts_with('0'));
    }
}

// -- nobody's: the rules, over 100,000 people

#[test]
fn a_hundred_thousand_people_break_no_rule() {
    let generator = Generator::new("everybody", &population(2013));
    let (mut people, mut index) = (0, 0);
    let (mut markers, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    while people < 100_000 {
        let household = generator.household(ProbeIndex(index));
        assert_sound(&household);
        assert!(markers.insert(household.marker.clone()), "{} comes twice", household.marker);
        for ssn in household.people.iter().filter_map(|person| person.ssn.as_ref()) {
            assert!(numbers.insert(ssn.as_str().to_owned()), "{} comes twice", ssn.as_str());
        }
        people += household.people.len();
        index += 1;
    }
}

/// Every rule that any household keeps.
fn assert_sound(household: &Household) {
    let people = &household.people;
    assert!((1..=10).contains(&people.len()), "{household:#?}");
    let selves = people.iter().filter(|person| person.relationship == Relationship::SelfSubscriber);
    assert_eq!(selves.count(), 1, "{household:#?}");
    assert_eq!(household.subscriber().map(|s| s.relationship), Some(Relationship::SelfSubscriber));
    assert_eq!(people[0].email.as_ref(), Some(&household.marker));
    assert_eq!(household.subscriber().and_then(|s| s.email.as_ref()), Some(&household.marker));
    assert!(people.iter().enumerate().all(|(place, person)| place == 0 || person.language.is_none()));
    for person in people {
        assert_person(person, household);
        assert_place(household.residence(person), household);
    }
    household.mailing.iter().for_each(|mailing| assert_place(mailing, household));
    assert_ages(household);
}

/// The facts by ZIP code.
static PLACES: LazyLock<BTreeMap<&str, Place>> = LazyLock::new(|| {
    places().into_iter().flat_map(|p| p.zips.clone().into_iter().map(move |z| (z, p.clone()))).collect()
});

fn repeats_one_digit(text: &str) -> bool {
    text.bytes().all(|b| b == text.as_bytes()[0])
}

fn assert_person(person: &Person, household: &Household) {
    let case = household.edge_cases.first().copied();
    let name = &person.name;
    assert!(!name.last.is_empty() && (!name.first.is_empty() || case == Some(EdgeCase::Mononym)), "{name:?}");
    let surname_limit = if case == Some(EdgeCase::SurnameOverX12Limit) { 61 } else { 60 };
    assert!(name.last.chars().count() <= surname_limit && name.first.chars().count() <= 35, "{name:?}");
    assert!(name.middle.iter().all(|middle| middle.len() <= 25) && name.suffix.iter().all(|s| s.len() <= 10));
    if let Some(ssn) = &person.ssn {
        let (area, group) = (&ssn.as_str()[..3], &ssn.as_str()[3..5]);
        assert!(area == "666" || area.starts_with('9'), "{ssn:?}");
        assert!(("40"..="49").contains(&group) || ("66"..="69").contains(&group), "{ssn:?} may be a tax id");
        assert!(&ssn.as_str()[5..] != "0000" && !repeats_one_digit(ssn.as_str()));
    }
    if let Some(phone) = &person.phone {
        let home = &PLACES[household.address.zip.as_str()];
        assert!(
            phone.starts_with(home.area_code)
                && phone.len() == 10
                && &phone[3..8] == "55501"
                && !repeats_one_digit(phone),
            "{phone}"
        );
    }
    if let Some(email) = &person.email {
        let domain = email.split_once('@').unwrap().1;
        assert!(["example.com", "example.net", "example.org"].contains(&domain), "{email}");
    }
    let age = person.age_on(household.as_of);
    assert!((0..=109).contains(&age) && person.birth_date <= household.as_of, "{person:?}");
    assert!(!person.tobacco || age >= 18, "{person:?}");
    assert_eq!(person.marital_status.is_some(), age >= 18, "{person:?}");
}

fn assert_place(address: &Address, household: &Household) {
    let place = PLACES.get(address.zip.as_str()).unwrap_or_else(|| panic!("{address:?} is nowhere"));
    let found = (address.state.as_str(), address.county.as_str(), address.city.as_str());
    assert_eq!((place.state, place.county, place.city), found);
    assert!(!repeats_one_digit(&address.zip));
    if *address == household.address {
        assert_eq!(place.rating_area_code(), household.rating_area);
    }
    let limit = if household.edge_cases == [EdgeCase::StreetOverX12Limit] { 56 } else { 55 };
    assert!((5..=limit).contains(&address.street_1.len()), "{address:?}");
}

fn assert_ages(household: &Household) {
    let years = |older: &Person, younger: &Person| (younger.birth_date - older.birth_date).num_days() / 365;
    let first = &household.people[0];
    assert!(first.age_on(household.as_of) >= 19, "{household:#?}");
    let partner = household.people.iter().find(|p| matches!(p.relationship.as_str(), "spouse" | "life_partner"));
    for person in &household.people {
        let age = person.age_on(household.as_of);
        match person.relationship {
            Relationship::Spouse | Relationship::LifePartner | Relationship::Sibling => assert!(age >= 18),
            Relationship::Parent if person.applying => assert!(years(person, first) >= 15, "{household:#?}"),
            Relationship::Grandchild => assert!(years(first, person) >= 30, "{household:#?}"),
            Relationship::Child | Relationship::AdoptedChild | Relationship::FosterChild | Relationship::Ward => {
                assert!(years(first, person) >= 15, "{household:#?}");
                assert!(partner.is_none_or(|partner| years(partner, person) >= 15), "{household:#?}");
                assert!(age < 26 || person.relationship == Relationship::Ward, "{household:#?}");
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_population_gives_sound_households(
        seed: u64,
        index: u32,
        states in proptest::sample::subsequence(STATES.to_vec(), 1..=STATES.len()),
        sizes in proptest::collection::btree_map(0_u8..=12, 0_u32..1_000, 0..6),
        share in -0.5_f64..1.5,
        cases in proptest::sample::subsequence(EdgeCase::ALL.to_vec(), 0..=EdgeCase::ALL.len()),
        days in 0_i64..40_000,
        numbered: bool,
    ) {
        let population = Population {
            states: states.into_iter().map(str::to_owned).collect(),
            household_size: sizes,
            edge_case_share: share,
            edge_cases: cases,
            as_of: day("2000-01-01") + chrono::TimeDelta::days(days),
            ssn: if numbered { SsnPolicy::NeverIssued } else { SsnPolicy::None },
            ..population(seed)
        };
        let household = household("any", &population, ProbeIndex(index));
        assert_sound(&household);
        for case in &household.edge_cases {
            prop_assert!(shows(*case, &household), "{case}: {household:#?}");
        }
    }

    #[test]
    fn no_population_panics(seed: u64, index: u32, states: Vec<String>, weight: u32, share: f64, early: bool) {
        let population = Population {
            states,
            household_size: BTreeMap::from([(200, weight), (0, weight), (3, u32::MAX)]),
            edge_case_share: share,
            dental_share: share,
            as_of: if early { NaiveDate::MIN } else { NaiveDate::MAX },
            ..population(seed)
        };
        household("", &population, ProbeIndex(index));
    }
}
