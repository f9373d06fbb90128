//! A batch as an X12 interchange.

use super::file::Batch;
use crate::sandbox::world::World;

/// The interchange of a batch.
pub(super) fn encode(world: &World, batch: &Batch) -> Vec<u8> {
    let _ = (world.numbers.control(), &batch.issuer, &batch.records);
    Vec::new()
}
