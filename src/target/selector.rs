//! Picking values out of an answer.

use super::css::Css;
use super::json_text::json_of;
use super::path::JsonPath;
use super::xml::{begins_as_xml, xml_of};
use serde_json::Value;
use std::sync::OnceLock;

/// An answer to a request, as selectors see it.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers in order; names in any case.
    pub headers: Vec<(String, String)>,
    /// Body, content encoding undone.
    pub body: Vec<u8>,
    /// The address after redirects.
    pub url: String,
    /// The jar after the answer: names and values.
    pub cookies: Vec<(String, String)>,
    /// The body parsed, once somebody has asked.
    pub(crate) parsed: OnceLock<Option<Value>>,
    /// The same of XML.
    pub(crate) parsed_xml: OnceLock<Option<Value>>,
}

impl Answer {
    /// The body as JSON, where it is.
    pub fn json(&self) -> Option<&Value> {
        self.parsed.get_or_init(|| json_of(&self.body).ok()).as_ref()
    }

    /// The body as XML, where it is, and no page for browsers.
    pub fn xml(&self) -> Option<&Value> {
        let is_xml = || begins_as_xml(&self.body) && !self.is_html_page();
        self.parsed_xml.get_or_init(|| is_xml().then(|| xml_of(&self.body).ok()).flatten()).as_ref()
    }

    /// What a path leads through: JSON, or the elements of XML.
    pub fn document(&self, path: &JsonPath) -> Option<&Value> {
        if path.is_of_elements() { self.xml() } else { self.json() }
    }

    /// What it says as a document, whichever it is: JSON, or the elements of XML that is no page.
    pub fn parsed(&self) -> Option<&Value> {
        self.json().or_else(|| self.xml().filter(|_| !self.is_html_page()))
    }

    /// Whether it is made of elements, as pages and XML are.
    pub fn has_elements(&self) -> bool {
        begins_as_xml(&self.body)
    }

    /// Whether it is a page for browsers: what a login, a proxy or a site under maintenance answers in place of an API.
    pub fn is_html_page(&self) -> bool {
        let beginning = String::from_utf8_lossy(self.body.get(..1024).unwrap_or(&self.body)).to_ascii_lowercase();
        let told = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let is_told = told.is_some_and(|(_, value)| {
            let kind = value.split(';').next().unwrap_or_default().trim();
            ["text/html", "application/xhtml+xml"].iter().any(|html| kind.eq_ignore_ascii_case(html))
        });
        let looks_so = beginning.contains("<html") || beginning.contains("<!doctype html");
        !self.is_empty() && (looks_so || is_told && self.json().is_none())
    }

    /// Whether it is a page for browsers that asks for a password.
    pub fn is_login_page(&self) -> bool {
        let has_field = || {
            let text: String =
                String::from_utf8_lossy(&self.body).chars().filter(|c| !matches!(c, '"' | '\'' | ' ')).collect();
            text.to_ascii_lowercase().contains("type=password")
        };
        self.is_html_page() && has_field()
    }

    /// Whether the body holds nothing but white space.
    pub fn is_empty(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }
}

/// Picks a value out of an answer.
#[derive(Debug, Clone)]
pub enum Selector {
    /// JSONPath over a JSON body (RFC 9535), or a path through the elements of an XML body.
    JsonPath(Box<JsonPath>),
    /// The names under which a JSONPath finds what it leads to.
    Key(Box<JsonPath>),
    /// A header's first value.
    Header(String),
    /// A cookie of the jar after the answer.
    Cookie(String),
    /// Elements of a page.
    Css(Css),
    /// First group of the expression, or the whole match, over the body as text.
    Regex(regex::Regex),
    /// The status code.
    Status,
    /// The address after redirects.
    Url,
}

impl Selector {
    /// The values, in the answer's order; none where there is nothing of the kind.
    pub fn select(&self, answer: &Answer) -> Vec<Value> {
        match self {
            Self::JsonPath(path) => {
                answer.document(path).map_or_else(Vec::new, |body| path.values(body).into_iter().cloned().collect())
            }
            Self::Key(path) => {
                let keys = answer.json().map(|body| path.keys(body)).unwrap_or_default();
                keys.into_iter().map(Value::String).collect()
            }
            Self::Header(name) => {
                let found = answer.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.clone().into()).into_iter().collect()
            }
            Self::Cookie(name) => {
                let found = answer.cookies.iter().find(|(n, _)| n == name);
                found.map(|(_, value)| value.clone().into()).into_iter().collect()
            }
            Self::Regex(expression) => {
                let text = String::from_utf8_lossy(&answer.body);
                expression.captures_iter(&text).filter_map(|c| Some(group_or_match(&c)?.into())).collect()
            }
            Self::Css(css) if answer.has_elements() => {
                css.select(&String::from_utf8_lossy(&answer.body)).into_iter().map(Value::String).collect()
            }
            Self::Css(_) => Vec::new(),
            Self::Status => vec![answer.status.into()],
            Self::Url => vec![answer.url.clone().into()],
        }
    }
}

/// The first group, or the whole match where the expression has no group that took part.
pub(super) fn group_or_match<'t>(captures: &regex::Captures<'t>) -> Option<&'t str> {
    captures.get(1).or_else(|| captures.get(0)).map(|m| m.as_str())
}

/// A JSON value as text: none for `null`, a text without quotes, anything else as JSON writes it.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
