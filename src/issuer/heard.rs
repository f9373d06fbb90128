//! Looks that are answered in pieces: of several questions a busy system may leave another one unanswered each time.

use crate::model::IssuerId;
use crate::net::Trace;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// At which system, and for which probe.
pub(super) type Whose = (Option<IssuerId>, Trace);

/// When each question was last answered with nobody, for the probes whose latest look was not answered whole.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<HashMap<Whose, BTreeMap<String, Instant>>>);

impl Heard {
    /// A look was answered whole, or found something: what came before it proves nothing any more.
    pub(super) fn forget(&self, whose: &Whose) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(whose);
    }

    /// What is to be asked, those questions first that were not answered lately: whoever lets only so many pass at a look would never
    /// hear the last ones.
    pub(super) fn longest_unanswered_first<'a, T>(
        &self,
        whose: &Whose,
        mut questions: Vec<(T, &'a String)>,
    ) -> Vec<(T, &'a String)> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(latest) = heard.get(whose) {
            questions.sort_by_key(|(_, question)| latest.get(*question).copied());
        }
        questions
    }

    /// Takes in which of all questions a look had answered with nobody; how long ago the oldest answer came, where by now there is
    /// one to each. Whatever was there at that moment, and stayed, would have been found by one of those asked since.
    pub(super) fn take(&self, whose: Whose, all: &[String], answered: &[String]) -> Option<Duration> {
        let now = Instant::now();
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = heard.entry(whose).or_default();
        latest.extend(answered.iter().map(|question| (question.clone(), now)));
        let oldest = all.iter().map(|question| latest.get(question).copied()).min()??;
        Some(now.saturating_duration_since(oldest))
    }
}

#[cfg(test)]
mod tests {
    use super::{Heard, Whose};
    use crate::net::Trace;

    #[test]
    fn pieces_are_a_look_once_every_question_was_answered_and_a_find_begins_anew() {
        let (heard, whose) = (Heard::default(), (None, Trace::of("run", "probe")));
        let all = ["by id", "by name", "by mailbox"].map(str::to_owned);
        let take = |whose: &Whose, answered: &[&str]| {
            let answered: Vec<_> = answered.iter().map(|it| (*it).to_owned()).collect();
            heard.take(whose.clone(), &all, &answered).is_some()
        };
        assert!(!take(&whose, &["by id", "by name"]));
        assert!(!take(&(None, Trace::of("run", "another")), &["by mailbox"]), "another probe's are its own");
        let first = |whose: &Whose| {
            heard.longest_unanswered_first(whose, all.iter().map(|it| ((), it)).collect())[0].1.as_str()
        };
        assert_eq!(first(&whose), "by mailbox", "it is asked first at the next look");
        assert!(take(&whose, &["by mailbox"]));
        heard.forget(&whose);
        assert!(!take(&whose, &["by id", "by mailbox"]));
    }
}
