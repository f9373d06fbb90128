//! What templates can ask for: the household, its plans, the probe, and what the exchange has answered so far.

use super::household::{Base, Names};
use super::people::{People, fact_names, short_name};
use crate::model::{Captures, CoverageLine, Field, Household, IssuerId, Person, PlanId, RunId};
use minijinja::Value;
use minijinja::value::{Enumerator, Object, Serde};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// What templates can ask for. Cheap to clone and to extend: each extension is a layer over the last.
#[derive(Clone)]
pub struct Context {
    base: Arc<Base>,
    /// Everything captured up to here: a later flow, or a later step, adds to it.
    captures: Arc<Captures>,
    layer: Arc<Layer>,
}

/// Names over the names of another layer.
struct Layer {
    parent: Option<Arc<Layer>>,
    names: Names,
    /// Names of the household, in the lowest layer.
    base: Option<Arc<Base>>,
    /// Names of its people and groups with what was captured of each; they come before the layer's other names.
    people: Option<People>,
}

impl Context {
    /// Everything that is known before the first request.
    pub fn new(household: &Household, plans: &BTreeMap<CoverageLine, PlanId>, run: &RunId) -> Self {
        let base = Arc::new(Base::new(household, plans, run));
        let captures = Arc::<Captures>::default();
        let mut names = Names::new();
        for (line, plan) in &base.groups {
            let name = if *line == CoverageLine::Medical { "plan_id" } else { "dental_plan_id" };
            names.extend(plan.as_ref().map(|plan| (name.to_owned(), Value::from(plan.as_str()))));
        }
        let people = Some(People::new(&base, &captures));
        let layer = Arc::new(Layer { parent: None, names, base: Some(Arc::clone(&base)), people });
        Self { base, captures, layer }
    }

    /// With what a flow has captured, beside what was captured before: group fields and free names by their name,
    /// per-member values in `members[i]` and `members[i].captures`. Fields go by their last part (`aptc`), by any name of
    /// the field, and as `group.aptc`.
    #[must_use]
    pub fn with_captures(&self, captures: &Captures) -> Self {
        let mut all = Captures::clone(&self.captures);
        all.add(captures.clone());
        let captures = Arc::new(all);
        let mut names: Names = captures.other.iter().map(|(k, v)| (k.clone(), Value::from(Serde(v)))).collect();
        let mut group = Names::new();
        let spoken_for_all = |line: Option<CoverageLine>| u8::from(line.is_some());
        let mut said: Vec<_> = captures.groups.iter().collect();
        said.sort_by_key(|g| (spoken_for_all(g.line), g.line));
        for capture in said {
            for (name, value) in fact_names(&capture.facts) {
                group.entry(name).or_insert(value);
            }
        }
        // what was told of a plan is of the plan until now; the chosen one is what a step asks for
        let chosen = self.base.groups.iter().find_map(|(line, plan)| Some((*line, plan.as_ref()?)));
        if let Some((CoverageLine::Medical, plan)) = chosen {
            group.insert("plan_id".to_owned(), Value::from(plan.as_str()));
        }
        names.extend(group.clone());
        names.insert("group".to_owned(), Value::from(group));
        let people = Some(People::new(&self.base, &captures));
        let layer = Layer { parent: Some(Arc::clone(&self.layer)), names, base: None, people };
        Self { base: Arc::clone(&self.base), captures, layer: Arc::new(layer) }
    }

    /// With `member` (and all that is known of it) being the one at this place among the applying people.
    #[must_use]
    pub fn with_member(&self, index: usize) -> Self {
        let members = self.layer.find("members");
        let member = members.and_then(|m| m.get_item_by_index(index).ok()).filter(|m| !m.is_undefined());
        self.over(member.into_iter().map(|m| ("member".to_owned(), m)).collect())
    }

    /// With `member` being somebody who left the household, once for each of them: who is to be seen gone has to be asked for. What was
    /// told of them while they were in is known still.
    #[must_use]
    pub fn with_each_leaver(&self) -> Vec<Self> {
        let mut household = self.household().clone();
        let is_left = |(_, person): &(usize, &Person)| person.has_left();
        let left: Vec<usize> = household.members().enumerate().filter(is_left).map(|(place, _)| place).collect();
        if left.is_empty() {
            return Vec::new();
        }
        for person in &mut household.people {
            person.applying |= person.has_left();
        }
        let base = Arc::new(Base::new(&household, &self.plans(), &self.base.run));
        let members = People::new(&base, &self.captures).find("members");
        let each = left.into_iter().filter_map(|place| members.as_ref()?.get_item_by_index(place).ok());
        each.map(|member| self.over(Names::from([("member".to_owned(), member)]))).collect()
    }

