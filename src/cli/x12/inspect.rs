//! `x12 inspect`: what files say, for people and for programs.

use super::super::arguments::Arguments;
use super::super::console::{print_bytes, tell};
use super::super::context::World;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::flags::Inspect;
use super::input::{Input, unreadable};
use super::outline_text::write_text;
use johndoe::report::tame;
use johndoe::wire::outline::{Ahead, Item, ItemKind};
use std::path::Path;

/// Shows every file; one that cannot be read does not keep the others from it.
pub(crate) fn inspect(flags: &Inspect, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for path in &flags.files {
        match one(path, flags.json, arguments, world) {
            Ok(()) => {}
            Err(failure) if failure.exit() == Exit::Usage => {
                tell(failure.text());
                exit = Exit::Usage;
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(exit)
}

fn one(path: &Path, as_json: bool, arguments: &Arguments, world: &World) -> Result<(), Failure> {
    let input = Input::open(path, arguments, world)?;
    let name = input.name.clone();
    let mut outline = Ahead::new(input);
    let mut is_first = true;
    // Why nothing was read, as long as nothing was.
    let mut unread = Some("it holds no interchange".to_owned());
    print_bytes(|out| {
        if std::mem::replace(&mut is_first, false) && !as_json {
            out.extend_from_slice(format!("{}\n", tame(&name)).as_bytes());
        }
        let next = outline.next();
        if let Ok(Some(item)) = &next {
            note(item, &mut unread);
        }
        match next {
            Ok(Some(item)) if as_json => item.write_json(&name, out),
            Ok(Some(item)) => write_text(item, out),
            Ok(None) => return Ok(false),
            Err(error) => return Err(unreadable(&name, &error)),
        }
        Ok(true)
    })?;
    match unread {
        Some(why) => Err(Failure::usage(format!("`{name}`: nothing of it could be read: {why}"))),
        None => Ok(()),
    }
}

/// Keeps what an item says of why nothing is read; nothing once something is.
fn note(item: &Item, unread: &mut Option<String>) {
    let why = match item.kind {
        ItemKind::Lost => item.text("why"),
        ItemKind::Damage => item.text("problem"),
        _ => return *unread = None,
    };
    if let Some(unread) = unread.as_mut().filter(|_| !why.is_empty()) {
        *unread = String::from_utf8_lossy(why).into_owned();
    }
}
