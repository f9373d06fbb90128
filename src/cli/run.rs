//! `run`, `resume`, `sweep`: what sends something.

use super::arguments::{Arguments, Resume, Run, Sweep};
use super::context::World;
use super::drive::{self, Drive};
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, job, job_of, references};
use super::output::Outputs;
use johndoe::ledger::{self, Ledger};
use johndoe::model::RunId;
use johndoe::prober::{self, Header, Job, Options, Prober, waypoints_not_at_target};
use johndoe::target::Environment;
use std::collections::BTreeMap;

/// One scenario once, then a report.
pub(crate) async fn run(run: &Run, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let outputs = Outputs::new(&run.reports)?;
    let (scenario, target) = (Source::read(&run.scenario)?, Source::read(&run.target)?);
    let mut people = run.people.clone();
    let mut asked = job((&scenario, &target), &people, run.keep, &references(world))?;
    if asked.target.environment == Environment::Production {
        confirm(run, &asked)?;
        if people.count.is_none() {
            people.count = Some(1);
            asked = job((&scenario, &target), &people, run.keep, &references(world))?;
        }
    }
    if run.dry_run {
        return dry_run(&asked);
    }
    let drive = Drive::new(arguments, world);
    for waypoint in waypoints_not_at_target(&asked.scenario, &asked.target) {
        let target = &asked.target.name;
        drive
            .progress
            .say(&format!("note: target `{target}` has no waypoint `{waypoint}`; nothing is looked for there"));
    }
    let ledger = ledger::open(arguments.ledger(world))?;
    let prober = Prober::begin(&asked, ledger, &drive.around).await?;
    let options = Options { keep: run.keep, cleanup_only: false, deadline: run.deadline };
    finish(&prober, options, (&drive, &outputs), (arguments, world)).await
}

/// Goes on with a run.
pub(crate) async fn resume(resume: &Resume, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let outputs = Outputs::new(&resume.reports)?;
    let ledger = ledger::open_existing(arguments.ledger(world))?;
    let run = ledger.find_run(&resume.run)?;
    let header = header_of(&*ledger, &run)?;
    let keep = header.keep;
    let job = job_of(header, world, &[])?;
    let drive = Drive::new(arguments, world);
    let prober = Prober::adopt(&job, &run, ledger, &drive.around).await?;
    if prober.is_finished() {
        drive.progress.finish();
        anstream::eprintln!("run {run} has come to its end already; this is its report");
        drop(prober);
        return drive::report(&run, &outputs, (arguments, world));
    }
    let options = Options { keep, cleanup_only: false, deadline: resume.deadline };
    finish(&prober, options, (&drive, &outputs), (arguments, world)).await
}

async fn finish(
    prober: &Prober,
    options: Options,
    (drive, outputs): (&Drive, &Outputs),
    (arguments, world): (&Arguments, &World),
) -> Result<Exit, Failure> {
    let stopped = drive.to_its_end(prober, options).await?;
    let exit = drive::report(prober.run_id(), outputs, (arguments, world))?;
    Ok(stopped.unwrap_or(exit))
}

/// Takes out what any run left enrolled.
pub(crate) async fn sweep(sweep: &Sweep, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ledger_at = arguments.ledger(world);
    let open = ledger::open_existing(ledger_at)?.open_enrollments()?;
    let mut by_run: BTreeMap<RunId, u64> = BTreeMap::new();
    for probe in open {
        *by_run.entry(probe.run).or_default() += 1;
    }
    if by_run.is_empty() {
        anstream::println!("nothing to sweep: every enrollment in the ledger is cancelled");
        return Ok(Exit::Done);
    }
    let mut worst = Exit::Done;
    for (run, households) in by_run {
        anstream::println!("run {run}: {households} households are still enrolled, or may be");
        if !sweep.dry_run {
            worst = worse(worst, sweep_run(&run, arguments, world).await?);
        }
    }
    Ok(worst)
}

/// Cancels what one run left, and says what stays. A verdict about the enrollments was given when the run ended; here
/// only residue counts.
async fn sweep_run(run: &RunId, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ledger = ledger::open_existing(arguments.ledger(world))?;
    let job = job_of(header_of(&*ledger, run)?, world, &[])?;
    let drive = Drive::new(arguments, world);
    let prober = Prober::adopt(&job, run, ledger, &drive.around).await?;
    let options = Options { keep: false, cleanup_only: true, deadline: None };
    if let Some(stopped) = drive.to_its_end(&prober, options).await? {
        return Ok(stopped);
    }
    let residue = drive::judged(arguments.ledger(world), run)?.counts.residue;
    if residue == 0 {
        anstream::println!("run {run}: all are out, and proved gone");
        return Ok(Exit::Done);
    }
    anstream::println!(
        "run {run}: {residue} enrollment groups stay, or cannot be proved gone; see johndoe report {run}"
    );
    Ok(Exit::Judged(johndoe::model::Verdict::Residue))
}

fn worse(one: Exit, other: Exit) -> Exit {
    if other == Exit::Done { one } else { other }
}

fn header_of(ledger: &dyn Ledger, run: &RunId) -> Result<Header, Failure> {
    let (_, header) = ledger.run_plan(run)?;
    serde_json::from_value(header).map_err(|e| Failure::harness(format!("the header of run {run} cannot be read: {e}")))
}

fn confirm(run: &Run, job: &Job) -> Result<(), Failure> {
    if run.confirm.as_deref() == Some(job.target.name.as_str()) {
        return Ok(());
    }
    Err(prober::Error::NotConfirmed { target: job.target.name.clone() }.into())
}

fn dry_run(job: &Job) -> Result<Exit, Failure> {
    let plan = prober::run_plan(&job.scenario, &job.target, RunId::new("dry-run"), chrono::Utc::now())?;
    let names: Vec<_> = plan.waypoints.iter().map(|w| w.name.to_string()).collect();
    anstream::println!(
        "would enroll {} households of `{}` (seed {}) through {} and watch {}; nothing was sent",
        plan.count,
        plan.scenario,
        plan.seed,
        job.target.exchange.base_url,
        names.join(", ")
    );
    Ok(Exit::Done)
}
