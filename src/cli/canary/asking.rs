//! What is asked of a canary: where it stands, and the trail of an alarm. Reaches nothing.

use super::watching::read;
use crate::cli::console::print;
use crate::cli::context::World;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use chrono::Utc;
use johndoe::ledger::WatchLog;
use johndoe::watch::{AlarmStatus, Log, Status, StreamStatus, find_alarm, nothing, trail};
use johndoe_vigil::alarm::AlarmId;
use std::path::Path;

/// Where a canary stands.
pub(super) fn status((file, json): (&Path, bool), at: &str, world: &World) -> Result<Exit, Failure> {
    let (watching, _) = read(file, &[], world)?;
    let stored = WatchLog::open_to_read(at, &watching.canary.name)?;
    let log = Log::open(stored, watching.setup.clone())?;
    let status = johndoe::watch::status(log.state(), &watching, Utc::now());
    if json {
        print(&serde_json::to_string_pretty(&status).map_err(Failure::harness)?)?;
    } else {
        print(&in_words(&status))?;
    }
    Ok(Exit::Done)
}

/// The whole trail of an alarm.
pub(super) fn explain(typed: &str, (at, canary): (&str, &str)) -> Result<Exit, Failure> {
    let log = Log::open(WatchLog::open_to_read(at, canary)?, nothing())?;
    let alarm = alarm(&log, typed)?;
    let lines = trail(&log, &alarm)?;
    print(&format!("{alarm}"))?;
    for (at, line) in lines {
        print(&format!("{}  {}", at.format("%Y-%m-%d %H:%M:%SZ"), line.replace('\n', "\n                      ")))?;
    }
    Ok(Exit::Done)
}

/// The alarm that is meant.
pub(super) fn alarm(log: &Log, typed: &str) -> Result<AlarmId, Failure> {
    find_alarm(log, typed)?.map_err(|known| {
        let which = if known.is_empty() {
            "none was ever raised".to_owned()
        } else {
            format!("it could be `{}`", known.join("`, `"))
        };
        Failure::usage(format!("no one alarm is `{typed}`: {which}"))
    })
}

fn in_words(status: &Status) -> String {
    let at = |at: Option<chrono::DateTime<Utc>>| {
        at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M:%SZ").to_string())
    };
    let mut lines = vec![
        format!("{}: last look {}, last success {}", status.canary, at(status.looked_at), at(status.last_success)),
        format!(
            "{} runs under way; {} people left behind, {} may be",
            status.runs_under_way, status.people_left, status.people_left_at_most
        ),
    ];
    lines.extend(status.stopped.iter().map(|why| format!("NOTHING IS SENT: {why}; cancellations are")));
    lines.push("\nSchedules".to_owned());
    lines.extend(status.schedules.iter().map(|schedule| {
        let next = schedule.next_there.clone().unwrap_or_else(|| "never".to_owned());
        format!("  {}: {}; next {next}; {} runs", schedule.name, schedule.when, schedule.runs)
    }));
    lines.push("\nStreams".to_owned());
    lines.extend(status.streams.iter().map(of_stream));
    lines.push(if status.alarms.is_empty() { "\nNo alarm holds".to_owned() } else { "\nAlarms".to_owned() });
    lines.extend(status.alarms.iter().map(of_alarm));
    if !status.channels.is_empty() {
        lines.push("\nChannels".to_owned());
    }
    lines.extend(status.channels.iter().map(|channel| {
        let down = if channel.is_down { ", takes no messages" } else { "" };
        format!("  {}: {} messages wait{down}", channel.name, channel.waiting)
    }));
    lines.join("\n")
}

fn of_stream(stream: &StreamStatus) -> String {
    let improving = if stream.is_improving { ", improving" } else { "" };
    format!(
        "  {:<13} {}: {} passed, {} failed, {} without outcome; evidence {:.0} %{improving}",
        stream.state,
        stream.name,
        stream.passed,
        stream.failed,
        stream.without_outcome,
        stream.evidence * 100.0
    )
}

fn of_alarm(alarm: &AlarmStatus) -> String {
    let rate = match (alarm.failed, alarm.of, alarm.interval) {
        (Some(failed), Some(of), Some([lower, upper])) => {
            format!("; {failed} of {of} failed, {:.1} to {:.1} %", lower * 100.0, upper * 100.0)
        }
        _ => String::new(),
    };
    let silenced = if alarm.is_silenced { "; silenced" } else { "" };
    let acknowledged = alarm
        .acknowledged_until
        .map_or_else(String::new, |until| format!("; acknowledged until {}", until.format("%Y-%m-%d %H:%MZ")));
    format!(
        "  {}: {} since {}{rate}{silenced}{acknowledged}",
        alarm.alarm,
        alarm.level,
        alarm.raised_at.format("%Y-%m-%d %H:%M:%SZ")
    )
}
