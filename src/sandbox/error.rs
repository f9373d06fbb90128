//! Why the sandbox could not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the sandbox could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address could not be bound.
    #[error("cannot listen on `{address}` ({source}); choose another address, or port 0 for any that is free")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A folder for 834 files could not be made.
    #[error("cannot make the folder `{}` for 834 files ({source}); name another", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The log of planted faults could not be opened.
    #[error("cannot open the truth log `{}` ({source}); name a file in a folder that exists", path.display())]
    TruthLog {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is nobody to send enrollments to.
    #[error("no issuer is configured; at least one is needed")]
    NoIssuer,
}
