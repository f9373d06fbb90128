//! `try`: one household through a target, step by step, with all that is said and heard. It is a run like any other: written down,
//! capped, and taken out again.

use super::arguments::Arguments;
use super::check::passed_over;
use super::console::{print, tell};
use super::context::World;
use super::drive::{self, Drive};
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, job, references};
use super::flags::{People, Try};
use super::progress::Progress;
use super::run::check_confirmed;
use johndoe::exchange::Obstacle;
use johndoe::ledger;
use johndoe::model::{Decide, LifeEvent, Phase, STATES, Shown, Submission, Summary, Verdict};
use johndoe::prober::{self, Job, Listener, News, Options, Prober, waypoints_not_at_target};
use johndoe::target::Target;
use std::fmt::Write as _;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// What the ledger calls a scenario that was made for the occasion.
const SCENARIO_NAME: &str = "(made by johndoe try)";

/// One household of a target, step by step.
pub(crate) async fn try_out(asked: &Try, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let job = job_of(asked, arguments, world)?;
    let mut teller = None;
    let (drive, ending) = Drive::taking_out(arguments, world, |progress| {
        let (new, printer) = Teller::new(progress);
        teller = Some((Arc::clone(&new), printer));
        new
    });
    print(&beginning(&job, asked.step))?;
    let ledger = ledger::open(arguments.ledger(world))?;
    let mut begins = std::pin::pin!(Prober::begin(&job, ledger, &drive.around));
    let begun = tokio::select! {
        begun = &mut begins => begun,
        () = ending.cancelled() => {
            // nobody is in yet
            drive.around.stop.cancel();
            begins.await
        }
    };
    let prober = Arc::new(begun?.waiting_at_most(asked.wait));
    let early = (Arc::clone(&prober), ending.clone());
    let listens = tokio::spawn(async move {
        early.1.cancelled().await;
        early.0.take_out_now();
    });
    let options = Options { keep: false, cleanup_only: false, deadline: None, no_wait: false };
    let stopped = drive.to_its_end(&prober, options).await;
    listens.abort();
    // what was looked at last is told whatever came of it
    if let Some((teller, printer)) = teller {
        teller.end();
        let _ = tokio::task::spawn_blocking(move || printer.join()).await;
    }
    let stopped = stopped?;
    let summary = drive::judged(arguments.ledger(world), prober.run_id()).map_err(Failure::after_sending)?;
    print(&ended(&summary, &job)).map_err(Failure::after_sending)?;
    if let Some(stopped) = stopped {
        let run = prober.run_id();
        tell(&format!(
            "stopped, and perhaps not everybody is out. `johndoe resume {run}` goes on, `johndoe sweep` takes out"
        ));
        return Ok(stopped);
    }
    let was_ended = ending.is_cancelled().then(|| drive.signalled());
    Ok(exit_of(&summary, asked.step.is_some(), (was_ended, prober.obstacle())))
}

/// How it ends: by what is left in, by the signal that ended it, and else by the verdict. Steps that were carried out as far as was
/// asked are no verdict on a pipeline.
fn exit_of(summary: &Summary, is_part: bool, (signal, obstacle): (Option<Exit>, Option<Obstacle>)) -> Exit {
    let is_left = summary.probes.iter().any(|probe| probe.remaining.is_some());
    if is_left && (is_part || signal.is_some()) {
        return Exit::Judged(Verdict::Residue);
    }
    let is_carried_out = summary.counts.accepted > 0 || obstacle == Some(Obstacle::Ended);
    match signal {
        Some(signal) => signal,
        None if is_part && is_carried_out => Exit::Done,
        None => Exit::Judged(summary.verdict),
    }
}

/// One household, whoever was asked for.
fn job_of(asked: &Try, arguments: &Arguments, world: &World) -> Result<Job, Failure> {
    let set = &asked.typed.set;
    let (source, references) = (Source::read_with(&asked.target, set)?, references(world));
    let target = source.target(&references)?;
    check_confirmed(&target, asked.confirm.as_deref())?;
    check_step(&target, asked.step)?;
    let scenario = match &asked.scenario {
        Some(path) => Source::read_with(path, set)?,
        None => Source { name: SCENARIO_NAME.to_owned(), text: scenario_for(&target) },
    };
    // somebody new each time: an exchange may refuse whom it knows
    let seed =
        asked.seed.or_else(|| asked.scenario.is_none().then(|| uuid::Uuid::now_v7().as_u64_pair().1 % 1_000_000));
    let people = People { count: Some(1), seed };
    let mut job = job((&scenario, &source), &people, false, &references)?;
    // one household proves nothing of a rate, and nobody asks it to
    let objective = &mut Arc::make_mut(&mut job.scenario).objective;
    (objective.decide, objective.acceptable) = (Decide::Estimate, None);
    job.header.last_step = asked.step.and_then(|step| usize::try_from(step).ok());
    prober::check_fit(&job.scenario, &job.target)?;
    for waypoint in waypoints_not_at_target(&job.scenario, &job.target).iter().filter(|_| !arguments.quiet) {
        tell(&format!("note: {}", passed_over(waypoint, &job.target)));
    }
    Ok(job)
}

