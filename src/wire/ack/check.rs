//! Acknowledgements checked against the file that they answer.

use super::codes::Verdict;
use super::findings::{Answered, Findings, Problem, SetName};
use super::reader::{Ack, Acks};
use super::record::{GroupAck, GroupName, InterchangeAck, SegmentError, SetAck, plain_number};
use crate::wire::x12::{Location, PlacedSegment, ReadError, SegmentPlace, Segments, Step, decode, number};
use std::collections::HashMap;
use std::io::Read;

/// Checks a file of acknowledgements against the file they answer. Memory grows with the sets that are acknowledged. Fails
/// where either source does, or is no X12 file.
pub fn check(acks: impl Read, answered: impl Read) -> Result<Findings, ReadError> {
    let mut findings = Findings::default();
    let claims = Claims::collect(acks, &mut findings)?;
    let mut matching = Matching { claims, findings, ..Matching::default() };
    let mut segments = Segments::new(answered);
    while let Some(step) = segments.next()? {
        if let Step::Segment(found) = step {
            matching.segment(&found);
        }
    }
    matching.leave_set();
    matching.leave_group(None);
    Ok(matching.finish())
}

/// What is said of one set.
#[derive(Debug)]
struct Claim {
    ack: SetAck,
    name: SetName,
    verdict: Option<Verdict>,
    group_words: String,
    is_met: bool,
}

/// Everything that is said.
#[derive(Debug, Default)]
struct Claims {
    interchanges: HashMap<String, (InterchangeAck, bool)>,
    groups: HashMap<(String, String), (Vec<GroupAck>, bool)>,
    sets: HashMap<SetName, Claim>,
}

impl Claims {
    fn collect(source: impl Read, findings: &mut Findings) -> Result<Self, ReadError> {
        let mut acks = Acks::new(source);
        let (mut claims, mut waiting) = (Self::default(), Vec::new());
        while let Some(ack) = acks.next()? {
            match ack {
                Ack::Interchange(ack) => {
                    claims.interchanges.insert(plain_number(&ack.control).to_owned(), (ack, false));
                }
                Ack::Set(name, set) => waiting.push((name, set)),
                Ack::Group(group) => claims.group(group, &mut waiting, findings),
                Ack::Damage(damage) => findings.damages.push(damage),
            }
        }
        Ok(claims)
    }

    fn group(&mut self, group: GroupAck, waiting: &mut Vec<(GroupName, SetAck)>, findings: &mut Findings) {
        for (name, ack) in waiting.drain(..).filter(|(name, _)| *name == group.group) {
            let set = set_name(&name.functional_id, &name.control, &ack.control);
            let verdict = group.verdict_of(ack.verdict());
            let second = Claim { ack, name: set.clone(), verdict, group_words: group.words(), is_met: false };
            let key = set.plain();
            if let Some(first) = self.sets.get(&key).filter(|first| first.verdict != second.verdict) {
                let (first, at) = (first.ack.code.clone(), second.ack.place.clone());
                let second = second.ack.code.clone();
                findings.problems.push(Problem::Contradiction { set: set.clone(), first, second, at });
            }
            self.sets.insert(key, second);
        }
        let key = (group.group.functional_id.clone(), plain_number(&group.group.control).to_owned());
        self.groups.entry(key).or_default().0.push(group);
    }
}

/// The file going by.
#[derive(Debug, Default)]
struct Matching {
    claims: Claims,
    findings: Findings,
    set: Option<SetName>,
    /// Segments of the set so far, and those in error that have not come yet.
    segments: u32,
    awaited: Vec<SegmentError>,
    group: Option<(String, String)>,
    sets_in_group: u32,
    rejected_interchange: Option<String>,
}

impl Matching {
    fn segment(&mut self, found: &PlacedSegment<'_>) {
        match found.segment.id() {
            b"ISA" => self.open_interchange(found),
            b"GS" => self.open_group(found.place),
            b"ST" => self.open_set(found.place),
            b"GE" => {
                let said = number(found.segment.element(1).trim_ascii());
                self.leave_set();
                self.leave_group(said);
                return;
            }
            _ => {}
        }
        if found.place.set().is_some() && self.set.is_some() {
            self.meet(found);
        }
        if found.segment.id() == b"SE" {
            self.leave_set();
        }
    }

    fn open_interchange(&mut self, found: &PlacedSegment<'_>) {
        self.leave_set();
        self.leave_group(None);
        self.findings.interchanges += 1;
        self.rejected_interchange = None;
        let control = decode(found.segment.element(13).trim_ascii());
        let Some((ack, is_met)) = self.claims.interchanges.get_mut(plain_number(&control)) else { return };
        *is_met = true;
        match ack.verdict() {
            Some(verdict) if verdict.is_accepted() => self.findings.interchanges_accepted += 1,
            Some(_) => {
                self.rejected_interchange = Some(control.into_owned());
                self.findings.interchanges_rejected.push(ack.clone());
            }
            None => {}
        }
    }

    fn open_group(&mut self, place: &SegmentPlace) {
        self.leave_set();
        self.leave_group(None);
        let Some(at) = place.group() else { return };
        let key = (at.kind.clone(), plain_number(&at.control).to_owned());
        if let Some((_, is_met)) = self.claims.groups.get_mut(&key) {
            *is_met = true;
        }
        self.group = Some(key);
    }

