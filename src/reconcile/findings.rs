//! What should not be there, or not like this.

use super::case::{Case, Seen, is_of_another_line};
use super::compare::Comparison;
use super::contents::{parts_of_one, shown_in, shows_again};
use super::group::Place;
use super::keys::Keys;
use super::over_time::{behind_later, stale};
use super::roster::Roster;
use super::split::split;
use crate::model::{
    Act, Discrepancy, ExpectedGroup, Facts, Field, Finding, FindingKind, GroupRecord, ProbeIndex, RecordKind, RunPlan,
    Severity, Sighting, Value,
};
use chrono::{DateTime, Datelike, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Findings of one probe, each with the group it concerns; none twice.
#[derive(Debug, Default)]
pub(super) struct Finds {
    pub(super) found: Vec<(Option<usize>, u16, Finding)>,
}

impl Finds {
    /// Adds one about a group, unless the same kind already stands against it here.
    pub(super) fn add(&mut self, place: &Place<'_>, kind: FindingKind, detail: String) {
        self.put(Some(place.group), place.index, Finding { kind, waypoint: place.waypoint.name.to_string(), detail });
    }

    /// Whether there is one of this kind.
    pub(super) fn has(&self, kind: FindingKind) -> bool {
        self.found.iter().any(|(_, _, finding)| finding.kind == kind)
    }

    /// Adds one about a group or the whole probe.
    pub(super) fn put(&mut self, group: Option<usize>, waypoint: u16, finding: Finding) {
        let same = |(of, at, known): &(Option<usize>, u16, Finding)| {
            *of == group && *at == waypoint && known.kind == finding.kind
        };
        if !self.found.iter().any(same) {
            self.found.push((group, waypoint, finding));
        }
    }
}

/// Notes everything that the sightings of a group at a waypoint show beside its arrival.
pub(super) fn note(place: &Place<'_>, seen: &[&Seen<'_>], arrived: &[&Seen<'_>], finds: &mut Finds) {
    // one that shows neither policy nor line may be meant for another group than this
    let is_ended = |record: &Seen<'_>| place.is_edi() && record.takes_out() && record.groups.len() == 1;
    let tells = |record: &Seen<'_>| record.is_in_force() || is_ended(record);
    for record in seen.iter().filter(|record| place.is_misrouted(record) && tells(record)) {
        let to = record.sighting.issuer.as_ref().map(ToString::to_string);
        let to = to.or_else(|| record.sighting.record.facts.text(Field::Issuer).map(str::to_owned));
        let (to, from) = (to.unwrap_or_default(), place.issuer().unwrap_or_default());
        let detail = format!("meant for issuer {from}, found at issuer {to} ({})", record.sighting.record.place);
        finds.add(place, FindingKind::Misrouted, detail);
    }
    for record in seen.iter().filter(|record| tells(record)) {
        addressed_elsewhere(place, record, finds);
    }
    damaged(place, arrived, finds);
    let takes_out: Vec<_> = seen.iter().copied().filter(|seen| place.is_edi() && seen.takes_out()).collect();
    damaged(place, &takes_out, finds);
    cancelled_otherwise(place, &takes_out, arrived, finds);
    duplicated(place, arrived, finds);
    split(place, arrived, finds);
    if place.is_edi() {
        order(place, seen, arrived, finds);
        behind_later(place, arrived, finds);
    } else {
        flapping(place, arrived, finds);
        stale(place, arrived, finds);
        returned(place, seen, finds);
    }
}

/// A message that lies where it belongs and says that it is somebody else's, which its receiver refuses.
fn addressed_elsewhere(place: &Place<'_>, seen: &Seen<'_>, finds: &mut Finds) {
    let at = &seen.sighting.record.place;
    if let (Some(own), Some(other)) = (place.issuer(), at.addressed_to.as_deref())
        && !place.rules().is_issuer(own, other)
        && !place.is_called_so(own, other)
    {
        finds.add(place, FindingKind::Misrouted, format!("meant for issuer {own}, addressed to {other} ({at})"));
    }
}

/// Records in what a receiver refuses, of which no sound copy came that was taken. Whose record could not be given out at all is
/// missing, and told why.
fn damaged(place: &Place<'_>, messages: &[&Seen<'_>], finds: &mut Finds) {
    let refused: Option<Vec<_>> = messages.iter().map(|seen| place.refused_with_its_file(seen)).collect();
    if let Some(file) = refused.and_then(|files| files.first().copied()) {
        let detail = format!("it stands in `{}`, which a receiver refuses: {}", file.name, file.what);
        finds.add(place, FindingKind::Damaged, detail);
    }
}

