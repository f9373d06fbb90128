//! Texts with `{{ … }}`: compiled once, rendered many times, with strict undefined names and a limit on work.

use super::context::Context;
use super::filters;
use crate::source::Scalar;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Work that one rendering may take, in minijinja's instructions: a hundred people with twenty fields each need a tenth.
const FUEL: u64 = 200_000;
/// The one template of a template's environment.
const NAME: &str = "template";

/// A text with `{{ … }}`, compiled; rendered by minijinja with strict undefined names. `Debug` and equality look at the
/// text as the file has it, so no secret shows.
#[derive(Clone)]
pub struct Template {
    /// As the file has it (secrets of `${env:}` and `${file:}` not filled in).
    pub source: String,
    compiled: Arc<Compiled>,
}

/// What a template became.
enum Compiled {
    /// No expression in it: the text itself, references filled in.
    Fixed(String),
    /// To be rendered.
    Program { environment: Box<Environment<'static>>, names: BTreeSet<String> },
}

/// How a template's values are written into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As they are.
    Text,
    /// Percent-encoded but for `/`, unless the text begins with an expression: then that is a whole address.
    Address,
    /// The text is an expression, rendered as `true` or as nothing.
    Condition,
    /// The text is an expression, rendered as JSON.
    Json,
}

/// Why a template cannot be compiled or rendered. Names only what the template itself says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It cannot be understood.
    #[error("template cannot be understood: {0}")]
    Syntax(String),
    /// It asks for names that nobody has given a value.
    #[error("template asks for what is not known: {}", quoted(.0))]
    Unknown(BTreeSet<String>),
    /// It asks for a filter, function or test that does not exist.
    #[error("{0}")]
    NoSuchFilter(String),
    /// It fails for another reason.
    #[error("template cannot be rendered: {0}")]
    Failed(String),
}

fn quoted(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    names.join(", ")
}

impl Template {
    /// Compiles a text; values are written as they are.
    pub fn compile(text: &str) -> Result<Self, TemplateError> {
        Self::of(&Scalar::new(text, false), Mode::Text)
    }

    /// Compiles a path or a whole address: values are percent-encoded but for `/`, unless the text begins with an
    /// expression, which then is an address already (`{{ next }}`).
    pub fn compile_address(text: &str) -> Result<Self, TemplateError> {
        Self::of(&Scalar::new(text, false), Mode::Address)
    }

    /// Compiles an expression such as `dental_plan_id is defined`; ask it with [`Template::holds`].
    pub fn compile_condition(expression: &str) -> Result<Self, TemplateError> {
        Self::of(&Scalar::new(expression, false), Mode::Condition)
    }

    /// A text without expressions, whatever stands in it.
    pub(super) fn fixed(text: &str) -> Self {
        Self { source: text.to_owned(), compiled: Arc::new(Compiled::Fixed(text.to_owned())) }
    }

    /// Compiles a value of a file; references become values that are filled in when it is rendered.
    pub(super) fn of(scalar: &Scalar, mode: Mode) -> Result<Self, TemplateError> {
        let is_text = matches!(mode, Mode::Text | Mode::Address);
        let compiled = if is_text && !["{{", "{%", "{#"].iter().any(|mark| scalar.written.contains(mark)) {
            Compiled::Fixed(scalar.text.clone())
        } else {
            program(scalar, mode)?
        };
        Ok(Self { source: scalar.written.clone(), compiled: Arc::new(compiled) })
    }

    /// The text with its expressions' values.
    pub fn render(&self, context: &Context) -> Result<String, TemplateError> {
        match &*self.compiled {
            Compiled::Fixed(text) => Ok(text.clone()),
            Compiled::Program { environment, names } => {
                let rendered = environment.get_template(NAME).and_then(|t| t.render(context.value()));
                rendered.map_err(|error| rendering_error(&error, names, context))
            }
        }
    }

