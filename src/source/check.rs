//! A tree against its shape: unknown and missing keys, wrong kinds, ill-formed texts, each reported at its place.

use super::diagnostic::Report;
use super::nearest::nearest;
use super::node::{Entry, Kind, Node, Scalar, Span};
use super::quantity::plain_number;
use super::shape::{Key, Shape, Words, quoted};

impl Shape {
    /// Reports everything in the tree that is not of this shape.
    pub fn check(&self, node: &Node, report: &mut Report) {
        match (&node.kind, self) {
            (Kind::Broken, _) | (_, Self::Any) => {}
            (_, Self::Either(shapes)) => match shapes.iter().find(|s| s.fits_kind(&node.kind)) {
                Some(shape) => shape.check(node, report),
                None => self.mismatch(node, report),
            },
            (Kind::Scalar(scalar), _) => self.check_scalar(scalar, node, report),
            (Kind::List(items), Self::List(shape)) => Self::check_list(items, shape, node, report),
            (Kind::Map(entries), Self::Map { key, value }) => check_map(entries, (key, value), node.span, report),
            (Kind::Map(entries), Self::Keys { name, keys }) => {
                check_keys(entries, (name, &Vec::from_iter(*keys), &|_| None), report);
                check_required(entries, (name, keys.iter()), node.span, report);
            }
            (Kind::Map(entries), Self::Kinds { name, tag, what, common, kinds }) => {
                let word = entries.iter().find(|e| e.key == *tag).and_then(|e| e.value.text());
                let own = kinds.iter().find(|kind| Some(kind.word) == word);
                let keys: Vec<&Key> = match own {
                    Some(own) => common.iter().chain(own.keys).collect(),
                    // of which kind it is will be told: the keys of all of them may stand there
                    None => common.iter().chain(kinds.iter().flat_map(|kind| kind.keys)).collect(),
                };
                let belongs = |key: &str| {
                    let others = kinds.iter().filter(|kind| kind.keys.iter().any(|k| k.name == key));
                    let others: Vec<&str> = others.map(|kind| kind.word).collect();
                    let plural = if others.len() > 1 { "s" } else { "" };
                    (!others.is_empty()).then(|| format!("`{key}` belongs to the {what}{plural} {}", quoted(&others)))
                };
                check_keys(entries, (name, &keys, &belongs), report);
                let own = own.map_or(&[][..], |own| own.keys);
                check_required(entries, (name, common.iter().chain(own)), node.span, report);
            }
            _ => self.mismatch(node, report),
        }
    }

    fn fits_kind(&self, kind: &Kind) -> bool {
        match self {
            Self::List(_) => matches!(kind, Kind::List(_)),
            Self::Map { .. } | Self::Keys { .. } | Self::Kinds { .. } => matches!(kind, Kind::Map(_)),
            Self::Either(shapes) => shapes.iter().any(|s| s.fits_kind(kind)),
            Self::Any => true,
            _ => matches!(kind, Kind::Scalar(_)),
        }
    }

    fn check_scalar(&self, scalar: &Scalar, node: &Node, report: &mut Report) {
        if let (Some(mark), false) = (template_mark(&scalar.written), matches!(self, Self::Template(_))) {
            let message = format!("`{mark}` is not rendered here, and would be taken as it stands");
            report.error(node.span, message).help(
                "templates stand in addresses, queries, headers, bodies, `when` and `equals`; a captured token goes into \
                 `headers: {Authorization: \"Bearer {{ … }}\"}`",
            );
            return;
        }
        let sound = match self {
            Self::Text => !scalar.text.trim().is_empty(),
            Self::Integer { min, max } => integer(&scalar.text).is_some_and(|n| (*min..=*max).contains(&n)),
            Self::Bool => matches!(&*scalar.text, "true" | "false"),
            Self::Words(words) => return check_word(words, &scalar.text, &scalar.written, node.span, report),
            Self::Leaf(leaf) | Self::Template(leaf) => {
                let Some(fault) = (leaf.fault)(scalar) else { return };
                let message = fault.message.unwrap_or_else(|| self.mismatch_text(node));
                report.error(node.span, message).help = fault.help;
                return;
            }
            _ => false,
        };
        if !sound {
            self.mismatch(node, report);
        }
    }

