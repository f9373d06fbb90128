//! What is to be told, as data: a key by which receivers deduplicate, and lines that explain themselves.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::entry::AlarmId;

/// Why something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// alarms are new, or worse
    Firing,
    /// a silence is over, and they still hold
    StillFiring,
    /// they still hold, after a while
    Reminder,
    /// they are over
    Recovered,
    /// nobody watches them any more
    Withdrawn,
    /// what recovered while nothing was told of it
    Digest,
    /// a channel does not take what it is told
    ChannelDown,
}

impl Kind {
    /// As it stands in keys and texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::StillFiring => "still-firing",
            Self::Reminder => "reminder",
            Self::Recovered => "recovered",
            Self::Withdrawn => "withdrawn",
            Self::Digest => "digest",
            Self::ChannelDown => "channel-down",
        }
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// the same for every copy of this message, and for no other message
    pub key: String,
    /// why it is told
    pub kind: Kind,
    /// what its alarms have in common
    pub group: String,
    /// when there was something to tell
    pub at: DateTime<Utc>,
    /// the alarms it is about
    pub alarms: Vec<AlarmId>,
    /// what is said first
    pub title: String,
    /// for each alarm, what a reader needs who has nothing else
    pub paragraphs: Vec<String>,
}

impl Message {
    /// Its text in at most `size` bytes: whole paragraphs, and how many more there are.
    pub fn text(&self, size: usize) -> String {
        let whole =
            [&self.title].into_iter().chain(&self.paragraphs).map(String::as_str).collect::<Vec<_>>().join("\n\n");
        if whole.len() <= size {
            return whole;
        }
        let mut text = head(&self.title, size).to_owned();
        let mut left = self.paragraphs.len();
        for paragraph in &self.paragraphs {
            let more = more(left - 1);
            if text.len() + 2 + paragraph.len() + more.len() > size {
                break;
            }
            text = text + "\n\n" + paragraph;
            left -= 1;
        }
        let cut = self.paragraphs.first().filter(|_| self.paragraphs.len() == 1);
        // of a single one its beginning says more than that there is one
        let tail =
            cut.map_or_else(|| more(left), |only| format!("\n\n{}", head(only, size.saturating_sub(text.len() + 2))));
        if text.len() + tail.len() <= size { text + &tail } else { text }
    }
}

fn more(left: usize) -> String {
    if left == 0 { String::new() } else { format!("\n\nand {left} more") }
}

/// The beginning of a text in at most so many bytes, whole characters.
fn head(text: &str, size: usize) -> &str {
    let end = (0..=size.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(paragraphs: &[&str]) -> Message {
        Message {
            key: "k".to_owned(),
            kind: Kind::Firing,
            group: "g".to_owned(),
            at: DateTime::default(),
            alarms: Vec::new(),
            title: "title".to_owned(),
            paragraphs: paragraphs.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_text_is_cut_at_paragraphs_and_says_how_many_more() {
        let many: Vec<String> = (0..300).map(|n| format!("paragraph {n:03}")).collect();
        let many = message(&many.iter().map(String::as_str).collect::<Vec<_>>());
        let text = many.text(1400);
        assert!(text.len() <= 1400 && text.len() > 1350, "{}", text.len());
        assert!(text.ends_with("paragraph 091\n\nand 208 more"), "{text}");
        assert_eq!(many.text(100_000).len(), 5 + 300 * 15);
    }

    #[test]
    fn no_text_is_larger_than_its_channel() {
        for message in
            [message(&["ein längerer Absatz über äußerst wenig"]), message(&["a", "b", "ccccccccc"]), message(&[])]
        {
            for size in 0..70 {
                let text = message.text(size);
                assert!(text.len() <= size, "{text} in {size}");
            }
            assert_eq!(message.text(100), message.text(1000));
        }
        assert_eq!(message(&["one", "two"]).text(15), "title\n\none\n\ntwo");
        assert_eq!(message(&["one", "two", "threethree"]).text(21), "title\n\nand 3 more");
        assert_eq!(message(&["one", "two", "threethree"]).text(22), "title\n\none\n\nand 2 more");
    }
}
