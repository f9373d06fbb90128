//! TA1 and 999: what a receiver answers to a file before anything of it is loaded.

use super::outbound::write_whole;
use super::world::World;
use crate::model::GroupRecord;
use crate::wire::ack::answer::{Answer, Objection, ReceivedNumbers, answer_envelopes};
use crate::wire::ack::{Verdict, plain_number};
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
        let plain = |control: &Option<String>| plain_number(control.as_deref().unwrap_or_default()).to_owned();
        let place = &record.place;
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

/// Reads a received file through and answers it. What is wrong inside a set is let pass, as many a receiver does: a changed
/// field is to arrive changed. `object` may object to segments. Blocks while it reads.
pub(super) fn receive(
    path: &Path,
    received: &mut ReceivedNumbers,
    object: &mut dyn FnMut(&PlacedSegment<'_>) -> Vec<Objection>,
) -> Result<(Answer, Admitted), ReadError> {
    let answer = answer_envelopes(File::open(path)?, received, object)?;
    let admitted = Admitted::of(&answer);
    Ok((answer, admitted))
}

/// Writes the answer to a received file into a folder, as `NAME.ack` beside the file's own name. Blocks while it writes.
pub(super) fn send(world: &World, folder: &Path, received: &Path, answer: &Answer) {
    let written = encode(world, answer).map_err(io::Error::other).and_then(|bytes| {
        fs::create_dir_all(folder)?;
        let name = received.file_name().unwrap_or_default().to_string_lossy();
        write_whole(folder, &format!("{name}.ack"), &bytes)
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
