//! What a transaction is: from maintenance type, reason and the exchange's own reason.

use super::member::Member;
use super::text::{begins_with_word, date, day_before, present, same_words};
use super::transactions::Transaction;
use crate::model::{RecordKind, Value};

/// What an enrollment group's transaction is, judged by its subscriber. A transaction of the table is what the table says;
/// otherwise INS03 decides, then INS04 and the additional maintenance reason; a code outside the list is taken as
/// maintenance, or as the coverage's own code (HD01) tells.
pub(super) fn of_member(subscriber: &Member<'_>, action: &[u8]) -> RecordKind {
    let reason = subscriber.reporting.maintenance_reason;
    if let Some(known) = transaction(subscriber).filter(|_| !reason.is_empty()) {
        return known.kind;
    }
    match subscriber.maintenance_type {
        b"021" => addition(subscriber),
        b"024" => removal(subscriber),
        b"025" => RecordKind::Reinstatement,
        b"030" => RecordKind::Audit,
        b"001" => RecordKind::Maintenance,
        // BGN08 `4`: verify, `RX`: replace.
        _ if matches!(action, b"4" | b"RX") => RecordKind::Audit,
        _ if subscriber.coverage.maintenance_type == b"021" => addition(subscriber),
        _ => RecordKind::Maintenance,
    }
}

/// Why it was sent, in a canonical word where the exchange's table has the codes, otherwise as ADDL MAINT REASON spells it.
pub(super) fn reason_of(member: &Member<'_>) -> Option<Value> {
    match transaction(member) {
        Some(known) => known.reason.map(|why| Value::from(why.as_str())),
        None => present(member.reporting.maintenance_reason).map(|found| Value::from(&*found)),
    }
}

fn transaction(member: &Member<'_>) -> Option<&'static Transaction> {
    let additional = member.reporting.maintenance_reason;
    Transaction::of_codes(member.maintenance_type, member.maintenance_reason, additional)
}

/// INS04 `28` is "initial enrollment" in the implementation guide (005010X220A1) and effectuation with the federal exchange
/// (p. 111): what only an issuer sends decides, CONFIRM or the date to which the premium is paid (p. 47 to 53).
fn addition(subscriber: &Member<'_>) -> RecordKind {
    let reason = subscriber.reporting.maintenance_reason;
    let is_paid = !subscriber.coverage.paid_through.is_empty();
    match subscriber.maintenance_reason {
        _ if same_words(reason, b"CONFIRM") => RecordKind::Effectuation,
        b"28" if is_paid => RecordKind::Effectuation,
        b"41" => RecordKind::AutomaticReenrollment,
        _ if begins_with_word(reason, b"PASSIVE") => RecordKind::AutomaticReenrollment,
        _ => RecordKind::InitialEnrollment,
    }
}

/// Without a reason an end at the begin, or the day before, is a cancellation (CMS companion guide v7.2 p. 58 and 61).
fn removal(subscriber: &Member<'_>) -> RecordKind {
    let reason = subscriber.reporting.maintenance_reason;
    if begins_with_word(reason, b"CANCEL") {
        return RecordKind::Cancellation;
    }
    if begins_with_word(reason, b"TERM") {
        return RecordKind::Termination;
    }
    let coverage = &subscriber.coverage;
    let begin = date(subscriber.eligibility_begin).or_else(|| date(coverage.begin));
    let end = date(subscriber.eligibility_end).or_else(|| date(coverage.end));
    match (begin, end) {
        (Some(begin), Some(end)) if end <= begin || end == day_before(begin) => RecordKind::Cancellation,
        _ => RecordKind::Termination,
    }
}
