//! A person as an answer shows them.

use super::rejection::Rejection;
use crate::wire::x12::Location;
use chrono::NaiveDate;

/// Whose level of the hierarchy a segment stands in (HL03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 20, the payer.
    Source,
    /// 21, who asks.
    Receiver,
    /// 22. A dependent with a member id of their own is asked for and answered here too.
    Subscriber,
    /// 23.
    Dependent,
}

/// TRN: the question's number, repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// TRN01: `1` is the sender's own, `2` the echo of the question's.
    pub kind: String,
    /// TRN02.
    pub number: String,
}

/// A date or a period (DTP).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// DTP01: 291 plan, 307 eligibility, 346 and 347 plan begin and end, 348 and 349 benefit begin and end, 356 and 357
    /// eligibility begin and end.
    pub qualifier: String,
    /// The date, or the first of the period.
    pub from: NaiveDate,
    /// The last of the period (format RD8).
    pub to: Option<NaiveDate>,
}

/// EB, with what follows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Benefit {
    /// EB01.
    pub code: String,
    /// EB02, coverage level such as `FAM`.
    pub coverage_level: String,
    /// EB03, service types; `30` is the plan as a whole, `35` dental care. Empty where it is for all.
    pub service_types: Vec<String>,
    /// EB04, insurance type.
    pub insurance_type: String,
    /// EB05, the plan's name.
    pub plan: String,
    /// REF of the benefit: `18` plan number, `IG` policy number and others.
    pub references: Vec<(String, String)>,
    /// DTP of the benefit.
    pub dates: Vec<Period>,
}

/// A person as one loop of an answer shows them. Everything may be empty: payers repeat what they see fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Whether the loop is a subscriber's or a dependent's.
    pub level: Level,
    /// Where the loop begins (HL).
    pub at: Location,
    /// BHT03, the answer's own or the question's number.
    pub reference: String,
    /// Numbers of the question.
    pub traces: Vec<Trace>,
    /// NM103.
    pub last: String,
    /// NM104.
    pub first: String,
    /// NM105.
    pub middle: String,
    /// NM107.
    pub suffix: String,
    /// NM109 where NM108 is `MI`: the issuer's own id of the member; of a dependent without one the subscriber's is in
    /// [`subscriber_id`](Self::subscriber_id).
    pub member_id: String,
    /// The member id of the subscriber whom a dependent hangs on.
    pub subscriber_id: String,
    /// REF of the person: `SY` Social Security number, `6P` group number, `18` plan number and others.
    pub references: Vec<(String, String)>,
    /// N301, N302, N401, N402, N403.
    pub address: [String; 5],
    /// DMG02.
    pub birth_date: Option<NaiveDate>,
    /// DMG03: `M`, `F` or `U`.
    pub sex: String,
    /// INS02.
    pub relationship: String,
    /// DTP of the person.
    pub dates: Vec<Period>,
    /// EB.
    pub benefits: Vec<Benefit>,
    /// AAA of the person and of what was asked about them.
    pub rejections: Vec<Rejection>,
}

impl Person {
    /// Nobody yet.
    pub(super) fn new(level: Level, at: Location, reference: &str, subscriber_id: &str) -> Self {
        Self {
            level,
            at,
            reference: reference.to_owned(),
            subscriber_id: subscriber_id.to_owned(),
            traces: Vec::new(),
            last: String::new(),
            first: String::new(),
            middle: String::new(),
            suffix: String::new(),
            member_id: String::new(),
            references: Vec::new(),
            address: Default::default(),
            birth_date: None,
            sex: String::new(),
            relationship: String::new(),
            dates: Vec::new(),
            benefits: Vec::new(),
            rejections: Vec::new(),
        }
    }

    /// Whether anything is answered about them: a subscriber of whom a dependent was asked is only named.
    pub fn is_answered(&self) -> bool {
        !(self.benefits.is_empty() && self.rejections.is_empty())
    }
}
