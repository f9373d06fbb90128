//! Whom the answers of one look showed, and whether somebody stands there in a probe's place.

use crate::issuer::InAnswer;
use crate::model::{IssuerId, ProbeIndex};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Why a look says nothing that shows somebody else where the probe stood.
pub(super) const REPLACED: &str = "the answer to our own id, which showed our household before, shows somebody else";

/// Why a look for somebody who was cancelled says nothing that shows another household of the run under their id.
pub(super) const ANOTHERS: &str = "the answer to our own id shows another household of the run";

/// Whose a record is, as one probe sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The probe's own.
    Own,
    /// Another household's of the run.
    OfTheRun,
    /// A stranger's.
    Strangers,
    /// It may be anybody's, or shows nobody.
    Nobodys,
}

/// The records of one look in the order in which they came, each with the answer it stood in.
#[derive(Debug, Default)]
pub(super) struct Met(Mutex<Vec<(InAnswer, Whose)>>);

/// What is known of a probe beside what a look showed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    /// The system shows it itself, as far as is known.
    pub(super) was_shown: bool,
    /// Its cancellation was sent.
    pub(super) is_cancelled: bool,
    /// It was shown beside others in an answer to its own id: there everybody is listed.
    pub(super) was_listed: bool,
}

impl Met {
    pub(super) fn note(&self, answer: InAnswer, whose: Whose) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((answer, whose));
    }

    /// Why a look says nothing, where an answer to the probe's own id showed others and nobody its own. Who showed it alone before, and shows only others now,
    /// has forgotten it or looked elsewhere: that proves nobody gone. Nor does another household's record alone under the id of one that
    /// was cancelled.
    pub(super) fn replaced(&self, before: Before) -> Option<&'static str> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().any(|(_, whose)| *whose == Whose::Own) {
            return None;
        }
        let is_other = |whose: Whose| matches!(whose, Whose::OfTheRun | Whose::Strangers);
        let mut by_id = all.iter().filter(|(answer, _)| answer.by_id);
        if before.was_shown && !before.was_listed && by_id.clone().any(|(_, whose)| is_other(*whose)) {
            return Some(REPLACED);
        }
        let is_anothers = |(answer, whose): &(InAnswer, Whose)| *whose == Whose::OfTheRun && answer.of == 1;
        (before.is_cancelled && by_id.any(is_anothers)).then_some(ANOTHERS)
    }

    /// Whether an answer to the probe's own id showed it beside others.
    pub(super) fn is_listed(&self) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rest = all.as_slice();
        while let Some((answer, _)) = rest.first() {
            let (one, others) = rest.split_at(answer.of.clamp(1, rest.len()));
            let shows = |wanted: Whose| one.iter().any(|(_, whose)| *whose == wanted);
            if answer.by_id && shows(Whose::Own) && (shows(Whose::OfTheRun) || shows(Whose::Strangers)) {
                return true;
            }
            rest = others;
        }
        false
    }
}

/// Probes that a system showed beside others when it was asked by their own ids.
#[derive(Debug, Default)]
pub(super) struct Listed(Mutex<HashSet<(ProbeIndex, Option<IssuerId>)>>);

impl Listed {
    pub(super) fn note(&self, probe: ProbeIndex, issuer: Option<&IssuerId>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((probe, issuer.cloned()));
    }

    pub(super) fn has(&self, probe: ProbeIndex, issuer: Option<&IssuerId>) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&(probe, issuer.cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{ANOTHERS, Before, Met, REPLACED, Whose};
    use crate::issuer::InAnswer;

    fn met(answers: &[(bool, &[Whose])]) -> Met {
        let met = Met::default();
        for (by_id, records) in answers {
            for whose in *records {
                met.note(InAnswer { of: records.len(), by_id: *by_id, depends: false }, *whose);
            }
        }
        met
    }

    #[test]
    fn whoever_alone_answers_to_an_id_that_showed_us_proves_nobody_gone() {
        use Whose::{Nobodys, OfTheRun, Own, Strangers};
        let shown = Before { was_shown: true, is_cancelled: true, was_listed: false };
        for (answers, expected) in [
            (&[(true, &[Strangers][..])][..], Some(REPLACED)),
            (&[(true, &[Strangers, Strangers])], Some(REPLACED)),
            (&[(true, &[OfTheRun])], Some(REPLACED)),
            (&[(true, &[Own, Strangers])], None),
            (&[(true, &[Strangers]), (false, &[Own])], None),
            (&[(false, &[Strangers])], None),
            (&[(true, &[Nobodys])], None),
            (&[(true, &[])], None),
        ] {
            assert_eq!(met(answers).replaced(shown), expected, "{answers:?}");
        }
        let listed = Before { was_listed: true, ..shown };
        assert_eq!(met(&[(true, &[Strangers, OfTheRun])]).replaced(listed), None, "there everybody is listed");
        let unseen = Before { was_shown: false, ..shown };
        assert_eq!(met(&[(true, &[Strangers])]).replaced(unseen), None);
        assert_eq!(met(&[(true, &[OfTheRun])]).replaced(unseen), Some(ANOTHERS), "an id that was told twice");
        let waiting = Before { is_cancelled: false, ..unseen };
        assert_eq!(met(&[(true, &[OfTheRun])]).replaced(waiting), None, "it is looked for, and not there");
        assert!(met(&[(true, &[Own, Strangers])]).is_listed());
        assert!(!met(&[(true, &[Own]), (true, &[Strangers])]).is_listed());
        assert!(!met(&[(false, &[Own, Strangers])]).is_listed());
    }
}
