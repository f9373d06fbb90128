//! Whole trips: handed over, acknowledged, found downstream, taken out again.

use super::{FACTS, Folders, PARTIES, indented, nothing, refuses_interchange, segment, validator};
use crate::cli::{Desk, Told, brief, shipped};
use crate::trial::{Overlay, TARGET, WHOLE, job, overlay, scenario_within, start_sandbox, surroundings};
use johndoe::ledger;
use johndoe::model::{Entry, RunId, Summary};
use johndoe::prober::{Job, Prober};
use johndoe::reconcile;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;

/// A target without any HTTP: `within` is how long an acknowledgement is waited for.
fn mailed(within: &str) -> String {
    let acknowledged = format!("acknowledged: {{path: acks, within: {within}, every: 100ms}}");
    let step = |more: &str| indented(&format!("path: intake\n{PARTIES}\n{more}\n{acknowledged}"), 10);
    let (_, offered) = TARGET.split_once("\nissuers:").expect("issuers and plans");
    format!(
        "target: mailed\nexchange:\n  flows:\n    enroll:\n      - name: enroll\n        edi:\n{}\n    \
         cancel:\n      - name: cancel\n        edi:\n{}\n\
         waypoints:\n  - {{name: edi_834, feed: edi_folder, path: outbound, every: 200ms, within: 20s}}\n\
         issuers:{offered}",
        step(FACTS),
        step("")
    )
}

fn scenario(count: u32) -> String {
    scenario_within("20s", "20s", "20s", "25%", count, "")
}

/// One run to its end, with the ledger that lies in the folder.
async fn run(folder: &Path, count: u32) -> (Summary, Vec<Entry>) {
    let job = job(&scenario(count), &mailed("1m"), &Overlay(BTreeMap::new()), folder);
    begun(&job, &folder.join("ledger.db")).await
}

