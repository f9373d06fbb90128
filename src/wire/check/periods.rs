//! Days that cannot be, in any enrollment: an end before its begin, a birth after the file's day.

use super::finding::ElementPlace;
use super::rule::Rule;
use super::sink::{Here, Sink, shown};
use super::values::{day_before, digits, is_date};
use crate::wire::x12::Segment;

/// DTP01 of days on which something begins and ends, by what opens the loop that they stand in.
const PAIRS: &[(&str, &str, &str)] = &[
    ("ST", "090", "091"),
    ("INS", "336", "337"),
    ("INS", "338", "339"),
    ("INS", "340", "341"),
    ("INS", "350", "351"),
    ("INS", "356", "357"),
    ("INS", "385", "386"),
    ("INS", "473", "474"),
    ("DSB", "360", "361"),
    ("HD", "348", "349"),
    ("COB", "344", "345"),
];

/// The days of the loops that are open.
#[derive(Debug, Default)]
pub(super) struct Periods {
    /// Begin and end of each pair.
    days: [(Option<u32>, Option<u32>); PAIRS.len()],
    /// The later of GS04 and BGN03.
    made_on: Option<u32>,
    group_made_on: Option<u32>,
}

impl Periods {
    /// Takes in a functional group's header.
    pub(super) fn group(&mut self, gs: Segment<'_>) {
        self.group_made_on = day(gs.element(4));
    }

    /// Takes in a set's header.
    pub(super) fn set(&mut self) {
        self.days = Default::default();
        self.made_on = self.group_made_on;
    }

    /// Takes in a segment of an 834.
    #[inline]
    pub(super) fn content(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        match here.segment {
            b"DTP" if here.in_loop != "2750" => self.date(segment, here, sink),
            // What was wrongly said before may be anything.
            b"DMG" if here.in_loop != "2100B" => self.birth(segment, here, sink),
            b"BGN" => self.made_on = self.made_on.max(day(segment.element(3))),
            b"INS" => self.days = Default::default(),
            opener @ (b"DSB" | b"HD" | b"COB") => {
                let own = PAIRS.iter().zip(&mut self.days).filter(|((by, ..), _)| by.as_bytes() == opener);
                own.for_each(|(_, days)| *days = (None, None));
            }
            _ => {}
        }
    }

    /// An end a day before its begin says that it never began, which is how a cancellation may be written.
    fn date(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let [_, qualifier, format, value] = segment.elements();
        let Some(value) = day(value).filter(|_| format == b"D8") else { return };
        for ((_, begins, ends), days) in PAIRS.iter().zip(&mut self.days) {
            match qualifier {
                known if known == begins.as_bytes() => days.0 = Some(value),
                known if known == ends.as_bytes() => days.1 = Some(value),
                _ => continue,
            }
            if let (Some(begin), Some(end)) = *days
                && end < day_before(begin)
            {
                sink.add(Rule::EndBeforeBegin, here, ElementPlace::of(3), || {
                    (
                        format!("`{begin}` as {begins} and `{end}` as {ends}"),
                        "an end that is not before its begin".to_owned(),
                    )
                });
            }
        }
    }

    fn birth(&self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let (Some(birth), Some(made_on)) = (day(segment.element(2)), self.made_on) else { return };
        if birth > made_on {
            sink.add(Rule::BirthDate, here, ElementPlace::of(2), || {
                (shown(segment.element(2)), format!("a day not after `{made_on}`, when the file was made"))
            });
        }
    }
}

/// A day that exists, as a number whose order is the calendar's.
fn day(value: &[u8]) -> Option<u32> {
    digits(value).filter(|_| value.len() == 8 && is_date(value))
}
