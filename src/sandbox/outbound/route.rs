//! How a new enrollment travels, with the fault that was drawn for its household.

use super::message::{FileFate, Message};
use crate::model::{Cents, Facts, Field, GroupRecord, IssuerId, Relationship, Value};
use crate::sandbox::fault::{FaultKind as Kind, Hop, Planted};
use chrono::{DateTime, TimeDelta, Utc};

/// Windows that a delayed enrollment is held back, unless the fault says otherwise.
const DELAY_WINDOWS: u32 = 2;

/// Later windows that a household waits for another's group to go into; where none leaves, nothing is done to it.
const WINDOWS_TO_MERGE: u32 = 3;

/// What leaves for the issuers because of one enrollment, and what was done to it.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Route {
    pub(in crate::sandbox) messages: Vec<Message>,
    /// What the fault did; `None` where none was planted here.
    pub(in crate::sandbox) detail: Option<String>,
}

impl Route {
    fn done(messages: Vec<Message>, detail: impl Into<String>) -> Self {
        Self { messages, detail: Some(detail.into()) }
    }

    fn plain(message: Message) -> Self {
        Self { messages: vec![message], detail: None }
    }
}

/// Routes an enrollment. `new_id` gives a policy id where the fault needs one.
pub(in crate::sandbox) fn route(
    planted: Option<&Planted>,
    record: GroupRecord,
    issuers: &[IssuerId],
    new_id: impl FnOnce() -> String,
    now: DateTime<Utc>,
) -> Route {
    let chosen = IssuerId::new(record.facts.text(Field::Issuer).unwrap_or_default());
    let message = Message::new(chosen, record);
    // What is said of a whole file is said of a file of its own: others are not drawn in.
    if planted.is_some_and(|p| {
        p.spec.first_shows_at() == Hop::Ack && refuses_file(p.spec.kind) && p.concerns(&message.record)
    }) {
        return Route::plain(Message { fate: FileFate::Alone, ..message });
    }
    let Some(planted) = planted.filter(|p| p.spec.first_shows_at() == Hop::Edi834 && p.concerns(&message.record))
    else {
        return Route::plain(message);
    };
    match planted.spec.kind {
        Kind::Lose => Route::done(Vec::new(), "never written to an 834 file"),
        Kind::Delay => delay(planted, message, now),
        Kind::OutOfOrder => Route::done(
            vec![Message { after_cancellation: Some(1), ..message }],
            "held until its cancellation has left",
        ),
        Kind::DuplicateFile => Route::done(
            vec![Message { fate: FileFate::ComesTwice, ..message }],
            "its file comes again in the next window",
        ),
        Kind::TruncateFile => Route::done(vec![Message { fate: FileFate::CutOff, ..message }], "its file has no end"),
        Kind::PartialUpload => {
            let windows = planted.spec.windows.unwrap_or(1);
            let detail = format!("half its file came, and the rest {}", windows_later(windows));
            Route::done(vec![Message { fate: FileFate::InParts { windows }, ..message }], detail)
        }
        Kind::DuplicateEnvelope => {
            let again = Message { windows_to_wait: planted.spec.windows.unwrap_or(1), ..message.clone() };
            let detail = format!("sent again with new control numbers, {}", windows_later(again.windows_to_wait));
            Route::done(vec![message, again], detail)
        }
        Kind::ReplayFile => {
            let windows = planted.spec.windows.unwrap_or(1);
            let detail = format!("its file comes again after its cancellation, {}", windows_later(windows));
            Route::done(vec![Message { fate: FileFate::ComesBack { windows }, ..message }], detail)
        }
        Kind::Retransmit => {
            let windows = planted.spec.windows.unwrap_or(1);
            let detail = format!("retransmitted after its cancellation, {}", windows_later(windows));
            let fate = FileFate::Retransmitted;
            let again = Message { after_cancellation: Some(windows), fate, ..message.clone() };
            Route::done(vec![message, again], detail)
        }
        Kind::Misroute => misroute(planted, message, issuers),
        Kind::Split => split(message, new_id),
        // the truth is told when it is known into whose group they go
        Kind::Merge => Route::plain(Message { merge_within: Some(WINDOWS_TO_MERGE), ..message }),
        _ => change(planted, message),
    }
}

fn refuses_file(kind: Kind) -> bool {
    matches!(kind, Kind::Ta1Reject | Kind::SilentAck)
}

fn delay(planted: &Planted, message: Message, now: DateTime<Utc>) -> Route {
    if let Some(lasts) = planted.spec.lasts {
        let not_before = TimeDelta::from_std(lasts).ok().and_then(|lasts| now.checked_add_signed(lasts));
        let detail = format!("held back for {}", humantime::format_duration(lasts));
        return Route::done(vec![Message { not_before, ..message }], detail);
    }
    let windows_to_wait = planted.spec.windows.unwrap_or(DELAY_WINDOWS);
    Route::done(vec![Message { windows_to_wait, ..message }], format!("held back for {windows_to_wait} windows"))
}

fn windows_later(windows: u32) -> String {
    if windows == 1 { "a window later".to_owned() } else { format!("{windows} windows later") }
}

fn misroute(planted: &Planted, message: Message, issuers: &[IssuerId]) -> Route {
    let others: Vec<&IssuerId> = issuers.iter().filter(|issuer| **issuer != message.issuer).collect();
    let Some(other) = others.get(planted.pick(others.len())) else { return Route::plain(message) };
    let detail = format!("sent to issuer {other} instead of {}", message.issuer);
    let mut message = Message { issuer: (*other).clone(), ..message };
    message.record.facts.set(Field::Issuer, other.as_str());
    Route::done(vec![message], detail)
}

/// The last dependent leaves in a group of its own, as the subscriber of a new policy.
fn split(mut message: Message, new_id: impl FnOnce() -> String) -> Route {
    let Some(alone) = message.record.members.pop() else { return Route::plain(message) };
    let mut other = message.clone();
    let policy = new_id();
    let detail = format!("the last dependent left in a policy of its own, `{policy}`");
    other.record.facts.set(Field::PolicyId, policy);
    other.record.members = vec![alone_in_group(&mut other.record.facts, alone)];
    Route::done(vec![message, other], detail)
}

fn alone_in_group(group: &mut Facts, mut member: Facts) -> Facts {
    member.set(Field::Subscriber, true);
    member.set(Field::Relationship, Relationship::SelfSubscriber);
    group.set_or_absent(Field::SubscriberId, member.value(Field::MemberId).cloned());
    let premium = member.value(Field::Premium).cloned().unwrap_or(Value::Money(Cents(0)));
    group.set(Field::PremiumTotal, premium.clone());
    group.set(Field::TotalResponsibility, premium);
    group.set(Field::Aptc, Cents(0));
    member
}

fn change(planted: &Planted, mut message: Message) -> Route {
    match planted.change(&mut message.record) {
        Some(detail) => Route::done(vec![message], detail),
        None => Route::plain(message),
    }
}
