//! `x12 inspect`, `diff`, `redact`: what they say of files whose content is known, and that nothing of a person is left.

use super::feeds::gzip;
use super::x12_mutants::{fixture, recounted};
use crate::samples;
use johndoe::redact::{Error, Key, redact};
use johndoe::wire::check::{Checker, History, Options, Profile};
use johndoe::wire::diff::{Change, Changes, Difference};
use johndoe::wire::outline::{ItemKind, Outline};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

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

/// The family's file with all that employers, Medicaid agencies and state exchanges tell beside what the exchange does.
fn talkative() -> String {
    let inserted = [
        ("N1*IN*", "REF*38*MP-7~\nDTP*382*D8*20131101~\n", true),
        ("INS*Y*", "N1*TV*Third Party~\nN1*BO*A. Broker*94*445566~\nACT*77001~\n", true),
        ("REF*17*0000700001~", "REF*DX*PAYROLL~\nREF*G1*31~\nDTP*286*D8*20120630~\nDTP*999*D8*20120701~\n", false),
        ("HLH*N", "EC*07*08~\nICM*4*5200.00*38~\nAMT*D2*500~\n", true),
        (
            "HD*021**HLT",
            "NM1*QD*1*Vega*Luz*J*Dr**34*666450000~\nPER*RP**WP*8045550107*FX*8045550108~\n\
             DSB*2******DX*585~\nDTP*360*D8*20131001~\n",
            true,
        ),
        ("REF*1L*9900441", "AMT*C1*20~\n", true),
        (
            "LS*2700",
            "IDC*GOLD*H*2*1~\nLX*1~\nNM1*P3*1*Ito*Kei****XX*1234567893*25~\nPLA*2*1P*20131201**AB~\n\
             COB*S*PX-9*1*1^35~\nREF*6P*G-88~\nDTP*344*D8*20130101~\nNM1*IN*2*Other Mutual*****NI*12345~\n\
             PER*CN**TE*8005550100~\nZZZ*what*is this~\n",
            true,
        ),
        ("LX*2", "LX*9~\nN1*75*DUE DATE~\nDTP*007*D8*20140130~\nLX*10~\nN1*75*FAM IND~\nREF*17*F~\n", true),
    ];
    let mut text = fixture("initial_family.edi")
        .replacen("INS*Y*18*021*EC*A***AC~", "INS*Y*18*021*EC*A*A:0*9*AC*F*N*D8*20131114*R****2~", 1)
        .replacen("REF*9V*0~\nDTP*007*D8*20140101", "REF*9V*0~\nDTP*007*D8*20140201", 1);
    for (at, what, is_before) in inserted {
        let at = text.find(at).unwrap() + if is_before { 0 } else { at.len() + 1 };
        text.insert_str(at, what);
    }
    recounted(&text)
}

#[test]
fn nothing_of_a_member_is_left_out_and_every_value_says_what_it_is() {
    let found = items(talkative().as_bytes());
    let set = ["MP-7", "20131101", "Third Party", "A. Broker", "445566", "77001"];
    let names = ["master_policy", "enrollment_on", "administrator", "broker", "broker_id", "broker_account"];
    for (name, value) in names.iter().zip(set) {
        assert_eq!(found[2][name], *value, "{name}: {}", found[2]);
    }
    let expected = [
        ("medicare_means", "Medicare part A"),
        ("medicare_reason_means", "age"),
        ("cobra_event_means", "layoff"),
        ("died_on", "20131114"),
        ("confidentiality_means", "restricted"),
        ("birth_sequence", "2"),
        ("department", "PAYROLL"),
        ("reference", "G1: 31"),
        ("retired_on", "20120630"),
        ("date", "999: 20120701"),
        ("race_means", "White"),
        ("employment_class_2_means", "salaried"),
        ("wage", "5200.00"),
        ("wage_frequency_means", "monthly"),
        ("amount_deductible", "500"),
        ("amount_copayment", "20"),
        ("responsible_person_role_means", "responsible party"),
        ("responsible_person_name_prefix", "Dr"),
        ("responsible_person_ssn", "*****0000"),
        ("responsible_person_work_phone", "8045550107"),
        ("responsible_person_fax", "8045550108"),
        ("disability_means", "long term"),
        ("diagnosis", "585"),
        ("disability_begin", "20131001"),
        ("card_means", "health card"),
        ("provider_role_means", "primary care provider"),
        ("provider_other_id", "1234567893"),
        ("provider_relation_means", "established patient"),
        ("provider_change_on", "20131201"),
        ("other_insurance_means", "secondary"),
        ("other_insurance_coordination_means", "coordination of benefits"),
        ("other_insurance_service_2_means", "dental care"),
        ("other_insurance_group", "G-88"),
        ("other_insurer_last_name", "Other Mutual"),
        ("other_insurer_phone", "8005550100"),
        ("other_segment", "ZZZ*what*is this"),
        ("category_from", "DUE DATE: 20140130"),
        ("category", "FAM IND: F"),
        ("aptc_from", "20140201"),
        ("phone", "8045550101"),
    ];
    for (name, value) in expected {
        assert_eq!(found[3][name], *value, "{name}: {}", found[3]);
    }
    // A date that repeats the begin of coverage says nothing more.
    assert_eq!(found[3]["premium_from"], Value::Null);
}

