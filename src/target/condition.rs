//! Conditions on an answer.

use super::context::Context;
use super::selector::{Answer, Selector, text_of};
use super::template::Template;

/// A condition on an answer.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is looked at.
    pub select: Selector,
    /// What it must be.
    pub test: Test,
}

/// What a selected value must be.
#[derive(Debug, Clone)]
pub enum Test {
    /// There at all.
    Exists,
    /// Not there.
    Absent,
    /// This text (a template).
    Equals(Template),
    /// One of these texts.
    OneOf(Vec<String>),
    /// Matching this expression.
    Matches(regex::Regex),
}

impl Condition {
    /// Whether any selected value meets the test (for [`Test::Absent`]: whether none is there; `null` is not there). A
    /// template that cannot be rendered is met by nothing.
    pub fn holds(&self, answer: &Answer, context: &Context) -> bool {
        let found: Vec<String> = self.select.select(answer).iter().filter_map(text_of).collect();
        match &self.test {
            Test::Exists => !found.is_empty(),
            Test::Absent => found.is_empty(),
            Test::Equals(template) => template.render(context).is_ok_and(|wanted| found.contains(&wanted)),
            Test::OneOf(words) => found.iter().any(|f| words.contains(f)),
            Test::Matches(expression) => found.iter().any(|f| expression.is_match(f)),
        }
    }
}
