//! Not tests: 834s made of a few segments, and what the tools say of them.

use std::path::Path;
use std::process::Command;

/// Who sends to whom.
const EMPLOYER: [&str; 4] = ["NORTHMILL", "LAKEPAY", "NORTHMILL", "LAKEPAY"];
const OUTBOUND: [&str; 4] = ["CMSFFM", "440099887", "OH0", "65432OH0030007"];
const INBOUND: [&str; 4] = ["440099887", "CMSFFM", "65432OH0030007", "OH0"];

/// An employer's file to a payer: these segments, a line each, are its members.
pub(crate) fn employer(members: &str) -> String {
    interchange(
        EMPLOYER,
        "BGN*00*NM55*20240305*0710****2\nN1*P5*NORTH MILL*24*440055661\nN1*IN*LAKE PAY*FI*440099887",
        members,
    )
}

/// A file of the exchange to an issuer, in plan 65432OH0030007, its members counted.
pub(crate) fn to_issuer(sponsor: &str, members: &str) -> String {
    interchange(OUTBOUND, &header(sponsor, "*ET", members), members)
}

/// A file of an issuer to the exchange.
pub(crate) fn to_exchange(sponsor: &str, members: &str) -> String {
    interchange(INBOUND, &header(sponsor, "", members), members)
}

fn header(sponsor: &str, zone: &str, members: &str) -> String {
    let count = members.lines().filter(|line| line.starts_with("INS*")).count();
    let dependents = if count > 1 { format!("QTY*DT*{}\n", count - 1) } else { String::new() };
    let zone = if zone.is_empty() { "*" } else { zone };
    format!(
        "BGN*00*51000777*20240305*071000{zone}***2\nQTY*TO*{count}\n{dependents}N1*P5*{sponsor}*94*0000810001\n\
         N1*IN*LAKE HEALTH*FI*440099887"
    )
}

fn interchange([sender, receiver, from, to]: [&str; 4], header: &str, members: &str) -> String {
    set(
        &format!(
            "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*240305*0710*^*00501*000000510*1*P*:~
GS*BE*{from}*{to}*20240305*0710*520*X*005010X220A1~
"
        ),
        &format!("{header}\n{members}"),
        "530",
    ) + "GE*1*520~\nIEA*1*000000510~\n"
}

/// A set of these segments behind what comes before it, with its count.
pub(crate) fn set(before: &str, segments: &str, control: &str) -> String {
    let segments: Vec<_> = segments.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let text = segments.iter().map(|segment| format!("{segment}~\n")).collect::<Vec<_>>().concat();
    format!("{before}ST*834*{control:0>4}*005010X220A1~\n{text}SE*{}*{control:0>4}~\n", segments.len() + 2)
}

/// What a tool said of files: its exit code, and everything that it wrote.
pub(crate) fn x12(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_johndoe")).arg("x12").args(words).current_dir(folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text.into_owned())
}
