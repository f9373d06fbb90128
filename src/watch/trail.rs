//! The whole trail of an alarm: everything that was written down of it, in its order.

use super::status::{level, word};
use super::{Error, Log, Row};
use chrono::{DateTime, Utc};
use johndoe_vigil::Entry;
use johndoe_vigil::alarm::{AlarmId, Cause, Entry as AlarmEntry};
use johndoe_vigil::delivery::{Answer, Entry as DeliveryEntry};
use std::collections::BTreeSet;

/// The alarm that a person means, of all that were ever raised: its name, or a part of it that only one has; of several of one source the
/// last. Otherwise those that it could be.
pub fn find_alarm(log: &Log, typed: &str) -> Result<Result<AlarmId, Vec<String>>, Error> {
    let mut all: BTreeSet<AlarmId> = BTreeSet::new();
    log.visit(&mut |_, row| {
        if let Row::Heart(Entry::Alarm(AlarmEntry::Raised { alarm, .. })) = row {
            all.insert(alarm);
        }
    })?;
    if let Some(whole) = all.iter().find(|id| id.to_string() == typed) {
        return Ok(Ok(whole.clone()));
    }
    let typed = typed.to_lowercase();
    let fits: Vec<&AlarmId> = all.iter().filter(|id| id.to_string().to_lowercase().contains(&typed)).collect();
    let sources: BTreeSet<_> = fits.iter().map(|id| &id.source).collect();
    match fits.last() {
        Some(last) if sources.len() == 1 => Ok(Ok((*last).clone())),
        _ => {
            let shown = if fits.is_empty() { all.iter().collect() } else { fits };
            Ok(Err(shown.iter().map(ToString::to_string).collect()))
        }
    }
}

/// Every line of an alarm, in words, with its moment.
pub fn trail(log: &Log, alarm: &AlarmId) -> Result<Vec<(DateTime<Utc>, String)>, Error> {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut lines = Vec::new();
    log.visit(&mut |at, row| match row {
        Row::Heart(Entry::Alarm(entry)) if concerns(&entry, alarm) => {
            if let AlarmEntry::Announced(message) = &entry {
                keys.insert(message.key.clone());
            }
            lines.push((at, of_alarm(&entry)));
        }
        Row::Heart(Entry::Delivery(entry)) => lines.extend(of_delivery(&entry, &keys).map(|line| (at, line))),
        _ => {}
    })?;
    Ok(lines)
}

fn concerns(entry: &AlarmEntry, alarm: &AlarmId) -> bool {
    match entry {
        AlarmEntry::Silenced(silence) => {
            use johndoe_vigil::alarm::Matcher;
            match &silence.matcher {
                Matcher::Alarm(id) => id == alarm,
                Matcher::Source(source) => *source == alarm.source,
                Matcher::Group(_) => false,
            }
        }
        entry => entry.alarms().contains(&alarm),
    }
}

fn of_alarm(entry: &AlarmEntry) -> String {
    match entry {
        AlarmEntry::Raised { cause, .. } => raised(cause),
        AlarmEntry::Recovered { .. } => "recovered by its own test".to_owned(),
        AlarmEntry::Withdrawn { .. } => {
            "withdrawn: it is watched no more, or begins anew; it did not recover".to_owned()
        }
        AlarmEntry::Acknowledged { until, by, .. } => format!("acknowledged by {by} until {}", moment(*until)),
        AlarmEntry::AcknowledgementOver { .. } => "the acknowledgement is over".to_owned(),
        AlarmEntry::Silenced(silence) => format!("silenced by {} until {}", silence.by, moment(silence.until)),
        AlarmEntry::Announced(message) => {
            let text = std::iter::once(&message.title).chain(&message.paragraphs).cloned().collect::<Vec<_>>();
            format!("told ({}): {}", message.kind.word(), text.join("\n"))
        }
        _ => String::new(),
    }
}

fn raised(cause: &Cause) -> String {
    match cause {
        Cause::Evidence(episode) => format!(
            "raised as {}: {} of {} failed since {}, {:.1} to {:.1} % (each bound at 95 %); the evidence crossed its threshold {}",
            word(&episode.level),
            episode.rate.failed,
            episode.rate.failed + episode.rate.passed + episode.rate.undecided,
            moment(episode.since),
            episode.rate.lower() * 100.0,
            episode.rate.upper() * 100.0,
            moment(episode.crossed_at)
        ),
        Cause::Residue { people, allowed } => {
            format!("raised as {}: {people} people could not be taken out, {allowed} may stay", level(cause))
        }
        Cause::Unwatched { since } => format!("raised as {}: nobody looked since {}", level(cause), moment(*since)),
    }
}

fn of_delivery(entry: &DeliveryEntry, keys: &BTreeSet<String>) -> Option<String> {
    let DeliveryEntry::Answered { channel, key, answer, .. } = entry else { return None };
    if !keys.contains(key) {
        return None;
    }
    let said = match answer {
        Answer::Taken => "has it".to_owned(),
        Answer::Later { retry_after: Some(seconds) } => format!("wants it in {seconds} s"),
        Answer::Later { retry_after: None } => "wants it later".to_owned(),
        Answer::TooLarge => "finds it too large; it is cut".to_owned(),
        Answer::Failed { why } => format!("did not take it: {why}"),
    };
    Some(format!("channel `{channel}` {said}"))
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
