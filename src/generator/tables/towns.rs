//! The towns of version 2, in all states.

use super::facts;
use crate::generator::places::{Place, places_of_one};
use crate::model::EdgeCase;
use std::sync::LazyLock;

const TABLE: &str = include_str!("towns.csv");

/// Every town, in the order of the table.
pub(in crate::generator) fn towns() -> &'static [Place] {
    static TOWNS: LazyLock<Vec<Place>> = LazyLock::new(|| {
        let rated = places_of_one();
        facts(TABLE).filter_map(|line| parse(line, &rated)).collect()
    });
    &TOWNS
}

/// `rated`: the towns whose rating areas are known.
fn parse(line: &'static str, rated: &[Place]) -> Option<Place> {
    let mut cells = line.split(',');
    let mut next = || cells.next().filter(|cell| !cell.is_empty());
    let (state, county, city, area_code) = (next()?, next()?, next()?, next()?);
    let zips: Vec<&str> = next()?.split(' ').collect();
    let _share: u32 = next()?.parse().ok()?;
    let other_county = next();
    let rating_area = rated.iter().find(|place| place.county == county && is_rated_alike(place, &zips));
    let rating_area = rating_area.and_then(|place| place.rating_area);
    let case = other_county.map(|_| EdgeCase::ZipInTwoCounties);
    Some(Place { state, county, rating_area, city, area_code, zips, other_county, case })
}

/// Whether a town of the same county has the rating area of another for sure: in Massachusetts areas go by the first three
/// digits of the ZIP code.
fn is_rated_alike(rated: &Place, zips: &[&str]) -> bool {
    rated.state != "MA" || zips.iter().all(|zip| rated.zips.iter().all(|known| known.get(..3) == zip.get(..3)))
}

#[cfg(test)]
mod tests {
    use super::{TABLE, facts, towns};
    use crate::generator::places::places_of_one;
    use crate::model::STATES;
    use std::collections::BTreeSet;

    fn digits(text: &str, length: usize) -> bool {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    }

    #[test]
    fn every_line_is_read_and_sound() {
        assert_eq!(towns().len(), facts(TABLE).count());
        for place in towns() {
            assert!(STATES.contains(&place.state), "{place:?}");
            assert!(digits(place.county, 5) && digits(place.area_code, 3), "{place:?}");
            assert!(place.other_county.is_none_or(|other| digits(other, 5) && other[..2] == place.county[..2]));
            assert!(!place.city.is_empty() && place.city.len() <= 30, "{place:?}");
            assert!(!place.zips.is_empty());
            for zip in &place.zips {
                assert!(digits(zip, 5), "{place:?}");
                assert!(zip.bytes().any(|b| b != zip.as_bytes()[0]), "{zip} repeats one digit");
            }
        }
        let zips: Vec<_> = towns().iter().flat_map(|place| &place.zips).collect();
        assert_eq!(zips.iter().collect::<BTreeSet<_>>().len(), zips.len(), "a ZIP code stands twice");
    }

    #[test]
    fn every_state_has_towns_and_counties_of_its_own() {
        let mut prefixes = BTreeSet::new();
        for state in STATES {
            let counties: BTreeSet<_> = towns().iter().filter(|p| p.state == *state).map(|p| p.county).collect();
            assert!(counties.len() >= if *state == "DC" { 1 } else { 3 }, "{state}");
            let of_state: BTreeSet<_> = counties.iter().map(|county| &county[..2]).collect();
            assert_eq!(of_state.len(), 1, "{state}: counties of two states");
            prefixes.extend(of_state);
        }
        assert_eq!(prefixes.len(), STATES.len());
    }

    #[test]
    fn the_towns_hold_a_fifth_of_the_population() {
        let share = |line: &str| line.split(',').nth(5).and_then(|cell| cell.parse::<u32>().ok());
        let millionths: u32 = facts(TABLE).map(|line| share(line).unwrap()).sum();
        assert!((200_000..230_000).contains(&millionths), "{millionths}");
    }

    #[test]
    fn rating_areas_are_those_of_the_first_table_and_of_no_other_county() {
        let known = places_of_one();
        for place in towns().iter().filter(|place| place.rating_area.is_some()) {
            assert!(
                known.iter().any(|of| (of.county, of.rating_area) == (place.county, place.rating_area)),
                "{place:?}"
            );
        }
        assert!(towns().iter().any(|place| place.rating_area.is_none()));
    }
}
