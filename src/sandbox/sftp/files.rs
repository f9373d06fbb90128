//! The file side: the sandbox's folders for reading, and the intake for handing files over.

use super::tree::{Place, Tree, code};
use russh_sftp::protocol::{Attrs, Data, File, FileAttributes, Handle, Name, OpenFlags, Status, StatusCode};
use russh_sftp::server::Handler;
use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes given in one answer, at most.
const MOST_BYTES: u32 = 256 << 10;
/// Names given in one answer, at most.
const MOST_NAMES: usize = 100;
/// Bytes that a file put here may have: a disk is not filled by accident.
const LARGEST: u64 = 1 << 30;

/// The files as one visitor sees them.
pub(super) struct Files {
    tree: Tree,
    open: HashMap<String, Open>,
    opened: u64,
}

/// What a visitor has open.
enum Open {
    File(Arc<Mutex<fs::File>>),
    /// Names that were not given yet, the last one first.
    Folder(Vec<File>),
}

impl Files {
    pub(super) fn new(tree: Tree) -> Self {
        Self { tree, open: HashMap::new(), opened: 0 }
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

    /// A file that a visitor may change, with its name.
    fn changeable(&self, path: &str) -> Result<(PathBuf, String), StatusCode> {
        match self.tree.place(path)? {
            Place::File(shared, name) if shared.is_intake => Ok((shared.file(&name), name)),
            _ => Err(StatusCode::PermissionDenied),
        }
    }

    fn open_file(&self, path: &str, how: OpenFlags) -> Result<fs::File, StatusCode> {
        if how.bits() == OpenFlags::READ.bits() {
            let Place::File(shared, name) = self.tree.place(path)? else { return Err(StatusCode::Failure) };
            return fs::File::open(shared.file(&name)).map_err(|e| code(&e));
        }
        let (path, _) = self.changeable(path)?;
        let is_new = how.contains(OpenFlags::EXCLUDE);
        let (creates, empties) = (how.contains(OpenFlags::CREATE), how.contains(OpenFlags::TRUNCATE));
        let mut options = OpenOptions::new();
        options.write(true).read(how.contains(OpenFlags::READ));
        options.create(creates).create_new(creates && is_new).truncate(empties).open(path).map_err(|e| code(&e))
    }
}

impl Handler for Files {
    type Error = StatusCode;

    fn unimplemented(&self) -> StatusCode {
        StatusCode::OpUnsupported
    }

    async fn open(&mut self, id: u32, path: String, how: OpenFlags, _: FileAttributes) -> Result<Handle, StatusCode> {
        let file = self.open_file(&path, how)?;
        Ok(self.keep(id, Open::File(Arc::new(Mutex::new(file)))))
    }

    async fn close(&mut self, id: u32, handle: String) -> Result<Status, StatusCode> {
        self.open.remove(&handle).ok_or(StatusCode::Failure)?;
        Ok(done(id))
    }

    async fn read(&mut self, id: u32, handle: String, offset: u64, length: u32) -> Result<Data, StatusCode> {
        let file = self.file(&handle)?;
        let read = tokio::task::spawn_blocking(move || read_at(&file, offset, length.min(MOST_BYTES)));
        let data = read.await.map_err(|_| StatusCode::Failure)?.map_err(|e| code(&e))?;
        if data.is_empty() { Err(StatusCode::Eof) } else { Ok(Data { id, data }) }
    }

    /// What was opened for reading cannot be written: the file system refuses.
    async fn write(&mut self, id: u32, handle: String, offset: u64, data: Vec<u8>) -> Result<Status, StatusCode> {
        if offset.saturating_add(data.len() as u64) > LARGEST {
            return Err(StatusCode::Failure);
        }
        let file = self.file(&handle)?;
        let written = tokio::task::spawn_blocking(move || write_at(&file, offset, &data));
        written.await.map_err(|_| StatusCode::Failure)?.map_err(|e| code(&e))?;
        Ok(done(id))
    }

    /// A name that is taken is not given again (draft-ietf-secsh-filexfer-02, section 6.5).
    async fn rename(&mut self, id: u32, from: String, to: String) -> Result<Status, StatusCode> {
        let ((from, _), (to, _)) = (self.changeable(&from)?, self.changeable(&to)?);
        check_is_file(&from)?;
        fs::hard_link(&from, to).and_then(|()| fs::remove_file(from)).map_err(|e| code(&e))?;
        Ok(done(id))
    }

