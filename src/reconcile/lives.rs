//! Which of a household's changes a record tells of: messages say one, states show the latest that had reached them.

use super::case::{Case, Life, Seen};
use super::told::{Shown, decided_anew, received_by_another, shown_of, told_of};
use crate::life;
use crate::model::{FeedKind, GroupRecord, RecordKind, WaypointPlan};

/// Finds for every record of a case the change that it tells of, or shows; none where it is of the enrollment.
pub(super) fn assign(case: &mut Case<'_>, waypoints: &[WaypointPlan]) {
    if case.lives.is_empty() {
        return;
    }
    let lives: Vec<Option<usize>> = {
        let mut told = Told::default();
        case.seen.iter().map(|seen| told.life_of(case, seen, waypoints)).collect()
    };
    for (seen, life) in case.seen.iter_mut().zip(lives) {
        seen.life = life;
    }
}

/// What was told so far, in the order in which it came.
#[derive(Debug, Default)]
struct Told<'a>(Vec<Before<'a>>);

/// A message that told of a change.
#[derive(Debug)]
struct Before<'a> {
    waypoint: u16,
    group: usize,
    record: &'a GroupRecord,
    life: usize,
}

/// A record that may tell of a change of one of the groups.
#[derive(Clone, Copy)]
struct Telling<'c, 'a> {
    case: &'c Case<'a>,
    seen: &'c Seen<'a>,
    group: usize,
}

impl<'a> Told<'a> {
    /// The latest change sent before a record came of which it shows something new. A message said again in the same words is of the
    /// same change; one that shows nothing newer than what was told already, in other words, is the next one's that was sent
    /// before the message. What shows nothing new at all is the latest one's, gone wrong.
    fn life_of(&mut self, case: &Case<'a>, seen: &Seen<'a>, waypoints: &[WaypointPlan]) -> Option<usize> {
        let (at, record) = (seen.sighting.waypoint, &seen.sighting.record);
        let waypoint = waypoints.get(usize::from(at))?;
        let group = *seen.groups.iter().find(|group| may_tell(case, **group, seen, waypoint))?;
        let is_message = waypoint.feed == FeedKind::EdiFolder;
        let telling = Telling { case, seen, group };
        let news = news(telling, is_message);
        let last = || sent_before(case, seen).last().map(|(at, _)| at);
        if !is_message {
            return news.or_else(last);
        }
        let said = self.said_before(telling).map(|said| self.as_well(said, telling));
        let life = said.or_else(|| self.untold(news, telling)).or(news).or_else(last)?;
        self.0.push(Before { waypoint: at, group, record, life });
        Some(life)
    }

    fn here(&self, telling: Telling<'_, '_>) -> impl Iterator<Item = &Before<'a>> {
        let (waypoint, group) = (telling.seen.sighting.waypoint, telling.group);
        self.0.iter().filter(move |before| before.waypoint == waypoint && before.group == group)
    }

    /// The change that the very same was said of before.
    fn said_before(&self, telling: Telling<'_, '_>) -> Option<usize> {
        let record = &telling.seen.sighting.record;
        let same = |other: &GroupRecord| other.facts == record.facts && other.members == record.members;
        self.here(telling).find(|before| same(before.record)).map(|before| before.life)
    }

    /// Where the same words fit a later change as well, which changed nothing more and was not told yet: that one.
    fn as_well(&self, said: usize, telling: Telling<'_, '_>) -> usize {
        let after = |life: usize| telling.case.after(life, telling.group);
        let later = sent_before(telling.case, telling.seen).map(|(life, _)| life).filter(|life| *life > said);
        let mut untold = later.filter(|life| !self.here(telling).any(|before| before.life == *life));
        untold.find(|life| after(*life) == after(said)).unwrap_or(said)
    }

    /// Where what a message shows was told already: the next change that was not, and was sent before the message.
    fn untold(&self, news: Option<usize>, telling: Telling<'_, '_>) -> Option<usize> {
        let is_untold = |life: usize| !self.here(telling).any(|before| before.life == life);
        if news.is_some_and(is_untold) {
            return None;
        }
        let sent_at = telling.seen.sighting.record.event_at;
        let sent = sent_before(telling.case, telling.seen);
        let sent = sent.filter(|(_, life)| sent_at.is_none_or(|at| at >= life.act.sent_at));
        sent.map(|(at, _)| at).find(|life| Some(*life) > news && is_untold(*life))
    }
}

