//! Files of 834 transaction sets: one set for each enrollment group.

use super::envelopes::Envelopes;
use super::headers::{Content, Envelope, FunctionalGroup, SetHeader};
use super::segments::Options;
use super::transaction::Set;
use crate::model::GroupRecord;
use crate::wire::x12::WriteError;

/// Groups of enrollments, by the guide that every set follows.
const ENROLLMENTS: Content = Content { code: "BE", set: "834", guide: "005010X220A1" };

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

    /// Writes one enrollment group as one transaction set. What it is follows from the record's kind and its
    /// `group.transaction_reason`, where it states none the usual one of that kind and direction. Fails where no group is
    /// open, the control number (ST02) was used before in this file, the exchange knows no such transaction, or the record
    /// has no member; nothing is written then.
    ///
    /// A cancellation or termination is written as the subscriber alone without a coverage loop, which ends the whole
    /// group (CMS companion guide v7.2 p. 54 to 67). Text is cut to the standard's lengths and carried by its character set.
    pub fn write(&mut self, header: &SetHeader, record: &GroupRecord) -> Result<(), WriteError> {
        let set = Set::of(header, record)?;
        set.write(self.file.open_set(header.control_number)?);
        self.file.close_set();
        Ok(())
    }

    /// Closes what is open and gives out the file.
    pub fn finish(self) -> Vec<u8> {
        self.file.finish()
    }
}
