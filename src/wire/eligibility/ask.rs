//! Writes a 270: one person, one day.

use crate::model::{CoverageLine, Sex};
use crate::wire::x12::text_of_day;
use crate::wire::x12::{
    Content, Envelope, Envelopes, FunctionalGroup, Options, Qualifiers, SegmentsOut, Usage, WriteError, fit,
};
use chrono::{NaiveDate, NaiveDateTime};

/// 005010X279A1, the question.
const QUESTION: Content = Content { code: "HS", set: "270", guide: GUIDE };
/// The implementation guide of both directions.
pub(super) const GUIDE: &str = "005010X279A1";

/// The envelopes of one real-time message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// ISA06 and GS02, at most 15 characters.
    pub sender: String,
    /// ISA08 and GS03, at most 15 characters.
    pub receiver: String,
    /// ISA13, GS06 and ST02, 1 to 999,999,999: never used before.
    pub control_number: u32,
    /// ISA09, GS04, BHT04 and their times: UTC, so that no zone need be agreed.
    pub at: NaiveDateTime,
    /// ISA15.
    pub usage: Usage,
}

/// A payer or provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// NM103.
    pub name: String,
    /// NM109: the payer's id (`PI`), the provider's NPI (`XX`).
    pub id: String,
}

/// Who is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patient {
    /// The issuer's own id of the member (`MI`), where it is known.
    pub member_id: Option<String>,
    /// NM103.
    pub last: String,
    /// NM104; empty where there is none.
    pub first: String,
    /// NM105; empty where there is none.
    pub middle: String,
    /// NM107; empty where there is none.
    pub suffix: String,
    /// DMG02.
    pub birth_date: Option<NaiveDate>,
    /// DMG03.
    pub sex: Option<Sex>,
}

/// What coverage is asked for (EQ01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceType {
    /// 30, the health plan as a whole.
    HealthPlan,
    /// 35, dental care.
    Dental,
}

impl ServiceType {
    /// EQ01 and EB03.
    pub fn code(self) -> &'static str {
        match self {
            Self::HealthPlan => "30",
            Self::Dental => "35",
        }
    }

    /// The line of coverage that is asked for.
    pub fn line(self) -> CoverageLine {
        match self {
            Self::HealthPlan => CoverageLine::Medical,
            Self::Dental => CoverageLine::Dental,
        }
    }

    /// The one that a line of coverage is asked for by.
    pub fn of_line(line: CoverageLine) -> Self {
        match line {
            CoverageLine::Medical => Self::HealthPlan,
            CoverageLine::Dental => Self::Dental,
        }
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// BHT03, at most 50 characters.
    pub reference: String,
    /// TRN02, at most 50 characters: the answer repeats it.
    pub trace: String,
    /// TRN03, ten characters: `9` and an id of one's own choosing, or `1` and a tax id.
    pub trace_company: String,
    /// Who is asked.
    pub payer: Party,
    /// Who asks.
    pub provider: Party,
    /// The subscriber, or anybody with a member id of their own.
    pub subscriber: Patient,
    /// The one who is meant, where it is a dependent who hangs on the subscriber.
    pub dependent: Option<Patient>,
    /// The day of coverage asked for (DTP*291).
    pub date: NaiveDate,
    /// What coverage.
    pub services: Vec<ServiceType>,
}

impl Inquiry {
    /// The question as a whole interchange. Fails where the control number is none.
    pub fn write(&self, header: &Header) -> Result<Vec<u8>, WriteError> {
        let mut file = open(header, QUESTION)?;
        let out = file.open_set(header.control_number)?;
        begin(out, header, "13", &self.reference);
        parties(out, &self.payer, &self.provider);
        let trace = ["1", &fit(&self.trace, 50), &fit(&self.trace_company, 10)];
        match &self.dependent {
            None => {
                out.put("HL", &["3", "2", "22", "0"]);
                out.put("TRN", &trace);
                self.subscriber.write(out, "IL");
            }
            Some(dependent) => {
                out.put("HL", &["3", "2", "22", "1"]);
                self.subscriber.write(out, "IL");
                out.put("HL", &["4", "3", "23", "0"]);
                out.put("TRN", &trace);
                dependent.write(out, "03");
            }
        }
        out.put("DTP", &["291", "D8", &text_of_day(self.date)]);
        for service in &self.services {
            out.put("EQ", &[service.code()]);
        }
        Ok(file.finish())
    }
}

impl Patient {
    fn write(&self, out: &mut SegmentsOut, role: &str) {
        let id = self.member_id.as_deref().unwrap_or_default();
        // A dependent's loop has no place for an id (005010X279A1, 2100D NM108 is not used).
        let (qualifier, id) = if id.is_empty() || role == "03" { ("", "") } else { ("MI", id) };
        let name = [(&self.last, 60), (&self.first, 35), (&self.middle, 25), (&self.suffix, 10)];
        let [last, first, middle, suffix] = name.map(|(text, longest)| fit(text, longest));
        out.put("NM1", &[role, "1", &last, &first, &middle, "", &suffix, qualifier, &fit(id, 80)]);
        let sex = match self.sex {
            Some(Sex::Female) => "F",
            Some(Sex::Male) => "M",
            None => "",
        };
        if let Some(born) = self.birth_date {
            out.put("DMG", &["D8", &text_of_day(born), sex]);
        }
    }
}

/// Interchange and functional group.
pub(super) fn open(header: &Header, content: Content) -> Result<Envelopes, WriteError> {
    let mut file = Envelopes::new(Options::default());
    file.open_interchange(&Envelope {
        sender: header.sender.clone(),
        receiver: header.receiver.clone(),
        qualifiers: Qualifiers::default(),
        control_number: header.control_number,
        at: header.at,
        usage: header.usage,
        wants_acknowledgement: false,
    })?;
    let group = FunctionalGroup {
        sender: header.sender.clone(),
        receiver: header.receiver.clone(),
        control_number: header.control_number,
        at: header.at,
    };
    file.open_group(content, &group)?;
    Ok(file)
}

/// BHT: `13` asks, `11` answers.
pub(super) fn begin(out: &mut SegmentsOut, header: &Header, purpose: &str, reference: &str) {
    let (date, time) = (text_of_day(header.at.date()), header.at.format("%H%M%S").to_string());
    out.put("BHT", &["0022", purpose, &fit(reference, 50), &date, &time]);
}

/// The first two levels: who is asked, and who asks.
pub(super) fn parties(out: &mut SegmentsOut, payer: &Party, provider: &Party) {
    for (number, parent, level, role, party, kind) in
        [("1", "", "20", "PR", payer, "PI"), ("2", "1", "21", "1P", provider, "XX")]
    {
        out.put("HL", &[number, parent, level, "1"]);
        out.put("NM1", &[role, "2", &fit(&party.name, 60), "", "", "", "", kind, &fit(&party.id, 80)]);
    }
}
