//! A folder on another machine, over one connection that is made when it is needed and made again when it breaks.

use super::file::RemoteFile;
use super::line::{Line, is_broken, meaning};
use crate::net::{Door, Error};
use crate::target::SftpFolder;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{FileAttributes, FileType, OpenFlags, StatusCode};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Entries of a folder that are read; a folder with more cannot be.
const MOST_ENTRIES: usize = 300_000;

/// Bytes of names that are read …
const MOST_NAMES: usize = 64 << 20;
/// … and answers without a name, of which the protocol knows none.
const MOST_EMPTY: usize = 16;

/// A listing takes no longer than this, however many answers it comes in.
const LISTED_WITHIN: Duration = Duration::from_secs(45);

/// Pauses before a connection is tried again: the first and the longest …
const AFTER_TROUBLE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));
/// … and where the server let nobody in or is another one: accounts are locked after a few wrong passwords.
const AFTER_REFUSAL: (Duration, Duration) = (Duration::from_secs(30), Duration::from_mins(15));

/// A folder reached over SFTP; clones share its connection. Only [`RemoteFolder::put`] writes there.
#[derive(Clone)]
pub struct RemoteFolder(Arc<Inner>);

struct Inner {
    door: Door,
    at: SftpFolder,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    line: Option<Arc<Line>>,
    rest: Option<Rest>,
}

/// After a failure the server is left alone for a while; who asks meanwhile is told what it was.
struct Rest {
    until: Instant,
    pause: Duration,
    error: Error,
}

/// What lies in a folder under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, without any folder.
    pub name: String,
    /// What it is.
    pub what: What,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A file.
    File {
        /// Bytes.
        size: u64,
        /// When it was last written to; SFTP knows whole seconds only.
        modified: SystemTime,
    },
    /// A folder, a device.
    Other,
    /// A link, or something the listing does not say enough about: [`RemoteFolder::stat`] does.
    Unclear,
}

impl Door {
    /// The folder; no connection is made before something is asked for.
    pub fn folder(&self, at: &SftpFolder) -> RemoteFolder {
        RemoteFolder(Arc::new(Inner { door: self.clone(), at: at.clone(), state: Mutex::default() }))
    }
}

impl RemoteFolder {
    /// What lies in the folder, in no order. Fails where there is no connection, no login or no such folder.
    pub async fn list(&self) -> Result<Vec<Entry>, Error> {
        let path = self.0.at.address.path.as_str();
        let files = self.ask(path, |line| async move { read_dir(&line, path).await }).await?;
        let files = files.into_iter().filter(|(name, _)| is_name(name));
        Ok(files.map(|(name, attributes)| Entry { name, what: what(&attributes) }).collect())
    }

    /// What a name of the folder stands for, links followed. Fails where the server does not say enough to know: what may be
    /// a file is not passed over.
    pub async fn stat(&self, name: &str) -> Result<What, Error> {
        let path = self.path(name);
        let attributes = self.ask(&path, |line| stat(line, path.clone())).await?;
        match what(&attributes) {
            // A server that gives no more than this means a file.
            What::Unclear => file(&attributes).ok_or_else(|| Error::NotGiven {
                host: self.host(),
                path: path.clone(),
                cause: "it does not say how large it is, which tells a file that is whole from one that grows"
                    .to_owned(),
            }),
            clear => Ok(clear),
        }
    }

    /// Opens a file for reading, at its beginning.
    pub async fn open(&self, name: &str) -> Result<RemoteFile, Error> {
        let path = self.path(name);
        let (line, handle) = self.ask(&path, |line| open(line, path.clone())).await?;
        Ok(RemoteFile::new(self.clone(), line, handle, path))
    }

    /// The folder's address, without who logs in.
    pub fn address(&self) -> String {
        self.0.at.address.to_string()
    }

