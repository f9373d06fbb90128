//! What a change makes of a record: at the exchange, which tells of it, and at the issuer, which is told.

use super::fault::FaultKind;
use crate::model::{Facts, Field, FieldSet, GroupRecord, MemberChange, Place, RecordKind, Relationship, Value};

/// Facts of a group that no change concerns.
const OF_THE_POLICY: [Field; 7] = [
    Field::Issuer,
    Field::PlanId,
    Field::CoverageLine,
    Field::ApplicationId,
    Field::PolicyId,
    Field::PolicyStatus,
    Field::TransactionReason,
];

/// Facts of the change itself, which the record does not keep.
const OF_THE_CHANGE: [Field; 4] =
    [Field::MemberChange, Field::MemberChangeReason, Field::FormerLast, Field::FormerFirst];

/// The record as it is after a change, and as the change is told: with those who leave, and who joins marked. `new_id` gives a
/// member's id to who joins without one.
pub(super) fn changed(
    held: &GroupRecord,
    told: &GroupRecord,
    new_id: impl Fn() -> String,
) -> (GroupRecord, GroupRecord) {
    let mut message = held.clone();
    message.kind = RecordKind::Maintenance;
    message.place = Place::default();
    message.facts.unset(Field::PolicyStatus);
    refresh(&mut message, told);
    for member in &told.members {
        if find(&message.members, member).is_none() {
            let mut joining = member.clone();
            if joining.value(Field::MemberId).is_none() {
                joining.set(Field::MemberId, new_id());
            }
            message.members.push(joining);
        }
    }
    let mut after = GroupRecord { kind: held.kind, event_at: held.event_at, ..message.clone() };
    after.facts.set_or_absent(Field::PolicyStatus, held.facts.value(Field::PolicyStatus).cloned());
    settle(&mut after);
    (after, message)
}

/// Does to the message of a change what its fault wants; says what, where there was anything to do it to.
pub(super) fn spoil(kind: FaultKind, held: &GroupRecord, message: &mut GroupRecord) -> Option<&'static str> {
    let (is_spoiled, what) = match kind {
        FaultKind::ChangeMisapplied => (misapply(held, message), "its correction is told of another member"),
        FaultKind::ChangeKeepsAmounts => (keep_amounts(held, message), "its change is told with the amounts of before"),
        FaultKind::JoinsAsSpouse => (join_as_spouse(message), "the child who joins is told as the spouse"),
        FaultKind::AreaKept => {
            (keep_area(held, message), "its move is told with the county and the rating area of before")
        }
        FaultKind::MailAsHome => (mail_as_home(held, message), "where its mail goes is told as its residence"),
        FaultKind::LeavingUntold => (leave_untold(message), "who leaves is not told of"),
        _ => (false, ""),
    };
    is_spoiled.then_some(what)
}

fn keep_amounts(held: &GroupRecord, message: &mut GroupRecord) -> bool {
    let amounts = [Field::PremiumTotal, Field::Aptc, Field::TotalResponsibility, Field::CsrVariant];
    let before: Vec<Option<Value>> = amounts.iter().map(|field| held.facts.value(*field).cloned()).collect();
    let mut differs = false;
    for (field, before) in amounts.into_iter().zip(before) {
        differs |= message.facts.value(field) != before.as_ref();
        message.facts.set_or_absent(field, before);
    }
    differs
}

fn keep_area(held: &GroupRecord, message: &mut GroupRecord) -> bool {
    let area = held.facts.value(Field::RatingArea).cloned();
    let mut differs = message.facts.value(Field::RatingArea) != area.as_ref();
    message.facts.set_or_absent(Field::RatingArea, area);
    for (before, now) in held.members.iter().zip(&mut message.members) {
        let county = before.value(Field::County).cloned();
        differs |= now.value(Field::County) != county.as_ref();
        now.set_or_absent(Field::County, county);
    }
    differs
}

/// Each line of where mail goes, and of the residence.
const MAIL_AND_HOME: [(Field, Field); 5] = [
    (Field::MailStreet1, Field::Street1),
    (Field::MailStreet2, Field::Street2),
    (Field::MailCity, Field::City),
    (Field::MailState, Field::State),
    (Field::MailZip, Field::Zip),
];

fn mail_as_home(held: &GroupRecord, message: &mut GroupRecord) -> bool {
    let mut differs = false;
    for (before, now) in held.members.iter().zip(&mut message.members) {
        let is_new = |(mail, _): &(Field, Field)| now.value(*mail).is_some() && now.value(*mail) != before.value(*mail);
        if !MAIL_AND_HOME.iter().any(is_new) {
            continue;
        }
        differs = true;
        for (mail, home) in MAIL_AND_HOME {
            now.set_or_absent(home, now.value(mail).cloned());
            now.set_or_absent(mail, before.value(mail).cloned());
        }
    }
    differs
}

