//! Which fault is planted in which household, and what it does to a record.

use super::dice::Dice;
use super::kind::{FaultKind as Kind, Hop};
use super::spec::FaultSpec;
use super::traits::traits;
use super::{coverage, field, people, spelling};
use crate::model::{Field, GroupRecord, without_run};
use std::sync::Arc;

/// Every fault that may be planted.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct Faults {
    seed: u64,
    specs: Vec<Arc<FaultSpec>>,
}

/// A fault drawn for a household.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Planted {
    pub(in crate::sandbox) spec: Arc<FaultSpec>,
    pub(in crate::sandbox) marker: Arc<str>,
    dice: Dice,
}

impl Faults {
    /// Faults in the order in which they are tried.
    pub(in crate::sandbox) fn new(seed: u64, specs: Vec<FaultSpec>) -> Self {
        Self { seed, specs: specs.into_iter().map(Arc::new).collect() }
    }

    /// The one fault of a household with these enrollment groups, if any: a function of the seed, the faults and the
    /// household, whatever came before it.
    pub(in crate::sandbox) fn draw(&self, marker: &str, groups: &[&GroupRecord]) -> Option<Planted> {
        // whom a fault passes by needs no dice: hundreds of faults may each name a household
        // in every run the same households are hit, and may be named without their run
        let of_any_run = without_run(marker);
        let named = |part: &str| marker.contains(part) || of_any_run.contains(part);
        let concerned = |spec: &&Arc<FaultSpec>| spec.marker.as_deref().is_none_or(named);
        self.specs.iter().filter(concerned).find_map(|spec| {
            let dice = Dice::new(self.seed, spec.text(), &of_any_run);
            let planted = Planted { spec: Arc::clone(spec), marker: marker.into(), dice };
            (planted.dice.hit(spec.probability) && planted.fits(groups)).then_some(planted)
        })
    }
}

impl Planted {
    /// Whether it concerns this policy of the household.
    pub(in crate::sandbox) fn concerns(&self, group: &GroupRecord) -> bool {
        let is = |field, wanted: Option<&str>| wanted.is_none_or(|wanted| group.facts.text(field) == Some(wanted));
        is(Field::Issuer, self.spec.issuer.as_ref().map(crate::model::IssuerId::as_str))
            && is(Field::CoverageLine, self.spec.line.map(crate::model::CoverageLine::as_str))
            && self.is_possible(group)
    }

    /// One of `count` things, the same for the same household.
    pub(in crate::sandbox) fn pick(&self, count: usize) -> usize {
        self.dice.pick(count)
    }

    /// Changes what the record says; tells what was done, or `None` where the record lacks what the fault needs.
    pub(in crate::sandbox) fn change(&self, record: &mut GroupRecord) -> Option<String> {
        let dice = &self.dice;
        match self.spec.kind {
            Kind::Alter => field::alter(record, self.spec.field?, self.spec.value.as_deref(), dice),
            Kind::Blank => field::blank(record, self.spec.field?, dice),
            Kind::Relationship => people::relationship(record, dice),
            Kind::SwapPeople => people::swap(record),
            Kind::DropDependent => people::drop_dependent(record),
            Kind::AddDependent => people::add_dependent(record),
            Kind::IdTwice => people::id_twice(record),
            Kind::Subsidy => coverage::subsidy(record),
            Kind::Variant => coverage::variant(record),
            Kind::EffectiveDate | Kind::BeginsLate => coverage::effective_date(record),
            Kind::BirthDateOffByOne => people::born_a_day_earlier(record, dice),
            Kind::Mojibake => spelling::mojibake(record),
            Kind::ApostropheLost => spelling::apostrophe_lost(record),
            Kind::AccentLost => spelling::accent_lost(record),
            Kind::Normalize => spelling::normalize(record),
            Kind::HtmlEntity => spelling::html_entity(record),
            Kind::Backslash => spelling::backslash(record),
            Kind::LeadingZeroLost => spelling::leading_zero_lost(record),
            Kind::TruncateName => spelling::truncate_name(record, dice),
            _ => None,
        }
    }

    fn fits(&self, groups: &[&GroupRecord]) -> bool {
        let spec = &self.spec;
        let lives_in =
            |state: &str| groups.iter().any(|g| g.members.iter().any(|m| m.text(Field::State) == Some(state)));
        spec.state.as_deref().is_none_or(lives_in)
            && (spec.has.is_empty() || shows_all(groups, &spec.has))
            && groups.iter().any(|group| self.concerns(group))
    }

    fn is_possible(&self, group: &GroupRecord) -> bool {
        let is_in_file = self.spec.first_shows_at() == Hop::Edi834;
        match self.spec.kind {
            Kind::Alter | Kind::Blank if is_in_file && self.spec.field.is_some_and(is_not_in_834) => false,
            Kind::Split => group.members.len() > 1,
            kind if kind.changes_record() => self.change(&mut group.clone()).is_some(),
            _ => true,
        }
    }
}

/// What no element of an 834 says: who is enrolled, the policy's status, and the issuer follow from the rest of it.
fn is_not_in_834(field: Field) -> bool {
    matches!(field, Field::MemberEnrolled | Field::PolicyStatus | Field::Issuer)
}

fn shows_all(groups: &[&GroupRecord], wanted: &[String]) -> bool {
    let shown = traits(groups);
    wanted.iter().all(|name| shown.contains(name.as_str()))
}
