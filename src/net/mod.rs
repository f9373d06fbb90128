//! The one door to the network: allowed hosts, TLS, time limits, cookies and redirects.
//!
//! Nothing else in the crate opens an outward socket. Every HTTP request carries a `User-Agent` that says what this is and a
//! `traceparent`; no proxy of the environment is used.

mod allow;
mod body;
mod compose;
mod decoded;
mod dial;
mod door;
mod error;
mod halt;
mod mail;
mod oauth;
mod plain_file;
mod redirect;
mod request;
mod resolve;
mod retry_after;
mod session;
#[cfg(feature = "sftp")]
mod sftp;
mod tls;
mod trace;

pub use allow::AllowList;
pub use compose::{address, is_same_host, payload, payload_with, rendered, with_query};
pub use door::{Door, USER_AGENT};
pub use error::Error;
pub use halt::Halt;
pub use mail::{Letter, MailServer, Secured, Unsent, send_letter};
pub use plain_file::{is_given_by_shell, read_plain};
pub use request::{Payload, Reply, Request};
pub use retry_after::retry_after;
pub use session::{Failure, Jar, Session};
#[cfg(feature = "sftp")]
pub use sftp::{Entry, PutFailed, RemoteFile, RemoteFolder, What};
pub use trace::Trace;
