//! A receiver acknowledges the sandbox's files: what it said of each set is what is said of each household.

use crate::trial::{Bench, Trial, Tried, WHOLE, brisk_target, job, overlay, scenario_within};
use johndoe::model::{Arrival, Event, FindingKind, Integrity, ProbeSummary};
use johndoe::prober::Options;
use johndoe::wire::ack::SegmentError;
use johndoe::wire::ack::answer::{Answer, Objection, ReceivedNumbers, answer};
use johndoe::wire::x12::{self, ControlNumbers, PlacedSegment};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What the receiver does with a set, by its control number: rejects it, says nothing, or accepts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Rejects,
    IsSilent,
    Accepts,
}

fn deed(control: &str) -> Deed {
    match control.parse::<u64>().unwrap() % 4 {
        0 => Deed::Rejects,
        1 => Deed::IsSilent,
        _ => Deed::Accepts,
    }
}

fn target() -> String {
    let waypoint = "  - {name: ack, feed: ack, of: edi_834, path: \"${env:JOHNDOE_ACKS}\", every: 200ms, within: 12s}\n  - name: issuer\n";
    brisk_target().replace("  - name: issuer\n", waypoint)
}

/// Answers every file of a folder until it is told to stop.
struct Receiver {
    outbound: PathBuf,
    acks: PathBuf,
    answered: BTreeSet<PathBuf>,
    received: ReceivedNumbers,
    numbers: ControlNumbers,
}

impl Receiver {
    fn work(mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            self.answer_new_files();
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn answer_new_files(&mut self) {
        let Ok(entries) = std::fs::read_dir(&self.outbound) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let is_edi = path.extension().is_some_and(|e| e == "edi");
            if is_edi && self.answered.insert(path.clone()) {
                self.answer(&path);
            }
        }
    }

    fn answer(&mut self, path: &Path) {
        let file = std::fs::File::open(path).unwrap();
        let mut answer = answer(file, &mut self.received, &mut object).unwrap();
        fall_silent(&mut answer);
        let at = "2013-11-16T09:30:00".parse().unwrap();
        let written = answer.write(x12::Options::default(), at, &mut self.numbers).unwrap();
        let name = format!("{}.999", path.file_stem().unwrap().to_string_lossy());
        std::fs::write(self.acks.join(format!(".{name}")), written).unwrap();
        std::fs::rename(self.acks.join(format!(".{name}")), self.acks.join(name)).unwrap();
    }
}

fn object(at: &PlacedSegment<'_>) -> Vec<Objection> {
    let is_rejected = at.place.set().is_some_and(|set| deed(&set.control) == Deed::Rejects);
    if !is_rejected || at.segment.id() != b"INS" {
        return Vec::new();
    }
    let position = Some(at.place.segment);
    vec![Objection::Segment(SegmentError {
        segment: "INS".into(),
        position,
        code: "8".into(),
        ..SegmentError::default()
    })]
}

/// What is not named in a group that is accepted in part has not been answered.
fn fall_silent(answer: &mut Answer) {
    for group in answer.interchanges.iter_mut().flat_map(|interchange| &mut interchange.groups) {
        let all = group.sets.len();
        group.sets.retain(|set| deed(&set.control) != Deed::IsSilent);
        if group.sets.len() < all {
            group.ack.code = "P".into();
            group.ack.accepted = Some(0);
        }
    }
}

