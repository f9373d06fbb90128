//! TA1 and 999: what a receiver answers to a file before anything of it is loaded.

use super::fault::{FaultKind as Kind, Planted};
use super::outbound::write_whole;
use super::world::World;
use crate::model::{GroupRecord, Place};
use crate::wire::ack::answer::{Answer, Objection, ReceivedNumbers, answer, answer_envelopes};
use crate::wire::ack::{SegmentError, Verdict, plain_number};
use crate::wire::x12::{ControlNumbers, Options, PlacedSegment, ReadError, WriteError};
use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::{fs, io};

/// The guide that enrollments follow (GS08).
const VERSION: &str = "005010X220A1";

/// Which transaction sets of a file may be loaded.
#[derive(Debug, Default)]
pub(super) struct Admitted {
    /// Interchange, functional group and set, by their control numbers.
    sets: HashSet<[String; 3]>,
}

impl Admitted {
    /// Whether the set that a record stands in may be loaded.
    pub(super) fn admits(&self, record: &GroupRecord) -> bool {
        self.admits_at(&record.place)
    }

    /// The same of what stands at a place.
    pub(super) fn admits_at(&self, place: &Place) -> bool {
        let plain = |control: &Option<String>| plain_number(control.as_deref().unwrap_or_default()).to_owned();
        let set = [&place.interchange, &place.functional_group, &place.transaction_set].map(plain);
        self.sets.contains(&set)
    }

    fn of(answer: &Answer) -> Self {
        let mut sets = HashSet::new();
        for interchange in &answer.interchanges {
            let control = plain_number(&interchange.ack.control);
            for group in &interchange.groups {
                for set in &group.sets {
                    if group.ack.verdict_of(set.verdict()).is_some_and(Verdict::is_accepted) {
                        let (group, set) = (plain_number(&group.ack.group.control), plain_number(&set.control));
                        sets.insert([control.to_owned(), group.to_owned(), set.to_owned()]);
                    }
                }
            }
        }
        Self { sets }
    }
}

/// What a receiver looks at before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checks {
    /// The envelopes. What is wrong inside a set is let pass, as many a receiver does: a changed field is to arrive changed.
    Envelopes,
    /// The segments of each set, too.
    Content,
}

/// Who receives files, and how.
#[derive(Debug)]
pub(super) struct Addressee<'a> {
    /// Its id on interchanges (ISA08).
    pub(super) name: &'a str,
    /// Whose interchanges it takes (ISA06); `None`: everybody's.
    pub(super) senders: Option<Vec<&'a str>>,
    pub(super) checks: Checks,
}

impl Addressee<'_> {
    /// What it objects to in an envelope, whatever is in it: it is for somebody else, comes from nobody known, or holds what is
    /// not taken here.
    fn objection(&self, found: &PlacedSegment<'_>) -> Option<Objection> {
        let text = |at: usize| String::from_utf8_lossy(found.segment.element(at).trim_ascii()).into_owned();
        match found.segment.id() {
            b"ISA" if text(8) != self.name => Some(Objection::Interchange("008".to_owned())),
            b"ISA" if self.senders.as_ref().is_some_and(|known| !known.contains(&text(6).as_str())) => {
                Some(Objection::Interchange("006".to_owned()))
            }
            b"GS" if !matches!(text(1).as_str(), "BE" | "FA") => Some(Objection::Group("1".to_owned())),
            b"GS" if text(1) == "BE" && text(8) != VERSION => Some(Objection::Group("2".to_owned())),
            b"ST" if text(1) != "834" && found.place.group().is_some_and(|group| group.kind == "BE") => {
                Some(Objection::Set("1".to_owned()))
            }
            _ => None,
        }
    }
}

/// Reads a received file through and answers it. `object` may object to segments, too. Blocks while it reads.
pub(super) fn receive(
    path: &Path,
    received: &mut ReceivedNumbers,
    addressee: &Addressee<'_>,
    object: &mut dyn FnMut(&PlacedSegment<'_>) -> Vec<Objection>,
) -> Result<(Answer, Admitted), ReadError> {
    let file = File::open(path)?;
    let mut object = |found: &PlacedSegment<'_>| {
        let mut objections = object(found);
        objections.extend(addressee.objection(found));
        objections
    };
    let answer = match addressee.checks {
        Checks::Envelopes => answer_envelopes(file, received, &mut object)?,
        Checks::Content => answer(file, received, &mut object)?,
    };
    let admitted = Admitted::of(&answer);
    Ok((answer, admitted))
}

/// What a fault has the receiver say of a file at this segment of a coverage loop, with the truth of it.
pub(super) fn objection(planted: &Planted, found: &PlacedSegment<'_>) -> (&'static str, Option<Objection>) {
    match planted.spec.kind {
        // 024: the content of the interchange is invalid
        Kind::Ta1Reject => ("its interchange is refused with TA1 024", Some(Objection::Interchange("024".to_owned()))),
        // I9: the implementation guide does not allow this segment here
        Kind::SetReject => {
            let error = SegmentError {
                segment: String::from_utf8_lossy(found.segment.id()).into_owned(),
                position: Some(found.place.segment),
                loop_id: "2300".to_owned(),
                code: "I9".to_owned(),
                ..SegmentError::default()
            };
            ("its transaction set is refused with a 999", Some(Objection::Segment(error)))
        }
        _ => ("its file is loaded and never acknowledged", None),
    }
}

/// Writes the answer to a received file into a folder, as `NAME.ack`, or with a number in it where that is taken. Blocks while it writes.
pub(super) fn send(world: &World, folder: &Path, received: &Path, answer: &Answer) {
    let written = encode(world, answer).map_err(io::Error::other).and_then(|bytes| {
        fs::create_dir_all(folder)?;
        let name = received.file_name().unwrap_or_default().to_string_lossy();
        let mut ack = format!("{name}.ack");
        if folder.join(&ack).exists() {
            ack = format!("{name}.{}.ack", world.numbers.control());
        }
        write_whole(folder, &ack, &bytes)
    });
    if let Err(error) = written {
        world.trouble(&error);
    }
}

fn encode(world: &World, answer: &Answer) -> Result<Vec<u8>, WriteError> {
    let at = world.clock.now().with_timezone(&world.config.zone).naive_local();
    let groups: usize = answer.interchanges.iter().map(|interchange| interchange.groups.len()).sum();
    // one for each interchange, one for each group, one for each set of a group
    let first = world.numbers.controls(answer.interchanges.len() + 2 * groups);
    answer.write(Options::default(), at, &mut ControlNumbers::starting_at(first))
}
