//! 834 files written by hand, files that others wrote, broken files, and what our writer makes: all through the reader.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use johndoe::model::{CoverageLine, Direction, Facts, Field, GroupRecord, Place, RecordKind, Relationship, Sex, Value};
use johndoe::wire::x12::{
    Completeness, Delimiters, Envelope, FileReport, FunctionalGroup, Item, LineBreak, Options, Qualifiers, ReadError,
    Reader, SetHeader, Usage, Writer, completeness,
};
use proptest::prelude::*;
use serde_json::Value as Json;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

const ZONE: chrono_tz::Tz = chrono_tz::Tz::America__New_York;

/// Everything a source gives: records, then what was damaged, or why it was refused.
#[derive(Debug, Default, PartialEq)]
struct Contents {
    records: Vec<GroupRecord>,
    damages: Vec<String>,
    report: FileReport,
}

fn read(source: impl Read, name: &str) -> Result<Contents, ReadError> {
    let mut reader = Reader::new(source);
    let mut contents = Contents::default();
    while let Some(item) = reader.next()? {
        match item {
            Item::Group(group) => contents.records.push(group.to_record(name, ZONE)),
            Item::Damage(damage) => contents.damages.push(damage.to_string()),
        }
    }
    contents.report = reader.report().clone();
    Ok(contents)
}

/// A source that gives at most so many bytes at a time, by a repeating pattern.
struct Chunks<'a> {
    bytes: &'a [u8],
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.sizes[self.turn % self.sizes.len()];
        self.turn += 1;
        let size = wanted.min(buffer.len()).min(self.bytes.len());
        buffer[..size].copy_from_slice(&self.bytes[..size]);
        self.bytes = &self.bytes[size..];
        Ok(size)
    }
}

fn fixtures(folder: &str) -> Vec<PathBuf> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/x12").join(folder), &["edi"])
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted))).collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Whether every key of `expected` is in `found` with that value; lists must be of one length.
fn covers(expected: &Json, found: &Json) -> bool {
    match (expected, found) {
        (Json::Object(expected), Json::Object(found)) => {
            expected.iter().all(|(key, value)| covers(value, found.get(key).unwrap_or(&Json::Bool(false))))
        }
        (Json::Array(expected), Json::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(e, f)| covers(e, f))
        }
        _ => expected == found,
    }
}

#[test]
fn files_written_by_hand_are_read_to_what_stands_beside_them() {
    for path in fixtures("accepted") {
        let contents = read(fs::File::open(&path).unwrap(), &name(&path)).unwrap();
        assert_eq!(contents.damages, Vec::<String>::new(), "{}", path.display());
        let found = serde_json::to_value(&contents.records).unwrap();
        let shown = serde_json::to_string_pretty(&found).unwrap();
        if let Ok(exact) = fs::read_to_string(path.with_extension("exact.json")) {
            assert_eq!(serde_json::from_str::<Json>(&exact).unwrap(), found, "{}: {shown}", path.display());
        } else {
            let part = fs::read_to_string(path.with_extension("part.json")).unwrap();
            assert!(covers(&serde_json::from_str(&part).unwrap(), &found), "{}: {shown}", path.display());
        }
        assert_eq!(completeness(fs::File::open(&path).unwrap()).unwrap(), Completeness::Complete, "{}", path.display());
    }
}

