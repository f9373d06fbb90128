//! What is wrong of everybody alike: of each record that a waypoint shows the same field, or nobody ever seen there. A pipeline can do
//! that; a target that reads the wrong place, in the wrong unit or words, does it more often. Nothing of this changes a verdict.

use super::tally::JudgedProbe;
use super::understood::apart;
use crate::model::{
    Arrival, CoverageLine, Discrepancy, FeedKind, Field, GroupAtWaypoint, IssuerId, JourneyStep, Kind, RunPlan,
    Severity, WaypointPlan,
};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer records, or of fewer households, say nothing of everybody.
const FEWEST_RECORDS: usize = 3;
const FEWEST_HOUSEHOLDS: usize = 2;
/// Where more fields than these differ everywhere, it is hardly one mistake.
const MOST_FIELDS: usize = 3;

/// What one waypoint, or one issuer there that is read by a mapping of its own, showed and did not show.
#[derive(Debug, Default)]
struct Shown<'a> {
    records: Vec<&'a [Discrepancy]>,
    households: BTreeSet<u32>,
    /// Households that were looked for in vain.
    missed: BTreeSet<u32>,
    /// It is of a change, which may be that somebody comes or goes.
    is_of_change: bool,
}

/// Whose records: of which change (`None`: the enrollment), a waypoint's place in the plan, the issuer that is read apart there, and of
/// which line (`None`: of all).
type Whose = (Option<JourneyStep>, usize, Option<IssuerId>, Option<CoverageLine>);

/// The fields that differ in every record, by whose they are.
type Alike<'a> = BTreeMap<&'a Whose, BTreeSet<Field>>;

/// A sentence for each thing that is wrong of everybody: of every line and issuer by itself, and of all of them together where each of
/// them has too few records to tell.
pub(super) fn hints(plan: &RunPlan, judged: &[JudgedProbe]) -> Vec<String> {
    let each = shown(plan, judged);
    let mut together: BTreeMap<Whose, Shown<'_>> = BTreeMap::new();
    for ((step, at, ..), shown) in &each {
        together.entry((*step, *at, None, None)).or_default().join(shown);
    }
    let mut told = Told::default();
    told.tell(plan, &each);
    told.tell(plan, &together);
    told.sentences
}

/// What was told so far.
#[derive(Debug, Default)]
struct Told {
    sentences: Vec<String>,
    /// Fields, by the step and the waypoint at which they are told to differ; those of the flow at all waypoints.
    fields: BTreeMap<(Option<JourneyStep>, usize), BTreeSet<Field>>,
    /// Waypoints at which nobody was ever seen.
    empty: BTreeSet<usize>,
}

