//! The answer to a file, and how it is written.

use crate::wire::ack::{AckWriter, GroupAck, InterchangeAck, Parties, SegmentError, SetAck, Verdict};
use crate::wire::x12::{ControlNumbers, Envelope, FunctionalGroup, Options, Qualifiers, Usage, WriteError};
use chrono::NaiveDateTime;

/// What the answerer objects to, at a segment that goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// A segment in error, which rejects its set.
    Segment(SegmentError),
    /// A segment in error that is noted; its set is accepted all the same.
    Note(SegmentError),
    /// Rejects the set that the segment is in, with a code of IK502.
    Set(String),
    /// Rejects the functional group that the segment is in, with a code of AK905.
    Group(String),
    /// Rejects the interchange that the segment is in, with a code of TA105.
    Interchange(String),
}

/// The answer to a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// For each interchange whose header could be read, in order.
    pub interchanges: Vec<InterchangeAnswer>,
}

/// The answer to one interchange.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InterchangeAnswer {
    /// Its TA1.
    pub ack: InterchangeAck,
    /// Whether it asks for a TA1 (ISA14).
    pub is_requested: bool,
    /// Whether it is production data (ISA15).
    pub is_production: bool,
    /// Its functional groups but for acknowledgements, which are not acknowledged; none where the interchange is rejected.
    pub groups: Vec<GroupAnswer>,
}

/// The answer to one functional group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupAnswer {
    /// AK1 and AK9.
    pub ack: GroupAck,
    /// AK2 to IK5 of every set.
    pub sets: Vec<SetAck>,
}

impl Answer {
    /// The answer as a file: one interchange for each that is answered, its TA1 (where one was asked for, or it is rejected) and
    /// its 999s. Sender and receiver are those of the file the other way round; `numbers` are the answerer's own, `at` is its local
    /// time.
    pub fn write(
        &self,
        options: Options,
        at: NaiveDateTime,
        numbers: &mut ControlNumbers,
    ) -> Result<Vec<u8>, WriteError> {
        let mut writer = AckWriter::new(options);
        for answered in &self.interchanges {
            let is_wanted = answered.is_requested || !answered.is_accepted();
            if !is_wanted && answered.groups.is_empty() {
                continue;
            }
            writer.open_interchange(&answered.envelope(at, numbers.issue()?))?;
            if is_wanted {
                writer.interchange_ack(&answered.ack);
            }
            for group in &answered.groups {
                let Parties { group_sender, group_receiver, .. } = &group.ack.parties;
                let (sender, receiver) = (group_sender.clone(), group_receiver.clone());
                let control_number = numbers.issue()?;
                writer.open_group(&FunctionalGroup { sender, receiver, control_number, at })?;
                writer.group_ack(numbers.issue()?, &group.ack, &group.sets)?;
            }
        }
        Ok(writer.finish())
    }
}

impl InterchangeAnswer {
    /// Whether 999s may follow.
    pub(super) fn is_accepted(&self) -> bool {
        self.ack.verdict().is_some_and(Verdict::is_accepted)
    }

    fn envelope(&self, at: NaiveDateTime, control_number: u32) -> Envelope {
        Envelope {
            sender: self.ack.parties.sender.clone(),
            receiver: self.ack.parties.receiver.clone(),
            qualifiers: Qualifiers::default(),
            control_number,
            at,
            usage: if self.is_production { Usage::Production } else { Usage::Test },
            wants_acknowledgement: false,
        }
    }
}
