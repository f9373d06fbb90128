//! Whose record is it? Everybody we look for, in hash tables by strength of evidence.

use super::keys::{Keys, Kind, hash_digits, hash_id, hash_own, hash_person, hash_plan, hash_zip};
use super::spelling::without_origin;
use crate::model::{Expectation, ExpectedGroup, Field, MatchTier, ProbeIndex};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Says whose records are. Whoever reads a file asks for each of its groups: what is learned while a long file is read
/// need not wait for its end.
pub trait Recognise: Sync {
    /// Whose record it is that shows these keys; `None`: a stranger's.
    fn recognise(&self, keys: &Keys<'_>) -> Option<Recognition>;
}

impl Recognise for Roster {
    fn recognise(&self, keys: &Keys<'_>) -> Option<Recognition> {
        Self::recognise(self, keys)
    }
}

/// A probe recognised, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognition {
    /// Whose record it is.
    pub probe: ProbeIndex,
    /// The strongest evidence for it.
    pub tier: MatchTier,
}

/// Everybody we look for. Keeps hashes only, some 250 bytes for a family of three, so that a feed can ask of every record
/// it reads before it keeps anything.
///
/// Evidence is asked for strongest first: ids of the exchange, the application's id, mailboxes, Social Security numbers,
/// then names with birth dates. A key that two probes share, and ids that point to different probes, are decided by what
/// else the record shows, and refused where nothing else decides. A record with an id known to be another run's, and none
/// of ours, is not ours, whatever its names: two runs of a scenario have the same people.
///
/// A name with its birth date could be a stranger's. It is taken only where the record also shows the probe's plan, its ZIP
/// code or a second one of its people, or shows nothing that could corroborate; and never where it shows a mailbox or a
/// Social Security number that is none of ours.
#[derive(Debug, Default)]
pub struct Roster {
    exchange_ids: Table,
    application_ids: Table,
    emails: Table,
    ssns: Table,
    people: Table,
    places: Places,
    foreign: HashSet<u64, BuildHasherDefault<Hashed>>,
}

impl Roster {
    /// Knows nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows nobody yet, and has room for so many probes: filling it is then a third cheaper.
    pub fn with_capacity(probes: usize) -> Self {
        let mut roster = Self::default();
        roster.exchange_ids.owners.reserve(probes.saturating_mul(4));
        roster.emails.owners.reserve(probes.saturating_mul(2));
        roster.people.owners.reserve(probes.saturating_mul(2));
        roster.places.first.reserve(probes);
        roster
    }

    /// Adds what is expected of a probe; again whenever more is known. What was known before stays known.
    pub fn add(&mut self, expectation: &Expectation) {
        let probe = expectation.probe.0;
        let is_members = |group: &ExpectedGroup| {
            group.members.first().and_then(|m| m.text(Field::Email)) == Some(expectation.marker.as_str())
        };
        // the marker is nearly always the subscriber's mailbox, which is added below
        if expectation.marker.contains('@') && !expectation.groups.first().is_some_and(is_members) {
            self.emails.insert(hash_id(Kind::Email, &expectation.marker), probe);
        }
        let mut people_known = false;
        for group in &expectation.groups {
            // every group of a household has the same people
            let members = if people_known { &[] } else { group.members.as_slice() };
            people_known = true;
            self.add_keys(&Keys::of(&group.facts, members), probe);
        }
    }

    fn add_keys(&mut self, keys: &Keys<'_>, probe: u32) {
        for id in keys.exchange_ids() {
            self.exchange_ids.insert(id, probe);
        }
        if let Some(id) = keys.application_id {
            self.application_ids.insert(hash_id(Kind::Application, without_origin(id.trim())), probe);
        }
        for email in &keys.emails {
            self.emails.insert(hash_id(Kind::Email, email), probe);
        }
        for ssn in &keys.ssns {
            self.ssns.insert(hash_digits(Kind::Ssn, ssn), probe);
        }
        for (last, first, born) in &keys.people {
            self.people.insert(hash_person(last, first, *born), probe);
        }
        for (at, zip) in keys.zips.iter().enumerate() {
            // most households have one
            if keys.zips.first() != Some(zip) || at == 0 {
                self.places.insert(probe, hash_zip(zip));
            }
        }
        if let Some(plan) = keys.plan_id {
            self.places.insert(probe, hash_plan(plan));
        }
    }

