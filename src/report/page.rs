//! A page with colours of which every one is ours.

use super::clean::clean;
use super::style::Style;
use std::borrow::Cow;

/// What can be printed as it is: text whose only controls are line feeds, tabs, and the colours that a report gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page(String);

impl Page {
    /// What is drawn. It is drawn without colours first: what steers a terminal there is not ours, and then nothing is
    /// coloured, since a colour of ours could not be told from one that a feed sent.
    pub(super) fn of(style: Style, draw: impl Fn(Style) -> String) -> Self {
        let plain = draw(Style { color: false, ..style });
        match clean(&plain) {
            Cow::Owned(clean) => Self(clean),
            Cow::Borrowed(_) if style.color => Self(draw(style)),
            Cow::Borrowed(_) => Self(plain),
        }
    }
}

impl std::ops::Deref for Page {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Style};

    #[test]
    fn colours_are_shown_only_where_none_but_ours_are() {
        let ours = Page::of(Style::colored(80), |style| style.bad("x"));
        assert_eq!(&*ours, "\u{1b}[31mx\u{1b}[0m");
        let foreign = Page::of(Style::colored(80), |style| style.bad("x") + "\u{1b}[31mFAKE");
        assert_eq!(&*foreign, "x\\u001b[31mFAKE");
        assert_eq!(&*Page::of(Style::plain(), |style| style.good("\u{9b}2J")), "\\u009b2J");
    }
}
