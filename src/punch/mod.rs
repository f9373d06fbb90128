//! The punch list: failures sorted by shape, ranked by the people whom they befell, and what sets those apart. Pure.

mod attributes;
mod bits;
mod classes;
mod delivery;
mod nearest;
mod rules;
mod shape;

use crate::model::{Cause, Household, Nearest, ProbeSummary, PunchLine, Tier};
use crate::statistics::{LogFactorials, widest};
use attributes::Table;
use bits::Bits;
use classes::{Befallen, Class, befallen};
use delivery::Files;
use rules::{Miner, Question};
use std::collections::BTreeMap;

pub use nearest::{Apart, Likeness, attributes_of};

/// What is known of one probe beside its summary.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// Who was sent.
    pub household: Option<&'a Household>,
    /// Of each group, in order.
    pub groups: Vec<GroupFacts>,
    /// The exchange took its cancellation, where one was sent: what stays then is the pipeline's.
    pub cancellation_was_taken: bool,
    /// Names of the waypoints that are folders of files.
    pub files: Vec<&'a str>,
}

/// What is known of one enrollment group beside its summary.
#[derive(Debug, Clone, Default)]
pub struct GroupFacts {
    /// People in it.
    pub people: u64,
    /// What each member but the subscriber costs a month, in cents, where the exchange told it.
    pub dependents_premiums_cents: Vec<i64>,
    /// The 834 file that it was in, or meant for; `None` where nobody knows.
    pub file: Option<String>,
}

/// The punch list, and the kinds of attributes that never varied, so that nothing can be said of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct List {
    /// Its lines, those first that befell the most people; what is no error stands last.
    pub lines: Vec<PunchLine>,
    /// Kinds of attributes that never varied.
    pub never_varied: Vec<String>,
    /// Of each probe, in order: the lines that it stands in, from 0.
    pub befell: Vec<Vec<u32>>,
    /// Of those who failed (of the first of them, where there are many) who passed and is most like each, by their places.
    pub nearest: Vec<(usize, Nearest)>,
}

/// Chance of a false cause: of files, and of attributes; together 5 % for the whole report.
const FILES: f64 = 0.01;
const ATTRIBUTES: f64 = 0.04;
/// Causes are asked of so many kinds of failure, those of the most people.
const ASKED: usize = 40;
/// Fewer failures prove nothing.
const LEAST: usize = 3;
/// So many of those who failed, the first of them, are set beside the nearest one who passed.
const SET_BESIDE: usize = 100;

/// Sorts what befell the probes, each with what is known of it.
pub fn list(probes: &[ProbeSummary], facts: &[Facts<'_>], confidence: f64) -> List {
    let all: Vec<_> = probes.iter().zip(facts).collect();
    let mut classes: BTreeMap<Class, Vec<(usize, Befallen)>> = BTreeMap::new();
    for (at, (probe, facts)) in all.iter().enumerate() {
        for (class, it) in befallen(probe, facts) {
            classes.entry(class).or_default().push((at, it));
        }
    }
    let mut classes: Vec<_> = classes.into_iter().collect();
    let people = |of: &[(usize, Befallen)]| of.iter().map(|(_, it)| it.people).sum::<u64>();
    let rank = |(class, of): &(Class, Vec<_>)| {
        (class.tier == Tier::Inconsequential, std::cmp::Reverse(people(of)), class.clone())
    };
    classes.sort_by_cached_key(rank);
    let known = all.iter().filter(|(probe, _)| probe.good.is_some()).count() as u64;
    let mut lines: Vec<PunchLine> =
        classes.iter().map(|(class, of)| line(class, of, probes, (known, confidence))).collect();
    if classes.is_empty() {
        return List { befell: vec![Vec::new(); probes.len()], ..List::default() };
    }
    let table = Table::of(all.iter().map(|(probe, facts)| (facts.household, probe.groups.as_slice())));
    let passing = all.iter().map(|(probe, facts)| probe.good == Some(true) && facts.household.is_some());
    let likeness = Likeness::over(table, passing.collect());
    let nearest = set_beside(&all, &likeness);
    let never_varied = explain(&all, &classes, likeness.into_table(), &mut lines);
    List { lines, never_varied, befell: befell(&classes, probes.len()), nearest }
}

/// The lines that each probe stands in.
fn befell(classes: &[(Class, Vec<(usize, Befallen)>)], probes: usize) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new(); probes];
    for (line, (_, of)) in (0u32..).zip(classes) {
        for (at, _) in of {
            all.get_mut(*at).into_iter().for_each(|lines: &mut Vec<u32>| lines.push(line));
        }
    }
    all
}

