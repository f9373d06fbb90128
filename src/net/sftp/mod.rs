//! Folders on other machines, over SFTP (SSH file transfer protocol, version 3, over SSH 2).
//!
//! The host's name is resolved behind `allow_hosts` as for HTTP, the server must show a host key that the target names, and
//! only then is anybody's name, password or key shown to it. Nothing is ever written there.

mod file;
mod folder;
mod host_key;
mod line;
mod login;

pub use file::RemoteFile;
pub use folder::{Entry, RemoteFolder, What};
