//! Where a ledger's file really lies, and whether that place keeps what is written: asked before anything is opened.

use super::Error;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

/// The file to which a path leads, every link followed, so that one ledger has one name, and its locks one place.
/// Whatever is no durable file of this machine's own is refused: nothing, blanks, memory, devices, pipes, a process's open files, folders, a link that
/// leads nowhere, a file with a second name, a network file system. The folder must exist; the file need not.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, Error> {
    let resolved = file_at(path, |found| no_ledger(found).or_else(|| second_name(found)))?;
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    match in_memory(&mounts, &resolved, &std::env::temp_dir()) {
        Some(kind) => {
            let why = format!("it lies in memory, {kind}, which is gone when the machine stops");
            Err(Error::NotDurable { path: path.to_owned(), why })
        }
        None => Ok(resolved),
    }
}

/// The same of a ledger that is only read: whatever second names it has, nobody drives a run by reading.
pub(super) fn resolve_to_read(path: &Path) -> Result<PathBuf, Error> {
    file_at(path, no_ledger)
}

fn file_at(path: &Path, is_none: impl Fn(&Metadata) -> Option<&'static str>) -> Result<PathBuf, Error> {
    let refused = |why: &str| Error::NotDurable { path: path.to_owned(), why: why.to_owned() };
    if let Some(why) = no_file(path).or_else(|| beside_the_disk(path)) {
        return Err(refused(why));
    }
    let resolved = match fs::symlink_metadata(path) {
        Ok(_) => {
            let leads_to = path.canonicalize().map_err(|e| refused(&format!("it leads nowhere: {e}")))?;
            let found = fs::metadata(&leads_to).map_err(|e| refused(&e.to_string()))?;
            if let Some(why) = is_none(&found) {
                return Err(refused(why));
            }
            leads_to
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => new_file(path)?,
        Err(e) => return Err(Error::of_io(path, &e)),
    };
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    match network(&mounts, &resolved) {
        Some(kind) => {
            Err(refused(&format!("it lies on a network file system, {kind}, whose locks cannot be relied on")))
        }
        None => Ok(resolved),
    }
}

/// Names that databases take for no file at all.
fn no_file(path: &Path) -> Option<&'static str> {
    let name = path.as_os_str().as_encoded_bytes();
    if name.is_empty() {
        return Some("the name is empty; is a variable unset?");
    }
    if path.components().next_back().is_some_and(|last| last.as_os_str().as_encoded_bytes().trim_ascii().is_empty()) {
        return Some("the name is only blanks; is a variable unset?");
    }
    // `Path` drops what stands behind the last name; SQLite and the system do not
    if name.last().is_some_and(|end| std::path::is_separator((*end).into())) {
        return Some("it ends as the name of a folder does; give the name of a file");
    }
    if name.contains(&0) {
        return Some("no file name holds a zero byte");
    }
    if name.starts_with(b":memory:") {
        return Some("memory is gone when the process ends");
    }
    name.starts_with(b"file:").then_some("addresses that begin with `file:` are not taken; give the plain path")
}

/// Names under which systems show devices and the open files of processes: what is written to one goes to wherever that leads now,
/// and nobody finds it again by that name. `/dev/shm` is memory, and told so.
const KERNELS: [&str; 3] = ["/dev", "/proc", "/sys"];
/// A chain of more links than this leads round in a circle, which is told elsewhere.
const MOST_LINKS: usize = 40;

/// Whether a path, or one that its links lead through, is a name of the system's own.
fn beside_the_disk(path: &Path) -> Option<&'static str> {
    let is_kernels = |at: &Path| KERNELS.iter().any(|root| at.starts_with(root)) && !at.starts_with("/dev/shm");
    let mut at = std::path::absolute(path).ok()?;
    for _ in 0..MOST_LINKS {
        let folder = folder_of(&at).canonicalize();
        if is_kernels(&at) || folder.is_ok_and(|folder| is_kernels(&folder)) {
            return Some("it leads to a device, a pipe or the open file of a process, under `/dev`, `/proc` or `/sys`");
        }
        let Ok(next) = fs::read_link(&at) else { break };
        at = folder_of(&at).join(next);
    }
    None
}

