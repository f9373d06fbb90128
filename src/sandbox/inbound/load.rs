//! The exchange takes in what issuers tell it.

use crate::model::GroupRecord;
use crate::sandbox::world::World;
use crate::wire::x12::{Item, ReadError, Reader};
use std::fs::File;
use std::path::Path;

/// Loads a file of an issuer. One that is damaged is refused as a whole.
pub(super) fn load(world: &World, path: &Path) {
    match read(world, path) {
        Ok(records) => {
            let mut book = world.book();
            for record in records {
                book.hear(&record);
            }
        }
        Err(error) => world.trouble(&error),
    }
}

fn read(world: &World, path: &Path) -> Result<Vec<GroupRecord>, ReadError> {
    let mut reader = Reader::new(File::open(path)?);
    let mut records = Vec::new();
    while let Some(item) = reader.next()? {
        if let Item::Group(group) = item {
            records.push(group.to_record("", world.config.zone));
        }
    }
    if !reader.report().is_complete() {
        records.clear();
    }
    Ok(records)
}
