//! First names by sex and decade of birth, fitted to the origins of families.

use super::origin::{ByOrigin, Origin};
use super::weights::Weights;
use super::{facts, numbers};
use crate::generator::draw::Stream;
use crate::model::Sex;

const TABLE: &str = include_str!("first_names.csv");

/// The year of birth that the table begins with, and how many decades it has.
const FIRST_YEAR: i32 = 1900;
const DECADES: usize = 12;

/// After so many rounds shares no longer move by what could be seen.
const ROUNDS: usize = 24;
/// Weights are kept in thousandths of the births.
const PRECISION: f64 = 1_000.0;

/// A first name of one sex.
#[derive(Debug)]
struct FirstName {
    name: &'static str,
    sex: Sex,
    /// Of a thousand who bear it.
    origins: ByOrigin<u32>,
    /// Of a million born in each decade.
    births: [u32; DECADES],
}

/// The names of one sex and decade.
#[derive(Debug)]
struct Cohort {
    names: Vec<&'static str>,
    by_origin: ByOrigin<Weights>,
}

/// The first names, prepared for drawing.
#[derive(Debug)]
pub(in crate::generator) struct FirstNames {
    women: Vec<Cohort>,
    men: Vec<Cohort>,
}

impl FirstNames {
    /// `origins`: how many people there are of each.
    pub(super) fn read(origins: ByOrigin<u32>) -> Self {
        let table: Vec<FirstName> = facts(TABLE).filter_map(parse).collect();
        let cohorts = |sex| (0..DECADES).map(|decade| Cohort::new(&table, (sex, decade), origins)).collect();
        Self { women: cohorts(Sex::Female), men: cohorts(Sex::Male) }
    }

    /// A name that somebody of that sex, year of birth and origin has.
    pub(in crate::generator) fn draw(&self, sex: Sex, born: i32, origin: Origin, stream: &mut Stream) -> &'static str {
        let cohorts = match sex {
            Sex::Female => &self.women,
            Sex::Male => &self.men,
        };
        let name = cohorts.get(decade(born)).and_then(|cohort| {
            let at = origin.of(&cohort.by_origin).draw(stream);
            cohort.names.get(at).copied()
        });
        name.unwrap_or("John")
    }
}

/// The place of a year's decade; years before the table are its first decade, and years after it its last.
fn decade(year: i32) -> usize {
    usize::try_from((year - FIRST_YEAR).div_euclid(10)).unwrap_or(0).min(DECADES - 1)
}

impl Cohort {
    fn new(table: &[FirstName], (sex, decade): (Sex, usize), origins: ByOrigin<u32>) -> Self {
        let births = |name: &FirstName| name.births.get(decade).copied().unwrap_or(0);
        let given: Vec<&FirstName> = table.iter().filter(|name| name.sex == sex && births(name) > 0).collect();
        let rows: Vec<f64> = given.iter().map(|name| f64::from(births(name))).collect();
        let shares: Vec<ByOrigin<f64>> = given.iter().map(|name| name.origins.map(f64::from)).collect();
        let fitted = fit(&rows, shares, origins);
        let weights = |origin: Origin| Weights::new(fitted.iter().map(|row| weight(*origin.of(row))));
        Self { names: given.iter().map(|name| name.name).collect(), by_origin: Origin::ALL.map(weights) }
    }
}

/// Divides the births of each name among the origins, so that each name keeps its births and each origin the share that it has
/// among people: the names of a cohort stay as frequent as the table says, whatever family names they go with. Only sums,
/// products and quotients: the same numbers on any machine.
fn fit(births: &[f64], mut shares: Vec<ByOrigin<f64>>, origins: ByOrigin<u32>) -> Vec<ByOrigin<f64>> {
    let people: f64 = origins.iter().copied().map(f64::from).sum();
    let total: f64 = births.iter().sum();
    let columns = origins.map(|origin| f64::from(origin) * total / people);
    for _ in 0..ROUNDS {
        let sums = shares.iter().fold([0.0; 4], plus);
        for (row, births) in shares.iter_mut().zip(births) {
            for ((cell, sum), column) in row.iter_mut().zip(sums).zip(columns) {
                *cell = if sum > 0.0 { *cell * column / sum } else { 0.0 };
            }
            let sum: f64 = row.iter().sum();
            for cell in row {
                *cell = if sum > 0.0 { *cell * births / sum } else { 0.0 };
            }
        }
    }
    shares
}

