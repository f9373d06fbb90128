//! The marketplace's own 834 writer: strings put together by hand, in the shape the federal exchange uses. Everything is
//! in capitals, cut at the standard's lengths and without letters that the character set lacks.

use super::application::{Applicant, Home};
use chrono::{DateTime, NaiveDate, Utc};

/// A person in a policy.
#[derive(Debug, Clone)]
pub(super) struct Insured {
    /// The exchange's number for this member.
    pub(super) number: String,
    pub(super) premium_cents: i64,
    pub(super) who: Applicant,
}

/// A policy as it goes into a file or into an issuer's system.
#[derive(Debug, Clone)]
pub(super) struct Enrollment {
    pub(super) policy: String,
    /// The exchange's number for the subscriber.
    pub(super) subscriber: String,
    pub(super) case: String,
    pub(super) dental: bool,
    /// 16 characters.
    pub(super) plan: String,
    pub(super) start: NaiveDate,
    /// `None` only where a defect took it out.
    pub(super) credit_cents: Option<i64>,
    pub(super) premium_cents: i64,
    pub(super) area: String,
    pub(super) people: Vec<Insured>,
    pub(super) mail: Option<Home>,
    pub(super) guardian: Option<(String, String)>,
    pub(super) submitted_at: DateTime<Utc>,
    /// The policy is taken out rather than put in.
    pub(super) cancelled: bool,
}

impl Enrollment {
    pub(super) fn owed_cents(&self) -> i64 {
        self.premium_cents - self.credit_cents.unwrap_or(0)
    }
}

/// How a trading partner wants its files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    pub(super) element: char,
    pub(super) repetition: char,
    pub(super) component: char,
    /// Ends a segment, line ends and all.
    pub(super) segment: &'static str,
    pub(super) name: &'static str,
    pub(super) tax_id: &'static str,
}

/// Numbers that never come twice.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    interchange: u32,
    group: u32,
    set: u32,
}

/// One file: several interchanges, one functional group per plan, several sets in each, and now and then several
/// households in one set.
pub(super) fn file(habits: &Habits, numbers: &mut Numbers, enrollments: &[Enrollment], now: DateTime<Utc>) -> String {
    let mut out = Out { habits: *habits, text: String::new(), segments: 0 };
    let half = enrollments.len().div_ceil(2).max(1);
    for part in enrollments.chunks(half) {
        interchange(&mut out, numbers, part, now);
    }
    out.text
}

fn interchange(out: &mut Out, numbers: &mut Numbers, enrollments: &[Enrollment], now: DateTime<Utc>) {
    numbers.interchange += 1;
    let control = format!("{:09}", 330_000_000 + numbers.interchange);
    let (e, habits) = (out.habits.element, out.habits);
    let (date, time) = (now.format("%y%m%d"), now.format("%H%M"));
    let receiver = habits.tax_id;
    out.text.push_str(&format!(
        "ISA{e}00{e}{:10}{e}00{e}{:10}{e}ZZ{e}{:15}{e}ZZ{e}{receiver:15}{e}{date}{e}{time}{e}{}{e}00501{e}{control}{e}1{e}T{e}{}{}",
        "", "", "KEYSTONEMKT", habits.repetition, habits.component, habits.segment
    ));
    let mut plans: Vec<&str> = enrollments.iter().map(|enrollment| &enrollment.plan[..14]).collect();
    plans.sort_unstable();
    plans.dedup();
    for plan in &plans {
        let own: Vec<&Enrollment> = enrollments.iter().filter(|enrollment| &&enrollment.plan[..14] == plan).collect();
        functional_group(out, numbers, plan, &own, now);
    }
    out.put(&["IEA", &plans.len().to_string(), &control]);
}

