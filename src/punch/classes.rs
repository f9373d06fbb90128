//! What befell a household, each thing once, by its shape, at the first waypoint that shows it.

use super::shape::shape;
use super::{Facts, GroupFacts};
use crate::model::{
    Arrival, BY_THE_RULE, CANCELS_OTHERS, Discrepancy, ENROLLED_AGAIN, Field, Finding, FindingKind, GroupAtWaypoint,
    JourneyStep, Kind, LEFT_OTHERWISE, NOBODY_LOOKED, ProbeSummary, REFUSED_BY_RECEIVER, Relationship, Severity, Tier,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of whoever is in force again after the end.
const IN_AGAIN: &str = "enrolled again after the cancellation";

/// One kind of failure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    pub(super) what: String,
    pub(super) waypoint: String,
    pub(super) step: Option<JourneyStep>,
    pub(super) field: Option<Field>,
    pub(super) tier: Tier,
}

/// What a household's failures of one kind come to.
#[derive(Debug, Default)]
pub(super) struct Befallen {
    pub(super) people: u64,
    pub(super) place: Option<String>,
    /// The groups that it befell.
    pub(super) groups: Vec<usize>,
}

/// Everything that befell one household.
pub(super) fn befallen(probe: &ProbeSummary, facts: &Facts<'_>) -> BTreeMap<Class, Befallen> {
    let mut all: BTreeMap<Class, Befallen> = BTreeMap::new();
    let is_misrouted = probe.findings.iter().any(|finding| finding.kind == FindingKind::Misrouted);
    for (at, group) in probe.groups.iter().enumerate() {
        let of = facts.groups.get(at).cloned().unwrap_or_default();
        for waypoints in group.steps() {
            let found = of_step(waypoints, &of, facts, &probe.findings).into_iter();
            for (class, place) in found.filter(|(class, _)| !(is_misrouted && follows_from_misrouting(class))) {
                let it = all.entry(class).or_default();
                if !it.groups.contains(&at) {
                    // whoever is in two groups is one person
                    it.people = it.people.max(of.people);
                    it.groups.push(at);
                }
                it.place = it.place.take().or(place);
            }
        }
    }
    let everybody: u64 = facts.groups.iter().map(|of| of.people).sum();
    let mut told = BTreeSet::new();
    let is_in_again = probe.findings.iter().any(|finding| finding.kind == FindingKind::Resurrected);
    for (finding, class) in probe.findings.iter().filter_map(|finding| Some((finding, of_finding(finding, facts)?))) {
        // what one waypoint has wrong stands behind it too
        let follows = is_in_again && finding.kind == FindingKind::Residue;
        if follows || !told.insert(class.what.clone()) {
            continue;
        }
        let it = all.entry(class).or_insert_with(|| Befallen { people: everybody, ..Befallen::default() });
        it.groups = (0..probe.groups.len()).collect();
        it.place.get_or_insert_with(|| finding.detail.clone());
    }
    all
}

/// Who went to another issuer is not at their own, and its records say the other: one cause, told once.
fn follows_from_misrouting(class: &Class) -> bool {
    matches!(class.field, Some(Field::Issuer)) || (class.field.is_none() && class.what.contains(" lost "))
}

/// What befell one group at one step: lost, late, and each differing field by the first waypoint that shows it.
fn of_step(
    waypoints: &[GroupAtWaypoint],
    of: &GroupFacts,
    facts: &Facts<'_>,
    findings: &[Finding],
) -> Vec<(Class, Option<String>)> {
    let mut found = Vec::new();
    let mut told: Vec<&Discrepancy> = Vec::new();
    let (mut is_lost, mut is_late) = (false, false);
    let mut before: Option<&str> = None;
    for here in waypoints {
        let what = here.step.map_or_else(|| "enrollment".to_owned(), JourneyStep::in_words);
        let class =
            |what: String, field, tier| Class { what, waypoint: here.name.clone(), step: here.step, field, tier };
        if here.arrival == Arrival::Missing && !is_lost {
            is_lost = true;
            let way = match before {
                Some(before) => format!("{what} lost between `{before}` and `{}`", here.name),
                None => format!("{what} lost before `{}`", here.name),
            };
            // a change that was told wrongly before cannot show behind that: this follows, and is told already
            if here.step.is_none() || told.is_empty() {
                found.push((class(way, None, Tier::CoverageImpacting), here.not_found.clone()));
            }
        }
        if here.arrival == Arrival::Late && !is_late {
            is_late = true;
            found.push((class(format!("{what} late"), None, Tier::Watch), here.place.clone()));
        }
        if here.first_seen_at.is_some() {
            before = Some(&here.name);
        }
        for discrepancy in &here.discrepancies {
            if told.iter().any(|known| is_shown_again(known, discrepancy)) || follows(discrepancy, &here.discrepancies)
            {
                continue;
            }
            told.push(discrepancy);
            if here.step.is_some() && findings.iter().any(|finding| is_of_wrong_member(discrepancy, finding)) {
                continue;
            }
            let words = shape(discrepancy, relationship(discrepancy, facts), &of.dependents_premiums_cents);
            let place = here.place.as_ref().map(|place| match discrepancy.at {
                Some(at) => format!("{place} at {at}"),
                None => place.clone(),
            });
            found.push((class(words, Some(discrepancy.field), of_field(discrepancy)), place));
        }
    }
    found
}

