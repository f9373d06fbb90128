//! One 834 file: whether it is whole, and the records of ours in it.

use super::addressee::{Issuers, Said};
use super::digest::{Digesting, Digests};
use super::listing::Listed;
use crate::files::unpack;
use crate::model::{Field, GroupRecord, ProbeIndex, Refused};
use crate::net::Halt;
use crate::reconcile::{Keys, Recognise, Recognition, Standing};
use crate::wire::ack::SeenAck;
use crate::wire::x12::{Completeness, EnrollmentGroup, Item, Member, ReadError, Reader, completeness};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Read};

/// Damages told of one file; there may be one for each of its segments.
const MOST_DAMAGES: usize = 3;

/// Refused parts kept of one file.
const MOST_REFUSED: usize = 1000;

/// A file that is refused after its first bytes is read to its end for its digest only where it is no longer than this.
const SMALL: u64 = 1 << 20;

/// A large file that begins with so many blanks, or zeros, says nothing yet.
const MOST_BLANKS: u64 = 64 << 10;

/// A file's state, from one pass over it.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) completeness: Completeness,
    /// Of what it says, decompressed where it is compressed; as far as it can be.
    pub(super) digests: Digests,
    /// It says nothing where a file of ours says most: it is not read through, however it ends.
    pub(super) is_blank: bool,
}

/// Whether the file is whole, and its digest. `mark`: a beginning whose digest is wanted too.
pub(super) fn examine(file: &Listed, mark: Option<u64>, halt: &Halt) -> io::Result<Examined> {
    if file.stamp.size > SMALL && begins_blank(file, halt)? {
        let reason = format!("it begins with {MOST_BLANKS} blank bytes; expected an X12 interchange header `ISA`");
        let digests = Digesting::new(io::empty(), None).finish();
        return Ok(Examined {
            completeness: Completeness::Incomplete { reason, closed: false },
            digests,
            is_blank: true,
        });
    }
    let mut unpacked = unpack(file.open(halt)?, 0)?;
    let mut source = Digesting::new(&mut unpacked, mark);
    let completeness = completeness(&mut source)?;
    // What is plainly no X12 was refused after its first bytes; whatever else was given up was read to its end by now.
    let is_refused = matches!(completeness, Completeness::Incomplete { closed: true, .. });
    let digests = if is_refused && file.stamp.size > SMALL {
        source.finish_as(file.stamp.size)
    } else {
        source.drain()?;
        source.finish()
    };
    Ok(Examined { completeness: unpacked.flaw().unwrap_or(completeness), digests, is_blank: false })
}

/// Whether nothing is said where a file of ours says most: room that was only made is not read through.
fn begins_blank(file: &Listed, halt: &Halt) -> io::Result<bool> {
    let mut head = Vec::new();
    file.open(halt)?.take(MOST_BLANKS).read_to_end(&mut head)?;
    Ok(head.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1a)))
}

/// What a file held.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) records: Vec<(Recognition, GroupRecord)>,
    pub(super) strangers: u64,
    /// Probes that some of the strangers may be, though they show too little to say so.
    pub(super) possible: BTreeSet<ProbeIndex>,
    pub(super) members: u64,
    pub(super) damage: Option<String>,
    /// What in it a receiver refuses.
    pub(super) refused: Vec<Refused>,
    /// Probes whose records stand in what is refused so that they are not given out.
    pub(super) held: BTreeSet<ProbeIndex>,
    /// Of a folder of acknowledgements: what they say, whoever's messages they answer.
    pub(super) acks: Vec<SeenAck>,
}

impl Content {
    /// Adds what a receiver refuses, the first thousand of it.
    fn refuse(&mut self, refused: Option<Refused>) {
        let refused = refused.filter(|refused| self.refused.len() < MOST_REFUSED && !self.refused.contains(refused));
        self.refused.extend(refused);
    }
}

/// How records are read.
pub(super) struct Reading<'a> {
    pub(super) roster: &'a dyn Recognise,
    pub(super) zone: Tz,
    pub(super) issuers: &'a Issuers,
}

