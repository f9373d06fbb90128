//! A member loop (2000): maintenance, ids and dates, then the loops inside it.

use super::charset::fit;
use super::people;
use super::segments::{Segments, text};
use super::transaction::{Set, is_subscriber};
use crate::model::{Direction, Facts, Field, MemberChange, RecordKind, Relationship, TransactionReason, Value};
use crate::wire::x12::Transaction;

/// What happens to one member: mostly what happens to the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    AsGroup,
    Added,
    Removed(&'static Transaction),
}

impl Set<'_> {
    pub(super) fn member(&self, out: &mut Segments, member: &Facts) {
        let fate = self.fate(member);
        self.insured(out, member, fate);
        self.identifiers(out, member);
        self.eligibility(out, member, fate);
        people::name(out, member);
        if !self.ends_group() {
            people::communications(out, member);
            people::residence(out, member);
        }
        people::demographics(out, member);
        if !self.ends_group() {
            self.choices(out, member);
            people::others(out, member);
            self.coverage(out, member, fate);
        }
        self.reporting(out, member, fate);
    }

    /// A dependent may join or leave a group that goes on, in the same set as the others (CMS companion guide v7.2 p. 111).
    fn fate(&self, member: &Facts) -> Fate {
        let changes = if self.ends_group() { None } else { member.text(Field::MemberChange) };
        match changes.and_then(MemberChange::parse) {
            Some(MemberChange::Added) => Fate::Added,
            Some(MemberChange::Removed) => Fate::Removed(self.removal(member)),
            None => Fate::AsGroup,
        }
    }

    /// Without a reason of its own a dependent leaves as the consumer asked; at the begin or before it is a cancellation.
    fn removal(&self, member: &Facts) -> &'static Transaction {
        let day = |facts: &Facts, field| match facts.value(field) {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        };
        let begin = day(member, Field::MemberBenefitBegin).or_else(|| day(&self.record.facts, Field::BenefitBegin));
        let never_began = begin.zip(day(member, Field::MemberBenefitEnd)).is_some_and(|(begin, end)| end <= begin);
        let kind = if never_began { RecordKind::Cancellation } else { RecordKind::Termination };
        let reason = member.text(Field::MemberChangeReason).and_then(TransactionReason::parse);
        let way = self.header.direction;
        let found = Transaction::of(kind, reason, way).or_else(|| Transaction::of(kind, None, way));
        found.unwrap_or(self.coded)
    }

    /// INS08 is told of the subscriber only (CMS companion guide v7.2 p. 37 and 57).
    fn insured(&self, out: &mut Segments, member: &Facts, fate: Fate) {
        let is_subscriber = is_subscriber(member);
        let relationship = text(member, Field::Relationship);
        let relationship = match Relationship::parse(&relationship) {
            Some(known) => known.x12_code().to_owned(),
            None => fit(&relationship, 2),
        };
        let (kind, reason) = match fate {
            Fate::AsGroup => (self.coded.maintenance_type, self.coded.maintenance_reason),
            Fate::Added => ("021", "EC"),
            Fate::Removed(coded) => (coded.maintenance_type, coded.maintenance_reason),
        };
        let employment = match (is_subscriber, self.ends_group()) {
            (false, _) => "",
            (true, false) => "AC",
            (true, true) => "TE",
        };
        let indicator = if is_subscriber { "Y" } else { "N" };
        out.put("INS", &[indicator, &relationship, kind, reason, "A", "", "", employment]);
    }

    /// The policy's id stands here only where there is no coverage loop (CMS companion guide v7.2 p. 18).
    fn identifiers(&self, out: &mut Segments, member: &Facts) {
        out.reference("0F", &self.group(Field::SubscriberId));
        if self.ends_group() {
            out.reference("1L", &self.group(Field::PolicyId));
        }
        out.reference("17", &text(member, Field::MemberId));
        out.reference("23", &text(member, Field::IssuerMemberId));
        if is_subscriber(member) {
            out.reference("ZZ", &self.group(Field::IssuerSubscriberId));
        }
    }

    /// 356 on what begins or is confirmed, 357 on what ends, 303 on the subscriber of a change, with 356 where an issuer changes
    /// (CMS companion guide v7.2 p. 38, 58 and 80).
    fn eligibility(&self, out: &mut Segments, member: &Facts, fate: Fate) {
        let begin = self.own_or_group(member, Field::MemberBenefitBegin, Field::BenefitBegin);
        let end = self.own_or_group(member, Field::MemberBenefitEnd, Field::BenefitEnd);
        let is_change = self.record.kind == RecordKind::Maintenance;
        match fate {
            Fate::Removed(_) => out.day("357", if end.is_empty() { &begin } else { &end }),
            Fate::AsGroup if self.ends_group() => out.day("357", if end.is_empty() { &begin } else { &end }),
            Fate::AsGroup if is_change && is_subscriber(member) => {
                out.day("303", &self.group(Field::ChangeEffective));
                if self.header.direction == Direction::ToExchange {
                    out.day("356", &begin);
                }
            }
            Fate::AsGroup if is_change => {}
            Fate::AsGroup | Fate::Added => out.day("356", &begin),
        }
    }

    /// A member's own date, or the group's.
    pub(super) fn own_or_group(&self, member: &Facts, own: Field, group: Field) -> String {
        let own = text(member, own);
        if own.is_empty() { self.group(group) } else { own }
    }

    /// HLH where tobacco use is told, with what enrolls and never with a change (CMS companion guide v7.2 p. 15 and 41);
    /// LUI where a language is.
    fn choices(&self, out: &mut Segments, member: &Facts) {
        if self.coded.maintenance_type == "021" {
            people::tobacco(out, member);
        }
        people::language(out, member);
    }
}
