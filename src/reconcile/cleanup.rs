//! Was it taken out again: proved, or residue.

use super::acknowledged::refusal;
use super::case::Seen;
use super::compare::is_enrolled;
use super::findings::{enrolls_anew, is_retransmission, precedes};
use super::group::{MAY_BE, Place};
use super::in_again::never_ended;
use super::status::left_otherwise;
use super::timeliness::Due;
use crate::model::{ENROLLED_AGAIN, Existence, Facts, Field, GroupRecord, RecordKind, Submission};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// What is known of a group's removal, strongest claim last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cleanup {
    /// There is nothing to take out.
    Nothing,
    /// Proved gone wherever it had been.
    Gone,
    /// It was never cancelled, on purpose.
    Kept,
    /// There is still time.
    Pending,
    /// Cancelled, and nobody could look whether it went.
    Blind,
    /// Not cancelled, or not provably.
    Residue,
    /// Cancelled, and seen in force by a healthy look after its time was up.
    InForce,
}

impl Cleanup {
    /// Whether it is not known yet, or never will be.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Blind)
    }

    /// Whether it stays, or cannot be proved gone.
    pub(super) fn is_residue(self) -> bool {
        matches!(self, Self::Blind | Self::Residue | Self::InForce)
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing_to_clean",
            Self::Gone => "gone",
            Self::Kept => "kept",
            Self::Pending => "pending",
            Self::Blind | Self::Residue | Self::InForce => "residue",
        }
    }
}

