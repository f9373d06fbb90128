//! Putting a file into a folder on another machine: under its name it is whole, or it is not there.

use super::folder::{RemoteFolder, What, is_name, what};
use super::line::{Line, is_broken};
use crate::net::Error;
use futures_util::stream::{FuturesUnordered, StreamExt};
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{FileAttributes, OpenFlags, StatusCode};
use thiserror::Error;

/// Pieces under way at once, at most: a slow connection must carry them all within the limit of one request.
const MOST_AHEAD: usize = 8;

/// Why a file was not put into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{error}")]
pub struct PutFailed {
    /// What went wrong.
    pub error: Error,
    /// Whether the file may be there all the same, whole and under its name: its last step was asked for, and no answer
    /// came. Where this is false it is not there.
    pub may_be_there: bool,
}

/// Where an attempt ended. Only the last step, the renaming, makes a file of that name.
enum Stopped {
    /// The connection broke before the last step.
    Broken(Error),
    /// The server said no.
    Refused(Error),
    /// The last step was asked for, and the connection broke before the answer.
    Unanswered(Error),
}

/// A file on its way.
struct Upload<'a> {
    folder: &'a RemoteFolder,
    content: &'a [u8],
    path: String,
    /// Hidden, and with an ending that readers of drop folders pass over.
    temporary: String,
}

impl RemoteFolder {
    /// Puts a file into the folder. It is written under the temporary name `.NAME.part`, which replaces what an earlier
    /// attempt left there, and renamed when it is whole. A file that has the name already is left as it is: `NameTaken`. A
    /// connection that breaks while the file is written is made again once; after the renaming was asked for nothing is
    /// tried again, and a look at the folder settles whether it was carried out.
    ///
    /// Who stops waiting for this to end leaves a temporary file behind, and knows nothing.
    pub async fn put(&self, name: &str, content: &[u8]) -> Result<(), PutFailed> {
        if !is_name(name) {
            let cause = "this is no name of a file".to_owned();
            let error = Error::NotTaken { host: self.host(), path: name.to_owned(), cause };
            return Err(PutFailed { error, may_be_there: false });
        }
        let (path, temporary) = (self.path(name), self.path(&format!(".{name}.part")));
        let upload = Upload { folder: self, content, path, temporary };
        let mut ended = upload.attempt().await;
        if matches!(ended, Err(Stopped::Broken(_))) {
            ended = upload.attempt().await;
        }
        match ended {
            Ok(()) => {
                self.calm(()).await;
                Ok(())
            }
            Err(Stopped::Refused(error)) => Err(PutFailed { error, may_be_there: false }),
            Err(Stopped::Broken(error)) => {
                self.rest(&error).await;
                Err(PutFailed { error, may_be_there: false })
            }
            Err(Stopped::Unanswered(error)) => upload.settle(error).await,
        }
    }

    /// Takes away what an attempt to put this file that was broken off left under its temporary name, where there is any. Fails
    /// where there is no connection.
    pub async fn discard(&self, name: &str) -> Result<(), Error> {
        if is_name(name) {
            let (line, _) = self.line().await?;
            // nearly always there is none
            let _ = line.sftp.remove(self.path(&format!(".{name}.part"))).await;
        }
        Ok(())
    }
}