    fn check_list(items: &[Node], shape: &Shape, node: &Node, report: &mut Report) {
        if items.is_empty() {
            report.error(node.span, "the list is empty, expected at least one item");
        }
        for item in items {
            shape.check(item, report);
        }
    }

    fn mismatch(&self, node: &Node, report: &mut Report) {
        report.error(node.span, self.mismatch_text(node));
    }

    fn mismatch_text(&self, node: &Node) -> String {
        format!("found {}, expected {}", describe(node), self.expected())
    }
}

/// The first expression or statement of a template in a text, at most 60 characters of it.
pub fn template_mark(text: &str) -> Option<String> {
    let marks = [("{{", "}}"), ("{%", "%}")];
    let found = marks.iter().filter_map(|(opens, closes)| {
        let start = text.find(opens)?;
        let end = start + text[start..].find(closes)? + closes.len();
        Some((start, &text[start..end]))
    });
    found.min_by_key(|(start, _)| *start).map(|(_, mark)| shortened(mark))
}

/// Digits only, as a number.
pub(super) fn integer(text: &str) -> Option<u64> {
    plain_number(text).and_then(|_| text.trim().parse().ok())
}

fn describe(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::Scalar(scalar) => format!("`{}`", shortened(&scalar.written)),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) | Kind::Broken => "a mapping".to_owned(),
    }
}

/// At most 60 characters.
fn shortened(text: &str) -> String {
    let head: String = text.chars().take(60).collect();
    if head.len() < text.len() { head + "…" } else { head }
}

fn check_word(words: &Words, text: &str, written: &str, span: Span, report: &mut Report) {
    let known = (words.words)();
    if known.contains(&text) {
        return;
    }
    let near = nearest(text, known.iter().copied()).map(str::to_owned);
    let error = report.error(span, format!("unknown {} `{}`", words.what, shortened(written)));
    error.label(format!("expected one of {}", quoted(&known))).did_you_mean(near.as_deref());
}

fn check_map(entries: &[Entry], (key, value): (&Shape, &Shape), span: Span, report: &mut Report) {
    if entries.is_empty() {
        report.error(span, "the mapping is empty, expected at least one entry");
    }
    for entry in entries {
        let name = Node { span: entry.key_span, kind: Kind::Scalar(Scalar::new(&entry.key, true)) };
        key.check(&name, report);
        if entry.key.contains("${") {
            let message = format!("`{}` is a key, and references are filled in in values alone", shortened(&entry.key));
            report.error(entry.key_span, message);
        }
        value.check(&entry.value, report);
    }
}

/// The keys of a mapping, and where another kind of it has a key, in words.
type Known<'a> = (&'a str, &'a [&'static Key], &'a dyn Fn(&str) -> Option<String>);

fn check_keys(entries: &[Entry], (name, keys, belongs): Known<'_>, report: &mut Report) {
    let known: Vec<&str> = keys.iter().map(|k| k.name).collect();
    for entry in entries {
        let Some(key) = keys.iter().find(|k| k.name == entry.key) else {
            if let Some(words) = belongs(&entry.key) {
                report.error(entry.key_span, words);
                continue;
            }
            let near = nearest(&entry.key, known.iter().copied());
            let error = report.error(entry.key_span, format!("unknown key `{}` in {name}", shortened(&entry.key)));
            error.label(format!("expected one of {}", quoted(&known))).did_you_mean(near);
            continue;
        };
        if matches!(entry.value.kind, Kind::Null) {
            let expected = key.shape.expected();
            report.error(entry.key_span, format!("`{}` has no value, expected {expected}", entry.key));
        } else {
            key.shape.check(&entry.value, report);
        }
    }
}

fn check_required<'k>(
    entries: &[Entry],
    (name, keys): (&str, impl Iterator<Item = &'k Key>),
    span: Span,
    report: &mut Report,
) {
    for key in keys.filter(|k| k.required && entries.iter().all(|e| e.key != k.name)) {
        let expected = key.shape.expected();
        let error = report.error(span, format!("key `{}` is missing in {name}, expected {expected}", key.name));
        error.help(key.about.trim_end_matches('.'));
    }
}
