//! Target text to a target: references are filled in, the tree is checked against its keys, then for what cannot be
//! meant.

mod answer;
mod carries;
mod conversion;
mod deployment;
mod edi;
mod effective_dates;
mod eligibility;
mod exchange;
mod hand_over;
mod hosts;
mod identity;
mod json_api;
mod list;
mod names;
mod parts;
mod places;
mod rating_areas;
mod repeats;
mod scope;
mod session;
mod set;
mod sftp;
mod step;
mod waypoint;

use super::deployment::Target;
use super::keys::TARGET;
use super::secrets::{References, Secrets};
use super::template::{Mode, Template};
use crate::source::{
    Diagnostics, Filled, Kind, Node, ReferenceKind, Report, Scalar, Span, fill_references, is_layered, read_layers,
};
use scope::Scope;
#[cfg(test)]
pub(crate) use scope::sample_household;

/// Reads a target. `file` is the name shown in errors; references are asked of `references`; all errors come back at
/// once, in the file's order, and none shows what a reference brought in.
pub fn parse(text: &str, file: &str, references: &dyn References) -> Result<Target, Diagnostics> {
    let mut report = Report::new();
    let target = read_layers(text, &mut report).and_then(|mut root| {
        fill_references(&mut root, &|kind, name| look_up(references, kind, name), &mut report);
        TARGET.check(&root, &mut report);
        check_extended(&root, text, &mut report);
        parts::put_in(&mut root, &mut report);
        let areas = rating_areas::rating_areas(&root, references, &mut report);
        Builder::new(&mut report).target(&root, areas)
    });
    match target {
        Some(target) if report.is_empty() => Ok(target),
        _ => Err(report.into_diagnostics(text, file)),
    }
}

/// What a target is based on is read with it, by whoever reads files: without that half of it would be missing.
fn check_extended(root: &Node, text: &str, report: &mut Report) {
    if let Some(entry) = root.entry("extends").filter(|_| !is_layered(text)) {
        report.error(entry.key_span, "`extends` names a file that was not read with this one");
    }
}

/// Asks for what a reference means.
pub(crate) fn look_up(references: &dyn References, kind: ReferenceKind, name: &str) -> Result<Option<String>, String> {
    match kind {
        ReferenceKind::Env => Ok(references.env(name)),
        ReferenceKind::File => references.file(name).map(Some),
    }
}

/// Builds the target from a tree that the check has seen: what the check has refused is passed over in silence.
struct Builder<'r> {
    report: &'r mut Report,
    /// What templates may ask for at the place that is read now.
    scope: Scope,
    /// Hosts named in addresses, where they are named, and whether the name may be shown.
    hosts: Vec<hosts::Named>,
    /// Whether the target says `environment: production`.
    is_production_target: bool,
    /// User names and passwords of basic authentication.
    pairs: Vec<(String, String)>,
    /// What every step expects unless it says otherwise.
    defaults: step::Defaults,
    /// Names of the flow that is read now, and the expressions for which they are short.
    names_set: Vec<(String, String)>,
}

impl<'r> Builder<'r> {
    fn new(report: &'r mut Report) -> Self {
        let (scope, hosts, pairs) = (Scope::new(), Vec::new(), Vec::new());
        let (defaults, names_set) = (step::Defaults::default(), Vec::new());
        Self { report, scope, hosts, is_production_target: false, pairs, defaults, names_set }
    }

    /// A template whose names are checked against what is known here.
    fn template(&mut self, node: &Node, mode: Mode) -> Template {
        let compiled = node.scalar().and_then(|scalar| Template::of(scalar, mode).ok());
        let template = compiled.unwrap_or_else(empty_template);
        self.check_names(&template, node.span);
        template
    }

    fn check_names(&mut self, template: &Template, span: Span) {
        self.scope.check(template, span, self.report);
    }

    /// Names and templates of a mapping such as `headers`.
    fn templates(&mut self, node: Option<&Node>) -> Vec<(String, Template)> {
        let entries = node.map_or(&[][..], Node::entries);
        entries.iter().map(|e| (e.key.clone(), self.template(&e.value, Mode::Text))).collect()
    }

    /// Reports a key that cannot stand here.
    fn misplaced(&mut self, node: &Node, key: &str, why: &str) {
        if let Some(entry) = node.entry(key) {
            self.report.error(entry.key_span, format!("`{key}` {why}"));
        }
    }

    fn secrets(&self, root: &Node) -> Secrets {
        let mut values = Vec::new();
        collect_secrets(root, &mut values);
        Secrets::new(values.iter().map(|(value, _)| *value), &self.pairs).brought_in_by(values)
    }
}

/// Stands where a template could not be compiled; the error is reported.
fn empty_template() -> Template {
    Template::fixed("")
}

/// Keys whose values the whole world may know, and whoever reads an error must.
const PUBLIC: [&str; 1] = ["host_key"];

/// Every value that a reference brought in, with the reference, but for base addresses without a path, and for the host or port of
/// one: they hold a place and nothing else, and an error that cannot name the place helps nobody.
fn collect_secrets<'a>(node: &'a Node, values: &mut Vec<(&'a str, &'a str)>) {
    match &node.kind {
        Kind::Scalar(scalar) => {
            let is_place = |f: &Filled| hosts::is_plain_address(&f.value) || hosts::is_at(&f.value, &scalar.text);
            let secret = scalar.filled.iter().filter(|f| f.is_secret && !is_place(f));
            let with_reference =
                |f: &'a Filled| (f.value.as_str(), scalar.written.get(f.range.clone()).unwrap_or_default());
            values.extend(secret.map(with_reference));
        }
        Kind::List(items) => items.iter().for_each(|item| collect_secrets(item, values)),
        Kind::Map(entries) => {
            let hidden = entries.iter().filter(|e| !PUBLIC.contains(&e.key.as_str()));
            hidden.for_each(|e| collect_secrets(&e.value, values));
        }
        Kind::Null | Kind::Broken => {}
    }
}

/// `true` or `false` of a mapping's key.
fn flag(node: &Node, key: &str) -> Option<bool> {
    node.text_of(key).map(|text| text == "true")
}

/// Whole number of a mapping's key.
fn number(node: Option<&Node>, key: &str) -> Option<u32> {
    node?.text_of(key)?.parse().ok()
}

/// Texts of a word or a list of words.
fn words(node: Option<&Node>) -> Vec<String> {
    node.map_or(&[][..], Node::items_or_self).iter().filter_map(|n| n.text().map(str::to_owned)).collect()
}

/// The scalar's text as the file has it where it is secret, else filled in.
fn showable(scalar: &Scalar) -> &str {
    if scalar.filled.iter().any(|f| f.is_secret) { &scalar.written } else { &scalar.text }
}
