//! The flags and operands of each command.

use super::failure::Failure;
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileKind {
    // No documentation comments: the help would show each in a paragraph of its own.
    Scenario,
    Target,
    Canary,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Households to enroll
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) count: u32,
    #[command(flatten)]
    pub(crate) reports: Reports,
}

/// How an exchange lets somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthKind {
    // No documentation comments: the help would show each in a paragraph of its own.
    None,
    Bearer,
    Basic,
    Oauth2,
}

impl AuthKind {
    /// Finds it by its word.
    pub(crate) fn parse(word: &str) -> Result<Self, Failure> {
        let words = "none, bearer, basic or oauth2";
        ValueEnum::from_str(word, true)
            .map_err(|_| Failure::usage(format!("`{word}` lets nobody in; expected {words}")))
    }
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The target's name, and that of its file [default: my-exchange]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Address of the exchange's API; with it nothing is asked
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) exchange: Option<String>,
    /// How the exchange lets you in [default: bearer]
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) auth: Option<AuthKind>,
    /// Folder in which its 834 files appear [default: none]
    #[arg(long = "edi", value_name = "FOLDER")]
    pub(crate) folder_834: Option<String>,
    /// Address of an issuer's API [default: the exchange itself is asked]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) issuer: Option<String>,
    /// HIOS id of a plan that can be chosen [default: 12345VA0010001]
    #[arg(long, value_name = "ID")]
    pub(crate) plan: Option<String>,
    /// The state it is sold in [default: VA]
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,
    /// It is a system with real people in it
    #[arg(long)]
    pub(crate) production: bool,
    /// Where both files are written
    #[arg(long = "dir", default_value = ".", value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Scenario and target files, told apart by their first key
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) typed: Typed,
}

#[derive(Debug, Args)]
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
    #[command(flatten)]
    pub(crate) typed: Typed,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct People {
    /// Households, instead of the scenario's count
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) count: Option<u32>,
    /// Seed, instead of the scenario's
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
}

/// Values over those of the files.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Typed {
    /// A value over that of the scenario's or the target's file, such as population.count=5, limits.rate=2/s or
    /// waypoints.issuer.within=1h (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Reports {
    /// Also write the report: text, json, json1, html, junit, md or csv, to a file or - for standard output (repeatable)
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    pub(crate) report: Vec<String>,
    /// The JSON report on standard output, instead of the text
    #[arg(long)]
    pub(crate) json: bool,
    /// Tell everything in the text, more than a screen of it
    #[arg(long)]
    pub(crate) full: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Try {
    /// The target file
    #[arg(value_name = "TARGET")]
    pub(crate) target: PathBuf,
    /// End after so many steps of the flow `enroll` (from 1)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) step: Option<u32>,
    /// The scenario whose first household is sent [default: two people where the target offers plans]
    #[arg(long, value_name = "SCENARIO")]
    pub(crate) scenario: Option<PathBuf>,
    /// Seed of the household [default: the scenario's; without one somebody new each time]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// Wait so long at most for what waypoints are to show
    #[arg(long, default_value = "1m", value_name = "DURATION", value_parser = duration)]
    pub(crate) wait: Duration,
    /// The target's name, which production asks for
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
    #[command(flatten)]
    pub(crate) typed: Typed,
}

#[derive(Debug, Args)]
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
    /// Stop sending and watching so long after the first byte, whichever process is at work then (10m, 2h): what has not come is pending;
    /// cleanup follows
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Do what is due now and end; while more is due later with exit code 3, and `johndoe resume --no-wait` goes on
    #[arg(long = "no-wait")]
    pub(crate) no_wait: bool,
    /// Check everything and show what would be sent; reach nothing
    #[arg(long = "dry-run")]
    pub(crate) only_shown: bool,
    #[command(flatten)]
    pub(crate) reports: Reports,
    #[command(flatten)]
    pub(crate) typed: Typed,
}

/// With what a run goes on.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Again {
    /// The target's file, where a flow of it was mended; it must lead to where the run was begun
    #[arg(long, short, value_name = "TARGET")]
    pub(crate) target: Option<PathBuf>,
    /// The target's name, which production asks for
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The run: an id, its beginning, or latest
    #[arg(default_value = "latest", value_name = "RUN")]
    pub(crate) run: String,
    #[command(flatten)]
    pub(crate) again: Again,
    /// Stop sending and watching so long after the run's first byte (10m, 2h) [default: as `run` was told]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Do what is due now and end; while more is due later with exit code 3
    #[arg(long = "no-wait")]
    pub(crate) no_wait: bool,
    #[command(flatten)]
    pub(crate) reports: Reports,
}

