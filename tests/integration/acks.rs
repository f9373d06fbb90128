//! Acknowledgements: read to what stands in them, damaged ones read on, written so that others accept them, made for files, and
//! checked against the files they answer.

use johndoe::wire::ack::answer::{Answer, Objection, ReceivedNumbers, answer};
use johndoe::wire::ack::{
    Ack, AckForm, Acks, Findings, GroupAck, InterchangeAck, Problem, SegmentError, SetAck, Verdict, check,
};
use johndoe::wire::x12::{ControlNumbers, Options, PlacedSegment};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Default)]
struct Contents {
    interchanges: Vec<InterchangeAck>,
    sets: Vec<SetAck>,
    groups: Vec<GroupAck>,
    damages: Vec<String>,
}

fn read(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    let mut acks = Acks::new(bytes);
    while let Some(ack) = acks.next().unwrap() {
        match ack {
            Ack::Interchange(ack) => contents.interchanges.push(ack),
            Ack::Set(_, ack) => contents.sets.push(ack),
            Ack::Group(ack) => contents.groups.push(ack),
            Ack::Damage(damage) => contents.damages.push(damage.to_string()),
        }
    }
    contents
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/acks").join(name)).unwrap()
}

/// A public file beside the checkout, where it is there.
fn sample(name: &str) -> Option<Vec<u8>> {
    Some(fs::read(crate::samples::folder()?.join(name)).unwrap())
}

#[test]
fn one_set_rejected_among_three_is_read_with_its_segments_and_elements() {
    let contents = read(&fixture("partial.edi"));
    assert_eq!(contents.damages, Vec::<String>::new());
    let ta1 = &contents.interchanges[0];
    assert_eq!((ta1.control.as_str(), ta1.date.as_str(), ta1.time.as_str()), ("000000031", "131115", "1800"));
    assert_eq!((ta1.verdict(), ta1.parties.sender.as_str()), (Some(Verdict::Accepted), "123456789"));
    let verdicts: Vec<_> = contents.sets.iter().map(|set| (set.control.as_str(), set.verdict().unwrap())).collect();
    let expected = [("0101", Verdict::Accepted), ("0102", Verdict::Rejected), ("0103", Verdict::AcceptedWithErrors)];
    assert_eq!(verdicts, expected);
    let error = &contents.sets[1].segments[0];
    assert_eq!((error.segment.as_str(), error.position, error.loop_id.as_str()), ("DMG", Some(9), "2100"));
    assert_eq!(error.context, ["NM109:123456"]);
    assert_eq!((error.elements[0].position, error.elements[0].bad_value.as_str()), (Some(2), "19800230"));
    assert_eq!(
        error.words(),
        "segment 9 (DMG) in loop 2100: segment has errors in its elements [8]; element 2 (1251): date is invalid [8]; \
         element 3: code is not in the list [7]"
    );
    let component = &contents.sets[2].segments[0].elements[0];
    assert_eq!((component.position, component.component, component.repetition), (Some(1), Some(2), Some(3)));
    assert_eq!(contents.sets[1].words(), "transaction set rejected: one or more segments are in error [5]");
    assert_eq!(contents.sets[1].place.to_string(), "ISA 000000501 GS 77 ST 0001 segment 5 byte 275");
    let group = &contents.groups[0];
    assert_eq!((group.group.control.as_str(), group.verdict()), ("41", Some(Verdict::AcceptedInPart)));
    assert_eq!((group.included, group.received, group.accepted, group.named), (Some(3), Some(3), Some(2), 3));
    assert_eq!((group.parties.group_sender.as_str(), group.parties.group_receiver.as_str()), ("54321VA0020003", "VA0"));
}

#[test]
fn a_rejected_interchange_says_why() {
    let contents = read(&fixture("duplicate.edi"));
    assert_eq!(contents.interchanges[0].verdict(), Some(Verdict::Rejected));
    assert_eq!(contents.interchanges[0].words(), "TA1 rejected: control number has been used before (ISA13) [025]");
    assert!(contents.groups.is_empty() && contents.damages.is_empty());
}

