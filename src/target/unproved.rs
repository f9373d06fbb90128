//! What a flow would act on that nothing proves: told by `check`, as far as it can be told before there are answers.

use super::flow::{Capture, Exchange, Flow, FlowStep, StepKind};
use super::personal::{IDS, is_id, is_mark};
use super::selector::Selector;
use super::tokens::is_shared_name;
use super::trust::{Given, Source};
use crate::model::LifeEvent;
use std::collections::{BTreeMap, BTreeSet};

/// Sentences about what a flow's searches give, and about its steps that would act by what nothing proves.
pub(super) fn of_flow(exchange: &Exchange, action: LifeEvent, flow: &Flow) -> Vec<String> {
    let mut told = Vec::new();
    let mut unproved = of_session(exchange, action);
    let (mut proved, mut created) = (proved_before(exchange, action), false);
    for (at, step) in flow.steps.iter().enumerate() {
        let what = format!("flow `{action}`, step `{}`", step.name);
        let acts = flow.acts_at(action, at);
        if acts {
            told.extend(unproved_in(step, &unproved).map(|(name, from)| acts_by_unproved(&what, name, from)));
        }
        let source = likely_source(exchange, (action, step, flow.commits_at(at)), &proved, created);
        let ids = step.captures().iter().filter(|found| found.field.is_none_or(|field| IDS.contains(&field)));
        if source == Source::Search {
            told.extend(ids.clone().filter(|id| !id.secret).map(|id| {
                format!(
                    "{what}: `{}` comes from a search, which may find a stranger: it is not kept and nothing is done by it; \
                     capture it from the answer to a step that creates or changes",
                    id.name
                )
            }));
        }
        let is_shown_alone = source == Source::OwnAct && step.reads() && !is_addressed(step, &proved, created);
        if is_shown_alone && step.reads.is_none() {
            told.extend(ids.clone().filter(|id| !id.secret).map(|id| believed_where_shown(&what, &id.name)));
        }
        for id in ids {
            if source == Source::OwnAct && may_prove(action, step, id) {
                unproved.remove(&id.name);
                proved.insert(id.name.clone());
            } else {
                proved.remove(&id.name);
                unproved.insert(id.name.clone(), (step.name.clone(), source));
            }
        }
        created |= acts && source == Source::OwnAct;
    }
    told
}

/// Whether what is taken so may be proved by an answer that proves: in a flow after the enrollment only what stands in JSON, where it can
/// be told what it stands beside, or where something was created.
fn may_prove(action: LifeEvent, step: &FlowStep, capture: &Capture) -> bool {
    match &capture.select {
        Selector::Cookie(_) => false,
        Selector::JsonPath(_) => true,
        Selector::Header(name) if name.eq_ignore_ascii_case("location") => true,
        _ => action == LifeEvent::Enroll || step.reads == Some(false),
    }
}

/// What nothing proves, by its name: the step that captures it, and what that step is.
type Unproved = BTreeMap<String, (String, Source)>;

/// What the steps of `session` capture, before every flow but the first.
fn of_session(exchange: &Exchange, action: LifeEvent) -> Unproved {
    let steps = exchange.session.iter().filter(|_| action != LifeEvent::Enroll);
    let captures = steps.flat_map(|step| step.captures().iter().map(move |capture| (step, capture)));
    captures.map(|(step, capture)| (capture.name.clone(), (step.name.clone(), Source::Page))).collect()
}

/// Names that the enrollment's flow captures and keeps, for the flows after it.
fn proved_before(exchange: &Exchange, action: LifeEvent) -> BTreeSet<String> {
    let enroll = exchange.flows.get(&LifeEvent::Enroll).filter(|_| action != LifeEvent::Enroll);
    let captures = enroll.into_iter().flat_map(|flow| &flow.steps).flat_map(FlowStep::captures);
    captures.filter(|capture| !capture.secret).map(|capture| capture.name.clone()).collect()
}

/// What the answer to a step may be trusted with, as far as that can be told before there is one: as it is meant to be.
fn likely_source(
    exchange: &Exchange,
    (event, step, commits): (LifeEvent, &FlowStep, bool),
    proved: &BTreeSet<String>,
    created: bool,
) -> Source {
    let places = step.places(exchange);
    let says_proved = places.iter().any(|place| is_proved(place, proved));
    let can_be_shown = step.captures().iter().all(|capture| matches!(capture.select, Selector::JsonPath(_)));
    let StepKind::Request(request) = &step.kind else { return Source::OwnAct };
    let may_be_created = request.expect.status.is_empty() || request.expect.status.contains(&201);
    let status = if may_be_created { 201 } else { 200 };
    let given = Given {
        step,
        event,
        places: &places,
        commits,
        status,
        as_written: true,
        untainted: true,
        says_proved,
        says_a_mark: places.iter().any(|place| is_mark(place)),
        is_addressed: is_addressed(step, proved, created),
        shows_own: can_be_shown,
        created,
    };
    Source::of(&given)
}

/// Whether what is proved gives what stands at a place.
fn is_proved(place: &str, proved: &BTreeSet<String>) -> bool {
    let first = place.split(['.', '[']).next().unwrap_or_default();
    let last = place.rsplit('.').next().unwrap_or_default();
    let is_own = |name: &str| proved.contains(name) && !is_shared_name(name) || is_id(name);
    [first, last].into_iter().any(is_own) || first == "groups"
}

/// Whether a part of the step's path is our own.
fn is_addressed(step: &FlowStep, proved: &BTreeSet<String>, created: bool) -> bool {
    step.places_of_path().iter().any(|place| is_proved(place, proved) || created && is_mark(place))
}

fn believed_where_shown(what: &str, name: &str) -> String {
    format!(
        "{what}: `{name}` is believed only where the record in which it stands shows as well what was asked by; an exchange that does \
         not know the parameter answers with everybody; put an id of ours into the path, or say `reads: false` of the step where its \
         answer can be about nobody else"
    )
}

/// What a step says of whom it acts on that nothing proves.
fn unproved_in<'a>(
    step: &'a FlowStep,
    unproved: &'a Unproved,
) -> impl Iterator<Item = (&'a String, &'a (String, Source))> {
    let placed = match &step.kind {
        StepKind::Request(request) => request.placed(),
        StepKind::HandOver(_) => Vec::new(),
    };
    unproved.iter().filter(move |(name, _)| {
        placed.iter().any(|(place, template)| template.uses(name) && !place.takes_unproved(template, name))
    })
}

fn acts_by_unproved(what: &str, name: &str, (from, source): &(String, Source)) -> String {
    let whose = match source {
        Source::Search => "looks for people and may find a stranger",
        Source::OwnAct => {
            "asks by what is ours, but it is taken by an expression or from a header, and nobody can tell whom that is of"
        }
        Source::Page => {
            "proves nobody to be ours: it is a list, a form or a login, or changes nothing of the household's"
        }
    };
    format!(
        "{what}: `{name}` comes from step `{from}`, which {whose}; nobody is acted on by it, so that this step is not sent and whom \
         it is for stays; say an id from the answer to a step that sends the household's data, or say `reads: false` of \
         `{from}` where it creates something for this household"
    )
}
