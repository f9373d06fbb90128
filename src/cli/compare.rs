//! `compare`: two runs of the same people; nothing is reached.

use super::arguments::Arguments;
use super::console::print;
use super::context::World;
use super::drive::judged;
use super::exit::Exit;
use super::failure::Failure;
use super::flags::Compare;
use johndoe::compare::{Comparison, compare};
use johndoe::ledger;
use johndoe::model::Verdict;
use std::fmt::Write as _;

/// Households named of each kind; JSON has all.
const SHOWN: usize = 12;

/// Sets two runs beside each other.
pub(crate) fn compare_runs(asked: &Compare, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let at = arguments.ledger(world);
    let there = asked.before_in.as_deref().unwrap_or(at);
    let found = |at: &str, name: &str| judged(at, &ledger::open_to_read(at)?.find_run(name)?);
    let (before, after) = (found(there, &asked.before)?, found(at, &asked.after)?);
    let compared = compare(&before, &after).ok_or_else(|| {
        let name = |of: &johndoe::model::Summary| format!("`{}` of seed {}", of.run.scenario, of.run.seed);
        Failure::usage(format!(
            "run {} is {}, and run {} is {}: only runs of the same people can be compared; `johndoe runs` lists them",
            before.run.id,
            name(&before),
            after.run.id,
            name(&after)
        ))
    })?;
    if asked.json {
        print(&serde_json::to_string_pretty(&compared).map_err(Failure::harness)?)?;
    } else {
        print(&told(&compared))?;
    }
    let verdict = match compared.pairs {
        0 => Verdict::Inconclusive,
        _ if compared.is_worse() => Verdict::Fail,
        _ => Verdict::Pass,
    };
    Ok(Exit::Judged(verdict))
}

fn told(of: &Comparison) -> String {
    let word = match (of.pairs, of.is_worse(), of.is_change()) {
        (0, _, _) => "INCONCLUSIVE: of no household do both runs know whether it is good",
        (_, true, _) => "FAIL: more broke than was mended, and that is no accident",
        (_, false, true) => "PASS: more was mended than broke, and that is no accident",
        _ => "PASS: no more changed than chance changes",
    };
    let mut page = format!("{word}\n");
    let (broken, mended) = (of.broken.len(), of.mended.len());
    let _ = writeln!(
        page,
        "{} households in both: {broken} broke, {mended} were mended, {} are bad in both (by chance {:.2}, McNemar's exact test)",
        of.pairs, of.still_bad, of.chance
    );
    for (word, probes) in [("broke", &of.broken), ("mended", &of.mended)] {
        if !probes.is_empty() {
            let shown: Vec<_> = probes.iter().take(SHOWN).map(u32::to_string).collect();
            let more = if probes.len() > SHOWN { ", …" } else { "" };
            let _ = writeln!(page, "  {word}: probes {}{more}", shown.join(", "));
        }
    }
    if !of.fields.is_empty() {
        page +=
            "\nFields that came to differ, or no longer do (households; chance for all of them together, by Holm)\n";
    }
    for field in &of.fields {
        let _ =
            writeln!(page, "  {}: {} broke, {} mended ({:.2})", field.field, field.broken, field.mended, field.chance);
    }
    let moved: Vec<_> = of.times.iter().filter(|of| of.slower + of.faster > 0).collect();
    if !moved.is_empty() {
        page += "\nWhat moved in time (groups that arrived in both; chance for all waypoints together, by Holm)\n";
    }
    for at in moved {
        let _ = writeln!(
            page,
            "  {}: {} slower, {} faster of {}; median {:.1} s, and {:.1} s before ({:.2})",
            at.waypoint, at.slower, at.faster, at.pairs, at.seconds_after, at.seconds_before, at.chance
        );
    }
    page
}
