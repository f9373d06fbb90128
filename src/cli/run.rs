//! `run` and `resume`: a scenario at a target, to its end.

use super::arguments::Arguments;
use super::check::passed_over;
use super::console::{print, tell};
use super::context::World;
use super::demo;
use super::drive::{self, Drive};
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, job, job_again, references};
use super::flags::{Resume, Run};
use super::output::Outputs;
use johndoe::exchange::{Obstacle, rehearse};
use johndoe::generator::{Generator, plan_for};
use johndoe::ledger::{self, Ledger, RunState};
use johndoe::model::{LifeEvent, ProbeIndex, RunId};
use johndoe::prober::{
    self, Header, Job, Options, Prober, address_not_told, statuses_not_shown, waypoints_not_at_target,
};
use johndoe::target::{Context, Environment, Target, without_address};
use std::time::Duration;

/// One scenario once, then a report.
pub(crate) async fn run(run: &Run, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let mut asked = asked(run, world)?;
    asked.header.deadline_seconds = run.deadline.map(|deadline| deadline.as_secs_f64());
    prober::check_fit(&asked.scenario, &asked.target)?;
    for waypoint in waypoints_not_at_target(&asked.scenario, &asked.target).iter().filter(|_| !arguments.quiet) {
        tell(&format!("note: {}", passed_over(waypoint, &asked.target)));
    }
    let mut not_shown = statuses_not_shown(&asked.scenario, &asked.target);
    not_shown.extend(without_address(&asked.target));
    not_shown.extend(address_not_told(&asked.scenario, &asked.target));
    for told in not_shown.iter().filter(|_| !arguments.quiet) {
        tell(&format!("note: {told}"));
    }
    if run.only_shown {
        ledger::check_place(arguments.ledger(world))?;
        return dry_run(&asked, run.reports.json);
    }
    let needed = [arguments.ledger(world), &run.scenario.to_string_lossy(), &run.target.to_string_lossy()];
    let journey = asked.scenario.journey.iter().map(|step| step.event);
    let outputs = Outputs::new(&run.reports)?.apart_from(&needed)?.able_to_say(journey)?;
    let drive = Drive::new(arguments, world);
    let ledger = ledger::open(arguments.ledger(world))?;
    let prober = Prober::begin_within(run.deadline, &asked, ledger, &drive.around).await?;
    let options = Options { keep: run.keep, cleanup_only: false, deadline: run.deadline, no_wait: run.no_wait };
    finish((&prober, &asked.target), options, (&drive, &outputs), (arguments, world)).await
}

/// What is asked for; production asks back, and gets one household unless a number was typed.
fn asked(run: &Run, world: &World) -> Result<Job, Failure> {
    let set = &run.typed.set;
    let (scenario, target) = (Source::read_with(&run.scenario, set)?, Source::read_with(&run.target, set)?);
    let asked = job((&scenario, &target), &run.people, run.keep, &references(world))?;
    if asked.target.environment != Environment::Production {
        return Ok(asked);
    }
    if !run.only_shown {
        check_confirmed(&asked.target, run.confirm.as_deref())?;
    }
    let mut people = run.people.clone();
    people.count = people.count.or(Some(1));
    job((&scenario, &target), &people, run.keep, &references(world))
}

/// Production asks for its name.
pub(crate) fn check_confirmed(target: &Target, confirm: Option<&str>) -> Result<(), Failure> {
    if target.environment == Environment::Production && confirm != Some(target.name.as_str()) {
        return Err(prober::Error::NotConfirmed { target: target.name.clone() }.into());
    }
    Ok(())
}

/// Goes on with a run.
pub(crate) async fn resume(resume: &Resume, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let outputs = Outputs::new(&resume.reports)?.apart_from(&[arguments.ledger(world)])?;
    let ledger = ledger::open_existing(arguments.ledger(world))?;
    let run = ledger.find_run(&resume.run)?;
    let header = header_of(&*ledger, &run)?;
    let (plan, _) = ledger.run_plan(&run)?;
    let outputs = outputs.able_to_say(plan.events())?;
    // Only a report is left to be made, which asks nobody.
    if ledger.runs()?.iter().any(|listed| listed.run == run && listed.state == RunState::Finished) {
        return ended_already(&run, &outputs, (arguments, world));
    }
    if demo::is_demo(&header) {
        return Err(Failure::usage(format!(
            "run {run} was a demo, and its sandbox ended with it; `johndoe demo` shows another"
        )));
    }
    let keep = header.keep;
    let of_run = header.deadline_seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let deadline = resume.deadline.or(of_run);
    let job = job_again(header, &plan, &resume.again)?;
    let drive = Drive::new(arguments, world);
    let prober = Prober::adopt_within(deadline, (&job, &run), ledger, &drive.around).await?;
    if prober.is_finished() {
        drive.progress.finish();
        drop(prober);
        return ended_already(&run, &outputs, (arguments, world));
    }
    let options = Options { keep, cleanup_only: false, deadline, no_wait: resume.no_wait };
    finish((&prober, &job.target), options, (&drive, &outputs), (arguments, world)).await
}

