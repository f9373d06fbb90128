//! YAML text to a tree: aliases, anchors, tags, several documents and double keys are refused at their place.

use super::diagnostic::Report;
use super::node::{Entry, Kind, Node, Scalar, Span};
use std::collections::HashSet;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span as ParserSpan, options};

/// Longest text that is read.
const MAX_BYTES: usize = 1 << 20;
/// Deepest nesting that is read.
const MAX_DEPTH: usize = 64;

/// Reads one YAML document. Errors go to the report; `None` where nothing can be made of the text.
pub fn read(text: &str, report: &mut Report) -> Option<Node> {
    if text.len() > MAX_BYTES {
        report.error(Span::default(), format!("the file has {} bytes, at most {MAX_BYTES} are read", text.len()));
        return None;
    }
    if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let span = Span { start: at, end: at + c.len_utf8() };
        report.error(span, format!("control character U+{:04X} cannot stand in a file", u32::from(c)));
        return None;
    }
    Builder::new(text, report).run()
}

/// A collection that is still open.
enum Open {
    List { span: Span, items: Vec<Node> },
    Map { span: Span, entries: Vec<Entry>, seen: HashSet<String>, key: Option<(Option<String>, Span)> },
}

struct Builder<'a> {
    text: &'a str,
    report: &'a mut Report,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, report: &'a mut Report) -> Self {
        Self { text, report, open: Vec::new(), root: None, documents: 0 }
    }

    fn run(mut self) -> Option<Node> {
        let options = options! {
            emit_unresolved_aliases: true,
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        for next in Parser::new_from_str_with_options(self.text, options) {
            match next {
                Ok((event, span)) => self.event(event, &span),
                Err(error) => {
                    let start = self.offset(error.marker());
                    let end = self.text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
                    let error = self.report.error(Span { start, end }, format!("not YAML: {}", error.info()));
                    error.help("look for a bracket or quote that is not closed, here or on the line above");
                    return None;
                }
            }
            if self.documents > 1 {
                return None;
            }
        }
        if self.root.is_none() {
            self.report.error(Span::default(), "the file is empty, expected a mapping of keys");
        }
        self.root
    }

    fn event(&mut self, event: Event<'_>, at: &ParserSpan) {
        let span = self.span(at);
        if event.tag().is_some() {
            let help = "every value is text until a key asks for more; leave the tag out";
            self.report.error(span, "tags such as `!!str` are not allowed").help(help);
        }
        if event.anchor_id().is_some() {
            self.report.error(span, "anchors are not allowed").help("write the value out where it is needed");
        }
        match event {
            Event::DocumentStart(..) => self.begin_document(span),
            Event::Scalar(text, style, ..) => self.scalar(&text, style, span),
            Event::SequenceStart(..) => self.open.push(Open::List { span, items: Vec::new() }),
            Event::MappingStart(..) => {
                self.open.push(Open::Map { span, entries: Vec::new(), seen: HashSet::new(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.report.error(span, "aliases are not allowed").help("write the value out where it is needed");
                self.add(Node { span, kind: Kind::Broken });
            }
            _ => {}
        }
    }

    fn begin_document(&mut self, span: Span) {
        self.documents += 1;
        if self.documents > 1 {
            self.report.error(span, "a second document begins here, expected one document a file");
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) {
        let plain = style == ScalarStyle::Plain;
        let is_key = matches!(self.open.last(), Some(Open::Map { key: None, .. }));
        let is_null = plain && !is_key && matches!(text, "" | "~" | "null");
        let kind = if is_null { Kind::Null } else { Kind::Scalar(Scalar::new(text, plain)) };
        self.add(Node { span, kind });
    }

    fn close(&mut self) {
        let node = match self.open.pop() {
            Some(Open::List { span, items }) => {
                Node { span: items.first().map_or(span, |i| i.span), kind: Kind::List(items) }
            }
            Some(Open::Map { span, entries, .. }) => {
                Node { span: entries.first().map_or(span, |e| e.key_span), kind: Kind::Map(entries) }
            }
            None => return,
        };
        self.add(node);
    }

    /// Puts a finished node where it belongs: into the list, as the map's next key, or as the value of that key.
    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, seen, key, .. }) => match key.take() {
                None => *key = Some(new_key(seen, node, self.report)),
                Some((Some(key), key_span)) => entries.push(Entry { key, key_span, value: node }),
                Some((None, _)) => {}
            },
        }
    }

    fn span(&self, span: &ParserSpan) -> Span {
        let start = self.offset(&span.start);
        Span { start, end: self.offset(&span.end).max(start) }
    }

    fn offset(&self, marker: &Marker) -> usize {
        let by_chars = || self.text.char_indices().nth(marker.index()).map_or(self.text.len(), |(at, _)| at);
        let at = marker.byte_offset().unwrap_or_else(by_chars).min(self.text.len());
        (0..=at).rev().find(|i| self.text.is_char_boundary(*i)).unwrap_or(0)
    }
}

