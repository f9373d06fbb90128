//! What the punch list needs of each probe beside its judgement.

use super::case::Case;
use super::group::Court;
use super::rates::files_of;
use super::tally::JudgedProbe;
use crate::model::{ExpectedGroup, FeedKind, Field, ProbeIndex, Submission, Value};
use crate::punch::{Facts, GroupFacts};
use std::collections::BTreeMap;

/// Facts of each judged probe, in the same order.
pub(super) fn facts<'a>(
    court: Court<'a>,
    cases: &BTreeMap<ProbeIndex, Case<'a>>,
    judged: &[JudgedProbe],
) -> Vec<Facts<'a>> {
    let folders = court.plan.waypoints.iter().filter(|waypoint| waypoint.feed == FeedKind::EdiFolder);
    let folders: Vec<&str> = folders.map(|waypoint| waypoint.name.as_str()).collect();
    let mut files = files_of(judged).into_iter();
    let of = |probe: &JudgedProbe| {
        let case = cases.get(&probe.summary.index);
        let mut names = if probe.exists() { files.next().unwrap_or_default() } else { Vec::new() }.into_iter();
        let groups = probe.groups.iter().enumerate().map(|(at, group)| GroupFacts {
            people: group.people,
            dependents_premiums_cents: case
                .and_then(|case| case.expectation.groups.get(at))
                .map(premiums)
                .unwrap_or_default(),
            file: names.next().filter(|name| !name.is_empty()),
        });
        let groups = groups.collect();
        let taken =
            |case: &Case<'_>, at| case.cancel_of(at).is_some_and(|act| act.submission() == Submission::Accepted);
        let groups_of = probe.groups.iter().enumerate().filter(|(_, group)| group.end_is_probed(court.plan));
        let cancellation_was_taken = case.is_some_and(|case| groups_of.map(|(at, _)| at).any(|at| taken(case, at)));
        Facts {
            household: case.and_then(|case| case.history.household),
            groups,
            cancellation_was_taken,
            files: folders.clone(),
        }
    };
    judged.iter().map(of).collect()
}

/// What the members after the first cost a month, in cents.
fn premiums(group: &ExpectedGroup) -> Vec<i64> {
    let cents = |value: Option<&Value>| match value {
        Some(Value::Money(cents)) => Some(cents.0),
        _ => None,
    };
    group.members.iter().skip(1).filter_map(|member| cents(member.value(Field::Premium))).collect()
}
