//! What a run expects of files, and their records brought to it.

use super::account::{Account, Differing, DifferingKind};
use super::group::{Compared, Group, compare, step_in_words};
use super::hand::{self, Filed};
use crate::life;
use crate::model::{
    Act, Entry, Existence, ExpectedGroup, Facts, Field, FieldSet, Finding, GroupRecord, IssuerId, JourneyStep,
    ProbeIndex, RunPlan, Submission, WaypointPlan,
};
use crate::reconcile::case::{Case, Expected, Life, Seen, cases_of, expectations};
use crate::reconcile::change::told_twice;
use crate::reconcile::compare::Rules;
use crate::reconcile::exchanged::Exchanged;
use crate::reconcile::findings::{Finds, collisions, ghosts, note};
use crate::reconcile::group::{Court, Place};
use crate::reconcile::history::History;
use crate::reconcile::judge::roster_of;
use crate::reconcile::roster::Roster;
use crate::reconcile::sight::Unfound;
use crate::reconcile::timeliness::limit_at;
use crate::reconcile::told::owed;
use crate::reconcile::understood::NotUnderstood;
use std::collections::{BTreeMap, BTreeSet};

/// What a run expects of files.
#[derive(Debug)]
pub struct InFiles<'a> {
    plan: &'a RunPlan,
    history: History<'a>,
    expectations: BTreeMap<ProbeIndex, Expected>,
    roster: Roster,
    rules: Rules<'a>,
    only: Option<&'a IssuerId>,
    waypoint: WaypointPlan,
}

impl<'a> InFiles<'a> {
    /// From a run's plan and its entries so far. `only`: the one issuer whose groups are compared; `ignore`: fields that are
    /// not compared, beside those that the scenario ignores.
    pub fn of(plan: &'a RunPlan, entries: &'a [Entry], only: Option<&'a IssuerId>, ignore: FieldSet) -> Self {
        let waypoint = hand::waypoint(plan);
        let rules = Rules { ignore: plan.ignore.union(ignore), ..Rules::at(plan, &waypoint) };
        let history = History::of(entries);
        let expectations = expectations(plan, &history);
        let roster = roster_of(&expectations);
        Self { plan, history, expectations, roster, rules, only, waypoint }
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
        let groups = self.expectations.values().flat_map(|expected| &expected.enrolled.groups);
        groups.filter_map(|group| group.facts.text(Field::Issuer)).map(IssuerId::new).collect()
    }

    /// Compares, as the judge does what was seen at a waypoint; but each record that shows a group, and person by person.
    pub fn account(mut self, filed: Filed) -> Account {
        let addressed = filed.addressed_to.intersection(&self.issuers()).cloned().collect();
        let mut tally = Tally { addressed, account: Account::default(), fields: Fields::default() };
        let seen = hand::sightings(filed.records);
        let brought = seen.iter().map(|(whose, sighting)| (sighting, whose.probe, whose.tier));
        let expectations = std::mem::take(&mut self.expectations);
        let cases = cases_of(std::slice::from_ref(&self.waypoint), &self.history.probes, expectations, brought);
        // what the run itself saw is not in the hand
        let nothing = History { breaks: self.history.breaks.clone(), ..History::default() };
        let unread = NotUnderstood::default();
        let (exchanged, unfound) = (Exchanged::default(), Unfound::default());
        let court = Court {
            plan: self.plan,
            history: &nothing,
            roster: &self.roster,
            unread: &unread,
            exchanged: &exchanged,
            unfound: &unfound,
            now: hand::NOW,
        };
        let mut shared: BTreeMap<ProbeIndex, Vec<Finding>> = BTreeMap::new();
        for (probe, _, finding) in collisions(self.plan, &cases) {
            shared.entry(probe).or_default().push(finding);
        }
        for (index, case) in &cases {
            self.case(court, case, shared.remove(index).unwrap_or_default(), &mut tally);
        }
        let Tally { mut account, fields, .. } = tally;
        account.ignored = fields.expected.intersection(self.rules.ignore);
        account.not_shown = fields.expected.difference(fields.stated).difference(self.rules.ignore);
        account
    }

    fn case(&self, court: Court<'_>, case: &Case<'_>, shared: Vec<Finding>, tally: &mut Tally) {
        let groups = &case.expectation.groups;
        let wanted: Vec<_> = groups.iter().enumerate().filter(|(_, group)| self.is_wanted(group)).collect();
        let Some((_, first)) = wanted.first() else { return };
        let mut finds = Finds::default();
        // ids that were given twice are told of whom the files show
        for finding in shared.into_iter().filter(|_| !case.seen.is_empty()) {
            finds.put(None, 0, finding);
        }
        ghosts(self.plan, case, &mut finds);
        for (at, expected) in &wanted {
            let existence = Existence::Seen;
            let place = Place { court, case, existence, group: *at, expected, index: 0, waypoint: &self.waypoint };
            self.group(&place, &mut finds, tally);
        }
        for (at, _, finding) in finds.found {
            let expected = at.and_then(|at| groups.get(at)).unwrap_or(first);
            let group = Group { probe: case.expectation.probe, expected };
            let told = group.subscriber(DifferingKind::Found(finding.kind), &finding.detail);
            tally.account.differing.push(told);
        }
    }