fn plus(mut sums: ByOrigin<f64>, row: &ByOrigin<f64>) -> ByOrigin<f64> {
    for (sum, cell) in sums.iter_mut().zip(row) {
        *sum += cell;
    }
    sums
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most a thousand million, and never below 0"
)]
fn weight(births: f64) -> u32 {
    (births * PRECISION).round() as u32
}

fn parse(line: &'static str) -> Option<FirstName> {
    let mut cells = line.split(',');
    let name = cells.next()?;
    let sex = match cells.next()? {
        "f" => Sex::Female,
        "m" => Sex::Male,
        _ => return None,
    };
    Some(FirstName { name, sex, origins: numbers(cells.next()?)?, births: numbers(cells.next()?)? })
}

#[cfg(test)]
mod tests {
    use super::{DECADES, FIRST_YEAR, FirstName, TABLE, decade, facts, parse};
    use crate::generator::Generator;
    use crate::generator::draw::{FieldGroup, Stream, Streams, key};
    use crate::generator::tables::{Origin, names};
    use crate::model::{GeneratorVersion, Population, ProbeIndex, Sex, SsnPolicy};
    use chrono::Datelike;
    use std::collections::BTreeMap;

    fn table() -> Vec<FirstName> {
        facts(TABLE).filter_map(parse).collect()
    }

    fn stream() -> Stream {
        Streams::quick(key("first names", "x", 1), 0).household(FieldGroup::Name)
    }

    #[test]
    fn every_line_is_read_and_sound() {
        let table = table();
        assert_eq!(table.len(), facts(TABLE).count());
        for name in &table {
            let plain = name.name.bytes().skip(1).all(|b| b.is_ascii_lowercase());
            assert!(
                plain && name.name.len() > 1 && name.name.starts_with(|c: char| c.is_ascii_uppercase()),
                "{name:?}"
            );
            let sum: u32 = name.origins.iter().sum();
            assert!((998..=1_002).contains(&sum), "{name:?}");
        }
    }

    #[test]
    fn the_names_cover_nine_of_ten_of_those_born_before_1970_and_two_thirds_of_the_youngest() {
        let table = table();
        for sex in [Sex::Female, Sex::Male] {
            for decade in 0..DECADES {
                let births: u32 = table.iter().filter(|name| name.sex == sex).map(|name| name.births[decade]).sum();
                let least = if decade < 7 { 890_000 } else { 660_000 };
                assert!((least..=1_000_000).contains(&births), "{sex}, decade {decade}: {births}");
            }
        }
    }

    #[test]
    fn names_come_as_often_as_they_were_given() {
        let table = table();
        let names = names();
        for (sex, born) in [(Sex::Female, 1955), (Sex::Male, 1955), (Sex::Female, 2005), (Sex::Male, 1988)] {
            let mut stream = stream();
            let mut found: BTreeMap<&str, u32> = BTreeMap::new();
            for _ in 0..200_000 {
                let origin = names.surnames.origin(&mut stream);
                *found.entry(names.first.draw(sex, born, origin, &mut stream)).or_default() += 1;
            }
            let of_decade = table.iter().filter(|name| name.sex == sex && name.births[decade(born)] > 0);
            let given: BTreeMap<&str, u32> = of_decade.map(|name| (name.name, name.births[decade(born)])).collect();
            assert!(found.keys().all(|name| given.contains_key(name)));
            let total: u32 = given.values().sum();
            let (mut chi_square, mut cells) = (0.0, 0.0_f64);
            for (name, births) in given {
                let expected = 200_000.0 * f64::from(births) / f64::from(total);
                if expected >= 5.0 {
                    let off = f64::from(found.get(name).copied().unwrap_or(0)) - expected;
                    (chi_square, cells) = (chi_square + off * off / expected, cells + 1.0);
                }
            }
            let deviations = (chi_square - cells) / (2.0 * cells).sqrt();
            assert!(deviations.abs() < 4.0, "{sex} born {born}: {deviations} deviations over {cells} names");
        }
    }

