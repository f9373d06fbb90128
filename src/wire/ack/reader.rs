//! Reads a file of acknowledgements as a stream, in constant memory.

use super::codes::CodeList;
use super::damage::{AckDamage, AckDamageKind};
use super::record::{AckForm, ElementError, GroupAck, GroupName, InterchangeAck, Parties, SegmentError, SetAck};
use crate::model::Evidence;
use crate::wire::x12::{
    Audit, Delimiters, Location, PlacedSegment, ReadError, Segment, Segments, Step, decode, number,
};
use std::collections::VecDeque;
use std::io::Read;

/// Errors kept of a set, and of a segment; a text is kept up to [`TEXT_KEPT`] characters.
const KEPT: usize = 100;
/// Longer than any element of an acknowledgement may be (IK404: 99).
const TEXT_KEPT: usize = 200;

/// What the reader gives out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ack {
    /// A TA1.
    Interchange(InterchangeAck),
    /// A set that was answered, with the group it belongs to. What it says holds unless the group that follows is rejected.
    Set(GroupName, SetAck),
    /// A group that was answered, after its sets.
    Group(GroupAck),
    /// Something wrong; reading goes on after it.
    Damage(AckDamage),
}

/// Reads acknowledgements from a file of interchanges; what else the file holds is passed over.
#[derive(Debug)]
pub struct Acks<R> {
    segments: Segments<R>,
    reading: Reading,
    is_ended: bool,
}

impl<R: Read> Acks<R> {
    /// A reader at the beginning of a file.
    pub fn new(source: R) -> Self {
        Self { segments: Segments::new(source), reading: Reading::default(), is_ended: false }
    }

    /// The next acknowledgement or damage; `None` at the end of the file. An error ends the file: the source failed, or it
    /// holds no interchange.
    #[expect(clippy::should_implement_trait, reason = "it fails, as every reader here does")]
    pub fn next(&mut self) -> Result<Option<Ack>, ReadError> {
        loop {
            if let Some(found) = self.reading.found.pop_front() {
                return Ok(Some(found));
            }
            if self.is_ended {
                return Ok(None);
            }
            match self.segments.next() {
                Ok(Some(step)) => self.reading.take(&step),
                Ok(None) => {
                    self.is_ended = true;
                    let at = self.segments.place().to_location();
                    self.reading.end(&at);
                }
                Err(error) => {
                    self.is_ended = true;
                    return Err(error);
                }
            }
        }
    }
}

/// What has been read and not been given out.
#[derive(Debug, Default)]
struct Reading {
    audit: Audit,
    parties: Parties,
    form: Option<AckForm>,
    group: Option<OpenGroup>,
    set: Option<SetAck>,
    /// What stood outside its loop since the last verdict: what repeats is told once.
    told: Option<String>,
    found: VecDeque<Ack>,
}

#[derive(Debug)]
struct OpenGroup {
    name: GroupName,
    named: u32,
    accepted: u32,
}

impl Reading {
    fn take(&mut self, step: &Step<'_>) {
        let damages = self.audit.take(step);
        self.found.extend(damages.into_iter().map(|damage| Ack::Damage(damage.into())));
        if let Step::Segment(found) = step {
            self.segment(found);
        }
    }

    fn end(&mut self, at: &Location) {
        self.break_off("the end of the file", at);
        let damages = self.audit.end(at.offset);
        self.found.extend(damages.into_iter().map(|damage| Ack::Damage(damage.into())));
    }

    fn segment(&mut self, found: &PlacedSegment<'_>) {
        let segment = found.segment;
        match (segment.id(), self.form) {
            (b"ISA", _) => {
                self.leave_set(found);
                let (sender, receiver) = (text(segment.element(6)), text(segment.element(8)));
                self.parties = Parties { sender, receiver, ..Parties::default() };
            }
            (b"GS", _) => {
                self.leave_set(found);
                self.parties.group_sender = text(segment.element(2));
                self.parties.group_receiver = text(segment.element(3));
            }
            (b"TA1", _) => self.interchange(found),
            (b"ST", _) => self.open_set(found),
            (b"SE" | b"GE" | b"IEA", _) => self.leave_set(found),
            (_, Some(form)) => self.content(form, found),
            _ => {}
        }
    }

    fn interchange(&mut self, found: &PlacedSegment<'_>) {
        let [_, control, date, time, code, note] = found.segment.elements().map(text);
        let parties = Parties { group_sender: String::new(), group_receiver: String::new(), ..self.parties.clone() };
        let place = found.place.to_location();
        self.check_code("TA104", CodeList::Verdict, &code, &place);
        self.check_code("TA105", CodeList::InterchangeNote, &note, &place);
        self.found.push_back(Ack::Interchange(InterchangeAck { control, date, time, code, note, parties, place }));
    }

