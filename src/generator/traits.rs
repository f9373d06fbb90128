//! What else is asked of everybody: sex, tobacco, marital status.

use super::cases::Cases;
use super::composition::{Birth, Composition, Role};
use super::draw::{FieldGroup, Stream, Streams};
use crate::model::{EdgeCase, Relationship, Sex};

/// The age from which tobacco and marital status are asked.
pub(super) const ADULT_FROM: i32 = 18;

/// Sex of everybody, in the order of the composition. `same_sex`: of a hundred couples; `known`: the first person's, where it is not
/// drawn.
pub(super) fn sexes(
    composition: &Composition,
    cases: &Cases,
    (same_sex, known): (u32, Option<Sex>),
    streams: &Streams,
) -> Vec<Sex> {
    let mut sexes: Vec<Sex> = Vec::with_capacity(composition.roles.len());
    for (place, role) in composition.roles.iter().enumerate() {
        let mut stream = streams.person(FieldGroup::Sex, place);
        let drawn = if stream.percent(50) { Sex::Female } else { Sex::Male };
        let as_first_person = stream.percent(same_sex);
        sexes.push(match (role.relationship, sexes.first()) {
            (Relationship::Spouse | Relationship::LifePartner | Relationship::ExSpouse, Some(first)) => {
                if as_first_person {
                    *first
                } else {
                    other(*first)
                }
            }
            (_, None) => known.unwrap_or(drawn),
            _ => drawn,
        });
    }
    cases.iter().for_each(|case| alike(&mut sexes, case));
    sexes
}

/// Two people of one name, or all but, are of one sex.
fn alike(sexes: &mut [Sex], case: EdgeCase) {
    match (case, sexes) {
        (EdgeCase::SameNameInFamily, [parent, .., child]) => *child = *parent,
        (EdgeCase::SameSexSpouses, [first, second, ..]) => *second = *first,
        (EdgeCase::TwinsOneLetter, [.., elder, younger]) => *younger = *elder,
        _ => {}
    }
}

pub(super) fn other(sex: Sex) -> Sex {
    match sex {
        Sex::Male => Sex::Female,
        Sex::Female => Sex::Male,
    }
}

/// Whether somebody of that age uses tobacco: asked of adults only (CMS companion guide v7.2 p. 41).
pub(super) fn tobacco(place: usize, age: i32, cases: &Cases, streams: &Streams) -> bool {
    let mut stream = streams.person(FieldGroup::Tobacco, place);
    let drawn = stream.percent(12);
    let dealt = cases.has(EdgeCase::TobaccoUser) && place == 0;
    age >= ADULT_FROM && (drawn || dealt)
}

/// Marital status of adults, agreeing with who lives with them.
pub(super) fn marital_status(roles: &[Role], place: usize, age: i32, streams: &Streams) -> Option<&'static str> {
    let mut stream = streams.person(FieldGroup::MaritalStatus, place);
    let alone = alone(age, &mut stream);
    let role = roles.get(place)?;
    if age < ADULT_FROM {
        return None;
    }
    let of_the_couple = |relationship| {
        role.relationship == relationship
            || (role.birth == Birth::Head && roles.iter().any(|other| other.relationship == relationship))
    };
    Some(match role.birth {
        _ if of_the_couple(Relationship::Spouse) => "married",
        _ if of_the_couple(Relationship::LifePartner) => "domestic_partner",
        _ if of_the_couple(Relationship::ExSpouse) => "divorced",
        Birth::Young | Birth::Twin | Birth::Ward | Birth::Awkward => "single",
        _ => alone,
    })
}

fn alone(age: i32, stream: &mut Stream) -> &'static str {
    let (divorced, widowed) = if age < 30 { (5, 0) } else { (30, if age < 60 { 5 } else { 25 }) };
    stream.weighted(&[(100 - divorced - widowed, "single"), (divorced, "divorced"), (widowed, "widowed")], "single")
}
