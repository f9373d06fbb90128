//! An issuer's records.

use super::keys::{Key, keys};
use super::person::Who;
use super::premiums::Premiums;
use super::reception::Reception;
use super::replica::Replica;
use super::trouble::{Trouble, Troubles, later};
use crate::model::{Facts, Field, GroupRecord, RecordKind, Value};
use crate::sandbox::change;
use crate::sandbox::config::IssuerConfig;
use crate::sandbox::edi::Transaction;
use crate::sandbox::fault::{FaultKind as Kind, Hop, Planted};
use crate::sandbox::world::World;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long an issuer holds a record back that it loads late, unless the fault says otherwise.
const LATE: Duration = Duration::from_secs(10);

/// An imitation issuer.
#[derive(Debug)]
pub(in crate::sandbox) struct Issuer {
    pub(in crate::sandbox) config: IssuerConfig,
    books: Mutex<Books>,
    premiums: Mutex<Premiums>,
    reception: Mutex<Reception>,
}

/// Its records.
#[derive(Debug, Default)]
pub(super) struct Books {
    policies: Vec<Held>,
    by_key: HashMap<Key, Vec<usize>>,
    /// Loaded, and to be shown from a moment on.
    late: Vec<(DateTime<Utc>, GroupRecord)>,
    troubles: Troubles,
    issued: u32,
}

/// What the eligibility service has to say of somebody.
pub(super) struct Insured<'b> {
    /// The policies that they are in, with what each says of them.
    pub(super) policies: Vec<(&'b GroupRecord, &'b Facts)>,
    /// Policies of which it must say that they are not in force.
    pub(super) contradicted: Vec<String>,
    /// It is busy.
    pub(super) is_busy: bool,
}

/// One policy.
#[derive(Debug)]
struct Held {
    record: GroupRecord,
    /// Looks that found it, and looks that must not.
    flapping: Option<Flapping>,
    /// The copy from which every other look is answered, where there is one.
    replica: Option<Replica>,
    /// Its status before it ended.
    stood_as: Option<Value>,
}

/// Found once, then hidden from whoever asks the same again so many times, and meanwhile from every other question.
#[derive(Debug, Clone)]
struct Flapping {
    first: Option<Key>,
    to_hide: u32,
    is_back: bool,
}

impl Issuer {
    pub(in crate::sandbox) fn new(config: IssuerConfig) -> Self {
        Self { config, books: Mutex::default(), premiums: Mutex::default(), reception: Mutex::default() }
    }

    /// Plants a fault for a record that is on its way here; tells what it does, where that is known already.
    pub(in crate::sandbox) fn expect_fault(
        &self,
        planted: &Planted,
        record: &GroupRecord,
        now: DateTime<Utc>,
    ) -> Option<String> {
        if matches!(planted.spec.kind, Kind::EffectuationLost | Kind::LapseUntold) {
            let policy = record.facts.text(Field::PolicyId).unwrap_or_default();
            self.premiums().silence(policy, planted.clone());
            return None;
        }
        if self.reception().plant(planted, record) {
            return None;
        }
        self.books().troubles.plant(planted, record, now)
    }

    /// The first premium of a policy is paid; of one that is not loaded yet, ahead of time.
    pub(in crate::sandbox) fn pay(&self, policy: &str) {
        self.premiums().pay(policy);
    }

    /// The time for a policy's next payment passed, and none was made; of one that is not loaded yet, once it is.
    pub(in crate::sandbox) fn miss_payment(&self, policy: &str) {
        self.premiums().miss(policy);
    }

    /// What the exchange is to be told by now.
    pub(in crate::sandbox) fn replies(&self, world: &World, now: DateTime<Utc>) -> Vec<Transaction> {
        let mut premiums = self.premiums();
        premiums.settle(&mut self.books(), world, now)
    }

    pub(super) fn reception(&self) -> MutexGuard<'_, Reception> {
        self.reception.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn premiums(&self) -> MutexGuard<'_, Premiums> {
        self.premiums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// Takes one transaction into the records.
    pub(super) fn take(&mut self, world: &World, record: GroupRecord) {
        let policy = record.facts.text(Field::PolicyId).unwrap_or_default().to_owned();
        match record.kind {
            RecordKind::Cancellation | RecordKind::Termination => self.cancel(&policy, &record),
            RecordKind::Maintenance => self.change(world, &policy, &record),
            RecordKind::Reinstatement => self.reinstate(world, &policy, record),
            // a list to be checked, which changes nothing
            RecordKind::Audit => {}
            _ => self.enroll(world, &policy, record),
        }
    }

