//! Not tests: copies of valid 834s with one thing wrong, each with what must be found.
#![expect(clippy::too_many_lines, reason = "lists of defects")]

use std::fs;
use std::path::Path;

/// A copy with one thing wrong.
pub(crate) struct Mutant {
    /// What was done, in a few words.
    pub(crate) what: &'static str,
    /// The rule that must be broken, and the element or segment it must be found at.
    pub(crate) rule: &'static str,
    pub(crate) element: &'static str,
    pub(crate) text: String,
}

/// A file from the fixtures.
pub(crate) fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/x12/accepted").join(name)).unwrap()
}

/// Writes the segment count of every set anew, so that a segment more or less is not found by its number.
pub(crate) fn recounted(text: &str) -> String {
    let (mut count, mut lines) = (0, Vec::new());
    for line in text.lines() {
        count = if line.starts_with("ST*") { 1 } else { count + line.matches('~').count() };
        match line.strip_prefix("SE*").and_then(|rest| rest.split_once('*')) {
            Some((_, control)) => lines.push(format!("SE*{count}*{control}")),
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

fn mutant(what: &'static str, rule: &'static str, element: &'static str, text: String) -> Mutant {
    Mutant { what, rule, element, text }
}

/// The household with one text in place of another; `\n` begins or ends a segment.
fn family(what: &'static str, rule: &'static str, element: &'static str, from: &str, to: &str) -> Mutant {
    let text = fixture("initial_family.edi");
    assert!(text.contains(from), "{what}: `{from}` is not there");
    mutant(what, rule, element, recounted(&text.replacen(from, to, 1)))
}

/// The same without counting segments again.
fn envelope(what: &'static str, rule: &'static str, element: &'static str, from: &str, to: &str) -> Mutant {
    let text = fixture("initial_family.edi");
    assert!(text.contains(from), "{what}: `{from}` is not there");
    mutant(what, rule, element, text.replacen(from, to, 1))
}

/// Syntax: what X12 asks of any file.
pub(crate) fn of_syntax() -> Vec<Mutant> {
    let twice = |from: &str, until: &str, trailer: (&str, &str)| {
        let text = fixture("initial_family.edi");
        let (start, end) = (text.find(from).unwrap(), text.find(until).unwrap());
        let copy = text[start..end].to_owned();
        format!("{}{copy}{}", &text[..end], text[end..].replacen(trailer.0, trailer.1, 1))
    };
    vec![
        envelope("sender unpadded", "too-short", "ISA06", "*CMSFFM         *", "*CMSFFM*"),
        envelope("usage unknown", "unknown-code", "ISA15", "*1*T*:", "*1*X*:"),
        envelope("interchange of the 13th month", "not-a-date", "ISA09", "*131115*1810*^", "*131315*1810*^"),
        envelope("group at 25 o'clock", "not-a-time", "GS05", "*20131115*1810*201", "*20131115*2510*201"),
        envelope("group of inquiries", "unknown-version", "ST01", "GS*BE*", "GS*HS*"),
        envelope("guide unknown", "unknown-version", "ST01", "X*005010X220A1~\nST", "X*005010X999~\nST"),
        envelope("guide of another set", "unknown-version", "ST03", "3001*005010X220A1~", "3001*005010X231A1~"),
        envelope("guide not named", "missing-element", "ST03", "ST*834*3001*005010X220A1~", "ST*834*3001~"),
        envelope("segments miscounted", "wrong-count", "SE01", "SE*95*", "SE*94*"),
        envelope("set number differs", "control-number-differs", "SE02", "SE*95*3001", "SE*95*3002"),
        envelope("sets miscounted", "wrong-count", "GE01", "GE*1*201", "GE*2*201"),
        envelope("group number differs", "control-number-differs", "GE02", "GE*1*201", "GE*1*202"),
        envelope("groups miscounted", "wrong-count", "IEA01", "IEA*1*", "IEA*2*"),
        envelope("interchange number differs", "control-number-differs", "IEA02", "IEA*1*000000101", "IEA*1*000000102"),
        envelope("no IEA", "unclosed-envelope", "", "IEA*1*000000101~\n", ""),
        envelope("no SE", "unclosed-envelope", "GE", "SE*95*3001~\n", ""),
        envelope("no GE", "unclosed-envelope", "IEA", "GE*1*201~\n", ""),
        envelope("no ST", "outside-envelope", "BGN", "ST*834*3001*005010X220A1~\n", ""),
        mutant("set number again", "control-number-repeated", "ST02", twice("ST*", "GE*1*", ("GE*1*", "GE*2*"))),
        mutant("group number again", "control-number-repeated", "GS06", twice("GS*", "IEA*1*", ("IEA*1*", "IEA*2*"))),
        envelope("two terminators", "stray-bytes", "", "HLH*T~", "HLH*T~~"),
        family("tab in a name", "character-set", "NM104", "Rivera*Tom", "Rivera*T\tom"),
        family("accent in a name", "character-set", "NM104", "Rivera*Tom", "Rivera*T\u{f3}m"),
        family("component in a name", "separator-in-element", "NM104", "Rivera*Tom", "Rivera*T:om"),
        family("separator at the end", "trailing-separator", "INS06", "INS*N*01*021*EC*A~", "INS*N*01*021*EC*A*~"),
        family("an element too many", "too-many-elements", "INS18", "***AC~", "***AC**********1*2~"),
        family("a component too many", "too-many-elements", "DMG05-4", ":RET:2106-3", ":RET:2106-3:9"),
        family("city of one letter", "too-short", "N401", "N4*Boston*", "N4*B*"),
        family("first name of 36 letters", "too-long", "NM104", "Rivera*Tom", &format!("Rivera*{}", "T".repeat(36))),
        family(
            "member id of 51 letters",
            "too-long",
            "REF02",
            "REF*17*0000700002~",
            &format!("REF*17*{}~", "7".repeat(51)),
        ),
        family("members in words", "not-a-number", "QTY02", "QTY*TO*3", "QTY*TO*three"),
        family("amount with a comma", "not-a-number", "AMT02", "HLH*T~", "AMT*P3*12,50~\nHLH*T~"),
        family(
            "the 30th of February",
            "not-a-date",
            "DTP03",
            "D8*20140101~\nNM1*IL*1*Rivera*Tom",
            "D8*20140230~\nNM1*IL*1*Rivera*Tom",
        ),
        family("born on the 29th of February 1979", "not-a-date", "DMG02", "19791231", "19790229"),
        family("created at the 61st minute", "not-a-time", "BGN04", "*181003*ET", "*186103*ET"),
        family("id without qualifier", "elements-together", "NM108", "****34*666451234~", "****34~"),
        family("e-mail announced and left out", "elements-together", "PER05", "*EM*jd.ana@example.com~", "*EM~"),
        family("county without its kind", "elements-together", "N406", "MA*02134**CY*25025", "MA*02134***25025"),
    ]
}

/// The implementation guide, header and loops 1000 and 2000.
pub(crate) fn of_guide() -> Vec<Mutant> {
    vec![
        family("no BGN", "missing-segment", "QTY", "BGN*00*440012*20131115*181003*ET***2~\n", ""),
        family("purpose unknown", "unknown-code", "BGN01", "BGN*00*", "BGN*99*"),
        family("no reference", "missing-element", "BGN02", "BGN*00*440012*", "BGN*00**"),
        family("zone unknown", "unknown-code", "BGN05", "*ET***2", "*QQ***2"),
        family("transaction type told", "unused-element", "BGN07", "*ET***2", "*ET**TR*2"),
        family("no action", "missing-element", "BGN08", "*ET***2~", "*ET~"),
        family("total of what", "unknown-code", "QTY01", "QTY*TO*3", "QTY*XX*3"),
        family("no sponsor", "missing-segment", "N1", "N1*P5*Ana Rivera*94*0000700001~\n", ""),
        family("no payer", "missing-segment", "INS", "N1*IN*Blue Ridge Health*FI*123456789~\n", ""),
        family("whether subscriber", "unknown-code", "INS01", "INS*N*01*", "INS*X*01*"),
        family("relationship unknown", "unknown-code", "INS02", "INS*N*01*", "INS*N*99*"),
        family("maintenance unknown", "unknown-code", "INS03", "INS*N*19*021", "INS*N*19*022"),
        family("reason unknown", "unknown-code", "INS04", "INS*N*19*021*EC", "INS*N*19*021*ZZ"),
        family("no benefit status", "missing-element", "INS05", "INS*N*19*021*EC*A", "INS*N*19*021*EC"),
        family("death without a day", "elements-together", "INS11", "***AC~", "***AC***D8~"),
        family("city in INS", "unused-element", "INS14", "***AC~", "***AC******Richmond~"),
        family(
            "no subscriber number",
            "missing-segment",
            "DTP",
            "EC*A~\nREF*0F*0000700001~\nREF*17*0000700002~",
            "EC*A~\nREF*17*0000700002~",
        ),
        family("identifier of what", "unknown-code", "REF01", "REF*17*0000700002~", "REF*G1*0000700002~"),
        family(
            "date of what",
            "unknown-code",
            "DTP01",
            "356*D8*20140101~\nNM1*IL*1*Rivera*Tom",
            "999*D8*20140101~\nNM1*IL*1*Rivera*Tom",
        ),
        family(
            "period where a day belongs",
            "unknown-code",
            "DTP02",
            "356*D8*20140101~\nNM1*IL*1*Rivera*Tom",
            "356*RD8*20140101-20141231~\nNM1*IL*1*Rivera*Tom",
        ),
        family("nobody's name", "missing-segment", "HD", "NM1*IL*1*Rivera*Tom****34*666451234~\n", ""),
        family("who", "unknown-qualifier", "NM101", "NM1*IL*1*Rivera*Tom", "NM1*ZQ*1*Rivera*Tom"),
        family("no last name", "missing-element", "NM103", "NM1*IL*1*Rivera*Tom", "NM1*IL*1**Tom"),
        family("an organization's birth", "unknown-code", "NM102", "NM1*IL*1*Rivera*Tom", "NM1*IL*3*Rivera*Tom"),
        family(
            "contact twice",
            "too-often",
            "PER",
            "N3*12 Oak Lane*Apt 4~\n",
            "PER*IP**TE*8045550101~\nN3*12 Oak Lane*Apt 4~\n",
        ),
        family("state unknown", "unknown-code", "N402", "N4*Boston*MA", "N4*Boston*ZZ"),
        family("sex unknown", "unknown-code", "DMG03", "DMG*D8*20131030*F", "DMG*D8*20131030*Q"),
        family("race list unknown", "unknown-code", "DMG05-2", ":RET:2106-3", ":XXX:2106-3"),
        family(
            "birth before residence",
            "out-of-order",
            "N4",
            "N4*Boston*MA*02134**CY*25025~\nDMG*D8*20131030*F~",
            "DMG*D8*20131030*F~\nN4*Boston*MA*02134**CY*25025~",
        ),
        family("tobacco unknown", "unknown-code", "HLH01", "HLH*T", "HLH*Q"),
        family("language used for what", "unknown-code", "LUI04", "LUI*LD*SPA**7", "LUI*LD*SPA**9"),
        family("mail without a street", "missing-segment", "N4", "N3*PO Box 9~\n", ""),
        family("mail with a name", "unused-element", "NM103", "NM1*31*1~", "NM1*31*1*Rivera~"),
    ]
}

/// The implementation guide, loops 2300 and 2700.
pub(crate) fn of_guide_in_coverage() -> Vec<Mutant> {
    let last = "REF*1L*9900441~\nLS*2700~\nLX*1~\nN1*75*PRE AMT 1~\nREF*9X*200~";
    vec![
        family("coverage maintained how", "unknown-code", "HD01", "HD*021**HLT", "HD*999**HLT"),
        family("reason in HD", "unused-element", "HD02", "HD*021**HLT", "HD*021*EC*HLT"),
        family("line unknown", "unknown-code", "HD03", "HD*021**HLT", "HD*021**XXX"),
        family("no line", "missing-element", "HD03", "HD*021**HLT", "HD*021"),
        family(
            "no date of coverage",
            "missing-segment",
            "REF",
            "HD*021**HLT~\nDTP*348*D8*20140101~\n",
            "HD*021**HLT~\n",
        ),
        family(
            "plan before date",
            "out-of-order",
            "DTP",
            "DTP*348*D8*20140101~\nREF*CE*54321VA002000304~",
            "REF*CE*54321VA002000304~\nDTP*348*D8*20140101~",
        ),
        family("case number of a plan", "unknown-code", "REF01", last, &last.replace("REF*1L", "REF*3H")),
        family("categories without begin", "unknown-qualifier", "N101", last, &last.replace("LS*2700~\n", "")),
        family(
            "categories without end",
            "missing-segment",
            "SE",
            "DTP*007*D8*20140101~\nLE*2700~\nSE",
            "DTP*007*D8*20140101~\nSE",
        ),
        family("another loop begun", "unknown-code", "LS01", last, &last.replace("LS*2700", "LS*2800")),
        family("category B", "not-a-number", "LX01", "LX*2~", "LX*B~"),
        family("category without a name", "missing-element", "N102", "N1*75*RATING AREA~", "N1*75~"),
        family("category of two values", "too-often", "REF", "REF*9X*R-VA007~", "REF*9X*R-VA007~\nREF*9X*R-VA008~"),
        family("value of what", "unknown-code", "REF01", "REF*9X*R-VA007~", "REF*QQ*R-VA007~"),
        family("segment unheard of", "unknown-segment", "ZZZ", "HLH*T~", "HLH*T~\nZZZ*1~"),
        family("header among members", "out-of-order", "BGN", "HLH*T~", "HLH*T~\nBGN*00*1*20131115*1810****2~"),
    ]
}

/// The marketplace's rules: the X12 guide has nothing against any of these.
pub(crate) fn of_marketplace() -> Vec<Mutant> {
    let cancellation = |what, rule, element, from: &str, to: &str| {
        let text = fixture("cancellation.edi");
        assert!(text.contains(from), "{what}: `{from}` is not there");
        mutant(what, rule, element, recounted(&text.replacen(from, to, 1)))
    };
    vec![
        envelope("no acknowledgement asked for", "exchange-envelope", "ISA14", "*1*T*:", "*0*T*:"),
        envelope("group of nobody", "exchange-parties", "GS02", "GS*BE*VA0*54321VA0020003*", "GS*BE*VA0*54321*"),
        mutant(
            "set number of letters",
            "control-number-reused",
            "ST02",
            fixture("initial_family.edi").replace("*3001", "*A001"),
        ),
        family("sent again", "exchange-header", "BGN01", "BGN*00*", "BGN*15*"),
        family("reference of 10 digits", "exchange-header", "BGN02", "*440012*", "*4400120000*"),
        family("verify without audit", "exchange-header", "BGN08", "*ET***2~", "*ET***4~"),
        family("a member too many", "member-totals", "QTY02", "QTY*TO*3", "QTY*TO*4"),
        family("no count of dependents", "member-totals", "QTY", "QTY*DT*2~\n", ""),
        family("another's number as sponsor", "sponsor", "N104", "Rivera*94*0000700001", "Rivera*94*0000700009"),
        family("two selves", "one-subscriber", "INS02", "INS*N*01*", "INS*N*18*"),
        family("two subscribers", "one-subscriber", "INS01", "INS*N*01*021*EC*A~", "INS*Y*18*021*EC*A***AC~"),
        family("COBRA", "member-status", "INS05", "INS*N*01*021*EC*A", "INS*N*01*021*EC*C"),
        family("dependent employed", "member-status", "INS08", "INS*N*01*021*EC*A~", "INS*N*01*021*EC*A***AC~"),
        family(
            "two families in a set",
            "member-identifiers",
            "INS",
            "EC*A~\nREF*0F*0000700001",
            "EC*A~\nREF*0F*0000700008",
        ),
        family("no member id", "member-identifiers", "INS", "REF*17*0000700002~\n", ""),
        family("subscriber with another id", "member-identifiers", "INS", "REF*17*0000700001", "REF*17*0000700005"),
        family("the same member twice", "duplicate-member", "INS", "REF*17*0000700003", "REF*17*0000700002"),
        family("old id alone", "old-identifiers", "INS", "REF*17*0000700002~\n", "REF*17*0000700002~\nREF*ABB*9~\n"),
        family("enrolled for non-payment", "reason-combination", "INS04", "INS*N*01*021*EC", "INS*N*01*021*59"),
        cancellation("ended for no reason", "reason-combination", "INS04", "REF*17*CANCEL~", "REF*17*WHIM~"),
        cancellation("end of which policy", "ends-whole-group", "INS", "REF*1L*9900441~\n", ""),
        cancellation("end of when", "ends-whole-group", "INS", "DTP*357*D8*20140101~\n", ""),
        cancellation(
            "end with coverage",
            "ends-whole-group",
            "HD",
            "LS*2700~",
            "HD*024**HLT~\nDTP*349*D8*20140101~\nLS*2700~",
        ),
        cancellation(
            "cancelled in spring",
            "exchange-dates",
            "DTP03",
            "DTP*357*D8*20140101~",
            "DTP*356*D8*20140101~\nDTP*357*D8*20140331~",
        ),
        family("no policy id", "coverage", "INS", "REF*1L*9900441~\n", ""),
        family("vision", "coverage", "HD03", "HD*021**HLT", "HD*021**VIS"),
        family("plan with a hyphen", "plan-id", "REF02", "54321VA002000304", "54321VA0020003-04"),
        family("plan of another group", "plan-id", "REF02", "54321VA002000304", "54321VA002000404"),
        family("benefit begins later", "exchange-dates", "DTP03", "DTP*348*D8*20140101", "DTP*348*D8*20140201"),
        family(
            "enrollment with an end",
            "exchange-dates",
            "DTP01",
            "DTP*348*D8*20140101~\n",
            "DTP*348*D8*20140101~\nDTP*349*D8*20141231~\n",
        ),
        family("SSN of nines", "dummy-ssn", "NM109", "666451234", "999999999"),
        family("telephone of fives", "dummy-contact", "PER04", "8045550101", "5555555555"),
        family("ZIP code of nines", "dummy-contact", "N403", "02134", "99999"),
        family("county by name", "demographics", "N406", "CY*25025", "CY*Suffolk"),
        family("marital status of a child", "demographics", "DMG04", "DMG*D8*20131030*F", "DMG*D8*20131030*F*I"),
        family("smoking infant", "demographics", "HLH", "DMG*D8*20131030*F~", "DMG*D8*20131030*F~\nHLH*T~"),
        family("born tomorrow", "birth-date", "DMG02", "20131030", "20131116"),
        family("category unheard of", "reporting-category", "N102", "N1*75*RATING AREA", "N1*75*RATING ARENA"),
        family("rating area of Virginia at large", "reporting-category", "REF02", "R-VA007", "R-VA7"),
        family("credit as a premium", "reporting-category", "REF01", "REF*9V*0~", "REF*9X*0~"),
        family("exchange of another state", "reporting-category", "REF02", "REF*17*VA0~", "REF*17*MD0~"),
        family("application without origin", "reporting-category", "REF02", "700123456-01", "700123456"),
        family(
            "value from when",
            "category-date",
            "N1",
            "REF*9X*R-VA007~\nDTP*007*D8*20140101~\n",
            "REF*9X*R-VA007~\n",
        ),
        family(
            "value until when",
            "category-date",
            "N1",
            "R-VA007~\nDTP*007*D8*20140101~",
            "R-VA007~\nDTP*007*RD8*20140101-20141231~",
        ),
        family("no credit", "category-owner", "INS", "LX*3~\nN1*75*APTC AMT~\nREF*9V*0~\nDTP*007*D8*20140101~\n", ""),
        family(
            "total of a dependent",
            "category-owner",
            "INS",
            "N1*75*PRE AMT 1~\nREF*9X*320.75~",
            "N1*75*PRE AMT TOT~\nREF*9X*320.75~",
        ),
        family("credit that nobody takes off", "balance", "REF02", "REF*9V*0~", "REF*9V*100~"),
        family("total that is no sum", "premium-sum", "REF02", "REF*9X*200~", "REF*9X*201~"),
    ]
}