/// Beside some files stands where in its set a value is: counted by hand, a segment a line.
#[test]
fn each_value_stands_where_it_was_counted_to_stand() {
    for path in fixtures("accepted") {
        let Ok(places) = fs::read_to_string(path.with_extension("places.txt")) else { continue };
        let contents = read(fs::File::open(&path).unwrap(), &name(&path)).unwrap();
        let [record] = contents.records.as_slice() else { panic!("{contents:?}") };
        for line in places.lines() {
            let (said, expected) = line.split_once(": ").unwrap();
            let (who, field) = said.split_once(' ').unwrap();
            let facts = who.parse().map_or(&record.facts, |number: usize| &record.members[number - 1]);
            let found = facts.position(Field::parse(field).unwrap()).map(|position| position.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{line}");
        }
    }
}

/// What is wrong in a file, line by line, and how many groups were read all the same.
fn said_of(path: &Path) -> Vec<String> {
    match read(fs::File::open(path).unwrap(), &name(path)) {
        Ok(contents) => {
            let mut lines = contents.damages;
            lines.push(format!("{} groups read", contents.records.len()));
            lines
        }
        Err(refusal) => vec![refusal.to_string()],
    }
}

#[test]
fn broken_files_are_refused_in_these_words_and_the_rest_is_read() {
    for path in fixtures("refused") {
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
        assert_eq!(said_of(&path), expected.lines().collect::<Vec<_>>(), "{}", path.display());
        let whole = completeness(fs::File::open(&path).unwrap()).unwrap();
        assert!(matches!(whole, Completeness::Incomplete { .. }), "{}", path.display());
    }
}

#[test]
fn numbers_used_before_are_told_of_in_a_file_that_is_whole() {
    for path in fixtures("repeated") {
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
        assert_eq!(said_of(&path), expected.lines().collect::<Vec<_>>(), "{}", path.display());
        assert_eq!(completeness(fs::File::open(&path).unwrap()).unwrap(), Completeness::Complete, "{}", path.display());
    }
}

#[test]
fn public_files_are_read_or_refused_with_a_reason() {
    for path in crate::samples::files() {
        match read(fs::File::open(&path).unwrap(), &name(&path)) {
            Ok(contents) => {
                let (report, groups) = (&contents.report, contents.records.len());
                println!("{}: {groups} groups, {} members, {:?}", name(&path), report.members, contents.damages);
                assert!(report.interchanges > 0, "{}", path.display());
                let is_enrollment = fs::read_to_string(&path).unwrap_or_default().contains("ST*834");
                assert!(!is_enrollment || groups > 0 || !contents.damages.is_empty(), "{}", path.display());
            }
            Err(refusal) => {
                println!("{}: refused: {refusal}", name(&path));
                assert!(!fs::read(&path).unwrap().starts_with(b"ISA"), "{}: {refusal}", path.display());
            }
        }
    }
}

#[test]
fn the_same_is_read_at_every_buffer_edge() {
    for path in fixtures("accepted").into_iter().chain(fixtures("refused")) {
        let bytes = fs::read(&path).unwrap();
        let whole = read(bytes.as_slice(), "x").map_err(|e| e.to_string());
        for size in (1..64).chain([105, 106, 107, 511, 512, 513, 1024]) {
            let chunks = Chunks { bytes: &bytes, sizes: vec![size], turn: 0 };
            assert_eq!(read(chunks, "x").map_err(|e| e.to_string()), whole, "{} by {size}", path.display());
        }
        let chunks = Chunks { bytes: &bytes, sizes: vec![1, 7, 300, 2, 64, 1, 1, 19], turn: 0 };
        assert_eq!(read(chunks, "x").map_err(|e| e.to_string()), whole, "{}", path.display());
    }
}

#[test]
fn no_prefix_of_any_file_makes_the_reader_panic() {
    for path in crate::samples::files().into_iter().chain(fixtures("accepted")) {
        let bytes = fs::read(&path).unwrap();
        for end in 0..bytes.len() {
            let _ = read(&bytes[..end], "x");
        }
    }
}

/// A small, seeded generator of mutations (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap()
    }
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..(at + dice.below(40)).min(bytes.len()))),
            2 => bytes.insert(at, *b"*~:^\n IGSTEA0\xff\0".get(dice.below(16)).unwrap_or(&b'~')),
            3 => bytes.iter_mut().skip(at).take(1).for_each(|b| *b = b'~'),
            4 => bytes.iter_mut().skip(at).take(3).for_each(|b| *b = b'9'),
            _ => {
                let copied: Vec<u8> = bytes.iter().skip(at).take(dice.below(120)).copied().collect();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, copied);
            }
        }
    }
}

