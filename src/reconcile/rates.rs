//! Judged groups into shares of errors: of the whole, of its parts, and of what shares a file or a household.

use super::cleanup::Cleanup;
use super::tally::{Fate, JudgedGroup, JudgedProbe, fate_of};
use super::verdict::share;
use crate::model::{ClusteredRate, Decide, ErrorRate, JourneyStep, RateBy, RateOf, RunPlan};
use crate::statistics::{Cluster, any_time, clopper_pearson, clustering, needed, wider, widest, wilson};
use std::collections::BTreeMap;

/// Whether a group is good: `None` while that is not known.
///
/// What a blind waypoint or an open limit leaves unknown is no trial unless it is an error already; what arrived whole at an
/// uncertain hour is a trial and no error. Where nobody could look after the cancellation, what is known of the enrollment stays
/// known.
pub(super) fn is_error(plan: &RunPlan, group: &JudgedGroup) -> Option<bool> {
    let is_over = !group.end_is_probed(plan) || group.cleanup != Cleanup::Pending;
    let is_known = matches!(group.fate, Fate::Good | Fate::Undecided) && is_over;
    (group.error || is_known).then_some(group.error)
}

/// The rate over all groups that exist, with what files and households make of it. `looked_again`: what is judged was, or may have
/// been, looked at before it was complete.
pub(super) fn error_rate(plan: &RunPlan, judged: &[JudgedProbe], looked_again: bool) -> ErrorRate {
    let mut count = Cluster::default();
    existing(judged).flat_map(|probe| &probe.groups).for_each(|group| add(&mut count, is_error(plan, group)));
    let confidence = plan.objective.confidence;
    let clustered = clustered(plan, judged);
    let mut rate = rate_of(count, confidence);
    let applying = clustered.iter().filter(|of| of.applies).map(|of| of.interval);
    let repeated = rate.any_time.filter(|_| looked_again);
    rate.widest = rate.widest.map(|once| applying.chain(repeated).fold(once, wider));
    rate.clustered = clustered;
    rate.decide = Some(plan.objective.decide).filter(|decide| *decide != Decide::Estimate);
    if let (Some(limit), Some(_)) = (plan.objective.error_rate_below, rate.decide) {
        let more = needed(rate.errors, rate.trials, limit, (confidence, looked_again));
        let missing = |more: &u64| *more > 0;
        rate.more_clean = more.and_then(|more| more.clean).filter(missing);
        rate.more_at_this_rate = more.and_then(|more| more.at_this_rate).filter(missing);
    }
    rate
}

/// The same of parts of the groups, each in the order in which it comes.
pub(super) fn rates(plan: &RunPlan, judged: &[JudgedProbe]) -> Vec<RateOf> {
    let mut parts: BTreeMap<(RateBy, usize, String), Cluster> = BTreeMap::new();
    for group in existing(judged).flat_map(|probe| &probe.groups) {
        let mut put = |by, at, of: String, error| add(parts.entry((by, at, of)).or_default(), error);
        for (at, waypoints) in group.summary.steps().enumerate() {
            let begun = group.summary.begun_by.unwrap_or(JourneyStep::ENROLL);
            let step = waypoints.iter().find_map(|at| at.step).unwrap_or(begun);
            put(RateBy::Step, at, step.to_string(), of_fate(fate_of(waypoints)));
        }
        if group.end_is_probed(plan) {
            let end = group.end.unwrap_or(JourneyStep::CANCEL);
            put(RateBy::Step, usize::MAX, end.to_string(), of_cancellation(group));
        }
        for (at, here) in group.summary.waypoints.iter().enumerate() {
            put(RateBy::Waypoint, at, here.name.clone(), of_fate(fate_of(std::slice::from_ref(here))));
        }
        let issuer = group.summary.issuer.clone().unwrap_or_else(|| "unknown".to_owned());
        put(RateBy::Issuer, 0, issuer, is_error(plan, group));
        put(RateBy::Line, 0, group.summary.line.to_string(), is_error(plan, group));
    }
    let confidence = plan.objective.confidence;
    let told = |((by, _, of), count)| RateOf { by, of, rate: rate_of(count, confidence) };
    parts.into_iter().map(told).collect()
}

