//! `x12 diff`: what changed between two 834 files, by person and field.

use super::super::arguments::Arguments;
use super::super::console::{print, print_each};
use super::super::context::World;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::diff_run::diff_run;
use super::flags::Diff;
use super::input::{Input, unreadable};
use indicatif::MultiProgress;
use johndoe::report::tame;
use johndoe::wire::diff::{Change, ChangeKind, Changes, Difference, Side, Unfit};
use johndoe::wire::x12::ReadError;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// Compares two files, or files with a run; the exit code says whether they differ.
pub(crate) fn diff(flags: &Diff, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    match (&flags.run, flags.files.as_slice()) {
        (Some(run), _) => diff_run(flags, run, arguments, world),
        (None, [first, second]) => Files { flags, arguments, world }.diff(first, second),
        (None, files) => Err(Failure::usage(format!(
            "two files are compared with each other, and {} named; to compare files with what a run expects, add --run \
             latest",
            if files.len() == 1 { "one was".to_owned() } else { format!("{} were", files.len()) }
        ))),
    }
}

struct Files<'a> {
    flags: &'a Diff,
    arguments: &'a Arguments,
    world: &'a World,
}

impl Files<'_> {
    /// Both files are read at once, first for who differs, then for in what.
    fn diff(&self, first: &Path, second: &Path) -> Result<Exit, Failure> {
        if [first, second].iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::usage("both files are read twice, which standard input cannot be; name files"));
        }
        let bars = MultiProgress::new();
        let open = |path| Input::open_beside(path, self.arguments, self.world, &bars);
        let name = |side| if side == Side::First { first } else { second }.display().to_string();
        let unread = |side, error: &ReadError| unreadable(&name(side), error);
        let difference = Difference::between(open(first)?, open(second)?, self.flags.ignore.clone());
        let mut difference = difference.map_err(|(side, why)| unfit(&name(side), &why))?;
        if difference.may_have_pairs() {
            let paired = difference.paired(open(first)?, open(second)?);
            difference = paired.map_err(|(side, error)| unread(side, &error))?;
        }
        if difference.is_none() {
            print(&self.summary(&difference))?;
            return Ok(Exit::Done);
        }
        let changes = Changes::new(open(first)?, open(second)?, &difference);
        let lines = changes.map(|change| match change {
            Ok(change) => Ok(self.line(&change)),
            Err((side, error)) => Err(unread(side, &error)),
        });
        print_each(lines.chain(std::iter::once_with(|| Ok(self.summary(&difference)))))?;
        Ok(Exit::Found)
    }

    fn line(&self, change: &Change) -> String {
        if self.flags.json { as_json(change) } else { as_text(change) }
    }

    fn summary(&self, found: &Difference) -> String {
        let (changed, added, removed) = (found.changed.len(), found.added.len(), found.removed.len());
        if self.flags.json {
            let same = found.same;
            return json!({"kind": "summary", "changed": changed, "added": added, "removed": removed, "same": same})
                .to_string();
        }
        format!("{changed} changed, {added} added, {removed} removed, {} the same", found.same)
    }
}

fn unfit(name: &str, why: &Unfit) -> Failure {
    match why {
        Unfit::Unread(error) => unreadable(name, error),
        Unfit::NotWhole(flaw) => Failure::usage(format!(
            "`{name}` is not whole: {flaw}; `johndoe x12 validate` says more, and only whole files are compared"
        )),
        Unfit::NoMembers => {
            Failure::usage(format!("`{name}` has no member of an 834, so that there is nothing to compare"))
        }
    }
}

fn as_text(change: &Change) -> String {
    let (policy, member) = &change.ids;
    let place = |at: &Option<(String, u32)>| {
        at.as_ref().map(|(set, segment)| format!("ST {set} segment {segment}")).unwrap_or_default()
    };
    let [first, second] = &change.places;
    let places = match change.kind {
        ChangeKind::Added => place(second),
        ChangeKind::Removed => place(first),
        ChangeKind::Changed => format!("{}, now {}", place(first), place(second)),
    };
    // Files of employers often name neither.
    let id = |name: &str, id: &str| if id.is_empty() { String::new() } else { format!("{name} {id}") };
    let ids = [id("policy", policy), id("member", member)].into_iter().filter(|id| !id.is_empty());
    let ids = ids.map(|id| id + ", ").collect::<String>();
    let mut text = format!("{:<8} {} {} ({ids}{places})", change.kind.name(), change.relationship, change.name);
    text = tame(&text).into_owned();
    for field in &change.fields {
        let shown = |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("`{}`", tame(value)) };
        let _ = write!(
            text,
            "\n    {}: {} is now {}",
            field.name.replace('_', " "),
            shown(&field.first),
            shown(&field.second)
        );
    }
    text
}

fn as_json(change: &Change) -> String {
    let place = |at: &Option<(String, u32)>| {
        at.as_ref().map(|(set, segment)| json!({"transaction_set": set, "segment_number": segment}))
    };
    let [first, second] = &change.places;
    let fields =
        change.fields.iter().map(|field| json!({"field": field.name, "first": field.first, "second": field.second}));
    json!({
        "kind": change.kind.name(),
        "name": change.name,
        "relationship": change.relationship,
        "policy_id": change.ids.0,
        "member_id": change.ids.1,
        "first": place(first),
        "second": place(second),
        "fields": fields.collect::<Vec<_>>(),
    })
    .to_string()
}
