//! The pages of an answer: where the next one is, as the target says, and what they come to together.

use super::mapping::items;
use super::paging::incomplete_by;
use crate::net::{Payload, is_same_host};
use crate::target::{Answer, Dialect, Next, NextBy};
use serde_json::Value as Json;
use std::borrow::Cow;
use url::Url;

/// The request of a page.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) path: String,
    pub(super) body: Option<Payload>,
}

/// What follows an answer.
#[derive(Debug)]
pub(super) enum Then {
    /// This page.
    Page(Page),
    /// Nothing: it was the last one.
    End,
    /// Nobody knows, in these words.
    Unknown(String),
}

impl Page {
    /// The first page of a question, which of numbered pages says its number.
    pub(super) fn first(self, next: Option<&Next>) -> Self {
        match next.map(|next| &next.by) {
            Some(NextBy::Number { name, from }) => self.with(name, &from.to_string()),
            _ => self,
        }
    }

    /// The same request where a parameter says this: in the body where there is one, else in the query.
    fn with(mut self, name: &str, value: &str) -> Self {
        match self.body.take() {
            Some(body) if body.content_type.contains("form-urlencoded") => {
                let form = with_parameter(&String::from_utf8_lossy(&body.bytes), name, value);
                self.body = Some(Payload { bytes: form.into_bytes().into(), ..body });
            }
            Some(body) => {
                let mut json: Json = serde_json::from_slice(&body.bytes).unwrap_or_default();
                put(&mut json, name, value);
                self.body = Some(Payload { bytes: json.to_string().into_bytes().into(), ..body });
            }
            None => {
                let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
                self.path = format!("{path}?{}", with_parameter(query, name, value));
            }
        }
        self
    }
}

/// A query or form with this parameter, in place of what it said of it before.
fn with_parameter(query: &str, name: &str, value: &str) -> String {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let says = |pair: &&str| pair.split('=').next().is_some_and(|said| said == name || said == encoded(name));
    let mut pairs: Vec<Cow<'_, str>> =
        query.split('&').filter(|pair| !pair.is_empty() && !says(pair)).map(Cow::from).collect();
    pairs.push(format!("{}={}", encoded(name), encoded(value)).into());
    pairs.join("&")
}

/// Puts a value where dotted names lead (`variables.after`); a number where one stood before.
fn put(json: &mut Json, name: &str, value: &str) {
    let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
    if !json.is_object() {
        *json = Json::Object(serde_json::Map::new());
    }
    let Some(fields) = json.as_object_mut() else { return };
    let field = fields.entry(first.to_owned()).or_insert(Json::Null);
    if let Some(rest) = rest {
        return put(field, rest, value);
    }
    let number = field.is_number().then(|| value.parse::<u64>().ok()).flatten();
    *field = number.map_or_else(|| Json::from(value), Json::from);
}

/// What follows this answer, the `n`-th (from 1) to a question at this address. `before`: the answers before it.
pub(super) fn after(
    next: &Next,
    (asked, at): (&Page, &str),
    (n, answer, body): (u32, &Answer, &Json),
    (dialect, before): (&Dialect, &[Json]),
) -> Then {
    let then = match &next.by {
        NextBy::Address(path) => match text_at(path.values(body)) {
            Some(address) => led_to(&address, at, asked),
            None => Then::End,
        },
        NextBy::Link => match link(answer) {
            Some(address) => led_to(&address, at, asked),
            None => Then::End,
        },
        NextBy::Cursor { path, name } => match text_at(path.values(body)) {
            Some(cursor) => Then::Page(asked.clone().with(name, &cursor)),
            None => Then::End,
        },
        NextBy::Number { name, from } => {
            let is_empty = dialect.records.query(body).into_iter().flat_map(items).next().is_none();
            // whoever knows no such page shows the last one, or the first, again
            if is_empty || before.last().is_some_and(|last| same_records(dialect, last, body)) {
                Then::End
            } else {
                Then::Page(asked.clone().with(name, &from.saturating_add(n).to_string()))
            }
        }
    };
    match then {
        Then::Page(_) if n >= next.most => Then::Unknown(format!(
            "it has more than {} pages (`pages` of `next`), and the rest was not asked for: {}",
            next.most,
            page_words(&next.by)
        )),
        then => then,
    }
}

fn page_words(by: &NextBy) -> &'static str {
    match by {
        NextBy::Address(_) | NextBy::Link => "its next address is still there",
        NextBy::Cursor { .. } => "its cursor is still there",
        NextBy::Number { .. } => "its latest page still shows records",
    }
}

/// By what pages are together not the whole answer, though the target says that there is no other.
pub(super) fn incomplete(dialect: &Dialect, last: &Answer, pages: &[Json]) -> Option<String> {
    let body = pages.last()?;
    let found: Vec<&Json> = pages.iter().flat_map(|page| dialect.records.query(page)).flat_map(items).collect();
    incomplete_by(last, body, &found)
}

/// Without a last page that shows the one before again, since there is none of its number. In words what that may mean, where the first
/// page was shown again at once: whoever does not know the name of the number shows it to every question.
pub(super) fn without_repeated(next: &Next, dialect: &Dialect, pages: &mut Vec<Json>) -> Option<String> {
    let is_again = |[one, other]: &[Json; 2]| same_records(dialect, one, other);
    let NextBy::Number { name, .. } = &next.by else { return None };
    if !pages.last_chunk().is_some_and(is_again) {
        return None;
    }
    pages.pop();
    (pages.len() == 1).then(|| {
        format!(
            "its second page showed the same records as its first, and was taken for the end: where there are more of them, see what the \
             target's `next` calls the number of a page (`{name}`)"
        )
    })
}

