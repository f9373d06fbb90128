//! Taking files in: found, moved away, answered, carried out.

use super::households::Handed;
use crate::sandbox::acknowledge::{Addressee, Checks, receive, send};
use crate::sandbox::edi::{EXCHANGE, read_all};
use crate::sandbox::folder::{Folder, make};
use crate::sandbox::world::World;
use crate::wire::ack::answer::ReceivedNumbers;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Pause between two looks into the folder.
const LOOK: Duration = Duration::from_millis(250);

/// What the exchange knows of the files that were handed over so far.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Intake {
    folder: Folder,
    /// Control numbers that were received.
    numbers: ReceivedNumbers,
}

/// Which files a look takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Look {
    /// Those that were there at the look before and lie still: nobody writes to them any more.
    Patient,
    /// All.
    AtOnce,
}

/// Takes files in as they come, until the sandbox stops.
pub(in crate::sandbox) async fn watch(world: Arc<World>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = world.stop.cancelled() => return,
        }
        let world = Arc::clone(&world);
        // A taker that panicked is a bug that its own test shows; the next look goes on.
        drop(tokio::task::spawn_blocking(move || take_in(&world, Look::Patient)).await);
    }
}

/// Takes in what lies in the folder. Blocks while it reads and writes.
pub(in crate::sandbox) fn take_in(world: &World, look: Look) {
    let mut intake = world.intake();
    let folder = world.config.intake();
    // A folder that somebody took away is made again.
    let ready = make(&folder).and_then(|()| intake.folder.ready(&folder, look == Look::Patient));
    let names = match ready {
        Ok(names) => names,
        Err(error) => return world.trouble(&error),
    };
    for name in names {
        let taken = intake.folder.claim(&folder, &name, || world.numbers.control());
        let done = taken.and_then(|path| take(world, &mut intake.numbers, &path));
        if let Err(error) = done {
            world.trouble(&io::Error::other(format!("intake could not take `{name}` in: {error}")));
        }
    }
}

/// Answers one file and carries out what was accepted of it. What is no X12 is not answered.
fn take(world: &World, numbers: &mut ReceivedNumbers, path: &Path) -> io::Result<()> {
    let found = read_all(world, path).map_err(io::Error::other)?;
    let mut handed = Handed::of(world, found);
    let addressee = Addressee { name: EXCHANGE, senders: None, checks: Checks::Content };
    let (answer, admitted) =
        receive(path, numbers, &addressee, &mut |found| handed.object(world, found)).map_err(io::Error::other)?;
    if !handed.is_silent() {
        send(world, &world.config.acks_to_senders(), path, &answer);
    }
    handed.carry_out(world, &admitted);
    Ok(())
}
