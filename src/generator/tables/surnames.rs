//! Family names by frequency and origin.

use super::origin::{ByOrigin, Origin};
use super::weights::Weights;
use super::{facts, numbers};
use crate::generator::draw::Stream;

const TABLE: &str = include_str!("surnames.csv");

/// A family name, and how many bear it.
#[derive(Debug)]
struct Surname {
    name: &'static str,
    bearers: u32,
    /// Of a thousand of them.
    origins: ByOrigin<u32>,
}

/// The family names, prepared for drawing.
#[derive(Debug)]
pub(in crate::generator) struct Surnames {
    names: Vec<&'static str>,
    origins: ByOrigin<u32>,
    origin: Weights,
    by_origin: ByOrigin<Weights>,
}

impl Surnames {
    pub(super) fn read() -> Self {
        let table: Vec<Surname> = facts(TABLE).filter_map(parse).collect();
        // 2.5 million times 1000 fits
        let weight = |surname: &Surname, origin: Origin| surname.bearers * origin.of(&surname.origins) / 1_000;
        let by_origin = Origin::ALL.map(|origin| Weights::new(table.iter().map(|surname| weight(surname, origin))));
        let origins = by_origin.each_ref().map(Weights::total);
        Self {
            origin: Weights::new(origins.into_iter()),
            origins,
            names: table.iter().map(|surname| surname.name).collect(),
            by_origin,
        }
    }

    /// How many people the names of each origin are borne by.
    pub(super) fn origins(&self) -> ByOrigin<u32> {
        self.origins
    }

    /// An origin, each as likely as people of it are.
    pub(in crate::generator) fn origin(&self, stream: &mut Stream) -> Origin {
        Origin::ALL.get(self.origin.draw(stream)).copied().unwrap_or(Origin::White)
    }

    /// A family name of an origin.
    pub(in crate::generator) fn draw(&self, origin: Origin, stream: &mut Stream) -> &'static str {
        let at = origin.of(&self.by_origin).draw(stream);
        self.names.get(at).copied().unwrap_or("Doe")
    }
}

fn parse(line: &'static str) -> Option<Surname> {
    let mut cells = line.split(',');
    let name = cells.next()?;
    Some(Surname { name, bearers: cells.next()?.parse().ok()?, origins: numbers(cells.next()?)? })
}

#[cfg(test)]
mod tests {
    use super::{Surname, TABLE, facts, parse};

    /// People in the Census 2010 whose family name was counted: 2,442,977 Smiths are 828.19 of 100,000.
    const COUNTED: f64 = 2_442_977.0 / 828.19 * 100_000.0;

    #[test]
    fn every_line_is_read_and_sound() {
        let table: Vec<Surname> = facts(TABLE).filter_map(parse).collect();
        assert_eq!(table.len(), facts(TABLE).count());
        for surname in &table {
            let plain = surname.name.bytes().skip(1).all(|b| b.is_ascii_lowercase());
            assert!(plain && surname.name.starts_with(|c: char| c.is_ascii_uppercase()), "{surname:?}");
            let sum: u32 = surname.origins.iter().sum();
            assert!((998..=1_002).contains(&sum) && surname.bearers > 5_000, "{surname:?}");
        }
    }

    #[test]
    fn the_names_cover_more_than_half_of_the_population() {
        let bearers: u32 = facts(TABLE).filter_map(parse).map(|surname| surname.bearers).sum();
        let share = f64::from(bearers) / COUNTED;
        assert!((0.57..0.58).contains(&share), "{share}");
    }
}
