//! Social Security numbers are shown with their last four digits, wherever in a file they stand.

use super::x12_made::{employer, to_issuer, x12};
use std::fs;

const ALL: &[&[&str]] = &[
    &["inspect", "a.edi"],
    &["inspect", "a.edi", "--json"],
    &["validate", "a.edi", "--all"],
    &["validate", "a.edi", "--all", "--json"],
    &["validate", "a.edi", "--all", "--profile", "ffm"],
    &["diff", "a.edi", "b.edi"],
    &["diff", "a.edi", "b.edi", "--json"],
];

/// Everything that the tools say of two files.
fn said(a: &str, b: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.edi"), a).unwrap();
    fs::write(folder.path().join("b.edi"), b).unwrap();
    ALL.iter().map(|words| x12(folder.path(), words).1).collect()
}

fn member(segments: &str) -> String {
    format!(
        "INS*Y*18*021*28*A***FT\nREF*0F*K7\n{segments}\nDMG*D8*19710612*F\nHD*021**HLT**IND\nDTP*348*D8*20240401\n{}",
        "AMT*P3*10.00"
    )
}

#[test]
fn a_number_that_the_file_calls_an_ssn_is_hidden_wherever_it_stands_again() {
    let named = "NM1*IL*1*MOSS*IVY****34*666310007";
    for segments in [
        named.to_owned(),
        format!("REF*1L*666310007\n{named}"),
        format!("REF*17*666310007\n{named}"),
        format!("REF*17*66631000702\n{named}"),
        format!("REF*23*00666310007\n{named}"),
        format!("REF*DX*EMP 666-31-0007 A\n{named}"),
        format!("{named}\nPER*IP**TE*666310007"),
        format!("{named}\nN3*666310007 ELM ST"),
        "NM1*IL*1*MOSS*IVY*****34*666310007".to_owned(),
        "NM1*IL*1*MOSS*IVY***34*666310007".to_owned(),
        "NM1*IL*1*MOSS 666310007*IVY".to_owned(),
        "NM1*IL*1*MOSS*IVY****34*666-31-0007".to_owned(),
    ] {
        let text = employer(&member(&segments));
        let texts = [
            text.clone(),
            text.replace("REF*0F*K7", "REF*0F*666310007"),
            text.replace("HLT**IND", "HLT*666310007*IND"),
            text.replace("INS*Y*18*021*28*A***FT", "INS*Y*18*021*28*A***FT*666310007"),
        ];
        for text in &texts {
            let said = said(text, &text.replace("10.00", "11.00").replace("19710612", "19710613"));
            assert!(said.contains("0007"), "{segments}: {said}");
            for whole in ["666310007", "666-31-0007", "66631000", "66631-"] {
                assert!(!said.contains(whole), "{segments}: {said}");
            }
        }
    }
}

#[test]
fn nine_digits_that_identify_a_person_may_be_an_ssn_though_nothing_says_so() {
    let text = employer(&member("NM1*IL*1*MOSS*IVY")).replace("REF*0F*K7", "REF*0F*666310007");
    let told = said(&text, &text.replace("666310007", "666310008"));
    assert!(!told.contains("66631000") && told.contains("*****0008"), "{told}");
    let other = text.replace("666310007", "666320007");
    let told = said(&text, &other);
    assert!(told.contains("`*****0007` is now `*****0007 (other hidden digits)`"), "{told}");
    // What the exchange assigns is no SSN, unless the file says that it is.
    let ids = "INS*Y*18*021*EC*A***AC\nREF*0F*810000001\nREF*17*810000001\nDTP*356*D8*20240401\nNM1*IL*1*MOSS*IVY";
    let told = said(&to_issuer("IVY MOSS", ids), &to_issuer("IVY MOSS", &ids.replace("IVY", "IDA")));
    assert!(told.contains("810000001"), "{told}");
    let same = ids.replace("MOSS*IVY", "MOSS*IVY****34*810000001");
    let told = said(&to_issuer("IVY MOSS", &same), &to_issuer("IVY MOSS", &same.replace("IVY", "IDA")));
    assert!(!told.contains("810000001"), "{told}");
}

#[test]
fn numbers_of_payers_employers_and_files_are_shown() {
    let text = employer(&member("NM1*IL*1*MOSS*IVY****34*666310007\nN4*COLUMBUS*OH*432151234"));
    let said = said(&text, &text.replace("10.00", "11.00"));
    for number in ["440099887", "440055661", "432151234", "000000510"] {
        assert!(said.contains(number), "{number}: {said}");
    }
}

