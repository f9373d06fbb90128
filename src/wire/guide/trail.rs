//! Where in the guide a transaction set stands, for whoever does not ask what is wrong.
//!
//! Where a segment belongs follows from the loops that are open, from how far each has been read, and from what the segment says
//! of itself; the files of one sender go the same few ways over and over. [`Trail`] remembers the ways that [`Walk`] found, and
//! asks it only for new ones, and for segments that stand where they do not belong.

use super::index::{Index, Key, pack};
use super::walk::{Problem, Settled, Stand, Walk};
use crate::wire::x12::Segment;

/// Ways that are remembered from one place, and places: whatever a file does, memory stays bounded.
const MOST_WAYS: usize = 16;
const MOST_PLACES: usize = 512;

/// The way through one set.
#[derive(Debug)]
pub(in crate::wire) struct Trail {
    pub(in crate::wire) index: &'static Index,
    /// The first is the beginning of a set.
    places: Vec<Place>,
    at: usize,
    /// Which children of each open loop have been there, as bits.
    seen: Vec<u32>,
    walk: Walk,
    problems: Vec<Problem>,
}

#[derive(Debug)]
struct Place {
    stand: Vec<Stand>,
    ways: Vec<Way>,
    /// Which of the ways is given up for a new one when there are too many.
    oldest: usize,
}

/// What a segment of an identifier, and where that matters of a qualifier, leads to.
#[derive(Debug, Clone, Copy)]
struct Way {
    id: Key,
    qualifier: Option<Key>,
    settled: Settled,
    to: usize,
    /// How many loops stay open, and the child of the last of them that has come, as a bit.
    stay: usize,
    child: u32,
    /// Whether it begins a loop.
    begins: bool,
}

impl Way {
    fn is_taken_by(&self, id: Key, segment: Segment<'_>) -> bool {
        self.id == id && self.qualifier.is_none_or(|own| own == qualifier(id, segment))
    }
}

impl Place {
    fn new(stand: Vec<Stand>) -> Self {
        Self { stand, ways: Vec::new(), oldest: 0 }
    }

    fn remember(&mut self, way: Way) {
        if self.ways.len() < MOST_WAYS {
            self.ways.push(way);
        } else if let Some(place) = self.ways.get_mut(self.oldest) {
            *place = way;
            self.oldest = (self.oldest + 1) % MOST_WAYS;
        }
    }
}

impl Trail {
    pub(in crate::wire) fn new(index: &'static Index) -> Self {
        let walk = Walk::new(index);
        let places = vec![Place::new(walk.stand().collect())];
        Self { index, places, at: 0, seen: walk.seen().collect(), walk, problems: Vec::new() }
    }

    /// Begins a set of the same guide.
    pub(in crate::wire) fn restart(&mut self) {
        self.at = 0;
        self.seen.clear();
        self.seen.push(0);
    }

    /// Finds a segment's place, the same that [`Walk::step`] finds.
    #[inline]
    pub(in crate::wire) fn step(&mut self, id: &[u8], segment: Segment<'_>) -> Settled {
        let id = pack(id);
        let ways = self.places.get(self.at).map_or(&[][..], |place| &place.ways);
        match ways.iter().find(|way| way.is_taken_by(id, segment)).copied() {
            Some(way) => self.take(way),
            None => self.explore(id, segment),
        }
    }

    #[inline]
    fn take(&mut self, way: Way) -> Settled {
        self.at = way.to;
        self.seen.truncate(way.stay);
        if let Some(last) = self.seen.last_mut() {
            *last |= way.child;
        }
        if way.begins {
            self.seen.push(1);
        }
        way.settled
    }

    #[cold]
    fn explore(&mut self, id: Key, segment: Segment<'_>) -> Settled {
        let from = self.at;
        let stand = self.places.get(from).map_or(&[][..], |place| &place.stand);
        self.walk.stand_at(stand, &self.seen);
        let ahead = self.walk.ahead(id, segment);
        let settled = self.walk.step(segment, &mut self.problems);
        self.problems.clear();
        self.seen.clear();
        self.seen.extend(self.walk.seen());
        let is_full = self.places.len() >= MOST_PLACES;
        if is_full {
            self.places.truncate(1);
            self.places.iter_mut().for_each(|beginning| beginning.ways.clear());
        }
        self.at = self.place();
        if let (Some((depth, number)), false) = (ahead, is_full)
            && let Some(place) = self.places.get_mut(from)
        {
            let qualifier = self.index.is_qualified(id).then(|| qualifier(id, segment));
            let child = 1_u32.checked_shl(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or(0);
            let begins = self.seen.len() > depth + 1;
            place.remember(Way { id, qualifier, settled, to: self.at, stay: depth + 1, child, begins });
        }
        settled
    }

    /// The place that the walk has come to.
    fn place(&mut self) -> usize {
        let stand: Vec<_> = self.walk.stand().collect();
        self.places.iter().position(|place| place.stand == stand).unwrap_or_else(|| {
            self.places.push(Place::new(stand));
            self.places.len() - 1
        })
    }
}

/// What tells a segment from others of its identifier: its first element, of an HL the third.
fn qualifier(id: Key, segment: Segment<'_>) -> Key {
    const HL: Key = (b'H' as Key) << 8 | b'L' as Key;
    pack(segment.element(if id == HL { 3 } else { 1 }))
}

#[cfg(test)]
mod tests {
    use super::{MOST_PLACES, Trail};
    use crate::wire::guide::walk::Walk;
    use crate::wire::guide::{GUIDES, Index};
    use crate::wire::x12::Segment;

    /// Numbers that look random and are the same each time.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }
    }

    /// A segment of the guide, mostly the one after the one before; sometimes with a qualifier of no guide's.
    fn segment(index: &Index, at: &mut usize, dice: &mut Dice) -> String {
        *at = match dice.roll(10) {
            0 => dice.roll(index.segments.len()),
            1..3 => at.saturating_sub(dice.roll(4)),
            _ => (*at + 1) % index.segments.len(),
        };
        let table = index.segments[*at].segment;
        let mut elements = vec![table.id.to_owned()];
        for element in table.elements.iter().take(3) {
            let codes = element.codes;
            let code = if codes.is_empty() { "1" } else { codes[dice.roll(codes.len())].0 };
            elements.push(if dice.roll(30) == 0 { "QQ" } else { code }.to_owned());
        }
        elements.join("*")
    }

    #[test]
    fn it_finds_what_the_walk_finds_in_order_or_out_of_it() {
        for guide in GUIDES {
            let index = Index::of_set(guide.set.as_bytes()).unwrap();
            let (mut trail, mut dice) = (Trail::new(index), Dice(7));
            let mut found = 0;
            for _ in 0..200 {
                let (mut walk, mut at) = (Walk::new(index), 0);
                trail.restart();
                for _ in 0..dice.roll(400) {
                    let text = segment(index, &mut at, &mut dice);
                    let segment = Segment::new(text.as_bytes(), b'*');
                    let (one, other) = (walk.step(segment, &mut Vec::new()), trail.step(segment.id(), segment));
                    assert_eq!((one.in_loop, one.segment), (other.in_loop, other.segment), "{}: {text}", guide.set);
                    assert!(walk.seen().eq(trail.seen.iter().copied()), "{}: {text}", guide.set);
                    found += usize::from(one.segment.is_some());
                }
                assert!(trail.places.len() <= MOST_PLACES);
            }
            assert!(found > 10_000, "{}: only {found} found a place", guide.set);
        }
    }
}
