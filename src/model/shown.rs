//! What is said and heard on the way, told in lines to whoever tries a target.

use std::fmt;

/// A step, a question or a look, as it may be shown: without secrets, and of nobody but our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is. Of one that is told again, what was told last holds.
    pub title: String,
    /// What was said, heard and found there.
    pub lines: Vec<String>,
    /// Whether it says how an answer is built: once is enough of that.
    pub is_anatomy: bool,
}

/// Is told what is said and heard; must return at once.
pub trait Witness: fmt::Debug + Send + Sync {
    /// Told once each.
    fn show(&self, shown: Shown);
}