    /// Adds an id that the exchange assigned in another run (a policy's, subscriber's or member's).
    pub fn add_foreign_id(&mut self, id: &str) {
        self.foreign.insert(hash_id(Kind::AnyId, id));
    }

    /// Whose record it is that shows these keys; `None`: a stranger's.
    pub fn recognise(&self, keys: &Keys<'_>) -> Option<Recognition> {
        if let Some(probe) = self.by_every_id(keys) {
            return Some(Recognition { probe, tier: MatchTier::ExchangeIds });
        }
        let votes = self.votes(keys);
        if let Some(probe) = self.host(keys, &votes) {
            return Some(Recognition { probe, tier: MatchTier::ExchangeIds });
        }
        let by_id = votes.values().any(|vote| vote.tier == MatchTier::ExchangeIds);
        if !by_id && self.shows_foreign_id(keys) {
            return None;
        }
        let most = votes.values().map(|vote| vote.weight).max()?;
        let mut best = votes.iter().filter(|(_, vote)| vote.weight == most);
        let (probe, vote) = best.next()?;
        if best.next().is_some() {
            return None;
        }
        let known = vote.tier != MatchTier::NameAndBirthDate || self.corroborated(*probe, vote, keys);
        known.then_some(Recognition { probe: ProbeIndex(*probe), tier: vote.tier })
    }

    /// The usual case, decided without a second look: every id shown is one probe's and only its.
    fn by_every_id(&self, keys: &Keys<'_>) -> Option<ProbeIndex> {
        let mut ids = keys.exchange_ids().map(|id| self.exchange_ids.sole(id));
        let first = ids.next()??;
        ids.all(|other| other == Some(first)).then_some(ProbeIndex(first))
    }

    /// Whose group it is by its own policy or subscriber id, where one of that household's people is in it: guests, however
    /// many, do not make it theirs. An id that none of its owner's people stands beside is only a wrong id.
    fn host(&self, keys: &Keys<'_>, votes: &BTreeMap<u32, Vote>) -> Option<ProbeIndex> {
        let policy = keys.policy_id.map(|id| hash_id(Kind::Policy, id));
        let subscriber = keys.subscriber_id.map(|id| hash_id(Kind::Subscriber, id));
        let owners = policy.into_iter().chain(subscriber).filter_map(|id| self.exchange_ids.sole(id));
        let at_home = |owner: &u32| votes.get(owner).is_some_and(|vote| vote.people > 0);
        owners.into_iter().find(at_home).map(ProbeIndex)
    }

    fn votes(&self, keys: &Keys<'_>) -> BTreeMap<u32, Vote> {
        let mut votes = BTreeMap::new();
        for id in keys.exchange_ids() {
            self.exchange_ids.vote(id, MatchTier::ExchangeIds, 4, &mut votes);
        }
        if let Some(id) = keys.application_id {
            self.application_ids.vote(
                hash_id(Kind::Application, without_origin(id.trim())),
                MatchTier::ApplicationId,
                4,
                &mut votes,
            );
        }
        for email in &keys.emails {
            self.emails.vote(hash_id(Kind::Email, email), MatchTier::Marker, 5, &mut votes);
        }
        for ssn in &keys.ssns {
            self.ssns.vote(hash_digits(Kind::Ssn, ssn), MatchTier::Ssn, 5, &mut votes);
        }
        for (last, first, born) in &keys.people {
            self.people.vote(hash_person(last, first, *born), MatchTier::NameAndBirthDate, 3, &mut votes);
        }
        // ties among those already in play are broken by plan and ZIP code
        for (probe, vote) in &mut votes {
            vote.weight += u32::from(self.owns_place(*probe, keys));
        }
        votes
    }

