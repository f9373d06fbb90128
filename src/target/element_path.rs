//! Paths through the elements of XML: a part of `XPath` 1.0, over what [`super::xml`] makes of a document.
//!
//! `/Response/Members/Member`, `./Name/Last`, `//Member`, `./@id`, `./*`, and in brackets which of several: `[2]`, `[Type]`,
//! `[@type='home']`, `[Name/Last='Doe']`. Names go by their local part (`s:Body` is `Body`). Each step leads to all elements of its name.

use super::xml::TEXT;
use serde_json::Value;
use std::fmt;

/// A path through elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ElementPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// `//`: at any depth.
    is_deep: bool,
    name: Name,
    filters: Vec<Filter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Element(String),
    Attribute(String),
    Any,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Filter {
    /// `[2]`, from 1.
    At(usize),
    /// `[a/b]`, `[@a]`.
    Has(ElementPath),
    /// `[a='x']`.
    Says(ElementPath, String),
}

/// A place that a path leads to, and what it stands in, the outermost first: the object or list, and the name by which it leads on.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    pub(super) value: &'a Value,
    pub(super) around: Vec<(&'a Value, Option<String>)>,
}

impl ElementPath {
    /// Whether a text is meant to be one.
    pub(super) fn is_meant(text: &str) -> bool {
        text.starts_with('/') || text.starts_with("./")
    }

    /// Reads a path; `Err` in words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('.').unwrap_or(text);
        Self::relative(rest.strip_prefix('/').ok_or("it begins with `/` or `./`")?, text)
    }

    /// Reads what follows the first `/`.
    fn relative(rest: &str, text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut is_deep = false;
        for part in split(rest)? {
            if part.is_empty() && !is_deep {
                is_deep = true;
                continue;
            }
            steps.push(step(part, is_deep)?);
            is_deep = false;
        }
        let ends_so = steps.is_empty() || is_deep;
        let is_attribute = |step: &Step| matches!(step.name, Name::Attribute(_));
        if ends_so || steps.iter().rev().skip(1).any(is_attribute) {
            return Err("an element or, at the end, an attribute stands after each `/`".to_owned());
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    /// The places that it leads to, in the document's order.
    pub(super) fn found<'a>(&self, document: &'a Value) -> Vec<Found<'a>> {
        let begin = vec![Found { value: document, around: Vec::new() }];
        self.steps.iter().fold(begin, |found, step| found.iter().flat_map(|at| step.from(at)).collect())
    }

    /// The path to what holds what this one leads to.
    pub(super) fn parent(&self) -> Option<Self> {
        let (last, before) = self.steps.split_last()?;
        (!before.is_empty() && !last.is_deep).then(|| Self::of(before.to_vec()))
    }

    pub(super) fn is_root(&self) -> bool {
        matches!(self.steps.as_slice(), [only] if !only.is_deep && only.filters.is_empty())
    }

    /// The same without the places among others that it names by number; `None` where it names none.
    pub(super) fn all_items(&self) -> Option<Self> {
        let mut steps = self.steps.clone();
        for step in &mut steps {
            step.filters.retain(|filter| !matches!(filter, Filter::At(_)));
        }
        (steps != self.steps).then(|| Self::of(steps))
    }

    fn of(steps: Vec<Step>) -> Self {
        let text = steps.iter().map(ToString::to_string).collect();
        Self { text, steps }
    }
}

impl Step {
    fn from<'a>(&self, at: &Found<'a>) -> Vec<Found<'a>> {
        let mut found = self.named(at);
        let mut place = 0;
        found.retain(|found| {
            place += 1;
            self.filters.iter().all(|filter| filter.lets(found, place))
        });
        if self.is_deep {
            found.extend(children(at, |name| !name.starts_with(['@', '#'])).iter().flat_map(|child| self.from(child)));
        }
        found
    }

    fn named<'a>(&self, at: &Found<'a>) -> Vec<Found<'a>> {
        match &self.name {
            Name::Element(name) => children(at, |other| other == name),
            Name::Attribute(name) => children(at, |other| other.strip_prefix('@') == Some(name)),
            Name::Any => children(at, |name| !name.starts_with(['@', '#'])),
        }
    }
}

/// The parts of an element with such names; of several of one name each.
fn children<'a>(at: &Found<'a>, is_meant: impl Fn(&str) -> bool) -> Vec<Found<'a>> {
    let Value::Object(parts) = at.value else { return Vec::new() };
    let mut found = Vec::new();
    for (name, value) in parts.iter().filter(|(name, _)| is_meant(name)) {
        let mut around = at.around.clone();
        around.push((at.value, Some(name.clone())));
        match value {
            Value::Array(items) => found.extend(items.iter().map(|item| {
                let mut around = around.clone();
                around.push((value, None));
                Found { value: item, around }
            })),
            one => found.push(Found { value: one, around }),
        }
    }
    found
}

impl Filter {
    fn lets(&self, found: &Found<'_>, place: usize) -> bool {
        match self {
            Self::At(at) => place == *at,
            Self::Has(path) => !path.found(found.value).is_empty(),
            Self::Says(path, text) => {
                path.found(found.value).iter().any(|found| text_in(found.value).as_str() == Some(text))
            }
        }
    }
}

/// What an element says: its text where it has attributes or elements too.
pub(super) fn text_in(value: &Value) -> &Value {
    value.as_object().and_then(|parts| parts.get(TEXT)).unwrap_or(value)
}

