//! `check`, `schema`, and the lists of what can be written in files.

use super::arguments::{Check, FileKind, People};
use super::context::World;
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, references};
use comfy_table::{ContentArrangement, Table};
use johndoe::model::{EdgeCase, Field};
use johndoe::{scenario, target};
use std::path::Path;

/// Validates every file; all errors of all files are shown.
pub(crate) fn check(check: &Check, world: &World) -> Result<Exit, Failure> {
    let mut failures = Vec::new();
    for path in &check.files {
        match check_file(path, world) {
            Ok(kind) => anstream::println!("{}: {kind}, no error", path.display()),
            Err(failure) => failures.push(failure.text().to_owned()),
        }
    }
    if failures.is_empty() {
        return Ok(Exit::Done);
    }
    Err(Failure::diagnostics(failures.join("\n")))
}

fn check_file(path: &Path, world: &World) -> Result<&'static str, Failure> {
    let source = Source::read(path)?;
    match kind_of(&source.text) {
        FileKind::Scenario => source.scenario(&People { count: None, seed: None }).map(|_| "scenario"),
        FileKind::Target => source.target(&references(world)).map(|_| "target"),
    }
}

/// A file with a line that begins `target:` is a target; everything else is taken for a scenario, whose parser says what
/// is missing.
fn kind_of(text: &str) -> FileKind {
    let begins = |key: &str| text.lines().any(|line| line.starts_with(key));
    if begins("target:") && !begins("scenario:") { FileKind::Target } else { FileKind::Scenario }
}

/// Prints a JSON Schema.
pub(crate) fn schema(of: FileKind) -> Result<Exit, Failure> {
    let schema = match of {
        FileKind::Scenario => scenario::schema(),
        FileKind::Target => target::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(Failure::harness)?;
    println!("{text}");
    Ok(Exit::Done)
}

/// Lists the fields of the canonical record.
pub(crate) fn fields() -> Result<Exit, Failure> {
    let rows = Field::ALL.iter().map(|f| [f.name().to_owned(), word(f.default_severity()), f.describe().to_owned()]);
    print_table(["field", "severity", "meaning"], rows);
    Ok(Exit::Done)
}

/// Lists the edge cases.
pub(crate) fn edge_cases() -> Result<Exit, Failure> {
    print_table(["edge case", "what it is"], EdgeCase::ALL.iter().map(|c| [c.to_string(), c.describe().to_owned()]));
    Ok(Exit::Done)
}

fn word(severity: johndoe::model::Severity) -> String {
    format!("{severity:?}").to_lowercase()
}

/// Prints rows under a head, without frames: easy to read, easy to cut.
pub(crate) fn print_table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head);
    table.add_rows(rows);
    for line in table.to_string().lines() {
        anstream::println!("{}", line.trim_end());
    }
}
