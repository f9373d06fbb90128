//! What an acknowledgement says.

use super::codes::{CodeList, Verdict};
use crate::model::Evidence;
use crate::wire::x12::Location;
use std::fmt::Write as _;

/// Who acknowledges to whom, from the envelopes of the acknowledgement itself: the sides are the other way round in what is
/// acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parties {
    /// ISA06 of the acknowledgement: who received what is acknowledged.
    pub sender: String,
    /// ISA08 of the acknowledgement: who sent what is acknowledged.
    pub receiver: String,
    /// GS02 of the acknowledgement; empty for a TA1.
    pub group_sender: String,
    /// GS03 of the acknowledgement; empty for a TA1.
    pub group_receiver: String,
}

/// TA1: what became of an interchange.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InterchangeAck {
    /// TA101: ISA13 of the interchange.
    pub control: String,
    /// TA102: its ISA09, YYMMDD.
    pub date: String,
    /// TA103: its ISA10, HHMM.
    pub time: String,
    /// TA104.
    pub code: String,
    /// TA105.
    pub note: String,
    /// Who acknowledges to whom.
    pub parties: Parties,
    /// Where it stands in its file.
    pub place: Location,
}

/// Which transaction set acknowledges a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AckForm {
    /// 999: syntax, and the implementation guide.
    #[default]
    Implementation999,
    /// 997: syntax alone.
    Functional997,
}

/// The functional group that is acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupName {
    /// AK101: its GS01, such as `BE`.
    pub functional_id: String,
    /// AK102: its GS06.
    pub control: String,
    /// AK103: its GS08; empty in a 997.
    pub version: String,
}

/// AK9, and the sets that were answered under its AK1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupAck {
    /// 999 or 997.
    pub form: AckForm,
    /// AK1.
    pub group: GroupName,
    /// AK901.
    pub code: String,
    /// AK902: the count of the group's own trailer.
    pub included: Option<u32>,
    /// AK903: how many the receiver counted.
    pub received: Option<u32>,
    /// AK904.
    pub accepted: Option<u32>,
    /// AK905 to AK909.
    pub errors: Vec<String>,
    /// How many sets were answered by name.
    pub named: u32,
    /// How many of these were accepted, as far as it is said of themselves.
    pub named_accepted: u32,
    /// Who acknowledges to whom.
    pub parties: Parties,
    /// Where AK9 stands in its file.
    pub place: Location,
}

/// AK2 to IK5 (AK5 in a 997): what became of one transaction set. Its group's [`GroupAck`] follows it, and may reject the whole group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetAck {
    /// AK201: its ST01.
    pub kind: String,
    /// AK202: its ST02.
    pub control: String,
    /// AK203: its ST03; empty in a 997.
    pub guide: String,
    /// IK501; empty where the acknowledgement breaks off before it.
    pub code: String,
    /// IK502 to IK506.
    pub errors: Vec<String>,
    /// The first hundred segments in error.
    pub segments: Vec<SegmentError>,
    /// How many segments in error there are beyond these.
    pub more_segments: u32,
    /// Where AK2 stands in its file.
    pub place: Location,
}

/// IK3 (AK3 in a 997): a segment in error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SegmentError {
    /// IK301.
    pub segment: String,
    /// IK302: its number in the set, ST being 1.
    pub position: Option<u32>,
    /// IK303: the loop.
    pub loop_id: String,
    /// IK304.
    pub code: String,
    /// CTX: what made it an error, and whom it concerns, as written.
    pub context: Vec<String>,
    /// The first hundred elements in error.
    pub elements: Vec<ElementError>,
}

/// IK4 (AK4 in a 997): an element in error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ElementError {
    /// IK401-1: its number in the segment.
    pub position: Option<u32>,
    /// IK401-2: the component's number in it.
    pub component: Option<u32>,
    /// IK401-3: the repetition's number.
    pub repetition: Option<u32>,
    /// IK402: X12's number for the element.
    pub data_element: String,
    /// IK403.
    pub code: String,
    /// IK404: a copy of it. May hold personal data.
    pub bad_value: String,
    /// CTX, as written.
    pub context: Vec<String>,
}

impl InterchangeAck {
    /// Whether the interchange was accepted; `None` where TA104 is no code for that. Where it was rejected, no 999 follows.
    pub fn verdict(&self) -> Option<Verdict> {
        Verdict::of(&self.code)
    }

    /// The note in words, such as `TA1 rejected: control number has been used before (ISA13) [025]`.
    pub fn words(&self) -> String {
        let (verdict, note) = (CodeList::Verdict.words(&self.code), CodeList::InterchangeNote.words(&self.note));
        format!("TA1 {verdict}: {note} [{}]", Evidence::code(&self.note))
    }
}

impl GroupAck {
    /// Whether the group was accepted; `None` where AK901 is no code for that.
    pub fn verdict(&self) -> Option<Verdict> {
        Verdict::of(&self.code)
    }

    /// What becomes of a set of this group, given its own verdict or that it was not named. A rejected group rejects every
    /// set, an accepted one accepts what it does not name; of one that was accepted in part the counts may say it.
    pub fn verdict_of(&self, set: Option<Verdict>) -> Option<Verdict> {
        match (self.verdict(), set) {
            (Some(Verdict::Rejected), Some(_)) => Some(Verdict::Rejected),
            (_, Some(own)) => Some(own),
            (Some(Verdict::Rejected), None) => (!self.speaks_of_named_only()).then_some(Verdict::Rejected),
            (Some(Verdict::AcceptedInPart), None) => self.accepts_the_unnamed().then_some(Verdict::Accepted),
            (whole, None) => whole,
        }
    }

