//! 270 and 271 and the envelopes they travel in: hand-written, public and damaged ones; and the waypoint that asks.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod answers;
mod envelopes;
mod questions;
pub(crate) mod trips;
mod waypoint;

use std::path::{Path, PathBuf};

/// Public files beside the checkout, where it has them.
fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    folder.is_dir().then_some(folder)
}
