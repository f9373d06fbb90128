//! What a message says to a reader who has nothing else.

use chrono::{DateTime, Utc};

use super::alarms::{Alarm, Ended};
use super::entry::{AlarmId, Cause};
use super::message::Kind;
use super::next::Detail;
use crate::stream::{Episode, Level};

/// As many probes are named.
const PROBES: usize = 3;

/// The first line of a message.
pub(super) fn title(kind: Kind, group: &str, alarms: &[(&AlarmId, &Alarm)]) -> String {
    let worst = alarms.iter().map(|(_, alarm)| severity(&alarm.cause)).max_by_key(|(rank, _)| *rank);
    let worst = worst.map_or("", |(_, word)| word);
    let count = if alarms.len() > 1 { format!(" ({} alarms)", alarms.len()) } else { String::new() };
    match kind {
        Kind::Firing => format!("{group}: {worst}{count}"),
        Kind::StillFiring => format!("{group}: still {worst}, its silence is over{count}"),
        Kind::Reminder => format!("{group}: still {worst}{count}"),
        Kind::Recovered => format!("{group}: recovered{count}"),
        Kind::Withdrawn => format!("{group}: watched no more; it did not recover{count}"),
        Kind::Digest => format!("{group}: over while it was silenced{count}"),
        Kind::ChannelDown => format!("{group}: takes no messages"),
    }
}

/// What is said of one alarm.
pub(super) fn paragraph(id: &AlarmId, alarm: &Alarm, detail: &Detail) -> String {
    let mut lines = vec![format!("{id}: {}", because(&alarm.cause))];
    match alarm.ended {
        Some(Ended::Recovered(at)) => lines.push(format!("recovered by its own test, seen {}", moment(at))),
        Some(Ended::Withdrawn(at)) => lines.push(format!("not watched since {}", moment(at))),
        None => {}
    }
    lines.extend(detail.lines.iter().cloned());
    if !detail.probes.is_empty() {
        let probes: Vec<&str> = detail.probes.iter().take(PROBES).map(String::as_str).collect();
        lines.push(format!("probes: {}", probes.join(", ")));
    }
    lines.push(format!("look closer: johndoe canary explain '{id}'"));
    lines.join("\n")
}

/// How bad it is, for the first line of those that are told together.
fn severity(cause: &Cause) -> (u8, &'static str) {
    match cause {
        Cause::Evidence(episode) => match episode.level {
            Level::Degraded => (0, "degraded"),
            Level::Stalled => (1, "stalled"),
            Level::Failing => (2, "failing"),
        },
        Cause::Unwatched { .. } => (3, "nobody watched"),
        Cause::Residue { .. } => (4, "too many people could not be taken out"),
    }
}

fn because(cause: &Cause) -> String {
    match cause {
        Cause::Evidence(episode) if episode.level == Level::Stalled => stalled(episode),
        Cause::Evidence(episode) => failing(episode),
        Cause::Residue { people, allowed } => format!(
            "{people} synthetic people could not be taken out, {allowed} may stay behind; nothing more is sent \
             (take them out with `johndoe sweep`)"
        ),
        Cause::Unwatched { since } => {
            format!("nobody looked since {}; what happened meanwhile is told as far as it left a trace", moment(*since))
        }
    }
}

fn failing(episode: &Episode) -> String {
    let rate = episode.rate;
    let known = rate.failed + rate.passed;
    let word = severity(&Cause::Evidence(episode.clone())).1;
    let undecided = if rate.undecided > 0 { format!(", {} undecided", rate.undecided) } else { String::new() };
    format!(
        "{word} since {}: {} of {known} failed{undecided}, {:.1} to {:.1} % (each bound at 95 %); the evidence crossed its \
         threshold {}",
        moment(episode.since),
        rate.failed,
        rate.lower() * 100.0,
        rate.upper() * 100.0,
        moment(episode.crossed_at),
    )
}

fn stalled(episode: &Episode) -> String {
    format!(
        "stalled: nothing has arrived of what went with {} delivery windows, the first of {}; such a silence became too unlikely \
         {}",
        episode.rate.undecided,
        moment(episode.since),
        moment(episode.crossed_at),
    )
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
