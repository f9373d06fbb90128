//! One file of acknowledgements: what it says of interchanges, functional groups and transaction sets of enrollments.

use super::{Ack, Acks, GroupAck, GroupName, SegmentError, SetAck, Verdict, plain_number};
use crate::model::Place;
use crate::wire::x12::ReadError;
use std::io::{self, Read};

/// GS01 of the groups whose acknowledgements are looked for: enrollments.
const ENROLLMENTS: &str = "BE";

/// TA105 of an interchange whose control number had come before.
const INTERCHANGE_AGAIN: &str = "025";

/// AK905 of a functional group whose control number had come before.
const GROUP_AGAIN: &str = "6";

/// What an acknowledgement answers; control numbers without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An interchange, by ISA13.
    Interchange(String),
    /// Every set of a functional group that is not answered by name, by GS06.
    Group(String),
    /// A transaction set, by the group's GS06 and ST02.
    Set {
        /// GS06.
        group: String,
        /// ST02.
        set: String,
    },
}

/// What an acknowledgement says, whoever's message it answers. Copies of bad values are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAck {
    /// What it answers.
    pub answered: Subject,
    /// ISA08 of the acknowledgement: whom it answers, who is the sender of what it answers.
    pub to: String,
    /// Whether that goes on to be processed.
    pub is_accepted: bool,
    /// Whether it is refused because its control number had come before.
    pub is_repetition: bool,
    /// Verdict, codes in words, and the segments at fault.
    pub words: String,
    /// Where it stands.
    pub place: Place,
}

/// What a file of acknowledgements says.
#[derive(Debug, Default)]
pub struct Told {
    /// In the file's order; a set comes before its group.
    pub acks: Vec<SeenAck>,
    /// What was wrong with the file, with its places.
    pub damages: Vec<String>,
}

/// Reads acknowledgements of enrollments; `label` is the file's name in their places. A set is given out with its group's
/// verdict. `may_be_blank`: nothing but blanks is no damage (the rest of a file that was read before). Fails only where the
/// source does.
pub fn read_all(source: impl Read, may_be_blank: bool, label: &str) -> io::Result<Told> {
    let mut acks = Acks::new(source);
    let (mut content, mut sets) = (Told::default(), Vec::new());
    loop {
        match acks.next() {
            Ok(Some(Ack::Interchange(ack))) => {
                let answered = Subject::Interchange(plain_number(&ack.control).to_owned());
                let (is_again, place) = (ack.note == INTERCHANGE_AGAIN, ack.place.to_place(label));
                let said = Said { verdict: ack.verdict(), is_again, words: ack.words() };
                content.acks.extend(said.of(answered, &ack.parties.receiver, place));
            }
            Ok(Some(Ack::Set(group, set))) => sets.push((group, set)),
            Ok(Some(Ack::Group(group))) => take_group(&group, &mut sets, label, &mut content.acks),
            Ok(Some(Ack::Damage(damage))) => content.damages.push(damage.to_string()),
            Ok(None) => break,
            Err(ReadError::Empty) if may_be_blank => break,
            Err(ReadError::Io(e)) => return Err(e),
            Err(refusal) => {
                content.damages.push(refusal.to_string());
                break;
            }
        }
    }
    Ok(content)
}

fn take_group(group: &GroupAck, sets: &mut Vec<(GroupName, SetAck)>, label: &str, acks: &mut Vec<SeenAck>) {
    let own = std::mem::take(sets);
    if group.group.functional_id != ENROLLMENTS {
        return;
    }
    let control = plain_number(&group.group.control).to_owned();
    let to = group.parties.receiver.as_str();
    let is_again = group.errors.iter().any(|code| code == GROUP_AGAIN);
    for (_, set) in own.into_iter().filter(|(name, _)| *name == group.group) {
        let answered = Subject::Set { group: control.clone(), set: plain_number(&set.control).to_owned() };
        let verdict = group.verdict_of(set.verdict());
        let first = if verdict == set.verdict() { set.words() } else { group.words() };
        let words = std::iter::once(first).chain(set.segments.iter().map(SegmentError::words));
        let words = words.collect::<Vec<_>>().join("; ");
        acks.extend(Said { verdict, is_again, words }.of(answered, to, set.place.to_place(label)));
    }
    let unnamed = Said { verdict: group.verdict_of(None), is_again, words: group.words() };
    acks.extend(unnamed.of(Subject::Group(control), to, group.place.to_place(label)));
}

/// What is said of a subject.
struct Said {
    verdict: Option<Verdict>,
    /// Whether its control number had come before.
    is_again: bool,
    words: String,
}

impl Said {
    /// `None` where nothing is said.
    fn of(self, answered: Subject, to: &str, place: Place) -> Option<SeenAck> {
        let (to, is_accepted) = (to.to_owned(), self.verdict?.is_accepted());
        let is_repetition = self.is_again && !is_accepted;
        Some(SeenAck { answered, to, is_accepted, is_repetition, words: self.words, place })
    }
}
