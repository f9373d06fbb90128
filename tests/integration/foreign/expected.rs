//! What must be found for every planted defect: nothing less, nothing else, and at the right hop.

use super::defect::{At, Defect, Field};
use johndoe::model::{Arrival, FindingKind, ProbeSummary, Submission};
use std::collections::BTreeSet;

/// A household as it must be (or was) judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) submission: Submission,
    pub(super) good: Option<bool>,
    pub(super) hop: Option<String>,
    /// Of the first group, waypoint by waypoint.
    pub(super) arrivals: Vec<Arrival>,
    /// Fields of the first group that differ, waypoint by waypoint.
    pub(super) fields: Vec<BTreeSet<String>>,
    /// Kind and waypoint.
    pub(super) findings: BTreeSet<(String, String)>,
    /// What differs in the household's other groups.
    pub(super) elsewhere: Vec<String>,
}

const HOPS: [&str; 2] = ["edi_834", "issuer"];

/// A household of which nothing bad can be said.
pub(super) fn clean() -> Verdict {
    Verdict {
        submission: Submission::Accepted,
        good: Some(true),
        hop: None,
        arrivals: vec![Arrival::OnTime; 2],
        fields: vec![BTreeSet::new(), BTreeSet::new()],
        findings: BTreeSet::new(),
        elsewhere: Vec::new(),
    }
}

/// What the judge made of a household.
pub(super) fn found(probe: &ProbeSummary) -> Verdict {
    let first = probe.groups.first();
    let fields = |at: &johndoe::model::GroupAtWaypoint| at.discrepancies.iter().map(|d| d.field.to_string()).collect();
    let others = probe.groups.iter().skip(1).flat_map(|group| &group.waypoints);
    let fine = |at: &&johndoe::model::GroupAtWaypoint| {
        matches!(at.arrival, Arrival::OnTime | Arrival::NotDue) && at.discrepancies.is_empty()
    };
    let elsewhere = others.filter(|at| !fine(at));
    Verdict {
        submission: probe.submission,
        good: probe.good,
        hop: probe.first_divergent_hop.clone(),
        arrivals: first.map(|group| group.waypoints.iter().map(|at| at.arrival).collect()).unwrap_or_default(),
        fields: first.map(|group| group.waypoints.iter().map(fields).collect()).unwrap_or_default(),
        findings: probe.findings.iter().map(|f| (f.kind.to_string(), f.waypoint.clone())).collect(),
        elsewhere: elsewhere.map(|at| format!("{} {} {:?}", at.name, at.arrival, at.discrepancies)).collect(),
    }
}

/// What must be found for a defect.
pub(super) fn expected(defect: Defect) -> Verdict {
    match defect {
        Defect::Lost(At::File) => bad(At::File, |v| v.arrivals = vec![Arrival::Missing; 2]),
        Defect::Lost(At::Load) => bad(At::Load, |v| v.arrivals[1] = Arrival::Missing),
        Defect::Late(At::File) => bad(At::File, |v| v.arrivals = vec![Arrival::Late; 2]),
        Defect::Late(At::Load) => bad(At::Load, |v| v.arrivals[1] = Arrival::Late),
        Defect::Twice(at) => bad(at, |v| find(v, FindingKind::Duplicated, &[hop(at)])),
        // What stands in another issuer's books has not arrived at its own.
        Defect::Misrouted(at) => bad(at, |v| {
            v.arrivals[1] = Arrival::Missing;
            find(v, FindingKind::Misrouted, from(at));
        }),
        Defect::Spoilt(at, field) => bad(at, |v| differ(v, at, fields_of(field))),
        Defect::DependentDropped(at) | Defect::DependentAdded(at) => bad(at, |v| differ(v, at, &["member.enrolled"])),
        Defect::NumbersSwapped(at) => bad(at, |v| differ(v, at, &["member.exchange_assigned_member_id"])),
        Defect::DeniedYetSent => bad(At::File, |v| {
            v.submission = Submission::Rejected;
            v.arrivals = vec![Arrival::NotDue; 2];
            find(v, FindingKind::Unexpected, &HOPS);
        }),
        Defect::CancellationUnsent => bad(At::File, |v| find(v, FindingKind::Residue, &["edi_834"])),
        Defect::CancellationIgnored => bad(At::Load, |v| find(v, FindingKind::Residue, &["issuer"])),
        Defect::NumberTwice => bad(At::File, |v| find(v, FindingKind::IdCollision, &["edi_834"])),
        Defect::FailsAfterAccepting | Defect::SilentAfterAccepting => {
            Verdict { submission: Submission::Indeterminate, ..clean() }
        }
    }
}

fn bad(at: At, how: impl FnOnce(&mut Verdict)) -> Verdict {
    let mut verdict = Verdict { good: Some(false), hop: Some(hop(at).to_owned()), ..clean() };
    how(&mut verdict);
    verdict
}

fn hop(at: At) -> &'static str {
    from(at)[0]
}

/// What is wrong in the file is wrong at the issuer too.
fn from(at: At) -> &'static [&'static str] {
    match at {
        At::File => &HOPS,
        At::Load => &HOPS[1..],
    }
}

fn find(verdict: &mut Verdict, kind: FindingKind, hops: &[&str]) {
    verdict.findings = hops.iter().map(|hop| (kind.to_string(), (*hop).to_owned())).collect();
}

fn differ(verdict: &mut Verdict, at: At, fields: &[&str]) {
    let fields: BTreeSet<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    for (hop, set) in HOPS.iter().zip(&mut verdict.fields) {
        if from(at).contains(hop) {
            set.clone_from(&fields);
        }
    }
}

fn fields_of(field: Field) -> &'static [&'static str] {
    match field {
        Field::FamilyMisspelt | Field::ApostropheLost => &["member.name.last"],
        Field::GivenMojibake => &["member.name.first"],
        Field::BornDayEarlier => &["member.birth_date"],
        Field::ChildBecomesSpouse => &["member.relationship"],
        Field::ZipZeroLost => &["member.address.zip"],
        Field::SsnBlank => &["member.ssn"],
        Field::SexTurned => &["member.sex"],
        Field::StreetBlank => &["member.address.street_1"],
        Field::CountyWrong => &["member.address.county"],
        Field::TobaccoTurned => &["member.tobacco"],
        Field::CreditWrong | Field::CreditBlank => &["group.aptc", "group.total_responsibility"],
        Field::PremiumWrong => &["group.premium_total", "group.total_responsibility"],
        Field::VariantWrong => &["group.csr_variant"],
        Field::PlanWrong => &["group.plan_id"],
        Field::StartMonthLater => &["group.benefit_begin_date"],
        Field::PolicyNumberWrong => &["group.exchange_assigned_policy_id"],
    }
}