    /// With `group` being the one at this place among the household's lines, and everything that is known of it under its plain
    /// name: that group's policy and plan, where the household has several.
    #[must_use]
    pub fn with_group(&self, index: usize) -> Self {
        let groups = self.layer.find("groups");
        let group = groups.and_then(|g| g.get_item_by_index(index).ok()).filter(|g| !g.is_undefined());
        let names = group.iter().flat_map(|g| g.try_iter().into_iter().flatten().map(move |key| (key, g)));
        let own = names.filter_map(|(key, g)| Some((key.as_str()?.to_owned(), g.get_item(&key).ok()?)));
        let own = own.filter(|(name, _)| name != "members");
        self.over(
            own.chain(group.iter().map(|group| ("group".to_owned(), self.group_with_captures(group, index)))).collect(),
        )
    }

    /// A group with what was captured of it under names that are no fields.
    fn group_with_captures(&self, group: &Value, index: usize) -> Value {
        let names = group.try_iter().into_iter().flatten();
        let mut all: Names =
            names.filter_map(|key| Some((key.as_str()?.to_owned(), group.get_item(&key).ok()?))).collect();
        for (name, value) in &self.captures.other {
            let own = value.as_array().filter(|list| list.len() == self.group_count()).and_then(|list| list.get(index));
            if let Some(own) = own {
                all.entry(name.clone()).or_insert_with(|| Value::from(Serde(own)));
            }
        }
        Value::from(all)
    }

    /// The household.
    pub fn household(&self) -> &Household {
        self.base.household()
    }

    /// The plans it chose, where the target lists plans.
    pub fn plans(&self) -> BTreeMap<CoverageLine, PlanId> {
        self.base.groups.iter().filter_map(|(line, plan)| Some((*line, plan.clone()?))).collect()
    }

    /// Everything captured up to here.
    pub fn captures(&self) -> &Captures {
        &self.captures
    }

    /// How many enrollment groups the household is to have.
    pub fn group_count(&self) -> usize {
        self.base.groups.len()
    }

    /// One of these places that says by its plain name what one of several groups alone has, such as the policy id of the first, so
    /// that it says nothing of the others. `issuer`: only groups of its plans count, where theirs are known.
    pub fn one_groups_own(&self, places: &BTreeSet<String>, issuer: Option<&IssuerId>) -> Option<String> {
        let is_there = |plan: &Option<PlanId>| {
            let of = plan.as_ref().and_then(PlanId::issuer);
            of.is_none() || issuer.is_none() || of.as_ref() == issuer
        };
        let lines: Vec<CoverageLine> =
            self.base.groups.iter().filter(|(_, plan)| is_there(plan)).map(|(line, _)| *line).collect();
        let is_one = |place: &&String| {
            let Some(field) = of_first_group(place) else { return false };
            let own = |line: Option<CoverageLine>| {
                let mut of = self.captures.groups.iter().filter(|group| group.line == line);
                of.find_map(|group| group.facts.value(field))
            };
            // what was told for all groups comes first, then the first group's
            let told = own(None).or_else(|| self.base.groups.iter().find_map(|(line, _)| own(Some(*line))));
            told.is_some() && own(None).is_none() && lines.iter().any(|line| own(Some(*line)) != told)
        };
        if self.base.groups.len() < 2 { None } else { places.iter().find(is_one).cloned() }
    }

    /// With one more name.
    #[must_use]
    pub fn with(&self, name: &str, value: serde_json::Value) -> Self {
        self.over(Names::from([(name.to_owned(), Value::from(Serde(value)))]))
    }

    /// How many people apply.
    pub fn member_count(&self) -> usize {
        self.base.member_count()
    }

    /// Whether the dotted name has a value, be it empty.
    pub fn has(&self, name: &str) -> bool {
        self.lookup(name).is_some()
    }

    /// Whether the dotted name has a value that is not empty: a look-up by it can be asked.
    pub fn knows(&self, name: &str) -> bool {
        self.lookup(name).is_some_and(|v| !v.is_none() && v.as_str() != Some(""))
    }

