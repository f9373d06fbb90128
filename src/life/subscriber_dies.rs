//! The subscriber dies. Another subscriber is another policy: theirs ends, and whoever is left goes on under a new one (CMS companion
//! guide v7.2 p. 16).

use super::happening::{AMOUNTS, Happening, who_is_covered};
use super::marry::is_spouse;
use super::policies::Policies;
use crate::model::{Household, Relationship};

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the death of the subscriber",
    unsettles: |_| AMOUNTS,
    policies: Policies::Replace,
    applies: |household, _| household.people.iter().filter(|person| person.applying).count() > 1,
    apply: |household, _, _| goes_on_without(household),
    ..who_is_covered()
};

/// Whoever is left goes on: the next who applies is the subscriber, and the household's contact.
fn goes_on_without(household: &mut Household) {
    household.people.retain(|person| !person.has_left());
    let Some(place) = household.people.iter().position(|person| person.applying) else { return };
    let died = household.people.remove(place);
    for person in &mut household.people {
        person.since = None;
    }
    let Some(next) = household.people.iter().position(|person| person.applying) else { return };
    let was_spouse = household.people.get(next).is_some_and(is_spouse);
    if let Some(next) = household.people.get_mut(next) {
        next.relationship = Relationship::SelfSubscriber;
        next.marital_status = if was_spouse { Some("widowed".to_owned()) } else { next.marital_status.take() };
        next.email = died.email.or(next.email.take());
        next.phone = next.phone.take().or(died.phone);
        next.language = next.language.take().or(died.language);
    }
    household.people.rotate_left(next);
    // the children of one are children of both; of a child who is the subscriber now they are the siblings
    for person in household.people.iter_mut().skip(1).filter(|_| !was_spouse) {
        if person.relationship == Relationship::Child {
            person.relationship = Relationship::Sibling;
        }
    }
}
