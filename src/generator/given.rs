//! Households that the scenario's rows give: what a row says stands in place of what would be drawn.

use super::composition::{Birth, Composition, Role};
use super::residence::Atlas;
use crate::model::{Population, ProbeIndex, Relationship, Row, RowPerson};
use std::collections::BTreeMap;

/// The rows of a population, by the index of their household.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// The towns of each state that a row names.
    atlases: BTreeMap<String, Atlas>,
}

impl Rows {
    pub(super) fn new(population: &Population) -> Self {
        let named = population.rows.iter().filter_map(|row| row.state.clone());
        let atlas = |state: String| {
            let of_state = Atlas::new(population.generator, std::slice::from_ref(&state));
            (state, of_state)
        };
        let named: std::collections::BTreeSet<String> = named.collect();
        Self { rows: population.rows.clone(), atlases: named.into_iter().map(atlas).collect() }
    }

    /// The row of a household, where one is given.
    pub(super) fn of(&self, index: ProbeIndex) -> Option<&Row> {
        self.rows.get(usize::try_from(index.0).ok()?)
    }

    /// The towns of the state that a row names.
    pub(super) fn atlas(&self, row: Option<&Row>) -> Option<&Atlas> {
        self.atlases.get(row?.state.as_ref()?)
    }
}

/// What the people of a row are to each other; `None` where nobody is given.
pub(super) fn composition(row: &Row) -> Option<Composition> {
    let roles: Vec<Role> = row.people.iter().enumerate().map(|(place, person)| role(place, person)).collect();
    // nobody's date of birth is drawn, so that the bounds of ages say nothing
    let of = |roles| Composition { roles, adults_from: 19, gap: 17, young_to: 25, young_from_days: 1 };
    (!roles.is_empty()).then(|| of(roles))
}

fn role(place: usize, person: &RowPerson) -> Role {
    let birth = match person.relationship {
        _ if place == 0 => Birth::Head,
        Relationship::Spouse | Relationship::LifePartner | Relationship::ExSpouse => Birth::Peer,
        Relationship::Parent | Relationship::Grandparent => Birth::Elder,
        _ => Birth::Young,
    };
    Role { relationship: person.relationship, birth, applying: person.applying }
}
