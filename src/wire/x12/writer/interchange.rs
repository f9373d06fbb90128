//! The envelopes: who sends to whom, under which control numbers, and trailers that agree.

use super::charset::fit;
use super::segments::{Options, Segments, day};
use super::transaction;
use crate::model::{GroupRecord, RecordKind};
use crate::wire::x12::WriteError;
use chrono::NaiveDateTime;
use chrono_tz::Tz;

/// The implementation guide of every set (GS08 and ST03).
const GUIDE: &str = "005010X220A1";

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
    /// GS02: the exchange, a state and `0`, such as `VA0`.
    pub sender: String,
    /// GS03: the plan's first 14 characters.
    pub receiver: String,
    /// GS06: never used before, in any file.
    pub control_number: u32,
    /// GS04 and GS05, in the sender's local time.
    pub at: NaiveDateTime,
}

/// What a transaction set says beside its record (CMS companion guide v7.2 p. 31 to 37).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetHeader {
    /// ST02: never used before, in any file.
    pub control_number: u32,
    /// BGN02, four to nine digits: an issuer returns it with its confirmation.
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
}

/// Writes interchanges; opening an envelope closes what stands open inside the one around it.
#[derive(Debug, Default)]
pub struct Writer {
    out: Segments,
    /// ISA13, and the groups in the interchange.
    interchange: Option<(u32, u32)>,
    /// GS06, and the sets in the group.
    group: Option<(u32, u32)>,
}

impl Writer {
    /// A writer with nothing written.
    pub fn new(options: Options) -> Self {
        Self { out: Segments { options, ..Segments::default() }, ..Self::default() }
    }

    /// Begins an interchange.
    pub fn open_interchange(&mut self, envelope: &Envelope) {
        self.close_interchange();
        let (sender, receiver) = (fixed(&envelope.sender), fixed(&envelope.receiver));
        let date = envelope.at.format("%y%m%d").to_string();
        let time = envelope.at.format("%H%M").to_string();
        let control = nine_digits(envelope.control_number);
        let acknowledgement = if envelope.wants_acknowledgement { "1" } else { "0" };
        let usage = match envelope.usage {
            Usage::Production => "P",
            Usage::Test => "T",
        };
        let (none, code) = ("          ", "00");
        self.out.put_header(&[
            code,
            none,
            code,
            none,
            "ZZ",
            &sender,
            "ZZ",
            &receiver,
            &date,
            &time,
            "U",
            "00501",
            &control,
            acknowledgement,
            usage,
        ]);
        self.interchange = Some((envelope.control_number, 0));
    }

    /// Begins a functional group. Without an interchange around it nothing is written.
    pub fn open_group(&mut self, group: &FunctionalGroup) {
        self.close_group();
        let Some((_, groups)) = &mut self.interchange else { return };
        *groups += 1;
        let (date, time) = (day(group.at.date()), group.at.format("%H%M").to_string());
        let control = group.control_number.to_string();
        let (sender, receiver) = (fit(&group.sender, 15), fit(&group.receiver, 15));
        self.out.put("GS", &["BE", &sender, &receiver, &date, &time, &control, "X", GUIDE]);
        self.group = Some((group.control_number, 0));
    }

    /// Writes one enrollment group as one transaction set: its initial enrollment, or its cancellation (the subscriber
    /// alone, no coverage loop). Fails where no group is open, the kind is another, or the record has no member.
    pub fn write(&mut self, header: &SetHeader, record: &GroupRecord) -> Result<(), WriteError> {
        let Some((_, sets)) = &mut self.group else { return Err(WriteError::NoGroup) };
        if !matches!(record.kind, RecordKind::InitialEnrollment | RecordKind::Cancellation) {
            return Err(WriteError::Kind(record.kind));
        }
        if record.members.is_empty() {
            return Err(WriteError::Lacks("member"));
        }
        *sets += 1;
        let control = format!("{:04}", header.control_number);
        self.out.in_set = 0;
        self.out.put("ST", &["834", &control, GUIDE]);
        transaction::write(&mut self.out, header, record);
        let count = (self.out.in_set + 1).to_string();
        self.out.put("SE", &[&count, &control]);
        Ok(())
    }

    /// Closes what is open and gives out the file.
    pub fn finish(mut self) -> Vec<u8> {
        self.close_interchange();
        self.out.bytes
    }

    fn close_group(&mut self) {
        if let Some((control, sets)) = self.group.take() {
            self.out.put("GE", &[&sets.to_string(), &control.to_string()]);
        }
    }

    fn close_interchange(&mut self) {
        self.close_group();
        if let Some((control, groups)) = self.interchange.take() {
            self.out.put("IEA", &[&groups.to_string(), &nine_digits(control)]);
        }
    }
}

fn fixed(id: &str) -> String {
    format!("{:<15}", fit(id, 15))
}

fn nine_digits(number: u32) -> String {
    format!("{:09}", number % 1_000_000_000)
}
