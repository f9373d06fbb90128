//! The data element dictionary (X12.3, release 005010): type and length of every element that a table names.
#![expect(clippy::match_same_arms, reason = "rows of a dictionary, grouped as a reader looks them up")]

/// What an element's characters must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Characters of the character set.
    Text,
    /// A code of a list.
    Code,
    /// A whole number; sign allowed.
    Integer,
    /// A number with an explicit decimal point where there are decimals.
    Decimal,
    /// A day: CCYYMMDD, or YYMMDD in interchange headers.
    Date,
    /// A time: HHMM, HHMMSS and hundredths.
    Time,
    /// Day or period, as the format qualifier before it says (elements 1250 and 1251).
    Period,
}

/// Type and length of a data element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Data {
    /// Type.
    pub kind: Kind,
    /// Fewest characters.
    pub shortest: u16,
    /// Most characters; sign and decimal point of a number do not count.
    pub longest: u16,
}

/// Elements of the interchange segments, which the dictionary numbers I01 and so on, stand from here on.
const INTERCHANGE: u16 = 9000;

/// What the dictionary says of an element. One that it lacks is any text.
pub const fn data(number: u16) -> Data {
    let (kind, shortest, longest) = row(number);
    Data { kind, shortest, longest }
}

const fn row(number: u16) -> (Kind, u16, u16) {
    match number {
        1..=999 => three_digits(number),
        9001..=9099 => interchange(number - INTERCHANGE),
        _ => four_digits(number),
    }
}

/// Elements 1 to 999.
const fn three_digits(number: u16) -> (Kind, u16, u16) {
    use Kind::{Code, Date, Decimal, Integer, Text, Time};
    match number {
        2 | 97 | 123 | 554 | 719 => (Integer, 1, 6),
        28 | 118 | 609 => (Integer, 1, 9),
        722 => (Integer, 1, 2),
        725 => (Integer, 1, 4),
        96 => (Integer, 1, 10),
        65 => (Decimal, 1, 8),
        81 | 954 => (Decimal, 1, 10),
        380 => (Decimal, 1, 15),
        782 => (Decimal, 1, 18),
        373 => (Date, 8, 8),
        337 => (Time, 4, 8),
        19 => (Text, 2, 30),
        61 | 310 => (Text, 1, 30),
        67 => (Text, 2, 80),
        352 => (Text, 1, 80),
        93 => (Text, 1, 60),
        127 => (Text, 1, 50),
        124 | 142 => (Text, 2, 15),
        166 => (Text, 1, 55),
        329 => (Text, 4, 9),
        364 => (Text, 1, 256),
        443 => (Text, 1, 20),
        447 => (Text, 1, 4),
        480 => (Text, 1, 12),
        508 => (Text, 1, 35),
        509 => (Text, 10, 10),
        628 => (Text, 1, 12),
        724 => (Text, 1, 99),
        116 => (Code, 3, 15),
        26 | 98 | 128 | 721 => (Code, 2, 3),
        355 | 901 => (Code, 2, 2),
        889 => (Code, 1, 1),
        735 | 679 => (Code, 1, 2),
        615 | 678 => (Code, 1, 2),
        234 => (Text, 1, 48),
        933 => (Text, 1, 264),
        559 => (Code, 2, 2),
        100 | 143 | 374 | 875 => (Code, 3, 3),
        156 | 353 | 366 | 365 | 479 | 584 | 623 | 640 | 673 | 706 | 786 | 235 => (Code, 2, 2),
        66 | 107 | 309 | 306 | 455 | 481 | 659 => (Code, 1, 2),
        478 | 594 | 715 | 717 | 736 => (Code, 1, 1),
        616 => (Integer, 1, 3),
        522 | 569 | 618 | 620 | 621 | 716 | 718 | 720 | 723 => (Code, 1, 3),
        _ => (Text, 1, 80),
    }
}

/// Elements from 1000 on.
const fn four_digits(number: u16) -> (Kind, u16, u16) {
    use Kind::{Code, Decimal, Integer, Period, Text};
    match number {
        1005 => (Code, 4, 4),
        1035 => (Text, 1, 60),
        1036 | 1705 => (Text, 1, 35),
        1037 => (Text, 1, 25),
        1038 | 1039 => (Text, 1, 10),
        1065 | 1068 | 1067 | 1073 | 1109 | 1138 | 1143 | 1146 | 1154 | 1165 | 1201 | 1209 | 1212 | 1213 | 1215
        | 1216 | 1218 | 1220 | 1476 | 1701 => (Code, 1, 1),
        1066 | 1161 | 1219 | 1303 | 1365 | 1390 => (Code, 1, 2),
        1069 => (Code, 2, 2),
        1137 => (Text, 1, 15),
        1149 => (Code, 4, 6),
        1176 | 1203 | 1205 | 1211 | 1250 => (Code, 2, 3),
        1204 => (Text, 1, 50),
        1207 => (Code, 3, 3),
        1214 => (Text, 1, 5),
        1221 => (Code, 1, 3),
        1251 => (Period, 1, 35),
        1270 | 1715 => (Code, 1, 3),
        1271 => (Text, 1, 30),
        1136 | 1596 => (Code, 1, 2),
        1167 => (Decimal, 1, 6),
        1223 => (Code, 3, 3),
        1328 => (Integer, 1, 2),
        1339 => (Text, 2, 2),
        1595 => (Code, 1, 1),
        1470 => (Integer, 1, 9),
        1528 => (Integer, 1, 2),
        1686 => (Integer, 1, 4),
        1336 => (Code, 1, 3),
        1314 => (Decimal, 1, 10),
        9998 | 9999 => (Text, 1, 35),
        _ => (Text, 1, 80),
    }
}

/// Elements of the interchange segments.
const fn interchange(number: u16) -> (Kind, u16, u16) {
    use Kind::{Code, Date, Integer, Text, Time};
    match number {
        1 | 3 | 5 => (Code, 2, 2),
        2 | 4 => (Text, 10, 10),
        6 | 7 => (Text, 15, 15),
        8 => (Date, 6, 6),
        9 => (Time, 4, 4),
        11 => (Code, 5, 5),
        12 => (Integer, 9, 9),
        13 | 14 | 17 => (Code, 1, 1),
        15 | 65 => (Text, 1, 1),
        16 => (Integer, 1, 5),
        18 => (Code, 3, 3),
        _ => (Text, 1, 80),
    }
}
