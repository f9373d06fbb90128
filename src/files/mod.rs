//! Files in a folder, on this machine or behind SFTP: what lies there, what is in it, and how one is put there whole.
//! Every call blocks: call it where blocking is allowed.

mod folder;
mod local;
mod names;
#[cfg(not(feature = "sftp"))]
mod no_sftp;
#[cfg(feature = "sftp")]
mod sftp;
mod unpack;

use crate::net::Door;
use crate::target::Directory;
use std::sync::Arc;

pub use folder::{Contents, Files, NotPut, Source, Stamp};
pub use local::LocalFiles;
pub use names::is_temporary;
pub use unpack::{Unpacked, unpack, unpack_stream};

/// The files of a target's folder; one on another machine is reached through the door, and on the runtime that this is
/// called in. Nothing is opened before something is asked for.
pub fn at(directory: &Directory, door: &Door) -> Arc<dyn Files> {
    match directory {
        Directory::Local(path) => {
            let shown = door.place(&path.display().to_string());
            Arc::new(LocalFiles::new(path.clone()).shown_as(shown))
        }
        #[cfg(feature = "sftp")]
        Directory::Sftp(at) => {
            Arc::new(sftp::SftpFiles::new(door.folder(at), door.place(&at.address.to_string()), door.halt().clone()))
        }
        #[cfg(not(feature = "sftp"))]
        Directory::Sftp(at) => Arc::new(no_sftp::NoSftp::new(at.address.to_string())),
    }
}
