//! Files in a folder on another machine. Who asks blocks and the connection does not: each question is handed to the
//! runtime, and its answer waited for.

use super::folder::{Contents, Files, NotPut, Source, Stamp};
use crate::net::{Entry, Error, Halt, PutFailed, RemoteFile, RemoteFolder, What};
use std::future::Future;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::mpsc;
use tokio::runtime::Handle;

/// The files of one folder.
#[derive(Debug)]
pub(super) struct SftpFiles {
    folder: RemoteFolder,
    /// What people call it.
    shown: String,
    runtime: Runtime,
}

/// Where questions are carried out; there is none outside a runtime.
#[derive(Debug, Clone)]
struct Runtime {
    handle: Option<Handle>,
    /// Ends what is carried out there.
    halt: Halt,
}

/// A file's bytes, from its beginning.
struct SftpSource {
    /// `None` only while it is being read.
    file: Option<RemoteFile>,
    runtime: Runtime,
    /// What was read and not yet taken.
    chunk: Vec<u8>,
    taken: usize,
}

impl SftpFiles {
    /// Questions go to the runtime that this is called in.
    pub(super) fn new(folder: RemoteFolder, shown: String, halt: Halt) -> Self {
        Self { folder, shown, runtime: Runtime { handle: Handle::try_current().ok(), halt } }
    }

    fn stamp_of(&self, Entry { name, what }: &Entry) -> io::Result<Option<Stamp>> {
        match what {
            What::Unclear => match self.stamp(name) {
                // A link to nowhere, or taken away since the folder was read.
                Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
                other => other,
            },
            clear => Ok(stamp(*clear)),
        }
    }
}

impl Files for SftpFiles {
    fn list(&self, wanted: &dyn Fn(&str) -> bool) -> io::Result<Contents> {
        let folder = self.folder.clone();
        let entries = self.runtime.wait(async move { folder.list().await })?;
        let mut found = Contents::default();
        for entry in entries.into_iter().filter(|entry| wanted(&entry.name)) {
            if entry.name.contains(char::REPLACEMENT_CHARACTER) {
                let unnamed = io::Error::other("its name is not UTF-8, and SFTP asks for files by such names only");
                found.unreadable.push((entry.name, unnamed));
                continue;
            }
            match self.stamp_of(&entry) {
                Ok(Some(stamp)) => found.files.push((entry.name, stamp)),
                Ok(None) => {}
                Err(e) if is_of_entry(&e) => found.unreadable.push((entry.name, e)),
                Err(e) => return Err(e),
            }
        }
        Ok(found)
    }

    fn stamp(&self, name: &str) -> io::Result<Option<Stamp>> {
        let (folder, name) = (self.folder.clone(), name.to_owned());
        self.runtime.wait(async move { folder.stat(&name).await }).map(stamp)
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Source>> {
        let (folder, name) = (self.folder.clone(), name.to_owned());
        let file = self.runtime.wait(async move { folder.open(&name).await })?;
        let runtime = self.runtime.clone();
        Ok(Box::new(SftpSource { file: Some(file), runtime, chunk: Vec::new(), taken: 0 }))
    }

    fn put(&self, name: &str, content: &[u8]) -> Result<(), NotPut> {
        let (folder, name, content) = (self.folder.clone(), name.to_owned(), content.to_vec());
        // Once it was begun, nobody knows how far it came where its end is not heard of.
        let unknown = |error| NotPut { error, may_be_there: self.runtime.handle.is_some() };
        let ended = self.runtime.carry_out(async move { folder.put(&name, &content).await }).map_err(unknown)?;
        ended.map_err(|PutFailed { error, may_be_there }| NotPut { error: meaning(error), may_be_there })
    }

    fn discard(&self, name: &str) -> io::Result<()> {
        let (folder, name) = (self.folder.clone(), name.to_owned());
        self.runtime.wait(async move { folder.discard(&name).await })
    }

    fn shown(&self) -> String {
        self.shown.clone()
    }
}

impl Runtime {
    /// Has the question carried out, and waits for its answer.
    fn wait<T: Send + 'static>(
        &self,
        question: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> io::Result<T> {
        self.carry_out(question)?.map_err(meaning)
    }

    fn carry_out<T: Send + 'static>(&self, question: impl Future<Output = T> + Send + 'static) -> io::Result<T> {
        let ended = || io::Error::other("the program is ending");
        let runtime = self.handle.as_ref().ok_or_else(ended)?;
        let halt = self.halt.clone();
        let (sender, receiver) = mpsc::sync_channel(1);
        // Nobody is told where the run ends before the answer comes.
        runtime.spawn(async move { halt.await_or_give_up(question).await.map(|answer| sender.send(answer)) });
        receiver.recv().map_err(|_| ended())
    }
}

/// Whether the server answered, and had nothing to say of this one entry.
fn is_of_entry(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    matches!(cause, Some(Error::NotGiven { .. }))
}

fn meaning(error: Error) -> io::Error {
    let kind = match &error {
        Error::NoSuchFile { .. } => io::ErrorKind::NotFound,
        Error::NameTaken { .. } => io::ErrorKind::AlreadyExists,
        refused if refused.is_refusal() => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

impl SftpSource {
    fn refill(&mut self) -> io::Result<()> {
        let Some(mut file) = self.file.take() else {
            return Err(io::Error::other("the file was given up after an earlier failure"));
        };
        let (file, chunk) = self.runtime.wait(async move {
            let chunk = file.read().await?;
            Ok((file, chunk))
        })?;
        (self.file, self.chunk, self.taken) = (Some(file), chunk, 0);
        Ok(())
    }
}

impl Read for SftpSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.chunk.len() && !buffer.is_empty() {
            self.refill()?;
        }
        let count = self.chunk.get(self.taken..).unwrap_or_default().read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

impl Seek for SftpSource {
    /// From the beginning only.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(to) = to else { return Err(io::ErrorKind::Unsupported.into()) };
        (self.chunk, self.taken) = (Vec::new(), 0);
        if let Some(file) = &mut self.file {
            file.seek(to);
        }
        Ok(to)
    }
}

fn stamp(what: What) -> Option<Stamp> {
    match what {
        What::File { size, modified } => Some(Stamp { size, modified }),
        What::Other | What::Unclear => None,
    }
}
