//! One segment against its table: presence, length, type, codes, syntax notes.

use super::finding::ElementPlace;
use super::rule::Rule;
use super::sink::{Here, Sink, shown};
use super::values::{decimal, integer, is_date, is_period, is_time};
use crate::wire::guide::{CodeSet, Condition, Kind, Relation, SegmentAt, Slot, Usage};
use crate::wire::x12::{Delimiters, Segment};

/// What every byte is, with the separators of the interchange.
#[derive(Debug)]
pub(super) struct Characters {
    classes: [u8; 256],
    pub(super) delimiters: Delimiters,
}

/// Not in X12's extended character set.
const FOREIGN: u8 = 1;
/// Separates components or repetitions.
const SEPARATES: u8 = 2;

impl Characters {
    pub(super) fn new(delimiters: Delimiters) -> Self {
        let mut classes = [FOREIGN; 256];
        // X12.6 appendix A: basic and extended set, without the national characters of other alphabets.
        for byte in b' '..=b'~' {
            if let Some(class) = classes.get_mut(usize::from(byte)) {
                *class = if byte == b'`' { FOREIGN } else { 0 };
            }
        }
        for separator in [Some(delimiters.component), delimiters.repetition].into_iter().flatten() {
            if let Some(class) = classes.get_mut(usize::from(separator)) {
                *class = SEPARATES;
            }
        }
        Self { classes, delimiters }
    }

    #[inline]
    fn of(&self, value: &[u8]) -> u8 {
        value.iter().fold(0, |all, byte| all | self.classes.get(usize::from(*byte)).copied().unwrap_or(FOREIGN))
    }
}

/// A segment being checked.
pub(super) struct Check<'a> {
    pub(super) here: Here<'a>,
    pub(super) sink: &'a mut Sink,
    pub(super) characters: &'a Characters,
    /// Whether elements are separators themselves, as in ISA.
    pub(super) is_header: bool,
}