#[test]
fn answers_and_acknowledgements_show_four_digits() {
    let around = |kind: &str, group: &str, guide: &str, body: &str| {
        format!(
            "ISA*00*          *00*          *ZZ*LAKEPAY        *ZZ*NORTHMILL      *240305*0710*^*00501*000000510*0*P*:~\
             GS*{group}*LAKEPAY*NORTHMILL*20240305*0710*520*X*{guide}~ST*{kind}*0530*{guide}~{body}SE*{}*0530~\
             GE*1*520~IEA*1*000000510~",
            body.matches('~').count() + 2
        )
    };
    let ack = around(
        "999",
        "FA",
        "005010X231A1",
        "AK1*BE*520*005010X220A1~AK2*834*0530*005010X220A1~IK3*NM1*12*2100*8~CTX*SUBSCRIBER NUMBER:666310007~\
         IK4*9*67*6*666310007~IK5*R*5~AK9*R*1*1*0~",
    );
    let answer = around(
        "271",
        "HB",
        "005010X279A1",
        "BHT*0022*11*T1*20240305*0710~HL*1**20*1~NM1*PR*2*LAKE PAY*****PI*440099887~HL*2*1*21*1~\
         NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~TRN*2*T1*9440099887~NM1*IL*1*MOSS*IVY****MI*666310007~\
         REF*SY*666310007~DMG*D8*19710612*F~EB*1**30~",
    );
    for text in [ack, answer] {
        let told = said(&text, &text);
        assert!(told.contains("*****0007") && !told.contains("666310007"), "{told}");
        assert!(!text.contains("PI*") || told.contains("440099887"), "a payer's number is nobody's: {told}");
    }
}

#[test]
fn what_a_member_says_to_be_an_ssn_is_hidden_before_it_too() {
    let named = member("NM1*IL*1*MOSS*IVY****34*666310007");
    let plain = employer(&named);
    for text in [
        plain.replace("N1*P5*NORTH MILL*24*440055661", "N1*P5*IVY MOSS*94*666310007"),
        plain.replace("N1*P5*", "REF*38*666310007~\nN1*P5*"),
        plain.replace("BGN*00*NM55*", "BGN*00*666310007*"),
        plain.replace("N1*IN*LAKE PAY*FI*440099887", "N1*IN*LAKE PAY*FI*440099887~\nN1*BO*IVY MOSS*94*666-31-0007"),
    ] {
        assert_ne!(text, plain);
        for other in [text.replace("10.00", "11.00"), plain.clone(), text.replace("0007", "0008")] {
            for (a, b) in [(&text, &other), (&other, &text)] {
                let said = said(a, b);
                for whole in ["666310007", "666-31-0007", "66631-", "666310008"] {
                    assert!(!said.contains(whole), "{said}");
                }
            }
        }
    }
}

#[test]
fn a_reference_of_a_set_that_is_as_long_as_an_ssn_is_replaced_and_another_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let redacted = |number: &str| {
        let text = employer(&member("NM1*IL*1*MOSS*IVY****34*666310007")).replace("NM55", number);
        fs::write(folder.path().join("a.edi"), text).unwrap();
        let told = x12(folder.path(), &["redact", "a.edi", "--out", number]);
        fs::read_to_string(folder.path().join(number)).unwrap_or_else(|e| panic!("{e}: {told:?}"))
    };
    for number in ["666310007", "666-31-0007"] {
        let text = redacted(number);
        assert!(text.contains("BGN*00*") && !text.contains("666310007") && !text.contains("666-31-0007"), "{text}");
    }
    assert!(redacted("20240305").contains("BGN*00*20240305*"));
}

#[test]
fn a_number_with_a_digit_too_many_or_too_few_is_hidden_where_the_file_calls_it_an_ssn() {
    for (number, last) in
        [("6663100071", "0071"), ("66631000", "1000"), ("666-31-000", "1-000"), ("666310007123", "7123")]
    {
        for segments in [
            format!("NM1*IL*1*MOSS*IVY****34*{number}"),
            format!("REF*SY*{number}\nNM1*IL*1*MOSS*IVY****34*{number}"),
            format!("NM1*IL*1*MOSS*IVY****34*{number}\nN3*1 ELM ST\nN4*COLUMBUS*OH*{number}"),
        ] {
            for text in [employer(&member(&segments)), to_issuer("IVY MOSS", &member(&segments))] {
                let folder = tempfile::tempdir().unwrap();
                fs::write(folder.path().join("a.edi"), text).unwrap();
                for more in
                    [&["--all"][..], &["--all", "--json"], &["--profile", "ffm"], &["--profile", "ffm", "--json"]]
                {
                    let said = x12(folder.path(), &[&["validate", "a.edi"], more].concat()).1;
                    assert!(!said.contains(number), "{segments} {more:?}: {said}");
                    assert!(!more.contains(&"--json") || said.contains(last), "{segments} {more:?}: {said}");
                }
            }
        }
    }
}
