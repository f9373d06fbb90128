//! Whether a target has what a scenario asks for, so that nobody is sent for whom there is nothing.

use super::Error;
use super::plan::offers;
use crate::generator::Generator;
use crate::life;
use crate::model::{Change, CoverageLine, Destination, Field, FieldSet, Household, LifeEvent, ProbeIndex, next_plan};
use crate::scenario::{Scenario, Step};
use crate::target::{Each, Environment, Exchange, Feed, Flow, FlowStep, Lookup, StepKind, Target, Template, Waypoint};

/// Where a target lists plans, each state that a household may live in must have one of each line that may be taken: for
/// the others the flow would ask for no plan at all.
pub(super) fn check_offers(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let people = &scenario.population;
    let dental = people.takes_dental().then_some(CoverageLine::Dental);
    if dental.is_some() && !target.asks_for_dental() {
        return Err(Error::NoDental { target: target.name.clone() });
    }
    if target.plans.is_empty() {
        return Ok(());
    }
    let lacking = [Some(CoverageLine::Medical), dental].into_iter().flatten().filter_map(|line| {
        let offered = |state: &&str| target.plans.iter().any(|plan| plan.line == line && plan.state == **state);
        let states: Vec<&str> = people.states_lived_in().into_iter().filter(|state| !offered(state)).collect();
        (!states.is_empty()).then(|| format!("no {line} plan in {}", states.join(", ")))
    });
    let lacking: Vec<String> = lacking.collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let by_line = if dental.is_some() { ", or set `population.dental` to 0" } else { "" };
    Err(Error::NotOffered { target: target.name.clone(), lacking: lacking.join(" and "), by_line })
}

/// Whoever is helped by an agent must be able to say so: else the agent would be missed everywhere, and never have been told.
pub(super) fn check_agents(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let has_agents = scenario.population.agent_share > 0.0;
    let change = Change::from(LifeEvent::ChangeAgent);
    let says_agent = |flow: &Flow| flow.steps.iter().any(|step| says(step, &target.exchange, change));
    let is_told = target.exchange.flows.get(&LifeEvent::Enroll).is_none_or(says_agent);
    if has_agents && !is_told { Err(Error::NoAgent { target: target.name.clone() }) } else { Ok(()) }
}

/// Each change of the journey can be said, seen, and looked for: else what is asked for could not be told from what is lost.
pub(super) fn check_changes(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    for change in scenario.journey.iter().map(Step::change).filter(|change| change.event.is_change()) {
        let (event, target_name) = (change.event.to_string(), target.name.clone());
        let what = life::words_for(change);
        let flow = target.exchange.flows.get(&change.event);
        let hands_over = |flow: &&Flow| flow.steps.iter().any(|step| matches!(step.kind, StepKind::HandOver(_)));
        if life::turns_policies(change.event) && flow.as_ref().is_some_and(hands_over) {
            return Err(Error::NotHandedOver { target: target_name, event });
        }
        let enroll = target.exchange.flows.get(&LifeEvent::Enroll);
        let fields = flow.and_then(|flow| uncaptured(flow, change).or_else(|| unnamed(enroll?, flow, change)));
        if let Some(fields) = fields {
            return Err(Error::NeverTold { target: target_name, event, what, fields });
        }
        let must_be_said = !life::said_as(change).is_empty() || life::fields_of(change).contains(Field::MemberEnrolled);
        if must_be_said && flow.is_some_and(|flow| !flow.steps.iter().any(|step| says(step, &target.exchange, change)))
        {
            return Err(Error::NeverSaid { target: target_name, event, what });
        }
        if !target.waypoints.iter().any(|waypoint| shows(waypoint, change)) {
            return Err(Error::NeverShown { target: target_name, what });
        }
        if let Some(waypoint) = target.waypoints.iter().find(|waypoint| asks_only_by(waypoint, change)) {
            return Err(Error::AskedByWhatChanges { waypoint: waypoint.name.to_string(), what });
        }
    }
    Ok(())
}