fn check_step(target: &Target, step: Option<u32>) -> Result<(), Failure> {
    let steps = target.exchange.flows.get(&LifeEvent::Enroll).map_or(0, |flow| flow.steps.len());
    match step {
        Some(step) if step as usize > steps => Err(Failure::usage(format!(
            "--step {step}: the flow `enroll` of target `{}` has {steps} steps; expected 1 to {steps}",
            target.name
        ))),
        _ => Ok(()),
    }
}

/// Two people where the target offers plans, or one where it carries no more.
fn scenario_for(target: &Target) -> String {
    let is_offered = |state: &&&str| target.plans.iter().any(|plan| plan.state == ***state);
    let states: Vec<&str> = STATES.iter().filter(is_offered).copied().collect();
    let states = if states.is_empty() { String::new() } else { format!(", states: [{}]", states.join(", ")) };
    let size = if target.most_members().is_some_and(|(most, _)| most < 2) { 1 } else { 2 };
    let cancel = if target.exchange.flows.contains_key(&LifeEvent::Cancel) { "  - event: cancel\n" } else { "" };
    format!(
        "scenario: try\npopulation: {{count: 1, seed: 7, household_size: {{{size}: 1}}{states}}}\njourney:\n  - event: enroll\n{cancel}"
    )
}

fn beginning(job: &Job, step: Option<u32>) -> String {
    let target = &job.target;
    let at = match target.exchange.base_url.as_str() {
        "" => "by files that are handed over".to_owned(),
        address => format!("at {}", target.secrets.redact(address)),
    };
    let how_far = step.map_or_else(String::new, |step| format!(" up to step {step} of `enroll`"));
    let mut text = format!(
        "one household through target `{}` {at}{how_far}, and out again (seed {})\n",
        target.name, job.scenario.population.seed
    );
    text.push_str("> is what is said, < what is heard: secrets left out, and of what may be anybody's only the shape");
    if !target.exchange.flows.contains_key(&LifeEvent::Cancel) {
        text.push_str("\nthe target has no flow `cancel`: whoever is enrolled stays");
    }
    text
}

