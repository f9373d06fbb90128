//! One group at a waypoint of acknowledgements: was its message answered, in time, and was it accepted.

use super::case::Seen;
use super::contents::parts_of_one;
use super::findings::Finds;
use super::group::Place;
use super::history::Probe;
use super::timeliness::Due;
use crate::model::{self, Acknowledgement, FindingKind, GroupAtWaypoint, Integrity, NotDue};

/// Judges the acknowledgement of a group's enrollment. What was never seen as a message cannot be acknowledged: nothing is due.
/// Acceptance is receipt, and says nothing of what the receiver then holds.
pub(super) fn judge(place: &Place<'_>, due: Due, finds: &mut Finds) -> GroupAtWaypoint {
    let messages = messages(place);
    let parts = parts_of_one(place.expected, &messages);
    if parts.is_empty() {
        return place.not_due(NotDue::CutOff);
    }
    let answers: Vec<Option<&Acknowledgement>> = parts.iter().map(|part| first_answer(place, part)).collect();
    for message in &messages {
        for rejection in answers_to(place, message).iter().filter(|answer| !answer.is_accepted) {
            let detail = format!("{} ({}), answering {}", rejection.words, rejection.place, rejection.message);
            finds.add(place, FindingKind::RejectedByAck, detail);
        }
    }
    let last = answers.iter().copied().collect::<Option<Vec<_>>>();
    let Some(last) = last.and_then(|answers| answers.into_iter().max_by_key(|answer| answer.first_seen_at)) else {
        let look = place.last_look_at();
        let arrival = due.unseen(look, place.is_blind_after(look), place.court.now);
        return GroupAtWaypoint { last_absent_at: look, ..place.nothing(Some(due.limit_at), arrival) };
    };
    let all_accepted = answers.iter().flatten().all(|answer| answer.is_accepted);
    GroupAtWaypoint {
        integrity: all_accepted.then_some(Integrity::Intact),
        last_absent_at: Some(due.absent_until(last.last_absent_at)),
        first_seen_at: Some(last.first_seen_at),
        place: Some(last.place.to_string()),
        ..place.nothing(Some(due.limit_at), due.seen(last.last_absent_at, last.first_seen_at))
    }
}

/// What the receiver said of a message when it refused it, wherever that message's acknowledgements are looked for.
pub(super) fn refusal<'a>(history: &Probe<'a>, message: &Seen<'_>) -> Option<&'a Acknowledgement> {
    let at = &message.sighting.record.place;
    about(history.acks.iter().copied().filter(|answer| is_of(answer, at)))
        .into_iter()
        .find(|answer| !answer.is_accepted)
}

/// The answers that speak of a message itself. A file that comes twice has its control numbers once: what refuses them as known
/// already answers the copy, where the message had been accepted.
fn about<'a>(answers: impl Iterator<Item = &'a Acknowledgement>) -> Vec<&'a Acknowledgement> {
    let mut answers: Vec<_> = answers.collect();
    if answers.iter().any(|answer| answer.is_accepted) {
        answers.retain(|answer| !answer.is_repetition);
    }
    answers
}

fn is_of(answer: &Acknowledgement, message: &model::Place) -> bool {
    let envelope = |place: &model::Place| {
        (place.interchange.clone(), place.functional_group.clone(), place.transaction_set.clone())
    };
    answer.message.source == message.source && envelope(&answer.message) == envelope(message)
}

/// The messages that enroll the group, at the waypoint that is acknowledged here.
fn messages<'a>(place: &Place<'a>) -> Vec<&'a Seen<'a>> {
    let of = place.waypoint.acknowledges.as_ref();
    let waypoints = &place.court.plan.waypoints;
    let at = waypoints.iter().position(|waypoint| Some(&waypoint.name) == of).and_then(|at| u16::try_from(at).ok());
    let seen = at.map(|at| place.case.at(at, place.group)).unwrap_or_default();
    seen.into_iter().filter(|seen| !seen.takes_out()).collect()
}

/// A rejection is told before an acceptance of the same moment; of several answers the first counts.
fn first_answer<'a>(place: &Place<'a>, message: &Seen<'_>) -> Option<&'a Acknowledgement> {
    answers_to(place, message).into_iter().min_by_key(|answer| (answer.first_seen_at, answer.is_accepted))
}

fn answers_to<'a>(place: &Place<'a>, message: &Seen<'_>) -> Vec<&'a Acknowledgement> {
    let at = &message.sighting.record.place;
    about(place.case.history.acks.iter().copied().filter(|answer| answer.waypoint == place.index && is_of(answer, at)))
}
