//! Where a household lives and gets mail: a real town, on a street that nobody lives on.

use super::cases::Cases;
use super::draw::{FieldGroup, Stream, Streams};
use super::places::{Place, places};
use crate::model::{Address, EdgeCase, GeneratorVersion};

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

/// Length of N301 in X12 (X12 5010 data element 166).
const STREET_LIMIT: usize = 55;

/// The towns of a population, by state.
#[derive(Debug, Clone)]
pub(super) struct Atlas {
    /// Towns of the states asked for; of all states where none of them is known.
    by_state: Vec<Vec<Place>>,
    /// Towns with a ZIP code that begins with 0.
    leading_zero: Special,
    /// ZIP codes that lie in two counties.
    two_counties: Special,
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
    fn new(home: &[Place], all: &[Place], is_one: fn(&Place) -> bool) -> Self {
        let of = |places: &[Place]| places.iter().filter(|place| is_one(place)).cloned().collect::<Vec<_>>();
        let towns = of(home);
        let at_home = !towns.is_empty();
        Self { towns: if at_home { towns } else { of(all) }, at_home }
    }
}

/// Where one household lives.
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
        let (split, all): (Vec<Place>, Vec<Place>) =
            places(generator).into_iter().partition(|place| place.other_county.is_some());
        let of = |state: &str| all.iter().filter(|place| place.state == state).cloned().collect::<Vec<_>>();
        let mut by_state: Vec<Vec<Place>> = states.iter().map(|state| of(state)).filter(|p| !p.is_empty()).collect();
        if by_state.is_empty() {
            by_state.push(all.clone());
        }
        let home = by_state.concat();
        let lived_in = |place: &&Place| home.iter().any(|town| town.state == place.state);
        let split_at_home: Vec<Place> = split.iter().filter(lived_in).cloned().collect();
        let leading_zero = Special::new(&home, &all, Place::has_leading_zero);
        let two_counties = Special::new(&split_at_home, &split, |_| true);
        let anywhere = all.into_iter().next().unwrap_or_default();
        Self { by_state, leading_zero, two_counties, anywhere }
    }

    /// The towns that a case asks for.
    fn special(&self, case: EdgeCase) -> Option<&Special> {
        match case {
            EdgeCase::ZipLeadingZero => Some(&self.leading_zero),
            EdgeCase::ZipInTwoCounties => Some(&self.two_counties),
            _ => None,
        }
    }

    /// Settles a household.
    pub(super) fn settle(&self, cases: &Cases, streams: &Streams) -> Residence {
        let mut stream = streams.household(FieldGroup::Place);
        let state = stream.place(self.by_state.len());
        let special = cases.find(|case| self.special(case)).filter(|special| special.at_home);
        let towns =
            special.map(|special| &special.towns).or(self.by_state.get(state)).unwrap_or(&self.leading_zero.towns);
        let place = stream.one_of(towns, &self.anywhere);
        let zip = stream.word(&place.zips);
        let mut street = streams.household(FieldGroup::Street);
        let mut address = place.address(street_line(&mut street), zip);
        cases.iter().for_each(|case| alter(&mut address, case, &mut street));
        let mut mail = streams.household(FieldGroup::Mailing);
        let mailing = cases.find(|case| self.mailing(case, &address, towns, &mut mail));
        let elsewhere = cases.has(EdgeCase::MemberElsewhere).then(|| self.another_town(&address, towns, &mut mail));
        let rating_area = place.rating_area_code();
        Residence { address, mailing, elsewhere, rating_area, area_code: place.area_code }
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
                town.address(street_line(stream), stream.word(&town.zips))
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