#[test]
fn a_hundred_thousand_mutated_files_make_no_panic() {
    let originals: Vec<Vec<u8>> =
        crate::samples::files().into_iter().chain(fixtures("accepted")).map(|path| fs::read(path).unwrap()).collect();
    let mut dice = Dice(2013);
    for round in 0..100_000 {
        let mut bytes = excerpt(&originals[round % originals.len()], &mut dice);
        mutate(&mut bytes, &mut dice);
        let _ = read(bytes.as_slice(), "x");
    }
}

/// The envelope's beginning, and some segments from anywhere in the file: a long file breaks like a short one.
fn excerpt(original: &[u8], dice: &mut Dice) -> Vec<u8> {
    let (head, body) = original.split_at(original.len().min(250));
    let from = dice.below(body.len());
    let tail = &body[from..(from + 600).min(body.len())];
    [head, tail].concat()
}

fn at(text: &str) -> chrono::NaiveDateTime {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn envelope() -> Envelope {
    Envelope {
        sender: "CMSFFM".into(),
        receiver: "123456789".into(),
        qualifiers: Qualifiers::default(),
        control_number: 7,
        at: at("2013-11-15 18:00:00"),
        usage: Usage::Test,
        wants_acknowledgement: true,
    }
}

fn functional_group(control_number: u32) -> FunctionalGroup {
    let (sender, receiver) = ("VA0".into(), "54321VA0020003".into());
    FunctionalGroup { sender, receiver, control_number, at: at("2013-11-15 18:00:00") }
}

fn set_header(control_number: u32) -> SetHeader {
    SetHeader {
        direction: Direction::ToIssuer,
        control_number,
        reference: format!("{control_number:06}"),
        created_at: at("2013-11-15 18:00:00"),
        zone: ZONE,
        exchange: "VA0".into(),
        issuer_name: "Blue Ridge Health".into(),
        issuer_tax_id: "123456789".into(),
        sponsor: None,
        agent: None,
    }
}

fn group_facts() -> Facts {
    let mut facts = Facts::new();
    for (field, text) in [
        (Field::Issuer, "54321"),
        (Field::PlanId, "54321VA0020003"),
        (Field::CsrVariant, "04"),
        (Field::CoverageLine, CoverageLine::Medical.as_str()),
        (Field::ApplicationId, "700123456"),
        (Field::PolicyId, "9900441"),
        (Field::SubscriberId, "0000700001"),
        (Field::PolicyStatus, "initial"),
        (Field::BenefitBegin, "2014-01-01"),
        (Field::PremiumTotal, "831.00"),
        (Field::Aptc, "0.00"),
        (Field::TotalResponsibility, "831.00"),
        (Field::RatingArea, "R-VA007"),
    ] {
        facts.set(field, Value::parse(field, text));
    }
    for field in [Field::IssuerPolicyId, Field::IssuerSubscriberId, Field::BenefitEnd, Field::AgentNpn] {
        facts.set_absent(field);
    }
    facts
}

fn member(number: u32, relationship: Relationship) -> Facts {
    let is_subscriber = relationship == Relationship::SelfSubscriber;
    let mut facts = Facts::new();
    facts.set(Field::MemberEnrolled, true);
    facts.set(Field::NameLast, "Rivera");
    facts.set(Field::NameFirst, format!("Ana{}", ["", "b", "c", "d"][number as usize % 4]));
    facts.set(Field::BirthDate, day("1980-02-29"));
    facts.set(Field::Sex, if number.is_multiple_of(2) { Sex::Female } else { Sex::Male });
    facts.set(Field::Relationship, relationship);
    facts.set(Field::Subscriber, is_subscriber);
    facts.set(Field::Street1, "12 Oak Lane");
    facts.set(Field::City, "Boston");
    facts.set(Field::State, "MA");
    facts.set(Field::Zip, "02134");
    facts.set(Field::County, "25025");
    facts.set(Field::MemberId, format!("{:010}", 700_001 + number));
    facts.set(Field::Premium, Value::parse(Field::Premium, "277.00"));
    let mailing = [Field::MailStreet1, Field::MailStreet2, Field::MailCity, Field::MailState, Field::MailZip];
    let blank = [Field::NameMiddle, Field::NameSuffix, Field::Ssn, Field::Phone, Field::Email, Field::Street2];
    for field in mailing.into_iter().chain(blank).chain([Field::IssuerMemberId]) {
        facts.set_absent(field);
    }
    if is_subscriber {
        facts.set(Field::MaritalStatus, "divorced");
        facts.set(Field::Language, "spa");
        facts.set(Field::Phone, "8045550101");
        facts.set(Field::Email, "jd.ana@example.com");
        facts.set(Field::Tobacco, "yes");
        facts.set(Field::MailStreet1, "PO Box 9");
        facts.set(Field::MailCity, "Ashland");
        facts.set(Field::MailState, "VA");
        facts.set(Field::MailZip, "23005");
    }
    facts
}

fn family() -> GroupRecord {
    let relationships = [Relationship::SelfSubscriber, Relationship::Spouse, Relationship::Child];
    GroupRecord {
        kind: RecordKind::InitialEnrollment,
        event_at: Some("2013-11-15T22:30:05.250Z".parse().unwrap()),
        facts: group_facts(),
        members: (0..).zip(relationships).map(|(number, relationship)| member(number, relationship)).collect(),
        place: Place::default(),
    }
}

fn cancellation() -> GroupRecord {
    GroupRecord { kind: RecordKind::Cancellation, ..family() }
}

fn write(options: Options, records: &[GroupRecord]) -> Vec<u8> {
    let mut writer = Writer::new(options);
    writer.open_interchange(&envelope()).unwrap();
    writer.open_group(&functional_group(1)).unwrap();
    for (number, record) in (1..).zip(records) {
        if number % 3 == 0 {
            writer.open_group(&functional_group(number)).unwrap();
        }
        writer.write(&set_header(number), record).unwrap();
    }
    writer.finish()
}

fn without_place(mut record: GroupRecord) -> GroupRecord {
    record.place = Place::default();
    record
}

#[test]
fn what_is_written_is_read_again_with_any_delimiters() {
    let piped = Delimiters { element: b'|', segment: b'\n', component: b'>', repetition: Some(b'!') };
    for (delimiters, line_break) in [
        (Delimiters::default(), LineBreak::None),
        (Delimiters::default(), LineBreak::CrLf),
        (Delimiters { repetition: None, ..Delimiters::default() }, LineBreak::Lf),
        (piped, LineBreak::None),
    ] {
        let bytes = write(Options { delimiters, line_break }, &[family(), family(), family()]);
        let contents = read(bytes.as_slice(), "x").unwrap();
        assert_eq!(contents.damages, Vec::<String>::new());
        let found: Vec<GroupRecord> = contents.records.into_iter().map(without_place).collect();
        assert_eq!(found, [family(), family(), family()]);
        assert!(contents.report.is_complete());
        assert_eq!((contents.report.functional_groups, contents.report.transaction_sets), (2, 3));
    }
}

#[test]
fn a_cancellation_shows_the_subscriber_alone_and_no_coverage() {
    let bytes = write(Options::default(), &[cancellation()]);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains("~HD*") && text.contains("~REF*1L*9900441~") && text.contains("~DTP*357*D8*20140101~"));
    let contents = read(bytes.as_slice(), "x").unwrap();
    let [record] = contents.records.as_slice() else { panic!("{contents:?}") };
    assert_eq!(record.kind, RecordKind::Cancellation);
    assert_eq!(record.members.len(), 1);
    assert_eq!(record.facts.text(Field::PolicyId), Some("9900441"));
    assert!(!record.facts.stated().contains(Field::PlanId) && !record.facts.stated().contains(Field::Aptc));
}

