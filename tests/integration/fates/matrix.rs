//! The confusion matrix: each fault in households of its own among others without, against what the judge says of each.

use super::class::Class;
use super::faults::{Fault, everything};
use crate::eligibility::trips::target;
use crate::trial::{Trial, Tried, scenario_within};
use johndoe::generator::Generator;
use johndoe::model::{Field, Household, ProbeIndex, without_run};
use johndoe::scenario;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Places from here on have three digits, so that no marker is a part of another's.
const FIRST_PLANTED: u32 = 100;
const HOUSEHOLDS: u32 = 325;

/// What the faults need, often enough for each to find a household; the whole catalogue has a test of its own.
const CASES: &str = "po_box, mailing_differs, apostrophe, diacritics, name_suffix, apartment_line, zip_leading_zero";

const SIZES: &str = "household_size: {1: 3, 2: 1, 3: 1, 4: 1}\n  ssn: never_issued\n  agents: 0.3";

/// Every difference counts, also those that are minor by default.
fn strict() -> String {
    let severities: Vec<String> = Field::ALL.iter().map(|field| format!("{field}: critical")).collect();
    format!("compare: {{severity: {{{}}}}}\n", severities.join(", "))
}

/// Gives each fault the first household that has what it needs and no other fault; by marker.
fn assign(faults: &[Fault], scenario_text: &str, places: Range<u32>) -> BTreeMap<String, usize> {
    let scenario = scenario::parse(scenario_text, "trial.yaml").unwrap_or_else(|e| panic!("{e}"));
    let generator = Generator::new(&scenario.name, &scenario.population);
    let mut free: Vec<Household> = places.map(|n| generator.household(ProbeIndex(n))).collect();
    let mut assigned = BTreeMap::new();
    for (n, fault) in faults.iter().enumerate() {
        let at = free.iter().position(|household| fault.fits(household));
        let at = at.unwrap_or_else(|| panic!("no household is left for `{}`", fault.text));
        assigned.insert(free.remove(at).marker, n);
    }
    assigned
}

/// Rows of the matrix with what was said, and how often; `true` where that was to be said.
fn matrix(tried: &Tried, faults: &[Fault], assigned: &BTreeMap<String, usize>) -> BTreeMap<String, Vec<(Class, bool)>> {
    let markers = tried.markers();
    let mut rows: BTreeMap<String, Vec<(Class, bool)>> = BTreeMap::new();
    for probe in &tried.summary.probes {
        let class = Class::of(&tried.plan, probe);
        let fault = assigned.get(&without_run(&markers[&probe.index.0])).and_then(|n| faults.get(*n));
        let (row, right) = match fault {
            Some(fault) => (fault.text.clone(), fault.is_named_by(&class)),
            None => ("(none)".to_owned(), class == Class::good()),
        };
        if !right {
            println!("{row}: {class}\n{probe:?}");
        }
        rows.entry(row).or_default().push((class, right));
    }
    rows
}

fn print(rows: &BTreeMap<String, Vec<(Class, bool)>>) {
    for (row, classes) in rows {
        let mut counts: BTreeMap<(&Class, bool), u32> = BTreeMap::new();
        for (class, right) in classes {
            *counts.entry((class, *right)).or_default() += 1;
        }
        for ((class, right), count) in counts {
            println!("{} {row:<60} {count:>4}  {class}", if right { " " } else { "X" });
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_found_named_and_placed_and_nothing_is_found_where_there_is_none() {
    let scenario = scenario_within("40s", "40s", "40s, eligibility: 40s", "100%", HOUSEHOLDS, &strict());
    let cases = format!("share: 1.0, include: [{CASES}]");
    let scenario =
        scenario.replace("rate: 60/s", "rate: 12/s").replace("share: 0.5", &cases).replace("ssn: never_issued", SIZES);
    // each look asks for every member: three hundred households often, or answers due soon, would be a test of load
    let unhurried = target("active")
        .replace("every: 2s, at_most: 4s", "every: 6s, at_most: 30s")
        .replace("within: 8s", "within: 30s")
        .replace("within: 5s", "within: 30s");
    assert_diagonal(&everything(), &scenario, &unhurried, FIRST_PLANTED..HOUSEHOLDS).await;
}

/// Plants each fault in a household of its own, of those at these places, and runs the scenario: each is found, named and placed,
/// and nothing is found in any other household.
pub(super) async fn assert_diagonal(faults: &[Fault], scenario: &str, target: &str, places: Range<u32>) {
    let assigned = assign(faults, scenario, places);
    let specs: Vec<String> = assigned.iter().map(|(marker, n)| faults[*n].planted_in(marker)).collect();
    let tried = Trial::given(&specs.join(",")).scenario(scenario).target(target).keep().run().await;
    let rows = matrix(&tried, faults, &assigned);
    print(&rows);
    let planted: BTreeSet<String> = tried.truth.iter().map(|fault| without_run(&fault.marker)).collect();
    let not_planted: Vec<&str> = assigned
        .iter()
        .filter(|(marker, _)| !planted.contains(marker.as_str()))
        .map(|(_, n)| faults[*n].text.as_str())
        .collect();
    assert_eq!(not_planted, Vec::<&str>::new(), "never planted");
    let wrong: Vec<&String> =
        rows.iter().filter(|(_, row)| row.iter().any(|(_, right)| !right)).map(|(row, _)| row).collect();
    assert_eq!(wrong, Vec::<&String>::new(), "not on the diagonal");
}
