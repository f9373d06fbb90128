//! What the questions of one look brought together.

use super::heard::Whose;
use super::look::Look;
use crate::model::{Field, GroupRecord};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A question without an answer that says anything of anybody.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) reason: String,
    pub(super) retry_after: Option<Duration>,
    /// The far side said something: another question may fare better.
    pub(super) is_heard: bool,
}

/// Probes of whom a later question showed what the first did not: of them every question is asked from then on.
#[derive(Debug, Default)]
pub(super) struct Several(Mutex<HashSet<Whose>>);

impl Several {
    pub(super) fn note(&self, whose: &Whose) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(whose.clone());
    }

    pub(super) fn has(&self, whose: &Whose) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(whose)
    }
}

/// What has been heard so far.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was heard, beside the others")]
pub(super) struct Gathered {
    records: Vec<GroupRecord>,
    /// Why no answer with records was the whole one.
    partial: Option<String>,
    /// Somebody was found by an answer that was the whole one.
    is_whole: bool,
    /// Why an answer said nothing of some of the household's groups, where one did not.
    of_some: Option<String>,
    /// An answer said of all of them what there is.
    is_for_all: bool,
    /// The latest answer spoke of some alone.
    is_of_few: bool,
    /// A later question showed a policy that the first did not.
    pub(super) has_several: bool,
    pub(super) strangers: u64,
    /// Something else may be the probe's, and shows too little to tell.
    pub(super) possible: bool,
    /// Records in force that may be its own, in answers that held none that are.
    may_be: Vec<GroupRecord>,
    /// How many answers showed one beside its own.
    beside: u32,
    /// What may be wrong with how it was asked, in words.
    pub(super) hint: Option<String>,
    /// The questions that were answered with nobody.
    pub(super) in_vain: Vec<String>,
    /// The first question that was not answered.
    pub(super) unanswered: Option<Unanswered>,
}

impl Gathered {
    /// Takes in of whom the next answer speaks: `of_some`: why of some of the household's groups alone. What is not certain says nothing
    /// of the others either.
    pub(super) fn spoke(&mut self, of_some: Option<String>, is_certain: bool) {
        self.is_of_few = of_some.is_some();
        self.is_for_all |= !self.is_of_few && is_certain;
        self.of_some = self.of_some.take().or(of_some);
    }

    /// Why nothing was said of some of the household's groups, where no answer spoke for all of them.
    pub(super) fn untold(&mut self) -> Option<String> {
        self.of_some.take().filter(|_| !self.is_for_all)
    }

    /// Takes in that a question was answered with nobody.
    pub(super) fn nobody(&mut self, (strangers, possible): (u64, bool), may_be: Vec<GroupRecord>, asked: &str) {
        self.may_be.extend(may_be);
        self.strangers = self.strangers.max(strangers);
        self.possible |= possible;
        self.in_vain.extend((!possible).then(|| asked.to_owned()));
    }

    /// Takes in records; of a later answer those alone that are of another policy: the same one may be shown shorter.
    pub(super) fn somebody(&mut self, records: Vec<GroupRecord>, strangers: u64, partial: Option<String>) {
        self.strangers = self.strangers.max(strangers);
        let is_whole = partial.is_none() && !self.is_of_few;
        self.partial = self.partial.take().or(partial);
        // a page of several gives way to what is shown whole, and a policy that was asked for by its own id to itself alone
        if self.records.is_empty() || is_whole && !self.is_whole {
            let before = std::mem::replace(&mut self.records, records);
            self.is_whole = is_whole;
            let is_kept = |record: &GroupRecord| self.partial.is_none() && is_of_another_policy(record, &self.records);
            let others: Vec<_> = before.into_iter().filter(is_kept).collect();
            self.has_several |= !others.is_empty();
            self.records.extend(others);
            return;
        }
        let others: Vec<_> = records.into_iter().filter(|record| is_of_another_policy(record, &self.records)).collect();
        self.has_several |= !others.is_empty();
        self.records.extend(others);
    }

    /// Takes in that something in force stood beside records of the probe and may be its own.
    pub(super) fn beside(&mut self, possible: bool) {
        self.beside += u32::from(possible);
    }

