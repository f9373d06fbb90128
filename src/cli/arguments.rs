//! What can be typed.

use super::context::World;
use super::exit::Exit;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

const ABOUT: &str = "Enroll synthetic John Does through a health insurance exchange, follow each one to the insurer, \
                     and say which arrived whole, which were lost and which were changed.";

const EXAMPLES: &str = "\
Examples:
  johndoe demo                                          see it work; nothing to set up
  johndoe check scenarios/*.yaml scenarios/targets/*.yaml
  johndoe plan scenarios/first-enrollment.yaml          who would be sent, and what must be found
  johndoe sandbox --fault lose=0.02,relationship=0.01   an exchange and two issuers to try things on
  johndoe run scenarios/first-enrollment.yaml --target scenarios/targets/sandbox.yaml
  johndoe show latest/7                                 everything known about one household

Exit codes: 0 pass, 1 fail, 2 usage, 3 inconclusive, 4 blind, 5 safety stop, 6 residue, 70 harness error, 130/143 stopped.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "johndoe", version, about = ABOUT, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// The ledger: a file, made where there is none (default: johndoe/ledger.db in your data folder)
    #[arg(long, global = true, env = "JOHNDOE_LEDGER", value_name = "PATH")]
    pub(crate) ledger: Option<String>,

    /// No progress, only results
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Say more while working: files, waypoints that cannot be read
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,

    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

impl Arguments {
    /// The ledger to use.
    pub(crate) fn ledger<'a>(&'a self, world: &'a World) -> &'a str {
        self.ledger.as_deref().unwrap_or(&world.ledger)
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Tells the printing library.
    pub(crate) fn choose(self, world: &World) {
        let choice = match self {
            Self::Auto if world.no_color => anstream::ColorChoice::Never,
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }

    /// Whether standard output is coloured.
    pub(crate) fn on_output(self, world: &World) -> bool {
        match self {
            Self::Auto => world.output_is_terminal && !world.no_color,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start an imitation exchange with two issuers and a few faults, probe it, and report: under a minute, no set-up
    Demo(Demo),
    /// Validate scenario and target files; reaches nothing
    Check(Check),
    /// Show the households and the records that must be found; reaches nothing
    Plan(Plan),
    /// Enroll, watch, judge, take out again, report
    Run(Run),
    /// Go on where a stopped or killed process left off; never submits twice
    Resume(Resume),
    /// Take out every synthetic enrollment that the ledger still holds open, from any run
    Sweep(Sweep),
    /// List the runs of the ledger
    Runs,
    /// Everything known about one household: a timeline, and expected beside found
    Show(Show),
    /// Judge a run again from the ledger, and report; reaches nothing
    Report(Report),
    /// Serve an imitation exchange, its 834 pipeline and two issuers, with faults of your choice
    Sandbox(Sandbox),
    /// Print the JSON Schema of a kind of file, for editors
    Schema {
        /// Which kind of file
        of: FileKind,
    },
    /// List the fields of the canonical record, with their meaning and severity
    Fields,
    /// List the edge cases that a scenario can ask for
    EdgeCases,
    /// List the faults that the sandbox can plant
    Faults,
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileKind {
    /// What to probe.
    Scenario,
    /// Where.
    Target,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Households to enroll
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) count: u32,
    #[command(flatten)]
    pub(crate) reports: Reports,
}

#[derive(Debug, Args)]
#[command(after_help = "Example: johndoe check scenarios/first-enrollment.yaml scenarios/targets/sandbox.yaml")]
pub(crate) struct Check {
    /// Scenario and target files, told apart by their first key
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  johndoe plan scenarios/families.yaml --count 5
  johndoe plan scenarios/families.yaml --probe 7
  johndoe plan scenarios/edge-cases.yaml --json | head -300")]
pub(crate) struct Plan {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    /// The target file: its plans are chosen from, so that the expected record names one
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) people: People,
    /// Only this probe (from 0)
    #[arg(long, value_name = "N")]
    pub(crate) probe: Option<u32>,
    /// JSON Lines, one probe a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct People {
    /// Households, instead of the scenario's count
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) count: Option<u32>,
    /// Seed, instead of the scenario's
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Reports {
    /// Also write the report: text or json, to a file or - for standard output (repeatable)
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    pub(crate) report: Vec<String>,
    /// The JSON report on standard output, instead of the text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  johndoe run scenarios/first-enrollment.yaml --target scenarios/targets/sandbox.yaml
  johndoe run scenarios/surge.yaml --target target.yaml --count 500 --seed 7 --report json=report.json
  johndoe run scenario.yaml --target production.yaml --confirm production --deadline 2h")]
pub(crate) struct Run {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    /// The target file
    #[arg(long, short, value_name = "TARGET")]
    pub(crate) target: PathBuf,
    #[command(flatten)]
    pub(crate) people: People,
    /// Leave the people enrolled; `johndoe sweep` takes them out later
    #[arg(long)]
    pub(crate) keep: bool,
    /// The target's name, which production asks for
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
    /// Stop watching after this (10m, 2h): what has not come is pending; cleanup follows
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Check everything and show what would be sent; reach nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) reports: Reports,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The run: an id, its beginning, or latest
    #[arg(default_value = "latest", value_name = "RUN")]
    pub(crate) run: String,
    /// Stop watching after this
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    #[command(flatten)]
    pub(crate) reports: Reports,
}

#[derive(Debug, Args)]
pub(crate) struct Sweep {
    /// Only show what would be taken out
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example: johndoe show latest/7")]
pub(crate) struct Show {
    /// The probe: run and index, such as 019ab6c2/7 or latest/7
    #[arg(value_name = "PROBE")]
    pub(crate) probe: String,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The run: an id, its beginning, or latest
    #[arg(default_value = "latest", value_name = "RUN")]
    pub(crate) run: String,
    #[command(flatten)]
    pub(crate) reports: Reports,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  johndoe sandbox
  johndoe sandbox --fault lose=0.02,relationship=0.01 --seed 7
  johndoe sandbox --listen 127.0.0.1:9000 --issuer 127.0.0.1:9001 --issuer 127.0.0.1:9002 --window 10s
`johndoe faults` lists what can be planted.")]
pub(crate) struct Sandbox {
    /// Faults with their probabilities, such as lose=0.02,relationship=0.01 (repeatable)
    #[arg(long, value_name = "FAULTS")]
    pub(crate) fault: Vec<String>,
    /// Seed of the faults
    #[arg(long, default_value_t = 0, value_name = "S")]
    pub(crate) seed: u64,
    /// Where the exchange listens
    #[arg(long, default_value = "127.0.0.1:8340", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// Where the issuers listen, in order (default 127.0.0.1:8341 and 8342)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) issuer: Vec<SocketAddr>,
    /// Folder for the 834 files
    #[arg(long, default_value = "sandbox/outbound", value_name = "FOLDER")]
    pub(crate) outbound: PathBuf,
    /// Time from one 834 window to the next
    #[arg(long, default_value = "2s", value_name = "DURATION", value_parser = duration)]
    pub(crate) window: Duration,
    /// Write the truth about every fault here, as JSON Lines
    #[arg(long, value_name = "PATH")]
    pub(crate) truth: Option<PathBuf>,
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|e| format!("{e}; write it like 90s, 15m or 2h"))
}

/// Prints a completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Exit {
    clap_complete::generate(shell, &mut Arguments::command(), "johndoe", &mut std::io::stdout());
    Exit::Done
}

#[cfg(test)]
mod tests {
    use super::{Arguments, CommandFactory};

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
