//! `canary`: watches a pipeline around the clock; and what is asked of one, and told to it.

mod asking;
mod jobs;
mod signals;
mod telling;
mod watching;

use super::arguments::Arguments;
use super::context::World;
use super::exit::Exit;
use super::failure::Failure;
use super::{help, run_async};
use clap::{Args, Subcommand};
use johndoe::ledger::{self, WatchLog};
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use watching::possible;

/// The flags and operands of `canary`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Canary {
    /// The canary file
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    /// Take what is due and what earlier runs left, wait for it, and end
    #[arg(long)]
    once: bool,
    /// With --once: end after so long at most (10m, 2h); the next start goes on with what is pending
    #[arg(long = "for", value_name = "DURATION", value_parser = humantime::parse_duration, requires = "once")]
    within: Option<Duration>,
    /// The name of a target, which production asks for (repeatable)
    #[arg(long, value_name = "NAME")]
    confirm: Vec<String>,
    #[command(subcommand)]
    command: Option<Asked>,
}

/// What is asked of a canary, or told to it.
#[derive(Debug, Subcommand)]
enum Asked {
    /// Say where a canary stands: schedules, streams, alarms, channels; reaches nothing
    #[command(after_help = help::CANARY_STATUS)]
    Status {
        /// The canary file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Tell the whole trail of an alarm: what crossed which bound and when, and who was told; reaches nothing
    #[command(after_help = help::CANARY_EXPLAIN)]
    Explain {
        /// The alarm, or a part of its name
        #[arg(value_name = "ALARM")]
        alarm: String,
        #[command(flatten)]
        which: Which,
    },
    /// Say that somebody has an alarm in hand: no reminders for a while
    #[command(after_help = help::CANARY_ACK)]
    Ack {
        /// The alarm, or a part of its name
        #[arg(value_name = "ALARM")]
        alarm: String,
        /// For so long
        #[arg(long = "for", default_value = "8h", value_name = "DURATION", value_parser = humantime::parse_duration)]
        within: Duration,
        #[command(flatten)]
        which: Which,
    },
    /// Tell nothing of some alarms for a while
    #[command(after_help = help::CANARY_SILENCE)]
    Silence {
        /// The alarm, or a part of its name; not the next of its stream
        #[arg(value_name = "ALARM", required_unless_present = "group")]
        alarm: Option<String>,
        /// Instead of one alarm all of a group: a scenario's name, residue or watcher
        #[arg(long, value_name = "GROUP", conflicts_with = "alarm")]
        group: Option<String>,
        /// For so long
        #[arg(long = "for", value_name = "DURATION", value_parser = humantime::parse_duration)]
        within: Duration,
        #[command(flatten)]
        which: Which,
    },
    /// Stop sending, at once; cancellations go on
    #[command(after_help = help::CANARY_KILL)]
    Kill {
        /// The canary file [default: the one canary of the ledger]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Let sending go on
    #[command(after_help = help::CANARY_UNKILL)]
    Unkill {
        /// The canary file [default: the one canary of the ledger]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Which canary is meant.
#[derive(Debug, Args)]
struct Which {
    /// The canary's name [default: the one canary of the ledger]
    #[arg(long, value_name = "NAME")]
    canary: Option<String>,
}

/// Watches, or does what is asked.
pub(crate) fn canary(asked: &Canary, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let at = arguments.ledger(world);
    match &asked.command {
        None => run_async(watching::watch(asked, arguments, world)),
        Some(Asked::Status { file, json }) => asking::status((file, *json), at, world),
        Some(Asked::Explain { alarm, which }) => asking::explain(alarm, (at, &named(at, which)?)),
        Some(Asked::Ack { alarm, within, which }) => telling::acknowledge(alarm, *within, (at, &named(at, which)?)),
        Some(Asked::Silence { alarm, group, within, which }) => {
            telling::silence((alarm.as_deref(), group.as_deref()), *within, (at, &named(at, which)?))
        }
        Some(Asked::Kill { file }) => telling::kill((at, &of_file(at, file.as_ref(), world)?)),
        Some(Asked::Unkill { file }) => telling::release((at, &of_file(at, file.as_ref(), world)?)),
    }
}

fn named(at: &str, which: &Which) -> Result<String, Failure> {
    let known = WatchLog::canaries(at)?;
    match (&which.canary, known.as_slice()) {
        (Some(name), _) if known.contains(name) => Ok(name.clone()),
        (None, [only]) => Ok(only.clone()),
        (_, []) => Err(Failure::usage("no canary has watched with this ledger; name another with `--ledger`")),
        (Some(name), _) => {
            Err(Failure::usage(format!("no canary `{name}` in this ledger; it has {}", known.join(", "))))
        }
        (None, _) => Err(Failure::usage(format!(
            "canaries {} have watched with this ledger; say which with `--canary NAME`",
            known.join(", ")
        ))),
    }
}

/// The name of a file's canary, of which nothing else need be sound: a switch is thrown in a hurry.
fn of_file(at: &str, file: Option<&PathBuf>, world: &World) -> Result<String, Failure> {
    match file {
        Some(file) => {
            let source = super::files::Source::read(file)?;
            // the ledger may be a new one: a canary that is not to send can be told so before it begins
            drop(ledger::open(at)?);
            Ok(source.canary(&super::files::references(world))?.name)
        }
        None => named(at, &Which { canary: None }),
    }
}
