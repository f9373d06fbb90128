//! An answer to a look-up as whoever tries a target is told of it: how it is built, and what the target's mapping finds there. Of
//! whom it speaks is not told: it may be anybody.

use super::mapping::{Mapped, items, map_record};
use crate::model::{Facts, Field, places_of};
use crate::target::{Answer, Dialect, FieldMapping, JsonPath};
use serde_json::Value as Json;

/// Fields by which a record is known to be somebody's.
const TELLING: [Field; 6] =
    [Field::PolicyId, Field::SubscriberId, Field::ApplicationId, Field::MemberId, Field::Email, Field::Ssn];

/// What an answer holds, line by line. `means`: what it is taken for, where it is not one with records.
pub(super) fn anatomy(dialect: &Dialect, answer: &Answer, means: Option<&str>) -> Vec<String> {
    let mut lines = vec![format!("< {} ({} bytes)", answer.status, answer.body.len())];
    lines.extend(means.map(|means| format!("! {means}")));
    let Some(body) = answer.document(&dialect.records).filter(|body| body.is_object() || body.is_array()) else {
        let kind = if dialect.records.is_of_elements() { "XML" } else { "JSON object or list" };
        lines.push(format!("the answer holds no {kind}"));
        return lines;
    };
    let body = &dialect.with_keys(body.clone());
    let records: Vec<&Json> = dialect.records.query(body).into_iter().flat_map(items).collect();
    let mapped: Vec<Mapped> = records.iter().map(|record| map_record(dialect, record)).collect();
    lines.push(format!("records  `{}`: {}", dialect.records, found(records.len())));
    let members: Vec<&Facts> = mapped.iter().flat_map(|mapped| &mapped.members).collect();
    if let Some(path) = &dialect.members {
        lines.push(format!("members  `{path}`: {}", found(members.len())));
    }
    let groups: Vec<&Facts> = mapped.iter().map(|mapped| &mapped.group).collect();
    for mapping in dialect.fields.iter().filter(|_| !records.is_empty()) {
        lines.push(of_field(mapping, if mapping.field.is_group() { &groups } else { &members }));
    }
    if let Some(status) = dialect.status.as_ref().filter(|_| !records.is_empty()) {
        let (there, unread) = count(Field::PolicyStatus, &groups);
        lines.push(format!(
            "status   `{}`: {}",
            status.path,
            of_all((there, unread), groups.len(), "a word that `status` lists")
        ));
    }
    if !records.is_empty() {
        lines.push(recognisable(&groups, &members));
    }
    let own = names_in_target(dialect);
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    lines.push("what stands where (values are left out: they may be anybody's):".to_owned());
    lines.extend(places_of(body, &own).iter().map(|place| format!("  {place}")));
    lines
}

fn found(count: usize) -> String {
    if count == 0 { "nothing there".to_owned() } else { format!("{count} found") }
}

/// How many facts have a value of the field, and how many of these could not be understood.
fn count(field: Field, of: &[&Facts]) -> (usize, usize) {
    let there = of.iter().filter(|facts| facts.value(field).is_some()).count();
    (there, of.iter().filter(|facts| facts.unread().contains(field)).count())
}

fn of_all((there, unread): (usize, usize), all: usize, expected: &str) -> String {
    if unread == 0 {
        return format!("in {there} of {all}");
    }
    format!(
        "in {there} of {all}; in {unread} there is nothing at that place, or it is not understood (expected {expected})"
    )
}

fn of_field(mapping: &FieldMapping, of: &[&Facts]) -> String {
    let paths: Vec<String> = mapping.paths.iter().map(|path| format!("`{path}`")).collect();
    let kind = format!("{:?}", mapping.field.kind()).to_lowercase();
    let told = of_all(count(mapping.field, of), of.len(), &kind);
    format!("field    {} ({}): {told}", mapping.field, paths.join(", "))
}

