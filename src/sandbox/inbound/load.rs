//! The exchange takes in what issuers tell it.

use crate::model::GroupRecord;
use crate::sandbox::acknowledge::{Admitted, receive, send};
use crate::sandbox::world::World;
use crate::wire::x12::{Item, ReadError, Reader};
use std::fs::File;
use std::path::Path;

/// Receives a file of an issuer: acknowledges it, and takes in the transaction sets that were not refused.
pub(super) fn load(world: &World, path: &Path) {
    let received = receive(path, &mut world.heard(), &mut |_| Vec::new());
    let (answer, admitted) = match received {
        Ok(received) => received,
        Err(error) => return world.trouble(&error),
    };
    send(world, &world.config.acks_from_exchange(), path, &answer);
    match read(world, path, &admitted) {
        Ok(records) => {
            let mut book = world.book();
            for record in records {
                book.hear(&record);
            }
        }
        Err(error) => world.trouble(&error),
    }
}

fn read(world: &World, path: &Path, admitted: &Admitted) -> Result<Vec<GroupRecord>, ReadError> {
    let mut reader = Reader::new(File::open(path)?);
    let mut records = Vec::new();
    while let Some(item) = reader.next()? {
        if let Item::Group(group) = item {
            let record = group.to_record("", world.config.zone);
            if admitted.admits(&record) {
                records.push(record);
            }
        }
    }
    Ok(records)
}
