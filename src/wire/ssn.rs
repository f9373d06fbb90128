//! Social Security numbers in files: which values are or may be one, wherever they stand, and how they are shown.
//!
//! A value is hidden for what it is: a number that the file itself calls an SSN (NM108 `34`, REF `SY`) stays one where it
//! stands again, as a member number, a policy number or in a free text. And it is hidden for where it stands: nine digits that
//! identify a person may be an SSN though nothing says so.

use super::x12::Segment;
use std::collections::HashSet;

/// Digits of an SSN.
const DIGITS: usize = 9;
/// Digits that may be shown.
const SHOWN: usize = 4;
/// Longer runs of digits, such as timestamps, hold no SSN: it may have zeros before it or a dependent's number after it.
const LONGEST: usize = 13;
/// Numbers of a file that are remembered, in two halves: 2 MB however long the file is. The oldest are forgotten.
const HALF: usize = 1 << 17;

/// The numbers that a file has called SSNs so far.
#[derive(Debug, Default)]
pub(in crate::wire) struct Stated {
    latest: HashSet<u32>,
    earlier: HashSet<u32>,
}

impl Stated {
    /// Takes in what a segment calls an SSN: what follows a qualifier `34` in NM1, wherever in it, and what REF*SY holds. What
    /// is hidden for its form where a person is identified (`is_persons`) is not shown elsewhere either.
    #[inline]
    pub(in crate::wire) fn note(&mut self, segment: Segment<'_>, is_persons: bool) {
        if is_persons && has_form(segment.bytes()) {
            self.add(segment.bytes(), Run::is_of_form);
        }
        for value in called(segment) {
            // what is called one may have a digit too many, or too few
            self.add(value, |_, _| true);
            self.add_numbers(Short::all(value).map(Short::known_as));
        }
    }

    fn add(&mut self, value: &[u8], is_one: impl Fn(Run, &[u8]) -> bool) {
        for run in Runs::of(value).filter(|run| is_one(*run, value)) {
            self.add_numbers(run.numbers(value));
        }
    }

    fn add_numbers(&mut self, numbers: impl Iterator<Item = u32>) {
        if self.latest.len() >= HALF {
            self.earlier = std::mem::take(&mut self.latest);
        }
        self.latest.extend(numbers);
    }

    fn is_known(&self, number: u32) -> bool {
        self.latest.contains(&number) || self.earlier.contains(&number)
    }

    /// Whether a value holds one of these numbers: alone, in a text, after zeros or before a few more digits.
    #[inline]
    pub(in crate::wire) fn is_in(&self, value: &[u8]) -> bool {
        if value.len() < DIGITS || (self.latest.is_empty() && self.earlier.is_empty()) {
            return false;
        }
        Runs::of(value).any(|run| run.numbers(value).any(|number| self.is_known(number)))
    }

    /// A text in which numbers that were called SSNs, and have some digits too few, are hidden, too.
    fn without_short(&self, text: String) -> String {
        let known = |short: &Short| self.is_known(short.known_as());
        let found: Vec<Short> = Short::all(text.as_bytes()).filter(known).collect();
        let mut shown = text.into_bytes();
        for Short { start, end, .. } in found {
            if let Some(number) = shown.get_mut(start..end) {
                let hidden = hidden_whole(number);
                number.copy_from_slice(&hidden);
            }
        }
        String::from_utf8_lossy(&shown).into_owned()
    }
}

/// What a segment calls a Social Security number, be it as long as one or not.
pub(in crate::wire) fn called(segment: Segment<'_>) -> impl Iterator<Item = &[u8]> {
    let (mut before, is_name, is_reference): (&[u8], _, _) = (b"", segment.id() == b"NM1", segment.id() == b"REF");
    let elements = segment.split().enumerate().filter(move |_| is_name || is_reference);
    elements.filter_map(move |(at, element)| {
        let qualifier = std::mem::replace(&mut before, element);
        let is_called = if is_name { at > 3 && qualifier == b"34" } else { at == 2 && qualifier == b"SY" };
        is_called.then_some(element)
    })
}

