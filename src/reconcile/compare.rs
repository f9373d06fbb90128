//! One expected group against one record, field by field.

use super::equality::{Equality, Setting, equality};
use super::pairing::{is_same_person, pair};
use crate::model::{
    CarriedWords, Discrepancy, Equivalence, ExpectedGroup, Fact, Facts, Field, FieldSet, GroupRecord, IssuerId,
    RecordKind, RunPlan, Severity, Value, WaypointPlan,
};
use std::collections::BTreeMap;

/// How a run wants its fields compared at one waypoint.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Severities that differ from the catalogue's.
    pub severity: &'a BTreeMap<Field, Severity>,
    /// Fields that are not compared.
    pub ignore: FieldSet,
    /// Whether an absent APTC and an APTC of zero are the same here.
    pub absent_aptc_is_zero: bool,
    /// Tax ids and names by which files call the issuers.
    pub issuers: &'a BTreeMap<IssuerId, Vec<String>>,
    /// Words that the target cannot tell apart, and then those that the waypoint (or the issuer there) cannot, where it says any.
    pub words: (&'a CarriedWords, Option<&'a CarriedWords>),
}

impl<'a> Rules<'a> {
    /// The rules of a plan at one of its waypoints.
    pub fn at(plan: &'a RunPlan, waypoint: &WaypointPlan) -> Self {
        Self {
            severity: &plan.severity,
            ignore: plan.ignore,
            absent_aptc_is_zero: waypoint.absent_aptc_is_zero,
            issuers: &plan.issuers,
            words: (&plan.carries.words, None),
        }
    }

    /// Whether two words are one once they came through what cannot tell them apart.
    fn is_carried_alike(&self, field: Field, expected: Fact<'_>, found: Fact<'_>) -> bool {
        let words = || [Some(self.words.0), self.words.1].into_iter().flatten();
        let carried = |fact: Fact<'_>| {
            let Fact::Value(Value::Text(said)) = fact else { return None };
            let through = |word: String, words: &CarriedWords| {
                words.get(&field).and_then(|words| words.get(&word)).cloned().unwrap_or(word)
            };
            Some(words().fold(String::from(said.to_lowercase()), through))
        };
        words().any(|words| words.contains_key(&field)) && carried(expected) == carried(found)
    }

    /// Whether what a file calls the issuer means this one; what several issuers are called may be any of them.
    pub(super) fn is_issuer(&self, issuer: &str, called: &str) -> bool {
        let same = |name: &str| name.trim().eq_ignore_ascii_case(called.trim());
        let names = self.issuers.iter().filter(|(id, _)| id.as_str() == issuer).flat_map(|(_, names)| names);
        same(issuer) || names.into_iter().any(|name| same(name))
    }

    /// Whether it is what some issuer is called.
    pub(super) fn is_any_issuer(&self, called: &str) -> bool {
        self.issuers.keys().any(|issuer| self.is_issuer(issuer.as_str(), called))
    }

    pub(super) fn severity(&self, field: Field) -> Severity {
        self.severity.get(&field).copied().unwrap_or_else(|| field.default_severity())
    }
}

/// What differs, and what is only written differently. People who are missing from the record, too many in it, or shown as
/// removed, differ in `member.enrolled`. What either side leaves unstated is not compared; a cancellation or termination of a
/// whole group shows its subscriber alone and misses nobody (CMS companion guide v7.2 p. 54 to 67).
pub fn compare_group(
    expected: &ExpectedGroup,
    record: &GroupRecord,
    rules: &Rules<'_>,
) -> (Vec<Discrepancy>, Vec<Equivalence>) {
    let mut comparison = Comparison::default();
    comparison.group(expected, &record.facts, rules);
    let doubled = comparison.members(expected, &record.members, rules);
    for at in doubled {
        comparison.surplus(at, record.members.get(at), rules);
    }
    if matches!(record.kind, RecordKind::Cancellation | RecordKind::Termination) {
        let is_missing = |d: &Discrepancy| d.field == Field::MemberEnrolled && d.found.as_deref() == Some("no");
        comparison.discrepancies.retain(|d| !is_missing(d));
    }
    (comparison.discrepancies, comparison.equivalences)
}

/// Differences as they add up.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) discrepancies: Vec<Discrepancy>,
    pub(super) equivalences: Vec<Equivalence>,
    /// What is not there, and was perhaps never asked for.
    pub(super) unasked: Vec<Discrepancy>,
}