/// What came of it, and what to do next.
fn ended(summary: &Summary, job: &Job) -> String {
    let mut text = "\nWhat came of it\n".to_owned();
    let submission = summary.probes.first().map_or(Submission::Unsent, |probe| probe.submission);
    let _ = writeln!(text, "  `enroll`: {}", submission.told());
    let is_part = job.header.last_step.is_some();
    for at in summary.waypoints.iter().filter(|_| !is_part) {
        let groups = &at.groups;
        let counts = [
            (groups.on_time, "on time and intact"),
            (groups.late, "late"),
            (groups.altered, "altered"),
            (groups.missing, "missing"),
            (groups.blind, "blind"),
            (groups.pending, "not yet there"),
            (groups.undecided, "undecided"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        let counts: Vec<String> = counts.collect();
        let counts = if counts.is_empty() { "nobody is waited for".to_owned() } else { counts.join(", ") };
        let _ = writeln!(text, "  {}: {counts}", at.name);
    }
    if is_part {
        text.extend(summary.probes.iter().filter_map(|probe| Some(format!("    {}\n", probe.reason.as_ref()?))));
    } else {
        let _ = writeln!(text, "  verdict: {}", summary.verdict);
        text.extend(summary.reasons.iter().map(|reason| format!("    - {reason}\n")));
    }
    let left: Vec<String> =
        summary.probes.iter().filter_map(|probe| Some(probe.remaining.as_ref()?.to_string())).collect();
    if left.is_empty() && submission == Submission::Unsent {
        text.push_str(
            "  nobody was enrolled; what steps before `commits` have made (accounts, applications) is not taken out\n",
        );
    } else if left.is_empty() && is_out(summary) {
        text.push_str("  nobody is left in\n");
    } else {
        text.push_str("  NOT taken out again, or not provably (`johndoe sweep` tries again):\n");
        let whoever = || summary.probes.iter().map(|probe| probe.probe.clone()).collect();
        let left: Vec<String> = if left.is_empty() { whoever() } else { left };
        text.extend(left.iter().map(|left| format!("    {left}\n")));
    }
    let target = &job.header.target_file;
    let _ = match (submission, job.header.last_step) {
        (_, Some(step)) => write!(text, "  next: johndoe try {target} --step {}", step + 1),
        (Submission::Accepted, None) => {
            write!(text, "  next: johndoe show latest/0; johndoe run SCENARIO --target {target} --count 1")
        }
        (_, None) => write!(text, "  next: mend what is marked with !, then johndoe try {target}"),
    };
    text
}

/// Whether everything of everybody is known to be gone, or never was.
fn is_out(summary: &Summary) -> bool {
    let groups = summary.probes.iter().flat_map(|probe| &probe.groups);
    groups.into_iter().all(|group| ["gone", "nothing_to_clean"].contains(&group.cleanup.as_str()))
}

/// Shows each step as it is carried out, and of each waypoint what was seen there last.
struct Teller {
    progress: Arc<Progress>,
    kept: Mutex<Kept>,
    /// Where lines are printed; `None`: it has ended.
    lines: Mutex<Option<Sender<String>>>,
}

/// What was shown of waypoints.
#[derive(Default)]
struct Kept {
    waypoints: Vec<(String, Vec<Shown>)>,
    /// It was told once how answers are built.
    is_told: bool,
}

impl Teller {
    /// Prints on a thread of its own: whoever does not read on keeps nobody from being taken out.
    fn new(progress: Arc<Progress>) -> (Arc<Self>, JoinHandle<()>) {
        let (sender, lines) = channel::<String>();
        let beside = Arc::clone(&progress);
        let printer = std::thread::spawn(move || lines.iter().for_each(|text| beside.aside(|| drop(print(&text)))));
        (Arc::new(Self { progress, kept: Mutex::default(), lines: Mutex::new(Some(sender)) }), printer)
    }

    /// Shows what is left, and nothing more.
    fn end(&self) {
        self.show_waypoints();
        drop(self.lines.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Keeps what is shown of a waypoint, in place of what was shown of it before.
    fn keep(&self, waypoint: &str, shown: &Shown) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_told && shown.is_anatomy {
            return;
        }
        if !kept.waypoints.iter().any(|(name, _)| name == waypoint) {
            kept.waypoints.push((waypoint.to_owned(), Vec::new()));
        }
        let Some((_, all)) = kept.waypoints.iter_mut().find(|(name, _)| name == waypoint) else { return };
        match all.iter_mut().find(|before| before.title == shown.title) {
            Some(before) => *before = shown.clone(),
            None => all.push(shown.clone()),
        }
    }

    /// Shows what was kept, once.
    fn show_waypoints(&self) {
        let waypoints = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.is_told = true;
            std::mem::take(&mut kept.waypoints)
        };
        for (waypoint, all) in waypoints {
            self.say(&format!("\nwaypoint `{waypoint}`, as it was seen last"));
            for (n, shown) in all.iter().enumerate() {
                let is_same = |before: &&Shown| before.is_anatomy && before.lines == shown.lines;
                match all.iter().take(n).find(is_same) {
                    Some(before) => self.say(&format!("\n  {}\n    the same as of {}", shown.title, before.title)),
                    None => self.say(&in_lines(shown, "  ")),
                }
            }
        }
    }

    fn say(&self, text: &str) {
        if let Some(lines) = &*self.lines.lock().unwrap_or_else(PoisonError::into_inner) {
            // the printer ends after the last sender
            let _ = lines.send(text.to_owned());
        }
    }
}

impl Listener for Teller {
    fn tell(&self, news: &News) {
        match news {
            News::Shown { waypoint: None, shown } => self.say(&in_lines(shown, "")),
            News::Shown { waypoint: Some(waypoint), shown } => self.keep(waypoint, shown),
            News::PhaseBegan { phase: Phase::Cleanup, .. } => self.show_waypoints(),
            _ => {}
        }
        self.progress.tell(news);
    }

    fn watches_closely(&self) -> bool {
        true
    }
}

fn in_lines(shown: &Shown, indent: &str) -> String {
    let mut text = format!("\n{indent}{}", shown.title);
    text.extend(shown.lines.iter().map(|line| format!("\n{indent}  {line}")));
    text
}