#[test]
fn a_large_set_is_given_out_in_parts_and_a_group_without_end_is_damage() {
    let member =
        |code: &str, id: u32| format!("INS*{code}*18*021*EC~REF*0F*{id}~NM1*IL*1*DOE*JO~{}", "ZZZ*1~".repeat(100));
    let set = |body: &str| {
        let segments = body.matches('~').count() + 2;
        format!(
            "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~\
             GS*BE*A*B*20131115*1010*1*X*005010X220A1~ST*834*0001~{body}SE*{segments}*0001~GE*1*1~IEA*1*000000001~"
        )
    };
    let many: String = (0..6_000).map(|id| member("Y", id)).collect();
    let contents = read(set(&many).as_bytes(), "x").unwrap();
    assert_eq!((contents.records.len(), contents.damages.len()), (6_000, 0));
    let endless = member("Y", 1) + &(0..6_000).map(|_| member("N", 1)).collect::<String>() + &member("Y", 2);
    let contents = read(set(&endless).as_bytes(), "x").unwrap();
    assert!(contents.damages[0].starts_with("enrollment group is larger than"), "{:?}", contents.damages);
    let long = format!("REF*0F*{}~", "9".repeat(3 << 20));
    let contents = read(set(&long).as_bytes(), "x").unwrap();
    assert!(contents.damages[0].starts_with("segment is longer than"), "{:?}", contents.damages);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_name_holds_the_file_stays_whole(last in ".{0,80}", first in "\\PC{0,40}", street in "[*~:^ -ÿ]{0,70}") {
        let mut record = family();
        for (field, text) in [(Field::NameLast, &last), (Field::NameFirst, &first), (Field::Street1, &street)] {
            record.members[0].set(field, text.as_str());
        }
        let bytes = write(Options::default(), &[record]);
        let contents = read(bytes.as_slice(), "x").unwrap();
        prop_assert!(contents.report.is_complete(), "{:?}", contents.damages);
        prop_assert_eq!(contents.records[0].members.len(), 3);
        prop_assert!(contents.records[0].members[0].text(Field::NameLast).unwrap_or("").len() <= 60);
    }
}