    /// Whether nothing more need be asked.
    pub(super) fn is_enough(&self) -> bool {
        self.is_whole
    }

    /// Takes in that a question was not answered; whether nobody else is to be asked now: the far side wants to be left alone, or
    /// is not there.
    pub(super) fn unanswered(&mut self, failed: Unanswered) -> bool {
        let is_over = failed.retry_after.is_some() || !failed.is_heard;
        self.unanswered = self.unanswered.take().or(Some(failed));
        is_over
    }

    /// What was found, where anything was: not the whole of it where a question was not answered that should have been.
    pub(super) fn found(&mut self, is_thorough: bool) -> Option<Look> {
        if self.records.is_empty() {
            return None;
        }
        let unanswered = self.unanswered.take().filter(|_| is_thorough).map(|failed| failed.reason);
        let untold = self.untold();
        let partial = if self.is_whole { None } else { self.partial.take().or(untold) };
        let records = std::mem::take(&mut self.records);
        // another question may show the same policy shorter
        let possible = self.beside > 0 || self.may_be.iter().any(|record| is_of_another_policy(record, &records));
        Some(Look::Found { records, strangers: self.strangers, partial: partial.or(unanswered), possible })
    }
}

fn is_of_another_policy(record: &GroupRecord, known: &[GroupRecord]) -> bool {
    let policy = |record: &GroupRecord| record.facts.text(Field::PolicyId).map(str::to_ascii_uppercase);
    policy(record).is_some_and(|own| known.iter().all(|other| policy(other).is_some_and(|other| other != own)))
}

#[cfg(test)]
mod tests {
    use super::{Gathered, Unanswered};
    use crate::issuer::look::Look;
    use crate::model::{Facts, Field, GroupRecord, Place, RecordKind};

    fn record(policy: &str) -> GroupRecord {
        let mut facts = Facts::new();
        if !policy.is_empty() {
            facts.set(Field::PolicyId, policy);
        }
        let place = Place { source: policy.to_owned(), ..Place::default() };
        GroupRecord { kind: RecordKind::Snapshot, event_at: None, facts, members: Vec::new(), place }
    }

    #[test]
    fn a_later_answer_adds_other_policies_and_nothing_that_may_be_the_same() {
        let mut gathered = Gathered::default();
        gathered.somebody(vec![record("P1")], 1, None);
        gathered.somebody(vec![record("p1"), record("")], 3, None);
        assert!(!gathered.has_several);
        gathered.somebody(vec![record("P1"), record("P2")], 0, Some("page 1 of 2".to_owned()));
        assert!(gathered.has_several && gathered.is_enough());
        let both =
            Look::Found { records: vec![record("P1"), record("P2")], strangers: 3, partial: None, possible: false };
        assert_eq!(gathered.found(true), Some(both));
    }

    #[test]
    fn another_policy_that_may_be_ours_is_told_whichever_question_showed_it() {
        for (policy, expected) in [("P9", true), ("p1", false), ("", false)] {
            let mut gathered = Gathered::default();
            gathered.nobody((0, true), vec![record(policy)], "by name");
            gathered.somebody(vec![record("P1")], 0, None);
            let Some(Look::Found { possible, .. }) = gathered.found(true) else { panic!("nothing found") };
            assert_eq!(possible, expected, "{policy}");
        }
    }

    #[test]
    fn where_every_question_is_asked_one_that_is_not_answered_leaves_the_look_incomplete() {
        for (is_thorough, partial) in [(true, Some("answered 500".to_owned())), (false, None)] {
            let mut gathered = Gathered::default();
            let failed = Unanswered { reason: "answered 500".to_owned(), retry_after: None, is_heard: true };
            assert!(!gathered.unanswered(failed));
            assert_eq!(gathered.found(is_thorough), None);
            gathered.unanswered =
                Some(Unanswered { reason: "answered 500".to_owned(), retry_after: None, is_heard: true });
            gathered.somebody(vec![record("P1")], 0, None);
            let Some(Look::Found { partial: told, .. }) = gathered.found(is_thorough) else { panic!("nothing found") };
            assert_eq!(told, partial);
        }
    }
}
