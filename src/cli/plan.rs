//! `plan`: the households and the records that must be found; reaches nothing.

use super::arguments::Plan;
use super::check::print_table;
use super::context::World;
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, references};
use johndoe::generator::{Generator, Offer, plan_for};
use johndoe::model::{Captures, CoverageLine, Expectation, Fact, Facts, Field, Household, PlanId, ProbeIndex};
use johndoe::prober::offers;
use johndoe::reconcile::expect;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

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
    let scenario = Source::read(&plan.scenario)?.scenario(&plan.people)?;
    let target = match &plan.target {
        Some(path) => Some(Source::read(path)?.target(&references(world))?),
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
    let drawn = Drawn { generator, offers: target.as_ref().map(offers).unwrap_or_default() };
    if plan.json { json_lines(&drawn, probes) } else { tables(&drawn, probes) }
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
}

fn json_lines(drawn: &Drawn, probes: std::ops::Range<u32>) -> Result<Exit, Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for index in probes {
        let (household, plans, expected) = drawn.probe(index);
        let line = Line { probe: ProbeIndex(index), household: &household, plans: &plans, expected: &expected };
        let text = serde_json::to_string(&line).map_err(Failure::harness)?;
        if writeln!(out, "{text}").is_err() {
            // The reader has gone away (`| head`): it has what it wanted.
            return Ok(Exit::Done);
        }
    }
    let _ = out.flush();
    Ok(Exit::Done)
}

fn tables(drawn: &Drawn, probes: std::ops::Range<u32>) -> Result<Exit, Failure> {
    for index in probes {
        let (household, plans, expected) = drawn.probe(index);
        describe(&household, &plans);
        print_table(
            ["  #", "name", "relationship", "born", "age", "sex", "SSN", "e-mail", "applies"],
            (1..).zip(&household.people).map(|(n, person)| {
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
            }),
        );
        describe_expected(&expected);
        anstream::println!();
    }
    Ok(Exit::Done)
}

fn describe(household: &Household, plans: &BTreeMap<CoverageLine, PlanId>) {
    let home = &household.address;
    anstream::println!(
        "probe {}: {}, {} {} {} (county {}, {}), coverage from {}",
        household.index,
        home.street_1,
        home.city,
        home.state,
        home.zip,
        home.county,
        household.rating_area,
        household.coverage_begin
    );
    if !household.edge_cases.is_empty() {
        let cases: Vec<_> = household.edge_cases.iter().map(|c| c.as_str()).collect();
        anstream::println!("  edge cases: {}", cases.join(", "));
    }
    for (line, plan) in plans {
        anstream::println!("  {line} plan: {plan}");
    }
}

fn describe_expected(expected: &Expectation) {
    for group in &expected.groups {
        anstream::println!("  must be found ({}): {}", group.line, stated(&group.facts));
        for member in &group.members {
            anstream::println!("    {}", stated(member));
        }
    }
}

/// The facts that are stated, in words.
fn stated(facts: &Facts) -> String {
    let said = |field: Field| match facts.get(field) {
        Fact::Value(value) => format!("{field}={value}"),
        _ => format!("{field} none"),
    };
    facts.stated().iter().map(said).collect::<Vec<_>>().join("  ")
}
