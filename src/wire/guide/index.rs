//! A guide prepared for speed: identifiers and codes as numbers, loops with their children beside each other.

use super::dictionary::{Data, data};
use super::notation::{Codes as CodeList, Element, Guide, Loop, Node, Segment, Usage};
use super::{GUIDES, codes};
use std::sync::OnceLock;

/// A segment identifier or a code as a number.
pub type Key = u64;

/// What stands for a text too long to be a code.
const TOO_LONG: Key = Key::MAX;

/// A text of up to eight characters as a number; equal texts give equal numbers.
#[inline]
pub fn pack(text: &[u8]) -> Key {
    if text.len() > 8 {
        return TOO_LONG;
    }
    text.iter().fold(0, |packed, byte| packed << 8 | Key::from(*byte))
}

/// Codes that are allowed.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    packed: Vec<Key>,
    list: CodeList,
}

impl Codes {
    fn new(list: CodeList) -> Self {
        let mut packed: Vec<Key> = list.iter().map(|(code, _)| pack(code.as_bytes())).collect();
        packed.sort_unstable();
        Self { packed, list }
    }

    /// Whether there is no list: any text is allowed.
    pub fn is_open(&self) -> bool {
        self.packed.is_empty()
    }

    /// Whether a code is on the list.
    #[inline]
    pub fn contains(&self, code: &[u8]) -> bool {
        let wanted = pack(code);
        match self.packed.as_slice() {
            few if few.len() <= 8 => few.contains(&wanted),
            many => many.binary_search(&wanted).is_ok(),
        }
    }

    /// The codes with their meanings.
    pub fn list(&self) -> CodeList {
        self.list
    }

    /// The meaning of a code.
    pub fn meaning(&self, code: &[u8]) -> Option<&'static str> {
        codes::meaning(self.list, code)
    }
}

/// An element, its data type looked up.
#[derive(Debug)]
pub struct Slot {
    /// As the guide has it.
    pub element: &'static Element,
    /// Type and length.
    pub data: Data,
    /// What is allowed.
    pub codes: Codes,
    /// Of a composite element.
    pub components: Vec<Slot>,
}

impl Slot {
    fn new(element: &'static Element) -> Self {
        Self {
            element,
            data: data(element.number),
            codes: Codes::new(element.codes),
            components: element.components.iter().map(Self::new).collect(),
        }
    }
}

/// A segment at its place in the guide.
#[derive(Debug)]
pub struct SegmentAt {
    /// As the guide has it.
    pub segment: &'static Segment,
    /// Its elements, from element 1.
    pub slots: Vec<Slot>,
    /// The elements that must be there, as bits; bit 0 is the identifier.
    pub required: u64,
}

impl SegmentAt {
    /// A segment of the envelopes, which stand in no guide.
    pub fn new(segment: &'static Segment) -> Self {
        let slots: Vec<Slot> = segment.elements.iter().map(Slot::new).collect();
        let required = slots.iter().zip(1..64).filter(|(slot, _)| slot.element.usage == Usage::Required);
        let required = required.fold(0, |all, (_, number)| all | 1 << number);
        Self { segment, slots, required }
    }
}

/// What a loop has in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Child {
    /// A segment, by its number in [`Index::segments`].
    Segment(usize),
    /// A loop, by its number in [`Index::loops`].
    Loop(usize),
}

/// A child of a loop, as it is recognised.
#[derive(Debug)]
pub struct Branch {
    /// Identifier of the segment, or of the one that begins the loop.
    pub id: Key,
    /// The element whose codes tell it from its like.
    pub told_by: usize,
    /// These codes; open where the identifier alone tells it.
    pub codes: Codes,
    /// Where it stands among its siblings.
    pub position: u16,
    /// The first of its siblings that may come after it: the first of its own position.
    pub from: usize,
    /// How often at most.
    pub most: u32,
    /// Whether it must be there.
    pub usage: Usage,
    /// What it is.
    pub child: Child,
    /// Siblings that must have come before it, as bits.
    pub before: u32,
}

/// A loop with its children beside each other.
#[derive(Debug)]
pub struct LoopAt {
    /// Its number in the guide; empty for the set itself.
    pub id: &'static str,
    /// What it tells of.
    pub name: &'static str,
    /// In the guide's order.
    pub branches: Vec<Branch>,
    /// The identifiers of the branches, side by side: most looks are in vain.
    pub ids: Vec<Key>,
    /// Children that must be there, as bits.
    pub required: u32,
}

/// A guide, prepared.
#[derive(Debug)]
pub struct Index {
    /// The guide.
    pub guide: &'static Guide,
    /// Loop 0 is the set.
    pub loops: Vec<LoopAt>,
    /// Every segment at every place.
    pub segments: Vec<SegmentAt>,
    /// The identifiers that need a qualifier somewhere.
    qualified: Vec<Key>,
}

