//! What differs of a member, field by field.

use super::fields::{Line, canonical, is_ignored};
use crate::wire::outline::{Field, Item};

/// What happened to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// In the second file only.
    Added,
    /// In the first file only.
    Removed,
    /// In both, and not the same.
    Changed,
}

impl ChangeKind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A field that differs; empty where a file does not have it. Social Security numbers are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name.
    pub name: &'static str,
    /// In the first file.
    pub first: String,
    /// In the second file.
    pub second: String,
}

/// A member that is not the same in both files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// First and last name.
    pub name: String,
    /// Relationship in words.
    pub relationship: String,
    /// Policy id and member id.
    pub ids: (String, String),
    /// ST02 and segment number in the first file and in the second, where the member is there.
    pub places: [Option<(String, u32)>; 2],
    /// What differs; empty unless it is changed.
    pub fields: Vec<FieldChange>,
}

fn place_of(item: &Item) -> (String, u32) {
    let [_, _, set] = &item.control;
    (set.clone(), item.segment)
}

/// Of a member that is in one file only.
pub(super) fn alone(item: &Item, kind: ChangeKind) -> Change {
    let text = |name: &str| item.field(name).map(|field| field.shown().into_owned()).unwrap_or_default();
    let names = [text("first_name"), text("last_name")];
    let place = Some(place_of(item));
    Change {
        kind,
        name: names.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" "),
        relationship: item.field("relationship").and_then(|field| field.means()).unwrap_or_default().to_owned(),
        ids: (text("policy_id"), text("member_id")),
        places: if kind == ChangeKind::Removed { [place, None] } else { [None, place] },
        fields: Vec::new(),
    }
}

/// Of a member that is in both; what its set says of all its members is appended to each.
pub(super) fn changed(first: &Item, second: &Item, ignored: &[String]) -> Change {
    let places = [first, second].map(|item| Some(place_of(item)));
    Change { places, fields: differing(first, second, ignored), ..alone(second, ChangeKind::Changed) }
}

/// The fields of which the values differ. Of fields that occur several times all are compared together.
fn differing(first: &Item, second: &Item, ignored: &[String]) -> Vec<FieldChange> {
    let unlike = names(unlike(first, second), ignored);
    let changed: Vec<_> = unlike.into_iter().filter_map(|name| change_of(name, first, second)).collect();
    if !changed.is_empty() {
        return changed;
    }
    // All values are there: they have changed places between lines of coverage.
    let names = names(first.fields().chain(second.fields()), ignored);
    names.into_iter().filter_map(|name| moved(name, first, second)).collect()
}

/// The names of fields, each once, but for those that are not compared.
fn names<'a>(fields: impl Iterator<Item = Field<'a>>, ignored: &[String]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for field in fields {
        if !names.contains(&field.name) && !is_ignored(field.name, ignored) {
            names.push(field.name);
        }
    }
    names
}

fn moved(name: &'static str, first: &Item, second: &Item) -> Option<FieldChange> {
    let [first, second] = [first, second].map(|item| by_line(item, name));
    (first != second).then(|| FieldChange { name, first: first.join(", "), second: second.join(", ") })
}

/// The values of a name with the lines of coverage that they tell of.
fn by_line(item: &Item, name: &str) -> Vec<String> {
    let mut line = Line::default();
    let told = item.fields().map(|field| (line.of(&field), field));
    let mut values: Vec<_> = told
        .filter(|(_, field)| field.name == name)
        .map(|(line, field)| format!("{} {}", String::from_utf8_lossy(line), shown(&[field])).trim_start().to_owned())
        .collect();
    values.sort();
    values
}

/// The fields without those that both members begin with and end with: only of names among them can the values differ.
fn unlike<'a>(first: &'a Item, second: &'a Item) -> impl Iterator<Item = Field<'a>> {
    let like = |(one, other): &(Field<'_>, Field<'_>)| one.name == other.name && canonical(one) == canonical(other);
    let head = first.fields().zip(second.fields()).take_while(like).count();
    let tails = first.fields().rev().zip(second.fields().rev());
    let shorter = first.fields().len().min(second.fields().len());
    let tail = tails.take(shorter - head).take_while(like).count();
    let rest = |item: &'a Item| item.fields().take(item.fields().len() - tail).skip(head);
    rest(first).chain(rest(second))
}

fn change_of(name: &'static str, first: &Item, second: &Item) -> Option<FieldChange> {
    let [mut one, mut other] = [first, second].map(|item| values(item, name));
    if name.ends_with("_from") {
        one.retain(|field| !is_implied(field, second));
        other.retain(|field| !is_implied(field, first));
    }
    let is_same = one.iter().map(canonical).eq(other.iter().map(canonical));
    let (first, second) = (shown(&one), shown(&other));
    // Two numbers of which the same digits may be shown are not the same.
    let second = if first == second { format!("{second} (other hidden digits)") } else { second };
    (!is_same).then_some(FieldChange { name, first, second })
}

/// Whether a category's date is the begin of coverage in the other file, where it is not told again.
fn is_implied(field: &Field<'_>, elsewhere: &Item) -> bool {
    let begin = elsewhere.text("benefit_begin");
    !begin.is_empty() && field.value.ends_with(begin)
}

/// The fields of a name, by their values.
fn values<'a>(item: &'a Item, name: &str) -> Vec<Field<'a>> {
    let mut values: Vec<_> = item.fields().filter(|field| field.name == name).collect();
    values.sort_by(|a, b| (canonical(a), a.value).cmp(&(canonical(b), b.value)));
    values
}

fn shown(fields: &[Field<'_>]) -> String {
    fields.iter().map(Field::shown).collect::<Vec<_>>().join(", ")
}