    async fn remove(&mut self, id: u32, path: String) -> Result<Status, StatusCode> {
        let (path, name) = self.changeable(&path)?;
        check_is_file(&path)?;
        if !crate::sandbox::folder::is_temporary(&name) {
            return Err(StatusCode::PermissionDenied);
        }
        fs::remove_file(path).map_err(|e| code(&e))?;
        Ok(done(id))
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, StatusCode> {
        let names = self.tree.names(&path)?;
        Ok(self.keep(id, Open::Folder(names)))
    }

    async fn readdir(&mut self, id: u32, handle: String) -> Result<Name, StatusCode> {
        let Some(Open::Folder(left)) = self.open.get_mut(&handle) else { return Err(StatusCode::Failure) };
        let files = left.split_off(left.len().saturating_sub(MOST_NAMES));
        if files.is_empty() { Err(StatusCode::Eof) } else { Ok(Name { id, files }) }
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        Ok(Attrs { id, attrs: self.tree.attributes(&path)? })
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
        let real = self.tree.place(&path)?.path();
        Ok(Name { id, files: vec![File::dummy(real)] })
    }
}

fn done(id: u32) -> Status {
    Status { id, status_code: StatusCode::Ok, error_message: String::new(), language_tag: String::new() }
}

/// Folders, and what links lead to, stay as they are.
fn check_is_file(path: &PathBuf) -> Result<(), StatusCode> {
    let data = fs::symlink_metadata(path).map_err(|e| code(&e))?;
    if data.is_file() { Ok(()) } else { Err(StatusCode::PermissionDenied) }
}

fn read_at(file: &Mutex<fs::File>, offset: u64, length: u32) -> io::Result<Vec<u8>> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    Read::by_ref(&mut *file).take(length.into()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write_at(file: &Mutex<fs::File>, offset: u64, data: &[u8]) -> io::Result<()> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(data)
}

#[cfg(test)]
mod tests {
    use super::{FileAttributes, Files, Handler, OpenFlags, StatusCode, Tree};
    use crate::sandbox::config::Config;
    use std::fs;
    use tempfile::TempDir;

    /// A visitor, with the folders that are seen.
    fn visit() -> (TempDir, Files) {
        let scratch = tempfile::tempdir().unwrap();
        let config = Config { outbound: scratch.path().join("outbound"), ..Config::default() };
        for folder in [config.outbound.clone(), config.intake().join("taken"), config.acks_to_senders()] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(config.outbound.join("a.edi"), "ISA").unwrap();
        fs::write(config.intake().join("a.edi"), "ISA").unwrap();
        (scratch, Files::new(Tree::of(&config)))
    }

    async fn open(files: &mut Files, path: &str, how: OpenFlags) -> Result<String, StatusCode> {
        files.open(1, path.to_owned(), how, FileAttributes::empty()).await.map(|given| given.handle)
    }

    #[tokio::test]
    async fn only_the_intake_is_written_to() {
        let (_scratch, mut files) = visit();
        let exclusive = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
        for path in ["/outbound/b.edi", "/acks/to_senders/b.edi", "/outbound/a.edi", "/b.edi", "/intake/taken/b.edi"] {
            assert!(open(&mut files, path, exclusive).await.is_err(), "{path}");
            assert!(open(&mut files, path, OpenFlags::WRITE).await.is_err(), "{path}");
        }
        assert!(open(&mut files, "/intake/a.edi", exclusive).await.is_err(), "it is there already");
        let reading = open(&mut files, "/intake/a.edi", OpenFlags::READ).await.unwrap();
        assert!(files.write(1, reading, 0, b"X".to_vec()).await.is_err());
        let writing = open(&mut files, "/intake/.b.edi.part", exclusive).await.unwrap();
        assert!(files.write(1, writing.clone(), u64::MAX, b"X".to_vec()).await.is_err(), "nobody fills the disk");
        assert!(files.write(1, writing, 0, b"X".to_vec()).await.is_ok());
    }

    #[tokio::test]
    async fn names_are_given_once_and_only_temporary_files_are_removed() {
        let (scratch, mut files) = visit();
        let intake = scratch.path().join("intake");
        fs::write(intake.join(".b.edi.part"), "whole").unwrap();
        let to = |path: &str| ("/intake/.b.edi.part".to_owned(), path.to_owned());
        for path in ["/intake/a.edi", "/outbound/b.edi", "/intake/../b.edi", "/intake/taken/b.edi"] {
            let (from, to) = to(path);
            assert!(files.rename(1, from, to).await.is_err(), "{path}");
        }
        assert!(files.rename(1, "/outbound/a.edi".to_owned(), "/intake/c.edi".to_owned()).await.is_err());
        assert!(files.rename(1, "/intake/taken".to_owned(), "/intake/gone".to_owned()).await.is_err());
        let (from, to) = to("/intake/b.edi");
        assert!(files.rename(1, from, to).await.is_ok());
        assert_eq!(fs::read_to_string(intake.join("b.edi")).unwrap(), "whole");
        assert!(!intake.join(".b.edi.part").exists());
        for path in ["/intake/a.edi", "/intake/taken", "/outbound/a.edi"] {
            assert_eq!(files.remove(1, path.to_owned()).await.unwrap_err(), StatusCode::PermissionDenied, "{path}");
        }
        fs::write(intake.join(".c.edi.part"), "half").unwrap();
        assert!(files.remove(1, "/intake/.c.edi.part".to_owned()).await.is_ok());
    }
}