#[derive(Debug, Args)]
pub(crate) struct Sweep {
    #[command(flatten)]
    pub(crate) again: Again,
    /// Only show what would be taken out; reach nothing
    #[arg(long = "dry-run")]
    pub(crate) only_shown: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The probe: run and index, such as 019ab6c2/7 or latest/7
    #[arg(value_name = "PROBE")]
    pub(crate) probe: String,
}

#[derive(Debug, Args)]
pub(crate) struct Evidence {
    /// The probe: run and index, such as 019ab6c2/7 or latest/7
    #[arg(value_name = "PROBE")]
    pub(crate) probe: String,
    /// 834 files that hold it: the segments of its own members are put into the bundle
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The folder to make [default: evidence-RUN-INDEX]
    #[arg(long = "to", value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
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
pub(crate) struct Compare {
    /// The earlier run: an id, its beginning, or latest
    #[arg(value_name = "BEFORE")]
    pub(crate) before: String,
    /// The later run
    #[arg(value_name = "AFTER")]
    pub(crate) after: String,
    /// The ledger that holds the earlier run [default: that of both]
    #[arg(long = "before-in", value_name = "LEDGER")]
    pub(crate) before_in: Option<String>,
    /// JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Narrow {
    /// The run: an id, its beginning, or latest
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// The household that failed, by its index [default: one of the first line of the punch list]
    #[arg(value_name = "PROBE")]
    pub(crate) probe: Option<u32>,
    /// Send so many households at most [default: 150; production asks for a number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) most: Option<u32>,
    /// Have one of them in at a time, as where one policy a person is allowed
    #[arg(long = "one-by-one")]
    pub(crate) is_one_by_one: bool,
    /// Seed of the new identities [default: somebody new each time]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// Only show what would be changed and how many would be sent; reach nothing
    #[arg(long = "dry-run")]
    pub(crate) only_shown: bool,
    /// JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) again: Again,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where it listens; elsewhere than on this machine's loopback it needs a token
    #[arg(long, default_value = "127.0.0.1:8834", value_name = "ADDRESS", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// A file with the token that whoever looks has to show [default: `JOHNDOE_SERVE_TOKEN`, or none]
    #[arg(long = "token-file", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// Faults with their probabilities, such as lose=0.02,relationship=0.01 (repeatable); between name and probability stand options,
    /// such as delay@for=14s=0.3 or alter:member.name.last@issuer=12345=0.1: issuer, state, line, marker and has_… say in whom, hop,
    /// windows, for, times and value how
    #[arg(long, value_name = "FAULTS")]
    pub(crate) fault: Vec<String>,
    /// Seed of the faults
    #[arg(long, default_value_t = 0, value_name = "S")]
    pub(crate) seed: u64,
    /// Where the exchange listens
    #[arg(long, default_value = "127.0.0.1:8340", value_name = "ADDRESS", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Where the two issuers listen, in order [default: 127.0.0.1:8341 and 127.0.0.1:8342]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub(crate) issuer: Vec<SocketAddr>,
    /// Folder for the 834 files
    #[arg(long, default_value = "sandbox/outbound", value_name = "FOLDER")]
    pub(crate) outbound: PathBuf,
    /// Folder for the issuers' 834 files to the exchange, which receives whatever else is put there, too [default:
    /// `inbound` beside the outbound folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) inbound: Option<PathBuf>,
    /// Folder into which 834 files are handed over [default: `intake` beside the outbound folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) intake: Option<PathBuf>,
    /// Cancel what is not paid so long after it was loaded [default: never]
    #[arg(long, value_name = "DURATION", value_parser = some_time)]
    pub(crate) binder: Option<Duration>,
    /// Where the folders can also be had over SFTP, such as 127.0.0.1:2222 [default: nowhere]
    #[cfg(feature = "sftp")]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub(crate) sftp: Option<SocketAddr>,
    /// Time from one 834 window to the next
    #[arg(long, default_value = "2s", value_name = "DURATION", value_parser = some_time)]
    pub(crate) window: Duration,
    /// Write the truth about every fault here, as JSON Lines
    #[arg(long, value_name = "PATH")]
    pub(crate) truth: Option<PathBuf>,
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|e| format!("{e}; write it like 90s, 15m or 2h"))
}

fn some_time(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("it must be longer than nothing, such as 2s".to_owned()),
        time => Ok(time),
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "write it like 127.0.0.1:8340; port 0 is any that is free".to_owned())
}
