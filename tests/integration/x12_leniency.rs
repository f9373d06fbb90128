//! What senders do beside the guide, and files that are no X12 yet: every reader takes them alike, and says what is to be done.

use super::x12_made::{employer, x12};
use johndoe::redact::{Key, redact};
use johndoe::wire::ack::{Ack, Acks, check};
use johndoe::wire::check::{Checker, History, Options, Rule};
use johndoe::wire::diff::Difference;
use johndoe::wire::eligibility::{Answer, Item as Answered, Question, Responses, inquiries, meaning};
use johndoe::wire::outline::{ItemKind, Outline};
use johndoe::wire::x12::{Completeness, Item, Reader, Segments, Step, completeness};
use std::fs;
use std::path::Path;

const ISA: &str =
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~";

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// Groups and members, and what is damaged.
fn enrollments(file: &str) -> (Vec<usize>, Vec<String>) {
    let mut reader = Reader::new(file.as_bytes());
    let (mut groups, mut damages) = (Vec::new(), Vec::new());
    while let Some(item) = reader.next().unwrap() {
        match item {
            Item::Group(group) => groups.push(group.members().count()),
            Item::Damage(damage) => damages.push(damage.to_string()),
        }
    }
    (groups, damages)
}

/// Every item but envelopes: its kind, and what is said of it.
fn outline(file: &str) -> Vec<(ItemKind, String)> {
    let mut outline = Outline::new(file.as_bytes());
    let mut items = Vec::new();
    while let Some(item) = outline.next().unwrap() {
        let said = ["problem", "begins", "first_name"].iter().map(|name| String::from_utf8_lossy(item.text(name)));
        items.push((item.kind, said.collect::<Vec<_>>().concat()));
    }
    items.retain(|(kind, _)| matches!(kind, ItemKind::Member | ItemKind::Lost | ItemKind::Damage));
    items
}

fn broken_rules(file: &str) -> Vec<Rule> {
    let mut checker = Checker::new(file.as_bytes(), Options::default(), History::default());
    let mut rules = Vec::new();
    while let Some(finding) = checker.next().unwrap() {
        rules.push(finding.rule);
    }
    rules
}

fn ack_damages(file: &str) -> Vec<String> {
    let mut acks = Acks::new(file.as_bytes());
    let mut damages = Vec::new();
    while let Some(ack) = acks.next().unwrap() {
        if let Ack::Damage(damage) = ack {
            damages.push(damage.to_string());
        }
    }
    damages
}

fn segments(file: &[u8]) -> usize {
    let mut segments = Segments::new(file);
    let mut count = 0;
    while let Some(step) = segments.next().unwrap() {
        count += usize::from(matches!(step, Step::Segment(_)));
    }
    count
}

/// A line break too many is what most editors leave, a terminator too many what most programs do.
fn doubled(file: &str) -> String {
    file.replace("~\n", "~~\n").replacen("~~\n", "~ ~\n", 1)
}

#[test]
fn a_terminator_too_many_is_damage_to_no_reader_and_a_finding_of_the_check() {
    let file = fixture("x12/accepted/initial_family.edi");
    let twice = doubled(&file);
    assert_eq!(enrollments(&twice), (vec![3], vec![]));
    assert_eq!(completeness(twice.as_bytes()).unwrap(), Completeness::Complete);
    assert_eq!(outline(&twice), outline(&file));
    assert_eq!(segments(twice.as_bytes()), segments(file.as_bytes()));
    assert!(Difference::between(file.as_bytes(), twice.as_bytes(), vec![]).unwrap().is_none());
    assert!(broken_rules(&twice).contains(&Rule::Stray));
    let (mut copy, mut of_twice) = (Vec::new(), Vec::new());
    redact(file.as_bytes(), &Key::new(b"key"), &mut copy).unwrap();
    redact(twice.as_bytes(), &Key::new(b"key"), &mut of_twice).unwrap();
    assert_eq!(String::from_utf8(of_twice).unwrap(), doubled(&String::from_utf8(copy).unwrap()));

    let acks = doubled(&fixture("acks/partial.edi").replace("~\n", "~").replace('~', "~\n"));
    assert!(acks.contains("~~"));
    assert_eq!(ack_damages(&acks), Vec::<String>::new());
    let answer = doubled(&fixture("eligibility/271/active.edi").replace("~\n", "~").replace('~', "~\n"));
    let items = Responses::new(answer.as_bytes()).collect().unwrap();
    assert!(matches!(meaning(items, Question { trace: "RUN-1-7-1" }), Answer::Active(_)), "{answer}");
    let question = doubled(&fixture("eligibility/by_name.270.edi").replace("~\n", "~").replace('~', "~\n"));
    assert_eq!(inquiries(question.as_bytes()).unwrap().len(), 1);
}

