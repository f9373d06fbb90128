//! Telling channels: beside everything else, so that no channel holds up a probe.

use super::driven::{Told, tell};
use super::watcher::Watcher;
use super::{Error, Row};
use crate::notify::{About, Alert};
use chrono::{DateTime, Utc};
use johndoe_vigil::alarm::{Kind, Message};
use johndoe_vigil::{Entry, delivery};
use std::sync::Arc;

impl Watcher {
    /// Sends what is due, one message a channel; that it is on its way is written down before.
    pub(super) fn deliver(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        if self.stop.is_cancelled() {
            return Ok(());
        }
        for sending in self.log.state().watch.sendings(now, &self.in_flight) {
            let (channel, key) = (sending.channel.clone(), sending.key.clone());
            let trying = delivery::Entry::Trying { channel: channel.clone(), key: key.clone() };
            self.log.note(now, &[Row::Heart(Entry::Delivery(trying))])?;
            self.in_flight.insert(channel.clone());
            let about = self.about(&sending.message, now);
            let (notifier, teller) = (Arc::clone(&self.notifier), self.around.teller());
            tokio::spawn(async move {
                let answer = notifier.send(&sending, &about).await;
                tell(&teller, Told::Answered { channel, key, answer });
            });
        }
        Ok(())
    }

    /// To Alertmanager every alarm that holds is posted at each look, so that it never resolves by itself.
    pub(super) fn post_firing(&self, now: DateTime<Utc>) {
        let firing = self.log.state().watch.alarms().firing();
        let alerts: Vec<Alert> = firing.map(|(id, alarm)| Alert::firing(id, alarm)).collect();
        if !alerts.is_empty() && !self.stop.is_cancelled() {
            self.notifier.repost(&alerts, now);
        }
    }

    fn about(&self, message: &Message, now: DateTime<Utc>) -> About {
        let alarms = self.log.state().watch.alarms();
        let is_over = matches!(message.kind, Kind::Recovered | Kind::Withdrawn | Kind::Digest);
        let alert = |id| {
            let known = alarms.known().find(|(known, _)| *known == id).map(|(_, alarm)| alarm);
            let alert = known.map_or_else(|| Alert::of(id, message), |alarm| Alert::firing(id, alarm));
            if is_over { alert.ended(message.at) } else { alert }
        };
        About {
            now,
            alerts: message.alarms.iter().map(alert).collect(),
            group_still_fires: alarms.firing().any(|(_, alarm)| alarm.group == message.group),
        }
    }
}