    /// Whether every set that it counts is named, and nothing is wrong with the group itself: some receivers answer each set
    /// of a group in an acknowledgement of its own, and what that says of one set is not said of the others.
    fn speaks_of_named_only(&self) -> bool {
        let counted = self.included.max(self.received);
        self.errors.is_empty() && self.named > 0 && counted.is_some_and(|counted| counted <= self.named)
    }

    /// Whether more sets were accepted than are named so, and that leaves none that was not: accepted sets need not be named
    /// (005010X231A1, loop 2000).
    fn accepts_the_unnamed(&self) -> bool {
        let (Some(received), Some(accepted)) = (self.received, self.accepted) else { return false };
        let unnamed = received.saturating_sub(self.named);
        unnamed > 0 && accepted.checked_sub(self.named_accepted) == Some(unnamed)
    }

    /// Verdict and errors in words.
    pub fn words(&self) -> String {
        with_errors("functional group", &self.code, &self.errors, CodeList::GroupError)
    }
}

impl SetAck {
    /// Whether the set was accepted, as far as it is said of itself.
    pub fn verdict(&self) -> Option<Verdict> {
        Verdict::of(&self.code)
    }

    /// Verdict and errors in words.
    pub fn words(&self) -> String {
        with_errors("transaction set", &self.code, &self.errors, CodeList::SetError)
    }
}

fn with_errors(what: &str, code: &str, errors: &[String], list: CodeList) -> String {
    let mut words = format!("{what} {}", CodeList::Verdict.words(code));
    for (number, error) in errors.iter().enumerate() {
        let mark = if number == 0 { ": " } else { "; " };
        // Writing to a string does not fail.
        let _ = write!(words, "{mark}{} [{}]", list.words(error), Evidence::code(error));
    }
    words
}

impl SegmentError {
    /// The segment, its place and what is wrong with it, without the values of its elements: such as
    /// `segment 22 (CLM): segment has errors in its elements [8]; element 2 (782): required element is missing [1]`.
    pub fn words(&self) -> String {
        let position = self.position.map_or_else(String::new, |number| format!("{number} "));
        let within =
            if self.loop_id.is_empty() { String::new() } else { format!(" in loop {}", Evidence::code(&self.loop_id)) };
        let mut words = format!("segment {position}({}){within}", Evidence::code(&self.segment));
        if !self.code.is_empty() {
            let _ = write!(words, ": {} [{}]", CodeList::SegmentError.words(&self.code), Evidence::code(&self.code));
        }
        for element in &self.elements {
            let _ = write!(words, "; {}", element.words());
        }
        words
    }
}

impl ElementError {
    /// The element's place and what is wrong with it, without its value.
    pub fn words(&self) -> String {
        let position = self.position.map_or_else(|| "?".to_owned(), |number| number.to_string());
        let component = self.component.map_or_else(String::new, |number| format!("-{number}"));
        let known = if self.data_element.is_empty() {
            String::new()
        } else {
            format!(" ({})", Evidence::code(&self.data_element))
        };
        let words = CodeList::ElementError.words(&self.code);
        format!("element {position}{component}{known}: {words} [{}]", Evidence::code(&self.code))
    }
}

/// A control number as it is compared: without blanks and leading zeros, which some senders pad with and some do not.
pub fn plain_number(control: &str) -> &str {
    let bare = control.trim().trim_start_matches('0');
    if bare.is_empty() { control.trim().get(..1).unwrap_or_default() } else { bare }
}

#[cfg(test)]
mod tests {
    use super::{GroupAck, Verdict};

    /// AK9 with its code and counts, after sets answered by name.
    fn group(code: &str, [received, accepted]: [u32; 2], [named, named_accepted]: [u32; 2]) -> GroupAck {
        let (included, received, accepted) = (Some(received), Some(received), Some(accepted));
        GroupAck { code: code.to_owned(), included, received, accepted, named, named_accepted, ..GroupAck::default() }
    }

    #[test]
    fn what_a_group_says_of_a_set_that_it_does_not_name() {
        let accepted = Some(Verdict::Accepted);
        let rejected = Some(Verdict::Rejected);
        let cases = [
            (group("A", [3, 3], [0, 0]), accepted),
            (group("E", [3, 3], [1, 1]), Some(Verdict::AcceptedWithErrors)),
            (group("R", [3, 0], [0, 0]), rejected),
            (group("R", [3, 0], [1, 0]), rejected),
            // one acknowledgement for each set
            (group("R", [1, 0], [1, 0]), None),
            (GroupAck { errors: vec!["6".to_owned()], ..group("R", [1, 0], [1, 0]) }, rejected),
            (GroupAck { code: "R".to_owned(), ..GroupAck::default() }, rejected),
            // only what was refused is named: the counts tell the rest
            (group("P", [6, 5], [1, 0]), accepted),
            (group("P", [6, 5], [2, 1]), accepted),
            (group("P", [6, 4], [1, 0]), None),
            (group("P", [6, 1], [2, 1]), None),
            (group("P", [6, 5], [6, 5]), None),
            (GroupAck { code: "P".to_owned(), ..GroupAck::default() }, None),
            (group("?", [3, 3], [0, 0]), None),
        ];
        for (group, expected) in cases {
            assert_eq!(group.verdict_of(None), expected, "{group:?}");
        }
    }

    #[test]
    fn a_rejected_group_rejects_what_it_names_too() {
        let rejected = group("R", [1, 0], [1, 0]);
        assert_eq!(rejected.verdict_of(Some(Verdict::Accepted)), Some(Verdict::Rejected));
        let in_part = group("P", [2, 1], [2, 1]);
        assert_eq!(in_part.verdict_of(Some(Verdict::Accepted)), Some(Verdict::Accepted));
        let unknown = GroupAck::default();
        assert_eq!(unknown.verdict_of(Some(Verdict::Accepted)), Some(Verdict::Accepted));
    }
}
