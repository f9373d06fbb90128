//! What can be typed: the commands, and the flags that all of them have.

use super::canary::Canary;
use super::console::print;
use super::context::World;
use super::exit::Exit;
use super::failure::Failure;
use super::flags::{
    Check, Compare, Demo, Evidence, FileKind, Init, Narrow, Plan, Report, Resume, Run, Sandbox, Serve, Show, Sweep, Try,
};
use super::help;
use super::x12::{self, Tool};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "johndoe",
    version,
    about = help::ABOUT,
    after_help = help::program(),
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// The ledger: a file, made where there is none [default: `JOHNDOE_LEDGER`, or johndoe/ledger.db in your data folder]
    #[arg(long, global = true, value_name = "PATH", help_heading = EVERYWHERE)]
    pub(crate) ledger: Option<String>,

    /// No progress, only results
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = EVERYWHERE)]
    pub(crate) quiet: bool,

    /// Say more while working: every file that is read
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    pub(crate) verbose: bool,

    /// When to colour: auto (on a terminal, unless `NO_COLOR` is set), always or never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = Color::Auto,
        value_name = "WHEN",
        hide_possible_values = true,
        help_heading = EVERYWHERE
    )]
    pub(crate) color: Color,
}

const EVERYWHERE: &str = "Options of every command";

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
    /// See it work: an imitation exchange with faults is probed and reported on, in under a minute
    #[command(after_help = help::DEMO)]
    Demo(Demo),
    /// Write a target and a scenario to begin with, after a few questions; reaches nothing
    #[command(after_help = help::INIT)]
    Init(Init),
    /// Validate scenario and target files; reaches nothing
    #[command(after_help = help::CHECK)]
    Check(Check),
    /// Show the households and the records that must be found; reaches nothing
    #[command(after_help = help::PLAN)]
    Plan(Plan),
    /// Take one household through a target step by step: what is said, heard, captured, and seen at each waypoint
    #[command(after_help = help::TRY)]
    Try(Try),
    /// Enroll, watch, judge, take out again, report
    #[command(after_help = help::RUN)]
    Run(Run),
    /// Go on where a stopped or killed process left off; never submits twice
    #[command(after_help = help::RESUME)]
    Resume(Resume),
    /// Take out every synthetic enrollment that the ledger still holds open, from any run
    #[command(after_help = help::SWEEP)]
    Sweep(Sweep),
    /// List the runs of the ledger
    #[command(after_help = help::RUNS)]
    Runs,
    /// Everything known about one household: a timeline, and expected beside found
    #[command(after_help = help::SHOW)]
    Show(Show),
    /// A folder of all that is known of one household, to hand to whoever runs the exchange; reaches nothing
    #[command(after_help = help::EVIDENCE)]
    Evidence(Evidence),
    /// Judge a run again from the ledger, and report; reaches nothing
    #[command(after_help = help::REPORT)]
    Report(Report),
    /// Set two runs of the same people beside each other: what broke, what was mended; reaches nothing
    #[command(after_help = help::COMPARE)]
    Compare(Compare),
    /// Prove a cause: send one who failed again, with one attribute changed at a time, and take everybody out
    #[command(after_help = help::NARROW)]
    Narrow(Narrow),
    /// Watch a pipeline around the clock: runs on schedules, and alarms that are neither silent nor crying wolf
    #[command(after_help = help::CANARY)]
    Canary(Canary),
    /// Serve the dashboard: what the ledger knows, as pages for a browser; it reads and changes nothing
    #[command(after_help = help::SERVE)]
    Serve(Serve),
    /// Serve an imitation exchange, its 834 pipeline and two issuers, with faults of your choice
    #[command(after_help = help::SANDBOX)]
    Sandbox(Sandbox),
    /// Look into EDI files by hand: inspect, validate, compare, redact
    #[command(after_help = x12::X12)]
    X12 {
        #[command(subcommand)]
        tool: Tool,
    },
    /// Say what can be written in a scenario or target file: every key with its meaning
    #[command(after_help = help::KEYS)]
    Keys {
        /// Which kind of file
        of: FileKind,
    },
    /// Print the JSON Schema of scenario or target files, for editors
    #[command(after_help = help::SCHEMA)]
    Schema {
        /// Which kind of file
        of: FileKind,
    },
    /// List the fields of the canonical record, with their meaning and severity
    #[command(after_help = help::FIELDS)]
    Fields,
    /// List the edge cases that a scenario can ask for
    #[command(after_help = help::EDGE_CASES)]
    EdgeCases,
    /// List the faults that the sandbox can plant
    #[command(after_help = help::FAULTS)]
    Faults,
    /// Print a shell completion script
    #[command(after_help = help::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Prints a completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "johndoe", &mut script);
    print(&String::from_utf8_lossy(&script)).map(|()| Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::{Arguments, CommandFactory};

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_and_names_the_page_that_says_more() {
        let mut program = Arguments::command();
        program.build();
        for command in program.get_subcommands().flat_map(|c| std::iter::once(c).chain(c.get_subcommands())) {
            let typed = command.get_bin_name().unwrap_or_default();
            if typed.split(' ').any(|word| word == "help") {
                continue;
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Example") && help.contains(typed), "{typed}: {help}");
            assert!(help.contains("\nMore: docs/"), "{typed}: {help}");
            assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
        }
    }
}
