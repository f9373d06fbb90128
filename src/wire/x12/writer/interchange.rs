//! Files of 834 transaction sets: one set for each enrollment group.

use super::envelopes::Envelopes;
use super::headers::{Content, Envelope, FunctionalGroup};
use super::segments::Options;
use super::transaction;
use crate::model::{GroupRecord, RecordKind};
use crate::wire::x12::WriteError;
use chrono::NaiveDateTime;
use chrono_tz::Tz;

/// Groups of enrollments, by the guide that every set follows.
const ENROLLMENTS: Content = Content { code: "BE", set: "834", guide: "005010X220A1" };

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

/// Writes interchanges of 834 sets; opening an envelope closes what stands open inside the one around it.
#[derive(Debug)]
pub struct Writer {
    file: Envelopes,
}

impl Writer {
    /// A writer with nothing written.
    pub fn new(options: Options) -> Self {
        Self { file: Envelopes::new(options) }
    }

    /// Begins an interchange. Fails where its control number (ISA13) was used before in this file.
    pub fn open_interchange(&mut self, envelope: &Envelope) -> Result<(), WriteError> {
        self.file.open_interchange(envelope)
    }

    /// Begins a functional group. Fails without an interchange around it, or where its control number (GS06) was used
    /// before in this file.
    pub fn open_group(&mut self, group: &FunctionalGroup) -> Result<(), WriteError> {
        self.file.open_group(ENROLLMENTS, group)
    }

    /// Writes one enrollment group as one transaction set: its initial enrollment, or its cancellation (the subscriber
    /// alone, no coverage loop). Fails where no group is open, the control number (ST02) was used before in this file, the
    /// kind is another, or the record has no member; nothing is written then.
    pub fn write(&mut self, header: &SetHeader, record: &GroupRecord) -> Result<(), WriteError> {
        if !matches!(record.kind, RecordKind::InitialEnrollment | RecordKind::Cancellation) {
            return Err(WriteError::Kind(record.kind));
        }
        if record.members.is_empty() {
            return Err(WriteError::Lacks("member"));
        }
        transaction::write(self.file.open_set(header.control_number)?, header, record);
        self.file.close_set();
        Ok(())
    }

    /// Closes what is open and gives out the file.
    pub fn finish(self) -> Vec<u8> {
        self.file.finish()
    }
}