#[test]
fn the_older_997_is_read_with_other_delimiters() {
    let contents = read(&fixture("functional_997.edi"));
    assert_eq!(contents.damages, Vec::<String>::new());
    assert_eq!(contents.groups[0].form, AckForm::Functional997);
    assert_eq!(contents.groups[0].verdict_of(None), Some(Verdict::Rejected));
    assert_eq!(contents.sets[0].segments[0].elements[0].bad_value, "999");
}

#[test]
fn what_is_damaged_is_told_with_its_place_and_the_rest_is_read() {
    let contents = read(&fixture("damaged.edi"));
    assert_eq!(
        contents.damages,
        [
            "segment `IK5` stands outside an acknowledged transaction set (AK2 to IK5) (ISA 000000504 GS 79 ST 0001 segment 2 byte 176)",
            "transaction set `0101` has no verdict; expected `IK5` before `AK2` (ISA 000000504 GS 79 ST 0001 segment 5 byte 234)",
            "segment `IK4` stands outside a segment in error (IK3) (ISA 000000504 GS 79 ST 0001 segment 6 byte 261)",
            "`Q` is no code of IK501 (ISA 000000504 GS 79 ST 0001 segment 7 byte 271)",
            "`AK903` counts `1`, 2 were found (ISA 000000504 GS 79 ST 0001 segment 8 byte 278)",
            "trailer `SE` counts `99`; expected `12`, as found (ISA 000000504 GS 79 ST 0001 segment 12 byte 349)",
            "functional group `42` has no verdict; expected `AK9` before `SE` (ISA 000000504 GS 79 ST 0001 segment 12 byte 349)",
        ]
    );
    let sets: Vec<_> = contents.sets.iter().map(|set| (set.control.as_str(), set.verdict())).collect();
    assert_eq!(sets, [("0102", None), ("0201", Some(Verdict::Accepted))]);
}

#[test]
fn public_acknowledgements_are_read_to_what_stands_in_them() {
    if let Some(bytes) = sample("kputnam__stupidedi__X231A1_FA999__response-to-functional-group-containing-3-837s.edi")
    {
        let contents = read(&bytes);
        let codes: Vec<_> = contents.sets.iter().map(|set| (set.control.as_str(), set.code.as_str())).collect();
        assert_eq!(codes, [("0001", "A"), ("0002", "R"), ("0003", "R")]);
        assert_eq!(contents.sets[1].segments[0].context, ["CLM01:123456789"]);
        assert_eq!(contents.sets[2].segments[0].context[0], "SITUATIONAL TRIGGER*CLM*43**5:3");
        assert_eq!((contents.groups[0].code.as_str(), contents.groups[0].accepted), ("P", Some(1)));
        assert_eq!(contents.damages, Vec::<String>::new());
    }
    if let Some(bytes) = sample("azoner__pyx12__834_lui_id_5010.999.txt") {
        let contents = read(&bytes);
        assert_eq!((contents.groups.len(), contents.sets.len()), (4, 4));
        assert!(contents.groups.iter().all(|group| group.group.control == "13360001" && group.code == "A"));
    }
    if let Some(bytes) = sample("azoner__pyx12__997_TA1_reject_023_837miss.txt") {
        let contents = read(&bytes);
        assert_eq!(contents.interchanges[0].words(), "TA1 rejected: file ends too early [023]");
        assert_eq!(contents.sets[0].words(), "transaction set rejected: transaction set trailer is missing (SE) [2]");
        assert_eq!(
            contents.groups[0].words(),
            "functional group rejected: functional group trailer is missing (GE) [3]"
        );
    }
    if let Some(bytes) = sample("azoner__pyx12__997_TA1_accept_000_835id.txt") {
        let contents = read(&bytes);
        assert_eq!(
            (contents.interchanges[0].code.as_str(), contents.interchanges[0].control.as_str()),
            ("A", "000003447")
        );
    }
}

