//! Reading scenario and target files, with every error in them shown at its place.

use super::arguments::People;
use super::context::{RealReferences, World};
use super::failure::Failure;
use johndoe::prober::{Header, Job};
use johndoe::scenario::{self, Scenario};
use johndoe::target::{self, Target};
use std::path::Path;
use std::sync::Arc;

/// A file's text and the name to call it by.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Failure::usage(format!(
                "there is no file `{name}`; scenarios that come with johndoe are in `scenarios/`"
            )),
            std::io::ErrorKind::InvalidData => Failure::usage(format!("`{name}` is not UTF-8 text")),
            _ => Failure::usage(format!("cannot read `{name}`: {e}")),
        })?;
        Ok(Self { name, text })
    }

    /// The scenario in it, with the flags' count and seed.
    pub(crate) fn scenario(&self, people: &People) -> Result<Scenario, Failure> {
        let mut scenario = scenario::parse(&self.text, &self.name).map_err(Failure::diagnostics)?;
        if let Some(count) = people.count {
            scenario.population.count = count;
        }
        if let Some(seed) = people.seed {
            scenario.population.seed = seed;
        }
        Ok(scenario)
    }

    /// The target in it.
    pub(crate) fn target(&self, references: &RealReferences) -> Result<Target, Failure> {
        target::parse(&self.text, &self.name, references).map_err(Failure::diagnostics)
    }
}

/// References to the real environment, relative to the current folder.
pub(crate) fn references(world: &World) -> RealReferences {
    RealReferences { overlay: Vec::new(), folder: world.folder.clone() }
}

/// A scenario at a target, with what the ledger keeps of both. Errors of both files are shown together.
pub(crate) fn job(
    (scenario, target): (&Source, &Source),
    people: &People,
    keep: bool,
    references: &RealReferences,
) -> Result<Job, Failure> {
    let (parsed_scenario, parsed_target) = match (scenario.scenario(people), target.target(references)) {
        (Ok(scenario), Ok(target)) => (scenario, target),
        (Err(one), Err(other)) => return Err(Failure::diagnostics(format!("{}\n{}", one.text(), other.text()))),
        (Err(one), Ok(_)) | (Ok(_), Err(one)) => return Err(one),
    };
    let header = Header {
        scenario_file: scenario.name.clone(),
        scenario_text: scenario.text.clone(),
        target_file: target.name.clone(),
        target_text: target.text.clone(),
        count: people.count,
        seed: people.seed,
        folder: references.folder.clone(),
        keep,
    };
    Ok(Job { scenario: Arc::new(parsed_scenario), target: Arc::new(parsed_target), header })
}

/// The job that a ledger's run was begun with.
pub(crate) fn job_of(header: Header, world: &World, overlay: &[(String, String)]) -> Result<Job, Failure> {
    let people = People { count: header.count, seed: header.seed };
    let scenario = Source { name: header.scenario_file.clone(), text: header.scenario_text.clone() };
    let target = Source { name: header.target_file.clone(), text: header.target_text.clone() };
    let _ = world;
    let references = RealReferences { overlay: overlay.to_vec(), folder: header.folder.clone() };
    job((&scenario, &target), &people, header.keep, &references)
}
