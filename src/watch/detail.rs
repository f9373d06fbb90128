//! What a message says beside the rate: the first lines of the punch lists of the last runs, and who shows them.

use super::State;
use super::setup::Watching;
use crate::ledger::Ledger;
use crate::model::{PunchLine, Summary, Tier};
use crate::prober::judged;
use chrono::{DateTime, Utc};
use johndoe_vigil::alarm::{AlarmId, Detail, Source};
use std::collections::BTreeSet;

/// So many lines, and so many probes.
const SHOWN: usize = 3;

/// Issuer, hop and shape of what failed last, of the alarm's scenario. What cannot be read now is left out: the alarm is told all the
/// same.
pub(super) fn detail(
    id: &AlarmId,
    state: &State,
    watching: &Watching,
    (ledger, now): (&dyn Ledger, DateTime<Utc>),
) -> Detail {
    let mut detail = Detail::default();
    let Source::Stream(stream) = &id.source else { return detail };
    let Some(runs) = watching.scenario_of.get(stream).and_then(|scenario| state.recent.get(scenario)) else {
        return detail;
    };
    for run in runs {
        let Ok((summary, _)) = judged(ledger, run, now) else { continue };
        for line in summary.punch.iter().filter(|line| line.tier != Tier::Inconsequential) {
            if detail.lines.len() < SHOWN {
                detail.lines.push(in_words(line, &summary));
            }
            let new = line.examples.iter().filter(|probe| !detail.probes.contains(probe)).cloned();
            detail.probes = detail.probes.iter().cloned().chain(new).take(SHOWN).collect();
        }
        if !detail.lines.is_empty() {
            break;
        }
    }
    detail
}

fn in_words(line: &PunchLine, summary: &Summary) -> String {
    let shows = summary.probes.iter().filter(|probe| line.examples.contains(&probe.probe));
    let issuers: BTreeSet<&str> =
        shows.flat_map(|probe| probe.groups.iter().filter_map(|group| group.issuer.as_deref())).collect();
    let issuers: Vec<&str> = issuers.into_iter().collect();
    let at = format!("`{}`", line.waypoint);
    let what = if line.what.contains(&at) { line.what.clone() } else { format!("{} at {at}", line.what) };
    let of = if issuers.is_empty() { String::new() } else { format!(", issuer {}", issuers.join(" and ")) };
    let cause = line.causes.first().map(|cause| format!("; in common: {}", cause.rule)).unwrap_or_default();
    format!("{what}{of}: {} of {} households of the last run{cause}", line.households, line.of)
}
