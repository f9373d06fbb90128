//! The exchange takes in what issuers tell it.

use crate::sandbox::acknowledge::{Checks, receive, send};
use crate::sandbox::edi::read;
use crate::sandbox::world::World;
use std::path::Path;

/// Receives a file of an issuer: acknowledges it, and takes in the transaction sets that were not refused.
pub(super) fn load(world: &World, path: &Path) {
    let received = receive(path, &mut world.heard(), Checks::Envelopes, &mut |_| Vec::new());
    let (answer, admitted) = match received {
        Ok(received) => received,
        Err(error) => return world.trouble(&error),
    };
    send(world, &world.config.acks_from_exchange(), path, &answer);
    match read(world, path, &admitted) {
        Ok(told) => {
            let mut book = world.book();
            for transaction in told {
                book.hear(&transaction.record);
            }
        }
        Err(error) => world.trouble(&error),
    }
}
