//! Writes 271s: the payer's side.

use super::ask::{GUIDE, Header, Party, begin, open, parties};
use super::asked::Asked;
use super::person::{Level, Person};
use crate::wire::x12::text_of_day;
use crate::wire::x12::{Content, SegmentsOut, WriteError, fit};
use chrono::NaiveDate;

/// 005010X279A1, the answer.
const ANSWER: Content = Content { code: "HB", set: "271", guide: GUIDE };

/// What a payer says of one question.
#[derive(Debug, Clone)]
pub struct Given<'a> {
    /// The question.
    pub asked: &'a Asked,
    /// Who was found, or why nobody: AAA03 and AAA04.
    pub found: Result<GivenPerson, (&'static str, &'static str)>,
}

/// A person in the payer's books.
#[derive(Debug, Clone, Default)]
pub struct GivenPerson {
    /// NM103, NM104, NM105, NM107.
    pub name: [String; 4],
    /// NM109.
    pub member_id: String,
    /// N301, N302, N401, N402, N403.
    pub address: [String; 5],
    /// DMG02.
    pub birth_date: Option<NaiveDate>,
    /// DMG03.
    pub sex: String,
    /// EB with its dates and references.
    pub benefits: Vec<GivenBenefit>,
}

/// A plan in which the person is, or is not any more.
#[derive(Debug, Clone, Default)]
pub struct GivenBenefit {
    /// EB01.
    pub code: String,
    /// EB03.
    pub service: String,
    /// EB05.
    pub plan: String,
    /// REF*18.
    pub plan_number: String,
    /// REF*IG.
    pub policy: String,
    /// DTP*348.
    pub begin: Option<NaiveDate>,
    /// DTP*349.
    pub end: Option<NaiveDate>,
}

/// The answers to questions of one sender, in one transaction set. Fails where the control number is none.
pub fn write_answers(header: &Header, payer: &Party, given: &[Given<'_>]) -> Result<Vec<u8>, WriteError> {
    let mut file = open(header, ANSWER)?;
    let out = file.open_set(header.control_number)?;
    let first = given.first().map(|given| given.asked);
    begin(out, header, "11", first.map(|asked| asked.person.reference.as_str()).unwrap_or_default());
    let [name, id] = first.map(|asked| asked.provider.clone()).unwrap_or_default();
    parties(out, payer, &Party { name, id });
    let mut number = 2_u32;
    for given in given {
        given.write(out, &mut number);
    }
    Ok(file.finish())
}

impl Given<'_> {
    fn write(&self, out: &mut SegmentsOut, number: &mut u32) {
        let mut next = || {
            *number += 1;
            number.to_string()
        };
        let role = match &self.asked.subscriber {
            Some(subscriber) if self.asked.person.level == Level::Dependent => {
                let parent = next();
                out.put("HL", &[&parent, "2", "22", "1"]);
                named_as_asked(out, "IL", subscriber);
                out.put("HL", &[&next(), &parent, "23", "0"]);
                "03"
            }
            _ => {
                out.put("HL", &[&next(), "2", "22", "0"]);
                "IL"
            }
        };
        for trace in &self.asked.person.traces {
            out.put("TRN", &["2", &fit(&trace.number, 50), "9PAYER0001"]);
        }
        match &self.found {
            Ok(person) => person.write(out, role),
            Err((code, follow_up)) => {
                named_as_asked(out, role, &self.asked.person);
                out.put("AAA", &["N", "", code, follow_up]);
            }
        }
    }
}

/// Who was asked for, under the name and id of the question.
fn named_as_asked(out: &mut SegmentsOut, role: &str, person: &Person) {
    let (kind, id) = if person.member_id.is_empty() { ("", "") } else { ("MI", person.member_id.as_str()) };
    out.put("NM1", &[role, "1", &person.last, &person.first, &person.middle, "", &person.suffix, kind, id]);
}

impl GivenPerson {
    fn write(&self, out: &mut SegmentsOut, role: &str) {
        let [last, first, middle, suffix] = &self.name;
        let (kind, id) = if self.member_id.is_empty() { ("", "") } else { ("MI", self.member_id.as_str()) };
        out.put(
            "NM1",
            &[role, "1", &fit(last, 60), &fit(first, 35), &fit(middle, 25), "", &fit(suffix, 10), kind, &fit(id, 80)],
        );
        let [street_1, street_2, city, state, zip] = &self.address;
        if !street_1.is_empty() {
            out.put("N3", &[&fit(street_1, 55), &fit(street_2, 55)]);
            out.put("N4", &[&fit(city, 30), state, zip]);
        }
        if let Some(born) = self.birth_date {
            out.put("DMG", &["D8", &text_of_day(born), &self.sex]);
        }
        for benefit in &self.benefits {
            benefit.write(out);
        }
    }
}

impl GivenBenefit {
    fn write(&self, out: &mut SegmentsOut) {
        out.put("EB", &[&self.code, "", &self.service, "", &fit(&self.plan, 50)]);
        out.reference("18", &self.plan_number);
        out.reference("IG", &self.policy);
        let day = |date: Option<NaiveDate>| date.map(text_of_day).unwrap_or_default();
        out.day("348", &day(self.begin));
        out.day("349", &day(self.end));
    }
}
