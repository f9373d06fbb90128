//! A member's loops: coverages, reporting categories, people and insurances beside the member. They have no order; what is told
//! in one of them is told of nothing else.

use super::fields::{AMOUNTS, canonical};
use crate::wire::outline::{Field, Item};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// Up to so many pairs of loops that differ are compared each with each; more are paired in their order.
const COMPARED: usize = 1 << 12;

/// One loop, and the loops in it.
#[derive(Debug, Default)]
pub(super) struct Loop<'a> {
    /// What it says itself.
    pub(super) own: Vec<Field<'a>>,
    /// What stands in it.
    pub(super) inner: Vec<Loop<'a>>,
    /// The begin of coverage, from which a reporting category holds that tells no day of its own.
    pub(super) implied: Option<Field<'a>>,
}

impl<'a> Loop<'a> {
    /// A member, with its coverages and parts.
    pub(super) fn of(item: &'a Item) -> Self {
        let (mut member, mut coverage, mut part) = (Self::default(), 0, 0);
        for field in item.fields() {
            if field.coverage != coverage {
                (coverage, part) = (field.coverage, 0);
                if coverage > 0 {
                    member.inner.push(Self::default());
                }
            }
            let around = match member.inner.last_mut().filter(|_| coverage > 0) {
                Some(open) => open,
                None => &mut member,
            };
            if field.part != part {
                part = field.part;
                if part > 0 {
                    around.inner.push(Self::default());
                }
            }
            match around.inner.last_mut().filter(|_| part > 0) {
                Some(open) => open.own.push(field),
                None => around.own.push(field),
            }
        }
        let begin = item.fields().find(|field| field.name == "benefit_begin");
        for category in member.inner.iter_mut().filter(|inner| inner.is_category()) {
            category.implied = begin.filter(|_| category.told_day().is_none());
        }
        member
    }

    /// Whether it is a part of the member's that holds from a day on: of what may be told of several months, one.
    fn is_category(&self) -> bool {
        let is_amount = |field: &Field<'_>| AMOUNTS.contains(&field.name) || field.name == "category";
        self.told_day().is_some() || self.own.first().is_some_and(|field| field.coverage == 0 && is_amount(field))
    }

    /// The day that it tells itself.
    fn told_day(&self) -> Option<&Field<'a>> {
        self.own.iter().find(|field| field.coverage == 0 && field.name.ends_with("_from"))
    }

    /// The day from which it holds, told or not.
    fn day(&self) -> Option<&'a [u8]> {
        let field = self.told_day().or(self.implied.as_ref())?;
        // of a category that has no name here, the name stands before the day
        let day = field.value.rsplit(|byte| *byte == b' ').next()?;
        Some(day.split(|byte| *byte == b'-').next().unwrap_or(day))
    }

    /// The value of its first field of this name.
    pub(super) fn text(&self, name: &str) -> &'a [u8] {
        self.own.iter().find(|field| field.name == name).map_or(b"", |field| field.value)
    }

    /// What kind of loop it is: the name that it begins with, of a category that has no name here what it calls itself.
    pub(super) fn kind(&self) -> &'a [u8] {
        let Some(first) = self.own.first() else { return b"" };
        match first.name {
            "category" => first.value.split(|byte| *byte == b':').next().unwrap_or_default(),
            name => name.as_bytes(),
        }
    }

    /// A number for everything it says, in whatever order.
    fn print(&self) -> u64 {
        let state = FixedState::default();
        let of_field = |field: &Field<'_>| state.hash_one((field.name, canonical(field)));
        let own = self.own.iter().map(of_field).fold(0_u64, u64::wrapping_add);
        self.inner.iter().map(|inner| state.hash_one(inner.print())).fold(own, u64::wrapping_add)
    }

    /// How much speaks for it being the same loop as another: what identifies it first, then what else it says alike. 0 where
    /// they are of two kinds.
    fn likeness(&self, other: &Self) -> u32 {
        let is_coverage = self.own.first().is_some_and(|field| field.coverage > 0 && field.part == 0);
        if !is_coverage && self.kind() != other.kind() {
            return 0;
        }
        let like = |field: &&Field<'a>| {
            other.own.iter().any(|its| its.name == field.name && canonical(its) == canonical(field))
        };
        let told = self.own.iter().filter(|field| self.day().is_none() || !field.name.ends_with("_from"));
        let is_same_day = self.day().is_some() && self.day() == other.day();
        1 + told.filter(like).map(|field| weight(field.name)).sum::<u32>() + 16 * u32::from(is_same_day)
    }
}

