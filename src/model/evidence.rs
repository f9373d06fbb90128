//! What far sides wrote, as it may be kept and shown.
//!
//! A file, an answer or a status text may hold anybody's name. What of it goes into the ledger, a report, a log or an error
//! went through here: bounded, one line, and masked by its shape (`Aa9`) but for words that are nobody's and for what we
//! sent ourselves.

use super::evidence_words::{is_identifier, is_segment, is_word};
use super::field::Field;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// Foreign text as evidence; only the filter makes one. `Zyxwoman;Qvrtson;219-45-` is `Aaaaaaaa;Aaaaaaa;999-99-`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Evidence(String);

/// Longest evidence, in characters.
const LONGEST: usize = 200;

/// A value of ours is let through where it is at least so long; shorter ones stand in every text by chance.
const SHORTEST_OWN: usize = 3;

/// Digits of a number that is a count or a control number, without leading zeros: a date, a telephone number and an SSN have
/// more.
const MOST_DIGITS: usize = 6;

impl Evidence {
    /// Words of which we sent nothing.
    pub fn of(text: &str) -> Self {
        Self::knowing(text, &[])
    }

    /// Words in which these names and values of ours may stand as they are.
    pub fn knowing(text: &str, own: &[&str]) -> Self {
        let mut kept = String::new();
        let mut length = 0;
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let ours = own_at(rest, own);
            let token = ours.unwrap_or_else(|| token(rest));
            length += token.chars().count();
            if length > LONGEST {
                kept.push('…');
                break;
            }
            if ours.is_some() {
                kept.extend(token.chars().map(printable));
            } else if first.is_alphanumeric() && is_nobodys(token) {
                kept.push_str(token);
            } else {
                kept.extend(token.chars().map(shape));
            }
            rest = rest.get(token.len()..).unwrap_or_default();
        }
        Self(kept)
    }

    /// A code, a segment identifier or a control number of X12: as it is where it looks like one that is nobody's.
    pub fn code(text: &str) -> Self {
        let text = text.trim();
        if is_code(text) { Self(text.to_owned()) } else { Self::of(text) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value of ours that stands at the beginning of a text, whole; the longest.
fn own_at<'t>(text: &'t str, own: &[&str]) -> Option<&'t str> {
    let stands = |value: &&&str| {
        let after = text.strip_prefix(**value).map(|after| after.chars().next());
        value.len() >= SHORTEST_OWN && after.is_some_and(|next| !next.is_some_and(char::is_alphanumeric))
    };
    own.iter().filter(stands).max_by_key(|value| value.len()).and_then(|value| text.get(..value.len()))
}

/// The letters and digits that a text begins with, or its first character where it begins with neither.
fn token(text: &str) -> &str {
    text.get(..run(text)).unwrap_or(text)
}

fn run(text: &str) -> usize {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    if end > 0 { end } else { text.chars().next().map_or(0, char::len_utf8) }
}

/// A character's shape; punctuation of ASCII stays, and nothing that moves or hides text.
pub(super) fn shape(c: char) -> char {
    match c {
        _ if c.is_whitespace() || c.is_control() => ' ',
        _ if c.is_uppercase() => 'A',
        _ if c.is_numeric() => '9',
        _ if c.is_alphabetic() => 'a',
        _ if c.is_ascii() => c,
        _ => '?',
    }
}

fn printable(c: char) -> char {
    if c.is_alphanumeric() { c } else { shape(c) }
}

/// Whether a text is no more than a code, a segment's identifier, a loop's, or a short number.
fn is_code(text: &str) -> bool {
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
    is_plain && (text.len() <= 2 || is_identifier(text) || is_loop(text) || is_short_number(text))
}

fn is_loop(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_uppercase());
    digits.len() == 4 && text.len() <= 6 && digits.starts_with(['1', '2']) && u32::from_str(digits).is_ok()
}

fn is_short_number(text: &str) -> bool {
    text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit()) && text.trim_start_matches('0').len() <= MOST_DIGITS
}

/// Whether a word is one of HTTP, SOAP, SFTP, X12 or our fields.
fn is_nobodys(token: &str) -> bool {
    let of_field = || {
        let parts = |field: &Field| field.name().split(['.', '_']).any(|part| part == token);
        token.bytes().all(|b| b.is_ascii_lowercase()) && Field::ALL.iter().any(parts)
    };
    is_word(token) || is_segment(token) || of_field()
}

#[cfg(test)]
mod tests {
    use super::{Evidence, LONGEST};

    fn of(text: &str) -> String {
        Evidence::of(text).to_string()
    }

    #[test]
    fn everything_that_may_be_somebodys_keeps_its_shape_alone() {
        assert_eq!(of("Zyxwoman;Qvrtson;219-45-"), "Aaaaaaaa;Aaaaaaa;999-99-");
        assert_eq!(of("ÉLODIE straße Ω7 王"), "AAAAAA aaaaaa A9 a");
        assert_eq!(of("77 Realstreet, (804) 333-4444"), "99 Aaaaaaaaaa, (999) 999-9999");
        assert_eq!(of("1961 19611131"), "9999 99999999");
    }

    #[test]
    fn words_of_protocols_and_of_our_fields_stay() {
        assert_eq!(of("500 Internal Server Error"), "999 Internal Server Error");
        assert_eq!(of("Permission denied (ann)"), "Permission denied (aaa)");
        assert_eq!(of("ST*834*0001~BGN*00*LIN"), "ST*999*9999~BGN*99*AAA");
        assert_eq!(of("no such member: birth_date of Annabel"), "no such member: birth_date of Aaaaaaa");
    }

    #[test]
    fn what_was_sent_stays_where_it_stands_whole() {
        let told = Evidence::knowing("user jd-probe: A-17 not known, A-171 neither", &["jd-probe", "A-17", "or"]);
        assert_eq!(told.as_str(), "user jd-probe: A-17 not aaaaa, A-999 aaaaaaa");
    }

    #[test]
    fn nothing_moves_or_hides_text_and_nothing_is_long() {
        assert_eq!(of("a\u{202e}b\u{9b}c\u{1b}[31m\nd"), "a?a a [99a a");
        assert!(Evidence::of(&"x y ".repeat(5000)).as_str().chars().count() <= LONGEST + 1);
        assert!(Evidence::of(&"x".repeat(5000)).as_str().chars().count() <= LONGEST + 1);
    }

    #[test]
    fn codes_and_short_numbers_are_nobodys_and_long_ones_may_be() {
        for code in ["5", "R", "NM1", "IK3", "2100C", "000000905", "0001", "4711"] {
            assert_eq!(Evidence::code(code).as_str(), code);
        }
        for (text, masked) in
            [("219459911", "999999999"), ("19611131", "99999999"), ("ZYXWOMAN", "AAAAAAAA"), ("LEE", "AAA")]
        {
            assert_eq!(Evidence::code(text).as_str(), masked);
        }
    }
}