/// A text at its slashes, but for those in brackets.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut begin, mut depth, mut quote) = (Vec::new(), 0, 0_u32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.checked_sub(1).ok_or("a bracket is closed that was not opened")?,
            (None, '/') if depth == 0 => {
                parts.push(text.get(begin..at).unwrap_or_default());
                begin = at + 1;
            }
            (None, _) => {}
        }
    }
    if depth > 0 || quote.is_some() {
        return Err("a bracket or a quotation mark is not closed".to_owned());
    }
    parts.push(text.get(begin..).unwrap_or_default());
    Ok(parts)
}

fn step(part: &str, is_deep: bool) -> Result<Step, String> {
    let (name, mut rest) = part.find('[').map_or((part, ""), |at| part.split_at(at));
    let name = match (name.trim(), name.trim().strip_prefix('@')) {
        ("*", _) => Name::Any,
        (_, Some(attribute)) => Name::Attribute(local(attribute)?),
        (element, None) => Name::Element(local(element)?),
    };
    let mut filters = Vec::new();
    while let Some(inner) = rest.trim_start().strip_prefix('[') {
        let end = closing(inner).ok_or("a bracket is not closed")?;
        filters.push(filter(inner.get(..end).unwrap_or_default().trim())?);
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    Ok(Step { is_deep, name, filters })
}

/// Where the bracket closes that is open at the beginning.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '\'' | '"') => quote = Some(c),
            (None, ']') => return Some(at),
            (None, _) => {}
        }
    }
    None
}

fn filter(text: &str) -> Result<Filter, String> {
    if let Ok(at) = text.parse::<usize>() {
        return if at > 0 { Ok(Filter::At(at)) } else { Err("the first has the number 1".to_owned()) };
    }
    match text.split_once('=') {
        None => Ok(Filter::Has(ElementPath::relative(text, text)?)),
        Some((path, value)) => {
            let (path, value) = (path.trim(), value.trim());
            let unquoted = ['\'', '"'].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
            let value = unquoted.ok_or("what an element must say stands in quotation marks")?;
            Ok(Filter::Says(ElementPath::relative(path, path)?, value.to_owned()))
        }
    }
}

/// A name without its prefix.
fn local(name: &str) -> Result<String, String> {
    let local = name.rsplit(':').next().unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let begins = local.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if begins && local.chars().all(is_part) {
        return Ok(local.to_owned());
    }
    Err(format!("`{name}` is no name of an element; functions and axes of XPath are not known"))
}

impl fmt::Display for ElementPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_deep { "//" } else { "/" })?;
        match &self.name {
            Name::Element(name) => f.write_str(name)?,
            Name::Attribute(name) => write!(f, "@{name}")?,
            Name::Any => f.write_str("*")?,
        }
        self.filters.iter().try_for_each(|filter| match filter {
            Filter::At(at) => write!(f, "[{at}]"),
            Filter::Has(path) => write!(f, "[{path}]"),
            Filter::Says(path, text) => write!(f, "[{path}='{text}']"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ElementPath, text_in};
    use crate::target::xml::xml_of;

    const DOCUMENT: &str = "<s:R xmlns:s='urn:s'><P id='1' kind='a'><N>Ann</N><T k='home'>1</T><T k='work'>2</T></P>\
                            <P id='2'><N>Bo</N><T k='work'>3</T></P><Only><P id='3'/></Only></s:R>";

    fn texts(path: &str) -> Vec<String> {
        let document = xml_of(DOCUMENT.as_bytes()).unwrap();
        let found = ElementPath::parse(path).unwrap().found(&document);
        found.iter().map(|found| text_in(found.value).as_str().unwrap_or("{}").to_owned()).collect()
    }

    #[test]
    fn a_path_leads_to_all_of_its_names_however_many_there_are() {
        for (path, expected) in [
            ("/R/P/N", vec!["Ann", "Bo"]),
            ("/x:R/P/@id", vec!["1", "2"]),
            ("//P/@id", vec!["1", "2", "3"]),
            ("/R/P/T", vec!["1", "2", "3"]),
            ("/R/P/T[1]", vec!["1", "3"]),
            ("/R/P[2]/N", vec!["Bo"]),
            ("/R/P[@kind]/T[@k='work']", vec!["2"]),
            ("/R/P[N='Bo']/T", vec!["3"]),
            ("/R/P[T/@k=\"home\"]/@id", vec!["1"]),
            ("/R/*/@id", vec!["1", "2"]),
            ("/R/Only/P/@id", vec!["3"]),
            ("/R/Nothing", vec![]),
            ("/R/P/N/N", vec![]),
        ] {
            assert_eq!(texts(path), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_told_and_what_holds_it_is_known() {
        for text in
            ["/", "//", "/R/", "/R[", "/R]", "/R[0]", "/R/@id/P", "/R[a=b]", "/R/text()", "/R/../P", "/count(P)", "R"]
        {
            assert!(ElementPath::parse(text).is_err(), "{text}");
        }
        let path = |text| ElementPath::parse(text).unwrap();
        assert_eq!(path("/R/P[2]/N").parent().unwrap().to_string(), "/R/P[2]");
        assert_eq!(path("/R/P[2]/N[@k='x']").all_items().unwrap().to_string(), "/R/P/N[@k='x']");
        assert_eq!((path("/R").parent(), path("//P").parent(), path("/R/P").all_items()), (None, None, None));
    }
}
