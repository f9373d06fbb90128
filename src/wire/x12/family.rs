//! Which members belong together: by the subscriber they name, and by where they stand.

use super::held::MemberSpan;
use super::segment::{Segment, Span};
use std::collections::{HashMap, HashSet};

/// Where the members' segments are.
#[derive(Clone, Copy)]
pub(super) struct Loops<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) segments: &'a [Span],
    pub(super) separator: u8,
}

/// Numbers each member's group, and sorts members of one group together.
///
/// Members belong together when they share the subscriber (REF*0F). A new subscriber (INS*Y) begins a new group
/// even under the same id, since medical and dental of one family may follow each other in one set; but dependents
/// that came first are joined by the subscriber they were waiting for. A dependent without REF*0F goes with whoever stands
/// before it, and one whose REF*0F is an id of its own with the subscriber before it. This holds wherever in the window the
/// members stand.
pub(super) fn assign(members: &mut [MemberSpan], loops: Loops<'_>) {
    let bytes = loops.bytes;
    if assign_in_order(members, bytes) || (adopt(members, loops) && assign_in_order(members, bytes)) {
        return;
    }
    if assign_by_key(members, bytes) {
        members.sort_by_key(|member| member.group);
    }
}

/// Where the last group begins that members may still join.
pub(super) fn open_run(members: &[MemberSpan], loops: Loops<'_>) -> usize {
    let differ = |before: &MemberSpan, here: &MemberSpan| here.key.of(loops.bytes) != before.key.of(loops.bytes);
    let last = |starts: &dyn Fn(&MemberSpan, &MemberSpan) -> bool| {
        let pairs = members.windows(2).rposition(|pair| matches!(pair, [before, here] if starts(before, here)));
        pairs.map_or(0, |before| before + 1)
    };
    let begins = |before: &MemberSpan, here: &MemberSpan| {
        here.is_subscriber || (differ(before, here) && !is_under_its_own_id(here, loops))
    };
    match last(&begins) {
        // Nobody but dependents, each under an id of its own: there is no subscriber whom they could wait for.
        0 if members.first().is_some_and(|first| !first.is_subscriber) => last(&differ),
        at => at,
    }
}

/// Some senders write a dependent's own id where the subscriber's belongs. A dependent who names no subscriber of the set and
/// calls the same number their own goes with the subscriber before it, as a person would read it; whether there is one such. One who
/// names somebody else is left alone: subscribers need not be in the file where only their dependents change.
fn adopt(members: &mut [MemberSpan], loops: Loops<'_>) -> bool {
    let of_subscribers: HashSet<&[u8]> =
        members.iter().filter(|member| member.is_subscriber).map(|member| member.key.of(loops.bytes)).collect();
    let (mut subscriber, mut is_any) = (None, false);
    for member in members {
        if member.is_subscriber {
            subscriber = Some(member.key);
        } else if let Some(key) = subscriber
            && !of_subscribers.contains(member.key.of(loops.bytes))
            && is_under_its_own_id(member, loops)
        {
            member.key = key;
            is_any = true;
        }
    }
    is_any
}

/// Whether a dependent's REF*0F is also its REF*17, REF*23 or NM109.
fn is_under_its_own_id(member: &MemberSpan, loops: Loops<'_>) -> bool {
    let key = member.key.of(loops.bytes);
    if member.is_subscriber || key.is_empty() {
        return false;
    }
    let own = |span: &Span| {
        let segment = Segment::new(span.of(loops.bytes), loops.separator);
        match segment.elements::<10>() {
            [b"REF", b"17" | b"23", value, ..] => value == key,
            [b"NM1", b"IL" | b"74", _, _, _, _, _, _, _, id] => id == key,
            _ => false,
        }
    };
    let of_coverage = |span: &Span| matches!(Segment::new(span.of(loops.bytes), loops.separator).id(), b"HD");
    member.segments(loops.segments).iter().take_while(|span| !of_coverage(span)).any(own)
}

/// Numbers the groups of members that stand as the exchange sends them, subscribers first; whether they do.
fn assign_in_order(members: &mut [MemberSpan], bytes: &[u8]) -> bool {
    let (mut group, mut key, mut lines) = (0, &b""[..], 0);
    for (at, member) in members.iter_mut().enumerate() {
        let own = member.key.of(bytes);
        if member.is_subscriber {
            group += u32::from(at > 0);
            (key, lines) = (own, 0);
        } else if at == 0 || !(own.is_empty() || own == key) || !overlap(member.lines, lines) {
            return false;
        }
        lines |= member.lines;
        member.group = group;
    }
    true
}

/// Coverage lines in common, or nothing said of them.
fn overlap(one: u8, other: u8) -> bool {
    one == 0 || other == 0 || one & other != 0
}

/// A group that members may still join.
#[derive(Clone, Copy)]
struct Open<'a> {
    group: u32,
    key: &'a [u8],
    lines: u8,
    is_led: bool,
}

/// Numbers the groups of members in any order; whether members of one group stand apart.
fn assign_by_key(members: &mut [MemberSpan], bytes: &[u8]) -> bool {
    let mut seen: HashMap<(&[u8], u8), Open<'_>> = HashMap::new();
    let mut open = Open { group: 0, key: b"", lines: 0, is_led: true };
    let (mut groups, mut apart) = (0_u32, false);
    for member in members {
        let own = member.key.of(bytes);
        let own = if own.is_empty() && !member.is_subscriber { open.key } else { own };
        let fits = |group: &Open<'_>| {
            group.key == own && overlap(member.lines, group.lines) && !(member.is_subscriber && group.is_led)
        };
        if groups == 0 || !fits(&open) {
            let lowest_line = member.lines & member.lines.wrapping_neg();
            let earlier = seen.get(&(own, lowest_line)).copied().filter(|group| !own.is_empty() && fits(group));
            apart |= earlier.is_some();
            open = earlier.unwrap_or(Open { group: groups, key: own, lines: 0, is_led: false });
            groups += u32::from(earlier.is_none());
        }
        open.is_led |= member.is_subscriber;
        open.lines |= member.lines;
        member.group = open.group;
        for line in [0, 1, 2, 4] {
            if line == 0 || open.lines & line != 0 {
                seen.insert((own, line), open);
            }
        }
    }
    apart
}
