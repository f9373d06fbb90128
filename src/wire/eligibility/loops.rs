//! Segments of a 271 put together into people, level by level.

use super::person::{Benefit, Level, Period, Person, Trace};
use super::rejection::Rejection;
use crate::wire::x12::text::{date, decode, period_end};
use crate::wire::x12::{Location, PlacedSegment, Segment};

/// More of one thing than this (benefits, dates, references) is not kept of one person.
const MOST: usize = 4096;

/// What a segment completes.
pub(super) enum Done {
    /// A person's loop.
    Person(Box<Person>),
    /// A rejection above the people: nobody is answered.
    Rejected(Rejection),
    /// A person's loop is larger than what is kept.
    TooLarge,
}

/// The transaction set so far.
#[derive(Default)]
pub(super) struct Loops {
    reference: String,
    level: Option<Level>,
    /// The party of the level has been named: its 2100 loop has begun.
    is_named: bool,
    person: Option<Box<Person>>,
    subscriber_id: String,
    /// Inside a benefit's related entity (2120): its segments are not the person's.
    is_of_another: bool,
    was_too_large: bool,
}

impl Loops {
    /// Takes in one segment of a set.
    pub(super) fn take(&mut self, placed: PlacedSegment<'_>) -> Option<Done> {
        let segment = placed.segment;
        match segment.id() {
            b"BHT" => self.reference = text(segment, 3),
            b"HL" => return self.enter(segment, placed),
            b"AAA" => return self.reject(segment, placed.place.segment),
            b"NM1" => self.name(segment),
            b"LS" => self.is_of_another = true,
            b"LE" => self.is_of_another = false,
            b"EB" => self.benefit(segment, placed),
            _ if self.is_of_another => {}
            id => self.detail(id, segment),
        }
        std::mem::take(&mut self.was_too_large).then_some(Done::TooLarge)
    }

    /// The set ends: the last person, and nothing is left of it.
    pub(super) fn end(&mut self) -> Option<Done> {
        std::mem::take(self).person.map(Done::Person)
    }

    fn enter(&mut self, hl: Segment<'_>, placed: PlacedSegment<'_>) -> Option<Done> {
        let level = match hl.element(3) {
            b"20" => Some(Level::Source),
            b"21" => Some(Level::Receiver),
            b"22" => Some(Level::Subscriber),
            b"23" => Some(Level::Dependent),
            _ => None,
        };
        self.level = level;
        (self.is_named, self.is_of_another) = (false, false);
        let before = self.person.take();
        if level != Some(Level::Dependent) {
            self.subscriber_id.clear();
        }
        if let Some(level @ (Level::Subscriber | Level::Dependent)) = level {
            let at: Location = placed.place.to_location();
            self.person = Some(Box::new(Person::new(level, at, &self.reference, &self.subscriber_id)));
        }
        before.map(Done::Person)
    }

    fn name(&mut self, nm1: Segment<'_>) {
        let is_first = !std::mem::replace(&mut self.is_named, true);
        let Some(person) = self.person.as_mut().filter(|_| is_first) else {
            self.is_of_another = self.person.is_some();
            return;
        };
        let [_, _, _, last, first, middle, _, suffix, qualifier, id] = nm1.elements();
        let clean = |bytes: &[u8]| decode(bytes.trim_ascii()).into_owned();
        (person.last, person.first) = (clean(last), clean(first));
        (person.middle, person.suffix) = (clean(middle), clean(suffix));
        match qualifier {
            b"MI" => person.member_id = clean(id),
            b"" => {}
            other => add(&mut self.was_too_large, &mut person.references, (clean(other), clean(id))),
        }
        if person.level == Level::Subscriber {
            self.subscriber_id.clone_from(&person.member_id);
        }
    }

    fn benefit(&mut self, eb: Segment<'_>, placed: PlacedSegment<'_>) {
        self.is_of_another = false;
        let Some(person) = &mut self.person else { return };
        let services = eb.element(3);
        let services: Vec<String> = match placed.delimiters.repetition {
            Some(separator) => {
                services.split(|b| *b == separator).map(|s| decode(s.trim_ascii()).into_owned()).collect()
            }
            None => vec![decode(services.trim_ascii()).into_owned()],
        };
        let benefit = Benefit {
            code: text(eb, 1),
            coverage_level: text(eb, 2),
            service_types: services.into_iter().filter(|service| !service.is_empty()).take(MOST).collect(),
            insurance_type: text(eb, 4),
            plan: text(eb, 5),
            ..Benefit::default()
        };
        add(&mut self.was_too_large, &mut person.benefits, benefit);
    }

    /// What is said of the person, or after an EB of the benefit.
    fn detail(&mut self, id: &[u8], segment: Segment<'_>) {
        let Some(person) = &mut self.person else { return };
        let too_large = &mut self.was_too_large;
        match id {
            b"TRN" => add(too_large, &mut person.traces, Trace { kind: text(segment, 1), number: text(segment, 2) }),
            b"N3" if person.benefits.is_empty() => {
                let [_, _, city, state, zip] = std::mem::take(&mut person.address);
                person.address = [text(segment, 1), text(segment, 2), city, state, zip];
            }
            b"N4" if person.benefits.is_empty() => {
                let [first, second, ..] = std::mem::take(&mut person.address);
                person.address = [first, second, text(segment, 1), text(segment, 2), text(segment, 3)];
            }
            b"DMG" => (person.birth_date, person.sex) = (date(segment.element(2)), text(segment, 3)),
            b"INS" => person.relationship = text(segment, 2),
            b"REF" => {
                let references = match person.benefits.last_mut() {
                    Some(benefit) => &mut benefit.references,
                    None => &mut person.references,
                };
                add(too_large, references, (text(segment, 1), text(segment, 2)));
            }
            b"DTP" => {
                let dates = match person.benefits.last_mut() {
                    Some(benefit) => &mut benefit.dates,
                    None => &mut person.dates,
                };
                if let Some(from) = date(segment.element(3)) {
                    let to = period_end(segment.element(3));
                    add(too_large, dates, Period { qualifier: text(segment, 1), from, to });
                }
            }
            _ => {}
        }
    }

    fn reject(&mut self, aaa: Segment<'_>, number: u32) -> Option<Done> {
        let of_benefit = self.person.as_ref().is_some_and(|person| !person.benefits.is_empty());
        let level = self.level.unwrap_or(Level::Source);
        let in_loop = match (level, of_benefit) {
            (Level::Source, _) if self.is_named => "2100A",
            (Level::Source, _) => "2000A",
            (Level::Receiver, _) => "2100B",
            (Level::Subscriber, false) => "2100C",
            (Level::Subscriber, true) => "2110C",
            (Level::Dependent, false) => "2100D",
            (Level::Dependent, true) => "2110D",
        };
        let (code, follow_up) = (text(aaa, 3), text(aaa, 4));
        let rejection = Rejection { level, in_loop, code, follow_up, segment: number };
        match &mut self.person {
            Some(person) => {
                add(&mut self.was_too_large, &mut person.rejections, rejection);
                std::mem::take(&mut self.was_too_large).then_some(Done::TooLarge)
            }
            None => Some(Done::Rejected(rejection)),
        }
    }
}

fn add<T>(too_large: &mut bool, list: &mut Vec<T>, item: T) {
    if list.len() < MOST {
        list.push(item);
    } else {
        *too_large = true;
    }
}

fn text(segment: Segment<'_>, number: usize) -> String {
    decode(segment.element(number).trim_ascii()).into_owned()
}
