//! The exchange takes in what issuers tell it.

use crate::model::IssuerId;
use crate::sandbox::acknowledge::{Addressee, Checks, receive, send};
use crate::sandbox::edi::{EXCHANGE, read};
use crate::sandbox::world::World;
use crate::wire::ack::answer::ReceivedNumbers;
use std::path::Path;

/// Receives a file of an issuer: acknowledges it, and takes in the transaction sets that were not refused. `numbers`: the
/// control numbers of the files before it.
pub(super) fn load(world: &World, numbers: &mut ReceivedNumbers, path: &Path) {
    let senders = world.issuers.keys().map(IssuerId::as_str).collect();
    let addressee = Addressee { name: EXCHANGE, senders: Some(senders), checks: Checks::Content };
    let (answer, admitted) = match receive(path, numbers, &addressee, &mut |_| Vec::new()) {
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