/// Lines of one length, whatever ends there.
fn cut(text: &str, width: usize, ends: &str) -> String {
    let whole = text.replace('\n', "");
    let lines: Vec<_> = whole.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line)).collect();
    lines.join(ends)
}

#[test]
fn a_file_cut_into_lines_is_told_by_every_reader_and_read_by_those_that_join_them() {
    let text = fixture("x12/accepted/initial_family.edi");
    let remedy = "the file is cut into lines; expected line breaks after segments only; join the lines";
    for width in [72, 80, 132, 512] {
        let file = cut(&text, width, "\n");
        let (groups, damages) = enrollments(&file);
        assert!(groups.is_empty() && damages.len() == 1 && damages[0].contains(remedy), "{width}: {damages:?}");
        let mut read = Segments::new(file.as_bytes());
        let Some(Step::Lost(lost)) = read.next().unwrap() else { panic!("nothing told") };
        assert!(lost.kind.to_string().contains(remedy) && lost.length == 0, "{lost:?}");
        assert_eq!(segments(file.as_bytes()), segments(text.as_bytes()), "{width}");
        assert!(ack_damages(&file)[0].contains("it is read with its lines joined"));
        assert!(redact(file.as_bytes(), &Key::new(b"key"), std::io::sink()).unwrap_err().to_string().contains(remedy));
        assert!(inquiries(file.as_bytes()).unwrap_err().what.contains(remedy));
        let mut checker = Checker::new(file.as_bytes(), Options::default(), History::default());
        assert!(checker.next().unwrap().unwrap().to_string().contains(remedy));
    }
    // Lines of several lengths: what was taken out of them, nobody knows.
    let file = cut(&text, 80, "\n").replacen("          \n", "\n", 1).replacen("*00*          *ZZ", "*00*\n*ZZ", 1);
    let mut read = Segments::new(file.as_bytes());
    let Some(Step::Lost(lost)) = read.next().unwrap() else { panic!("nothing told") };
    assert!(lost.kind.to_string().contains(remedy) && lost.length == file.len() as u64, "{lost:?}");
}

#[test]
fn places_in_joined_lines_are_those_in_the_file() {
    let many = three().replace('\n', "").replace("SE*", &("REF*ZZ*SOMETHING~".repeat(40_000) + "SE*"));
    for (width, ends) in [(80, "\n"), (133, "\r\n")] {
        let file = cut(&many, width, ends);
        let mut read = Segments::new(file.as_bytes());
        let mut places = 0;
        while let Some(step) = read.next().unwrap() {
            if let Step::Segment(found) = step {
                let at = usize::try_from(found.place.offset).unwrap();
                let begins = file[at..].chars().find(|letter| !letter.is_whitespace()).map(|letter| letter as u8);
                assert_eq!(begins, found.segment.bytes().first().copied(), "{width}: byte {at}");
                places += 1;
            }
        }
        assert!(places > 40_000);
        assert_eq!(read.place().offset, file.len() as u64);
    }
}

#[test]
fn a_line_break_inside_a_segment_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("whole.edi"), three()).unwrap();
    fs::write(folder.path().join("odd.edi"), three().replacen("MOSS*SAL", "MO\nSS*SAL", 1)).unwrap();
    let why = "a line break stands inside a segment `NM1`";
    let (exit, said) = x12(folder.path(), &["inspect", "odd.edi"]);
    assert!(exit == Some(0) && said.contains(why) && said.contains("MO\\u000aSS"), "{exit:?} {said}");
    let (exit, said) = x12(folder.path(), &["diff", "whole.edi", "odd.edi"]);
    assert!(exit == Some(2) && said.contains(why), "{exit:?} {said}");
    let (exit, said) = x12(folder.path(), &["diff", "whole.edi", "odd.edi", "--lenient"]);
    assert!(exit == Some(1) && said.contains("1 changed") && said.contains("2 the same"), "{exit:?} {said}");
}

