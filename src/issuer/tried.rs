//! Whether a system lets itself be asked at all: tried before anybody is enrolled.

use crate::net::{Error, Failure};
use crate::target::Answer;
use std::collections::BTreeSet;

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It answers us, be it that it knows nobody.
    Answers,
    /// It is not there, or does not let us in, in these words: later looks would fare no better.
    Refuses(String),
    /// It did not say, in these words: another time it may.
    Unclear(String),
    /// Nothing can be asked before these names are known.
    NotAskable(BTreeSet<String>),
}

impl Tried {
    /// What an answer means, whatever it says of anybody.
    pub(super) fn of_answer(answer: &Answer) -> Self {
        match answer.status {
            401 | 403 | 407 => {
                Self::Refuses(format!("it answered {}; check the waypoint's credentials (`auth`, `headers`)", answer.status))
            }
            200..300 if answer.is_html_page() => Self::Refuses(
                "it answered with an HTML page where an API was expected; see whether a login or a proxy answers in its \
                 place, and check the waypoint's address"
                    .to_owned(),
            ),
            429 | 500.. => Self::Unclear(format!("it answered {}", answer.status)),
            _ => Self::Answers,
        }
    }

    /// What it means that there is no answer.
    pub(super) fn of_failure(failure: &Failure) -> Self {
        let words = failure.to_string();
        match &failure.error {
            Error::TimedOut { .. }
            | Error::BrokenOff { .. }
            | Error::Halted
            | Error::TooLarge { .. }
            | Error::NoToken { refused: false, .. } => Self::Unclear(words),
            _ => Self::Refuses(words),
        }
    }

    /// The same with its words cleaned.
    pub(super) fn cleaned(self, clean: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Refuses(words) => Self::Refuses(clean(&words)),
            Self::Unclear(words) => Self::Unclear(clean(&words)),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tried;
    use crate::net::{Error, Failure};
    use crate::target::Answer;

    fn answered(status: u16, body: &str) -> Tried {
        Tried::of_answer(&Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() })
    }

    #[test]
    fn who_is_not_let_in_will_not_be_later_and_who_knows_nobody_is_well() {
        for (status, body) in [(401, ""), (403, "{}"), (407, ""), (200, "<!DOCTYPE html><p>Sign in")] {
            assert!(matches!(answered(status, body), Tried::Refuses(_)), "{status} {body}");
        }
        for (status, body) in [(200, "[]"), (200, ""), (204, ""), (404, "<html>none"), (400, "{}"), (422, "{}")] {
            assert_eq!(answered(status, body), Tried::Answers, "{status} {body}");
        }
        for status in [429, 500, 503] {
            assert!(matches!(answered(status, "<html>"), Tried::Unclear(_)), "{status}");
        }
    }

    #[test]
    fn no_connection_stays_none_and_a_slow_answer_may_come_faster() {
        let of = |error| Tried::of_failure(&Failure { error, sent: false, requests: 1 });
        let host = || "a.test".to_owned();
        assert!(matches!(of(Error::NotConnected { host: host(), cause: String::new() }), Tried::Refuses(_)));
        assert!(matches!(of(Error::NotTrusted { host: host(), cause: String::new() }), Tried::Refuses(_)));
        assert!(matches!(of(Error::NotAllowed { host: host(), address: None }), Tried::Refuses(_)));
        assert!(matches!(of(Error::BrokenOff { host: host(), cause: String::new() }), Tried::Unclear(_)));
    }
}