/// Whether nine digits in a segment may be an SSN for the place where they stand: they identify a person, or nobody can say
/// what they are. What the exchange assigns is none (`is_federal`: CMS companion guide v7.2 p. 18), unless it is stated to be.
pub(in crate::wire) fn is_persons(segment: Segment<'_>, in_loop: &str, is_federal: bool) -> bool {
    match segment.id() {
        b"NM1" => {
            let [_, _, kind, _, _, _, _, _, qualifier] = segment.elements();
            kind != b"2" || qualifier == b"34"
        }
        b"N1" => segment.element(1) == b"P5" && !matches!(segment.element(3), b"24" | b"94"),
        b"REF" => match (segment.element(1), in_loop) {
            (b"SY", _) => true,
            (_, "2300" | "2320" | "2750") => false,
            (b"0F" | b"17" | b"1L" | b"6O", "2000") => !is_federal,
            (qualifier, _) => !OF_THE_TRADE.contains(&qualifier),
        },
        id => !IMPERSONAL.contains(&id),
    }
}

/// Segments whose numbers are of files, plans, places and days. What stands in other segments may be anything.
const IMPERSONAL: &[&[u8]] = &[
    b"ISA", b"IEA", b"GS", b"GE", b"ST", b"SE", b"TA1", b"BGN", b"BHT", b"TRN", b"QTY", b"LX", b"LS", b"LE", b"HL",
    b"HD", b"AMT", b"COB", b"DTP", b"N3", b"N4", b"PER", b"EB", b"HSD", b"EQ", b"AAA", b"AK1", b"AK2", b"AK3", b"AK5",
    b"AK9", b"IK3", b"IK5", b"ACT", b"IDC", b"PLA", b"PRV",
];

/// REF01 of numbers of plans, groups, payers and providers.
const OF_THE_TRADE: &[&[u8]] = &[
    b"38", b"18", b"6P", b"CE", b"CT", b"E8", b"X9", b"XM", b"EI", b"TJ", b"EO", b"HPI", b"JD", b"N5", b"N7", b"0B",
    b"1C", b"1D", b"2U", b"9K", b"D7", b"D3",
];

/// Whether a value has the form of an SSN: nine digits, alone or with separators between them, and no letter before them.
#[inline]
pub(in crate::wire) fn has_form(value: &[u8]) -> bool {
    value.len() >= DIGITS && Runs::of(value).any(|run| run.is_of_form(value))
}

/// A value of which every number that is as long as an SSN shows its last four digits only.
pub(in crate::wire) fn hidden(value: &[u8]) -> Vec<u8> {
    let mut shown = value.to_vec();
    for run in Runs::of(value) {
        let mut digits = run.count;
        for byte in shown.get_mut(run.start..run.end).unwrap_or_default().iter_mut().filter(|b| b.is_ascii_digit()) {
            if digits > SHOWN {
                *byte = b'*';
            }
            digits -= 1;
        }
    }
    shown
}

/// A value of which all digits are hidden but the last four of each number, with separators in it or not, however long it is.
pub(in crate::wire) fn hidden_whole(value: &[u8]) -> Vec<u8> {
    let mut shown = value.to_vec();
    let mut digits = 0;
    for at in (0..shown.len()).rev() {
        let follows = at.checked_sub(1).and_then(|before| value.get(before)).is_some_and(u8::is_ascii_digit);
        let Some(byte) = shown.get_mut(at) else { continue };
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                if digits > SHOWN {
                    *byte = b'*';
                }
            }
            b'-' | b' ' if follows => {}
            _ => digits = 0,
        }
    }
    shown
}

/// A text for people in which numbers of the form of an SSN are hidden, or only those that are stated to be one.
pub(in crate::wire) fn told(text: String, by_form: bool, stated: &Stated) -> String {
    let text = stated.without_short(text);
    let bytes = text.as_bytes();
    if (by_form && has_form(bytes)) || stated.is_in(bytes) {
        return String::from_utf8_lossy(&hidden(bytes)).into_owned();
    }
    text
}

/// Digits that stand together, with separators or not.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    count: usize,
}

impl Run {
    fn is_of_form(self, value: &[u8]) -> bool {
        let before = self.start.checked_sub(1).and_then(|at| value.get(at));
        self.count == DIGITS && !before.is_some_and(u8::is_ascii_alphabetic)
    }

