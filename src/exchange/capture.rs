//! What a flow takes from an answer: facts of the record, and names for later steps.

use super::facts_of_probe::FactsOfProbe;
use crate::model::{Captures, CoverageLine, Facts, Field, GroupCapture, Value};
use crate::target::{Answer, Capture, Convert, Each, Per, Turn, dollars_and_cents, text_of};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Of whom an answer tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    /// The household's members and groups.
    pub(super) probe: &'a FactsOfProbe,
    /// The one of them whose turn it is, in a step that is carried out for each.
    pub(super) turn: Option<Turn>,
    /// What is proved of each under free names.
    pub(super) before: &'a BTreeMap<String, Json>,
}

/// Takes every capture of a step, the secret ones apart. What comes back says of required ones that the answer does not hold
/// them, or holds another number of them than there are members or groups, so that nobody knows whose each is.
pub(super) fn take<'a>(
    wanted: impl IntoIterator<Item = &'a Capture>,
    answer: &Answer,
    whose: Whose<'_>,
    (into, secret): (&mut Captures, &mut Captures),
) -> Vec<String> {
    let mut missing = Vec::new();
    let probe = &*of_turn(whose);
    for capture in wanted {
        let values = selected(capture, answer, whose.turn.is_some());
        let unreadable =
            values.iter().filter_map(text_of).find_map(|text| capture.convert.unreadable(capture.field, &text));
        if let Some(what) = unreadable {
            // what the target reads wrongly is nothing that the exchange told
            missing.extend(capture.required.then(|| format!("a `{}` that {what}", capture.name)));
        } else if values.is_empty() && capture.required {
            missing.push(format!("no `{}`", capture.name));
        } else if !values.is_empty() {
            missing.extend(miscounted(capture, values.len(), (probe, whose.turn)).filter(|_| capture.required));
            let into = if capture.secret { &mut *secret } else { &mut *into };
            match whose.turn.filter(|_| capture.field.is_none()) {
                Some(turn) => name_of_turn(capture, &values, (turn, whose.before), into),
                None => keep(capture, &values, probe, into),
            }
        }
    }
    missing
}

