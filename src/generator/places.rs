//! The towns people live in, with county, rating area, area code and ZIP codes that belong together.

use super::tables::{oddities, towns};
use crate::model::{Address, EdgeCase, GeneratorVersion};

/// The facts, as text; its head says where they come from.
const FACTS: &str = include_str!("places.csv");

/// One town.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Two-letter state.
    pub state: &'static str,
    /// Five-digit FIPS code of the county; empty at a military post office.
    pub county: &'static str,
    /// Number of the rating area within the state, where a source says it.
    pub rating_area: Option<u16>,
    /// City, as the post office prefers it.
    pub city: &'static str,
    /// Telephone area code; empty where nobody of a population lives.
    pub area_code: &'static str,
    /// Five-digit ZIP codes; never empty.
    pub zips: Vec<&'static str>,
    /// The second county of ZIP codes that lie in two.
    pub other_county: Option<&'static str>,
    /// The case that asks for it; nobody else lives there.
    pub case: Option<EdgeCase>,
}

impl Place {
    /// Rating area as 834 files write it: `R-VA007` (CMS companion guide v7.2 p. 46); empty where it is not known.
    pub fn rating_area_code(&self) -> String {
        self.rating_area.map(|area| format!("R-{}{area:03}", self.state)).unwrap_or_default()
    }

    /// Whether a ZIP code of the town begins with 0.
    pub fn has_leading_zero(&self) -> bool {
        self.zips.iter().any(|zip| zip.starts_with('0'))
    }

    /// An address in this town.
    pub(super) fn address(&self, street_1: String, zip: &str) -> Address {
        Address {
            street_1,
            street_2: None,
            city: self.city.to_owned(),
            state: self.state.to_owned(),
            zip: zip.to_owned(),
            county: self.county.to_owned(),
        }
    }
}

/// Every town that a version of the generator knows, in the order of its facts.
pub fn places(generator: GeneratorVersion) -> Vec<Place> {
    match generator {
        GeneratorVersion::One => places_of_one(),
        GeneratorVersion::Two => towns().to_vec(),
        GeneratorVersion::Three => [towns(), oddities()].concat(),
    }
}

/// The towns of the first version.
pub(super) fn places_of_one() -> Vec<Place> {
    FACTS.lines().filter(|line| is_fact(line)).filter_map(parse).collect()
}

fn is_fact(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

fn parse(line: &'static str) -> Option<Place> {
    let mut cells = line.split(',');
    let mut next = || cells.next().filter(|cell| !cell.is_empty());
    let (state, county, rating_area, city, area_code) = (next()?, next()?, next()?.parse().ok(), next()?, next()?);
    let zips: Vec<&str> = next()?.split(' ').collect();
    Some(Place { state, county, rating_area, city, area_code, zips, other_county: None, case: None })
}

#[cfg(test)]
mod tests {
    use super::{FACTS, is_fact, places_of_one as places};
    use crate::model::GeneratorVersion;
    use std::collections::BTreeSet;

    fn digits(text: &str, length: usize) -> bool {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    }

    #[test]
    fn every_line_of_the_facts_is_read_and_sound() {
        let places = places();
        assert_eq!(places.len(), FACTS.lines().filter(|line| is_fact(line)).count());
        for place in &places {
            assert!(GeneratorVersion::One.states().contains(&place.state), "{place:?}");
            assert!(digits(place.county, 5) && digits(place.area_code, 3), "{place:?}");
            assert!(place.rating_area.is_some_and(|area| (1..=150).contains(&area)), "{place:?}");
            assert!(!place.city.is_empty() && place.city.len() <= 30, "{place:?}");
            for zip in &place.zips {
                assert!(digits(zip, 5), "{place:?}");
                assert!(zip.bytes().any(|b| b != zip.as_bytes()[0]), "{zip} repeats one digit");
            }
        }
    }

    #[test]
    fn every_state_has_several_counties_and_no_zip_stands_twice() {
        let places = places();
        for state in GeneratorVersion::One.states() {
            let counties: BTreeSet<_> = places.iter().filter(|p| p.state == *state).map(|p| p.county).collect();
            assert!(counties.len() >= 3, "{state}");
            let prefixes: BTreeSet<_> = counties.iter().map(|county| &county[..2]).collect();
            assert_eq!(prefixes.len(), 1, "{state}: counties of two states");
        }
        let zips: Vec<_> = places.iter().flat_map(|p| &p.zips).collect();
        assert_eq!(zips.iter().collect::<BTreeSet<_>>().len(), zips.len());
    }
}
