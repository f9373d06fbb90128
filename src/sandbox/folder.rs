//! Folders that others put files into: what lies there, and what of it is whole.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

/// Where in the folder files go that were taken in.
const TAKEN: &str = "taken";

/// Endings of names under which files are written before they are renamed.
const TEMPORARY: [&str; 4] = [".part", ".filepart", ".tmp", "~"];

/// What is known of the folder between looks.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Size and age of what lay there at the last look.
    seen: HashMap<String, Stamp>,
    /// What is left alone: it was taken in and lies there still, or could not be moved away.
    left: HashSet<String>,
}

/// What changes when a file is written to.
type Stamp = (u64, SystemTime);

/// Whether a name is one under which a file is only being written.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') || TEMPORARY.iter().any(|ending| name.ends_with(ending))
}

/// Makes the folder, with the one for what was taken in.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder.join(TAKEN))
}

impl Folder {
    /// The files that are to be taken in, oldest first; with `must_lie_still` those only that were there at the last look and
    /// were not written to since.
    pub(super) fn ready(&mut self, folder: &Path, must_lie_still: bool) -> io::Result<Vec<String>> {
        let now = self.lying(folder)?;
        let is_ready = |name: &str, stamp: &Stamp| !must_lie_still || self.seen.get(name) == Some(stamp);
        let ready = now.iter().filter(|(name, stamp)| is_ready(name, stamp));
        let mut ready: Vec<_> = ready.map(|(name, (_, modified))| (*modified, name.clone())).collect();
        ready.sort();
        self.seen = now;
        Ok(ready.into_iter().map(|(_, name)| name).collect())
    }

    /// Moves a file out of the way, so that no look finds it again, not even one of a sandbox that is started later; gives where
    /// it lies then. `suffix` keeps names apart that come again.
    pub(super) fn claim(&mut self, folder: &Path, name: &str, suffix: impl FnOnce() -> u32) -> io::Result<PathBuf> {
        let mut to = folder.join(TAKEN).join(name);
        if to.exists() {
            to = folder.join(TAKEN).join(format!("{name}.{}", suffix()));
        }
        let moved = fs::rename(folder.join(name), &to);
        if moved.is_err() {
            self.leave(name);
        }
        moved.map(|()| to)
    }

    /// Leaves a file alone from now on.
    pub(super) fn leave(&mut self, name: &str) {
        self.left.insert(name.to_owned());
    }

    /// Leaves everything alone that lies there now.
    pub(super) fn leave_all(&mut self, folder: &Path) -> io::Result<()> {
        let lying = self.lying(folder)?;
        self.left.extend(lying.into_keys());
        Ok(())
    }

    /// Every file that has its own name already, but for those that are left alone.
    fn lying(&self, folder: &Path) -> io::Result<HashMap<String, Stamp>> {
        let mut files = HashMap::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if is_temporary(&name) || self.left.contains(&name) {
                continue;
            }
            // What is taken away while the folder is read is not in it.
            let Ok(data) = entry.metadata() else { continue };
            if data.is_file() {
                files.insert(name, (data.len(), data.modified()?));
            }
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::{Folder, is_temporary, make};
    use std::fs;

    #[test]
    fn what_is_being_written_is_left_alone() {
        for name in [".a.edi", ".a.edi.part", "a.edi.part", "a.edi.filepart", "a.tmp", "a.edi~"] {
            assert!(is_temporary(name), "{name}");
        }
        assert!(!is_temporary("a.edi") && !is_temporary("part") && !is_temporary("a.tmp.edi"));
    }

    #[test]
    fn a_file_that_grows_waits_until_it_lies_still_and_is_found_once() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path();
        make(path).unwrap();
        let mut folder = Folder::default();
        fs::write(path.join("a.edi"), "ISA").unwrap();
        assert!(folder.ready(path, true).unwrap().is_empty(), "seen for the first time");
        fs::write(path.join("a.edi"), "ISA*00").unwrap();
        assert!(folder.ready(path, true).unwrap().is_empty(), "it grew");
        assert_eq!(folder.ready(path, true).unwrap(), ["a.edi"]);
        folder.claim(path, "a.edi", || 1).unwrap();
        assert!(folder.ready(path, false).unwrap().is_empty());
        fs::write(path.join("a.edi"), "another").unwrap();
        let second = folder.claim(path, "a.edi", || 7).unwrap();
        assert!(second.ends_with("taken/a.edi.7"), "{second:?}");
        assert_eq!(fs::read_to_string(path.join("taken/a.edi")).unwrap(), "ISA*00");
    }
}