const HEAD: &str =
    "ISA*00*          *00*          *ZZ*CMSFFM         *ZZ*123456789      *131115*1800*^*00501*000000031*1*T*:~";

/// An 834 file of three sets, of which the reader of this test can change any part.
fn enrollments() -> String {
    let set = |number: u32| {
        format!(
            "ST*834*010{number}*005010X220A1~BGN*00*{number}*20131115~INS*Y*18*021*28~REF*0F*1~DTP*356*D8*20140101~\
             NM1*IL*1*DOE*JOHN~DMG*D8*19800228*M~HD*021**HLT~DTP*348*D8*20140101~SE*10*010{number}~"
        )
    };
    let sets: String = (1..=3).map(set).collect();
    format!("{HEAD}GS*BE*VA0*54321VA0020003*20131115*1800*41*X*005010X220A1~{sets}GE*3*41~IEA*1*000000031~")
}

fn answered(file: &str) -> Answer {
    answer(file.as_bytes(), &mut ReceivedNumbers::default(), &mut |_| Vec::new()).unwrap()
}

fn write(answer: &Answer) -> Vec<u8> {
    let at = "2013-11-16T09:30:00".parse().unwrap();
    answer.write(Options::default(), at, &mut ControlNumbers::starting_at(500)).unwrap()
}

/// TA1 note, AK901, AK905…, and for each set IK501, IK502… and segments in error.
fn told(answer: &Answer) -> Vec<String> {
    let mut lines = Vec::new();
    for interchange in &answer.interchanges {
        lines.push(format!("TA1 {} {}", interchange.ack.code, interchange.ack.note));
        for group in &interchange.groups {
            let ack = &group.ack;
            let counts = [ack.included, ack.received, ack.accepted].map(Option::unwrap);
            lines.push(format!("AK9 {} {counts:?} {:?}", ack.code, ack.errors));
            for set in &group.sets {
                let errors: Vec<_> = set.segments.iter().map(SegmentError::words).collect();
                lines.push(format!("{} {} {:?} {errors:?}", set.control, set.code, set.errors));
            }
        }
    }
    lines
}

#[test]
fn a_sound_file_is_accepted_in_these_bytes() {
    let written = String::from_utf8(write(&answered(&enrollments()))).unwrap();
    assert_eq!(
        written,
        "ISA*00*          *00*          *ZZ*123456789      *ZZ*CMSFFM         *131116*0930*^*00501*000000500*0*T*:~\
         TA1*000000031*131115*1800*A*000~GS*FA*54321VA0020003*VA0*20131116*0930*501*X*005010X231A1~\
         ST*999*0502*005010X231A1~AK1*BE*41*005010X220A1~AK2*834*0101*005010X220A1~IK5*A~AK2*834*0102*005010X220A1~IK5*A~\
         AK2*834*0103*005010X220A1~IK5*A~AK9*A*3*3*3~SE*10*0502~GE*1*501~IEA*1*000000500~"
    );
}