fn functional_group(out: &mut Out, numbers: &mut Numbers, plan: &str, own: &[&Enrollment], now: DateTime<Utc>) {
    numbers.group += 1;
    let control = (70_000 + numbers.group).to_string();
    let (day, time) = (now.format("%Y%m%d").to_string(), now.format("%H%M").to_string());
    out.put(&["GS", "BE", "PA0", plan, &day, &time, &control, "X", "005010X220A1"]);
    let mut sets = 0;
    let (out_of, into): (Vec<&Enrollment>, Vec<&Enrollment>) = own.iter().partition(|enrollment| enrollment.cancelled);
    for one in &out_of {
        set(out, numbers, &[one], now);
        sets += 1;
    }
    // Every other time two households share a set, as a marketplace that batches by plan does it.
    let together = 1 + numbers.group as usize % 2;
    for some in into.chunks(together) {
        set(out, numbers, some, now);
        sets += 1;
    }
    out.put(&["GE", &sets.to_string(), &control]);
}

fn set(out: &mut Out, numbers: &mut Numbers, households: &[&Enrollment], now: DateTime<Utc>) {
    numbers.set += 1;
    let control = format!("{:04}", 1000 + numbers.set);
    out.segments = 0;
    out.put(&["ST", "834", &control, "005010X220A1"]);
    let (day, time) = (now.format("%Y%m%d").to_string(), now.format("%H%M%S").to_string());
    out.put(&["BGN", "00", &(500_000 + numbers.set).to_string(), &day, &time, "ET", "", "", "2"]);
    if households.iter().any(|household| household.cancelled) {
        out.put(&["DTP", "303", "D8", &day]);
    }
    let total: usize = households.iter().map(|household| household.people.len()).sum();
    let subscribers = households.iter().flat_map(|h| &h.people).filter(|p| p.who.is_self()).count();
    out.put(&["QTY", "TO", &total.to_string()]);
    if total > subscribers {
        out.put(&["QTY", "DT", &(total - subscribers).to_string()]);
    }
    header_names(out, households);
    for household in households {
        if household.cancelled {
            cancellation(out, household);
        } else {
            enrollment(out, household);
        }
    }
    let count = (out.segments + 1).to_string();
    out.put(&["SE", &count, &control]);
}

fn header_names(out: &mut Out, households: &[&Enrollment]) {
    let first = households.first().and_then(|h| h.people.iter().find(|p| p.who.is_self()).map(|p| (h, p)));
    if let Some((household, subscriber)) = first {
        let name = out.name(&format!("{} {}", subscriber.who.given, subscriber.who.family), 60);
        let (by, id) =
            if subscriber.who.ssn.is_empty() { ("94", &household.subscriber) } else { ("FI", &subscriber.who.ssn) };
        out.put(&["N1", "P5", &name, by, id]);
    }
    out.put(&["N1", "IN", out.habits.name, "FI", out.habits.tax_id]);
}

fn enrollment(out: &mut Out, household: &Enrollment) {
    let subscriber_first = household.people.iter().filter(|p| p.who.is_self());
    let others_backwards = household.people.iter().rev().filter(|p| !p.who.is_self());
    for person in subscriber_first.chain(others_backwards) {
        member(out, household, person);
    }
}

fn member(out: &mut Out, household: &Enrollment, person: &Insured) {
    let own = person.who.is_self();
    if own {
        out.put(&["INS", "Y", "18", "021", "EC", "A", "", "", "AC"]);
    } else {
        out.put(&["INS", "N", &person.who.relation, "021", "EC", "A"]);
    }
    out.put(&["REF", "0F", &household.subscriber]);
    out.put(&["REF", "17", &person.number]);
    out.put(&["DTP", "356", "D8", &date(household.start)]);
    names(out, household, person);
    out.put(&["HD", "021", "", if household.dental { "DEN" } else { "HLT" }]);
    out.put(&["DTP", "348", "D8", &date(household.start)]);
    out.put(&["REF", "CE", &household.plan]);
    out.put(&["REF", "1L", &household.policy]);
    categories(out, household, person);
}

