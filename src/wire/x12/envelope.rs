//! Interchange, functional group and transaction set: opened, counted, closed, and checked against their trailers.

use super::FileReport;
use super::damage::{Damage, DamageKind, Location};
use super::seen::Seen;
use super::segment::Segment;
use super::text::{decode, number};
use crate::model::Evidence;
use std::collections::HashMap;

/// Senders whose numbers are remembered.
const SENDERS: usize = 64;

/// How deep in the envelopes the reader stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Between interchanges.
    #[default]
    Outside,
    /// After ISA or GE.
    Interchange,
    /// After GS or SE.
    Group,
    /// After ST.
    Set,
}

/// What a control segment did to the transaction set that was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    None,
    /// A set begins.
    Opened,
    /// A set ended and its trailer agrees.
    Sound,
    /// A set ended badly.
    Damaged,
}

/// What a trailer says.
struct Trailer<'a> {
    id: &'static str,
    count: &'a [u8],
    control: &'a [u8],
    offset: u64,
}

impl<'a> Trailer<'a> {
    fn new(id: &'static str, segment: Segment<'a>, offset: u64) -> Self {
        let [_, count, control] = segment.elements();
        Self { id, count: count.trim_ascii(), control: control.trim_ascii(), offset }
    }
}

/// The envelopes as they stand. What a set says of itself is kept until the next one begins.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    pub(super) level: Level,
    /// ISA01 to ISA16.
    pub(super) interchange: Vec<String>,
    /// GS01 to GS08.
    pub(super) group: Vec<String>,
    pub(super) set_control: String,
    /// Whether the set is an 834 in a group of enrollments, which is what is read; others are passed over.
    pub(super) is_enrollment: bool,
    /// Segments of the set so far, ST included.
    pub(super) segments: u32,
    /// Something in the set could not be read, whatever its trailer will say.
    pub(super) spoiled: bool,
    groups_in_interchange: u64,
    acknowledgements_in_interchange: u64,
    sets_in_group: u64,
    stray_reported: bool,
    /// ISA13 of the file, by its sender.
    seen_interchanges: HashMap<String, Seen>,
    /// GS06 of the interchange, ST02 of the group.
    seen_groups: Seen,
    seen_sets: Seen,
    /// The interchange, or the group, came before as a whole: what is inside need not be told too.
    repeated: Level,
}

impl Envelope {
    /// Enters an interchange by its header.
    pub(super) fn open_interchange(&mut self, isa: Segment<'_>, offset: u64, out: &mut Vec<Damage>) {
        self.interchange = isa.split().skip(1).map(|e| decode(e.trim_ascii()).into_owned()).collect();
        self.level = Level::Interchange;
        self.groups_in_interchange = 0;
        self.acknowledgements_in_interchange = 0;
        self.stray_reported = false;
        self.repeated = Level::Outside;
        self.note_number(Level::Interchange, offset, out);
    }

    /// Reports the control number of the envelope just opened where it was used before: ISA13 by the same sender, GS06 in the
    /// interchange, ST02 in the group (X12.6). That no number is ever used again is a rule of the exchange alone.
    fn note_number(&mut self, level: Level, offset: u64, out: &mut Vec<Damage>) {
        let (number, words) = match level {
            Level::Set => (self.set_control.clone(), ("the transaction set", "IK5 23")),
            Level::Group => (self.gs(6).to_owned(), ("the functional group", "AK9 6")),
            _ => (self.isa(13).to_owned(), ("the interchange", "TA1 025")),
        };
        let is_new = match level {
            Level::Set => self.seen_sets.is_new(&number),
            Level::Group => {
                self.seen_sets = Seen::default();
                self.seen_groups.is_new(&number)
            }
            _ => {
                self.seen_groups = Seen::default();
                self.seen_of_sender().is_new(&number)
            }
        };
        if is_new || self.repeated > Level::Outside {
            return;
        }
        let (level_name, code) = words;
        let kind = DamageKind::Repeated { number: Evidence::code(&number), level: level_name, code };
        out.push(self.damage(kind, offset));
        if level < Level::Set {
            self.repeated = level;
        }
    }

    /// The numbers of the interchange's sender. Of too many senders all are forgotten.
    fn seen_of_sender(&mut self) -> &mut Seen {
        let sender = format!("{}*{}", self.isa(5), self.isa(6));
        if self.seen_interchanges.len() >= SENDERS && !self.seen_interchanges.contains_key(&sender) {
            self.seen_interchanges.clear();
        }
        self.seen_interchanges.entry(sender).or_default()
    }

