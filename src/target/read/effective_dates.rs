//! By which rules effective dates are judged.

use super::Builder;
use crate::model::{DateRule, EffectiveDates, ExchangeKind, Today};
use crate::source::Node;

impl Builder<'_> {
    pub(super) fn effective_dates(&mut self, node: Option<&Node>) -> Option<EffectiveDates> {
        let node = node?;
        let rule = |node: &Node| DateRule::parse(node.text()?);
        let listed = node.get("off").map_or(&[][..], Node::items);
        let off: Vec<DateRule> = listed.iter().filter_map(rule).collect();
        let enroll = node.get("enroll").and_then(rule).unwrap_or(DateRule::OpenEnrollment);
        if let Some(said) = node.get("enroll").filter(|_| off.contains(&enroll)) {
            let error = self.report.error(said.span, format!("`{enroll}` is switched off by `off`"));
            error.label("expected a rule that counts").help("take it out of `off`, or take `enroll` away");
        }
        Some(EffectiveDates {
            rules: ExchangeKind::parse(node.text_of("rules")?)?,
            today: Today::parse(node.text_of("today")?)?,
            enroll,
            off,
        })
    }
}
