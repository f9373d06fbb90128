//! Whose record is it? Everybody we look for, in hash tables by strength of evidence.

use super::keys::{
    Keys, Kind, OfMember, exchange_ids_of, hash_digits, hash_id, hash_own, hash_person, hash_phone, hash_plan,
    hash_street, hash_zip,
};
use super::owners::{Hashed, Owners};
use super::spelling::without_origin;
use crate::model::{Expectation, ExpectedGroup, Facts, Field, GroupRecord, Marked, MatchTier, ProbeIndex};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasherDefault;

/// Says whose records are. Whoever reads a file asks for each of its groups: what is learned while a long file is read
/// need not wait for its end.
pub trait Recognise: Sync {
    /// Whose record it is that shows these keys.
    fn stands(&self, keys: &Keys<'_>) -> Standing;

    /// Whose record it is, where it is surely one of ours.
    fn recognise(&self, keys: &Keys<'_>) -> Option<Recognition> {
        self.stands(keys).recognition()
    }
}

impl Recognise for Roster {
    fn stands(&self, keys: &Keys<'_>) -> Standing {
        Self::stands(self, keys)
    }
}

/// How a record stands to those we look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is one probe's: its content may be kept and judged.
    Ours(Recognition),
    /// It may be this probe's, and shows too little to tell it from a stranger's: counted, and nothing of it kept.
    Possible(ProbeIndex),
    /// Somebody else's: counted, and nothing of it kept.
    Stranger,
}

