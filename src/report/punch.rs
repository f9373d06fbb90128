//! The punch list as text: what to mend, each kind in a few lines, those first that befell the most people.

use super::clean::tame;
use super::style::Style;
use super::text::section;
use crate::model::{Cause, Proof, PunchLine, Summary, Tier};

/// Lines shown; the JSON report has all.
const SHOWN: usize = 8;

/// Writes the punch list; of a long one its beginning, unless everything is asked for.
pub(super) fn punch(page: &mut String, summary: &Summary, style: Style) {
    let shown = if style.full { usize::MAX } else { SHOWN };
    let mut lines: Vec<String> = summary.punch.iter().take(shown).flat_map(|of| told(of, style)).collect();
    let more = summary.punch.len().saturating_sub(shown);
    if more > 0 {
        lines.push(format!("and {more} more: `--full` tells them, and JSON has them as `punch`"));
    }
    if !summary.punch.is_empty() && !summary.never_varied.is_empty() {
        let names = summary.never_varied.join(", ");
        lines
            .push(style.faint(style.wrap(&tame(&format!("not exercised, because nobody differed in it: {names}")), 4)));
    }
    section(page, style, "Punch list: what to mend, by the people whom it befell", &lines);
}

fn told(of: &PunchLine, style: Style) -> Vec<String> {
    let what = what(of);
    let what = match of.tier {
        Tier::CoverageImpacting | Tier::Major => style.bad(tame(&what)),
        Tier::Watch => style.uncertain(tame(&what)),
        Tier::Inconsequential => style.faint(tame(&what)),
    };
    let mut lines = vec![format!("{:>5} {} · {} · {what}", of.people, people(of.people), tier(of.tier))];
    let below = |text: &str| format!("        {}", style.wrap(&tame(text), 12));
    lines.push(below(&how_often(of)));
    lines.extend(of.causes.iter().map(|cause| below(&because(cause))));
    lines.extend(of.silence.iter().map(|why| style.faint(below(why))));
    lines.extend(of.proofs.iter().map(|proof| below(&proved(proof))));
    lines
}

/// What it is, and the hop where that is not said already.
pub(super) fn what(of: &PunchLine) -> String {
    let at = format!("`{}`", of.waypoint);
    if of.what.contains(&at) { of.what.clone() } else { format!("{} at {at}", of.what) }
}

fn people(count: u64) -> &'static str {
    if count == 1 { "person" } else { "people" }
}

/// A tier as the trade says it.
pub(super) fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::CoverageImpacting => "coverage-impacting",
        Tier::Major => "major",
        Tier::Watch => "watch",
        Tier::Inconsequential => "inconsequential",
    }
}

/// In how many households, with the interval, and examples.
pub(super) fn how_often(of: &PunchLine) -> String {
    let [low, high] = of.interval.unwrap_or_default().map(|share| share * 100.0);
    let share = of.rate.unwrap_or_default() * 100.0;
    let probes: Vec<&str> = of.examples.iter().filter_map(|probe| probe.rsplit('/').next()).collect();
    let place = of.places.first().map_or_else(String::new, |place| format!("; {place}"));
    format!(
        "{} of {} households ({share:.2} %, {low:.2}–{high:.2} %); probes {}{place}",
        of.households,
        of.of,
        probes.join(", ")
    )
}

/// A cause in a sentence.
pub(super) fn because(of: &Cause) -> String {
    let found = if of.is_perfect {
        format!("all {} with {} and nobody else", of.failed, of.rule)
    } else {
        format!("{} of {} with {}, of {} that failed", of.failed, of.covered, of.rule, of.of_failed)
    };
    let mut told = vec![format!("{found} (by chance {:.1e})", of.chance)];
    told.extend(of.wider.iter().map(|wider| format!("wider: {wider}")));
    if !of.same_as.is_empty() {
        told.push(format!("cannot be told apart from {}", of.same_as.join("; ")));
    }
    told.extend(of.would_tell.iter().map(|probe| format!("{probe} would tell")));
    told.join("; ")
}

/// What repeating it proved, in a sentence.
pub(super) fn proved(of: &Proof) -> String {
    format!("sent again (probe {}): {}", of.probe, of.sentence)
}
