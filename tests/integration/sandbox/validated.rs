//! Everything that the sandbox writes, before an independent validator.

use super::pipeline::{Pipeline, Told};
use crate::x12_validate::taken_by_the_other;
use johndoe::generator::Generator;
use johndoe::model::{
    EdgeCase, GeneratorVersion, GroupRecord, Household, Population, ProbeIndex, RecordKind, STATES, SsnPolicy,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Faults after which every file is still one that the guides allow: copies, detours, refusals, other people and amounts.
const FAULTS: &str = "ta1_reject=0.08,set_reject=0.2,silent_ack=0.05,duplicate_file=0.05,duplicate_envelope=0.05,\
                      replay_file=0.1,retransmit=0.1,partial_upload=0.05,misroute=0.05,split=0.1,add_dependent=0.1,\
                      relationship=0.1,subsidy=0.1,effectuation_lost=0.1";

/// A household that shows this case and takes a medical and a dental plan.
fn household(case: EdgeCase) -> Household {
    let population = Population {
        count: 1,
        seed: 7,
        as_of: "2013-11-15".parse().unwrap(),
        coverage_begin: None,
        states: STATES.iter().map(|state| (*state).to_owned()).collect(),
        household_size: (1..=6).map(|size| (size, 7 - u32::from(size))).collect(),
        edge_case_share: 1.0,
        edge_cases: vec![case],
        several: true,
        dental_share: 1.0,
        agent_share: 0.0,
        ssn: SsnPolicy::NeverIssued,
        generator: GeneratorVersion::NEWEST,
        rows: Vec::new(),
    };
    let household = Generator::new("validated", &population).household(ProbeIndex(3));
    assert!(household.edge_cases.contains(&case), "{case}");
    assert_eq!(household.lines.len(), 2, "{case}");
    household
}

async fn enroll(pipeline: &Pipeline, case: EdgeCase) -> Told {
    let household = household(case);
    let state = &household.address.state;
    let plans = [format!("12345{state}0010001"), format!("54321{state}0020002")];
    let mut application = serde_json::to_value(&household).unwrap();
    // one probe of each population: its number alone would not tell them apart
    application["marker"] = format!("{case}").into();
    let told = pipeline.enroll(&application, &[&plans[0], &plans[1]]).await;
    assert_eq!(told.status.as_u16(), 201, "{case}: {}", told.enrollment);
    told
}

/// The exchange renews a household by itself for the next year.
async fn renew(pipeline: &Pipeline, case: EdgeCase, told: &Told) {
    let household = household(case);
    let state = &household.address.state;
    let plans = [format!("12345{state}0010001"), format!("54321{state}0020002")];
    let mut application = serde_json::to_value(&household).unwrap();
    let next_year = ("2015-01-01".into(), "passive".into());
    (application["coverage_begin"], application["renewal"]) = next_year;
    let (status, answer) = pipeline.renew_in(&application, told, &[&plans[0], &plans[1]]).await;
    assert_eq!(status.as_u16(), 200, "{case}: {answer}");
}

/// Every awkward household is enrolled, and some are renewed; half of them pay, a third of those cancel too, and of the rest the unpaid are given up.
async fn everything_happens() -> Pipeline {
    let pipeline = Pipeline::with_binder(FAULTS, Some(Duration::from_secs(9))).await;
    let mut told = Vec::new();
    for case in EdgeCase::ALL {
        told.push(enroll(&pipeline, *case).await);
    }
    pipeline.deliver(2).await;
    for told in told.iter().step_by(2) {
        pipeline.pay(told).await;
    }
    pipeline.deliver(2).await;
    for (case, told) in EdgeCase::ALL.iter().zip(&told).step_by(7) {
        renew(&pipeline, *case, told).await;
    }
    pipeline.deliver(1).await;
    for told in told.iter().step_by(3) {
        pipeline.cancel(told).await;
    }
    pipeline.deliver(12).await;
    pipeline
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn kinds<'a>(records: impl Iterator<Item = &'a GroupRecord>) -> BTreeMap<RecordKind, usize> {
    records.fold(BTreeMap::new(), |mut kinds, record| {
        *kinds.entry(record.kind).or_default() += 1;
        kinds
    })
}

/// What there is to validate: every kind of message, both ways, and every kind of answer.
fn assert_complete(pipeline: &Pipeline) {
    let (files, replies) = (pipeline.files(), pipeline.replies());
    assert!(files.iter().chain(&replies).all(|file| file.is_whole));
    let (out, back) =
        (kinds(files.iter().flat_map(|file| &file.records)), kinds(replies.iter().flat_map(|file| &file.records)));
    println!("to issuers {out:?}, to the exchange {back:?}");
    assert!(out[&RecordKind::InitialEnrollment] >= 2 * EdgeCase::ALL.len() && out[&RecordKind::Cancellation] > 10);
    assert!(out[&RecordKind::AutomaticReenrollment] > 5);
    assert!(back[&RecordKind::Effectuation] > 10 && back[&RecordKind::Cancellation] > 10);
    assert!(files.iter().any(|file| file.name.contains(".I834RT.")));
    let acks = Pipeline::acknowledgements(&pipeline.running.acks_from_issuers);
    let count = |is_set: bool, is_accepted: bool| {
        acks.iter().filter(|ack| ack.set.is_some() == is_set && ack.is_accepted == is_accepted).count()
    };
    let told = [count(false, true), count(false, false), count(true, true), count(true, false)];
    println!("interchanges accepted and rejected, sets accepted and rejected: {told:?}");
    assert!(told.iter().all(|count| *count > 2), "{told:?}");
    assert!(!Pipeline::acknowledgements(&pipeline.running.acks_from_exchange).is_empty());
}

/// A copy of an enrollment with a code that there is not, and of an answer whose verdict there is not.
fn spoiled(paths: &[PathBuf]) -> Vec<PathBuf> {
    let spoil = |right: &str, wrong: &str| {
        let text = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
        let (path, text) = paths.iter().map(|path| (path, text(path))).find(|(_, text)| text.contains(right)).unwrap();
        let copy = path.with_extension("spoiled");
        std::fs::write(&copy, text.replacen(right, wrong, 1)).unwrap();
        copy
    };
    vec![spoil("INS*Y*18*021", "INS*Y*18*022"), spoil("AK9*A*", "AK9*Q*"), spoil("AK9*P*", "AK9*Z*")]
}

#[tokio::test]
async fn pyx12_accepts_every_file_in_both_directions_and_every_answer_to_it() {
    let Some(validator) = crate::pyx12::validator() else { return };
    let pipeline = everything_happens().await;
    assert_complete(&pipeline);
    let running = &pipeline.running;
    let folders = [&running.outbound, &running.inbound, &running.acks_from_issuers, &running.acks_from_exchange];
    let paths: Vec<PathBuf> = folders.into_iter().flat_map(|folder| paths(folder)).collect();
    let spoiled = spoiled(&paths);
    assert_eq!(taken_by_the_other(&validator, &spoiled), vec![false; spoiled.len()], "a spoiled copy is refused");
    let taken = taken_by_the_other(&validator, &paths);
    let refused: Vec<_> = paths.iter().zip(taken).filter(|(_, taken)| !taken).map(|(path, _)| path.display()).collect();
    println!("{} files", paths.len());
    for path in &refused {
        println!("{path}: {}", std::fs::read_to_string(path.to_string()).unwrap().replace('~', "~\n"));
    }
    assert!(refused.is_empty(), "{refused:?}");
}