impl Standing {
    /// The recognition, where it is surely one of ours.
    pub fn recognition(self) -> Option<Recognition> {
        match self {
            Self::Ours(recognition) => Some(recognition),
            Self::Possible(_) | Self::Stranger => None,
        }
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
/// of ours, is not ours, whatever its names: two runs of a scenario have the same people. Nor is one with another run's marker, unless
/// its every id is ours.
///
/// A name with its birth date could be a stranger's. It is taken only where the record also shows what no stranger has: the
/// probe's street or telephone, or a second one of its people; and never where it shows a mailbox or a Social Security number that is
/// none of ours. Without that it is possible, and no more; nor is it more than possible while another run of the ledger has the
/// same people. A record with another run's marker is that run's, whatever its names.
#[derive(Debug, Default)]
pub struct Roster {
    exchange_ids: Owners,
    application_ids: Owners,
    emails: Owners,
    ssns: Owners,
    people: Owners,
    places: Places,
    /// Streets and telephones, and ids that were shown beside a mailbox of the probe's.
    homes: Places,
    foreign: HashSet<u64, BuildHasherDefault<Hashed>>,
    /// Another run has the same people at the moment.
    has_twin: bool,
}

impl Roster {
    /// Knows nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows nobody yet, and has room for so many probes.
    pub fn with_capacity(probes: usize) -> Self {
        let mut roster = Self::default();
        roster.exchange_ids.reserve(probes.saturating_mul(4));
        roster.emails.reserve(probes.saturating_mul(2));
        roster.people.reserve(probes.saturating_mul(2));
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
        for group in &expectation.groups {
            self.add_group(&group.facts, probe);
        }
        // every group of a household has the same people
        let members = expectation.groups.first().map(|group| group.members.as_slice()).unwrap_or_default();
        let home = members.first().and_then(|member| member.text(Field::Zip));
        for (at, member) in members.iter().map(OfMember::of).enumerate() {
            // most households have one ZIP code
            let zip = member.zip.filter(|zip| at == 0 || Some(*zip) != home);
            self.add_member(&OfMember { zip, ..member }, probe);
        }
    }

    fn add_group(&mut self, facts: &Facts, probe: u32) {
        for id in exchange_ids_of(facts, &[]) {
            self.exchange_ids.insert(id, probe);
        }
        if let Some(id) = facts.text(Field::ApplicationId) {
            self.application_ids.insert(hash_id(Kind::Application, without_origin(id.trim())), probe);
        }
        if let Some(plan) = facts.text(Field::PlanId) {
            self.places.insert(probe, hash_plan(plan));
        }
    }

    fn add_member(&mut self, member: &OfMember<'_>, probe: u32) {
        if let Some(id) = member.id {
            self.exchange_ids.insert(hash_id(Kind::Member, id), probe);
        }
        if let Some(email) = member.email {
            self.emails.insert(hash_id(Kind::Email, email), probe);
        }
        if let Some(ssn) = member.ssn {
            self.ssns.insert(hash_digits(Kind::Ssn, ssn), probe);
        }
        if let Some((last, first, born)) = member.person {
            self.people.insert(hash_person(last, first, born), probe);
        }
        if let Some(zip) = member.zip {
            self.places.insert(probe, hash_zip(zip));
        }
        for home in member.street.map(hash_street).into_iter().chain(member.phone.map(hash_phone)) {
            self.homes.insert(probe, home);
        }
    }

    /// Takes in by which policy and subscriber ids a record is known that shows a probe's own mailbox: beside one of its people with their
    /// birth date they say whose another record is, such as a cancellation, which shows no mailbox. Alone they say nothing, as they may be
    /// somebody else's by mistake.
    pub fn learn(&mut self, record: &GroupRecord) {
        let keys = Keys::of_record(record);
        let standing = self.stands(&keys).recognition();
        let is_marked = |probe: ProbeIndex| keys.emails.iter().any(|mailbox| self.owns_mailbox(probe.0, mailbox));
        let Some(known) = standing.filter(|known| is_marked(known.probe)) else { return };
        for id in ids_of(&keys) {
            self.homes.insert(known.probe.0, id);
        }
    }

    fn owns_mailbox(&self, probe: u32, mailbox: &str) -> bool {
        self.emails.all(hash_id(Kind::Email, mailbox)).any(|owner| owner == probe)
    }

    /// Adds an id that the exchange assigned in another run (a policy's, subscriber's or member's).
    pub fn add_foreign_id(&mut self, id: &str) {
        self.foreign.insert(hash_id(Kind::AnyId, id));
    }

    /// Says whether another run has the same people at the moment, with the same names, birth dates, Social Security numbers, streets
    /// and telephones: then these say of no record whose it is.
    pub fn set_twin(&mut self, has_twin: bool) {
        self.has_twin = has_twin;
    }

    /// Whose record it is.
    pub fn stands_record(&self, record: &GroupRecord) -> Standing {
        match self.by_every_id(exchange_ids_of(&record.facts, &record.members)) {
            Some(recognition) => Standing::Ours(recognition),
            None => self.stands(&Keys::of_record(record)),
        }
    }

    /// Whose record it is, where it is surely one of ours.
    pub fn recognise_record(&self, record: &GroupRecord) -> Option<Recognition> {
        self.stands_record(record).recognition()
    }

    /// Whose record it is that shows these keys, where it is surely one of ours.
    pub fn recognise(&self, keys: &Keys<'_>) -> Option<Recognition> {
        self.stands(keys).recognition()
    }

    /// Everybody but `marked` who is known by an id of a record, beside whose marker it stands.
    pub fn others_called_so(&self, record: &GroupRecord, marked: ProbeIndex) -> BTreeSet<ProbeIndex> {
        let application = record.facts.text(Field::ApplicationId);
        let application = application.map(|id| hash_id(Kind::Application, without_origin(id.trim())));
        let by_policy = exchange_ids_of(&record.facts, &[]).flat_map(|id| self.exchange_ids.all(id));
        let by_application = application.into_iter().flat_map(|id| self.application_ids.all(id));
        by_policy.chain(by_application).map(ProbeIndex).filter(|other| *other != marked).collect()
    }

    /// Whether a record is another run's, by its marker or by an id that the exchange gave there, and by none of ours: however much it
    /// resembles ours, who has the same people, it is not ours.
    pub fn is_of_another_run(&self, record: &GroupRecord) -> bool {
        let keys = Keys::of_record(record);
        let is_foreign = self.shows_foreign_id(&keys) || self.shows_foreign_marker(&keys);
        is_foreign && self.stands_record(record) == Standing::Stranger
    }

    /// Ids beside which another run's marker stands, and that were not known to be its own: what bears one without the marker, as a
    /// cancellation that names nobody's mailbox, is that run's too.
    pub fn others_ids<'k>(&self, keys: &Keys<'k>) -> Vec<&'k str> {
        if keys.emails.is_empty() || !self.shows_foreign_marker(keys) {
            return Vec::new();
        }
        let ids = keys.policy_id.iter().chain(&keys.subscriber_id).chain(&keys.member_ids).copied();
        ids.filter(|id| !self.foreign.contains(&hash_id(Kind::AnyId, id))).collect()
    }

    /// Whose record it is that shows these keys.
    pub fn stands(&self, keys: &Keys<'_>) -> Standing {
        if let Some(recognition) = self.by_every_id(keys.exchange_ids()) {
            return Standing::Ours(recognition);
        }
        let votes = self.votes(keys);
        if let Some(probe) = self.host(keys, &votes) {
            return Standing::Ours(Recognition { probe, tier: MatchTier::ExchangeIds });
        }
        let by_id = votes.values().any(|vote| vote.tier == MatchTier::ExchangeIds);
        if self.shows_foreign_marker(keys) || (!by_id && self.shows_foreign_id(keys)) {
            return Standing::Stranger;
        }
        self.decide(keys, &votes)
    }

    /// The probe that most speaks for; of several none is taken.
    fn decide(&self, keys: &Keys<'_>, votes: &Votes) -> Standing {
        let most = votes.values().map(|vote| vote.weight).max().unwrap_or_default();
        let mut best = votes.iter().filter(|(_, vote)| vote.weight == most);
        let Some((probe, vote)) = best.next() else { return Standing::Stranger };
        let index = ProbeIndex(*probe);
        let by_name = vote.tier == MatchTier::NameAndBirthDate;
        let is_anybodys = self.has_twin && (by_name || vote.tier == MatchTier::Ssn);
        if best.next().is_some() || is_anybodys || (by_name && !self.corroborated(*probe, vote, keys)) {
            return Standing::Possible(index);
        }
        Standing::Ours(Recognition { probe: index, tier: vote.tier })
    }