#[test]
fn pyx12_accepts_what_is_written() {
    let Some(validator) = crate::pyx12::validator() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("written.edi");
    let mut long = family();
    for (field, text) in [
        (Field::NameLast, "Müller-O’Neal*~:^".repeat(9)),
        (Field::NameFirst, "Ж".repeat(40)),
        (Field::Street1, "1~2*3 ".repeat(20)),
    ] {
        long.members[1].set(field, text);
    }
    long.members[1].set(Field::Ssn, "666451234");
    fs::write(&path, write(Options::default(), &[family(), cancellation(), long, cancellation()])).unwrap();
    let output = std::process::Command::new(validator).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(": OK") && !said.contains("ERROR"), "{said}");
}

#[test]
fn what_a_dependents_own_coverage_says_otherwise_than_the_subscribers_is_told() {
    let whole =
        fs::read_to_string(fixtures("accepted").iter().find(|p| name(p) == "initial_family.edi").unwrap()).unwrap();
    let at = whole.rfind("INS*N").unwrap();
    let (set, number) = whole.split_once("ST*834*").unwrap().1.split_once("SE*").unwrap();
    let count: usize = number.split_once('*').unwrap().0.parse().unwrap();
    assert_eq!(count, set.matches('~').count() + 1);
    let of = |from: &str, to: &str, field: Field| {
        assert!(whole[at..].contains(from), "{from}");
        let changed = whole[at..].replacen(from, to, 1);
        let now = count + to.matches('~').count() - from.matches('~').count();
        let text = format!("{}{}", &whole[..at], changed.replacen(&format!("SE*{count}*"), &format!("SE*{now}*"), 1));
        let contents = read(text.as_bytes(), "x").unwrap();
        assert_eq!(contents.damages, Vec::<String>::new());
        contents.records[0].members.last().unwrap().value(field).map(ToString::to_string)
    };
    let said = |text: &str| Some(text.to_owned());
    for (from, to, field, told) in [
        ("HD*021", "HD*021", Field::MemberEnrolled, said("yes")),
        ("HD*021", "HD*021", Field::PlanId, None),
        ("HD*021", "HD*021", Field::PolicyId, None),
        ("HD*021", "HD*024", Field::MemberEnrolled, said("no")),
        ("54321VA002000304", "54321VA002900304", Field::PlanId, said("54321VA0029003")),
        ("54321VA002000304", "54321VA002000305", Field::CsrVariant, said("05")),
        ("REF*1L*9900441", "REF*1L*9900442", Field::PolicyId, said("9900442")),
        ("REF*CE", "DTP*349*D8*20140131~\nREF*CE", Field::MemberBenefitEnd, said("2014-01-31")),
    ] {
        assert_eq!(of(from, to, field), told, "{to} {field}");
    }
    let own = &whole[at..];
    let (begin, end) = (own.find("HD*021").unwrap(), own.find("LS*2700").unwrap());
    assert_eq!(of(&own[begin..end], "", Field::MemberEnrolled), said("no"), "no coverage at all");
}

