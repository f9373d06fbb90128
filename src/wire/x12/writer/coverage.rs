//! The coverage loop (2300): line, dates and references.

use super::charset::fit;
use super::member::Fate;
use super::segments::{Segments, text};
use super::transaction::{Set, is_subscriber};
use crate::model::{CoverageLine, Facts, Field, RecordKind};

impl Set<'_> {
    /// HD and what belongs to it (CMS companion guide v7.2 p. 44, 51, 91 and 92). What begins is open ended unless the
    /// record states an end; the end of one member stands with that member.
    pub(super) fn coverage(&self, out: &mut Segments, member: &Facts, fate: Fate) {
        let line = self.group(Field::CoverageLine);
        let code = match CoverageLine::parse(&line) {
            Some(CoverageLine::Medical) => "HLT".to_owned(),
            Some(CoverageLine::Dental) => "DEN".to_owned(),
            None => fit(&line, 3),
        };
        let action = match fate {
            Fate::AsGroup => self.coded.maintenance_type,
            Fate::Added => "021",
            Fate::Removed(_) => "024",
        };
        out.put("HD", &[action, "", &code]);
        self.benefit_days(out, member);
        let plan = self.group(Field::PlanId) + &self.group(Field::CsrVariant);
        out.reference("CE", &plan);
        out.reference("1L", &self.group(Field::PolicyId));
        out.reference("X9", &self.group(Field::IssuerPolicyId));
        out.reference("XM", &self.group(Field::PreviousIssuerPolicyId));
    }

    fn benefit_days(&self, out: &mut Segments, member: &Facts) {
        out.day("348", &self.own_or_group(member, Field::MemberBenefitBegin, Field::BenefitBegin));
        out.day("349", &self.own_or_group(member, Field::MemberBenefitEnd, Field::BenefitEnd));
        if self.record.kind == RecordKind::Maintenance && is_subscriber(member) {
            out.day("303", &text(&self.record.facts, Field::ChangeEffective));
        }
        if self.record.kind == RecordKind::Effectuation && is_subscriber(member) {
            out.day("543", &self.group(Field::PaidThrough));
        }
    }
}