/// Inside a member, a header, another set, and where nothing is open.
#[test]
fn what_is_written_oddly_is_told_behind_the_item_in_which_it_stands() {
    let eligibility = fixture("eligibility/dependent.270.edi");
    let odd = [
        three().replacen("MOSS*SAL", "MO\nSS*SAL", 1),
        three().replacen("NM1*", "nm1*", 2),
        three().replacen("BGN*00*", "BGN*00*\n", 1).replacen("NM1*", "nm1*", 1),
        three().replacen("GS*BE*", "GS*BE\n*", 1),
        eligibility.replacen("NM1*PR*", "NM1*PR\n*", 1).replacen("TRN*", "trn*", 1),
        eligibility.replacen("ST*270*", "ST*270\n*", 1),
    ];
    for file in odd {
        let mut outline = Outline::new(file.as_bytes());
        let (mut last, mut damages) = (0, 0);
        while let Some(item) = outline.next().unwrap() {
            assert!(item.offset >= last, "{:?} at {} after {last}: {file}", item.kind, item.offset);
            last = item.offset;
            damages += usize::from(item.kind == ItemKind::Damage);
        }
        assert!(damages > 0 && outline.flaw().is_some(), "{file}");
    }
}

#[test]
fn a_wrong_count_says_that_the_set_is_not_read_and_the_outline_shows_it_all_the_same() {
    let file = fixture("x12/accepted/initial_family.edi");
    let (before, after) = file.split_at(file.find("SE*").unwrap());
    let (trailer, rest) = after.split_at(after.find('~').unwrap());
    let counted = trailer.split('*').nth(1).unwrap();
    let wrong = format!("{before}{}{rest}", trailer.replacen(counted, "7", 1));
    let (groups, damages) = enrollments(&wrong);
    assert!(groups.is_empty());
    let said = format!("trailer `SE` counts `7`; expected `{counted}`, as found");
    assert!(damages[0].starts_with(&format!("{said}; the set's 3 members are not read (ISA")), "{damages:?}");
    let items = outline(&wrong);
    let members = items.iter().filter(|(kind, _)| *kind == ItemKind::Member).count();
    assert_eq!((members, items.last()), (3, Some(&(ItemKind::Damage, said))));
    assert!(outline(&file).iter().all(|(kind, _)| *kind == ItemKind::Member));
    // What has no trailer at all is marked at the end of the file, every envelope of it.
    let cut = &file[..file.find("SE*").unwrap()];
    let (kind, said) = outline(cut).pop().unwrap();
    assert_eq!((kind, said.as_str()), (ItemKind::Damage, "file ends before the trailer `SE`"));
}

/// Families whose dependents stand under ids of their own, more of them than fit into the reader's window.
#[test]
fn families_under_their_own_ids_are_put_together_across_the_window() {
    let mut file = format!("{ISA}GS*BE*A*B*20131115*1010*1*X*005010X220A1~ST*834*0001~BGN*00*1*20131115~");
    let families = 9_000;
    for n in 0..families {
        file += &format!("INS*Y*18*021*28~REF*0F*S{n}~NM1*IL*1*DOE*JO~HD*021**HLT~");
        for dependent in 1..3 {
            file +=
                &format!("INS*N*19*021*28~REF*0F*S{n}D{dependent}~REF*17*S{n}D{dependent}~NM1*IL*1*DOE*X~HD*021**HLT~");
        }
    }
    file += &format!("SE*{}*0001~GE*1*1~IEA*1*000000001~", 3 + families * 14);
    assert!(file.len() > 1 << 20);
    let (groups, damages) = enrollments(&file);
    assert_eq!(damages, Vec::<String>::new());
    assert!(groups.len() == families && groups.iter().all(|members| *members == 3), "{} groups", groups.len());

    // Nobody but such dependents: there is no subscriber to wait for, and nothing is too large.
    let alone = "INS*N*19*021*28~REF*0F*D~REF*17*D~NM1*IL*1*DOE*X~";
    let mut file = format!("{ISA}GS*BE*A*B*20131115*1010*1*X*005010X220A1~ST*834*0001~BGN*00*1*20131115~");
    for n in 0..30_000 {
        file += &alone.replace("*D~", &format!("*D{n}~"));
    }
    file += "SE*120003*0001~GE*1*1~IEA*1*000000001~";
    let (groups, damages) = enrollments(&file);
    assert_eq!((groups.len(), damages), (30_000, vec![]));
}