    /// What a look-up by this key finds, and what it has to suffer.
    pub(super) fn look(&mut self, key: &Key, now: DateTime<Utc>) -> (Vec<&GroupRecord>, Option<Trouble>) {
        self.admit_late(now);
        let trouble = self.troubles.at_looking(key, now);
        let places = self.by_key.get(key).cloned().unwrap_or_default();
        let mut shown = Vec::new();
        for place in places {
            if self.policies.get_mut(place).is_some_and(|held| held.shows(key)) {
                shown.push(place);
            }
        }
        (shown.into_iter().filter_map(|place| self.policies.get(place)).map(Held::told).collect(), trouble)
    }

    /// The record of a policy, where it is held.
    pub(super) fn held(&mut self, policy: &str) -> Option<&mut GroupRecord> {
        let place = *self.by_key.get(&Key::Policy(policy.to_owned()))?.first()?;
        self.policies.get_mut(place).map(|held| &mut held.record)
    }

    /// Whether the policy is loaded and to be shown later.
    pub(super) fn is_late(&self, policy: &str) -> bool {
        self.late.iter().any(|(_, record)| record.facts.text(Field::PolicyId) == Some(policy))
    }

    /// What the eligibility service finds: the same records, and faults of its own.
    pub(super) fn insured(&mut self, who: &Who, now: DateTime<Utc>) -> Insured<'_> {
        self.admit_late(now);
        let places = who.key().and_then(|key| self.by_key.get(&key)).cloned().unwrap_or_default();
        let records = places.into_iter().filter_map(|place| self.policies.get(place)).map(|held| &held.record);
        let policies: Vec<_> = records.filter_map(|record| Some((record, who.member_of(record)?))).collect();
        let policy = |record: &GroupRecord| record.facts.text(Field::PolicyId).unwrap_or_default().to_owned();
        let is_busy = policies.iter().any(|(record, _)| self.troubles.is_busy(&policy(record), now));
        Insured { policies, contradicted: self.troubles.contradicted().to_vec(), is_busy }
    }

    /// A cancellation shows the subscriber only and means the whole policy; of an unknown policy it is dropped.
    fn cancel(&mut self, policy: &str, cancellation: &GroupRecord) {
        let places = self.by_key.get(&Key::Policy(policy.to_owned())).cloned().unwrap_or_default();
        for place in places {
            let Some(held) = self.policies.get_mut(place) else { continue };
            if !has_ended(&held.record) {
                held.stood_as = held.record.facts.value(Field::PolicyStatus).cloned();
            }
            let status = if cancellation.kind == RecordKind::Termination { "terminated" } else { "cancelled" };
            held.record.facts.set(Field::PolicyStatus, status);
            let end = cancellation.facts.value(Field::BenefitEnd).or(held.record.facts.value(Field::BenefitBegin));
            let end = end.cloned();
            held.record.facts.set_or_absent(Field::BenefitEnd, end);
            // an end is copied at once
            held.replica.iter_mut().for_each(Replica::catch_up);
        }
        // what was to be shown late is not shown at all
        self.late.retain(|(_, late)| late.facts.text(Field::PolicyId) != Some(policy));
    }

    /// Puts a policy in force again, as it was before it ended; one that is not held is enrolled, since the whole group is shown.
    fn reinstate(&mut self, world: &World, policy: &str, record: GroupRecord) {
        let places = self.by_key.get(&Key::Policy(policy.to_owned())).cloned().unwrap_or_default();
        if places.is_empty() {
            return self.enroll(world, policy, record);
        }
        for place in places {
            let Some(held) = self.policies.get_mut(place).filter(|held| has_ended(&held.record)) else { continue };
            let status = held.stood_as.take().unwrap_or_else(|| Value::from("initial"));
            held.record.facts.set(Field::PolicyStatus, status);
            held.record.facts.set_absent(Field::BenefitEnd);
        }
    }

    /// Changes a policy that is held and stands; of another it is dropped.
    fn change(&mut self, world: &World, policy: &str, told: &GroupRecord) {
        for place in self.by_key.get(&Key::Policy(policy.to_owned())).cloned().unwrap_or_default() {
            let Some(held) = self.policies.get_mut(place).filter(|held| !has_ended(&held.record)) else { continue };
            let before = held.record.clone();
            change::take(&mut held.record, told);
            held.replica.iter_mut().for_each(|replica| replica.lag(world, before.clone()));
            let changed = held.record.clone();
            self.index(place, &changed);
        }
    }

    fn enroll(&mut self, world: &World, policy: &str, mut record: GroupRecord) {
        // what a renewal and a reinstatement leave out
        if record.facts.value(Field::PolicyStatus).is_none() {
            record.facts.set(Field::PolicyStatus, "initial");
        }
        let planted = self.troubles.at_loading(policy);
        let note = |planted: &Planted, record: &GroupRecord, detail: &str| world.note(planted, record, detail);
        let Some(planted) = planted else { return self.file(policy, record, None) };
        match planted.spec.kind {
            Kind::LoseAtIssuer => note(&planted, &record, "in the 834 file, and not loaded"),
            Kind::Delay => {
                let late = planted.spec.lasts.unwrap_or(LATE);
                note(&planted, &record, &format!("shown {} after loading", humantime::format_duration(late)));
                self.late.push((later(world.clock.now(), late), record));
            }
            Kind::DuplicateAtIssuer => {
                note(&planted, &record, "loaded twice");
                self.file(policy, record.clone(), None);
                self.add(record, None);
            }
            Kind::StaleReplica => {
                self.file(policy, record, None);
                let place = self.by_key.get(&Key::Policy(policy.to_owned())).and_then(|places| places.first()).copied();
                if let Some(held) = place.and_then(|place| self.policies.get_mut(place)) {
                    held.replica = Some(Replica::of(planted));
                }
            }
            Kind::Flapping => {
                let to_hide = planted.spec.times.unwrap_or(1);
                note(&planted, &record, &format!("found once, then not found {to_hide} times"));
                self.file(policy, record, Some(Flapping { first: None, to_hide, is_back: false }));
            }
            _ => {
                if let Some(detail) =
                    planted.change(&mut record).filter(|_| planted.spec.first_shows_at() == Hop::Issuer)
                {
                    note(&planted, &record, &detail);
                }
                self.file(policy, record, None);
            }
        }
    }

    /// Files a policy: a known one that stands is replaced, a cancelled one is left alone, a new one is added.
    fn file(&mut self, policy: &str, record: GroupRecord, flapping: Option<Flapping>) {
        let place = self.by_key.get(&Key::Policy(policy.to_owned())).and_then(|places| places.first()).copied();
        match place.and_then(|place| self.policies.get_mut(place)) {
            Some(held) if has_ended(&held.record) => {}
            Some(held) => {
                let mut record = record;
                keep_issued_ids(&mut record.facts, &held.record.facts);
                held.record = record;
            }
            None => self.add(record, flapping),
        }
    }

    fn add(&mut self, mut record: GroupRecord, flapping: Option<Flapping>) {
        self.issued += 1;
        let number = self.issued;
        record.facts.set(Field::IssuerPolicyId, format!("AP{number:07}"));
        record.facts.set(Field::IssuerSubscriberId, format!("AS{number:07}"));
        for (i, member) in record.members.iter_mut().enumerate() {
            member.set(Field::IssuerMemberId, format!("AS{number:07}-{i:02}"));
        }
        let place = self.policies.len();
        self.index(place, &record);
        self.policies.push(Held { record, flapping, replica: None, stood_as: None });
    }

    fn index(&mut self, place: usize, record: &GroupRecord) {
        for key in keys(record) {
            let places = self.by_key.entry(key).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }

    /// Files what was to be shown late and is late enough now.
    pub(super) fn admit_late(&mut self, now: DateTime<Utc>) {
        if self.late.iter().any(|(moment, _)| *moment <= now) {
            let (due, still): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.late).into_iter().partition(|(m, _)| *m <= now);
            self.late = still;
            for (_, record) in due {
                let policy = record.facts.text(Field::PolicyId).unwrap_or_default().to_owned();
                self.file(&policy, record, None);
            }
        }
    }
}

impl Held {
    /// What this look is answered: the record, or the copy that lags behind.
    fn told(&self) -> &GroupRecord {
        self.replica.as_ref().and_then(Replica::answers).unwrap_or(&self.record)
    }

    /// Whether this question finds it: a flapping one is found once, then hidden for a while.
    fn shows(&mut self, key: &Key) -> bool {
        self.replica.iter_mut().for_each(|replica| replica.asked(key));
        let Some(flapping) = &mut self.flapping else { return true };
        let Some(first) = &flapping.first else {
            flapping.first = Some(key.clone());
            return true;
        };
        if flapping.is_back || first != key {
            return flapping.is_back;
        }
        flapping.is_back = flapping.to_hide == 0;
        flapping.to_hide = flapping.to_hide.saturating_sub(1);
        flapping.is_back
    }
}

fn keep_issued_ids(new: &mut Facts, old: &Facts) {
    for field in [Field::IssuerPolicyId, Field::IssuerSubscriberId] {
        new.set_or_absent(field, old.value(field).cloned());
    }
}

/// Whether a policy was cancelled or terminated.
pub(super) fn has_ended(record: &GroupRecord) -> bool {
    matches!(record.facts.text(Field::PolicyStatus), Some("cancelled" | "terminated"))
}
