//! Towns that a case asks for: the post office, the county or the state of theirs is odd.

use super::facts;
use crate::generator::places::Place;
use crate::model::EdgeCase;
use std::sync::LazyLock;

const TABLE: &str = include_str!("oddities.csv");

/// Every such town, in the order of the table.
pub(in crate::generator) fn oddities() -> &'static [Place] {
    static ODDITIES: LazyLock<Vec<Place>> = LazyLock::new(|| facts(TABLE).filter_map(parse).collect());
    &ODDITIES
}

fn parse(line: &'static str) -> Option<Place> {
    let mut cells = line.split(',');
    let case = EdgeCase::parse(cells.next()?)?;
    let (state, county, city, area_code) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let zips = vec![cells.next()?];
    Some(Place { state, county, rating_area: None, city, area_code, zips, other_county: None, case: Some(case) })
}

#[cfg(test)]
mod tests {
    use super::{TABLE, facts, oddities};
    use crate::generator::tables::towns;
    use crate::model::{EdgeCase, STATES};
    use std::collections::BTreeSet;

    /// The last cell of each line: what makes it odd.
    fn because() -> impl Iterator<Item = (&'static super::Place, &'static str)> {
        oddities().iter().zip(facts(TABLE).map(|line| line.split(',').nth(6).unwrap()))
    }

    fn is_digits(text: &str, length: usize) -> bool {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    }

    #[test]
    fn every_line_is_read_and_no_zip_stands_in_two_tables() {
        assert_eq!(oddities().len(), facts(TABLE).count());
        let towns: BTreeSet<&str> = towns().iter().flat_map(|town| town.zips.clone()).collect();
        for place in oddities() {
            assert!(is_digits(place.zips[0], 5) && !towns.contains(place.zips[0]), "{place:?}");
            assert!(place.city.len() <= 30 && !place.city.is_empty());
            let is_home = STATES.contains(&place.state);
            assert_eq!(is_home, is_digits(place.area_code, 3), "{place:?}");
            assert!(!is_home || is_digits(place.county, 5), "{place:?}");
        }
    }

    #[test]
    fn each_is_as_odd_as_its_case_says() {
        for (place, because) in because() {
            match place.case.unwrap() {
                EdgeCase::ZipInTwoStates => assert!(STATES.contains(&because) && because != place.state, "{place:?}"),
                EdgeCase::CityAndCountyOfOneName | EdgeCase::RenamedCounty => {
                    assert!(is_digits(because, 5) && because != place.county && because[..2] == place.county[..2]);
                }
                EdgeCase::PlanningRegion => {
                    assert!(place.state == "CT" && place.county.starts_with("091") && because.starts_with("090"));
                }
                EdgeCase::ApoAddress | EdgeCase::FpoAddress | EdgeCase::DpoAddress => {
                    assert!(["AA", "AE", "AP"].contains(&place.state) && ["APO", "FPO", "DPO"].contains(&place.city));
                }
                EdgeCase::Urbanization => assert!(place.state == "PR" && place.zips[0].starts_with("00")),
                case => panic!("{case} asks for no town"),
            }
        }
    }

    #[test]
    fn all_of_connecticuts_regions_and_both_renamed_counties_are_there() {
        let of = |case| -> BTreeSet<&str> {
            oddities().iter().filter(|place| place.case == Some(case)).map(|place| place.county).collect()
        };
        assert_eq!(of(EdgeCase::PlanningRegion).len(), 9);
        assert_eq!(of(EdgeCase::RenamedCounty), BTreeSet::from(["02158", "46102"]));
    }
}
