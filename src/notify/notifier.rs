//! Every channel of a canary, and who hears a sign of life.

use super::alertmanager::{self, Alert};
use super::ping::{self, Ping};
use super::post::Postbox;
use super::{command, email};
use crate::canary::{Canary, Means, Payload};
use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::delivery::{Answer, Sending};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tells people.
#[derive(Debug)]
pub struct Notifier {
    canary: String,
    outlets: BTreeMap<String, Outlet>,
    dead_man: Option<Arc<Postbox>>,
}

/// A channel, and the way out to it where it has one over HTTP.
#[derive(Debug)]
struct Outlet {
    means: Means,
    postbox: Option<Arc<Postbox>>,
}

/// What is known beside a message.
#[derive(Debug, Clone)]
pub struct About {
    /// Now.
    pub now: DateTime<Utc>,
    /// Its alarms.
    pub alerts: Vec<Alert>,
    /// Whether any alarm of its group holds.
    pub group_still_fires: bool,
}

impl Notifier {
    /// The channels of a canary. Reaches nobody; fails where an address can never be reached, without showing it.
    pub fn new(canary: &Canary) -> Result<Self, String> {
        let mut outlets = BTreeMap::new();
        for channel in &canary.channels {
            let name = &channel.channel.name;
            let postbox = match &channel.means {
                Means::Webhook { address, .. } => Some(Postbox::at(address)),
                Means::Alertmanager { address, .. } => Some(Postbox::at(&alertmanager::alerts_at(address))),
                Means::Email(_) | Means::Command(_) => None,
            };
            let postbox = postbox.transpose().map_err(|why| format!("error: channel `{name}`: {why}"))?;
            let outlet = Outlet { means: channel.means.clone(), postbox: postbox.map(Arc::new) };
            outlets.insert(name.clone(), outlet);
        }
        let dead_man = canary.dead_man.as_ref().map(Postbox::at).transpose();
        let dead_man = dead_man.map_err(|why| format!("error: `dead_man`: {why}"))?.map(Arc::new);
        Ok(Self { canary: canary.name.clone(), outlets, dead_man })
    }

    /// Tells one channel one message, and gives what it said.
    pub async fn send(&self, sending: &Sending, about: &About) -> Answer {
        let Some(outlet) = self.outlets.get(&sending.channel) else {
            return Answer::Failed { why: "there is no such channel any more".to_owned() };
        };
        let payload = self.payload(sending, about);
        match (&outlet.means, &outlet.postbox) {
            (Means::Webhook { template, routing_key, .. }, Some(postbox)) => {
                let key = routing_key.as_ref().map(ExposeSecret::expose_secret);
                match template.render(&payload, key) {
                    Ok(body) => postbox.post(&body, &sending.key, about.now).await,
                    Err(_) => Answer::Failed { why: "its template came to no JSON".to_owned() },
                }
            }
            (Means::Alertmanager { hold, .. }, Some(postbox)) => {
                let body = alertmanager::alerts(&self.canary, &about.alerts, (about.now, *hold), Some(&payload));
                postbox.post(&body, &sending.key, about.now).await
            }
            (Means::Email(means), _) => email::send(means, &payload).await,
            (Means::Command(words), _) => command::run(words, &payload).await,
            (_, None) => Answer::Failed { why: "it has no address".to_owned() },
        }
    }

    /// Posts alarms that hold to every Alertmanager, beside everything else: what holds is not to resolve by itself there.
    pub fn repost(&self, alerts: &[Alert], now: DateTime<Utc>) {
        let places = self.outlets.values().filter_map(|outlet| match (&outlet.means, &outlet.postbox) {
            (Means::Alertmanager { hold, .. }, Some(postbox)) => Some((*hold, Arc::clone(postbox))),
            _ => None,
        });
        let places: Vec<(TimeDelta, Arc<Postbox>)> = places.collect();
        for (hold, postbox) in places {
            let body = alertmanager::alerts(&self.canary, alerts, (now, hold), None);
            // whether it has it shows where messages are told; this one comes again with the next look
            tokio::spawn(async move { drop(postbox.post(&body, "repost", now).await) });
        }
    }

    /// Gives a sign of life, beside everything else.
    pub fn ping(&self, ping: Ping, told: &str) {
        if let Some(dead_man) = &self.dead_man {
            let (dead_man, told) = (Arc::clone(dead_man), told.to_owned());
            tokio::spawn(async move { ping::ping(&dead_man, ping, &told).await });
        }
    }

    fn payload(&self, sending: &Sending, about: &About) -> Payload {
        let message = &sending.message;
        Payload {
            key: sending.key.clone(),
            kind: message.kind.word().to_owned(),
            canary: self.canary.clone(),
            group: message.group.clone(),
            at: message.at,
            title: message.title.clone(),
            text: sending.text.clone(),
            alarms: message.alarms.iter().map(ToString::to_string).collect(),
            group_still_fires: about.group_still_fires,
        }
    }
}
