//! Where a household lives and gets mail: a real town, on a street that nobody lives on.

use super::cases::Cases;
use super::draw::{FieldGroup, Stream, Streams};
use super::places::{Place, places};
use crate::model::{Address, EdgeCase, GeneratorVersion, Home};
use std::collections::BTreeMap;

/// Street names that say what they are: a usual name with any number might be somebody's address.
const STREETS: &[&str] = &[
    "Sample",
    "Specimen",
    "Example",
    "Fictional",
    "Imaginary",
    "Pretend",
    "Invented",
    "Placeholder",
    "Makebelieve",
    "Mockup",
    "Synthetic",
    "Dummy",
];
const STREET_KINDS: &[&str] = &["Street", "Avenue", "Road", "Drive", "Lane", "Court"];

/// Urbanizations and streets of Puerto Rico that say what they are.
const URBANIZATIONS: &[&str] = &["Las Muestras", "Los Ejemplos", "Villa Ficticia"];
const CALLES: &[&str] = &["Ejemplo", "Muestra", "Imaginaria", "Ficticia"];

/// Length of N301 in X12 (X12 5010 data element 166).
const STREET_LIMIT: usize = 55;

/// The towns of a population, by state.
#[derive(Debug, Clone)]
pub(super) struct Atlas {
    /// Towns of the states asked for; of all states where none of them is known.
    by_state: Vec<Vec<Place>>,
    /// Towns that cases ask for.
    special: Vec<(EdgeCase, Special)>,
    /// What an empty list gives.
    anywhere: Place,
}

/// Towns that a case asks for.
#[derive(Debug, Clone)]
struct Special {
    /// Of the states asked for where they have any.
    towns: Vec<Place>,
    /// Whether they lie in the states asked for.
    at_home: bool,
}

impl Special {
    fn new(home: Vec<Place>, all: Vec<Place>) -> Self {
        let at_home = !home.is_empty();
        Self { towns: if at_home { home } else { all }, at_home }
    }
}

/// Where one household lives.
#[derive(Debug, Clone)]
pub(super) struct Residence {
    pub(super) address: Address,
    pub(super) mailing: Option<Address>,
    /// Where somebody lives who does not live with the others, in the case that has one.
    pub(super) elsewhere: Option<Address>,
    pub(super) rating_area: String,
    pub(super) area_code: &'static str,
}

impl Atlas {
    /// The towns of some states that a version of the generator knows.
    pub(super) fn new(generator: GeneratorVersion, states: &[String]) -> Self {
        let (odd, all): (Vec<Place>, Vec<Place>) =
            places(generator).into_iter().partition(|place| place.case.is_some());
        let of = |state: &str| all.iter().filter(|place| place.state == state).cloned().collect::<Vec<_>>();
        let mut by_state: Vec<Vec<Place>> = states.iter().map(|state| of(state)).filter(|p| !p.is_empty()).collect();
        if by_state.is_empty() {
            by_state.push(all.clone());
        }
        let home = by_state.concat();
        let leading_zero = |of: &[Place]| of.iter().filter(|place| place.has_leading_zero()).cloned().collect();
        let leading_zero = Special::new(leading_zero(&home), leading_zero(&all));
        let at_home = |towns: &[Place]| towns.iter().filter(|town| is_of_the_state_of(town, &home)).cloned().collect();
        let odd = by_case(odd).into_iter().map(|(case, towns)| (case, Special::new(at_home(&towns), towns)));
        let special = std::iter::once((EdgeCase::ZipLeadingZero, leading_zero)).chain(odd).collect();
        let anywhere = all.into_iter().next().unwrap_or_default();
        Self { by_state, special, anywhere }
    }

    /// The towns that a case asks for.
    fn special(&self, case: EdgeCase) -> Option<&Special> {
        self.special.iter().find(|(of, _)| *of == case).map(|(_, special)| special)
    }

    /// Settles a household.
    pub(super) fn settle(&self, cases: &Cases, streams: &Streams) -> Residence {
        let mut stream = streams.household(FieldGroup::Place);
        let state = stream.place(self.by_state.len());
        let special = cases.find(|case| self.special(case)).filter(|special| special.at_home);
        let in_state = self.by_state.get(state).map(Vec::as_slice).unwrap_or_default();
        let towns = special.map_or(in_state, |special| special.towns.as_slice());
        let place = stream.one_of(towns, &self.anywhere);
        let zip = stream.word(&place.zips);
        let mut street = streams.household(FieldGroup::Street);
        let mut address = place.address(street_line(&mut street), zip);
        cases.iter().for_each(|case| alter(&mut address, case, &mut street));
        let mut mail = streams.household(FieldGroup::Mailing);
        let mailing = cases.find(|case| self.mailing(case, &address, towns, &mut mail));
        let elsewhere = cases
            .has_one_of(&[EdgeCase::MemberElsewhere, EdgeCase::ExSpouse])
            .then(|| self.another_town(&address, towns, &mut mail));
        let rating_area = place.rating_area_code();
        Residence { address, mailing, elsewhere, rating_area, area_code: place.area_code }
    }

    /// Where a household may move to: a town in another county of its state, in another rating area where areas are known. `None` where no
    /// other county is known.
    pub(super) fn other_county(&self, now: &Residence, streams: &Streams) -> Option<Home> {
        let is_other = |town: &&Place| town.state == now.address.state && town.county != now.address.county;
        let others: Vec<&Place> = self.by_state.iter().flatten().filter(is_other).collect();
        let in_other_area = |town: &&Place| town.rating_area.is_some() && town.rating_area_code() != now.rating_area;
        let rated: Vec<&Place> = others.iter().copied().filter(in_other_area).collect();
        let towns = if rated.is_empty() { others } else { rated };
        let mut stream = streams.household(FieldGroup::NextHome);
        let town = *towns.get(stream.place(towns.len()))?;
        let street = street_line(&mut stream);
        let address = town.address(street, stream.word(&town.zips));
        Some(Home { address, rating_area: town.rating_area_code() })
    }

