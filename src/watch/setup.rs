//! What a canary is configured with, in the terms of those who decide: from its file, and the scenarios and targets that it names.

use crate::canary::{CLASSES, Canary, Watched, stream_name};
use crate::model::RunPlan;
use crate::prober::{Header, Job};
use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::Setup;
use johndoe_vigil::alarm::Policy;
use johndoe_vigil::schedule::Plan;
use johndoe_vigil::stream::{Kind, Objective, Stalled, Streams};
use std::collections::{BTreeMap, BTreeSet};

/// How often it is asked of a hop whether it stopped: once a minute at most.
const LOOKS_A_MONTH: f64 = 60.0 * 24.0 * 30.0;
/// The error rate that is still fine where a scenario has no objective.
const USUAL_RATE: f64 = 0.01;
/// As many ticks are counted to find how many a month has.
const COUNTED: usize = 20_000;
/// Without an outcome for so many periods nothing is known …
const STALE_PERIODS: i32 = 3;
/// … nor for so long in any case.
const STALE_AFTER: TimeDelta = TimeDelta::hours(1);

/// Reads what is to be sent. Scenarios and targets are read once, and again when the canary's file is.
pub trait Jobs: Send + Sync {
    /// What a schedule sends, with this seed or its own: an error says what to mend.
    fn job(&self, watched: &Watched, seed: Option<u64>) -> Result<Job, String>;

    /// What a run that an earlier process left goes on with.
    fn again(&self, header: Header, plan: &RunPlan) -> Result<Job, String>;
}

/// The configuration of those who read lines, and decide nothing.
pub fn nothing() -> Setup {
    Setup { plans: Vec::new(), streams: Streams::default(), policy: Policy::default(), channels: Vec::new() }
}

/// A canary's file with everything that it names.
#[derive(Debug, Clone)]
pub struct Watching {
    /// The file.
    pub canary: Canary,
    /// For those who decide.
    pub setup: Setup,
    /// The scenario of each stream.
    pub(super) scenario_of: BTreeMap<String, String>,
    /// What each stream is held to.
    pub(super) held_to: BTreeMap<String, String>,
    /// By schedule: what its runs begin with.
    pub(super) seeds: BTreeMap<String, u64>,
    /// Schedules whose households change after they are enrolled.
    pub(super) with_changes: BTreeSet<String>,
}

/// What is watched of one scenario.
struct Subject {
    target: String,
    /// Households a month.
    households: f64,
    issuers: BTreeSet<String>,
    waypoints: BTreeSet<String>,
    rate: f64,
    late: Option<f64>,
    stale_after: TimeDelta,
}

/// Reads what a canary's file names, and declares its streams. Asks nobody.
pub fn watching(canary: Canary, jobs: &dyn Jobs) -> Result<Watching, String> {
    let mut subjects: BTreeMap<String, Subject> = BTreeMap::new();
    let (mut seeds, mut with_changes) = (BTreeMap::new(), BTreeSet::new());
    for watched in &canary.watched {
        let name = &watched.plan.name;
        let job = jobs.job(watched, None).map_err(|error| format!("schedule `{name}`: {error}"))?;
        seeds.insert(name.clone(), watched.seed.unwrap_or(job.scenario.population.seed));
        if job.scenario.journey.iter().any(|step| step.event.is_change()) {
            with_changes.insert(name.clone());
        }
        let subject = subject(watched, &job);
        match subjects.entry(job.scenario.name.clone()) {
            std::collections::btree_map::Entry::Vacant(place) => drop(place.insert(subject)),
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                if known.target != subject.target {
                    return Err(format!(
                        "error: schedule `{name}`: scenario `{}` is sent to `{}` and to `{}`, whose outcomes would be counted as one; \
                         give one of them a scenario of another name",
                        job.scenario.name, known.target, subject.target
                    ));
                }
                known.households += subject.households;
                known.stale_after = known.stale_after.max(subject.stale_after);
            }
        }
    }
    let mut watching = Watching {
        setup: Setup {
            plans: canary.watched.iter().map(|watched| watched.plan.clone()).collect(),
            streams: Streams::default(),
            policy: canary.policy.clone(),
            channels: canary.channels.iter().map(|channel| channel.channel.clone()).collect(),
        },
        canary,
        scenario_of: BTreeMap::new(),
        held_to: BTreeMap::new(),
        seeds,
        with_changes,
    };
    declare(&mut watching, &subjects)?;
    Ok(watching)
}

