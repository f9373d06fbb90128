//! Files and standard input, compressed with gzip or not, with a bar that shows how far they are read.

use super::super::arguments::Arguments;
use super::super::console::tell_beside;
use super::super::context::World;
use super::super::failure::Failure;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use johndoe::files::unpack_stream;
use johndoe::net::is_given_by_shell;
use johndoe::wire::x12::ReadError;
use std::fs::File;
use std::io::{ErrorKind, Read, Result};
use std::path::Path;
use std::time::Duration;

/// Smaller files are read before a bar could be looked at.
const WORTH_A_BAR: u64 = 20 << 20;

/// A file being read: what it says, decompressed where it is compressed.
pub(crate) struct Input {
    /// What to call it.
    pub(crate) name: String,
    says: Box<dyn Read + Send>,
}

/// A file as it lies there, and how far it is read.
struct Watched<R> {
    source: R,
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
            return Self::of("standard input".to_owned(), std::io::stdin(), bar);
        }
        let name = path.display().to_string();
        let cannot = |e: std::io::Error| match e.kind() {
            ErrorKind::NotFound => Failure::usage(format!("there is no file `{name}`")),
            _ => Failure::usage(format!("cannot read `{name}`: {e}")),
        };
        let about = std::fs::metadata(path).map_err(cannot)?;
        if !about.is_file() && !about.is_dir() && !is_given_by_shell(path) {
            // A pipe without a writer would be waited for without end, and a device be read so.
            return Err(Failure::usage(format!(
                "`{name}` is a device or a pipe; name a file, or `-` for standard input"
            )));
        }
        let file = File::open(path).map_err(cannot)?;
        if about.is_dir() {
            return Err(Failure::usage(format!("`{name}` is a folder; name the files in it, such as `{name}/*.edi`")));
        }
        let bar = (is_live && about.len() >= WORTH_A_BAR).then(|| bar(bars, Some(about.len()), &name));
        Self::of(name, file, bar)
    }

    fn of(
        name: String,
        source: impl Read + Send + 'static,
        bar: Option<ProgressBar>,
    ) -> std::result::Result<Self, Failure> {
        match unpack_stream(Watched { source, bar }) {
            Ok(says) => Ok(Self { name, says }),
            Err(e) => Err(Failure::usage(format!("cannot read `{name}`: {e}"))),
        }
    }
}

/// What a file cannot be read for.
pub(crate) fn unreadable(name: &str, error: &ReadError) -> Failure {
    Failure::usage(format!("`{name}`: {error}"))
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.says.read(buffer)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.source.read(buffer)?;
        if let Some(bar) = &self.bar {
            bar.inc(count as u64);
        }
        Ok(count)
    }
}

impl<R> Drop for Watched<R> {
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
    tell_beside(&bar, name);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
