//! JSON as answers hold it: ids may be bare numbers longer than any number of a machine, and keep their digits.

use serde_json::Value;
use std::borrow::Cow;

/// So many digits fit whole into what a JSON number becomes; one more may.
const FITTING: usize = 18;

/// The value in a text; a whole number of more digits than a machine's number holds is a text of these digits.
pub fn json_of(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(&with_long_numbers_quoted(text))
}

fn with_long_numbers_quoted(text: &[u8]) -> Cow<'_, [u8]> {
    let mut quoted: Option<Vec<u8>> = None;
    let (mut at, mut copied) = (0, 0);
    while let Some(byte) = text.get(at) {
        let end = match byte {
            b'"' => end_of_text(text, at),
            b'-' | b'0'..=b'9' => end_of_number(text, at),
            _ => at + 1,
        };
        let token = text.get(at..end).unwrap_or_default();
        if is_long(token) {
            let into = quoted.get_or_insert_default();
            into.extend_from_slice(text.get(copied..at).unwrap_or_default());
            into.push(b'"');
            into.extend_from_slice(token);
            into.push(b'"');
            copied = end;
        }
        at = end;
    }
    match quoted {
        Some(mut quoted) => {
            quoted.extend_from_slice(text.get(copied..).unwrap_or_default());
            Cow::Owned(quoted)
        }
        None => Cow::Borrowed(text),
    }
}

fn is_long(token: &[u8]) -> bool {
    let digits = token.strip_prefix(b"-").unwrap_or(token);
    let may_be = digits.len() > FITTING && digits.iter().all(u8::is_ascii_digit) && digits.first() != Some(&b'0');
    let fits = |text: &str| text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok();
    may_be && !std::str::from_utf8(token).is_ok_and(fits)
}

/// Behind the text that begins here.
fn end_of_text(text: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    loop {
        match text.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') => return at + 1,
            Some(_) => at += 1,
            None => return text.len(),
        }
    }
}

fn end_of_number(text: &[u8], from: usize) -> usize {
    let goes_on = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    from + text.iter().skip(from).take_while(|byte| goes_on(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::json_of;
    use serde_json::json;

    #[test]
    fn ids_that_are_bare_numbers_keep_every_digit_and_nothing_else_changes() {
        let long = "123456789012345678901234567890";
        let text = format!(r#"{{"a\\": {long}, "b": [-{long},{long}], "c": "say \"{long}\"", "d": 12.5, "e": 1e3}}"#);
        let read = json_of(text.as_bytes()).unwrap();
        let expected = json!({
            "a\\": long, "b": [format!("-{long}"), long], "c": format!("say \"{long}\""), "d": 12.5, "e": 1e3
        });
        assert_eq!(read, expected);
        assert_eq!(json_of(b"123456789012345678").unwrap(), json!(123_456_789_012_345_678_u64));
        assert_eq!(json_of(b"18446744073709551615").unwrap(), json!(u64::MAX));
        assert_eq!(json_of(b"18446744073709551616").unwrap(), json!("18446744073709551616"));
        for broken in ["{", "\"", "\"\\", "0123456789012345678901", "<html>", ""] {
            assert!(json_of(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
