//! Where a household lives and gets mail: a real town, on a street that nobody lives on.

use super::draw::{FieldGroup, Stream, Streams};
use super::places::{Place, places};
use crate::model::{Address, EdgeCase};

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
    /// Towns with a ZIP code that begins with 0, of the states asked for where they have one.
    leading_zero: Vec<Place>,
    /// Whether those towns lie in the states asked for.
    leading_zero_at_home: bool,
    /// What an empty list gives.
    anywhere: Place,
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
    /// The towns of some states.
    pub(super) fn new(states: &[String]) -> Self {
        let all = places();
        let of = |state: &str| all.iter().filter(|place| place.state == state).cloned().collect::<Vec<_>>();
        let mut by_state: Vec<Vec<Place>> = states.iter().map(|state| of(state)).filter(|p| !p.is_empty()).collect();
        if by_state.is_empty() {
            by_state.push(all.clone());
        }
        let with_zero = |places: &[Place]| places.iter().filter(|p| p.has_leading_zero()).cloned().collect::<Vec<_>>();
        let at_home = with_zero(&by_state.concat());
        let leading_zero_at_home = !at_home.is_empty();
        let leading_zero = if leading_zero_at_home { at_home } else { with_zero(&all) };
        let anywhere = all.into_iter().next().unwrap_or_default();
        Self { by_state, leading_zero, leading_zero_at_home, anywhere }
    }

    /// Settles a household.
    pub(super) fn settle(&self, case: Option<EdgeCase>, streams: &Streams) -> Residence {
        let mut stream = streams.household(FieldGroup::Place);
        let state = stream.place(self.by_state.len());
        let towns = match case {
            Some(EdgeCase::ZipLeadingZero) if self.leading_zero_at_home => &self.leading_zero,
            _ => self.by_state.get(state).unwrap_or(&self.leading_zero),
        };
        let place = stream.one_of(towns, &self.anywhere);
        let zip = stream.word(&place.zips);
        let mut street = streams.household(FieldGroup::Street);
        let mut address = place.address(street_line(&mut street), zip);
        if let Some(case) = case {
            alter(&mut address, case, &mut street);
        }
        let mut mail = streams.household(FieldGroup::Mailing);
        let mailing = case.and_then(|case| self.mailing(case, &address, towns, &mut mail));
        let elsewhere =
            (case == Some(EdgeCase::MemberElsewhere)).then(|| self.another_town(&address, towns, &mut mail));
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
            EdgeCase::ZipLeadingZero if !self.leading_zero_at_home => {
                let town = stream.one_of(&self.leading_zero, &self.anywhere);
                Some(town.address(street_line(stream), stream.word(&town.zips)))
            }
            _ => None,
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
        EdgeCase::NoFixedAddress => "General Delivery".clone_into(&mut address.street_1),
        _ => {}
    }
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