#[test]
fn every_defect_is_answered_by_its_code() {
    let whole = enrollments();
    let without = |text: &str| whole.replacen(text, "", 1);
    let instead = |from: &str, to: &str| whole.replacen(from, to, 1);
    let cases = [
        (instead("IEA*1*000000031", "IEA*1*000000032"), "TA1 R 001"),
        (instead("IEA*1*", "IEA*2*"), "TA1 R 021"),
        (without("IEA*1*000000031~"), "TA1 R 023"),
        (instead("*131115*1800*^*00501", "*131315*1800*^*00501"), "TA1 R 014"),
        (instead("*131115*1800*^*00501", "*131115*2460*^*00501"), "TA1 R 015"),
        (instead("^*00501*", "^*00900*"), "TA1 R 017"),
        (instead("*1*T*:", "*7*T*:"), "TA1 R 019"),
        (instead("*1*T*:", "*1*Z*:"), "TA1 R 020"),
        (instead("GE*3*41~", "GE*3*41~XX*1~"), "TA1 R 022"),
        (instead("GE*3*41", "GE*4*41"), "AK9 R [4, 3, 0] [\"5\"]"),
        (instead("GE*3*41", "GE*3*42"), "AK9 R [3, 3, 0] [\"4\"]"),
        (without("GE*3*41~"), "AK9 R [3, 3, 0] [\"3\"]"),
        (instead("SE*10*0101", "SE*11*0101"), "0101 R [\"4\"] []"),
        (instead("SE*10*0101", "SE*10*0109"), "0101 R [\"3\"] []"),
        (without("SE*10*0101~"), "0101 R [\"2\"] []"),
        (whole.replace("0102", "0101"), "0101 R [\"23\"] []"),
        (instead("REF*0F*1~", "ZZZ*1~"), "0101 R [\"5\"] [\"segment 4 (AAA): segment id is not known [1]\"]"),
        (
            instead("BGN*00*1*20131115~", "REF*38*1~"),
            "0101 R [\"5\"] [\"segment 2 (BGN): required segment is missing [3]\"]",
        ),
        (
            instead("INS*Y*18*021*28", "INS*Y**021*28"),
            "0101 R [\"5\"] [\"segment 3 (INS): segment has errors in its elements [8]; element 2 (1069): required element is \
             missing [1]\"]",
        ),
        (
            instead("19800228", "19800230"),
            "0101 R [\"5\"] [\"segment 7 (DMG): segment has errors in its elements [8]; element 2 (1251): date is invalid [8]\"]",
        ),
    ];
    for (file, expected) in cases {
        let lines = told(&answered(&file));
        assert!(lines.iter().any(|line| line == expected), "expected {expected}: {lines:#?}");
        let rejects_interchange = expected.starts_with("TA1 R");
        assert_eq!(lines.len() == 1, rejects_interchange, "no 999 follows a rejected interchange: {lines:#?}");
        if expected.starts_with("010") {
            assert_eq!(lines[1], "AK9 P [3, 3, 2] []", "{lines:#?}");
        }
    }
}

#[test]
fn numbers_that_come_a_second_time_are_refused() {
    let mut received = ReceivedNumbers::default();
    let mut again = |file: &str| told(&answer(file.as_bytes(), &mut received, &mut |_| Vec::new()).unwrap());
    assert_eq!(again(&enrollments())[0], "TA1 A 000");
    assert_eq!(again(&enrollments()), ["TA1 R 025"]);
    let renumbered = enrollments().replace("000000031", "000000032");
    assert_eq!(again(&renumbered)[1], "AK9 R [3, 3, 0] [\"6\"]");
}

fn damage_second(at: &PlacedSegment<'_>) -> Vec<Objection> {
    let is_second = at.place.set().is_some_and(|set| set.control == "0102");
    let error = SegmentError { segment: "DMG".into(), position: Some(7), code: "8".into(), ..SegmentError::default() };
    match at.segment.id() {
        b"DMG" if is_second => vec![Objection::Segment(error)],
        b"SE" if at.place.set().is_some_and(|set| set.control == "0103") => vec![Objection::Note(error)],
        _ => Vec::new(),
    }
}

