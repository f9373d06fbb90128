//! What a target may be wrong about without being broken: told by `check`.

use super::context::of_first_group;
use super::deployment::Target;
use super::each::Each;
use super::flow::{Exchange, Flow, FlowStep, Per, StepKind};
use super::path::JsonPath;
use super::personal::{IDS, asks_for_a_person, is_id, names_nobody};
use super::template::Template;
use super::unproved;
use super::waypoint::{Asked, Dialect, Feed};
use crate::model::{Field, FieldSet, IssuerId, LifeEvent};
use std::collections::BTreeSet;

/// Sentences about what nobody can be recognised by, and what will not be acted on, in the order of the file; empty where
/// there is nothing to say.
pub fn notices(target: &Target) -> Vec<String> {
    let exchange = &target.exchange;
    let flows = exchange.flows.iter().flat_map(|(action, flow)| of_flow(exchange, *action, flow));
    let unlisted = target.exchange.flows.iter().flat_map(|(action, flow)| unlisted(*action, flow));
    let waypoints = target.waypoints.iter().filter_map(of_waypoint);
    let alone = target.carries.members != Some(1) && target.tells_of_the_subscriber_alone();
    let alone = alone.then(|| ALONE.to_owned());
    flows
        .chain(unlisted)
        .chain(not_asked(target))
        .chain(alone)
        .chain(no_day_told(target))
        .chain(waypoints)
        .chain(super::looks::notices(target))
        .chain(asked_of_one_group(target))
        .chain(without_address(target))
        .chain(absolute(target))
        .collect()
}

/// Told of a flow that names nobody but the subscriber.
const ALONE: &str = "the flow `enroll` tells of the subscriber alone, and of larger households everybody is expected downstream: name \
                     `members`, or say `carries: {members: 1}`";

/// Rules of effective dates by which nothing is ever judged, since no flow takes down a first day that the exchange tells.
fn no_day_told(target: &Target) -> Option<String> {
    let steps = target.exchange.flows.values().flat_map(|flow| &flow.steps);
    let mut told = steps.flat_map(FlowStep::captures).filter_map(|capture| capture.field);
    let is_told = told.any(|field| matches!(field, Field::BenefitBegin | Field::MemberBenefitBegin));
    let says_rules = target.exchange.effective_dates.is_some() && !is_told;
    says_rules.then(|| {
        format!(
            "`effective_dates` judges the first days that the exchange tells, and no flow captures one: capture `{}` where an answer \
             says it",
            Field::BenefitBegin
        )
    })
}

/// Fields that are expected and compared, and that nobody tells the exchange.
fn not_asked(target: &Target) -> Option<String> {
    let shown = target.waypoints.iter().map(|waypoint| match &waypoint.feed {
        Feed::JsonApi(api) | Feed::List(api) => api.shows(),
        Feed::Eligibility(service) => service.shows(),
        Feed::EdiFolder(_) => FieldSet::all(),
        Feed::Ack(_) => FieldSet::EMPTY,
    });
    let shown = shown.fold(FieldSet::EMPTY, FieldSet::union);
    let fields = target.fields_not_asked().intersection(shown);
    let names: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    (!names.is_empty()).then(|| {
        format!(
            "no template of the flow `enroll` tells {}: it is expected downstream all the same; tell it, or write it under \
             `carries: {{not_asked: […]}}`",
            names.join(", ")
        )
    })
}

/// Words of ours that a `map` of a flow leaves as they are.
fn unlisted(action: LifeEvent, flow: &Flow) -> Vec<String> {
    let mut told = Vec::new();
    for step in &flow.steps {
        let readings = step.templates().into_iter().filter_map(Template::reading);
        let unlisted: BTreeSet<_> = readings.flat_map(|reading| &reading.unlisted).collect();
        told.extend(unlisted.into_iter().map(|of| {
            let words: Vec<String> = of.words.iter().map(|word| format!("`{word}`")).collect();
            format!(
                "flow `{action}`, step `{}`: `map` of `{}` does not list {}, which are sent as they are",
                step.name,
                of.field,
                words.join(", ")
            )
        }));
    }
    told
}

