//! Where in its transaction set an element stands: found from the element itself, and only when it is asked for.

use super::segment::{Segment, Span};
use crate::model::Position;

/// One member's segments, in which elements are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locator<'a> {
    bytes: &'a [u8],
    separator: u8,
    segments: &'a [Span],
    /// Number of the first of them within the set, ST being 1.
    first: u32,
}

impl<'a> Locator<'a> {
    pub(super) fn new(bytes: &'a [u8], separator: u8, segments: &'a [Span], first: u32) -> Self {
        Self { bytes, separator, segments, first }
    }

    /// The position of an element that was borrowed from these segments; `None` where it was not, as where its segment is
    /// not there. `usual` is the element's number: one that is left out at a segment's end is where it would be.
    pub(super) fn of(&self, element: &[u8], usual: usize) -> Option<Position> {
        let at = element.as_ptr().addr().checked_sub(self.bytes.as_ptr().addr())?;
        let at = u32::try_from(at).ok()?;
        let index = self.segments.partition_point(|span| span.start <= at).checked_sub(1)?;
        let span = self.segments.get(index).filter(|span| at <= span.end)?;
        let content = span.of(self.bytes);
        let before = content.get(..(at - span.start) as usize).unwrap_or_default();
        let counted = memchr::memchr_iter(self.separator, before).count();
        let number = if element.is_empty() { counted.max(usual) } else { counted };
        let id = std::str::from_utf8(Segment::new(content, self.separator).element(0)).ok()?;
        Position::new(self.first + u32::try_from(index).ok()?, id, number)
    }
}

#[cfg(test)]
mod tests {
    use super::Locator;
    use crate::wire::x12::segment::{Segment, Span};

    #[test]
    fn an_element_is_found_where_it_stands_or_would_stand() {
        let bytes = b"INS*Y*18~NM1*IL*1*DOE**Q~";
        let spans = [Span { start: 0, end: 8 }, Span { start: 9, end: 24 }];
        let locator = Locator::new(bytes, b'*', &spans, 7);
        let [_, _, _, last, first, middle, _, suffix] = Segment::new(spans[1].of(bytes), b'*').elements();
        let told = |element, usual| locator.of(element, usual).map(|position| position.to_string());
        assert_eq!(told(last, 3).as_deref(), Some("segment 8 element 3 (NM103)"));
        assert_eq!(told(first, 4).as_deref(), Some("segment 8 element 4 (NM104)"));
        assert_eq!(told(middle, 5).as_deref(), Some("segment 8 element 5 (NM105)"));
        assert_eq!(told(suffix, 7).as_deref(), Some("segment 8 element 7 (NM107)"));
        assert_eq!(told(b"DOE", 3), None);
        assert_eq!(told(&[], 3), None);
    }
}