/// A cancellation that names another policy or other people than the household's, as no enrollment of it did here, or that names
/// dependents alone. Dates, statuses and amounts are not looked at.
fn cancelled_otherwise(place: &Place<'_>, takes_out: &[&Seen<'_>], arrived: &[&Seen<'_>], finds: &mut Finds) {
    for seen in takes_out {
        let record = &seen.sighting.record;
        if !place.names_subscriber(record) {
            let detail = format!("a cancellation that does not name the subscriber ({})", at_place(seen));
            finds.add(place, FindingKind::Unexpected, detail);
        }
        let is_known = |other: &Discrepancy| {
            arrived.iter().any(|seen| differing_identity(place, &seen.sighting.record).iter().any(|d| d.is_same(other)))
        };
        let is_later_life = (0..place.case.lives.len()).filter_map(|life| place.after(life));
        let is_of_life = is_later_life.into_iter().any(|life| differs_from(place, life, record).is_empty());
        if let Some(other) = differing_identity(place, record).iter().find(|other| !is_of_life && !is_known(other)) {
            let [expected, found] = [&other.expected, &other.found].map(|value| value.as_deref().unwrap_or("nobody"));
            let who = if other.member.is_empty() { String::new() } else { format!(" of {}", other.member) };
            let (field, at) = (other.field, at_place(seen));
            let detail = format!("a cancellation with `{field}`{who} `{found}`, expected `{expected}` ({at})");
            finds.add(place, FindingKind::Unexpected, detail);
        }
    }
}

/// What a record says otherwise of whose coverage it tells.
fn differing_identity(place: &Place<'_>, record: &GroupRecord) -> Vec<Discrepancy> {
    differs_from(place, place.expected, record)
}

fn differs_from(place: &Place<'_>, expected: &ExpectedGroup, record: &GroupRecord) -> Vec<Discrepancy> {
    const IDENTITY: [Field; 8] = [
        Field::PolicyId,
        Field::SubscriberId,
        Field::MemberId,
        Field::MemberEnrolled,
        Field::NameLast,
        Field::NameFirst,
        Field::BirthDate,
        Field::Sex,
    ];
    let (mut comparison, rules) = (Comparison::default(), place.rules());
    comparison.group(expected, &record.facts, &rules);
    comparison.members(expected, &record.members, &rules);
    let is_left_out = |d: &Discrepancy| match d.field {
        Field::MemberEnrolled => d.expected.is_some(),
        _ => d.found.is_none(),
    };
    let tells = |d: &Discrepancy| d.severity > Severity::Minor && IDENTITY.contains(&d.field) && !is_left_out(d);
    comparison.discrepancies.into_iter().filter(tells).collect()
}

/// The same people under the same coverage once more. Medical beside dental is a group of its own and no duplicate, nor
/// is next year's enrollment, nor a copy that the exchange itself declares a retransmission.
fn duplicated(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    let counts = |seen: &Seen<'_>| !place.is_edi() || enrolls_anew(seen) || is_effectuation(seen);
    let copies: Vec<_> = arrived.iter().filter(|seen| counts(seen)).collect();
    // Who is in each, once; of each kind one finding is kept, so that the first pair says it all.
    let shows: Vec<BTreeSet<usize>> = copies.iter().map(|copy| shown_in(place.expected, copy)).collect();
    let share = |one: usize, other: usize| match (shows.get(one), shows.get(other)) {
        (Some(one), Some(other)) => shows_again(place.expected, one, other),
        _ => false,
    };
    let pair = copies.iter().enumerate().skip(1).find_map(|(at, copy)| {
        let mut earlier = copies.iter().enumerate().take(at);
        let (_, earlier) = earlier.find(|(before, earlier)| is_copy(earlier, copy) && share(*before, at))?;
        Some((earlier, copy))
    });
    if let Some((earlier, copy)) = pair {
        let detail = format!("{}: {} and {}", how_copied(earlier, copy), at_place(earlier), at_place(copy));
        finds.add(place, FindingKind::Duplicated, detail);
    }
    let sources: BTreeSet<&str> = arrived.iter().map(|seen| seen.sighting.record.place.source.as_str()).collect();
    for other in place.case.others_at(place.index, place.group, arrived).into_iter().filter(|_| !place.is_edi()) {
        let is_again = |own: &Seen<'_>| {
            shows_again(place.expected, &shown_in(place.expected, own), &shown_in(place.expected, other))
        };
        let own = arrived.iter().find(|own| is_copy(own, other) && is_again(own));
        if let Some(own) = own {
            let detail = format!("{}: {} and {}", how_copied(own, other), at_place(own), at_place(other));
            finds.add(place, FindingKind::Duplicated, detail);
        }
    }
    let again = |source: &&str| place.court.history.came_again_as.get(&(place.index, *source)).copied();
    if let Some(again) = sources.iter().find_map(again) {
        finds.add(place, FindingKind::Duplicated, format!("the same file came again as {again}"));
    }
}

