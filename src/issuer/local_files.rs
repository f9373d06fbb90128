//! Files in a folder of this machine, or of one that is mounted here.

use super::files::{Files, Source};
use super::listing::Stamp;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

/// The files of one folder.
#[derive(Debug)]
pub(super) struct LocalFiles {
    folder: PathBuf,
}

impl LocalFiles {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl Files for LocalFiles {
    fn list(&self, wanted: &dyn Fn(&str) -> bool) -> io::Result<Vec<(String, Stamp)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !wanted(&name) {
                continue;
            }
            match self.stamp(&name) {
                Ok(Some(stamp)) => found.push((name, stamp)),
                Ok(None) => {}
                // Renamed or taken away since the directory was read.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        Ok(found)
    }

    fn stamp(&self, name: &str) -> io::Result<Option<Stamp>> {
        let data = fs::metadata(self.folder.join(name))?;
        Ok(data.is_file().then(|| stamp(&data)))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Source>> {
        Ok(Box::new(File::open(self.folder.join(name))?))
    }

    fn shown(&self) -> String {
        self.folder.display().to_string()
    }
}

fn stamp(data: &Metadata) -> Stamp {
    Stamp { size: data.len(), modified: data.modified().unwrap_or(SystemTime::UNIX_EPOCH) }
}
