//! What can be written in files: schemas, outlines of keys, and the lists of fields, edge cases and faults.

use super::console::print;
use super::exit::Exit;
use super::failure::Failure;
use super::flags::FileKind;
use comfy_table::{ContentArrangement, Table};
use johndoe::model::{EdgeCase, Field};
use johndoe::{canary, sandbox, scenario, target};

/// Prints a JSON Schema.
pub(crate) fn schema(of: FileKind) -> Result<Exit, Failure> {
    let schema = match of {
        FileKind::Scenario => scenario::schema(),
        FileKind::Target => target::schema(),
        FileKind::Canary => canary::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(Failure::harness)?;
    print(&text).map(|()| Exit::Done)
}

/// Prints every key with its meaning.
pub(crate) fn keys(of: FileKind) -> Result<Exit, Failure> {
    let outline = match of {
        FileKind::Scenario => scenario::outline(),
        FileKind::Target => target::outline(),
        FileKind::Canary => canary::outline(),
    };
    print(&outline).map(|()| Exit::Done)
}

/// Lists the fields of the canonical record.
pub(crate) fn fields() -> Result<Exit, Failure> {
    let severity = |field: &Field| format!("{:?}", field.default_severity()).to_lowercase();
    let rows = Field::ALL.iter().map(|f| [f.name().to_owned(), severity(f), f.describe().to_owned()]);
    let fields = table(["field", "severity", "meaning"], rows);
    let closed = Field::ALL.iter().filter_map(|field| Some([field.name().to_owned(), field.closed_list()?.join(" ")]));
    print(&format!("{fields}\n{}", table(["field", "its words, and no others"], closed)))?;
    Ok(Exit::Done)
}

/// Lists the edge cases.
pub(crate) fn edge_cases() -> Result<Exit, Failure> {
    print_table(["edge case", "what it is"], EdgeCase::ALL.iter().map(|c| [c.to_string(), c.describe().to_owned()]))
}

/// Lists the faults.
pub(crate) fn faults() -> Result<Exit, Failure> {
    let rows = sandbox::catalogue().map(|(name, sentence)| [name.to_string(), sentence.to_string()]);
    print_table(["fault", "what goes wrong"], rows)
}

/// Prints rows under a head.
pub(crate) fn print_table<const N: usize>(
    head: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Exit, Failure> {
    print(&table(head, rows)).map(|()| Exit::Done)
}

/// Rows under a head, without frames: easy to read, easy to cut.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head);
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.to_string().lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}
