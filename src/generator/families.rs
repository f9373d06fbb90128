//! Names of version 2: by sex, year of birth and origin, shared as families share them.

use super::cases::Cases;
use super::composition::{Composition, Role};
use super::draw::{FieldGroup, Stream, Streams};
use super::names::NameBook;
use super::naming::{family_name, is_for_twins};
use super::tables::{Names, Origin};
use crate::model::{EdgeCase, PersonName, Relationship, Sex};
use chrono::{Datelike, NaiveDate};

/// So often another first name is drawn where somebody of the household has it.
const DRAWS: usize = 16;

/// Everybody's name before the cases about names, but for the family name, which may already be the case's.
pub(super) fn ordinary(
    (names, book): (&Names, &NameBook),
    composition: &Composition,
    (sexes, births): (&[Sex], &[NaiveDate]),
    cases: &Cases,
    streams: &Streams,
) -> Vec<PersonName> {
    let members = Vec::with_capacity(composition.roles.len());
    let keeps_for_twins = cases.has(EdgeCase::TwinsOneLetter);
    let mut family = Family { names, members, origin: Origin::White, keeps_for_twins };
    for ((place, role), (sex, birth)) in composition.roles.iter().enumerate().zip(sexes.iter().zip(births)) {
        let mut stream = streams.person(FieldGroup::Name, place);
        let (origin, last) = if place == 0 {
            let origin = names.surnames.origin(&mut stream);
            family.origin = origin;
            let plain = names.surnames.draw(origin, &mut stream);
            (origin, family_name(book, plain, cases, streams))
        } else {
            family.name_of(*role, &mut stream)
        };
        let first = family.first_name((*sex, birth.year(), origin), &mut stream);
        let middle = names.first.draw(*sex, birth.year(), origin, &mut stream).get(..1).map(str::to_owned);
        let middle = middle.filter(|_| stream.percent(60));
        family.members.push(PersonName { first: first.to_owned(), middle, last, suffix: None });
    }
    family.members
}

/// Those who have a name already.
struct Family<'a> {
    names: &'a Names,
    members: Vec<PersonName>,
    /// The first person's.
    origin: Origin,
    /// Whether two names of one letter's difference will be given to the last two.
    keeps_for_twins: bool,
}

impl Family<'_> {
    /// Origin and family name of somebody who is not the first person.
    fn name_of(&self, role: Role, stream: &mut Stream) -> (Origin, String) {
        let (shares, of_the_family) = ties(role.relationship);
        let shares = stream.percent(shares);
        let own = self.names.surnames.origin(stream);
        let origin = if shares || stream.percent(of_the_family) { self.origin } else { own };
        let drawn = self.names.surnames.draw(origin, stream);
        let mut others = self.members.iter().map(|name| &name.last);
        let head = others.next().filter(|_| shares);
        // a stepchild is the partner's
        let partner = others.next().filter(|_| role.relationship == Relationship::Stepchild);
        (origin, head.or(partner).cloned().unwrap_or_else(|| drawn.to_owned()))
    }

    /// A first name that nobody of the household has yet.
    fn first_name(&self, (sex, born, origin): (Sex, i32, Origin), stream: &mut Stream) -> &'static str {
        let mut drawn = self.names.first.draw(sex, born, origin, stream);
        for _ in 1..DRAWS {
            let is_kept = self.keeps_for_twins && is_for_twins(drawn);
            let is_taken = is_kept || self.members.iter().any(|name| name.first == drawn);
            if !is_taken {
                break;
            }
            drawn = self.names.first.draw(sex, born, origin, stream);
        }
        drawn
    }
}

/// In how many of a hundred cases somebody has the first person's family name, and is of the first person's origin where the
/// name is another.
fn ties(relationship: Relationship) -> (u32, u32) {
    match relationship {
        // the child of a child-only application
        Relationship::SelfSubscriber | Relationship::Child | Relationship::AdoptedChild => (100, 100),
        Relationship::Spouse => (80, 85),
        Relationship::Sibling | Relationship::Parent | Relationship::Grandparent => (85, 100),
        Relationship::Grandchild => (60, 100),
        Relationship::NieceOrNephew => (50, 100),
        Relationship::Ward => (90, 100),
        Relationship::LifePartner => (0, 80),
        Relationship::Stepchild => (30, 85),
        _ => (0, 60),
    }
}
