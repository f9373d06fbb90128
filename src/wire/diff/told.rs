//! The second reading: what differs, field by field.

use super::fields::{canonical, is_ignored};
use super::prints::{Difference, members};
use crate::wire::outline::Item;
use crate::wire::x12::ReadError;
use std::collections::{HashMap, HashSet};
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

/// A member as it is kept between the files.
#[derive(Debug, Clone)]
pub struct Kept {
    fields: Vec<(&'static str, Box<[u8]>, String)>,
    place: (String, u32),
}

impl Kept {
    fn new(item: &Item, ignored: &[String]) -> Self {
        let wanted = item.fields().filter(|field| !is_ignored(field.name, ignored));
        let fields = wanted.map(|field| {
            let shown = field.masked().unwrap_or_else(|| String::from_utf8_lossy(field.value).into_owned());
            (field.name, canonical(&field).into(), shown)
        });
        let [_, _, set] = &item.control;
        Self { fields: fields.collect(), place: (set.clone(), item.segment) }
    }
}

fn about(item: &Item, kind: ChangeKind) -> Change {
    let text = |name: &str| String::from_utf8_lossy(item.text(name)).into_owned();
    let names = [text("first_name"), text("last_name")];
    let [_, _, set] = &item.control;
    let place = Some((set.clone(), item.segment));
    Change {
        kind,
        name: names.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" "),
        relationship: item.field("relationship").and_then(|field| field.means).unwrap_or_default().to_owned(),
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
) -> Result<HashMap<u32, Kept>, ReadError> {
    let gone: HashSet<_> = difference.removed.iter().copied().collect();
    let changed: HashSet<_> = difference.changed.iter().map(|(_, first)| *first).collect();
    let mut kept = HashMap::new();
    members(source, |number, item| {
        if gone.contains(&number) {
            removed(about(item, ChangeKind::Removed));
        } else if changed.contains(&number) {
            kept.insert(number, Kept::new(item, &difference.ignored));
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
    pub kept: HashMap<u32, Kept>,
}

impl Told {
    /// Reads the second file again, and calls back for those who were added or changed, in its order.
    pub fn tell(&self, source: impl Read, mut each: impl FnMut(Change)) -> Result<(), ReadError> {
        let added: HashSet<_> = self.difference.added.iter().copied().collect();
        let changed: HashMap<_, _> = self.difference.changed.iter().copied().collect();
        members(source, |number, item| {
            if added.contains(&number) {
                each(about(item, ChangeKind::Added));
            } else if let Some(first) = changed.get(&number).and_then(|first| self.kept.get(first)) {
                let second = Kept::new(item, &self.difference.ignored);
                let change = about(item, ChangeKind::Changed);
                let [_, place] = change.places;
                let places = [Some(first.place.clone()), place];
                each(Change { places, fields: differing(first, &second), ..change });
            }
        })
    }
}

/// The fields of which the values differ. Of fields that occur several times all are compared together.
fn differing(first: &Kept, second: &Kept) -> Vec<FieldChange> {
    let mut names: Vec<&'static str> = Vec::new();
    for (name, ..) in first.fields.iter().chain(&second.fields) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let all = |kept: &Kept, name: &str| {
        let own = kept.fields.iter().filter(|(other, ..)| *other == name);
        let mut values: Vec<_> = own.map(|(_, value, shown)| (value.clone(), shown.clone())).collect();
        values.sort();
        values
    };
    let differs = |name: &'static str| {
        let (one, other) = (all(first, name), all(second, name));
        let is_same = one.iter().map(|(value, _)| value).eq(other.iter().map(|(value, _)| value));
        let shown =
            |values: Vec<(Box<[u8]>, String)>| values.into_iter().map(|(_, s)| s).collect::<Vec<_>>().join(", ");
        (!is_same).then(|| FieldChange { name, first: shown(one), second: shown(other) })
    };
    names.into_iter().filter_map(differs).collect()
}