/// Places of fields that begin at the answer and not at the record, or at the record and not at the member.
fn absolute(target: &Target) -> Vec<String> {
    let apis = target.waypoints.iter().filter_map(|waypoint| Some((waypoint, waypoint.feed.api()?)));
    let mut told = BTreeSet::new();
    for (waypoint, dialect) in apis.flat_map(|(at, api)| api.endpoints.values().map(move |of| (at, &of.dialect))) {
        for mapping in &dialect.fields {
            let members = dialect.members.as_ref().filter(|_| !mapping.field.is_group());
            let bases = [Some(("record", &dialect.records)), members.map(|members| ("member", members))];
            let begins = |base: &JsonPath| mapping.paths.iter().any(|path| path.begins_like(base));
            let wrong = bases.into_iter().flatten().find(|(_, base)| begins(base));
            told.extend(wrong.map(|(what, base)| {
                format!(
                    "waypoint `{}`: the place of `{}` begins with `{base}` once more: it is counted from each {what}",
                    waypoint.name, mapping.field
                )
            }));
        }
    }
    told.into_iter().collect()
}

/// Issuers whose plans are on offer and that no address of a waypoint answers for: nobody looks there for whoever takes one.
pub fn without_address(target: &Target) -> Vec<String> {
    let offered: BTreeSet<IssuerId> = target.plans.iter().filter_map(|plan| plan.plan_id.issuer()).collect();
    let mut told = Vec::new();
    for waypoint in &target.waypoints {
        let Some(known) = waypoint.reads_only() else { continue };
        told.extend(offered.iter().filter(|issuer| !known.contains(issuer)).map(|issuer| {
            format!(
                "waypoint `{}`: no address for issuer `{issuer}`, whose plans are on offer: nobody who takes one can be seen there",
                waypoint.name
            )
        }));
    }
    told
}

fn of_flow(exchange: &Exchange, action: LifeEvent, flow: &Flow) -> Vec<String> {
    let acting = (0..).zip(&flow.steps).filter(|(at, _)| action != LifeEvent::Enroll && flow.acts_at(action, *at));
    let of_nobody = acting
        .map(|(_, step)| step)
        .filter(|step| matches!(&step.kind, StepKind::Request(request) if names_nobody(exchange, request, &|_| true)));
    let of_nobody = of_nobody.map(|step| {
        format!(
            "flow `{action}`, step `{}`: it names nobody (a name, a plan, a date or a state is nobody's), and is sent only after a log-in \
             that says whose it is, which another process (`resume`, `sweep`) has only from `session`; say an id that `enroll` captured",
            step.name
        )
    });
    let cancels = flow.steps.iter().filter(|step| action == LifeEvent::Cancel && !step.reads());
    let by_name = cancels.filter(|step| names_somebody_only(exchange, step)).map(|step| {
        format!(
            "flow `{action}`, step `{}`: it names people by what strangers may share with them, such as a name or a birth date; say an \
             id that `enroll` captured, or the mailbox",
            step.name
        )
    });
    let of_one = of_one_group(exchange, action, flow);
    unproved::of_flow(exchange, action, flow).into_iter().chain(of_nobody).chain(by_name).chain(of_one).collect()
}

/// Fields that the flow `enroll` captures of each group by itself.
fn captured_per_group(exchange: &Exchange) -> FieldSet {
    let steps = exchange.flows.get(&LifeEvent::Enroll).map_or(&[][..], |flow| flow.steps.as_slice());
    let captures = steps.iter().flat_map(FlowStep::captures).filter(|capture| capture.per == Per::Group);
    captures.filter_map(|capture| capture.field).filter(|field| IDS.contains(field)).collect()
}

/// A later flow that names a policy by what is the first group's alone, and no group by its place.
fn of_one_group(exchange: &Exchange, action: LifeEvent, flow: &Flow) -> Option<String> {
    let own = captured_per_group(exchange);
    if action == LifeEvent::Enroll || own.is_empty() {
        return None;
    }
    let places: Vec<(&FlowStep, BTreeSet<String>)> =
        flow.steps.iter().map(|step| (step, step.places(exchange))).collect();
    let names_all =
        |(_, places): &(&FlowStep, BTreeSet<String>)| places.iter().any(|place| place.starts_with("groups"));
    if places.iter().any(names_all) {
        return None;
    }
    let is_own = |place: &&String| of_first_group(place).is_some_and(|field| own.contains(field));
    // in a step that is carried out for each group a plain name is that group's
    let is_for_each = |step: &FlowStep| step.each == Some(Each::Groups);
    if places.iter().any(|(step, places)| is_for_each(step) && places.iter().any(|place| is_own(&place))) {
        return None;
    }
    let acting = places.iter().filter(|(step, _)| !step.reads());
    let (step, place) = acting.into_iter().find_map(|(step, places)| Some((step, places.iter().find(is_own)?)))?;
    Some(format!(
        "flow `{action}`, step `{}`: `{place}` is captured `per: group`, and by its plain name it is the first group's alone: of a \
         household with medical and dental coverage the other policy is not named; say `groups[0].…` and, in a step of its own with \
         `when: groups | length > 1`, `groups[1].…`, unless naming one is enough for both",
        step.name
    ))
}

