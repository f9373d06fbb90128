//! The exit codes. Help prints the table, docs/reference/exit-codes.md has the same; tests compare them.

use johndoe::model::Verdict;
use johndoe::prober::FirstByte;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Every exit code with its meaning, in the order they are shown.
pub(crate) const TABLE: &[(u8, &str)] = &[
    (0, "pass: the objective holds"),
    (1, "fail: the pipeline broke an objective, or an x12 tool found errors or differences"),
    (2, "usage, scenario or target error: nothing was sent"),
    (3, "inconclusive: too few records, too many still pending, or more due later (--no-wait)"),
    (4, "blind: waypoints could not be read"),
    (5, "safety stop: something was sent, and the harness stopped itself"),
    (6, "pass with residue: something could not be taken out again"),
    (70, "harness error: the harness itself failed"),
    (129, "stopped by SIGHUP, as when a terminal is closed; `johndoe resume` goes on"),
    (130, "stopped by Ctrl-C; `johndoe resume` goes on"),
    (131, "stopped by SIGQUIT; `johndoe resume` goes on"),
    (143, "stopped by SIGTERM; `johndoe resume` goes on"),
];

/// How a command came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It did what it was asked.
    Done,
    /// Something typed or written is wrong; nothing was sent.
    Usage,
    /// A run was judged.
    Judged(Verdict),
    /// A file was looked into, and something was found.
    Found,
    /// The harness failed.
    Harness,
    /// A signal ended it: 1 is SIGHUP, 2 is Ctrl-C, 3 is SIGQUIT, 15 is SIGTERM.
    Signal(u8),
}

impl Exit {
    /// The code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::Usage => 2,
            Self::Judged(verdict) => verdict.exit_code(),
            Self::Harness => 70,
            Self::Signal(signal) => 128 + signal,
        }
    }

    /// The same where something of an enrollment may have left: 2 would say that nothing was sent.
    fn after_the_first_byte(self) -> Self {
        if self == Self::Usage { Self::Harness } else { self }
    }
}

/// The runs that this process drives, as far as they say whether anything has left. Clones know of the same runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent(Arc<Mutex<Vec<FirstByte>>>);

impl Sent {
    /// A run is about to be driven.
    pub(crate) fn watch(&self, run: FirstByte) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    }

    /// How the process ends: every end of the program passes here.
    pub(crate) fn allows(&self, exit: Exit) -> Exit {
        let runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.iter().any(FirstByte::has_left) { exit.after_the_first_byte() } else { exit }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, TABLE, Verdict};

    fn every_one() -> impl Iterator<Item = Exit> {
        let others = [Exit::Done, Exit::Found, Exit::Usage, Exit::Harness];
        let verdicts = Verdict::ALL.iter().map(|v| Exit::Judged(*v));
        verdicts.chain(others).chain([1, 2, 3, 15].map(Exit::Signal))
    }

    #[test]
    fn from_the_first_byte_on_no_way_to_end_says_that_nothing_was_sent() {
        for exit in every_one() {
            assert_ne!(exit.after_the_first_byte().code(), 2, "{exit:?}");
        }
    }

    #[test]
    fn every_way_to_end_is_in_the_table_and_in_the_reference() {
        for exit in every_one() {
            assert!(TABLE.iter().any(|(code, _)| *code == exit.code()), "{exit:?}");
        }
        let page = include_str!("../../docs/reference/exit-codes.md");
        for (code, meaning) in TABLE {
            let row = format!("| {code} | {meaning} |");
            assert!(page.contains(&row), "docs/reference/exit-codes.md lacks `{row}`");
        }
    }
}
