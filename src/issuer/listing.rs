//! What lies in a folder now.

use super::pattern::Pattern;
use crate::files::{Files, Source, Stamp, is_temporary};
use crate::model::{FarName, IssuerId, Names};
use crate::net::Halt;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// A folder of 834 files.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) files: Arc<dyn Files>,
    /// The issuer whose files lie there; `None`: files of all issuers.
    pub(super) issuer: Option<IssuerId>,
    /// Put before file names where there are several folders, so that a name says which.
    pub(super) prefix: String,
    /// What files are called.
    pub(super) names: Names,
}

/// A file of a folder, as the directory says.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    /// Its name for people and for the ledger.
    pub(super) label: FarName,
    pub(super) issuer: Option<IssuerId>,
    pub(super) stamp: Stamp,
    /// As the folder has it; nobody is told.
    name: String,
    files: Arc<dyn Files>,
}

/// The label of an entry that cannot be read, and why.
type Unreadable = (FarName, io::Error);

/// A file is read no further than it was long when it was listed, and no further than this.
const MOST_BYTES: u64 = 32 << 30;

/// The bytes of a file as it was listed; they end with a failure where the run does.
struct Bounded {
    source: Box<dyn Source>,
    size: u64,
    at: u64,
    halt: Halt,
}

impl Folder {
    /// The files to read, oldest first, by name where they are of one age; and the labels of entries that cannot be, with the
    /// reason. Fails where the folder cannot be read.
    pub(super) fn list(&self, names: &[Pattern]) -> io::Result<(Vec<Listed>, Vec<Unreadable>)> {
        let asked_for = |name: &str| names.is_empty() || names.iter().any(|pattern| pattern.matches(name));
        let listed = self.files.list(&|name| asked_for(name) && !is_temporary(name))?;
        let mut found: Vec<Listed> = listed.files.into_iter().map(|(name, stamp)| self.listed(name, stamp)).collect();
        found.sort_by(|a, b| (a.stamp.modified, &a.name).cmp(&(b.stamp.modified, &b.name)));
        let unreadable = listed.unreadable.into_iter().map(|(name, e)| (self.names.of(&self.prefix, &name), e));
        Ok((found, unreadable.collect()))
    }

    fn listed(&self, name: String, stamp: Stamp) -> Listed {
        let (label, issuer) = (self.names.of(&self.prefix, &name), self.issuer.clone());
        Listed { label, issuer, stamp, name, files: Arc::clone(&self.files) }
    }
}

impl Listed {
    /// What its name is made of, between whatever is no letter and no digit: compared with what is known, and never shown.
    pub(super) fn words_of_name(&self) -> impl Iterator<Item = &str> {
        self.name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
    }

    /// Its bytes, from the beginning, as long as the run goes on.
    pub(super) fn open(&self, halt: &Halt) -> io::Result<Box<dyn Source>> {
        let source = self.files.open(&self.name)?;
        Ok(Box::new(Bounded { source, size: self.stamp.size, at: 0, halt: halt.clone() }))
    }

    /// Whether it was written to since it was listed.
    pub(super) fn has_changed(&self) -> io::Result<bool> {
        Ok(self.files.stamp(&self.name)? != Some(self.stamp))
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.halt.is_over() {
            return Err(io::Error::other("the run was being ended, and it was not read on"));
        }
        if self.at >= MOST_BYTES {
            return Err(io::Error::other(format!("it is larger than {MOST_BYTES} bytes, which no enrollment file is")));
        }
        let left = usize::try_from(self.size.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.source.read(buffer.get_mut(..left).unwrap_or_default())?;
        if count == 0 && left > 0 {
            let why = format!("it ended after {} of the {} bytes that it is said to have", self.at, self.size);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Bounded {
    /// From the beginning only.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else { return Err(io::ErrorKind::Unsupported.into()) };
        self.at = at;
        self.source.seek(to)
    }
}

#[cfg(test)]
impl Listed {
    /// A file that is nowhere.
    pub(super) fn imagined(label: &str, stamp: Stamp) -> Self {
        let files = Arc::new(crate::files::LocalFiles::new("nowhere".into()));
        let names = Names::new([0; 32]);
        Self { label: names.of("", label), issuer: None, stamp, name: label.to_owned(), files }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounded, Halt};
    use std::io::{Cursor, ErrorKind, Read};
    use tokio_util::sync::CancellationToken;

    #[test]
    fn a_file_is_read_as_far_as_it_is_said_to_go_and_one_that_ends_before_is_not_read() {
        let read = |size| {
            let source = Box::new(Cursor::new(b"ISA*00".to_vec()));
            let mut bounded = Bounded { source, size, at: 0, halt: Halt::new(CancellationToken::new()) };
            let mut text = String::new();
            bounded.read_to_string(&mut text).map(|_| text)
        };
        assert_eq!(read(6).unwrap(), "ISA*00");
        assert_eq!(read(3).unwrap(), "ISA", "what was added since is read at the next look");
        let short = read(9).unwrap_err();
        assert_eq!(short.kind(), ErrorKind::UnexpectedEof);
        assert!(short.to_string().contains("after 6 of the 9 bytes"), "{short}");
    }
}
