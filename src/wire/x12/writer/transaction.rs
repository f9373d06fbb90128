//! A record as a transaction set: what it is, its header, and who is shown.

use super::charset::fit;
use super::headers::SetHeader;
use super::segments::{Segments, day, text};
use crate::model::{Direction, Facts, Field, GroupRecord, RecordKind, TransactionReason};
use crate::wire::x12::{Transaction, WriteError};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// One transaction set being written.
pub(super) struct Set<'a> {
    pub(super) header: &'a SetHeader,
    pub(super) record: &'a GroupRecord,
    pub(super) coded: &'static Transaction,
    subscriber: &'a Facts,
}

impl<'a> Set<'a> {
    /// Finds the transaction's codes. Fails where there are none, or nobody to tell of.
    pub(super) fn of(header: &'a SetHeader, record: &'a GroupRecord) -> Result<Self, WriteError> {
        let subscriber = record.members.iter().find(|m| is_subscriber(m)).or(record.members.first());
        let subscriber = subscriber.ok_or(WriteError::Lacks("member"))?;
        Ok(Self { header, record, coded: coded(record, header.direction)?, subscriber })
    }

    /// Writes everything between ST and SE.
    pub(super) fn write(&self, out: &mut Segments) {
        let all = self.record.members.as_slice();
        let shown = if self.ends_group() { std::slice::from_ref(self.subscriber) } else { all };
        self.begin(out, shown.len());
        self.parties(out);
        for member in shown {
            self.member(out, member);
        }
    }

    /// Whether the whole group ends, which is told by the subscriber alone.
    pub(super) fn ends_group(&self) -> bool {
        matches!(self.record.kind, RecordKind::Cancellation | RecordKind::Termination)
    }

    pub(super) fn group(&self, field: Field) -> String {
        text(&self.record.facts, field)
    }

    /// BGN, and the totals that an issuer must echo (CMS companion guide v7.2 p. 31 to 33). The exchange writes its zone, and
    /// the file's effective date where it ends a group; an issuer writes neither. `4` asks to verify (005010X220A1, BGN08).
    fn begin(&self, out: &mut Segments, members: usize) {
        let header = self.header;
        let (date, time) = (day(header.created_at.date()), header.created_at.format("%H%M%S").to_string());
        let is_exchange = header.direction == Direction::ToIssuer;
        let zone = if is_exchange { time_code(header.zone) } else { "" };
        let action = if self.record.kind == RecordKind::Audit { "4" } else { "2" };
        out.put("BGN", &["00", &fit(&header.reference, 50), &date, &time, zone, "", "", action]);
        if is_exchange && self.ends_group() {
            out.day("303", &date);
        }
        out.put("QTY", &["TO", &members.to_string()]);
        if members > 1 {
            out.put("QTY", &["DT", &(members - 1).to_string()]);
        }
    }

    /// Of an individual's coverage the sponsor is the subscriber, known by SSN or by the exchange's id, which an issuer that answers prefers (CMS
    /// companion guide v7.2 p. 36 and 37).
    fn parties(&self, out: &mut Segments) {
        let header = self.header;
        match &header.sponsor {
            Some(sponsor) => out.put("N1", &["P5", &fit(&sponsor.name, 60), "FI", &fit(&sponsor.tax_id, 80)]),
            None => self.sponsored_by_subscriber(out),
        }
        out.put("N1", &["IN", &fit(&header.issuer_name, 60), "FI", &fit(&header.issuer_tax_id, 80)]);
        if let Some(agent) = &header.agent {
            out.put("N1", &["BO", &fit(&agent.name, 60), "94", &fit(&agent.npn, 80)]);
        }
    }

    fn sponsored_by_subscriber(&self, out: &mut Segments) {
        let header = self.header;
        let (first, last) = (text(self.subscriber, Field::NameFirst), text(self.subscriber, Field::NameLast));
        let name = fit(&format!("{first} {last}"), 60);
        let ssn = text(self.subscriber, Field::Ssn);
        if ssn.is_empty() || header.direction == Direction::ToExchange {
            out.put("N1", &["P5", &name, "94", &fit(&self.group(Field::SubscriberId), 80)]);
        } else {
            out.put("N1", &["P5", &name, "FI", &fit(&ssn, 80)]);
        }
    }
}

/// Whether a member is the subscriber (INS01).
pub(super) fn is_subscriber(member: &Facts) -> bool {
    member.text(Field::Subscriber) == Some("yes")
}

fn coded(record: &GroupRecord, way: Direction) -> Result<&'static Transaction, WriteError> {
    let kind = record.kind;
    let sent = || Transaction::ALL.iter().filter(|row| row.ways().contains(&way));
    let usual = Transaction::of(kind, None, way);
    let usual = usual.ok_or_else(|| WriteError::Kind {
        kind,
        direction: way,
        expected: listed(sent().map(|row| row.kind.as_str())),
    })?;
    let Some(reason) = record.facts.text(Field::TransactionReason) else { return Ok(usual) };
    let known = TransactionReason::parse(reason).and_then(|reason| Transaction::of(kind, Some(reason), way));
    let of_kind = || sent().filter(|row| row.kind == kind).filter_map(|row| row.reason);
    known.ok_or_else(|| WriteError::Reason {
        kind,
        reason: reason.to_owned(),
        direction: way,
        expected: listed(of_kind().map(TransactionReason::as_str)),
    })
}

/// Words in backticks, each once.
fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: BTreeSet<&str> = words.collect();
    if words.is_empty() {
        return "none".to_owned();
    }
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// BGN05; blank where X12 has no code for the zone.
fn time_code(zone: Tz) -> &'static str {
    match zone {
        Tz::America__New_York => "ET",
        Tz::America__Chicago => "CT",
        Tz::America__Denver => "MT",
        Tz::America__Los_Angeles => "PT",
        Tz::UTC => "UT",
        _ => "",
    }
}
