//! What is shown of a canary: the same for people, for programs and for metrics.

use super::State;
use super::setup::Watching;
use chrono::{DateTime, Utc};
use johndoe_vigil::alarm::{Cause, Stop};
use johndoe_vigil::stream::Rate;
use serde::Serialize;

/// Where a canary stands at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Its name.
    pub canary: String,
    /// The moment.
    pub at: DateTime<Utc>,
    /// Why nothing is sent; `null` where something may be.
    pub stopped: Option<String>,
    /// People whom earlier runs could not take out.
    pub people_left: u32,
    /// As many may be left before nothing is sent any more.
    pub people_left_at_most: u32,
    /// When it last looked.
    pub looked_at: Option<DateTime<Utc>>,
    /// When a run last came to its end, and nothing of the harness failed in it.
    pub last_success: Option<DateTime<Utc>>,
    /// Runs that are not over.
    pub runs_under_way: usize,
    /// Its schedules, as the file has them.
    pub schedules: Vec<ScheduleStatus>,
    /// Its streams, by name.
    pub streams: Vec<StreamStatus>,
    /// Alarms that hold.
    pub alarms: Vec<AlarmStatus>,
    /// Its channels, as the file has them.
    pub channels: Vec<ChannelStatus>,
}

/// Where a schedule stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScheduleStatus {
    /// Its name.
    pub name: String,
    /// When it ticks, in words, with its zone.
    pub when: String,
    /// Its next tick; `null` where there is none.
    pub next_at: Option<DateTime<Utc>>,
    /// The same as its zone has it.
    pub next_there: Option<String>,
    /// Runs that were begun.
    pub runs: u64,
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamStatus {
    /// Its name.
    pub name: String,
    /// Its scenario.
    pub scenario: String,
    /// `pass`, `degraded`, `failing`, `blind`, `stalled` or `inconclusive`.
    pub state: String,
    /// On the way to its end, where it is in trouble.
    pub is_improving: bool,
    /// How far the evidence has come to its threshold, from 0 to 1.
    pub evidence: f64,
    /// Outcomes since it is watched.
    pub passed: u64,
    /// Outcomes since it is watched.
    pub failed: u64,
    /// Probes of which nobody can say.
    pub without_outcome: u64,
}

/// An alarm that holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlarmStatus {
    /// Its name, as `explain` takes it.
    pub alarm: String,
    /// `degraded`, `failing`, `stalled`, `residue` or `unwatched`.
    pub level: String,
    /// What it is told together with.
    pub group: String,
    /// Since when.
    pub raised_at: DateTime<Utc>,
    /// Failed outcomes from where the evidence began to the last failure; `null` where it is about no rate.
    pub failed: Option<u64>,
    /// All of these.
    pub of: Option<u64>,
    /// The rate is so much at least and at most, each at 95 %.
    pub interval: Option<[f64; 2]>,
    /// Somebody has it in hand until then.
    pub acknowledged_until: Option<DateTime<Utc>>,
    /// Nothing is told of it now.
    pub is_silenced: bool,
}

/// Where a channel stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelStatus {
    /// Its name.
    pub name: String,
    /// Messages that wait for it.
    pub waiting: usize,
    /// It does not take what it is told.
    pub is_down: bool,
}

/// What is shown at `now`.
pub fn status(state: &State, watching: &Watching, now: DateTime<Utc>) -> Status {
    let watch = &state.watch;
    Status {
        canary: watching.canary.name.clone(),
        at: now,
        stopped: watch.may_send().err().map(|stop| in_words(&stop)),
        people_left: state.people_left(),
        people_left_at_most: watching.canary.policy.residue_at_most,
        looked_at: watch.alarms().looked_at(),
        last_success: state.succeeded_at,
        runs_under_way: state.pending().count(),
        schedules: schedules(state, watching, now),
        streams: watching.scenario_of.iter().map(|(name, scenario)| stream(state, (name, scenario), now)).collect(),
        alarms: alarms(state, now),
        channels: channels(state, watching),
    }
}

/// What the lines of a canary tell, also to who has not its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// Its name.
    pub canary: String,
    /// Who threw the kill switch, where nothing is sent because of that.
    pub killed_by: Option<String>,
    /// People whom earlier runs could not take out.
    pub people_left: u32,
    /// When it last looked.
    pub looked_at: Option<DateTime<Utc>>,
    /// When a run last came to its end, and nothing of the harness failed in it.
    pub last_success: Option<DateTime<Utc>>,
    /// Runs that are not over.
    pub runs_under_way: usize,
    /// Alarms that hold.
    pub alarms: Vec<AlarmStatus>,
}

