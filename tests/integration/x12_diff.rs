//! What two files say of the same people, whatever their ids mean and their loops' order.

use super::x12_made::{employer, set, to_issuer, x12};
use std::fs;

/// What `x12 diff` says of two files: its exit code and its words.
fn diff(a: &str, b: &str, more: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.edi"), a).unwrap();
    fs::write(folder.path().join("b.edi"), b).unwrap();
    x12(folder.path(), &[&["diff", "a.edi", "b.edi"], more].concat())
}

/// The same the other way round, too: what is said of two files has to be said of both orders.
fn each_way(a: &str, b: &str, said: [&[&str]; 2]) {
    for ((a, b), said) in [(a, b), (b, a)].into_iter().zip(said) {
        let (exit, text) = diff(a, b, &[]);
        assert_eq!(exit, Some(1), "{text}");
        for part in said {
            assert!(text.contains(part), "`{part}` in\n{text}");
        }
    }
}

/// An employee of a branch whose code and group number all share.
fn employee(number: u32, last: &str, first: &str, plan: &str) -> String {
    format!(
        "INS*Y*18*021*28*A***FT\nREF*0F*K{number}\nREF*1L*MILL5\nREF*17*EAST\nNM1*IL*1*{last}*{first}****34*66631{number:04}\n\
         N4*TOLEDO*OH*43604\nDMG*D8*197{number}0612*F\nHD*021**HLT*{plan}*IND\nDTP*348*D8*20240401\n"
    )
}

#[test]
fn a_code_that_all_share_makes_nobody_the_same() {
    let (ivy, sal, rex) =
        (employee(1, "MOSS", "IVY", "OAK"), employee(2, "REED", "SAL", "OAK"), employee(3, "FERN", "REX", "OAK"));
    let all = employer(&[ivy.as_str(), &sal, &rex].concat());
    let (exit, text) = diff(&all, &employer(&[sal.as_str(), &rex].concat()), &[]);
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("removed  self IVY MOSS (subscriber K1, "), "{text}");
    assert!(text.contains("0 changed, 0 added, 1 removed, 2 the same"), "{text}");
    assert!(!text.contains("MILL5") && !text.contains("EAST"), "{text}");
    // One alone in each file, and nobody shares the code but they.
    let (_, text) = diff(&employer(&ivy), &employer(&rex), &[]);
    assert!(text.contains("0 changed, 1 added, 1 removed, 0 the same"), "{text}");
    // Who changed is who changed, by whatever agrees; even where the subscriber number, too, is shared.
    for shared in ["", "K0"] {
        let numbered = |text: &str| {
            if shared.is_empty() {
                return text.to_owned();
            }
            text.replace("*K1", "*K0").replace("*K2", "*K0").replace("*K3", "*K0")
        };
        let married = sal.replace("REED*SAL", "VALE*SAL");
        let moved = rex.replace("TOLEDO", "AKRON").replace("HLT*OAK", "HLT*ELM");
        let (first, second) = (numbered(&all), numbered(&employer(&[moved.as_str(), &married].concat())));
        let (_, text) = diff(&first, &second, &[]);
        assert!(text.contains("2 changed, 0 added, 1 removed, 0 the same"), "{text}");
        assert!(
            text.contains("member.name.last: `REED` is now `VALE`") && text.contains("removed  self IVY MOSS"),
            "{text}"
        );
        assert!(text.contains("coverage description: `OAK` is now `ELM`"), "{text}");
    }
}

#[test]
fn an_id_of_the_exchange_that_another_person_has_now_is_no_change_of_name() {
    let member = |last: &str, first: &str, birth: &str, ssn: &str| {
        format!(
            "INS*Y*18*021*EC*A***AC\nREF*0F*0000810001\nREF*17*0000810001\nNM1*IL*1*{last}*{first}****34*{ssn}\n\
             DMG*D8*{birth}*F\nHD*021**HLT\nDTP*348*D8*20240401\nREF*1L*9100001\n"
        )
    };
    let file = |text: &str| to_issuer("IVY MOSS", text);
    let ivy = file(&member("MOSS", "IVY", "19710612", "666310001"));
    let (_, text) = diff(&ivy, &file(&member("MOSS", "IDA", "19710612", "666310009")), &[]);
    assert!(text.contains("1 changed, 0 added, 0 removed"), "{text}");
    assert!(text.contains("policy 9100001, member 0000810001"), "{text}");
    let (_, text) = diff(&ivy, &file(&member("FERN", "REX", "19900101", "666310009")), &[]);
    assert!(text.contains("0 changed, 1 added, 1 removed"), "{text}");
}

