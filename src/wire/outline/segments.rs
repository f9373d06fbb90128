//! Envelopes, acknowledgements, and segments of sets that have no items of their own, named by their tables.

use super::item::Item;
use crate::wire::guide::{GS, ISA, Index, SegmentAt, Slot, TA1};
use crate::wire::x12::{Delimiters, Segment};

/// Tables of the segments around sets.
#[derive(Debug)]
pub(super) struct Tables {
    isa: SegmentAt,
    gs: SegmentAt,
    ta1: SegmentAt,
}

impl Tables {
    pub(super) fn new() -> Self {
        Self { isa: SegmentAt::new(&ISA), gs: SegmentAt::new(&GS), ta1: SegmentAt::new(&TA1) }
    }
}

/// Who sends what to whom, and when.
pub(super) fn interchange(item: &mut Item, tables: &Tables, isa: Segment<'_>) {
    let named = [(6, "sender"), (8, "receiver"), (9, "date"), (10, "time"), (14, "acknowledgement"), (15, "usage")];
    pick(item, &tables.isa, isa, &named);
}

pub(super) fn group(item: &mut Item, tables: &Tables, gs: Segment<'_>) {
    let named = [(1, "functional_id"), (2, "sender"), (3, "receiver"), (4, "date"), (5, "time"), (8, "guide")];
    pick(item, &tables.gs, gs, &named);
}

pub(super) fn acknowledgement(item: &mut Item, tables: &Tables, ta1: Segment<'_>) {
    let named = [(1, "acknowledged_interchange"), (2, "date"), (3, "time"), (4, "answer"), (5, "note")];
    pick(item, &tables.ta1, ta1, &named);
}

fn pick(item: &mut Item, table: &SegmentAt, segment: Segment<'_>, named: &[(usize, &'static str)]) {
    for (number, name) in named {
        if let Some(slot) = table.slots.get(number - 1) {
            item.add_told(name, segment.element(*number), &slot.codes);
        }
    }
}

/// A segment by its table, element by element; components of composite elements each by their own name.
pub(super) fn by_table(item: &mut Item, index: &Index, number: usize, segment: Segment<'_>, delimiters: Delimiters) {
    let Some(table) = index.segments.get(number) else { return plain(item, segment) };
    for (at, value) in segment.split().skip(1).enumerate() {
        match table.slots.get(at) {
            Some(slot) => element(item, slot, value, delimiters),
            None => item.add("element", value),
        }
    }
}

fn element(item: &mut Item, slot: &Slot, value: &[u8], delimiters: Delimiters) {
    let parts = value.split(|byte| Some(*byte) == delimiters.repetition && slot.element.most > 1);
    for part in parts {
        if slot.components.is_empty() {
            item.add_told(slot.element.name, part, &slot.codes);
            continue;
        }
        for (inner, component) in slot.components.iter().zip(delimiters.components(part)) {
            item.add_told(inner.element.name, component, &inner.codes);
        }
    }
}

/// A segment that no table knows.
pub(super) fn plain(item: &mut Item, segment: Segment<'_>) {
    for value in segment.split().skip(1) {
        item.add("element", value);
    }
}