/// What is told of a canary by its lines alone, at `now`.
pub fn remembered(canary: &str, state: &State, now: DateTime<Utc>) -> Remembered {
    let killed_by = match state.watch.may_send() {
        Err(Stop::Killed { by }) => Some(by),
        // how many may be left behind stands in the file
        Ok(()) | Err(Stop::Residue) => None,
    };
    Remembered {
        canary: canary.to_owned(),
        killed_by,
        people_left: state.people_left(),
        looked_at: state.watch.alarms().looked_at(),
        last_success: state.succeeded_at,
        runs_under_way: state.pending().count(),
        alarms: alarms(state, now),
    }
}

fn in_words(stop: &Stop) -> String {
    match stop {
        Stop::Killed { by } => format!("the kill switch was thrown by {by}"),
        Stop::Residue => "more people than allowed could not be taken out".to_owned(),
    }
}

fn schedules(state: &State, watching: &Watching, now: DateTime<Utc>) -> Vec<ScheduleStatus> {
    let plans = watching.setup.plans.iter().map(|plan| {
        let next = plan.schedule.next_after(now).map(|tick| tick.at);
        let there = |at: DateTime<Utc>| at.with_timezone(&plan.schedule.zone()).format("%Y-%m-%d %H:%M %Z").to_string();
        ScheduleStatus {
            name: plan.name.clone(),
            when: plan.schedule.described(),
            next_at: next,
            next_there: next.map(there),
            runs: state.begun.get(&plan.name).copied().unwrap_or_default(),
        }
    });
    plans.collect()
}

fn stream(state: &State, (name, scenario): (&str, &str), now: DateTime<Utc>) -> StreamStatus {
    let streams = state.watch.streams();
    let of = streams.outcomes(name);
    let outcomes = state.outcomes.get(name).copied().unwrap_or_default();
    StreamStatus {
        name: name.to_owned(),
        scenario: scenario.to_owned(),
        state: streams.state(name, now).map_or_else(|| "inconclusive".to_owned(), |state| word(&state)),
        is_improving: of.is_some_and(johndoe_vigil::stream::Stream::is_improving),
        evidence: of.map_or(0.0, johndoe_vigil::stream::Stream::evidence),
        passed: outcomes.passed,
        failed: outcomes.failed,
        without_outcome: outcomes.unknown,
    }
}

/// A state or a level, in one word.
pub(super) fn word(of: &impl Serialize) -> String {
    serde_json::to_value(of).ok().and_then(|word| word.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

fn alarms(state: &State, now: DateTime<Utc>) -> Vec<AlarmStatus> {
    let alarms = state.watch.alarms();
    let shown = alarms.firing().map(|(id, alarm)| {
        let rate: Option<Rate> = match &alarm.cause {
            Cause::Evidence(episode) => Some(episode.rate),
            Cause::Residue { .. } | Cause::Unwatched { .. } => None,
        };
        let silences =
            |silence: &&johndoe_vigil::alarm::Silence| silence.holds(now) && silence.matcher.matches(id, &alarm.group);
        AlarmStatus {
            alarm: id.to_string(),
            level: level(&alarm.cause),
            group: alarm.group.clone(),
            raised_at: alarm.raised_at,
            failed: rate.map(|rate| rate.failed),
            of: rate.map(|rate| rate.failed + rate.passed + rate.undecided),
            interval: rate.map(|rate| [rate.lower(), rate.upper()]),
            acknowledged_until: alarm.acknowledged_until,
            is_silenced: alarms.silences().iter().any(|silence| silences(&silence)),
        }
    });
    shown.collect()
}

/// How bad it is, in one word.
pub(super) fn level(cause: &Cause) -> String {
    match cause {
        Cause::Evidence(episode) => word(&episode.level),
        Cause::Residue { .. } => "residue".to_owned(),
        Cause::Unwatched { .. } => "unwatched".to_owned(),
    }
}

fn channels(state: &State, watching: &Watching) -> Vec<ChannelStatus> {
    let channels = watching.setup.channels.iter().map(|channel| {
        let standing = state.watch.deliveries().channel(&channel.name);
        ChannelStatus {
            name: channel.name.clone(),
            waiting: standing.map_or(0, johndoe_vigil::delivery::Standing::waiting),
            is_down: standing.is_some_and(johndoe_vigil::delivery::Standing::is_down),
        }
    });
    channels.collect()
}