/// A member with these coverages and what else follows.
fn covered(coverages: &str) -> String {
    employer(&format!("INS*Y*18*021*28*A***FT\nREF*0F*K1\nNM1*IL*1*MOSS*IVY\nDMG*D8*19710612*F\n{coverages}"))
}

#[test]
fn a_coverage_keeps_what_is_its_own() {
    let two = |oak: &str, elm: &str| covered(&format!("HD*021**HLT*OAK*IND\n{oak}HD*021**HLT*ELM*IND\n{elm}"));
    let (spring, summer) = ("DTP*348*D8*20240401\n", "DTP*348*D8*20240701\n");
    let ends = "DTP*349*D8*20241231\n";
    // Which of two ended.
    let ended = "group.benefit_end_date: `HLT OAK 2024-12-31` is now `HLT ELM 2024-12-31`";
    each_way(
        &two(&(spring.to_owned() + ends), summer),
        &two(spring, &(summer.to_owned() + ends)),
        [&[ended], &["group.benefit_end_date: `HLT ELM 2024-12-31` is now `HLT OAK 2024-12-31`"]],
    );
    // Begins and amounts that change places.
    let begins = "group.benefit_begin_date: `HLT ELM 2024-07-01, HLT OAK 2024-04-01` is now `HLT ELM 2024-04-01, HLT OAK 2024-07-01`";
    each_way(&two(spring, summer), &two(summer, spring), [&[begins], &["group.benefit_begin_date: "]]);
    let paid = |one: &str, other: &str| two(&format!("{spring}AMT*P3*{one}\n"), &format!("{spring}AMT*P3*{other}\n"));
    each_way(
        &paid("90", "15.5"),
        &paid("15.50", "90.00"),
        [&["amount premium: `HLT ELM 15.5, HLT OAK 90` is now `HLT ELM 90.00, HLT OAK 15.50`"], &["amount premium: "]],
    );
    // Two spans of one plan, told from one another by when they begin.
    let spans = |one: &str, other: &str| {
        covered(&format!(
            "HD*021**HLT*OAK*IND\n{spring}DTP*349*D8*20240630\nREF*X9*{one}\nHD*021**HLT*OAK*IND\n{summer}REF*X9*{other}\n"
        ))
    };
    each_way(&spans("A", "B"), &spans("B", "A"), [&["1 changed"], &["1 changed"]]);
    // Their days stand in one form.
    let ending = |one: &str, other: &str| {
        covered(&format!(
            "HD*021**HLT*OAK*IND\n{spring}DTP*349*D8*{one}\nHD*021**HLT*OAK*IND\n{summer}DTP*349*D8*{other}\n"
        ))
    };
    let days = "`HLT OAK 2024-04-01 2024-06-30, HLT OAK 2024-07-01 2024-12-31` is now";
    each_way(&ending("20240630", "20241231"), &ending("20240629", "20241230"), [&[days], &["2024-06-29"]]);
    // The order says nothing.
    let (exit, text) = diff(
        &two(spring, summer),
        &covered(&format!("HD*021**HLT*ELM*IND\n{summer}HD*021**HLT*OAK*IND\n{spring}")),
        &[],
    );
    assert_eq!((exit, text.trim()), (Some(0), "0 changed, 0 added, 0 removed, 1 the same"));
}

