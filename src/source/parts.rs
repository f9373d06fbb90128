//! Parts: lists that stand in files of their own, put where an item says `include: PATH`. They travel in the same text as the layers, so
//! that whoever keeps the text keeps all of it.

use super::csv::read_csv;
use super::diagnostic::Report;
use super::layers::{Layer, layers};
use super::node::{Kind, Node, Span};
use super::read::read;
use std::collections::BTreeMap;
use std::path::Path;

/// A part that a text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path, as the file that names it is called, joined with what it says.
    pub path: String,
    /// Where it is named.
    pub span: Span,
}

/// The parts that a text, or any of its layers, asks for and does not hold yet. `file` is what the text is called where it is one alone.
pub fn parts_wanted(text: &str, file: &str) -> Vec<Wanted> {
    if !text.contains("include") {
        return Vec::new();
    }
    let mut wanted = Vec::new();
    let Some(root) = super::layers::read_layers(text, &mut Report::new()) else { return wanted };
    collect(&root, &|span| path_of(text, file, span), &mut wanted);
    wanted
}

fn collect(node: &Node, path: &dyn Fn(&Node) -> Option<String>, wanted: &mut Vec<Wanted>) {
    match &node.kind {
        Kind::List(items) => {
            for item in items {
                match included(item).and_then(|named| Some((path(named)?, named.span))) {
                    Some((path, span)) => wanted.push(Wanted { path, span }),
                    None => collect(item, path, wanted),
                }
            }
        }
        Kind::Map(entries) => entries.iter().for_each(|entry| collect(&entry.value, path, wanted)),
        Kind::Null | Kind::Scalar(_) | Kind::Broken => {}
    }
}

/// What an item of a list that stands for a part names.
fn included(item: &Node) -> Option<&Node> {
    let [only] = item.entries() else { return None };
    (only.key == "include" && only.value.text().is_some()).then_some(&only.value)
}

/// The path of a part: from the folder of the file that names it.
fn path_of(text: &str, file: &str, named: &Node) -> Option<String> {
    let layer = layers(text).into_iter().rfind(|layer| layer.begin <= named.span.start);
    let (name, is_part) = layer.map_or((file, false), |layer| (layer.name, layer.is_part));
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    // a part names no further parts: whoever reads a journey looks into one file for a step
    (!is_part).then(|| folder.join(named.text().unwrap_or_default()).display().to_string())
}

/// Puts the items of each part where it is asked for.
pub(super) fn put_in(root: &mut Node, text: &str, of_parts: &[Layer<'_>], report: &mut Report) {
    let mut parts: BTreeMap<&str, Node> = BTreeMap::new();
    for part in of_parts {
        if Path::new(part.name).extension().is_some_and(|kind| kind.eq_ignore_ascii_case("csv")) {
            parts.insert(part.name, read_csv(text, (part.begin, part.end), report));
            continue;
        }
        let above = "\n".repeat(part.begin);
        let own = text.get(part.begin..part.end).unwrap_or_default();
        if let Some(node) = read(&format!("{above}{own}"), report) {
            parts.insert(part.name, node);
        }
    }
    put(root, text, &parts, report);
}

fn put(node: &mut Node, text: &str, parts: &BTreeMap<&str, Node>, report: &mut Report) {
    match &mut node.kind {
        Kind::List(items) => {
            let mut whole = Vec::with_capacity(items.len());
            for mut item in std::mem::take(items) {
                let part = included(&item).and_then(|named| parts.get(path_of(text, "", named)?.as_str()));
                match part.map(|part| (&part.kind, part.span)) {
                    Some((Kind::List(steps), _)) => whole.extend(steps.iter().cloned()),
                    Some((Kind::Broken, _)) => {}
                    Some((_, span)) => {
                        report
                            .error(span, "a part is a list, such as the steps of a journey or the rows of a population")
                            .help("begin each item with `- `");
                    }
                    None => {
                        put(&mut item, text, parts, report);
                        whole.push(item);
                    }
                }
            }
            *items = whole;
        }
        Kind::Map(entries) => entries.iter_mut().for_each(|entry| put(&mut entry.value, text, parts, report)),
        Kind::Null | Kind::Scalar(_) | Kind::Broken => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::layers::{read_layers, with_part};
    use super::{Report, parts_wanted};
    use serde_json::json;

    fn read(text: &str) -> Result<serde_json::Value, String> {
        let mut report = Report::new();
        let node = read_layers(text, &mut report);
        if report.is_empty() {
            Ok(node.unwrap().to_json())
        } else {
            Err(report.into_diagnostics(text, "own/s.yaml").to_string())
        }
    }

    const OWN: &str = "a: [1, {include: parts/two.yaml}, 4, {include: parts/two.yaml}]\n";

    #[test]
    fn a_part_stands_where_it_is_asked_for_as_often_as_it_is() {
        let wanted = parts_wanted(OWN, "own/s.yaml");
        let paths: Vec<&str> = wanted.iter().map(|wanted| wanted.path.as_str()).collect();
        assert_eq!(paths, ["own/parts/two.yaml", "own/parts/two.yaml"]);
        assert_eq!(&OWN[wanted[0].span.range()], "parts/two.yaml");
        let text = with_part(("own/s.yaml", OWN), ("own/parts/two.yaml", "- 2\n- 3\n"));
        assert_eq!(read(&text), Ok(json!({"a": [1, 2, 3, 4, 2, 3]})));
        assert_eq!(parts_wanted(&text, "own/s.yaml"), [], "nothing is left to be read");
    }

    #[test]
    fn what_is_wrong_in_a_part_points_into_its_file() {
        let broken = with_part(("own/s.yaml", OWN), ("own/parts/two.yaml", "- 2\n- a: 1\n  a: 2\n"));
        let told = read(&broken).unwrap_err();
        assert!(told.contains("--> own/parts/two.yaml:3:3") && told.contains("3 |   a: 2"), "{told}");
        let no_list = read(&with_part(("own/s.yaml", OWN), ("own/parts/two.yaml", "b: 1\n"))).unwrap_err();
        assert!(no_list.contains("a part is a list") && no_list.contains("own/parts/two.yaml:1:1"), "{no_list}");
    }

    #[test]
    fn a_part_names_no_further_parts() {
        let text = with_part(("s.yaml", "a: [{include: p.yaml}]\n"), ("p.yaml", "- {include: q.yaml}\n"));
        assert_eq!(parts_wanted(&text, "s.yaml"), []);
        assert_eq!(read(&text), Ok(json!({"a": [{"include": "q.yaml"}]})), "whoever reads the list refuses it");
    }
}
