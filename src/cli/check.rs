//! `check`: scenario, target and canary files, each alone, and every scenario against every target; reaches nothing.

use super::console::{print, tell};
use super::context::World;
use super::count::cannot_pass;
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, references};
use super::flags::{Check, FileKind, People};
use johndoe::prober::{address_not_told, check_fit, statuses_not_shown, waypoints_not_at_target};
use johndoe::scenario::Scenario;
use johndoe::target::{Target, notices};
use std::path::Path;

/// Files that were read without error, by kind, each with its name.
#[derive(Default)]
struct Sound {
    scenarios: Vec<(String, Scenario)>,
    targets: Vec<(String, Target)>,
}

/// Validates every file; all errors of all files are shown.
pub(crate) fn check(check: &Check, world: &World) -> Result<Exit, Failure> {
    let mut sound = Sound::default();
    let mut failures = Vec::new();
    for path in &check.files {
        match read((path, &check.typed.set), world, &mut sound) {
            Ok(kind) => print(&format!("{}: {kind}, no error", path.display()))?,
            Err(failure) => failures.push(failure.text().to_owned()),
        }
    }
    failures.extend(misfits(&sound));
    if failures.is_empty() {
        return Ok(Exit::Done);
    }
    Err(Failure::diagnostics(failures.join("\n")))
}

fn read((path, set): (&Path, &[String]), world: &World, sound: &mut Sound) -> Result<&'static str, Failure> {
    let source = Source::read_with(path, set)?;
    if source.kind() == FileKind::Target {
        let target = source.target(&references(world))?;
        for notice in notices(&target) {
            tell(&format!("warning: {}: {notice}", source.name));
        }
        sound.targets.push((source.name, target));
        return Ok("target");
    }
    if source.kind() == FileKind::Canary {
        let canary = source.canary(&references(world))?;
        for watched in &canary.watched {
            let next = watched.plan.schedule.next_after(chrono::Utc::now());
            let next =
                next.map(|tick| tick.at.with_timezone(&watched.plan.schedule.zone()).format("%Y-%m-%d %H:%M %Z"));
            let next = next.map_or_else(|| "never".to_owned(), |at| at.to_string());
            tell(&format!("{}: {}, next {next}", watched.plan.name, watched.plan.schedule.described()));
        }
        if let Err(why) = super::canary::possible(path, canary, world) {
            tell(&format!("warning: {}: it cannot watch yet: {why}", source.name));
        }
        return Ok("canary");
    }
    let scenario = source.scenario(&People::default())?;
    if let Some(why) = cannot_pass(&scenario) {
        tell(&format!("warning: {}: {why}", source.name));
    }
    sound.scenarios.push((source.name, scenario));
    Ok("scenario")
}

/// What makes a scenario impossible at a target. What is only passed over there is told.
fn misfits(sound: &Sound) -> Vec<String> {
    let pairs = sound.scenarios.iter().flat_map(|s| sound.targets.iter().map(move |t| (s, t)));
    let misfit = |((scenario_name, scenario), (target_name, target)): (&(String, Scenario), &(String, Target))| {
        for waypoint in waypoints_not_at_target(scenario, target) {
            tell(&format!("warning: {scenario_name} at {target_name}: {}", passed_over(&waypoint, target)));
        }
        for told in statuses_not_shown(scenario, target).into_iter().chain(address_not_told(scenario, target)) {
            tell(&format!("warning: {scenario_name} at {target_name}: {told}"));
        }
        let error = check_fit(scenario, target).err()?;
        Some(format!("error: {scenario_name} at {target_name}: {error}"))
    };
    pairs.filter_map(misfit).collect()
}

/// A limit that a scenario sets for a waypoint which the target lacks, in words.
pub(crate) fn passed_over(waypoint: &str, target: &Target) -> String {
    let name = &target.name;
    let known: Vec<_> = target.waypoints.iter().map(|w| format!("`{}`", w.name)).collect();
    format!("target `{name}` has no waypoint `{waypoint}`, so nothing is looked for there; it has {}", known.join(", "))
}
