//! What differs of a member, field by field and loop by loop.

use super::fields::{canonical, is_ignored};
use super::loops::{Loop, paired};
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
    /// What sets say of all their members: nobody's own.
    Header,
}

impl ChangeKind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Header => "header",
        }
    }
}

/// A field that differs; empty where a file does not have it. Social Security numbers are masked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name.
    pub name: &'static str,
    /// Of which of the member's coverages or other loops it tells, where there are several of a kind; empty where there are
    /// not, and where several changed alike: then each value says which.
    pub of: String,
    /// In the first file.
    pub first: String,
    /// In the second file.
    pub second: String,
    /// The same for people: codes as what they mean, days and times as they are written.
    pub words: [String; 2],
}

/// A member that is not the same in both files, or a header.
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
    /// The number that the subscriber's whole family has.
    pub subscriber_id: String,
    /// Whether policy and member id are the exchange's. Elsewhere they may be a group's number and a branch's, which all share.
    pub is_exchanges: bool,
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
        subscriber_id: text("subscriber_id"),
        is_exchanges: item.is_federal,
        places: if kind == ChangeKind::Removed { [place, None] } else { [None, place] },
        fields: Vec::new(),
    }
}

/// Of a member that is in both.
pub(super) fn changed(first: &Item, second: &Item, ignored: &[String]) -> Change {
    let places = [first, second].map(|item| Some(place_of(item)));
    Change { places, fields: differing(first, second, ignored), ..alone(second, ChangeKind::Changed) }
}

/// Of what two sets say of all their members.
pub(super) fn header(first: &Item, second: &Item, ignored: &[String], is_told: &dyn Fn(&str) -> bool) -> Change {
    let [one, other] =
        [first, second].map(|item| item.fields().filter(|field| is_told(field.name)).collect::<Vec<_>>());
    let fields = compared(&one, &other, [first, second], ignored);
    let places = [first, second].map(|item| Some(place_of(item)));
    Change { places, fields, ..alone(second, ChangeKind::Header) }
}

/// The fields of which the values differ: of the member itself, then of each coverage and other loop.
fn differing(first: &Item, second: &Item, ignored: &[String]) -> Vec<FieldChange> {
    let (one, other) = (Loop::of(first), Loop::of(second));
    let mut found = Vec::new();
    of_loops((&one, &other), "", [first, second], ignored, &mut found);
    merged(found)
}

/// What differs between two that are the same loop, and between the loops in them.
fn of_loops(
    (first, second): (&Loop<'_>, &Loop<'_>),
    of: &str,
    items: [&Item; 2],
    ignored: &[String],
    found: &mut Vec<FieldChange>,
) {
    let own = compared(&first.own, &second.own, items, ignored);
    found.extend(own.into_iter().map(|change| FieldChange { of: of.to_owned(), ..change }));
    let nothing = Loop::default();
    for (one, other) in paired(&first.inner, &second.inner) {
        let Some(named) = one.or(other) else { continue };
        let label = label(named, &first.inner, &second.inner);
        let label = [of, &label].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        of_loops((one.unwrap_or(&nothing), other.unwrap_or(&nothing)), &label, items, ignored, found);
    }
}

/// What tells a loop from the others of its kind in either file; nothing where it is the only one.
fn label(named: &Loop<'_>, first: &[Loop<'_>], second: &[Loop<'_>]) -> String {
    let is_coverage = |other: &Loop<'_>| other.own.first().is_some_and(|field| field.coverage > 0 && field.part == 0);
    let is_like = |other: &&Loop<'_>| is_coverage(other) == is_coverage(named) && other.kind() == named.kind();
    let most = first.iter().filter(is_like).count().max(second.iter().filter(is_like).count());
    if most <= 1 {
        return String::new();
    }
    let told: &[&str] =
        if is_coverage(named) { &["coverage", "coverage_description", "plan_id", "benefit_begin"] } else { &[] };
    let from = |field: &&Field<'_>| field.name.ends_with("_from") || field.name.ends_with("_begin");
    let by_day = named.own.iter().find(from).or(named.implied.as_ref()).filter(|_| !is_coverage(named));
    // Of a category that has no name here, the name stands before the day.
    let day = |field: &Field<'_>| field.in_words().rsplit(": ").next().map(|day| format!("from {day}"));
    let mut said: Vec<String> = by_day.and_then(day).into_iter().collect();
    if said.is_empty() && !is_coverage(named) {
        said.extend(named.own.first().map(Field::in_words));
    }
    for name in told {
        let Some(field) = named.own.iter().find(|field| field.name == *name) else { continue };
        // a day stands as in what differs beside it; codes stay short
        said.push(if from(&field) { field.in_words() } else { field.shown().into_owned() });
        let is_same = |other: &&Loop<'_>| {
            is_coverage(other)
                && told
                    .iter()
                    .take_while(|one| *one != name)
                    .chain([name])
                    .all(|one| other.text(one) == named.text(one))
        };
        if first.iter().filter(is_same).count().max(second.iter().filter(is_same).count()) <= 1 {
            break;
        }
    }
    said.join(" ")
}