/// What keeps a file that is there from being a ledger.
fn no_ledger(found: &Metadata) -> Option<&'static str> {
    if found.is_dir() {
        return Some("it is a folder");
    }
    if !found.is_file() {
        return Some("it is a device, a pipe or a socket");
    }
    None
}

fn second_name(found: &Metadata) -> Option<&'static str> {
    (links(found) > 1)
        .then_some("it has a second name (a hard link), under which another process could drive the same run")
}

#[cfg(unix)]
fn links(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(found)
}

#[cfg(not(unix))]
fn links(_found: &Metadata) -> u64 {
    1
}

fn new_file(path: &Path) -> Result<PathBuf, Error> {
    let name = path
        .file_name()
        .ok_or_else(|| Error::NotDurable { path: path.to_owned(), why: "it names no file".to_owned() })?;
    let folder = folder_of(path).canonicalize().map_err(|e| Error::of_io(path, &e))?;
    Ok(folder.join(name))
}

/// The folder in which a path's file lies.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// File systems of other machines: locks on them are advice, late, or local to each machine.
const NETWORK: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb",
    "smb2",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "coda",
    "glusterfs",
    "lustre",
    "gpfs",
    "beegfs",
    "ncpfs",
    "davfs",
    "sshfs",
    "s3fs",
    "rclone",
    "gcsfuse",
    "davfs2",
    "curlftpfs",
];

/// File systems that are memory.
const MEMORY: &[&str] = &["tmpfs", "ramfs", "devtmpfs", "hugetlbfs"];

/// The file system of memory on which a path lies. The folder for temporary files may be one: whoever puts a ledger there does not
/// mean to keep it.
fn in_memory<'a>(mounts: &'a str, path: &Path, temporary: &Path) -> Option<&'a str> {
    let temporary = temporary.canonicalize().unwrap_or_else(|_| temporary.to_owned());
    kind_at(mounts, path).filter(|kind| MEMORY.contains(kind) && !path.starts_with(temporary))
}

/// The network file system on which a path lies.
fn network<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let kind = kind_at(mounts, path)?;
    let bare = kind.strip_prefix("fuse.").unwrap_or(kind);
    NETWORK.contains(&bare).then_some(kind)
}

/// The kind of file system on which a path lies, by the mounts of this process as Linux lists them.
fn kind_at<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let on = |line: &'a str| {
        let (place, kind) = line.split_once(" - ")?;
        let place = unescaped(place.split(' ').nth(4)?);
        let depth = path.starts_with(&place).then(|| Path::new(&place).components().count())?;
        Some((depth, kind.split(' ').next()?))
    };
    // Of several mounts at one place the last is seen.
    mounts.lines().filter_map(on).max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// Blanks in names of folders are written as octal numbers.
fn unescaped(place: &str) -> String {
    place.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::{Path, in_memory, network};

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:40 / /srv/all rw - nfs4 files:/all rw
41 40 0:41 / /srv/all/own rw shared:1 - xfs /dev/vdb rw
42 22 0:42 / /srv/two\\040words rw - fuse.sshfs ann@far:/ rw
43 22 0:43 / /over rw - ext4 /dev/vdc rw
44 22 0:44 / /over rw - cifs //far/over rw
45 22 0:45 / /dev/shm rw - tmpfs shm rw
46 22 0:46 / /tmp rw - tmpfs tmpfs rw
";

    #[test]
    fn memory_is_no_place_for_a_ledger_but_for_one_among_temporary_files() {
        let kind = |path: &str| in_memory(MOUNTS, Path::new(path), Path::new("/tmp"));
        assert_eq!(kind("/dev/shm/l.db"), Some("tmpfs"));
        assert_eq!(kind("/tmp/l.db"), None);
        assert_eq!(kind("/home/l.db"), None);
    }

    #[test]
    fn a_path_lies_on_the_deepest_mount_above_it_and_of_two_at_one_place_on_the_later() {
        for (path, kind) in [
            ("/home/l.db", None),
            ("/srv/all/l.db", Some("nfs4")),
            ("/srv/allsorts/l.db", None),
            ("/srv/all/own/l.db", None),
            ("/srv/two words/l.db", Some("fuse.sshfs")),
            ("/over/l.db", Some("cifs")),
        ] {
            assert_eq!(network(MOUNTS, Path::new(path)), kind, "{path}");
        }
        assert_eq!(network("", Path::new("/l.db")), None, "a system that lists none");
    }
}