/// Whether two pages show the same records.
fn same_records(dialect: &Dialect, one: &Json, other: &Json) -> bool {
    dialect.records.query(one) == dialect.records.query(other)
}

fn text_at(found: Vec<&Json>) -> Option<String> {
    found.into_iter().find_map(|value| match value {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// The address that the `Link` header calls the next one (RFC 8288).
fn link(answer: &Answer) -> Option<String> {
    let links = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    let is_next = |link: &str| {
        link.split(';').skip(1).map(|part| part.trim().to_ascii_lowercase()).any(|part| {
            part.strip_prefix("rel=").is_some_and(|rel| rel.trim_matches('"').split(' ').any(|rel| rel == "next"))
        })
    };
    let address = |link: &str| Some(link.split_once('<')?.1.split_once('>')?.0.trim().to_owned());
    links.flat_map(|(_, value)| value.split(',')).filter(|link| is_next(link)).find_map(address)
}

/// Where an answer says that the next page is: at the host that was asked, or nowhere that we go.
fn led_to(address: &str, at: &str, asked: &Page) -> Then {
    let joined = Url::parse(at).and_then(|at| at.join(address));
    match joined {
        Ok(url) if is_same_host(at, url.as_str()) => Then::Page(Page { path: url.into(), body: asked.body.clone() }),
        Ok(_) => Then::Unknown("it says that its next page is at another host, which was not asked".to_owned()),
        Err(_) => Then::Unknown("it says where its next page is, and that is no address".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Then, after, with_parameter};
    use crate::net::Payload;
    use crate::target::{Absent, Answer, Dialect, JsonPath, Next, NextBy};
    use serde_json::json;

    fn dialect() -> Dialect {
        Dialect {
            lookups: Vec::new(),
            records: JsonPath::parse("$.items[*]").unwrap(),
            members: None,
            fields: Vec::new(),
            status: None,
            absent: Absent { status: vec![404], condition: None },
        }
    }

    fn then(by: NextBy, asked: &Page, answer: &Answer, body: &serde_json::Value) -> String {
        let next = Next { by, most: 5 };
        let at = "https://a.test/v1/members?policy=1";
        match after(&next, (asked, at), (2, answer, body), (&dialect(), &[json!({"items": [1]})])) {
            Then::Page(page) => {
                let body = page.body.map(|body| String::from_utf8_lossy(&body.bytes).into_owned()).unwrap_or_default();
                format!("{} {body}", page.path).trim().to_owned()
            }
            Then::End => "end".to_owned(),
            Then::Unknown(words) => words,
        }
    }

    fn page() -> Page {
        Page { path: "/members?policy=1&page=1".to_owned(), body: None }
    }

    #[test]
    fn the_next_page_is_where_the_answer_says_at_the_same_host_alone() {
        let path = || NextBy::Address(JsonPath::parse("$.paging.next").unwrap());
        let none = Answer::default();
        for (next, expected) in [
            (json!("/v1/members?after=7"), "https://a.test/v1/members?after=7"),
            (json!("?after=7"), "https://a.test/v1/members?after=7"),
            (json!("https://a.test/x"), "https://a.test/x"),
            (json!("https://evil.test/x"), "it says that its next page is at another host, which was not asked"),
            (json!("https://a.test:8443/x"), "it says that its next page is at another host, which was not asked"),
            (json!(null), "end"),
            (json!(""), "end"),
        ] {
            assert_eq!(then(path(), &page(), &none, &json!({"paging": {"next": next}})), expected);
        }
        let link = "</a>; rel=\"prev\", </v1/members?page=3>; rel=\"next\"";
        let answer = Answer { headers: vec![("Link".into(), link.into())], ..Answer::default() };
        assert_eq!(then(NextBy::Link, &page(), &answer, &json!({})), "https://a.test/v1/members?page=3");
        assert_eq!(then(NextBy::Link, &page(), &none, &json!({})), "end");
    }

    #[test]
    fn a_cursor_goes_into_the_query_or_the_body_and_numbers_end_with_an_empty_page() {
        let cursor = |name: &str| NextBy::Cursor { path: JsonPath::parse("$.end").unwrap(), name: name.to_owned() };
        let (none, more) = (Answer::default(), json!({"end": "a b=", "items": [2]}));
        assert_eq!(then(cursor("page"), &page(), &none, &more), "/members?policy=1&page=a+b%3D");
        let bytes = br#"{"query": "q", "variables": {"after": null}}"#.as_slice().into();
        let graphql = Page {
            path: "/graphql".to_owned(),
            body: Some(Payload { content_type: "application/json".into(), bytes }),
        };
        let expected = r#"/graphql {"query":"q","variables":{"after":"a b="}}"#;
        assert_eq!(then(cursor("variables.after"), &graphql, &none, &more), expected);
        assert_eq!(then(cursor("after"), &page(), &none, &json!({"end": null})), "end");
        let number = || NextBy::Number { name: "page".to_owned(), from: 1 };
        assert_eq!(then(number(), &page(), &none, &more), "/members?policy=1&page=3");
        assert_eq!(then(number(), &page(), &none, &json!({"items": []})), "end");
        assert_eq!(then(number(), &page(), &none, &json!({"items": [1]})), "end", "the same page again");
        assert_eq!(with_parameter("", "p", "1"), "p=1");
        let next = Next { by: number(), most: 2 };
        let at = "https://a.test/";
        let then = after(&next, (&page(), at), (2, &none, &more), (&dialect(), &[]));
        assert!(matches!(then, Then::Unknown(words) if words.contains("more than 2 pages")));
    }
}