    /// Those of the names that have no value, or an empty one.
    pub fn missing<'a>(&self, names: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
        names.into_iter().filter(|n| !self.knows(n)).cloned().collect()
    }

    /// The value for minijinja.
    pub(super) fn value(&self) -> Value {
        Value::from_dyn_object(Arc::clone(&self.layer))
    }

    /// The value of a name of the first level.
    pub(super) fn get(&self, name: &str) -> Option<Value> {
        self.layer.find(name)
    }

    /// Every name of the first level.
    pub(super) fn top_names(&self) -> BTreeSet<String> {
        self.layer.all_names()
    }

    fn lookup(&self, dotted: &str) -> Option<Value> {
        let mut segments = dotted.split('.');
        let mut value = self.layer.find(segments.next()?)?;
        for segment in segments {
            value = value.get_attr(segment).ok().filter(|v| !v.is_undefined())?;
        }
        Some(value)
    }

    fn over(&self, names: Names) -> Self {
        let layer = Layer { parent: Some(Arc::clone(&self.layer)), names, base: None, people: None };
        Self { base: Arc::clone(&self.base), captures: Arc::clone(&self.captures), layer: Arc::new(layer) }
    }
}

/// The field of the first group that a place leads to by its plain name: `exchange_assigned_policy_id`, `group.aptc`.
pub(super) fn of_first_group(place: &str) -> Option<Field> {
    let name = place.strip_prefix("group.").unwrap_or(place);
    let by_short_name = || Field::parse(&format!("group.{name}"));
    Field::parse(name).or_else(by_short_name).filter(|field| field.is_group())
}

impl fmt::Debug for Context {
    /// Names only: captured values may be session tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Context").field(&self.layer).finish()
    }
}

impl Layer {
    fn find(&self, name: &str) -> Option<Value> {
        self.exact(name).or_else(|| {
            let field = Field::parse(name).filter(|f| f.is_group())?;
            self.exact(short_name(field))
        })
    }

    fn exact(&self, name: &str) -> Option<Value> {
        let mut layer = Some(self);
        while let Some(here) = layer {
            if let Some(value) = here.own(name) {
                return Some(value);
            }
            layer = here.parent.as_deref();
        }
        None
    }

    fn own(&self, name: &str) -> Option<Value> {
        let people = self.people.as_ref().and_then(|people| people.find(name));
        people.or_else(|| self.names.get(name).cloned()).or_else(|| self.base.as_ref()?.find(name))
    }

    fn all_names(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = self.parent.as_ref().map(|p| p.all_names()).unwrap_or_default();
        names.extend(self.names.keys().cloned());
        names.extend(self.people.iter().flat_map(People::names).map(str::to_owned));
        names.extend(self.base.iter().flat_map(|_| Base::names()).map(str::to_owned));
        names
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all_names()).finish()
    }
}

