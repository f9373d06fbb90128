//! Which folders a visitor sees, and what a path means among them.

use crate::sandbox::config::Config;
use russh_sftp::protocol::{File, FileAttributes, StatusCode};
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};

/// Where the exchange's files to the issuers lie.
pub(super) const OUTBOUND: &str = "/outbound";
/// Where the issuers' files to the exchange lie.
const INBOUND: &str = "/inbound";
/// Where 834 files are handed over.
pub(super) const INTAKE: &str = "/intake";
/// Where the answers to what was handed over lie.
pub(super) const TO_SENDERS: &str = "/acks/to_senders";

/// The folders; clones share them.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Tree(Arc<[Shared]>);

/// A folder of this machine, as visitors see it.
#[derive(Debug)]
pub(super) struct Shared {
    path: &'static str,
    folder: PathBuf,
    /// Whether files may be put there.
    pub(super) takes_files: bool,
}

/// What a path means.
pub(super) enum Place<'a> {
    /// A folder that holds only folders that are shared.
    Above(String),
    Folder(&'a Shared),
    File(&'a Shared, String),
}

impl Tree {
    /// The folders of a sandbox. Files are put into the intake and among the issuers' own, and nowhere else.
    pub(in crate::sandbox) fn of(config: &Config) -> Self {
        let shared = |path, folder| Shared { path, folder, takes_files: matches!(path, INTAKE | INBOUND) };
        Self(Arc::new([
            shared(OUTBOUND, config.outbound.clone()),
            shared(INBOUND, config.inbound()),
            shared("/acks/from_issuers", config.acks_from_issuers()),
            shared("/acks/from_exchange", config.acks_from_exchange()),
            shared(TO_SENDERS, config.acks_to_senders()),
            shared(INTAKE, config.intake()),
        ]))
    }

    /// What a path means. None leads to anything but the folders and what lies in them.
    pub(super) fn place(&self, path: &str) -> Result<Place<'_>, StatusCode> {
        let steps: Vec<&str> = path.split('/').filter(|step| !matches!(*step, "" | ".")).collect();
        if steps.contains(&"..") {
            return Err(StatusCode::NoSuchFile);
        }
        let at: String = steps.iter().flat_map(|step| ["/", *step]).collect();
        if let Some(shared) = self.0.iter().find(|shared| shared.path == at) {
            return Ok(Place::Folder(shared));
        }
        if let Some((shared, name)) = self.0.iter().find_map(|shared| Some((shared, shared.name(&at)?))) {
            return Ok(Place::File(shared, name.to_owned()));
        }
        let is_above = self.0.iter().any(|shared| below(shared.path, &at).is_some());
        if is_above { Ok(Place::Above(at)) } else { Err(StatusCode::NoSuchFile) }
    }

    /// Size, times and kind of what a path leads to.
    pub(super) fn attributes(&self, path: &str) -> Result<FileAttributes, StatusCode> {
        let data = match self.place(path)? {
            Place::Above(at) => {
                let below = self.0.iter().find(|shared| below(shared.path, &at).is_some());
                fs::metadata(&below.ok_or(StatusCode::NoSuchFile)?.folder)
            }
            Place::Folder(shared) => fs::metadata(&shared.folder),
            Place::File(shared, name) => fs::metadata(shared.file(&name)),
        };
        data.map(|data| FileAttributes::from(&data)).map_err(|e| code(&e))
    }

    /// What a folder holds.
    pub(super) fn names(&self, path: &str) -> Result<Vec<File>, StatusCode> {
        match self.place(path)? {
            Place::File(..) => Err(StatusCode::Failure),
            Place::Folder(shared) => shared.names().map_err(|e| code(&e)),
            Place::Above(at) => {
                let mut steps: Vec<&str> = self.0.iter().filter_map(|shared| below(shared.path, &at)).collect();
                steps.sort_unstable();
                steps.dedup();
                steps.into_iter().map(|step| Ok(File::new(step, self.attributes(&format!("{at}/{step}"))?))).collect()
            }
        }
    }
}

impl Shared {
    /// A file of the folder, on this machine.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The name, where the path is one of a file in this folder.
    fn name<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.path)?.strip_prefix('/').filter(|name| !name.contains('/'))
    }

    fn names(&self) -> io::Result<Vec<File>> {
        // What is taken away while the folder is read is not in it.
        let named = fs::read_dir(&self.folder)?.flatten().filter_map(|entry| {
            let attributes = FileAttributes::from(&entry.metadata().ok()?);
            Some(File::new(entry.file_name().to_string_lossy(), attributes))
        });
        Ok(named.collect())
    }
}

impl Place<'_> {
    /// The path itself, as short as it can be written.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Above(at) if at.is_empty() => "/".to_owned(),
            Self::Above(at) => at.clone(),
            Self::Folder(shared) => shared.path.to_owned(),
            Self::File(shared, name) => format!("{}/{name}", shared.path),
        }
    }
}

/// The next step from a folder towards a path below it.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_prefix('/')?.split('/').next()
}

/// What the protocol calls an error of the file system.
pub(super) fn code(error: &io::Error) -> StatusCode {
    match error.kind() {
        io::ErrorKind::NotFound => StatusCode::NoSuchFile,
        io::ErrorKind::PermissionDenied => StatusCode::PermissionDenied,
        _ => StatusCode::Failure,
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Tree};
    use crate::sandbox::config::Config;

    #[test]
    fn no_path_leads_anywhere_else() {
        let tree = Tree::of(&Config::default());
        let meant = |path: &str| tree.place(path).ok().map(|place| place.path());
        for (path, expected) in [
            ("", "/"),
            (".", "/"),
            ("/acks/", "/acks"),
            ("acks/./to_senders", "/acks/to_senders"),
            ("//intake//a.edi", "/intake/a.edi"),
            ("/outbound/..a", "/outbound/..a"),
        ] {
            assert_eq!(meant(path).as_deref(), Some(expected), "{path}");
        }
        for path in
            ["/etc", "/..", "/outbound/..", "/outbound/../intake", "/intake/a/b", "/ack", "/acks/x", "/outbound2"]
        {
            assert_eq!(meant(path), None, "{path}");
        }
        let writable = |path: &str| matches!(tree.place(path), Ok(Place::File(shared, _)) if shared.takes_files);
        assert!(writable("/intake/a.edi") && writable("/inbound/a.edi"));
        assert!(!writable("/outbound/a.edi") && !writable("/acks/to_senders/a.edi"));
    }
}
