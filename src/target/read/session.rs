//! Credentials that come from answers: which captures are secret, and how a later flow comes by them again.

use super::Builder;
use crate::model::LifeEvent;
use crate::source::Node;
use crate::target::flow::{Capture, Flow, FlowStep, StepKind};
use crate::target::template::Template;
use crate::target::tokens::{Place, is_secret_field, is_token_header};
use std::collections::{BTreeMap, BTreeSet};

/// Marks as secret what stands anywhere where it lets its bearer in, what is called like that, what `session` captures, and whatever goes by
/// the name of something secret elsewhere. Fields of the record are never secret: they are judged.
pub(super) fn mark(flows: &mut BTreeMap<LifeEvent, Flow>, session: &mut [FlowStep]) {
    let all = || flows.values().flat_map(|flow| &flow.steps).chain(session.iter());
    let placed: Vec<(Place<'_>, &Template)> = all().flat_map(placed).collect();
    let lets_in = |name: &str| placed.iter().any(|(place, template)| place.bears_secret(template, name));
    let is_secret = |capture: &&Capture| capture.secret || is_secret_field(&capture.name) || lets_in(&capture.name);
    let captures = all().flat_map(FlowStep::captures).filter(is_secret);
    let of_session = session.iter().flat_map(FlowStep::captures);
    let names: BTreeSet<String> = captures.chain(of_session).map(|capture| capture.name.clone()).collect();
    for step in flows.values_mut().flat_map(|flow| &mut flow.steps).chain(session) {
        if let StepKind::Request(request) = &mut step.kind {
            for capture in &mut request.captures {
                capture.secret = capture.field.is_none() && names.contains(&capture.name);
            }
        }
    }
}

fn placed(step: &FlowStep) -> Vec<(Place<'_>, &Template)> {
    match &step.kind {
        StepKind::Request(request) => request.placed(),
        StepKind::HandOver(_) => Vec::new(),
    }
}

fn secret_names(steps: &[FlowStep]) -> impl Iterator<Item = &str> {
    steps.iter().flat_map(FlowStep::captures).filter(|capture| capture.secret).map(|capture| capture.name.as_str())
}

impl Builder<'_> {
    /// The requests that log a household in again.
    pub(super) fn session(&mut self, node: Option<&Node>) -> Vec<FlowStep> {
        self.names_set.clear();
        let nodes = node.map_or(&[][..], Node::items);
        for edi in nodes.iter().filter_map(|step| step.entry("edi")) {
            let error = self.report.error(edi.key_span, "an 834 logs nobody in, expected a request");
            error.help("steps of `session` ask over HTTP");
        }
        for each in nodes.iter().filter_map(|step| step.entry("for_each")) {
            let error = self.report.error(each.key_span, "`session` logs the household in, once for all of it");
            error.help("leave `for_each` out");
        }
        let steps: Vec<FlowStep> = nodes.iter().filter_map(|step| self.step(step)).collect();
        for (step, node) in steps.iter().zip(nodes) {
            for field in step.captures().iter().filter_map(|capture| capture.field) {
                let message = format!("`session` captures `{field}`, a field of the record, expected credentials only");
                self.report.error(node.span, message).help("capture it in the flow that enrolls");
            }
        }
        steps
    }

    /// Refuses a later flow that needs what is gone with the flow that captured it, and keeps secrets from look-ups.
    pub(super) fn check_session(&mut self, node: &Node, flows: &BTreeMap<LifeEvent, Flow>, session: &[FlowStep]) {
        let everywhere = flows.values().flat_map(|flow| secret_names(&flow.steps)).chain(secret_names(session));
        let secret: BTreeSet<String> = everywhere.map(str::to_owned).collect();
        let logged_in: BTreeSet<&str> = secret_names(session).collect();
        if let Some(nodes) = node.get("session") {
            self.check_known("`session`", (session, nodes.items()), (&secret, BTreeSet::new()));
        }
        let captures = flows.values().flat_map(|flow| &flow.steps).flat_map(FlowStep::captures);
        let judged: BTreeSet<&str> = captures.filter(|c| c.field.is_some()).map(|c| c.name.as_str()).collect();
        for (event, flow) in flows {
            let Some(nodes) = node.get("flows").and_then(|flows| flows.get(event.as_str())) else { continue };
            let nodes = nodes.get("steps").unwrap_or(nodes).items();
            self.check_fields_let_nobody_in(&judged, (&flow.steps, nodes));
            if *event == LifeEvent::Enroll {
                continue;
            }
            self.check_known(&format!("`{event}`"), (&flow.steps, nodes), (&secret, logged_in.clone()));
        }
        self.scope.hide(secret);
    }

    /// Reports each step that lets itself in by what is judged, and therefore kept and shown.
    fn check_fields_let_nobody_in(&mut self, judged: &BTreeSet<&str>, (steps, nodes): (&[FlowStep], &[Node])) {
        for (step, node) in steps.iter().zip(nodes) {
            let headers = placed(step)
                .into_iter()
                .filter(|(place, _)| matches!(place, Place::Header(name) if is_token_header(name)));
            let templates: Vec<&Template> = headers.map(|(_, template)| template).collect();
            let used = judged.iter().filter(|name| templates.iter().any(|template| template.uses(name)));
            for name in used {
                let message = format!(
                    "`{name}` lets this request in, but a field of the record is kept and shown, expected a credential"
                );
                let help = "capture the credential under a name of its own: what goes into such a header is then never written";
                self.report.error(node.span, message).help(help);
            }
        }
    }

    /// Reports each step that uses a secret which is not among the `known` ones and which no step before it captures.
    fn check_known<'a>(
        &mut self,
        who: &str,
        (steps, nodes): (&'a [FlowStep], &[Node]),
        (secret, mut known): (&BTreeSet<String>, BTreeSet<&'a str>),
    ) {
        for (step, node) in steps.iter().zip(nodes) {
            let templates = step.templates();
            let used = secret.iter().filter(|name| templates.iter().any(|template| template.uses(name)));
            for name in used.filter(|name| !known.contains(name.as_str())) {
                let message = format!(
                    "{who} uses `{name}`, which is secret: it is never written and gone with the flow that captured it; \
                     expected `exchange.session` to capture `{name}`"
                );
                let help =
                    "write the steps that log the household in again under `session` of `exchange`, with this capture";
                self.report.error(node.span, message).help(help);
            }
            known.extend(step.captures().iter().map(|capture| capture.name.as_str()));
        }
    }
}
