//! What a file may hold, as data: one description serves the check of a file and the JSON Schema for editors.

use super::node::Scalar;

/// A key of a mapping.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What its value may be.
    pub shape: &'static Shape,
    /// Whether it must be there.
    pub required: bool,
    /// One sentence for people, shown by editors.
    pub about: &'static str,
}

impl Key {
    /// A key that must be there.
    pub const fn required(name: &'static str, shape: &'static Shape, about: &'static str) -> Self {
        Self { name, shape, required: true, about }
    }

    /// A key that may be left out.
    pub const fn optional(name: &'static str, shape: &'static Shape, about: &'static str) -> Self {
        Self { name, shape, required: false, about }
    }
}

/// What a value may be.
#[derive(Debug)]
pub enum Shape {
    /// A text that is not empty.
    Text,
    /// A whole number in this range, both ends included.
    Integer {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// `true` or `false`.
    Bool,
    /// A text of a certain form.
    Leaf(Leaf),
    /// The same with `{{ … }}` in it, which is rendered. Anywhere else such marks would be taken literally, and are refused.
    Template(Leaf),
    /// One of a closed list of words.
    Words(Words),
    /// A list with at least one item.
    List(&'static Shape),
    /// A mapping from free names to values of one shape; at least one.
    Map {
        /// What the keys may be.
        key: &'static Shape,
        /// What the values may be.
        value: &'static Shape,
    },
    /// A mapping with these keys and no others.
    Keys {
        /// What the mapping is, in words.
        name: &'static str,
        /// Its keys.
        keys: &'static [Key],
    },
    /// A mapping of which one key says of which kind it is, and so which others it may have.
    Kinds {
        /// What the mapping is, in words.
        name: &'static str,
        /// The key whose word says the kind; it is one of `common`.
        tag: &'static str,
        /// What a word under `tag` names, such as "feed".
        what: &'static str,
        /// The keys of every kind.
        common: &'static [Key],
        /// The kinds.
        kinds: &'static [KeysOfKind],
    },
    /// A scalar, a list or a mapping: the one of these shapes that fits the kind of the value.
    Either(&'static [&'static Shape]),
    /// Anything.
    Any,
}

/// The keys that one kind of mapping has beside those of every kind.
#[derive(Debug)]
pub struct KeysOfKind {
    /// The word that says the kind.
    pub word: &'static str,
    /// Its own keys.
    pub keys: &'static [Key],
}

/// A text of a certain form.
#[derive(Debug)]
pub struct Leaf {
    /// What is expected, such as "a duration such as `15m`".
    pub expected: &'static str,
    /// Regular expression of the form for editors, where there is one.
    pub pattern: Option<&'static str>,
    /// What is wrong with a text, if anything.
    pub fault: fn(&Scalar) -> Option<Fault>,
}

/// What is wrong with a text.
#[derive(Debug, Default)]
pub struct Fault {
    /// What is wrong, where "found …, expected …" does not say it.
    pub message: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Fault {
    /// A fault where `sound` is false, without more words.
    pub fn unless(sound: bool) -> Option<Self> {
        (!sound).then(Self::default)
    }

    /// A fault with its own words.
    pub fn message(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), help: None }
    }
}

/// A closed list of words.
#[derive(Debug)]
pub struct Words {
    /// What they name, such as "edge case".
    pub what: &'static str,
    /// The words.
    pub words: fn() -> Vec<&'static str>,
}

impl Shape {
    /// What is expected, in words.
    pub fn expected(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Leaf(leaf) | Self::Template(leaf) => leaf.expected.to_owned(),
            Self::Words(words) => format!("one of {}", quoted(&(words.words)())),
            Self::List(item) => format!("a list; each item: {}", item.expected()),
            Self::Map { value, .. } => format!("a mapping; each value: {}", value.expected()),
            Self::Keys { name, .. } | Self::Kinds { name, .. } => format!("{name} (a mapping)"),
            Self::Either(shapes) => {
                let all: Vec<String> = shapes.iter().map(|s| s.expected()).collect();
                all.join(", or ")
            }
            Self::Any => "anything".to_owned(),
        }
    }
}

/// Words in backticks with commas; of a long list the first eight and how many more there are.
pub(super) fn quoted(words: &[&str]) -> String {
    let most = if words.len() > 24 { 8 } else { 24 };
    let shown: Vec<String> = words.iter().take(most).map(|w| format!("`{w}`")).collect();
    let rest = words.len().saturating_sub(shown.len());
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    shown.join(", ") + &more
}