    /// Every nine digits of it, one after the other.
    fn numbers(self, value: &[u8]) -> impl Iterator<Item = u32> {
        let bytes = value.get(self.start..self.end).unwrap_or_default();
        let mut digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'));
        let mut number = digits.by_ref().take(DIGITS - 1).fold(0, |number, digit| number * 10 + digit);
        digits.map(move |digit| {
            number = number % 100_000_000 * 10 + digit;
            number
        })
    }
}

/// A number with some digits too few to be an SSN, with separators in it or not.
#[derive(Debug, Clone, Copy)]
struct Short {
    start: usize,
    end: usize,
    digits: usize,
    number: u32,
}

impl Short {
    /// All in a text.
    fn all(text: &[u8]) -> impl Iterator<Item = Self> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = at + text.get(at..)?.iter().position(u8::is_ascii_digit)?;
            let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
            let mut short = Self { start, end: start, digits: 0, number: 0 };
            while let Some(byte) = text.get(short.end) {
                match byte {
                    b'0'..=b'9' => {
                        short.digits += 1;
                        short.number = short.number.wrapping_mul(10).wrapping_add(u32::from(byte - b'0'));
                    }
                    b'-' | b' ' if is_digit(short.end + 1) => {}
                    _ => break,
                }
                short.end += 1;
            }
            at = short.end;
            Some(short)
        })
        .filter(|short| (SHOWN + 1..DIGITS).contains(&short.digits))
    }

    /// As what it is remembered beside the numbers of nine digits: those of each length above all of those.
    fn known_as(self) -> u32 {
        let lengths = u32::try_from(self.digits).unwrap_or(0);
        1_000_000_000 + lengths * 100_000_000 + self.number
    }
}

/// Finds the runs of nine digits or some more, and of `ddd-dd-dddd` and `ddd dd dddd`.
struct Runs<'a> {
    value: &'a [u8],
    at: usize,
}

impl<'a> Runs<'a> {
    fn of(value: &'a [u8]) -> Self {
        Self { value, at: 0 }
    }

