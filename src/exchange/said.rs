//! What an answer said, as far as it may be kept: bounded, on one line, and masked but for words that are nobody's or that we
//! sent ourselves.

use crate::net::Request;
use crate::target::{Answer, Evidence};
use std::collections::BTreeSet;

/// So much of an answer is looked at: what is kept of it is far shorter.
const LOOKED_AT: usize = 4096;
/// So much of what was sent is known again in an answer.
const MOST_WORDS: usize = 2000;

/// The words of a request, those of secrets apart: an answer that says them says nothing of anybody else. `clean` takes secrets
/// out.
pub(super) fn words_of(request: &Request, clean: impl Fn(&str) -> String) -> Vec<String> {
    let body = request.body.as_ref().map(|body| String::from_utf8_lossy(&body.bytes)).unwrap_or_default();
    let text = clean(&format!("{} {body}", request.url));
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.into_iter().take(MOST_WORDS).map(str::to_owned).collect()
}

/// What an answer said beside its status, to follow what is wrong with it; empty where it said nothing.
pub(super) fn said(answer: &Answer, sent: &[String]) -> String {
    let beginning = answer.body.get(..LOOKED_AT).unwrap_or(&answer.body);
    let text = String::from_utf8_lossy(beginning);
    let own: Vec<&str> = sent.iter().map(String::as_str).collect();
    let text = if is_markup(&text) { without_tags(&text) } else { text.into_owned() };
    let kept = Evidence::knowing(&text.split_whitespace().collect::<Vec<_>>().join(" "), &own);
    if kept.is_empty() { String::new() } else { format!("; it said: {kept}") }
}

/// What kind of answer it is, for who expected another.
pub(super) fn kind_of(answer: &Answer) -> String {
    let is_xml = answer.body.trim_ascii_start().starts_with(b"<?xml") || answer.xml().is_some();
    let told = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let told = told.map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match told.as_deref() {
        _ if answer.is_empty() => "empty".to_owned(),
        _ if answer.is_html_page() => "an HTML page".to_owned(),
        _ if is_xml => "XML".to_owned(),
        _ if answer.json().is_some() => "a single JSON value".to_owned(),
        Some(told) if told.len() < 60 => format!("no JSON (`{}`)", Evidence::of(told)),
        _ => "no JSON".to_owned(),
    }
}

fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// The text of a page: tags away, and what browsers do not show.
fn without_tags(page: &str) -> String {
    let mut told = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        told.push_str(before);
        told.push(' ');
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        let end = if matches!(name.as_str(), "script" | "style") { format!("</{name}") } else { ">".to_owned() };
        let ended = tag.to_ascii_lowercase().find(&end);
        rest = ended.and_then(|at| tag.get(at + end.len()..)).unwrap_or_default();
        rest = rest.strip_prefix('>').unwrap_or(rest);
    }
    told.push_str(rest);
    told
}

#[cfg(test)]
mod tests {
    use super::{kind_of, said, words_of};
    use crate::net::{Payload, Request};
    use crate::target::Answer;
    use std::time::Duration;

    fn answer(body: &str) -> Answer {
        Answer { body: body.as_bytes().to_vec(), ..Answer::default() }
    }

    fn sent() -> Vec<String> {
        let mut request = Request::new("POST", "http://a.test/apply".to_owned(), Duration::from_secs(1));
        let bytes = r#"{"postalCode": "23219", "password": "planted-secret"}"#.into();
        request.body = Some(Payload { content_type: "application/json".to_owned(), bytes });
        words_of(&request, |text| text.replace("planted-secret", "[REDACTED]"))
    }

    #[test]
    fn what_a_refusal_says_of_our_own_is_kept_and_of_anybody_else_its_shape() {
        let told =
            said(&answer(r#"{"error": "postalCode 23219 is invalid, planted; see Zyx Qvrt 219-45-9911"}"#), &sent());
        assert!(told.starts_with(r#"; it said: {"error": "postalCode 23219 is invalid, aaaaaaa;"#), "{told}");
        assert!(told.ends_with(r#"Aaa Aaaa 999-99-9999"}"#), "{told}");
        assert_eq!(said(&answer(""), &sent()), "");
        assert!(said(&answer(&"x ".repeat(50_000)), &sent()).len() < 300);
    }

    #[test]
    fn a_page_is_told_by_its_text() {
        let page =
            "<html><head><style>p {}</style><script>if (a < b) {}</script></head>\n<body><p>Bad  <b>request</b></p>";
        assert_eq!(said(&answer(page), &[]), "; it said: Bad request");
        assert_eq!(said(&answer("<"), &[]), "");
    }

    #[test]
    fn an_answer_that_is_no_json_is_called_what_it_is() {
        for (body, kind) in [
            ("", "empty"),
            ("<!DOCTYPE html><p>x", "an HTML page"),
            ("<?xml version='1.0'?><a/>", "XML"),
            ("7", "a single JSON value"),
            ("hello", "no JSON"),
        ] {
            assert_eq!(kind_of(&answer(body)), kind);
        }
    }
}