impl Check<'_> {
    /// Compares a segment with its table.
    #[inline]
    pub(super) fn segment(&mut self, table: &SegmentAt, segment: Segment<'_>) {
        let mut present: u64 = 0;
        let mut format: &[u8] = b"";
        let (mut number, mut last) = (0, &b"x"[..]);
        let mut elements = segment.as_written();
        elements.next();
        for value in elements {
            number += 1;
            last = value;
            let Some(slot) = table.slots.get(number - 1) else {
                self.surplus(table, number, value);
                continue;
            };
            if value.is_empty() {
                continue;
            }
            present |= 1 << (number & 63);
            if slot.element.number == 1250 {
                format = value;
            }
            self.element(slot, number, value, format);
        }
        if table.required & !present != 0 {
            self.absent(table, present);
        }
        if last.is_empty() && !self.is_header {
            self.add(Rule::TrailingSeparator, ElementPlace::of(number), || {
                ("an empty element at the end".to_owned(), "the segment to end before it".to_owned())
            });
        }
        for condition in table.segment.conditions {
            self.condition(*condition, present);
        }
    }

    /// A segment without a table: its characters only.
    pub(super) fn characters(&mut self, segment: Segment<'_>) {
        for (number, value) in segment.as_written().enumerate().skip(1) {
            if self.characters.of(value) & FOREIGN != 0 {
                self.foreign(ElementPlace::of(number), value);
            }
        }
    }

    fn add(&mut self, rule: Rule, at: ElementPlace, texts: impl FnOnce() -> (String, String)) {
        self.sink.add(rule, self.here, at, texts);
    }

    fn surplus(&mut self, table: &SegmentAt, number: usize, value: &[u8]) {
        if number == table.slots.len() + 1 {
            let last = table.slots.len();
            self.add(Rule::TooManyElements, ElementPlace::of(number), || {
                (format!("element {number} with {}", shown(value)), format!("{last} elements at most"))
            });
        }
    }

    #[cold]
    fn absent(&mut self, table: &SegmentAt, present: u64) {
        for (before, slot) in table.slots.iter().enumerate() {
            if slot.element.usage == Usage::Required && present >> ((before + 1) & 63) & 1 == 0 {
                self.add(Rule::MissingElement, ElementPlace::of(before + 1), || {
                    ("nothing".to_owned(), slot.element.name.to_owned())
                });
            }
        }
    }

    fn element(&mut self, slot: &Slot, number: usize, value: &[u8], format: &[u8]) {
        let at = ElementPlace::of(number);
        if slot.element.usage == Usage::Unused {
            return self.add(Rule::UnusedElement, at, || (shown(value), "nothing".to_owned()));
        }
        let class = self.characters.of(value);
        if class == 0 || self.is_header {
            return self.part(slot, at, value, format);
        }
        if class & FOREIGN != 0 {
            self.foreign(at, value);
        }
        if slot.components.is_empty() && slot.element.most == 1 {
            if class & SEPARATES != 0 {
                return self.separated(at, value);
            }
            return self.part(slot, at, value, format);
        }
        let repetition = self.characters.delimiters.repetition;
        let parts = value.split(|byte| Some(*byte) == repetition);
        let mut count = 0_u8;
        for part in parts {
            count = count.saturating_add(1);
            self.part(slot, ElementPlace { repetition: count, ..at }, part, format);
        }
        if u16::from(count) > slot.element.most {
            let most = slot.element.most;
            self.add(Rule::TooManyElements, at, || (format!("{count} repetitions"), format!("{most} at most")));
        }
    }

    fn separated(&mut self, at: ElementPlace, value: &[u8]) {
        self.add(Rule::Separator, at, || {
            (shown(value), "an element without component or repetition separators".to_owned())
        });
    }

    /// One repetition: a simple value, or components.
    fn part(&mut self, slot: &Slot, at: ElementPlace, value: &[u8], format: &[u8]) {
        if slot.components.is_empty() {
            return self.value(slot, at, value, format);
        }
        let mut present: u64 = 0;
        let separator = self.characters.delimiters.component;
        for (before, component) in value.split(|byte| *byte == separator).enumerate() {
            let place = ElementPlace { component: u8::try_from(before + 1).unwrap_or(u8::MAX), ..at };
            match slot.components.get(before) {
                None => self.add(Rule::TooManyElements, place, || {
                    (format!("component {}", before + 1), format!("{} components at most", slot.components.len()))
                }),
                Some(_) if component.is_empty() => {}
                Some(inner) if inner.element.usage == Usage::Unused => {
                    self.add(Rule::UnusedElement, place, || (shown(component), "nothing".to_owned()));
                }
                Some(inner) => {
                    present |= 1 << (before & 63);
                    self.value(inner, place, component, format);
                }
            }
        }
        for (before, inner) in slot.components.iter().enumerate() {
            if inner.element.usage == Usage::Required && present >> (before & 63) & 1 == 0 {
                let place = ElementPlace { component: u8::try_from(before + 1).unwrap_or(u8::MAX), ..at };
                self.add(Rule::MissingElement, place, || ("nothing".to_owned(), inner.element.name.to_owned()));
            }
        }
    }

    #[inline]
    fn value(&mut self, slot: &Slot, at: ElementPlace, value: &[u8], format: &[u8]) {
        let data = slot.data;
        if !slot.codes.is_open() {
            if !slot.codes.contains(value) {
                self.add(Rule::Code, at, || (shown(value), one_of(&slot.codes)));
            }
            return;
        }
        let length = match data.kind {
            Kind::Text | Kind::Code => {
                self.blanks(slot, at, value);
                Some(value.len())
            }
            Kind::Integer => integer(value),
            Kind::Decimal => decimal(value),
            Kind::Date => is_date(value).then_some(value.len()),
            Kind::Time => is_time(value).then_some(value.len()),
            Kind::Period => is_period(format, value).then_some(value.len()),
        };
        match length {
            None => self.malformed(data.kind, at, value, format),
            Some(length) if length < usize::from(data.shortest) => self.add(Rule::TooShort, at, || {
                (format!("{} ({length} characters)", shown(value)), format!("{} at least", data.shortest))
            }),
            Some(length) if length > usize::from(data.longest) => self.add(Rule::TooLong, at, || {
                (format!("{} ({length} characters)", shown(value)), format!("{} at most", data.longest))
            }),
            Some(_) => {}
        }
    }

    fn blanks(&mut self, slot: &Slot, at: ElementPlace, value: &[u8]) {
        let is_fixed = slot.data.shortest == slot.data.longest;
        if (value.starts_with(b" ") || value.ends_with(b" ")) && !is_fixed {
            self.add(Rule::Blanks, at, || (shown(value), "the text without blanks around it".to_owned()));
        }
    }

    fn malformed(&mut self, kind: Kind, at: ElementPlace, value: &[u8], format: &[u8]) {
        let (rule, expected) = match kind {
            Kind::Period if format == b"RD8" => (Rule::NotADate, "a period as CCYYMMDD-CCYYMMDD"),
            Kind::Date | Kind::Period => (Rule::NotADate, "a day as CCYYMMDD"),
            Kind::Time => (Rule::NotATime, "a time as HHMM or HHMMSS"),
            Kind::Integer => (Rule::NotANumber, "a whole number"),
            _ => (Rule::NotANumber, "a number with digits and a decimal point"),
        };
        self.add(rule, at, || (shown(value), expected.to_owned()));
    }

    fn foreign(&mut self, at: ElementPlace, value: &[u8]) {
        self.add(Rule::Characters, at, || (shown(value), "characters of X12's extended set".to_owned()));
    }

    fn condition(&mut self, condition: Condition, present: u64) {
        let there = |number: &u8| present >> (number & 63) & 1 == 1;
        let all = condition.elements;
        let Some((first, others)) = all.split_first() else { return };
        let count = all.iter().filter(|number| there(number)).count();
        let holds = match condition.relation {
            Relation::Paired => count == 0 || count == all.len(),
            Relation::AtLeastOne => count > 0,
            Relation::AtMostOne => count <= 1,
            Relation::First => !there(first) || count == all.len(),
            Relation::FirstNeedsOne => !there(first) || others.iter().any(there),
        };
        if !holds {
            self.together(condition);
        }
    }

    #[cold]
    fn together(&mut self, condition: Condition) {
        let numbers: Vec<_> = condition.elements.iter().map(ToString::to_string).collect();
        let expected = match condition.relation {
            Relation::Paired => "all of these elements or none",
            Relation::AtLeastOne => "at least one of these elements",
            Relation::AtMostOne => "at most one of these elements",
            Relation::First => "the others wherever the first is",
            Relation::FirstNeedsOne => "one of the others wherever the first is",
        };
        let at = ElementPlace::of(condition.elements.first().copied().map_or(0, usize::from));
        self.add(Rule::Together, at, || {
            (format!("some of elements {} without the others", numbers.join(", ")), expected.to_owned())
        });
    }
}

/// The codes that are allowed, the first of them where they are many.
pub(super) fn one_of(codes: &CodeSet) -> String {
    const SHOWN: usize = 8;
    let list = codes.list();
    let names: Vec<_> = list.iter().take(SHOWN).map(|(code, meaning)| format!("`{code}` ({meaning})")).collect();
    let more = list.len().saturating_sub(SHOWN);
    match (names.as_slice(), more) {
        ([only], _) => only.clone(),
        (_, 0) => format!("one of {}", names.join(", ")),
        (_, more) => format!("one of {} and {more} more", names.join(", ")),
    }
}
