//! One text of several: what a file is based on, the file, and what was typed beside it, each over the one before. Whoever keeps the text
//! keeps all of it.

use super::diagnostic::Report;
use super::node::{Entry, Kind, Node, Span};
use super::parts::put_in;
use super::read::read;

/// The line by which a layer begins, before its name.
const MARK: &str = "--- # layer: ";
/// The line by which a part begins, before its name.
const PART: &str = "--- # part: ";
/// The name of the layer whose keys are ways: `waypoints.issuer.within: 1h`.
pub const TYPED: &str = "--set";

/// Puts a text over another one, which may have layers of its own. `is_alone`: the upper one has none yet.
pub fn laid_over((below_name, below): (&str, &str), (name, text): (&str, &str), is_alone: bool) -> String {
    let named = |name: &str, text: &str, has_layers: bool| {
        let mark = if has_layers { String::new() } else { format!("{MARK}{name}\n") };
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        format!("{mark}{text}{end}")
    };
    named(below_name, below, is_layered(below)) + &named(name, text, !is_alone)
}

/// Puts a part beside a text, which may have layers and parts already.
pub fn with_part((name, text): (&str, &str), (part_name, part): (&str, &str)) -> String {
    let end = |text: &str| if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let mark = if is_layered(text) { String::new() } else { format!("{MARK}{name}\n") };
    format!("{mark}{text}{}{PART}{part_name}\n{part}{}", end(text), end(part))
}

/// Whether a text was put together of several.
pub fn is_layered(text: &str) -> bool {
    text.starts_with(MARK)
}

/// A layer of a text: its name, and where its own text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layer<'a> {
    pub(super) name: &'a str,
    pub(super) begin: usize,
    pub(super) end: usize,
    /// It is a part, which lies over nothing.
    pub(super) is_part: bool,
}

/// The layers of a text, in order; none where it is one alone.
pub(super) fn layers(text: &str) -> Vec<Layer<'_>> {
    let mut found: Vec<Layer<'_>> = Vec::new();
    if !is_layered(text) {
        return found;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let of_part = line.strip_prefix(PART).map(|name| (name, true));
        if let Some((name, is_part)) = line.strip_prefix(MARK).map(|name| (name, false)).or(of_part) {
            if let Some(before) = found.last_mut() {
                before.end = at;
            }
            found.push(Layer { name: name.trim_end(), begin: end, end: text.len(), is_part });
        }
        at = end;
    }
    found
}

