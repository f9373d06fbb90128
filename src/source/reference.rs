//! References in texts: `${env:NAME}`, `${env:NAME:-default}` and `${file:PATH}`.

use super::diagnostic::Report;
use super::layers::read_layers;
use super::node::{Kind, Node, Scalar, Span};
use std::fmt;
use std::ops::Range;

/// What a reference asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A variable of the environment.
    Env,
    /// The content of a file, without the line break at its end.
    File,
}

/// A reference and what it brought in. `Debug` does not show the latter.
#[derive(Clone)]
pub struct Filled {
    /// Where it stands in the text as written.
    pub range: Range<usize>,
    /// What stands there instead.
    pub value: String,
    /// Whether it came from outside the file: a default written in the file is no secret.
    pub is_secret: bool,
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filled").field("range", &self.range).finish_non_exhaustive()
    }
}

/// Asks for a reference's value: `Ok(None)` where it is not there, an error's text where it could not be read.
pub type Lookup<'a> = dyn Fn(ReferenceKind, &str) -> Result<Option<String>, String> + 'a;

/// Fills in every reference of every value of the tree (never of keys); what cannot be had is reported at its place.
pub fn fill_references(node: &mut Node, lookup: &Lookup<'_>, report: &mut Report) {
    match &mut node.kind {
        Kind::Scalar(scalar) => {
            if !fill_scalar(scalar, node.span, lookup, report) {
                node.kind = Kind::Broken;
            }
        }
        Kind::List(items) => items.iter_mut().for_each(|item| fill_references(item, lookup, report)),
        Kind::Map(entries) => entries.iter_mut().for_each(|e| fill_references(&mut e.value, lookup, report)),
        Kind::Null | Kind::Broken => {}
    }
}

/// The text with `${env:NAME}` and `${env:NAME:-default}` written out in its values, for a file that is kept as it was read: whoever
/// reads it again needs no environment. Values that would change how the text is read are refused, as are files: what is kept is no
/// place for secrets.
pub fn written_out(text: &str, env: &dyn Fn(&str) -> Option<String>, report: &mut Report) -> String {
    let Some(mut root) = read_layers(text, &mut Report::new()).filter(|_| text.contains("${")) else {
        return text.to_owned();
    };
    let lookup = |kind: ReferenceKind, name: &str| match kind {
        ReferenceKind::Env => Ok(env(name)),
        ReferenceKind::File => {
            Err("a scenario is kept in the ledger as it was read, and is no place for files".to_owned())
        }
    };
    fill_references(&mut root, &lookup, report);
    let mut places = Vec::new();
    collect_filled(&root, &mut places);
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut all = text.to_owned();
    for (span, scalar) in places {
        let Some(mut raw) = all.get(span.range()).map(str::to_owned) else { continue };
        for Filled { range, value, .. } in &scalar.filled {
            let written = scalar.written.get(range.clone()).unwrap_or_default();
            if value.is_empty() || !value.chars().all(|c| c.is_ascii_alphanumeric() || "._:/%+-".contains(c)) {
                let message = format!("`{written}` brings in something else than letters, digits and `._:/%+-`");
                report.error(span, message).help("write it into the file, or lay it over with `--set`");
            }
            raw = raw.replace(written, value);
        }
        all.replace_range(span.range(), &raw);
    }
    all
}

fn collect_filled<'a>(node: &'a Node, places: &mut Vec<(Span, &'a Scalar)>) {
    match &node.kind {
        Kind::Scalar(scalar) => places.extend((!scalar.filled.is_empty()).then_some((node.span, scalar))),
        Kind::List(items) => items.iter().for_each(|item| collect_filled(item, places)),
        Kind::Map(entries) => entries.iter().for_each(|entry| collect_filled(&entry.value, places)),
        Kind::Null | Kind::Broken => {}
    }
}

/// Whether everything could be filled in; what could not is reported.
fn fill_scalar(scalar: &mut Scalar, span: Span, lookup: &Lookup<'_>, report: &mut Report) -> bool {
    let errors_before = report.len();
    let mut text = String::new();
    let mut done = 0;
    while let Some(start) = scalar.written[done..].find("${").map(|at| done + at) {
        let Some(end) = scalar.written[start..].find('}').map(|at| start + at + 1) else {
            report.error(span, "`${` without its `}`").help("write `${env:NAME}` or `${file:PATH}`");
            return false;
        };
        text.push_str(&scalar.written[done..start]);
        match resolve(&scalar.written[start + 2..end - 1], lookup) {
            Ok((value, is_secret)) => {
                text.push_str(&value);
                scalar.filled.push(Filled { range: start..end, value, is_secret });
            }
            Err((message, help)) => {
                report.error(span, message).help(help);
            }
        }
        done = end;
    }
    text.push_str(&scalar.written[done..]);
    scalar.text = text;
    report.len() == errors_before
}

fn resolve(inner: &str, lookup: &Lookup<'_>) -> Result<(String, bool), (String, String)> {
    if let Some(path) = inner.strip_prefix("file:") {
        let remedy = || "put the secret into that file, or correct the path".to_owned();
        return match lookup(ReferenceKind::File, path) {
            Ok(Some(value)) => Ok((value.trim_end_matches(['\r', '\n']).to_owned(), true)),
            Ok(None) => Err((format!("file `{path}` is not there"), remedy())),
            Err(reason) => Err((format!("file `{path}` cannot be read: {reason}"), remedy())),
        };
    }
    let Some(env) = inner.strip_prefix("env:") else {
        let help = "references are `${env:NAME}`, `${env:NAME:-default}` and `${file:PATH}`";
        return Err((format!("unknown reference `${{{inner}}}`"), help.to_owned()));
    };
    let (name, default) = env.split_once(":-").map_or((env, None), |(name, default)| (name, Some(default)));
    match (lookup(ReferenceKind::Env, name), default) {
        (Ok(Some(value)), _) if !(value.is_empty() && default.is_some()) => Ok((value, true)),
        (_, Some(default)) => Ok((default.to_owned(), false)),
        _ => Err((
            format!("environment variable `{name}` is not set"),
            format!("set it, or give a default: `${{env:{name}:-default}}`"),
        )),
    }
}
