//! What a run expects of files, and their records brought to it.

use super::account::{Account, Differing, DifferingKind};
use super::group::{Compared, Group, differing};
use crate::model::{
    Entry, ExpectedGroup, Facts, FeedKind, Field, FieldSet, GroupRecord, IssuerId, ProbeIndex, RecordKind, RunPlan,
    Submission,
};
use crate::reconcile::case::{expectations, meant_for};
use crate::reconcile::compare::Rules;
use crate::reconcile::history::{History, Probe};
use crate::reconcile::judge::roster_of;
use crate::reconcile::roster::{Recognition, Roster};
use crate::reconcile::timeliness::limit_at;
use std::collections::{BTreeMap, BTreeSet};

/// What was found in files: records of the run's people in order, and the issuers that the files are addressed to.
#[derive(Debug, Clone, Default)]
pub struct Filed {
    /// Records, each with whose it is.
    pub records: Vec<(Recognition, GroupRecord)>,
    /// Issuers, as far as they can be told.
    pub addressed_to: BTreeSet<IssuerId>,
}

/// What a run expects of files.
#[derive(Debug)]
pub struct InFiles<'a> {
    rules: Rules<'a>,
    roster: Roster,
    only: Option<&'a IssuerId>,
    probes: BTreeMap<ProbeIndex, Expected>,
}

/// What is expected of a probe.
#[derive(Debug)]
struct Expected {
    submission: Submission,
    /// It was cancelled before it was due: an enrollment may rightly never have been sent (CMS companion guide v7.2 p. 106).
    is_cut_off: bool,
    groups: Vec<ExpectedGroup>,
}

impl<'a> InFiles<'a> {
    /// From a run's plan and its entries so far. `only`: the one issuer whose groups are compared; `ignore`: fields that are
    /// not compared, beside those that the scenario ignores.
    pub fn of(plan: &'a RunPlan, entries: &[Entry], only: Option<&'a IssuerId>, ignore: FieldSet) -> Self {
        let waypoint = plan.waypoints.iter().find(|waypoint| waypoint.feed == FeedKind::EdiFolder);
        let rules = Rules {
            severity: &plan.severity,
            ignore: plan.ignore.union(ignore),
            absent_aptc_is_zero: waypoint.is_some_and(|waypoint| waypoint.absent_aptc_is_zero),
            issuers: &plan.issuers,
        };
        let history = History::of(entries);
        let expectations = expectations(&history);
        let roster = roster_of(&expectations);
        let is_cut_off = |probe: &Probe<'_>| {
            let (enroll, cancel, waypoint) = (probe.enroll?, probe.cancel?, waypoint?);
            let windows = waypoint.windows.as_ref();
            Some(cancel.sent_at < limit_at(&waypoint.enroll_limit, windows, plan.zone, enroll.intended_at))
        };
        let expected = expectations.into_iter().filter_map(|(index, expectation)| {
            let probe = history.probes.get(&index)?;
            let is_cut_off = is_cut_off(probe).unwrap_or(false);
            let groups = expectation.groups;
            Some((index, Expected { submission: probe.submission(), is_cut_off, groups }))
        });
        let probes = expected.collect();
        Self { rules, roster, only, probes }
    }

    /// Adds an id that the exchange assigned in another run: its records are not this run's, though its people may be the same.
    pub fn add_foreign_id(&mut self, id: &str) {
        self.roster.add_foreign_id(id);
    }

    /// Everybody whom the run planned.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Issuers of whom the run expects something.
    pub fn issuers(&self) -> BTreeSet<IssuerId> {
        let groups = self.probes.values().flat_map(|probe| &probe.groups);
        groups.filter_map(|group| group.facts.text(Field::Issuer)).map(IssuerId::new).collect()
    }

    /// Compares.
    pub fn account(&self, filed: Filed) -> Account {
        let addressed = filed.addressed_to.intersection(&self.issuers()).cloned().collect();
        let mut tally = Tally { addressed, account: Account::default(), fields: Fields::default() };
        let mut found = self.by_group(filed.records);
        for (index, probe) in &self.probes {
            for (at, expected) in probe.groups.iter().enumerate().filter(|(_, group)| self.is_wanted(group)) {
                let records = found.remove(&(*index, at)).unwrap_or_default();
                self.group(probe, Group { probe: *index, expected }, &records, &mut tally);
            }
        }
        let Tally { mut account, fields, .. } = tally;
        account.ignored = fields.expected.intersection(self.rules.ignore);
        account.not_shown = fields.expected.difference(fields.compared).difference(self.rules.ignore);
        account
    }

    /// A record that shows neither policy, plan nor line is a cancellation, which speaks for each of its probe's groups.
    fn by_group(&self, records: Vec<(Recognition, GroupRecord)>) -> BTreeMap<(ProbeIndex, usize), Vec<GroupRecord>> {
        let mut found: BTreeMap<_, Vec<GroupRecord>> = BTreeMap::new();
        for (recognition, record) in records {
            let groups = self.probes.get(&recognition.probe).map(|probe| probe.groups.as_slice()).unwrap_or_default();
            for at in meant_for(&record, None, groups) {
                found.entry((recognition.probe, at)).or_default().push(record.clone());
            }
        }
        found
    }

    fn is_wanted(&self, group: &ExpectedGroup) -> bool {
        self.only.is_none_or(|only| group.facts.text(Field::Issuer) == Some(only.as_str()))
    }

    fn group(&self, probe: &Expected, group: Group<'_>, records: &[GroupRecord], tally: &mut Tally) {
        let takes_out =
            |record: &&GroupRecord| matches!(record.kind, RecordKind::Cancellation | RecordKind::Termination);
        let (ends, enrolls): (Vec<_>, Vec<_>) = records.iter().partition(takes_out);
        tally.account.taken_out += ends.len() as u64;
        let may_be = matches!(probe.submission, Submission::Accepted | Submission::Indeterminate);
        let is_due = probe.submission == Submission::Accepted && !probe.is_cut_off;
        match enrolls.first() {
            Some(first) if !may_be => {
                let note = "the exchange did not take the application";
                tally.account.differing.push(group.subscriber(DifferingKind::Unexpected, first, note));
            }
            Some(_) => tally.compared(group, differing(group, &enrolls, &self.rules)),
            None if !is_due => tally.account.not_due += u64::from(may_be),
            None if ends.is_empty() && self.is_elsewhere(group.expected, &tally.addressed) => tally.elsewhere(group),
            None => tally.account.differing.extend(group.missing(ends.first().copied())),
        }
    }

    /// Whether the files are for other issuers: a file goes to one. Where none says whom it is for, all are looked for.
    fn is_elsewhere(&self, group: &ExpectedGroup, addressed: &BTreeSet<IssuerId>) -> bool {
        let issuer = group.facts.text(Field::Issuer);
        let is_other = |own: &str| addressed.iter().all(|to| to.as_str() != own);
        self.only.is_none() && !addressed.is_empty() && issuer.is_some_and(is_other)
    }
}

