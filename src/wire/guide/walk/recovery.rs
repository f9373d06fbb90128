//! A loop whose beginning is missing: one segment that is not there must not make strangers of all that follow it.

use super::super::index::{Branch, Child, Key, pack};
use super::{Problem, Settled, Walk};
use crate::wire::x12::Segment;

/// A way from an open loop down to a segment.
struct Way {
    /// Numbers of the branches; the last is the segment's own.
    path: Vec<usize>,
    /// Loops on the way whose beginnings are not there.
    lacks: usize,
    /// Whether a code tells the segment from its like.
    is_told: bool,
    /// Whether the loop is one that must be there and has not been.
    is_awaited: bool,
}

/// Loops below loops, at most.
const DEEPEST: usize = 4;

impl Walk {
    /// Whether a segment is told by a code of its table: `Some(false)` where the table has none, `None` where it has others.
    pub(super) fn told(&self, branch: &Branch, segment: Segment<'_>) -> Option<bool> {
        let number = match branch.child {
            Child::Segment(number) => Some(number),
            Child::Loop(inner) => self.index.loops.get(inner).and_then(|found| match found.branches.first()?.child {
                Child::Segment(number) => Some(number),
                Child::Loop(_) => None,
            }),
        };
        let slot = number
            .and_then(|number| self.index.segments.get(number))
            .and_then(|table| table.slots.get(branch.told_by.checked_sub(1)?));
        let Some(slot) = slot.filter(|slot| !slot.codes.is_open()) else { return Some(false) };
        slot.codes.contains(segment.element(branch.told_by)).then_some(true)
    }

    /// Opens the loop that a segment stands in, below the open loop at this depth, where only the loop's beginning is missing.
    pub(super) fn recover(
        &mut self,
        depth: usize,
        id: Key,
        segment: Segment<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Settled> {
        // What ends a loop begins none.
        let frame = self.frames.get(depth).filter(|_| id != pack(b"LE"))?;
        let (at, from, unseen) = (frame.at, frame.from, !frame.seen);
        let guessed = self.guessed(depth, segment);
        let mut search = Search { walk: self, root: at, id, segment, guessed, path: Vec::new(), found: Vec::new() };
        search.below(at, from);
        let mut ways = search.found;
        let awaited = self.index.loops.get(at).map_or(0, |found| found.required) & unseen;
        for way in &mut ways {
            let first = way.path.first().copied().unwrap_or_default();
            way.is_awaited = awaited & 1_u32.checked_shl(u32::try_from(first).unwrap_or(32)).unwrap_or(0) != 0;
        }
        ways.retain(|way| way.lacks == 1);
        let told = ways.iter().position(|way| way.is_told);
        // What no code tells could stand in many loops; only LX is of few.
        let last = if id == pack(b"LX") { ways.len().checked_sub(1) } else { None };
        let best = told.or_else(|| ways.iter().position(|way| way.is_awaited)).or(last)?;
        let way = ways.get(best)?;
        let path = way.path.clone();
        Some(self.descend(depth, &path, guessed, problems))
    }

    /// The identifier that began the innermost loop and is all that was seen of it: it may have begun another loop.
    fn guessed(&self, depth: usize, segment: Segment<'_>) -> Option<Key> {
        let frame = self.frames.last().filter(|frame| self.frames.len() > depth + 1 && frame.seen == 1)?;
        let opener = self.index.loops.get(frame.at)?.branches.first()?;
        (self.told(opener, segment) == Some(false)).then_some(opener.id)
    }

    fn descend(&mut self, depth: usize, path: &[usize], guessed: Option<Key>, problems: &mut Vec<Problem>) -> Settled {
        if guessed.is_some() {
            self.frames.pop();
        }
        while self.frames.len() > depth + 1 {
            self.leave(problems);
        }
        let mut settled = super::NOWHERE;
        for (step, number) in path.iter().enumerate() {
            settled = self.settle(depth + step, *number, problems);
            let in_loop = self.frames.last().map_or(0, |frame| frame.at);
            let begin = self.index.loops.get(in_loop).and_then(|found| found.branches.first()).map(|branch| branch.id);
            if step + 1 < path.len() && (guessed.is_none() || guessed != begin) {
                problems.push(Problem::Missing { in_loop, branch: 0 });
            }
        }
        settled
    }

    /// The segment that must come first in a loop, after its beginning, comes again: another such loop lacks its beginning.
    pub(super) fn begin_again(&mut self, depth: usize, number: usize, problems: &mut Vec<Problem>) -> Option<Settled> {
        let outer = depth.checked_sub(1)?;
        let (at, seen) = self.frames.get(depth).map(|frame| (frame.at, frame.seen))?;
        let found = self.index.loops.get(at)?;
        let branch = found.branches.get(number)?;
        if number != 1 || branch.most != 1 || found.required & seen & 2 == 0 {
            return None;
        }
        let around = self.frames.get(outer)?.at;
        let own = self.index.loops.get(around)?.branches.iter().position(|branch| branch.child == Child::Loop(at))?;
        Some(self.descend(outer, &[own, number], None, problems))
    }
}

/// The search for ways down from an open loop.
struct Search<'a> {
    walk: &'a Walk,
    /// The open loop.
    root: usize,
    id: Key,
    segment: Segment<'a>,
    guessed: Option<Key>,
    path: Vec<usize>,
    found: Vec<Way>,
}

impl Search<'_> {
    /// Looks at the loops that can come from a child on, and into them.
    fn below(&mut self, at: usize, from: usize) {
        let branches = self.walk.index.loops.get(at).map_or(&[][..], |found| &found.branches);
        for (number, branch) in branches.iter().enumerate() {
            if number < from || self.path.len() >= DEEPEST {
                continue;
            }
            self.path.push(number);
            let is_own = self.path.len() > 1 && number > 0 && branch.id == self.id;
            if let Some(is_told) = self.walk.told(branch, self.segment).filter(|_| is_own) {
                let way = Way { path: self.path.clone(), lacks: self.lacks(), is_told, is_awaited: false };
                self.found.push(way);
            }
            if let Child::Loop(inner) = branch.child {
                self.below(inner, 0);
            }
            self.path.pop();
        }
    }

    /// How many loops of the path lack their beginning: all on the way, but not one whose beginning was taken for another's.
    fn lacks(&self) -> usize {
        let (mut at, mut lacks) = (self.root, 0);
        for number in self.path.iter().take(self.path.len().saturating_sub(1)) {
            let Some(branch) = self.walk.index.loops.get(at).and_then(|found| found.branches.get(*number)) else {
                break;
            };
            lacks += usize::from(self.guessed != Some(branch.id));
            if let Child::Loop(inner) = branch.child {
                at = inner;
            }
        }
        lacks
    }
}
