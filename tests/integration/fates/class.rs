//! What the judge says of a household in one line: its signs at the first hop that shows any.

use johndoe::model::{
    Arrival, FindingKind, GroupAtWaypoint, Integrity, ProbeSummary, RunPlan, SUBMISSION, Severity, Submission,
};
use std::collections::BTreeSet;
use std::fmt;

/// What is said of a household.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    /// The exchange's answer.
    pub(super) submission: Submission,
    /// The first hop that shows a sign.
    pub(super) hop: Option<String>,
    /// What it shows there: arrivals other than on time, altered fields, findings.
    pub(super) signs: BTreeSet<String>,
}

impl Class {
    /// A household that was enrolled, with these signs at this hop.
    pub(super) fn at(hop: &str, signs: &[&str]) -> Self {
        let signs = signs.iter().map(|sign| (*sign).to_owned()).collect();
        Self { submission: Submission::Accepted, hop: Some(hop.to_owned()), signs }
    }

    /// A household of which there is nothing to say.
    pub(super) fn good() -> Self {
        Self { submission: Submission::Accepted, hop: None, signs: BTreeSet::new() }
    }

    /// The same, with another answer.
    pub(super) fn answered(self, submission: Submission) -> Self {
        Self { submission, ..self }
    }

    /// What the judge said; `good` and the first divergent hop must agree with it.
    pub(super) fn of(plan: &RunPlan, probe: &ProbeSummary) -> Self {
        let waypoints = plan.waypoints.iter().map(|waypoint| waypoint.name.to_string());
        let hops = [SUBMISSION.to_owned()].into_iter().chain(waypoints);
        let first = hops.map(|hop| (signs(probe, &hop), hop)).find(|(signs, _)| !signs.is_empty());
        let (signs, hop) = first.map_or((BTreeSet::new(), None), |(signs, hop)| (signs, Some(hop)));
        let class = Self { submission: probe.submission, hop, signs };
        class.check(probe);
        class
    }

    fn check(&self, probe: &ProbeSummary) {
        let unknown = ["blind", "pending", "undecided"];
        let wrong = self.signs.iter().any(|sign| !unknown.contains(&sign.as_str()));
        if wrong {
            assert_eq!(probe.first_divergent_hop, self.hop, "{probe:#?}");
            assert_eq!(probe.good, Some(false), "{probe:#?}");
        } else if self.signs.is_empty() && probe.submission == Submission::Accepted {
            assert_eq!(probe.good, Some(true), "{probe:#?}");
            assert_eq!(probe.first_divergent_hop, None, "{probe:#?}");
        }
    }
}

fn signs(probe: &ProbeSummary, hop: &str) -> BTreeSet<String> {
    let mut signs = BTreeSet::new();
    for group in &probe.groups {
        for at in group.waypoints.iter().filter(|at| at.name == hop) {
            signs.extend(signs_of(at));
        }
    }
    let findings = probe.findings.iter().filter(|f| f.waypoint == hop && f.kind != FindingKind::Residue);
    signs.extend(findings.map(|finding| finding.kind.to_string()));
    signs
}

fn signs_of(at: &GroupAtWaypoint) -> Vec<String> {
    let mut signs = Vec::new();
    if !matches!(at.arrival, Arrival::OnTime | Arrival::NotDue) {
        signs.push(at.arrival.to_string());
    }
    if at.integrity == Some(Integrity::Altered) {
        let differing = at.discrepancies.iter().filter(|d| d.severity > Severity::Minor);
        signs.extend(differing.map(|d| d.field.name().to_owned()));
    }
    signs
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.submission != Submission::Accepted {
            write!(f, "{} ", self.submission)?;
        }
        match &self.hop {
            Some(hop) => write!(f, "{} @{hop}", self.signs.iter().cloned().collect::<Vec<_>>().join(" + ")),
            None if self.submission == Submission::Accepted => f.write_str("good"),
            None => f.write_str("(nothing more)"),
        }
    }
}
