//! Alarms as Alertmanager's API v2 takes them.
//!
//! An alert is known by its labels, so that what changes while it holds (how bad it is, what its rate is) stands in annotations.

use crate::canary::Payload;
use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::alarm::{Alarm, AlarmId, Cause, Message};
use johndoe_vigil::stream::Level;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// A channel that takes no messages is an alert for so long.
const CHANNEL_DOWN_FOR: TimeDelta = TimeDelta::hours(1);

/// One alarm, as it is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    alarm: String,
    source: String,
    group: String,
    level: &'static str,
    starts_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl Alert {
    /// An alarm that is known.
    pub fn firing(id: &AlarmId, alarm: &Alarm) -> Self {
        let level = match &alarm.cause {
            Cause::Evidence(episode) => match episode.level {
                Level::Degraded => "degraded",
                Level::Failing => "failing",
                Level::Stalled => "stalled",
            },
            Cause::Residue { .. } => "residue",
            Cause::Unwatched { .. } => "unwatched",
        };
        Self {
            alarm: id.to_string(),
            source: id.source.to_string(),
            group: alarm.group.clone(),
            level,
            starts_at: alarm.raised_at,
            ended_at: None,
        }
    }

    /// An alarm of which nothing is known any more but that a message is about it.
    pub fn of(id: &AlarmId, message: &Message) -> Self {
        Self {
            alarm: id.to_string(),
            source: id.source.to_string(),
            group: message.group.clone(),
            level: "over",
            starts_at: message.at,
            ended_at: None,
        }
    }

    /// The same, over since then.
    #[must_use]
    pub fn ended(self, at: DateTime<Utc>) -> Self {
        Self { ended_at: Some(at), starts_at: self.starts_at.min(at), ..self }
    }
}

/// Where alerts are posted.
pub(super) fn alerts_at(address: &SecretString) -> SecretString {
    let address = address.expose_secret().trim_end_matches('/');
    if address.ends_with("/api/v2/alerts") {
        address.to_owned().into()
    } else {
        format!("{address}/api/v2/alerts").into()
    }
}

/// What is posted: what holds until `hold` from now, and what is over.
pub(super) fn alerts(
    canary: &str,
    alerts: &[Alert],
    (now, hold): (DateTime<Utc>, TimeDelta),
    told: Option<&Payload>,
) -> Value {
    if let Some(payload) = told.filter(|_| alerts.is_empty()) {
        return json!([{
            "labels": {"alertname": "JohndoeChannelDown", "canary": canary, "channel": payload.group},
            "annotations": {"summary": payload.title, "description": payload.text},
            "startsAt": payload.at, "endsAt": now + CHANNEL_DOWN_FOR,
        }]);
    }
    let one = |alert: &Alert| {
        let summary = told.map_or_else(|| format!("{}: {}", alert.group, alert.level), |payload| payload.title.clone());
        let mut annotations = json!({"level": alert.level, "summary": summary});
        if let (Some(payload), Some(annotations)) = (told, annotations.as_object_mut()) {
            annotations.insert("description".to_owned(), json!(payload.text));
        }
        json!({
            "labels": {"alertname": "JohndoeCanary", "canary": canary, "alarm": alert.alarm, "source": alert.source,
                       "group": alert.group},
            "annotations": annotations,
            "startsAt": alert.starts_at,
            "endsAt": alert.ended_at.unwrap_or(now + hold),
        })
    };
    alerts.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use johndoe_vigil::alarm::Source;

    #[test]
    fn what_holds_ends_after_the_hold_and_what_is_over_ended_then() {
        let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let id = AlarmId { source: Source::Residue, number: 2 };
        let holds = Alert {
            alarm: id.to_string(),
            source: "residue".to_owned(),
            group: "residue".to_owned(),
            level: "residue",
            starts_at: now - TimeDelta::hours(3),
            ended_at: None,
        };
        let posted = alerts("c", &[holds.clone(), holds.ended(now)], (now, TimeDelta::hours(24)), None);
        assert_eq!(posted[0]["endsAt"], "2026-06-02T12:00:00Z");
        assert_eq!(posted[1]["endsAt"], "2026-06-01T12:00:00Z");
        assert_eq!(posted[0]["labels"], posted[1]["labels"], "it is the same alert");
    }

    #[test]
    fn the_address_is_that_of_the_server_or_of_its_api() {
        for address in ["http://a:9093", "http://a:9093/", "http://a:9093/api/v2/alerts"] {
            let at = alerts_at(&SecretString::from(address.to_owned()));
            assert_eq!(at.expose_secret(), "http://a:9093/api/v2/alerts");
        }
    }
}
