//! Receiving the exchange's files: what is acknowledged, what is refused, and faults that wait there.

use crate::model::{Field, GroupRecord, IssuerId};
use crate::sandbox::acknowledge::{Addressee, Admitted, Checks, objection, receive, send};
use crate::sandbox::edi::EXCHANGE;
use crate::sandbox::fault::{FaultKind as Kind, Planted};
use crate::sandbox::world::World;
use crate::wire::ack::answer::ReceivedNumbers;
use crate::wire::x12::{PlacedSegment, ReadError};
use std::collections::HashMap;
use std::path::Path;

/// What an issuer has received so far, and faults that wait for a policy's enrollment to be received.
#[derive(Debug, Default)]
pub(super) struct Reception {
    numbers: ReceivedNumbers,
    /// By policy id, with the record as it was sent.
    planted: HashMap<String, (Planted, GroupRecord)>,
}

impl Reception {
    /// Whether the fault is one of receiving; it waits for the record's policy then.
    pub(super) fn plant(&mut self, planted: &Planted, record: &GroupRecord) -> bool {
        let is_ours = matches!(planted.spec.kind, Kind::Ta1Reject | Kind::SetReject | Kind::SilentAck);
        if let Some(policy) = record.facts.text(Field::PolicyId).filter(|_| is_ours) {
            self.planted.insert(policy.to_owned(), (planted.clone(), record.clone()));
        }
        is_ours
    }

    /// Reads a file for the issuer through, acknowledges it, and gives what of it may be loaded. A file that is no X12 is not
    /// answered.
    pub(super) fn receive(&mut self, world: &World, issuer: &IssuerId, path: &Path) -> Result<Admitted, ReadError> {
        let Self { numbers, planted } = self;
        let mut is_silent = false;
        let mut object = |found: &PlacedSegment<'_>| {
            let Some((planted, record)) = policy(found).and_then(|policy| planted.remove(policy)) else {
                return Vec::new();
            };
            is_silent |= planted.spec.kind == Kind::SilentAck;
            let (detail, objection) = objection(&planted, found);
            world.note(&planted, &record, detail);
            objection.into_iter().collect()
        };
        let addressee = Addressee { name: issuer.as_str(), senders: Some(vec![EXCHANGE]), checks: Checks::Envelopes };
        let (answer, admitted) = receive(path, numbers, &addressee, &mut object)?;
        if !is_silent {
            send(world, &world.config.acks_from_issuers(), path, &answer);
        }
        Ok(admitted)
    }
}

/// The policy that a segment names (REF*1L).
fn policy<'a>(found: &PlacedSegment<'a>) -> Option<&'a str> {
    let [id, qualifier, value] = found.segment.elements();
    (id == b"REF" && qualifier == b"1L").then(|| std::str::from_utf8(value).ok()).flatten()
}
