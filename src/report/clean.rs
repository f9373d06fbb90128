//! Text that cannot steer a terminal: what feeds, files and people wrote, with everything written out that is no writing.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text for one line: every control, direction mark and invisible character is written out, such as `\u001b`.
pub fn tame(text: &str) -> Cow<'_, str> {
    written_out(text, is_no_writing)
}

/// Text of lines: as [`tame`], but line feeds and tabs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    written_out(text, steers)
}

/// Bytes of lines, appended: as [`clean`]; what is no UTF-8 becomes U+FFFD.
pub fn clean_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.iter().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
        return out.extend_from_slice(bytes);
    }
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(clean(chunk.valid()).as_bytes());
        if !chunk.invalid().is_empty() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
}

fn written_out(text: &str, is_written_out: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(is_written_out) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_written_out(letter) {
            // The way of JSON, so that a string of JSON says the same as before.
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(clean, "\\u{unit:04x}");
            }
        } else {
            clean.push(letter);
        }
    }
    Cow::Owned(clean)
}

fn steers(letter: char) -> bool {
    !matches!(letter, '\n' | '\t') && is_no_writing(letter)
}

/// Controls (C0, DEL, C1), what turns the direction of writing, ends a line, or has no width.
fn is_no_writing(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_bytes, tame};

    #[test]
    fn what_steers_a_terminal_is_written_out_and_lines_stay() {
        assert_eq!(clean("a\tb\n\u{1b}[31m\u{9b}2J\u{7f}\r"), "a\tb\n\\u001b[31m\\u009b2J\\u007f\\u000d");
        assert_eq!(tame("PASS\nFAKE\t"), "PASS\\u000aFAKE\\u0009");
        for letter in ['\u{200e}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{2028}', '\u{200b}', '\u{feff}', '\u{e0041}']
        {
            assert!(!clean(&format!("a{letter}b")).contains(letter), "{:x}", u32::from(letter));
        }
        assert_eq!(clean("Jos\u{e9} \u{2588} \u{2260}"), "Jos\u{e9} \u{2588} \u{2260}");
    }

    #[test]
    fn a_string_of_json_says_the_same_as_before() {
        let said = "\u{9b}31m\u{202e}\\\u{7f}\u{e0041}\"";
        let json = serde_json::to_string(said).unwrap();
        let cleaned = clean(&json);
        assert!(cleaned.is_ascii(), "{cleaned}");
        assert_eq!(serde_json::from_str::<String>(&cleaned).unwrap(), said);
    }

    #[test]
    fn bytes_that_are_no_utf8_do_not_reach_a_terminal() {
        let mut out = Vec::new();
        clean_bytes(b"a\x9b31m\xc2\x9b\xff\x1bz", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "a\u{fffd}31m\\u009b\u{fffd}\\u001bz");
    }
}
