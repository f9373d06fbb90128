//! Files in a folder of this machine, or of one that is mounted here.

use super::folder::{Files, NotPut, Source, Stamp};
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::SystemTime;
use tempfile::Builder;

/// The files of one folder.
#[derive(Debug)]
pub struct LocalFiles {
    folder: PathBuf,
}

impl LocalFiles {
    /// The folder need not be there yet.
    pub fn new(folder: PathBuf) -> Self {
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

    fn put(&self, name: &str, content: &[u8]) -> Result<(), NotPut> {
        let mut builder = Builder::new();
        let file = readable_by_others(&mut builder).prefix(".").suffix(".part").tempfile_in(&self.folder);
        let mut file = file.map_err(NotPut::before)?;
        file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(NotPut::before)?;
        file.persist_noclobber(self.folder.join(name)).map_err(|e| NotPut::before(e.error))?;
        // The name is there; that it outlives a power cut is what the folder has to say.
        let kept = File::open(&self.folder).and_then(|folder| folder.sync_all());
        kept.map_err(|error| NotPut { error, may_be_there: true })
    }

    fn shown(&self) -> String {
        self.folder.display().to_string()
    }
}

/// A temporary file is its owner's alone unless told otherwise, and what is handed over is for somebody else.
fn readable_by_others<'b>(builder: &'b mut Builder<'static, 'static>) -> &'b mut Builder<'static, 'static> {
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

fn stamp(data: &Metadata) -> Stamp {
    Stamp { size: data.len(), modified: data.modified().unwrap_or(SystemTime::UNIX_EPOCH) }
}
