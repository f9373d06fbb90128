//! An 834 in the hand, read for what it holds of the people we look for: no folder, no state, nothing is waited for.

use super::addressee::Issuers;
use super::edi_file::Reading;
use crate::model::{GroupRecord, IssuerId, Place};
use crate::reconcile::{Recognise, Recognition};
use crate::wire::x12::{EnrollmentGroup, FileReport, Item, ReadError, Reader};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Damages kept of one file; there may be one for each of its segments.
const MOST_DAMAGES: usize = 100;

/// How a file's people are told.
#[derive(Clone, Copy)]
pub struct Whose<'a> {
    /// Everybody we look for.
    pub roster: &'a dyn Recognise,
    /// The exchange's zone.
    pub zone: Tz,
    /// Tax ids and names by which files call the issuers.
    pub issuers: &'a BTreeMap<IssuerId, Vec<String>>,
    /// Whether a mailbox is one that only synthetic people have.
    pub is_marker: fn(&str) -> bool,
}

/// What a file held.
#[derive(Debug, Default)]
pub struct InHand {
    /// Groups of those we look for, in the file's order.
    pub records: Vec<(Recognition, GroupRecord)>,
    /// Groups of synthetic people whom we do not look for.
    pub marked: Vec<Marked>,
    /// Members of all other groups; nothing of them is kept.
    pub strangers: u64,
    /// Issuers that its groups are addressed to, as far as that can be told.
    pub addressed_to: BTreeSet<IssuerId>,
    /// What could not be read, each as a sentence with its place: the first hundred.
    pub damages: Vec<String>,
    /// Counts of the whole file.
    pub report: FileReport,
}

/// A group that bears a synthetic mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The mailbox.
    pub mailbox: String,
    /// The group's policy id and its subscriber's id, as far as it shows them.
    pub ids: Vec<String>,
    /// How many members it has.
    pub members: u64,
    /// Where it stands.
    pub place: Place,
}

/// Reads a file to its end. `name` is what evidence calls it. Fails where the source does, or where it is no X12 file; damage
/// inside it is told, and the rest is read on.
pub fn read_in_hand(source: impl Read, name: &str, whose: Whose<'_>) -> Result<InHand, ReadError> {
    let issuers = Issuers::new(whose.issuers);
    let reading = Reading { roster: whose.roster, zone: whose.zone, issuers: &issuers };
    let (mut reader, mut found) = (Reader::new(source), InHand::default());
    while let Some(item) = reader.next()? {
        match item {
            Item::Group(group) => found.take(&group, name, &reading, whose),
            Item::Damage(damage) if found.damages.len() < MOST_DAMAGES => found.damages.push(damage.to_string()),
            Item::Damage(_) => {}
        }
    }
    found.report = reader.report().clone();
    Ok(found)
}

impl InHand {
    fn take(&mut self, group: &EnrollmentGroup<'_>, name: &str, reading: &Reading<'_>, whose: Whose<'_>) {
        let to = reading.issuers.sole_addressee(group).or_else(|| group.receiver_ids().issuer().map(IssuerId::new));
        if let Some(issuer) = to.filter(|issuer| !self.addressed_to.contains(issuer)) {
            self.addressed_to.insert(issuer);
        }
        let (standing, members) = reading.recognise(group);
        if let Some(recognition) = standing.recognition() {
            return self.records.push((recognition, reading.record(group, name, &[])));
        }
        match group.members().filter_map(|member| member.email()).find(|mailbox| (whose.is_marker)(mailbox)) {
            Some(mailbox) => self.marked.push(Marked::new(group, name, &mailbox, members)),
            None => self.strangers += members,
        }
    }
}

impl Marked {
    fn new(group: &EnrollmentGroup<'_>, name: &str, mailbox: &str, members: u64) -> Self {
        let first = group.subscriber();
        let ids = first.iter().flat_map(|member| [member.policy_id(), member.subscriber_id()]).flatten();
        let ids = ids.map(std::borrow::Cow::into_owned).collect();
        Self { mailbox: mailbox.to_owned(), ids, members, place: group.location().to_place(name) }
    }
}
