//! Failures as people read them, and the exit code of each.

use super::exit::Exit;
use johndoe::model::Verdict;
use johndoe::prober::Left;
use johndoe::{ledger, prober};

/// A command that could not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    text: String,
    exit: Exit,
}

impl Failure {
    /// Something typed or written is wrong; nothing was sent.
    pub(crate) fn usage(text: impl std::fmt::Display) -> Self {
        Self { text: format!("error: {text}"), exit: Exit::Usage }
    }

    /// Diagnostics that already say where and what.
    pub(crate) fn diagnostics(text: impl std::fmt::Display) -> Self {
        Self { text: text.to_string(), exit: Exit::Usage }
    }

    /// The harness failed.
    pub(crate) fn harness(text: impl std::fmt::Display) -> Self {
        Self { text: format!("error: {text}"), exit: Exit::Harness }
    }

    /// The harness failed, in words that already begin with `error:`.
    pub(crate) fn harness_said(text: String) -> Self {
        Self { text, exit: Exit::Harness }
    }

    /// The harness stopped itself.
    fn safety_stop(text: impl std::fmt::Display) -> Self {
        Self { text: format!("error: {text}"), exit: Exit::Judged(Verdict::SafetyStop) }
    }

    /// What went wrong after a run had begun is no mistake of who typed it, but for a target of which nothing could be sent.
    /// `left` are those who are in as far as the process knows: told where the ledger may not hold it.
    pub(crate) fn while_driving(error: &prober::Error, left: &[Left]) -> Self {
        use ledger::Error as E;
        let mut failure = match error {
            prober::Error::Ledger(E::Lost { .. } | E::Superseded { .. }) => Self::safety_stop(error),
            prober::Error::TargetFault { .. } => Self::usage(error),
            _ => Self::harness(error),
        };
        let may_be_unwritten =
            matches!(error, prober::Error::Ledger(_)) && !matches!(error, prober::Error::Ledger(E::Superseded { .. }));
        if may_be_unwritten && !left.is_empty() {
            failure.text.push_str("\nenrolled, or perhaps so, and not taken out again, as far as this process knows:");
            failure.text.extend(left.iter().map(|household| format!("\n  {household}")));
        }
        failure
    }

    /// The same after something was sent: then it is never told as if nothing had been.
    pub(crate) fn after_sending(mut self) -> Self {
        if self.exit == Exit::Usage {
            self.exit = Exit::Judged(Verdict::SafetyStop);
        }
        self
    }

    /// What to print.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How the process ends.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }
}

impl From<ledger::Error> for Failure {
    /// What was named cannot be used, which shows before anything is sent; or the ledger gave way under the work.
    fn from(error: ledger::Error) -> Self {
        use ledger::Error as E;
        match error {
            E::NotFound { .. }
            | E::Empty { .. }
            | E::NoLedger { .. }
            | E::Busy { .. }
            | E::Ambiguous { .. }
            | E::Claimed { .. }
            | E::Watched { .. }
            | E::Unwritable { .. }
            | E::ReadOnly { .. }
            | E::NotALedger { .. }
            | E::TooNew { .. }
            | E::Unsupported { .. }
            | E::NotDurable { .. } => Self::usage(error),
            E::Lost { .. } | E::Superseded { .. } => Self::safety_stop(error),
            _ => Self::harness(error),
        }
    }
}

impl From<prober::Error> for Failure {
    fn from(error: prober::Error) -> Self {
        match error {
            prober::Error::Ledger(error) => error.into(),
            prober::Error::Broken(_) => Self::harness(error),
            _ => Self::usage(error),
        }
    }
}