/// What the verdict rests on, in one sentence that can be read aloud.
pub(super) fn rests_on(plan: &RunPlan, judged: &[JudgedProbe], rate: &ErrorRate, looked_again: bool) -> String {
    let households = existing(judged).count();
    let groups: usize = existing(judged).map(|probe| probe.groups.len()).sum();
    let unknown = (groups as u64).saturating_sub(rate.trials);
    let objective = match (plan.objective.decide, plan.objective.error_rate_below.is_some()) {
        (_, false) => "no objective was set before the run",
        (Decide::Estimate, _) => "the objective was set before the run, and the share itself is held against it",
        (Decide::Interval, _) => "the objective was set before the run, and this interval is held against it",
        (Decide::Sequential, _) => "the objective was set before the run, and a sequential test of it decides",
    };
    let unknown = match unknown {
        0 => String::new(),
        1 => "; 1 group of which that is not known is in neither number".to_owned(),
        n => format!("; {n} groups of which that is not known are in neither number"),
    };
    format!(
        "it rests on {} enrollment groups of {households} households that the pipeline holds or owes, of which {} are not good{}; \
         {objective}{unknown}",
        rate.trials,
        rate.errors,
        interval_in_words(rate, looked_again)
    )
}

fn interval_in_words(rate: &ErrorRate, looked_again: bool) -> String {
    let Some([low, high]) = rate.widest.map(|ends| ends.map(|end| end * 100.0)) else { return String::new() };
    let mut by = vec!["the wider of Wilson's and Clopper and Pearson's"];
    by.extend(looked_again.then_some("that for repeated looks"));
    by.extend(rate.clustered.iter().any(|of| of.applies).then_some("that for errors in clusters"));
    let (sure, by) = (rate.confidence * 100.0, by.join(", "));
    format!("; the share lies between {low:.2} % and {high:.2} % at a confidence of {sure:.0} % ({by})")
}

fn existing(judged: &[JudgedProbe]) -> impl Iterator<Item = &JudgedProbe> {
    judged.iter().filter(|probe| probe.exists())
}

fn add(count: &mut Cluster, error: Option<bool>) {
    count.trials += u64::from(error.is_some());
    count.errors += u64::from(error == Some(true));
}

fn of_fate(fate: Fate) -> Option<bool> {
    match fate {
        Fate::Missing | Fate::Altered | Fate::Late => Some(true),
        Fate::Good | Fate::Undecided => Some(false),
        Fate::Blind | Fate::Pending | Fate::Possible | Fate::NotDue => None,
    }
}

/// A cancellation that nobody could see go, or that the exchange itself did not take, says nothing of the pipeline.
fn of_cancellation(group: &JudgedGroup) -> Option<bool> {
    match group.cleanup {
        Cleanup::Gone => Some(false),
        Cleanup::Residue | Cleanup::InForce if !group.was_kept_by_exchange() => Some(true),
        _ => None,
    }
}

fn rate_of(Cluster { trials, errors }: Cluster, confidence: f64) -> ErrorRate {
    ErrorRate {
        errors,
        trials,
        estimate: (trials > 0).then(|| share(errors, trials)),
        wilson: wilson(errors, trials, confidence),
        clopper_pearson: clopper_pearson(errors, trials, confidence),
        confidence,
        any_time: any_time(errors, trials, confidence),
        clustered: Vec::new(),
        widest: widest(errors, trials, confidence),
        decide: None,
        more_clean: None,
        more_at_this_rate: None,
    }
}

/// By file and by household; not said where it cannot be told.
fn clustered(plan: &RunPlan, judged: &[JudgedProbe]) -> Vec<ClusteredRate> {
    let mut files: BTreeMap<String, Cluster> = BTreeMap::new();
    let mut households = Vec::new();
    let files_of = files_of(judged);
    for (probe, of_groups) in existing(judged).zip(files_of) {
        let mut household = Cluster::default();
        for (group, file) in probe.groups.iter().zip(of_groups) {
            let error = is_error(plan, group);
            add(&mut household, error);
            if !file.is_empty() {
                add(files.entry(file).or_default(), error);
            }
        }
        households.push(household);
    }
    let told = |(by, clusters): (&str, Vec<Cluster>)| {
        let of = clustering(clusters, plan.objective.confidence)?;
        Some(ClusteredRate {
            by: by.to_owned(),
            clusters: of.clusters,
            with_errors: of.with_errors,
            design_effect: of.design_effect,
            effective_records: of.effective_records,
            applies: of.is_clustered,
            interval: of.interval,
        })
    };
    [("file", files.into_values().collect()), ("household", households)].into_iter().filter_map(told).collect()
}