    /// Takes in a segment that is not part of a set's content; what is wrong is appended to `damages`.
    pub(super) fn take(
        &mut self,
        segment: Segment<'_>,
        offset: u64,
        report: &mut FileReport,
        damages: &mut Vec<Damage>,
    ) -> Turn {
        match segment.element(0) {
            b"ISA" => self.close_above(Level::Outside, "ISA", offset, damages),
            b"GS" => self.open_group(segment, offset, report, damages),
            b"ST" => self.open_set(segment, offset, report, damages),
            b"SE" => self.close_set(segment, offset, damages),
            b"GE" => self.close_group(segment, offset, damages),
            b"IEA" => self.close_interchange(segment, offset, report, damages),
            b"TA1" if self.level == Level::Interchange => {
                report.interchange_acknowledgements += 1;
                self.acknowledgements_in_interchange += 1;
                Turn::None
            }
            id => self.stray(id, "a transaction set", offset, damages),
        }
    }

    fn open_group(&mut self, gs: Segment<'_>, offset: u64, report: &mut FileReport, out: &mut Vec<Damage>) -> Turn {
        let turn = self.close_above(Level::Interchange, "GS", offset, out);
        self.group = gs.split().skip(1).map(|e| decode(e.trim_ascii()).into_owned()).collect();
        self.groups_in_interchange += 1;
        self.sets_in_group = 0;
        self.stray_reported = false;
        self.level = Level::Group;
        report.functional_groups += 1;
        report.other_groups += u64::from(self.gs(1) != "BE");
        if self.repeated == Level::Group {
            self.repeated = Level::Outside;
        }
        self.note_number(Level::Group, offset, out);
        turn
    }

    fn open_set(&mut self, st: Segment<'_>, offset: u64, report: &mut FileReport, out: &mut Vec<Damage>) -> Turn {
        if self.level < Level::Group {
            return self.stray(b"ST", "a functional group (GS to GE)", offset, out);
        }
        let turn = self.close_above(Level::Group, "ST", offset, out);
        let [_, kind, control] = st.elements();
        self.set_control = decode(control.trim_ascii()).into_owned();
        self.is_enrollment = self.gs(1) == "BE" && kind == b"834";
        self.segments = 1;
        self.spoiled = false;
        self.sets_in_group += 1;
        self.level = Level::Set;
        self.check_group(kind, offset, out);
        report.transaction_sets += 1;
        self.note_number(Level::Set, offset, out);
        if turn == Turn::None { Turn::Opened } else { turn }
    }

    /// An enrollment that was passed over for its group's kind would be missed without a word.
    fn check_group(&self, kind: &[u8], offset: u64, out: &mut Vec<Damage>) {
        let group = self.gs(1);
        if (kind == b"834") != (group == "BE") {
            let kind = DamageKind::WrongGroup { set: code(kind), group: code(group.as_bytes()) };
            out.push(self.damage(kind, offset));
        }
    }

    fn close_set(&mut self, se: Segment<'_>, offset: u64, out: &mut Vec<Damage>) -> Turn {
        if self.level < Level::Set {
            return self.stray(b"SE", "a transaction set (ST to SE)", offset, out);
        }
        self.segments += 1;
        let before = out.len();
        let trailer = Trailer::new("SE", se, offset);
        self.check(&trailer, u64::from(self.segments), &self.set_control, out);
        self.level = Level::Group;
        if out.len() == before && !self.spoiled { Turn::Sound } else { Turn::Damaged }
    }

    fn close_group(&mut self, ge: Segment<'_>, offset: u64, out: &mut Vec<Damage>) -> Turn {
        if self.level < Level::Group {
            return self.stray(b"GE", "a functional group (GS to GE)", offset, out);
        }
        let turn = self.close_above(Level::Group, "GE", offset, out);
        self.check(&Trailer::new("GE", ge, offset), self.sets_in_group, self.gs(6), out);
        self.level = Level::Interchange;
        turn
    }