/// An account while it is made.
struct Tally {
    /// Of the issuers of whom something is expected.
    addressed: BTreeSet<IssuerId>,
    account: Account,
    fields: Fields,
}

impl Tally {
    fn compared(&mut self, group: Group<'_>, compared: Compared<'_>) {
        self.fields.add(group.expected, &compared.records);
        self.account.differing.extend(compared.differing);
        self.account.same += compared.same;
        self.account.equivalences += compared.equivalences;
        self.account.later += compared.later;
    }

    fn elsewhere(&mut self, group: Group<'_>) {
        let issuer = IssuerId::new(group.expected.facts.text(Field::Issuer).unwrap_or_default());
        let (groups, people) = self.account.elsewhere.entry(issuer).or_default();
        *groups += 1;
        *people += group.expected.members.len() as u64;
    }
}

/// Which fields the compared groups expect, and which of these their records state.
#[derive(Debug, Default)]
struct Fields {
    expected: FieldSet,
    compared: FieldSet,
}

impl Fields {
    fn add(&mut self, expected: &ExpectedGroup, records: &[&GroupRecord]) {
        let all = |facts: &Facts, members: &[Facts]| {
            members.iter().fold(facts.stated(), |all, member| all.union(member.stated()))
        };
        let wanted = all(&expected.facts, &expected.members);
        self.expected = self.expected.union(wanted);
        for record in records {
            self.compared = self.compared.union(wanted.intersection(all(&record.facts, &record.members)));
        }
    }
}

impl Group<'_> {
    /// The people of a group, none of whom is there.
    fn missing(&self, end: Option<&GroupRecord>) -> Vec<Differing> {
        let note = if end.is_some() { "only its end is in the files" } else { "not in the files" };
        let one = |member| self.person(DifferingKind::Missing, member, end, note);
        self.expected.members.iter().map(one).collect()
    }
}
