//! The second reading: what differs, field by field.

use super::fields::{Line, PARTIES, canonical, is_ignored};
use super::prints::{Difference, members_of_sets};
use crate::wire::outline::{Field, Item, Outline};
use crate::wire::x12::ReadError;
use std::collections::HashMap;
use std::io::Read;

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

fn about(item: &Item, kind: ChangeKind) -> Change {
    let text = |name: &str| String::from_utf8_lossy(item.text(name)).into_owned();
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

/// Reads the first file again: calls back for those who were removed, and keeps those who changed.
pub fn keep(
    source: impl Read,
    difference: &Difference,
    mut removed: impl FnMut(Change),
) -> Result<HashMap<u32, Item>, ReadError> {
    let gone = &difference.removed;
    let mut wanted: Vec<_> = difference.changed.iter().map(|(_, first)| *first).chain(gone.iter().copied()).collect();
    wanted.sort_unstable();
    let mut kept = HashMap::new();
    members_of_sets(Outline::of_members(source, wanted), Item::clone, |item, set| {
        if gone.binary_search(&item.number).is_ok() {
            removed(about(item, ChangeKind::Removed));
        } else {
            kept.insert(item.number, with_parties(item, set));
        }
    })?;
    Ok(kept)
}

/// What is known before the second file is read again.
#[derive(Debug)]
pub struct Told {
    /// From [`Prints::compare`](super::Prints::compare).
    pub difference: Difference,
    /// From [`keep`].
    pub kept: HashMap<u32, Item>,
}

impl Told {
    /// Reads the second file again, and calls back for those who were added or changed, in its order.
    pub fn tell(&self, source: impl Read, mut each: impl FnMut(Change)) -> Result<(), ReadError> {
        let changed: HashMap<_, _> = self.difference.changed.iter().copied().collect();
        let mut wanted: Vec<_> = changed.keys().chain(&self.difference.added).copied().collect();
        wanted.sort_unstable();
        members_of_sets(Outline::of_members(source, wanted), Item::clone, |item, set| {
            let Some(first) = changed.get(&item.number) else { return each(about(item, ChangeKind::Added)) };
            let Some(first) = self.kept.get(first) else { return };
            let change = about(item, ChangeKind::Changed);
            let [_, place] = change.places;
            let places = [Some(place_of(first)), place];
            let fields = differing(first, &with_parties(item, set), &self.difference.ignored);
            each(Change { places, fields, ..change });
        })
    }
}

/// A member with what its set says of all its members.
fn with_parties(member: &Item, set: &Item) -> Item {
    let mut item = member.clone();
    item.append(set, PARTIES);
    item
}

/// The fields of which the values differ. Of fields that occur several times all are compared together.
fn differing(first: &Item, second: &Item, ignored: &[String]) -> Vec<FieldChange> {
    let mut names: Vec<&'static str> = Vec::new();
    for field in first.fields().chain(second.fields()) {
        if !names.contains(&field.name) && !is_ignored(field.name, ignored) {
            names.push(field.name);
        }
    }
    let changed: Vec<_> = names.iter().filter_map(|name| change_of(name, first, second)).collect();
    if !changed.is_empty() {
        return changed;
    }
    // All values are there: they have changed places between lines of coverage.
    names.into_iter().filter_map(|name| moved(name, first, second)).collect()
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
    let one = |field: &Field<'_>| field.masked().unwrap_or_else(|| String::from_utf8_lossy(field.value).into_owned());
    fields.iter().map(one).collect::<Vec<_>>().join(", ")
}
