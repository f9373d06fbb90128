//! Whether a group is what was sent: all that is shown of it, together, against what is expected.

use super::case::Seen;
use super::compare::{Comparison, label};
use super::findings::Finds;
use super::group::Place;
use super::keys::Keys;
use super::pairing::pair;
use crate::model::{Discrepancy, ExpectedGroup, Facts, Field, FindingKind, RecordKind, Severity};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl<'a> Place<'a> {
    /// Compares what came first in messages, and what was shown last before the cancellation in a system.
    pub(super) fn compare(&self, arrived: &[&Seen<'a>], finds: &mut Finds) -> Comparison {
        let state = if self.is_edi() { arrived.to_vec() } else { self.last_state(arrived) };
        let parts = parts_of_one(self.expected, &state);
        let rules = self.rules();
        let mut comparison = Comparison::default();
        for part in &parts {
            comparison.group(self.expected, &part.sighting.record.facts, &rules);
        }
        if parts.len() > 1 {
            dedup(&mut comparison);
        }
        self.status(&parts, &mut comparison);
        let is_named_so = |part: &&Seen<'_>| {
            let named = part.sighting.record.facts.text(Field::Issuer);
            self.issuer().zip(named).is_some_and(|(issuer, named)| self.is_called_so(issuer, named))
        };
        if self.is_misrouted_any(&parts) || self.is_exchanged() || parts.iter().any(is_named_so) {
            // the finding says it, or the verdict
            comparison.discrepancies.retain(|d| d.field != Field::Issuer);
        }
        let joined: Vec<Facts>;
        let members = match parts.as_slice() {
            [one] => one.sighting.record.members.as_slice(),
            many => {
                joined = self.joined(many, &mut comparison);
                &joined
            }
        };
        let doubled = comparison.members(self.expected, members, &rules);
        let (unasked, asked) =
            std::mem::take(&mut comparison.discrepancies).into_iter().partition(|d| self.may_be_unasked(d));
        comparison.discrepancies = asked;
        comparison.unasked = unasked;
        comparison.unasked.retain(|lacks| lacks.severity > Severity::Minor);
        self.doubled(&doubled, members, finds);
        self.merged(members, &comparison.discrepancies, finds);
        if parts.len() > 1 {
            // the group's one place does not say in which of the sets a segment is to be counted
            comparison.discrepancies.iter_mut().for_each(|d| d.at = None);
        }
        comparison
    }

    /// Whether something is not there that nobody may have been asked for: the enrollment takes several requests, was left in the middle,
    /// and no waypoint shows it.
    pub(super) fn may_be_unasked(&self, lacks: &Discrepancy) -> bool {
        let is_nothing =
            lacks.found.is_none() || lacks.field == Field::MemberEnrolled && lacks.found.as_deref() == Some("no");
        if !is_nothing || !self.case.history.acts.is_in_part() {
            return false;
        }
        let at = lacks.member.split(' ').next().and_then(|number| number.parse::<usize>().ok()?.checked_sub(1));
        // whose id was told was asked for
        let is_told_of =
            |at: usize| self.expected.members.get(at).is_some_and(|of| of.value(Field::MemberId).is_some());
        if at.is_some_and(is_told_of) {
            return false;
        }
        let is_told = |facts: &Facts| lacks.field == Field::MemberEnrolled || facts.value(lacks.field).is_some();
        let shows = |seen: &Seen<'_>| {
            let record = &seen.sighting.record;
            let Some(at) = at else { return record.facts.value(lacks.field).is_some() };
            let pairs = pair(&self.expected.members, &record.members).pairs;
            pairs.iter().any(|(expected, found)| *expected == at && record.members.get(*found).is_some_and(is_told))
        };
        !self.case.seen.iter().any(shows)
    }

    /// The people of a group that lies in parts, each once: the subscriber stands in every part, and is compared there, too.
    fn joined(&self, parts: &[&Seen<'_>], comparison: &mut Comparison) -> Vec<Facts> {
        let (head, mut all) = (self.expected.subscriber_at(), Vec::new());
        for (nth, part) in parts.iter().enumerate() {
            let members = &part.sighting.record.members;
            let pairs = pair(&self.expected.members, members).pairs;
            let again = pairs.iter().find(|(at, _)| nth > 0 && *at == head).map(|(_, found)| *found);
            let again = again.filter(|_| parts.iter().take(nth).any(|part| part.covers(self.expected).contains(&head)));
            if let Some(shown) = again.and_then(|found| members.get(found)) {
                comparison.one_member(self.expected, head, shown, &self.rules());
            }
            all.extend(members.iter().enumerate().filter(|(at, _)| Some(*at) != again).map(|(_, one)| one.clone()));
        }
        all
    }

    pub(super) fn is_exchanged(&self) -> bool {
        self.issuer().is_some_and(|issuer| self.court.exchanged.place_of(self.index, issuer).is_some())
    }

    fn is_misrouted_any(&self, parts: &[&Seen<'_>]) -> bool {
        parts.iter().any(|part| self.is_misrouted(part))
    }

    /// A system that says an enrollment has ended which nobody cancelled is wrong about its status. After a cancellation,
    /// the end of coverage is the cancellation's.
    /// So is one that shows a word which no list of the target has, where others were understood.
    fn status(&self, parts: &[&Seen<'_>], comparison: &mut Comparison) {
        self.strange_word(parts, comparison);
        let Some(ended) = parts.iter().find(|part| !part.is_in_force()) else { return };
        if self.case.cancelled_at(self.group).is_some_and(|sent| sent <= ended.sighting.first_seen_at) {
            comparison.discrepancies.retain(|d| !matches!(d.field, Field::BenefitEnd | Field::PolicyStatus));
        } else if !comparison.discrepancies.iter().any(|d| d.field == Field::PolicyStatus) {
            comparison.discrepancies.push(Discrepancy {
                member: String::new(),
                field: Field::PolicyStatus,
                expected: Some("initial".to_owned()),
                found: ended.sighting.record.facts.text(Field::PolicyStatus).map(str::to_owned),
                severity: Severity::Critical,
                at: ended.sighting.record.facts.position(Field::PolicyStatus),
            });
        }
    }

    fn strange_word(&self, parts: &[&Seen<'_>], comparison: &mut Comparison) {
        let field = Field::PolicyStatus;
        if self.is_edi()
            || self.rules().ignore.contains(field)
            || comparison.discrepancies.iter().any(|d| d.field == field)
        {
            return;
        }
        let Some(strange) = parts.iter().find(|part| !part.sighting.record.facts.status_is_known()) else { return };
        let facts = &strange.sighting.record.facts;
        comparison.discrepancies.push(Discrepancy {
            member: String::new(),
            field,
            expected: Some("a word of the target's `status`".to_owned()),
            found: facts.text(field).map(str::to_owned),
            severity: self.rules().severity(field),
            at: facts.position(field),
        });
    }

    /// People who are in this group twice.
    pub(super) fn doubled(&self, doubled: &[usize], members: &[Facts], finds: &mut Finds) {
        for at in doubled {
            let name = members.get(*at).map(|facts| label(*at, facts)).unwrap_or_default();
            finds.add(self, FindingKind::Duplicated, format!("member {name} stands in the group twice"));
        }
    }

    /// People of other households in this group.
    pub(super) fn merged(&self, members: &[Facts], discrepancies: &[Discrepancy], finds: &mut Finds) {
        if !discrepancies.iter().any(|d| d.field == Field::MemberEnrolled && d.expected.is_none()) {
            return;
        }
        let none = Facts::new();
        for member in members {
            let keys = Keys::of(&none, std::slice::from_ref(member));
            let other = self.court.roster.recognise(&keys).filter(|r| r.probe != self.case.expectation.probe);
            if let Some(other) = other {
                finds.add(self, FindingKind::Merged, format!("shows a member of probe {} too", other.probe));
            }
        }
    }

    /// What a system showed last before the cancellation was sent.
    pub(super) fn last_state<'s>(&self, arrived: &[&'s Seen<'a>]) -> Vec<&'s Seen<'a>> {
        let until = self.case.cancelled_at(self.group).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let shown: Vec<_> = arrived.iter().copied().filter(|seen| seen.is_shown_at(until)).collect();
        if !shown.is_empty() {
            return shown;
        }
        let last = arrived.iter().filter_map(|seen| seen.ends_at).max();
        let latest: Vec<_> = arrived.iter().copied().filter(|seen| seen.ends_at == last).collect();
        if latest.is_empty() { arrived.to_vec() } else { latest }
    }
}

/// Of several records those that together are the group once: each brings people whom the others do not.
pub(super) fn parts_of_one<'s, 'a>(expected: &ExpectedGroup, records: &[&'s Seen<'a>]) -> Vec<&'s Seen<'a>> {
    let Some((first, more)) = records.split_first() else { return Vec::new() };
    let mut parts = vec![*first];
    if more.is_empty() {
        return parts;
    }
    let mut covered = vec![shown_in(expected, first)];
    for record in more {
        let shows = shown_in(expected, record);
        let kind = record.sighting.record.kind;
        // changes name whom they change, and two of them the subscriber beside
        let is_alike = |part: &&Seen<'_>| part.sighting.record.kind == kind && kind != RecordKind::Maintenance;
        let is_apart = |(part, of): (&&Seen<'_>, &BTreeSet<usize>)| {
            if is_alike(part) { !shows_again(expected, of, &shows) } else { of.is_disjoint(&shows) }
        };
        if !shows.is_empty() && parts.iter().zip(&covered).all(is_apart) {
            covered.push(shows);
            parts.push(record);
        }
    }
    parts
}

/// Places of the expected members that a record shows.
pub(super) fn shown_in(expected: &ExpectedGroup, record: &Seen<'_>) -> BTreeSet<usize> {
    record.covers(expected).into_iter().collect()
}

/// Whether two records, by whom of a group they show, show somebody a second time. Dependents stand behind the subscriber whose they
/// are (005010X220A1, loop 2000): where each record brings some whom the other does not, they are parts of the group, and whoever heads
/// both is in it once.
pub(super) fn shows_again(expected: &ExpectedGroup, one: &BTreeSet<usize>, other: &BTreeSet<usize>) -> bool {
    let head = expected.subscriber_at();
    let brings = |shows: &BTreeSet<usize>| shows.iter().any(|at| *at != head);
    let mut shared = one.intersection(other).peekable();
    let is_one = shared.peek().is_none() || (shared.all(|at| *at == head) && brings(one) && brings(other));
    !is_one
}

fn dedup(comparison: &mut Comparison) {
    let mut kept: Vec<Discrepancy> = Vec::new();
    for discrepancy in comparison.discrepancies.drain(..) {
        if !kept.iter().any(|known| known.is_same(&discrepancy)) {
            kept.push(discrepancy);
        }
    }
    comparison.discrepancies = kept;
    let mut kept = Vec::new();
    for equivalence in comparison.equivalences.drain(..) {
        if !kept.contains(&equivalence) {
            kept.push(equivalence);
        }
    }
    comparison.equivalences = kept;
}