fn ended_already(run: &RunId, outputs: &Outputs, (arguments, world): (&Arguments, &World)) -> Result<Exit, Failure> {
    if !arguments.quiet {
        tell(&format!("run {run} has come to its end already; this is its report"));
    }
    let summary = drive::report(run, outputs, (arguments, world))?;
    Ok(Exit::Judged(summary.verdict))
}

async fn finish(
    (prober, target): (&Prober, &Target),
    options: Options,
    (drive, outputs): (&Drive, &Outputs),
    (arguments, world): (&Arguments, &World),
) -> Result<Exit, Failure> {
    let stopped = drive.to_its_end(prober, options).await?;
    let reported = drive::report(prober.run_id(), outputs, (arguments, world)).map_err(Failure::after_sending);
    if stopped.is_some() {
        tell(&format!("stopped; the ledger is whole. Go on with: johndoe resume {}", prober.run_id()));
    }
    let summary = reported?;
    if let Some(at) = summary.next_due_at.filter(|_| stopped.is_none() && !arguments.quiet) {
        let at = at.format("%Y-%m-%d %H:%M:%SZ");
        tell(&format!("more is due at {at}; go on then with: johndoe resume {} --no-wait", prober.run_id()));
    }
    if stopped.is_none() && summary.counts.unsent + summary.counts.not_begun == summary.counts.planned {
        advise(target, prober.obstacle());
    }
    Ok(stopped.unwrap_or(Exit::Judged(summary.verdict)))
}

/// Where nobody could be enrolled: says what kept them, and what to do.
fn advise(target: &Target, obstacle: Option<Obstacle>) {
    let (at, name) = (target.secrets.redact(&target.exchange.base_url), &target.name);
    match obstacle {
        Some(Obstacle::NotHandedOver) => tell("Nothing was handed over. `johndoe show latest/0` says why."),
        None => tell("Nothing was sent: the run ended before the first household's turn."),
        Some(Obstacle::NotConnected) => tell(&format!(
            "Nobody was enrolled: no connection came about. Does the exchange at {at} run? Its address is `exchange.base_url` of target `{name}`; the \
             imitation that comes with johndoe is started with `johndoe sandbox` in another terminal."
        )),
        Some(other) => {
            tell(&format!("Nobody was enrolled at {at} (target `{name}`): {}; {}.", other.happened(), other.advice()));
        }
    }
}

/// What the run was begun with.
pub(crate) fn header_of(ledger: &dyn Ledger, run: &RunId) -> Result<Header, Failure> {
    let (_, header) = ledger.run_plan(run)?;
    serde_json::from_value(header).map_err(|e| Failure::harness(format!("the header of run {run} cannot be read: {e}")))
}

fn dry_run(job: &Job, json: bool) -> Result<Exit, Failure> {
    let plan = prober::run_plan(&job.scenario, &job.target, RunId::new("dry-run"), chrono::Utc::now())?;
    if json {
        print(&serde_json::to_string_pretty(&plan).map_err(Failure::harness)?)?;
        return Ok(Exit::Done);
    }
    let names: Vec<_> = plan.waypoints.iter().map(|w| w.name.to_string()).collect();
    print(&format!(
        "would enroll {} households of `{}` (seed {}) {} and watch {}; nothing was sent",
        plan.count,
        plan.scenario,
        plan.seed,
        by_what(&job.target),
        names.join(", ")
    ))?;
    for request in first_requests(job, &plan.run) {
        print(&format!("\n{}", job.target.secrets.redact(&request)))?;
    }
    Ok(Exit::Done)
}

/// What would be sent for the first household, as far as nothing but answers tells more.
fn first_requests(job: &Job, run: &RunId) -> Vec<String> {
    let generator = Generator::new(&job.scenario.name, &job.scenario.population).of_run(run);
    let generator = generator.rated_by(&job.target.rating_areas);
    let household = generator.household(ProbeIndex(0));
    let context = Context::new(&household, &plan_for(&household, &prober::offers(&job.target)), run);
    let exchange = &job.target.exchange;
    let enroll = exchange.flows.get(&LifeEvent::Enroll);
    enroll.map(|flow| rehearse(flow, &exchange.base_url, &context)).unwrap_or_default()
}

/// How households are enrolled, in words.
fn by_what(target: &Target) -> String {
    match target.exchange.base_url.as_str() {
        "" => "by handing over 834 files".to_owned(),
        address => format!("through {}", target.secrets.redact(address)),
    }
}
