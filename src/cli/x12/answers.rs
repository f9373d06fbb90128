//! `x12 validate --answers`: acknowledgements against the file that they answer.

use super::super::arguments::Arguments;
use super::super::console::print_each;
use super::super::context::World;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::flags::Validate;
use super::input::{Input, unreadable};
use johndoe::report::tame;
use johndoe::wire::ack::{Findings, check};
use serde_json::json;
use std::io::{Read, empty};
use std::path::Path;

/// Says what became of every transaction set of `answered`, and what does not fit; the acknowledgements are the files named.
pub(super) fn answers(
    answered: &Path,
    flags: &Validate,
    arguments: &Arguments,
    world: &World,
) -> Result<Exit, Failure> {
    let mut acks: Box<dyn Read> = Box::new(empty());
    for path in &flags.files {
        acks = Box::new(acks.chain(Input::open(path, arguments, world)?));
    }
    let input = Input::open(answered, arguments, world)?;
    let name = input.name.clone();
    // The acknowledgements were read before.
    let found = check(acks, input).map_err(|error| unreadable(&name, &error))?;
    let lines = if flags.json { as_json(&found, &name) } else { as_text(&found, &name) };
    print_each(lines.into_iter().map(Ok))?;
    Ok(if found.is_clean() { Exit::Done } else { Exit::Found })
}

fn as_text(found: &Findings, name: &str) -> Vec<String> {
    let mut lines = vec![format!(
        "{name}, as it was answered: {} of {} interchanges accepted by a TA1, {} rejected; {} of {} sets accepted, {} \
         rejected, {} without an answer",
        found.interchanges_accepted,
        found.interchanges,
        found.interchanges_rejected.len(),
        found.accepted,
        found.sets,
        found.rejected.len(),
        found.silent.len()
    )];
    for ack in &found.interchanges_rejected {
        lines.push(format!("  rejected: interchange `{}`: {} ({})", ack.control, ack.words(), ack.place));
    }
    for answered in &found.rejected {
        lines.push(format!("  rejected: {}: {} ({})", answered.set, answered.words, answered.at));
    }
    lines.extend(found.silent.iter().map(|set| format!("  without an answer: {set}")));
    lines.extend(found.problems.iter().map(|problem| format!("  does not fit: {problem}")));
    lines.extend(found.damages.iter().map(|damage| format!("  not understood: {damage}")));
    lines.iter().map(|line| tame(line).into_owned()).collect()
}

fn as_json(found: &Findings, name: &str) -> Vec<String> {
    let (rejected, silent) = (found.rejected.iter(), found.silent.iter());
    let summary = json!({
        "kind": "answered",
        "file": name,
        "interchanges": found.interchanges,
        "interchanges_accepted": found.interchanges_accepted,
        "interchanges_rejected": found.interchanges_rejected.iter()
            .map(|ack| json!({"control": ack.control, "says": ack.words()})).collect::<Vec<_>>(),
        "sets": found.sets,
        "accepted": found.accepted,
        "rejected": rejected.map(|answered| json!({
            "functional_id": answered.set.functional_id,
            "functional_group": answered.set.group,
            "transaction_set": answered.set.set,
            "says": answered.words,
        })).collect::<Vec<_>>(),
        "without_answer": silent.map(|set| json!({
            "functional_id": set.functional_id,
            "functional_group": set.group,
            "transaction_set": set.set,
        })).collect::<Vec<_>>(),
        "does_not_fit": found.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "not_understood": found.damages.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    vec![summary.to_string()]
}