impl Comparison {
    /// Compares the group's facts.
    pub(super) fn group(&mut self, expected: &ExpectedGroup, found: &Facts, rules: &Rules<'_>) {
        let setting = Setting { absent_aptc_is_zero: rules.absent_aptc_is_zero, begin: begin(&expected.facts) };
        self.facts(None, (&expected.facts, found), rules, setting);
        let mut told = expected.told_alone.clone();
        expected.facts.stated().iter().for_each(|field| told.unset(field));
        self.facts(None, (&told, found), rules, setting);
    }

    /// Compares the members; gives back the places of those who are in the record a second time.
    pub(super) fn members(&mut self, expected: &ExpectedGroup, found: &[Facts], rules: &Rules<'_>) -> Vec<usize> {
        let pairing = pair(&expected.members, found);
        for (e, f) in &pairing.pairs {
            if let Some(shown) = found.get(*f) {
                self.one_member(expected, *e, shown, rules);
            }
        }
        for at in &pairing.dropped {
            if let Some(facts) = expected.members.get(*at).filter(|facts| is_enrolled(facts)) {
                self.enrolled(label(*at, facts), (Some("yes"), "no"), None, rules);
            }
        }
        let is_doubled =
            |at: &usize| found.get(*at).is_some_and(|f| expected.members.iter().any(|e| is_same_person(e, f)));
        let (doubled, surplus): (Vec<_>, Vec<_>) = pairing.added.into_iter().partition(is_doubled);
        for at in surplus {
            self.surplus(at, found.get(at), rules);
        }
        doubled
    }

    /// Compares what is shown of the member at a place.
    pub(super) fn one_member(&mut self, expected: &ExpectedGroup, at: usize, found: &Facts, rules: &Rules<'_>) {
        if let Some(wanted) = expected.members.get(at) {
            self.member(at, wanted, found, rules);
            self.own_coverage(at, (&expected.facts, wanted), found, rules);
        }
    }

    /// Of somebody who is in on one side only, nothing else is compared.
    fn member(&mut self, at: usize, wanted: &Facts, shown: &Facts, rules: &Rules<'_>) {
        match (is_enrolled(wanted), is_enrolled(shown)) {
            (true, false) => self.enrolled(label(at, wanted), (Some("yes"), "no"), Some(shown), rules),
            (false, true) => self.enrolled(label(at, wanted), (Some("no"), "yes"), Some(shown), rules),
            _ => self.facts(Some(at), (wanted, shown), rules, Setting::default()),
        }
    }

    /// Of a member of whom no dates, plan and policy of their own are expected those of the group are; but not the first day of one who
    /// joined later, which the exchange decides.
    fn own_coverage(&mut self, at: usize, (group, wanted): (&Facts, &Facts), found: &Facts, rules: &Rules<'_>) {
        let setting = Setting { begin: begin(group), ..Setting::default() };
        for (own, of_group) in [
            (Field::MemberBenefitBegin, Field::BenefitBegin),
            (Field::MemberBenefitEnd, Field::BenefitEnd),
            (Field::PlanId, Field::PlanId),
            (Field::CsrVariant, Field::CsrVariant),
            (Field::PolicyId, Field::PolicyId),
        ] {
            let joined = own == Field::MemberBenefitBegin && wanted.value(Field::MemberEnrolled).is_some();
            let is_told =
                !joined && wanted.get(own) == Fact::Unstated && found.value(own).is_some() && is_enrolled(found);
            let expected = group.get(of_group);
            let differs = || equality(of_group, expected, found.get(own), setting) == Equality::Different;
            if is_told && expected != Fact::Unstated && !rules.ignore.contains(own) && differs() {
                let (member, severity) = (label(at, wanted), rules.severity(own));
                let (expected, at) = (shown(own, expected), found.position(own));
                let found = shown(own, found.get(own));
                self.discrepancies.push(Discrepancy { member, field: own, expected, found, severity, at });
            }
        }
    }

    fn surplus(&mut self, at: usize, facts: Option<&Facts>, rules: &Rules<'_>) {
        self.enrolled(facts.map(|facts| label(at, facts)).unwrap_or_default(), (None, "yes"), facts, rules);
    }

    fn enrolled(
        &mut self,
        member: String,
        (expected, found): (Option<&str>, &str),
        shown: Option<&Facts>,
        rules: &Rules<'_>,
    ) {
        let field = Field::MemberEnrolled;
        if !rules.ignore.contains(field) {
            let (expected, found) = (expected.map(str::to_owned), Some(found.to_owned()));
            let at = shown.and_then(|facts| facts.position(field));
            let severity = rules.severity(field);
            self.discrepancies.push(Discrepancy { member, field, expected, found, severity, at });
        }
    }

