//! What comes in the wrong order of time: a state older than one before it, and a message behind that of a later step.

use super::case::Seen;
use super::change::visible;
use super::findings::{Finds, at_place, enrolls_anew, is_retransmission, precedes};
use super::group::Place;
use super::told::{Shown, shown_of};
use crate::model::{FieldSet, FindingKind, JourneyStep, RecordKind};
use chrono::{DateTime, Utc};

/// A system that showed what a step made of a household, and later shows it as it was before that step, as where its machines answer by turns and
/// one lags behind. What a later step led back to is that step's; of two records that stand side by side neither is the older.
pub(super) fn stale(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    let back = (0..place.case.lives.len()).filter_map(|nth| Some((nth, turned_back(place, nth, arrived)?)));
    let back: Vec<_> = back.collect();
    let Some((nth, (newer, older))) = back.first().copied() else { return };
    let step = |nth: usize| place.case.lives.get(nth).map_or(JourneyStep::ENROLL, |life| life.step).in_words();
    let others: Vec<_> = back.iter().skip(1).map(|(nth, _)| step(*nth)).collect();
    let others = if others.is_empty() { String::new() } else { format!("; the same of the {}", others.join(", the ")) };
    let (at, from) = (older.sighting.first_seen_at, newer.sighting.first_seen_at);
    let again = arrived.iter().find(|seen| seen.sighting.first_seen_at > at && is_as_after(place, nth, seen));
    let again =
        again.map_or_else(String::new, |seen| format!(", and after it again at {}", seen.sighting.first_seen_at));
    let detail = format!(
        "shown as after the {} at {from} ({}), and as before it at {at} ({}){again}{others}",
        step(nth),
        at_place(newer),
        at_place(older),
    );
    finds.add(place, FindingKind::Stale, detail);
}

/// The first state that is as before a step though one before it was as after, with that one.
fn turned_back<'s, 'a>(
    place: &Place<'_>,
    nth: usize,
    arrived: &[&'s Seen<'a>],
) -> Option<(&'s Seen<'a>, &'s Seen<'a>)> {
    let newer: Vec<&Seen<'a>> = arrived.iter().copied().filter(|seen| is_as_after(place, nth, seen)).collect();
    let is_beside = |at: DateTime<Utc>| newer.iter().any(|newer| newer.is_shown_at(at));
    arrived.iter().copied().filter(|seen| is_as_before(place, nth, seen)).find_map(|older| {
        let at = older.sighting.first_seen_at;
        let before = newer.iter().copied().find(|newer| newer.sighting.first_seen_at < at)?;
        (!is_beside(at)).then_some((before, older))
    })
}

fn is_as_after(place: &Place<'_>, nth: usize, seen: &Seen<'_>) -> bool {
    let shown = shown(place, nth, seen);
    seen.life >= Some(nth) && shown.contains(&Shown::Otherwise) && !shown.contains(&Shown::AsBefore)
}

fn is_as_before(place: &Place<'_>, nth: usize, seen: &Seen<'_>) -> bool {
    let shown = shown(place, nth, seen);
    seen.life < Some(nth) && shown.contains(&Shown::AsBefore) && !shown.contains(&Shown::Otherwise)
}

/// What a record shows of what a step changed, as far as it can be seen here.
fn shown(place: &Place<'_>, nth: usize, seen: &Seen<'_>) -> Vec<Shown> {
    let (Some(before), Some(after)) = (place.before(nth), place.after(nth)) else { return Vec::new() };
    shown_of(before, after, visible(place, before, after), &seen.sighting.record)
}

/// A message of a step that comes behind that of a later one and says as before what that changed: whoever takes them as they come is left with
/// the older. Of each step its first message counts, as what says it again is a copy; a file of retransmissions brings old messages by right.
pub(super) fn behind_later(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    let opening = arrived.iter().copied().find(|seen| seen.life.is_none() && enrolls_anew(seen));
    let of_change = |nth: usize| {
        let is_its = |seen: &&Seen<'_>| seen.life == Some(nth) && seen.sighting.record.kind == RecordKind::Maintenance;
        arrived.iter().copied().find(is_its)
    };
    let firsts: Vec<Option<&Seen<'_>>> =
        [opening].into_iter().chain((0..place.case.lives.len()).map(of_change)).collect();
    for (at, earlier) in firsts.iter().enumerate() {
        let Some(earlier) = earlier.filter(|earlier| !is_retransmission(&earlier.sighting.record)) else { continue };
        let behind = firsts.iter().enumerate().skip(at + 1).find_map(|(later, message)| {
            let message = message.filter(|message| precedes(message.sighting, earlier.sighting))?;
            says_as_before(place, later.checked_sub(1)?, earlier).then_some((later, message))
        });
        let Some((later, message)) = behind else { continue };
        let step = |at: usize| {
            let life = at.checked_sub(1).and_then(|nth| place.case.lives.get(nth));
            life.map_or(JourneyStep::ENROLL, |life| life.step).in_words()
        };
        let made = |seen: &Seen<'_>| {
            let at = seen.sighting.record.event_at;
            at.map_or_else(String::new, |at| format!(", made at {}", at.format("%Y-%m-%d %H:%M:%SZ")))
        };
        let detail = format!(
            "the {} ({}{}) came behind the later {} ({}{}), and says as before what that changed",
            step(at),
            at_place(earlier),
            made(earlier),
            step(later),
            at_place(message),
            made(message),
        );
        finds.add(place, FindingKind::OutOfOrder, detail);
    }
}

fn says_as_before(place: &Place<'_>, nth: usize, seen: &Seen<'_>) -> bool {
    let (Some(before), Some(after)) = (place.before(nth), place.after(nth)) else { return false };
    shown_of(before, after, FieldSet::all(), &seen.sighting.record).contains(&Shown::AsBefore)
}
