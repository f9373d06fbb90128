//! A YAML tree whose every node knows where it stands; scalars stay the text they are.

use std::fmt;
use std::ops::Range;

use super::reference::Filled;

/// Byte positions in the text of a file: from `start` to before `end`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// First byte that no longer belongs to it.
    pub end: usize,
}

impl Span {
    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end.max(self.start)
    }
}

/// One value and its place. A mapping's place is its first key, a list's its first item.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Nothing: empty, `~` or `null`, unquoted.
    Null,
    /// A text; numbers, dates and `NO` are texts until somebody asks for more.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the file's order; no key twice.
    Map(Vec<Entry>),
    /// Something refused whose error is already reported.
    Broken,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// A text as the file has it, and with its references filled in. `Debug` shows the former only.
#[derive(Clone)]
pub struct Scalar {
    /// With `${env:…}` and `${file:…}` filled in: may be secret.
    pub text: String,
    /// As written.
    pub written: String,
    /// Written without quotes.
    pub plain: bool,
    /// The references of `written`, in order.
    pub filled: Vec<Filled>,
}

impl Scalar {
    /// A text without references.
    pub fn new(text: &str, plain: bool) -> Self {
        Self { text: text.to_owned(), written: text.to_owned(), plain, filled: Vec::new() }
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.written, f)
    }
}

impl Node {
    /// The scalar, where it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The scalar's text, references filled in.
    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|s| s.text.as_str())
    }

    /// The items of a list; none where it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the node itself where it is a scalar.
    pub fn items_or_self(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            Kind::Scalar(_) => std::slice::from_ref(self),
            _ => &[],
        }
    }

    /// The entries of a mapping; none where it is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// A mapping's entry by its key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|e| e.key == key)
    }

    /// A mapping's value by its key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.value)
    }

    /// The text of a mapping's value.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether it is a mapping.
    pub fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    /// As JSON, as a YAML 1.2 reader without schema sees it: unquoted `true`, `false`, and JSON's own numbers are typed,
    /// everything else is text (`01002`, `NO`, `1e3`). References stay as written.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Null | Kind::Broken => serde_json::Value::Null,
            Kind::Scalar(scalar) => scalar_json(scalar),
            Kind::List(items) => items.iter().map(Self::to_json).collect(),
            Kind::Map(entries) => entries.iter().map(|e| (e.key.clone(), e.value.to_json())).collect(),
        }
    }
}

fn scalar_json(scalar: &Scalar) -> serde_json::Value {
    let typed = scalar.plain && (matches!(&*scalar.written, "true" | "false") || is_json_number(&scalar.written));
    let value = typed.then(|| serde_json::from_str(&scalar.written).ok()).flatten();
    value.unwrap_or_else(|| scalar.written.clone().into())
}

/// Digits without a needless zero in front, perhaps a sign and a fraction; no exponent.
fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && (whole.len() == 1 || !whole.starts_with('0'))
}