/// The guide sends a whole group's cancellation with the subscriber alone; who stands beside them all the same goes only where that is said.
#[test]
fn a_dependent_beside_a_subscriber_who_is_taken_out_is_covered_where_an_enrollment_or_a_coverage_says_so() {
    let whole =
        fs::read_to_string(fixtures("accepted").iter().find(|p| name(p) == "initial_family.edi").unwrap()).unwrap();
    let out = whole.replacen("INS*Y*18*021*EC", "INS*Y*18*024*14", 1).replacen("HD*021", "HD*024", 1);
    let at = out.rfind("INS*N").unwrap();
    let of = |ins: &str, hd: &str| {
        let own = out[at..].replacen("INS*N*19*021*EC", &format!("INS*N*19*{ins}"), 1).replacen("HD*021", hd, 1);
        let contents = read(format!("{}{own}", &out[..at]).as_bytes(), "x").unwrap();
        assert_eq!(contents.damages, Vec::<String>::new());
        assert!(contents.records[0].takes_out());
        contents.records[0].members.last().unwrap().value(Field::MemberEnrolled).map(ToString::to_string)
    };
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(of("021*EC", "HD*021"), said("yes"), "enrolled anew");
    assert_eq!(of("001*", "HD*001"), said("yes"), "kept");
    assert_eq!(of("001*", "HD*024"), None, "the coverage ends");
    assert_eq!(of("024*14", "HD*024"), None, "out as well");
    // a segment that is no HD in its place: nothing is said of a coverage
    assert_eq!(of("001*", "NTE*ADD"), None, "nothing said");
}

#[test]
fn a_dependent_without_an_address_lives_with_the_subscriber() {
    const HOME: [Field; 6] = [Field::Street1, Field::Street2, Field::City, Field::State, Field::Zip, Field::County];
    let mut told = family();
    told.members[1].set(Field::Street1, "9 Elsewhere Ln");
    for field in HOME {
        told.members[2].unset(field);
    }
    let bytes = write(Options::default(), &[told]);
    let addresses = String::from_utf8(bytes.clone()).unwrap().matches("~N3*").count();
    assert_eq!(addresses, 3, "two of the subscriber, where they live and where they get mail, and the spouse's");
    let contents = read(bytes.as_slice(), "x").unwrap();
    let [subscriber, spouse, child] = contents.records[0].members.as_slice() else { panic!("three people") };
    for field in HOME {
        assert_eq!(child.get(field), subscriber.get(field), "{field}");
    }
    assert_eq!(spouse.text(Field::Street1), Some("9 Elsewhere Ln"));
}
