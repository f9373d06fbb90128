//! Steps that are carried out once for each member, or once for each group.

use super::context::Context;
use crate::model::Household;

/// For whom a step is carried out, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// For each person who applies, in the household's order: `member` in its templates.
    Members,
    /// For each plan taken, in the order of the household's lines: `group` in its templates, and what it alone has by plain names.
    Groups,
}

/// One of the times that a step is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// For whom.
    pub each: Each,
    /// Whose turn it is: the place among the members who apply, or among the groups, from 0.
    pub index: usize,
    /// How many turns there are.
    pub of: usize,
}

impl Turn {
    /// The turns of a step for the household in `ctx`: `None` alone where it is carried out once.
    pub fn all(each: Option<Each>, ctx: &Context) -> Vec<Option<Self>> {
        let Some(each) = each else { return vec![None] };
        let of = match each {
            Each::Members => ctx.member_count(),
            Each::Groups => ctx.group_count(),
        };
        (0..of).map(|index| Some(Self { each, index, of })).collect()
    }

    /// What is known, with whose turn it is as `member` or `group`.
    pub fn bind(self, ctx: &Context) -> Context {
        match self.each {
            Each::Members => ctx.with_member(self.index),
            Each::Groups => ctx.with_group(self.index),
        }
    }

    /// Whether another turn follows.
    pub fn goes_on(self) -> bool {
        self.index + 1 < self.of
    }

    /// What tells this turn from the others of its step, whatever else happens to the household: where the member stands among all
    /// who ever were, from 1; the group's line.
    pub fn mark(self, household: &Household) -> String {
        match self.each {
            Each::Members => household.places().get(self.index).map_or(0, |place| place + 1).to_string(),
            Each::Groups => household.lines.get(self.index).map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// For people: `member 2 of 3`.
    pub fn in_words(self) -> String {
        let whose = match self.each {
            Each::Members => "member",
            Each::Groups => "group",
        };
        format!("{whose} {} of {}", self.index + 1, self.of)
    }
}