#[test]
fn what_is_lost_inside_a_member_tears_it_into_no_pieces() {
    let text = fixture("initial_family.edi");
    let long = text.replacen("12 Oak Lane", &"X".repeat(2 << 20), 1);
    let found = items(long.as_bytes());
    assert_eq!(found.len(), 6);
    let lost = found[3]["lost"].as_str().unwrap();
    assert!(lost.starts_with("N3*XXX") && lost.ends_with("at byte 474"), "{lost}");
    assert_eq!((&found[3]["city"], &found[3]["premium"]), (&"Richmond".into(), &"310.25".into()));
    // Without LS the amounts are amounts all the same, and without INS a person is a person.
    let found = items(text.replacen("LS*2700~\n", "", 1).as_bytes());
    assert_eq!(found[3]["premium_total"], "831");
    let found = items(recounted(&text.replacen("INS*Y*18*021*EC*A***AC~\n", "", 1)).as_bytes());
    assert_eq!(found.iter().filter(|item| item["kind"] == "member").count(), 3);
    assert_eq!((&found[3]["first_name"], &found[3]["relationship"]), (&"Ana".into(), &Value::Null));
}

#[test]
fn a_file_of_a_mainframe_is_called_one() {
    let error = Outline::new(&b"\xc9\xe2\xc1\x5c\xf0\xf0"[..]).next().unwrap_err().to_string();
    assert!(error.contains("EBCDIC") && error.contains("iconv"), "{error}");
}

