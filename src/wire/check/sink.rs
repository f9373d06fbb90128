//! Where findings are gathered: counted by rule, and made out in full only as far as they are wanted.

use super::finding::{ElementPlace, Finding, Severity};
use super::rule::Rule;
use crate::wire::ssn::{Stated, hidden_whole, is_persons, told};
use crate::wire::x12::{Segment, SegmentPlace};
use std::collections::VecDeque;

/// Where in the file and the guide a check stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) place: &'a SegmentPlace,
    /// The segment's identifier.
    pub(super) segment: &'a [u8],
    pub(super) in_loop: &'static str,
}

/// Findings on their way out.
#[derive(Debug)]
pub(super) struct Sink {
    /// At most this many of a rule are made out.
    limit: u64,
    /// Errors and warnings of each rule.
    counts: Vec<(u64, u64)>,
    findings: VecDeque<Finding>,
    /// How bad a broken rule of the marketplace is here.
    pub(super) marketplace: Severity,
    /// What the file calls Social Security numbers.
    pub(super) stated: Stated,
}

/// A value is shown up to this many characters.
const SHOWN: usize = 60;

impl Sink {
    pub(super) fn new(limit: u64) -> Self {
        let counts = vec![(0, 0); Rule::ALL.len()];
        Self { limit, counts, findings: VecDeque::new(), marketplace: Severity::Warning, stated: Stated::default() }
    }

    pub(super) fn pop(&mut self) -> Option<Finding> {
        self.findings.pop_front()
    }

    /// Errors and warnings of a rule so far, made out or not.
    pub(super) fn count(&self, rule: Rule) -> (u64, u64) {
        self.counts.get(rule as usize).copied().unwrap_or_default()
    }

    /// Takes in a finding; its texts are made only when it is shown.
    pub(super) fn add(
        &mut self,
        rule: Rule,
        here: Here<'_>,
        element: ElementPlace,
        texts: impl FnOnce() -> (String, String),
    ) {
        let severity = self.severity(rule);
        let Some((errors, warnings)) = self.counts.get_mut(rule as usize) else { return };
        let so_far = *errors + *warnings;
        *(if severity == Severity::Error { errors } else { warnings }) += 1;
        if so_far >= self.limit {
            return;
        }
        let (found, expected) = texts();
        let by_form = match rule {
            Rule::Stray | Rule::TooLong if here.segment.is_empty() => true,
            _ if here.segment.is_empty() => false,
            _ => is_persons(Segment::new(here.segment, b'*'), here.in_loop, false) || here.in_loop == "1000A",
        };
        let [found, expected] = [found, expected].map(|text| told(text, by_form, &self.stated));
        self.findings.push_back(Finding {
            rule,
            severity,
            at: here.place.to_location(),
            segment: String::from_utf8_lossy(here.segment).chars().take(3).collect(),
            element,
            in_loop: here.in_loop,
            found,
            expected,
        });
    }

    fn severity(&self, rule: Rule) -> Severity {
        match rule {
            Rule::Blanks | Rule::Unterminated | Rule::OldBirth | Rule::OlderVersion => Severity::Warning,
            rule if rule.layer() == super::Layer::Marketplace => self.marketplace,
            _ => Severity::Error,
        }
    }
}

/// A value for a message: in backticks, bounded, without characters that a terminal would act on.
pub(super) fn shown(value: &[u8]) -> String {
    if value.is_empty() {
        return "nothing".to_owned();
    }
    let text: String = String::from_utf8_lossy(value).chars().take(SHOWN).map(printable).collect();
    let more = if value.len() > SHOWN { "…" } else { "" };
    format!("`{text}{more}`")
}

fn printable(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}

/// An identification number for a message: it may be an SSN, with a digit too many or too few, of which the last four are shown.
pub(super) fn masked(value: &[u8]) -> String {
    shown(&hidden_whole(value))
}