/// Changes of one name in several loops as one, each value with the loop that it is of.
fn merged(found: Vec<FieldChange>) -> Vec<FieldChange> {
    let mut kept: Vec<(FieldChange, Vec<FieldChange>)> = Vec::new();
    for change in found {
        match kept.iter_mut().find(|(first, _)| first.name == change.name) {
            Some((_, more)) => more.push(change),
            None => kept.push((change, Vec::new())),
        }
    }
    kept.into_iter().map(|(first, more)| if more.is_empty() { first } else { together(first, more) }).collect()
}

fn together(first: FieldChange, more: Vec<FieldChange>) -> FieldChange {
    let name = first.name;
    let mut all: Vec<_> = std::iter::once(first).chain(more).collect();
    all.sort_by(|one, other| one.of.cmp(&other.of));
    let joined = |value: &dyn Fn(&FieldChange) -> &str| {
        let told = all.iter().filter(|change| !value(change).is_empty());
        told.map(|change| format!("{} {}", change.of, value(change)).trim_start().to_owned())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let words = [joined(&|change| change.words[0].as_str()), joined(&|change| change.words[1].as_str())];
    FieldChange {
        name,
        of: String::new(),
        first: joined(&|change| &change.first),
        second: joined(&|change| &change.second),
        words,
    }
}

/// The names of which two lists of fields have other values; of a name that occurs several times all are compared together.
fn compared(first: &[Field<'_>], second: &[Field<'_>], items: [&Item; 2], ignored: &[String]) -> Vec<FieldChange> {
    let mut names = Vec::new();
    for field in first.iter().chain(second) {
        if !names.contains(&field.name) && !is_ignored(field.name, ignored) {
            names.push(field.name);
        }
    }
    names.into_iter().filter_map(|name| change_of(name, [first, second], items)).collect()
}

fn change_of(name: &'static str, fields: [&[Field<'_>]; 2], items: [&Item; 2]) -> Option<FieldChange> {
    let [mut one, mut other] = fields.map(|fields| values(fields, name));
    // where one side tells no date, it is the begin of coverage
    if name.ends_with("_from") && (one.is_empty() || other.is_empty()) {
        one.retain(|field| !is_implied(field, items[1]));
        other.retain(|field| !is_implied(field, items[0]));
    }
    if one.iter().map(canonical).eq(other.iter().map(canonical)) {
        return None;
    }
    let joined = |fields: &[Field<'_>], shown: &dyn Fn(&Field<'_>) -> String| {
        fields.iter().map(shown).collect::<Vec<_>>().join(", ")
    };
    let [first, mut second] = [&one, &other].map(|fields| joined(fields, &|field| field.shown().into_owned()));
    let mut words = [&one, &other].map(|fields| joined(fields, &|field| field.in_words()));
    // Two numbers of which the same digits may be shown are not the same.
    if first == second {
        second += HIDDEN;
        words[1] += HIDDEN;
    }
    Some(FieldChange { name, of: String::new(), first, second, words })
}

const HIDDEN: &str = " (other hidden digits)";

/// Whether a category's date is a begin of coverage in the other file, where it is not told again.
fn is_implied(field: &Field<'_>, elsewhere: &Item) -> bool {
    let is_it = |other: &Field<'_>| other.name == "benefit_begin" && field.value.ends_with(other.value);
    elsewhere.fields().any(|other| is_it(&other))
}

/// The fields of a name, by their values.
fn values<'a>(fields: &[Field<'a>], name: &str) -> Vec<Field<'a>> {
    let mut values: Vec<_> = fields.iter().filter(|field| field.name == name).copied().collect();
    values.sort_by(|a, b| (canonical(a), a.value).cmp(&(canonical(b), b.value)));
    values
}