/// Whether a record tells of any change: it came since one was sent, and shows otherwise what that changed, or has something as a later
/// one made it, be it what it was at first; of messages whatever says that it is a change.
fn may_tell(case: &Case<'_>, group: usize, seen: &Seen<'_>, waypoint: &WaypointPlan) -> bool {
    let record = &seen.sighting.record;
    let Some(enrolled) = case.expectation.groups.get(group) else { return false };
    let is_message = waypoint.feed == FeedKind::EdiFolder;
    let shows = |life: usize| {
        let Some(after) = case.after(life, group) else { return false };
        let changed = waypoint.shows.intersection(case.owed_until(life, group));
        shown_of(enrolled, after, changed, record).contains(&Shown::Otherwise)
            || received_by_another(enrolled, after, record).is_some()
    };
    // amounts that only the exchange's answer would have told: what shows others than before shows that it took the change
    let shows_anew = |life: &Life| {
        let after = life.expectation.groups.get(group);
        !is_message
            && was_shown_before(case, (seen, group), life)
            && after.is_some_and(|after| decided_anew(enrolled, after, record))
    };
    let says_so = is_message && record.kind == RecordKind::Maintenance;
    let enrolls =
        is_message && matches!(record.kind, RecordKind::InitialEnrollment | RecordKind::AutomaticReenrollment);
    let telling = Telling { case, seen, group };
    let is_back = || !is_message && news(telling, true).is_some_and(|life| life > 0);
    sent_before(case, seen).any(|(at, life)| says_so || (!enrolls && (shows(at) || shows_anew(life)))) || is_back()
}

/// Whether a system had shown the group in force before a change was sent: what is otherwise since came of that.
fn was_shown_before(case: &Case<'_>, (seen, group): (&Seen<'_>, usize), life: &Life) -> bool {
    let is_before = |before: &&Seen<'_>| {
        before.sighting.waypoint == seen.sighting.waypoint
            && before.groups.contains(&group)
            && before.is_in_force()
            && before.sighting.first_seen_at < life.act.sent_at
    };
    case.seen.iter().any(|before| is_before(&before))
}

/// The changes that a record may tell of: those that were sent before it came; of a message those that are told at all.
fn sent_before<'c>(case: &'c Case<'_>, seen: &Seen<'_>) -> impl Iterator<Item = (usize, &'c Life)> {
    let (seen_at, is_state) = (seen.sighting.first_seen_at, seen.sighting.record.kind == RecordKind::Snapshot);
    let may_be_told = move |life: &Life| is_state || life::reason_of(life.change).is_some();
    case.lives.iter().enumerate().filter(move |(_, life)| seen_at >= life.act.sent_at && may_be_told(life))
}

/// The latest change of which a record shows something that was not so before it. What a system shows neither as before nor as it should
/// have become belongs to the change that gave it its value. A message is of the latest whose own news it tells, where it tells any: a
/// later one may have led back to amounts that it shows beside.
fn news(Telling { case, seen, group }: Telling<'_, '_>, is_message: bool) -> Option<usize> {
    let (before, after) = (|life: usize| case.before(life, group), |life: usize| case.after(life, group));
    let tells_own = |life: &usize| {
        let (Some(was), Some(is), Some(of)) = (before(*life), after(*life), case.lives.get(*life)) else {
            return false;
        };
        let own = life::fields_of(of.change);
        let told = told_of(was, is, &seen.sighting.record);
        told.iter().any(|told| told.is_as_now && own.contains(told.field))
    };
    let shows = |life: &usize| {
        let (Some(was), Some(is)) = (before(*life), after(*life)) else { return false };
        let told = told_of(was, is, &seen.sighting.record);
        let record = &seen.sighting.record;
        let is_otherwise = || told.iter().any(|told| told.shown == Shown::Otherwise);
        told.iter().any(|told| told.is_as_now)
            || !is_message && (is_otherwise() || received_by_another(was, is, record).is_some())
    };
    let sent: Vec<usize> = sent_before(case, seen).map(|(at, _)| at).collect();
    let is_state = seen.sighting.record.kind == RecordKind::Snapshot;
    let own = sent.iter().rev().find(|life| !is_state && tells_own(life)).copied();
    own.or_else(|| sent.into_iter().rev().find(shows))
}