fn join_as_spouse(message: &mut GroupRecord) -> bool {
    let is_joining = |member: &&mut Facts| {
        member.text(Field::MemberChange) == Some(MemberChange::Added.as_str())
            && member.text(Field::Relationship) == Some(Relationship::Child.as_str())
    };
    let joining = message.members.iter_mut().find(is_joining);
    joining.is_some_and(|member| {
        member.set(Field::Relationship, Relationship::Spouse);
        true
    })
}

fn leave_untold(message: &mut GroupRecord) -> bool {
    let before = message.members.len();
    message.members.retain(|member| !leaves(member));
    message.members.len() < before
}

/// Tells a correction of another member than the one who was corrected. Says whether there was one, and another.
fn misapply(held: &GroupRecord, message: &mut GroupRecord) -> bool {
    let corrected = held.members.iter().zip(&message.members).enumerate().find_map(|(at, (before, after))| {
        let fields = [Field::NameLast, Field::NameFirst, Field::BirthDate, Field::Ssn];
        let differing: Vec<_> =
            fields.into_iter().filter(|field| before.value(*field) != after.value(*field)).collect();
        (!differing.is_empty()).then(|| (at, differing, before.clone(), after.clone()))
    });
    let Some((at, fields, before, after)) = corrected else { return false };
    let Some(other) = (0..message.members.len()).find(|other| *other != at) else { return false };
    for (member, said) in [(at, &before), (other, &after)] {
        if let Some(member) = message.members.get_mut(member) {
            for field in &fields {
                member.set_or_absent(*field, said.value(*field).cloned());
            }
        }
    }
    true
}

/// A list of who is in a policy, which changes nothing: it is passed on as it was told, and what it leaves out is as it is held.
pub(super) fn listed(held: &GroupRecord, told: &GroupRecord) -> GroupRecord {
    let mut listed = GroupRecord { kind: told.kind, event_at: told.event_at, place: Place::default(), ..held.clone() };
    refresh(&mut listed, told);
    for field in [Field::PolicyStatus, Field::TransactionReason] {
        listed.facts.unset(field);
    }
    listed.members.retain(|member| find(&told.members, member).is_some());
    let is_new = |member: &&Facts| find(&held.members, member).is_none();
    listed.members.extend(told.members.iter().filter(is_new).cloned());
    listed
}

/// Takes over what a change says of the group, and of those members who are shown in both. What it leaves out stays as it was:
/// a change shows little beside what changed, tobacco use never (CMS companion guide v7.2 p. 41).
pub(super) fn refresh(record: &mut GroupRecord, told: &GroupRecord) {
    let kept: FieldSet = OF_THE_POLICY.into_iter().collect();
    for (field, value) in told.facts.values().filter(|(field, _)| !kept.contains(*field)) {
        record.facts.set(field, value.clone());
    }
    for shown in &told.members {
        if let Some(member) = find(&record.members, shown).and_then(|at| record.members.get_mut(at)) {
            for (field, value) in shown.values() {
                member.set(field, value.clone());
            }
        }
    }
}

/// Takes a change over that was told: who left is no longer shown, and the issuer's own ids stay with whom they were given to.
pub(super) fn take(held: &mut GroupRecord, told: &GroupRecord) {
    let issued = held.facts.text(Field::IssuerSubscriberId).unwrap_or_default().to_owned();
    refresh(held, told);
    for joining in told.members.iter().filter(|member| !leaves(member)) {
        if find(&held.members, joining).is_none() {
            let mut joining = joining.clone();
            joining.set(Field::IssuerMemberId, format!("{issued}-{:02}", held.members.len()));
            held.members.push(joining);
        }
    }
    settle(held);
}

/// After a change the record says nothing of the change itself.
fn settle(record: &mut GroupRecord) {
    record.facts.unset(Field::ChangeEffective);
    record.members.retain(|member| !leaves(member));
    for member in &mut record.members {
        for field in OF_THE_CHANGE {
            member.unset(field);
        }
    }
}

/// Whether the member leaves the group with this change.
fn leaves(member: &Facts) -> bool {
    member.text(Field::MemberChange) == Some(MemberChange::Removed.as_str())
}

/// The same person: by the exchange's id, or by first name and birth date.
fn find(members: &[Facts], sought: &Facts) -> Option<usize> {
    let same = |field: Field, member: &Facts| -> bool {
        let value: Option<&Value> = sought.value(field);
        value.is_some() && member.value(field) == value
    };
    let by_id = || members.iter().position(|member| same(Field::MemberId, member));
    let by_person =
        || members.iter().position(|member| same(Field::NameFirst, member) && same(Field::BirthDate, member));
    by_id().or_else(by_person)
}