/// Where a target lists plans, whoever is to change theirs must have another one to change to, in every state that they may live in.
pub(super) fn check_choices(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let offers = offers(target);
    let leads_to = |step: &Step| Some((step.event, life::other_plan(step.change())?));
    for (event, to) in scenario.journey.iter().filter_map(leads_to).filter(|_| !offers.is_empty()) {
        let line = CoverageLine::Medical;
        let has_other = |state: &&str| {
            let mut here = offers.iter().filter(|offer| offer.line == line && offer.state == *state);
            here.any(|offer| next_plan(&offers, (state, line), &offer.plan_id, to).is_some())
        };
        let without: Vec<&str> =
            scenario.population.states_lived_in().into_iter().filter(|state| !has_other(state)).collect();
        if !without.is_empty() {
            let (what, otherwise) = match to {
                Destination::Issuer => ("medical plan of another issuer", "plan"),
                _ => ("second medical plan of one issuer", "issuer"),
            };
            let key = if event == LifeEvent::Renew { "how" } else { "to" };
            return Err(Error::NoOtherPlan {
                target: target.name.clone(),
                states: without.join(", "),
                what,
                event: event.to_string(),
                otherwise: format!("{key}: {otherwise}"),
            });
        }
    }
    Ok(())
}

/// Whoever was renewed is taken out of both years' policies.
pub(super) fn check_renewals(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let renews = scenario.journey.iter().any(|step| step.event == LifeEvent::Renew);
    let says = |flow: &Flow, is_it: fn(&str) -> bool| {
        flow.steps.iter().any(|step| step.places(&target.exchange).iter().any(|place| is_it(place)))
    };
    let of_one_policy = |flow: &Flow| {
        flow.steps.iter().any(|step| step.each == Some(Each::Groups))
            || says(flow, |place| place.ends_with("policy_id") || place.starts_with("groups"))
    };
    // whatever is the household's in both years
    let of_household = |place: &str| {
        let named = ["application_id", "subscriber_id", "marker", "email"].iter().any(|end| place.ends_with(end));
        named || matches!(place, "application" | "household" | "subscriber")
    };
    let is_whole = |flow: &Flow| says(flow, of_household) && !of_one_policy(flow);
    let takes_out_all = target.exchange.flows.get(&LifeEvent::Cancel).is_none_or(is_whole);
    if renews && !takes_out_all { Err(Error::TakenOutInPart { target: target.name.clone() }) } else { Ok(()) }
}

/// Whoever has paid can be taken out, and in production pays only where the target says so.
pub(super) fn check_payments(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    // next year's premiums become due by a renewal
    let of_payments = |event: &LifeEvent| matches!(event, LifeEvent::Pay | LifeEvent::MissPayment | LifeEvent::Renew);
    let name = target.name.clone();
    let Some(event) = scenario.journey.iter().map(|step| step.event).find(of_payments) else { return Ok(()) };
    if target.environment == Environment::Production && !target.allow_payment {
        return Err(Error::PaysInProduction { target: name, event: event.to_string() });
    }
    if !scenario.journey.iter().any(|step| step.event == LifeEvent::Pay) {
        return Ok(());
    }
    let takes_out_paid = target.exchange.flows.get(&LifeEvent::Cancel).is_some_and(|flow| flow.cancels_paid);
    if takes_out_paid { Ok(()) } else { Err(Error::PaidForGood { target: name }) }
}

/// What a flow should capture where nothing but the exchange's answer says what a change makes of it; none where it captures any of it.
fn uncaptured(flow: &Flow, change: Change) -> Option<String> {
    let told = life::told_by_answer(change);
    let captured = captured_by(flow);
    let is_told = told.is_empty() || !captured.intersection(told).is_empty() || captured.contains(Field::PlanId);
    let names = || told.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
    (!is_told).then(names)
}

/// The fields that a flow captures.
fn captured_by(flow: &Flow) -> FieldSet {
    let captured = |step: &FlowStep| match &step.kind {
        StepKind::Request(request) => request.captures.iter().filter_map(|capture| capture.field).collect(),
        StepKind::HandOver(step) => step.facts.iter().map(|fact| fact.field).collect::<FieldSet>(),
    };
    flow.steps.iter().map(captured).fold(FieldSet::EMPTY, FieldSet::union)
}

