//! Files and standard input, with a bar that shows how far they are read.

use super::super::arguments::Arguments;
use super::super::context::World;
use super::super::failure::Failure;
use flate2::read::MultiGzDecoder;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use johndoe::wire::x12::ReadError;
use std::error::Error as _;
use std::fs::File;
use std::io::{self, BufReader, Cursor, ErrorKind, Read, Result};
use std::path::Path;
use std::time::Duration;

/// Smaller files are read before a bar could be looked at.
const WORTH_A_BAR: u64 = 20 << 20;

/// How a file begins that is compressed with gzip (RFC 1952, section 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];

/// A file being read: what it says, decompressed where it is compressed with gzip, whatever its name.
pub(crate) struct Input {
    /// What to call it.
    pub(crate) name: String,
    source: Box<dyn Read + Send>,
}

/// The file itself, counted by a bar.
struct Watched {
    source: Box<dyn Read + Send>,
    bar: Option<ProgressBar>,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(path: &Path, arguments: &Arguments, world: &World) -> std::result::Result<Self, Failure> {
        Self::open_beside(path, arguments, world, &MultiProgress::new())
    }

    /// Opens a file that is read at the same time as others; their bars stand below each other.
    pub(crate) fn open_beside(
        path: &Path,
        arguments: &Arguments,
        world: &World,
        bars: &MultiProgress,
    ) -> std::result::Result<Self, Failure> {
        let is_live = world.error_is_terminal && !arguments.quiet;
        if path.as_os_str() == "-" {
            let bar = is_live.then(|| bar(bars, None, "standard input"));
            return Self::of("standard input".to_owned(), Watched { source: Box::new(io::stdin()), bar });
        }
        let name = path.display().to_string();
        let cannot = |e: std::io::Error| match e.kind() {
            ErrorKind::NotFound => Failure::usage(format!("there is no file `{name}`")),
            _ => Failure::usage(format!("cannot read `{name}`: {e}")),
        };
        let file = File::open(path).map_err(cannot)?;
        let about = file.metadata().map_err(cannot)?;
        if about.is_dir() {
            return Err(Failure::usage(format!("`{name}` is a folder; name the files in it, such as `{name}/*.edi`")));
        }
        let bar = (is_live && about.len() >= WORTH_A_BAR).then(|| bar(bars, Some(about.len()), &name));
        Self::of(name, Watched { source: Box::new(file), bar })
    }

    fn of(name: String, mut source: Watched) -> std::result::Result<Self, Failure> {
        let mut head = Vec::with_capacity(GZIP.len());
        let taken = source.by_ref().take(GZIP.len() as u64).read_to_end(&mut head);
        taken.map_err(|e| Failure::usage(format!("cannot read `{name}`: {e}")))?;
        let is_compressed = head == GZIP;
        let whole = Cursor::new(head).chain(source);
        let source: Box<dyn Read + Send> = if is_compressed {
            Box::new(Inflated(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, whole))))
        } else {
            Box::new(whole)
        };
        Ok(Self { name, source })
    }
}

/// What a file cannot be read for, the cause behind it included.
pub(crate) fn unreadable(name: &str, error: &ReadError) -> Failure {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    Failure::usage(format!("`{name}`: {error}{cause}"))
}

/// Bytes asked for at once.
const CHUNK: usize = 64 << 10;

struct Inflated<R>(MultiGzDecoder<R>);

impl<R: io::BufRead> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => io::Error::new(error.kind(), "its compressed content (gzip) is cut off"),
            _ => io::Error::new(error.kind(), format!("its compressed content (gzip) is damaged: {error}")),
        })
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.source.read(buffer)
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.source.read(buffer)?;
        if let Some(bar) = &self.bar {
            bar.inc(count as u64);
        }
        Ok(count)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(bars: &MultiProgress, length: Option<u64>, name: &str) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) => {
            (ProgressBar::new(length), "{msg} [{bar:32}] {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {msg} {bytes}, {bytes_per_sec}"),
    };
    let bar = bars.add(bar);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