/// Look-ups that ask once by what is the first group's alone.
fn asked_of_one_group(target: &Target) -> Vec<String> {
    let own = captured_per_group(&target.exchange);
    let mut told = BTreeSet::new();
    for waypoint in target.waypoints.iter().filter(|_| !own.is_empty()) {
        let Some(api) = waypoint.feed.api() else { continue };
        let lookups = api.endpoints.values().flat_map(|endpoint| &endpoint.dialect.lookups);
        for lookup in lookups.filter(|lookup| lookup.asked != Asked::PerGroup) {
            let places: BTreeSet<String> = lookup
                .path
                .places()
                .into_iter()
                .chain(lookup.body.templates().into_iter().flat_map(Template::places))
                .collect();
            let place = places.iter().find(|place| of_first_group(place).is_some_and(|field| own.contains(field)));
            told.extend(place.map(|place| {
                format!(
                    "waypoint `{}`, look-up `{} {}`: `{place}` is captured `per: group`, and by its plain name it is the first group's \
                     alone: of a household with medical and dental coverage the other policy is not asked for; add `per: group`",
                    waypoint.name, lookup.method, lookup.path.source
                )
            }));
        }
    }
    told.into_iter().collect()
}

/// Whether a request says nothing of a person but what strangers have too.
fn names_somebody_only(exchange: &Exchange, step: &FlowStep) -> bool {
    let names = step.places(exchange);
    let last = |name: &String| name.rsplit('.').next().unwrap_or_default().to_owned();
    let is_own = |name: &String| is_id(&last(name)) || ["email", "marker"].contains(&last(name).as_str());
    asks_for_a_person(&names) && !names.iter().any(is_own)
}

fn of_waypoint(waypoint: &super::Waypoint) -> Option<String> {
    let api = waypoint.feed.api()?;
    let mut blind = api.endpoints.values().filter(|endpoint| !tells_apart(&endpoint.dialect));
    blind.next().map(|_| {
        format!(
            "waypoint `{}`: its records show no mailbox, no SSN, and no name and birth date beside a street, a telephone or \
             another member: without the exchange's ids nobody is recognised there, and a record that may be ours leaves its \
             group undecided",
            waypoint.name
        )
    })
}

/// Whether a record shows enough to be told from a stranger's without ids.
fn tells_apart(dialect: &Dialect) -> bool {
    let shows = |field: Field| dialect.fields.iter().any(|mapping| mapping.field == field);
    let a_person = shows(Field::NameLast) && shows(Field::BirthDate);
    let beside = shows(Field::Street1) || shows(Field::Phone) || dialect.members.is_some();
    shows(Field::Email) || shows(Field::Ssn) || (a_person && beside)
}

#[cfg(test)]
mod tests {
    use super::notices;
    use crate::target::parse;
    use crate::target::secrets::NoReferences;

    const TARGET: &str = "target: t
environment: test
allow_hosts: [127.0.0.1]
exchange:
  base_url: http://127.0.0.1:9
  flows:
    enroll:
      steps:
        - {name: find, get: '/people?last={{ subscriber.name.last }}', capture: {member_id: $.id}}
        - {name: apply, post: /apply, json: '{{ application }}', capture: {application_id: $.id}}
        - {name: read, get: '/apply/{{ application_id }}', capture: {policy_id: $.policy}}
    cancel:
      steps:
        - {name: cancel, post: /cancel, json: {who: '{{ subscriber.name.last }}', id: '{{ application_id }}'}}
limits: {rate: 1/s}
waypoints:
  - name: issuer
    feed: json_api
    base_url: http://127.0.0.1:9
    lookups: [{get: '/people?last={{ subscriber.name.last }}'}]
    records: $[*]
    fields:
      member.name.last: $.last
      member.birth_date: $.born
";

