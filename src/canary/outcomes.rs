//! What a run says to the streams of a canary: of each household the outcomes that are known, and the streams they belong to.

use crate::model::{Arrival, Existence, GroupAtWaypoint, GroupSummary, Integrity, ProbeSummary, Submission, Summary};
use chrono::{DateTime, Utc};
use johndoe_vigil::stream::{Entry, Fact, Fate, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// The closed catalogue of classes; a failure that is of none of the others is `other`.
pub const CLASSES: [&str; 4] = ["submission", "missing", "altered", "other"];

/// One household in one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The stream's name.
    pub stream: String,
    /// The household, as `show` takes it.
    pub unit: String,
    /// When it was meant to be sent: the order in which outcomes count.
    pub intended_at: DateTime<Utc>,
    /// What became of it; `None` while nobody can say.
    pub fate: Option<Fate>,
}

/// The name of a stream: a scenario's at an issuer, of its lateness, or of one of its classes.
pub fn stream_name(scenario: &str, kind: Kind, of: &str) -> String {
    match kind {
        Kind::Issuer => format!("{scenario} × {of}"),
        Kind::Lateness => format!("{scenario} lateness"),
        Kind::Stalled => format!("{scenario} hop {of}"),
        Kind::Files => format!("{scenario} files {of}"),
        Kind::Class => format!("{scenario} {of}"),
    }
}

/// What is known of every household that was begun. A run that `is_over` leaves nothing undecided: what is not known then never
/// will be, and is no outcome.
pub fn outcomes(summary: &Summary, is_over: bool) -> Vec<Outcome> {
    let scenario = &summary.run.scenario;
    let begun = summary.probes.iter().filter_map(|probe| Some((probe, probe.intended_at?)));
    let all = begun.flat_map(|(probe, intended_at)| {
        of_probe(scenario, probe).into_iter().map(move |(stream, fate)| {
            let fate = fate.or(is_over.then_some(Fate::NoOutcome));
            Outcome { stream, unit: probe.probe.clone(), intended_at, fate }
        })
    });
    all.collect()
}

/// What of it the streams were not told yet: `told` says of a stream's unit whether its fate was.
pub fn news(outcomes: &[Outcome], told: &BTreeMap<(String, String), bool>, at: DateTime<Utc>) -> Vec<Entry> {
    let mut news = Vec::new();
    for outcome in outcomes {
        let known = told.get(&(outcome.stream.clone(), outcome.unit.clone()));
        let mut tell = |fact| news.push(Entry::Outcome { stream: outcome.stream.clone(), fact });
        let unit = || outcome.unit.clone();
        if known.is_none() {
            tell(Fact::Sent { unit: unit(), at: outcome.intended_at, probes: 1 });
        }
        if let (Some(fate), false) = (outcome.fate, known == Some(&true)) {
            tell(Fact::Decided { unit: unit(), at, fate });
        }
    }
    news
}

fn of_probe(scenario: &str, probe: &ProbeSummary) -> Vec<(String, Option<Fate>)> {
    let places: Vec<&GroupAtWaypoint> = probe.groups.iter().flat_map(everywhere).collect();
    let class = |class: &str| stream_name(scenario, Kind::Class, class);
    let mut streams = vec![(class("submission"), submission(probe))];
    if exists(probe) {
        streams.push((class("missing"), missing(&places)));
        streams.push((class("altered"), altered(&places)));
        streams.push((class("other"), other(probe)));
        streams.push((stream_name(scenario, Kind::Lateness, ""), lateness(&places)));
        let issuers: BTreeSet<&str> = probe.groups.iter().filter_map(|group| group.issuer.as_deref()).collect();
        for issuer in issuers {
            let groups = probe.groups.iter().filter(|group| group.issuer.as_deref() == Some(issuer));
            let places: Vec<&GroupAtWaypoint> = groups.flat_map(everywhere).collect();
            streams.push((stream_name(scenario, Kind::Issuer, issuer), worst([missing(&places), altered(&places)])));
        }
    }
    streams
}

fn everywhere(group: &GroupSummary) -> impl Iterator<Item = &GroupAtWaypoint> {
    group.waypoints.iter().chain(&group.changes)
}

