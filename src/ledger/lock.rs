//! One process per run: a lock that the operating system lets go of when its holder ends, however it ends.

use super::claim::Holder;
use super::same_file::beside;
use super::{Claim, Error, private};
use crate::model::RunId;
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Holds a run for this process until dropped.
#[derive(Debug)]
pub struct RunLock {
    claim: Claim,
    _held: Held,
}

impl RunLock {
    /// What was claimed, and in which epoch.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }
}

/// The name of the lock of the one canary that watches with a ledger: no run's id.
const WATCH: &str = "canary";

/// The lock of the operating system.
#[derive(Debug)]
pub(super) struct Held {
    path: PathBuf,
    /// Locked as long as it is open.
    _file: File,
}

impl Drop for Held {
    /// The file goes while it is still locked: whoever opened it meanwhile notices (see `claim`).
    fn drop(&mut self) {
        // A file that stays behind harms nobody: only the lock counts.
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes the lock of a run of the ledger at this path (every link followed), and then raises its epoch in this process's
/// name.
pub(super) fn claim(
    ledger: &Path,
    run: &RunId,
    raise: impl FnOnce(&Holder) -> Result<Claim, Error>,
) -> Result<RunLock, Error> {
    let holder = Holder::this();
    let claimed = |holder| Error::Claimed { run: run.to_string(), holder };
    let held = hold(ledger, run.as_str(), &holder, claimed)?;
    Ok(RunLock { claim: raise(&holder)?, _held: held })
}

/// Takes the lock of the one canary that watches with the ledger at this path.
pub(super) fn claim_watch(ledger: &Path) -> Result<Held, Error> {
    let watched = |holder| Error::Watched { ledger: ledger.to_owned(), holder };
    hold(ledger, WATCH, &Holder::this(), watched)
}

fn hold(ledger: &Path, name: &str, holder: &Holder, is_held: impl Fn(String) -> Error) -> Result<Held, Error> {
    let folder = folder_of(ledger);
    let unwritable = |e: std::io::Error| Error::of_io(&folder, &e);
    private::make_folder(&folder).map_err(unwritable)?;
    let path = path_of(ledger, name);
    // Every round lost means that another process let go between our opening the file and our locking it.
    loop {
        let file = open(&path).map_err(unwritable)?;
        if !lock(&file).map_err(unwritable)? {
            return Err(is_held(holder_at(&path)));
        }
        if sign(&file, &path, holder).map_err(unwritable)? {
            return Ok(Held { path, _file: file });
        }
    }
}

/// Whether some process (this one too) holds the run.
pub(super) fn is_claimed(ledger: &Path, run: &RunId) -> bool {
    let Ok(file) = File::open(path_of(ledger, run.as_str())) else { return false };
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
    private::options().read(true).write(true).create(true).truncate(false).open(path)
}

/// Writes who we are into the locked file, and says whether the path still leads to it: its former holder may have
/// removed it before we had the lock.
fn sign(mut file: &File, path: &Path, holder: &Holder) -> std::io::Result<bool> {
    static CLAIMS: AtomicU64 = AtomicU64::new(0);
    let signature = format!("{holder}\nclaim {}\n", CLAIMS.fetch_add(1, Ordering::Relaxed));
    file.set_len(0)?;
    file.write_all(signature.as_bytes())?;
    Ok(fs::read_to_string(path).is_ok_and(|found| found == signature))
}

/// Who signed the file, in words.
fn holder_at(path: &Path) -> String {
    let signature = fs::read_to_string(path).unwrap_or_default();
    signature.lines().next().filter(|line| !line.is_empty()).unwrap_or("another process").to_owned()
}

fn folder_of(ledger: &Path) -> PathBuf {
    beside(ledger, ".locks")
}

/// Run ids are UUIDs; anything else in one would be no good file name, so it is left out.
fn path_of(ledger: &Path, name: &str) -> PathBuf {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    folder_of(ledger).join(format!("{name}.lock"))
}

#[cfg(test)]
mod tests {
    use super::super::Claim;
    use super::{Error, Path, RunId, RunLock, is_claimed};

    fn claim(ledger: &Path, run: &RunId) -> Result<RunLock, Error> {
        super::claim(ledger, run, |_| Ok(Claim { run: run.clone(), epoch: 1 }))
    }

    #[test]
    fn one_canary_watches_and_the_next_hears_who() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("l.db");
        let held = super::claim_watch(&ledger).unwrap();
        let Err(Error::Watched { holder, .. }) = super::claim_watch(&ledger) else { panic!("held twice") };
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        assert!(claim(&ledger, &RunId::new("01-a")).is_ok(), "a run is another matter");
        drop(held);
        assert!(super::claim_watch(&ledger).is_ok());
    }

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