impl Object for Layer {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.find(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.find(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.all_names().into_iter().map(Value::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Context;
    use crate::model::{Captures, CoverageLine, Facts, Field, GroupCapture, Household, PlanId, RunId};
    use crate::target::Template;
    use std::collections::BTreeMap;

    fn household() -> Household {
        let person = |first: &str, applying: bool, relationship: &str| {
            serde_json::json!({"name": {"first": first, "middle": null, "last": "Doe", "suffix": null},
                "birth_date": "1980-01-01", "sex": "female", "relationship": relationship, "applying": applying,
                "ssn": null, "tobacco": false, "marital_status": null, "phone": null, "email": null, "language": null,
                "address": null})
        };
        serde_json::from_value(serde_json::json!({
            "index": 0, "marker": "m", "rating_area": "R-VA007", "income_cents": 0, "coverage_begin": "2014-01-01",
            "as_of": "2013-11-15", "lines": ["medical", "dental"], "edge_cases": [], "mailing": null,
            "address": {"street_1": "1", "street_2": null, "city": "R", "state": "VA", "zip": "23219", "county": "51760"},
            "people": [person("Pat", false, "self"), person("Kim", true, "child"), person("Lee", true, "child")]
        }))
        .unwrap()
    }

    fn captured() -> Context {
        let facts = |pairs: &[(Field, &str)]| {
            let mut facts = Facts::new();
            for (field, text) in pairs {
                facts.set(*field, *text);
            }
            facts
        };
        let captures = Captures {
            groups: vec![
                GroupCapture { line: Some(CoverageLine::Dental), facts: facts(&[(Field::PolicyId, "P-dental")]) },
                GroupCapture { line: Some(CoverageLine::Medical), facts: facts(&[(Field::PolicyId, "P-medical")]) },
                GroupCapture { line: None, facts: facts(&[(Field::SubscriberId, "S1")]) },
            ],
            members: vec![facts(&[(Field::MemberId, "M1")]), facts(&[(Field::MemberId, "M2")])],
            other: BTreeMap::from([("account".into(), 17.into()), ("ids".into(), serde_json::json!(["a", "b"]))]),
            ..Captures::default()
        };
        Context::new(&household(), &BTreeMap::new(), &RunId::new("r")).with_captures(&captures)
    }

    fn render(context: &Context, text: &str) -> String {
        Template::compile(text).unwrap().render(context).unwrap()
    }

    #[test]
    fn captures_go_by_every_name_of_their_field() {
        let context = captured();
        for (text, expected) in [
            ("{{ account }} {{ exchange_assigned_subscriber_id }}", "17 S1"),
            ("{{ exchange_assigned_policy_id }} {{ group.exchange_assigned_policy_id }}", "P-medical P-medical"),
            (
                "{% for g in groups %}{{ g.line }}={{ g.exchange_assigned_policy_id }} {% endfor %}",
                "medical=P-medical dental=P-dental ",
            ),
            ("{{ members[1].exchange_assigned_member_id }} {{ members[1].captures.ids }}", "M2 b"),
        ] {
            assert_eq!(render(&context, text), expected, "{text}");
        }
        assert_eq!(render(&context.with_member(0), "{{ member.name.first }} {{ member.ids }}"), "Kim a");
    }

    #[test]
    fn a_plan_that_was_told_does_not_stand_before_the_one_that_is_chosen_now() {
        let mut facts = Facts::new();
        facts.set(Field::PlanId, "12345VA0010001");
        facts.set(Field::PolicyId, "P1");
        let told = Captures { groups: vec![GroupCapture { line: None, facts }], ..Captures::default() };
        let of = |plans: &[(CoverageLine, &str)]| {
            let plans = plans.iter().map(|(line, plan)| (*line, PlanId::new(*plan))).collect();
            let context = Context::new(&household(), &plans, &RunId::new("r")).with_captures(&told);
            render(&context, "{{ plan_id }} {{ group.plan_id }} {{ exchange_assigned_policy_id }}")
        };
        assert_eq!(of(&[(CoverageLine::Medical, "12345VA0010002")]), "12345VA0010002 12345VA0010002 P1");
        assert_eq!(of(&[]), "12345VA0010001 12345VA0010001 P1", "the exchange chose");
        assert_eq!(of(&[(CoverageLine::Dental, "12345VA0020001")]), "12345VA0010001 12345VA0010001 P1");
    }

    #[test]
    fn what_one_of_several_groups_alone_has_is_told_from_what_all_have() {
        let context = captured();
        let own = |place: &str| context.one_groups_own(&[place.to_owned()].into(), None);
        for place in ["exchange_assigned_policy_id", "group.exchange_assigned_policy_id"] {
            assert_eq!(own(place).as_deref(), Some(place));
        }
        for place in ["exchange_assigned_subscriber_id", "account", "groups[0].exchange_assigned_policy_id", "aptc"] {
            assert_eq!(own(place), None, "{place}");
        }
    }

    #[test]
    fn the_first_who_applies_is_the_subscriber() {
        let context = captured();
        assert_eq!(context.member_count(), 2);
        assert_eq!(
            render(&context, "{{ subscriber.name.first }} {{ subscriber.relationship }} {{ people[0].name.first }}"),
            "Kim self Pat"
        );
    }

    #[test]
    fn known_is_what_has_a_value_that_is_not_empty() {
        let context = captured();
        assert!(context.knows("account") && context.knows("subscriber.name.last"));
        assert!(context.has("subscriber.email") && !context.knows("subscriber.email"));
        assert!(!context.has("plan_id") && !context.has("member.id"));
        assert_eq!(context.missing(&["account".into(), "plan_id".into()]), ["plan_id".to_owned()].into());
        assert!(!format!("{context:?}").contains("S1"), "captured values may be tokens");
    }
}
