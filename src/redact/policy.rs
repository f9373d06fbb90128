//! What is kept, and what is replaced by what. What is not on the list is replaced.

use super::known::is_known;
use crate::wire::check::is_known_category;
use crate::wire::x12::same_words;

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It says nothing of a person: a code, an amount, a date of coverage, an organization of the trade.
    Keep,
    /// A code of two characters or so is kept; anything longer is replaced by the same shape.
    KeepCode,
    FirstName,
    LastName,
    Initial,
    Ssn,
    Telephone,
    Email,
    Street,
    City,
    Zip,
    County,
    BirthDate,
    /// A day or a period of coverage; what is none is replaced, and what is too long ago to be one.
    KeepDay,
    /// An amount or a count; what is none, or is as long as somebody's number, is replaced.
    KeepAmount,
    /// Who sends or receives: a number of the trade is kept, and the exchange's own names; any other is replaced by the same one
    /// wherever it stands.
    KeepPartner,
    /// A plan's name or code is kept where every word of it is one of plans or a short code; any other text is replaced.
    KeepPlan,
    /// An application's number with where it came from: the number is replaced, and the code of its origin kept.
    KeepOrigin,
    /// What an answer points at is kept part by part: a segment, a loop, a position, a data element, a code; no word that could be
    /// anybody's.
    KeepPointer,
    /// A control number of digits is kept; any other is replaced by the same one wherever it stands.
    KeepControl,
    Race,
    /// What a receiver complains of: the name of the business unit is kept, its value is not.
    Unit,
    /// An identifier: characters of the same kind and number.
    Identifier,
    /// Anything else: characters of the same kind and number.
    Text,
}

use Treatment::{
    BirthDate, City, County, Email, FirstName, Identifier, Initial, Keep, KeepAmount, KeepCode, KeepControl, KeepDay,
    KeepOrigin, KeepPartner, KeepPlan, KeepPointer, LastName, Race, Ssn, Street, Telephone, Text, Unit, Zip,
};

/// Segments of which every element that a guide has is kept: envelopes, counts, codes, amounts and dates of coverage.
const KEPT: &[&[u8]] = &[
    b"ISA", b"IEA", b"GS", b"GE", b"ST", b"SE", b"TA1", b"LX", b"LS", b"LE", b"HLH", b"HL", b"AK1", b"AK2", b"AK9",
    b"IK5", b"EQ", b"AAA",
];

/// Control numbers of envelopes, and where acknowledgements repeat them.
const CONTROLS: &[(&[u8], usize)] =
    &[(b"ISA", 13), (b"IEA", 2), (b"GS", 6), (b"GE", 2), (b"ST", 2), (b"SE", 2), (b"AK1", 2), (b"AK2", 2), (b"TA1", 1)];

/// What becomes of an element, by its segment, its number and what stands before it.
pub(super) fn treatment(segment: &[&[u8]], number: usize, category: &[u8]) -> Treatment {
    match listed(segment, number, category) {
        // What no guide has at this place is kept for nothing: it may be a name.
        Keep | KeepAmount | KeepCode | KeepControl | KeepDay | KeepOrigin | KeepPartner | KeepPlan | KeepPointer
        | Unit
            if !is_known(segment.first().copied().unwrap_or_default(), number) =>
        {
            Text
        }
        listed => listed,
    }
}

fn listed(segment: &[&[u8]], number: usize, category: &[u8]) -> Treatment {
    let element = |at: usize| segment.get(at).copied().unwrap_or_default();
    let id = element(0);
    // What opens somebody's mailbox is no part of what a file says.
    if id == b"ISA" && matches!(number, 2 | 4) {
        return Text;
    }
    if CONTROLS.contains(&(id, number)) {
        return KeepControl;
    }
    // who sends gives them as it likes, be it after the person of whom the set tells
    if id == b"BGN" && matches!(number, 2 | 6) {
        return if is_as_long_as_an_ssn(element(number)) { Identifier } else { KeepControl };
    }
    if KEPT.contains(&id) && !is_partner(id, number) {
        return Keep;
    }
    // What an identifier, a free text or a date of a person is; the rest of these segments are codes.
    match (id, number) {
        (b"BHT" | b"PRV", 3) | (b"COB", 2) | (b"TRN", 2..) | (b"REF", 3..) => Identifier,
        (b"INS", 12) => BirthDate,
        (b"BHT", 1 | 2) => Keep,
        (b"CTX", 1) => Unit,
        (b"ICM" | b"AMT" | b"QTY", 1) => KeepCode,
        (b"AMT" | b"QTY", 2) => KeepAmount,
        // The day somebody died is a day of that person.
        (b"DTP", 3) if element(1) == b"442" => BirthDate,
        (b"HD", 4) | (b"EB", 5) | (b"IDC", 1) => KeepPlan,
        (b"LUI", 3) | (b"IK4" | b"AK4", 4) | (b"DSB", 8) => Text,
        (b"CTX" | b"IK3" | b"AK3" | b"IK4" | b"AK4", _) => KeepPointer,
        (b"ISA" | b"GS", _) if is_partner(id, number) => KeepPartner,
        (b"REF", 2) => reference(element(1), category),
        _ => of_segment(segment, number),
    }
}

