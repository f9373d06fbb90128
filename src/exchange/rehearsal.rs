//! What a flow would send for a household, rendered and shown; nothing is sent.

use crate::net::{address, payload, rendered, with_query};
use crate::target::{Context, Flow, FlowStep, RequestStep, StepKind, Turn};

/// The requests of a flow for the household in `ctx`, each as a few lines of text: method, address and body. What only an answer before
/// it tells is named in its place. Headers are left out, as they hold credentials.
pub fn rehearse(flow: &Flow, base_url: &str, ctx: &Context) -> Vec<String> {
    flow.steps.iter().flat_map(|step| turns(step, base_url, ctx)).collect()
}

/// A step, or what each of its turns would be; those whose `when` is known not to hold are left out.
fn turns(step: &FlowStep, base_url: &str, ctx: &Context) -> Vec<String> {
    let mut lines = Vec::new();
    for turn in Turn::all(step.each, ctx) {
        let Some(turn) = turn else { return vec![rehearsed(step, base_url, ctx)] };
        let own = turn.bind(ctx);
        let is_skipped = step.when.as_ref().is_some_and(|when| when.holds(&own) == Ok(false));
        if !is_skipped {
            lines.push(format!("{}: {}", turn.in_words(), rehearsed(step, base_url, &own)));
        }
    }
    lines
}

fn rehearsed(step: &FlowStep, base_url: &str, ctx: &Context) -> String {
    let unknown = ctx.missing(&step.names());
    match &step.kind {
        StepKind::HandOver(_) => format!("{}: hands over an 834", step.name),
        StepKind::Request(request) if unknown.is_empty() => {
            let text = shown(request, base_url, ctx);
            text.unwrap_or_else(|| format!("{} …: it cannot be rendered for this household", request.method))
        }
        StepKind::Request(request) => {
            let names: Vec<_> = unknown.iter().map(|name| format!("`{name}`")).collect();
            let (method, path) = (&request.method, request.path.source.as_str());
            format!("{method} {path}: an answer before it tells {}", names.join(", "))
        }
    }
}

fn shown(request: &RequestStep, base_url: &str, ctx: &Context) -> Option<String> {
    let query = rendered(&request.query, ctx).ok()?;
    let url = with_query(address(base_url, &request.path.render(ctx).ok()?), &query);
    let mut text = format!("{} {url}", request.method);
    if let Some(body) = payload(&request.body, ctx).ok()? {
        let bytes = String::from_utf8_lossy(&body.bytes).into_owned();
        let pretty =
            serde_json::from_str::<serde_json::Value>(&bytes).and_then(|json| serde_json::to_string_pretty(&json));
        text.push('\n');
        text.push_str(&pretty.unwrap_or(bytes));
    }
    Some(text)
}
