//! Whose envelope it is: the federal exchange's, whose companion guide gives numbers a meaning of their own, or another's.

use super::segment::Segment;

/// ISA06 and ISA08 of the federal exchange (CMS companion guide v7.2 p. 27).
const EXCHANGE: &[u8] = b"CMSFFM";

/// Whether the interchange and the group that are open are the federal exchange's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::wire) struct Federal {
    by_interchange: bool,
    by_group: bool,
}

impl Federal {
    /// Takes in an ISA or a GS.
    pub(in crate::wire) fn open(&mut self, segment: Segment<'_>) {
        match segment.id() {
            b"ISA" => *self = Self { by_interchange: is_exchanges(segment), by_group: false },
            b"GS" => self.by_group = is_tenant(segment.element(2)) || is_tenant(segment.element(3)),
            _ => {}
        }
    }

    /// Whether one of both says so.
    pub(in crate::wire) fn is_so(self) -> bool {
        self.by_interchange || self.by_group
    }
}

/// Whether an ISA names the exchange as sender or receiver.
pub(in crate::wire) fn is_exchanges(isa: Segment<'_>) -> bool {
    [6, 8].iter().any(|number| isa.element(*number).trim_ascii() == EXCHANGE)
}

/// Whether a code is a tenant of the exchange: state and 0, such as `VA0` (CMS companion guide v7.2 p. 29).
pub(in crate::wire) fn is_tenant(code: &[u8]) -> bool {
    matches!(code, [a, b, b'0'] if a.is_ascii_uppercase() && b.is_ascii_uppercase())
}