/// How much a field says of which loop it is.
fn weight(name: &str) -> u32 {
    match name {
        "coverage" => 256,
        "plan_id" => 128,
        "coverage_description" | "last_name" => 64,
        "policy_id" | "issuer_policy_id" => 32,
        "benefit_begin" => 16,
        _ if name.ends_with("_from") || name.ends_with("last_name") || name.ends_with("_id") => 16,
        _ if name.ends_with("_begin") || name.ends_with("first_name") => 8,
        "coverage_level" | "coverage_maintenance" => 1,
        _ => 2,
    }
}

/// One of two loops, or both: the same loop in the first file and in the second.
pub(super) type Pair<'a, 'b> = (Option<&'b Loop<'a>>, Option<&'b Loop<'a>>);

/// Pairs loops by what identifies them, those that are the same left out; whoever finds no partner stands alone.
pub(super) fn paired<'a, 'b>(first: &'b [Loop<'a>], second: &'b [Loop<'a>]) -> Vec<Pair<'a, 'b>> {
    let (first, second) = unlike(first, second);
    let mut scores = Vec::new();
    if first.len() * second.len() <= COMPARED {
        for (at, one) in first.iter().enumerate() {
            scores.extend(second.iter().enumerate().map(|(to, other)| (one.likeness(other), at, to)));
        }
        // of several months, one that has neither day nor amount in common with another is not that month
        let is_one_of_several = |one: &Loop<'a>| {
            let of_kind = |all: &[&Loop<'a>]| all.iter().filter(|other| other.kind() == one.kind()).count();
            one.day().is_some() && of_kind(&first).max(of_kind(&second)) > 1
        };
        let several: Vec<bool> = first.iter().map(|one| is_one_of_several(one)).collect();
        let least = |at: &usize| u32::from(several.get(*at).copied().unwrap_or_default());
        scores.retain(|(score, at, _)| *score > least(at));
        scores.sort_by_key(|(score, at, to)| (std::cmp::Reverse(*score), *at, *to));
    } else {
        scores.extend((0..first.len().min(second.len())).map(|at| (1, at, at)));
    }
    let mut partners = vec![None; first.len()];
    let mut is_taken = vec![false; second.len()];
    for (_, at, to) in scores {
        let (Some(partner), Some(taken)) = (partners.get_mut(at), is_taken.get_mut(to)) else { continue };
        if partner.is_none() && !*taken {
            (*partner, *taken) = (Some(to), true);
        }
    }
    let both = first.iter().zip(&partners);
    let both = both.map(|(one, to)| (Some(*one), to.and_then(|to| second.get(to).copied())));
    let alone = second.iter().zip(&is_taken).filter(|(_, is_taken)| !**is_taken).map(|(other, _)| (None, Some(*other)));
    both.chain(alone).collect()
}

/// The loops that the other file does not have as they are, of copies one for each.
fn unlike<'a, 'b>(first: &'b [Loop<'a>], second: &'b [Loop<'a>]) -> (Vec<&'b Loop<'a>>, Vec<&'b Loop<'a>>) {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for other in second {
        *counts.entry(other.print()).or_default() += 1;
    }
    let mut common: HashMap<u64, usize> = HashMap::new();
    let mut rest = Vec::new();
    for one in first {
        let print = one.print();
        match counts.get_mut(&print).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                *common.entry(print).or_default() += 1;
            }
            None => rest.push(one),
        }
    }
    let mut is_common = |other: &&Loop<'a>| match common.get_mut(&other.print()).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            true
        }
        None => false,
    };
    (rest, second.iter().filter(|other| !is_common(other)).collect())
}