    fn owns_place(&self, probe: u32, keys: &Keys<'_>) -> bool {
        let places = keys.zips.iter().map(|zip| hash_zip(zip)).chain(keys.plan_id.map(hash_plan));
        places.into_iter().any(|place| self.places.contains(probe, place))
    }

    fn corroborated(&self, probe: u32, vote: &Vote, keys: &Keys<'_>) -> bool {
        if !keys.emails.is_empty() || !keys.ssns.is_empty() {
            // had one of them been ours, the tier were stronger; a stranger's mailbox or number decides against us
            let named_by_all =
                usize::try_from(vote.people).is_ok_and(|people| people == keys.people.len() && people > 1);
            return keys.ssns.is_empty() && named_by_all && self.owns_place(probe, keys);
        }
        let nothing_to_ask = keys.people.len() == 1 && keys.plan_id.is_none() && keys.zips.is_empty();
        vote.people > 1 || nothing_to_ask || self.owns_place(probe, keys)
    }

    fn shows_foreign_id(&self, keys: &Keys<'_>) -> bool {
        let ids = keys.policy_id.iter().chain(&keys.subscriber_id).chain(&keys.member_ids);
        !self.foreign.is_empty() && ids.into_iter().any(|id| self.foreign.contains(&hash_id(Kind::AnyId, id)))
    }
}

/// Plans and ZIP codes of each probe: two of them side by side, because most probes have one of each; the others apart.
#[derive(Debug, Default)]
struct Places {
    first: Vec<[u64; 2]>,
    more: HashSet<u64, BuildHasherDefault<Hashed>>,
}

impl Places {
    fn insert(&mut self, probe: u32, place: u64) {
        let at = probe as usize;
        if self.first.len() <= at {
            self.first.resize(at + 1, [0; 2]);
        }
        let slots = self.first.get_mut(at).into_iter().flatten();
        match slots.into_iter().find(|slot| **slot == 0 || **slot == place) {
            Some(slot) => *slot = place,
            None => drop(self.more.insert(hash_own(probe, place))),
        }
    }

    fn contains(&self, probe: u32, place: u64) -> bool {
        self.first.get(probe as usize).is_some_and(|first| first.contains(&place))
            || self.more.contains(&hash_own(probe, place))
    }
}

/// Evidence for one probe.
#[derive(Debug)]
struct Vote {
    tier: MatchTier,
    weight: u32,
    people: u32,
}

/// Which probe a hashed key belongs to; more than one where a key is shared.
#[derive(Debug, Default)]
struct Table {
    owners: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    shared: BTreeMap<u64, Vec<u32>>,
}

/// Stands in `owners` where `shared` holds several.
const SHARED: u32 = u32::MAX;

impl Table {
    fn insert(&mut self, key: u64, probe: u32) {
        let owner = self.owners.entry(key).or_insert(probe);
        if *owner == probe {
            return;
        }
        let owners = self.shared.entry(key).or_insert_with(|| vec![*owner]);
        *owner = SHARED;
        if !owners.contains(&probe) {
            owners.push(probe);
        }
    }

    /// The one owner, where there is one.
    fn sole(&self, key: u64) -> Option<u32> {
        self.owners.get(&key).copied().filter(|owner| *owner != SHARED)
    }

    fn vote(&self, key: u64, tier: MatchTier, weight: u32, votes: &mut BTreeMap<u32, Vote>) {
        let sole = self.sole(key);
        // what half the probes share says nothing; it must not cost anything either
        let shared = self.shared.get(&key).filter(|owners| owners.len() <= 64).map(Vec::as_slice).unwrap_or_default();
        for owner in sole.iter().chain(shared) {
            let vote = votes.entry(*owner).or_insert(Vote { tier, weight: 0, people: 0 });
            vote.weight += weight;
            vote.people += u32::from(tier == MatchTier::NameAndBirthDate);
        }
    }
}

/// Keys are hashes already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
