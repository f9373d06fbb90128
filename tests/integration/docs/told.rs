//! What the sources say of the shapes that leave the program: names, meanings, and the words of closed lists.
//!
//! The types of `src/model/` are what is serialized, and their documentation is what it means; the format of the sources
//! (rustfmt's) is all that is relied on to read it.

use super::text;
use regex::Regex;

/// A type that is serialized, or a closed list of words.
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) rows: Vec<Row>,
}

/// One key, or one word.
pub(super) struct Row {
    pub(super) name: String,
    /// Its Rust type; empty for a word.
    pub(super) kind: String,
    pub(super) meaning: String,
    /// Whether its keys stand in its place.
    pub(super) is_flat: bool,
    /// Whether it is left out where there is nothing to say.
    pub(super) may_be_absent: bool,
}

impl Row {
    pub(super) fn of(name: &str, kind: &str) -> Self {
        let (name, kind, meaning) = (name.to_owned(), kind.to_owned(), String::new());
        Self { name, kind, meaning, is_flat: false, may_be_absent: false }
    }
}

/// The shapes of a file, in its order.
pub(super) fn shapes(path: &str) -> Vec<Shape> {
    let heads = Regex::new(r"^(?:pub (?:struct|enum) | {4})(\w+) \{$").expect("a regex");
    let keys = Regex::new(r"^ {4}pub (\w+): (.+),$").expect("a regex");
    let words = Regex::new(r#"^ {8}(\w+) = "(\w+)",$"#).expect("a regex");
    let variants = Regex::new(r"^ {4}([A-Z]\w+)(?:,| \{)$").expect("a regex");
    let (mut shapes, mut meaning): (Vec<Shape>, Vec<String>) = (Vec::new(), Vec::new());
    let (mut in_words, mut in_enum) = (false, false);
    let (mut is_flat, mut may_be_absent) = (false, false);
    for line in text(path).lines().take_while(|line| *line != "#[cfg(test)]") {
        let bare = line.trim();
        if let Some(said) = bare.strip_prefix("///") {
            meaning.push(said.trim().to_owned());
            continue;
        }
        if bare.starts_with("#[") {
            is_flat |= bare == "#[serde(flatten)]";
            may_be_absent |= bare.contains("skip_serializing_if");
            continue;
        }
        let said = plain(&std::mem::take(&mut meaning).join(" "));
        let (is_flat, may_be_absent) = (std::mem::take(&mut is_flat), std::mem::take(&mut may_be_absent));
        let is_top = line.starts_with("pub ");
        if bare == "words! {" {
            in_words = true;
        } else if line == "}" {
            (in_words, in_enum) = (false, false);
        } else if let Some(head) = heads.captures(line).filter(|_| is_top || in_words) {
            in_enum = line.starts_with("pub enum");
            shapes.push(Shape { name: head[1].to_owned(), meaning: said, rows: Vec::new() });
        } else if let Some(shape) = shapes.last_mut() {
            let row =
                |name: &str, kind: &str| Row { meaning: said.clone(), is_flat, may_be_absent, ..Row::of(name, kind) };
            if let Some(found) = keys.captures(line) {
                shape.rows.push(row(&found[1], &found[2]));
            } else if let Some(found) = words.captures(line).filter(|_| in_words) {
                shape.rows.push(row(&found[2], ""));
            } else if let Some(found) = variants.captures(line).filter(|_| in_enum) {
                shape.rows.push(row(&found[1], ""));
            }
        }
    }
    shapes
}

/// Documentation without the links that only Rust's own pages can follow.
fn plain(said: &str) -> String {
    let far = Regex::new(r"\[(`[^`]+`)\]\([^)]+\)").expect("a regex");
    let near = Regex::new(r"\[(`[^`]+`)\]").expect("a regex");
    near.replace_all(&far.replace_all(said, "$1"), "$1").into_owned()
}

#[test]
fn keys_words_and_variants_are_read_with_their_meaning() {
    let summary = shapes("src/model/summary.rs");
    let named = |name: &str| summary.iter().find(|s| s.name == name).expect("a shape");
    assert_eq!(named("Summary").rows[0].meaning, "Name and version of this report (`SCHEMA`).");
    assert_eq!(named("Verdict").rows.len(), 7);
    assert_eq!(named("RunFacts").rows.last().map(|r| r.kind.as_str()), Some("Option<DateTime<Utc>>"));
    let events = shapes("src/model/event.rs");
    let event = events.iter().find(|s| s.name == "Event").expect("events");
    assert!(event.rows.iter().any(|r| r.name == "FileRead" && !r.meaning.is_empty()));
    assert!(event.rows.iter().any(|r| r.name == "Finished"));
}
