//! What the exchange's guide asks of each kind of transaction, its tables, and days that cannot be in any enrollment.

use super::x12_made::{employer, set, to_exchange, to_issuer, x12};
use johndoe::wire::check::{Checker, History, Options, Profile, Severity};
use johndoe::wire::outline::{ItemKind, Outline};
use std::fs;

/// The rules that are broken, with where, as errors.
fn errors(text: &str, profile: Profile) -> Vec<String> {
    let mut checker = Checker::new(text.as_bytes(), Options { profile, limit: u64::MAX }, History::default());
    let mut found = Vec::new();
    while let Some(finding) = checker.next().unwrap() {
        if finding.severity == Severity::Error {
            found.push(format!("{} {}", finding.rule.id(), finding.element_name()));
        }
    }
    found
}

/// Changes of a text that must break one rule each: what stands there, what stands there instead, and what is found.
fn each_breaks(whole: &str, build: impl Fn(&str) -> String, profile: Profile, changes: &[(&str, &str, &str)]) {
    assert_eq!(errors(&build(whole), profile), Vec::<String>::new(), "as it should be");
    for (from, to, found) in changes {
        assert!(whole.contains(from), "{from}");
        assert_eq!(errors(&build(&whole.replacen(from, to, 1)), profile), [*found], "{from} > {to}");
    }
}

const SUBMITTED: &str = "N1*75*REQUEST SUBMIT TIMESTAMP\nREF*17*2024030410203055\n";

/// The exchange's ids and coverage of the subscriber, in a transaction of these codes.
fn subscriber(codes: &str, ids: &str, dates: &str, categories: &[&str]) -> String {
    let categories: String =
        (1..).zip(categories).map(|(number, category)| format!("LX*{number}\n{category}")).collect::<Vec<_>>().concat();
    let reporting = if categories.is_empty() { String::new() } else { format!("LS*2700\n{categories}LE*2700\n") };
    format!(
        "INS*Y*18*{codes}*A***AC\nREF*0F*0000810001\nREF*17*0000810001\n{ids}DTP*356*D8*20240401\nNM1*IL*1*MOSS*IVY\n\
         DMG*D8*19710612*F\nHD*021**HLT\n{dates}REF*CE*65432OH003000704\nREF*1L*9100001\n{reporting}"
    )
}

fn category(name: &str, reference: &str) -> String {
    format!("N1*75*{name}\nREF*{reference}\nDTP*007*D8*20240401\n")
}

fn confirmed() -> String {
    let confirm = category("ADDL MAINT REASON", "17*CONFIRM");
    subscriber("021*28", "", "DTP*348*D8*20240401\nDTP*543*D8*20240430\n", &[SUBMITTED, &confirm])
}

#[test]
fn an_effectuation_needs_two_categories_and_the_subscribers_paid_date() {
    let build = |text: &str| to_exchange("IVY MOSS", text);
    let spouse = "INS*N*01*021*28*A\nREF*0F*0000810001\nREF*17*0000810002\nDTP*356*D8*20240401\nNM1*IL*1*MOSS*SAL\n\
                  DMG*D8*19700101*M\nHD*021**HLT\nDTP*348*D8*20240401\nREF*CE*65432OH003000704\nREF*1L*9100001\n";
    each_breaks(
        &(confirmed() + spouse),
        build,
        Profile::Auto,
        &[
            ("DTP*543*D8*20240430\n", "", "asked-by-transaction INS"),
            ("LX*1\nN1*75*REQUEST SUBMIT TIMESTAMP\nREF*17*2024030410203055\nLX*2", "LX*1", "asked-by-transaction INS"),
            (
                "HD*021**HLT\nDTP*348*D8*20240401\nREF*CE",
                "HD*021**HLT\nDTP*348*D8*20240401\nDTP*543*D8*20240430\nREF*CE",
                "asked-by-transaction INS",
            ),
            ("REF*17*CONFIRM", "REF*17*CANCEL", "reason-combination INS04"),
        ],
    );
}

