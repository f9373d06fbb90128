//! Any X12 file as a stream of segments in their places: nothing lost silently, the same at every buffer edge.

use johndoe::wire::x12::{LostKind, ReadError, SegmentPlace, Segments, Step};
use proptest::prelude::*;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::OnceLock;

const ISA: &str =
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~";

/// One line for everything that was given out, and the bytes of the file that it covers.
#[derive(Debug, Default, PartialEq)]
struct Told {
    lines: Vec<String>,
    covered: Vec<(u64, u64)>,
    end: SegmentPlace,
}

fn read(source: impl Read) -> Result<Told, ReadError> {
    let mut segments = Segments::new(source);
    let mut told = Told::default();
    while let Some(step) = segments.next()? {
        match step {
            Step::Segment(found) => {
                let open = if found.is_terminated { "" } else { " open" };
                let text = String::from_utf8_lossy(found.segment.bytes());
                told.lines.push(format!("{}{text}{open}", place(found.place)));
                told.covered.push((found.place.offset, found.segment.bytes().len() as u64));
            }
            Step::Lost(lost) => {
                told.lines.push(format!("{}! {:?} {} `{}`", place(lost.place), lost.kind, lost.length, lost.begins));
                told.covered.push((lost.place.offset, lost.length));
            }
        }
    }
    told.end = segments.place().clone();
    Ok(told)
}

fn place(place: &SegmentPlace) -> String {
    let interchange = place.interchange().map(|at| format!("I{}:{} ", at.number, at.control));
    let group = place.group().map(|at| format!("G{}:{}:{}:{} ", at.number, at.kind, at.control, at.version));
    let set =
        place.set().map(|at| format!("S{}:{}:{}:{} {} ", at.number, at.kind, at.control, at.guide, place.segment));
    [interchange, group, set].into_iter().flatten().collect()
}

fn lines(text: &str) -> Vec<String> {
    read(text.as_bytes()).unwrap().lines
}

#[test]
fn every_segment_is_lent_with_its_place() {
    let text = format!(
        "\u{feff}{ISA}\r\nTA1*000000009*131115*1000*A*000~\r\nGS*BE*A*B*20131115*1010*7*X*005010X220A1~\r\nST*834*0001*005010X220A1~\r\n\
         BGN*00*1~\r\nSE*3*0001~\r\nGE*1*7~\r\nIEA*1*000000001~\r\n"
    );
    let (header, group, set) = ("I1:000000001 ", "G1:BE:7:005010X220A1 ", "S1:834:0001:005010X220A1 ");
    let expected = [
        format!("{header}{}", ISA.trim_end_matches('~')),
        format!("{header}TA1*000000009*131115*1000*A*000"),
        format!("{header}{group}GS*BE*A*B*20131115*1010*7*X*005010X220A1"),
        format!("{header}{group}{set}1 ST*834*0001*005010X220A1"),
        format!("{header}{group}{set}2 BGN*00*1"),
        format!("{header}{group}{set}3 SE*3*0001"),
        format!("{header}{group}GE*1*7"),
        format!("{header}IEA*1*000000001"),
    ];
    assert_eq!(lines(&text), expected);
    let end = read(text.as_bytes()).unwrap().end;
    assert_eq!((end.offset, end.interchange()), (text.len() as u64, None));
}

#[test]
fn each_interchange_brings_its_own_delimiters_even_where_the_one_before_is_not_closed() {
    let second = ISA.replace('*', "|").replace('~', "\n").replace("00000001", "00000002");
    let text = format!("{ISA}GS*BE*A*B*20131115*1010*1*X*1~{second}GS|FA|A|B|20131115|1010|2|X|1\nIEA|1|000000002\n");
    let found = lines(&text);
    assert_eq!(found[2..].len(), 3, "{found:#?}");
    assert!(found[2].starts_with("I2:000000002 ISA|00|"), "{found:#?}");
    assert_eq!(found[3], "I2:000000002 G1:FA:2:1 GS|FA|A|B|20131115|1010|2|X|1");
}

#[test]
fn what_is_no_segment_is_given_out_with_its_length() {
    let text = format!("{ISA}~~ABC~IEA*0*000000001~\nrubbish{ISA}IEA*0*000000001~tail");
    let found = lines(&text);
    assert_eq!(found[1], "I1:000000001 ! Empty 1 `~`");
    assert_eq!(found[3], "I1:000000001 ABC");
    assert_eq!(found[5], "! Stray 7 `rubbishISA*00*          `");
    assert_eq!(found[8], "! Stray 4 `tail`");
    assert_eq!(lines("ISA*00*~GS*BE*1~"), ["! UnreadableHeader 16 `ISA*00*~GS*BE*1~`"]);
}

#[test]
fn a_segment_longer_than_the_window_is_lost_alone_and_counted() {
    for long in [1_100_000, 3_000_000] {
        let text = format!("{ISA}ST*834*0001~N1*{}~REF*1~", "X".repeat(long));
        let found = lines(&text);
        assert_eq!(found[2], format!("I1:000000001 S1:834:0001: 2 ! TooLong {} `N1*XXXXXXXXXXXXXXXXXXXXX`", long + 4));
        assert_eq!(found[3], "I1:000000001 S1:834:0001: 3 REF*1");
        // Its terminator is missing: the next interchange is found all the same.
        let second = ISA.replace("000000001", "000000002");
        let found = lines(&text.replace(&"X~REF*1~".to_owned(), &second));
        assert!(found[2].contains("TooLong"), "{}", found[2]);
        assert!(found[3].starts_with("I2:000000002 ISA*"), "{}", found[3]);
        assert_eq!(found.len(), 4);
    }
}