#[test]
fn every_member_of_public_files_is_an_item_and_every_line_is_json() {
    for path in samples::files() {
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
    let mut difference = Difference::between(first.as_bytes(), second.as_bytes(), ignored).unwrap();
    if difference.may_have_pairs() {
        difference = difference.paired(first.as_bytes(), second.as_bytes()).unwrap();
    }
    let again = |text: &str| std::io::Cursor::new(text.to_owned());
    let changes = Changes::new(again(first), again(second), &difference);
    let lines = changes.map(|change| line(&change.unwrap())).collect();
    (lines, difference)
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
fn whoever_has_another_id_has_changed_and_not_left() {
    let text = fixture("initial_family.edi");
    let changed = |from: &str, to: &str| compare(&text, &text.replace(from, to), &[]).0;
    assert_eq!(
        changed("9900441", "9900999"),
        [
            "changed Ana Rivera policy_id 9900441>9900999",
            "changed Tom Rivera policy_id 9900441>9900999",
            "changed Li Rivera-O'Neal policy_id 9900441>9900999"
        ]
    );
    assert_eq!(
        changed("REF*17*0000700003", "REF*17*0000700009"),
        ["changed Li Rivera-O'Neal member_id 0000700003>0000700009"]
    );
    // The number of somebody else who is in the file, too.
    assert_eq!(
        changed("REF*17*0000700001", "REF*17*0000700002"),
        ["changed Ana Rivera member_id 0000700001>0000700002"]
    );
    // Whoever shares nothing but the family is another person.
    let other = text.replace("Rivera-O'Neal*Li", "Rivera*Max").replace("20131030", "20131101");
    let other = other.replace("REF*17*0000700003", "REF*17*0000700004");
    assert_eq!(compare(&text, &other, &[]).0, ["added Max Rivera", "removed Li Rivera-O'Neal"]);
}

#[test]
fn without_ids_a_corrected_name_or_birth_date_is_a_change() {
    let is_id = |segment: &&str| segment.starts_with("REF*17*00") || segment.starts_with("REF*1L*");
    let text = fixture("initial_family.edi");
    let text: String = text.split_inclusive('\n').filter(|segment| !is_id(segment)).collect();
    let text = recounted(&text);
    let changed = |from: &str, to: &str| compare(&text, &text.replace(from, to), &[]).0;
    assert_eq!(changed("19791231", "19791230"), ["changed Tom Rivera birth_date 19791231>19791230"]);
    assert_eq!(changed("Rivera*Tom*", "Rivera*Thomas*"), ["changed Thomas Rivera first_name Tom>Thomas"]);
    assert_eq!(changed("Rivera-O'Neal*Li", "ONeal*Li"), ["changed Li ONeal last_name Rivera-O'Neal>ONeal"]);
}

#[test]
fn what_a_set_says_of_all_and_what_is_hidden_is_compared() {
    let text = fixture("initial_family.edi");
    let (lines, found) = compare(&text, &text.replace("Blue Ridge Health", "Red Ridge Health"), &[]);
    let headers: Vec<_> = found.headers.iter().map(|(change, members)| (line(change), *members)).collect();
    assert_eq!((lines.len(), found.same), (0, 3), "{lines:?}");
    assert_eq!(headers, [("header  payer Blue Ridge Health>Red Ridge Health".to_owned(), 3)]);
    let (lines, _) = compare(&text, &text.replace("666451234", "666991234"), &[]);
    assert_eq!(lines, ["changed Tom Rivera ssn *****1234>*****1234 (other hidden digits)"]);
    let (lines, _) = compare(&text, &text.replacen("831~\nDTP*007*D8*20140101", "831~\nDTP*007*D8*20140301", 1), &[]);
    assert_eq!(lines, ["changed Ana Rivera premium_total_from >20140301"]);
    // Dates of categories that stay as they were are no other difference.
    let (lines, _) = compare(&text, &text.replacen("DTP*348*D8*20140101", "DTP*348*D8*20140201", 1), &[]);
    assert_eq!(lines, ["changed Ana Rivera benefit_begin 20140101>20140201"]);
}

#[test]
fn lines_of_coverage_have_no_order_and_keep_what_is_theirs() {
    let health = "HD*021**HLT~\nDTP*348*D8*20140101~\nREF*CE*54321VA002000304~\nREF*1L*9900441~\n";
    let dental = "HD*021**DEN~\nDTP*348*D8*20140301~\nREF*CE*54321VA003000300~\nREF*1L*1100441~\n";
    let with = |lines: &str| recounted(&fixture("initial_family.edi").replace(health, lines));
    let text = with(&[health, dental].concat());
    assert_eq!(compare(&text, &with(&[dental, health].concat()), &[]).0, Vec::<String>::new());
    let later = health.replace("20140101", "20140301");
    let (lines, _) = compare(&text, &with(&[later, dental.replace("20140301", "20140101")].concat()), &[]);
    assert_eq!(lines[0], "changed Ana Rivera benefit_begin DEN 20140301, HLT 20140101>DEN 20140101, HLT 20140301");
    assert_eq!(lines.len(), 3);
}

#[test]
fn compressed_files_are_read_and_files_without_members_are_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let text = fixture("initial_family.edi");
    let packed = gzip(&text);
    fs::write(folder.path().join("plain.edi"), &text).unwrap();
    fs::write(folder.path().join("packed"), &packed).unwrap();
    fs::write(folder.path().join("cut"), &packed[..packed.len() - 40]).unwrap();
    fs::write(folder.path().join("ack.edi"), include_str!("../fixtures/acks/partial.edi")).unwrap();
    let run = |words: &[&str]| {
        let output = johndoe(folder.path(), &[&["x12"], words].concat());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    assert_eq!(run(&["diff", "plain.edi", "packed"]).1.trim(), "0 changed, 0 added, 0 removed, 3 the same");
    assert_eq!(run(&["validate", "packed"]).0, Some(0));
    assert!(run(&["inspect", "packed"]).1.contains("self Ana M Rivera"));
    let (exit, _, said) = run(&["validate", "cut"]);
    assert!(exit == Some(2) && said.contains("has no end"), "{said}");
    for (first, second) in [("plain.edi", "ack.edi"), ("ack.edi", "ack.edi")] {
        let (exit, _, said) = run(&["diff", first, second]);
        assert!(exit == Some(2) && said.contains("`ack.edi` has no member"), "{exit:?} {said}");
    }
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
fn where_an_application_came_from_is_kept_and_its_number_is_not() {
    let text = fixture("initial_family.edi");
    let of = |value: &str| {
        let copy = redacted(&text.replace("REF*6M*700123456-01", &format!("REF*6M*{value}")), "key");
        let told = copy.split("REF*6M*").nth(1).unwrap_or_else(|| panic!("{copy}"));
        told.split('~').next().unwrap().to_owned()
    };
    let told = of("710000001-05");
    assert!(told.ends_with("-05") && !told.starts_with("710000001"), "{told}");
    assert_eq!(told.len(), "710000001-05".len());
    assert_eq!(of("710000001-11").split('-').next(), told.split('-').next(), "the same number becomes the same");
    for no_origin in ["710000001", "710-00-0001", "71000-Doe", "710000001-123"] {
        let told = of(no_origin);
        let ends = no_origin.rsplit('-').next().unwrap();
        assert!(!told.ends_with(ends) && !told.contains("Doe"), "{no_origin}: {told}");
    }
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

/// Rules that are broken, and where.
fn broken(text: &str) -> Vec<String> {
    let mut checker =
        Checker::new(text.as_bytes(), Options { profile: Profile::Federal, limit: 99 }, History::default());
    std::iter::from_fn(|| checker.next().unwrap())
        .map(|finding| format!("{} {} {}", finding.rule.id(), finding.at.segment, finding.element_name()))
        .collect()
}

#[test]
fn a_copy_has_the_same_faults_as_its_file() {
    let changes = [
        ("666451234", "875439"),
        ("666451234", "999999999"),
        ("8045550101", "5555555555"),
        ("8045550101", "555-0101"),
        ("*02134*", "*00000*"),
        ("*02134*", "*02*"),
        ("20131030", "20130230"),
        ("20131030", "201310"),
        ("Rivera*Tom*", "Rivera*T\u{f3}m*"),
        ("Rivera*Tom*", "Rivera* Tom*"),
        ("Rivera*Tom*", "Riv:era*Tom*"),
        ("Rivera*Tom*", "Rivera*Tom\u{7}*"),
        (
            "12 Oak Lane*Apt 4~\nN4*Richmond*VA*23220**CY*51760~\nDMG*D8*1979",
            "12 Oak Lane Oak Lane Oak Lane Oak Lane Oak Lane Oak Lane Oak Lane~\nN4*R*VA*23220**CY*51760~\nDMG*D8*1979",
        ),
        ("N1*75*RATING AREA", "N1*75*AID CAT CODE"),
        ("N1*75*RATING AREA", "N1*75*Rating-Area"),
        ("N1*75*RATING AREA", "N1*75*WHAT NOBODY KNOWS"),
    ];
    for (from, to) in changes {
        let text = fixture("initial_family.edi").replacen(from, to, 1);
        assert_eq!(broken(&redacted(&text, "key")), broken(&text), "{to}");
    }
    let answers = ["eligibility/by_member_id.270.edi", "eligibility/dependent.270.edi", "acks/partial.edi"];
    for name in answers {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap();
        assert_eq!(broken(&redacted(&text, "key")), broken(&text), "{name}");
    }
}

#[test]
fn a_new_years_birth_a_password_and_an_income_do_not_stay_and_what_a_999_points_at_does() {
    let text = fixture("initial_family.edi")
        .replace("19791231", "19790101")
        .replacen("*00*          *ZZ", "*01*S3CR3TWORD*ZZ", 1)
        .replace("HLH*T~", "ICM*4*5200.00*38~\nHLH*T~");
    let copy = redacted(&recounted(&text), "key");
    for secret in ["19790101", "S3CR3T", "5200.00"] {
        assert!(!copy.contains(secret), "{secret} is left in {copy}");
    }
    assert!(copy.contains("ICM*4*"));
    let text = include_str!("../fixtures/acks/partial.edi");
    let at = text.find("IK5*R").unwrap();
    let text =
        [&text[..at], "IK3*NM1*8**8~\nCTX*NM109:666451234~\nCTX*SITUATIONAL TRIGGER*NM1*8*2100*9~\n", &text[at..]];
    let copy = redacted(&recounted(&text.concat()), "key");
    assert!(copy.contains("CTX*SITUATIONAL TRIGGER*NM1*8*2100*9~") && copy.contains("CTX*NM109:"), "{copy}");
    assert!(!copy.contains("666451234"), "{copy}");
}

#[test]
fn nothing_of_a_999_is_kept_for_where_it_stands() {
    let text = include_str!("../fixtures/acks/partial.edi");
    let at = text.find("IK5*R").unwrap();
    let said = [
        "IK3*ZYXWOMAN*8*QVRTSON*8~\n",
        "CTX*NM103:ZYXWOMAN*QVRTSON*219459911*REALSTREET*1:ZYXWOMAN*66:QVRTSON~\n",
        "CTX*SUBSCRIBER NUMBER:219459911*ZYXWOMAN QVRTSON*8*2100A*9:1*66~\n",
        "IK4*9:ZYXWOMAN:2*66*7*QVRTSON~\n",
        "CTX*ZYXWOMAN*NM1*123456*2010AA*9:1:2*1035:66~\n",
    ];
    let text = [&text[..at], &said.concat(), &text[at..]].concat();
    let copy = redacted(&recounted(&text), "key");
    for secret in ["ZYXWOMAN", "QVRTSON", "219459911", "REALSTREET"] {
        assert!(!copy.contains(secret), "{secret} is left in {copy}");
    }
    for kept in
        ["CTX*NM103:", "CTX*SUBSCRIBER NUMBER:", "*8*2100A*9:1*66~", "*66*7*", "*NM1*123456*2010AA*9:1:2*1035:66~"]
    {
        assert!(copy.contains(kept), "{kept} is not in {copy}");
    }
}

#[test]
fn a_copy_never_takes_the_place_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.edi");
    fs::write(&file, fixture("initial_family.edi")).unwrap();
    let output = johndoe(folder.path(), &["x12", "redact", "file.edi", "--out", "./file.edi"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&file).unwrap(), fixture("initial_family.edi"));
}

#[test]
fn an_element_that_no_guide_has_is_never_kept() {
    let segments: Vec<_> = fixture("initial_family.edi").lines().map(str::to_owned).collect();
    for at in 1..segments.len() {
        let mut planted = segments.clone();
        let Some(short) = planted[at].strip_suffix('~') else { continue };
        let surplus = "*".repeat(20_usize.saturating_sub(short.matches('*').count()));
        planted[at] = format!("{short}{surplus}ZYXWOMAN*219459911*QVX~");
        let copy = redacted(&planted.join("\n"), "key");
        for stranger in ["ZYXWOMAN", "219459911", "QVX"] {
            assert!(!copy.contains(stranger), "{}: {copy}", planted[at]);
        }
    }
}

#[test]
fn plans_are_kept_by_their_names_and_codes_and_nothing_else_is() {
    let with = |plan: &str| fixture("initial_family.edi").replace("HD*021**HLT~", &format!("HD*021**HLT*{plan}*FAM~"));
    for plan in ["GOLD", "PPO 500", "Silver HSA 2000", "P12", "HMO-HIGH", "72001"] {
        assert!(redacted(&with(plan), "key").contains(&format!("HD*021**HLT*{plan}*FAM")), "{plan}");
    }
    for other in ["Rivera", "GOLD RIVERA", "219459911", "219-45-9911", "ANA 1979", "RIVERA12"] {
        assert!(!redacted(&with(other), "key").contains(other), "{other}");
    }
    let text = fixture("initial_family.edi");
    let copy = redacted(&text, "key");
    assert!(copy.contains("REF*CE*54321VA002000304") && copy.contains("VA0*54321VA0020003"), "{copy}");
}

#[test]
fn what_stands_where_a_code_an_amount_or_a_day_belongs_and_is_none_is_not_kept() {
    let text = fixture("initial_family.edi");
    let planted = "EC*ZYXWOMAN~\nICM*1*50000*40~\nAMT*B9*219459911~\nAMT*D2*500~\n";
    let text = text
        .replacen("HLH*N", &format!("{planted}HLH*N"), 1)
        .replacen("DTP*348*D8*20140101", "DTP*303*D8*19611121~\nDTP*348*D8*20140101", 1)
        .replacen("LX*2", "NM1*IN*2*ZYXWOMAN INS~\nLX*2", 1)
        .replace("ST*834*3001", "ST*834*QVRTSON")
        .replace("*3001~", "*QVRTSON~");
    let copy = redacted(&text, "key");
    for stranger in ["ZYXWOMAN", "219459911", "19611121", "QVRTSON"] {
        assert!(text.contains(stranger) && !copy.contains(stranger), "{stranger}: {copy}");
    }
    assert!(copy.contains("AMT*D2*500~") && copy.contains("DTP*348*D8*20140101~"), "{copy}");
    let named = |id: &str, at: usize| {
        let segment = copy.split('~').map(str::trim).find(|segment| segment.starts_with(id)).unwrap();
        segment.split('*').nth(at).unwrap().to_owned()
    };
    assert_eq!(named("ST*", 2), named("SE*", 2), "one number, one replacement");
}

#[cfg(unix)]
#[test]
fn a_copy_replaces_regular_files_only_and_follows_nothing_that_was_planted() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file.edi"), fixture("initial_family.edi")).unwrap();
    fs::write(at("precious"), "precious").unwrap();
    symlink(at("precious"), at("link")).unwrap();
    symlink(at("nowhere"), at("dangling")).unwrap();
    symlink(at("precious"), at("copy.edi.partial")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    for out in ["link", "dangling", "socket", "/dev/null", "."] {
        let refused = johndoe(folder.path(), &["x12", "redact", "file.edi", "--out", out]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(2) && said.contains("is no regular file"), "{out}: {said}");
    }
    assert!(at("link").is_symlink() && at("dangling").is_symlink() && !at("nowhere").exists());
    for _ in 0..2 {
        let made = johndoe(folder.path(), &["x12", "redact", "file.edi", "--out", "copy.edi"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    assert_eq!(fs::read_to_string(at("precious")).unwrap(), "precious");
    assert_eq!(fs::metadata(at("copy.edi")).unwrap().permissions().mode() & 0o777, 0o600);
    let left = fs::read_dir(folder.path())
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with(".johndoe-"));
    assert_eq!(left.count(), 0);
}

/// Controls of a terminal, as a file would send them.
const HOSTILE: &str = "\u{1b}[31mX\u{7}\u{9b}2J\u{202e}\u{7f}\u{2028}";

#[test]
fn nothing_that_a_file_or_an_argument_says_steers_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let text = fixture("initial_family.edi");
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let name = format!("h{HOSTILE}.edi");
    put("a.edi", &text);
    put("names.edi", &text.replace("Rivera*Tom", &format!("Rivera*{HOSTILE}")));
    put("numbers.edi", &text.replace("*3001", &format!("*{HOSTILE}3001")));
    put("ids.edi", &text.replace("~\nHLH", &format!("~\n{HOSTILE}HLH")));
    put("broken.edi", &text.replace("SE*", &format!("SE*{HOSTILE}")));
    put(&name, &text.replace("Rivera*Tom", &format!("Rivera*{HOSTILE}")).replace("INS*N*01", "INS*N*99"));
    put(&format!("c{HOSTILE}.edi"), &text[..900]);
    put("none.edi", HOSTILE);
    put("scenario.yaml", &format!("scenario: {HOSTILE}\n{HOSTILE}: 1\n"));
    let unknown = format!("--{HOSTILE}");
    let mut cases: Vec<Vec<&str>> = vec![
        vec!["check", "scenario.yaml"],
        vec!["plan", "scenario.yaml"],
        vec!["check", &name],
        vec![HOSTILE],
        vec!["runs", &unknown],
        vec!["show", HOSTILE],
        vec!["report", HOSTILE],
        vec!["runs", "--ledger", &name],
        vec!["x12", "diff", "--run", HOSTILE, &name],
    ];
    let cut = format!("c{HOSTILE}.edi");
    for file in ["names.edi", "numbers.edi", "ids.edi", "broken.edi", &name, &cut, "none.edi", HOSTILE] {
        cases.push(vec!["x12", "inspect", file]);
        cases.push(vec!["x12", "inspect", "--json", file]);
        cases.push(vec!["x12", "validate", file]);
        cases.push(vec!["x12", "validate", "--json", file]);
        cases.push(vec!["x12", "validate", "--answers", "a.edi", file]);
        cases.push(vec!["x12", "diff", "a.edi", file]);
        cases.push(vec!["x12", "diff", "--json", "a.edi", file]);
        cases.push(vec!["x12", "redact", "--out", "copy.edi", file]);
    }
    let mut written_out = 0;
    for words in &cases {
        let output = johndoe(folder.path(), words);
        for bytes in [&output.stdout, &output.stderr] {
            let said = std::str::from_utf8(bytes).unwrap();
            let steers = |c: char| c != '\n' && c != '\t' && (c.is_control() || matches!(c, '\u{202e}' | '\u{2028}'));
            assert!(!said.contains(steers), "{words:?}: {said:?}");
            written_out += said.matches("\\u009b").count();
            if words.contains(&"--json") {
                for line in std::str::from_utf8(&output.stdout).unwrap().lines() {
                    serde_json::from_str::<serde_json::Value>(line).unwrap();
                }
            }
        }
    }
    assert!(written_out > 20, "{written_out}");
}

#[test]
fn one_place_writes_to_the_terminal() {
    fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { sources(&path, found) } else { found.push(path) }
        }
    }
    let mut files = Vec::new();
    sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    for file in files.iter().filter(|file| !file.ends_with("cli/console.rs")) {
        let code = fs::read_to_string(file)
            .unwrap()
            .replace("stdout().is_terminal()", "")
            .replace("stderr().is_terminal()", "");
        for way in ["stdout()", "stderr()", "println!", "eprint!", " print!", "error.print()", "set_message("] {
            assert!(!code.contains(way), "{}: {way}", file.display());
        }
    }
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
        let _ = Difference::between(bytes.as_slice(), text.as_bytes(), Vec::new());
    }
}

fn johndoe(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_johndoe")).args(words).current_dir(folder).output().unwrap()
}

/// A 999 of one group; `answer` stands between AK1 and AK9.
fn ack(group: &str, answer: &str, ak9: &str) -> String {
    let count = answer.matches('~').count() + 4;
    format!(
        "ISA*00*          *00*          *ZZ*12345          *ZZ*CMSFFM         *131116*0930*^*00501*000000501*0*T*:~\n\
         GS*FA*12345*CMSFFM*20131116*0930*77*X*005010X231A1~ST*999*0001*005010X231A1~AK1*BE*{group}*005010X220A1~{answer}\
         AK9*{ak9}~SE*{count}*0001~GE*1*77~IEA*1*000000501~"
    )
}

#[test]
fn acknowledgements_are_held_against_the_file_they_answer() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("sent.edi", &fixture("initial_family.edi"));
    put("good.999", &ack("201", "AK2*834*3001*005010X220A1~IK5*A~", "A*1*1*1"));
    let refused = "AK2*834*3001*005010X220A1~IK3*INS*5*2000*8~IK4*2*1069*7*99~IK5*R*5~";
    put("bad.999", &ack("201", refused, "R*1*1*0"));
    put("other.999", &ack("202", "AK2*834*3001*005010X220A1~IK5*A~", "A*1*1*1"));
    let cases: &[(&[&str], i32, &[&str])] = &[
        (&["good.999"], 0, &["sent.edi, as it was answered: 0 of 1 interchanges", "1 of 1 sets accepted"]),
        (&["bad.999"], 1, &["rejected: transaction set `3001` of group BE `201`", "INS", "does not fit: segment 5 of"]),
        (
            &["other.999"],
            1,
            &["without an answer: transaction set `3001`", "functional group BE `202` is acknowledged"],
        ),
        (&["other.999", "good.999"], 1, &["1 of 1 sets accepted", "functional group BE `202` is acknowledged"]),
        (&["other.999", "--json"], 1, &["\"without_answer\":[{", "is not in the file"]),
        (&["nowhere.999"], 2, &["there is no file `nowhere.999`"]),
        (&["-"], 2, &["read twice"]),
    ];
    for (files, code, expected) in cases {
        let words = [&["x12", "validate", "--answers", "sent.edi"], *files].concat();
        let output = johndoe(folder.path(), &words);
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{files:?}: {said}");
        assert!(expected.iter().all(|words| said.contains(words)), "{files:?}: {said}");
    }
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
        (&["x12", "inspect", "--json", "a.edi"], 0, "\"member.name.last\":\"Rivera\""),
        (&["x12", "inspect", "a.edi"], 0, "group.plan_id: "),
        (&["x12", "inspect", "note.txt"], 2, "expected an X12 interchange header"),
        (&["x12", "diff", "a.edi", "a.edi"], 0, "0 changed, 0 added, 0 removed, 3 the same"),
        (&["x12", "diff", "a.edi", "b.edi"], 1, "member.name.first: `Tom` is now `Thomas`"),
        (&["x12", "diff", "a.edi", "b.edi", "--json"], 1, "\"field\":\"member.name.first\""),
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