#[test]
fn it_is_told_which_coverage_ended_and_when() {
    let lines = |ends: &str| {
        covered(&format!("HD*021**HLT*OAK*IND\nDTP*348*D8*20240401\n{ends}HD*021**DEN*MINT*IND\nDTP*348*D8*20240401\n"))
    };
    let one = lines("DTP*349*D8*20240630\n");
    each_way(
        &lines(""),
        &one,
        [
            &["group.benefit_end_date of HLT: nothing is now `2024-06-30`"],
            &["group.benefit_end_date of HLT: `2024-06-30` is now nothing"],
        ],
    );
    let (_, text) = diff(&lines(""), &one, &["--json"]);
    for part in ["\"first\":\"\"", "\"second\":\"20240630\"", "\"of\":\"HLT\"", "\"second_in_words\":\"2024-06-30\""] {
        assert!(text.contains(part), "{text}");
    }
    // Codes are told in words.
    let (_, text) = diff(&one, &one.replace("INS*Y*18*021*28", "INS*Y*18*021*41"), &[]);
    assert!(text.contains("is now `re-enrollment`") || !text.contains("`28`"), "{text}");
}

#[test]
fn reporting_categories_and_people_beside_the_member_are_loops_of_their_own() {
    let categories = |parts: &[(&str, &str, &str)]| {
        let told: Vec<String> = (1..)
            .zip(parts)
            .map(|(number, (name, value, from))| format!("LX*{number}\nN1*75*{name}\nREF*{value}\nDTP*007*D8*{from}\n"))
            .collect();
        let told = told.concat();
        covered(&format!("HD*021**HLT*OAK*IND\nDTP*348*D8*20240101\nLS*2700\n{told}LE*2700\n"))
    };
    // A credit by month, and the days of two categories that nobody knows here.
    for (name, one, other) in [("APTC AMT", "9V*80", "9V*95"), ("MONTHLY LEVY", "17*LOW", "17*HIGH")] {
        let months = categories(&[(name, one, "20240201"), (name, other, "20240301")]);
        let turned = categories(&[(name, other, "20240201"), (name, one, "20240301")]);
        let (exit, text) = diff(&months, &turned, &[]);
        assert!(exit == Some(1) && text.contains("1 changed") && text.contains("from 2024-02-01"), "{text}");
        let (exit, _) = diff(&months, &categories(&[(name, other, "20240301"), (name, one, "20240201")]), &[]);
        assert_eq!(exit, Some(0), "the order says nothing");
    }
    let days = categories(&[("LEVY", "17*LOW", "20240201"), ("DUES", "17*LOW", "20240301")]);
    let (exit, text) = diff(&days, &categories(&[("LEVY", "17*LOW", "20240301"), ("DUES", "17*LOW", "20240201")]), &[]);
    assert!(exit == Some(1) && text.contains("2024-03-01"), "{text}");
    // Two responsible persons who changed streets, two insurances that changed numbers.
    let people = |one: &str, other: &str| {
        covered(&format!(
            "NM1*S1*1*REED*SAL\nN3*{one}\nNM1*S1*1*FERN*REX\nN3*{other}\nHD*021**HLT*OAK*IND\nDTP*348*D8*20240101\n"
        ))
    };
    assert_eq!(diff(&people("1 ELM ST", "2 OAK ST"), &people("2 OAK ST", "1 ELM ST"), &[]).0, Some(1));
    let insured = |one: &str, other: &str| {
        covered(&format!(
            "HD*021**HLT*OAK*IND\nDTP*348*D8*20240101\nCOB*P*{one}*1\nNM1*IN*2*NORTH MUTUAL\nCOB*S*{other}*1\nNM1*IN*2*SOUTH MUTUAL\n"
        ))
    };
    assert_eq!(diff(&insured("A1", "B2"), &insured("B2", "A1"), &[]).0, Some(1));
}

/// A member whose coverages begin on these days, with credits, each from a day on.
fn credited(begins: &[&str], credits: &[(&str, &str)]) -> String {
    let begun = begins.iter().zip(["HLT", "DEN"]);
    let coverages: Vec<_> = begun.map(|(day, line)| format!("HD*021**{line}*OAK*IND\nDTP*348*D8*{day}\n")).collect();
    let coverages = coverages.concat();
    let told = (1..).zip(credits).map(|(number, (day, amount))| {
        let form = if day.contains('-') { "RD8" } else { "D8" };
        format!("LX*{number}\nN1*75*APTC AMT\nREF*9V*{amount}\nDTP*007*{form}*{day}\n")
    });
    covered(&format!("{coverages}LS*2700\n{}LE*2700\n", told.collect::<String>()))
}

