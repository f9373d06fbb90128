//! Whom the answers of one look showed, and whether somebody stands there in a probe's place.

use crate::issuer::InAnswer;
use crate::model::{IssuerId, ProbeIndex};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Why a look says nothing that shows somebody else where the probe stood.
pub(super) const REPLACED: &str = "the answer to our own id, which showed our household before, shows somebody else";

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
    /// The system has shown it.
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

    /// Whether an answer to the probe's own id showed others and nobody its own. Who showed it alone before, and shows only others now,
    /// has forgotten it or looked elsewhere: that proves nobody gone. Nor does another household's record alone under the id of one that
    /// was cancelled.
    pub(super) fn is_replaced(&self, before: Before) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().any(|(_, whose)| *whose == Whose::Own) {
            return false;
        }
        let is_other = |whose: Whose| matches!(whose, Whose::OfTheRun | Whose::Strangers);
        all.iter().filter(|(answer, _)| answer.by_id).any(|(answer, whose)| {
            let is_anothers = *whose == Whose::OfTheRun && answer.of == 1 && before.is_cancelled;
            before.was_shown && !before.was_listed && is_other(*whose) || is_anothers
        })
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
    use super::{Before, Met, Whose};
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
        for (answers, is_replaced) in [
            (&[(true, &[Strangers][..])][..], true),
            (&[(true, &[Strangers, Strangers])], true),
            (&[(true, &[OfTheRun])], true),
            (&[(true, &[Own, Strangers])], false),
            (&[(true, &[Strangers]), (false, &[Own])], false),
            (&[(false, &[Strangers])], false),
            (&[(true, &[Nobodys])], false),
            (&[(true, &[])], false),
        ] {
            assert_eq!(met(answers).is_replaced(shown), is_replaced, "{answers:?}");
        }
        let listed = Before { was_listed: true, ..shown };
        assert!(!met(&[(true, &[Strangers, OfTheRun])]).is_replaced(listed), "there everybody is listed");
        let unseen = Before { was_shown: false, ..shown };
        assert!(!met(&[(true, &[Strangers])]).is_replaced(unseen));
        assert!(met(&[(true, &[OfTheRun])]).is_replaced(unseen), "an id that was told twice");
        assert!(met(&[(true, &[Own, Strangers])]).is_listed());
        assert!(!met(&[(true, &[Own]), (true, &[Strangers])]).is_listed());
        assert!(!met(&[(false, &[Own, Strangers])]).is_listed());
    }
}
