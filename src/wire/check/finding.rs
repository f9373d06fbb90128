//! One thing that is wrong, and where.

use super::rule::Rule;
use crate::wire::x12::Location;
use std::fmt::{self, Write as _};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A receiver may take it, and somebody should look at it.
    Warning,
    /// A receiver may refuse it.
    Error,
}

impl Severity {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// An element of a segment: its number, and which repetition and component of it where it has several, all from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ElementPlace {
    /// The element; 0 is the segment as a whole.
    pub element: u8,
    /// The component; 0 is the element as a whole.
    pub component: u8,
    /// The repetition; 0 where the element is not repeated.
    pub repetition: u8,
}

impl ElementPlace {
    /// An element as a whole.
    pub(super) fn of(element: usize) -> Self {
        Self { element: u8::try_from(element).unwrap_or(u8::MAX), ..Self::default() }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub at: Location,
    /// The segment's identifier, as it stands there.
    pub segment: String,
    /// Which element.
    pub element: ElementPlace,
    /// The loop it was taken for; empty outside loops.
    pub in_loop: &'static str,
    /// What was found. Social Security numbers are shown with their last four digits only.
    pub found: String,
    /// What is expected instead.
    pub expected: String,
}

impl Finding {
    /// The element's name, such as `NM109` or `DMG05-2`; the segment's where it is about the whole.
    pub fn element_name(&self) -> String {
        let ElementPlace { element, component, repetition } = self.element;
        let mut name = self.segment.clone();
        // Writing to a string does not fail.
        if element > 0 {
            let _ = write!(name, "{element:02}");
        }
        if component > 0 {
            let _ = write!(name, "-{component}");
        }
        if repetition > 1 {
            let _ = write!(name, " (repetition {repetition})");
        }
        name
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, at, found, expected, .. } = self;
        write!(
            f,
            "{} {}: {}: found {found}; expected {expected} ({at})",
            severity.name(),
            rule.id(),
            self.element_name()
        )
    }
}