/// Those who failed, each beside who is most like them and passed.
fn set_beside(all: &[(&ProbeSummary, &Facts<'_>)], likeness: &Likeness) -> Vec<(usize, Nearest)> {
    let failed = all.iter().enumerate().filter(|(_, (probe, of))| probe.good == Some(false) && of.household.is_some());
    let beside = |(at, _): (usize, &(&ProbeSummary, &Facts<'_>))| {
        let passing = likeness.nearest(at)?;
        let apart = likeness.apart(at, passing);
        let probe = all.get(passing)?.0.probe.clone();
        Some((at, Nearest { probe, failing_has: apart.only_first, passing_has: apart.only_second }))
    };
    failed.take(SET_BESIDE).filter_map(beside).collect()
}

fn line(
    class: &Class,
    of: &[(usize, Befallen)],
    probes: &[ProbeSummary],
    (known, confidence): (u64, f64),
) -> PunchLine {
    const SHOWN: usize = 3;
    let households = of.len() as u64;
    // whoever is in the line is known well enough to be in it
    let is_unknown = |(at, _): &&(usize, Befallen)| probes.get(*at).is_some_and(|probe| probe.good.is_none());
    let known = known + of.iter().filter(is_unknown).count() as u64;
    let name = |(at, _): &(usize, Befallen)| probes.get(*at).map(|probe| probe.probe.clone());
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let rate = (known > 0).then(|| households as f64 / known as f64);
    PunchLine {
        what: class.what.clone(),
        tier: class.tier,
        waypoint: class.waypoint.clone(),
        step: class.step,
        field: class.field,
        people: of.iter().map(|(_, it)| it.people).sum(),
        households,
        of: known,
        rate,
        interval: widest(households, known, confidence),
        examples: of.iter().filter_map(name).take(SHOWN).collect(),
        places: of.iter().filter_map(|(_, it)| it.place.clone()).take(SHOWN).collect(),
        causes: Vec::new(),
        silence: None,
        proofs: Vec::new(),
    }
}

/// Adds causes to the lines, or why there is none; gives what never varied.
fn explain(
    all: &[(&ProbeSummary, &Facts<'_>)],
    classes: &[(Class, Vec<(usize, Befallen)>)],
    said: Table,
    lines: &mut [PunchLine],
) -> Vec<String> {
    let asked = classes.get(..ASKED.min(classes.len())).unwrap_or_default();
    let good: Bits = all.iter().map(|(probe, _)| probe.good == Some(true)).collect();
    let question = |of: &[(usize, Befallen)]| {
        let mut failing = Bits::none(all.len());
        for (at, _) in of {
            failing.put(*at);
        }
        (good.or(&failing), failing)
    };
    let questions: Vec<(Bits, Bits)> = asked.iter().map(|(_, of)| question(of)).collect();
    let (attributes, never_varied) = said.attributes();
    let table = LogFactorials::up_to(all.len());
    let file = |(_, facts): &(&ProbeSummary, &Facts<'_>)| {
        facts.groups.iter().find_map(|of| of.file.as_deref()).map(str::to_owned)
    };
    let names: Vec<Option<String>> = all.iter().map(file).collect();
    let miner = Miner::new(&attributes, all.len());
    let mut by_file = Files::of(names.iter().map(Option::as_deref)).causes(&questions, FILES, &table);
    forget_images(&mut by_file, &questions, &miner);
    let left = questions.iter().zip(&by_file).map(|((within, failing), (_, explained))| Question {
        within: within.without(explained),
        failing: failing.without(explained),
    });
    let left: Vec<Question> = left.collect();
    let found = miner.causes(&left, ATTRIBUTES);
    let per_class = lines.iter_mut().zip(by_file).zip(&left).zip(found.causes.into_iter().zip(&found.rules));
    for (((line, (files, _)), left), (causes, rules)) in per_class {
        line.causes = files.into_iter().chain(causes).collect();
        if line.causes.is_empty() {
            let needed = miner.failures_needed(left.within.count(), found.bound);
            line.silence = Some(silence(left, *rules, needed, &line.waypoint));
        } else {
            line.silence = only_files(&line.causes, left);
        }
    }
    never_varied
}

/// Several files of which something holds of everybody who failed and of nobody else are how that looks, and no cause: where each issuer has
/// files of its own, a fault of one issuer lies in all of its files.
fn forget_images(by_file: &mut [(Vec<Cause>, Bits)], questions: &[(Bits, Bits)], miner: &Miner<'_>) {
    let several: Vec<usize> =
        (0..by_file.len()).filter(|at| by_file.get(*at).is_some_and(|of| of.0.len() > 1)).collect();
    let whole = |at: &usize| {
        let (within, failing) = questions.get(*at)?;
        let nobody = within.without(within);
        Some(Question { within: within.without(&nobody), failing: failing.without(&nobody) })
    };
    let asked: Vec<Question> = several.iter().filter_map(whole).collect();
    if asked.is_empty() {
        return;
    }
    for (at, causes) in several.into_iter().zip(miner.causes(&asked, ATTRIBUTES).causes) {
        if let (Some(of), Some(true)) = (by_file.get_mut(at), causes.first().map(|cause| cause.is_perfect)) {
            *of = (Vec::new(), of.1.without(&of.1));
        }
    }
}

/// Why no cause is named: each kind of silence in its own words.
fn silence(of: &Question, rules: usize, needed: Option<usize>, waypoint: &str) -> String {
    let (failing, all) = (of.failing.count(), of.within.count());
    if failing < LEAST {
        return "fewer than 3 failed: too few to tell a cause from chance".to_owned();
    }
    if failing >= all {
        return format!("everybody failed, so no attribute can be the cause: look at the hop, `{waypoint}`");
    }
    match needed {
        _ if rules == 0 => "these households differ in nothing that was asked".to_owned(),
        Some(needed) if needed > failing => {
            let more = needed - failing;
            format!(
                "nothing stands out among {rules} rules; {more} more failures would be needed to name what holds of all of them"
            )
        }
        _ => format!(
            "nothing stands out among {rules} rules: it strikes at random, or goes by something that was not asked"
        ),
    }
}

/// Where files are all that is known of it.
fn only_files(causes: &[Cause], left: &Question) -> Option<String> {
    let is_file = |of: &Cause| of.rule.contains("one file");
    match causes {
        [one] if is_file(one) && left.failing.count() < LEAST => {
            Some("why it was that file cannot be told from one".to_owned())
        }
        _ => None,
    }
}
