//! Which fields a waypoint's mapping understood at all. A field that was understood in no record there is the target's
//! mistake, and says nothing of the pipeline: nothing is compared there. Where it was understood in some records, the others
//! are what they show.

use super::case::Case;
use super::compare::{Rules, shown};
use crate::model::{
    Expectation, Fact, Facts, FeedKind, Field, FieldSet, GroupRecord, IssuerId, ProbeIndex, RunPlan, Severity, Value,
    WaypointName,
};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// Whose answers at which waypoint: an issuer's that are read by a mapping of their own, or all others together.
type Whose = (u16, Option<IssuerId>);

/// What was not understood, by waypoint.
#[derive(Debug, Default)]
pub(super) struct NotUnderstood {
    fields: BTreeMap<Whose, FieldSet>,
    told: BTreeMap<(u16, Field), Told>,
}

/// One field that was not understood at a waypoint.
#[derive(Debug, Clone, Default)]
struct Told {
    records: u64,
    /// What stood there instead, where anything did.
    example: Option<String>,
}

/// How one field was read at one place.
#[derive(Debug, Default)]
struct Readings {
    understood: bool,
    /// Some were left out by the place that the target names, so that who was understood is not all.
    left_out: bool,
    /// Somebody had a value there, or something that was no value stood there.
    matters: bool,
    told: Told,
    /// Dates whose month and day are exchanged, and of how many households.
    turned: Turned,
    /// Values that cannot be of that field, and of how many households.
    misshapen: Turned,
}

/// Values that are wrong in one way: dates that would be right were their month and day exchanged, or what cannot be of its field.
#[derive(Debug, Default)]
struct Turned {
    values: u64,
    households: u64,
    /// Beside them, dates were right that are the same with month and day exchanged: they say that dates are read, and not in which
    /// order.
    alike: bool,
    last: Option<ProbeIndex>,
    example: Option<String>,
}

impl Turned {
    fn add(&mut self, of: ProbeIndex, found: impl FnOnce() -> Option<String>) {
        self.values += 1;
        self.households += u64::from(self.last != Some(of));
        self.last = Some(of);
        self.example = self.example.take().or_else(found);
    }
}

impl Readings {
    /// Takes in a record of which the target's path left people out; `is_short`: and of which people of ours are wanted.
    fn leave_out(&mut self, how: &str, is_short: bool) {
        self.understood |= !is_short;
        self.left_out |= is_short;
        self.matters |= is_short;
        self.told.records += u64::from(is_short);
        if is_short {
            self.told.example.get_or_insert_with(|| how.to_owned());
        }
    }

    /// What one household's pipeline turned round is that pipeline's; what stands so of everybody is read so by the target.
    fn settle(&mut self) {
        // where nobody's month and day are exchanged, their order is not in doubt
        self.understood |= self.turned.alike && self.turned.values == 0;
        self.understood &= !self.left_out;
        if !self.understood && self.turned.households > 1 {
            self.told.records += self.turned.values;
            self.matters = true;
            let turned = self.turned.example.take().map(|date| format!("{date}, its month and day exchanged"));
            self.told.example = turned.or(self.told.example.take());
        }
        if !self.understood && self.misshapen.households > 1 {
            self.told.records += self.misshapen.values;
            self.matters = true;
            self.told.example = self.told.example.take().or(self.misshapen.example.take());
        }
    }
}

impl NotUnderstood {
    /// Of everything that was seen of the cases.
    pub(super) fn of(plan: &RunPlan, cases: &BTreeMap<ProbeIndex, Case<'_>>) -> Self {
        let mut read: BTreeMap<(Whose, Field), Readings> = BTreeMap::new();
        for case in cases.values() {
            for seen in &case.seen {
                let at = seen.sighting.waypoint;
                let Some(waypoint) = plan.waypoints.get(usize::from(at)) else { continue };
                if waypoint.feed != FeedKind::JsonApi {
                    continue;
                }
                let whose = (at, apart(plan, &waypoint.name, seen.sighting.issuer.as_ref()));
                add(&mut read, &whose, (&case.expectation, &Rules::at(plan, waypoint)), &seen.sighting.record);
            }
        }
        let mut this = Self::default();
        for ((whose, field), mut readings) in read {
            readings.settle();
            if readings.told.records == 0 || readings.understood || !readings.matters {
                continue;
            }
            let told = this.told.entry((whose.0, field)).or_default();
            told.records += readings.told.records;
            told.example = told.example.take().or(readings.told.example);
            this.fields.entry(whose).or_default().insert(field);
        }
        this
    }

