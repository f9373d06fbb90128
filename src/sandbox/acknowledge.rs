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

/// Reads a received file through and answers it. `object` may object to segments. Blocks while it reads.
pub(super) fn receive(
    path: &Path,
    received: &mut ReceivedNumbers,
    checks: Checks,
    object: &mut dyn FnMut(&PlacedSegment<'_>) -> Vec<Objection>,
) -> Result<(Answer, Admitted), ReadError> {
    let file = File::open(path)?;
    let answer = match checks {
        Checks::Envelopes => answer_envelopes(file, received, object)?,
        Checks::Content => answer(file, received, object)?,
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