#[test]
fn the_answerer_may_object() {
    let object = |wanted: Objection| {
        let mut once = Some(wanted);
        let mut object = |at: &PlacedSegment<'_>| at.place.set().and_then(|_| once.take()).into_iter().collect();
        told(&answer(enrollments().as_bytes(), &mut ReceivedNumbers::default(), &mut object).unwrap())
    };
    assert_eq!(object(Objection::Interchange("009".into())), ["TA1 R 009"]);
    assert_eq!(object(Objection::Group("2".into()))[1], "AK9 R [3, 3, 0] [\"2\"]");
    assert_eq!(object(Objection::Set("I6".into()))[2], "0101 R [\"I6\"] []");
    let answer = answer(enrollments().as_bytes(), &mut ReceivedNumbers::default(), &mut damage_second).unwrap();
    let lines = told(&answer);
    assert_eq!(lines[1], "AK9 P [3, 3, 2] []");
    assert!(lines[3].starts_with("0102 R [\"5\"]") && lines[4].starts_with("0103 E [\"5\"]"), "{lines:#?}");
    // What is written is read again.
    let contents = read(&write(&answer));
    assert_eq!(contents.damages, Vec::<String>::new());
    assert_eq!(contents.sets[1].segments, answer.interchanges[0].groups[0].sets[1].segments);
}

fn checked(acks: &[u8], file: &str) -> Findings {
    check(acks, file.as_bytes()).unwrap()
}

#[test]
fn an_answer_fits_the_file_it_was_made_for() {
    let whole = checked(&write(&answered(&enrollments())), &enrollments());
    assert!(whole.is_clean(), "{whole:#?}");
    let answer = answer(enrollments().as_bytes(), &mut ReceivedNumbers::default(), &mut damage_second).unwrap();
    let findings = checked(&write(&answer), &enrollments());
    assert_eq!((findings.sets, findings.accepted, findings.silent.len()), (3, 2, 0));
    assert_eq!(findings.problems, []);
    assert_eq!(findings.rejected[0].set.to_string(), "transaction set `0102` of group BE `41`");
    assert!(findings.rejected[0].words.contains("segment 7 (DMG)"), "{}", findings.rejected[0].words);
}

#[test]
fn what_does_not_fit_is_found() {
    let acks = String::from_utf8(write(&answered(&enrollments()))).unwrap();
    let with = |from: &str, to: &str| checked(acks.replacen(from, to, 1).as_bytes(), &enrollments());

    let silent = with("AK2*834*0103*005010X220A1~IK5*A~AK9*A*3*3*3~SE*10", "AK9*P*3*3*2~SE*8");
    assert_eq!(silent.silent[0].set, "0103");
    assert!(silent.problems.is_empty() && silent.accepted == 2, "{silent:#?}");

    let unnamed = with("AK2*834*0103*005010X220A1~IK5*A~AK9*A*3*3*3~SE*10", "AK9*A*3*3*3~SE*8");
    assert_eq!((unnamed.accepted, unnamed.silent.len()), (3, 0), "an accepted group accepts what it does not name");

    let stranger = with("AK2*834*0103", "AK2*834*0777");
    assert!(
        matches!(&stranger.problems[..], [Problem::AnswersNothing { what, .. }] if what.contains("`0777`")),
        "{stranger:#?}"
    );

    let group = with("AK1*BE*41", "AK1*BE*44");
    assert_eq!((group.silent.len(), group.problems.len()), (3, 4), "{group:#?}");

    let position =
        with("*0102*005010X220A1~IK5*A~", "*0102*005010X220A1~IK3*HD*99**8~IK3*HD*7**8~IK3*INS*5**3~IK5*R*5~");
    let problems: Vec<_> = position.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "segment 7 of transaction set `0102` of group BE `41` is DMG; the acknowledgement names HD",
            "transaction set `0102` of group BE `41` has 10 segments; the acknowledgement names segment 99 (HD)",
        ]
    );

    let count = with("AK9*A*3*3*3", "AK9*A*4*3*3");
    assert_eq!(count.problems[0].to_string(), "AK902 counts 4 transaction sets of group `41`; the file has 3");

    let rejected = with("AK9*A*3*3*3", "AK9*R*3*3*0*2");
    assert_eq!((rejected.accepted, rejected.rejected.len()), (0, 3));
    assert!(rejected.rejected[0].words.contains("version of the functional group"), "{}", rejected.rejected[0].words);

    let refused = with("1800*A*000", "1800*R*025");
    assert_eq!((refused.interchanges_rejected.len(), refused.silent.len(), refused.problems.len()), (1, 0, 3));
}