impl Told {
    fn tell(&mut self, plan: &RunPlan, shown: &BTreeMap<Whose, Shown<'_>>) {
        let seen = shown.iter().filter(|(_, shown)| !shown.records.is_empty());
        let known = self.fields.clone();
        let news = |whose: &Whose, shown: &Shown<'_>| {
            let known = known.get(&(whose.0, whose.1)).cloned().unwrap_or_default();
            shown.in_every_record().difference(&known).copied().collect()
        };
        let alike: Alike<'_> = seen.map(|(whose, shown)| (whose, news(whose, shown))).collect();
        let lines: BTreeSet<Option<CoverageLine>> = shown.keys().map(|whose| whose.3).collect();
        let of_line = |line: Option<CoverageLine>| {
            line.filter(|_| lines.len() > 1).map_or_else(String::new, |line| format!("{line} "))
        };
        for of in shown.keys().map(|whose| (whose.0, whose.3)).collect::<BTreeSet<_>>() {
            if let Some((fields, at)) = from_the_first(&alike, of) {
                self.of_flow(plan, (of.0, &of_line(of.1)), (&fields, &at));
            }
        }
        for (whose, shown) in shown {
            let inherited = from_the_first(&alike, (whose.0, whose.3)).map(|(fields, _)| fields).unwrap_or_default();
            let fields: BTreeSet<Field> = alike.get(whose).into_iter().flatten().copied().collect();
            let fields: BTreeSet<Field> = fields.difference(&inherited).copied().collect();
            self.at_waypoint(plan, (whose, &of_line(whose.3)), (shown, &fields));
        }
    }

    /// What differs from the beginning on.
    fn of_flow(
        &mut self,
        plan: &RunPlan,
        (step, line): (Option<JourneyStep>, &str),
        (fields, at): (&BTreeSet<Field>, &[usize]),
    ) {
        let names = at.iter().filter_map(|at| plan.waypoints.get(*at)).map(|at| format!("`{}`", at.name));
        self.sentences.push(format!(
            "every {line}record{} at {} differs in {}: see what the target's flow says and captures of it; `johndoe try` shows each \
             answer beside what is taken from it",
            of_step(step),
            names.collect::<Vec<_>>().join(" and "),
            listed(fields)
        ));
        for at in 0..plan.waypoints.len() {
            self.fields.entry((step, at)).or_default().extend(fields);
        }
    }

    /// What differs at one waypoint alone, and that nobody was ever seen there.
    fn at_waypoint(
        &mut self,
        plan: &RunPlan,
        (whose, line): (&Whose, &str),
        (shown, fields): (&Shown<'_>, &BTreeSet<Field>),
    ) {
        let Some(waypoint) = plan.waypoints.get(whose.1) else { return };
        let at = match &whose.2 {
            Some(issuer) => format!("`{}` of `{issuer}`", waypoint.name),
            None => format!("`{}`", waypoint.name),
        };
        if !fields.is_empty() && waypoint.feed == FeedKind::JsonApi {
            self.sentences.push(format!(
                "every {line}record{} that {at} showed ({}) differs in {}{}: see the target's `fields` there; `johndoe try` shows what \
                 stands in an answer",
                of_step(whose.0),
                shown.records.len(),
                listed(fields),
                shape(fields, &shown.records)
            ));
            self.fields.entry((whose.0, whose.1)).or_default().extend(fields);
        }
        let is_empty = whose.0.is_none() && shown.records.is_empty() && shown.missed.len() >= FEWEST_HOUSEHOLDS;
        let is_known = whose.3.is_none() && self.empty.contains(&whose.1);
        if is_empty && !is_known {
            self.sentences.push(format!(
                "no {line}record of {} households was ever seen at {at}: see whether the target looks in the right place ({})",
                shown.missed.len(),
                places(waypoint)
            ));
            self.empty.insert(whose.1);
        }
    }
}

fn of_step(step: Option<JourneyStep>) -> String {
    step.map_or_else(String::new, |step| format!(" of the {}", step.in_words()))
}

/// What is shown of enrollments that exist, by whose it is.
fn shown<'a>(plan: &RunPlan, judged: &'a [JudgedProbe]) -> BTreeMap<Whose, Shown<'a>> {
    let mut shown: BTreeMap<Whose, Shown<'a>> = BTreeMap::new();
    for probe in judged.iter().filter(|probe| probe.exists()) {
        for group in &probe.groups {
            let issuer = group.summary.issuer.as_deref().map(IssuerId::new);
            for at in group.summary.waypoints.iter().chain(&group.summary.changes) {
                let known = plan.waypoints.iter().enumerate().find(|(_, waypoint)| waypoint.name.as_str() == at.name);
                let Some((index, waypoint)) = known else { continue };
                let of = apart(plan, &waypoint.name, issuer.as_ref());
                shown.entry((at.step, index, of, Some(group.summary.line))).or_default().add(probe.summary.index.0, at);
            }
        }
    }
    shown
}

impl<'a> Shown<'a> {
    fn add(&mut self, household: u32, at: &'a GroupAtWaypoint) {
        self.is_of_change |= at.step.is_some();
        if at.integrity.is_some() {
            self.records.push(&at.discrepancies);
            self.households.insert(household);
        } else if at.arrival == Arrival::Missing {
            self.missed.insert(household);
        }
    }

    /// Takes in what another issuer, or another line, showed.
    fn join(&mut self, other: &Shown<'a>) {
        self.is_of_change |= other.is_of_change;
        self.records.extend(&other.records);
        self.households.extend(&other.households);
        self.missed.extend(&other.missed);
    }

    /// The fields that matter and differ in every record.
    fn in_every_record(&self) -> BTreeSet<Field> {
        let of = |record: &&[Discrepancy]| -> BTreeSet<Field> {
            let major = record
                .iter()
                .filter(|d| d.severity != Severity::Minor && (self.is_of_change || d.field != Field::MemberEnrolled));
            major.map(|d| d.field).collect()
        };
        if self.records.len() < FEWEST_RECORDS || self.households.len() < FEWEST_HOUSEHOLDS {
            return BTreeSet::new();
        }
        let all = self.records.iter().map(of).reduce(|all, own| all.intersection(&own).copied().collect());
        all.filter(|fields| fields.len() <= MOST_FIELDS).unwrap_or_default()
    }
}

