//! A household for the tests of this folder.

use crate::model::{Address, Home, Household, ProbeIndex, Wishes};

/// An address in Virginia.
pub(super) fn at(street: &str, county: &str) -> Address {
    Address {
        street_1: street.to_owned(),
        street_2: None,
        city: "RICHMOND".to_owned(),
        state: "VA".to_owned(),
        zip: "23220".to_owned(),
        county: county.to_owned(),
    }
}

/// Nobody in a house, who may move to another county, and whose coverage begins on this day.
pub(super) fn household(coverage_begin: &str) -> Household {
    let day = coverage_begin.parse().unwrap();
    Household {
        index: ProbeIndex(3),
        marker: String::new(),
        people: Vec::new(),
        address: at("120 Sample Street", "51760"),
        mailing: None,
        moves_to: Some(Home { address: at("7 Dummy Road", "51059"), rating_area: "R-VA010".to_owned() }),
        rating_area: "R-VA007".to_owned(),
        renewal: None,
        income_cents: 0,
        agent: None,
        coverage_begin: day,
        as_of: day,
        lines: Vec::new(),
        edge_cases: Vec::new(),
        wishes: Wishes::default(),
    }
}