    fn told(text: &str) -> Vec<String> {
        notices(&parse(text, "t.yaml", &NoReferences).unwrap_or_else(|e| panic!("{e}")))
    }

    #[test]
    fn a_search_that_gives_ids_and_a_waypoint_that_shows_too_little_are_told() {
        let told = told(TARGET);
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(told[0].starts_with("flow `enroll`, step `find`: `member_id` comes from a search"), "{told:#?}");
        assert!(told[1].starts_with("waypoint `issuer`: its records show no mailbox"), "{told:#?}");
    }

    /// What is told of a target whose `cancel` flow has these steps before one that cancels by `ref`.
    fn told_of_cancel(steps: &str, more: &str) -> Vec<String> {
        let cancel = "        - {name: cancel, post: /cancel, json: {who: '{{ subscriber.name.last }}', id: '{{ application_id }}'}}\n";
        let by_ref = format!("{steps}        - {{name: cancel, post: '/cancel/{{{{ ref }}}}'}}\n");
        let text = TARGET.replace(cancel, &by_ref).replace("limits:", &format!("{more}limits:"));
        told(&text).into_iter().filter(|told| told.starts_with("flow `cancel`, step `cancel`")).collect()
    }

    #[test]
    fn a_step_that_acts_by_what_nothing_proves_is_told() {
        let by_name = "get: '/people?last={{ subscriber.name.last }}'";
        let login = "        - {name: login, post: /login, json: {user: probe}}\n";
        for steps in [
            format!("        - {{name: look, {by_name}, capture: {{ref: {{jsonpath: $.id, secret: true}}}}}}\n"),
            format!("        - {{name: look, {by_name}, capture: {{ref: {{cookie: app}}}}}}\n"),
            "        - {name: look, get: /clients, capture: {ref: '$.list[0].id'}}\n".to_owned(),
            format!("{login}        - {{name: look, get: /clients, capture: {{ref: '$.list[0].id'}}}}\n"),
            "        - {name: look, get: '/p?last={{ groups[0].members[0].name.last }}', capture: {ref: $.id}}\n"
                .to_owned(),
            "        - {name: look, post: /p.do, json: {last: '{{ subscriber.name.last }}'}, capture: {ref: $.id}}\n"
                .to_owned(),
        ] {
            let told = told_of_cancel(&steps, "");
            assert_eq!(told.len(), 1, "{steps}: {told:#?}");
            assert!(told[0].contains("`ref` comes from step `look`, which "), "{told:#?}");
        }
        let session = format!("  session:\n    - {{name: look, {by_name}, capture: {{ref: $.id}}}}\n");
        assert_eq!(told_of_cancel("", &session).len(), 1);
        let by_own_id = "        - {name: look, get: '/apply/{{ application_id }}', capture: {ref: $.id}}\n";
        assert!(told_of_cancel(by_own_id, "").is_empty());
    }

    #[test]
    fn a_token_of_a_page_is_no_id() {
        let page = "        - {name: page, get: /form, capture: {csrf: $.csrf}}\n        - {name: cancel, post: \
                    '/cancel/{{ application_id }}', headers: {X-CSRF: '{{ csrf }}'}, form: {_csrf: '{{ csrf }}'}}\n";
        let cancel = "        - {name: cancel, post: /cancel, json: {who: '{{ subscriber.name.last }}', id: '{{ application_id }}'}}\n";
        let told = told(&TARGET.replace(cancel, page));
        assert!(told.iter().all(|told| !told.starts_with("flow `cancel`")), "{told:#?}");
    }

    #[test]
    fn any_one_of_what_no_stranger_has_is_enough() {
        for more in
            ["member.email: $.mail", "member.ssn: $.ssn", "member.phone: $.phone", "member.address.street_1: $.street"]
        {
            let told = told(&format!("{TARGET}      {more}\n"));
            assert_eq!(told.len(), 1, "{more}: {told:#?}");
        }
    }