    /// Chi-square of a cohort as a standard normal deviate (Wilson and Hilferty), with how many names it rests on: those that
    /// are expected five times and more, and all others together.
    fn deviate(found: &BTreeMap<String, u32>, given: &BTreeMap<&str, u32>) -> (f64, usize) {
        let people = f64::from(found.values().sum::<u32>());
        let births = f64::from(given.values().sum::<u32>());
        let mut rare = (0.0, 0.0);
        let (mut chi_square, mut cells) = (0.0, 0_u32);
        let mut add = |found: f64, expected: f64| {
            chi_square += (found - expected).powi(2) / expected;
            cells += 1;
        };
        for (name, births_of) in given {
            let expected = people * f64::from(*births_of) / births;
            let found = f64::from(found.get(*name).copied().unwrap_or(0));
            if expected < 5.0 { rare = (rare.0 + found, rare.1 + expected) } else { add(found, expected) }
        }
        if rare.1 > 0.0 {
            add(rare.0, rare.1);
        }
        let free = f64::from(cells - 1);
        (((chi_square / free).cbrt() - (1.0 - 2.0 / (9.0 * free))) / (2.0 / (9.0 * free)).sqrt(), cells as usize)
    }

    /// The upper tail of the standard normal distribution (Abramowitz and Stegun 26.2.17, good to 7.5e-8).
    fn tail(z: f64) -> f64 {
        if z < 0.0 {
            return 1.0 - tail(-z);
        }
        let t = 1.0 / (1.0 + 0.231_641_9 * z);
        let series =
            t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
        (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * series
    }

    /// `cargo test --release --lib -- --nocapture first_names_of_a_hundred_thousand` prints each cohort.
    #[test]
    fn first_names_of_a_hundred_thousand_people_fit_their_sex_and_decade() {
        let population = Population {
            count: 1,
            seed: 2013,
            as_of: "2013-11-15".parse().unwrap(),
            coverage_begin: None,
            states: vec!["VA".to_owned()],
            household_size: (1..=6).map(|size| (size, 1)).collect(),
            edge_case_share: 0.0,
            edge_cases: Vec::new(),
            several: true,
            dental_share: 0.0,
            agent_share: 0.0,
            ssn: SsnPolicy::None,
            generator: GeneratorVersion::NEWEST,
            rows: Vec::new(),
        };
        let generator = Generator::new("first names", &population);
        let mut found: BTreeMap<(&str, usize), BTreeMap<String, u32>> = BTreeMap::new();
        let mut people = 0;
        for index in (0..).map(ProbeIndex).take_while(|index| index.0 < 28_600) {
            for person in generator.household(index).people {
                let cohort = (person.sex.as_str(), decade(person.birth_date.year()));
                *found.entry(cohort).or_default().entry(person.name.first).or_default() += 1;
                people += 1;
            }
        }
        assert!(people > 99_000, "{people}");
        let table = table();
        let mut cohorts: Vec<(f64, String)> = Vec::new();
        for ((sex, decade), found) in &found {
            let of_it = |name: &&FirstName| name.sex.as_str() == *sex && name.births[*decade] > 0;
            let given = table.iter().filter(of_it).map(|name| (name.name, name.births[*decade])).collect();
            let (z, names) = deviate(found, &given);
            let people: u32 = found.values().sum();
            let years = FIRST_YEAR + 10 * i32::try_from(*decade).unwrap();
            if people >= 500 {
                cohorts.push((tail(z), format!("{sex} born {years} to {}: {people} people, {names} names", years + 9)));
            }
        }
        cohorts.sort_by(|one, other| one.0.total_cmp(&other.0));
        // Holm: the i-th smallest of m is held against 5 % divided by m - i
        let m = cohorts.len();
        for (at, (p, cohort)) in cohorts.iter().enumerate() {
            let adjusted = (p * f64::from(u32::try_from(m - at).unwrap())).min(1.0);
            assert!(adjusted > 0.05, "{cohort} has other names than the table: p = {p}, by Holm {adjusted}");
        }
        assert!(m >= 12, "{m} cohorts");
    }

    #[test]
    fn first_names_go_with_the_family_name() {
        let mut stream = stream();
        let mut of = |origin| -> Vec<&str> {
            (0..3_000).map(|_| names().first.draw(Sex::Male, 1985, origin, &mut stream)).collect()
        };
        let count = |drawn: &[&str], name: &str| drawn.iter().filter(|found| **found == name).count();
        let (hispanic, white) = (of(Origin::Hispanic), of(Origin::White));
        assert!(count(&hispanic, "Jose") > 20 * count(&white, "Jose").max(1));
        assert!(count(&white, "Scott") > count(&hispanic, "Scott"));
    }

    #[test]
    fn years_beyond_the_table_have_its_nearest_decade() {
        for (year, expected) in [(1_850, 0), (FIRST_YEAR, 0), (1_919, 1), (2_009, 10), (2_026, DECADES - 1)] {
            assert_eq!(decade(year), expected, "{year}");
        }
    }
}
