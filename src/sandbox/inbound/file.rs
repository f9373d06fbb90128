//! Files of an issuer in the inbound folder.

use crate::model::IssuerId;
use crate::sandbox::outbound::write_whole;
use crate::sandbox::world::World;
use std::io;
use std::path::PathBuf;

/// Writes a file: `12345.DSH.IC834.D131115.T060000123.T` (CMS companion guide v7.2 p. 10). The issuer, the federal hub, the
/// function, local date and time, the test box; a control number keeps names apart that fall into one millisecond.
pub(super) fn write(world: &World, issuer: &IssuerId, bytes: &[u8]) -> io::Result<PathBuf> {
    let at = world.clock.now().with_timezone(&world.config.zone);
    let mut name = format!("{issuer}.DSH.IC834.{}.T", at.format("D%y%m%d.T%H%M%S%3f"));
    let folder = world.config.inbound();
    if folder.join(&name).exists() {
        name = format!("{issuer}.DSH.IC834.{}.{}.T", at.format("D%y%m%d.T%H%M%S%3f"), world.numbers.control());
    }
    write_whole(&folder, &name, bytes)
}