fn names(out: &mut Out, household: &Enrollment, person: &Insured) {
    let who = &person.who;
    let (family, given) = (out.name(&who.family, 60), out.name(&who.given, 35));
    let (middle, suffix) = (out.name(&who.middle, 25), out.name(&who.suffix, 10));
    let qualifier = if who.ssn.is_empty() { "" } else { "34" };
    out.put(&["NM1", "IL", "1", &family, &given, &middle, "", &suffix, qualifier, &who.ssn]);
    let mail = out.name(&who.email, 256);
    match (who.phone.is_empty(), mail.is_empty()) {
        (false, false) => out.put(&["PER", "IP", "", "TE", &who.phone, "EM", &mail]),
        (false, true) => out.put(&["PER", "IP", "", "TE", &who.phone]),
        (true, false) => out.put(&["PER", "IP", "", "EM", &mail]),
        (true, true) => {}
    }
    home(out, &who.home, true);
    let marital =
        if who.is_self() && !who.marital.is_empty() { if who.marital == "married" { "M" } else { "U" } } else { "" };
    out.put(&["DMG", "D8", &date(who.born), &who.sex, marital]);
    if who.age_on(household.start) > 18 {
        out.put(&["HLH", if who.tobacco { "T" } else { "N" }]);
    }
    if who.is_self() && !who.language.is_empty() {
        let language = who.language.to_uppercase();
        out.put(&["LUI", "LE", &language, "", "7"]);
    }
    if let Some(mail) = &household.mail {
        out.put(&["NM1", "31", "1"]);
        home(out, mail, false);
    }
    if let (true, Some((family, given))) = (who.is_self() && who.age_on(household.start) < 18, &household.guardian) {
        let (family, given) = (out.name(family, 60), out.name(given, 35));
        out.put(&["NM1", "S1", "1", &family, &given]);
        out.put(&["PER", "RP", "", "TE", "2155550000"]);
        out.put(&["N3", "1 GUARDIAN WAY"]);
        out.put(&["N4", "SCRANTON", "PA", "185031234"]);
    }
}

fn home(out: &mut Out, home: &Home, with_county: bool) {
    let (line_1, line_2) = (out.name(&home.line_1, 55), out.name(&home.line_2, 55));
    out.put(&["N3", &line_1, &line_2]);
    let city = out.name(&home.city, 30);
    let zip = if home.zip.len() == 5 { format!("{}4321", home.zip) } else { home.zip.clone() };
    if with_county {
        out.put(&["N4", &city, &home.state, &zip, "", "CY", &home.fips]);
    } else {
        out.put(&["N4", &city, &home.state, &zip]);
    }
}

fn categories(out: &mut Out, household: &Enrollment, person: &Insured) {
    let stamp = household.submitted_at.format("%Y%m%d%H%M%S00").to_string();
    let mut items = vec![
        ("REQUEST SUBMIT TIMESTAMP", "17", stamp),
        ("SOURCE EXCHANGE ID", "17", "PA0".to_owned()),
        ("APPLICATION ID AND ORIGIN", "6M", format!("{}-01", household.case)),
        ("PRE AMT 1", "9X", dollars(person.premium_cents)),
    ];
    if person.who.is_self() {
        items.extend(household.credit_cents.map(|credit| ("APTC AMT", "9V", dollars(credit))));
        items.push(("TOT RES AMT", "9V", dollars(household.owed_cents())));
        items.push(("PRE AMT TOT", "9X", dollars(household.premium_cents)));
        items.push(("RATING AREA", "9X", household.area.clone()));
    }
    out.put(&["LS", "2700"]);
    for (n, (name, qualifier, value)) in items.iter().enumerate() {
        out.put(&["LX", &(n + 1).to_string()]);
        out.put(&["N1", "75", name]);
        out.put(&["REF", qualifier, value]);
        if *name != "REQUEST SUBMIT TIMESTAMP" {
            out.put(&["DTP", "007", "D8", &date(household.start)]);
        }
    }
    out.put(&["LE", "2700"]);
}

