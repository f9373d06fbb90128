//! Text in the letters that every system has.

/// Letters without their marks, typographic quotes and dashes as plain ones; what has no plain form is left out.
pub fn in_ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => plain.push(c),
            '‘' | '’' | 'ʻ' | 'ʼ' | '´' => plain.push('\''),
            '“' | '”' => plain.push('"'),
            '–' | '—' | '‐' => plain.push('-'),
            '\u{a0}' => plain.push(' '),
            _ => plain.push_str(without_mark(c)),
        }
    }
    plain
}

/// The plain letters of a Latin letter with a mark.
fn without_mark(c: char) -> &'static str {
    const LETTERS: &[(&str, &str)] = &[
        ("ÀÁÂÃÅĀĂĄ", "A"),
        ("àáâãåāăą", "a"),
        ("Ä", "A"),
        ("ä", "a"),
        ("Æ", "AE"),
        ("æ", "ae"),
        ("ÇĆĈĊČ", "C"),
        ("çćĉċč", "c"),
        ("ĎĐÐ", "D"),
        ("ďđð", "d"),
        ("ÈÉÊËĒĔĖĘĚ", "E"),
        ("èéêëēĕėęě", "e"),
        ("ĜĞĠĢ", "G"),
        ("ĝğġģ", "g"),
        ("ĤĦ", "H"),
        ("ĥħ", "h"),
        ("ÌÍÎÏĨĪĬĮİ", "I"),
        ("ìíîïĩīĭįı", "i"),
        ("Ĵ", "J"),
        ("ĵ", "j"),
        ("Ķ", "K"),
        ("ķ", "k"),
        ("ĹĻĽŁ", "L"),
        ("ĺļľł", "l"),
        ("ÑŃŅŇ", "N"),
        ("ñńņň", "n"),
        ("ÒÓÔÕÖØŌŎŐ", "O"),
        ("òóôõöøōŏő", "o"),
        ("Œ", "OE"),
        ("œ", "oe"),
        ("ŔŖŘ", "R"),
        ("ŕŗř", "r"),
        ("ŚŜŞŠȘ", "S"),
        ("śŝşšș", "s"),
        ("ß", "ss"),
        ("ŢŤŦȚ", "T"),
        ("ţťŧț", "t"),
        ("Þ", "TH"),
        ("þ", "th"),
        ("ÙÚÛÜŨŪŬŮŰŲ", "U"),
        ("ùúûüũūŭůűų", "u"),
        ("Ŵ", "W"),
        ("ŵ", "w"),
        ("ÝŶŸ", "Y"),
        ("ýŷÿ", "y"),
        ("ŹŻŽ", "Z"),
        ("źżž", "z"),
    ];
    LETTERS.iter().find(|(marked, _)| marked.contains(c)).map_or("", |(_, plain)| plain)
}
