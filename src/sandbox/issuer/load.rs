//! Loading an 834 file into an issuer's records.

use crate::model::GroupRecord;
use crate::sandbox::outbound::Written;
use crate::sandbox::world::World;
use crate::wire::x12::{Item, ReadError, Reader};
use chrono_tz::Tz;
use std::fs::File;
use std::path::Path;

/// Loads a file that lies in the outbound folder. One that is damaged or incomplete is refused as a whole, and so is an
/// interchange whose control number was seen before (TA1 note 025). Blocks while it reads.
pub(in crate::sandbox) fn load(world: &World, written: &Written) {
    let Some(issuer) = world.issuers.get(&written.issuer) else { return };
    let records = match read(&written.path, world.config.zone) {
        Ok(records) => records,
        Err(error) => return world.trouble(&error),
    };
    let mut books = issuer.books();
    let control = records.first().and_then(|record| record.place.interchange.as_deref());
    if control.is_some_and(|control| books.is_new_interchange(control)) {
        for record in records {
            books.take(world, record);
        }
    }
}

/// The records of a file; none where it is not whole.
fn read(path: &Path, zone: Tz) -> Result<Vec<GroupRecord>, ReadError> {
    let mut reader = Reader::new(File::open(path)?);
    let mut records = Vec::new();
    while let Some(item) = reader.next()? {
        if let Item::Group(group) = item {
            records.push(group.to_record("", zone));
        }
    }
    if !reader.report().is_complete() {
        records.clear();
    }
    Ok(records)
}