#[test]
fn acknowledgements_are_told_once_and_by_the_numbers_that_were_written() {
    let file = "GS*FA*B*A*20131115*1010*1*X*005010X231A1~ST*999*0001*005010X231A1~AK1*BE*42~AK2*834*0001~IK5*R~\
                CTX*I6~CTX*I7~AK2*834*0002~IK5*R~CTX*I6~AK9*R*2*2*0~SE*11*0001~GE*1*1~IEA*1*000000001~";
    let damages = ack_damages(&format!("{ISA}{file}"));
    assert_eq!(damages.len(), 2, "{damages:?}");
    assert!(damages[0].contains("segment 5 ") && damages[1].contains("segment 9 "), "{damages:?}");

    let enrollments = fixture("x12/accepted/own_ids.edi");
    let other = format!("{ISA}GS*FA*B*A*20131115*1010*1*X*005010X231A1~GE*0*1~IEA*1*000000001~");
    let silent = check(other.as_bytes(), enrollments.as_bytes()).unwrap().silent;
    assert_eq!(silent[0].to_string(), "transaction set `0001` of group BE `5`");
}

/// IEA01 counts groups, of which an interchange of one TA1 has none; some senders write 1.
#[test]
fn an_interchange_of_one_ta1_may_count_it() {
    let of = |said: &str| format!("{ISA}TA1*000000050*131115*1200*A*000~IEA*{said}*000000001~");
    for said in ["0", "1"] {
        assert_eq!(ack_damages(&of(said)), Vec::<String>::new(), "{said}");
        assert_eq!(completeness(of(said).as_bytes()).unwrap(), Completeness::Complete, "{said}");
    }
    assert_eq!(ack_damages(&of("2")).len(), 1);
    assert_eq!(ack_damages(&format!("{ISA}IEA*1*000000001~")).len(), 1);
}

#[test]
fn an_answer_that_disagrees_says_what_was_found_and_what_was_expected() {
    let whole = fixture("eligibility/271/not_found.edi");
    for (found, put, said) in [
        ("SE*11*0001", "SE*10*0001", "trailer `SE` counts `10`; expected `11`, as found"),
        ("SE*11*0001", "SE*11*0002", "trailer `SE` has control number `0002`; expected `0001`, as its header has"),
    ] {
        let items = Responses::new(whole.replace(found, put).as_bytes()).collect().unwrap();
        let broken = items.iter().find_map(|item| match item {
            Answered::Broken(broken) => Some(broken.what.clone()),
            _ => None,
        });
        assert_eq!(broken.as_deref(), Some(said));
    }
}

/// Some receivers reject the only set of a group and accept the group.
#[test]
fn a_question_rejected_in_an_accepted_group_is_refused() {
    let file = "GS*FA*B*A*20131115*1010*1*X*005010X231A1~ST*999*0001*005010X231A1~AK1*HS*42~AK2*270*0001~IK5*R*5~\
                AK9*A*1*1*1~SE*6*0001~GE*1*1~IEA*1*000000001~";
    let items = Responses::new(format!("{ISA}{file}").as_bytes()).collect().unwrap();
    let Answer::CouldNotLook { reason, .. } = meaning(items, Question { trace: "1" }) else { panic!("an answer") };
    let said =
        "the question was refused and not answered: 999 `A` (accepted), and the question in it `R` (rejected): IK5 R 5";
    assert_eq!(reason, said);
}

#[test]
fn what_is_wrapped_is_refused_with_what_takes_the_wrapping_off() {
    let utf_16 = |order: fn(u16) -> [u8; 2]| ISA.encode_utf16().flat_map(order).collect::<Vec<_>>();
    let with_mark = |mark: &[u8], text: Vec<u8>| [mark.to_vec(), text].concat();
    let files: [(Vec<u8>, &str); 9] = [
        (utf_16(u16::to_le_bytes), "iconv"),
        (utf_16(u16::to_be_bytes), "iconv"),
        (with_mark(b"\xff\xfe", utf_16(u16::to_le_bytes)), "iconv"),
        (with_mark(b"\xfe\xff", utf_16(u16::to_be_bytes)), "iconv"),
        (b"-----BEGIN PGP MESSAGE-----\n\nhQEMA".to_vec(), "gpg --decrypt"),
        (b"\x85\x01\x0c\x03\x12\x34".to_vec(), "gpg --decrypt"),
        (b"\xc1\xc0\x4c\x03\x12\x34".to_vec(), "gpg --decrypt"),
        (b"PK\x03\x04\x14\0".to_vec(), "unzip"),
        (b"\x1f\x8b\x08\0".to_vec(), "gunzip"),
    ];
    for (bytes, remedy) in files {
        let of_reader = Reader::new(bytes.as_slice()).next().unwrap_err().to_string();
        let of_segments = Segments::new(bytes.as_slice()).next().unwrap_err().to_string();
        assert!(of_reader.contains(remedy) && of_reader.contains("expected X12"), "{of_reader}");
        assert_eq!(of_reader, of_segments);
        assert!(
            matches!(completeness(bytes.as_slice()).unwrap(), Completeness::Incomplete { closed: true, .. }),
            "waiting for more will not mend it"
        );
    }
}

