//! A CSV file as the same tree that a YAML list gives: an item for each line, or for the lines of one household together.
//!
//! The first line names the columns. A point in a name leads into a mapping (`values.promo`), and `people.` to a person, of whom each
//! line has one. Lines that have the same text in the column `household` are one item, with as many people. An empty cell says nothing.

use super::diagnostic::Report;
use super::node::{Entry, Kind, Node, Scalar, Span};
use csv_core::{ReadFieldResult, Reader};

/// The column by which lines belong together.
const TOGETHER: &str = "household";
/// Columns of one person each line.
const OF_A_PERSON: &str = "people.";

/// A cell and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    text: String,
    span: Span,
}

/// Reads the lines of `text` from `begin` to `end` as a list. Errors go to the report.
pub(super) fn read_csv(text: &str, (begin, end): (usize, usize), report: &mut Report) -> Node {
    let mut lines = lines(text.get(begin..end).unwrap_or_default(), begin).into_iter();
    let Some(columns) = lines.next() else {
        let span = Span { start: begin, end };
        report.error(span, "the file has no line").help("its first line names the columns, such as `state,income`");
        return Node { span, kind: Kind::Broken };
    };
    twice(&columns, report);
    let mut items: Vec<Item> = Vec::new();
    for line in lines {
        if line.len() != columns.len() {
            let at = Span { start: line.first().map_or(begin, |cell| cell.span.start), end };
            let (found, expected) = (line.len(), columns.len());
            report
                .error(at, format!("found {found} cells, expected {expected}, as the first line names"))
                .help("a cell that says nothing stays empty, between its commas");
            continue;
        }
        let item = Item::of(&columns, line, report);
        if !items.iter().any(|known| known.is_of(&item)) {
            items.push(item);
        } else if let Some(last) = items.last_mut().filter(|last| last.is_of(&item)) {
            last.add(item, report);
        } else {
            let message = format!("`{}` stands in `{TOGETHER}` further up, and not in the line before", item.name());
            report.error(item.span, message).help("the lines of one household follow one another");
        }
    }
    let span = Span { start: begin, end };
    Node { span, kind: Kind::List(items.into_iter().map(Item::into_node).collect()) }
}