    pub(super) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.here().trim_end_matches('/'))
    }

    /// The folder, as the server calls it.
    pub(super) fn here(&self) -> &str {
        &self.0.at.address.path
    }

    pub(super) fn host(&self) -> String {
        host(&self.0.at)
    }

    /// Asks over the connection that stands, or over a new one. One that stood and turns out to be dead is replaced once:
    /// servers hang up on who is silent for long.
    async fn ask<T, F>(&self, path: &str, request: impl Fn(Arc<Line>) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, SftpError>>,
    {
        let (line, is_new) = self.line().await?;
        match request(Arc::clone(&line)).await {
            Ok(answer) => return Ok(self.calm(answer).await),
            Err(error) if is_new || !is_broken(&error) => return Err(self.failed(&line, &error, path).await),
            Err(_) => self.hang_up(&line).await,
        }
        let (line, _) = self.line().await?;
        match request(Arc::clone(&line)).await {
            Ok(answer) => Ok(self.calm(answer).await),
            Err(error) => Err(self.failed(&line, &error, path).await),
        }
    }

    /// The connection, and whether it was made just now.
    pub(super) async fn line(&self) -> Result<(Arc<Line>, bool), Error> {
        let mut state = self.0.state.lock().await;
        if let Some(line) = &state.line {
            return Ok((Arc::clone(line), false));
        }
        if let Some(rest) = state.rest.as_ref().filter(|rest| Instant::now() < rest.until) {
            return Err(rest.error.clone());
        }
        match Line::begin(&self.0.door, &self.0.at).await {
            Ok(line) => {
                let line = Arc::new(line);
                state.line = Some(Arc::clone(&line));
                Ok((line, true))
            }
            Err(error) => {
                state.rest(&error);
                Err(error)
            }
        }
    }

    /// An answer ends a spell of trouble.
    pub(super) async fn calm<T>(&self, answer: T) -> T {
        self.0.state.lock().await.rest = None;
        answer
    }

    /// What the failure means; a connection that is of no more use is given up.
    pub(super) async fn failed(&self, line: &Arc<Line>, error: &SftpError, path: &str) -> Error {
        let meaning = self.meaning(error, path);
        if is_broken(error) {
            self.hang_up(line).await;
            self.rest(&meaning).await;
        }
        meaning
    }

    /// What an error says of `path`.
    pub(super) fn meaning(&self, error: &SftpError, path: &str) -> Error {
        meaning(error, &self.0.door, &self.0.at, path)
    }

    /// Leaves the server alone for a while.
    pub(super) async fn rest(&self, error: &Error) {
        self.0.state.lock().await.rest(error);
    }

    pub(super) async fn hang_up(&self, line: &Arc<Line>) {
        let mut state = self.0.state.lock().await;
        state.line = state.line.take().filter(|current| !Arc::ptr_eq(current, line));
    }
}

impl State {
    fn rest(&mut self, error: &Error) {
        let (first, longest) = if error.is_refusal() { AFTER_REFUSAL } else { AFTER_TROUBLE };
        let pause = self.rest.as_ref().map_or(first, |rest| (rest.pause * 2).clamp(first, longest));
        self.rest = Some(Rest { until: Instant::now() + pause, pause, error: error.clone() });
    }
}

/// Whether it names a file or folder in another one, and nothing outside.
pub(super) fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\0'])
}

/// Host and port, as errors name them.
pub(super) fn host(at: &SftpFolder) -> String {
    format!("{}:{}", at.address.host, at.address.port)
}

async fn read_dir(line: &Line, path: &str) -> Result<Vec<(String, FileAttributes)>, SftpError> {
    let handle = line.sftp.opendir(path).await?.handle;
    let mut entries = Vec::new();
    let (mut names, mut empty, began) = (0, 0, Instant::now());
    let ended = loop {
        match line.sftp.readdir(handle.as_str()).await {
            Ok(more) => {
                empty += usize::from(more.files.is_empty());
                names += more.files.iter().map(|file| file.filename.len()).sum::<usize>();
                entries.extend(more.files.into_iter().map(|file| (file.filename, file.attrs)));
            }
            Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof => break Ok(()),
            Err(error) => break Err(error),
        }
        if entries.len() > MOST_ENTRIES {
            break Err(SftpError::Limited(format!("the folder holds more than {MOST_ENTRIES} entries")));
        }
        if names > MOST_NAMES || empty > MOST_EMPTY || began.elapsed() > LISTED_WITHIN {
            break Err(SftpError::Limited(no_end(names, empty)));
        }
    };
    line.sftp.close(handle).await?;
    ended.map(|()| entries)
}

/// Why a listing was given up.
fn no_end(names: usize, empty: usize) -> String {
    if names > MOST_NAMES {
        return format!("the names in the folder are longer than {MOST_NAMES} bytes together");
    }
    if empty > MOST_EMPTY {
        return "its listing goes on with answers that hold nothing, and has no end".to_owned();
    }
    format!("its listing had no end within {}", humantime::format_duration(LISTED_WITHIN))
}

async fn stat(line: Arc<Line>, path: String) -> Result<FileAttributes, SftpError> {
    Ok(line.sftp.stat(path).await?.attrs)
}

async fn open(line: Arc<Line>, path: String) -> Result<(Arc<Line>, String), SftpError> {
    let handle = line.sftp.open(path, OpenFlags::READ, FileAttributes::empty()).await?.handle;
    Ok((line, handle))
}

pub(super) fn what(attributes: &FileAttributes) -> What {
    if attributes.permissions.is_none() {
        return What::Unclear;
    }
    match attributes.file_type() {
        FileType::File => file(attributes).unwrap_or(What::Unclear),
        FileType::Symlink => What::Unclear,
        FileType::Dir | FileType::Other => What::Other,
    }
}

fn file(attributes: &FileAttributes) -> Option<What> {
    let modified = attributes.mtime.map_or(Duration::ZERO, |seconds| Duration::from_secs(seconds.into()));
    Some(What::File { size: attributes.size?, modified: SystemTime::UNIX_EPOCH + modified })
}

impl fmt::Debug for RemoteFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RemoteFolder").field(&self.0.at.address).finish()
    }
}