impl Upload<'_> {
    /// Writes and renames, over the connection that stands or a new one. One that breaks is given up.
    async fn attempt(&self) -> Result<(), Stopped> {
        let (line, _) = self.folder.line().await.map_err(Stopped::Refused)?;
        let ended = self.over(&line).await;
        if matches!(ended, Err(Stopped::Broken(_) | Stopped::Unanswered(_))) {
            self.folder.hang_up(&line).await;
        }
        ended
    }

    async fn over(&self, line: &Line) -> Result<(), Stopped> {
        // Many servers rename over what is there, whatever the protocol says.
        if self.is_taken(line).await? {
            return Err(Stopped::Refused(self.name_taken()));
        }
        let handle = self.begin(line).await.map_err(|error| self.stopped(&error))?;
        let written = self.write(line, &handle).await;
        // A full disk may show only now.
        let closed = line.sftp.close(handle).await;
        if let Err(error) = written.and(closed.map(drop)) {
            self.remove(line).await;
            return Err(self.stopped(&error));
        }
        match line.sftp.rename(self.temporary.as_str(), self.path.as_str()).await {
            Ok(_) => Ok(()),
            Err(error) if is_broken(&error) => Err(Stopped::Unanswered(self.meaning(&error))),
            Err(error) => {
                self.remove(line).await;
                let taken = matches!(self.is_taken(line).await, Ok(true));
                Err(Stopped::Refused(if taken { self.name_taken() } else { self.meaning(&error) }))
            }
        }
    }

    /// Whether something has the name already, as far as the server shows it.
    async fn is_taken(&self, line: &Line) -> Result<bool, Stopped> {
        match line.sftp.stat(self.path.as_str()).await {
            Ok(_) => Ok(true),
            Err(error) if is_broken(&error) => Err(Stopped::Broken(self.meaning(&error))),
            Err(_) => Ok(false),
        }
    }

    /// A temporary file that nobody else has open. What an interrupted attempt left is removed, not written over: the server
    /// may still be at work on it.
    async fn begin(&self, line: &Line) -> Result<String, SftpError> {
        let exclusive = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
        let open = || line.sftp.open(self.temporary.as_str(), exclusive, FileAttributes::empty());
        match open().await {
            Err(SftpError::Status(status)) if status.status_code == StatusCode::Failure => {
                self.remove(line).await;
                Ok(open().await?.handle)
            }
            opened => Ok(opened?.handle),
        }
    }

    async fn write(&self, line: &Line, handle: &str) -> Result<(), SftpError> {
        let mut ahead = FuturesUnordered::new();
        let mut at = 0;
        for piece in self.content.chunks(line.piece) {
            if ahead.len() == MOST_AHEAD {
                ahead.next().await.transpose()?;
            }
            ahead.push(line.sftp.write(handle, at, piece.to_vec()));
            at += piece.len() as u64;
        }
        while ahead.next().await.transpose()?.is_some() {}
        Ok(())
    }

    /// Takes the temporary file away, where that can be done; whether it was there and is gone.
    async fn remove(&self, line: &Line) -> bool {
        line.sftp.remove(self.temporary.as_str()).await.is_ok()
    }

    /// Finds out whether the renaming, which nobody answered, was carried out. With the temporary file taken away it cannot be
    /// carried out any more; after that a look at the name tells.
    async fn settle(&self, error: Error) -> Result<(), PutFailed> {
        let unsettled = PutFailed { error, may_be_there: true };
        let Ok((line, _)) = self.folder.line().await else { return Err(unsettled) };
        let prevented = self.remove(&line).await;
        match line.sftp.stat(self.path.as_str()).await {
            Ok(found) if self.is_whole(what(&found.attrs), found.attrs.size) => Ok(()),
            Ok(_) if prevented => Err(PutFailed { error: self.name_taken(), may_be_there: false }),
            Err(SftpError::Status(status)) if status.status_code == StatusCode::NoSuchFile && prevented => {
                Err(PutFailed { may_be_there: false, ..unsettled })
            }
            // Neither name is there: whoever empties the folder was quicker, or something is amiss.
            _ => Err(unsettled),
        }
    }

    /// Whether it is this file: nothing had its name when the attempt began, and it is as long.
    fn is_whole(&self, what: What, size: Option<u64>) -> bool {
        what != What::Other && size == Some(self.content.len() as u64)
    }

    fn stopped(&self, error: &SftpError) -> Stopped {
        let stopped = if is_broken(error) { Stopped::Broken } else { Stopped::Refused };
        stopped(self.meaning(error))
    }

    /// What an error means to who writes: a file that cannot be made where it should lie wants its folder.
    fn meaning(&self, error: &SftpError) -> Error {
        match self.folder.meaning(error, &self.path) {
            Error::NoSuchFile { host, .. } => Error::NoSuchFile { host, path: self.folder.here().to_owned() },
            Error::NotGiven { host, path, cause } => Error::NotTaken { host, path, cause },
            other => other,
        }
    }

    fn name_taken(&self) -> Error {
        Error::NameTaken { host: self.folder.host(), path: self.path.clone() }
    }
}
