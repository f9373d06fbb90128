//! What is told to a canary: lines that any process may append to its log, and which it takes up within a second.

use super::asking::alarm;
use crate::cli::console::print;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use chrono::{DateTime, TimeDelta, Utc};
use johndoe::ledger::WatchLog;
use johndoe::watch::{Log, Row, nothing};
use johndoe_vigil::Entry;
use johndoe_vigil::alarm::{Entry as AlarmEntry, Matcher, Silence};
use std::time::Duration;

/// Somebody has it in hand.
pub(super) fn acknowledge(typed: &str, within: Duration, of: (&str, &str)) -> Result<Exit, Failure> {
    let mut log = open(of)?;
    let (alarm, at) = (alarm(&log, typed)?, Utc::now());
    let until = until(at, within)?;
    log.note(at, &[row(AlarmEntry::Acknowledged { alarm: alarm.clone(), at, until, by: who() })])?;
    print(&format!("{alarm}: acknowledged, no reminders until {}", shown(until)))?;
    Ok(Exit::Done)
}

/// Nothing is told of it for a while.
pub(super) fn silence(
    (typed, group): (Option<&str>, Option<&str>),
    within: Duration,
    of: (&str, &str),
) -> Result<Exit, Failure> {
    let mut log = open(of)?;
    let from = Utc::now();
    let until = until(from, within)?;
    let (matcher, what) = match (typed, group) {
        (Some(typed), _) => {
            let alarm = alarm(&log, typed)?;
            let what = alarm.to_string();
            (Matcher::Alarm(alarm), what)
        }
        (None, Some(group)) => (Matcher::Group(group.to_owned()), format!("all of group `{group}`")),
        (None, None) => return Err(Failure::usage("name an alarm, or a group with `--group`")),
    };
    let id = uuid::Uuid::now_v7().to_string();
    log.note(from, &[row(AlarmEntry::Silenced(Silence { id, matcher, from, until, by: who() }))])?;
    print(&format!("{what}: silenced until {}; what still fails then is told then", shown(until)))?;
    Ok(Exit::Done)
}

/// Stops sending.
pub(super) fn kill(of: (&str, &str)) -> Result<Exit, Failure> {
    let at = Utc::now();
    open(of)?.note(at, &[row(AlarmEntry::Killed { at, by: who() })])?;
    print(&format!(
        "{}: nothing is sent from here on; cancellations are. `johndoe canary unkill` lets it go on",
        of.1
    ))?;
    Ok(Exit::Done)
}

/// Lets sending go on.
pub(super) fn release(of: (&str, &str)) -> Result<Exit, Failure> {
    let at = Utc::now();
    open(of)?.note(at, &[row(AlarmEntry::Released { at, by: who() })])?;
    print(&format!("{}: sending goes on, unless the kill switch's file is there, or too many people are left", of.1))?;
    Ok(Exit::Done)
}

fn open((at, canary): (&str, &str)) -> Result<Log, Failure> {
    Ok(Log::open(WatchLog::open_existing(at, canary)?, nothing())?)
}

fn row(entry: AlarmEntry) -> Row {
    Row::Heart(Entry::Alarm(entry))
}

fn until(at: DateTime<Utc>, within: Duration) -> Result<DateTime<Utc>, Failure> {
    let end = TimeDelta::from_std(within).ok().and_then(|within| at.checked_add_signed(within));
    end.ok_or_else(|| Failure::usage("--for: so long a time has no end; write it like 2h or 3d"))
}

fn shown(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Who asks, as the system calls them.
fn who() -> String {
    let name = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "somebody".to_owned())
}
