//! A record as the segments of a transaction set, loop by loop.

use super::charset::fit;
use super::interchange::SetHeader;
use super::segments::{Segments, day, text};
use crate::model::{CoverageLine, Facts, Field, GroupRecord, RecordKind, Relationship};
use chrono_tz::Tz;

/// Writes everything between ST and SE.
pub(super) fn write(out: &mut Segments, header: &SetHeader, record: &GroupRecord) {
    let is_cancellation = record.kind == RecordKind::Cancellation;
    let subscriber = record.members.iter().find(|m| is_subscriber(m)).or(record.members.first());
    let Some(subscriber) = subscriber else { return };
    let shown = if is_cancellation { std::slice::from_ref(subscriber) } else { record.members.as_slice() };
    begin(out, header, is_cancellation, shown.len());
    parties(out, header, record, subscriber);
    for member in shown {
        let set = Set { header, record, is_cancellation };
        set.member(out, member);
    }
}

fn is_subscriber(member: &Facts) -> bool {
    member.text(Field::Subscriber) == Some("yes")
}

/// BGN, and the totals that an issuer must echo (CMS companion guide v7.2 p. 31 to 33).
fn begin(out: &mut Segments, header: &SetHeader, is_cancellation: bool, members: usize) {
    let (date, time) = (day(header.created_at.date()), header.created_at.format("%H%M%S").to_string());
    out.put("BGN", &["00", &fit(&header.reference, 50), &date, &time, time_code(header.zone), "", "", "2"]);
    if is_cancellation {
        out.day("303", &date);
    }
    out.put("QTY", &["TO", &members.to_string()]);
    if members > 1 {
        out.put("QTY", &["DT", &(members - 1).to_string()]);
    }
}

/// BGN05; blank where X12 has no code for the zone.
fn time_code(zone: Tz) -> &'static str {
    match zone {
        Tz::America__New_York => "ET",
        Tz::America__Chicago => "CT",
        Tz::America__Denver => "MT",
        Tz::America__Los_Angeles => "PT",
        Tz::UTC => "UT",
        _ => "",
    }
}

/// The sponsor is the subscriber, known by SSN or by the exchange's id (CMS companion guide v7.2 p. 36).
fn parties(out: &mut Segments, header: &SetHeader, record: &GroupRecord, subscriber: &Facts) {
    let (first, last) = (text(subscriber, Field::NameFirst), text(subscriber, Field::NameLast));
    let name = fit(&format!("{first} {last}"), 60);
    let ssn = text(subscriber, Field::Ssn);
    if ssn.is_empty() {
        out.put("N1", &["P5", &name, "94", &fit(&text(&record.facts, Field::SubscriberId), 80)]);
    } else {
        out.put("N1", &["P5", &name, "FI", &ssn]);
    }
    out.put("N1", &["IN", &fit(&header.issuer_name, 60), "FI", &fit(&header.issuer_tax_id, 80)]);
}

/// One transaction set being written.
struct Set<'a> {
    header: &'a SetHeader,
    record: &'a GroupRecord,
    is_cancellation: bool,
}

impl Set<'_> {
    fn group(&self, field: Field) -> String {
        text(&self.record.facts, field)
    }

    fn member(&self, out: &mut Segments, member: &Facts) {
        self.insured(out, member);
        self.identifiers(out, member);
        name(out, member);
        if !self.is_cancellation {
            communications(out, member);
            residence(out, member);
        }
        demographics(out, member);
        if !self.is_cancellation {
            choices(out, member);
            mailing(out, member);
            self.coverage(out);
        }
        self.reporting(out, member);
    }

    /// INS08 is told of the subscriber only (CMS companion guide v7.2 p. 37 and 57).
    fn insured(&self, out: &mut Segments, member: &Facts) {
        let is_subscriber = is_subscriber(member);
        let relationship = text(member, Field::Relationship);
        let relationship = Relationship::parse(&relationship).map_or(&*relationship, |known| known.x12_code());
        let (kind, reason) = if self.is_cancellation { ("024", "14") } else { ("021", "EC") };
        let employment = match (is_subscriber, self.is_cancellation) {
            (false, _) => "",
            (true, false) => "AC",
            (true, true) => "TE",
        };
        let indicator = if is_subscriber { "Y" } else { "N" };
        out.put("INS", &[indicator, relationship, kind, reason, "A", "", "", employment]);
    }

    /// The policy's id stands here only where there is no coverage loop (CMS companion guide v7.2 p. 18).
    fn identifiers(&self, out: &mut Segments, member: &Facts) {
        out.reference("0F", &self.group(Field::SubscriberId));
        if self.is_cancellation {
            out.reference("1L", &self.group(Field::PolicyId));
        }
        out.reference("17", &text(member, Field::MemberId));
        out.reference("23", &text(member, Field::IssuerMemberId));
        if is_subscriber(member) {
            out.reference("ZZ", &self.group(Field::IssuerSubscriberId));
        }
        let begin = self.group(Field::BenefitBegin);
        if self.is_cancellation {
            let end = self.group(Field::BenefitEnd);
            out.day("357", if end.is_empty() { &begin } else { &end });
        } else {
            out.day("356", &begin);
        }
    }

    fn coverage(&self, out: &mut Segments) {
        let line = self.group(Field::CoverageLine);
        let code = match CoverageLine::parse(&line) {
            Some(CoverageLine::Medical) => "HLT",
            Some(CoverageLine::Dental) => "DEN",
            None => &line,
        };
        out.put("HD", &["021", "", code]);
        out.day("348", &self.group(Field::BenefitBegin));
        out.day("349", &self.group(Field::BenefitEnd));
        let plan = self.group(Field::PlanId) + &self.group(Field::CsrVariant);
        out.reference("CE", &plan);
        out.reference("1L", &self.group(Field::PolicyId));
        out.reference("X9", &self.group(Field::IssuerPolicyId));
    }

    /// Loops 2700 and 2750 (CMS companion guide v7.2 p. 45 and 46): totals with the subscriber only.
    fn reporting(&self, out: &mut Segments, member: &Facts) {
        let begin = self.group(Field::BenefitBegin);
        let mut block = Block { out, begin, items: 0 };
        block.out.put("LS", &["2700"]);
        if self.is_cancellation {
            block.item("ADDL MAINT REASON", "17", "CANCEL", true);
        } else {
            self.amounts(&mut block, member);
        }
        block.item("APPLICATION ID AND ORIGIN", "6M", &self.application(), true);
        block.item("SOURCE EXCHANGE ID", "17", &fit(&self.header.exchange, 50), true);
        block.item("REQUEST SUBMIT TIMESTAMP", "17", &self.submitted(), false);
        block.out.put("LE", &["2700"]);
    }

    fn amounts(&self, block: &mut Block<'_>, member: &Facts) {
        block.item("PRE AMT 1", "9X", &text(member, Field::Premium), true);
        if is_subscriber(member) {
            block.item("PRE AMT TOT", "9X", &self.group(Field::PremiumTotal), true);
            block.item("APTC AMT", "9V", &self.group(Field::Aptc), true);
            block.item("CSR AMT", "9V", &self.group(Field::CsrAmount), true);
            block.item("TOT RES AMT", "9V", &self.group(Field::TotalResponsibility), true);
            block.item("RATING AREA", "9X", &self.group(Field::RatingArea), true);
        }
    }

    /// With the origin the exchange appends: 00 where none is known.
    fn application(&self) -> String {
        let id = self.group(Field::ApplicationId);
        let is_number = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        if is_number { id + "-00" } else { id }
    }

    fn submitted(&self) -> String {
        let at = self.record.event_at.map(|at| at.with_timezone(&self.header.zone).naive_local());
        let at = at.unwrap_or(self.header.created_at);
        at.format("%Y%m%d%H%M%S").to_string() + &format!("{:02}", at.and_utc().timestamp_subsec_millis() / 10)
    }
}

