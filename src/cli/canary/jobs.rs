//! What a canary sends, read from the files that its own names: once, and again when that is read again.

use crate::cli::context::{RealReferences, World};
use crate::cli::failure::Failure;
use crate::cli::files::{Source, job, job_again, references};
use crate::cli::flags::{Again, People};
use crate::cli::run::check_confirmed;
use johndoe::canary::{Canary, Watched};
use johndoe::model::RunPlan;
use johndoe::prober::{Header, Job, check_fit};
use johndoe::target::Environment;
use johndoe::watch::Jobs;
use std::collections::BTreeMap;
use std::path::Path;

/// The texts of scenarios and targets, by schedule.
pub(super) struct Files {
    texts: BTreeMap<String, (Source, Source)>,
    confirmed: Vec<String>,
    references: RealReferences,
}

impl Files {
    /// Reads them; paths start where the canary's file lies.
    pub(super) fn read(file: &Path, canary: &Canary, confirmed: &[String], world: &World) -> Result<Self, Failure> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut texts = BTreeMap::new();
        for watched in &canary.watched {
            let read = |name: &str| Source::read_with(&folder.join(name), &[]);
            texts.insert(watched.plan.name.clone(), (read(&watched.scenario)?, read(&watched.target)?));
        }
        Ok(Self { texts, confirmed: confirmed.to_vec(), references: references(world) })
    }

    fn asked(&self, watched: &Watched, seed: Option<u64>) -> Result<Job, Failure> {
        let name = &watched.plan.name;
        let (scenario, target) = self
            .texts
            .get(name)
            .ok_or_else(|| Failure::usage(format!("schedule `{name}` is not in the file that was read")))?;
        let people = People { count: watched.count, seed };
        let asked = job((scenario, target), &people, false, &self.references)?;
        check_fit(&asked.scenario, &asked.target)?;
        check_confirmed(&asked.target, self.confirm(&asked.target.name))?;
        if asked.target.environment != Environment::Production || watched.count.is_some() {
            return Ok(asked);
        }
        // production gets one household unless a number was written
        job((scenario, target), &People { count: Some(1), seed }, false, &self.references)
    }

    fn confirm(&self, target: &str) -> Option<&str> {
        self.confirmed.iter().map(String::as_str).find(|name| *name == target)
    }
}

impl Jobs for Files {
    fn job(&self, watched: &Watched, seed: Option<u64>) -> Result<Job, String> {
        self.asked(watched, seed).map_err(|failure| failure.text().to_owned())
    }

    fn again(&self, header: Header, plan: &RunPlan) -> Result<Job, String> {
        let again = Again { target: None, confirm: self.confirm(&plan.target).map(ToOwned::to_owned) };
        job_again(header, plan, &again).map_err(|failure| failure.text().to_owned())
    }
}
