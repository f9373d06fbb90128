//! JSON bodies whose texts are templates.

use super::context::Context;
use super::template::{Mode, Template, TemplateError};
use super::tokens::Place;
use crate::source::{Entry, Kind, Node, Scalar, Span, template_mark};
use serde_json::Value;
use std::collections::BTreeSet;

/// A JSON tree whose texts are templates. A text that is one expression and nothing else (`"{{ members }}"`) becomes the
/// expression's JSON value; any other text becomes a JSON string.
#[derive(Debug, Clone)]
pub struct JsonTemplate {
    /// The tree as the file has it.
    pub tree: Value,
    root: Part,
}

/// Takes each template of a tree with its place.
pub(super) type Tell<'a> = dyn FnMut(Span, Result<&Template, &TemplateError>) + 'a;

/// A part of the tree, compiled.
#[derive(Debug, Clone)]
enum Part {
    Fixed(Value),
    Text(Template),
    Expression(Template),
    List(Vec<Part>),
    Object(Vec<(String, Part)>),
}

impl JsonTemplate {
    /// Compiles a tree.
    pub fn compile(tree: Value) -> Result<Self, TemplateError> {
        let root = part_of_json(&tree)?;
        Ok(Self { tree, root })
    }

    /// Compiles a file's tree; each template, or why it cannot be understood, is told with its place.
    pub(super) fn of(node: &Node, tell: &mut Tell<'_>) -> Self {
        Self { tree: node.to_json(), root: part_of_node(node, tell) }
    }

    /// The tree with its expressions' values.
    pub fn render(&self, context: &Context) -> Result<Value, TemplateError> {
        self.render_with(&|_, template| template.render(context))
    }

    /// The same, where each template is rendered with what is known at its place.
    pub fn render_with(
        &self,
        known: &dyn Fn(Place<'_>, &Template) -> Result<String, TemplateError>,
    ) -> Result<Value, TemplateError> {
        self.root.render_with("", known)
    }

    /// Every template with the field that it stands in.
    pub(super) fn placed(&self) -> Vec<(Place<'_>, &Template)> {
        let mut found = Vec::new();
        self.root.place("", &mut found);
        found
    }

    /// The names it asks for.
    pub fn names(&self) -> BTreeSet<String> {
        self.templates().flat_map(Template::names).collect()
    }

    /// Every template in it.
    pub(super) fn templates(&self) -> impl Iterator<Item = &Template> {
        let mut found = Vec::new();
        self.root.collect(&mut found);
        found.into_iter()
    }
}

impl Part {
    fn render_with(
        &self,
        key: &str,
        known: &dyn Fn(Place<'_>, &Template) -> Result<String, TemplateError>,
    ) -> Result<Value, TemplateError> {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Text(template) => known(Place::Field(key), template).map(Value::String),
            Self::Expression(template) => {
                let text = known(Place::Field(key), template)?;
                serde_json::from_str(&text).map_err(|e| TemplateError::Failed(format!("value is not JSON: {e}")))
            }
            Self::List(parts) => parts.iter().map(|p| p.render_with(key, known)).collect(),
            Self::Object(parts) => parts.iter().map(|(k, p)| Ok((k.clone(), p.render_with(k, known)?))).collect(),
        }
    }

    fn place<'a>(&'a self, key: &'a str, found: &mut Vec<(Place<'a>, &'a Template)>) {
        match self {
            Self::Fixed(_) => {}
            Self::Text(template) | Self::Expression(template) => found.push((Place::Field(key), template)),
            Self::List(parts) => parts.iter().for_each(|p| p.place(key, found)),
            Self::Object(parts) => parts.iter().for_each(|(k, p)| p.place(k, found)),
        }
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Template>) {
        match self {
            Self::Fixed(_) => {}
            Self::Text(template) | Self::Expression(template) => found.push(template),
            Self::List(parts) => parts.iter().for_each(|p| p.collect(found)),
            Self::Object(parts) => parts.iter().for_each(|(_, p)| p.collect(found)),
        }
    }
}

fn part_of_json(tree: &Value) -> Result<Part, TemplateError> {
    Ok(match tree {
        Value::String(text) => part_of_text(&Scalar::new(text, false))?,
        Value::Array(items) => Part::List(items.iter().map(part_of_json).collect::<Result<_, _>>()?),
        Value::Object(entries) => {
            let parts = entries.iter().map(|(k, v)| Ok((k.clone(), part_of_json(v)?)));
            Part::Object(parts.collect::<Result<_, TemplateError>>()?)
        }
        other => Part::Fixed(other.clone()),
    })
}

fn part_of_node(node: &Node, tell: &mut Tell<'_>) -> Part {
    match &node.kind {
        Kind::Scalar(scalar) if node.to_json().is_string() => {
            let part = part_of_text(scalar);
            match &part {
                Ok(Part::Text(template) | Part::Expression(template)) => tell(node.span, Ok(template)),
                Ok(_) => {}
                Err(error) => tell(node.span, Err(error)),
            }
            part.unwrap_or(Part::Fixed(Value::Null))
        }
        Kind::List(items) => Part::List(items.iter().map(|i| part_of_node(i, tell)).collect()),
        Kind::Map(entries) => {
            for entry in entries {
                check_key(entry, tell);
            }
            Part::Object(entries.iter().map(|e| (e.key.clone(), part_of_node(&e.value, tell))).collect())
        }
        _ => Part::Fixed(node.to_json()),
    }
}

/// Keys are sent as they stand.
fn check_key(entry: &Entry, tell: &mut Tell<'_>) {
    let reference = entry.key.find("${").map(|at| entry.key[at..].to_owned());
    if let Some(mark) = template_mark(&entry.key).or(reference) {
        let words = format!("`{mark}` stands in a key, and keys are not rendered; write the whole as `body: |`");
        tell(entry.key_span, Err(&TemplateError::Syntax(words)));
    }
}

fn part_of_text(scalar: &Scalar) -> Result<Part, TemplateError> {
    if let Some(inner) = only_expression(scalar)
        && let Ok(template) = Template::of(&Scalar::new(inner, false), Mode::Json)
    {
        return Ok(Part::Expression(template));
    }
    Template::of(scalar, Mode::Text).map(Part::Text)
}

/// What stands between `{{` and `}}`, where nothing stands around them and there is no reference in it. Two expressions
/// side by side look the same at their ends; as one expression they do not compile, which is how they are told apart.
fn only_expression(scalar: &Scalar) -> Option<&str> {
    let inner = scalar.written.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    scalar.filled.is_empty().then(|| inner.trim_matches('-').trim())
}
