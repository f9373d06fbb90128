//! `x12 inspect`, `diff`, `redact`: what they say of files whose content is known, and that nothing of a person is left.

use super::feeds::gzip;
use super::x12_mutants::{fixture, recounted};
use johndoe::redact::{Error, Key, redact};
use johndoe::wire::check::{Checker, History, Options, Profile};
use johndoe::wire::diff::{Change, Difference, Prints, Told, keep};
use johndoe::wire::outline::{ItemKind, Outline};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|e| e == "edi" || e == "txt"));
    found.sort();
    found
}

fn items(bytes: &[u8]) -> Vec<Value> {
    let mut outline = Outline::new(bytes);
    let mut lines = Vec::new();
    while let Ok(Some(item)) = outline.next() {
        item.write_json("x", &mut lines);
    }
    lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).unwrap()).collect()
}

#[test]
fn an_enrollment_is_shown_member_by_member_with_codes_in_words() {
    let found = items(fixture("initial_family.edi").as_bytes());
    let kinds: Vec<_> = found.iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["interchange", "group", "set", "member", "member", "member"]);
    let expected = [
        (0, "sender", "CMSFFM"),
        (0, "usage_means", "test"),
        (1, "receiver", "54321VA0020003"),
        (2, "reference", "440012"),
        (2, "total_dependents", "2"),
        (2, "sponsor", "Ana Rivera"),
        (3, "relationship_means", "self"),
        (3, "name_suffix", "Jr"),
        (3, "mail_city", "Ashland"),
        (3, "city", "Richmond"),
        (3, "aptc", "0"),
        (3, "total_responsibility", "831.0"),
        (3, "set_control", "3001"),
        (4, "relationship_means", "spouse"),
        (4, "ssn", "*****1234"),
        (4, "tobacco_means", "tobacco use"),
        (5, "maintenance_type_means", "addition"),
        (5, "plan_id", "54321VA002000304"),
        (5, "premium", "200"),
    ];
    for (item, field, value) in expected {
        assert_eq!(found[item][field], *value, "{field} of item {item}: {}", found[item]);
    }
    assert_eq!(found[3]["segment_number"], 7);
    let offset = usize::try_from(found[4]["offset"].as_u64().unwrap()).unwrap();
    assert!(fixture("initial_family.edi")[offset..].starts_with("INS*N*01"));
}

#[test]
fn every_member_of_public_files_is_an_item_and_every_line_is_json() {
    for path in samples() {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let found = items(&bytes);
        let members = found.iter().filter(|item| item["kind"] == "member").count();
        // A count that knows nothing of segments: INS after a line break or a terminator, where the file is one of 834s.
        let separator = text.chars().nth(3).unwrap_or('*');
        let wanted = if text.contains(&format!("ST{separator}834")) && text.starts_with("ISA") {
            let marks = ['~', '\n', '\r', '\u{1c}', ' '];
            text.match_indices(&format!("INS{separator}")).filter(|(at, _)| text[..*at].ends_with(marks)).count()
        } else {
            0
        };
        assert_eq!(members, wanted, "{}", path.display());
        for end in (0..bytes.len()).step_by(61) {
            items(&bytes[..end]);
        }
    }
}

/// What differs, in one line each, and how many are the same.
fn compare(first: &str, second: &str, ignored: &[&str]) -> (Vec<String>, Difference) {
    let ignored = ignored.iter().map(ToString::to_string).collect();
    let difference = Prints::read(first.as_bytes(), ignored).unwrap().compare(second.as_bytes()).unwrap();
    let mut lines = Vec::new();
    let kept = keep(first.as_bytes(), &difference, |change| lines.push(line(&change))).unwrap();
    let told = Told { difference, kept };
    told.tell(second.as_bytes(), |change| lines.push(line(&change))).unwrap();
    (lines, told.difference)
}

fn line(change: &Change) -> String {
    let fields: Vec<_> = change.fields.iter().map(|f| format!("{} {}>{}", f.name, f.first, f.second)).collect();
    format!("{} {} {}", change.kind.name(), change.name, fields.join("; ")).trim_end().to_owned()
}