/// That a flow begins another policy and does not capture its id, where the enrollment's own was captured: nobody could name it to take
/// it out.
fn unnamed(enroll: &Flow, flow: &Flow, change: Change) -> Option<String> {
    let names_policies = |flow: &Flow| captured_by(flow).contains(Field::PolicyId);
    let is_unnamed = life::replaces_policies(change.event) && names_policies(enroll) && !names_policies(flow);
    is_unnamed.then(|| format!("`{}`", Field::PolicyId))
}

fn says(step: &FlowStep, exchange: &Exchange, change: Change) -> bool {
    let says_each = step.each == Some(Each::Members) && life::fields_of(change).contains(Field::MemberEnrolled);
    matches!(step.kind, StepKind::HandOver(_))
        || says_each
        || step.places(exchange).iter().any(|place| is_said(place, change))
}

/// Whether a place of a template holds what a change changes.
fn is_said(place: &str, change: Change) -> bool {
    const WHOLE: [&str; 6] = ["application", "household", "subscriber", "members", "people", "groups"];
    let of_members = life::fields_of(change).contains(Field::MemberEnrolled);
    let of_anybody = of_members && place.split(['[', '.']).any(|part| matches!(part, "members" | "people"));
    let whole = of_anybody
        || place.split(['[', '.']).next().is_some_and(|first| WHOLE.contains(&first) && !place.contains('.'));
    let ends = |end: &&str| place == *end || place.strip_suffix(*end).is_some_and(|rest| rest.ends_with('.'));
    whole || life::said_as(change).iter().any(ends)
}

fn shows(waypoint: &Waypoint, change: Change) -> bool {
    let fields = life::fields_of(change);
    if life::turns_policies(change.event) {
        let is_told = life::is_told_by_exchange(change.event) || !matches!(waypoint.feed, Feed::EdiFolder(_));
        return is_told && !waypoint.without_cancellations && !matches!(waypoint.feed, Feed::Ack(_));
    }
    match &waypoint.feed {
        Feed::JsonApi(api) | Feed::List(api) => !api.shows().intersection(fields).is_empty(),
        Feed::Eligibility(service) => !service.shows().intersection(fields).is_empty(),
        Feed::EdiFolder(_) => !waypoint.without_cancellations && life::reason_of(change).is_some(),
        Feed::Ack(_) => false,
    }
}

/// Whether every look-up of some endpoint of the waypoint asks by what a change changes: who is asked for by what is new is not
/// found before that has arrived.
fn asks_only_by(waypoint: &Waypoint, change: Change) -> bool {
    let Some(api) = waypoint.feed.api() else { return false };
    let asks_by = |lookup: &Lookup| {
        let of_body = lookup.body.templates().into_iter().flat_map(Template::places);
        lookup.path.places().into_iter().chain(of_body).any(|place| is_said(&place, change))
    };
    let lookups = api.endpoints.values().map(|endpoint| &endpoint.dialect.lookups);
    lookups.into_iter().any(|lookups| !lookups.is_empty() && lookups.iter().all(asks_by))
}

/// So many households are looked at before a run: the generator draws them in no time, and a scenario of millions is not
/// drawn twice.
const MOST_LOOKED_AT: u32 = 1_000;

/// No household that is known to be drawn has more people who apply than the target can carry.
pub(super) fn check_members(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    if target.most_members().is_none() {
        return Ok(());
    }
    let generator = Generator::new(&scenario.name, &scenario.population);
    let drawn = 0..scenario.population.count.min(MOST_LOOKED_AT);
    let mut too_many = drawn
        .filter_map(|index| too_many_members(target, &generator.household(ProbeIndex(index))).map(|why| (index, why)));
    let Some((probe, why)) = too_many.next() else { return Ok(()) };
    let households = 1 + too_many.count();
    Err(Error::TooManyMembers { target: target.name.clone(), households, probe, why })
}

/// Why a household is not sent, where more people apply in it than the target can carry.
pub(super) fn too_many_members(target: &Target, household: &Household) -> Option<String> {
    let (most, how) = target.most_members()?;
    let members = household.people.iter().filter(|person| person.applying).count();
    let people = if most == 1 { "1 member" } else { &format!("{most} members") };
    (members > most).then(|| format!("the target carries {people} ({how}), this household has {members}"))
}