fn files() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["../shared/samples", "tests/fixtures/acks", "tests/fixtures/x12/accepted"];
    let entries = folders.into_iter().filter_map(|folder| fs::read_dir(root.join(folder)).ok()).flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "edi" || e == "txt"));
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Everything that can be done with a file of any kind.
fn exercise(bytes: &[u8], other: &[u8]) {
    let mut acks = Acks::new(bytes);
    while let Ok(Some(_)) = acks.next() {}
    if let Ok(answer) = answer(bytes, &mut ReceivedNumbers::default(), &mut |_| Vec::new()) {
        let written = write(&answer);
        if !written.is_empty() {
            let contents = read(&written);
            assert_eq!(contents.damages, Vec::<String>::new(), "{}", String::from_utf8_lossy(&written));
        }
    }
    let _ = check(bytes, other);
    let _ = check(other, bytes);
}

#[test]
fn no_prefix_and_no_mutation_makes_a_panic_and_every_answer_is_sound() {
    let (partial, originals) = (fixture("partial.edi"), files());
    let mut state = 2013_u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit.max(1)
    };
    for original in &originals {
        for end in (0..original.len()).step_by(19) {
            exercise(&original[..end], &partial);
        }
        for _ in 0..20 {
            let mut bytes = original.clone();
            for _ in 0..=below(3) {
                let at = below(bytes.len());
                match below(4) {
                    0 => bytes.truncate(at),
                    1 => drop(bytes.drain(at..(at + below(60)).min(original.len()).min(bytes.len()).max(at))),
                    2 => bytes.insert(at, *b"*~:^\nISTEA0\xff".get(below(12)).unwrap()),
                    _ => bytes.iter_mut().skip(at).take(2).for_each(|b| *b = b'9'),
                }
                if bytes.is_empty() {
                    break;
                }
            }
            exercise(&bytes, &partial);
        }
    }
}

#[test]
fn an_independent_validator_accepts_what_is_written() {
    let Some(validator) = crate::pyx12::validator() else { return };
    let folder = tempfile::tempdir().unwrap();
    let damaged = enrollments().replacen("19800228", "19800230", 1).replacen("INS*Y*18*021", "INS*Y**021", 1);
    let objected = answer(enrollments().as_bytes(), &mut ReceivedNumbers::default(), &mut damage_second).unwrap();
    let rejected = answered(&enrollments().replace("IEA*1*", "IEA*2*"));
    for (name, answer) in [
        ("sound", answered(&enrollments())),
        ("damaged", answered(&damaged)),
        ("objected", objected),
        ("rejected", rejected),
    ] {
        let text = String::from_utf8(write(&answer)).unwrap();
        let said = validate(&validator, &folder.path().join(format!("{name}.edi")), &text);
        // X12.5 puts a TA1 right after ISA; the validator's map knows it after the groups alone, and asks for a group.
        let other =
            said.lines().filter(|line| line.contains("ERROR") && !line.contains(r#"loop "Functional Group Header""#));
        assert!(said.contains(": OK") && other.count() == 0, "{name}: {said}");
        let (before, rest) = text.split_once("TA1*").unwrap();
        let (ta1, after) = rest.split_once('~').unwrap();
        if let Some((groups, trailer)) = after.split_once("IEA*1") {
            let moved = format!("{before}{groups}TA1*{ta1}~IEA*1{trailer}");
            let said = validate(&validator, &folder.path().join(format!("{name}_moved.edi")), &moved);
            assert!(said.contains(": OK") && !said.contains("ERROR"), "{name}: {said}");
        }
    }
}

fn validate(validator: &std::ffi::OsStr, path: &Path, text: &str) -> String {
    fs::write(path, text).unwrap();
    let output = std::process::Command::new(validator).arg(path).output().unwrap();
    [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat()
}
