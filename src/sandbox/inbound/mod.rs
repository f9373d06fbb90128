//! From the issuers back to the exchange: effectuations of what was paid, cancellations of what was not, in 834 files of
//! their own.

mod file;
mod load;

use super::edi::{Way, encode};
use super::world::World;
use crate::model::Direction;
use std::sync::Arc;

/// Writes what every issuer has to tell, and has the exchange load it. Blocks while it reads and writes.
pub(super) fn deliver(world: &Arc<World>) {
    let now = world.clock.now();
    for (id, issuer) in &world.issuers {
        let replies = issuer.replies(world, now);
        if replies.is_empty() {
            continue;
        }
        let bytes = encode(world, Way { direction: Direction::ToExchange, issuer: id }, &replies);
        match file::write(world, id, &bytes) {
            Ok(path) => load::load(world, &path),
            Err(error) => world.trouble(&error),
        }
    }
}
