//! `subscriber`, `members` and `groups` as templates see them, with what was captured of each.

use super::household::{Base, Names};
use crate::model::{Captures, CoverageLine, Facts, Field, PlanId};
use minijinja::Value;
use minijinja::value::Serde;
use std::sync::{Arc, OnceLock};

/// What every group has, whatever was captured.
pub(super) const OF_A_GROUP: [&str; 3] = ["line", "plan_id", "members"];

/// The people who apply and their groups, joined with what has been captured. Made when they are first asked for: most
/// templates ask for none of them, and a run makes many contexts of each household.
pub(super) struct People {
    base: Arc<Base>,
    captures: Arc<Captures>,
    members: OnceLock<Vec<Value>>,
    groups: OnceLock<Value>,
}

impl People {
    pub(super) fn new(base: &Arc<Base>, captures: &Arc<Captures>) -> Self {
        let (base, captures) = (Arc::clone(base), Arc::clone(captures));
        Self { base, captures, members: OnceLock::new(), groups: OnceLock::new() }
    }

    /// The value of one of the names.
    pub(super) fn find(&self, name: &str) -> Option<Value> {
        match name {
            "subscriber" => self.members().first().cloned(),
            "members" => Some(Value::from(self.members().to_vec())),
            "groups" => Some(self.groups.get_or_init(|| self.make_groups()).clone()),
            _ => None,
        }
    }

    /// Every name.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let subscriber = (self.base.member_count() > 0).then_some("subscriber");
        subscriber.into_iter().chain(["members", "groups"])
    }

    fn members(&self) -> &[Value] {
        self.members.get_or_init(|| {
            let (known, places) = (self.base.members(), self.base.household().places());
            let each = known.iter().zip(places).enumerate();
            each.map(|(at, (names, place))| member(names, (at, known.len()), place, &self.captures)).collect()
        })
    }

    fn make_groups(&self) -> Value {
        let groups = self.base.groups.iter();
        let made = groups.map(|(line, plan)| group(*line, plan.as_ref(), self.members(), &self.captures));
        Value::from(made.collect::<Vec<Value>>())
    }
}

/// `aptc` of `group.aptc`, `name.last` of `member.name.last`.
pub(super) fn short_name(field: Field) -> &'static str {
    field.name().split_once('.').map_or(field.name(), |(_, tail)| tail)
}

pub(super) fn fact_names(facts: &Facts) -> impl Iterator<Item = (String, Value)> {
    facts.values().map(|(field, value)| (short_name(field).to_owned(), Value::from(value.to_string())))
}

/// `place`: where what is known of this member stands among all who ever were.
fn member(known: &Names, (index, of): (usize, usize), place: usize, captures: &Captures) -> Value {
    let mut own: Names = captures.members.get(place).map(|f| fact_names(f).collect()).unwrap_or_default();
    for (name, value) in &captures.other {
        if let Some(list) = value.as_array().filter(|l| l.len() == of) {
            own.extend(list.get(index).map(|v| (name.clone(), Value::from(Serde(v)))));
        }
    }
    let mut member = known.clone();
    for (name, value) in &own {
        member.entry(name.clone()).or_insert_with(|| value.clone());
    }
    member.insert("captures".to_owned(), Value::from(own));
    Value::from(member)
}

fn group(line: CoverageLine, plan: Option<&PlanId>, members: &[Value], captures: &Captures) -> Value {
    let mut group = Names::new();
    for capture in captures.groups.iter().filter(|c| c.line.is_none_or(|l| l == line)) {
        group.extend(fact_names(&capture.facts));
    }
    group.insert("line".to_owned(), Value::from(line.as_str()));
    group.insert("members".to_owned(), Value::from(members.to_vec()));
    if let Some(plan) = plan {
        group.insert("plan_id".to_owned(), Value::from(plan.as_str()));
    }
    Value::from(group)
}