#[test]
fn credits_of_several_months_are_compared_month_by_month() {
    let first = &["20240101"];
    let year = credited(first, &[("20240101", "80"), ("20240201", "80"), ("20240301", "95")]);
    let said = |other: &str, expected: &[&str], never: &[&str]| {
        let (exit, text) = diff(&year, other, &[]);
        assert!(exit == Some(1) && expected.iter().all(|said| text.contains(said)), "{text}");
        assert!(!never.iter().any(|said| text.contains(said)), "{text}");
    };
    // the month of the coverage's begin is called so though nothing tells its day
    said(
        &credited(first, &[("20240201", "80"), ("20240301", "95")]),
        &["of from 2024-01-01: `80` is now nothing"],
        &[],
    );
    said(
        &credited(first, &[("20240101", "70"), ("20240201", "80"), ("20240301", "95")]),
        &["of from 2024-01-01: `80` is now `70`"],
        &["2024-02-01", "2024-03-01"],
    );
    // everything a month later: January is gone, March is another, April is new
    said(
        &credited(first, &[("20240201", "80"), ("20240301", "80"), ("20240401", "95")]),
        &["from 2024-01-01 80", "from 2024-03-01 95", "from 2024-03-01 80", "from 2024-04-01 95"],
        &["2024-02-01"],
    );
    // a span that ends later is the same span, and the one that follows it another
    let spans =
        credited(first, &[("20240101-20240131", "80"), ("20240201-20240228", "80"), ("20240301-20241231", "95")]);
    let longer =
        credited(first, &[("20240101-20240131", "80"), ("20240201-20240331", "85"), ("20240401-20241231", "95")]);
    let (exit, text) = diff(&spans, &longer, &[]);
    assert!(exit == Some(1) && text.contains("of from 2024-02-01 to 2024-02-28: `80` is now `85`"), "{text}");
}

#[test]
fn credits_that_begin_with_different_coverages_keep_their_days() {
    let begins = &["20240101", "20240201"];
    let one = credited(begins, &[("20240101", "80"), ("20240201", "95")]);
    let turned = credited(begins, &[("20240101", "95"), ("20240201", "80")]);
    let (exit, text) = diff(&one, &turned, &[]);
    assert!(exit == Some(1) && text.contains("from 2024-01-01 80") && text.contains("from 2024-01-01 95"), "{text}");
    let moved = credited(begins, &[("20240201", "80")]);
    let (exit, text) = diff(&credited(begins, &[("20240101", "80")]), &moved, &[]);
    assert!(exit == Some(1) && text.contains("`2024-01-01` is now `2024-02-01`"), "{text}");
}

#[test]
fn numbers_of_a_group_and_a_branch_are_called_so_in_no_files_but_the_exchanges() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.edi"), employer(&employee(1, "MOSS", "IVY", "OAK"))).unwrap();
    let said = x12(folder.path(), &["inspect", "a.edi"]).1;
    assert!(said.contains("policy id: MILL5, member id: EAST") && !said.contains(", member EAST"), "{said}");
    let said = x12(folder.path(), &["inspect", "a.edi", "--json"]).1;
    assert!(said.contains("\"policy_id\":\"MILL5\"") && !said.contains("exchange_assigned"), "{said}");
    assert!(said.contains("\"member.name.last\":\"MOSS\"") && said.contains("\"last_name\":\"MOSS\""), "{said}");
}