/// Judges the removal of a group over all its waypoints; with residue, the first waypoint's index that proves or leaves it.
pub(super) fn cleanup(places: &[Place<'_>]) -> (Cleanup, Option<u16>) {
    let Some(place) = places.first() else { return (Cleanup::Nothing, None) };
    let (history, case) = (place.court.history, place.case);
    let ever_seen = places.iter().any(|place| !place.case.at(place.index, place.group).is_empty());
    let is_begun = case.opening_of(place.group).is_some_and(|(_, act)| act.may_stand());
    if !is_begun && !ever_seen {
        return (Cleanup::Nothing, None);
    }
    let over = history.cleanup_ended_at.is_some();
    // What never came down the pipeline may lie at the exchange all the same: only who holds its applications can say no.
    let never_existed = place.existence == Existence::NotTaken;
    if never_existed && case.cancel_of(place.group).is_none_or(|act| act.submission() != Submission::Accepted) {
        return (Cleanup::Nothing, None);
    }
    let Some(cancel) = case.cancel_of(place.group) else {
        return match (history.finished_at, over) {
            (_, true) => (Cleanup::Residue, where_seen(places)),
            (Some(_), false) => (Cleanup::Kept, None),
            (None, false) => (Cleanup::Pending, None),
        };
    };
    if !cancel.may_stand() {
        let gave_up = over || history.finished_at.is_some();
        return if gave_up { (Cleanup::Residue, where_seen(places)) } else { (Cleanup::Pending, None) };
    }
    let states: Vec<_> = places.iter().map(|place| (state_at(place), place)).collect();
    // what a system that holds enrollments shows is gone, whatever became of the message
    let is_proved =
        states.iter().any(|(state, place)| *state == Cleanup::Gone && place.waypoint.feed.is_asked_per_probe());
    // nor does a folder count that nobody ever looks into
    let is_silent = |place: &Place<'_>| place.is_edi() && place.out_of_sight().is_some();
    let counts =
        |(_, place): &&(Cleanup, &Place<'_>)| !is_proved || !(is_cancelled_in_damage_only(place) || is_silent(place));
    let states: Vec<_> = states.iter().filter(counts).map(|(state, place)| (*state, place.index)).collect();
    let worst = states.iter().map(|(state, _)| *state).max().unwrap_or(Cleanup::Gone);
    // where its cancellation did not come, whoever stands behind shows it in force: the first place tells
    let is_as_bad = |state: Cleanup| state == worst || worst == Cleanup::InForce && state == Cleanup::Residue;
    let first = states.iter().find(|(state, _)| is_as_bad(*state)).map(|(_, index)| *index);
    // what nobody ever saw is gone for nobody's eyes: then the exchange itself has to have said that it took it out
    if worst == Cleanup::Gone && !ever_seen && cancel.submission() != Submission::Accepted {
        return (Cleanup::Residue, where_seen(places));
    }
    (worst, first.filter(|_| worst != Cleanup::Gone))
}

fn where_seen(places: &[Place<'_>]) -> Option<u16> {
    let seen = places.iter().rev().find(|place| !place.case.at(place.index, place.group).is_empty());
    seen.or(places.last()).map(|place| place.index)
}

/// When what ended a group is due at its place.
fn due_to_go(place: &Place<'_>) -> Option<Due> {
    place.case.end_of(place.group).map(|(step, act)| place.due_of(step, act))
}

/// A system must no longer show it; a folder must show the cancellation of whatever enrollment it showed. A group's
/// cancellation names the subscriber only and stands for all its members (CMS companion guide v7.2 p. 54).
pub(super) fn state_at(place: &Place<'_>) -> Cleanup {
    let Some(due) = due_to_go(place) else { return Cleanup::Pending };
    let seen = place.case.at(place.index, place.group);
    let gone = if place.is_edi() {
        cancellation_followed(place, &seen, due.sent_at)
    } else {
        no_longer_shown(place, &seen, due.sent_at)
    };
    let gone = gone && left_otherwise(place).is_none() && never_ended(place, due).is_none();
    if gone {
        Cleanup::Gone
    } else if place.court.now < due.given_up_at && place.court.history.cleanup_ended_at.is_none() {
        Cleanup::Pending
    } else if is_unseen(place, due.given_up_at)
        || place.unread().contains(Field::PolicyStatus)
        || strange_status(place).is_some()
    {
        Cleanup::Blind
    } else if still_in_force(place).is_some() {
        Cleanup::InForce
    } else {
        Cleanup::Residue
    }
}

/// A record whose status, since the cancellation was sent, is a word of which nobody can say what it means, beside none that is in
/// force.
pub(super) fn strange_status<'a>(place: &Place<'a>) -> Option<&'a GroupRecord> {
    let cancelled = place.case.cancelled_at(place.group).filter(|_| !place.is_edi())?;
    let here = place.case.at(place.index, place.group);
    let left: Vec<_> = here.into_iter().filter(|seen| seen.ends_at.is_none() && seen.is_in_force()).collect();
    let is_strange =
        |seen: &&Seen<'a>| !seen.sighting.record.facts.status_is_known() && seen.sighting.first_seen_at >= cancelled;
    left.iter().all(is_strange).then(|| left.first().map(|seen| &seen.sighting.record))?
}

/// Whether nobody could look from some moment before this one on. A system that has answered no look since then was not looked at, be it
/// that the answer was only slower than the run waited.
fn is_unseen(place: &Place<'_>, until: DateTime<Utc>) -> bool {
    let (look, is_asked) = (place.last_look_at(), place.waypoint.feed.is_asked_per_probe());
    look.is_none_or(|look| look < until) && (is_asked || place.is_blind_after(look))
}

/// Whether the only cancellations that came here stand in what their receiver refuses.
fn is_cancelled_in_damage_only(place: &Place<'_>) -> bool {
    let seen = place.case.at(place.index, place.group);
    let mut takes_out = seen.iter().filter(|seen| place.is_edi() && seen.takes_out()).peekable();
    takes_out.peek().is_some() && takes_out.all(|message| place.refused_with_its_file(message).is_some())
}

/// Whether a message takes this group out: it came where its issuer is, or where its enrollment went astray, and names the subscriber, or
/// nobody. What names dependents alone takes out those, and what says of somebody beside the subscriber that they are covered does not take
/// out all.
fn takes_group_out(place: &Place<'_>, message: &Seen<'_>) -> bool {
    let stands = |seen: &Seen<'_>| {
        (seen.sighting.issuer.clone(), seen.sighting.record.facts.text(Field::Issuer).map(str::to_owned))
    };
    let went_astray_with_it = || {
        let here = place.case.at(place.index, place.group);
        here.iter().filter(|seen| !seen.takes_out()).all(|seen| stands(seen) == stands(message))
    };
    message.takes_out()
        && (!place.is_misrouted(message) || went_astray_with_it())
        && place.names_subscriber(&message.sighting.record)
        && !keeps_somebody(message)
}

