//! Files in a folder of this machine, or of one that is mounted here.

use super::folder::{Contents, Files, NotPut, Source, Stamp};
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use tempfile::Builder;

/// The files of one folder.
#[derive(Debug)]
pub struct LocalFiles {
    folder: PathBuf,
    /// What people call it.
    shown: String,
    /// Names that are not UTF-8, by what stands for them.
    odd: Mutex<HashMap<String, OsString>>,
}

impl LocalFiles {
    /// The folder need not be there yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { shown: folder.display().to_string(), folder, odd: Mutex::default() }
    }

    /// The same, by another name to people, where the path tells what they need not know.
    #[must_use]
    pub fn shown_as(self, shown: String) -> Self {
        Self { shown, ..self }
    }

    fn path(&self, name: &str) -> PathBuf {
        let odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
        self.folder.join(odd.get(name).map_or(OsStr::new(name), OsString::as_os_str))
    }

    /// The name as text; what is not UTF-8 in it is remembered.
    fn text(&self, name: OsString) -> String {
        name.into_string().unwrap_or_else(|name| {
            let text = escaped(&name);
            self.odd.lock().unwrap_or_else(PoisonError::into_inner).insert(text.clone(), name);
            text
        })
    }
}

impl Files for LocalFiles {
    fn list(&self, wanted: &dyn Fn(&str) -> bool) -> io::Result<Contents> {
        let mut found = Contents::default();
        for entry in fs::read_dir(&self.folder)? {
            let name = self.text(entry?.file_name());
            if !wanted(&name) {
                continue;
            }
            match self.stamp(&name) {
                Ok(Some(stamp)) => found.files.push((name, stamp)),
                Ok(None) => {}
                // Renamed or taken away since the directory was read; a link that is still there leads nowhere.
                Err(e) if e.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(self.path(&name)).is_err() => {}
                Err(e) => found.unreadable.push((name, e)),
            }
        }
        Ok(found)
    }

    fn stamp(&self, name: &str) -> io::Result<Option<Stamp>> {
        let data = fs::metadata(self.path(name))?;
        Ok(data.is_file().then(|| stamp(&data)))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Source>> {
        Ok(Box::new(File::open(self.path(name))?))
    }

    fn put(&self, name: &str, content: &[u8]) -> Result<(), NotPut> {
        let prefix = format!(".{name}.");
        let mut builder = Builder::new();
        let file = readable_by_others(&mut builder).prefix(&prefix).suffix(".part").tempfile_in(&self.folder);
        let mut file = file.map_err(NotPut::before)?;
        file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(NotPut::before)?;
        file.persist_noclobber(self.folder.join(name)).map_err(|e| NotPut::before(e.error))?;
        // The name is there; that it outlives a power cut is what the folder has to say.
        let kept = File::open(&self.folder).and_then(|folder| folder.sync_all());
        kept.map_err(|error| NotPut { error, may_be_there: true })
    }

    fn discard(&self, name: &str) -> io::Result<()> {
        let prefix = format!(".{name}.");
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_left = name.to_str().and_then(|it| it.strip_prefix(&prefix)?.strip_suffix(".part")).is_some();
            if is_left && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn shown(&self) -> String {
        self.shown.clone()
    }
}

/// A temporary file is its owner's alone unless told otherwise, and what is handed over is for somebody else.
fn readable_by_others<'b, 'p>(builder: &'b mut Builder<'p, 'static>) -> &'b mut Builder<'p, 'static> {
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// The name with every byte that is not UTF-8 written out.
#[cfg(unix)]
fn escaped(name: &OsStr) -> String {
    let chunks = std::os::unix::ffi::OsStrExt::as_bytes(name).utf8_chunks();
    let written = |chunk: std::str::Utf8Chunk<'_>| {
        let bytes = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}"));
        std::iter::once(chunk.valid().to_owned()).chain(bytes).collect::<Vec<_>>().concat()
    };
    chunks.map(written).collect::<Vec<_>>().concat()
}

#[cfg(not(unix))]
fn escaped(name: &OsStr) -> String {
    name.to_string_lossy().into_owned()
}

fn stamp(data: &Metadata) -> Stamp {
    Stamp { size: data.len(), modified: data.modified().unwrap_or(SystemTime::UNIX_EPOCH) }
}
