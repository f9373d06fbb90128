//! `runs`, `show`, `report`: looking at the ledger; nothing is reached.

use super::arguments::Arguments;
use super::console::print_page;
use super::context::World;
use super::drive;
use super::exit::Exit;
use super::failure::Failure;
use super::flags::{Report, Show};
use super::lists::print_table;
use super::output::Outputs;
use johndoe::ledger;
use johndoe::model::{Entry, ProbeIndex, RunPlan, Summary};
use johndoe::reconcile;
use johndoe::report::{self, Evidence, Page, Style};

/// Lists the runs.
pub(crate) fn runs(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let runs = ledger::open_to_read(arguments.ledger(world))?.runs()?;
    let rows = runs.iter().map(|run| {
        let counts = &run.enrollments;
        let open = counts.sending + counts.accepted + counts.indeterminate;
        [
            run.run.to_string(),
            run.started_at.format("%Y-%m-%d %H:%M:%SZ").to_string(),
            run.scenario.clone(),
            run.target.clone(),
            run.state.as_str().to_owned(),
            (open + counts.cancelled).to_string(),
            open.to_string(),
        ]
    });
    print_table(["run", "started", "scenario", "target", "state", "enrolled", "still open"], rows)
}

/// Shows everything known about one household.
pub(crate) fn show(show: &Show, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let style = Style { color: arguments.color.on_output(world), width: world.width, full: true };
    print_page(&OfProbe::find(&show.probe, arguments, world)?.timeline(style)?)?;
    Ok(Exit::Done)
}

/// One household of a run, and all that the ledger has of it.
pub(crate) struct OfProbe {
    pub(crate) index: ProbeIndex,
    pub(crate) plan: RunPlan,
    pub(crate) entries: Vec<Entry>,
    pub(crate) summary: Summary,
}

impl OfProbe {
    /// Finds it by RUN/INDEX.
    pub(crate) fn find(probe: &str, arguments: &Arguments, world: &World) -> Result<Self, Failure> {
        let shape = || Failure::usage(format!("`{probe}` must be RUN/INDEX, such as latest/7"));
        let (run, index) = probe.rsplit_once('/').ok_or_else(shape)?;
        let index = ProbeIndex(index.parse().map_err(|_| shape())?);
        let ledger = ledger::open_to_read(arguments.ledger(world))?;
        let run = ledger.find_run(run)?;
        let (plan, _) = ledger.run_plan(&run)?;
        let entries = ledger.entries(&run)?;
        if index.0 >= plan.count {
            return Err(Failure::usage(format!("run {run} has probes 0 to {}", plan.count.saturating_sub(1))));
        }
        let summary = drive::judged(arguments.ledger(world), &run)?;
        Ok(Self { index, plan, entries, summary })
    }

    /// Its story.
    pub(crate) fn timeline(&self, style: Style) -> Result<Page, Failure> {
        let Some((expectation, sightings)) = reconcile::evidence(&self.plan, &self.entries, self.index) else {
            return Err(Failure::usage(format!("nothing was sent for probe {} of run {}", self.index, self.plan.run)));
        };
        let evidence = Evidence { probe: self.index, expectation: &expectation, sightings: &sightings };
        Ok(report::timeline(&self.summary, &self.entries, evidence, style))
    }
}

/// Judges a run again.
pub(crate) fn report(report: &Report, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let outputs = Outputs::new(&report.reports)?.apart_from(&[arguments.ledger(world)])?;
    let ledger = ledger::open_to_read(arguments.ledger(world))?;
    let run = ledger.find_run(&report.run)?;
    let outputs = outputs.able_to_say(ledger.run_plan(&run)?.0.events())?;
    drop(ledger);
    let summary = drive::report(&run, &outputs, (arguments, world))?;
    Ok(Exit::Judged(summary.verdict))
}
