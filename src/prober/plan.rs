//! Scenario and target resolved into what the judge needs; refused here where they do not fit each other.

use super::Error;
use super::fit::{
    check_agents, check_changes, check_choices, check_members, check_offers, check_payments, check_renewals,
};
use super::rows::check_rows;
use crate::life;
use crate::model::{
    After, EdgeCase, FeedKind, Field, FieldSet, IssuerId, LifeEvent, Limit, Offer, RunId, RunPlan, SubmissionExpected,
    WaypointName, WaypointPlan,
};
use crate::reconcile::{Breaks, sent_from};
use crate::scenario::{Scenario, Step};
use crate::target::{Environment, Feed, OfferedPlan, Target, Waypoint};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Allowed for a record to come where neither scenario nor target sets a limit.
const DEFAULT_LIMIT: Limit = Limit::Within(Duration::from_mins(15));

/// Resolves a scenario at a target. Refuses what cannot be carried out or would not be safe: no flow, more probes than
/// allowed, waypoints that do not exist.
pub fn run_plan(scenario: &Scenario, target: &Target, run: RunId, started_at: DateTime<Utc>) -> Result<RunPlan, Error> {
    check_fit(scenario, target)?;
    let enroll = step(scenario, LifeEvent::Enroll);
    let changes: Vec<&Step> = scenario.journey.iter().filter(|step| step.event.is_change()).collect();
    let cancel = step(scenario, LifeEvent::Cancel);
    let plan = RunPlan {
        run,
        scenario: scenario.name.clone(),
        target: target.name.clone(),
        seed: scenario.population.seed,
        count: scenario.population.count,
        generator_version: scenario.population.generator.number(),
        started_at,
        waypoints: target.waypoints.iter().map(|w| waypoint_plan(w, enroll, &changes, cancel)).collect(),
        submission_expected: enroll.map_or(SubmissionExpected::Accepted, |s| s.submission),
        changes: changes.iter().map(|step| step.change()).collect(),
        terms: (1..)
            .zip(&changes)
            .filter(|(_, step)| !step.terms.is_usual())
            .map(|(at, step)| (at, step.terms.clone()))
            .collect(),
        cancel_is_probed: cancel.is_some(),
        grace_share: scenario.grace_share,
        severity: scenario.severity.clone(),
        ignore: scenario.ignore,
        objective: scenario.objective.clone(),
        zone: target.exchange.zone,
        issuers: target.issuers.clone(),
        edge_cases: scenario.population.edge_cases.clone(),
        offers: if changes.iter().any(|step| life::other_plan(step.change()).is_some()) {
            offers(target)
        } else {
            Vec::new()
        },
        carries: target.carries.clone(),
        policy_status: statuses(scenario).filter(|(event, _)| !event.is_change()).collect(),
        step_status: (1..).zip(&changes).filter_map(|(at, step)| Some((at, step.policy_status.clone()?))).collect(),
        read_apart: target.waypoints.iter().filter_map(read_apart).collect(),
        reads_only: target.waypoints.iter().filter_map(|w| Some((w.name.clone(), w.reads_only()?))).collect(),
        effective_dates: target.exchange.effective_dates.clone(),
    };
    check_moments(&plan)?;
    Ok(plan)
}

fn statuses(scenario: &Scenario) -> impl Iterator<Item = (LifeEvent, String)> {
    scenario.journey.iter().filter_map(|step| Some((step.event, step.policy_status.clone()?)))
}

/// The plans on offer at a target, as the generator chooses among them; empty where the flow itself chooses.
pub fn offers(target: &Target) -> Vec<Offer> {
    let offer = |p: &OfferedPlan| Offer { plan_id: p.plan_id.clone(), state: p.state.clone(), line: p.line };
    target.plans.iter().map(offer).collect()
}

fn step(scenario: &Scenario, event: LifeEvent) -> Option<&Step> {
    scenario.journey.iter().find(|s| s.event == event)
}

