//! Text as X12's character set can carry it.
//!
//! Letters with diacritics lose them, typographic punctuation becomes plain, and what is left outside printable ASCII
//! becomes a question mark (a name must not vanish, nor grow). Delimiters inside data become blanks.

use crate::wire::x12::Delimiters;

/// Text that the extended character set carries, cut to an element's longest length, without blanks around it.
pub(super) fn fit(text: &str, longest: usize) -> String {
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
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '´' => Some("'"),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '«' | '»' => Some("\""),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some("-"),
        '\u{2026}' => Some("..."),
        c if c.is_whitespace() || c.is_control() => Some(" "),
        // A combining mark follows the letter that it is on.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{feff}' => Some(""),
        c => Some(without_diacritics(c)),
    };
    plain.unwrap_or_default().chars().chain(plain.is_none().then_some(c))
}

/// The letters of Latin-1 and Latin Extended-A.
fn without_diacritics(c: char) -> &'static str {
    match c {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ª' => "a",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'º' => "o",
        'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ý' | 'Ÿ' | 'Ŷ' => "Y",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'Ð' | 'Ď' | 'Đ' => "D",
        'ð' | 'ď' | 'đ' => "d",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        c => without_diacritics_rare(c),
    }
}

fn without_diacritics_rare(c: char) -> &'static str {
    match c {
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĥ' | 'Ħ' => "H",
        'ĥ' | 'ħ' => "h",
        'Ĵ' => "J",
        'ĵ' => "j",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ŵ' => "W",
        'ŵ' => "w",
        'Æ' => "AE",
        'æ' => "ae",
        'Œ' => "OE",
        'œ' => "oe",
        'Þ' => "Th",
        'þ' => "th",
        'ß' => "ss",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::{element, fit};
    use crate::wire::x12::Delimiters;

    #[test]
    fn text_is_carried_by_plain_characters_and_cut_at_its_length() {
        assert_eq!(fit(" Müller-Peña ", 60), "Muller-Pena");
        assert_eq!(fit("O’Neal – Łukasz", 60), "O'Neal - Lukasz");
        assert_eq!(fit("Иван", 60), "????");
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