impl Index {
    /// The guide for a transaction set, by ST01; prepared once in a process.
    pub fn of_set(set: &[u8]) -> Option<&'static Self> {
        static PREPARED: OnceLock<Vec<Index>> = OnceLock::new();
        let all = PREPARED.get_or_init(|| GUIDES.iter().map(|guide| Index::new(guide)).collect());
        all.iter().find(|index| index.guide.set.as_bytes() == set)
    }

    fn new(guide: &'static Guide) -> Self {
        let mut index = Self { guide, loops: Vec::new(), segments: Vec::new(), qualified: Vec::new() };
        index.add_loop("", guide.name, guide.content);
        let branches = index.loops.iter().flat_map(|found| &found.branches);
        index.qualified = branches.filter(|branch| !branch.codes.is_open()).map(|branch| branch.id).collect();
        index
    }

    /// Whether an identifier alone does not always tell what a segment is.
    pub fn is_qualified(&self, id: Key) -> bool {
        self.qualified.contains(&id)
    }

    fn add_loop(&mut self, id: &'static str, name: &'static str, content: &'static [Node]) -> usize {
        let at = self.loops.len();
        self.loops.push(LoopAt { id, name, branches: Vec::new(), ids: Vec::new(), required: 0 });
        let mut branches: Vec<Branch> = content.iter().filter_map(|node| self.branch(node)).collect();
        let required = bits(&branches, |branch| branch.usage == Usage::Required);
        let told: Vec<_> = branches.iter().map(|branch| (branch.id, branch.position)).collect();
        let befores: Vec<_> =
            told.iter().map(|(_, at)| required & bits(&branches, |other| other.position < *at)).collect();
        for (branch, before) in branches.iter_mut().zip(befores) {
            branch.before = before;
            branch.from = told.iter().take_while(|(_, at)| *at < branch.position).count();
            // Where its identifier is the only one of its kind, a wrong qualifier is a wrong code and nothing else.
            if told.iter().filter(|(id, _)| *id == branch.id).count() == 1 {
                branch.codes = Codes::default();
            }
        }
        if let Some(found) = self.loops.get_mut(at) {
            found.ids = told.into_iter().map(|(id, _)| id).collect();
            found.branches = branches;
            found.required = required;
        }
        at
    }

    fn branch(&mut self, node: &'static Node) -> Option<Branch> {
        match node {
            Node::Segment(segment) => {
                self.segments.push(SegmentAt::new(segment));
                let child = Child::Segment(self.segments.len() - 1);
                Some(branch(segment, segment.position, segment.usage, segment.most, child))
            }
            Node::Loop(inner) => {
                let child = Child::Loop(self.add_loop(inner.id, inner.name, inner.content));
                Some(branch(begin(inner)?, inner.position, inner.usage, inner.most, child))
            }
        }
    }
}

/// The segment that begins a loop.
fn begin(inner: &'static Loop) -> Option<&'static Segment> {
    inner.content.iter().find_map(|node| match node {
        Node::Segment(segment) => Some(*segment),
        Node::Loop(_) => None,
    })
}

fn branch(segment: &'static Segment, position: u16, usage: Usage, most: u16, child: Child) -> Branch {
    let told_by = usize::from(segment.told_by);
    let codes = segment.elements.get(told_by.saturating_sub(1)).map(|element| element.codes).unwrap_or_default();
    Branch {
        id: pack(segment.id.as_bytes()),
        told_by,
        codes: Codes::new(codes),
        position,
        from: 0,
        most: if most == 0 { u32::MAX } else { u32::from(most) },
        usage,
        child,
        before: 0,
    }
}

fn bits(branches: &[Branch], wanted: impl Fn(&Branch) -> bool) -> u32 {
    let set = branches.iter().enumerate().filter(|(_, branch)| wanted(branch));
    set.fold(0, |all, (number, _)| all | 1_u32.checked_shl(u32::try_from(number).unwrap_or(32)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{Child, Index, pack};
    use crate::wire::guide::GUIDES;

    #[test]
    fn every_guide_is_sound() {
        for guide in GUIDES {
            let index = Index::of_set(guide.set.as_bytes()).unwrap();
            for found in &index.loops {
                assert!(found.branches.len() <= 32, "{}: more children than bits", found.id);
                let positions: Vec<_> = found.branches.iter().map(|branch| branch.position).collect();
                assert!(positions.is_sorted(), "{} {}: {positions:?}", guide.set, found.id);
                let begins = found.branches.first().map(|branch| branch.child);
                assert!(matches!(begins, Some(Child::Segment(_))), "{} {}: no first segment", guide.set, found.id);
            }
            for found in &index.segments {
                for condition in found.segment.conditions {
                    let last = condition.elements.iter().max().copied().unwrap_or(0);
                    assert!(usize::from(last) <= found.slots.len(), "{} {}", guide.set, found.segment.id);
                }
                for code in found.segment.elements.iter().flat_map(|element| element.codes) {
                    assert!(code.0.len() <= 8 && !code.1.is_empty(), "{}: {code:?}", found.segment.id);
                }
            }
        }
    }

    #[test]
    fn codes_fit_the_lengths_of_their_elements() {
        for guide in GUIDES {
            let index = Index::of_set(guide.set.as_bytes()).unwrap();
            for found in &index.segments {
                for slot in found.slots.iter().chain(found.slots.iter().flat_map(|slot| &slot.components)) {
                    for (code, _) in slot.codes.list() {
                        let fits =
                            (slot.data.shortest..=slot.data.longest).contains(&u16::try_from(code.len()).unwrap());
                        assert!(fits, "{} {}: `{code}` in {}", guide.set, found.segment.id, slot.element.number);
                    }
                }
            }
        }
    }

    #[test]
    fn texts_are_told_apart() {
        assert_ne!(pack(b"18"), pack(b"81"));
        assert_ne!(pack(b"N1"), pack(b"N10"));
        assert_eq!(pack(b"more than eight"), u64::MAX);
    }
}