/// For each household that exists, the file of each of its groups; empty where nobody knows. One that was in no file stands, in the order of sending to its
/// issuer, between two that were: where those share a file it was meant for that one.
pub(super) fn files_of(judged: &[JudgedProbe]) -> Vec<Vec<String>> {
    let mut order: Vec<(usize, &JudgedProbe)> = existing(judged).enumerate().collect();
    let mut files: Vec<Vec<String>> = order.iter().map(|(_, probe)| vec![String::new(); probe.groups.len()]).collect();
    order.sort_by_key(|(_, probe)| probe.intended_at);
    let mut by_issuer: BTreeMap<Option<&str>, Vec<Sent<'_>>> = BTreeMap::new();
    for (at, probe) in order {
        for (group, of) in probe.groups.iter().enumerate() {
            by_issuer.entry(of.summary.issuer.as_deref()).or_default().push(((at, group), file_of(of)));
        }
    }
    for (issuer, sent) in by_issuer {
        let named = named(&sent, issuer.unwrap_or_default());
        for ((probe, group), name) in named {
            if let Some(place) = files.get_mut(probe).and_then(|of| of.get_mut(group)) {
                *place = name;
            }
        }
    }
    files
}

/// A group, by the places of household and group, and the file that it was seen in.
type Sent<'a> = ((usize, usize), Option<&'a str>);

/// Whether so many in a row that were in no file were in one that nobody saw, and not lost one by one: of those who are lost at random
/// at the share found, so long a spell comes in one run of a hundred at most.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn is_a_file(spell: usize, unseen: usize, all: usize) -> bool {
    const CHANCE: f64 = 0.01;
    let (unseen, all) = (unseen as f64, all as f64);
    all * (unseen / all).powf(spell as f64) <= CHANCE
}

/// What was sent to one issuer, in order, each with the file that it was in or meant for.
fn named<T: Copy>(sent: &[(T, Option<&str>)], issuer: &str) -> Vec<(T, String)> {
    let mut named = Vec::with_capacity(sent.len());
    let mut before = None;
    let unseen = sent.iter().filter(|(_, file)| file.is_none()).count();
    let spells = sent.chunk_by(|one, next| one.1 == next.1).collect::<Vec<_>>();
    for (at, spell) in spells.iter().enumerate() {
        let of = |spell: &[(T, Option<&str>)]| spell.first().and_then(|(_, file)| *file).map(str::to_owned);
        let after = spells.get(at + 1).and_then(|next| of(next));
        let name = match (of(spell), &before, after) {
            (Some(file), _, _) => {
                before = Some(file.clone());
                file
            }
            (None, Some(before), Some(after)) if *before == after => after,
            // nobody saw a file of this issuer's
            (None, None, None) => String::new(),
            _ if is_a_file(spell.len(), unseen, sent.len()) => format!("unseen {at} of {issuer}"),
            (None, before, after) => before.clone().or(after).unwrap_or_default(),
        };
        named.extend(spell.iter().map(|(who, _)| (*who, name.clone())));
    }
    named
}

/// The first file that a group was seen in.
fn file_of(group: &JudgedGroup) -> Option<&str> {
    group.summary.waypoints.iter().find_map(|at| at.file.as_deref())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn who_was_in_no_file_was_meant_for_that_of_the_neighbours() {
        let files = |sent: &[Option<&str>]| {
            let sent: Vec<_> = sent.iter().map(|file| ((), *file)).collect();
            named(&sent, "12345").into_iter().map(|((), name)| name).collect::<Vec<_>>()
        };
        assert_eq!(files(&[Some("a"), None, None, None, Some("a")]), ["a"; 5], "lost out of one file");
        assert_eq!(files(&[Some("a"), None, None, Some("b")]), ["a", "a", "a", "b"], "too few for a file");
        let spell = |count: usize| {
            let around = |name| std::iter::repeat_n(Some(name), 20);
            files(&around("a").chain(std::iter::repeat_n(None, count)).chain(around("b")).collect::<Vec<_>>())
        };
        let lost = spell(8);
        assert!(lost[20] == lost[27] && lost[20] != "a" && lost[20] != "b", "a file that nobody saw: {lost:?}");
        assert_eq!(spell(2)[20..22], ["a", "a"], "two in a row are lost one by one");
        assert_eq!(files(&[None, Some("a")]), ["a", "a"]);
        assert_eq!(files(&[None, None]), ["", ""], "no file is known");
    }
}