fn is_as_long_as_an_ssn(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits == 9 && value.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b' '))
}

fn is_partner(segment: &[u8], number: usize) -> bool {
    matches!((segment, number), (b"ISA", 6 | 8) | (b"GS", 2 | 3))
}

/// What becomes of an element of a segment that has a list of its own, or of none.
fn of_segment(segment: &[&[u8]], number: usize) -> Treatment {
    let element = |at: usize| segment.get(at).copied().unwrap_or_default();
    match element(0) {
        b"NM1" => name(element(1), element(2), element(8), number),
        b"N1" => party(element(1), element(3), number, element(2)),
        b"N3" => Street,
        b"N4" => place(number),
        b"PER" => contact(segment, number),
        b"DMG" => demographics(number),
        // codes, times, and days of coverage
        b"DTP" if number == 3 => KeepDay,
        b"BGN" | b"DTP" | b"PLA" | b"LUI" | b"AK5" => Keep,
        b"BHT" if number > 3 => Keep,
        b"BHT" | b"INS" | b"EC" | b"REF" | b"HD" | b"COB" | b"DSB" | b"TRN" | b"EB" | b"HSD" | b"IDC" | b"PRV" => {
            KeepCode
        }
        _ => Text,
    }
}

/// Reporting categories whose values are the same for many people.
const KEPT_CATEGORIES: &[&[u8]] = &[
    b"PRE AMT 1",
    b"PRE AMT TOT",
    b"APTC AMT",
    b"CSR AMT",
    b"TOT RES AMT",
    b"TOT EMP RES AMT",
    b"OTH PAY AMT 1",
    b"OTH PAY AMT 2",
    b"RATING AREA",
    b"SOURCE EXCHANGE ID",
    b"ADDL MAINT REASON",
    b"SEP REASON",
    b"REQUEST SUBMIT TIMESTAMP",
    b"ISFFM",
];

fn is_kept(category: &[u8]) -> bool {
    KEPT_CATEGORIES.iter().any(|known| same_words(category, known))
}

/// Plan ids and the values of categories that are the same for many people are kept.
fn reference(qualifier: &[u8], category: &[u8]) -> Treatment {
    match qualifier {
        _ if is_kept(category) => Keep,
        b"6M" if same_words(category, b"APPLICATION ID AND ORIGIN") => KeepOrigin,
        _ if !category.is_empty() => Identifier,
        b"CE" => Keep,
        b"SY" => Ssn,
        _ => Identifier,
    }
}

fn name(entity: &[u8], kind: &[u8], qualifier: &[u8], number: usize) -> Treatment {
    // Payers are organizations whose names are in every envelope; somebody's other insurer is told of that person alone.
    let is_payer = kind == b"2" && entity == b"PR";
    match number {
        1 | 2 | 6 | 7 | 8 | 10 => KeepCode,
        _ if is_payer => Keep,
        3 => LastName,
        4 => FirstName,
        5 => Initial,
        9 if qualifier == b"34" => Ssn,
        9 => Identifier,
        _ => Text,
    }
}

fn party(entity: &[u8], qualifier: &[u8], number: usize, name: &[u8]) -> Treatment {
    match (entity, number) {
        (_, 1 | 3 | 5 | 6) => KeepCode,
        (b"IN", _) => Keep,
        // A name that nobody knows could be anybody's.
        (b"75", 2) if is_known_category(name) => Keep,
        (b"P5", 2) => LastName,
        (b"P5", 4) if qualifier == b"FI" => Ssn,
        (_, 4) => Identifier,
        _ => Text,
    }
}

fn place(number: usize) -> Treatment {
    match number {
        1 => City,
        2 | 4 | 5 | 7 => KeepCode,
        3 => Zip,
        6 => County,
        _ => Text,
    }
}

fn contact(segment: &[&[u8]], number: usize) -> Treatment {
    let kind = segment.get(number.saturating_sub(1)).copied().unwrap_or_default();
    match number {
        1 | 3 | 5 | 7 => KeepCode,
        2 => LastName,
        4 | 6 | 8 => match kind {
            b"EM" => Email,
            b"TE" | b"AP" | b"HP" | b"WP" | b"CP" | b"BN" | b"FX" => Telephone,
            _ => Text,
        },
        _ => Text,
    }
}

fn demographics(number: usize) -> Treatment {
    match number {
        2 => BirthDate,
        5 => Race,
        1 | 3 | 4 | 6 | 10 => KeepCode,
        _ => Text,
    }
}
