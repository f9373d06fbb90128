//! `x12 redact`: a copy that can be shown to others.

use super::super::arguments::Arguments;
use super::super::console::{Copied, tell};
use super::super::context::World;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::kept::Kept;
use super::flags::Redact;
use super::input::{Input, unreadable};
use johndoe::redact::{Error, Key, redact as copy_redacted};
use std::hash::{BuildHasher, RandomState};
use std::io::{BufWriter, ErrorKind};

/// What to do where the copy cannot lie where it should.
const INSTEAD: &str = "name another file with --out, or leave --out away to write to standard output";

/// Writes the copy. It gets its name only when it is whole: half a copy is none.
pub(crate) fn redact(flags: &Redact, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let out = flags.out.as_deref().filter(|out| out.as_os_str() != "-");
    refuse_itself(flags)?;
    let input = Input::open(&flags.file, arguments, world)?;
    let name = input.name.clone();
    let key = match &flags.seed {
        Some(seed) => Key::new(seed.as_bytes()),
        None => Key::new(&random()),
    };
    let partial = out.map(|out| Kept::begin(out, INSTEAD)).transpose()?;
    let made = match &partial {
        Some(partial) => copy_redacted(input, &key, BufWriter::new(partial.file())),
        None => copy_redacted(input, &key, Copied::new(world.output_is_terminal)),
    };
    if matches!(&made, Err(Error::Write(gone)) if out.is_none() && gone.kind() == ErrorKind::BrokenPipe) {
        return Ok(Exit::Done);
    }
    let summary = made.map_err(|error| failed(&name, &error))?;
    if let Some(partial) = partial {
        partial.keep(INSTEAD)?;
    }
    if !arguments.quiet {
        tell(&format!("{name}: {} segments, {} elements replaced", summary.segments, summary.replaced));
    }
    Ok(Exit::Done)
}

/// The file is what the copy cannot be made from again.
fn refuse_itself(flags: &Redact) -> Result<(), Failure> {
    let Some(out) = &flags.out else { return Ok(()) };
    let is_same = match (flags.file.canonicalize(), out.canonicalize()) {
        (Ok(file), Ok(out)) => file == out,
        _ => false,
    };
    if is_same {
        let name = flags.file.display();
        return Err(Failure::usage(format!(
            "the copy would take the place of `{name}` itself; name another file with --out"
        )));
    }
    Ok(())
}

fn failed(name: &str, error: &Error) -> Failure {
    match error {
        Error::Write(_) => Failure::harness(format!("`{name}`: {error}")),
        Error::Read(error) => unreadable(name, error),
        Error::NotUnderstood { .. } => Failure::usage(format!("`{name}`: {error}")),
    }
}

/// Bytes that nobody can guess: the standard library seeds every hasher from the system's randomness.
fn random() -> Vec<u8> {
    (0..8_u8).flat_map(|number| RandomState::new().hash_one(number).to_le_bytes()).collect()
}
