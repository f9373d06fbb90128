//! 834 files in the outbound folder: named, written whole, renamed into place.

use super::message::FileFate;
use crate::model::{Direction, IssuerId};
use crate::sandbox::edi::{Transaction, Way, encode};
use crate::sandbox::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

/// Function codes of the daily files and of the weekly retransmissions (CMS companion guide v7.2 p. 10, 106).
const DAILY: &str = "I834";
const RETRANSMITTED: &str = "I834RT";

/// What leaves in one file.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) issuer: IssuerId,
    pub(super) transactions: Vec<Transaction>,
    pub(super) fate: FileFate,
}

/// A file that lies in the outbound folder.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Written {
    /// Whose it is.
    pub(in crate::sandbox) issuer: IssuerId,
    pub(in crate::sandbox) path: PathBuf,
    bytes: Arc<[u8]>,
}

/// A file that lies there by half.
#[derive(Debug)]
pub(super) struct Unfinished {
    written: Written,
    /// Windows until the rest comes.
    pub(super) windows_to_wait: u32,
}

/// A file that is to come again.
#[derive(Debug)]
pub(super) struct Copied {
    issuer: IssuerId,
    bytes: Arc<[u8]>,
}

impl Written {
    /// The same content, to be written under another name.
    pub(super) fn copied(&self) -> Copied {
        Copied { issuer: self.issuer.clone(), bytes: Arc::clone(&self.bytes) }
    }
}

/// Gives each file a moment of its own, so that names differ and sort in the order of writing.
#[derive(Debug, Default)]
pub(super) struct Names {
    last: Option<DateTime<Utc>>,
}

impl Names {
    /// `12345.I834.D131115.T060000123.edi`: issuer, function, local date and time.
    fn next(&mut self, (issuer, function): (&IssuerId, &str), now: DateTime<Utc>, zone: Tz) -> String {
        let after_last = self.last.map(|last| last + TimeDelta::milliseconds(1));
        let moment = after_last.map_or(now, |after_last| after_last.max(now));
        self.last = Some(moment);
        format!("{issuer}.{function}.{}.edi", moment.with_timezone(&zone).format("D%y%m%d.T%H%M%S%3f"))
    }
}

fn encoded(world: &World, batch: &Batch) -> Vec<u8> {
    let way = Way { direction: Direction::ToIssuer, issuer: &batch.issuer };
    encode(world, way, &batch.transactions)
}

/// Writes a batch.
pub(super) fn write(world: &World, names: &mut Names, batch: &Batch) -> io::Result<Written> {
    let mut bytes = encoded(world, batch);
    if batch.fate == FileFate::CutOff {
        bytes.truncate(cut_off_at(&bytes));
    }
    let function = if batch.fate == FileFate::Retransmitted { RETRANSMITTED } else { DAILY };
    put(world, names, (&batch.issuer, function), bytes.into())
}

/// Writes the first half of a batch's file under its real name, as a slow transfer does.
pub(super) fn begin(world: &World, names: &mut Names, batch: &Batch, windows: u32) -> io::Result<Unfinished> {
    let bytes: Arc<[u8]> = encoded(world, batch).into();
    let name = names.next((&batch.issuer, DAILY), world.clock.now(), world.config.zone);
    let path = world.config.outbound.join(name);
    fs::write(&path, first_half(&bytes))?;
    let written = Written { issuer: batch.issuer.clone(), path, bytes };
    Ok(Unfinished { written, windows_to_wait: windows.saturating_sub(1) })
}

/// Adds the rest of a file that was begun.
pub(super) fn finish(unfinished: &Unfinished) -> io::Result<Written> {
    let Written { path, bytes, .. } = &unfinished.written;
    let rest = bytes.get(first_half(bytes).len()..).unwrap_or_default();
    fs::OpenOptions::new().append(true).open(path)?.write_all(rest)?;
    Ok(unfinished.written.clone())
}

fn first_half(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() / 2).unwrap_or_default()
}

/// Writes a file again under a new name.
pub(super) fn write_again(world: &World, names: &mut Names, copy: &Copied) -> io::Result<Written> {
    put(world, names, (&copy.issuer, DAILY), Arc::clone(&copy.bytes))
}

/// A transfer that broke off in the last segments: three quarters of the file are there.
fn cut_off_at(bytes: &[u8]) -> usize {
    bytes.len() / 4 * 3
}

fn put(
    world: &World,
    names: &mut Names,
    (issuer, function): (&IssuerId, &str),
    bytes: Arc<[u8]>,
) -> io::Result<Written> {
    let name = names.next((issuer, function), world.clock.now(), world.config.zone);
    let path = write_whole(&world.config.outbound, &name, &bytes)?;
    Ok(Written { issuer: issuer.clone(), path, bytes })
}

/// Writes under a hidden temporary name first: whoever reads the folder never sees half a file under its real name.
pub(in crate::sandbox) fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let (temporary, path) = (folder.join(format!(".{name}.part")), folder.join(name));
    fs::write(&temporary, bytes)?;
    fs::rename(&temporary, &path)?;
    Ok(path)
}