    fn open_set(&mut self, found: &PlacedSegment<'_>) {
        self.leave_set(found);
        self.form = match found.segment.element(1).trim_ascii() {
            b"999" => Some(AckForm::Implementation999),
            b"997" => Some(AckForm::Functional997),
            _ => None,
        };
    }

    fn leave_set(&mut self, found: &PlacedSegment<'_>) {
        if self.form.take().is_some() {
            self.break_off(&decode(found.segment.id()), &found.place.to_location());
        }
    }

    fn content(&mut self, form: AckForm, found: &PlacedSegment<'_>) {
        if matches!(found.segment.id(), b"AK1" | b"AK2" | b"IK5" | b"AK5" | b"AK9") {
            self.told = None;
        }
        match found.segment.id() {
            b"AK1" => self.open_group(found),
            b"AK2" => self.open_answer(found),
            b"IK3" | b"AK3" => self.segment_error(found),
            b"IK4" | b"AK4" => self.element_error(found),
            b"CTX" => self.context(found),
            b"IK5" | b"AK5" => self.close_answer(form, found),
            b"AK9" => self.close_group(form, found),
            _ => self.out_of_place(found, "the segments of an acknowledgement"),
        }
    }

    fn open_group(&mut self, found: &PlacedSegment<'_>) {
        self.break_off("AK1", &found.place.to_location());
        let [_, functional_id, control, version] = found.segment.elements().map(text);
        self.group = Some(OpenGroup { name: GroupName { functional_id, control, version }, named: 0, accepted: 0 });
    }

    fn open_answer(&mut self, found: &PlacedSegment<'_>) {
        self.break_off_set("AK2", &found.place.to_location());
        let Some(group) = &mut self.group else {
            return self.out_of_place(found, "an acknowledged group (AK1 to AK9)");
        };
        group.named = group.named.saturating_add(1);
        let [_, kind, control, guide] = found.segment.elements().map(text);
        self.set = Some(SetAck { kind, control, guide, place: found.place.to_location(), ..SetAck::default() });
    }

    fn segment_error(&mut self, found: &PlacedSegment<'_>) {
        let Some(set) = &mut self.set else { return self.out_of_place(found, ANSWER) };
        if set.segments.len() >= KEPT {
            set.more_segments = set.more_segments.saturating_add(1);
            return;
        }
        let [_, segment, position, loop_id, code] = found.segment.elements::<5>();
        set.segments.push(SegmentError {
            segment: text(segment),
            position: number(position.trim_ascii()),
            loop_id: text(loop_id),
            code: text(code),
            ..SegmentError::default()
        });
        let code = text(code);
        if !code.is_empty() {
            self.check_code("IK304", CodeList::SegmentError, &code, &found.place.to_location());
        }
    }

    fn element_error(&mut self, found: &PlacedSegment<'_>) {
        let Some(set) = &mut self.set else { return self.out_of_place(found, ANSWER) };
        // Of a segment that is not kept, its elements are not kept either.
        if set.more_segments > 0 {
            return;
        }
        let Some(segment) = set.segments.last_mut() else {
            return self.out_of_place(found, "a segment in error (IK3)");
        };
        if segment.elements.len() < KEPT {
            segment.elements.push(element_error(found.segment, found.delimiters));
        }
        let code = text(found.segment.element(3));
        self.check_code("IK403", CodeList::ElementError, &code, &found.place.to_location());
    }

    fn context(&mut self, found: &PlacedSegment<'_>) {
        let Some(set) = &mut self.set else { return self.out_of_place(found, ANSWER) };
        let Some(segment) = set.segments.last_mut() else {
            return self.out_of_place(found, "a segment in error (IK3)");
        };
        let context = match segment.elements.last_mut() {
            Some(element) => &mut element.context,
            None => &mut segment.context,
        };
        if set.more_segments == 0 && context.len() < KEPT {
            context.push(in_usual_separators(found));
        }
    }

    fn close_answer(&mut self, form: AckForm, found: &PlacedSegment<'_>) {
        let (Some(mut set), Some(group)) = (self.set.take(), &mut self.group) else {
            return self.out_of_place(found, ANSWER);
        };
        let [_, code, errors @ ..] = found.segment.elements::<7>();
        set.code = text(code);
        set.errors = errors.into_iter().map(text).filter(|code| !code.is_empty()).collect();
        let is_accepted = set.verdict().is_some_and(super::codes::Verdict::is_accepted);
        group.accepted = group.accepted.saturating_add(u32::from(is_accepted));
        let name = group.name.clone();
        let element = if form == AckForm::Implementation999 { "IK501" } else { "AK501" };
        self.check_code(element, CodeList::Verdict, &set.code, &found.place.to_location());
        self.found.push_back(Ack::Set(name, set));
    }