fn waypoint_plan(waypoint: &Waypoint, enroll: Option<&Step>, changes: &[&Step], cancel: Option<&Step>) -> WaypointPlan {
    let fallback = waypoint.within.clone().unwrap_or(DEFAULT_LIMIT);
    let limit = |step: Option<&Step>| step.and_then(|s| s.at.get(waypoint.name.as_str())).cloned();
    let enroll_limit = limit(enroll).unwrap_or(fallback);
    let (feed, shows) = match &waypoint.feed {
        Feed::JsonApi(api) | Feed::List(api) => (FeedKind::JsonApi, api.shows()),
        Feed::Eligibility(service) => (FeedKind::Eligibility, service.shows()),
        Feed::EdiFolder(_) => (FeedKind::EdiFolder, FieldSet::all()),
        Feed::Ack(_) => (FeedKind::Ack, FieldSet::EMPTY),
    };
    let acknowledges = match &waypoint.feed {
        Feed::Ack(acks) => Some(acks.of.clone()),
        Feed::JsonApi(_) | Feed::List(_) | Feed::EdiFolder(_) | Feed::Eligibility(_) => None,
    };
    WaypointPlan {
        name: waypoint.name.clone(),
        feed,
        shows,
        change_limits: changes.iter().map(|step| limit(Some(step))).collect(),
        cancel_limit: limit(cancel).unwrap_or_else(|| enroll_limit.clone()),
        enroll_limit,
        windows: waypoint.windows.clone(),
        absent_aptc_is_zero: waypoint.absent_aptc_is_zero,
        acknowledges,
        due_when_paid: matches!(&waypoint.feed, Feed::Eligibility(service) if service.due_when_paid),
        holds_applications: waypoint.holds_applications,
        without_cancellations: waypoint.without_cancellations,
        carries: waypoint.carries.get(&None).cloned().unwrap_or_default(),
        issuers_carry: waypoint.carries.iter().filter_map(|(of, words)| Some((of.clone()?, words.clone()))).collect(),
    }
}

/// The issuers of a waypoint whose answers are read by a mapping of their own.
fn read_apart(waypoint: &Waypoint) -> Option<(WaypointName, Vec<IssuerId>)> {
    let api = waypoint.feed.api()?;
    let apart = api.read_apart();
    (!apart.is_empty()).then(|| (waypoint.name.clone(), apart))
}

/// Whether the scenario can be carried out at the target; says what does not fit. Asks nobody: both are only read.
pub fn check_fit(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let wants_cancel = step(scenario, LifeEvent::Cancel).is_some() || target.environment == Environment::Production;
    let changes = scenario.journey.iter().map(|step| step.event).filter(|event| event.is_change());
    for event in [LifeEvent::Enroll].into_iter().chain(changes).chain(wants_cancel.then_some(LifeEvent::Cancel)) {
        if !target.exchange.flows.contains_key(&event) {
            return Err(Error::NoFlow { target: target.name.clone(), event: event.to_string() });
        }
    }
    if scenario.population.count > target.limits.probes {
        let (count, allowed) = (scenario.population.count, target.limits.probes);
        return Err(Error::TooMany { count, target: target.name.clone(), allowed });
    }
    check_offers(scenario, target)?;
    check_rows(scenario, target)?;
    check_agents(scenario, target)?;
    check_choices(scenario, target)?;
    check_members(scenario, target)?;
    check_changes(scenario, target)?;
    check_payments(scenario, target)?;
    check_renewals(scenario, target)?;
    check_windows(scenario, target)?;
    check_waits(scenario, target)
}

/// What a step waits for must be at the target: a waypoint that is not there shows nobody, and has no windows.
fn check_waits(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    for step in &scenario.journey {
        let (names, by_window) = match &step.terms.after {
            After::Seen(names) => (names.as_slice(), false),
            After::Window(name) => (std::slice::from_ref(name), true),
            _ => continue,
        };
        for name in names {
            let (event, waypoint, target_name) = (step.event.to_string(), name.to_string(), target.name.clone());
            let Some(known) = target.waypoints.iter().find(|known| known.name == *name) else {
                let known: Vec<_> = target.waypoints.iter().map(|known| format!("`{}`", known.name)).collect();
                return Err(Error::WaitsNowhere { event, waypoint, target: target_name, known: known.join(", ") });
            };
            if by_window && known.windows.is_none() {
                return Err(Error::WaitsForNoWindow { event, waypoint, target: target_name });
            }
        }
    }
    Ok(())
}