    /// The fields that are not compared at a waypoint of the plan, in what an issuer shows there.
    pub(super) fn at(&self, plan: &RunPlan, index: u16, issuer: Option<&str>) -> FieldSet {
        if self.fields.is_empty() {
            return FieldSet::EMPTY;
        }
        let issuer = issuer.map(IssuerId::new);
        let name = plan.waypoints.get(usize::from(index)).map(|waypoint| &waypoint.name);
        let whose = (index, name.and_then(|name| apart(plan, name, issuer.as_ref())));
        self.fields.get(&whose).copied().unwrap_or_default()
    }

    /// The fields that were not understood at a waypoint, whosever answers.
    pub(super) fn fields(&self, index: u16) -> FieldSet {
        self.told.keys().filter(|(at, _)| *at == index).map(|(_, field)| *field).collect()
    }

    /// Sentences about what matters of it: the verdict cannot be better than blind.
    pub(super) fn reasons(&self, plan: &RunPlan) -> Vec<String> {
        let reason = |((index, field), told): (&(u16, Field), &Told)| {
            let waypoint = plan.waypoints.get(usize::from(*index))?;
            let rules = Rules::at(plan, waypoint);
            if rules.ignore.contains(*field) || rules.severity(*field) == Severity::Minor {
                return None;
            }
            if *field == Field::MemberEnrolled {
                let name = &waypoint.name;
                if let Some(left_out) = &told.example {
                    return Some(format!(
                        "the people of a household were not all read at `{name}`, so who is missing there was not compared: the \
                         target's path {left_out}; let it lead to the whole list (`[*]`)"
                    ));
                }
                return Some(format!(
                    "no member was found in any record at `{name}`, not even a list without any, so no member was compared: correct \
                     the target's `members` there, unless the pipeline lost the members of everybody"
                ));
            }
            let records =
                if told.records == 1 { "the one record".to_owned() } else { format!("all {} records", told.records) };
            let found = told.example.as_ref().map_or_else(
                || "nothing stood where the target says that it stands".to_owned(),
                |example| format!("what stood there, such as `{example}`, is none"),
            );
            Some(format!(
                "`{field}` was not understood in {records} at `{}`, so it was not compared: {found}; correct the target's \
                 `fields` (or `status`) there, unless the pipeline lost it of everybody",
                waypoint.name
            ))
        };
        self.told.iter().filter_map(reason).collect()
    }
}

/// The issuer, where its answers are read by a mapping of their own.
pub(super) fn apart(plan: &RunPlan, waypoint: &WaypointName, issuer: Option<&IssuerId>) -> Option<IssuerId> {
    let apart = plan.read_apart.get(waypoint)?;
    issuer.filter(|issuer| apart.contains(issuer)).cloned()
}