    #[test]
    fn a_cancellation_that_names_nobody_is_told() {
        let cancel = "json: {who: '{{ subscriber.name.last }}', id: '{{ application_id }}'}";
        for (of_nobody, is_told) in [
            ("json: {run: '{{ run.id }}'}", true),
            ("json: {plan: '{{ plan_id }}', from: '{{ household.coverage_begin }}'}", true),
            ("json: {state: '{{ subscriber.address.state }}', last: '{{ subscriber.name.last }}'}", true),
            ("headers: {X-Correlation-Id: '{{ probe.id }}', X-From: '{{ subscriber.email }}'}", true),
            ("json: {requestId: '{{ probe.id }}'}", true),
            ("json: {csrf: '{{ application_id }}'}", true),
            ("json: {mail: '{{ probe.marker }}'}", false),
            ("json: {who: '{{ subscriber.email }}'}", false),
            ("json: {last: '{{ subscriber.name.last }}', born: '{{ subscriber.birth_date }}'}", true),
            ("json: {all: '{{ members }}'}", false),
            ("headers: {X-Case: '{{ application_id }}'}", false),
            ("json: {policies: '{% for g in groups %}{{ g.application_id }}{% endfor %}'}", false),
        ] {
            let told = told(&TARGET.replace(cancel, of_nobody));
            let is_said = |told: &&String| told.starts_with("flow `cancel`, step `cancel`: it names nobody");
            assert_eq!(told.iter().find(is_said).is_some(), is_told, "{of_nobody}: {told:#?}");
        }
    }

    #[test]
    fn what_names_the_first_of_two_policies_alone_is_told() {
        let told = |capture: &str, cancel: &str, lookup: &str| -> Vec<String> {
            let text = TARGET
                .replace("{policy_id: $.policy}", capture)
                .replace("json: {who: '{{ subscriber.name.last }}', id: '{{ application_id }}'}", cancel)
                .replace("[{get: '/people?last={{ subscriber.name.last }}'}]", lookup);
            told(&text).into_iter().filter(|told| told.contains("is captured `per: group`")).collect()
        };
        let per_group = "{exchange_assigned_policy_id: {jsonpath: '$.policies[*].no', per: group}}";
        let (own, all) = ("json: {no: '{{ exchange_assigned_policy_id }}'}", "json: {id: '{{ application_id }}'}");
        let ask = |name: &str, more: &str| format!("[{{get: '/p/{{{{ {name} }}}}'{more}}}]");
        let (by_all, by_own) = (ask("application_id", ""), ask("exchange_assigned_policy_id", ""));
        assert!(
            told(per_group, own, &by_all)[0].starts_with("flow `cancel`, step `cancel`: `exchange_assigned_policy_id`")
        );
        for by_one in [&by_own, &ask("group.exchange_assigned_policy_id", "")] {
            let told = told(per_group, all, by_one);
            assert!(told.len() == 1 && told[0].starts_with("waypoint `issuer`, look-up `GET /p/"), "{told:#?}");
        }
        let each = "json: {no: '{% for g in groups %}{{ g.exchange_assigned_policy_id }}{% endfor %}'}";
        for (capture, cancel, lookup) in [
            (per_group, all, &by_all),
            (per_group, each, &ask("exchange_assigned_policy_id", ", per: group")),
            ("{exchange_assigned_policy_id: $.policy}", own, &by_own),
        ] {
            assert_eq!(told(capture, cancel, lookup), Vec::<String>::new(), "{capture} {cancel} {lookup}");
        }
    }

    #[test]
    fn in_a_step_for_each_group_a_plain_name_is_of_that_group() {
        let told = |place: &str, each: &str| -> usize {
            let text = TARGET
                .replace("{policy_id: $.policy}", "{exchange_assigned_policy_id: {jsonpath: '$.policies[*].no', per: group}}")
                .replace(
                    "{name: cancel, post: /cancel, json: {who: '{{ subscriber.name.last }}', id: '{{ application_id }}'}}",
                    &format!("{{name: cancel, {each}post: '/cancel/{{{{ {place} }}}}'}}"),
                );
            told(&text).into_iter().filter(|told| told.contains("is captured `per: group`")).count()
        };
        for place in ["group.exchange_assigned_policy_id", "exchange_assigned_policy_id"] {
            assert_eq!((told(place, "for_each: groups, "), told(place, "")), (0, 1), "{place}");
        }
    }

    #[test]
    fn a_cancellation_by_name_alone_is_told() {
        let by_name = TARGET.replace(", id: '{{ application_id }}'", "");
        let told = told(&by_name);
        assert!(
            told.iter().any(|told| told.starts_with("flow `cancel`, step `cancel`: it names people by")),
            "{told:#?}"
        );
    }
}
