//! Steps that several flows use: written once under `exchange.parts`, and put in where a flow says `use`.

use crate::source::{Entry, Kind, Node, Report, nearest};
use std::collections::BTreeSet;

/// Puts the steps of parts where flows and `session` use them; errors in them stand where they are written. A part that nobody uses
/// would never be read, and is refused.
pub(super) fn put_in(root: &mut Node, report: &mut Report) {
    let Some(exchange) = entries_of(root).and_then(|entries| value_of(entries, "exchange")) else { return };
    let parts: Vec<Entry> = exchange.get("parts").map_or(&[][..], Node::entries).to_vec();
    for step in parts.iter().flat_map(|part| part.value.items()).filter_map(|step| step.entry("use")) {
        report
            .error(step.key_span, "a part uses no other part")
            .help("write those steps out, or use both one after another");
    }
    let mut used = BTreeSet::new();
    let mut fill = |steps: &mut Node| put_into(steps, &parts, &mut used, report);
    let exchange = entries_of(exchange).map_or(&mut [][..], |entries| entries.as_mut_slice());
    for entry in exchange {
        match entry.key.as_str() {
            "session" => fill(&mut entry.value),
            "flows" => {
                for flow in entries_of(&mut entry.value).into_iter().flatten() {
                    match entries_of(&mut flow.value).and_then(|entries| value_of(entries, "steps")) {
                        Some(steps) => fill(steps),
                        None => fill(&mut flow.value),
                    }
                }
            }
            _ => {}
        }
    }
    for part in parts.iter().filter(|part| !used.contains(&part.key)) {
        report
            .error(part.key_span, format!("no flow uses the part `{}`", part.key))
            .help(format!("put it in with `- use: {}` among a flow's steps, or take it out", part.key));
    }
}

fn put_into(steps: &mut Node, parts: &[Entry], used: &mut BTreeSet<String>, report: &mut Report) {
    let Kind::List(items) = &mut steps.kind else { return };
    let mut all = Vec::with_capacity(items.len());
    for step in std::mem::take(items) {
        let Some(named) = step.get("use") else {
            all.push(step);
            continue;
        };
        if let Some(beside) = step.entries().iter().find(|entry| entry.key != "use") {
            report
                .error(
                    beside.key_span,
                    format!("`{}` stands beside `use`, which puts in the steps of a part as they are", beside.key),
                )
                .help("say it in the part's own steps");
        }
        let name = named.text().unwrap_or_default();
        if let Some(part) = parts.iter().find(|part| part.key == name) {
            used.insert(part.key.clone());
            all.extend(part.value.items().iter().filter(|step| step.get("use").is_none()).cloned());
        } else {
            let near = nearest(name, parts.iter().map(|part| part.key.as_str()));
            report.error(named.span, format!("no part is called `{name}`")).did_you_mean(near);
        }
    }
    *items = all;
}

fn entries_of(node: &mut Node) -> Option<&mut Vec<Entry>> {
    match &mut node.kind {
        Kind::Map(entries) => Some(entries),
        _ => None,
    }
}

fn value_of<'a>(entries: &'a mut [Entry], key: &str) -> Option<&'a mut Node> {
    entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
}