/// An employer's file whose three members every tool has to show.
fn three() -> String {
    let member = |number: u32, first: &str| {
        format!(
            "INS*Y*18*021*28*A***FT\nREF*0F*K{number}\nNM1*IL*1*MOSS*{first}\nDMG*D8*197{number}0612*F\nHD*021**HLT**IND\n\
             DTP*348*D8*20240401\n"
        )
    };
    employer(&[member(1, "IVY"), member(2, "SAL"), member(3, "REX")].concat())
}

#[test]
fn what_is_written_oddly_is_read_and_told_by_every_tool() {
    let text = three();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("whole.edi"), &text).unwrap();
    let tag = |line: &str| line.split_once('*').map(|(tag, rest)| format!("{}*{rest}\n", tag.to_lowercase()));
    let small: String = text.lines().filter_map(tag).collect();
    let odd: [(String, &str); 10] = [
        (cut(&text, 80, "\n"), "cut into lines of one length"),
        (cut(&text, 80, "\r\n") + "\r\n", "cut into lines of one length"),
        (cut(&text, 200, "\n"), "cut into lines of one length"),
        (text.replacen("*P*:~", "*P*: ~", 1), "between ISA16 and its terminator"),
        (text.replacen("*P*:~", "*P*:\n~", 1), "between ISA16 and its terminator"),
        (text.replace('\n', "").replacen("*P*:~", "*P*:\r\n~", 1), "between ISA16 and its terminator"),
        (
            text.replace("INS*", "ins*").replace("NM1*", "nm1*").replace("HD*", "hd*"),
            "in small letters, first that of `INS`",
        ),
        (small.replacen("isa*", "ISA*", 1), "in small letters, first that of `GS`"),
        (format!("From: payroll\nSubject: our members\n\n{text}"), "no interchange header `ISA`"),
        (format!("$$ADD ID=NORTHMILL BID='834'\n{text}"), "no interchange header `ISA`"),
    ];
    for (number, (odd, why)) in odd.iter().enumerate() {
        fs::write(folder.path().join("odd.edi"), odd).unwrap();
        let (exit, said) = x12(folder.path(), &["inspect", "odd.edi"]);
        let members = said.matches("MOSS").count();
        assert!(exit == Some(0) && members == 3 && said.contains(why), "{number}: {exit:?} {said}");
        let (exit, said) = x12(folder.path(), &["validate", "odd.edi", "--profile", "guide"]);
        assert!(exit == Some(1) && said.contains("3 members"), "{number}: {said}");
        let (exit, said) = x12(folder.path(), &["diff", "whole.edi", "odd.edi"]);
        assert!(exit == Some(2) && said.contains("is not whole"), "{number}: {said}");
        let (exit, said) = x12(folder.path(), &["diff", "whole.edi", "odd.edi", "--lenient"]);
        assert!(exit == Some(0) && said.contains("3 the same"), "{number}: {said}");
    }
}

#[test]
fn a_header_of_another_width_is_told_and_its_file_is_compared() {
    let text = three();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("whole.edi"), &text).unwrap();
    fs::write(folder.path().join("odd.edi"), text.replacen("*NORTHMILL      *", "*NORTHMILL*", 1)).unwrap();
    let (exit, said) = x12(folder.path(), &["inspect", "odd.edi"]);
    assert!(exit == Some(0) && said.contains("interchange header has 99 bytes; expected 105"), "{said}");
    assert_eq!(x12(folder.path(), &["diff", "whole.edi", "odd.edi"]).0, Some(0));
}

#[test]
fn where_nothing_is_read_the_cause_is_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let text = three();
    let (start, end) = (text.find("ST*").unwrap(), text.find("GE*").unwrap());
    for (odd, why) in [
        (cut(&text, 80, "\n").replacen("*00*          *ZZ", "*00*\n*ZZ", 1), "the file is cut into lines"),
        (text[start..end].to_owned(), "put ISA, GS, GE and IEA around the set"),
        (text.replacen("ISA*", "ISA", 1), "`ISA`"),
    ] {
        fs::write(folder.path().join("odd.edi"), odd).unwrap();
        for words in [&["inspect", "odd.edi"][..], &["inspect", "odd.edi", "--json"], &["diff", "odd.edi", "odd.edi"]] {
            let (exit, said) = x12(folder.path(), words);
            assert!(exit == Some(2) && said.contains(why), "{words:?}: {exit:?} {said}");
        }
    }
}
