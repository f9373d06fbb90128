//! What can go wrong with a ledger, in words that say what to do.

use std::path::PathBuf;
use std::sync::Arc;

/// Why the ledger could not do what was asked. Cheap to clone, because one failed write answers everybody who waits
/// for it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// There is no such run, probe or ledger.
    #[error("no {what} `{name}` in ledger `{ledger}`; `johndoe runs` lists what it holds")]
    NotFound {
        /// What was looked for, such as `run`.
        what: &'static str,
        /// As it was asked for.
        name: String,
        /// The ledger.
        ledger: PathBuf,
    },
    /// The ledger holds no run at all.
    #[error("ledger `{ledger}` holds no run; `johndoe run` begins one")]
    Empty {
        /// The ledger.
        ledger: PathBuf,
    },
    /// The ledger file does not exist, and was only to be read.
    #[error("no ledger at `{path}` yet; a first `johndoe run` creates it, or name another with `--ledger`")]
    NoLedger {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A shortened run id fits several runs.
    #[error("run `{name}` fits {} runs ({}); give more of the id", fits.len(), fits.join(", "))]
    Ambiguous {
        /// As it was asked for.
        name: String,
        /// The runs it fits.
        fits: Vec<String>,
    },
    /// The run is in the ledger already.
    #[error("run `{run}` is in the ledger already; a new run needs a new id, `johndoe resume` goes on with this one")]
    AlreadyBegun {
        /// The run.
        run: String,
    },
    /// Another process drives the run.
    #[error("run `{run}` is driven by {holder}; wait for it to end, or stop it first")]
    Claimed {
        /// The run.
        run: String,
        /// The process, as it wrote itself down.
        holder: String,
    },
    /// Another canary watches with this ledger.
    #[error(
        "a canary watches with ledger `{ledger}` already, {holder}; stop it first, or name another with `--ledger`"
    )]
    Watched {
        /// The ledger.
        ledger: PathBuf,
        /// The process, as it wrote itself down.
        holder: String,
    },
    /// Another process has taken the run over.
    #[error("run `{run}` was taken over by {holder}; this process writes and sends nothing more for it")]
    Superseded {
        /// The run.
        run: String,
        /// The process that drives it now.
        holder: String,
    },
    /// The path is no place where a file would keep what is written.
    #[error(
        "ledger `{path}` cannot be relied on to keep what is written: {why}; name a file on a disk of this machine with `--ledger`"
    )]
    NotDurable {
        /// As it was given.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The open ledger is no longer at its path.
    #[error(
        "ledger `{path}` was deleted or replaced while this process had it open (`{file}` is not the file that it was); what is written now, nobody would find"
    )]
    Lost {
        /// The ledger.
        path: PathBuf,
        /// The one of its files that is gone.
        file: PathBuf,
    },
    /// No room is left for what was to be written; what was written before is safe.
    #[error(
        "no room left to write ledger `{path}`; nothing recorded is lost: free space on that disk, then `johndoe resume`"
    )]
    Full {
        /// The ledger.
        path: PathBuf,
    },
    /// The place cannot be written.
    #[error(
        "ledger `{path}` cannot be written ({detail}); make the folder writable, or name another place with `--ledger`"
    )]
    Unwritable {
        /// The ledger.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// It can be read at best, and that not whole.
    #[error(
        "ledger `{path}` can only be read here, and not as it lies: {why}; copy it, and the `-wal` beside it where there is one, to a folder that can be written, and name the copy with `--ledger`"
    )]
    ReadOnly {
        /// The ledger.
        path: PathBuf,
        /// What stands in the way.
        why: String,
    },
    /// The file is something else.
    #[error("`{path}` is no johndoe ledger ({detail}); it was left as it is: name another file with `--ledger`")]
    NotALedger {
        /// The file.
        path: PathBuf,
        /// How that shows.
        detail: String,
    },
    /// It was written by a later version of this program.
    #[error(
        "{what} has version {found}, and this johndoe reads versions up to {known}; install a newer johndoe to read it"
    )]
    TooNew {
        /// The ledger or the entry.
        what: String,
        /// Its version.
        found: i64,
        /// The latest version known here.
        known: i64,
    },
    /// What is stored cannot be read back.
    #[error(
        "ledger `{path}` is damaged ({detail}); restore a copy, or set it aside and begin a new one with `--ledger`"
    )]
    Corrupt {
        /// The ledger.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// Another process kept writing for longer than we wait.
    #[error(
        "ledger `{path}` is being written by another process and did not become free; try again when that one is done"
    )]
    Busy {
        /// The ledger.
        path: PathBuf,
    },
    /// The address names a kind of ledger that this version has not.
    #[error(
        "ledger `{location}` is not SQLite, and this version keeps SQLite files only: give a path or `sqlite:PATH`"
    )]
    Unsupported {
        /// The address, without a password.
        location: String,
    },
    /// The writer ended, and takes no more.
    #[error("the ledger's writer has ended; nothing more can be recorded")]
    Closed,
    /// Anything else that SQLite or the system says.
    #[error("ledger `{path}`: {source}")]
    Other {
        /// The ledger.
        path: PathBuf,
        /// What was said.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// What the system said about a place where something was to be written.
    pub(super) fn of_io(path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let path = path.into();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Unwritable { path, detail: error.to_string() },
        }
    }

    /// Anything else that went wrong with a ledger.
    pub(super) fn other(path: impl Into<PathBuf>, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other { path: path.into(), source: Arc::from(source.into()) }
    }
}
