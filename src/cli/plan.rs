//! `plan`: the households and the records that must be found; reaches nothing.

use super::console::{print_each, tell};
use super::context::World;
use super::count::cannot_pass;
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, references};
use super::flags::Plan;
use super::lists::table;
use johndoe::generator::{Generator, plan_for};
use johndoe::model::{
    Captures, CoverageLine, Expectation, Fact, Facts, Field, Household, Offer, Person, PlanId, ProbeIndex,
};
use johndoe::prober::offers;
use johndoe::reconcile::expect;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    probe: ProbeIndex,
    household: &'a Household,
    plans: &'a BTreeMap<CoverageLine, PlanId>,
    expected: &'a Expectation,
}

/// Shows who would be sent.
pub(crate) fn plan(plan: &Plan, world: &World) -> Result<Exit, Failure> {
    let set = &plan.typed.set;
    let scenario = Source::read_with(&plan.scenario, set)?.scenario(&plan.people)?;
    if let Some(why) = cannot_pass(&scenario) {
        tell(&format!("warning: {}: {why}", plan.scenario.display()));
    }
    let target = match &plan.target {
        Some(path) => Some(Source::read_with(path, set)?.target(&references(world))?),
        None => None,
    };
    let probes = match plan.probe {
        Some(probe) if probe >= scenario.population.count => {
            let last = scenario.population.count - 1;
            return Err(Failure::usage(format!("probe {probe} is not among 0 to {last}; --count asks for more")));
        }
        Some(probe) => probe..probe + 1,
        None => 0..scenario.population.count,
    };
    let generator = Generator::new(&scenario.name, &scenario.population);
    let generator = match &target {
        Some(target) => generator.rated_by(&target.rating_areas),
        None => generator,
    };
    let drawn = Drawn { generator, offers: target.as_ref().map(offers).unwrap_or_default() };
    let line = |index| if plan.json { drawn.json_line(index) } else { Ok(drawn.tables(index)) };
    print_each(probes.map(line)).map(|()| Exit::Done)
}

/// What households are drawn from.
struct Drawn {
    generator: Generator,
    offers: Vec<Offer>,
}

impl Drawn {
    fn probe(&self, index: u32) -> (Household, BTreeMap<CoverageLine, PlanId>, Expectation) {
        let household = self.generator.household(ProbeIndex(index));
        let plans = plan_for(&household, &self.offers);
        let expected = expect(&household, &plans, &Captures::default());
        (household, plans, expected)
    }

    fn json_line(&self, index: u32) -> Result<String, Failure> {
        let (household, plans, expected) = self.probe(index);
        let line = Line { probe: ProbeIndex(index), household: &household, plans: &plans, expected: &expected };
        serde_json::to_string(&line).map_err(Failure::harness)
    }

    fn tables(&self, index: u32) -> String {
        let (household, plans, expected) = self.probe(index);
        let rows = (1_u32..).zip(&household.people).map(|(n, person)| row(n, person, &household));
        let head = ["  #", "name", "relationship", "born", "age", "sex", "SSN", "e-mail", "applies"];
        described(&household, &plans) + &table(head, rows) + &described_expected(&expected)
    }
}

fn row(n: u32, person: &Person, household: &Household) -> [String; 9] {
    [
        format!("  {n}"),
        person.name.to_string(),
        person.relationship.to_string(),
        person.birth_date.to_string(),
        person.age_on(household.as_of).to_string(),
        person.sex.to_string(),
        person.ssn.as_ref().map_or("none", |_| "never issued").to_owned(),
        person.email.clone().unwrap_or_default(),
        if person.applying { "yes" } else { "no" }.to_owned(),
    ]
}

fn described(household: &Household, plans: &BTreeMap<CoverageLine, PlanId>) -> String {
    let home = &household.address;
    let place = format!("{}, {} {} {}", home.street_1, home.city, home.state, home.zip);
    let area = match household.rating_area.as_str() {
        "" => format!("county {}", home.county),
        area => format!("county {}, {area}", home.county),
    };
    let mut text = format!("probe {}: {place} ({area}), coverage from {}\n", household.index, household.coverage_begin);
    if !household.edge_cases.is_empty() {
        let cases: Vec<_> = household.edge_cases.iter().map(|c| c.as_str()).collect();
        let _ = writeln!(text, "  edge cases: {}", cases.join(", "));
    }
    for (line, plan) in plans {
        let _ = writeln!(text, "  {line} plan: {plan}");
    }
    if let Some(agent) = &household.agent {
        let _ = writeln!(text, "  agent: {}, NPN {}", agent.name, agent.npn.as_str());
    }
    text
}

fn described_expected(expected: &Expectation) -> String {
    let mut text = String::new();
    for group in &expected.groups {
        let _ = writeln!(text, "  must be found ({}): {}", group.line, stated(&group.facts));
        for member in &group.members {
            let _ = writeln!(text, "    {}", stated(member));
        }
    }
    text
}

/// The facts that are stated, in words.
fn stated(facts: &Facts) -> String {
    let said = |field: Field| match facts.get(field) {
        Fact::Value(value) => format!("{field}={value}"),
        _ => format!("{field} none"),
    };
    facts.stated().iter().map(said).collect::<Vec<_>>().join("  ")
}