#[test]
fn a_reinstatement_is_of_the_whole_policy_and_says_which() {
    let reason = category("ADDL MAINT REASON", "17*ISSUER - REINSTATEMENT");
    let whole = subscriber("025*", "", "DTP*348*D8*20240401\n", &[SUBMITTED, &reason]).replace("HD*021", "HD*025");
    each_breaks(
        &whole,
        |text: &str| to_exchange("IVY MOSS", text),
        Profile::Auto,
        &[
            ("DTP*356*D8*20240401\n", "", "asked-by-transaction INS"),
            ("DTP*356*D8*20240401\n", "DTP*356*D8*20240401\nDTP*357*D8*20241231\n", "asked-by-transaction INS"),
            ("REF*CE*65432OH003000704\n", "", "asked-by-transaction INS"),
            ("REF*1L*9100001\n", "", "asked-by-transaction INS"),
        ],
    );
    let spouse =
        whole.replace("INS*Y*18*025**A***AC", "INS*N*01*025**A").replace("REF*17*0000810001", "REF*17*0000810002");
    let found = errors(&to_exchange("IVY MOSS", &(whole + &spouse)), Profile::Auto);
    assert_eq!(found, ["asked-by-transaction INS"]);
}

#[test]
fn an_issuers_change_says_since_when_the_member_is_eligible() {
    let reason = category("ADDL MAINT REASON", "17*ISSUER MAINT");
    let ids = "REF*23*N1\nREF*ABB*M1\nREF*ZZ*N2\nREF*Q4*M2\nDTP*303*D8*20240401\n";
    let whole = subscriber("001*25", ids, "DTP*303*D8*20240401\nDTP*348*D8*20240401\n", &[&reason]);
    let whole = whole.replace("REF*1L*9100001\n", "REF*1L*9100001\nREF*X9*P2\nREF*XM*P1\n");
    let changes = [
        ("DTP*356*D8*20240401\n", "", "asked-by-transaction INS"),
        ("REF*X9*P2\n", "", "old-identifiers INS"),
        ("REF*ZZ*N2\n", "", "old-identifiers INS"),
    ];
    each_breaks(
        &whole.replace("HD*021", "HD*001"),
        |text: &str| to_exchange("IVY MOSS", text),
        Profile::Auto,
        &changes,
    );
}

#[test]
fn an_end_is_the_subscribers_and_its_day_depends_on_who_ends() {
    let ended = |reason: &str, end: &str| {
        format!(
            "INS*Y*18*024*{reason}*A***TE\nREF*0F*0000810001\nREF*1L*9100001\nREF*17*0000810001\nDTP*356*D8*20240401\n\
             DTP*357*D8*{end}\nNM1*IL*1*MOSS*IVY\nDMG*D8*19710612*F\nLS*2700\nLX*1\n{}LE*2700\n",
            category("ADDL MAINT REASON", "17*CANCEL")
        )
    };
    let outbound = |text: &str| to_issuer("IVY MOSS", text);
    each_breaks(
        &ended("14", "20240401"),
        outbound,
        Profile::Auto,
        &[
            ("***TE", "***AC", "member-status INS08"),
            ("DMG*D8*19710612*F\n", "", "asked-by-transaction INS"),
            ("REF*1L*9100001\n", "", "ends-whole-group INS"),
            ("357*D8*20240401", "357*D8*20240331", "exchange-dates DTP03"),
        ],
    );
    assert_eq!(errors(&to_exchange("IVY MOSS", &ended("59", "20240331")), Profile::Auto), Vec::<String>::new());
    let term = ended("59", "20240630").replace("REF*17*CANCEL", "REF*17*TERM");
    assert_eq!(errors(&to_exchange("IVY MOSS", &term), Profile::Auto), Vec::<String>::new());
    let active = subscriber("021*EC", "", "DTP*348*D8*20240401\n", &[]).replace("***AC", "***TE");
    assert!(errors(&outbound(&active), Profile::Auto).contains(&"member-status INS08".to_owned()));
}

/// An enrollment with everything that the tables of the guide say something of.
fn enrolled() -> String {
    let categories = [
        SUBMITTED.to_owned(),
        category("ADDL MAINT REASON", "17*CIC"),
        category("SEP REASON", "17*32-MARRIAGE"),
        category("APTC AMT", "9V*0"),
        category("PRE AMT 1", "9X*210.5"),
        category("PRE AMT TOT", "9X*210.50"),
        category("TOT RES AMT", "9V*210.50"),
        category("RATING AREA", "9X*R-OH004"),
        category("SOURCE EXCHANGE ID", "17*OH0"),
        category("APPLICATION ID AND ORIGIN", "6M*710000001-05"),
    ];
    let categories: Vec<_> = categories.iter().map(String::as_str).collect();
    subscriber("021*EC", "", "DTP*348*D8*20240401\n", &categories).replace(
        "DMG*D8*19710612*F\n",
        "N3*1 ELM ST\nN4*COLUMBUS*OH*43215**CY*39049\nDMG*D8*19710612*F*M*:RET:2106-3^:RET:2186-5\n",
    )
}

