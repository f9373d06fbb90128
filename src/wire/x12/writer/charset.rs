//! Text as X12's character set can carry it.
//!
//! Letters with diacritics lose them, letters of other scripts are transliterated, typographic punctuation becomes plain,
//! and what is left outside printable ASCII becomes a question mark (a name must not vanish). Delimiters inside data
//! become blanks.

use crate::wire::x12::Delimiters;

/// Text that the extended character set carries, cut to an element's longest length, without blanks around it.
pub(in crate::wire) fn fit(text: &str, longest: usize) -> String {
    let carried: String = text.trim().chars().flat_map(carry).take(longest).collect();
    carried.trim_end().to_owned()
}

/// An element's bytes: carried by the character set, and no delimiter among them.
pub(super) fn element(text: &str, delimiters: Delimiters) -> impl Iterator<Item = u8> {
    let is_delimiter = move |byte: u8| {
        [delimiters.element, delimiters.segment, delimiters.component].contains(&byte)
            || delimiters.repetition == Some(byte)
    };
    let carried = text.chars().flat_map(carry).filter_map(|c| u8::try_from(c).ok());
    carried.map(move |byte| if is_delimiter(byte) { b' ' } else { byte })
}

fn carry(c: char) -> impl Iterator<Item = char> {
    let plain = match c {
        ' '..='~' => None,
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bb}' | '\u{2bc}' | '\u{2032}' | '´' => Some("'"),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '«' | '»' => Some("\""),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some("-"),
        '\u{2026}' => Some("..."),
        c if c.is_whitespace() || c.is_control() => Some(" "),
        // A combining mark follows the letter that it is on.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{feff}' => Some(""),
        c => Some(in_plain_letters(c)),
    };
    plain.unwrap_or_default().chars().chain(plain.is_none().then_some(c))
}

/// A letter of any script in plain ones, as near as a table comes without knowing the language.
fn in_plain_letters(c: char) -> &'static str {
    let letters = deunicode::deunicode_char(c).map(str::trim_end).unwrap_or_default();
    if c.is_alphabetic() && !letters.is_empty() && letters.is_ascii() { letters } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::{element, fit};
    use crate::wire::x12::Delimiters;

    #[test]
    fn text_is_carried_by_plain_characters_and_cut_at_its_length() {
        assert_eq!(fit(" Müller-Peña ", 60), "Muller-Pena");
        assert_eq!(fit("O’Neal – Łukasz", 60), "O'Neal - Lukasz");
        assert_eq!(fit("Keali\u{2bb}i O´Neal", 60), "Keali'i O'Neal");
        assert_eq!(fit("Иван Γεωργίου", 60), "Ivan Georgiou");
        assert_eq!(fit("王", 60), "Wang");
        assert_eq!(fit("±5€", 60), "?5?");
        assert_eq!(fit("abcdef", 3), "abc");
        assert_eq!(fit("ab cd", 3), "ab");
        assert_eq!(fit("e\u{301}a", 9), "ea");
    }

    #[test]
    fn delimiters_in_data_become_blanks() {
        let bytes: Vec<u8> = element("1*2~3:4^5\n6", Delimiters::default()).collect();
        assert_eq!(bytes, b"1 2 3 4 5 6");
    }
}
