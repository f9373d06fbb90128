//! Any bytes for the tools that look into a file by hand: the bare segments, the checks, the outline, the copy that can be
//! mailed, and the comparison.

#![no_main]

use johndoe_fuzz::dripping::Dripping;
use johndoe_fuzz::redact::{Key, redact};
use johndoe_fuzz::wire::check::{Checker, History, Options, Profile};
use johndoe_fuzz::wire::diff::{Difference, Side};
use johndoe_fuzz::wire::outline::Outline;
use johndoe_fuzz::wire::x12::{LostKind, Segments, Step};
use libfuzzer_sys::fuzz_target;
use std::io::Read;

fuzz_target!(|bytes: &[u8]| {
    let segments = segments_stand_where_they_say(bytes);
    let dripped = identifiers(Dripping(bytes));
    assert_eq!(segments, dripped, "other segments where the source is slow");
    checks_are_in_the_file(bytes);
    outlines_are_json(bytes);
    copies_are_alike(bytes, &segments);
    a_file_is_the_same_as_itself(bytes);
});

/// The identifiers of the segments in order; what is no segment is `?`, but for a terminator too many and for what is only
/// written oddly, which are nothing.
fn identifiers(source: impl Read) -> Vec<Vec<u8>> {
    let mut segments = Segments::new(source);
    let mut found = Vec::new();
    while let Ok(Some(step)) = segments.next() {
        found.push(match step {
            Step::Segment(placed) => placed.segment.id().to_vec(),
            Step::Lost(lost) if !lost.kind.is_damage() || lost.kind.is_written_oddly() => continue,
            Step::Lost(_) => b"?".to_vec(),
        });
    }
    found
}

fn segments_stand_where_they_say(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut segments = Segments::new(bytes);
    let (mut next, mut is_joined) = (0, false);
    while let Ok(Some(step)) = segments.next() {
        let (start, length) = match step {
            Step::Segment(placed) => {
                let (start, content) = (usize::try_from(placed.place.offset).unwrap(), placed.segment.bytes());
                (start, length_of(content, bytes.get(start..).unwrap(), is_joined).expect("a segment at the wrong place"))
            }
            Step::Lost(lost) => {
                is_joined |= lost.kind == LostKind::JoinedLines;
                assert_eq!(lost.length == 0, lost.kind.is_written_oddly(), "bytes that are lost and read, or neither");
                (usize::try_from(lost.place.offset).unwrap(), usize::try_from(lost.length).unwrap())
            }
        };
        assert!(start >= next, "byte {start} was given out before");
        next = start + length;
        assert!(next <= bytes.len(), "more than the file holds");
    }
    identifiers(bytes)
}

/// How many bytes of the file a segment stands for: its own, or more where lines were joined. An identifier may have been made
/// capitals.
fn length_of(segment: &[u8], file: &[u8], is_joined: bool) -> Option<usize> {
    let mut length = 0;
    for (at, byte) in segment.iter().enumerate() {
        let is_same = |found: u8| found == *byte || (at < 3 && found.to_ascii_uppercase() == *byte);
        let rest = file.get(length..)?;
        let broken = rest.iter().take_while(|found| is_joined && !is_same(**found) && matches!(found, b'\r' | b'\n')).count();
        length += broken + 1;
        rest.get(broken).filter(|found| is_same(**found))?;
    }
    Some(length)
}

fn checks_are_in_the_file(bytes: &[u8]) {
    let mut history = History::default();
    for profile in [Profile::Auto, Profile::Federal] {
        let limit = 5;
        let mut checker = Checker::new(bytes, Options { profile, limit }, history);
        let mut given = 0;
        while let Ok(Some(finding)) = checker.next() {
            given += 1;
            assert!(finding.at.offset <= bytes.len() as u64, "a finding after the file");
            assert!(!finding.found.is_empty() && !finding.expected.is_empty(), "a finding without words");
            assert!(finding.to_string().len() < 4_000, "a finding as long as a file");
        }
        let totals = checker.totals();
        let told = totals.broken.iter().map(|(_, errors, warnings)| (errors + warnings).min(limit)).sum::<u64>();
        assert_eq!(given, told, "findings that are counted and not told, or the other way round");
        history = checker.into_history();
    }
}

fn outlines_are_json(bytes: &[u8]) {
    let mut outline = Outline::new(bytes);
    let (mut line, mut last) = (Vec::new(), 0);
    while let Ok(Some(item)) = outline.next() {
        assert!(item.offset >= last && item.offset <= bytes.len() as u64, "an item out of order");
        last = item.offset;
        line.clear();
        item.write_json("a file", &mut line);
        let told: serde_json::Value = serde_json::from_slice(&line).expect("no JSON");
        assert!(told.is_object());
    }
}

/// One key makes one copy; the copy has the same segments, and a copy of it is as good.
fn copies_are_alike(bytes: &[u8], segments: &[Vec<u8>]) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let key = Key::new(b"fuzz");
    let Ok(summary) = redact(bytes, &key, &mut first) else { return };
    assert!(redact(Dripping(bytes), &key, &mut second).is_ok(), "no copy where the source is slow");
    assert_eq!(first, second, "another copy");
    assert_eq!(summary.segments, segments.len() as u64);
    let copied = identifiers(first.as_slice());
    // control characters are not copied
    let is_same = |(copy, own): (&u8, &u8)| copy == own || (*copy == b'`' && own.is_ascii_control());
    let is_copy = |(copy, own): (&Vec<u8>, &Vec<u8>)| copy.len() == own.len() && copy.iter().zip(own).all(is_same);
    assert!(copied.len() == segments.len() && copied.iter().zip(segments).all(is_copy), "a copy with other segments");
}

fn a_file_is_the_same_as_itself(bytes: &[u8]) {
    match Difference::between(bytes, bytes, Vec::new()) {
        Ok(difference) => assert!(difference.is_none(), "a file differs from itself: {difference:?}"),
        Err((side, why)) => assert_eq!(side, Side::First, "both are the same file: {why:?}"),
    }
}