    /// Whether a condition's expression is true.
    pub fn holds(&self, context: &Context) -> Result<bool, TemplateError> {
        self.render(context).map(|text| text == "true")
    }

    /// The names it asks for, dotted as far as they can be followed (`member.birth_date`).
    pub fn names(&self) -> BTreeSet<String> {
        match &*self.compiled {
            Compiled::Fixed(_) => BTreeSet::new(),
            Compiled::Program { names, .. } => names.clone(),
        }
    }

    /// Whether it has no expression, so that it is always the same text.
    pub fn is_fixed(&self) -> bool {
        matches!(&*self.compiled, Compiled::Fixed(_))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.source).finish()
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Template {}

fn program(scalar: &Scalar, mode: Mode) -> Result<Compiled, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let encodes = mode == Mode::Address && !scalar.written.trim_start().starts_with("{{");
    environment.set_formatter(if encodes { write_encoded } else { write_plain });
    filters::add_to(&mut environment);
    let text = with_references(scalar, &mut environment)?;
    let text = match mode {
        Mode::Text | Mode::Address => text,
        Mode::Condition => format!("{{% if ({text}) %}}true{{% endif %}}"),
        Mode::Json => format!("{{{{ ({text}) | tojson }}}}"),
    };
    environment.add_template_owned(NAME, text).map_err(|e| TemplateError::Syntax(words_of(&e)))?;
    let template = environment.get_template(NAME).map_err(|e| TemplateError::Syntax(words_of(&e)))?;
    let is_global = |name: &String| environment.globals().any(|(global, _)| first_segment(name) == global);
    let names = template.undeclared_variables(true).into_iter().filter(|n| !is_global(n)).collect();
    Ok(Compiled::Program { environment: Box::new(environment), names })
}

/// The text with each reference replaced by an expression that brings its value in, so that the value is never read as
/// template text.
fn with_references(scalar: &Scalar, environment: &mut Environment<'static>) -> Result<String, TemplateError> {
    let mut text = String::new();
    let mut done = 0;
    for (number, filled) in scalar.filled.iter().enumerate() {
        text.push_str(&scalar.written[done..filled.range.start]);
        if text.matches("{{").count() != text.matches("}}").count() {
            let words = "a reference cannot stand inside `{{ … }}`; put it outside";
            return Err(TemplateError::Syntax(words.to_owned()));
        }
        let name = format!("_reference_{number}");
        text.push_str(&format!("{{{{ {name} }}}}"));
        environment.add_global(name, Value::from_safe_string(filled.value.clone()));
        done = filled.range.end;
    }
    text.push_str(&scalar.written[done..]);
    Ok(text)
}

/// `member` of `member.birth_date`.
pub(super) fn first_segment(name: &str) -> &str {
    name.split_once('.').map_or(name, |(first, _)| first)
}

fn write_plain(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() { Ok(()) } else { minijinja::escape_formatter(out, state, value) }
}

fn write_encoded(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_safe() || value.is_none() {
        return write_plain(out, state, value);
    }
    out.write_str(&filters::percent_encode(&value.to_string(), b"/"))?;
    Ok(())
}

fn rendering_error(error: &minijinja::Error, names: &BTreeSet<String>, context: &Context) -> TemplateError {
    match error.kind() {
        ErrorKind::UndefinedError => {
            let unknown: BTreeSet<String> = names.iter().filter(|n| !context.has(n)).cloned().collect();
            if unknown.is_empty() { TemplateError::Failed(words_of(error)) } else { TemplateError::Unknown(unknown) }
        }
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest | ErrorKind::UnknownMethod => {
            TemplateError::NoSuchFilter(words_of(error))
        }
        _ => TemplateError::Failed(words_of(error)),
    }
}

/// What minijinja says, without the template's text around it.
fn words_of(error: &minijinja::Error) -> String {
    let kind = error.kind().to_string();
    error.detail().map_or(kind.clone(), |detail| format!("{kind}: {detail}"))
}