#[test]
fn values_are_of_the_guides_tables_and_of_the_exchanges_state() {
    each_breaks(
        &enrolled(),
        |text: &str| to_issuer("IVY MOSS", text),
        Profile::Auto,
        &[
            ("DTP*348*D8*20240401\n", "DTP*348*D8*20240401\nDTP*543*D8*20240430\n", "asked-by-transaction INS"),
            ("OH003000704", "OH003000707", "plan-id REF02"),
            ("32-MARRIAGE", "33-MARRIAGE", "reporting-category REF02"),
            ("32-MARRIAGE", "32-BIRTH", "reporting-category REF02"),
            ("2186-5", "2187-5", "demographics DMG05"),
            ("710000001-05", "710000001-77", "reporting-category REF02"),
            ("710000001-05", "710000001-5", "reporting-category REF02"),
            ("2024030410203055", "2024023010203055", "reporting-category REF02"),
            ("2024030410203055", "2024030424203055", "reporting-category REF02"),
            ("R-OH004", "R-KY004", "reporting-category REF02"),
            ("R-OH004", "R-OH000", "reporting-category REF02"),
            ("*43215*", "*40202*", "demographics N403"),
            ("*39049", "*21111", "demographics N406"),
        ],
    );
    for (from, to) in [
        ("32-MARRIAGE", "NE"),
        ("32-MARRIAGE", "43 - Change of Location"),
        ("OH003000704", "OH003000706"),
        ("2024030410203055", "20240304102030"),
        ("*43215*", "*432151234*"),
        // A fort in two states.
        ("COLUMBUS*OH*43215**CY*39049", "FORT CAMPBELL*TN*42223**CY*47125"),
        ("COLUMBUS*OH*43215**CY*39049", "TEXHOMA*TX*73960**CY*48421"),
    ] {
        let text = to_issuer("IVY MOSS", &enrolled().replacen(from, to, 1));
        assert_eq!(errors(&text, Profile::Auto), Vec::<String>::new(), "{to}");
    }
    let other = to_issuer("IVY MOSS", &enrolled()).replace("GS*BE*OH0*", "GS*BE*IN0*");
    assert!(errors(&other, Profile::Auto).contains(&"exchange-parties GS02".to_owned()));
}

#[test]
fn a_passive_renewal_is_known_as_the_guide_spells_it() {
    let renewed = |reason: &str| enrolled().replace("021*EC", "021*41").replace("17*CIC", &format!("17*{reason}"));
    for reason in ["PASSIVE - NEW SUBSCRIBER (B2S)", "PASSIVE", "PASSIVE-B2S", "passive - initial"] {
        assert_eq!(errors(&to_issuer("IVY MOSS", &renewed(reason)), Profile::Auto), Vec::<String>::new(), "{reason}");
    }
    let found = errors(&to_issuer("IVY MOSS", &renewed("PASSIVE (B3S)")), Profile::Auto);
    assert_eq!(found, ["reason-combination INS04"]);
}

#[test]
fn nothing_ends_before_it_begins_and_nobody_is_born_after_the_file() {
    let whole = "INS*Y*18*021*28*A***FT\nREF*0F*K7\nDTP*336*D8*20200101\nDTP*337*D8*20240331\nDTP*356*D8*20240101\n\
                 DTP*357*D8*20241231\nNM1*IL*1*MOSS*IVY\nDMG*D8*19710612*F\nHD*021**HLT**IND\nDTP*348*D8*20240101\n\
                 DTP*349*D8*20240630\nHD*021**DEN**IND\nDTP*348*D8*20240701\nDTP*349*D8*20240731\nCOB*P*X1*1\n\
                 DTP*344*D8*20240101\nDTP*345*D8*20240131";
    let changes = [
        ("349*D8*20240630", "349*D8*20231230", "end-before-begin DTP03"),
        ("357*D8*20241231", "357*D8*20230101", "end-before-begin DTP03"),
        ("337*D8*20240331", "337*D8*20191231\nDTP*300*D8*20200101", ""),
        ("337*D8*20240331", "337*D8*20190331", "end-before-begin DTP03"),
        ("345*D8*20240131", "345*D8*20200131", "end-before-begin DTP03"),
        ("19710612", "20240306", "birth-date DMG02"),
        ("19710612", "20300101", "birth-date DMG02"),
        // It ends on the day before: it never began.
        ("349*D8*20240630", "349*D8*20231231", ""),
        ("19710612", "20240305", ""),
    ];
    for profile in [Profile::Guide, Profile::Auto] {
        for (from, to, found) in changes {
            let text = employer(&whole.replacen(from, to, 1));
            let expected: Vec<_> = [found].into_iter().filter(|found| !found.is_empty()).collect();
            assert_eq!(errors(&text, profile), expected, "{from} > {to}");
        }
    }
    // What ends first is told all the same, and another member's or coverage's days are not taken for this one's.
    let turned = whole.replace("DTP*356*D8*20240101\nDTP*357*D8*20241231", "DTP*357*D8*20230101\nDTP*356*D8*20240101");
    assert_eq!(errors(&employer(&turned), Profile::Guide), ["end-before-begin DTP03"]);
}