fn exists(probe: &ProbeSummary) -> bool {
    matches!(probe.existence, Existence::Accepted | Existence::Seen)
}

/// Whether the exchange took it, which it may have been expected to refuse.
fn submission(probe: &ProbeSummary) -> Option<Fate> {
    match (probe.existence, probe.submission) {
        _ if probe.good == Some(true) || exists(probe) => Some(Fate::Passed),
        (Existence::NotTaken, _) | (Existence::No, Submission::Rejected | Submission::Unsent) => Some(Fate::Failed),
        _ => None,
    }
}

/// Whether it arrived everywhere, at any time.
fn missing(places: &[&GroupAtWaypoint]) -> Option<Fate> {
    fate(places, |place| match place.arrival {
        Arrival::Missing => Some(Fate::Failed),
        Arrival::OnTime | Arrival::Late | Arrival::Undecided => Some(Fate::Passed),
        Arrival::Pending => None,
        Arrival::Blind | Arrival::NotDue => Some(Fate::NoOutcome),
    })
}

/// Whether what arrived is what was sent; what did not arrive is another class.
fn altered(places: &[&GroupAtWaypoint]) -> Option<Fate> {
    fate(places, |place| match (place.integrity, place.arrival) {
        (Some(Integrity::Altered), _) => Some(Fate::Failed),
        (Some(Integrity::Intact), _) => Some(Fate::Passed),
        (None, Arrival::Pending) => None,
        (None, _) => Some(Fate::NoOutcome),
    })
}

/// Whether what arrived was on time.
fn lateness(places: &[&GroupAtWaypoint]) -> Option<Fate> {
    fate(places, |place| match place.arrival {
        Arrival::Late => Some(Fate::Failed),
        Arrival::OnTime => Some(Fate::Passed),
        Arrival::Pending | Arrival::Undecided => None,
        Arrival::Missing | Arrival::Blind | Arrival::NotDue => Some(Fate::NoOutcome),
    })
}

/// Whether anything else was found, such as a second record.
fn other(probe: &ProbeSummary) -> Option<Fate> {
    if probe.findings.is_empty() { probe.good.map(|_| Fate::Passed) } else { Some(Fate::Failed) }
}

/// One failure is one; else what is not known yet leaves all open; else where nobody could look somewhere, nothing is known of the
/// whole.
fn fate(places: &[&GroupAtWaypoint], of: impl Fn(&GroupAtWaypoint) -> Option<Fate>) -> Option<Fate> {
    let fates: Vec<Option<Fate>> = places.iter().map(|place| of(place)).collect();
    let is_blind = places.iter().any(|place| place.arrival == Arrival::Blind);
    worst(fates).map(|fate| if fate == Fate::Passed && is_blind { Fate::NoOutcome } else { fate })
}

