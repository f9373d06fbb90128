//! Which elements the implementation guides know: what stands in any other may be anything, and a name.

use crate::wire::guide::{GE, GS, GUIDES, IEA, ISA, Node, SE, ST, Segment, TA1, Usage};
use std::collections::HashMap;
use std::sync::LazyLock;

/// For each segment, the elements that some guide uses, one bit each.
static USED: LazyLock<HashMap<&'static [u8], u64>> = LazyLock::new(|| {
    let mut used = HashMap::new();
    for segment in [&ISA, &IEA, &GS, &GE, &ST, &SE, &TA1] {
        note(segment, &mut used);
    }
    for guide in GUIDES {
        note_all(guide.content, &mut used);
    }
    used
});

/// Whether a guide uses an element, by its segment and its number from 1.
pub(super) fn is_known(segment: &[u8], number: usize) -> bool {
    number < 64 && USED.get(segment).is_some_and(|used| used >> number & 1 == 1)
}

fn note_all(content: &'static [Node], used: &mut HashMap<&'static [u8], u64>) {
    for node in content {
        match node {
            Node::Segment(segment) => note(segment, used),
            Node::Loop(inner) => note_all(inner.content, used),
        }
    }
}

fn note(segment: &'static Segment, used: &mut HashMap<&'static [u8], u64>) {
    let all = used.entry(segment.id.as_bytes()).or_default();
    for (number, element) in (1..64).zip(segment.elements) {
        if element.usage != Usage::Unused {
            *all |= 1 << number;
        }
    }
}
