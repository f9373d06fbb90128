//! The answer as it is made, segment by segment.

use super::given::{Answer, GroupAnswer, InterchangeAnswer, Objection};
use super::{content, header, numbers::ReceivedNumbers};
use crate::wire::ack::{GroupAck, GroupName, InterchangeAck, Parties, SegmentError, SetAck, plain_number};
use crate::wire::x12::{Audit, Damage, DamageKind, PlacedSegment, ReadError, Segments, Step, decode, number};
use std::collections::HashSet;
use std::io::Read;

/// Reads a file and answers it. `received` knows the control numbers of earlier files and learns those of this one;
/// `object` is asked at every segment, control segments among them. Fails where the source does, or is no X12 file.
pub fn answer(
    source: impl Read,
    received: &mut ReceivedNumbers,
    object: &mut dyn FnMut(&PlacedSegment<'_>) -> Vec<Objection>,
) -> Result<Answer, ReadError> {
    make(source, received, true, object)
}

/// The same for a receiver who checks the envelopes and leaves the content of sets to whoever loads them.
pub fn answer_envelopes(
    source: impl Read,
    received: &mut ReceivedNumbers,
    object: &mut dyn FnMut(&PlacedSegment<'_>) -> Vec<Objection>,
) -> Result<Answer, ReadError> {
    make(source, received, false, object)
}

fn make(
    source: impl Read,
    received: &mut ReceivedNumbers,
    checks_content: bool,
    object: &mut dyn FnMut(&PlacedSegment<'_>) -> Vec<Objection>,
) -> Result<Answer, ReadError> {
    let mut segments = Segments::new(source);
    let mut audit = Audit::default();
    let answer = Answer::default();
    let mut making = Making { received, checks_content, answer, interchange: None, group: None, set: None };
    while let Some(step) = segments.next()? {
        making.damages(audit.take(&step));
        if let Step::Segment(found) = step {
            making.segment(&found);
            making.object(object(&found));
            making.close(found.segment.id());
        }
    }
    making.damages(audit.end(segments.place().offset));
    making.close_interchange();
    Ok(making.answer)
}

/// A functional group being answered.
#[derive(Debug, Default)]
struct OpenGroup {
    answer: GroupAnswer,
    /// ST02 of its sets.
    controls: HashSet<String>,
    accepted: u32,
    has_notes: bool,
}

/// A set being answered.
#[derive(Debug, Default)]
struct OpenSet {
    ack: SetAck,
    is_rejected: bool,
}

struct Making<'a> {
    received: &'a mut ReceivedNumbers,
    checks_content: bool,
    answer: Answer,
    interchange: Option<InterchangeAnswer>,
    group: Option<OpenGroup>,
    set: Option<OpenSet>,
}

impl Making<'_> {
    fn segment(&mut self, found: &PlacedSegment<'_>) {
        match found.segment.id() {
            b"ISA" => self.open_interchange(found),
            b"GS" => self.open_group(found),
            b"ST" => self.open_set(found),
            b"GE" => self.note_included(found),
            _ => {}
        }
        let is_checked = self.checks_content && self.set.as_ref().is_some_and(|set| set.ack.kind == "834");
        if let Some(fault) = is_checked.then(|| content::fault(found)).flatten() {
            self.reject_segment(fault);
        }
    }

    fn close(&mut self, id: &[u8]) {
        match id {
            b"SE" => self.close_set(),
            b"GE" => self.close_group(),
            b"IEA" => self.close_interchange(),
            _ => {}
        }
    }

    fn open_interchange(&mut self, found: &PlacedSegment<'_>) {
        self.close_interchange();
        let isa = found.segment;
        let text = |at: usize| decode(isa.element(at).trim_ascii()).into_owned();
        let parties = Parties { sender: text(8), receiver: text(6), ..Parties::default() };
        let is_new = self.received.interchange(&parties.receiver, &text(13));
        let note = header::note(isa).or((!is_new).then_some("025"));
        let ack = InterchangeAck {
            control: text(13),
            date: text(9),
            time: text(10),
            code: if note.is_some() { "R" } else { "A" }.to_owned(),
            note: note.unwrap_or("000").to_owned(),
            parties,
            place: found.place.to_location(),
        };
        let (is_requested, is_production) = (isa.element(14) == b"1", isa.element(15) == b"P");
        self.interchange = Some(InterchangeAnswer { ack, is_requested, is_production, groups: Vec::new() });
    }

    fn open_group(&mut self, found: &PlacedSegment<'_>) {
        self.close_group();
        let (Some(interchange), Some(at)) = (&self.interchange, found.place.group()) else { return };
        // Acknowledgements are not acknowledged.
        if at.kind == "FA" {
            return;
        }
        let text = |at: usize| decode(found.segment.element(at).trim_ascii()).into_owned();
        let parties = Parties { group_sender: text(3), group_receiver: text(2), ..interchange.ack.parties.clone() };
        let group =
            GroupName { functional_id: at.kind.clone(), control: at.control.clone(), version: at.version.clone() };
        let mut errors = Vec::new();
        if !self.received.group(&parties.receiver, &at.kind, &at.control) {
            errors.push("6".to_owned());
        }
        let ack = GroupAck { group, errors, parties, place: found.place.to_location(), ..GroupAck::default() };
        self.group = Some(OpenGroup { answer: GroupAnswer { ack, sets: Vec::new() }, ..OpenGroup::default() });
    }

    fn open_set(&mut self, found: &PlacedSegment<'_>) {
        self.close_set();
        let (Some(group), Some(at)) = (&mut self.group, found.place.set()) else { return };
        let (kind, control, guide) = (at.kind.clone(), at.control.clone(), at.guide.clone());
        let is_new = group.controls.insert(plain_number(&control).to_owned());
        let checks = [(kind.is_empty(), "6"), (control.is_empty(), "7"), (!is_new, "23")];
        let errors: Vec<_> =
            checks.iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, code)| (*code).to_owned()).collect();
        let is_rejected = !errors.is_empty();
        let ack = SetAck { kind, control, guide, errors, place: found.place.to_location(), ..SetAck::default() };
        self.set = Some(OpenSet { ack, is_rejected });
    }

    fn note_included(&mut self, found: &PlacedSegment<'_>) {
        if let Some(group) = &mut self.group {
            group.answer.ack.included = number(found.segment.element(1).trim_ascii());
        }
    }

    /// What is wrong with the envelopes, told by the code for it, innermost first.
    fn damages(&mut self, damages: Vec<Damage>) {
        for Damage { kind, .. } in damages {
            match kind {
                DamageKind::MissingTrailer { trailer, .. } | DamageKind::EndsInside { trailer } => {
                    self.reject_envelope(trailer, "2", "3", "023");
                    // What has no trailer ends where something else begins.
                    self.close(trailer.as_bytes());
                }
                DamageKind::Count { trailer, .. } => self.reject_envelope(trailer, "4", "5", "021"),
                DamageKind::ControlNumber { trailer, .. } => self.reject_envelope(trailer, "3", "4", "001"),
                // Told by the numbers that were received, of this file and of earlier ones.
                DamageKind::Repeated { .. } => {}
                _ if self.set.is_some() => self.reject_set("5"),
                DamageKind::StraySegment { .. } => self.reject_interchange("022"),
                DamageKind::SegmentTooLong { .. } => self.reject_interchange("024"),
                // Between interchanges: nobody's to answer.
                _ => {}
            }
        }
    }

    fn reject_envelope(&mut self, trailer: &str, set: &str, group: &str, interchange: &str) {
        match trailer {
            "SE" => self.reject_set(set),
            "GE" => self.reject_group(group),
            _ => self.reject_interchange(interchange),
        }
    }

    fn object(&mut self, objections: Vec<Objection>) {
        for objection in objections {
            match objection {
                Objection::Segment(error) => self.reject_segment(error),
                Objection::Note(error) => {
                    if let Some(set) = &mut self.set {
                        set.ack.segments.push(error);
                    }
                }
                Objection::Set(code) => self.reject_set(&code),
                Objection::Group(code) => self.reject_group(&code),
                Objection::Interchange(note) => self.reject_interchange(&note),
            }
        }
    }

    fn reject_segment(&mut self, error: SegmentError) {
        if let Some(set) = &mut self.set {
            set.ack.segments.push(error);
        }
        self.reject_set("5");
    }

    fn reject_set(&mut self, code: &str) {
        if let Some(set) = &mut self.set {
            set.is_rejected = true;
            add(&mut set.ack.errors, code);
        }
    }

    fn reject_group(&mut self, code: &str) {
        if let Some(group) = &mut self.group {
            add(&mut group.answer.ack.errors, code);
        }
    }

    /// The first reason is told: a TA1 has room for one.
    fn reject_interchange(&mut self, note: &str) {
        let Some(interchange) = &mut self.interchange else { return };
        if interchange.ack.note == "000" {
            "R".clone_into(&mut interchange.ack.code);
            note.clone_into(&mut interchange.ack.note);
        }
    }

    fn close_set(&mut self) {
        let (Some(OpenSet { mut ack, is_rejected }), Some(group)) = (self.set.take(), &mut self.group) else { return };
        let has_notes = !ack.segments.is_empty();
        let code = match (is_rejected, has_notes) {
            (true, _) => "R",
            (false, true) => "E",
            (false, false) => "A",
        };
        code.clone_into(&mut ack.code);
        if has_notes && !is_rejected {
            add(&mut ack.errors, "5");
        }
        group.accepted += u32::from(!is_rejected);
        group.has_notes |= has_notes && !is_rejected;
        group.answer.sets.push(ack);
    }

    fn close_group(&mut self) {
        self.close_set();
        let (Some(group), Some(interchange)) = (self.group.take(), &mut self.interchange) else { return };
        let OpenGroup { mut answer, accepted, has_notes, .. } = group;
        let received = u32::try_from(answer.sets.len()).unwrap_or(u32::MAX);
        let ack = &mut answer.ack;
        ack.named_accepted = accepted;
        let accepted = if ack.errors.is_empty() { accepted } else { 0 };
        let code = match accepted {
            _ if !ack.errors.is_empty() => "R",
            0 if received > 0 => "R",
            some if some < received => "P",
            _ if has_notes => "E",
            _ => "A",
        };
        code.clone_into(&mut ack.code);
        ack.included = ack.included.or(Some(received));
        (ack.received, ack.accepted, ack.named) = (Some(received), Some(accepted), received);
        interchange.groups.push(answer);
    }

    fn close_interchange(&mut self) {
        self.close_group();
        let Some(mut interchange) = self.interchange.take() else { return };
        // No 999 follows a TA1 that rejects.
        if !interchange.is_accepted() {
            interchange.groups.clear();
        }
        self.answer.interchanges.push(interchange);
    }
}

/// Five codes have room, each once.
fn add(errors: &mut Vec<String>, code: &str) {
    if errors.len() < 5 && !errors.iter().any(|known| known == code) {
        errors.push(code.to_owned());
    }
}
