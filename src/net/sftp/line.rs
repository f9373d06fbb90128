//! A connection over which files can be read and written, and what its troubles mean.

use super::host_key::{Checker, connect};
use super::login::log_in;
use crate::net::error::without_quotations;
use crate::net::{Door, Error};
use crate::target::{Evidence, SftpFolder};
use russh::ChannelMsg;
use russh::client::Handle;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::client::rawsession::Limits;
use russh_sftp::client::{Config, RawSftpSession};
use russh_sftp::protocol::StatusCode;

/// Read or written at once where a server does not say how much it gives or takes: every server does this much
/// (draft-ietf-secsh-filexfer-02, section 3).
const SURELY: u64 = 32 << 10;
/// Read at once at most, whatever a server offers …
const READ_AT_MOST: u64 = 128 << 10;
/// … and written: a piece must get through a slow connection within the limit of one request.
const WRITE_AT_MOST: u64 = 64 << 10;

/// The extension by which OpenSSH says its limits.
const LIMITS: &str = "limits@openssh.com";

/// A login with the file protocol begun.
pub(super) struct Line {
    pub(super) sftp: RawSftpSession,
    /// Bytes to ask for in one request.
    pub(super) chunk: u32,
    /// Bytes to write in one request.
    pub(super) piece: usize,
    /// The protocol ends with its connection.
    _connection: Handle<Checker>,
}

impl Line {
    /// Connects, logs in and begins the file protocol, all within the folder's limit.
    pub(super) async fn begin(door: &Door, to: &SftpFolder) -> Result<Self, Error> {
        let all = async {
            let mut connection = connect(door, to).await?;
            log_in(&mut connection, to).await?;
            Self::speak(connection, to).await
        };
        let late = |_| Error::TimedOut { host: super::folder::host(to), within: to.connect_within };
        tokio::time::timeout(to.connect_within, all).await.map_err(late)?
    }

    async fn speak(connection: Handle<Checker>, to: &SftpFolder) -> Result<Self, Error> {
        let host = super::folder::host(to);
        let unspoken = |cause: String| Error::NoSftp { host: host.clone(), cause };
        let mut channel = connection.channel_open_session().await.map_err(|e| unspoken(words(&e)))?;
        channel.request_subsystem(true, "sftp").await.map_err(|e| unspoken(words(&e)))?;
        loop {
            match channel.wait().await {
                Some(ChannelMsg::Success) => break,
                Some(ChannelMsg::Failure) | None => return Err(unspoken("it offers no such service".to_owned())),
                Some(_) => {}
            }
        }
        let config = Config { request_timeout_secs: to.request_within.as_secs().max(1), ..Config::default() };
        let mut sftp = RawSftpSession::new_with_config(channel.into_stream(), config);
        let begun = sftp.init().await.map_err(|e| unspoken(Evidence::of(&e.to_string()).to_string()))?;
        let (mut chunk, mut piece) = (SURELY, SURELY);
        if begun.extensions.get(LIMITS).is_some_and(|version| version == "1") {
            let limits =
                Limits::from(sftp.limits().await.map_err(|e| unspoken(Evidence::of(&e.to_string()).to_string()))?);
            chunk = limits.read_len.unwrap_or(SURELY).clamp(1, READ_AT_MOST);
            piece = limits.write_len.unwrap_or(SURELY).clamp(1, WRITE_AT_MOST);
            sftp.set_limits(limits);
        }
        let (chunk, piece) = (u32::try_from(chunk).unwrap_or(u32::MAX), usize::try_from(piece).unwrap_or(usize::MAX));
        Ok(Self { sftp, chunk, piece, _connection: connection })
    }
}

/// Whether the connection is of no more use. A server's answer in the protocol, whatever it says, is no such trouble.
pub(super) fn is_broken(error: &SftpError) -> bool {
    !matches!(error, SftpError::Status(_) | SftpError::Limited(_))
}

/// What an error says of `path`, in words without secrets.
pub(super) fn meaning(error: &SftpError, door: &Door, to: &SftpFolder, path: &str) -> Error {
    let host = super::folder::host(to);
    match error {
        SftpError::Status(status) if status.status_code == StatusCode::NoSuchFile => {
            Error::NoSuchFile { host, path: path.to_owned() }
        }
        SftpError::Status(status) => {
            let cause = format!("{} ({})", status.status_code, evidence(door, &status.error_message));
            Error::NotGiven { host, path: path.to_owned(), cause }
        }
        SftpError::Limited(cause) => Error::NotGiven { host, path: path.to_owned(), cause: cause.clone() },
        SftpError::Timeout => Error::TimedOut { host, within: to.request_within },
        SftpError::UnexpectedBehavior(words) if is_hang_up(words) => {
            Error::BrokenOff { host, cause: "the server closed the connection".to_owned() }
        }
        other => Error::BrokenOff { host, cause: evidence(door, &other.to_string()).to_string() },
    }
}

/// The library's words for a connection that is gone.
fn is_hang_up(words: &str) -> bool {
    ["sender dropped", "session closed", "SendError", "RecvError"].iter().any(|word| words.contains(word))
}

/// What went wrong with a connection, in words.
pub(super) fn words(error: &russh::Error) -> String {
    match error {
        russh::Error::HUP | russh::Error::Disconnect | russh::Error::RecvError | russh::Error::SendError => {
            "the server closed the connection".to_owned()
        }
        russh::Error::IO(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            "the server closed the connection".to_owned()
        }
        russh::Error::Version => "it does not speak SSH 2".to_owned(),
        other => without_quotations(&other.to_string(), &[]),
    }
}

/// A far side's words, without what may be somebody's.
fn evidence(door: &Door, text: &str) -> Evidence {
    Evidence::of(&door.redact(text))
}
