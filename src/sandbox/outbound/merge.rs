//! The fault that puts one household's members into another's group.

use super::message::{FileFate, Message};
use crate::model::{Facts, Field, GroupRecord, RecordKind, Relationship};

/// A household that went into another's group.
#[derive(Debug)]
pub(super) struct Merged {
    /// The group that is not sent for itself any more.
    pub(super) guest: GroupRecord,
    /// Policy of the group that it went into.
    pub(super) host: String,
}

/// Takes the groups to be merged out of what leaves now and puts their members into another household's; those for whom
/// there is no other household yet are given back.
pub(super) fn merge(leaving: &mut Vec<Message>) -> (Vec<Merged>, Vec<Message>) {
    let (guests, mut others): (Vec<_>, Vec<_>) =
        std::mem::take(leaving).into_iter().partition(|m| m.merge_within.is_some());
    let (mut merged, mut waiting) = (Vec::new(), Vec::new());
    for guest in guests {
        match others.iter_mut().find(|other| can_host(other, &guest)) {
            Some(host) => {
                move_in(&mut host.record, &guest.record);
                let host = host.policy().unwrap_or_default().to_owned();
                merged.push(Merged { guest: guest.record, host });
            }
            None => waiting.push(guest),
        }
    }
    *leaving = others;
    // among themselves they can be merged too: the first keeps its group
    if waiting.len() > 1 {
        let mut host = waiting.remove(0);
        host.merge_within = None;
        leaving.push(host);
        leaving.append(&mut waiting);
        let (more, left) = merge(leaving);
        merged.extend(more);
        waiting = left;
    }
    (merged, waiting)
}

fn can_host(other: &Message, guest: &Message) -> bool {
    let line = |message: &Message| message.record.facts.text(Field::CoverageLine).map(str::to_owned);
    other.record.kind == RecordKind::InitialEnrollment
        && other.fate == FileFate::Shared
        && other.issuer == guest.issuer
        && line(other) == line(guest)
}

fn move_in(host: &mut GroupRecord, guest: &GroupRecord) {
    for member in &guest.members {
        let mut member: Facts = member.clone();
        member.set(Field::Subscriber, false);
        member.set(Field::Relationship, Relationship::Other);
        host.members.push(member);
    }
}
