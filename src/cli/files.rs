//! Reading scenario and target files, with every error in them shown at its place.

use super::context::{RealReferences, World};
use super::failure::Failure;
use super::flags::{Again, FileKind, People};
use super::layers::{with_environment, with_extended, with_parts, with_typed};
use johndoe::canary::{self, Canary};
use johndoe::model::RunPlan;
use johndoe::net::read_plain;
use johndoe::prober::{self, Header, Job, Said};
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
    /// Reads a file, and those that it extends.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        with_parts(with_extended(path, Self::read_alone(path)?)?)
    }

    /// The same with the typed values over it that are of its kind.
    pub(crate) fn read_with(path: &Path, set: &[String]) -> Result<Self, Failure> {
        with_environment(with_typed(&Self::read(path)?, set)?)
    }

    /// Reads a file as it is.
    pub(crate) fn read_alone(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let text = read_text(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Failure::usage(format!(
                "there is no file `{name}`; scenarios that come with johndoe are in `scenarios/`, targets in \
                 `scenarios/targets/`"
            )),
            std::io::ErrorKind::IsADirectory => Failure::usage(format!(
                "`{name}` is a folder; name a file in it, such as `{name}/first-enrollment.yaml`"
            )),
            std::io::ErrorKind::InvalidData => Failure::usage(format!("`{name}` is not UTF-8 text")),
            _ => Failure::usage(format!("cannot read `{name}`: {e}")),
        })?;
        Ok(Self { name, text })
    }

    /// What kind of file it is. A file with a line that begins `target:` is a target, one with `canary:` a canary; everything else
    /// is taken for a scenario, whose parser says what is missing.
    pub(crate) fn kind(&self) -> FileKind {
        let begins = |key: &str| self.text.lines().any(|line| line.starts_with(key));
        match (begins("scenario:"), begins("target:"), begins("canary:")) {
            (false, true, _) => FileKind::Target,
            (false, false, true) => FileKind::Canary,
            _ => FileKind::Scenario,
        }
    }

    /// The other kind of file than is wanted: one sentence says more than an error for each of its keys.
    fn mistaken(&self, wanted: FileKind) -> Result<(), Failure> {
        let name = &self.name;
        match (wanted, self.kind()) {
            (FileKind::Scenario, FileKind::Target) => {
                Err(Failure::usage(format!("`{name}` is a target file, and a scenario file belongs here")))
            }
            (FileKind::Scenario | FileKind::Target, FileKind::Canary) => {
                Err(Failure::usage(format!("`{name}` is a canary file, which `johndoe check` reads alone")))
            }
            (FileKind::Target, FileKind::Scenario) if self.text.lines().any(|l| l.starts_with("scenario:")) => {
                Err(Failure::usage(format!("`{name}` is a scenario file, and a target file belongs here")))
            }
            _ => Ok(()),
        }
    }

    /// The scenario in it, with the flags' count and seed.
    pub(crate) fn scenario(&self, people: &People) -> Result<Scenario, Failure> {
        self.mistaken(FileKind::Scenario)?;
        let mut scenario = scenario::parse(&self.text, &self.name).map_err(Failure::diagnostics)?;
        if let Some(count) = people.count {
            scenario.population.count = count;
        }
        if let Some(seed) = people.seed {
            scenario.population.seed = seed;
        }
        Ok(scenario)
    }

    /// The canary in it; what can never run is looked for from now on.
    pub(crate) fn canary(&self, references: &RealReferences) -> Result<Canary, Failure> {
        canary::parse(&self.text, &self.name, references, chrono::Utc::now()).map_err(Failure::diagnostics)
    }

    /// The target in it.
    pub(crate) fn target(&self, references: &RealReferences) -> Result<Target, Failure> {
        self.mistaken(FileKind::Target)?;
        target::parse(&self.text, &self.name, references).map_err(Failure::diagnostics)
    }
}

fn read_text(path: &Path) -> std::io::Result<String> {
    String::from_utf8(read_plain(path)?).map_err(|e| std::io::Error::new(std::io::ErrorKind::InvalidData, e))
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
    let salt = uuid::Uuid::now_v7().simple().to_string();
    let header = Header {
        scenario_file: scenario.name.clone(),
        scenario_text: scenario.text.clone(),
        target_file: target.name.clone(),
        target_text: target.text.clone(),
        count: people.count,
        seed: people.seed,
        folder: references.folder.clone(),
        keep,
        fingerprint: Some(parsed_target.identity.fingerprint(&salt)),
        deadline_seconds: None,
        last_step: None,
    };
    Ok(Job { scenario: Arc::new(parsed_scenario), target: Arc::new(parsed_target), header })
}

/// The job that a ledger's run goes on with, by what its header says and what was typed now; refused where it is another
/// target than the run was begun at, or where a guard forbids it.
pub(crate) fn job_again(header: Header, plan: &RunPlan, again: &Again) -> Result<Job, Failure> {
    let (fingerprint, last_step) = (header.fingerprint.clone(), header.last_step);
    let mut job = job_of(header, again.target.as_deref())?;
    job.header.fingerprint = fingerprint;
    job.header.last_step = last_step;
    let said = Said { confirm: again.confirm.as_deref(), mended: again.target.is_some() };
    prober::check_again(&job, plan, said)?;
    Ok(job)
}

fn job_of(header: Header, mended: Option<&Path>) -> Result<Job, Failure> {
    let people = People { count: header.count, seed: header.seed };
    let references = RealReferences { overlay: Vec::new(), folder: header.folder };
    let scenario = Source { name: header.scenario_file, text: header.scenario_text };
    let target = match mended {
        Some(path) => Source::read(path)?,
        None => Source { name: header.target_file, text: header.target_text },
    };
    job((&scenario, &target), &people, header.keep, &references)
}