    fn facts(&mut self, at: Option<usize>, (expected, found): (&Facts, &Facts), rules: &Rules<'_>, setting: Setting) {
        for field in suspects(expected, found).difference(rules.ignore).iter() {
            let answer = match field {
                Field::Issuer => issuer(expected, found, rules),
                Field::MemberEnrolled => Equality::Equal,
                _ => equality(field, expected.get(field), found.get(field), setting),
            };
            let answer = match answer {
                Equality::Different if rules.is_carried_alike(field, expected.get(field), found.get(field)) => {
                    Equality::Equivalent("carried_alike".to_owned())
                }
                answer => answer,
            };
            let member = || at.map(|at| label(at, expected)).unwrap_or_default();
            let shown_at = found.position(field);
            let (wanted, shown) = (|| shown(field, expected.get(field)), || shown(field, found.get(field)));
            match answer {
                Equality::Equal => {}
                Equality::Different if repeats_residence(field, expected, found) => {
                    let rule = "mailing_same_as_residence".to_owned();
                    let (member, expected, found) = (member(), wanted(), shown());
                    self.equivalences.push(Equivalence { member, field, rule, expected, found });
                }
                Equality::Equivalent(rule) => {
                    let (member, expected, found) = (member(), wanted(), shown());
                    self.equivalences.push(Equivalence { member, field, rule, expected, found });
                }
                Equality::Different => {
                    let (member, expected, found) = (member(), wanted(), shown());
                    let (severity, at) = (rules.severity(field), shown_at);
                    self.discrepancies.push(Discrepancy { member, field, expected, found, severity, at });
                }
            }
        }
    }
}

/// Whoever is in a group is enrolled unless it is said that they are not.
pub(super) fn is_enrolled(member: &Facts) -> bool {
    member.text(Field::MemberEnrolled) != Some("no")
}

/// Fields stated on both sides whose values are not the same bytes: nearly always none.
fn suspects(expected: &Facts, found: &Facts) -> FieldSet {
    let stated = expected.stated().intersection(found.stated());
    let on_both = expected.valued().intersection(found.valued());
    let mut differing = expected.valued().union(found.valued()).difference(on_both).intersection(stated);
    let shared = |(field, _): &(Field, &Value)| on_both.contains(*field);
    for ((field, wanted), (_, shown)) in expected.values().filter(shared).zip(found.values().filter(shared)) {
        if wanted != shown {
            differing.insert(field);
        }
    }
    differing
}

fn begin(facts: &Facts) -> Option<chrono::NaiveDate> {
    match facts.value(Field::BenefitBegin) {
        Some(Value::Date(begin)) => Some(*begin),
        _ => None,
    }
}

fn issuer(expected: &Facts, found: &Facts, rules: &Rules<'_>) -> Equality {
    match (expected.text(Field::Issuer), found.text(Field::Issuer)) {
        (Some(expected), Some(found)) if rules.is_issuer(expected, found) => Equality::Equal,
        _ => Equality::Different,
    }
}

/// A mailing address is told only where it differs (CMS companion guide v7.2 p. 41); a record that repeats the residence
/// says the same.
fn repeats_residence(field: Field, expected: &Facts, found: &Facts) -> bool {
    let residence = match field {
        Field::MailStreet1 => Field::Street1,
        Field::MailStreet2 => Field::Street2,
        Field::MailCity => Field::City,
        Field::MailState => Field::State,
        Field::MailZip => Field::Zip,
        _ => return false,
    };
    expected.get(field) == Fact::Absent
        && expected.value(residence).is_some()
        && equality(residence, expected.get(residence), found.get(field), Setting::default()) != Equality::Different
}

/// A member as people call it: its place, first and last name.
pub(super) fn label(at: usize, facts: &Facts) -> String {
    let mut label = (at + 1).to_string();
    for field in [Field::NameFirst, Field::NameLast] {
        if let Some(name) = facts.text(field) {
            label.push(' ');
            label.push_str(name);
        }
    }
    label
}

/// A value for people; of a Social Security number the last four digits.
pub(super) fn shown(field: Field, fact: Fact<'_>) -> Option<String> {
    match fact {
        Fact::Value(value) if field == Field::Ssn => Some(masked(&value.to_string())),
        Fact::Value(value) => Some(value.to_string()),
        Fact::Absent | Fact::Unstated => None,
    }
}

fn masked(ssn: &str) -> String {
    let digits: Vec<char> = ssn.chars().filter(char::is_ascii_digit).collect();
    let kept: String = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default().iter().collect();
    let hidden = if digits.len() == 9 { "***-**-".to_owned() } else { format!("({} digits) ***", digits.len()) };
    format!("{hidden}{kept}")
}
