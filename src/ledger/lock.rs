//! One process per run: a lock that the operating system lets go of when its holder ends, however it ends.

use super::Error;
use crate::model::RunId;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Holds a run for this process until dropped.
#[derive(Debug)]
pub struct RunLock {
    path: PathBuf,
    /// Locked as long as it is open.
    _file: File,
}

impl Drop for RunLock {
    /// The file goes while it is still locked: whoever opened it meanwhile notices (see `claim`).
    fn drop(&mut self) {
        // A file that stays behind harms nobody: only the lock counts.
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes the lock of a run of the ledger at this path.
pub(super) fn claim(ledger: &Path, run: &RunId) -> Result<RunLock, Error> {
    let folder = folder_of(ledger);
    let unwritable = |e: std::io::Error| Error::Unwritable { path: folder.clone(), detail: e.to_string() };
    fs::create_dir_all(&folder).map_err(unwritable)?;
    let path = path_of(ledger, run);
    // Every round lost means that another process let go between our opening the file and our locking it.
    loop {
        let file = open(&path).map_err(unwritable)?;
        if !lock(&file).map_err(unwritable)? {
            return Err(claimed(&path, run));
        }
        if sign(&file, &path).map_err(unwritable)? {
            return Ok(RunLock { path, _file: file });
        }
    }
}

/// Whether some process (this one too) holds the run.
pub(super) fn is_claimed(ledger: &Path, run: &RunId) -> bool {
    let Ok(file) = File::open(path_of(ledger, run)) else { return false };
    // A shared lock, so that two who only ask do not take each other for the holder.
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Whether the lock could be had. Somebody who only asks (`is_claimed`) may hold it for a moment, so once is not
/// enough.
fn lock(file: &File) -> std::io::Result<bool> {
    for _ in 0..5 {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
    Ok(false)
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Writes who we are into the locked file, and says whether the path still leads to it: its former holder may have
/// removed it before we had the lock.
fn sign(mut file: &File, path: &Path) -> std::io::Result<bool> {
    static CLAIMS: AtomicU64 = AtomicU64::new(0);
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let on_host = if host.is_empty() { String::new() } else { format!(" on `{}`", host.trim()) };
    let process = std::process::id();
    let signature = format!("process {process}{on_host}\nclaim {}\n", CLAIMS.fetch_add(1, Ordering::Relaxed));
    file.set_len(0)?;
    file.write_all(signature.as_bytes())?;
    Ok(fs::read_to_string(path).is_ok_and(|found| found == signature))
}

fn claimed(path: &Path, run: &RunId) -> Error {
    let signature = fs::read_to_string(path).unwrap_or_default();
    let holder = signature.lines().next().filter(|line| !line.is_empty()).unwrap_or("another process");
    Error::Claimed { run: run.to_string(), holder: holder.to_owned() }
}

fn folder_of(ledger: &Path) -> PathBuf {
    let mut folder = ledger.as_os_str().to_owned();
    folder.push(".locks");
    PathBuf::from(folder)
}

/// Run ids are UUIDs; anything else in one would be no good file name, so it is left out.
fn path_of(ledger: &Path, run: &RunId) -> PathBuf {
    let name: String = run.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    folder_of(ledger).join(format!("{name}.lock"))
}

#[cfg(test)]
mod tests {
    use super::{Error, RunId, claim, is_claimed};

    #[test]
    fn a_run_is_held_by_one_and_free_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, run) = (folder.path().join("l.db"), RunId::new("01-a"));
        let held = claim(&ledger, &run).unwrap();
        assert!(is_claimed(&ledger, &run));
        let Err(Error::Claimed { holder, .. }) = claim(&ledger, &run) else { panic!("held twice") };
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        assert!(claim(&ledger, &RunId::new("01-b")).is_ok(), "another run is free");
        drop(held);
        assert!(!is_claimed(&ledger, &run));
        assert!(claim(&ledger, &run).is_ok());
    }
}
