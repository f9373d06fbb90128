//! Standard output and standard error: the one place that writes to either.

use super::failure::Failure;
use std::io::{ErrorKind, Write};

/// Data, on standard output, with a line's end. A reader that has gone away (`| head`) is no failure; a full disk is.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(unwritten(&e)),
        _ => Ok(()),
    }
}

/// Lines of data, on standard output, buffered; ends early where the reader has gone away.
pub(crate) fn print_each(lines: impl Iterator<Item = Result<String, Failure>>) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in lines {
        match writeln!(out, "{}", line?) {
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
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Data in large pieces, on standard output; ends early where the reader has gone away. Each call of `fill` appends to the
/// buffer and says whether there is more.
pub(crate) fn print_bytes(mut fill: impl FnMut(&mut Vec<u8>) -> Result<bool, Failure>) -> Result<(), Failure> {
    const PIECE: usize = 64 << 10;
    let mut out = std::io::stdout().lock();
    let mut buffer = Vec::with_capacity(2 * PIECE);
    let mut ended = Ok(true);
    while matches!(ended, Ok(true)) {
        ended = fill(&mut buffer);
        if buffer.len() >= PIECE || !matches!(ended, Ok(true)) {
            match out.write_all(&buffer) {
                Err(e) if e.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(|e| unwritten(&e))?,
            }
            buffer.clear();
        }
    }
    match out.flush() {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(unwritten(&e)),
        _ => ended.map(|_| ()),
    }
}
