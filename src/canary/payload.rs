//! What is posted to a webhook: a few shapes that receivers know, and a template of one's own.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;

/// What is posted to a webhook. `Debug` shows nothing of one's own, which may hold what a reference brought in.
#[derive(Clone, PartialEq, Eq)]
pub enum Template {
    /// Everything, by its own names.
    Json,
    /// As Slack's incoming webhooks take it.
    Slack,
    /// As a workflow of Microsoft Teams takes it.
    Teams,
    /// As `PagerDuty`'s Events API v2 takes it.
    PagerDuty,
    /// A template whose text is JSON.
    Own(String),
}

/// One message, as a template sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payload {
    /// The same for every copy of this message, and for no other.
    pub key: String,
    /// Why it is told: `firing`, `still-firing`, `reminder`, `recovered`, `withdrawn`, `digest` or `channel-down`.
    pub kind: String,
    /// The canary's name.
    pub canary: String,
    /// What its alarms have in common.
    pub group: String,
    /// When there was something to tell.
    pub at: DateTime<Utc>,
    /// Its first line.
    pub title: String,
    /// All of it, cut to the channel's size.
    pub text: String,
    /// The alarms that it is about.
    pub alarms: Vec<String>,
    /// Whether any alarm of the group holds.
    pub group_still_fires: bool,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "Json",
            Self::Slack => "Slack",
            Self::Teams => "Teams",
            Self::PagerDuty => "PagerDuty",
            Self::Own(_) => "Own",
        })
    }
}

impl Template {
    /// The one of this name.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "slack" => Self::Slack,
            "teams" => Self::Teams,
            "pagerduty" => Self::PagerDuty,
            _ => Self::Json,
        }
    }

    /// One's own; refused where it does not come to JSON.
    pub(super) fn own(text: &str) -> Result<Self, String> {
        // what breaks a careless template: quotes, a line's end, a backslash
        let awkward = "a \"quoted\" word \\ and\nanother line";
        let sample = Payload {
            key: awkward.to_owned(),
            kind: "firing".to_owned(),
            canary: awkward.to_owned(),
            group: awkward.to_owned(),
            at: DateTime::UNIX_EPOCH,
            title: awkward.to_owned(),
            text: awkward.to_owned(),
            alarms: vec![awkward.to_owned()],
            group_still_fires: true,
        };
        let environment = minijinja::Environment::new();
        let compiled = environment.template_from_str(text).map_err(|e| e.to_string())?;
        let known = serde_json::to_value(&sample).map_err(|e| e.to_string())?;
        let mut unknown: Vec<String> = compiled.undeclared_variables(false).into_iter().collect();
        unknown.retain(|name| known.get(name).is_none());
        unknown.sort();
        if !unknown.is_empty() {
            return Err(format!("nothing is called `{}`", unknown.join("`, `")));
        }
        let template = Self::Own(text.to_owned());
        template.render(&sample, None).map(|_| template)
    }

    /// What is posted. `routing_key`: by which `PagerDuty` knows the service.
    pub fn render(&self, payload: &Payload, routing_key: Option<&str>) -> Result<Value, String> {
        match self {
            Self::Json => serde_json::to_value(payload).map_err(|e| e.to_string()),
            Self::Slack => Ok(json!({"text": payload.text})),
            Self::Teams => Ok(card(payload)),
            Self::PagerDuty => Ok(event(payload, routing_key.unwrap_or_default())),
            Self::Own(text) => {
                let mut environment = minijinja::Environment::new();
                environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
                let rendered =
                    environment.render_str(text, minijinja::value::Serde(payload)).map_err(|e| e.to_string())?;
                serde_json::from_str(&rendered).map_err(|e| e.to_string())
            }
        }
    }
}

fn card(payload: &Payload) -> Value {
    let block = |text: &str, weight: &str| json!({"type": "TextBlock", "text": text, "weight": weight, "wrap": true});
    let card = json!({"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
                      "body": [block(&payload.title, "Bolder"), block(&payload.text, "Default")]});
    json!({"type": "message",
           "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}]})
}

/// One incident a group: it is resolved when nothing of the group holds any more.
fn event(payload: &Payload, routing_key: &str) -> Value {
    const SUMMARY: usize = 1024;
    let is_over = matches!(payload.kind.as_str(), "recovered" | "withdrawn" | "digest") && !payload.group_still_fires;
    let summary: String = payload.title.chars().take(SUMMARY).collect();
    json!({
        "routing_key": routing_key,
        "event_action": if is_over { "resolve" } else { "trigger" },
        "dedup_key": format!("johndoe/{}/{}", payload.canary, payload.group),
        "payload": {
            "summary": summary, "source": payload.canary, "severity": "critical", "timestamp": payload.at,
            "component": payload.group, "custom_details": {"text": payload.text, "key": payload.key, "alarms": payload.alarms},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(kind: &str, group_still_fires: bool) -> Payload {
        Payload {
            key: "k".to_owned(),
            kind: kind.to_owned(),
            canary: "c".to_owned(),
            group: "g".to_owned(),
            at: DateTime::UNIX_EPOCH,
            title: "title".to_owned(),
            text: "title\n\n\"more\"".to_owned(),
            alarms: vec!["a#1".to_owned()],
            group_still_fires,
        }
    }

    #[test]
    fn an_incident_is_resolved_when_nothing_of_its_group_holds_any_more() {
        let action = |kind, fires| {
            let event = Template::PagerDuty.render(&payload(kind, fires), Some("key")).unwrap();
            assert_eq!((&event["routing_key"], &event["dedup_key"]), (&json!("key"), &json!("johndoe/c/g")));
            event["event_action"].as_str().unwrap().to_owned()
        };
        assert_eq!(action("firing", true), "trigger");
        assert_eq!(action("recovered", true), "trigger", "another alarm of the group holds");
        assert_eq!(action("recovered", false), "resolve");
    }

    #[test]
    fn every_shape_says_all_of_the_text() {
        for template in [Template::Json, Template::Slack, Template::Teams, Template::PagerDuty] {
            let posted = template.render(&payload("firing", true), Some("key")).unwrap().to_string();
            assert!(posted.contains("title\\n\\n\\\"more\\\""), "{posted}");
        }
    }

    #[test]
    fn a_template_of_ones_own_that_comes_to_no_json_is_refused() {
        let own = Template::own("{\"summary\": {{ title | tojson }}, \"n\": {{ alarms | length }}}").unwrap();
        assert_eq!(own.render(&payload("firing", true), None).unwrap(), json!({"summary": "title", "n": 1}));
        assert!(Template::own("{\"summary\": \"{{ text }}\"}").is_err(), "a quote would end it");
        assert!(Template::own("{\"summary\": {{ titel | tojson }}}").is_err(), "no such variable");
    }
}