/// A key that can be used, or `None` in its place where its value must be dropped.
fn new_key(seen: &mut HashSet<String>, node: Node, report: &mut Report) -> (Option<String>, Span) {
    let span = node.span;
    let Kind::Scalar(scalar) = node.kind else {
        if !matches!(node.kind, Kind::Broken) {
            report.error(span, "a key must be text");
        }
        return (None, span);
    };
    if !seen.insert(scalar.text.clone()) {
        report.error(span, format!("key `{}` stands here a second time", scalar.text)).help("keep one of the two");
        return (None, span);
    }
    (Some(scalar.text), span)
}

#[cfg(test)]
mod tests {
    use super::{Report, read};

    fn json(text: &str) -> serde_json::Value {
        let mut report = Report::new();
        let node = read(text, &mut report);
        assert!(report.is_empty(), "{}", report.into_diagnostics(text, "t.yaml"));
        node.unwrap().to_json()
    }

    fn messages(text: &str) -> Vec<String> {
        let mut report = Report::new();
        let _ = read(text, &mut report);
        report.into_diagnostics(text, "t.yaml").items().iter().map(|d| d.message.clone()).collect()
    }

    #[test]
    fn scalars_stay_the_text_they_are() {
        let text =
            "zip: 01002\nno: NO\nwhen: 06:00\nn: 12\nneg: -1.5\nyes: true\nq: \"12\"\nhex: 0x1F\nnone:\ntilde: ~\n";
        let expected = serde_json::json!({
            "zip": "01002", "no": "NO", "when": "06:00", "n": 12, "neg": -1.5, "yes": true, "q": "12", "hex": "0x1F",
            "none": null, "tilde": null,
        });
        assert_eq!(json(text), expected);
    }

    #[test]
    fn what_can_surprise_is_refused() {
        assert_eq!(messages("a: &x 1\nb: *x\n"), ["anchors are not allowed", "aliases are not allowed"]);
        assert_eq!(messages("a: 1\na: 2\n"), ["key `a` stands here a second time"]);
        assert_eq!(messages("a: !!str 1\n"), ["tags such as `!!str` are not allowed"]);
        assert_eq!(messages("a: 1\n---\nb: 2\n"), ["a second document begins here, expected one document a file"]);
        assert_eq!(messages("[a]: 1\n"), ["a key must be text"]);
        assert_eq!(messages(""), ["the file is empty, expected a mapping of keys"]);
        assert_eq!(messages("a: \0\n"), ["control character U+0000 cannot stand in a file"]);
        assert_eq!(messages("a: [1\nb: 2\n").len(), 1);
    }

    #[test]
    fn deep_nesting_is_refused_not_followed() {
        assert_eq!(messages(&"[".repeat(100_000)).len(), 1);
        assert_eq!(messages(&"- ".repeat(100_000)).len(), 1);
        let long = "x".repeat((1 << 20) + 1);
        assert_eq!(messages(&long), ["the file has 1048577 bytes, at most 1048576 are read"]);
    }
}
