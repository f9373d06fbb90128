//! What the envelopes say: who sends to whom, when, under which control numbers.

use crate::model::Direction;
use chrono::NaiveDateTime;
use chrono_tz::Tz;

/// ISA15.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// `P`.
    Production,
    /// `T`.
    Test,
}

/// An interchange's header (CMS companion guide v7.2 p. 26 to 28).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// ISA06, at most 15 characters; the federal exchange is `CMSFFM`.
    pub sender: String,
    /// ISA08, at most 15 characters: the trading partner's tax or HIOS id.
    pub receiver: String,
    /// What kind of ids these are.
    pub qualifiers: Qualifiers,
    /// ISA13, below a thousand million: never used before, in any file.
    pub control_number: u32,
    /// ISA09 and ISA10, in the sender's local time.
    pub at: NaiveDateTime,
    /// Test or production.
    pub usage: Usage,
    /// Whether a TA1 is asked for (ISA14).
    pub wants_acknowledgement: bool,
}

/// ISA05 and ISA07 (X12 element I05): `ZZ` mutually agreed, `30` tax id, `01` D-U-N-S number …; at most two characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualifiers {
    /// ISA05.
    pub sender: String,
    /// ISA07.
    pub receiver: String,
}

impl Default for Qualifiers {
    /// As the federal exchange writes them (CMS companion guide v7.2 p. 26).
    fn default() -> Self {
        Self { sender: "ZZ".to_owned(), receiver: "ZZ".to_owned() }
    }
}

/// A functional group's header (CMS companion guide v7.2 p. 29).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionalGroup {
    /// GS02: the exchange, a state and `0`, such as `VA0`; an issuer that answers writes its plan here.
    pub sender: String,
    /// GS03: the plan's first 14 characters; an issuer that answers writes the exchange here.
    pub receiver: String,
    /// GS06: never used before, in any file.
    pub control_number: u32,
    /// GS04 and GS05, in the sender's local time.
    pub at: NaiveDateTime,
}

/// What a transaction set says beside its record (CMS companion guide v7.2 p. 31 to 37).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetHeader {
    /// Which way it goes: codes, totals and zone differ (CMS companion guide v7.2 p. 34).
    pub direction: Direction,
    /// ST02: never used before, in any file.
    pub control_number: u32,
    /// BGN02, four to nine digits: an issuer returns the exchange's with its confirmation.
    pub reference: String,
    /// BGN03 and BGN04, in the exchange's local time.
    pub created_at: NaiveDateTime,
    /// The exchange's zone: BGN05, and the zone of REQUEST SUBMIT TIMESTAMP.
    pub zone: Tz,
    /// SOURCE EXCHANGE ID, such as `VA0`.
    pub exchange: String,
    /// N1*IN: the issuer's name.
    pub issuer_name: String,
    /// N1*IN: the issuer's tax id.
    pub issuer_tax_id: String,
    /// N1*P5: an employer, a union or whoever else sponsors the coverage; `None`: the subscriber does.
    pub sponsor: Option<Sponsor>,
    /// N1*BO: who helped, where somebody did.
    pub agent: Option<Agent>,
}

/// Who sponsors the coverage where the subscriber does not (005010X220A1, loop 1000A).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sponsor {
    /// N102.
    pub name: String,
    /// N104 with `FI`.
    pub tax_id: String,
}

/// An agent or broker (CMS companion guide v7.2 p. 37).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// N102.
    pub name: String,
    /// N104: the National Producer Number.
    pub npn: String,
}

/// What a functional group is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wire) struct Content {
    /// GS01.
    pub(in crate::wire) code: &'static str,
    /// ST01.
    pub(in crate::wire) set: &'static str,
    /// GS08 and ST03: the implementation guide.
    pub(in crate::wire) guide: &'static str,
}