    /// The usual case, decided without a second look: every id shown is one probe's and only its.
    fn by_every_id(&self, ids: impl Iterator<Item = u64>) -> Option<Recognition> {
        let mut owners = ids.map(|id| self.exchange_ids.sole(id));
        let first = owners.next()??;
        let agreed = owners.all(|other| other == Some(first));
        agreed.then_some(Recognition { probe: ProbeIndex(first), tier: MatchTier::ExchangeIds })
    }

    /// Whose group it is by its own policy or subscriber id, where one of that household's people is in it: guests, however
    /// many, do not make it theirs. An id that none of its owner's people stands beside is only a wrong id.
    fn host(&self, keys: &Keys<'_>, votes: &Votes) -> Option<ProbeIndex> {
        let policy = keys.policy_id.map(|id| hash_id(Kind::Policy, id));
        let subscriber = keys.subscriber_id.map(|id| hash_id(Kind::Subscriber, id));
        let owners = policy.into_iter().chain(subscriber).filter_map(|id| self.exchange_ids.sole(id));
        let at_home = |owner: &u32| votes.get(owner).is_some_and(|vote| vote.people > 0);
        owners.into_iter().find(at_home).map(ProbeIndex)
    }

    fn votes(&self, keys: &Keys<'_>) -> Votes {
        let mut votes = Votes::new();
        for id in keys.exchange_ids() {
            vote(&mut votes, self.exchange_ids.all(id), MatchTier::ExchangeIds, 4);
        }
        if let Some(id) = keys.application_id {
            let id = hash_id(Kind::Application, without_origin(id.trim()));
            vote(&mut votes, self.application_ids.all(id), MatchTier::ApplicationId, 4);
        }
        for email in &keys.emails {
            vote(&mut votes, self.emails.all(hash_id(Kind::Email, email)), MatchTier::Marker, 5);
        }
        for ssn in &keys.ssns {
            vote(&mut votes, self.ssns.all(hash_digits(Kind::Ssn, ssn)), MatchTier::Ssn, 5);
        }
        // somebody who is shown twice is one of its people, and not two
        let people: BTreeSet<u64> =
            keys.people.iter().map(|(last, first, born)| hash_person(last, first, *born)).collect();
        for person in people {
            vote(&mut votes, self.people.all(person), MatchTier::NameAndBirthDate, 3);
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

    fn owns_home(&self, probe: u32, keys: &Keys<'_>) -> bool {
        let streets = keys.streets.iter().map(|street| hash_street(street));
        let phones = keys.phones.iter().map(|phone| hash_phone(phone));
        streets.chain(phones).chain(ids_of(keys)).any(|home| self.homes.contains(probe, home))
    }

    fn corroborated(&self, probe: u32, vote: &Vote, keys: &Keys<'_>) -> bool {
        if !keys.emails.is_empty() || !keys.ssns.is_empty() {
            // had one of them been ours, the tier were stronger; a stranger's mailbox or number decides against us
            let named_by_all =
                usize::try_from(vote.people).is_ok_and(|people| people == keys.people.len() && people > 1);
            return keys.ssns.is_empty() && named_by_all && self.owns_place(probe, keys);
        }
        vote.people > 1 || self.owns_home(probe, keys)
    }

    /// Whether it shows a mailbox that says which run sent it, and is nobody's whom we look for.
    fn shows_foreign_marker(&self, keys: &Keys<'_>) -> bool {
        let is_ours = |mailbox: &str| self.emails.all(hash_id(Kind::Email, mailbox)).next().is_some();
        let of_a_run = |mailbox: &&&str| Marked::of(mailbox).is_some_and(|marked| marked.names_a_run());
        keys.emails.iter().filter(of_a_run).any(|mailbox| !is_ours(mailbox))
    }

    fn shows_foreign_id(&self, keys: &Keys<'_>) -> bool {
        let ids = keys.policy_id.iter().chain(&keys.subscriber_id).chain(&keys.member_ids);
        !self.foreign.is_empty() && ids.into_iter().any(|id| self.foreign.contains(&hash_id(Kind::AnyId, id)))
    }
}

/// The ids of a group, as they are kept beside its homes.
fn ids_of<'k>(keys: &'k Keys<'_>) -> impl Iterator<Item = u64> + 'k {
    let policy = keys.policy_id.map(|id| hash_id(Kind::Policy, id));
    policy.into_iter().chain(keys.subscriber_id.map(|id| hash_id(Kind::Subscriber, id)))
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

/// Evidence by probe.
type Votes = BTreeMap<u32, Vote>;

fn vote(votes: &mut Votes, owners: impl Iterator<Item = u32>, tier: MatchTier, weight: u32) {
    for owner in owners {
        let vote = votes.entry(owner).or_insert(Vote { tier, weight: 0, people: 0 });
        vote.weight += weight;
        vote.people += u32::from(tier == MatchTier::NameAndBirthDate);
    }
}