    fn close_interchange(
        &mut self,
        iea: Segment<'_>,
        offset: u64,
        report: &mut FileReport,
        out: &mut Vec<Damage>,
    ) -> Turn {
        let turn = self.close_above(Level::Interchange, "IEA", offset, out);
        let trailer = Trailer::new("IEA", iea, offset);
        // An interchange of nothing but a TA1 has no group; some senders count the TA1.
        let counts_acknowledgement = self.groups_in_interchange == 0
            && self.acknowledgements_in_interchange == 1
            && number(trailer.count) == Some(1);
        let counted = self.groups_in_interchange + u64::from(counts_acknowledgement);
        self.check(&trailer, counted, self.isa(13), out);
        self.level = Level::Outside;
        report.closed = true;
        turn
    }

    /// Reports a missing trailer for every envelope inside `level`, and leaves them.
    fn close_above(&mut self, level: Level, found: &str, offset: u64, out: &mut Vec<Damage>) -> Turn {
        self.leave(level, offset, out, |trailer| DamageKind::MissingTrailer { trailer, found: found.to_owned() })
    }

    /// Reports that the file ends for every envelope that is open, and leaves them.
    pub(super) fn end_of_file(&mut self, offset: u64, out: &mut Vec<Damage>) -> Turn {
        self.leave(Level::Outside, offset, out, |trailer| DamageKind::EndsInside { trailer })
    }

    fn leave(
        &mut self,
        level: Level,
        offset: u64,
        out: &mut Vec<Damage>,
        kind: impl Fn(&'static str) -> DamageKind,
    ) -> Turn {
        let was_in_set = self.level == Level::Set && level < Level::Set;
        while self.level > level {
            let (trailer, outer) = match self.level {
                Level::Set => ("SE", Level::Group),
                Level::Group => ("GE", Level::Interchange),
                _ => ("IEA", Level::Outside),
            };
            out.push(self.damage(kind(trailer), offset));
            self.level = outer;
        }
        if was_in_set { Turn::Damaged } else { Turn::None }
    }

    fn stray(&mut self, id: &[u8], belongs_in: &'static str, offset: u64, out: &mut Vec<Damage>) -> Turn {
        // Once: a set that has lost its header would otherwise be reported segment by segment.
        if !std::mem::replace(&mut self.stray_reported, true) {
            let id = code(id);
            out.push(self.damage(DamageKind::StraySegment { id, belongs_in }, offset));
        }
        Turn::None
    }

    /// Leading zeros of a control number do not count: some senders pad the header and not the trailer.
    fn check(&self, trailer: &Trailer<'_>, counted: u64, opened: &str, out: &mut Vec<Damage>) {
        let Trailer { id, count, control, offset } = *trailer;
        if number(count).map(u64::from) != Some(counted) {
            let kind = DamageKind::Count { trailer: id, said: code(count), counted };
            out.push(self.damage(kind, offset));
        }
        let said = decode(control);
        if said.trim_start_matches('0') != opened.trim_start_matches('0') {
            let (said, opened) = (code(control), Evidence::code(opened));
            out.push(self.damage(DamageKind::ControlNumber { trailer: id, said, opened }, offset));
        }
    }

    /// A damage at the present place.
    pub(super) fn damage(&self, kind: DamageKind, offset: u64) -> Damage {
        Damage { kind, at: self.location(offset), unread_members: 0 }
    }

    fn location(&self, offset: u64) -> Location {
        let at = |level: Level, number: &str| (self.level >= level).then(|| number.to_owned());
        Location {
            interchange: at(Level::Interchange, self.isa(13)),
            functional_group: at(Level::Group, self.gs(6)),
            transaction_set: at(Level::Set, &self.set_control),
            segment: if self.level == Level::Set { self.segments } else { 0 },
            offset,
        }
    }

    /// An element of ISA without its padding; empty where it is not there.
    pub(super) fn isa(&self, number: usize) -> &str {
        numbered(&self.interchange, number)
    }

    /// An element of GS; empty where it is not there.
    pub(super) fn gs(&self, number: usize) -> &str {
        numbered(&self.group, number)
    }
}

fn numbered(elements: &[String], number: usize) -> &str {
    number.checked_sub(1).and_then(|at| elements.get(at)).map_or("", String::as_str)
}

/// What stands where a code or a number should, as evidence.
fn code(bytes: &[u8]) -> Evidence {
    Evidence::code(&excerpt(bytes))
}

/// The beginning of some bytes as text, not yet fit for a message: it may be anybody's.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let head = bytes.get(..24.min(bytes.len())).unwrap_or_default();
    decode(head).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