/// Whether a message that takes the subscriber out says of somebody else that they are covered: enrolled with it, or kept. Whoever it does
/// not name goes with the subscriber.
fn keeps_somebody(message: &Seen<'_>) -> bool {
    let is_kept = |member: &Facts| !member.is_subscriber() && member.text(Field::MemberEnrolled) == Some("yes");
    message.takes_out() && message.sighting.record.members.iter().any(is_kept)
}

/// Whether an audit lists somebody of the policy as covered until the end with which they were enrolled, or without one. One that shows
/// when the policy ended is right, and one that may be meant for another policy tells nothing of this one.
fn lists_as_enrolled(place: &Place<'_>, seen: &Seen<'_>, all: &[&Seen<'_>]) -> bool {
    let record = &seen.sighting.record;
    let end = |record: &GroupRecord| record.facts.value(Field::BenefitEnd).cloned();
    let as_enrolled = || all.iter().any(|own| enrolls_anew(own) && end(&own.sighting.record) == end(record));
    record.kind == RecordKind::Audit
        && seen.is_in_force()
        && seen.only_group() == Some(place.group)
        && record.members.iter().any(is_enrolled)
        && !is_retransmission(record)
        && (end(record).is_none() || as_enrolled())
}

/// Whether a message enrolls again what every cancellation of its policy had taken out before, or lists it as if nothing had. The same file
/// once more, an old message by its sender's time, or what is declared a retransmission, is no new enrollment.
fn is_in_again(place: &Place<'_>, seen: &Seen<'_>, all: &[&Seen<'_>]) -> bool {
    let record = &seen.sighting.record;
    let puts_in = enrolls_anew(seen) || record.kind == RecordKind::Reinstatement || keeps_somebody(seen);
    if !puts_in && !lists_as_enrolled(place, seen, all) {
        return false;
    }
    let policy = |seen: &Seen<'_>| seen.sighting.record.facts.text(Field::PolicyId).map(str::to_ascii_uppercase);
    let envelope = |record: &GroupRecord| {
        let at = &record.place;
        (at.interchange.clone(), at.functional_group.clone(), at.transaction_set.clone())
    };
    let is_of_it = |out: &&&Seen<'_>| policy(out).is_none_or(|of| policy(seen).is_none_or(|own| own == of));
    let mut outs = all.iter().filter(|out| takes_group_out(place, out)).filter(is_of_it).peekable();
    let is_copy = |earlier: &&Seen<'_>| {
        let of = &earlier.sighting.record;
        precedes(earlier.sighting, seen.sighting) && of.kind == record.kind && envelope(of) == envelope(record)
    };
    let is_old =
        |out: &Seen<'_>| matches!((record.event_at, out.sighting.record.event_at), (Some(own), Some(out)) if own < out);
    let follows = |out: &&Seen<'_>| comes_after(out, seen) && !is_old(out);
    outs.peek().is_some() && outs.all(follows) && !all.iter().any(is_copy)
}

/// Whether a message came after another; of two that were seen at one moment, and sent at one as far as they say, the control numbers of
/// their interchanges tell.
fn comes_after(earlier: &Seen<'_>, later: &Seen<'_>) -> bool {
    let number = |seen: &Seen<'_>| seen.sighting.record.place.interchange.as_ref()?.trim().parse::<u64>().ok();
    let is_tied = !precedes(later.sighting, earlier.sighting);
    let is_numbered_so = || matches!((number(earlier), number(later)), (Some(a), Some(b)) if a < b);
    precedes(earlier.sighting, later.sighting) || (is_tied && is_numbered_so())
}

/// That a folder shows it enrolled again after its cancellation.
pub(super) fn enrolled_again(place: &Place<'_>) -> Option<String> {
    let here = place.case.at(place.index, place.group);
    let again = here.iter().find(|seen| place.is_edi() && is_in_again(place, seen, &here))?;
    let record = &again.sighting.record;
    let by = if record.kind == RecordKind::Audit { ": an audit lists it as before" } else { "" };
    Some(format!("{ENROLLED_AGAIN}{by} ({})", record.place))
}

/// A cancellation that its receiver refused takes nobody out, nor does a refused enrollment put anybody in. Where nobody could
/// look since before the cancellation was sent, an enrollment that was not seen may lie there all the same.
fn cancellation_followed(place: &Place<'_>, seen: &[&Seen<'_>], sent_at: DateTime<Utc>) -> bool {
    if seen.is_empty() {
        return !is_unseen(place, sent_at);
    }
    let taken = |message: &&&Seen<'_>| {
        refusal(place.case.history, message).is_none()
            && !(message.takes_out() && place.refused_with_its_file(message).is_some())
    };
    let policy = |seen: &&Seen<'_>| seen.sighting.record.facts.text(Field::PolicyId).map(str::to_ascii_uppercase);
    let taken: Vec<&Seen<'_>> = seen.iter().filter(taken).copied().collect();
    let enrolled: BTreeSet<_> =
        taken.iter().filter(|seen| !seen.takes_out() || keeps_somebody(seen)).map(policy).collect();
    let taken_out: BTreeSet<_> = taken.iter().filter(|seen| takes_group_out(place, seen)).map(policy).collect();
    if taken.iter().any(|seen| is_in_again(place, seen, &taken)) {
        return false;
    }
    // one that names no policy ends whatever there is; else each policy needs its own, whatever ids were altered on the way: that
    // is a finding of its own
    taken_out.contains(&None) || taken_out.len() >= enrolled.len()
}

