//! Not tests: copies of valid 834s with one thing wrong, each with what must be found. `tests/fixtures/x12/mutants` lists
//! them, a line each: the file it is `of`, `what` is done, the `rule` that is broken, the element or segment `at` which it
//! must be found, and the text that stands in place of another; `\n` in it begins or ends a segment.

use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// A copy with one thing wrong.
pub(crate) struct Mutant {
    /// What was done, in a few words.
    pub(crate) what: String,
    /// The rule that must be broken, and the element or segment it must be found at.
    pub(crate) rule: String,
    pub(crate) element: String,
    pub(crate) text: String,
}

/// A line of the lists.
#[derive(Deserialize)]
struct Change {
    of: Original,
    what: String,
    rule: String,
    at: String,
    from: String,
    to: String,
}

/// What is changed, and whether its segments are counted again: a segment more or less is not to be found by its number.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Original {
    Family,
    Cancellation,
    /// The family's file, whose counts stay as they are.
    Envelope,
}

impl Change {
    fn made(self) -> Mutant {
        let (name, counts) = match self.of {
            Original::Family => (FAMILY, true),
            Original::Cancellation => ("cancellation.edi", true),
            Original::Envelope => (FAMILY, false),
        };
        let text = fixture(name);
        assert!(text.contains(&self.from), "{}: `{}` is not there", self.what, self.from);
        let text = text.replacen(&self.from, &self.to, 1);
        let text = if counts { recounted(&text) } else { text };
        Mutant { what: self.what, rule: self.rule, element: self.at, text }
    }
}

const FAMILY: &str = "initial_family.edi";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/x12")
}

/// A file from the fixtures.
pub(crate) fn fixture(name: &str) -> String {
    fs::read_to_string(fixtures().join("accepted").join(name)).unwrap()
}

/// Writes the segment count of every set anew, so that a segment more or less is not found by its number.
pub(crate) fn recounted(text: &str) -> String {
    let (mut count, mut lines) = (0, Vec::new());
    for line in text.lines() {
        count = if line.starts_with("ST*") { 1 } else { count + line.matches('~').count() };
        match line.strip_prefix("SE*").and_then(|rest| rest.split_once('*')) {
            Some((_, control)) => lines.push(format!("SE*{count}*{control}")),
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

fn listed(name: &str) -> Vec<Mutant> {
    let text = fs::read_to_string(fixtures().join("mutants").join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str::<Change>(line).unwrap().made()).collect()
}

/// Syntax: what X12 asks of any file.
pub(crate) fn of_syntax() -> Vec<Mutant> {
    let twice = |what: &str, element: &str, from: &str, until: &str, (count, counted): (&str, &str)| {
        let text = fixture(FAMILY);
        let (start, end) = (text.find(from).unwrap(), text.find(until).unwrap());
        let copy = text[start..end].to_owned();
        let text = format!("{}{copy}{}", &text[..end], text[end..].replacen(count, counted, 1));
        let (what, element) = (what.to_owned(), element.to_owned());
        Mutant { what, rule: "control-number-repeated".to_owned(), element, text }
    };
    let mut mutants = listed("syntax.jsonl");
    mutants.push(twice("set number again", "ST02", "ST*", "GE*1*", ("GE*1*", "GE*2*")));
    mutants.push(twice("group number again", "GS06", "GS*", "IEA*1*", ("IEA*1*", "IEA*2*")));
    mutants
}

/// The implementation guide.
pub(crate) fn of_guide() -> Vec<Mutant> {
    listed("guide.jsonl")
}

/// The marketplace's rules: the X12 guide has nothing against any of these.
pub(crate) fn of_marketplace() -> Vec<Mutant> {
    let mut mutants = listed("marketplace.jsonl");
    mutants.push(Mutant {
        what: "set number of letters".to_owned(),
        rule: "control-number-reused".to_owned(),
        element: "ST02".to_owned(),
        text: fixture(FAMILY).replace("*3001", "*A001"),
    });
    mutants
}
