//! Standard output and standard error: the one place that writes to either. What is not ours is cleaned here, so that what a
//! file, a feed or an argument says cannot steer the terminal; colours come from [`Page`] alone.

use super::failure::Failure;
use indicatif::ProgressBar;
use johndoe::report::{Page, clean, clean_bytes, tame};
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How often writing to standard output was begun or ended: odd while it is under way.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// Ends where one piece of data could not be written to standard output within this time: whoever is to read it does not.
pub(crate) async fn is_not_read(within: Duration) {
    loop {
        let begun = WRITES.load(Ordering::SeqCst);
        tokio::time::sleep(within).await;
        if begun % 2 == 1 && WRITES.load(Ordering::SeqCst) == begun {
            return;
        }
    }
}

/// Data, on standard output, with a line's end. A reader that has gone away (`| head`) is no failure; a full disk is.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    put(&clean(text))
}

/// A report, on standard output, with its colours.
pub(crate) fn print_page(page: &Page) -> Result<(), Failure> {
    put(page)
}

fn put(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    WRITES.fetch_add(1, Ordering::SeqCst);
    let written = write!(out, "{text}{end}").and_then(|()| out.flush());
    WRITES.fetch_add(1, Ordering::SeqCst);
    match written {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(unwritten(&e)),
        _ => Ok(()),
    }
}

/// Lines of data, on standard output, buffered; ends early where the reader has gone away.
pub(crate) fn print_each(lines: impl Iterator<Item = Result<String, Failure>>) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in lines {
        match writeln!(out, "{}", clean(&line?)) {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|e| unwritten(&e))?,
        }
    }
    match out.flush() {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(unwritten(&e)),
        _ => Ok(()),
    }
}

fn unwritten(error: &std::io::Error) -> Failure {
    Failure::harness(format!("cannot write to standard output: {error}"))
}

/// A message, on standard error. Where nobody can read it any more, work goes on.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", clean(text));
}

/// What stands beside a progress bar, in one line.
pub(crate) fn tell_beside(bar: &ProgressBar, text: &str) {
    bar.set_message(tame(text).into_owned());
}

/// Help, the version, or what is wrong with the command line, which is coloured only where nothing that was typed could pass
/// for a colour. Whether it could be printed does not matter here.
pub(crate) fn tell_of_arguments(error: &clap::Error) {
    let is_tame = |typed: std::ffi::OsString| tame(&typed.to_string_lossy()) == *typed.to_string_lossy();
    if std::env::args_os().all(is_tame) {
        let _ = error.print();
    } else {
        tell(error.to_string().trim_end());
    }
}

/// Data in large pieces, on standard output; ends early where the reader has gone away. Each call of `fill` appends to the
/// buffer and says whether there is more.
pub(crate) fn print_bytes(mut fill: impl FnMut(&mut Vec<u8>) -> Result<bool, Failure>) -> Result<(), Failure> {
    const PIECE: usize = 64 << 10;
    let mut out = std::io::stdout().lock();
    let (mut buffer, mut cleaned) = (Vec::with_capacity(2 * PIECE), Vec::with_capacity(2 * PIECE));
    let mut ended = Ok(true);
    while matches!(ended, Ok(true)) {
        ended = fill(&mut buffer);
        if buffer.len() >= PIECE || !matches!(ended, Ok(true)) {
            clean_bytes(&buffer, &mut cleaned);
            match out.write_all(&cleaned) {
                Err(e) if e.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(|e| unwritten(&e))?,
            }
            buffer.clear();
            cleaned.clear();
        }
    }
    match out.flush() {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(unwritten(&e)),
        _ => ended.map(|_| ()),
    }
}

/// Standard output for a copy of a file: byte for byte into a pipe or a file, cleaned where somebody looks at it.
pub(crate) struct Copied {
    out: std::io::StdoutLock<'static>,
    is_looked_at: bool,
}

impl Copied {
    /// Standard output, which is a terminal or not.
    pub(crate) fn new(is_terminal: bool) -> Self {
        Self { out: std::io::stdout().lock(), is_looked_at: is_terminal }
    }
}

impl Write for Copied {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !self.is_looked_at {
            return self.out.write(bytes);
        }
        let mut cleaned = Vec::with_capacity(bytes.len());
        clean_bytes(bytes, &mut cleaned);
        self.out.write_all(&cleaned).map(|()| bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
