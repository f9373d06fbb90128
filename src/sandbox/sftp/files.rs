//! The file side: one folder below the root, with the files of the outbound folder, for reading only.

use russh_sftp::protocol::{Attrs, Data, File, FileAttributes, Handle, Name, OpenFlags, Status, StatusCode};
use russh_sftp::server::Handler;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the files lie.
pub(super) const PATH: &str = "/outbound";

/// Bytes given in one answer, at most.
const MOST_BYTES: u32 = 256 << 10;
/// Names given in one answer, at most.
const MOST_NAMES: usize = 100;

/// The files as one visitor sees them.
pub(super) struct OutboundFiles {
    folder: PathBuf,
    open: HashMap<String, Open>,
    opened: u64,
}

/// What a visitor has open.
enum Open {
    File(Arc<Mutex<fs::File>>),
    /// Names that were not given yet, the last one first.
    Folder(Vec<File>),
}

/// What a path means here.
enum Place {
    Root,
    Outbound,
    File(PathBuf),
}

impl OutboundFiles {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, open: HashMap::new(), opened: 0 }
    }

    fn place(&self, path: &str) -> Result<Place, StatusCode> {
        let steps: Vec<&str> = path.split('/').filter(|step| !matches!(*step, "" | ".")).collect();
        match steps.as_slice() {
            [] => Ok(Place::Root),
            ["outbound"] => Ok(Place::Outbound),
            ["outbound", name] if *name != ".." => Ok(Place::File(self.folder.join(name))),
            _ => Err(StatusCode::NoSuchFile),
        }
    }

    fn attributes(&self, path: &str) -> Result<FileAttributes, StatusCode> {
        let data = match self.place(path)? {
            Place::Root | Place::Outbound => fs::metadata(&self.folder),
            Place::File(path) => fs::metadata(path),
        };
        data.map(|data| FileAttributes::from(&data)).map_err(|e| code(&e))
    }

    fn names(&self, path: &str) -> Result<Vec<File>, StatusCode> {
        match self.place(path)? {
            Place::Root => Ok(vec![File::new("outbound", self.attributes(PATH)?)]),
            Place::File(_) => Err(StatusCode::Failure),
            Place::Outbound => {
                let entries = fs::read_dir(&self.folder).map_err(|e| code(&e))?;
                // what is taken away while the folder is read is not in it
                let named = entries.flatten().filter_map(|entry| {
                    let attributes = FileAttributes::from(&entry.metadata().ok()?);
                    Some(File::new(entry.file_name().to_string_lossy(), attributes))
                });
                Ok(named.collect())
            }
        }
    }

    fn keep(&mut self, id: u32, open: Open) -> Handle {
        self.opened += 1;
        let handle = self.opened.to_string();
        self.open.insert(handle.clone(), open);
        Handle { id, handle }
    }

    fn file(&self, handle: &str) -> Result<Arc<Mutex<fs::File>>, StatusCode> {
        match self.open.get(handle) {
            Some(Open::File(file)) => Ok(Arc::clone(file)),
            _ => Err(StatusCode::Failure),
        }
    }
}

impl Handler for OutboundFiles {
    type Error = StatusCode;

    fn unimplemented(&self) -> StatusCode {
        StatusCode::OpUnsupported
    }

    async fn open(&mut self, id: u32, path: String, how: OpenFlags, _: FileAttributes) -> Result<Handle, StatusCode> {
        if how.bits() != OpenFlags::READ.bits() {
            return Err(StatusCode::PermissionDenied);
        }
        let Place::File(path) = self.place(&path)? else { return Err(StatusCode::Failure) };
        let file = fs::File::open(path).map_err(|e| code(&e))?;
        Ok(self.keep(id, Open::File(Arc::new(Mutex::new(file)))))
    }

    async fn close(&mut self, id: u32, handle: String) -> Result<Status, StatusCode> {
        self.open.remove(&handle).ok_or(StatusCode::Failure)?;
        Ok(Status { id, status_code: StatusCode::Ok, error_message: String::new(), language_tag: String::new() })
    }

    async fn read(&mut self, id: u32, handle: String, offset: u64, length: u32) -> Result<Data, StatusCode> {
        let file = self.file(&handle)?;
        let read = tokio::task::spawn_blocking(move || read_at(&file, offset, length.min(MOST_BYTES)));
        let data = read.await.map_err(|_| StatusCode::Failure)?.map_err(|e| code(&e))?;
        if data.is_empty() { Err(StatusCode::Eof) } else { Ok(Data { id, data }) }
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, StatusCode> {
        let names = self.names(&path)?;
        Ok(self.keep(id, Open::Folder(names)))
    }

    async fn readdir(&mut self, id: u32, handle: String) -> Result<Name, StatusCode> {
        let Some(Open::Folder(left)) = self.open.get_mut(&handle) else { return Err(StatusCode::Failure) };
        let files = left.split_off(left.len().saturating_sub(MOST_NAMES));
        if files.is_empty() { Err(StatusCode::Eof) } else { Ok(Name { id, files }) }
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        Ok(Attrs { id, attrs: self.attributes(&path)? })
    }

    async fn lstat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        self.stat(id, path).await
    }

    async fn fstat(&mut self, id: u32, handle: String) -> Result<Attrs, StatusCode> {
        let file = self.file(&handle)?;
        let data = file.lock().unwrap_or_else(PoisonError::into_inner).metadata().map_err(|e| code(&e))?;
        Ok(Attrs { id, attrs: FileAttributes::from(&data) })
    }

    async fn realpath(&mut self, id: u32, path: String) -> Result<Name, StatusCode> {
        let real = match self.place(&path)? {
            Place::Root => "/".to_owned(),
            Place::Outbound => PATH.to_owned(),
            Place::File(path) => format!("{PATH}/{}", path.file_name().unwrap_or_default().to_string_lossy()),
        };
        Ok(Name { id, files: vec![File::dummy(real)] })
    }
}

fn read_at(file: &Mutex<fs::File>, offset: u64, length: u32) -> io::Result<Vec<u8>> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    Read::by_ref(&mut *file).take(length.into()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn code(error: &io::Error) -> StatusCode {
    match error.kind() {
        io::ErrorKind::NotFound => StatusCode::NoSuchFile,
        io::ErrorKind::PermissionDenied => StatusCode::PermissionDenied,
        _ => StatusCode::Failure,
    }
}