/// The household's members in another order, each in a set of its own.
fn regrouped(text: &str) -> String {
    let (start, end) = (text.find("INS*").unwrap(), text.find("SE*").unwrap());
    let (from, trailer) = (text.find("ST*").unwrap(), text.find("GE*").unwrap());
    let body = &text[start..end];
    let starts: Vec<_> = body.match_indices("INS*").map(|(at, _)| at).chain([body.len()]).collect();
    let members: Vec<_> = starts.windows(2).map(|pair| &body[pair[0]..pair[1]]).rev().collect();
    let sets = members.iter().enumerate().map(|(number, member)| {
        let header = text[from..start].replace("3001", &format!("900{number}"));
        format!("{header}{member}SE*0*900{number}~\n")
    });
    let text = format!("{}{}{}", &text[..from], sets.collect::<String>(), text[trailer..].replace("GE*1", "GE*3"));
    recounted(&text)
}

#[test]
fn order_and_grouping_are_no_difference() {
    let text = fixture("initial_family.edi");
    let (lines, found) = compare(&text, &regrouped(&text), &[]);
    assert_eq!((lines.as_slice(), found.same), (&[][..], 3));
    assert!(found.is_none());
}

#[test]
fn a_changed_field_is_told_with_both_values_and_money_is_compared_as_money() {
    let text = fixture("initial_family.edi");
    let other = regrouped(&text)
        .replace("NM1*IL*1*Rivera*Tom*", "NM1*IL*1*Rivera*Thomas*")
        .replace("*34*666451234", "*34*666459999")
        .replace("REF*9X*200~", "REF*9X*200.00~");
    let (lines, found) = compare(&text, &other, &[]);
    assert_eq!(lines, ["changed Thomas Rivera first_name Tom>Thomas; ssn *****1234>*****9999"]);
    assert_eq!(found.same, 2);
    let (lines, _) = compare(&text, &other, &["first_name", "ssn"]);
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn who_is_added_or_removed_is_told() {
    let text = fixture("initial_family.edi");
    let (start, end) = (text.find("INS*N*19").unwrap(), text.find("SE*").unwrap());
    let without = recounted(&format!("{}{}", &text[..start], &text[end..]));
    assert_eq!(compare(&text, &without, &[]).0, ["removed Li Rivera-O'Neal"]);
    assert_eq!(compare(&without, &text, &[]).0, ["added Li Rivera-O'Neal"]);
}

#[test]
fn several_records_of_one_member_are_matched_one_by_one() {
    let text = fixture("initial_family.edi");
    let (start, end) = (text.find("INS*N*19").unwrap(), text.find("SE*").unwrap());
    let child = text[start..end].to_owned();
    let changed = child.replace("Boston", "Salem");
    let twice = |a: &str, b: &str| recounted(&format!("{}{a}{b}{}", &text[..start], &text[end..]));
    assert_eq!(compare(&twice(&child, &changed), &twice(&changed, &child), &[]).0, Vec::<String>::new());
    assert_eq!(compare(&twice(&child, &child), &twice(&child, &changed), &[]).0.len(), 1);
    assert_eq!(compare(&twice(&child, &child), &text, &[]).0, ["removed Li Rivera-O'Neal"]);
}

fn redacted(text: &str, secret: &str) -> String {
    let mut copy = Vec::new();
    redact(text.as_bytes(), &Key::new(secret.as_bytes()), &mut copy).unwrap();
    String::from_utf8(copy).unwrap()
}

#[test]
fn nothing_of_a_person_is_left_and_the_copy_is_as_sound_as_the_file() {
    let text = fixture("initial_family.edi");
    let copy = redacted(&text, "key");
    let secrets = [
        "Rivera",
        "Ana",
        "Tom",
        "*Li~",
        "O'Neal",
        "666451234",
        "8045550101",
        "jd.ana",
        "Oak Lane",
        "PO Box",
        "Elm",
        "Richmond",
        "Boston",
        "Ashland",
        "19800229",
        "19791231",
        "0000700001",
        "0000700002",
        "0000700003",
        "9900441",
        "700123456",
        "51760",
        "25025",
    ];
    for secret in secrets {
        assert!(text.contains(secret) && !copy.contains(secret), "`{secret}` is left in {copy}");
    }
    let mut checker = Checker::new(copy.as_bytes(), Options { profile: Profile::Auto, limit: 99 }, History::default());
    assert_eq!(checker.next().unwrap(), None);
    for kept in
        ["54321VA002000304", "REF*9X*831~", "DTP*348*D8*20140101~", "N1*75*APTC AMT~", "R-VA007", "HD*021**HLT~"]
    {
        assert_eq!(copy.matches(kept).count(), text.matches(kept).count(), "{kept}");
    }
    assert_eq!(copy.lines().count(), text.lines().count());
}

#[test]
fn the_same_person_becomes_the_same_person_with_the_same_secret() {
    let (text, later) = (fixture("initial_family.edi"), fixture("cancellation.edi"));
    let (first, second) = (redacted(&text, "key"), redacted(&later, "key"));
    let id = |text: &str| text.split("REF*0F*").nth(1).unwrap().split('~').next().unwrap().to_owned();
    assert_eq!(id(&first), id(&second));
    assert_ne!(id(&first), id(&redacted(&text, "another key")));
    let members: Vec<_> = first.match_indices(&id(&first)).collect();
    assert_eq!(members.len(), text.matches("0000700001").count());
}

#[test]
fn other_delimiters_line_breaks_and_free_text_are_no_way_out() {
    let text = fixture("initial_family.edi").replace("HLH*T~", "HLH*T~\nNTE*ADD*Tom Rivera called~\nZZZ*Tom*Rivera~");
    let text = text.replace("N1*75*RATING AREA", "N1*75*TOM RIVERA");
    let text = recounted(&text).replace("~\n", "~\r\n").replace('*', "|").replace(':', ">");
    let copy = redacted(&text, "key");
    assert!(!["Rivera", "RIVERA", "called"].iter().any(|word| copy.contains(word)), "{copy}");
    assert_eq!(copy.matches("~\r\n").count(), text.matches("~\r\n").count());
    assert_eq!(copy.matches('|').count(), text.matches('|').count());
}

#[test]
fn what_is_not_understood_is_refused() {
    let text = fixture("initial_family.edi");
    let cases = [
        text.replace("GE*1*201~", "GE*1*201~\nTom Rivera~"),
        text.clone() + "Tom Rivera lives here",
        "Tom Rivera".to_owned(),
    ];
    for text in cases {
        let refused = redact(text.as_bytes(), &Key::new(b"key"), std::io::sink()).unwrap_err();
        assert!(matches!(refused, Error::NotUnderstood { .. } | Error::Read(_)), "{refused}");
        assert!(!refused.to_string().contains("lives here"), "{refused}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_any_bytes_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let text = fixture("initial_family.edi");
        let mut bytes = text.clone().into_bytes();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        items(&bytes);
        let _ = redact(bytes.as_slice(), &Key::new(b"key"), std::io::sink());
        if let Ok(prints) = Prints::read(bytes.as_slice(), Vec::new()) {
            let _ = prints.compare(text.as_bytes());
        }
    }
}

fn johndoe(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_johndoe")).args(words).current_dir(folder).output().unwrap()
}

#[test]
fn the_tools_say_by_their_exit_code_what_they_found() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let text = fixture("initial_family.edi");
    put("a.edi", &text);
    put("b.edi", &text.replace("Rivera*Tom", "Rivera*Thomas"));
    put("cut.edi", &text[..900]);
    put("bad.edi", &text.replace("INS*N*01", "INS*N*99"));
    put("note.txt", "no EDI at all");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["x12", "validate", "a.edi"], 0, "0 errors"),
        (&["x12", "validate", "bad.edi"], 1, "INS02 (ISA 000000101 GS 201 ST 3001 segment 58"),
        (&["x12", "validate", "note.txt", "bad.edi"], 2, "expected an X12 interchange header"),
        (&["x12", "validate", "nowhere.edi"], 2, "there is no file `nowhere.edi`"),
        (&["x12", "validate", "."], 2, "is a folder"),
        (&["x12", "inspect", "a.edi"], 0, "spouse Tom Rivera, born 1979-12-31, male"),
        (&["x12", "inspect", "--json", "a.edi"], 0, "\"last_name\":\"Rivera\""),
        (&["x12", "inspect", "note.txt"], 2, "expected an X12 interchange header"),
        (&["x12", "diff", "a.edi", "a.edi"], 0, "0 changed, 0 added, 0 removed, 3 the same"),
        (&["x12", "diff", "a.edi", "b.edi"], 1, "first name: `Tom` is now `Thomas`"),
        (&["x12", "diff", "a.edi", "b.edi", "--json"], 1, "\"field\":\"first_name\""),
        (&["x12", "diff", "a.edi", "cut.edi"], 2, "is not whole"),
        (&["x12", "diff", "a.edi", "-"], 2, "standard input"),
        (&["x12", "redact", "a.edi", "--out", "copy.edi"], 0, "elements replaced"),
        (&["x12", "redact", "note.txt", "--out", "none.edi"], 2, "expected an X12 interchange header"),
        (&["x12", "rules"], 0, "premium-sum (marketplace)"),
    ];
    for (words, code, expected) in cases {
        let output = johndoe(folder.path(), words);
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{words:?}: {said}");
        assert!(said.contains(expected), "{words:?}: {said}");
    }
    assert!(folder.path().join("copy.edi").exists() && !folder.path().join("none.edi").exists());
    assert!(!folder.path().join("none.edi.partial").exists());
}

