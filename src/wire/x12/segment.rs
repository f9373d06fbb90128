//! One segment, borrowed: its identifier and its elements.

/// Where a segment stands in the reader's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// The bytes, empty where the span does not fit them.
    pub(super) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A segment without its terminator, borrowed from a reader's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a> {
    bytes: &'a [u8],
    separator: u8,
}

impl<'a> Segment<'a> {
    /// A segment of these bytes, its elements separated by this one.
    pub fn new(bytes: &'a [u8], separator: u8) -> Self {
        Self { bytes, separator }
    }

    /// Its bytes as they stand in the file, without terminator and line break.
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Its identifier, such as `NM1`.
    #[inline]
    pub fn id(self) -> &'a [u8] {
        // Identifiers have two or three characters; whatever else stands there is cut off as any element is.
        let is_own = |byte: &u8| *byte != self.separator && *byte != b' ';
        let length = match self.bytes {
            [one, two, end, ..] if *end == self.separator && is_own(one) && is_own(two) => 2,
            [one, two, three, end, ..] if *end == self.separator && [one, two, three].into_iter().all(is_own) => 3,
            _ => return self.split().next().unwrap_or_default(),
        };
        self.bytes.get(..length).unwrap_or_default()
    }

    /// The first `N` elements, counted from the segment's identifier (0); what is not there is empty, at the segment's end.
    #[inline]
    pub fn elements<const N: usize>(self) -> [&'a [u8]; N] {
        let end = self.bytes.get(self.bytes.len()..).unwrap_or_default();
        let mut found: [&[u8]; N] = [end; N];
        for (place, element) in found.iter_mut().zip(self.split()) {
            *place = element;
        }
        found
    }

    /// Every element as it stands in the file, the blanks that fill it up included; the identifier first.
    #[inline]
    pub fn as_written(self) -> impl Iterator<Item = &'a [u8]> {
        self.bytes.split(move |byte| *byte == self.separator)
    }

    /// Every element, the identifier first.
    #[inline]
    pub fn split(self) -> Elements<'a> {
        Elements::of(self.bytes, self.separator)
    }

    /// The element with this number, the identifier being 0; empty where it is not there.
    pub fn element(self, number: usize) -> &'a [u8] {
        self.split().nth(number).unwrap_or_default()
    }
}

/// Walks a segment's elements, or the components of one.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Elements<'a> {
    /// The parts of some bytes between separators: one at least, which may be empty.
    pub(super) fn of(bytes: &'a [u8], separator: u8) -> Self {
        Self { rest: Some(bytes), separator }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        // Elements are a few bytes long: a plain loop is faster than a call into `memchr`.
        match rest.iter().position(|b| *b == self.separator) {
            Some(at) => {
                let (element, tail) = rest.split_at(at);
                self.rest = tail.get(1..);
                Some(unpadded(element))
            }
            None => self.rest.take().map(unpadded),
        }
    }
}

/// An element without the blanks that fill it up. Only leading blanks of a string are significant (X12.6, type AN), and a
/// code with blanks after it is still that code.
#[inline]
fn unpadded(mut element: &[u8]) -> &[u8] {
    while let [head @ .., b' '] = element {
        element = head;
    }
    element
}

#[cfg(test)]
mod tests {
    use super::Segment;

    #[test]
    fn elements_are_counted_from_the_identifier_and_may_be_missing() {
        let segment = Segment::new(b"NM1*IL**DOE*", b'*');
        assert_eq!(segment.elements::<6>(), [&b"NM1"[..], b"IL", b"", b"DOE", b"", b""]);
        assert_eq!(segment.element(3), b"DOE");
        assert_eq!(segment.element(9), b"");
        assert_eq!(Segment::new(b"", b'*').split().count(), 1);
    }

    #[test]
    fn blanks_that_fill_an_element_up_are_no_part_of_it() {
        let segment = Segment::new(b"HD*021 **HLT  * GOLD PLAN*   ", b'*');
        assert_eq!(segment.elements::<6>(), [&b"HD"[..], b"021", b"", b"HLT", b" GOLD PLAN", b""]);
    }
}
