//! From a JSON record to facts, as the target's mapping says.

use crate::model::{Facts, Field, Kind, Value};
use crate::target::{Dialect, FieldMapping, JsonPath, StatusMapping, dollars_and_cents};
use serde_json::Value as Json;

/// One record of an answer: the group's facts, and a member or several.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    pub(super) group: Facts,
    pub(super) members: Vec<Facts>,
}

/// Reads a record. Every field that the mapping lists is stated: with its value, or as absent.
pub(super) fn map_record(dialect: &Dialect, record: &Json) -> Mapped {
    let mut group = Facts::new();
    state_all(&mut group, dialect.fields.iter().filter(|m| m.field.is_group()), record);
    if let Some(status) = &dialect.status {
        let (value, understood) = policy_status(status, record);
        state(&mut group, Field::PolicyStatus, value, understood);
    }
    let members = match &dialect.members {
        None => vec![map_member(dialect, record)],
        Some(path) => {
            path.query(record).into_iter().flat_map(items).map(|member| map_member(dialect, member)).collect()
        }
    };
    if lacks_members(dialect, record) {
        group.set_absent(Field::MemberEnrolled);
        group.mark_unread(Field::MemberEnrolled);
    }
    note_left_out(&mut group, dialect.members.as_ref(), record);
    Mapped { group, members }
}

/// Says of a group whose people stand in a list of which the target takes some by their places that not all were read.
pub(super) fn note_left_out(group: &mut Facts, path: Option<&JsonPath>, document: &Json) {
    let Some((path, (taken, all))) = path.and_then(|path| Some((path, path.left_out(document)?))) else { return };
    group.set(Field::MemberEnrolled, format!("`{path}` leads to {taken} of {all}"));
    group.mark_unread(Field::MemberEnrolled);
}

/// What a path means that leads to this: of a list its items.
pub(super) fn items(found: &Json) -> &[Json] {
    found.as_array().map_or_else(|| std::slice::from_ref(found), Vec::as_slice)
}

/// Whether nothing stands where the target says that the members stand, not even a list without any: what holds something
/// else is none.
fn lacks_members(dialect: &Dialect, record: &Json) -> bool {
    let Some(path) = &dialect.members else { return false };
    let lists = path.parent().map(|list| list.query(record)).unwrap_or_default();
    path.query(record).is_empty() && (lists.is_empty() || lists.into_iter().any(holds_something))
}

fn holds_something(list: &Json) -> bool {
    let is_something = |value: &Json| match value {
        Json::Object(entries) => !entries.is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => false,
    };
    match list {
        Json::Object(entries) => entries.values().any(is_something),
        list => is_something(list),
    }
}

fn map_member(dialect: &Dialect, member: &Json) -> Facts {
    let mut facts = Facts::new();
    state_all(&mut facts, dialect.fields.iter().filter(|m| !m.field.is_group()), member);
    facts
}

fn state_all<'a>(facts: &mut Facts, mappings: impl Iterator<Item = &'a FieldMapping>, record: &Json) {
    // A plan id may say the variant too; what the mapping says of the variant itself comes after it and wins.
    for mapping in mappings {
        let (value, understood) = value_of(mapping, record);
        match (mapping.field, value.as_ref().and_then(Value::as_text)) {
            (Field::PlanId, Some(text)) => facts.set_plan(text),
            _ => state(facts, mapping.field, value, understood),
        }
    }
}

fn state(facts: &mut Facts, field: Field, value: Option<Value>, understood: bool) {
    facts.set_or_absent(field, value);
    if !understood {
        facts.mark_unread(field);
    }
}

/// The value, and whether it was understood: a place that is there and says nothing, or a value as the field's kind has it.
fn value_of(mapping: &FieldMapping, record: &Json) -> (Option<Value>, bool) {
    let texts: Vec<String> = mapping.paths.iter().filter_map(|path| first_text(path, record)).collect();
    let places = || mapping.paths.iter().chain(&mapping.cents);
    let is_there = || places().any(|path| path.values(record).into_iter().any(says_something));
    let joined = match &mapping.cents {
        Some(path) => in_two_parts(texts.first(), first_text(path, record).as_ref()),
        None => texts.join(&mapping.joined_by),
    };
    let text = match &mapping.part {
        Some((separator, at)) => joined.split(separator.as_str()).nth(*at),
        None => Some(joined.as_str()),
    };
    // a text without the part is none that the mapping was written for
    let Some(text) = text.map(str::trim) else { return (None, false) };
    if text.is_empty() {
        return (None, is_there());
    }
    // A plan id is converted as text, so that its variant is not lost.
    let field = Some(mapping.field).filter(|field| *field != Field::PlanId);
    let value = mapping.convert.apply(field, text);
    let understood = match &value {
        Some(value) => is_of_kind(mapping.field, value),
        // a text in which the expression finds nothing is none that it was written for
        None => mapping.convert.extract.is_none() || mapping.convert.says_none(text),
    };
    (value, understood)
}

