//! Our own messages by their control numbers, so that their acknowledgements are known and all others are not.

use crate::model::{Place, ProbeIndex, RecordKind};
use crate::wire::ack::{SeenAck, Subject, plain_number};
use std::collections::{HashMap, HashSet};

/// A transaction set in which a record of ours was seen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Message {
    /// Whose record.
    pub probe: ProbeIndex,
    /// What it says.
    pub kind: RecordKind,
    /// Where it stands.
    pub place: Place,
}

/// Our own messages at one waypoint, and what was said of them.
#[derive(Debug, Default)]
pub struct Messages {
    known: HashMap<Subject, Vec<Message>>,
    /// Messages, and the files in which something was said of them.
    told: HashSet<(Message, String)>,
}

impl Messages {
    /// Knows a message. One that stands in no envelope cannot be acknowledged.
    pub fn add(&mut self, message: &Message) {
        let plain = |control: &Option<String>| control.as_deref().map(|c| plain_number(c).to_owned());
        let place = &message.place;
        let interchange = plain(&place.interchange).map(Subject::Interchange);
        let group = plain(&place.functional_group);
        let set = group.clone().zip(plain(&place.transaction_set)).map(|(group, set)| Subject::Set { group, set });
        for answered in [interchange, group.map(Subject::Group), set].into_iter().flatten() {
            let messages = self.known.entry(answered).or_default();
            if !messages.contains(message) {
                messages.push(message.clone());
            }
        }
    }

    /// Remembers that this was told, so that it is not told again.
    pub fn note(&mut self, message: Message, ack: Place) {
        self.told.insert((message, ack.source));
    }

    /// The messages that an acknowledgement answers, where its file has not been told to say something of them already: what a
    /// file says first counts, and a set is named before its group is closed. An interchange that is accepted says nothing of
    /// its sets: their own acknowledgement follows.
    pub fn answered_by(&self, ack: &SeenAck) -> Vec<Message> {
        if matches!(ack.answered, Subject::Interchange(_)) && ack.is_accepted {
            return Vec::new();
        }
        let known = self.known.get(&ack.answered).map(Vec::as_slice).unwrap_or_default();
        known
            .iter()
            .filter(|message| !self.told.contains(&((*message).clone(), ack.place.source.clone())))
            .cloned()
            .collect()
    }
}
