//! Where in the guide a transaction set stands: each segment finds its place, and what is missing shows.

mod recovery;

use super::index::{Branch, Child, Index, Key, LoopAt, pack};
use crate::wire::x12::Segment;

/// More children than this has no loop of any guide (a test holds it).
const CHILDREN: usize = 32;

/// A loop that is open.
#[derive(Debug, Clone)]
struct Frame {
    at: usize,
    /// The first of its children that may come from here on.
    from: usize,
    seen: u32,
    /// What was reported missing.
    told: u32,
    /// Up to 255, which is more than any guide limits.
    counts: [u8; CHILDREN],
}

impl Frame {
    fn new(at: usize) -> Self {
        Self { at, from: 0, seen: 0, told: 0, counts: [0; CHILDREN] }
    }
}

/// A loop that is open, and how far it has been read: what a segment's place follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    at: usize,
    from: usize,
}

/// What is wrong with a segment's place.
#[derive(Debug, Clone, Copy)]
pub(in crate::wire) enum Problem {
    /// A child of a loop that must have come before, or before the loop's end.
    Missing { in_loop: usize, branch: usize },
    /// More often than allowed.
    TooOften { in_loop: usize, branch: usize },
    /// It belongs before what has been read.
    OutOfOrder,
    /// It begins a loop with a qualifier that none has here.
    Qualifier { in_loop: usize },
    /// It belongs nowhere that can be reached from here.
    Unknown,
}

/// Where a segment belongs.
#[derive(Debug, Clone, Copy)]
pub(in crate::wire) struct Settled {
    /// Its table, by number in [`Index::segments`]; `None` where only its loop could be guessed.
    pub(in crate::wire) segment: Option<usize>,
    /// Its loop.
    pub(in crate::wire) in_loop: &'static str,
}

/// The walk through one set.
#[derive(Debug)]
pub(in crate::wire) struct Walk {
    pub(in crate::wire) index: &'static Index,
    frames: Vec<Frame>,
}

impl Walk {
    pub(in crate::wire) fn new(index: &'static Index) -> Self {
        Self { index, frames: vec![Frame::new(0)] }
    }

    /// Begins a set of the same guide.
    pub(in crate::wire) fn restart(&mut self) {
        self.frames.clear();
        self.frames.push(Frame::new(0));
    }

    /// The open loops, the outermost first.
    pub(super) fn stand(&self) -> impl Iterator<Item = Stand> {
        self.frames.iter().map(|frame| Stand { at: frame.at, from: frame.from })
    }

    /// Which of their children have been there, as bits.
    pub(super) fn seen(&self) -> impl Iterator<Item = u32> {
        self.frames.iter().map(|frame| frame.seen)
    }

    /// Goes to a place, nothing counted.
    pub(super) fn stand_at(&mut self, stand: &[Stand], seen: &[u32]) {
        self.frames.clear();
        let frame = |(stand, seen): (&Stand, &u32)| Frame { from: stand.from, seen: *seen, ..Frame::new(stand.at) };
        self.frames.extend(stand.iter().zip(seen).map(frame));
    }

    /// Finds a segment's place; what is wrong is appended.
    #[inline]
    pub(in crate::wire) fn step(&mut self, segment: Segment<'_>, problems: &mut Vec<Problem>) -> Settled {
        let id = pack(segment.id());
        match self.ahead(id, segment) {
            Some((depth, branch)) => self.settle(depth, branch, problems),
            None => self.stray(id, segment, problems),
        }
    }

    /// At the set's end: what every open loop still lacks.
    pub(in crate::wire) fn close(&mut self, problems: &mut Vec<Problem>) {
        while !self.frames.is_empty() {
            self.leave(problems);
        }
    }

    /// The children of an open loop, and the first that may come from here on.
    fn branches(&self, depth: usize) -> (&'static [Branch], usize) {
        let Some(frame) = self.frames.get(depth) else { return (&[], 0) };
        (self.index.loops.get(frame.at).map_or(&[], |found| &found.branches), frame.from)
    }

    /// The innermost open loop that has the segment from here on. What begins a loop begins another, in the loop around it.
    pub(super) fn ahead(&self, id: Key, segment: Segment<'_>) -> Option<(usize, usize)> {
        self.frames.iter().enumerate().rev().find_map(|(depth, frame)| {
            let found = self.index.loops.get(frame.at)?;
            let first = frame.from.max(usize::from(depth > 0));
            let fits = |number: &usize| found.branches.get(*number).is_some_and(|branch| tells(branch, segment));
            let like = found.ids.iter().enumerate().skip(first).filter(|(_, other)| **other == id);
            like.map(|(number, _)| number).find(fits).map(|number| (depth, number))
        })
    }

    fn settle(&mut self, depth: usize, number: usize, problems: &mut Vec<Problem>) -> Settled {
        while self.frames.len() > depth + 1 {
            self.leave(problems);
        }
        let index = self.index;
        let Some(frame) = self.frames.last_mut() else { return NOWHERE };
        let in_loop = frame.at;
        let Some(branch) = index.loops.get(in_loop).and_then(|found| found.branches.get(number)) else {
            return NOWHERE;
        };
        let missing = branch.before & !frame.seen & !frame.told;
        frame.told |= missing;
        frame.from = branch.from;
        note_missing(missing, in_loop, problems);
        if u32::from(count(frame, number)) > branch.most {
            problems.push(Problem::TooOften { in_loop, branch: number });
        }
        self.enter(branch, in_loop)
    }

