//! Public files beside the checkout: CI has them, and a clone elsewhere has not.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::{Path, PathBuf};

/// Their folder; `None` where there is none, which CI must have.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "`{}` must be there in CI", folder.display());
    println!("skipped: {} is not there", folder.display());
    None
}

/// The X12 files among them, by name.
pub(crate) fn files() -> Vec<PathBuf> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|e| e == "edi" || e == "txt"));
    found.sort();
    found
}
