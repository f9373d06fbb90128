//! `x12`: tools for EDI files in the hand. They read files and write answers; nothing is sent anywhere.

mod answers;
mod diff;
mod diff_run;
mod diff_run_text;
mod flags;
mod help;
mod input;
mod inspect;
mod outline_text;
mod redact;
mod validate;

pub(crate) use flags::Tool;
pub(crate) use help::X12;
pub(crate) use input::Input;

use super::arguments::Arguments;
use super::context::World;
use super::exit::Exit;
use super::failure::Failure;

/// Carries a tool out.
pub(crate) fn x12(tool: &Tool, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    match tool {
        Tool::Inspect(inspect) => inspect::inspect(inspect, arguments, world),
        Tool::Validate(validate) => validate::validate(validate, arguments, world),
        Tool::Diff(diff) => diff::diff(diff, arguments, world),
        Tool::Redact(redact) => redact::redact(redact, arguments, world),
        Tool::Rules => validate::rules(),
    }
}