/// Reads a text, or all of its layers, each over those before: mappings key by key, anything else in the place of what was there, and
/// what is empty takes away. Errors go to the report; `None` where nothing can be made of it.
pub fn read_layers(text: &str, report: &mut Report) -> Option<Node> {
    let layers = layers(text);
    if layers.is_empty() {
        return read(text, report);
    }
    let mut whole: Option<Node> = None;
    let (parts, layers): (Vec<Layer<'_>>, Vec<_>) = layers.into_iter().partition(|layer| layer.is_part);
    for layer in layers {
        // every place keeps its number in the whole text
        let above = "\n".repeat(layer.begin);
        let node = read(&format!("{above}{}", text.get(layer.begin..layer.end).unwrap_or_default()), report)?;
        whole = Some(match whole {
            None => node,
            Some(whole) if layer.name == TYPED => typed_over(whole, node, report),
            Some(whole) => over(whole, node),
        });
    }
    if let Some(whole) = whole.as_mut().filter(|_| !parts.is_empty()) {
        put_in(whole, text, &parts, report);
    }
    whole
}

/// What is over what.
fn over(below: Node, above: Node) -> Node {
    match (below.kind, above.kind) {
        (Kind::Map(mut entries), Kind::Map(more)) => {
            for entry in more {
                put(&mut entries, entry);
            }
            Node { span: above.span, kind: Kind::Map(entries) }
        }
        (_, kind) => Node { span: above.span, kind },
    }
}

fn put(entries: &mut Vec<Entry>, entry: Entry) {
    let known = entries.iter().position(|known| known.key == entry.key);
    if matches!(entry.value.kind, Kind::Null) {
        entries.retain(|known| known.key != entry.key);
        return;
    }
    match known.and_then(|at| entries.get_mut(at)) {
        Some(known) => {
            let below = std::mem::replace(&mut known.value, Node { span: entry.key_span, kind: Kind::Null });
            known.key_span = entry.key_span;
            known.value = over(below, entry.value);
        }
        None => entries.push(entry),
    }
}

/// Puts what was typed where its way leads.
fn typed_over(mut whole: Node, typed: Node, report: &mut Report) -> Node {
    let Kind::Map(entries) = typed.kind else { return whole };
    for entry in entries {
        let way = entry.key.clone();
        put_at(&mut whole, (&way, entry.key_span), entry.value, report);
    }
    whole
}

/// Follows a way through keys, and through lists by the `name` of an item or its place from 0.
fn put_at(node: &mut Node, (way, span): (&str, Span), value: Node, report: &mut Report) {
    match &mut node.kind {
        Kind::Map(entries) => {
            // a key may have points in it: the longest that is there is meant
            let ends = way.match_indices('.').map(|(at, _)| at).chain([way.len()]);
            let known = |end: &usize| entries.iter().any(|entry| way.get(..*end) == Some(&entry.key));
            let first = way.find('.').unwrap_or(way.len());
            let end = ends.filter(known).max().unwrap_or(first);
            let (key, rest) = (way.get(..end).unwrap_or_default().to_owned(), way.get(end + 1..));
            let Some(rest) = rest else { return put(entries, Entry { key, key_span: span, value }) };
            if !entries.iter().any(|entry| entry.key == key) {
                entries.push(Entry {
                    key: key.clone(),
                    key_span: span,
                    value: Node { span, kind: Kind::Map(Vec::new()) },
                });
            }
            if let Some(next) = entries.iter_mut().find(|entry| entry.key == key) {
                put_at(&mut next.value, (rest, span), value, report);
            }
        }
        Kind::List(items) => {
            let (item, rest) = way.split_once('.').map_or((way, None), |(item, rest)| (item, Some(rest)));
            let named = items.iter().position(|node| node.text_of("name") == Some(item));
            let at = named.or_else(|| item.parse().ok().filter(|at| *at < items.len()));
            match (at.and_then(|at| items.get_mut(at)), rest) {
                (Some(next), Some(rest)) => put_at(next, (rest, span), value, report),
                (Some(next), None) => *next = value,
                (None, _) => {
                    let message = format!("no item of the list is called `{item}`, nor is that a place in it");
                    report.error(span, message).help(format!("there are {} items, from 0", items.len()));
                }
            }
        }
        _ => {
            report.error(span, format!("`{way}` leads on from what has no keys"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, TYPED, laid_over, read_layers};
    use serde_json::json;

    fn read(layers: &[(&str, &str)]) -> Result<serde_json::Value, String> {
        let first = layers[0];
        let text =
            layers.iter().skip(1).fold(first.1.to_owned(), |below, above| laid_over((first.0, &below), *above, true));
        let mut report = Report::new();
        let node = read_layers(&text, &mut report);
        if report.is_empty() {
            Ok(node.unwrap().to_json())
        } else {
            Err(report.into_diagnostics(&text, "x.yaml").to_string())
        }
    }

    #[test]
    fn a_layer_lies_over_those_before_key_by_key() {
        let base = "a: {b: 1, c: [1, 2]}\nd: x\ne: y";
        let own = "a: {c: [3]}\nd: ~\nf: z\n";
        let typed = "a.b: 7\na.g.h: [q]\nf: w";
        let expected = json!({"a": {"b": 7, "c": [3], "g": {"h": ["q"]}}, "e": "y", "f": "w"});
        assert_eq!(read(&[("base.yaml", base), ("own.yaml", own), (TYPED, typed)]), Ok(expected));
        assert_eq!(read(&[("own.yaml", "a: 1")]), Ok(json!({"a": 1})), "one alone stays as it is");
    }

    #[test]
    fn a_way_leads_through_lists_by_name_or_place_and_through_keys_with_points() {
        let base = "w: [{name: one, x.y: 1}, {name: two}]";
        let typed = "w.one.x.y: 2\nw.1.z: 3";
        let expected = json!({"w": [{"name": "one", "x.y": 2}, {"name": "two", "z": 3}]});
        assert_eq!(read(&[("b", base), (TYPED, typed)]), Ok(expected));
    }

    #[test]
    fn an_error_points_into_the_layer_in_which_it_stands() {
        let base = "# one\na: 1\nb: &x 2\n";
        let told = read(&[("base.yaml", base), ("own.yaml", "c: 3\nc: 4\n"), (TYPED, "a.b: 1")]).unwrap_err();
        for words in [
            "--> base.yaml:3:7",
            "3 | b: &x 2",
            "--> own.yaml:2:1",
            "2 | c: 4",
            "--> --set:1:1",
            "1 | a.b: 1",
            "has no keys",
        ] {
            assert!(told.contains(words), "`{words}` is not in:\n{told}");
        }
        let told = read(&[("b", "w: [{name: one}]"), (TYPED, "w.two.x: 1")]).unwrap_err();
        assert!(told.contains("no item of the list is called `two`"), "{told}");
    }
}
