//! Whose failure of a run is repeated, and what of it there is to change.

use super::change::{Change, Shelf, changes};
use crate::model::{
    Entry, Event, FailureKind, GeneratorVersion, Given, Offer, ProbeIndex, PunchLine, RunPlan, Summary, Tier,
};
use crate::punch::Likeness;
use std::collections::BTreeSet;

/// A failure, and whom to repeat it with.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The household that failed, by its place in its run.
    pub probe: ProbeIndex,
    /// How it failed.
    pub failure: FailureKind,
    /// The household.
    pub failing: Given,
    /// Who passed and is most like it; `None` where nobody passed.
    pub nearest: Option<(ProbeIndex, Given)>,
    /// What to change, one at a time.
    pub changes: Vec<Change>,
    /// In what share of those whom its cause covers it struck, where that is not all of them.
    pub strikes: Option<f64>,
}

/// A failure of a run: of the probe that is asked for its gravest kind, else the first of the punch list that is an error. Says what is
/// wrong where there is none.
pub fn subject(
    asked: Option<ProbeIndex>,
    (plan, entries, summary): (&RunPlan, &[Entry], &Summary),
    offers: &[Offer],
) -> Result<Subject, String> {
    let (probe, line) = failure(asked, summary)?;
    let sent = sent(entries);
    let at = |probe: ProbeIndex| sent.iter().position(|given| given.household.index == probe);
    let here = at(probe).ok_or_else(|| format!("nothing was sent for probe {probe}"))?;
    let passed: BTreeSet<ProbeIndex> =
        summary.probes.iter().filter(|probe| probe.good == Some(true)).map(|probe| probe.index).collect();
    let likeness = Likeness::of(
        sent.iter().map(|given| (&given.household, &given.plans)),
        sent.iter().map(|given| passed.contains(&given.household.index)),
    );
    let passing: Vec<&Given> = likeness.in_order(here).into_iter().filter_map(|at| sent.get(at)).collect();
    let failing = sent.get(here).cloned().ok_or_else(|| format!("nothing was sent for probe {probe}"))?;
    let generator = GeneratorVersion::of_number(plan.generator_version).unwrap_or(GeneratorVersion::NEWEST);
    let changes = changes(&failing, &passing, &named(line), Shelf { offers, generator });
    let nearest = passing.first().map(|given| (given.household.index, Given::clone(given)));
    Ok(Subject { probe, failure: FailureKind::of(line), failing, nearest, changes, strikes: strikes(line) })
}

fn failure(asked: Option<ProbeIndex>, summary: &Summary) -> Result<(ProbeIndex, &PunchLine), String> {
    let is_error = |line: &&PunchLine| line.tier != Tier::Inconsequential;
    let of = |index: ProbeIndex| summary.probes.iter().find(|probe| probe.index == index);
    if let Some(index) = asked {
        let probe = of(index).ok_or_else(|| format!("there is no probe {index}"))?;
        let mut lines = probe.befell.iter().filter_map(|at| summary.punch.get(*at as usize));
        let line = lines
            .find(is_error)
            .ok_or_else(|| format!("probe {index} did not fail; `johndoe report {}` tells who did", summary.run.id))?;
        return Ok((index, line));
    }
    let first = (0u32..).zip(&summary.punch).find(|(_, line)| is_error(line)).and_then(|(at, line)| {
        let probe = summary.probes.iter().find(|probe| probe.befell.contains(&at))?;
        Some((probe.index, line))
    });
    first.ok_or_else(|| "nobody failed in it: there is nothing to repeat".to_owned())
}

/// Everybody who was planned, each as sent.
fn sent(entries: &[Entry]) -> Vec<Given> {
    let planned = |entry: &Entry| match &entry.event {
        Event::Planned { household, plans } => {
            Some(Given { household: household.as_ref().clone(), plans: plans.clone() })
        }
        _ => None,
    };
    entries.iter().filter_map(planned).collect()
}

/// Every attribute that a cause of this line names, or that cannot be told apart from one.
fn named(line: &PunchLine) -> BTreeSet<String> {
    let rules = line.causes.iter().flat_map(|cause| std::iter::once(&cause.rule).chain(&cause.same_as));
    rules.flat_map(|rule| rule.split(" and ")).map(str::to_owned).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn strikes(line: &PunchLine) -> Option<f64> {
    let cause = line.causes.iter().find(|cause| cause.failed < cause.covered)?;
    Some(cause.failed as f64 / cause.covered as f64)
}