    /// How many digits stand from here on.
    fn digits(&self, at: usize) -> usize {
        self.value.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count()
    }
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        loop {
            let skipped = self.value.get(self.at..)?.iter().position(u8::is_ascii_digit)?;
            let start = self.at + skipped;
            let count = self.digits(start);
            self.at = start + count;
            if (DIGITS..=LONGEST).contains(&count) {
                return Some(Run { start, end: self.at, count });
            }
            let separator = self.value.get(self.at).filter(|byte| matches!(byte, b'-' | b' '));
            let is_separated = count == 3
                && separator.is_some()
                && self.digits(start + 4) == 2
                && self.value.get(start + 6) == separator
                && self.digits(start + 7) == 4;
            if is_separated {
                self.at = start + 11;
                return Some(Run { start, end: self.at, count: DIGITS });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HALF, Stated, called, has_form, hidden, hidden_whole, is_persons, told};
    use crate::wire::x12::Segment;

    fn stating(segments: &[&str]) -> Stated {
        let mut stated = Stated::default();
        for segment in segments {
            stated.note(Segment::new(segment.as_bytes(), b'*'), false);
        }
        stated
    }

    #[test]
    fn what_is_stated_to_be_an_ssn_is_one_wherever_it_stands_again() {
        let stated =
            stating(&["NM1*IL*1*DOE*JO****34*666-12-0001", "REF*SY*666120002", "NM1*IL*1*DOE*JO***34*666120003"]);
        for value in
            ["666120001", "666-12-0001", "00666120001", "66612000101", "id 666120001, once", "666120002", "666120003"]
        {
            assert!(stated.is_in(value.as_bytes()), "{value}");
        }
        for value in ["666120004", "66612", "20240114102030550", "666-120-002"] {
            assert!(!stated.is_in(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn four_digits_are_shown_and_what_is_around_them_stays() {
        for (value, shown) in [
            ("666120001", "*****0001"),
            ("666-12-0001", "***-**-0001"),
            ("666 12 0001A", "*** ** 0001A"),
            ("66612000101", "*******0101"),
            ("NM1*IL*1*666120001*2024", "NM1*IL*1******0001*2024"),
            ("20240114", "20240114"),
        ] {
            assert_eq!(String::from_utf8(hidden(value.as_bytes())).unwrap(), shown);
        }
    }

    #[test]
    fn a_number_of_any_length_shows_four_digits_where_it_is_called_one() {
        for (value, shown) in [
            ("6661200011", "******0011"),
            ("66612000", "****2000"),
            ("666-12-00011", "***-**-*0011"),
            ("2000", "2000"),
            ("A66612000B 12345", "A****2000B *2345"),
        ] {
            assert_eq!(String::from_utf8(hidden_whole(value.as_bytes())).unwrap(), shown);
        }
        let values = |segment: &str| -> Vec<String> {
            let segment = Segment::new(segment.as_bytes(), b'*');
            called(segment).map(|value| String::from_utf8_lossy(value).into_owned()).collect()
        };
        assert_eq!(values("NM1*IL*1*DOE*JO****34*6661200011"), ["6661200011"]);
        assert_eq!(values("NM1*IL*1*DOE*JO***34*66612000"), ["66612000"]);
        assert_eq!(values("REF*SY*66612000"), ["66612000"]);
        assert!(values("REF*0F*SY*66612000").is_empty() && values("NM1*34*1*DOE").is_empty());
        let stated = stating(&["NM1*IL*1*DOE*JO****34*6661200011"]);
        assert!(stated.is_in(b"6661200011") && stated.is_in(b"666120001"), "with a digit too many, or without it");
        let stated = stating(&["NM1*IL*1*DOE*JO****34*666-12-000"]);
        for (text, shown) in [
            ("`66612000`, as before", "`****2000`, as before"),
            ("666-12-000", "***-*2-000"),
            ("20240114 and 666120", "20240114 and 666120"),
        ] {
            assert_eq!(told(text.to_owned(), false, &stated), shown);
        }
    }

    #[test]
    fn a_form_is_nine_digits_that_no_letter_begins() {
        assert!(["666120001", "666-12-0001", "666120001A", "a 666120001"].iter().all(|text| has_form(text.as_bytes())));
        let others = ["W666120001", "0666120001", "2024-01-15", "804-555-0101", "12345VA0010001", "20240114"];
        assert!(!others.iter().any(|text| has_form(text.as_bytes())));
    }

    #[test]
    fn places_say_whether_a_number_is_a_persons() {
        let is = |segment: &str, in_loop, is_federal| {
            is_persons(Segment::new(segment.as_bytes(), b'*'), in_loop, is_federal)
        };
        for (segment, in_loop) in [
            ("REF*0F*666120001", "2000"),
            ("REF*F6*666120001A", "2000"),
            ("REF*SY*666120001", "2320"),
            ("NM1*IL*1*DOE*JO*****34*666120001", "2100A"),
            ("N1*P5*PAT ROE*FI*666120001", "1000A"),
            ("IK4*2*67*7*666120001", "2110"),
            ("CTX*NM109:666120001", "2110"),
            ("XYZ*666120001", ""),
        ] {
            assert!(is(segment, in_loop, false), "{segment}");
        }
        for (segment, in_loop) in [
            ("N1*IN*ISSUER*FI*123456789", "1000B"),
            ("NM1*PR*2*PAYER*****PI*123456789", "2100A"),
            ("N4*CITY*VA*232201234", "2100A"),
            ("REF*6M*123456789-01", "2750"),
            ("REF*6P*123456789", "2100C"),
        ] {
            assert!(!is(segment, in_loop, false), "{segment}");
        }
        assert!(!is("REF*0F*000500001", "2000", true) && is("REF*ZZ*666120001", "2000", true));
    }

    #[test]
    fn memory_is_bounded_and_the_latest_are_known() {
        let mut stated = Stated::default();
        for number in 0..3 * HALF {
            stated.note(Segment::new(format!("REF*SY*{:09}", 666_000_000 + number).as_bytes(), b'*'), false);
        }
        assert!(stated.latest.len() + stated.earlier.len() <= 2 * HALF);
        assert!(stated.is_in((666_000_000 + 3 * HALF - 1).to_string().as_bytes()));
    }
}
