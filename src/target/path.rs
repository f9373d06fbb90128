//! Paths through answers: JSONPath, with a short way for the paths that most targets consist of; and paths through elements of XML.

use super::element_path::{ElementPath, text_in};
use serde_json::Value;
use serde_json_path::{NormalizedPath, PathElement};
use std::fmt;

/// A JSONPath (RFC 9535), or a path through the elements of XML, which begins with `/` or `./`. A JSONPath that goes from name to name (`$.coverage.begin`) is walked without a query: a look-up of a
/// family follows some two hundred of them.
#[derive(Debug, Clone)]
pub struct JsonPath {
    whole: Whole,
    /// The names in their order, where the path consists of nothing else.
    names: Option<Vec<String>>,
}

#[derive(Debug, Clone)]
enum Whole {
    Json(serde_json_path::JsonPath),
    Elements(ElementPath),
}

impl JsonPath {
    /// Reads a path. The error says in words what cannot be understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        if ElementPath::is_meant(text) {
            return Ok(Self { whole: Whole::Elements(ElementPath::parse(text)?), names: None });
        }
        let whole = serde_json_path::JsonPath::parse(text).map_err(|error| error.message().to_owned())?;
        Ok(Self { whole: Whole::Json(whole), names: plain_names(text) })
    }

    /// Whether it leads through the elements of XML.
    pub fn is_of_elements(&self) -> bool {
        matches!(self.whole, Whole::Elements(_))
    }

    fn of_elements(path: ElementPath) -> Self {
        Self { whole: Whole::Elements(path), names: None }
    }

    /// The path to what holds what this one leads to: the list of `$.a.list[*]`, the object `$.a` of `$.a.b`; `None` where that
    /// is the document itself, or where it cannot be told from the text.
    pub fn parent(&self) -> Option<Self> {
        if let Whole::Elements(path) = &self.whole {
            return path.parent().map(Self::of_elements);
        }
        let text = self.to_string();
        let end = if text.ends_with(']') { last_bracket(&text)? } else { text.rfind('.')? };
        let parent = text.get(..end).filter(|parent| *parent != "$" && !parent.ends_with('.'))?;
        Self::parse(parent).ok()
    }

    /// Whether it leads to the root of an XML document, which every document has, by its name alone.
    pub fn is_root_element(&self) -> bool {
        matches!(&self.whole, Whole::Elements(path) if path.is_root())
    }

    /// The path to all items of the list of which this one takes some by their places alone (`$.people[*]` of `$.people[0]` and
    /// `$.people[1:3]`); `None` where it does not, or takes all.
    pub fn all_items(&self) -> Option<Self> {
        if let Whole::Elements(path) = &self.whole {
            return path.all_items().map(Self::of_elements);
        }
        let text = self.to_string();
        let open = last_bracket(&text)?;
        let (list, rest) = (text.get(..open)?, text.get(open + 1..)?);
        let (places, rest) = rest.split_once(']')?;
        let is_place = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | ',' | ' ');
        let is_all = |slice: &str| matches!(slice.trim(), ":" | "::" | "0:" | "::1" | "0::" | "0::1");
        let takes_some = !places.is_empty() && places.chars().all(is_place) && !is_all(places);
        Self::parse(&format!("{list}[*]{rest}")).ok().filter(|_| takes_some)
    }

    /// How many values this path leads to, and how many were there, where it takes some of a list by their places and leaves
    /// others out.
    pub fn left_out(&self, document: &Value) -> Option<(usize, usize)> {
        let count = |path: &Self| path.query(document).into_iter().map(|at| at.as_array().map_or(1, Vec::len)).sum();
        let (taken, all): (usize, usize) = (count(self), count(&self.all_items()?));
        (taken < all).then_some((taken, all))
    }

    /// Whether this path begins like another one, which leads beyond the document itself.
    pub fn begins_like(&self, other: &Self) -> bool {
        let (own, other) = (self.to_string(), other.to_string());
        let rest = own.strip_prefix(&other).filter(|_| other != "$");
        rest.is_some_and(|rest| rest.starts_with(['.', '[']))
    }

    /// The values it leads to, in the document's order.
    pub fn query<'a>(&self, document: &'a Value) -> Vec<&'a Value> {
        match (&self.names, &self.whole) {
            (Some(names), _) => walk(names, document).into_iter().collect(),
            (None, Whole::Json(path)) => path.query(document).all(),
            (None, Whole::Elements(path)) => path.found(document).into_iter().map(|found| found.value).collect(),
        }
    }

    /// What stands there: the same, but of an element of XML its text.
    pub fn values<'a>(&self, document: &'a Value) -> Vec<&'a Value> {
        let found = self.query(document);
        if self.is_of_elements() { found.into_iter().map(text_in).collect() } else { found }
    }
}

