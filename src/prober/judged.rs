//! A run of the ledger, judged as of now, or of its end.

use crate::ledger::{Error, Ledger};
use crate::model::{Entry, Event, GroupSummary, LifeEvent, ProbeSummary, RunId, Summary};
use crate::reconcile;
use chrono::{DateTime, Utc};

/// Judges a run, and says how many people could not be taken out, or not provably. One that has ended is judged as of its end, so that
/// it is told the same next year.
pub fn judged(ledger: &dyn Ledger, run: &RunId, now: DateTime<Utc>) -> Result<(Summary, u32), Error> {
    let (plan, _) = ledger.run_plan(run)?;
    let entries = ledger.entries(run)?;
    // What was proved of it later moves its end nowhere.
    let last = entries.iter().rev().find(|e| !matches!(e.event, Event::Narrowed { .. }));
    let ended = last.filter(|e| matches!(e.event, Event::Finished)).map(|e| e.at);
    // What was written down has happened, whatever the wall clock shows now.
    let latest = entries.iter().map(|e| e.at).max();
    let as_of = ended.unwrap_or_else(|| latest.map_or(now, |latest| latest.max(now)));
    let summary = reconcile::judge(&plan, &entries, as_of);
    let left = people_left(&summary, &entries);
    Ok((summary, left))
}

/// People of households of which something stays.
fn people_left(summary: &Summary, entries: &[Entry]) -> u32 {
    let left = |probe: &&ProbeSummary| {
        let of = &probe.groups;
        of.iter().enumerate().any(|(at, group)| group.cleanup == "residue" && !goes_on(group, of.get(at..)))
    };
    let left: std::collections::BTreeSet<_> = summary.probes.iter().filter(left).map(|probe| probe.index).collect();
    let people = entries.iter().filter_map(|entry| match &entry.event {
        Event::Planned { household, .. } if left.contains(&household.index) => Some(household.people.len()),
        _ => None,
    });
    u32::try_from(people.sum::<usize>()).unwrap_or(u32::MAX)
}

/// Whether a policy was put in force again after this: what became of it in the end, that which went on says.
fn goes_on(ended: &GroupSummary, later: Option<&[GroupSummary]>) -> bool {
    let is_it = |group: &GroupSummary| {
        group.line == ended.line && group.begun_by.is_some_and(|step| step.event == LifeEvent::Reinstate)
    };
    ended.ended_by.is_some() && later.unwrap_or_default().iter().any(is_it)
}