#[test]
fn the_last_segment_may_lack_its_terminator_and_open_envelopes_stay_told() {
    let text = format!("{ISA}GS*BE*A*B*20131115*1010*1*X*1~ST*834*0001~INS*Y");
    let told = read(text.as_bytes()).unwrap();
    assert_eq!(told.lines[3], "I1:000000001 G1:BE:1:1 S1:834:0001: 2 INS*Y open");
    assert_eq!((told.end.offset, told.end.set().is_some()), (text.len() as u64, true));
}

#[test]
fn what_is_no_interchange_is_refused() {
    assert!(matches!(read("".as_bytes()), Err(ReadError::Empty)));
    assert!(matches!(read(" \r\n\0".as_bytes()), Err(ReadError::Empty)));
    assert!(matches!(read("ST*834*1~".as_bytes()), Err(ReadError::BareTransactionSet { .. })));
    assert!(matches!(read("<xml>".as_bytes()), Err(ReadError::NotX12 { .. })));
    let small = read(ISA.to_ascii_lowercase().as_bytes()).unwrap_err();
    assert!(
        matches!(small, ReadError::SmallLetters) && small.to_string().contains("`ISA` in small letters"),
        "{small}"
    );
    assert!(matches!(read("isabel".as_bytes()), Err(ReadError::NotX12 { .. })), "a word");
    assert_eq!(read(format!("isa*00~{ISA}").as_bytes()).unwrap().lines.len(), 2, "a header stands behind it");
}

/// A source that gives so many bytes at a time.
struct Chunks<'a>(&'a [u8], usize);

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.1.min(buffer.len()).min(self.0.len());
        buffer[..size].copy_from_slice(&self.0[..size]);
        self.0 = &self.0[size..];
        Ok(size)
    }
}

/// Public files beside the checkout, where it has them, and the hand-written ones.
fn files() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        ["../shared/samples", "tests/fixtures/x12/accepted", "tests/fixtures/x12/refused", "tests/fixtures/acks"];
    let entries = folders.into_iter().filter_map(|folder| fs::read_dir(root.join(folder)).ok()).flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|p| p.extension().is_some_and(|e| e == "edi" || e == "txt")).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Between what was given out stand blanks, terminators and line ends, and nothing else. A segment whose line breaks were taken
/// out covers more of the file than it has bytes.
fn assert_nothing_is_lost(bytes: &[u8], Told { lines, covered, .. }: &Told) {
    if lines.iter().any(|line| line.contains("! JoinedLines ")) {
        return;
    }
    let mut from = 0;
    let mut gaps = Vec::new();
    for (offset, length) in covered {
        let offset = usize::try_from(*offset).unwrap();
        assert!(offset >= from, "{covered:?}");
        gaps.extend_from_slice(&bytes[from..offset]);
        gaps.push(b'|');
        from = offset + usize::try_from(*length).unwrap();
    }
    gaps.extend_from_slice(&bytes[from.min(bytes.len())..]);
    let in_gap = |gap: &[u8]| {
        let gap = gap.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(gap);
        gap.iter().filter(|b| !b.is_ascii_whitespace() && !matches!(b, 0 | 0x1a)).count() <= 1
    };
    assert!(gaps.split(|b| *b == b'|').all(in_gap), "{:?}", String::from_utf8_lossy(&gaps));
}

#[test]
fn the_same_is_told_at_every_buffer_edge_and_every_byte_is_accounted_for() {
    for bytes in files() {
        let whole = read(bytes.as_slice()).map_err(|e| e.to_string());
        for size in [1, 2, 3, 7, 64, 105, 106, 107, 511, 512, 513] {
            assert_eq!(read(Chunks(&bytes, size)).map_err(|e| e.to_string()), whole, "by {size}");
        }
        if let Ok(told) = whole {
            assert_nothing_is_lost(&bytes, &told);
        }
    }
}

static ORIGINALS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn broken_files_are_told_to_the_last_byte(
        pieces in prop::collection::vec((0_usize..64, 0_usize..2_000, 0_usize..400), 1..6),
        glue in prop::collection::vec("(ISA|~|\\*|\n|GS\\*|IEA\\*|\0|x){0,3}", 6),
    ) {
        let originals = ORIGINALS.get_or_init(files);
        let mut bytes = ISA.as_bytes().to_vec();
        for ((file, from, length), glue) in pieces.into_iter().zip(glue) {
            let original = &originals[file % originals.len()];
            let from = from % original.len().max(1);
            bytes.extend_from_slice(&original[from..(from + length).min(original.len())]);
            bytes.extend_from_slice(glue.as_bytes());
        }
        let told = read(bytes.as_slice()).unwrap();
        assert_nothing_is_lost(&bytes, &told);
        prop_assert_eq!(read(Chunks(&bytes, 61)).unwrap(), told);
    }
}

#[test]
fn reasons_are_said_in_words() {
    assert_eq!(LostKind::TooLong.to_string(), "segment is longer than 1048576 bytes");
}
