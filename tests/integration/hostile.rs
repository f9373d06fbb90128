//! Files that broke a reader once, each as small as it still did.

use johndoe::wire::outline::{ItemKind, Outline};
use johndoe::wire::x12::{Completeness, Item, Reader, Segments, Step, completeness};
use std::io::Read;

const ISA: &str =
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~";

fn damages(file: &str) -> Vec<String> {
    let mut reader = Reader::new(file.as_bytes());
    let mut told = Vec::new();
    while let Some(item) = reader.next().unwrap() {
        if let Item::Damage(damage) = item {
            told.push(damage.to_string());
        }
    }
    told
}

/// A segment whose identifier only begins as a header's does was read again and again, as the header it is not.
#[test]
fn a_segment_called_nearly_like_a_header_does_not_stop_the_reader() {
    for (id, masked) in [("ISAIEA", "AAAAAA"), ("ISA1", "AAA9"), ("ISAX", "AAAA")] {
        let file = format!("{ISA}GS*BE*A*B*20131115*1010*1*X*005010X220A1~GE*0*1~{id}*1*000000001~IEA*1*000000001~");
        let told = damages(&file);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&format!("segment `{masked}` stands outside a transaction set")), "{told:?}");
        assert!(matches!(completeness(file.as_bytes()).unwrap(), Completeness::Incomplete { closed: true, .. }));
    }
}

/// A source that gives out a few bytes at a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let (now, later) = self.0.split_at(self.0.len().min(into.len()).min(7));
        into[..now.len()].copy_from_slice(now);
        self.0 = later;
        Ok(now.len())
    }
}

fn segments(source: impl Read) -> Vec<String> {
    let mut segments = Segments::new(source);
    let mut told = Vec::new();
    while let Some(step) = segments.next().unwrap() {
        told.push(match step {
            Step::Segment(found) => String::from_utf8_lossy(found.segment.bytes()).into_owned(),
            Step::Lost(lost) => format!("{:?} {}", lost.kind, lost.length),
        });
    }
    told
}

/// Where the sixteenth element of a header stood just before the end of what is looked at, its delimiters depended on how
/// much of the file was held.
#[test]
fn a_header_that_is_too_long_is_read_the_same_whatever_is_held() {
    for length in 380..420 {
        let long = ISA.replacen("*A              *", &format!("*{}*", "A".repeat(length)), 1);
        let file = format!("{long}GS*BE*A*B*20131115*1010*1*X*005010X220A1~GE*0*1~IEA*1*000000001~{}", " ".repeat(900));
        assert_eq!(segments(file.as_bytes()), segments(Dripping(file.as_bytes())), "{}", long.len());
    }
}

/// The mark of a segment outside its envelope came before the envelope.
#[test]
fn what_is_damaged_is_marked_after_what_it_stands_in() {
    let file = format!("{ISA}JTA1*1~IEA*0*000000001~");
    let mut outline = Outline::new(file.as_bytes());
    let mut kinds = Vec::new();
    while let Some(item) = outline.next().unwrap() {
        kinds.push(item.kind);
    }
    assert_eq!(kinds, [ItemKind::Interchange, ItemKind::Damage]);
}