/// A sandbox, a job whose target looks for acknowledgements, and a receiver at work until it is told to stop.
async fn with_receiver() -> (Bench, Arc<AtomicBool>, tokio::task::JoinHandle<()>) {
    // What arrives ends its wait; only what is never acknowledged is waited for to its limit.
    let scenario = scenario_within("60s", "60s", "60s", "25%", 24, "");
    let mut bench = Trial::given("").scenario(&scenario).begin().await;
    let folder = bench.ledger.parent().unwrap().to_path_buf();
    let acks = folder.join("acks");
    std::fs::create_dir_all(&acks).unwrap();
    let mut names = overlay(&bench.running);
    names.0.insert("JOHNDOE_ACKS".into(), acks.to_string_lossy().into_owned());
    bench.job = job(&scenario, &target(), &names, &folder);
    let receiver = Receiver {
        outbound: bench.running.outbound.clone(),
        acks,
        answered: BTreeSet::new(),
        received: ReceivedNumbers::default(),
        numbers: ControlNumbers::starting_at(1),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let work = tokio::task::spawn_blocking(move || receiver.work(&told));
    (bench, stop, work)
}

/// ST02 of the message that a group was first seen in.
fn set_of(place: &str) -> &str {
    let (_, rest) = place.split_once(" ST ").unwrap();
    rest.split_once(' ').map_or(rest, |(control, _)| control)
}

fn check(probe: &ProbeSummary, deeds: &mut BTreeMap<Deed, u32>) {
    let mut rejected = 0;
    for group in &probe.groups {
        let at = |name: &str| group.waypoints.iter().find(|at| at.name == name).unwrap();
        let (edi, ack) = (at("edi_834"), at("ack"));
        let deed = deed(set_of(edi.place.as_deref().unwrap()));
        *deeds.entry(deed).or_default() += 1;
        let found = (ack.arrival, ack.integrity);
        match deed {
            Deed::Accepts => assert_eq!(found, (Arrival::OnTime, Some(Integrity::Intact)), "{probe:#?}"),
            Deed::IsSilent => assert_eq!(found, (Arrival::Missing, None), "{probe:#?}"),
            Deed::Rejects => {
                rejected += 1;
                assert_eq!(found, (Arrival::OnTime, None), "{probe:#?}");
            }
        }
    }
    let findings: Vec<_> = probe.findings.iter().filter(|f| f.kind == FindingKind::RejectedByAck).collect();
    assert_eq!(findings.len(), rejected, "{probe:#?}");
    assert!(
        findings.iter().all(|f| f.detail.contains("(INS): segment has errors in its elements [8]")),
        "{findings:#?}"
    );
}

/// What is said of every household is what the receiver did, and every deed was done.
fn check_all(tried: &Tried) {
    let mut deeds = BTreeMap::new();
    for probe in &tried.summary.probes {
        check(probe, &mut deeds);
        let is_good = probe.groups.iter().all(|group| {
            let edi = group.waypoints.iter().find(|at| at.name == "edi_834").unwrap();
            deed(set_of(edi.place.as_deref().unwrap())) == Deed::Accepts
        });
        assert_eq!(probe.good, Some(is_good), "{probe:#?}");
        assert_eq!(probe.first_divergent_hop.as_deref(), (!is_good).then_some("ack"), "{probe:#?}");
    }
    assert!(deeds.len() == 3, "every deed was tried: {deeds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_receiver_said_of_each_set_is_said_of_each_household() {
    let (bench, stop, work) = with_receiver().await;
    let run = bench.start(Options { keep: true, ..WHOLE }).await;
    stop.store(true, Ordering::Relaxed);
    work.await.unwrap();
    let tried = bench.judged(&run);
    check_all(&tried);
    let shown = serde_json::to_string(&tried.summary).unwrap();
    assert!(shown.contains("\"feed\":\"ack\"") && shown.contains("rejected_by_ack"));
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_takes_over_knows_what_was_said_before_and_reads_what_waits() {
    let (mut bench, stop, work) = with_receiver().await;
    bench.options = Options { keep: true, ..WHOLE };
    let run = bench.start_and_stop(Duration::from_secs(3)).await;
    bench.adopt(&run, bench.options).await;
    stop.store(true, Ordering::Relaxed);
    work.await.unwrap();
    let tried = bench.judged(&run);
    check_all(&tried);
    let mut told = BTreeSet::new();
    for entry in &tried.entries {
        if let Event::Acknowledged { acknowledgement: it } = &entry.event {
            assert!(told.insert((it.message.to_string(), it.place.source.clone())), "told twice: {it:?}");
        }
    }
    bench.running.stop().await;
}

#[test]
fn a_target_says_whose_files_are_acknowledged() {
    let names = crate::trial::Overlay(BTreeMap::from([("JOHNDOE_ACKS".to_owned(), "acks".to_owned())]));
    let read = |text: &str| johndoe::target::parse(text, "t.yaml", &names).map(drop).map_err(|e| e.to_string());
    assert_eq!(read(&target().replace("${env:JOHNDOE_EXCHANGE_URL}", "http://127.0.0.1:1")), Ok(()));
    let told = |from: &str, to: &str| {
        let text = target().replace("${env:JOHNDOE_EXCHANGE_URL}", "http://127.0.0.1:1");
        read(&text.replace(from, to)).unwrap_err()
    };
    let wrong = told("of: edi_834", "of: edi_843");
    assert!(
        wrong.contains("no waypoint with feed `edi_folder` is called `edi_843`") && wrong.contains("edi_834"),
        "{wrong}"
    );
    let misplaced = told("feed: ack", "feed: edi_folder");
    assert!(misplaced.contains("belongs to the feed `ack`"), "{misplaced}");
    // With one `edi_folder` it need not be said.
    let text = target().replace("${env:JOHNDOE_EXCHANGE_URL}", "http://127.0.0.1:1");
    assert_eq!(read(&text.replace(" of: edi_834,", "")), Ok(()));
}