fn enrolls(seen: &Seen<'_>) -> bool {
    matches!(seen.sighting.record.kind, RecordKind::InitialEnrollment | RecordKind::AutomaticReenrollment)
}

pub(super) fn enrolls_anew(seen: &Seen<'_>) -> bool {
    enrolls(seen) && !is_retransmission(&seen.sighting.record)
}

fn is_effectuation(seen: &Seen<'_>) -> bool {
    seen.sighting.record.kind == RecordKind::Effectuation
}

/// A file of the weekly retransmissions, by its function code (CMS companion guide v7.2 p. 106).
pub(super) fn is_retransmission(record: &GroupRecord) -> bool {
    let name = record.place.source.rsplit(['/', '\\']).next().unwrap_or_default();
    name.to_ascii_uppercase().contains("I834RT")
}

pub(super) fn is_copy(earlier: &Seen<'_>, later: &Seen<'_>) -> bool {
    let year = |seen: &Seen<'_>| match seen.sighting.record.facts.value(Field::BenefitBegin) {
        Some(Value::Date(begin)) => Some(begin.year()),
        _ => None,
    };
    let shown_again = earlier.sighting.record == later.sighting.record
        && earlier.sighting.record.kind == RecordKind::Snapshot
        && earlier.sighting.first_seen_at != later.sighting.first_seen_at;
    let same_year = year(earlier).is_none() || year(later).is_none() || year(earlier) == year(later);
    let same_kind = is_effectuation(earlier) == is_effectuation(later);
    !is_one_seen_by_others(earlier, later)
        && same_year
        && same_kind
        && !shown_again
        && earlier.overlaps(later)
        && earlier.sighting.issuer == later.sighting.issuer
}

/// Whether both may be one record that came by others' look-ups alone: in several answers, or in several states, of which nobody
/// is told when they end. Two records stand side by side in one answer, or bear different policy ids.
fn is_one_seen_by_others(earlier: &Seen<'_>, later: &Seen<'_>) -> bool {
    let answer = |seen: &Seen<'_>| (seen.sighting.asked_for, seen.sighting.first_seen_at);
    let policy = |seen: &Seen<'_>| seen.sighting.record.facts.text(Field::PolicyId).map(str::to_ascii_uppercase);
    let differ = matches!((policy(earlier), policy(later)), (Some(one), Some(other)) if one != other);
    earlier.stray && later.stray && answer(earlier) != answer(later) && !differ
}

fn how_copied(earlier: &Seen<'_>, later: &Seen<'_>) -> &'static str {
    let (a, b) = (&earlier.sighting.record, &later.sighting.record);
    let envelope = |r: &GroupRecord| (r.place.interchange.clone(), r.place.transaction_set.clone());
    if a.kind == RecordKind::Snapshot {
        "the issuer holds the group twice"
    } else if envelope(a) == envelope(b) && (&a.facts, &a.members) == (&b.facts, &b.members) {
        "the same file again, with the same control numbers"
    } else if envelope(a) == envelope(b) {
        "the same control numbers again, with another content"
    } else if a.facts.text(Field::PolicyId) == b.facts.text(Field::PolicyId) {
        "the same enrollment again, in a new envelope"
    } else {
        "the same people again, under another policy"
    }
}

pub(super) fn at_place(seen: &Seen<'_>) -> String {
    seen.sighting.record.place.to_string()
}

