//! Segments that several persons' loops share.

use super::super::elements::{LOCATED, PLACE, STREET};
use super::super::notation::{Node, Segment};

/// N3 of several loops.
static STREET_ADDRESS: Segment = Segment::situational("N3", "street", 500, STREET);
/// N4 of several loops.
static CITY: Segment = Segment::situational("N4", "city, state, ZIP code", 600, PLACE).on(LOCATED);

/// Where somebody lives or does business.
pub(super) const ADDRESS: [Node; 2] = [Node::Segment(&STREET_ADDRESS), Node::Segment(&CITY)];
/// N3, for a loop that has an N4 of its own.
pub(super) const STREET_LINES: Node = Node::Segment(&STREET_ADDRESS);

/// Who it is, how to be reached, and where.
pub(super) const fn reached_at(name: &'static Segment, contact: &'static Segment) -> [Node; 4] {
    let [street, city] = ADDRESS;
    [Node::Segment(name), Node::Segment(contact), street, city]
}