    /// The segment's table, and its loop opened where it begins one.
    fn enter(&mut self, branch: &'static Branch, in_loop: usize) -> Settled {
        let loops = &self.index.loops;
        match branch.child {
            Child::Segment(segment) => Settled { segment: Some(segment), in_loop: name(loops, in_loop) },
            Child::Loop(inner) => {
                let first = loops.get(inner).and_then(|found| found.branches.first());
                let mut frame = Frame::new(inner);
                count(&mut frame, 0);
                self.frames.push(frame);
                let segment = first.and_then(|first| match first.child {
                    Child::Segment(segment) => Some(segment),
                    Child::Loop(_) => None,
                });
                Settled { segment, in_loop: name(loops, inner) }
            }
        }
    }

    /// A segment that has no place from here on: too late, of an unknown qualifier, or unknown.
    #[cold]
    fn stray(&mut self, id: Key, segment: Segment<'_>, problems: &mut Vec<Problem>) -> Settled {
        for depth in (0..self.frames.len()).rev() {
            let (branches, from) = self.branches(depth);
            let like = || branches.iter().enumerate().skip(usize::from(depth > 0)).filter(|(_, b)| b.id == id);
            if let Some((number, branch)) = like().find(|(_, branch)| self.told(branch, segment).is_some()) {
                if let Some(settled) = self.begin_again(depth, number, problems) {
                    return settled;
                }
                problems.push(Problem::OutOfOrder);
                return self.enter_late(depth, number, branch, problems);
            }
            let is_plain = |branch: &Branch| matches!(branch.child, Child::Segment(_));
            if let Some((_, branch)) = like().find(|(number, branch)| *number >= from && is_plain(branch)) {
                return self.guess(depth, branch, problems);
            }
            if let Some(settled) = self.recover(depth, id, segment, problems) {
                return settled;
            }
        }
        for depth in (0..self.frames.len()).rev() {
            let (branches, from) = self.branches(depth);
            let like = || branches.iter().enumerate().skip(usize::from(depth > 0)).filter(|(_, b)| b.id == id);
            if let Some((number, branch)) = like().find(|(_, branch)| tells(branch, segment)) {
                problems.push(Problem::OutOfOrder);
                return self.enter_late(depth, number, branch, problems);
            }
            let next = like().find(|(number, _)| *number >= from).or_else(|| like().next_back());
            if let Some((_, branch)) = next {
                return self.guess(depth, branch, problems);
            }
        }
        problems.push(Problem::Unknown);
        NOWHERE
    }

    fn enter_late(
        &mut self,
        depth: usize,
        number: usize,
        branch: &'static Branch,
        problems: &mut Vec<Problem>,
    ) -> Settled {
        let in_loop = self.frames.get(depth).map_or(0, |frame| frame.at);
        if matches!(branch.child, Child::Loop(_)) {
            while self.frames.len() > depth + 1 {
                self.leave(problems);
            }
        }
        if let Some(frame) = self.frames.get_mut(depth)
            && u32::from(count(frame, number)) > branch.most
        {
            problems.push(Problem::TooOften { in_loop, branch: number });
        }
        self.enter(branch, in_loop)
    }

    /// A qualifier that is unknown: of a plain segment its table tells it; a loop is entered so that what follows has a place.
    fn guess(&mut self, depth: usize, branch: &'static Branch, problems: &mut Vec<Problem>) -> Settled {
        let in_loop = self.frames.get(depth).map_or(0, |frame| frame.at);
        if matches!(branch.child, Child::Segment(_)) {
            return self.enter(branch, in_loop);
        }
        while self.frames.len() > depth + 1 {
            self.leave(problems);
        }
        problems.push(Problem::Qualifier { in_loop });
        Settled { segment: None, ..self.enter(branch, in_loop) }
    }

    fn leave(&mut self, problems: &mut Vec<Problem>) {
        let Some(frame) = self.frames.pop() else { return };
        let required = self.index.loops.get(frame.at).map_or(0, |found| found.required);
        let missing = required & !frame.seen & !frame.told;
        note_missing(missing, frame.at, problems);
    }
}

const NOWHERE: Settled = Settled { segment: None, in_loop: "" };

#[inline]
fn tells(branch: &Branch, segment: Segment<'_>) -> bool {
    branch.codes.is_open() || branch.codes.contains(segment.element(branch.told_by))
}

fn name(loops: &[LoopAt], number: usize) -> &'static str {
    loops.get(number).map_or("", |found| found.id)
}

/// Counts a child; how often it has been there now.
#[inline]
fn count(frame: &mut Frame, number: usize) -> u8 {
    frame.seen |= 1_u32.checked_shl(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or(0);
    let Some(count) = frame.counts.get_mut(number) else { return 0 };
    *count = count.saturating_add(1);
    *count
}

/// Nearly always nothing is.
#[inline]
fn note_missing(missing: u32, in_loop: usize, problems: &mut Vec<Problem>) {
    if missing != 0 {
        problems.extend(numbers(missing).map(|branch| Problem::Missing { in_loop, branch }));
    }
}

/// The numbers of the bits that are set.
#[inline]
fn numbers(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let number = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (number < CHILDREN).then_some(number)
    })
}