/// The same household, where one turn of a step is of one member or group alone.
fn of_turn(whose: Whose<'_>) -> Cow<'_, FactsOfProbe> {
    let Whose { probe, turn: Some(turn), .. } = whose else { return Cow::Borrowed(whose.probe) };
    let mut own = probe.clone();
    match turn.each {
        Each::Members => own.places = own.places.get(turn.index).copied().into_iter().collect(),
        Each::Groups => own.lines = own.lines.get(turn.index).copied().into_iter().collect(),
    }
    Cow::Owned(own)
}

/// In words that a field of each member or group has another number of values than there are of them, or that what is asked of one is
/// answered with several.
fn miscounted(capture: &Capture, found: usize, (probe, turn): (&FactsOfProbe, Option<Turn>)) -> Option<String> {
    if let Some(turn) = turn.filter(|_| found > 1) {
        return Some(format!("{found} values of `{}` for {} alone", capture.name, turn.in_words()));
    }
    let (whose, expected) = match capture.per {
        Per::Flow => return None,
        Per::Member => ("members", probe.places.len()),
        Per::Group => ("groups", probe.lines.len()),
    };
    let differs = capture.field.is_some() && found != expected;
    let values = if found == 1 { "value" } else { "values" };
    differs.then(|| format!("{found} {values} of `{}` for {expected} {whose}", capture.name))
}

/// The values found; a single list where one each member or group is wanted counts as its elements. `of_one`: they are of one member or
/// group alone.
fn selected(capture: &Capture, answer: &Answer, of_one: bool) -> Vec<Json> {
    let mut values = with_cents(capture, capture.select.select(answer), answer);
    if let ([Json::Array(list)], Per::Member | Per::Group) = (values.as_slice(), capture.per) {
        values = list.clone();
    }
    if capture.per == Per::Flow || of_one {
        // An empty text is no id: a look-up that asked for it would be answered with everybody.
        values.retain(|value| !value.is_null() && value.as_str() != Some(""));
    }
    values
}

/// Whole dollars with the cents that stand apart from them.
fn with_cents(capture: &Capture, dollars: Vec<Json>, answer: &Answer) -> Vec<Json> {
    let Some(path) = &capture.cents else { return dollars };
    let cents = answer.document(path).map(|body| path.values(body)).unwrap_or_default();
    let amount = |at: usize| {
        let part = |value: Option<&Json>| value.and_then(text_of);
        let (whole, part) = (part(dollars.get(at)), part(cents.get(at).copied()));
        (whole.is_some() || part.is_some()).then(|| dollars_and_cents(whole.as_deref(), part.as_deref()))
    };
    (0..dollars.len().max(cents.len())).map(|at| amount(at).map_or(Json::Null, Json::String)).collect()
}

fn keep(capture: &Capture, values: &[Json], probe: &FactsOfProbe, into: &mut Captures) {
    let first = values.get(..1).unwrap_or_default();
    match (capture.field, capture.per) {
        (Some(field), Per::Flow) if field.is_group() => {
            state_group(into, None, field, &converted(capture, first));
        }
        (Some(field), Per::Flow) => state_members(into, field, &[0], &converted(capture, first)),
        (Some(field), Per::Member) if !field.is_group() && values.len() == probe.places.len() => {
            state_members(into, field, &probe.places, &converted(capture, values));
        }
        (Some(field), Per::Group) if field.is_group() && values.len() == probe.lines.len() => {
            for (line, value) in probe.lines.iter().zip(converted(capture, values)) {
                state_group(into, Some(*line), field, &[value]);
            }
        }
        // What cannot be told apart by member or group is no fact, but later steps may still use it.
        _ => name(capture, values, into),
    }
}

fn converted(capture: &Capture, values: &[Json]) -> Vec<Option<Value>> {
    // A plan id is converted as text, so that its variant is not lost.
    let field = capture.field.filter(|field| *field != Field::PlanId);
    values.iter().map(|value| capture.convert.apply(field, &text_of(value)?)).collect()
}

fn state_group(into: &mut Captures, line: Option<CoverageLine>, field: Field, value: &[Option<Value>]) {
    let Some(value) = value.first() else { return };
    if !into.groups.iter().any(|group| group.line == line) {
        into.groups.push(GroupCapture { line, facts: Facts::new() });
    }
    if let Some(group) = into.groups.iter_mut().find(|group| group.line == line) {
        state(&mut group.facts, field, value.clone());
    }
}

/// States a value of each of the members at these places.
fn state_members(into: &mut Captures, field: Field, places: &[usize], values: &[Option<Value>]) {
    for (place, value) in places.iter().zip(values) {
        if into.members.len() <= *place {
            into.members.resize_with(place + 1, Facts::new);
        }
        if let Some(member) = into.members.get_mut(*place) {
            state(member, field, value.clone());
        }
    }
}

/// States a value; a plan id of 16 characters also says the cost-sharing variant.
fn state(facts: &mut Facts, field: Field, value: Option<Value>) {
    match (field, value.as_ref().and_then(Value::as_text)) {
        (Field::PlanId, Some(text)) => facts.set_plan(text),
        _ => facts.set_or_absent(field, value),
    }
}

fn name(capture: &Capture, values: &[Json], into: &mut Captures) {
    let mut values: Vec<Json> = values.iter().map(|value| named(capture, value)).collect();
    let value = match capture.per {
        Per::Flow => values.swap_remove(0),
        Per::Member | Per::Group => Json::Array(values),
    };
    into.other.insert(capture.name.clone(), value);
}

/// Puts what one turn told into its place of the list that holds one value for each, beside what is proved of the others.
fn name_of_turn(
    capture: &Capture,
    values: &[Json],
    (turn, before): (Turn, &BTreeMap<String, Json>),
    into: &mut Captures,
) {
    let known = before.get(&capture.name).and_then(Json::as_array).filter(|list| list.len() == turn.of);
    let mut all = known.cloned().unwrap_or_else(|| vec![Json::Null; turn.of]);
    if let (Some(own), [value]) = (all.get_mut(turn.index), values) {
        *own = named(capture, value);
        into.other.insert(capture.name.clone(), Json::Array(all));
    }
}

/// A value as later steps see it: untouched, or as text where it is to be converted.
fn named(capture: &Capture, value: &Json) -> Json {
    if !changes(&capture.convert) || value.is_null() {
        return value.clone();
    }
    let converted = text_of(value).and_then(|text| capture.convert.apply(capture.field, &text));
    converted.map_or(Json::Null, |value| Json::String(value.to_string()))
}

fn changes(convert: &Convert) -> bool {
    let Convert { date, unit: _, extract, digits, case, map, none } = convert;
    date.is_some() || extract.is_some() || *digits || case.is_some() || !map.is_empty() || !none.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Whose, take};
    use crate::exchange::facts_of_probe::FactsOfProbe;
    use crate::model::{Captures, CoverageLine, Field};
    use crate::target::{Answer, Capture, Convert, JsonPath, Per, Selector};
    use std::collections::BTreeMap;

    fn capture(name: &str, path: &str, per: Per) -> Capture {
        Capture {
            name: name.to_owned(),
            field: Field::parse(name),
            select: Selector::JsonPath(Box::new(JsonPath::parse(path).unwrap())),
            cents: None,
            per,
            convert: Convert::default(),
            required: true,
            secret: false,
        }
    }

    fn lacking(wanted: &Capture) -> (Vec<String>, Captures) {
        let body = br#"{"ids": ["a", "b"], "one": "a", "policies": ["P"]}"#.to_vec();
        let answer = Answer { status: 201, body, ..Answer::default() };
        let lines = vec![CoverageLine::Medical, CoverageLine::Dental];
        let probe = FactsOfProbe { places: vec![0, 1], lines, ..FactsOfProbe::default() };
        let mut taken = Captures::default();
        let whose = Whose { probe: &probe, turn: None, before: &BTreeMap::new() };
        let told = take([wanted], &answer, whose, (&mut taken, &mut Captures::default()));
        (told, taken)
    }

    #[test]
    fn another_number_of_values_than_members_or_groups_is_told_and_not_dropped() {
        let member = |path| capture("member.exchange_assigned_member_id", path, Per::Member);
        let (told, taken) = lacking(&member("$.ids[*]"));
        assert!(told.is_empty() && taken.members.len() == 2, "{told:?} {taken:?}");
        let (told, _) = lacking(&member("$.one"));
        assert_eq!(told, ["1 value of `member.exchange_assigned_member_id` for 2 members"]);
        let (told, _) = lacking(&capture("exchange_assigned_policy_id", "$.policies[*]", Per::Group));
        assert_eq!(told, ["1 value of `exchange_assigned_policy_id` for 2 groups"]);
        let (told, _) = lacking(&member("$.nothing"));
        assert_eq!(told, ["no `member.exchange_assigned_member_id`"]);
        let mut optional = member("$.one");
        optional.required = false;
        assert!(lacking(&optional).0.is_empty());
    }
}