fn subject(watched: &Watched, job: &Job) -> Subject {
    let objective = &job.scenario.objective;
    let named = job.target.issuers.keys().map(ToString::to_string);
    let sold = job.target.plans.iter().filter_map(|plan| plan.plan_id.issuer()).map(|issuer| issuer.to_string());
    let period = watched.plan.schedule.shortest_period(reference());
    Subject {
        target: job.target.name.clone(),
        households: ticks_a_month(&watched.plan) * f64::from(job.scenario.population.count),
        issuers: named.chain(sold).collect(),
        waypoints: job.target.waypoints.iter().map(|waypoint| waypoint.name.to_string()).collect(),
        rate: objective.error_rate_below.unwrap_or(USUAL_RATE),
        late: objective.on_time_at_least.map(|share| 1.0 - share),
        stale_after: (period * STALE_PERIODS).max(STALE_AFTER),
    }
}

/// Every stream of the catalogue, with its share of the budget.
fn declare(watching: &mut Watching, subjects: &BTreeMap<String, Subject>) -> Result<(), String> {
    let count = |of: &dyn Fn(&Subject) -> usize| -> u32 {
        u32::try_from(subjects.values().map(of).sum::<usize>()).unwrap_or(u32::MAX)
    };
    let at_issuers = count(&|subject| subject.issuers.len());
    let late = count(&|subject| usize::from(subject.late.is_some()));
    let hops = count(&|subject| subject.waypoints.len());
    let classes = count(&|_| CLASSES.len());
    for (scenario, subject) in subjects {
        for issuer in &subject.issuers {
            declare_one(watching, (scenario, Kind::Issuer, issuer), (subject, subject.rate, at_issuers))?;
        }
        if let Some(rate) = subject.late {
            declare_one(watching, (scenario, Kind::Lateness, ""), (subject, rate, late))?;
        }
        for waypoint in &subject.waypoints {
            declare_hop(watching, (scenario, waypoint), hops);
        }
        for class in CLASSES {
            declare_one(watching, (scenario, Kind::Class, class), (subject, subject.rate, classes))?;
        }
    }
    Ok(())
}

fn declare_one(
    watching: &mut Watching,
    (scenario, kind, of): (&str, Kind, &str),
    (subject, rate, streams): (&Subject, f64, u32),
) -> Result<(), String> {
    let name = stream_name(scenario, kind, of);
    let a_month = subject.households.max(1.0);
    let threshold = watching.canary.budget.threshold(kind, streams, a_month);
    let objective = Objective::new(rate, a_month, threshold, subject.stale_after)
        .map_err(|mistake| format!("error: scenario `{scenario}`: {mistake}"))?;
    let held_to = format!("rate {rate}, {a_month} households a month, threshold {threshold}");
    let setup = &mut watching.setup;
    setup.streams = std::mem::take(&mut setup.streams).with(&name, objective);
    setup.policy.groups.insert(name.clone(), scenario.to_owned());
    watching.scenario_of.insert(name.clone(), scenario.to_owned());
    watching.held_to.insert(name, held_to);
    Ok(())
}

/// A test for a hop that stopped.
fn declare_hop(watching: &mut Watching, (scenario, waypoint): (&str, &str), streams: u32) {
    let name = stream_name(scenario, Kind::Stalled, waypoint);
    let share = watching.canary.budget.share(Kind::Stalled, streams);
    let setup = &mut watching.setup;
    setup.streams = std::mem::take(&mut setup.streams).with_stalled(&name, Stalled::new(share, LOOKS_A_MONTH));
    setup.policy.groups.insert(name.clone(), scenario.to_owned());
    watching.scenario_of.insert(name.clone(), scenario.to_owned());
    watching.held_to.insert(name, format!("{share} false alarms a month"));
}

/// Ticks of thirty days at which something may be sent. Counted from one moment for all time, so that a stream is held to the same
/// after every restart.
#[expect(clippy::cast_precision_loss, reason = "counts and seconds are far below 2^52")]
fn ticks_a_month(plan: &Plan) -> f64 {
    let (from, year) = (reference(), TimeDelta::days(365));
    let next = |last: &johndoe_vigil::schedule::Tick| plan.schedule.next_after_tick(last.nominal_at);
    let ticks = std::iter::successors(plan.schedule.next_after(from), next);
    let ticks: Vec<_> = ticks.take(COUNTED).take_while(|tick| tick.at - from < year).collect();
    let covered = match ticks.last() {
        Some(last) if ticks.len() == COUNTED => last.at - from,
        _ => year,
    };
    let open = ticks.iter().filter(|tick| plan.is_open(tick.at)).count();
    open as f64 * TimeDelta::days(30).num_seconds() as f64 / covered.num_seconds().max(1) as f64
}

fn reference() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default()
}