/// The cells of each line; blank lines are none.
fn lines(text: &str, begin: usize) -> Vec<Vec<Cell>> {
    let (mut reader, mut out) = (Reader::new(), vec![0; text.len() + 1]);
    let (mut at, mut lines, mut line) = (0, Vec::new(), Vec::new());
    loop {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let (result, read, written) = reader.read_field(rest, &mut out);
        let from = at;
        at += read;
        match result {
            // told once more that nothing follows, it gives the last cell
            ReadFieldResult::InputEmpty if read > 0 || written > 0 => {
                let (last, _, more) = reader.read_field(&[], out.get_mut(written..).unwrap_or_default());
                if matches!(last, ReadFieldResult::Field { .. }) {
                    line.push(cell(text, (from, at), begin, out.get(..written + more).unwrap_or_default()));
                }
                break;
            }
            ReadFieldResult::Field { record_end } => {
                line.push(cell(text, (from, at), begin, out.get(..written).unwrap_or_default()));
                if record_end {
                    lines.push(std::mem::take(&mut line));
                }
            }
            _ => break,
        }
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

/// A cell that was read from these bytes, which may have line ends before it and end in what parts it from the next.
fn cell(text: &str, (from, to): (usize, usize), begin: usize, read: &[u8]) -> Cell {
    let raw = text.get(from..to).unwrap_or_default();
    let start = from + raw.len() - raw.trim_start_matches(['\r', '\n', '\u{feff}']).len();
    let kept = text.get(start..to).unwrap_or_default();
    let kept = kept.trim_end_matches(['\r', '\n']);
    let kept = kept.strip_suffix(',').unwrap_or(kept);
    let span = Span { start: begin + start, end: begin + start + kept.len() };
    Cell { text: String::from_utf8_lossy(read).trim_start_matches('\u{feff}').trim().to_owned(), span }
}

/// No column has the name of another, or none.
fn twice(columns: &[Cell], report: &mut Report) {
    for (at, column) in columns.iter().enumerate() {
        if column.text.is_empty() {
            report.error(column.span, "this column has no name");
        } else if columns.iter().take(at).any(|before| before.text == column.text) {
            report.error(column.span, format!("the column `{}` is there a second time", column.text));
        }
    }
}

/// A line, or several of one household.
struct Item {
    /// What stands in the column `household`.
    household: Option<String>,
    /// The first cell.
    span: Span,
    entries: Vec<Entry>,
    people: Vec<Node>,
}

impl Item {
    fn of(columns: &[Cell], line: Vec<Cell>, report: &mut Report) -> Self {
        let span = line.first().map_or_else(Span::default, |cell| cell.span);
        let mut item = Self { household: None, span, entries: Vec::new(), people: Vec::new() };
        let mut person = Vec::new();
        for (column, cell) in columns.iter().zip(line).filter(|(_, cell)| !cell.text.is_empty()) {
            if column.text == TOGETHER {
                item.household = Some(cell.text);
            } else if let Some(key) = column.text.strip_prefix(OF_A_PERSON) {
                put(&mut person, (key, column.span), cell, report);
            } else {
                put(&mut item.entries, (&column.text, column.span), cell, report);
            }
        }
        item.people.extend((!person.is_empty()).then_some(Node { span, kind: Kind::Map(person) }));
        item
    }

    /// Whether the other is of the same household.
    fn is_of(&self, other: &Self) -> bool {
        self.household.is_some() && self.household == other.household
    }

    fn name(&self) -> &str {
        self.household.as_deref().unwrap_or_default()
    }

    /// One more line of the same household: its person, and nothing else that is new.
    fn add(&mut self, line: Self, report: &mut Report) {
        for entry in line.entries {
            let known = self.entries.iter().find(|known| known.key == entry.key);
            if !known.is_some_and(|known| known.value.to_json() == entry.value.to_json()) {
                let message =
                    format!("`{}` says something else, or more, than the first line of this household", entry.key);
                report.error(entry.value.span, message).help("say it once, in the first line");
            }
        }
        self.people.extend(line.people);
    }

    fn into_node(self) -> Node {
        let Self { span, mut entries, people, .. } = self;
        if !people.is_empty() {
            let value = Node { span, kind: Kind::List(people) };
            entries.push(Entry { key: "people".to_owned(), key_span: span, value });
        }
        Node { span, kind: Kind::Map(entries) }
    }
}

/// Puts a cell where the points of its column's name lead.
fn put(entries: &mut Vec<Entry>, (way, key_span): (&str, Span), cell: Cell, report: &mut Report) {
    let (key, rest) = way.split_once('.').map_or((way, None), |(key, rest)| (key, Some(rest)));
    let Some(rest) = rest else {
        let value = Node { span: cell.span, kind: Kind::Scalar(Scalar::new(&cell.text, true)) };
        entries.push(Entry { key: key.to_owned(), key_span, value });
        return;
    };
    if !entries.iter().any(|entry| entry.key == key) {
        let value = Node { span: cell.span, kind: Kind::Map(Vec::new()) };
        entries.push(Entry { key: key.to_owned(), key_span, value });
    }
    match entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value.kind) {
        Some(Kind::Map(below)) => put(below, (rest, key_span), cell, report),
        _ => drop(report.error(key_span, format!("`{way}` leads on from `{key}`, which is a column of its own"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, read_csv};
    use serde_json::json;

    fn read(text: &str) -> Result<serde_json::Value, String> {
        let mut report = Report::new();
        let node = read_csv(text, (0, text.len()), &mut report);
        if report.is_empty() { Ok(node.to_json()) } else { Err(report.into_diagnostics(text, "x.csv").to_string()) }
    }

    #[test]
    fn each_line_is_an_item_and_an_empty_cell_says_nothing() {
        let text = "\u{feff}state,income,values.promo,values.code\r\nVA,41000,A7,\r\n\r\nOH,,\"a, \"\"b\"\"\",9";
        let expected = json!([
            {"state": "VA", "income": 41000, "values": {"promo": "A7"}},
            {"state": "OH", "values": {"promo": "a, \"b\"", "code": 9}},
        ]);
        assert_eq!(read(text), Ok(expected));
    }

    #[test]
    fn lines_of_one_household_have_a_person_each() {
        let text = "household,state,people.last_name,people.sex\n1,VA,Doe,male\n1,,Doe,female\n2,OH,Roe,male\n";
        let expected = json!([
            {"state": "VA", "people": [{"last_name": "Doe", "sex": "male"}, {"last_name": "Doe", "sex": "female"}]},
            {"state": "OH", "people": [{"last_name": "Roe", "sex": "male"}]},
        ]);
        assert_eq!(read(text), Ok(expected));
        let without = "state,people.last_name\nVA,Doe\nVA,Roe\n";
        let expected = json!([
            {"state": "VA", "people": [{"last_name": "Doe"}]},
            {"state": "VA", "people": [{"last_name": "Roe"}]},
        ]);
        assert_eq!(read(without), Ok(expected), "no column says that lines belong together");
    }

    #[test]
    fn what_a_table_cannot_mean_is_told_at_its_cell() {
        let wrong = [
            ("", "the file has no line", "x.csv:1:1"),
            ("state,income\nVA\n", "found 1 cells, expected 2", "x.csv:2:1"),
            ("state,income,state\nVA,1,OH\n", "the column `state` is there a second time", "x.csv:1:14"),
            ("state,,income\nVA,,1\n", "this column has no name", "x.csv:1:7"),
            ("household,state\n1,VA\n2,OH\n1,VA\n", "`1` stands in `household` further up", "x.csv:4:1"),
            ("household,state\n1,VA\n1,OH\n", "`state` says something else, or more", "x.csv:3:3"),
            ("values,values.a\n1,2\n", "`values.a` leads on from `values`", "x.csv:1:8"),
        ];
        for (text, words, place) in wrong {
            let told = read(text).unwrap_err();
            assert!(told.contains(words) && told.contains(place), "{text}\n{told}");
        }
    }
}