#[test]
fn the_tools_say_of_compressed_files_what_they_say_of_plain_ones() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (text, other) =
        (fixture("initial_family.edi"), fixture("initial_family.edi").replace("Rivera*Tom", "Rivera*Thomas"));
    let packed = gzip(&text);
    for below in ["plain", "packed"] {
        fs::create_dir(at(below)).unwrap();
    }
    fs::write(at("plain/a.edi"), &text).unwrap();
    fs::write(at("packed/a.edi"), &packed).unwrap();
    fs::write(at("plain/b.edi"), &other).unwrap();
    fs::write(at("packed/b.edi"), gzip(&other)).unwrap();
    let tools: &[&[&str]] = &[
        &["x12", "inspect", "a.edi", "b.edi"],
        &["x12", "inspect", "--json", "a.edi"],
        &["x12", "validate", "a.edi", "b.edi"],
        &["x12", "diff", "a.edi", "b.edi"],
        &["x12", "redact", "a.edi", "--seed", "s"],
    ];
    for words in tools {
        let [plain, packed] = ["plain", "packed"].map(|below| johndoe(&at(below), words));
        assert_eq!((plain.status, &plain.stdout), (packed.status, &packed.stdout), "{words:?}");
        assert!(!plain.stdout.is_empty(), "{words:?}");
    }
    fs::write(at("cut.gz"), &packed[..packed.len() - 9]).unwrap();
    for tool in ["inspect", "validate", "redact"] {
        let output = johndoe(folder.path(), &["x12", tool, "cut.gz"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let wanted = "`cut.gz`: read failed: its compressed content (gzip) has no end yet";
        assert!(output.status.code() == Some(2) && said.contains(wanted), "{tool}: {said}");
    }
    let both = johndoe(folder.path(), &["x12", "diff", "plain/a.edi", "cut.gz"]);
    let said = String::from_utf8_lossy(&both.stderr).into_owned();
    assert!(both.status.code() == Some(2) && said.contains("its compressed content (gzip) has no end yet"), "{said}");
}

#[test]
fn every_kind_of_item_has_a_name_of_its_own() {
    let kinds = [
        ItemKind::Interchange,
        ItemKind::Acknowledgement,
        ItemKind::Group,
        ItemKind::Set,
        ItemKind::Member,
        ItemKind::Segment,
        ItemKind::Lost,
        ItemKind::Damage,
    ];
    let names: std::collections::BTreeSet<_> = kinds.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), kinds.len());
}
