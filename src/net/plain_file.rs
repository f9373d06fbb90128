//! Files of this machine that people write by hand or keep secrets in: read whole, and of a size that such files have.

use std::fs::File;
use std::io::{Error, Read as _, Result};
use std::path::Path;

/// Longer files are not read: no scenario, target, certificate or secret is.
const MOST_BYTES: u64 = 16 << 20;

/// Reads a file whole. A device, or a pipe that lies in a folder, is refused, because it may have no end and nobody who
/// writes to it; what a shell puts in a command's place (`<(…)`, standard input) is taken.
pub fn read_plain(path: &Path) -> Result<Vec<u8>> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() && !about.is_dir() && !is_given_by_shell(path) {
        return Err(Error::other("it is a device or a pipe; name a file"));
    }
    let mut content = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut content)?;
    if content.len() as u64 > MOST_BYTES {
        return Err(Error::other(format!("it is larger than {MOST_BYTES} bytes, which no such file is")));
    }
    Ok(content)
}

/// Whether a path is what a shell puts in the place of a pipe that it writes to itself, which so has an end.
pub fn is_given_by_shell(path: &Path) -> bool {
    path.starts_with("/dev/fd") || path.starts_with("/proc") || path == Path::new("/dev/stdin")
}
