//! What the exchange holds of a household, and how it leaves for the issuers, with the household's fault.

use super::book::{Enrolled, Household};
use crate::model::{Field, GroupRecord, IssuerId};
use crate::sandbox::fault::{Hop, Planted};
use crate::sandbox::outbound::{Route, route};
use crate::sandbox::world::World;

/// Counts an enrollment of the household.
pub(super) fn count_enrollment(world: &World, household: &Household) {
    world.counters.count(&household.marker, |counts| counts.enrollments += 1);
}

/// Takes the groups into the exchange's records and queues them for their issuers.
pub(super) fn hold(world: &World, household: &mut Household, groups: Vec<GroupRecord>) {
    household.is_enrolled = true;
    count_enrollment(world, household);
    for record in groups {
        let sent = send(world, household.planted.as_ref(), &record);
        household.policies.push(Enrolled { record, sent, ended: None });
    }
}

/// Queues one group, with the household's fault; gives what goes to whom.
pub(super) fn send(world: &World, planted: Option<&Planted>, record: &GroupRecord) -> Vec<(IssuerId, GroupRecord)> {
    let now = world.clock.now();
    let issuers: Vec<IssuerId> = world.issuers.keys().cloned().collect();
    let Route { messages, detail } = route(planted, record.clone(), &issuers, || world.numbers.id(), now);
    if let (Some(planted), Some(detail)) = (planted, detail) {
        world.note(planted, record, detail);
    }
    let mut sent: Vec<(IssuerId, GroupRecord)> = Vec::new();
    for message in &messages {
        let issuer = world.issuers.get(&message.issuer);
        let is_new = sent
            .iter()
            .all(|(_, other)| other.facts.value(Field::PolicyId) != message.record.facts.value(Field::PolicyId));
        if is_new {
            let mut subscriber_only = message.record.clone();
            subscriber_only.members.truncate(1);
            subscriber_only.members.shrink_to_fit();
            sent.push((message.issuer.clone(), subscriber_only));
        }
        let planted = planted.filter(|p| is_at_issuer(p, record));
        if let (Some(issuer), Some(planted)) = (issuer, planted)
            && let Some(detail) = issuer.expect_fault(planted, &message.record, now)
        {
            world.note(planted, record, detail);
        }
    }
    world.outbound.send(messages);
    sent
}

fn is_at_issuer(planted: &Planted, record: &GroupRecord) -> bool {
    let hop = planted.spec.first_shows_at();
    matches!(hop, Hop::Ack | Hop::Issuer | Hop::Effectuation | Hop::Eligibility) && planted.concerns(record)
}