/// Order is by the sender's time, and a file of retransmissions may bring old messages late, each with all that followed
/// it (CMS companion guide v7.2 p. 106): a cancellation that nobody asked for is a finding, one that precedes its
/// enrollment, a retransmission that leaves out the cancellation, and a reinstatement, which nobody asks for. A copy after the cancellation of what had come
/// before it is no disorder but a duplicate.
fn order(place: &Place<'_>, seen: &[&Seen<'_>], arrived: &[&Seen<'_>], finds: &mut Finds) {
    let takes_out: Vec<_> = seen.iter().filter(|seen| seen.takes_out()).collect();
    let Some(cancellation) = takes_out.first() else { return };
    if place.case.cancelled_at(place.group).is_none_or(|sent| cancellation.sighting.first_seen_at < sent) {
        let detail = format!("a cancellation that nobody asked for ({})", at_place(cancellation));
        finds.add(place, FindingKind::Unexpected, detail);
    }
    cancelled_twice(place, &takes_out, arrived, finds);
    let came_before = |enrollment: &Seen<'_>| !precedes(cancellation.sighting, enrollment.sighting);
    for back in arrived.iter().filter(|seen| seen.sighting.record.kind == RecordKind::Reinstatement) {
        if takes_out.iter().all(|gone| precedes(gone.sighting, back.sighting)) {
            let detail = format!("taken out ({}), and reinstated ({})", at_place(cancellation), at_place(back));
            finds.add(place, FindingKind::Resurrected, detail);
        }
    }
    let had_come = arrived.iter().any(|seen| enrolls(seen) && came_before(seen));
    for enrollment in arrived.iter().filter(|seen| enrolls(seen) && !came_before(seen)) {
        let followed = takes_out.iter().any(|later| precedes(enrollment.sighting, later.sighting));
        let is_again = is_retransmission(&enrollment.sighting.record);
        let (gone, back) = (at_place(cancellation), at_place(enrollment));
        if is_again && !followed {
            let detail = format!("cancelled ({gone}), and retransmitted without its cancellation ({back})");
            finds.add(place, FindingKind::OutOfOrder, detail);
        } else if !is_again && !had_come {
            let detail = format!("cancelled ({gone}) before it was enrolled ({back})");
            finds.add(place, FindingKind::OutOfOrder, detail);
        }
    }
}

/// A message that takes the same people out once more, with nothing between that had put them in again, and that is not declared
/// a retransmission. As often as the cancellation was sent, the exchange may tell of it.
fn cancelled_twice(place: &Place<'_>, takes_out: &[&&Seen<'_>], arrived: &[&Seen<'_>], finds: &mut Finds) {
    // and once of each part in which the group lies
    let parts = parts_of_one(place.expected, arrived).len().saturating_sub(1);
    let sent_before = place.case.cancel_of(place.group).map_or(0, Act::sent_before);
    let mut to_spare = usize::try_from(sent_before).unwrap_or(usize::MAX).saturating_add(parts);
    for (earlier, later) in takes_out.iter().zip(takes_out.iter().skip(1)) {
        let (a, b) = (&earlier.sighting.record, &later.sighting.record);
        let back = arrived
            .iter()
            .any(|seen| precedes(earlier.sighting, seen.sighting) && precedes(seen.sighting, later.sighting));
        let is_same = a.kind == b.kind && a.facts == b.facts && a.members == b.members;
        if !is_same || back || is_retransmission(b) {
            continue;
        }
        if is_told_anew(a, b) && to_spare > 0 {
            to_spare -= 1;
            continue;
        }
        let detail = format!("the same cancellation again: {} and {}", at_place(earlier), at_place(later));
        finds.add(place, FindingKind::Duplicated, detail);
    }
}

/// Whether the sender made two messages of them: the same file once more is one.
fn is_told_anew(one: &GroupRecord, other: &GroupRecord) -> bool {
    let numbers = |record: &GroupRecord| {
        let at = &record.place;
        (at.interchange.clone(), at.functional_group.clone(), at.transaction_set.clone())
    };
    numbers(one) != numbers(other)
}

/// Whether one message came before another: earlier looks first; within one file by position.
pub(super) fn precedes(a: &Sighting, b: &Sighting) -> bool {
    let position = |s: &Sighting| {
        let place = &s.record.place;
        (place.interchange.clone(), place.functional_group.clone(), place.transaction_set.clone(), place.segment)
    };
    if a.first_seen_at != b.first_seen_at {
        return a.first_seen_at < b.first_seen_at;
    }
    if a.record.place.source == b.record.place.source {
        return position(a) < position(b);
    }
    matches!((a.record.event_at, b.record.event_at), (Some(a), Some(b)) if a < b)
}

