//! Folders on other machines, over SFTP (SSH file transfer protocol, version 3, over SSH 2).
//!
//! The host's name is resolved behind `allow_hosts` as for HTTP, the server must show a host key that the target names, and
//! only then is anybody's name, password or key shown to it.
//! Files are read, and put there whole; nothing that is there is changed.

mod file;
mod folder;
mod host_key;
mod line;
mod login;
mod put;

pub use file::RemoteFile;
pub use folder::{Entry, RemoteFolder, What};
pub use put::PutFailed;