/// A member's reporting categories being written; each is left out where it has no value.
struct Block<'a> {
    out: &'a mut Segments,
    begin: String,
    items: u32,
}

impl Block<'_> {
    fn item(&mut self, name: &str, qualifier: &str, value: &str, is_dated: bool) {
        if value.is_empty() {
            return;
        }
        self.items += 1;
        self.out.put("LX", &[&self.items.to_string()]);
        self.out.put("N1", &["75", name]);
        self.out.reference(qualifier, value);
        if is_dated {
            self.out.day("007", &self.begin);
        }
    }
}

/// Lengths of X12 005010: NM103 60, NM104 35, NM105 25, NM107 10.
fn name(out: &mut Segments, member: &Facts) {
    let part = |field, longest| fit(&text(member, field), longest);
    let ssn = text(member, Field::Ssn);
    let qualifier = if ssn.is_empty() { "" } else { "34" };
    let (last, first) = (part(Field::NameLast, 60), part(Field::NameFirst, 35));
    let (middle, suffix) = (part(Field::NameMiddle, 25), part(Field::NameSuffix, 10));
    out.put("NM1", &["IL", "1", &last, &first, &middle, "", &suffix, qualifier, &ssn]);
}

/// PER: first telephone and mailbox, each where there is one; PER04 holds 256 characters.
fn communications(out: &mut Segments, member: &Facts) {
    let (phone, email) = (fit(&text(member, Field::Phone), 256), fit(&text(member, Field::Email), 256));
    match (phone.is_empty(), email.is_empty()) {
        (true, true) => {}
        (false, true) => out.put("PER", &["IP", "", "TE", &phone]),
        (true, false) => out.put("PER", &["IP", "", "EM", &email]),
        (false, false) => out.put("PER", &["IP", "", "TE", &phone, "EM", &email]),
    }
}

fn residence(out: &mut Segments, member: &Facts) {
    let fields = [Field::Street1, Field::Street2, Field::City, Field::State, Field::Zip];
    address(out, member, fields, &text(member, Field::County));
}

/// Loop 2100C, only where mail goes elsewhere (CMS companion guide v7.2 p. 41).
fn mailing(out: &mut Segments, member: &Facts) {
    let fields = [Field::MailStreet1, Field::MailStreet2, Field::MailCity, Field::MailState, Field::MailZip];
    if fields.iter().any(|field| member.value(*field).is_some()) {
        out.put("NM1", &["31", "1"]);
        address(out, member, fields, "");
    }
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

/// Marital status is told of the subscriber only; the standard's codes, of which the exchange uses M, U and R.
fn demographics(out: &mut Segments, member: &Facts) {
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
    out.put("DMG", &["D8", &text(member, Field::BirthDate), sex, status]);
}

/// HLH where tobacco use is told, LUI where a language is.
fn choices(out: &mut Segments, member: &Facts) {
    match member.text(Field::Tobacco) {
        Some("yes") => out.put("HLH", &["T"]),
        Some("no") => out.put("HLH", &["N"]),
        _ => {}
    }
    if let Some(language) = member.text(Field::Language) {
        out.put("LUI", &["LD", &fit(&language.to_ascii_uppercase(), 3), "", "7"]);
    }
}
