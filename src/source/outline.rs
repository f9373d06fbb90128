//! The keys of a shape as an indented outline, for people: the same description that checks the files.

use super::shape::{Key, Shape, quoted};

/// Columns of a line.
const WIDTH: usize = 118;
/// A list of words longer than this is named, and not spelled out.
const MOST_WORDS: usize = 8;

impl Shape {
    /// The keys of a mapping with keys of its own; none of anything else.
    pub fn names(&self) -> Vec<&'static str> {
        match self {
            Self::Keys { keys, .. } => keys.iter().map(|key| key.name).collect(),
            _ => Vec::new(),
        }
    }

    /// Every key with its meaning and what its value may be, indented as in a file. A mapping that comes again is
    /// spelled out once.
    pub fn outline(&self) -> String {
        let mut outline = Outline::default();
        outline.value(self, 0, "");
        outline.text
    }

    /// What a value may be, in few words; the keys of mappings follow on lines of their own.
    fn brief(&self) -> String {
        match self {
            Self::Integer { min: 0, max: u64::MAX } => "a whole number".to_owned(),
            Self::Integer { .. } | Self::Text | Self::Bool | Self::Any => self.expected(),
            Self::Leaf(leaf) | Self::Template(leaf) => leaf.expected.to_owned(),
            Self::Words(words) => {
                let all = (words.words)();
                if all.len() > MOST_WORDS { format!("any {}", words.what) } else { format!("one of {}", quoted(&all)) }
            }
            Self::List(item) => format!("a list; each item: {}", item.brief()),
            Self::Map { key, value } => format!("a mapping; each key: {}, each value: {}", key.brief(), value.brief()),
            Self::Keys { .. } | Self::Kinds { .. } => "a mapping".to_owned(),
            Self::Either(shapes) => shapes.iter().map(|s| s.brief()).collect::<Vec<_>>().join(", or "),
        }
    }
}

/// The text so far, and which mappings it has spelled out.
#[derive(Default)]
struct Outline {
    text: String,
    spelled_out: Vec<*const Key>,
}

impl Outline {
    /// The keys within a value; `mark` stands before the first of them.
    fn value(&mut self, shape: &Shape, depth: usize, mark: &str) {
        match shape {
            Shape::Keys { name, keys } => self.keys((name, keys), depth, mark),
            Shape::Kinds { name, tag, common, kinds, .. } => {
                self.keys((name, common), depth, mark);
                let depth = if mark.is_empty() { depth } else { depth + 1 };
                for kind in *kinds {
                    self.line(depth, "", &format!("with `{tag}: {}`:", kind.word));
                    self.keys((name, kind.keys), depth + 1, "");
                }
            }
            Shape::List(item) => self.value(item, depth, "- "),
            Shape::Map { value, .. } if has_keys(value) => {
                self.line(depth, mark, "<each>:");
                self.value(value, depth + 1, "");
            }
            Shape::Either(shapes) => {
                for (n, shape) in shapes.iter().filter(|s| has_keys(s)).enumerate() {
                    if n > 0 {
                        self.line(depth, mark, "or:");
                    }
                    self.value(shape, depth, mark);
                }
            }
            _ => {}
        }
    }

    fn keys(&mut self, (name, keys): (&str, &'static [Key]), depth: usize, mark: &str) {
        if self.spelled_out.contains(&keys.as_ptr()) {
            return self.line(depth, mark, &format!("({name}: its keys stand above)"));
        }
        self.spelled_out.push(keys.as_ptr());
        for (n, key) in keys.iter().enumerate() {
            let first = if n == 0 { mark } else { "" };
            let required = if key.required { " (required)" } else { "" };
            let indent = if mark.is_empty() { depth } else { depth + 1 };
            let (at, first) = if first.is_empty() { (indent, "") } else { (depth, first) };
            self.line(at, first, &format!("{}:{required} {} [{}]", key.name, key.about, key.shape.brief()));
            self.value(key.shape, indent + 1, "");
        }
    }

    /// One line, broken where it is too long; what follows stands deeper.
    fn line(&mut self, depth: usize, mark: &str, words: &str) {
        let indent = "  ".repeat(depth);
        let mut line = format!("{indent}{mark}");
        let mut empty = true;
        for word in words.split(' ') {
            if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.push(&line);
                line = format!("{indent}      ");
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.push(&line);
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Whether keys stand somewhere within.
fn has_keys(shape: &Shape) -> bool {
    match shape {
        Shape::Keys { .. } | Shape::Kinds { .. } => true,
        Shape::List(item) | Shape::Map { value: item, .. } => has_keys(item),
        Shape::Either(shapes) => shapes.iter().any(|s| has_keys(s)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Shape};

    static INNER: Shape = Shape::Keys { name: "an inner", keys: &[Key::required("deep", &Shape::Bool, "Far down.")] };
    static LIST: Shape = Shape::List(&INNER);
    static MAP: Shape = Shape::Map { key: &Shape::Text, value: &INNER };
    static OUTER: Shape = Shape::Keys {
        name: "the outer",
        keys: &[
            Key::optional("items", &LIST, "Several."),
            Key::optional("named", &MAP, "By name."),
            Key::optional("plain", &Shape::Text, "A text."),
        ],
    };

    #[test]
    fn keys_stand_where_a_file_has_them_and_a_mapping_is_spelled_out_once() {
        let expected = "\
items: Several. [a list; each item: a mapping]
  - deep: (required) Far down. [`true` or `false`]
named: By name. [a mapping; each key: text, each value: a mapping]
  <each>:
    (an inner: its keys stand above)
plain: A text. [text]
";
        assert_eq!(OUTER.outline(), expected);
    }
}