/// The name under which an item of an object keyed by ids says by what it is keyed, once `tell_keys` has put it there.
const KEY: &str = "@key";

impl JsonPath {
    /// The names under which the values stand that the path leads to, in objects; a list's items have none.
    pub fn keys(&self, document: &Value) -> Vec<String> {
        let Whole::Json(path) = &self.whole else { return Vec::new() };
        path.query_located(document).locations().filter_map(last_name).collect()
    }

    /// Puts into each object that the path leads to, under a name of our own, the name under which it stands, where it stands under one.
    pub fn tell_keys(&self, document: &mut Value) {
        let Whole::Json(path) = &self.whole else { return };
        let located = path.query_located(document);
        let named = located.locations().filter_map(|at| Some((at.to_json_pointer(), last_name(at)?)));
        for (pointer, name) in named.collect::<Vec<_>>() {
            if let Some(Value::Object(fields)) = document.pointer_mut(&pointer) {
                fields.insert(KEY.to_owned(), Value::String(name));
            }
        }
    }

    /// Where each value stands that the path leads to, as JSON pointers.
    pub fn pointers(&self, document: &Value) -> Vec<String> {
        let Whole::Json(path) = &self.whole else { return Vec::new() };
        path.query_located(document).locations().map(NormalizedPath::to_json_pointer).collect()
    }

    /// Whether this is the place that says by what an item is keyed.
    pub fn is_of_key(&self) -> bool {
        self.names.as_deref().is_some_and(|names| names == [KEY])
    }

    /// The place that says by what an item is keyed.
    pub fn of_key() -> Self {
        let whole = serde_json_path::JsonPath::parse(&format!("$['{KEY}']")).unwrap_or_default();
        Self { whole: Whole::Json(whole), names: Some(vec![KEY.to_owned()]) }
    }
}

/// The name at the end of a way through a document; a list's item has none.
fn last_name(location: &NormalizedPath<'_>) -> Option<String> {
    match location.last() {
        Some(PathElement::Name(name)) => Some((*name).to_owned()),
        _ => None,
    }
}

/// Where one value stands in a document.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// What it stands in, the innermost first: the list or object, and the name by which it leads there; `None` for a list's item.
    pub around: Vec<(&'a Value, Option<String>)>,
}

impl Standing<'_> {
    /// Whether it is, or is part of, an item of a list.
    pub fn is_in_a_list(&self) -> bool {
        self.around.iter().any(|(_, name)| name.is_none())
    }
}

impl JsonPath {
    /// Where each value stands that the path leads to.
    pub fn standings<'a>(&self, document: &'a Value) -> Vec<Standing<'a>> {
        match &self.whole {
            Whole::Json(path) => {
                path.query_located(document).locations().map(|location| standing(location, document)).collect()
            }
            Whole::Elements(path) => path.found(document).into_iter().map(|found| around(found.around)).collect(),
        }
    }
}

fn around(mut around: Vec<(&Value, Option<String>)>) -> Standing<'_> {
    around.reverse();
    Standing { around }
}

fn standing<'a>(location: &NormalizedPath<'_>, document: &'a Value) -> Standing<'a> {
    let mut outermost_first = Vec::new();
    let mut at = document;
    for element in location.iter() {
        let (next, name) = match element {
            PathElement::Name(name) => (at.get(*name), Some((*name).to_owned())),
            PathElement::Index(index) => (at.get(*index), None),
        };
        outermost_first.push((at, name));
        let Some(next) = next else { break };
        at = next;
    }
    around(outermost_first)
}

impl Default for JsonPath {
    /// The document itself.
    fn default() -> Self {
        Self { whole: Whole::Json(serde_json_path::JsonPath::default()), names: Some(Vec::new()) }
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.whole {
            Whole::Json(path) => path.fmt(f),
            Whole::Elements(path) => path.fmt(f),
        }
    }
}