    fn close_group(&mut self, form: AckForm, found: &PlacedSegment<'_>) {
        let place = found.place.to_location();
        self.break_off_set("AK9", &place);
        let Some(OpenGroup { name, named, accepted }) = self.group.take() else {
            return self.out_of_place(found, "an acknowledged group (AK1 to AK9)");
        };
        let [_, code, said_included, said_received, said_accepted, errors @ ..] = found.segment.elements::<10>();
        let group = GroupAck {
            form,
            group: name,
            code: text(code),
            included: number(said_included.trim_ascii()),
            received: number(said_received.trim_ascii()),
            accepted: number(said_accepted.trim_ascii()),
            errors: errors.into_iter().map(text).filter(|code| !code.is_empty()).collect(),
            named,
            named_accepted: accepted,
            parties: self.parties.clone(),
            place: place.clone(),
        };
        self.check_code("AK901", CodeList::Verdict, &group.code, &place);
        self.check_counts(&group);
        self.found.push_back(Ack::Group(group));
    }

    /// No more sets are named than were received; where all are, the accepted ones are those that are named so. Sets that
    /// are accepted need not be named.
    fn check_counts(&mut self, group: &GroupAck) {
        let accepted = group.named_accepted;
        if let Some(said) = group.received.filter(|said| *said < group.named) {
            self.damage(AckDamageKind::Count { element: "AK903", said, counted: group.named }, &group.place);
        }
        let all_named = group.received == Some(group.named) && group.verdict() != Some(super::Verdict::Rejected);
        if let Some(said) = group.accepted.filter(|said| all_named && *said != accepted) {
            self.damage(AckDamageKind::Count { element: "AK904", said, counted: accepted }, &group.place);
        }
    }

    /// Says what has no verdict, before something that comes after the verdict should have.
    fn break_off(&mut self, found: &str, at: &Location) {
        self.break_off_set(found, at);
        if let Some(group) = self.group.take() {
            let what = format!("functional group `{}`", Evidence::code(&group.name.control));
            self.damage(AckDamageKind::NoVerdict { what, trailer: "AK9", found: Evidence::code(found) }, at);
        }
    }

    fn break_off_set(&mut self, found: &str, at: &Location) {
        if let Some(set) = self.set.take() {
            let what = format!("transaction set `{}`", Evidence::code(&set.control));
            self.damage(AckDamageKind::NoVerdict { what, trailer: "IK5", found: Evidence::code(found) }, at);
        }
    }

    fn out_of_place(&mut self, found: &PlacedSegment<'_>, belongs_in: &'static str) {
        let id = text(found.segment.id());
        if self.told.replace(id.clone()).as_ref() != Some(&id) {
            let id = Evidence::code(&id);
            self.damage(AckDamageKind::OutOfPlace { id, belongs_in }, &found.place.to_location());
        }
    }

    fn check_code(&mut self, element: &'static str, list: CodeList, code: &str, at: &Location) {
        if !list.holds(code) {
            self.damage(AckDamageKind::UnknownCode { element, code: Evidence::code(code) }, at);
        }
    }

    fn damage(&mut self, kind: AckDamageKind, at: &Location) {
        self.found.push_back(Ack::Damage(AckDamage { kind, at: at.clone() }));
    }
}

const ANSWER: &str = "an acknowledged transaction set (AK2 to IK5)";

fn element_error(segment: Segment<'_>, delimiters: Delimiters) -> ElementError {
    let [_, position, data_element, code, bad_value] = segment.elements();
    let mut parts = delimiters.components(position).map(|part| number(part.trim_ascii()));
    ElementError {
        position: parts.next().flatten(),
        component: parts.next().flatten(),
        repetition: parts.next().flatten(),
        data_element: text(data_element),
        code: text(code),
        bad_value: text(bad_value),
        context: Vec::new(),
    }
}

/// The elements parted by `*` and their components by `:`, whatever the file uses.
fn in_usual_separators(found: &PlacedSegment<'_>) -> String {
    let element = |bytes| found.delimiters.components(bytes).map(text).collect::<Vec<_>>().join(":");
    let whole = found.segment.split().skip(1).take(KEPT).map(element).collect::<Vec<_>>().join("*");
    whole.chars().take(TEXT_KEPT).collect()
}

fn text(element: &[u8]) -> String {
    decode(element.trim_ascii()).chars().take(TEXT_KEPT).collect()
}