#[test]
fn a_header_is_told_once_and_its_members_are_the_same() {
    let members = [employee(1, "MOSS", "IVY", "OAK"), employee(2, "REED", "SAL", "OAK")].concat();
    let text = employer(&members);
    let (exit, said) = diff(&text, &text.replace("440055661", "440055662"), &[]);
    assert_eq!(exit, Some(1), "{said}");
    assert!(said.contains("header   of the sets of 2 members"), "{said}");
    assert_eq!(said.matches("sponsor id: `440055661` is now `440055662`").count(), 1, "{said}");
    assert!(said.contains("0 changed, 0 added, 0 removed, 2 the same"), "{said}");
    let married = text.replace("MOSS*IVY", "VALE*IVY");
    for name in ["last_name", "member.name.last", "name.last"] {
        assert_eq!(diff(&text, &married, &["--ignore", name]).0, Some(0), "{name}");
    }
    let said = diff(&text, &married, &["--json"]).1;
    for name in
        ["\"field\":\"member.name.last\"", "\"former_field\":\"last_name\"", "\"record_field\":\"member.name.last\""]
    {
        assert!(said.contains(name), "{name}: {said}");
    }
    let (exit, _) = diff(&text, &text.replace("440055661", "440055662"), &["--ignore", "sponsor_id"]);
    assert_eq!(exit, Some(0));
    // One of two who goes over to another employer.
    let apart = |employers: [&str; 2]| {
        let before = text.find("ST*").unwrap();
        let sets: String = [employee(1, "MOSS", "IVY", "OAK"), employee(2, "REED", "SAL", "OAK")]
            .iter()
            .zip(employers)
            .zip(["531", "532"])
            .map(|((member, employer), control)| {
                set("", &format!("BGN*00*NM55*20240305*0710****2\nN1*P5*MILL*24*{employer}\nN1*IN*LAKE PAY*FI*440099887\n{member}"), control)
            })
            .collect();
        format!("{}{sets}GE*2*520~\nIEA*1*000000510~\n", &text[..before])
    };
    let (exit, said) = diff(&apart(["440055661", "440055662"]), &apart(["440055661", "440055661"]), &[]);
    assert!(exit == Some(1) && said.contains("header   of the sets of a member"), "{said}");
    // A sponsor who is the subscriber is the subscriber's own.
    let own = |name: &str| {
        to_issuer(
            name,
            "INS*Y*18*021*EC*A***AC\nREF*0F*0000810001\nREF*17*0000810001\nNM1*IL*1*MOSS*IVY\nHD*021**HLT\nDTP*348*D8*20240401\nREF*1L*9100001",
        )
    };
    let (_, said) = diff(&own("IVY MOSS"), &own("IDA MOSS"), &[]);
    assert!(
        said.contains("changed  self IVY MOSS") && said.contains("sponsor: `IVY MOSS` is now `IDA MOSS`"),
        "{said}"
    );
}

#[test]
fn a_file_without_members_has_lost_them_all_and_one_that_is_not_whole_is_compared_when_asked() {
    let text = employer(&(employee(1, "MOSS", "IVY", "OAK") + &employee(2, "REED", "SAL", "OAK")));
    let nobody = employer("");
    each_way(
        &text,
        &nobody,
        [&["0 changed, 0 added, 2 removed, 0 the same"], &["0 changed, 2 added, 0 removed, 0 the same"]],
    );
    let (exit, said) = diff(&nobody, &nobody, &[]);
    assert!(exit == Some(2) && said.contains("nothing to compare"), "{said}");
    let (start, _) = text.split_once("SE*").unwrap();
    let wrong = format!("{start}SE*7*0530~\nGE*1*520~\nIEA*1*000000510~\n").replace("REED*SAL", "VALE*SAL");
    assert_eq!(diff(&text, &wrong, &[]).0, Some(2));
    let (exit, said) = diff(&text, &wrong, &["--lenient"]);
    assert!(exit == Some(1) && said.contains("1 changed, 0 added, 0 removed, 1 the same"), "{said}");
    assert!(said.contains("`b.edi` is not whole: trailer `SE` counts `7`"), "{said}");
    let (exit, _) = diff(&text, &wrong.replace("VALE", "REED"), &["--lenient"]);
    assert_eq!(exit, Some(0));
}

#[test]
fn a_name_to_ignore_that_no_field_has_is_told() {
    let (one, other) = (employer(&employee(1, "MOSS", "IVY", "OAK")), employer(&employee(1, "MOSS", "IVA", "OAK")));
    let (_, text) =
        diff(&one, &other, &["--ignore", "first_nam", "--ignore", "member.name.last", "--ignore", "first_name"]);
    assert!(text.contains("--ignore first_nam: neither file shows such a field"), "{text}");
    assert_eq!(text.matches("neither file shows").count(), 1, "{text}");
    assert!(text.contains("0 changed"), "{text}");
    // What the set says of all its members is a field, too, and one that only one of the files has.
    let (_, text) = diff(&one, &other.replace("N4*TOLEDO*OH*43604\n", ""), &["--ignore", "payer", "--ignore", "city"]);
    assert_eq!(text.matches("neither file shows").count(), 0, "{text}");
}
