//! What the envelopes say: who sends to whom, when, under which control numbers.

use chrono::NaiveDateTime;

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
    /// ISA06, at most 15 characters, qualified by `ZZ`; the federal exchange is `CMSFFM`.
    pub sender: String,
    /// ISA08, at most 15 characters, qualified by `ZZ`: the trading partner's tax or HIOS id.
    pub receiver: String,
    /// ISA13, below a thousand million: never used before, in any file.
    pub control_number: u32,
    /// ISA09 and ISA10, in the sender's local time.
    pub at: NaiveDateTime,
    /// Test or production.
    pub usage: Usage,
    /// Whether a TA1 is asked for (ISA14).
    pub wants_acknowledgement: bool,
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
