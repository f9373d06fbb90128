//! A household that lies in several pieces where there should be one.

use super::case::Seen;
use super::contents::parts_of_one;
use super::findings::{Finds, at_place};
use super::group::Place;
use crate::model::{FeedKind, Field, FindingKind, Value};
use std::collections::BTreeSet;

/// Parts of the household under different policies, or of one policy in several messages or records.
pub(super) fn split(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    // a part under another policy may have come by another's look-up alone
    let others = if place.is_edi() { Vec::new() } else { place.case.others_at(place.index, place.group, arrived) };
    let all: Vec<&Seen<'_>> = arrived.iter().copied().chain(others).collect();
    let parts = parts_of_one(place.expected, &all);
    let ids = |field: Field| -> BTreeSet<&str> {
        parts.iter().filter_map(|part| part.sighting.record.facts.text(field)).collect()
    };
    if parts.len() > 1 && (ids(Field::PolicyId).len() > 1 || ids(Field::SubscriberId).len() > 1) {
        let detail = format!("{} policies hold parts of one household", parts.len());
        finds.add(place, FindingKind::Split, detail);
    } else if let Some((apart, what)) = parts_of_one_policy(place, &parts, arrived) {
        let at: Vec<_> = apart.iter().map(|part| at_place(part)).collect();
        let detail = format!("parts of one household in {} {what}: {}", apart.len(), at.join(" and "));
        finds.add(place, FindingKind::Split, detail);
    }
}

/// Messages or records that hold one policy's people between them, and what they are called. One enrollment group is one transaction
/// set (CMS companion guide v7.2 p. 11) and one record of a system; records of members come here joined into that of their group.
fn parts_of_one_policy<'s, 'a>(
    place: &Place<'a>,
    parts: &[&'s Seen<'a>],
    arrived: &[&'s Seen<'a>],
) -> Option<(Vec<&'s Seen<'a>>, &'static str)> {
    let sets: BTreeSet<_> = parts.iter().map(|part| part.sighting.record.place.set()).collect();
    if place.is_edi() {
        return (parts.len() > 1 && sets.len() > 1).then(|| (parts.to_vec(), "sets"));
    }
    if place.waypoint.feed != FeedKind::JsonApi {
        return None;
    }
    // a state that another took the place of is no part of that
    let state: Vec<_> = place.last_state(arrived).into_iter().filter(|seen| !seen.stray).collect();
    let parts = parts_of_one(place.expected, &state);
    let (first, others) = parts.split_first()?;
    let is_beside = |other: &&Seen<'a>| first.overlaps(other) && is_of_one_group(first, other);
    (!others.is_empty() && others.iter().all(is_beside)).then_some((parts, "records"))
}

/// Whether records of members that say this would have been joined: by the policy id, or where none is shown by all else that tells
/// groups apart.
fn is_of_one_group(one: &Seen<'_>, other: &Seen<'_>) -> bool {
    let value = |seen: &Seen<'_>, field: Field| seen.sighting.record.facts.value(field).map(Value::to_string);
    let policy = [one, other].map(|seen| value(seen, Field::PolicyId));
    let beside = [Field::SubscriberId, Field::ApplicationId, Field::PlanId, Field::CoverageLine];
    let is_same = |field: &Field| value(one, *field) == value(other, *field);
    match policy {
        [Some(one), Some(other)] => one == other,
        [None, None] => beside.iter().all(is_same),
        _ => false,
    }
}