fn worst(fates: impl IntoIterator<Item = Option<Fate>>) -> Option<Fate> {
    let fates: Vec<Option<Fate>> = fates.into_iter().collect();
    if fates.contains(&Some(Fate::Failed)) {
        return Some(Fate::Failed);
    }
    if fates.contains(&None) {
        return None;
    }
    Some(if fates.contains(&Some(Fate::Passed)) { Fate::Passed } else { Fate::NoOutcome })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A household in Virginia, with what is known of it at two waypoints of one issuer.
    fn probe(submission: &str, existence: &str, arrivals: [(&str, Option<&str>); 2]) -> ProbeSummary {
        let at = |(arrival, integrity): (&str, Option<&str>), name: &str| {
            json!({"name": name, "arrival": arrival, "integrity": integrity, "matched_by": null, "limit_at": null,
                   "last_absent_at": null, "first_seen_at": null, "discrepancies": [], "equivalences": []})
        };
        let groups = json!([{"line": "medical", "issuer": "12345", "plan_id": null, "cleanup": "gone",
                             "waypoints": [at(arrivals[0], "edi_834"), at(arrivals[1], "issuer")]}]);
        let groups = if existence == "no" { json!([]) } else { groups };
        let probe = json!({"probe": "run/0", "index": 0, "intended_at": "2026-06-01T12:00:00Z", "submission": submission,
                           "existence": existence, "good": null, "first_divergent_hop": null, "groups": groups, "findings": []});
        serde_json::from_value(probe).unwrap()
    }

    fn fates(probe: &ProbeSummary) -> Vec<String> {
        let word = |fate: Option<Fate>| match fate {
            Some(Fate::Passed) => "passed",
            Some(Fate::Failed) => "failed",
            Some(Fate::NoOutcome) => "none",
            None => "open",
        };
        of_probe("s", probe).into_iter().map(|(stream, fate)| format!("{stream}: {}", word(fate))).collect()
    }

    const ON_TIME: (&str, Option<&str>) = ("on_time", Some("intact"));

    #[test]
    fn who_arrives_intact_on_time_passes_in_every_stream_but_the_one_that_waits_for_the_end() {
        let found = fates(&probe("accepted", "accepted", [ON_TIME, ON_TIME]));
        let expected = [
            "s submission: passed",
            "s missing: passed",
            "s altered: passed",
            "s other: open",
            "s lateness: passed",
            "s × 12345: passed",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_failure_counts_in_the_stream_of_its_kind_and_at_its_issuer() {
        let kinds = |place| fates(&probe("accepted", "accepted", [ON_TIME, place])).split_off(1);
        let missing = kinds(("missing", None));
        assert_eq!(
            missing,
            ["s missing: failed", "s altered: passed", "s other: open", "s lateness: passed", "s × 12345: failed"]
        );
        let altered = kinds(("on_time", Some("altered")));
        assert_eq!(
            altered,
            ["s missing: passed", "s altered: failed", "s other: open", "s lateness: passed", "s × 12345: failed"]
        );
        let late = kinds(("late", Some("intact")));
        assert_eq!(
            late,
            ["s missing: passed", "s altered: passed", "s other: open", "s lateness: failed", "s × 12345: passed"]
        );
    }

    #[test]
    fn what_nobody_could_see_is_no_outcome_and_what_is_not_known_yet_is_open() {
        let at_issuer = |place| fates(&probe("accepted", "accepted", [ON_TIME, place])).pop().unwrap();
        assert_eq!(at_issuer(("blind", None)), "s × 12345: none");
        assert_eq!(at_issuer(("pending", None)), "s × 12345: open");
        let lost_before = fates(&probe("accepted", "accepted", [("missing", None), ("blind", None)])).pop().unwrap();
        assert_eq!(lost_before, "s × 12345: failed");
    }

    #[test]
    fn who_was_not_taken_is_told_as_that_and_in_no_other_stream() {
        for submission in ["rejected", "unsent"] {
            assert_eq!(fates(&probe(submission, "no", [ON_TIME, ON_TIME])), ["s submission: failed"]);
        }
        assert_eq!(fates(&probe("indeterminate", "unknown", [ON_TIME, ON_TIME])), ["s submission: open"]);
        let expected = ProbeSummary { good: Some(true), ..probe("rejected", "no", [ON_TIME, ON_TIME]) };
        assert_eq!(fates(&expected), ["s submission: passed"]);
    }

    #[test]
    fn each_stream_is_told_once() {
        let outcome = |fate| Outcome {
            stream: "s".to_owned(),
            unit: "run/0".to_owned(),
            intended_at: DateTime::UNIX_EPOCH,
            fate,
        };
        let mut told = BTreeMap::new();
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(news(&[outcome(None)], &told, now).len(), 1, "sent");
        assert_eq!(news(&[outcome(Some(Fate::Passed))], &told, now).len(), 2, "sent and decided");
        told.insert(("s".to_owned(), "run/0".to_owned()), false);
        assert_eq!(news(&[outcome(None)], &told, now).len(), 0);
        assert_eq!(news(&[outcome(Some(Fate::Failed))], &told, now).len(), 1, "decided");
        told.insert(("s".to_owned(), "run/0".to_owned()), true);
        assert_eq!(news(&[outcome(Some(Fate::Failed))], &told, now).len(), 0);
    }
}
