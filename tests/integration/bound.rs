//! Every key that a file may hold binds to something that is read: taken away, what comes of the file is another.

use super::files::{AREAS, Given, as_json, canary_of, files_in};
use johndoe::generator::Generator;
use johndoe::model::{ProbeIndex, RunId};
use johndoe::prober::run_plan;
use johndoe::{canary, scenario, target};
use serde_json::Value;
use std::collections::BTreeSet;

/// Where `everything.yaml` can be carried out.
const TARGET: &str = "target: t
exchange:
  base_url: http://127.0.0.1:9
  flows: {enroll: [{post: /a, json: '{{ application }}'}], cancel: {cancels_paid: true, steps: [{post: /c, json: '{{ application }}'}]},
    add_dependent: [{post: /n, json: '{{ application }}', capture: {aptc: $.a}}],
    remove_dependent: [{post: /n, json: '{{ application }}'}], marry: [{post: /n, json: '{{ application }}'}],
    divorce: [{post: /n, json: '{{ application }}'}],
    report_income: [{post: /n, json: '{{ application }}', capture: {aptc: $.a}}],
    change_agent: [{post: /n, json: '{{ application }}'}],
    pay: [{post: /n}], miss_payment: [{post: /n}],
    change_plan: [{post: /p, json: '{{ application }}'}], subscriber_dies: [{post: /p, json: '{{ application }}'}],
    renew: [{post: /p, json: '{{ application }}'}], terminate: [{post: /t}], reinstate: [{post: /t}],
    change_address: [{post: /m, json: '{{ application }}', capture: {rating_area: $.r}}], correct_person: [{post: /w, json: '{{ application }}'}]}
waypoints:
  - {name: exchange, feed: edi_folder, path: a}
  - {name: edi_834, feed: edi_folder, path: b, windows: {every: 1h}}
  - {name: ack_999, feed: edi_folder, path: c}
  - {name: issuer, feed: edi_folder, path: d, windows: {every: 1h}}
  - name: state
    feed: json_api
    base_url: http://127.0.0.1:9
    lookups: [{get: '/s?by={{ probe.marker }}'}]
    records: $.all[*]
    members: $.people[*]
    fields: {policy_status: $.status, last: $.last, first: $.first, birth_date: $.born, email: $.mail}
limits: {probes: 10000000}
";

/// What a run would be of a scenario: the judge's plan, the people, and how they are sent.
fn run_of(text: &str) -> Result<String, String> {
    let scenario = scenario::parse(text, "s.yaml").map_err(|e| e.to_string())?;
    let target = target::parse(TARGET, "t.yaml", &Given::default()).unwrap_or_else(|e| panic!("{e}"));
    let plan =
        run_plan(&scenario, &target, RunId::new("r"), chrono::DateTime::UNIX_EPOCH).map_err(|e| e.to_string())?;
    let generator = Generator::new(&scenario.name, &scenario.population);
    let people: Vec<_> = (0..40).map(|index| generator.household(ProbeIndex(index))).collect();
    Ok(format!("{plan:?} {:?} {people:?}", scenario.load))
}

fn target_of(text: &str) -> Result<String, String> {
    let given = Given {
        env: [("ACME_TOKEN", "t0ken-acme")].into(),
        files: [("ca/token", "f1le\n"), ("areas.csv", AREAS)].into(),
    };
    target::parse(text, "t.yaml", &given).map(|target| format!("{target:?}")).map_err(|e| e.to_string())
}

/// Every key of every mapping in the tree, as the way to it.
fn keys(tree: &Value, way: &str, found: &mut Vec<(String, String)>) {
    match tree {
        Value::Object(entries) => {
            for (key, value) in entries {
                found.push((way.to_owned(), key.clone()));
                let key = key.replace('~', "~0").replace('/', "~1");
                keys(value, &format!("{way}/{key}"), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| keys(item, &format!("{way}/{at}"), found));
        }
        _ => {}
    }
}

/// Every property that a schema knows.
fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(entries) => {
            let own = entries.get("properties").and_then(Value::as_object);
            found.extend(own.into_iter().flatten().map(|(name, _)| name.clone()));
            entries.values().for_each(|value| properties(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, found)),
        _ => {}
    }
}

/// What says what would hold without it, in files that show how a whole one looks.
const AS_UNLESS_SAID: &[&str] = &["/population/household_size/2", "/journey/0/expect/submission"];

/// Takes each key away from each of the files; gives back those that were seen to matter, and fails on one that does not.
fn binding(files: &[(String, String)], come_of: fn(&str) -> Result<String, String>) -> BTreeSet<String> {
    let (mut bound, mut loose, mut tried) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for (name, text) in files {
        let tree = as_json(text);
        let whole = come_of(&tree.to_string()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let mut all = Vec::new();
        keys(&tree, "", &mut all);
        for (way, key) in all {
            let mut less = tree.clone();
            less.pointer_mut(&way).and_then(Value::as_object_mut).unwrap().remove(&key);
            if name != "refusal.yaml" && AS_UNLESS_SAID.contains(&format!("{way}/{key}").as_str()) {
                continue;
            }
            // once in each kind of mapping is enough
            if !tried.insert((way.rsplit('/').find(|part| part.parse::<u8>().is_err()).map(str::to_owned), key.clone()))
            {
                continue;
            }
            if come_of(&less.to_string()).as_ref() == Ok(&whole) {
                loose.push(format!("{name}: {way}/{key}"));
            } else {
                bound.insert(key);
            }
        }
    }
    assert!(loose.is_empty(), "nothing is read of:\n{}", loose.join("\n"));
    bound
}

#[test]
fn every_key_of_a_scenario_changes_what_a_run_of_it_would_be() {
    let mut files = files_in("tests/fixtures/scenario/valid", "yaml");
    files.retain(|(name, _)| ["everything.yaml", "refusal.yaml", "terms.yaml", "rows.yaml"].contains(&name.as_str()));
    let bound = binding(&files, run_of);
    let mut known = BTreeSet::new();
    properties(&scenario::schema(), &mut known);
    let unbound: Vec<_> = known.difference(&bound).collect();
    assert!(unbound.is_empty(), "no valid file shows what these are for: {unbound:?}");
}

#[test]
fn every_key_of_a_target_changes_what_is_read_of_it() {
    let mut files = files_in("tests/fixtures/target/valid", "yaml");
    files.retain(|(name, _)| name != "design.yaml");
    let bound = binding(&files, target_of);
    let mut known = BTreeSet::new();
    properties(&target::schema(), &mut known);
    // carried out where files are read: `cli::layered` holds it
    known.remove("extends");
    let unbound: Vec<_> = known.difference(&bound).collect();
    assert!(unbound.is_empty(), "no valid file shows what these are for: {unbound:?}");
}

#[test]
fn every_key_of_a_canary_changes_what_is_read_of_it() {
    let files = files_in("tests/fixtures/canary/valid", "yaml");
    let bound = binding(&files, |text| canary_of(text, "c.yaml").map(|canary| format!("{canary:?}")));
    let mut known = BTreeSet::new();
    properties(&canary::schema(), &mut known);
    let unbound: Vec<_> = known.difference(&bound).collect();
    assert!(unbound.is_empty(), "no valid file shows what these are for: {unbound:?}");
}