    fn leave_group(&mut self, said_by_trailer: Option<u32>) {
        let Some(key) = self.group.take() else { return };
        let found = std::mem::take(&mut self.sets_in_group);
        for ack in self.claims.groups.get(&key).into_iter().flat_map(|(acks, _)| acks) {
            let counts = [("AK902", ack.included, said_by_trailer.unwrap_or(found)), ("AK903", ack.received, found)];
            for (element, said, found) in counts {
                if let Some(said) = said.filter(|said| *said != found) {
                    self.findings.problems.push(Problem::Count { element, group: key.1.clone(), said, found });
                }
            }
        }
    }

    fn open_set(&mut self, place: &SegmentPlace) {
        self.leave_set();
        let (Some(set), Some(group)) = (place.set(), place.group()) else { return };
        self.sets_in_group += 1;
        // Acknowledgements are not acknowledged.
        if group.kind == "FA" {
            return;
        }
        self.findings.sets += 1;
        let name = set_name(&group.kind, &group.control, &set.control);
        self.judge(&name);
        self.set = Some(name);
    }

    fn judge(&mut self, name: &SetName) {
        let plain = name.plain();
        let claim = self.claims.sets.get_mut(&plain);
        let is_answered = claim.is_some();
        let (verdict, words, at) = match claim {
            Some(claim) => {
                claim.is_met = true;
                self.awaited.clone_from(&claim.ack.segments);
                (claim.verdict, in_words(claim), claim.ack.place.clone())
            }
            None => {
                match self.claims.groups.get(&(plain.functional_id, plain.group)).and_then(|(acks, _)| of_unnamed(acks))
                {
                    Some(group) => (group.verdict_of(None), group.words(), group.place.clone()),
                    None => (None, String::new(), Location::default()),
                }
            }
        };
        if let Some(interchange) = self.rejected_interchange.clone() {
            if is_answered {
                self.findings.problems.push(Problem::AfterRejection { interchange, set: name.clone() });
            }
            return;
        }
        match verdict {
            Some(verdict) if verdict.is_accepted() => self.findings.accepted += 1,
            Some(_) => self.findings.rejected.push(Answered { set: name.clone(), words, at }),
            None => self.findings.silent.push(name.clone()),
        }
    }

    /// Checks that the segments in error are what stands at their positions. Of a missing segment, the position says where it
    /// should have been.
    fn meet(&mut self, found: &PlacedSegment<'_>) {
        self.segments = found.place.segment;
        let Some(set) = &self.set else { return };
        let (position, problems) = (self.segments, &mut self.findings.problems);
        self.awaited.retain(|error| {
            if error.position != Some(position) {
                return true;
            }
            let is_other = decode(found.segment.id()) != error.segment;
            if is_other && !matches!(error.code.as_str(), "3" | "I6" | "I7" | "I8") {
                let (said, found) = (error.segment.clone(), decode(found.segment.id()).into_owned());
                problems.push(Problem::OtherSegment { set: set.clone(), position, said, found });
            }
            false
        });
    }

    fn leave_set(&mut self) {
        let (Some(set), segments) = (self.set.take(), std::mem::take(&mut self.segments)) else { return };
        for error in self.awaited.drain(..) {
            // A trailer that is missing would have stood right after the last segment.
            let Some(position) = error.position.filter(|position| *position > segments + 1) else { continue };
            let set = set.clone();
            self.findings.problems.push(Problem::NoSuchSegment { set, position, said: error.segment, segments });
        }
    }

    /// What is acknowledged and did not come.
    fn finish(self) -> Findings {
        let Self { claims, mut findings, .. } = self;
        let interchanges = claims.interchanges.into_values().filter(|(_, is_met)| !is_met);
        let interchanges = interchanges.map(|(ack, _)| (format!("interchange `{}`", ack.control), ack.place));
        let groups = claims.groups.into_iter().filter(|(_, (_, is_met))| !is_met);
        let groups = groups.filter_map(|((kind, control), (acks, _))| {
            Some((format!("functional group {kind} `{control}`"), acks.into_iter().next()?.place))
        });
        let sets = claims.sets.into_values().filter(|claim| !claim.is_met);
        let sets = sets.map(|claim| (claim.name.to_string(), claim.ack.place));
        let mut nothing: Vec<_> = interchanges.chain(groups).chain(sets).collect();
        nothing.sort_by_key(|(_, at)| at.offset);
        findings.problems.extend(nothing.into_iter().map(|(what, at)| Problem::AnswersNothing { what, at }));
        findings
    }
}

/// What the last of a group's acknowledgements that says something of sets it does not name says; else the last.
fn of_unnamed(acks: &[GroupAck]) -> Option<&GroupAck> {
    acks.iter().rev().find(|ack| ack.verdict_of(None).is_some()).or(acks.last())
}

fn in_words(claim: &Claim) -> String {
    let own = claim.ack.verdict();
    let first = if own == claim.verdict { claim.ack.words() } else { claim.group_words.clone() };
    std::iter::once(first).chain(claim.ack.segments.iter().map(SegmentError::words)).collect::<Vec<_>>().join("; ")
}

fn set_name(functional_id: &str, group: &str, set: &str) -> SetName {
    SetName { functional_id: functional_id.to_owned(), group: group.to_owned(), set: set.to_owned() }
}