fn add(
    read: &mut BTreeMap<(Whose, Field), Readings>,
    whose: &Whose,
    (expected, rules): (&Expectation, &Rules<'_>),
    record: &GroupRecord,
) {
    let of_groups: Vec<&Facts> = expected.groups.iter().map(|group| &group.facts).collect();
    let left_out = record.facts.value(Field::MemberEnrolled).and_then(Value::as_text);
    let told_apart: FieldSet = left_out.map(|_| Field::MemberEnrolled).into_iter().collect();
    add_facts(read, (whose, expected.probe), (&of_groups, rules), (&record.facts, told_apart));
    if let Some(left_out) = left_out {
        // of a household that is there whole, nobody of ours was left out
        let is_short = expected.groups.iter().any(|group| group.members.len() > record.members.len());
        read.entry((whose.clone(), Field::MemberEnrolled)).or_default().leave_out(left_out, is_short);
    } else if !record.members.is_empty() {
        read.entry((whose.clone(), Field::MemberEnrolled)).or_default().understood = true;
    }
    let of_members: Vec<&Facts> = expected.groups.iter().flat_map(|group| &group.members).collect();
    for member in &record.members {
        add_facts(read, (whose, expected.probe), (&of_members, rules), (member, FieldSet::EMPTY));
    }
}

/// What a status means is needed to tell who is in force, and members to tell who is in, whatever is expected of them.
fn is_needed(field: Field) -> bool {
    matches!(field, Field::PolicyStatus | Field::MemberEnrolled)
}

/// A date that is right, or right with month and day exchanged; one of which both can be said does not say in which order they are
/// read.
fn is_turned(expected: &[&Facts], field: Field, found: Option<&Value>) -> Option<bool> {
    let Some(Value::Date(found)) = found else { return None };
    let turned = NaiveDate::from_ymd_opt(found.year(), found.day(), found.month());
    let is_wanted = |date: NaiveDate| expected.iter().any(|facts| facts.value(field) == Some(&Value::Date(date)));
    match (is_wanted(*found), turned.is_some_and(is_wanted)) {
        (false, true) => Some(true),
        (true, true) => None,
        _ => Some(false),
    }
}

/// Whether a text cannot be this field's, while what is expected has a form that it lacks: an issuer or a plan that is no id of one, a
/// state that is no two letters.
fn is_misshapen(field: Field, found: &str, expected: &[&Facts], rules: &Rules<'_>) -> bool {
    let has_form = |text: &str| has_form_of(field, text.trim(), rules);
    let mut wanted = expected.iter().filter_map(|facts| facts.text(field)).peekable();
    !has_form(found)
        && wanted.peek().is_some()
        && wanted.all(|text| has_form(text) && !text.eq_ignore_ascii_case(found))
}

fn has_form_of(field: Field, text: &str, rules: &Rules<'_>) -> bool {
    let bytes = text.as_bytes();
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    match field {
        Field::Issuer => (bytes.len() == 5 && digits(bytes)) || rules.is_any_issuer(text),
        Field::PlanId => match bytes.split_at_checked(5) {
            Some((issuer, [first, second, ..])) => {
                bytes.len() >= 14 && digits(issuer) && [first, second].iter().all(|byte| byte.is_ascii_alphabetic())
            }
            _ => false,
        },
        Field::State | Field::MailState => bytes.len() == 2 && bytes.iter().all(u8::is_ascii_alphabetic),
        Field::Zip | Field::MailZip => {
            let count = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
            matches!(count, 5 | 9) && bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b' '))
        }
        Field::Email => text.contains('@'),
        Field::Phone => bytes.iter().filter(|byte| byte.is_ascii_digit()).count() >= 7 && !text.contains('@'),
        Field::NameFirst | Field::NameLast | Field::City => text.chars().any(char::is_alphabetic),
        _ => true,
    }
}

fn add_facts(
    read: &mut BTreeMap<(Whose, Field), Readings>,
    (whose, of): (&Whose, ProbeIndex),
    (expected, rules): (&[&Facts], &Rules<'_>),
    (found, but_for): (&Facts, FieldSet),
) {
    let unread = found.unread();
    for field in found.stated().difference(but_for).iter() {
        if field == Field::PolicyStatus && matches!(found.text(field), Some("cancelled" | "terminated")) {
            // a word for who is out says nothing of the words for who is in
            continue;
        }
        let readings = read.entry((whose.clone(), field)).or_default();
        if !unread.contains(field) {
            match (found.value(field), is_turned(expected, field, found.value(field))) {
                (Some(Value::Date(date)), Some(true)) => readings.turned.add(of, || Some(date.to_string())),
                (Some(Value::Date(_)), None) => readings.turned.alike = true,
                (Some(Value::Text(text)), _) if is_misshapen(field, text, expected, rules) => {
                    readings.misshapen.add(of, || shown(field, found.get(field)));
                }
                _ => readings.understood = true,
            }
            continue;
        }
        readings.told.records += 1;
        let example = shown(field, found.get(field));
        let is_wanted = || expected.iter().any(|facts| matches!(facts.get(field), Fact::Value(_)));
        readings.matters |= example.is_some() || is_needed(field) || is_wanted();
        readings.told.example = readings.told.example.take().or(example);
    }
}
