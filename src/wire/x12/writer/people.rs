//! Names and people (2100A to 2100G): the member, where mail goes, who is responsible.

use super::charset::fit;
use super::segments::{Segments, text};
use super::transaction::is_subscriber;
use crate::model::{Facts, Field};

/// `74` is a corrected name, which the former one follows in a loop of its own (005010X220A1, 2100A and 2100B).
/// Lengths: NM103 60, NM104 35, NM105 25, NM107 10, NM109 80.
pub(super) fn name(out: &mut Segments, member: &Facts) {
    let part = |field, longest| fit(&text(member, field), longest);
    let ssn = part(Field::Ssn, 80);
    let qualifier = if ssn.is_empty() { "" } else { "34" };
    let (last, first) = (part(Field::NameLast, 60), part(Field::NameFirst, 35));
    let (middle, suffix) = (part(Field::NameMiddle, 25), part(Field::NameSuffix, 10));
    let role = if has(member, [Field::FormerLast, Field::FormerFirst]) { "74" } else { "IL" };
    out.put("NM1", &[role, "1", &last, &first, &middle, "", &suffix, qualifier, &ssn]);
}

/// PER: first telephone and mailbox, each where there is one; PER04 holds 256 characters.
pub(super) fn communications(out: &mut Segments, member: &Facts) {
    let (phone, email) = (fit(&text(member, Field::Phone), 256), fit(&text(member, Field::Email), 256));
    match (phone.is_empty(), email.is_empty()) {
        (true, true) => {}
        (false, true) => out.put("PER", &["IP", "", "TE", &phone]),
        (true, false) => out.put("PER", &["IP", "", "EM", &email]),
        (false, false) => out.put("PER", &["IP", "", "TE", &phone, "EM", &email]),
    }
}

/// N3 and N4 of the residence.
pub(super) fn residence(out: &mut Segments, member: &Facts) {
    let fields = [Field::Street1, Field::Street2, Field::City, Field::State, Field::Zip];
    address(out, member, fields, &text(member, Field::County));
}

/// Marital status is told of the subscriber only; the standard's codes, of which the exchange uses M, U and R.
pub(super) fn demographics(out: &mut Segments, member: &Facts) {
    let sex = match text(member, Field::Sex).as_str() {
        "male" => "M",
        "female" => "F",
        "" => "",
        _ => "U",
    };
    let status = match member.text(Field::MaritalStatus).filter(|_| is_subscriber(member)) {
        Some("married") => "M",
        Some("single") => "I",
        Some("divorced") => "D",
        Some("widowed") => "W",
        Some("domestic_partner") => "B",
        Some("separated") => "S",
        Some(_) => "R",
        None => "",
    };
    out.put("DMG", &["D8", &fit(&text(member, Field::BirthDate), 35), sex, status]);
}

/// HLH, where tobacco use is told.
pub(super) fn tobacco(out: &mut Segments, member: &Facts) {
    match member.text(Field::Tobacco) {
        Some("yes") => out.put("HLH", &["T"]),
        Some("no") => out.put("HLH", &["N"]),
        _ => {}
    }
}

/// LUI, where a language is told; `7` is the spoken one.
pub(super) fn language(out: &mut Segments, member: &Facts) {
    if let Some(language) = member.text(Field::Language) {
        out.put("LUI", &["LD", &fit(&language.to_ascii_uppercase(), 3), "", "7"]);
    }
}

/// Who and what else is told of the member, each in a loop of its own: the name before a correction (2100B), where mail goes
/// if elsewhere (2100C), the parent who has custody (2100F), whoever is responsible (2100G); CMS companion guide v7.2 p. 41 to
/// 43, 81 and 84.
pub(super) fn others(out: &mut Segments, member: &Facts) {
    named(out, "70", member, [Field::FormerLast, Field::FormerFirst]);
    mailing(out, member);
    named(out, "S3", member, [Field::CustodialLast, Field::CustodialFirst]);
    named(out, "S1", member, [Field::ResponsibleLast, Field::ResponsibleFirst]);
}

fn named(out: &mut Segments, role: &str, member: &Facts, names: [Field; 2]) {
    if has(member, names) {
        let [last, first] = names.map(|field| text(member, field));
        out.put("NM1", &[role, "1", &fit(&last, 60), &fit(&first, 35)]);
    }
}

fn mailing(out: &mut Segments, member: &Facts) {
    let fields = [Field::MailStreet1, Field::MailStreet2, Field::MailCity, Field::MailState, Field::MailZip];
    if has(member, fields) {
        out.put("NM1", &["31", "1"]);
        address(out, member, fields, "");
    }
}

fn has<const N: usize>(member: &Facts, fields: [Field; N]) -> bool {
    fields.iter().any(|field| member.value(*field).is_some())
}

/// Lengths of X12 005010: N301 and N302 55, N401 30, N403 15.
fn address(out: &mut Segments, member: &Facts, fields: [Field; 5], county: &str) {
    let [street_1, street_2, city, state, zip] = fields.map(|field| text(member, field));
    let (street_1, street_2) = (fit(&street_1, 55), fit(&street_2, 55));
    if !(street_1.is_empty() && street_2.is_empty()) {
        out.put("N3", &[&street_1, &street_2]);
    }
    let (city, zip) = (fit(&city, 30), fit(&zip, 15));
    let qualifier = if county.is_empty() { "" } else { "CY" };
    if !(city.is_empty() && state.is_empty() && zip.is_empty()) {
        out.put("N4", &[&city, &fit(&state, 2), &zip, "", qualifier, &fit(county, 30)]);
    }
}