/// No active record is left, at whichever issuer, and a look after the cancellation was sent proves it.
fn no_longer_shown(place: &Place<'_>, seen: &[&Seen<'_>], sent_at: DateTime<Utc>) -> bool {
    let ended_at = |record: &Seen<'_>| {
        let look = place.last_vain_look_at().filter(|look| *look >= sent_at && *look > record.sighting.first_seen_at);
        // another record out of force beside it ends nothing but itself
        record.ends_at.into_iter().chain(look).min()
    };
    if seen.is_empty() {
        // what may be theirs may be what is left
        let look = if place.may_be_there() { place.last_vain_look_at() } else { place.last_look_at() };
        return look.is_some_and(|look| look >= sent_at);
    }
    seen.iter().filter(|seen| seen.is_in_force()).all(|record| ended_at(record).is_some())
}

/// That it was cancelled, and a look at a system after the time was up still showed it in force.
pub(super) fn still_in_force(place: &Place<'_>) -> Option<String> {
    let (seen, look, sent_at) = shown_after_all(place, Seen::is_surely_in_force)?;
    let (at, sent) = (look.format("%H:%M:%SZ"), sent_at.format("%H:%M:%SZ"));
    if place.may_be_there() {
        return Some(format!("cancelled at {sent}, and not seen gone at {at}: {MAY_BE}"));
    }
    Some(format!("cancelled at {sent}, and still in force at {at} ({})", seen.sighting.record.place))
}

/// The same of a status that was there before the cancellation, and of which nobody knows whether it is in force.
pub(super) fn still_strange(place: &Place<'_>) -> Option<String> {
    let is_strange = |seen: &Seen<'_>| seen.is_in_force() && !seen.is_surely_in_force();
    let (seen, look, sent_at) = shown_after_all(place, is_strange)?;
    let (at, sent) = (look.format("%H:%M:%SZ"), sent_at.format("%H:%M:%SZ"));
    let word = seen.sighting.record.facts.text(Field::PolicyStatus).unwrap_or_default();
    let place = &seen.sighting.record.place;
    Some(format!("cancelled at {sent}, and at {at} still in a status that is not understood: `{word}` ({place})"))
}

/// A record that a look at a system showed after the time of what ended its group was up, with that look, and when the end was sent. Of
/// a policy that was put in force again the look is one before that.
fn shown_after_all<'a>(
    place: &Place<'a>,
    is_such: impl Fn(&Seen<'a>) -> bool,
) -> Option<(&'a Seen<'a>, DateTime<Utc>, DateTime<Utc>)> {
    let act = place.case.cancel_of(place.group).filter(|act| act.submission() == Submission::Accepted)?;
    let due = due_to_go(place)?;
    if let Some((seen, look)) = never_ended(place, due).filter(|(seen, _)| is_such(seen)) {
        return Some((seen, look, act.sent_at));
    }
    let look = place.last_look_at().filter(|look| *look >= due.given_up_at && !place.is_edi())?;
    let here = place.case.at(place.index, place.group);
    let shown = here.into_iter().find(|seen| is_such(seen) && seen.is_shown_at(look))?;
    Some((shown, look, act.sent_at))
}
