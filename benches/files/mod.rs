//! Not a benchmark: 834 files for those that need one.

use std::fmt::Write as _;

/// An 834 as the federal exchange sends it: households of two, one a set. Every `changed`th household moves.
pub(crate) fn file(members: u32, changed: u32) -> String {
    let mut out = String::with_capacity(members as usize * 900);
    out += "ISA*00*          *00*          *ZZ*CMSFFM         *ZZ*270549481      *131115*1010*^*00501*000000001*1*T*:~";
    out += "GS*BE*VA0*12345VA0010001*20131115*1010*1*X*005010X220A1~";
    for set in 0..members / 2 {
        let moved = changed > 0 && set % changed == 0;
        let first = household(set, moved);
        let header = format!(
            "BGN*00*{set:06}*20131115*101010*ET***2~QTY*TO*2~QTY*DT*1~N1*P5*JANE DOE*94*{:010}~N1*IN*ACME HEALTH*FI*270549481~",
            set * 2
        );
        let segments = header.matches('~').count() + first.matches('~').count() + 2;
        let _ = write!(out, "ST*834*{set:06}*005010X220A1~{header}{first}SE*{segments}*{set:06}~");
    }
    let _ = write!(out, "GE*{}*1~IEA*1*000000001~", members / 2);
    out
}

fn household(set: u32, moved: bool) -> String {
    let dollars = 100 + set % 400;
    let totals = [
        ("PRE AMT TOT", "9X", format!("{}.00", 2 * dollars)),
        ("APTC AMT", "9V", format!("{dollars}.00")),
        ("TOT RES AMT", "9V", format!("{dollars}.00")),
        ("RATING AREA", "9X", "R-VA007".to_owned()),
    ];
    let subscriber = member(set * 2, "INS*Y*18*021*EC*A***AC~", dollars, &totals, moved);
    subscriber + &member(set * 2 + 1, "INS*N*01*021*EC*A~", dollars, &[], moved)
}

fn member(index: u32, insured: &str, dollars: u32, totals: &[(&str, &str, String)], moved: bool) -> String {
    let household = index / 2 * 2;
    let street = if moved { "NEW ST" } else { "MAIN ST" };
    let mut out = format!(
        "{insured}REF*0F*{household:010}~REF*17*{index:010}~REF*6O*{index:08}~DTP*356*D8*20140101~\
         NM1*IL*1*DOE{household:06}*JANE{index:06}*Q~PER*IP**TE*80455501{:02}*EM*jd-{index:06}@example.com~\
         N3*{index} {street}~N4*RICHMOND*VA*23220**CY*51760~DMG*D8*19{:02}{:02}{:02}*F~HLH*N~LUI*LD*ENG**7~\
         HD*021**HLT~DTP*348*D8*20140101~REF*CE*12345VA001000104~REF*1L*P{household:09}~LS*2700~",
        index % 100,
        40 + index % 50,
        1 + index % 12,
        1 + index % 28,
    );
    let own = ("PRE AMT 1", "9X", format!("{dollars}.00"));
    for (at, (name, qualifier, value)) in std::iter::once(&own).chain(totals).enumerate() {
        let _ = write!(out, "LX*{}~N1*75*{name}~REF*{qualifier}*{value}~DTP*007*D8*20140101~", at + 1);
    }
    out += "LE*2700~";
    out
}