    /// Mail that goes elsewhere, in the cases that are about it.
    fn mailing(&self, case: EdgeCase, home: &Address, towns: &[Place], stream: &mut Stream) -> Option<Address> {
        match case {
            // a number that no post office has a box for
            EdgeCase::PoBox => {
                let street_1 = format!("PO Box {}", stream.between(990_000, 999_998));
                Some(Address { street_1, ..home.clone() })
            }
            EdgeCase::MailingDiffers => Some(self.another_town(home, towns, stream)),
            // a population of states without such ZIP codes stays in its states, where its plans are; its mail need not
            _ => self.special(case).filter(|special| !special.at_home).map(|special| {
                let town = stream.one_of(&special.towns, &self.anywhere);
                mail_address(case, town, stream)
            }),
        }
    }

    /// An address in another town of the state.
    fn another_town(&self, home: &Address, towns: &[Place], stream: &mut Stream) -> Address {
        let others: Vec<&Place> =
            towns.iter().filter(|town| town.state == home.state && town.city != home.city).collect();
        let anywhere = &self.anywhere;
        let town = stream.one_of(&others, &anywhere);
        town.address(street_line(stream), stream.word(&town.zips))
    }
}

fn is_of_the_state_of(town: &Place, some: &[Place]) -> bool {
    some.iter().any(|other| other.state == town.state)
}

/// Towns by the case that asks for them.
fn by_case(odd: Vec<Place>) -> BTreeMap<EdgeCase, Vec<Place>> {
    odd.into_iter().fold(BTreeMap::new(), |mut cases, place| {
        if let Some(case) = place.case {
            cases.entry(case).or_insert_with(Vec::new).push(place);
        }
        cases
    })
}

/// An address in a town of another kind, written as one writes there.
fn mail_address(case: EdgeCase, town: &Place, stream: &mut Stream) -> Address {
    let number = |stream: &mut Stream| stream.between(90_001, 98_999);
    // numbers of units and boxes that are not given out
    let (line, second) = match case {
        EdgeCase::ApoAddress => (format!("PSC {} Box {}", stream.between(9_900, 9_989), number(stream)), None),
        EdgeCase::FpoAddress => (format!("USS Example Box {}", number(stream)), None),
        EdgeCase::DpoAddress => (format!("Unit {} Box {}", stream.between(99_001, 99_899), number(stream)), None),
        EdgeCase::Urbanization => {
            let street = format!("{} Calle {}", stream.between(1, 9_899), stream.word(CALLES));
            (format!("URB {}", stream.word(URBANIZATIONS)), Some(street))
        }
        _ => (street_line(stream), None),
    };
    Address { street_2: second, ..town.address(line, stream.word(&town.zips)) }
}

fn street_line(stream: &mut Stream) -> String {
    format!("{} {} {}", stream.between(1, 9_899), stream.word(STREETS), stream.word(STREET_KINDS))
}

/// The cases about the residence's own lines.
fn alter(address: &mut Address, case: EdgeCase, stream: &mut Stream) {
    match case {
        EdgeCase::StreetAtX12Limit => address.street_1 = street_of_length(STREET_LIMIT, stream),
        EdgeCase::StreetOverX12Limit => address.street_1 = street_of_length(STREET_LIMIT + 1, stream),
        EdgeCase::DelimitersInAddress => address.street_1.push_str(" *B~ Unit:7^2"),
        EdgeCase::RuralRoute => {
            address.street_1 = format!("RR {} Box {}", stream.between(91, 99), stream.between(9_000, 9_899));
        }
        EdgeCase::ApartmentLine => address.street_2 = Some(format!("Apt {}", stream.between(1, 99))),
        EdgeCase::FractionalHouseNumber => number(address, |own| format!("{own} 1/2")),
        EdgeCase::HyphenatedHouseNumber => number(address, |own| format!("{}-{}", own / 100 + 1, own % 100 + 10)),
        EdgeCase::GridHouseNumber => number(address, |own| format!("N{}W{}", own % 90 + 1, 20_000 + own)),
        EdgeCase::LetteredHouseNumber => number(address, |own| format!("{own}B")),
        // no town's grid reaches so far
        EdgeCase::CoordinateStreet => {
            address.street_1 = format!("{} E {}00 S", stream.between(90_000, 98_999), stream.between(910, 989));
        }
        EdgeCase::HighwayContract => {
            address.street_1 = format!("HC {} Box {}", stream.between(91, 99), stream.between(9_000, 9_899));
        }
        EdgeCase::MarkupInAddress => address.street_2 = Some("Unit <b> & \"C\"".to_owned()),
        EdgeCase::CityOverX12Limit => address.city.push_str(" and Surrounding Unincorporated Area"),
        EdgeCase::NoFixedAddress => "General Delivery".clone_into(&mut address.street_1),
        _ => {}
    }
}

/// The same street with another house number.
fn number(address: &mut Address, written: fn(u32) -> String) {
    let Some((own, street)) = address.street_1.split_once(' ') else { return };
    address.street_1 = format!("{} {street}", written(own.parse().unwrap_or(1)));
}

/// A street line of exactly so many characters, with a letter at its end.
fn street_of_length(length: usize, stream: &mut Stream) -> String {
    let mut line = stream.between(1, 9_899).to_string();
    while line.len() < length {
        line.push(' ');
        line.push_str(stream.word(STREETS));
    }
    line.truncate(length);
    if line.ends_with(' ') {
        line.pop();
        line.push('s');
    }
    line
}
