//! What a file hands over, by household, and what becomes of it.

use super::completed::completed;
use crate::model::{Field, GroupRecord, Place, RecordKind};
use crate::sandbox::acknowledge::{Admitted, objection};
use crate::sandbox::edi::Transaction;
use crate::sandbox::exchange::{NotPlaced, Unplaced, audit, change, end, enroll, reinstate};
use crate::sandbox::fault::{FaultKind, Hop, Planted};
use crate::sandbox::world::World;
use crate::wire::ack::answer::Objection;
use crate::wire::ack::plain_number;
use crate::wire::x12::PlacedSegment;
use std::collections::HashMap;

/// What a file hands over.
#[derive(Debug, Default)]
pub(super) struct Handed {
    enrollments: Vec<Household>,
    /// Changes, ends, reinstatements and audits, in the order of the file.
    others: Vec<GroupRecord>,
    not_placed: Vec<(Place, NotPlaced)>,
    is_silent: bool,
}

/// One household's enrollment.
#[derive(Debug)]
struct Household {
    /// What names it in draws, truth and counters: the local part of its first mailbox, or its application.
    marker: String,
    groups: Vec<GroupRecord>,
    /// A fault of the answer, until it has struck.
    planted: Option<Planted>,
}

impl Handed {
    /// Sorts the transactions of a file by household. Policies of one application, or else of one subscriber, belong together.
    pub(super) fn of(world: &World, found: Vec<Transaction>) -> Self {
        let (mut handed, mut by_key) = (Self::default(), HashMap::<String, (String, usize)>::new());
        for Transaction { record, .. } in found {
            // next year's enrollment is a policy of its own
            if !matches!(record.kind, RecordKind::InitialEnrollment | RecordKind::AutomaticReenrollment) {
                handed.others.push(record);
                continue;
            }
            let key = household_key(&record);
            let known = key.as_ref().and_then(|key| by_key.get(key).cloned());
            let (application, at) = known.unwrap_or_else(|| {
                let stated = record.facts.text(Field::ApplicationId).map(str::to_owned);
                (stated.unwrap_or_else(|| world.numbers.id()), handed.enrollments.len())
            });
            let (kind, place) = (record.kind, record.place.clone());
            match completed(world, record, &application) {
                Ok(record) => {
                    handed.add(at, &application, record);
                    by_key.extend(key.map(|key| (key, (application, at))));
                }
                Err(why) => {
                    let why = NotPlaced::new(kind, &place, why);
                    handed.not_placed.push((place, why));
                }
            }
        }
        for household in &mut handed.enrollments {
            let groups: Vec<&GroupRecord> = household.groups.iter().collect();
            let drawn = world.faults.draw(&household.marker, &groups);
            household.planted = drawn.filter(|planted| planted.spec.first_shows_at() == Hop::Intake);
        }
        handed
    }

    fn add(&mut self, at: usize, application: &str, record: GroupRecord) {
        if let Some(household) = self.enrollments.get_mut(at) {
            household.groups.push(record);
        } else {
            let marker = marker(&record).unwrap_or(application).to_owned();
            self.enrollments.push(Household { marker, groups: vec![record], planted: None });
        }
    }

    /// What is objected to at a segment because a fault wants it.
    pub(super) fn object(&mut self, world: &World, found: &PlacedSegment<'_>) -> Vec<Objection> {
        if found.segment.id() != b"HD" {
            return Vec::new();
        }
        for household in &mut self.enrollments {
            let stands_here = |record: &&GroupRecord| stands_at(record, found);
            let Some(record) = household.groups.iter().find(stands_here) else { continue };
            let Some(planted) = household.planted.take_if(|planted| planted.concerns(record)) else { continue };
            self.is_silent |= planted.spec.kind == FaultKind::SilentAck;
            let (detail, objection) = objection(&planted, found);
            world.note(&planted, record, detail);
            return objection.into_iter().collect();
        }
        Vec::new()
    }

    /// Whether a fault keeps the file from being answered.
    pub(super) fn is_silent(&self) -> bool {
        self.is_silent
    }

    /// Carries out what was accepted; tells what cannot be.
    pub(super) fn carry_out(self, world: &World, admitted: &Admitted) {
        let mut not_placed: Vec<NotPlaced> = Vec::new();
        for Household { marker, mut groups, .. } in self.enrollments {
            groups.retain(|record| admitted.admits(record));
            not_placed.extend(enroll(world, &marker, groups));
        }
        for record in self.others.iter().filter(|record| admitted.admits(record)) {
            let why = carry_out_other(world, record).err();
            not_placed.extend(why.map(|why| NotPlaced::new(record.kind, &record.place, why)));
        }
        let refused = self.not_placed.into_iter().filter(|(place, _)| admitted.admits_at(place));
        not_placed.extend(refused.map(|(_, why)| why));
        for why in not_placed {
            world.trouble(&why);
        }
    }
}

fn carry_out_other(world: &World, record: &GroupRecord) -> Result<(), Unplaced> {
    match record.kind {
        RecordKind::Cancellation | RecordKind::Termination => end(world, record),
        RecordKind::Maintenance => change(world, record),
        RecordKind::Reinstatement => reinstate(world, record),
        RecordKind::Audit => audit(world, record),
        _ => Err(Unplaced::Confirms),
    }
}

/// By what sets of a file are known to be of one household; `None` where each is alone.
fn household_key(record: &GroupRecord) -> Option<String> {
    let application = record.facts.text(Field::ApplicationId).map(|id| format!("application {id}"));
    application.or_else(|| record.facts.text(Field::SubscriberId).map(|id| format!("subscriber {id}")))
}

fn marker(record: &GroupRecord) -> Option<&str> {
    let mailboxes = record.members.iter().filter_map(|member| member.text(Field::Email));
    mailboxes.filter_map(|email| email.split('@').next()).find(|local| !local.is_empty())
}

/// Whether the segment stands in the record's transaction set.
fn stands_at(record: &GroupRecord, found: &PlacedSegment<'_>) -> bool {
    let is = |stated: &Option<String>, control: &str| {
        plain_number(stated.as_deref().unwrap_or_default()) == plain_number(control)
    };
    let (Some(group), Some(set)) = (found.place.group(), found.place.set()) else { return false };
    is(&record.place.functional_group, &group.control) && is(&record.place.transaction_set, &set.control)
}
