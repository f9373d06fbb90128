//! A household that was not taken out again, as a person at the exchange needs it named.

use super::{Facts, Field};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whom somebody has to take out by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remaining {
    /// What marks the household as synthetic: its mailbox.
    pub marker: String,
    /// The household contact's name.
    pub name: String,
    /// When it was to be sent; `null` where that is not known.
    pub sent_at: Option<DateTime<Utc>>,
    /// What the exchange called it, each id once; empty where it told none.
    pub ids: Vec<String>,
    /// What it told and nothing proved, and why nobody acts on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_proved: Option<String>,
}

impl Remaining {
    /// The ids of an application, policies, subscriber and members that these facts hold, each once, in this order.
    pub fn ids_of<'a>(facts: impl IntoIterator<Item = &'a Facts>) -> Vec<String> {
        let facts: Vec<&Facts> = facts.into_iter().collect();
        let mut ids: Vec<String> = Vec::new();
        for field in [Field::ApplicationId, Field::PolicyId, Field::SubscriberId, Field::MemberId] {
            for id in facts.iter().filter_map(|facts| facts.text(field)) {
                if !ids.iter().any(|known| known == id) {
                    ids.push(id.to_owned());
                }
            }
        }
        ids
    }
}

impl fmt::Display for Remaining {
    /// `john.doe.…@example.org, Mary Quill, sent 2013-11-15T12:00:00Z, ids A1 P1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.marker, self.name)?;
        if let Some(at) = self.sent_at {
            write!(f, ", sent {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))?;
        }
        match &self.not_proved {
            _ if !self.ids.is_empty() => write!(f, ", ids {}", self.ids.join(" "))?,
            Some(_) => f.write_str(", no ids proved")?,
            None => f.write_str(", no ids known")?,
        }
        self.not_proved.iter().try_for_each(|why| write!(f, " ({why})"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Field, Remaining};

    #[test]
    fn it_names_whom_to_take_out_with_each_id_once() {
        let (mut group, mut member) = (Facts::new(), Facts::new());
        group.set(Field::PolicyId, "P1");
        group.set(Field::ApplicationId, "A1");
        group.set(Field::SubscriberId, "M1");
        member.set(Field::MemberId, "M1");
        let ids = Remaining::ids_of([&group, &member, &member]);
        assert_eq!(ids, ["A1", "P1", "M1"]);
        let sent_at = "2013-11-15T12:00:00.5Z".parse().ok();
        let known =
            Remaining { marker: "jd@example.org".into(), name: "Mary Quill".into(), sent_at, ids, not_proved: None };
        assert_eq!(known.to_string(), "jd@example.org, Mary Quill, sent 2013-11-15T12:00:00Z, ids A1 P1 M1");
        let unknown = Remaining { sent_at: None, ids: Vec::new(), ..known };
        assert_eq!(unknown.to_string(), "jd@example.org, Mary Quill, no ids known");
        let told = Remaining { not_proved: Some("told A9".into()), ..unknown };
        assert_eq!(told.to_string(), "jd@example.org, Mary Quill, no ids proved (told A9)");
    }
}