/// Two groups and two interchanges whose sets have one number.
fn renumbered(again: &str) -> String {
    let member = "BGN*00*A1*20240305*0710****2\nN1*P5*NORTH MILL*24*440055661\nN1*IN*LAKE PAY*FI*440099887\n\
                  INS*Y*18*021*28*A***FT\nREF*0F*K7\nNM1*IL*1*MOSS*IVY\nHD*021**HLT**IND\nDTP*348*D8*20240401";
    let isa = |sender: &str, control: u32| {
        format!(
            "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*LAKEPAY        *240305*0710*^*00501*{control:09}*0*P*:~\n"
        )
    };
    let gs = |control: u32| format!("GS*BE*NORTHMILL*LAKEPAY*20240305*0710*{control}*X*005010X220A1~\n");
    let whole = |before: &str| set(before, member, "1");
    match again {
        "set" => whole(&(isa("NORTHMILL", 5) + &gs(1))) + "GE*1*1~\n" + &whole(&gs(2)) + "GE*1*2~\nIEA*2*000000005~\n",
        "group" => {
            let one =
                |control| whole(&(isa("NORTHMILL", control) + &gs(1))) + &format!("GE*1*1~\nIEA*1*{control:09}~\n");
            one(5) + &one(6)
        }
        "interchange" => {
            let one = |sender| whole(&(isa(sender, 5) + &gs(1))) + "GE*1*1~\nIEA*1*000000005~\n";
            one("NORTHMILL") + &one("SOUTHMILL")
        }
        _ => whole(&(isa("NORTHMILL", 5) + &gs(1))) + &whole("") + "GE*2*1~\nIEA*1*000000005~\n",
    }
}

#[test]
fn a_number_is_used_again_where_the_standard_allows_it() {
    let told = |text: &str| {
        let mut outline = Outline::new(text.as_bytes());
        let mut damages = 0;
        while let Some(item) = outline.next().unwrap() {
            damages += usize::from(item.kind == ItemKind::Damage);
        }
        damages
    };
    let folder = tempfile::tempdir().unwrap();
    for again in ["set", "group", "interchange"] {
        let text = renumbered(again);
        assert_eq!((errors(&text, Profile::Guide), told(&text)), (Vec::new(), 0), "{again}");
        fs::write(folder.path().join("a.edi"), &text).unwrap();
        let (exit, said) = x12(folder.path(), &["validate", "--profile", "guide", "a.edi"]);
        assert!(exit == Some(0) && !said.contains("control-number"), "the exchange's rule is not the guide's: {said}");
        // The exchange wants each sender's numbers new, for ever.
        let reused = errors(&text, Profile::Federal).iter().any(|error| error.starts_with("control-number-reused"));
        assert_eq!(reused, again != "interchange", "{again}");
    }
    let twice = renumbered("twice");
    assert_eq!((errors(&twice, Profile::Guide), told(&twice)), (vec!["control-number-repeated ST02".to_owned()], 1));
}

#[test]
fn one_real_error_of_an_employer_is_not_buried_under_the_exchanges_rules() {
    let member = "INS*Y*18*021*28*A***FT\nREF*0F*K7\nNM1*IL*1*MOSS*IVY\nDMG*D8*19710612*F\nHD*021**HLT**IND\nDTP*348*D8*20240401\n";
    let text = employer(&(member.repeat(40) + &member.replace("20240401", "20240431")));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.edi"), text).unwrap();
    let (exit, said) = x12(folder.path(), &["validate", "a.edi"]);
    assert!(exit == Some(1) && said.lines().count() < 12, "{said}");
    assert!(
        said.contains("not-a-date") && said.contains("of the exchange, whose file this does not seem to be"),
        "{said}"
    );
    let (_, said) = x12(folder.path(), &["validate", "a.edi", "--all"]);
    assert!(said.lines().count() > 200 && said.contains("reason-combination"), "{}", said.lines().count());
}
