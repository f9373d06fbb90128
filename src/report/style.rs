//! How text looks: colours and width.

use anstyle::{AnsiColor, Effects};
use std::fmt::Display;

/// Colours and width of a text report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the terminal; lines are cut or wrapped to fit.
    pub width: u16,
    /// Whether everything is told, or what one screen holds.
    pub full: bool,
}

impl Style {
    /// No colour, 100 columns: for files and pipes.
    pub fn plain() -> Self {
        Self { color: false, width: 100, full: false }
    }

    /// Colours, for a terminal of so many columns.
    pub fn colored(width: u16) -> Self {
        Self { color: true, width, full: false }
    }

    /// A heading.
    pub(super) fn heading(self, text: impl Display) -> String {
        self.paint(anstyle::Style::new().effects(Effects::BOLD), text)
    }

    /// Something good.
    pub(super) fn good(self, text: impl Display) -> String {
        self.paint(AnsiColor::Green.on_default(), text)
    }

    /// Something bad.
    pub(super) fn bad(self, text: impl Display) -> String {
        self.paint(AnsiColor::Red.on_default(), text)
    }

    /// Something uncertain.
    pub(super) fn uncertain(self, text: impl Display) -> String {
        self.paint(AnsiColor::Yellow.on_default(), text)
    }

    /// Something of less weight.
    pub(super) fn faint(self, text: impl Display) -> String {
        self.paint(anstyle::Style::new().effects(Effects::DIMMED), text)
    }

    fn paint(self, style: anstyle::Style, text: impl Display) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    /// Text broken into lines of at most the width, each after the first indented.
    pub(super) fn wrap(self, text: &str, indent: usize) -> String {
        let width = usize::from(self.width).max(40);
        let mut lines = String::new();
        let mut column = indent;
        for word in text.split(' ') {
            let length = word.chars().count();
            if column > indent && column + 1 + length > width {
                lines.push('\n');
                lines.push_str(&" ".repeat(indent));
                column = indent;
            } else if column > indent {
                lines.push(' ');
                column += 1;
            }
            lines.push_str(word);
            column += length;
        }
        lines
    }
}
