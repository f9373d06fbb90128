//! One file of acknowledgements: what it says of interchanges, functional groups and transaction sets of enrollments.

use super::edi_file::{Content, told};
use super::messages::Answered;
use crate::model::Place;
use crate::wire::ack::{Ack, Acks, GroupAck, GroupName, SegmentError, SetAck, Verdict, plain_number};
use crate::wire::x12::ReadError;
use std::io::{self, Read};

/// GS01 of the groups whose acknowledgements are looked for: enrollments.
const ENROLLMENTS: &str = "BE";

/// TA105 of an interchange whose control number had come before.
const INTERCHANGE_AGAIN: &str = "025";

/// AK905 of a functional group whose control number had come before.
const GROUP_AGAIN: &str = "6";

/// What an acknowledgement says, whoever's message it answers. Copies of bad values are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAck {
    /// What it answers.
    pub answered: Answered,
    /// Whether that goes on to be processed.
    pub is_accepted: bool,
    /// Whether it is refused because its control number had come before.
    pub is_repetition: bool,
    /// Verdict, codes in words, and the segments at fault.
    pub words: String,
    /// Where it stands.
    pub place: Place,
}

/// Reads acknowledgements, where `from` bytes were read and passed over before. A set is given out with its group's verdict.
pub(super) fn read(source: impl Read, from: u64, label: &str) -> io::Result<Content> {
    let mut acks = Acks::new(source);
    let (mut content, mut damages, mut sets) = (Content::default(), Vec::new(), Vec::new());
    loop {
        match acks.next() {
            Ok(Some(Ack::Interchange(ack))) => {
                let answered = Answered::Interchange(plain_number(&ack.control).to_owned());
                let (verdict, words, place) = (ack.verdict(), ack.words(), ack.place.to_place(label));
                let is_again = ack.note == INTERCHANGE_AGAIN;
                content.acks.extend(seen(answered, (verdict, is_again), words, place));
            }
            Ok(Some(Ack::Set(group, set))) => sets.push((group, set)),
            Ok(Some(Ack::Group(group))) => take_group(&group, &mut sets, label, &mut content.acks),
            Ok(Some(Ack::Damage(damage))) => damages.push(damage.to_string()),
            Ok(None) => break,
            // The beginning was read before, and nothing was added but blanks.
            Err(ReadError::Empty) if from > 0 => break,
            Err(ReadError::Io(e)) => return Err(e),
            Err(refusal) => {
                damages.push(refusal.to_string());
                break;
            }
        }
    }
    content.damage = told(&damages);
    Ok(content)
}

fn take_group(group: &GroupAck, sets: &mut Vec<(GroupName, SetAck)>, label: &str, acks: &mut Vec<SeenAck>) {
    let own = std::mem::take(sets);
    if group.group.functional_id != ENROLLMENTS {
        return;
    }
    let control = plain_number(&group.group.control).to_owned();
    let is_again = group.errors.iter().any(|code| code == GROUP_AGAIN);
    for (_, set) in own.into_iter().filter(|(name, _)| *name == group.group) {
        let answered = Answered::Set { group: control.clone(), set: plain_number(&set.control).to_owned() };
        let verdict = group.verdict_of(set.verdict());
        let first = if verdict == set.verdict() { set.words() } else { group.words() };
        let words = std::iter::once(first).chain(set.segments.iter().map(SegmentError::words));
        let words = words.collect::<Vec<_>>().join("; ");
        acks.extend(seen(answered, (verdict, is_again), words, set.place.to_place(label)));
    }
    let unnamed = group.verdict_of(None);
    let place = group.place.to_place(label);
    acks.extend(seen(Answered::Group(control), (unnamed, is_again), group.words(), place));
}

/// `None` where nothing is said.
fn seen(
    answered: Answered,
    (verdict, is_again): (Option<Verdict>, bool),
    words: String,
    place: Place,
) -> Option<SeenAck> {
    let is_accepted = verdict?.is_accepted();
    Some(SeenAck { answered, is_accepted, is_repetition: is_again && !is_accepted, words, place })
}
