//! How fast households are generated on one core: `cargo bench --bench generator`. An element is a person.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use johndoe::generator::Generator;
use johndoe::model::{EdgeCase, GeneratorVersion, Population, ProbeIndex, STATES, SsnPolicy};
use std::collections::BTreeMap;
use std::hint::black_box;

const HOUSEHOLDS: u32 = 10_000;

fn population(edge_case_share: f64) -> Population {
    Population {
        count: HOUSEHOLDS,
        seed: 2013,
        as_of: chrono::NaiveDate::from_ymd_opt(2013, 11, 15).unwrap_or_default(),
        coverage_begin: None,
        states: STATES.iter().map(|state| (*state).to_owned()).collect(),
        household_size: BTreeMap::from([(1, 4), (2, 3), (3, 2), (4, 1)]),
        edge_case_share,
        edge_cases: EdgeCase::ALL.to_vec(),
        several: true,
        dental_share: 0.3,
        agent_share: 0.0,
        ssn: SsnPolicy::NeverIssued,
        generator: GeneratorVersion::NEWEST,
        rows: Vec::new(),
    }
}

fn people(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generator");
    for (name, share) in [("ordinary people", 0.0), ("a quarter awkward", 0.25)] {
        let generator = Generator::new("bench", &population(share));
        let all = || (0..HOUSEHOLDS).map(|index| black_box(generator.household(ProbeIndex(index))).people.len()).sum();
        let persons: usize = all();
        group.throughput(Throughput::Elements(persons as u64));
        group.bench_function(name, |bencher| bencher.iter(|| -> usize { all() }));
    }
    group.finish();
}

criterion_group!(benches, people);
criterion_main!(benches);
