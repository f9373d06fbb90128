//! From the issuers back to the exchange: effectuations of what was paid, cancellations of what was not, in 834 files of
//! their own; and whatever else lies in their folder, which somebody may have put there who tries an issuer of his own.

mod file;
mod load;

use super::edi::{Way, encode};
use super::folder::Folder;
use super::world::World;
use crate::model::Direction;
use crate::wire::ack::answer::ReceivedNumbers;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What the exchange has received of its issuers.
#[derive(Debug, Default)]
pub(super) struct Inbound {
    folder: Folder,
    /// Control numbers.
    received: ReceivedNumbers,
}

/// Leaves alone what lies in the folder already: it was another sandbox's.
pub(super) fn begin(world: &World) -> io::Result<()> {
    world.inbound().folder.leave_all(&world.config.inbound())
}

/// Takes in what others put into the folder; then writes what every issuer has to tell, and has the exchange load it. Only files
/// that lay still since the window before are taken in where `must_lie_still`. Blocks while it reads and writes.
pub(super) fn deliver(world: &Arc<World>, must_lie_still: bool) {
    let (now, folder) = (world.clock.now(), world.config.inbound());
    let mut inbound = world.inbound();
    match inbound.folder.ready(&folder, must_lie_still) {
        Ok(names) => names.iter().for_each(|name| inbound.take(world, &folder.join(name))),
        Err(error) => world.trouble(&error),
    }
    for (id, issuer) in &world.issuers {
        let replies = issuer.replies(world, now);
        if replies.is_empty() {
            continue;
        }
        let bytes = encode(world, Way { direction: Direction::ToExchange, issuer: id }, &replies);
        match file::write(world, id, &bytes) {
            Ok(path) => inbound.take(world, &path),
            Err(error) => world.trouble(&error),
        }
    }
}

impl Inbound {
    /// Loads a file, once.
    fn take(&mut self, world: &World, path: &Path) {
        self.folder.leave(&path.file_name().unwrap_or_default().to_string_lossy());
        load::load(world, &mut self.received, path);
    }
}