/// Whether a waypoint shows what one before it showed, be it in another spelling: what an issuer was told wrongly it has wrong.
fn is_shown_again(before: &Discrepancy, here: &Discrepancy) -> bool {
    let plain = |found: &Option<String>| -> String {
        let found = found.as_deref().filter(|found| *found != "no").unwrap_or_default();
        found.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (one, other) = (plain(&before.found), plain(&here.found));
    let is_zip = here.field.kind() == Kind::Zip;
    let is_longer = |long: &str, short: &str| is_zip && !short.is_empty() && long.starts_with(short);
    let is_alike = one == other || is_longer(&one, &other) || is_longer(&other, &one);
    is_alike && (before.field, &before.member, &before.expected) == (here.field, &here.member, &here.expected)
}

/// Whether a difference is one side of a change that another member received: the finding tells both.
fn is_of_wrong_member(of: &Discrepancy, finding: &Finding) -> bool {
    let is_field = || finding.detail.starts_with(&format!("`{}` of ", of.field));
    finding.kind == FindingKind::WrongMember && is_field() && finding.detail.contains(&of.member)
}

/// Whether a difference is told by another already: what is owed follows from the premium and the credit.
fn follows(of: &Discrepancy, all: &[Discrepancy]) -> bool {
    of.field == Field::TotalResponsibility && all.iter().any(|d| matches!(d.field, Field::Aptc | Field::PremiumTotal))
}

/// The relationship of the member spoken of, whose label begins with the number.
fn relationship(of: &Discrepancy, facts: &Facts<'_>) -> Option<Relationship> {
    let number: usize = of.member.split(' ').next()?.parse().ok()?;
    facts.household?.members().nth(number.checked_sub(1)?).map(|person| person.relationship)
}

fn of_field(of: &Discrepancy) -> Tier {
    use Field::{
        BenefitBegin, BenefitEnd, CoverageLine, CsrVariant, Issuer, MemberBenefitBegin, MemberBenefitEnd, MemberChange,
        MemberEnrolled, PlanId, PolicyStatus,
    };
    let is_coverage = matches!(
        of.field,
        BenefitBegin
            | BenefitEnd
            | CoverageLine
            | CsrVariant
            | Issuer
            | MemberBenefitBegin
            | MemberBenefitEnd
            | MemberChange
            | MemberEnrolled
            | PlanId
            | PolicyStatus
    );
    match of.severity {
        Severity::Minor => Tier::Inconsequential,
        _ if is_coverage => Tier::CoverageImpacting,
        Severity::Major | Severity::Critical => Tier::Major,
    }
}

/// What came twice, by the words that the judge has for it.
fn twice(detail: &str) -> &'static str {
    let begins = |words: &str| detail.starts_with(words);
    match () {
        () if begins("the same cancellation again") => "the same cancellation twice",
        () if begins("the same change again") => "the same change twice",
        () if begins("the same file came again") => "the same file twice",
        () if begins("member ") => "one person twice in a group",
        () => "the same enrollment twice",
    }
}

/// What stands beside arrival and integrity. What the exchange itself did not take is no failure of the pipeline.
fn of_finding(finding: &Finding, facts: &Facts<'_>) -> Option<Class> {
    use Tier::{CoverageImpacting, Major, Watch};
    let (what, tier) = match finding.kind {
        FindingKind::Duplicated => (twice(&finding.detail), Watch),
        FindingKind::Misrouted => ("sent to another issuer", CoverageImpacting),
        FindingKind::Unexpected => ("there, and should not be", CoverageImpacting),
        FindingKind::Split => ("one household in several policies", CoverageImpacting),
        FindingKind::Merged => ("several households in one policy", CoverageImpacting),
        FindingKind::IdCollision => ("one id for two people", Major),
        FindingKind::OutOfOrder => ("messages out of order", Watch),
        FindingKind::Flapping => ("seen, and then gone", CoverageImpacting),
        FindingKind::Stale => ("an old state after a newer one", Watch),
        FindingKind::Recovered => ("judged missing, and came later", Watch),
        FindingKind::Residue if !facts.cancellation_was_taken => return None,
        FindingKind::Residue if finding.detail.contains(NOBODY_LOOKED) => ("cancellation not proved", Watch),
        FindingKind::Residue if finding.detail.contains(CANCELS_OTHERS) => {
            ("cancellation of somebody else, or not of everybody", CoverageImpacting)
        }
        FindingKind::Residue if finding.detail.contains(ENROLLED_AGAIN) => (IN_AGAIN, CoverageImpacting),
        FindingKind::Residue if finding.detail.starts_with(REFUSED_BY_RECEIVER) => {
            ("cancellation refused by its receiver", CoverageImpacting)
        }
        FindingKind::Residue if finding.detail.contains(LEFT_OTHERWISE) => {
            ("cancellation left it in another status", CoverageImpacting)
        }
        FindingKind::Residue if facts.files.contains(&finding.waypoint.as_str()) => {
            ("cancellation never sent", CoverageImpacting)
        }
        FindingKind::Residue => ("cancellation not carried out", CoverageImpacting),
        FindingKind::RejectedByAck => ("refused by its receiver", CoverageImpacting),
        FindingKind::ChangeRefused => ("change refused by the exchange", Major),
        FindingKind::WrongMember => ("change told of another member", Major),
        FindingKind::Resurrected => (IN_AGAIN, CoverageImpacting),
        FindingKind::EnrolledOtherwise if finding.detail.contains("asked for plan") => {
            ("another plan than asked for, by the exchange's own answer", CoverageImpacting)
        }
        FindingKind::EnrolledOtherwise if finding.detail.contains(BY_THE_RULE) => {
            ("another first day than the rules allow, by the exchange's own answer", CoverageImpacting)
        }
        FindingKind::EnrolledOtherwise => {
            ("another first day than asked for, by the exchange's own answer", CoverageImpacting)
        }
        FindingKind::Damaged => ("in a file that a receiver refuses", CoverageImpacting),
    };
    let waypoint = finding.waypoint.clone();
    Some(Class { what: what.to_owned(), waypoint, step: None, field: None, tier })
}
