//! The flags and operands of each tool.

use super::help;
use clap::{Args, Subcommand, ValueEnum};
use johndoe::wire::check::Profile;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Tool {
    /// Show what files say: who, what, when, how much, with codes in words
    #[command(after_help = help::INSPECT)]
    Inspect(Inspect),
    /// Say what is wrong in files: structure, counts, codes, dates, money, the marketplace's rules
    #[command(after_help = help::VALIDATE)]
    Validate(Validate),
    /// Say what changed between two 834 files, or between files and what a run expects of them, by person and field,
    /// whatever their order and grouping
    #[command(after_help = help::DIFF)]
    Diff(Diff),
    /// Write a copy that can be shown to others: people replaced by made-up ones, everything else as it was
    #[command(after_help = help::REDACT)]
    Redact(Redact),
    /// List the rules that files are validated by
    #[command(after_help = help::RULES)]
    Rules,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The files, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// JSON Lines, one item a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// The files, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The marketplace's rules: auto (errors where the envelope is the federal exchange's, else warnings), ffm (errors
    /// everywhere), guide (none of them)
    #[arg(long, value_enum, default_value_t = Rules::Auto, value_name = "PROFILE", hide_possible_values = true)]
    pub(crate) profile: Rules,
    /// The files are acknowledgements of this one: say also what became of each of its sets, and what does not fit
    #[arg(long, value_name = "SENT")]
    pub(crate) answers: Option<PathBuf>,
    /// Show every finding; without it ten of each rule are shown and all are counted
    #[arg(long)]
    pub(crate) all: bool,
    /// JSON Lines, one finding a line, and one line for each file at its end
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// Two files; with --run one or more, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Compare the files with what this run of the ledger expects: `latest`, an id or the beginning of one
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// With --run: compare this issuer's enrollments only, whoever the files are addressed to
    #[arg(long, value_name = "HIOS_ID", requires = "run")]
    pub(crate) issuer: Option<String>,
    /// Do not compare this field (repeatable); names are those of `johndoe fields`, without --run also those of
    /// `johndoe x12 inspect --json`
    #[arg(long, value_name = "FIELD")]
    pub(crate) ignore: Vec<String>,
    /// Compare two files that are not whole, too: what is wrong with them is told first
    #[arg(long, conflicts_with = "run")]
    pub(crate) lenient: bool,
    /// JSON Lines, one member a line, and a summary at the end
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Redact {
    /// The file, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The copy [default: standard output]
    #[arg(long, short, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// A secret of your own: with the same one, people become the same people in every file. Whoever knows it can find
    /// out who was replaced [default: a new random one]
    #[arg(long, value_name = "SECRET")]
    pub(crate) seed: Option<String>,
}

/// Whether the marketplace's rules are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rules {
    // No documentation comments: the help would show each in a paragraph of its own.
    Auto,
    Ffm,
    Guide,
}

impl From<Rules> for Profile {
    fn from(rules: Rules) -> Self {
        match rules {
            Rules::Auto => Self::Auto,
            Rules::Ffm => Self::Federal,
            Rules::Guide => Self::Guide,
        }
    }
}