/// Dollars and cents; nothing where neither is there.
fn in_two_parts(dollars: Option<&String>, cents: Option<&String>) -> String {
    let is_there = dollars.is_some() || cents.is_some();
    let amount = || dollars_and_cents(dollars.map(String::as_str), cents.map(String::as_str));
    if is_there { amount() } else { String::new() }
}

/// A text, or that there is none; a list or an object in a text's place is not what the mapping was written for.
fn says_something(node: &Json) -> bool {
    !matches!(node, Json::Array(_) | Json::Object(_))
}

/// Whether a value is what its field's kind has: dates and amounts that could not be read stay text, and so does a word that no
/// list has.
fn is_of_kind(field: Field, value: &Value) -> bool {
    match (field.kind(), value) {
        (Kind::Date | Kind::Money, Value::Text(_)) => false,
        (Kind::Code, Value::Text(_)) if field == Field::PolicyStatus => status_is_known(value),
        (Kind::Code, Value::Text(text)) => field.closed_list().is_none_or(|words| words.contains(&text.as_str())),
        _ => true,
    }
}

fn status_is_known(value: &Value) -> bool {
    let mut facts = Facts::new();
    facts.set(Field::PolicyStatus, value.clone());
    facts.status_is_known()
}

/// The first text that is there; `null`, lists and objects are none.
fn first_text(path: &JsonPath, record: &Json) -> Option<String> {
    path.values(record).into_iter().find_map(|node| match node {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(yes.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    })
}

/// The canonical status, and whether it was understood; a word that the mapping does not know stays as it is, and so differs
/// from what is expected.
fn policy_status(mapping: &StatusMapping, record: &Json) -> (Option<Value>, bool) {
    let Some(word) = first_text(&mapping.path, record) else {
        return (None, mapping.path.values(record).into_iter().any(says_something));
    };
    let known = [
        (&mapping.active, "effectuated"),
        (&mapping.pending, "initial"),
        (&mapping.cancelled, "cancelled"),
        (&mapping.terminated, "terminated"),
    ];
    let found = known.iter().find(|(words, _)| words.iter().any(|w| w.trim().eq_ignore_ascii_case(&word)));
    let value = found.map_or_else(|| Value::from(word.as_str()), |(_, status)| Value::from(*status));
    (Some(value), found.is_some())
}

#[cfg(test)]
mod tests {
    use super::map_record;
    use crate::model::{Field, FieldSet};
    use crate::target::{Absent, Convert, Dialect, FieldMapping, JsonPath, StatusMapping};

    fn mapping(field: Field, path: &str, convert: Convert) -> FieldMapping {
        FieldMapping {
            field,
            paths: vec![JsonPath::parse(path).unwrap()],
            cents: None,
            joined_by: " ".into(),
            part: None,
            convert,
        }
    }

    fn dialect() -> Dialect {
        let us = Convert { date: Some("%m/%d/%Y".into()), ..Convert::default() };
        let words = Convert { map: [("SP".to_owned(), "spouse".to_owned())].into(), ..Convert::default() };
        let id =
            Convert { extract: regex::Regex::new("^SSN-(.*)$").ok(), none: vec!["NONE".into()], ..Convert::default() };
        Dialect {
            lookups: Vec::new(),
            records: JsonPath::default(),
            members: None,
            fields: vec![
                mapping(Field::NameLast, "$.last", Convert::default()),
                mapping(Field::NameMiddle, "$.middle", Convert::default()),
                mapping(Field::BirthDate, "$.born", us),
                mapping(Field::Relationship, "$.rel", words),
                mapping(Field::Ssn, "$.ssn", id),
                mapping(Field::Aptc, "$.aptc", Convert::default()),
            ],
            status: Some(StatusMapping {
                path: JsonPath::parse("$.state").unwrap(),
                active: vec!["OK".into()],
                pending: Vec::new(),
                cancelled: Vec::new(),
                terminated: Vec::new(),
            }),
            absent: Absent { status: vec![404], condition: None },
        }
    }

    fn unread(record: &serde_json::Value) -> Vec<Field> {
        let mapped = map_record(&dialect(), record);
        let members = mapped.members.iter().map(crate::model::Facts::unread).fold(FieldSet::EMPTY, FieldSet::union);
        mapped.group.unread().union(members).iter().collect()
    }

    #[test]
    fn a_value_is_understood_where_it_is_one_of_its_fields_kind_or_says_that_there_is_none() {
        let whole = serde_json::json!({"last": "Doe", "middle": null, "born": "02/29/1980", "rel": "SP",
            "ssn": "SSN-900401234", "aptc": 12.5, "state": "ok"});
        assert_eq!(unread(&whole), []);
        for (key, value, field) in [
            ("born", "0000-00-00".into(), Some(Field::BirthDate)),
            ("born", "".into(), None),
            ("rel", "COUSIN".into(), Some(Field::Relationship)),
            ("rel", "01".into(), None),
            ("ssn", "900401234".into(), Some(Field::Ssn)),
            ("ssn", "none".into(), None),
            ("aptc", "twelve".into(), Some(Field::Aptc)),
            ("state", "VOID".into(), Some(Field::PolicyStatus)),
            ("state", serde_json::Value::Null, None),
            ("last", serde_json::json!({"family": "Doe"}), Some(Field::NameLast)),
            ("middle", serde_json::json!([]), Some(Field::NameMiddle)),
        ] {
            let mut record = whole.clone();
            record[key] = value;
            assert_eq!(unread(&record), field.into_iter().collect::<Vec<_>>(), "{record}");
        }
        let mut less = whole;
        less.as_object_mut().unwrap().retain(|key, _| key == "last");
        assert_eq!(unread(&less).len(), 6, "nothing stands where they should stand");
    }
    #[test]
    fn a_part_that_is_not_there_members_without_a_list_and_a_strange_status_are_not_understood() {
        let mut dialect = dialect();
        dialect.fields[0].part = Some((",".to_owned(), 1));
        dialect.members = JsonPath::parse("$.people[*]").ok();
        dialect.status = None;
        let words = Convert { map: [("IN".to_owned(), "effectuated".to_owned())].into(), ..Convert::default() };
        dialect.fields = vec![dialect.fields[0].clone(), mapping(Field::PolicyStatus, "$.state", words)];
        let unread = |record: &serde_json::Value| {
            let mapped = map_record(&dialect, record);
            let members = mapped.members.iter().map(crate::model::Facts::unread).fold(FieldSet::EMPTY, FieldSet::union);
            mapped.group.unread().union(members).iter().collect::<Vec<_>>()
        };
        let of = |last: &str, state: &str| serde_json::json!({"people": [{"last": last}], "state": state});
        assert_eq!(unread(&of("John,Doe", "in")), []);
        assert_eq!(unread(&of("John,", "in")), []);
        assert_eq!(unread(&of("Doe", "in")), [Field::NameLast]);
        assert_eq!(unread(&of("John,Doe", "X")), [Field::PolicyStatus]);
        assert_eq!(unread(&serde_json::json!({"people": [], "state": "in"})), []);
        assert_eq!(unread(&serde_json::json!({"persons": [], "state": "in"})), [Field::MemberEnrolled]);
        assert_eq!(unread(&serde_json::json!({"people": {}, "state": "in"})), []);
        dialect.members = JsonPath::parse("$.people[0]").ok();
        let told = |record: &serde_json::Value| {
            let group = map_record(&dialect, record).group;
            (group.text(Field::MemberEnrolled).map(str::to_owned), group.unread().contains(Field::MemberEnrolled))
        };
        assert_eq!(told(&of("John,Doe", "in")), (None, false), "nobody is left out");
        let people = serde_json::json!({"people": [{"last": "A,B"}, {"last": "C,D"}], "state": "in"});
        assert_eq!(told(&people), (Some("`$.people[0]` leads to 1 of 2".to_owned()), true));
        let deeper = serde_json::json!({"people": {"person": [{"last": "A,B"}]}, "state": "in"});
        for (path, why) in [
            ("$.people.persons[*]", "an object that holds others is no empty list"),
            ("$.people.person[?@.type == 'P']", "a filter that fits nobody"),
        ] {
            dialect.members = JsonPath::parse(path).ok();
            assert!(map_record(&dialect, &deeper).group.unread().contains(Field::MemberEnrolled), "{why}");
        }
        dialect.members = JsonPath::parse("$.people").ok();
        let two = serde_json::json!({"people": [{"last": "A,B"}, {"last": "C,D"}], "state": "in"});
        assert_eq!(map_record(&dialect, &two).members.len(), 2, "a path to a list means its items");
    }
}