/// Where the last bracket opens that stands in no other and in no quotes.
fn last_bracket(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut last) = (0_u32, None, None);
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') => {
                last = if depth == 0 { Some(at) } else { last };
                depth += 1;
            }
            (None, ']') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    last
}

/// The names of `$.a.b`; `None` where anything else is in it.
fn plain_names(text: &str) -> Option<Vec<String>> {
    let rest = text.strip_prefix('$')?;
    if rest.is_empty() {
        return Some(Vec::new());
    }
    let names = rest.strip_prefix('.')?.split('.');
    let is_plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    names.map(|name| is_plain(name).then(|| name.to_owned())).collect()
}

fn walk<'a>(names: &[String], document: &'a Value) -> Option<&'a Value> {
    names.iter().try_fold(document, |value, name| value.as_object()?.get(name))
}

#[cfg(test)]
mod tests {
    use super::{JsonPath, Whole};
    use serde_json::json;

    #[test]
    fn a_path_knows_what_holds_it_and_what_it_begins_like() {
        let path = |text| JsonPath::parse(text).unwrap();
        for (text, parent) in [
            ("$.hits[*]", Some("$.hits")),
            ("$.a.b", Some("$.a")),
            ("$.a", None),
            ("$[*]", None),
            ("$", None),
            ("$.a.hits[?@.x == 1]", Some("$.a.hits")),
            ("$.a.hits[?@.x == '[']", Some("$.a.hits")),
        ] {
            let found = path(text).parent().map(|parent| parent.query(&json!({"hits": 1, "a": {"hits": 1}})).len());
            let expected = parent.map(|parent| path(parent).query(&json!({"hits": 1, "a": {"hits": 1}})).len());
            assert_eq!(found, expected, "{text}");
        }
        assert!(path("$.hits[*].name").begins_like(&path("$.hits[*]")));
        assert!(!path("$.hits").begins_like(&path("$.hits[*]")) && !path("$.a").begins_like(&path("$")));
    }

    #[test]
    fn a_path_that_takes_some_items_by_their_places_knows_the_whole_list() {
        let document = json!({"people": [{"who": 1}, {"who": 2}, {"who": 3}], "one": [{"who": 1}]});
        for (text, left_out) in [
            ("$.people[0]", Some((1, 3))),
            ("$.people[-1]", Some((1, 3))),
            ("$.people[0:2]", Some((2, 3))),
            ("$.people[0, 2]", Some((2, 3))),
            ("$.people[1:]", Some((2, 3))),
            ("$.people[0].who", Some((1, 3))),
            ("$['people'][0]", Some((1, 3))),
            ("$.people[0:3]", None),
            ("$.people[:]", None),
            ("$.people[*]", None),
            ("$.people", None),
            ("$.one[0]", None),
            ("$.none[0]", None),
            ("$.people[?@.who == 1]", None),
            ("$['people']", None),
        ] {
            assert_eq!(JsonPath::parse(text).unwrap().left_out(&document), left_out, "{text}");
        }
        assert_eq!(JsonPath::parse("$[0]").unwrap().left_out(&json!([1, 2])), Some((1, 2)));
        assert_eq!(
            JsonPath::parse("$[0]").unwrap().left_out(&json!([[1, 2]])),
            None,
            "a list in a list means its items"
        );
    }

    #[test]
    fn the_short_way_leads_where_the_long_one_does() {
        let document = json!({"a": {"b": 1, "1b": 2, "c": null}, "list": [{"b": 3}, {"b": 4}], "a.b": 5});
        let mut walked = 0;
        for text in [
            "$",
            "$.a",
            "$.a.b",
            "$.a.c",
            "$.a.x",
            "$.x.b",
            "$.a.b.c",
            "$.list",
            "$.list.b",
            "$.list[*].b",
            "$['a.b']",
            "$.a['b']",
            "$..b",
            "$.a.*",
            "$.list[0].b",
        ] {
            let path = JsonPath::parse(text).unwrap();
            walked += usize::from(path.names.is_some());
            let Whole::Json(whole) = &path.whole else { panic!("{text}") };
            assert_eq!(path.query(&document), whole.query(&document).all(), "{text}");
        }
        assert_eq!(walked, 9);
        assert_eq!(JsonPath::parse("$.a.b").unwrap().to_string(), "$.a.b");
        assert!(JsonPath::parse("$.a.1b").is_err() && JsonPath::parse("$.").is_err());
    }
}