    fn is_wanted(&self, group: &ExpectedGroup) -> bool {
        self.only.is_none_or(|only| group.facts.text(Field::Issuer) == Some(only.as_str()))
    }

    fn group(&self, place: &Place<'_>, finds: &mut Finds, tally: &mut Tally) {
        let group = Group { probe: place.case.expectation.probe, expected: place.expected };
        let seen = place.case.at(place.index, place.group);
        let arrived: Vec<&Seen<'_>> = seen.iter().copied().filter(|seen| seen.is_in_force()).collect();
        let end = seen.iter().find(|seen| seen.takes_out()).map(|seen| &seen.sighting.record);
        tally.account.taken_out += (seen.len() - arrived.len()) as u64;
        let Some((begun_by, begun)) = place.case.opening_of(place.group).filter(|(_, act)| act.may_stand()) else {
            return;
        };
        let submission = begun.submission();
        note(place, &seen, &arrived, finds);
        told_twice(place, &arrived, finds);
        let is_due = submission == Submission::Accepted && !self.is_cut_off(place, (begun_by, begun));
        if !arrived.is_empty() {
            tally.compared(group, compare(group, place, (&arrived, &self.rules), finds));
            for (at, owed) in place.case.lives.iter().enumerate() {
                if Self::is_owed(place, (at, owed)) && !seen.iter().any(|seen| seen.life == Some(at)) {
                    let lost = format!("{} is not in the files", step_in_words(owed));
                    let lost = group.subscriber(DifferingKind::Missing, &lost);
                    tally.account.differing.push(Differing { step: Some(owed.step), ..lost });
                }
            }
        } else if !is_due {
            tally.account.not_due += 1;
        } else if end.is_none() && self.is_elsewhere(group.expected, &tally.addressed) {
            tally.elsewhere(group);
        } else {
            tally.account.differing.extend(group.missing(end));
        }
    }

    /// Whether the exchange took a change of the group that it had to tell of before the household was taken out.
    fn is_owed(place: &Place<'_>, (nth, life): (usize, &Life)) -> bool {
        let (case, group) = (place.case, place.group);
        let changed =
            case.before(nth, group).zip(case.after(nth, group)).is_some_and(|(was, is)| !owed(was, is).is_empty());
        if !changed || !life::is_shown_at(place.waypoint, life.change) {
            return false;
        }
        let due = place.due_of(life.step, life.act);
        let cancelled = place.case.cancel_of(place.group);
        life.act.submission() == Submission::Accepted && cancelled.is_none_or(|cancel| cancel.sent_at >= due.limit_at)
    }

    /// Whether it was cancelled before it was due: an enrollment may rightly never have been sent (CMS companion guide v7.2
    /// p. 106).
    fn is_cut_off(&self, place: &Place<'_>, (begun_by, begun): (JourneyStep, Act)) -> bool {
        let Some(ended_at) = place.case.cancelled_at(place.group) else { return false };
        let WaypointPlan { windows, .. } = &self.waypoint;
        let limit = |from| limit_at(self.waypoint.limit_of(begun_by), windows.as_ref(), self.plan.zone, from);
        ended_at < self.history.breaks.surely(begun.intended_at, limit)
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

/// Which fields the compared groups expect, and which of these their records state.
#[derive(Debug, Default)]
struct Fields {
    expected: FieldSet,
    stated: FieldSet,
}

impl Tally {
    fn compared(&mut self, group: Group<'_>, compared: Compared) {
        let all = |all: FieldSet, member: &Facts| all.union(member.stated());
        let wanted = group.expected.members.iter().fold(group.expected.facts.stated(), all);
        self.fields.expected = self.fields.expected.union(wanted);
        self.fields.stated = self.fields.stated.union(wanted.intersection(compared.stated));
        self.account.differing.extend(compared.differing);
        self.account.same += compared.same;
        self.account.equivalences += compared.equivalences;
        self.account.retransmitted += compared.retransmitted;
        self.account.renewals += compared.renewals;
        for (kind, records) in compared.again {
            *self.account.again.entry(kind).or_default() += records;
        }
    }

    fn elsewhere(&mut self, group: Group<'_>) {
        let issuer = IssuerId::new(group.expected.facts.text(Field::Issuer).unwrap_or_default());
        let (groups, people) = self.account.elsewhere.entry(issuer).or_default();
        *groups += 1;
        *people += group.expected.members.len() as u64;
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