async fn begun(job: &Job, path: &Path) -> (Summary, Vec<Entry>) {
    let opened = ledger::open(&path.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(job, opened, &surroundings()).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
    let run: RunId = prober.run_id().clone();
    drop(prober);
    let ledger = ledger::open_existing(&path.to_string_lossy()).expect("a ledger");
    let (plan, entries) = (ledger.run_plan(&run).expect("a plan").0, ledger.entries(&run).expect("entries"));
    let ended = entries.last().expect("an entry").at;
    (reconcile::judge(&plan, &entries, ended), entries)
}

#[tokio::test(flavor = "multi_thread")]
async fn households_are_enrolled_found_and_taken_out_and_no_number_comes_twice() {
    let folder = TempDir::new().expect("a folder");
    let folders = Folders::below(folder.path());
    let _receiver = folders.receiver(nothing);
    for round in 1..=2 {
        let (summary, _) = run(folder.path(), 8).await;
        let bad: Vec<_> = summary.probes.iter().filter(|probe| probe.good != Some(true)).collect();
        assert!(bad.is_empty(), "round {round}: {bad:?}");
        assert_eq!((summary.counts.accepted, summary.counts.residue), (8, 0), "round {round}: {:?}", summary.counts);
    }
    let contents = folders.contents();
    assert_eq!(contents.len(), 2 * 2 * 8, "an enrollment and a cancellation of each household");
    let numbers: BTreeSet<_> = contents.iter().map(|content| segment(content, "ISA")[13].clone()).collect();
    assert_eq!(numbers.len(), contents.len());
    let sets: Vec<_> = contents.iter().flat_map(|content| content.split("~ST*834*").skip(1)).collect();
    let named: BTreeSet<_> = sets.iter().map(|set| set.split('*').next()).collect();
    assert_eq!(named.len(), sets.len());
    accepted_by_the_validator(&folders);
}

fn accepted_by_the_validator(folders: &Folders) {
    let Some(validator) = validator() else { return };
    for name in folders.handed_over() {
        let path = folders.of("intake").join(&name);
        let output = std::process::Command::new(&validator).arg(&path).output().expect("the validator");
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(said.contains(": OK") && !said.contains("ERROR"), "{name}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_refused_is_rejected() {
    let folder = TempDir::new().expect("a folder");
    let folders = Folders::below(folder.path());
    let _receiver = folders.receiver(refuses_interchange);
    let (summary, _) = run(folder.path(), 2).await;
    assert_eq!((summary.counts.rejected, summary.counts.accepted), (2, 0), "{:?}", summary.counts);
}

/// Runs `mine.yaml` against `mailed.yaml` until a file is handed over, and no further.
async fn killed_once_handed_over(desk: &Desk, folders: &Folders) {
    let words = ["run", "mine.yaml", "--target", "mailed.yaml", "--json"];
    let mut killed = desk.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
    while folders.handed_over().is_empty() {
        tokio::task::yield_now().await;
    }
    killed.kill().expect("killed");
    killed.wait().expect("its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_waits_it_hears_the_answers_that_came_and_hands_nothing_over_twice() {
    let desk = Desk::new();
    let folders = Folders::below(&desk.path(""));
    desk.write("mine.yaml", &scenario(1));
    desk.write("mailed.yaml", &mailed("2m"));
    killed_once_handed_over(&desk, &folders).await;
    let first = folders.handed_over();
    let half = folders.of("intake").join(format!(".{}.x1Y2z3.part", first.first().expect("a file")));
    std::fs::write(&half, "ISA*00*").expect("half a file");
    let of_another = folders.of("intake").join(".other.edi.x1Y2z3.part");
    std::fs::write(&of_another, "ISA*00*").expect("half a file");
    let _receiver = folders.receiver(nothing);
    let mut resume = desk.command(&["resume", "latest", "--json"]);
    let output = tokio::task::spawn_blocking(move || resume.output()).await.expect("a task").expect("output");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(report["counts"]["accepted"], 1, "{report}");
    assert_eq!(report["counts"]["residue"], 0, "{report}");
    let enrollments = folders.contents().iter().filter(|content| content.contains("*021*EC*")).count();
    assert_eq!(enrollments, 1, "{first:?}");
    assert_eq!(folders.handed_over().len(), 2, "and its cancellation");
    assert!(!half.exists() && of_another.exists(), "what is ours is taken away, and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_waits_it_hears_of_a_refusal_that_came_before_anybody_listened() {
    let desk = Desk::new();
    let folders = Folders::below(&desk.path(""));
    desk.write("mine.yaml", &scenario(1));
    desk.write("mailed.yaml", &mailed("2m"));
    killed_once_handed_over(&desk, &folders).await;
    let _receiver = folders.receiver(refuses_interchange);
    while std::fs::read_dir(folders.of("acks")).expect("acknowledgements").count() == 0 {
        tokio::task::yield_now().await;
    }
    let mut resume = desk.command(&["resume", "latest", "--json"]);
    let output = tokio::task::spawn_blocking(move || resume.output()).await.expect("a task").expect("output");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(report["counts"]["rejected"], 1, "{report}");
    let enrollments = folders.contents().iter().filter(|content| content.contains("*021*EC*")).count();
    assert_eq!(enrollments, 1, "it is not handed over again");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_any_answer_and_seen_nowhere_it_still_knows_whom_to_take_out() {
    let desk = Desk::new();
    let folders = Folders::below(&desk.path(""));
    desk.write("mine.yaml", &scenario(1).replace("20s", "2s"));
    desk.write("mailed.yaml", &mailed("10s"));
    killed_once_handed_over(&desk, &folders).await;
    // Nobody takes the file in, so that no waypoint ever tells an id.
    let mut resume = desk.command(&["resume", "latest", "--json"]);
    tokio::task::spawn_blocking(move || resume.output()).await.expect("a task").expect("output");
    let contents = folders.contents();
    assert_eq!(contents.len(), 2, "the enrollment and its cancellation: {contents:?}");
    let ids = |content: &String| {
        let of = |id: &str| content.split('~').map(str::trim).find(|s| s.starts_with(id)).map(str::to_owned);
        [of("REF*1L*"), of("REF*0F*")]
    };
    assert!(ids(&contents[0]).iter().all(Option::is_some), "{contents:?}");
    assert_eq!(ids(&contents[0]), ids(&contents[1]));
    assert_eq!(contents.iter().filter(|content| content.contains("*024*")).count(), 1, "{contents:?}");
}

const HANDED_OVER: &str = include_str!("../../../scenarios/targets/sandbox-employer.yaml");

#[tokio::test(flavor = "multi_thread")]
async fn the_shipped_target_enrolls_through_the_sandboxs_intake() {
    let (desk, running) = Desk::at_sandbox("").await;
    let words = ["run", &brief("first-enrollment.yaml"), "--target", &shipped("targets/sandbox-employer.yaml")];
    let mut command = desk.command(&[&words[..], &["--count", "12", "--json"]].concat());
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a task").expect("output");
    let told = Told::of(&output);
    told.ends(0, &[]);
    let report: serde_json::Value = serde_json::from_str(&told.out).expect("a report");
    assert_eq!((&report["counts"]["accepted"], &report["counts"]["residue"]), (&12.into(), &0.into()), "{}", told.out);
    assert!(running.troubles().is_empty(), "{:?}", running.troubles());
    running.stop().await;
}

/// The same folders behind the sandbox's SFTP server, both ways.
#[cfg(feature = "sftp")]
#[tokio::test(flavor = "multi_thread")]
async fn files_are_handed_over_and_acknowledged_over_sftp() {
    let folder = TempDir::new().expect("a folder");
    let running = start_sandbox(folder.path(), "", 1).await;
    let sftp = running.sftp.as_ref().expect("an SFTP server");
    let at = |path: &str| format!("sftp://{}@{}{path}", sftp.user, sftp.address);
    let mut names = overlay(&running);
    names.0.insert("JOHNDOE_INTAKE".to_owned(), at(sftp.intake));
    names.0.insert("JOHNDOE_ANSWERS".to_owned(), at(sftp.acks_to_senders));
    let login = "          sftp: {password: sandbox, host_key: \"${env:JOHNDOE_SFTP_KEY}\"}\n          sender:";
    let target = HANDED_OVER.replace("          sender:", login);
    let path = folder.path().join("ledger.db");
    let scenario = scenario(4).replace("[VA, OH, MA]", "[VA, OH]");
    let job = job(&scenario, &target, &names, folder.path());
    let (summary, _) = begun(&job, &path).await;
    let bad: Vec<_> = summary.probes.iter().filter(|probe| probe.good != Some(true)).collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!((summary.counts.accepted, summary.counts.residue), (4, 0), "{:?}", summary.counts);
    running.stop().await;
}
