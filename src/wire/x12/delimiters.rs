//! The four characters that structure an interchange, as its own ISA segment announces them.

use super::segment::Elements;
use memchr::{memchr_iter, memchr2};

/// ISA always has this many elements (X12.5).
const ISA_ELEMENTS: usize = 16;
/// A well-formed ISA is 106 bytes; one that has not ended by here is none.
pub(super) const ISA_LOOKAHEAD: usize = 512;

/// A file's first interchange may begin so far behind what was put before it, such as a mail's header; and so much of what
/// begins with an interchange header says whether it is cut into lines.
pub(super) const PREFACE: usize = 1 << 12;

/// Delimiters of one interchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delimiters {
    /// Between elements: the byte after `ISA`.
    pub element: u8,
    /// Ends a segment: the byte after ISA16; may be a line break.
    pub segment: u8,
    /// Between the components of a composite element: ISA16.
    pub component: u8,
    /// Between repetitions: ISA11. `None` where it is a letter or digit, as before version 00402 (`U`).
    pub repetition: Option<u8>,
}

impl Delimiters {
    /// The components of a composite element; a simple one is its only component.
    pub fn components<'a>(&self, element: &'a [u8]) -> Elements<'a> {
        Elements::of(element, self.component)
    }
}

impl Default for Delimiters {
    /// What the federal exchange uses: `*`, `~`, `:`, `^` (CMS companion guide v7.2 p. 9).
    fn default() -> Self {
        Self { element: b'*', segment: b'~', component: b':', repetition: Some(b'^') }
    }
}

/// An interchange header that was understood: its delimiters, and where its terminator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) delimiters: Delimiters,
    /// Bytes of the segment without its terminator.
    pub(super) length: usize,
    /// The same without blanks and line breaks that stand between ISA16 and the terminator.
    content: usize,
}

impl Header {
    /// Whether a line break stands inside the header, of which these are the first bytes.
    pub(super) fn is_cut(self, bytes: &[u8]) -> bool {
        memchr2(b'\r', b'\n', bytes.get(..self.content).unwrap_or_default()).is_some()
    }

    /// Whether blanks or a line break stand before the terminator.
    pub(super) fn is_padded(self) -> bool {
        self.content < self.length
    }
}

/// Reads the delimiters from bytes that begin with `ISA`. Elements are counted rather than columns, so that the unpadded
/// headers of some senders are read too; a header of the right width gives the same answer either way. `None` where
/// no sixteen elements, or no plausible terminator, are found. Nothing after [`ISA_LOOKAHEAD`] bytes is looked at, so that
/// the answer is the same however much of the file is held.
pub(super) fn detect(bytes: &[u8]) -> Option<Header> {
    let bytes = bytes.get(..ISA_LOOKAHEAD.min(bytes.len()))?;
    let element = *bytes.get(3)?;
    let last = memchr_iter(element, bytes).nth(ISA_ELEMENTS - 1)?;
    let blanks = bytes.iter().skip(last + 2).take_while(|byte| byte.is_ascii_whitespace()).count();
    let candidates = [last + 2, last + 1, last + 2 + blanks];
    let fits = |&length: &usize| follows_plausibly(bytes, length, element);
    let length = candidates.into_iter().find(fits).unwrap_or(last + 2);
    let segment = *bytes.get(length)?;
    let component = if length > last + 1 { *bytes.get(last + 1)? } else { b':' };
    let plausible = !segment.is_ascii_alphanumeric() && segment != element && segment != component;
    let eleventh = memchr_iter(element, bytes).nth(10)?;
    let repetition = bytes.get(eleventh + 1).copied();
    let repetition = repetition.filter(|r| !r.is_ascii_alphanumeric() && *r != element && *r != b' ');
    let delimiters = Delimiters { element, segment, component, repetition };
    plausible.then_some(Header { delimiters, length, content: length.min(last + 2) })
}

/// Whether a header that can be read stands behind a file's first bytes, which are none. Only [`PREFACE`] bytes are looked at, so that
/// the answer is the same however much of the file is held beyond them; `is_all`: there are no more.
pub(super) fn has_header_behind(bytes: &[u8], is_all: bool) -> bool {
    let is_all = is_all && bytes.len() <= PREFACE;
    let bytes = bytes.get(..PREFACE.min(bytes.len())).unwrap_or_default();
    memchr::memmem::find_iter(bytes, "ISA").any(|at| {
        let rest = bytes.get(at..).unwrap_or_default();
        let is_header = rest.get(3).is_some_and(|byte| !byte.is_ascii_alphanumeric());
        is_header && (is_all || rest.len() >= ISA_LOOKAHEAD) && detect(rest).is_some()
    })
}

/// Whether a terminator at `length` is followed by a segment that may follow ISA.
fn follows_plausibly(bytes: &[u8], length: usize, element: u8) -> bool {
    let rest = bytes.get(length + 1..).unwrap_or_default().trim_ascii_start();
    let id_ends = |n: usize| rest.get(n) == Some(&element);
    (rest.starts_with(b"GS") && id_ends(2)) || ((rest.starts_with(b"TA1") || rest.starts_with(b"IEA")) && id_ends(3))
}

#[cfg(test)]
mod tests {
    use super::{Delimiters, detect};

    fn header(tail: &str) -> String {
        format!("ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*{tail}")
    }

    #[test]
    fn delimiters_come_from_the_header_whatever_they_are() {
        let found = detect(header("^*00501*000000001*0*T*:~GS*BE").as_bytes()).unwrap();
        assert_eq!(found.delimiters, Delimiters::default());
        assert_eq!(found.length, 105);
        let piped = header("!*00501*000000001*0*T*>\r\nGS*BE").replace('*', "|");
        let found = detect(piped.as_bytes()).unwrap().delimiters;
        assert_eq!((found.element, found.segment, found.component), (b'|', b'\r', b'>'));
        assert_eq!(found.repetition, Some(b'!'));
    }

    #[test]
    fn an_unpadded_header_is_read_by_its_elements() {
        let found = detect(b"ISA*00**00**ZZ*A*ZZ*B*131115*1010*U*00401*1*0*T*:\nGS*BE*A").unwrap().delimiters;
        assert_eq!((found.segment, found.component, found.repetition), (b'\n', b':', None));
    }

    #[test]
    fn blanks_and_line_breaks_before_the_terminator_are_no_terminators() {
        for blanks in [" ", "   ", "\n", "\r\n", " \n "] {
            let found = detect(header(&format!("^*00501*000000001*0*T*:{blanks}~GS*BE")).as_bytes()).unwrap();
            assert_eq!((found.delimiters, found.length), (Delimiters::default(), 105 + blanks.len()), "{blanks:?}");
            assert!(found.is_padded());
        }
        let lines = header("^*00501*000000001*0*T*:\n\nGS*BE");
        let found = detect(lines.as_bytes()).unwrap();
        assert_eq!((found.delimiters.segment, found.is_padded()), (b'\n', false));
    }

    #[test]
    fn a_header_without_component_separator_ends_where_the_group_begins() {
        let found = detect(header("^*00501*000000001*0*T*~GS*BE").as_bytes()).unwrap();
        assert_eq!(found.delimiters.segment, b'~');
    }

    #[test]
    fn what_has_no_sixteen_elements_is_no_header() {
        assert!(detect(b"ISA*00*~GS*BE*1~").is_none());
        assert!(detect(b"ISA").is_none());
    }
}
