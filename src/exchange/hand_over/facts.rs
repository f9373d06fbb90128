//! What the sender itself decides, as captures: what was said is expected downstream.

use crate::model::{Captures, Facts, Field, GroupCapture, Kind, Value};
use crate::target::{Context, HandOver, OwnFact};

/// Renders a step's facts: those of groups once for each, those of members once for each.
pub(super) fn own(step: &HandOver, context: &Context) -> Result<Captures, String> {
    let mut own = Captures::default();
    let (of_groups, of_members): (Vec<_>, Vec<_>) = step.facts.iter().partition(|fact| fact.field.is_group());
    for (at, line) in context.household().lines.iter().enumerate() {
        let facts = rendered(&of_groups, &context.with_group(at))?;
        if !of_groups.is_empty() {
            own.groups.push(GroupCapture { line: Some(*line), facts });
        }
    }
    if !of_members.is_empty() {
        for (at, place) in context.household().places().into_iter().enumerate() {
            own.members.resize_with(place, Facts::new);
            own.members.push(rendered(&of_members, &context.with_member(at))?);
        }
    }
    Ok(own)
}

fn rendered(said: &[&OwnFact], context: &Context) -> Result<Facts, String> {
    let mut facts = Facts::new();
    for OwnFact { field, value } in said {
        let text = value.render(context).map_err(|e| format!("`{field}`: {e}"))?;
        let text = text.trim();
        match Value::parse(*field, text) {
            _ if text.is_empty() => facts.set_absent(*field),
            Value::Text(_) if field.kind() == Kind::Money => return Err(format!("`{field}` is no amount: `{text}`")),
            _ if *field == Field::PlanId => facts.set_plan(text),
            value => facts.set(*field, value),
        }
    }
    Ok(facts)
}