/// Shown, and then for a while not shown at all, though nobody had cancelled.
fn flapping(place: &Place<'_>, arrived: &[&Seen<'_>], finds: &mut Finds) {
    let cancelled = place.case.cancelled_at(place.group);
    for gone_at in arrived.iter().filter_map(|seen| seen.ends_at) {
        let replaced = arrived.iter().any(|seen| seen.is_shown_at(gone_at));
        if !replaced && cancelled.is_none_or(|cancelled| gone_at < cancelled) {
            let again = arrived.iter().map(|seen| seen.sighting.first_seen_at).find(|at| *at > gone_at);
            let then = again.map_or_else(String::new, |at| format!(", and there again at {at}"));
            finds.add(place, FindingKind::Flapping, format!("shown, then gone at {gone_at}{then}"));
        }
    }
}

/// Taken out, and later there again.
fn returned(place: &Place<'_>, seen: &[&Seen<'_>], finds: &mut Finds) {
    let Some(cancelled) = place.case.cancelled_at(place.group) else { return };
    let ended = seen.iter().filter(|seen| !seen.is_in_force()).map(|seen| seen.sighting.first_seen_at);
    // what another record of the group took the place of at once is not gone
    let replaced = |at: &DateTime<Utc>| seen.iter().any(|seen| seen.is_in_force() && seen.is_shown_at(*at));
    let gone = seen.iter().filter_map(|seen| seen.ends_at).filter(|at| !replaced(at));
    let Some(out_at) = ended.chain(gone).filter(|at| *at > cancelled).min() else { return };
    let is_back = |seen: &&&Seen<'_>| {
        // of a status that nobody knows nobody can say that it is in force
        seen.is_in_force() && seen.sighting.record.facts.status_is_known() && seen.sighting.first_seen_at > out_at
    };
    if let Some(again) = seen.iter().find(is_back) {
        let at = again.sighting.first_seen_at;
        finds.add(place, FindingKind::Resurrected, format!("taken out by {out_at} and there again at {at}"));
    }
}

/// Records of a probe that must have none: rejected, or never sent; and of a line that nobody asked for.
pub(super) fn ghosts(plan: &RunPlan, case: &Case<'_>, finds: &mut Finds) {
    let submission = case.history.submission();
    let refused = !submission.may_stand();
    // of a status that nobody understands nobody knows whether it lets anybody in: an exchange may show what it refused
    let is_in = |seen: &&Seen<'_>| seen.is_in_force() && seen.sighting.record.facts.status_is_known();
    for seen in case.seen.iter().filter(is_in) {
        let why = if refused {
            format!("the application was {submission}")
        } else if is_of_another_line(seen, &case.expectation.groups) {
            "nobody asked for this line of coverage".to_owned()
        } else {
            continue;
        };
        let at = seen.sighting.waypoint;
        let waypoint = plan.waypoints.get(usize::from(at)).map(|w| w.name.to_string()).unwrap_or_default();
        let detail = format!("{why}, and it is there ({})", seen.sighting.record.place);
        finds.put(None, at, Finding { kind: FindingKind::Unexpected, waypoint, detail });
    }
}

/// Somebody, across all probes: the probe and the person's place among those who apply.
type Somebody = (ProbeIndex, Option<usize>);

/// Ids given to more than one person or household, told to each of those concerned.
pub(super) fn collisions(plan: &RunPlan, cases: &BTreeMap<ProbeIndex, Case<'_>>) -> Vec<(ProbeIndex, u16, Finding)> {
    let mut owners: BTreeMap<(Field, String), Vec<(Somebody, u16)>> = BTreeMap::new();
    for (probe, case) in cases {
        told_to_consumer(*probe, case, &mut owners);
        for seen in case.seen.iter().filter(|seen| !seen.stray) {
            shown_in_record(*probe, case, seen, &mut owners);
        }
    }
    let mut found = Vec::new();
    for ((field, id), somebodies) in owners {
        // the first two by waypoint: of whoever is not the first, the first is the other
        let mut sorted: Vec<_> = somebodies.iter().collect();
        sorted.sort_by_key(|(_, at)| *at);
        let [first, second, ..] = sorted.as_slice() else { continue };
        for (who, at) in &somebodies {
            // it shows where the second of the two bears it, not where the first got it by right
            let (other, other_at) = if first.0 == *who { second } else { first };
            let at = at.max(other_at);
            let name = |at: u16| plan.waypoints.get(usize::from(at)).map(|w| w.name.to_string()).unwrap_or_default();
            let detail = format!("{field} {id} is also given to {}", describe(*other));
            found.push((who.0, *at, Finding { kind: FindingKind::IdCollision, waypoint: name(*at), detail }));
        }
    }
    found
}

