//! Generated households with what an exchange would have told them.

use johndoe::generator::Generator;
use johndoe::model::{
    Captures, Cents, CoverageLine, EdgeCase, Expectation, Facts, Field, GeneratorVersion, GroupCapture, Household,
    PlanId, Population, STATES, SsnPolicy,
};
use johndoe::reconcile::expect;
use std::collections::BTreeMap;

pub(super) fn population(seed: u64, cases: &[EdgeCase], share: f64) -> Population {
    Population {
        count: 1,
        seed,
        as_of: "2013-11-15".parse().unwrap(),
        coverage_begin: None,
        states: STATES.iter().map(|state| (*state).to_owned()).collect(),
        household_size: (1..=6).map(|size| (size, 7 - u32::from(size))).collect(),
        edge_case_share: share,
        edge_cases: cases.to_vec(),
        several: true,
        dental_share: 0.5,
        agent_share: 0.0,
        ssn: SsnPolicy::NeverIssued,
        generator: GeneratorVersion::NEWEST,
        rows: Vec::new(),
    }
}

pub(super) fn generator(population: &Population) -> Generator {
    Generator::new("transactions", population)
}

fn plans(household: &Household) -> BTreeMap<CoverageLine, PlanId> {
    let plan = |line: CoverageLine| match line {
        CoverageLine::Medical => PlanId::new("12345VA001000104"),
        CoverageLine::Dental => PlanId::new("12345VA002000101"),
    };
    household.lines.iter().map(|line| (*line, plan(*line))).collect()
}

/// Ids and amounts as an exchange gives them; every member's premium is another, and they add up.
fn captures(household: &Household) -> Captures {
    let index = household.index.0;
    let count = household.people.iter().filter(|person| person.applying).count();
    let premium = |at: usize| Cents(20_000 + 101 * i64::try_from(at).unwrap());
    let total: Cents = (0..count).map(premium).sum();
    let id = |at: usize| format!("{}", 7_000_000_000_u64 + u64::from(index) * 100 + at as u64);
    let groups = household.lines.iter().map(|line| {
        let aptc = if *line == CoverageLine::Medical { Cents(12_345) } else { Cents(0) };
        let mut facts = Facts::new();
        facts.set(Field::ApplicationId, format!("{}", 100_000_000 + index));
        facts.set(Field::PolicyId, format!("P{index}{line}"));
        facts.set(Field::SubscriberId, id(0));
        facts.set(Field::PremiumTotal, total);
        facts.set(Field::Aptc, aptc);
        facts.set(Field::TotalResponsibility, total - aptc);
        facts.set(Field::RatingArea, household.rating_area.as_str());
        GroupCapture { line: Some(*line), facts }
    });
    let members = (0..count).map(|at| {
        let mut facts = Facts::new();
        facts.set(Field::MemberId, id(at));
        facts.set(Field::Premium, premium(at));
        facts
    });
    Captures { groups: groups.collect(), members: members.collect(), ..Captures::default() }
}

pub(super) fn expectation(household: &Household) -> Expectation {
    expect(household, &plans(household), &captures(household))
}
