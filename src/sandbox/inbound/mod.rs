//! From the issuers back to the exchange: effectuations of what was paid, cancellations of what was not, in 834 files of
//! their own.

mod edi;
mod file;
mod load;

use super::world::World;
use crate::model::GroupRecord;
use std::sync::Arc;

/// One transaction on its way to the exchange.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    /// As the issuer holds the policy.
    pub(super) record: GroupRecord,
    /// BGN02 of the enrollment, which the issuer returns (CMS companion guide v7.2 p. 31).
    pub(super) reference: Option<String>,
}

/// Writes what every issuer has to tell, and has the exchange load it. Blocks while it reads and writes.
pub(super) fn deliver(world: &Arc<World>) {
    let now = world.clock.now();
    for (id, issuer) in &world.issuers {
        let replies = issuer.replies(world, now);
        if replies.is_empty() {
            continue;
        }
        match file::write(world, id, &edi::encode(world, id, &replies)) {
            Ok(path) => load::load(world, &path),
            Err(error) => world.trouble(&error),
        }
    }
}