impl Reading<'_> {
    /// Reads a file from an offset on. Groups that are not recognised are counted where they stand in the reader's window;
    /// nothing of them is copied.
    pub(super) fn read(&self, file: &Listed, from: u64, halt: &Halt) -> io::Result<Content> {
        let mut unpacked = unpack(file.open(halt)?, from)?;
        let mut reader = Reader::new(&mut unpacked).with_refused();
        let (mut found, mut damages) = (Content::default(), Vec::new());
        loop {
            match reader.next() {
                Ok(Some(Item::Group(group))) => self.take(&group, file, &mut found),
                Ok(Some(Item::Damage(damage))) => {
                    found.refuse(damage.refused());
                    damages.push(damage.to_string());
                }
                Ok(None) => break,
                // The beginning was read before, and nothing was added but blanks.
                Err(ReadError::Empty) if from > 0 => break,
                Err(ReadError::Io(e)) => return Err(e),
                Err(refusal) => {
                    damages.push(refusal.to_string());
                    break;
                }
            }
        }
        if let Some(Completeness::Incomplete { reason, .. }) = unpacked.flaw() {
            damages.insert(0, reason);
        }
        found.damage = told(&damages);
        Ok(found)
    }

    fn take(&self, group: &EnrollmentGroup<'_>, file: &Listed, content: &mut Content) {
        let (standing, members) = self.recognise(group);
        if group.is_refused() {
            content.held.extend(standing.recognition().map(|recognition| recognition.probe));
            return;
        }
        content.members += members;
        match standing {
            Standing::Ours(recognition) => {
                content.records.push((recognition, self.record_of(group, file)));
            }
            Standing::Possible(probe) => {
                content.possible.insert(probe);
                content.strangers += members;
            }
            Standing::Stranger => content.strangers += members,
        }
    }

    /// Whose group it is, and how many members it has; nothing of it is copied.
    pub(super) fn recognise(&self, group: &EnrollmentGroup<'_>) -> (Standing, u64) {
        let members: Vec<Member<'_>> = group.members().collect();
        let shown: Vec<Shown<'_>> = members.iter().map(Shown::of).collect();
        let of_group = OfGroup::of(&members);
        (self.roster.stands(&keys(&shown, &of_group)), members.len() as u64)
    }

    /// The record of a group. `around`: to whom its file is addressed by what stands outside it.
    pub(super) fn record(&self, group: &EnrollmentGroup<'_>, label: &str, around: &[Said]) -> GroupRecord {
        let mut record = group.to_record(label, self.zone);
        if let Some(issuer) = self.issuers.addressee(group, around) {
            record.facts.set(Field::Issuer, issuer.as_str());
        }
        record
    }

    /// The record of a group of this file: where it lies in an issuer's own folder it has come to that issuer, whoever it was
    /// for, which is kept beside it.
    fn record_of(&self, group: &EnrollmentGroup<'_>, file: &Listed) -> GroupRecord {
        let around = self.issuers.around(file);
        let mut record = self.record(group, &file.label, &around);
        if let Some(issuer) = &file.issuer {
            let addressee = self.issuers.addressee(group, &around);
            record.place.addressed_to = addressee.filter(|addressee| addressee != issuer.as_str());
            record.facts.set(Field::Issuer, issuer.as_str());
        }
        record
    }
}

/// By what a member can be recognised, borrowed from the reader's window.
struct Shown<'a> {
    member_id: Option<Cow<'a, str>>,
    email: Option<Cow<'a, str>>,
    ssn: Option<Cow<'a, str>>,
    last: Option<Cow<'a, str>>,
    first: Option<Cow<'a, str>>,
    born: Option<NaiveDate>,
    zip: Option<Cow<'a, str>>,
    street: Option<Cow<'a, str>>,
    phone: Option<Cow<'a, str>>,
}

impl<'a> Shown<'a> {
    fn of(member: &Member<'a>) -> Self {
        Self {
            member_id: member.member_id(),
            email: member.email(),
            ssn: member.ssn(),
            last: member.last_name(),
            first: member.first_name(),
            born: member.birth_date(),
            zip: member.zip(),
            street: member.street(),
            phone: member.phone(),
        }
    }
}

/// By what a group can be recognised: what the first of its members shows that shows it.
struct OfGroup<'a> {
    policy: Option<Cow<'a, str>>,
    subscriber: Option<Cow<'a, str>>,
    application: Option<Cow<'a, str>>,
    plan: Option<Cow<'a, str>>,
}

impl<'a> OfGroup<'a> {
    fn of(members: &[Member<'a>]) -> Self {
        Self {
            policy: members.iter().find_map(Member::policy_id),
            subscriber: members.iter().find_map(Member::subscriber_id),
            application: members.iter().find_map(Member::application_id),
            plan: members.iter().find_map(Member::plan),
        }
    }
}

fn keys<'a>(members: &'a [Shown<'a>], group: &'a OfGroup<'a>) -> Keys<'a> {
    let person = |m: &'a Shown<'a>| Some((m.last.as_deref()?, m.first.as_deref().unwrap_or_default(), m.born?));
    Keys {
        policy_id: group.policy.as_deref(),
        subscriber_id: group.subscriber.as_deref(),
        application_id: group.application.as_deref(),
        plan_id: group.plan.as_deref(),
        member_ids: members.iter().filter_map(|m| m.member_id.as_deref()).collect(),
        emails: members.iter().filter_map(|m| m.email.as_deref()).collect(),
        ssns: members.iter().filter_map(|m| m.ssn.as_deref()).collect(),
        people: members.iter().filter_map(person).collect(),
        zips: members.iter().filter_map(|m| m.zip.as_deref()).collect(),
        streets: members.iter().filter_map(|m| m.street.as_deref()).collect(),
        phones: members.iter().filter_map(|m| m.phone.as_deref()).collect(),
    }
}

pub(super) fn told(damages: &[String]) -> Option<String> {
    let (first, rest) = damages.split_at(damages.len().min(MOST_DAMAGES));
    let more = if rest.is_empty() { String::new() } else { format!("; and {} more", rest.len()) };
    (!first.is_empty()).then(|| format!("{}{more}", first.join("; ")))
}
