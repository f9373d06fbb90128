//! Which of the people on an application were on the one before.

use super::applications::decide;
use super::book::Applied;
use crate::sandbox::application::{Applicant, Application};
use crate::sandbox::record::GivenIds;
use crate::sandbox::world::World;

/// The members of an application beside those of the one before.
#[derive(Debug)]
pub(super) struct Others {
    /// Of each member the place among the members before; none who joins.
    pub(super) was: Vec<Option<usize>>,
    /// Of each member the id: who was there keeps theirs.
    pub(super) ids: Vec<String>,
    /// The ids of those who are no more.
    pub(super) left: Vec<String>,
}

impl Others {
    pub(super) fn joined_or_left(&self) -> bool {
        !self.left.is_empty() || self.was.contains(&None)
    }

    pub(super) fn subscriber_differs(&self) -> bool {
        self.was.first() != Some(&Some(0))
    }
}

/// The application as it is now, with who of it was on the one before under the ids of then.
pub(super) fn renewed(world: &World, id: &str, before: &Applied, application: Application) -> (Applied, Others) {
    let others = counterparts(before, &application, || world.numbers.id());
    let now = Applied {
        account: before.account.clone(),
        eligibility: decide(world, &application),
        ids: GivenIds { application: id.to_owned(), members: others.ids.clone() },
        application,
        looks_pending: 0,
    };
    (now, others)
}

/// Finds for each member who they were before: the same names and birth date, else two of the three.
fn counterparts(before: &Applied, now: &Application, new_id: impl Fn() -> String) -> Others {
    let known: Vec<&Applicant> = before.application.members().collect();
    let members: Vec<&Applicant> = now.members().collect();
    let mut was: Vec<Option<usize>> = vec![None; members.len()];
    for alike in [3, 2] {
        for (at, member) in members.iter().enumerate().filter(|(at, _)| was.get(*at) == Some(&None)).collect::<Vec<_>>()
        {
            let free = (0..known.len()).filter(|place| !was.contains(&Some(*place)));
            let found =
                free.into_iter().find(|place| known.get(*place).is_some_and(|known| likeness(known, member) == alike));
            if let Some(place) = was.get_mut(at) {
                *place = found;
            }
        }
    }
    let id_of = |place: usize| before.ids.members.get(place).cloned();
    let ids = was.iter().map(|place| place.and_then(id_of).unwrap_or_else(&new_id)).collect();
    let left = (0..known.len()).filter(|place| !was.contains(&Some(*place))).filter_map(id_of).collect();
    Others { was, ids, left }
}

fn likeness(a: &Applicant, b: &Applicant) -> u8 {
    let same = [a.name.first == b.name.first, a.name.last == b.name.last, a.birth_date == b.birth_date];
    same.into_iter().map(u8::from).sum()
}