/// Households whose people stand in another one's group and nowhere else at a waypoint, told to them; the other is told by its
/// own comparison.
pub(super) fn absorbed(
    plan: &RunPlan,
    cases: &BTreeMap<ProbeIndex, Case<'_>>,
    roster: &Roster,
) -> Vec<(ProbeIndex, u16, Finding)> {
    let mut found = Vec::new();
    for (host, case) in cases {
        for seen in case.seen.iter().filter(|seen| seen.is_in_force()) {
            let record = &seen.sighting.record;
            let expected = seen.groups.iter().filter_map(|at| case.expectation.groups.get(*at));
            if expected.map(|group| group.members.len()).max().is_none_or(|most| record.members.len() <= most) {
                continue;
            }
            let at = seen.sighting.waypoint;
            let waypoint = plan.waypoints.get(usize::from(at)).map(|w| w.name.to_string()).unwrap_or_default();
            let is_alone = |guest: &ProbeIndex| {
                let own = cases.get(guest).map(|case| case.seen.as_slice()).unwrap_or_default();
                !own.iter().any(|own| own.sighting.waypoint == at && own.is_in_force())
            };
            for guest in guests(record, *host, roster).into_iter().filter(is_alone) {
                let detail = format!("its people stand in the group of probe {host} ({})", record.place);
                let waypoint = waypoint.clone();
                found.push((guest, at, Finding { kind: FindingKind::Merged, waypoint, detail }));
            }
        }
    }
    found
}

/// The probes besides its own whose people a record shows.
fn guests(record: &GroupRecord, host: ProbeIndex, roster: &Roster) -> BTreeSet<ProbeIndex> {
    let none = Facts::new();
    let keys = |member| Keys::of(&none, std::slice::from_ref(member));
    let known = record.members.iter().filter_map(|member| roster.recognise(&keys(member)));
    known.map(|known| known.probe).filter(|probe| *probe != host).collect()
}

fn describe((probe, member): Somebody) -> String {
    let member = member.map_or_else(String::new, |member| format!("member {} of ", member + 1));
    format!("{member}probe {probe}")
}

type Owners = BTreeMap<(Field, String), Vec<(Somebody, u16)>>;

fn own(owners: &mut Owners, (field, id): (Field, Option<&str>), who: Somebody, at: u16) {
    let Some(id) = id.map(str::trim).filter(|id| !id.is_empty()) else { return };
    let known = owners.entry((field, id.to_ascii_uppercase())).or_default();
    // probes come one after another: only the tail can be this one's
    if !known.iter().rev().take_while(|((probe, _), _)| *probe == who.0).any(|(other, _)| *other == who) {
        known.push((who, at));
    }
}

fn told_to_consumer(probe: ProbeIndex, case: &Case<'_>, owners: &mut Owners) {
    for (at, group) in case.expectation.groups.iter().enumerate() {
        for field in [Field::PolicyId, Field::SubscriberId] {
            own(owners, (field, group.facts.text(field)), (probe, None), 0);
        }
        for (place, member) in group.members.iter().enumerate() {
            own(owners, (Field::MemberId, member.text(Field::MemberId)), (probe, Some(case.person(at, place))), 0);
        }
    }
}

fn shown_in_record(probe: ProbeIndex, case: &Case<'_>, seen: &Seen<'_>, owners: &mut Owners) {
    let record = &seen.sighting.record;
    let at = seen.sighting.waypoint;
    for field in [Field::PolicyId, Field::SubscriberId] {
        own(owners, (field, record.facts.text(field)), (probe, None), at);
    }
    let Some(of) = seen.groups.first().copied() else { return };
    let Some(group) = case.expectation.groups.get(of) else { return };
    for (expected, found) in super::pairing::pair(&group.members, &record.members).pairs {
        let id = record.members.get(found).and_then(|member| member.text(Field::MemberId));
        let bears = |member: &&Facts| id.is_some() && member.text(Field::MemberId) == id;
        let anothers = group.members.iter().enumerate().any(|(at, member)| at != expected && bears(&member));
        if anothers && record.members.iter().filter(bears).count() < 2 {
            // two people of one household with their ids exchanged: a discrepancy of each, and nobody shares an id
            continue;
        }
        own(owners, (Field::MemberId, id), (probe, Some(case.person(of, expected))), at);
    }
}