/// A day and time that had passed when the run begins is a mistake: the step would go out at once.
fn check_moments(plan: &RunPlan) -> Result<(), Error> {
    for (step, _) in plan.change_steps() {
        let after = &plan.terms_of(step).after;
        let at = sent_from(plan, after, plan.started_at, &Breaks::default());
        if let (After::Moment(moment), Some(_)) = (after, at.filter(|at| *at <= plan.started_at)) {
            let (event, moment) = (step.event.to_string(), moment.format("%Y-%m-%d %H:%M").to_string());
            return Err(Error::HasPassed { event, moment, zone: plan.zone.to_string() });
        }
    }
    Ok(())
}

/// A number of windows is no limit where there are no windows: nothing could ever be late.
fn check_windows(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let limits = scenario.journey.iter().flat_map(|s| s.at.iter().map(move |(name, limit)| (s.event, name, limit)));
    for (event, name, limit) in limits {
        let without = |w: &Waypoint| w.name.as_str() == name.as_str() && w.windows.is_none();
        if matches!(limit, Limit::Windows(_)) && target.waypoints.iter().any(without) {
            let (event, waypoint, target) = (event.to_string(), name.clone(), target.name.clone());
            return Err(Error::NoWindows { event, waypoint, target });
        }
    }
    Ok(())
}

/// Statuses that the scenario says an event leaves behind, and that no waypoint of the target shows, in words.
pub fn statuses_not_shown(scenario: &Scenario, target: &Target) -> Vec<String> {
    let shows = |event: LifeEvent| {
        target.waypoints.iter().any(|waypoint| match &waypoint.feed {
            Feed::JsonApi(api) | Feed::List(api) => api.shows().contains(Field::PolicyStatus),
            Feed::Eligibility(service) => !service.due_when_paid && service.shows().contains(Field::PolicyStatus),
            // a file's messages say how coverage ends, and not in which state it begins
            Feed::EdiFolder(_) => event == LifeEvent::Cancel && !waypoint.without_cancellations,
            Feed::Ack(_) => false,
        })
    };
    let said = scenario.journey.iter().filter_map(|step| Some((step.event, step.policy_status.as_ref()?)));
    let in_words = |(event, status): (LifeEvent, &String)| {
        let name = &target.name;
        format!(
            "no waypoint of target `{name}` shows a policy status after `{event}`, so nowhere is it compared with `{status}`"
        )
    };
    said.filter(|(event, _)| !shows(*event)).map(in_words).collect()
}

/// That members may live elsewhere than their household, and the target tells the exchange of one address alone, in words.
pub fn address_not_told(scenario: &Scenario, target: &Target) -> Option<String> {
    let draws = scenario.population.edge_cases.contains(&EdgeCase::MemberElsewhere);
    (draws && target.tells_one_address()).then(|| {
        format!(
            "the scenario draws members who live elsewhere (`member_elsewhere`), and target `{}` tells one address for everybody: say \
             each member's (`address` under `members`), or leave `member_elsewhere` out of `edge_cases`; else theirs is altered",
            target.name
        )
    })
}

/// Waypoints that the scenario sets limits for and the target does not have: nothing is looked for there.
pub fn waypoints_not_at_target(scenario: &Scenario, target: &Target) -> Vec<String> {
    let named = scenario.journey.iter().flat_map(|s| s.at.keys());
    let mut missing: Vec<_> =
        named.filter(|name| !target.waypoints.iter().any(|w| w.name.as_str() == name.as_str())).cloned().collect();
    missing.sort();
    missing.dedup();
    missing
}
