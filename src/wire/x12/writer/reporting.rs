//! Member reporting categories (2700 and 2750): reasons, amounts, where the record came from.

use super::charset::fit;
use super::member::Fate;
use super::segments::{Segments, text};
use super::transaction::{Set, is_subscriber};
use crate::model::{Facts, Field, RecordKind};

impl Set<'_> {
    /// Loops 2700 and 2750 (CMS companion guide v7.2 p. 45 and 46): every member's own premium, totals with the subscriber only.
    pub(super) fn reporting(&self, out: &mut Segments, member: &Facts, fate: Fate) {
        let mut block = Block { out, from: self.effective(member, fate), items: 0 };
        block.out.put("LS", &["2700"]);
        let reason = match fate {
            Fate::AsGroup => self.coded.additional,
            Fate::Added => "",
            Fate::Removed(coded) => coded.additional,
        };
        block.item("ADDL MAINT REASON", "17", reason, true);
        if !self.ends_group() {
            self.amounts(&mut block, member);
        }
        block.item("SEP REASON", "17", &fit(&self.group(Field::SpecialEnrollment), 50), true);
        block.item("APPLICATION ID AND ORIGIN", "6M", &self.application(), true);
        block.item("SOURCE EXCHANGE ID", "17", &fit(&self.header.exchange, 50), true);
        block.item("REQUEST SUBMIT TIMESTAMP", "17", &self.submitted(), false);
        block.out.put("LE", &["2700"]);
    }

    /// From when the values hold: a changed amount brings a new start (CMS companion guide v7.2 p. 21 and 95).
    fn effective(&self, member: &Facts, fate: Fate) -> String {
        let changed = self.group(Field::ChangeEffective);
        if self.record.kind == RecordKind::Maintenance && fate == Fate::AsGroup && !changed.is_empty() {
            return changed;
        }
        self.own_or_group(member, Field::MemberBenefitBegin, Field::BenefitBegin)
    }

    fn amounts(&self, block: &mut Block<'_>, member: &Facts) {
        block.item("PRE AMT 1", "9X", &text(member, Field::Premium), true);
        if is_subscriber(member) {
            block.item("PRE AMT TOT", "9X", &self.group(Field::PremiumTotal), true);
            block.item("APTC AMT", "9V", &self.group(Field::Aptc), true);
            block.item("CSR AMT", "9V", &self.group(Field::CsrAmount), true);
            block.item("TOT RES AMT", "9V", &self.group(Field::TotalResponsibility), true);
            block.item("RATING AREA", "9X", &self.group(Field::RatingArea), true);
        }
    }

    /// With the origin the exchange appends: 00 where none is known.
    fn application(&self) -> String {
        let id = self.group(Field::ApplicationId);
        let is_number = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        if is_number { id + "-00" } else { id }
    }

    fn submitted(&self) -> String {
        let at = self.record.event_at.map(|at| at.with_timezone(&self.header.zone).naive_local());
        let at = at.unwrap_or(self.header.created_at);
        at.format("%Y%m%d%H%M%S").to_string() + &format!("{:02}", at.and_utc().timestamp_subsec_millis() / 10)
    }
}

/// A member's reporting categories being written; each is left out where it has no value.
struct Block<'a> {
    out: &'a mut Segments,
    from: String,
    items: u32,
}

impl Block<'_> {
    fn item(&mut self, name: &str, qualifier: &str, value: &str, is_dated: bool) {
        if value.is_empty() {
            return;
        }
        self.items += 1;
        self.out.put("LX", &[&self.items.to_string()]);
        self.out.put("N1", &["75", name]);
        self.out.reference(qualifier, value);
        if is_dated {
            self.out.day("007", &self.from);
        }
    }
}
