//! Errors that point at the line they mean, collected and shown in rustc's style.

use super::layers::{Layer, layers};
use super::node::Span;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use std::fmt;

/// At most so many errors are shown; the rest are counted.
const MOST_SHOWN: usize = 100;

/// One error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where it is.
    pub span: Span,
    /// What is wrong: what was found, then what was expected.
    pub message: String,
    /// Beside the caret.
    pub label: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Adds a remark beside the caret.
    pub fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = Some(label.into());
        self
    }

    /// Adds advice.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean", where there is a word to mean.
    pub fn did_you_mean(&mut self, word: Option<&str>) -> &mut Self {
        if let Some(word) = word {
            self.help = Some(format!("did you mean `{word}`?"));
        }
        self
    }
}

/// Collects the errors of one file while it is read.
#[derive(Debug, Default)]
pub struct Report {
    items: Vec<Diagnostic>,
}

impl Report {
    /// Starts without errors.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error; more can be said of it through what is returned.
    pub fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let at = self.items.len();
        self.items.push(Diagnostic { span, message: message.into(), label: None, help: None });
        &mut self.items[at]
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many errors there are so far.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// The errors in the order of the file, with the text they point into.
    pub fn into_diagnostics(mut self, text: &str, file: &str) -> Diagnostics {
        self.items.sort_by_key(|d| d.span.start);
        self.items.dedup();
        Diagnostics { file: file.to_owned(), text: text.to_owned(), items: self.items }
    }
}

/// All errors of one file. `Display` shows them one after another, each with file, line, column, the line itself and a
/// caret; the line is shown as written, so a value that a reference brought in is never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    file: String,
    text: String,
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// The errors in the order of the file.
    pub fn items(&self) -> &[Diagnostic] {
        &self.items
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none; a failed reading has at least one.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Line and column, both from 1 and the column in characters, where the error begins in its file.
    pub fn position(&self, item: &Diagnostic) -> (usize, usize) {
        let before = self.text.get(..item.span.start).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let begin = self.layer_of(item).map_or(0, |layer| layer.begin);
        let line = before.get(begin..).unwrap_or_default().bytes().filter(|b| *b == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }

    /// The layer in which the error stands, where the text has several.
    fn layer_of(&self, item: &Diagnostic) -> Option<Layer<'_>> {
        layers(&self.text).into_iter().rfind(|layer| layer.begin <= item.span.start)
    }

    /// The same as `Display`, with the terminal's colours.
    pub fn coloured(&self) -> String {
        self.render(&Renderer::styled())
    }

    fn render(&self, renderer: &Renderer) -> String {
        let shown = self.items.iter().take(MOST_SHOWN).map(|item| self.render_one(renderer, item));
        let rest = self.items.len().saturating_sub(MOST_SHOWN);
        let more = (rest > 0).then(|| format!("and {rest} more errors in {}", self.file));
        shown.chain(more).collect::<Vec<_>>().join("\n\n")
    }

    fn render_one(&self, renderer: &Renderer, item: &Diagnostic) -> String {
        let (line_number, _) = self.position(item);
        let span = self.visible(item.span);
        let line_start = self.text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[span.start..].find('\n').map_or(self.text.len(), |at| span.start + at);
        let within_line = span.start - line_start..span.end - line_start;
        let annotation = AnnotationKind::Primary.span(within_line).label(item.label.as_deref());
        // Only the line itself: a file of many errors would be looked through from its beginning for each.
        let snippet = Snippet::source(&self.text[line_start..line_end]).line_start(line_number);
        let file = self.layer_of(item).map_or(self.file.as_str(), |layer| layer.name);
        let snippet = snippet.path(file).annotation(annotation);
        let mut elements: Vec<Element<'_>> = vec![snippet.into()];
        elements.extend(item.help.as_deref().map(|help| Level::HELP.message(help).into()));
        let group: Group<'_> = Level::ERROR.primary_title(item.message.as_str()).elements(elements);
        renderer.render(&[group])
    }

    /// The span within the text, on character borders and on its first line only.
    fn visible(&self, span: Span) -> std::ops::Range<usize> {
        let start = floor_char_boundary(&self.text, span.start);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let end = floor_char_boundary(&self.text, span.end.clamp(start, line_end));
        start..end.max(start)
    }
}

/// The nearest border of two characters at or before `at`.
fn floor_char_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

impl std::error::Error for Diagnostics {}
