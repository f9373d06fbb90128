//! How letters may be written differently: accents, quotation marks, scripts.

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

/// A letter of any script without its accents, as Unicode takes it apart; a final sigma is a sigma.
pub(super) fn bare(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let mut base = letter;
    loop {
        base = match CanonicalDecompositionBorrowed::new().decompose(base) {
            Decomposed::Expansion(first, accent) if is_combining(accent) => first,
            Decomposed::Singleton(same) => same,
            _ if base == 'ς' => return 'σ',
            _ => return base,
        };
    }
}

/// An accented Latin letter without its accent, upper case; two spellings where languages disagree (`ü`: `U`, `UE`).
pub(super) fn base_letters(letter: char) -> Option<(&'static str, &'static str)> {
    let one = |base: &'static str| Some((base, base));
    match letter {
        'ä' | 'Ä' => Some(("A", "AE")),
        'ö' | 'Ö' | 'ø' | 'Ø' => Some(("O", "OE")),
        'ü' | 'Ü' => Some(("U", "UE")),
        'å' | 'Å' => Some(("A", "AA")),
        'æ' | 'Æ' => one("AE"),
        'œ' | 'Œ' => one("OE"),
        'ß' | 'ẞ' => one("SS"),
        'þ' | 'Þ' => one("TH"),
        'À'..='Ã' | 'à'..='ã' | 'Ā' | 'ā' | 'Ă' | 'ă' | 'Ą' | 'ą' => one("A"),
        'Ç' | 'ç' | 'Ć' | 'ć' | 'Č' | 'č' => one("C"),
        'Ð' | 'ð' | 'Ď' | 'ď' | 'Đ' | 'đ' => one("D"),
        'È'..='Ë' | 'è'..='ë' | 'Ē' | 'ē' | 'Ę' | 'ę' | 'Ě' | 'ě' | 'Ė' | 'ė' => one("E"),
        'Ğ' | 'ğ' => one("G"),
        'Ì'..='Ï' | 'ì'..='ï' | 'Ī' | 'ī' | 'İ' | 'ı' => one("I"),
        'Ł' | 'ł' | 'Ľ' | 'ľ' => one("L"),
        'Ñ' | 'ñ' | 'Ń' | 'ń' | 'Ň' | 'ň' => one("N"),
        'Ò'..='Õ' | 'ò'..='õ' | 'Ō' | 'ō' | 'Ő' | 'ő' => one("O"),
        'Ř' | 'ř' => one("R"),
        'Ś' | 'ś' | 'Š' | 'š' | 'Ş' | 'ş' | 'Ș' | 'ș' => one("S"),
        'Ť' | 'ť' | 'Ţ' | 'ţ' | 'Ț' | 'ț' => one("T"),
        'Ù'..='Û' | 'ù'..='û' | 'Ū' | 'ū' | 'Ů' | 'ů' | 'Ű' | 'ű' => one("U"),
        'Ý' | 'ý' | 'ÿ' | 'Ÿ' => one("Y"),
        'Ź' | 'ź' | 'Ż' | 'ż' | 'Ž' | 'ž' => one("Z"),
        _ => None,
    }
}

/// Whether it is an accent that stands behind its letter (decomposed Unicode).
pub(super) fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// Whether nobody sees it: blanks of no width.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200d}' | '\u{feff}')
}

/// Whether it is one of the marks that stand for an apostrophe.
pub(super) fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '′')
}

/// Whether the text holds letters that are neither Latin nor accented Latin, so that an X12 file can at best carry a
/// transliteration.
pub(super) fn is_other_script(text: &str) -> bool {
    // U+02BB and U+02BC are letters to Unicode
    let is_other = |c: char| c.is_alphabetic() && base_letters(c).is_none() && c as u32 > 0x24f;
    text.chars().any(|c| is_other(c) && !is_apostrophe(c))
}

/// An application's id without its origin, which the exchange writes behind it in its files (`123456789-01`, CMS companion
/// guide v7.2 p. 109) and seldom shows elsewhere.
pub(super) fn without_origin(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((own, origin)) if own.len() >= 6 && origin.len() == 2 && origin.bytes().all(|b| b.is_ascii_digit()) => own,
        _ => id,
    }
}

/// The letters and digits that decide whether two names may be one person's: upper case, without accents, punctuation and
/// blanks.
pub(super) fn skeleton(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(|letter| {
        let folded = if letter.is_ascii() { None } else { base_letters(letter).map(|(base, _)| base) };
        let plain = (folded.is_none() && letter.is_alphanumeric() && !is_apostrophe(letter))
            .then(|| bare(letter).to_uppercase());
        folded.into_iter().flat_map(str::chars).chain(plain.into_iter().flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::{is_other_script, skeleton};

    #[test]
    fn skeletons_ignore_case_accents_and_punctuation() {
        let of = |text: &str| skeleton(text).collect::<String>();
        assert_eq!(of("O'Neal-Peña Jr."), "ONEALPENAJR");
        assert_eq!(of("Müller"), of("MULLER"));
        assert_eq!(of("Mu\u{308}ller"), of("Müller"));
        assert_eq!(of("Keali\u{2bb}i"), of("Keali'i"));
        assert_eq!(of("Γεωργίου"), of("ΓΕΩΡΓΙΟΥ"));
        assert_eq!(of("Μαΐστρος"), of("ΜΑΙΣΤΡΟΣ"));
        assert!(
            is_other_script("Иванова")
                && !is_other_script("Peña")
                && !is_other_script("MÃ©ndez")
                && !is_other_script("Keali\u{2bb}i")
        );
    }
}
