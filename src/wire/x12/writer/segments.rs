//! Segments as bytes: elements cleaned, empty ones at the end left out, segments counted.

use super::charset;
use crate::model::{Facts, Field, Value};
use crate::wire::x12::Delimiters;
use chrono::NaiveDate;

/// What follows a segment's terminator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineBreak {
    /// Nothing, as the exchange sends.
    #[default]
    None,
    /// LF.
    Lf,
    /// CR and LF.
    CrLf,
}

/// How an interchange is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// The delimiters, all different, none a letter or digit.
    pub delimiters: Delimiters,
    /// After each segment.
    pub line_break: LineBreak,
}

/// Segments written so far.
#[derive(Debug, Default)]
pub(in crate::wire) struct Segments {
    pub(super) options: Options,
    pub(super) bytes: Vec<u8>,
    /// Since the last ST, which is 1.
    pub(super) in_set: u32,
}

impl Segments {
    /// Writes a segment; elements are cleaned, and empty ones at its end left out.
    pub(in crate::wire) fn put(&mut self, id: &str, elements: &[&str]) {
        let delimiters = self.options.delimiters;
        self.bytes.extend_from_slice(id.as_bytes());
        let used = elements.iter().rposition(|e| !e.is_empty()).map_or(0, |last| last + 1);
        for text in elements.iter().take(used) {
            self.bytes.push(delimiters.element);
            self.bytes.extend(charset::element(text, delimiters));
        }
        self.end();
    }

    /// Writes a segment whose elements are composites; empty components and elements at an end are left out.
    pub(in crate::wire) fn put_composites(&mut self, id: &str, elements: &[Vec<String>]) {
        let delimiters = self.options.delimiters;
        self.bytes.extend_from_slice(id.as_bytes());
        let used = elements.iter().rposition(|parts| !in_use(parts).is_empty()).map_or(0, |last| last + 1);
        for parts in elements.iter().take(used) {
            self.bytes.push(delimiters.element);
            for (number, text) in in_use(parts).iter().enumerate() {
                if number > 0 {
                    self.bytes.push(delimiters.component);
                }
                self.bytes.extend(charset::element(text, delimiters));
            }
        }
        self.end();
    }

    /// ISA, the one segment of fixed width: nothing is trimmed, and its own delimiters stand in it.
    pub(super) fn put_header(&mut self, elements: &[&str]) {
        let delimiters = self.options.delimiters;
        self.bytes.extend_from_slice(b"ISA");
        for text in elements {
            self.bytes.push(delimiters.element);
            self.bytes.extend(charset::element(text, delimiters));
        }
        self.bytes.extend([delimiters.element, delimiters.component]);
        // ISA11 stands before the last five elements and the component separator.
        let tail = elements.iter().skip(11).map(|e| e.len() + 1).sum::<usize>() + 2;
        let at = self.bytes.len().saturating_sub(tail + 1);
        if let Some(repetition) = self.bytes.get_mut(at) {
            *repetition = delimiters.repetition.unwrap_or(b'U');
        }
        self.end();
    }

    fn end(&mut self) {
        self.bytes.push(self.options.delimiters.segment);
        let line_break: &[u8] = match self.options.line_break {
            LineBreak::None => b"",
            LineBreak::Lf => b"\n",
            LineBreak::CrLf => b"\r\n",
        };
        self.bytes.extend_from_slice(line_break);
        self.in_set += 1;
    }

    /// REF, where there is a value. REF02 holds 50 characters.
    pub(in crate::wire) fn reference(&mut self, qualifier: &str, value: &str) {
        if !value.is_empty() {
            self.put("REF", &[qualifier, &charset::fit(value, 50)]);
        }
    }

    /// DTP of one day, where there is one.
    pub(in crate::wire) fn day(&mut self, qualifier: &str, day: &str) {
        if !day.is_empty() {
            self.put("DTP", &[qualifier, "D8", day]);
        }
    }
}

/// Components up to the last that holds anything.
fn in_use(parts: &[String]) -> &[String] {
    let used = parts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
    parts.get(..used).unwrap_or_default()
}

/// A fact's text, empty where there is none; dates as CCYYMMDD.
pub(super) fn text(facts: &Facts, field: Field) -> String {
    match facts.value(field) {
        Some(Value::Date(date)) => day(*date),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

/// CCYYMMDD.
pub(in crate::wire) fn day(date: NaiveDate) -> String {
    date.format("%Y%m%d").to_string()
}