/// Only the subscriber, no coverage loop, the policy's number at member level: it is meant for everybody in the policy.
fn cancellation(out: &mut Out, household: &Enrollment) {
    let Some(person) = household.people.iter().find(|p| p.who.is_self()) else { return };
    out.put(&["INS", "Y", "18", "024", "14", "A", "", "", "TE"]);
    out.put(&["REF", "0F", &household.subscriber]);
    out.put(&["REF", "17", &person.number]);
    out.put(&["REF", "1L", &household.policy]);
    out.put(&["DTP", "357", "D8", &date(household.start)]);
    let (family, given) = (out.name(&person.who.family, 60), out.name(&person.who.given, 35));
    out.put(&["NM1", "IL", "1", &family, &given]);
    out.put(&["DMG", "D8", &date(person.who.born), &person.who.sex]);
    out.put(&["LS", "2700"]);
    let stamp = household.submitted_at.format("%Y%m%d%H%M%S00").to_string();
    let items = [
        ("REQUEST SUBMIT TIMESTAMP", "17", stamp.as_str()),
        ("SOURCE EXCHANGE ID", "17", "PA0"),
        ("ADDL MAINT REASON", "17", "CANCEL"),
    ];
    for (n, (name, qualifier, value)) in items.iter().enumerate() {
        out.put(&["LX", &(n + 1).to_string()]);
        out.put(&["N1", "75", name]);
        out.put(&["REF", qualifier, value]);
    }
    out.put(&["LE", "2700"]);
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// Sometimes `12.5`, as real files have it, and never more digits than needed.
pub(super) fn dollars(cents: i64) -> String {
    match cents % 100 {
        0 => format!("{}", cents / 100),
        rest if rest % 10 == 0 => format!("{}.{}", cents / 100, rest / 10),
        rest => format!("{}.{rest:02}", cents / 100),
    }
}

struct Out {
    habits: Habits,
    text: String,
    segments: usize,
}

impl Out {
    /// A segment; empty elements at its end are left out.
    fn put(&mut self, elements: &[&str]) {
        let last = elements.iter().rposition(|element| !element.is_empty()).unwrap_or(0);
        self.text.push_str(&elements[..=last].join(&self.habits.element.to_string()));
        self.text.push_str(self.habits.segment);
        self.segments += 1;
    }

    /// A text as the file can carry it.
    fn name(&self, text: &str, longest: usize) -> String {
        let separators = [self.habits.element, self.habits.repetition, self.habits.component];
        let reserved = |c: char| separators.contains(&c) || self.habits.segment.contains(c);
        let plain: String = text.chars().map(|c| if reserved(c) { ' ' } else { c }).collect();
        carried(&plain, longest)
    }
}

/// Capitals, plain letters, single blanks, at most so many characters.
pub(super) fn carried(text: &str, longest: usize) -> String {
    let plain: String = text.chars().map(plain_letter).collect::<String>().to_uppercase();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(longest).collect::<String>().trim_end().to_owned()
}

fn plain_letter(letter: char) -> char {
    const PAIRS: [(&str, char); 9] = [
        ("áàâäãåÁÀÂÄÃÅ", 'A'),
        ("éèêëÉÈÊË", 'E'),
        ("íìîïÍÌÎÏ", 'I'),
        ("óòôöõøÓÒÔÖÕØ", 'O'),
        ("úùûüÚÙÛÜ", 'U'),
        ("ñÑńŃ", 'N'),
        ("çÇčČ", 'C'),
        ("łŁ", 'L'),
        ("’‘", '\''),
    ];
    let latin = PAIRS.iter().find(|(letters, _)| letters.contains(letter)).map(|(_, plain)| *plain);
    // Another script: some spelling or other in Latin letters.
    let spelled =
        || (letter.is_alphabetic() && letter as u32 > 0x24f).then(|| char::from(b'A' + (letter as u32 % 26) as u8));
    latin.or_else(spelled).unwrap_or(letter)
}
