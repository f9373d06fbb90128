//! A file on another machine, read with many requests under way so that distance does not slow it down.

use super::folder::RemoteFolder;
use super::line::Line;
use crate::net::Error;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::StatusCode;
use std::sync::Arc;
use tokio::runtime::Handle;

/// Requests under way at once, at most; with the largest answers that is four mebibytes.
const MOST_AHEAD: usize = 32;

/// The end of a small file comes along with its content.
const LEAST_AHEAD: usize = 2;

/// A file open for reading.
pub struct RemoteFile {
    folder: RemoteFolder,
    line: Arc<Line>,
    handle: String,
    path: String,
    ahead: FuturesOrdered<BoxFuture<'static, Answer>>,
    /// Where the next request begins.
    next: u64,
    /// Requests to keep under way; grows while answers come in full.
    depth: usize,
    ended: bool,
}

struct Answer {
    from: u64,
    asked: usize,
    given: Result<Vec<u8>, SftpError>,
}

impl RemoteFile {
    pub(super) fn new(folder: RemoteFolder, line: Arc<Line>, handle: String, path: String) -> Self {
        Self { folder, line, handle, path, ahead: FuturesOrdered::new(), next: 0, depth: LEAST_AHEAD, ended: false }
    }

    /// The next bytes; none at the file's end. Fails where the connection does; the file can then be opened again.
    pub async fn read(&mut self) -> Result<Vec<u8>, Error> {
        if self.ended {
            return Ok(Vec::new());
        }
        while self.ahead.len() < self.depth {
            self.request();
        }
        let Some(Answer { from, asked, given }) = self.ahead.next().await else { return Ok(Vec::new()) };
        match given {
            Ok(bytes) if bytes.len() == asked => {
                self.depth = (self.depth * 2).min(MOST_AHEAD);
                Ok(bytes)
            }
            Ok(bytes) => {
                // Less than was asked for is not the end: servers give as much at once as they like, and the request after
                // this one may well have begun behind the end. Only the end itself says that it is.
                self.seek(from + bytes.len() as u64);
                self.ended = bytes.is_empty();
                Ok(bytes)
            }
            end if is_end(&end) => {
                self.ended = true;
                Ok(Vec::new())
            }
            Err(error) => {
                self.seek(from);
                Err(self.folder.failed(&self.line, &error, &self.path).await)
            }
        }
    }

    /// The next bytes come from this place.
    pub fn seek(&mut self, to: u64) {
        self.ahead = FuturesOrdered::new();
        self.next = to;
        self.depth = LEAST_AHEAD;
        self.ended = false;
    }

    fn request(&mut self) {
        let (line, handle, from, asked) = (Arc::clone(&self.line), self.handle.clone(), self.next, self.line.chunk);
        self.next = from.saturating_add(asked.into());
        self.ahead.push_back(Box::pin(async move {
            let given = line.sftp.read(handle, from, asked).await.map(|data| data.data);
            Answer { from, asked: asked as usize, given }
        }));
    }
}

fn is_end(given: &Result<Vec<u8>, SftpError>) -> bool {
    matches!(given, Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof)
}

impl Drop for RemoteFile {
    fn drop(&mut self) {
        let (line, handle) = (Arc::clone(&self.line), std::mem::take(&mut self.handle));
        // Without a runtime the program ends, and the connection with it.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { line.sftp.close(handle).await });
        }
    }
}