/// The fields of a line, at a step, that differ in every record at the first waypoint that shows any, and again behind it: what came so from the
/// beginning. And the waypoints at which they do.
fn from_the_first(
    alike: &Alike<'_>,
    of: (Option<JourneyStep>, Option<CoverageLine>),
) -> Option<(BTreeSet<Field>, Vec<usize>)> {
    let of_line = || alike.iter().filter(|(whose, _)| (whose.0, whose.3) == of);
    let first = of_line().map(|(whose, _)| whose.1).min()?;
    let at_first = of_line().filter(|(whose, _)| whose.1 == first).map(|(_, fields)| fields.clone());
    let at_first = at_first.reduce(|all, own| all.intersection(&own).copied().collect())?;
    let behind = || of_line().filter(|(whose, _)| whose.1 > first);
    let fields: BTreeSet<Field> = behind().flat_map(|(_, fields)| fields.intersection(&at_first)).copied().collect();
    let again = behind().filter(|(_, own)| !own.is_disjoint(&fields)).map(|(whose, _)| whose.1);
    let at: BTreeSet<usize> = std::iter::once(first).chain(again).collect();
    (!fields.is_empty()).then(|| (fields, at.into_iter().collect()))
}

fn listed(fields: &BTreeSet<Field>) -> String {
    fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ")
}

/// How they differ, where that is one way in all of them.
fn shape(fields: &BTreeSet<Field>, records: &[&[Discrepancy]]) -> String {
    let of = |field: Field| {
        let pairs = records.iter().flat_map(|record| record.iter()).filter(move |d| d.field == field);
        pairs.filter_map(|d| Some((d.expected.as_deref()?, d.found.as_deref()?))).collect::<Vec<_>>()
    };
    let only = fields.iter().next().copied().filter(|_| fields.len() == 1);
    if let Some(field) = only {
        let pairs = of(field);
        let times =
            |a: &str, b: &str| matches!((cents(a), cents(b)), (Some(a), Some(b)) if a.checked_mul(100) == Some(b));
        return match field.kind() {
            Kind::Money if pairs.iter().all(|(expected, found)| times(expected, found)) => {
                " (each is 100 times what is expected: cents, read as dollars)".to_owned()
            }
            Kind::Money if pairs.iter().all(|(expected, found)| times(found, expected)) => {
                " (each is a hundredth of what is expected: dollars, read as cents)".to_owned()
            }
            Kind::Code => exchanged_words(&pairs),
            _ => String::new(),
        };
    }
    match fields.iter().copied().collect::<Vec<_>>().as_slice() {
        [one, other] if stand_for_each_other(*one, *other, records) => {
            " (each stands where the other is expected)".to_owned()
        }
        _ => String::new(),
    }
}

/// Two words that stand for each other.
fn exchanged_words(pairs: &[(&str, &str)]) -> String {
    let distinct: BTreeSet<(&str, &str)> = pairs.iter().copied().collect();
    match distinct.iter().copied().collect::<Vec<_>>().as_slice() {
        [(a, b), (c, d)] if a == d && b == c => format!(" (`{a}` and `{b}` are exchanged)"),
        _ => String::new(),
    }
}

fn stand_for_each_other(one: Field, other: Field, records: &[&[Discrepancy]]) -> bool {
    let mut of_people = records.iter().flat_map(|record| {
        record.iter().filter(move |d| d.field == one).map(move |d| {
            let beside = record.iter().find(|with| with.field == other && with.member == d.member);
            beside.is_some_and(|with| {
                is_same(d.found.as_ref(), with.expected.as_ref()) && is_same(with.found.as_ref(), d.expected.as_ref())
            })
        })
    });
    of_people.all(|is_so| is_so)
}

/// Whether two texts are the same but for their letters' case.
fn is_same(one: Option<&String>, other: Option<&String>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

/// An amount as it is shown, in cents.
fn cents(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    format!("{whole}{part}").parse().ok().filter(|_| part.len() == 2)
}

/// What says where a waypoint is looked at.
fn places(waypoint: &WaypointPlan) -> &'static str {
    match waypoint.feed {
        FeedKind::EdiFolder | FeedKind::Ack => "`path`, `names`",
        FeedKind::JsonApi => "`base_url`, `lookup`, `records`",
        FeedKind::Eligibility => "`base_url`, `payer`, `ask_by`",
    }
}