/// By what records of this kind can be told to be ours.
fn recognisable(groups: &[&Facts], members: &[&Facts]) -> String {
    let mut by: Vec<String> = Vec::new();
    for field in TELLING {
        let (there, _) = count(field, if field.is_group() { groups } else { members });
        by.extend((there > 0).then(|| format!("{field} ×{there}")));
    }
    let has = |facts: &&&Facts| [Field::NameLast, Field::BirthDate].iter().all(|f| facts.value(*f).is_some());
    let named = members.iter().filter(has).count();
    by.extend(
        (named > 0).then(|| format!("name and birth date ×{named} (with street or telephone, or of two people)")),
    );
    if by.is_empty() {
        return "recognised by nothing: map an id or the mailbox, or name and birth date with street or telephone"
            .to_owned();
    }
    format!("could be recognised by {}", by.join(", "))
}

/// Names that the target's own paths say.
fn names_in_target(dialect: &Dialect) -> Vec<String> {
    let mapped = dialect.fields.iter().flat_map(|mapping| mapping.paths.iter().chain(&mapping.cents));
    let status = dialect.status.iter().map(|status| &status.path);
    let paths: Vec<&JsonPath> =
        std::iter::once(&dialect.records).chain(&dialect.members).chain(mapped).chain(status).collect();
    let is_name = |name: &&str| !name.is_empty();
    let names = |path: &&JsonPath| -> Vec<String> {
        let text = path.to_string();
        text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'))
            .filter(is_name)
            .map(str::to_owned)
            .collect()
    };
    paths.iter().flat_map(names).collect()
}

#[cfg(test)]
mod tests {
    use super::anatomy;
    use crate::model::Field;
    use crate::target::{Absent, Answer, Convert, Dialect, FieldMapping, JsonPath};

    fn mapping(field: Field, path: &str) -> FieldMapping {
        let paths = vec![JsonPath::parse(path).unwrap()];
        FieldMapping { field, paths, cents: None, joined_by: " ".into(), part: None, convert: Convert::default() }
    }

    #[test]
    fn an_answer_tells_how_it_is_built_and_what_the_mapping_finds_and_of_nobody() {
        let dialect = Dialect {
            lookups: Vec::new(),
            records: JsonPath::parse("$.households[*]").unwrap(),
            members: JsonPath::parse("$.people[*]").ok(),
            fields: vec![mapping(Field::PolicyId, "$.policy"), mapping(Field::BirthDate, "$.geb")],
            status: None,
            absent: Absent { status: vec![404], condition: None },
        };
        let body = r#"{"households": [{"policy": "P-77123", "people": [{"geb": "13.11.1961", "last": "Qvrtson"},
            {"geb": "1961-11-13", "Qvrtson": 1}]}]}"#;
        let answer = Answer { status: 200, body: body.as_bytes().to_vec(), ..Answer::default() };
        let told = anatomy(&dialect, &answer, None).join("\n");
        for shown in [
            "records  `$.households[*]`: 1 found",
            "members  `$.people[*]`: 2 found",
            "(`$.policy`): in 1 of 1",
            "(`$.geb`): in 2 of 2; in 1 there is nothing at that place, or it is not understood (expected date)",
            "could be recognised by group.exchange_assigned_policy_id ×1",
            "$.households[*].people[*].geb  text ×2  99.99.9999  9999-99-99",
            "$.households[*].people[*].Aaaaaaa  number ×1  9",
        ] {
            assert!(told.contains(shown), "`{shown}` in\n{told}");
        }
        assert!(!told.contains("Qvrtson") && !told.contains("77123") && !told.contains("1961"), "{told}");
        let page = Answer { status: 200, body: b"<html>Qvrtson".to_vec(), ..Answer::default() };
        let told = anatomy(&dialect, &page, Some("no JSON")).join("\n");
        assert!(told.contains("! no JSON") && !told.contains("Qvrtson"), "{told}");
    }
}
