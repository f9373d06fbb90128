//! `x12 diff`: what changed between two 834 files, by person and field.

use super::super::arguments::Arguments;
use super::super::console::{print, print_each, tell};
use super::super::context::World;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::diff_run::diff_run;
use super::flags::Diff;
use super::input::{Input, unreadable};
use super::outline_text::label;
use indicatif::MultiProgress;
use johndoe::report::tame;
use johndoe::wire::diff::{Asked, Change, ChangeKind, Changes, Difference, FieldChange, Side, Unfit};
use johndoe::wire::outline::{field_of_record, name_of_field, names_of};
use johndoe::wire::x12::ReadError;
use serde_json::{Value, json};
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
    /// A name that neither file knows is most often a slip of the pen, and leaves compared what was to be ignored.
    fn tell_names_without_a_field(&self, difference: &Difference) {
        let is_shown = |name: &str| !difference.not_shown.iter().any(|other| other == name);
        for called in self.flags.ignore.iter().filter(|called| !names_of(called).into_iter().any(is_shown)) {
            tell(&format!(
                "--ignore {called}: neither file shows such a field; `johndoe x12 inspect --json` shows how fields are called"
            ));
        }
    }

    /// Both files are read at once, first for who differs, then for in what.
    fn diff(&self, first: &Path, second: &Path) -> Result<Exit, Failure> {
        if [first, second].iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::usage("both files are read twice, which standard input cannot be; name files"));
        }
        let bars = MultiProgress::new();
        let open = |path| Input::open_beside(path, self.arguments, self.world, &bars);
        let name = |side| if side == Side::First { first } else { second }.display().to_string();
        let unread = |side, error: &ReadError| unreadable(&name(side), error);
        let ignored = self.flags.ignore.iter().flat_map(|name| names_of(name)).map(str::to_owned).collect();
        let asked = Asked { ignored, is_lenient: self.flags.lenient };
        let difference = Difference::asked(open(first)?, open(second)?, asked);
        let mut difference = difference.map_err(|(side, why)| unfit(&name(side), &why))?;
        for (side, flaw) in [Side::First, Side::Second].into_iter().zip(&difference.flaws) {
            if let Some(flaw) = flaw {
                let name = name(side);
                tell(&format!("`{name}` is not whole: {flaw}; it is compared all the same, as --lenient asks"));
            }
        }
        self.tell_names_without_a_field(&difference);
        if difference.may_have_pairs() {
            let paired = difference.paired(open(first)?, open(second)?);
            difference = paired.map_err(|(side, error)| unread(side, &error))?;
        }
        if difference.is_none() && difference.same == 0 {
            let names = format!("neither `{}` nor `{}`", name(Side::First), name(Side::Second));
            return Err(Failure::usage(format!("{names} has a member, so that there is nothing to compare")));
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
        let headers = difference.headers.iter().map(|(change, members)| Ok(self.header(change, *members)));
        print_each(headers.chain(lines).chain(std::iter::once_with(|| Ok(self.summary(&difference)))))?;
        Ok(Exit::Found)
    }

    fn line(&self, change: &Change) -> String {
        if self.flags.json { as_json(change) } else { as_text(change) }
    }

    fn header(&self, change: &Change, members: u64) -> String {
        if !self.flags.json {
            let of = if members == 1 { "a member".to_owned() } else { format!("{members} members") };
            return format!("{:<8} of the sets of {of} ({}){}", change.kind.name(), places(change), fields(change));
        }
        let mut said = to_json(change);
        said["members"] = members.into();
        said.to_string()
    }

    fn summary(&self, found: &Difference) -> String {
        let (changed, added, removed) = (found.changed.len(), found.added.len(), found.removed.len());
        if self.flags.json {
            let (same, headers) = (found.same, found.headers.len());
            let counts = json!({
                "kind": "summary", "changed": changed, "added": added, "removed": removed, "same": same, "headers": headers,
            });
            return counts.to_string();
        }
        format!("{changed} changed, {added} added, {removed} removed, {} the same", found.same)
    }
}

fn unfit(name: &str, why: &Unfit) -> Failure {
    match why {
        Unfit::Unread(error) => unreadable(name, error),
        Unfit::NotWhole(flaw) => Failure::usage(format!(
            "`{name}` is not whole: {flaw}; `johndoe x12 validate` says more; only whole files are compared, but with --lenient"
        )),
        Unfit::NoMembers => Failure::usage(format!(
            "`{name}` has no member of an 834, and no 834 without one, so that there is nothing to compare"
        )),
    }
}

/// Where it stands in both files.
fn places(change: &Change) -> String {
    let place = |at: &Option<(String, u32)>| {
        at.as_ref().map(|(set, segment)| format!("ST {set} segment {segment}")).unwrap_or_default()
    };
    let [first, second] = &change.places;
    match change.kind {
        ChangeKind::Added => place(second),
        ChangeKind::Removed => place(first),
        ChangeKind::Changed | ChangeKind::Header => format!("{}, now {}", place(first), place(second)),
    }
}

fn as_text(change: &Change) -> String {
    // Files of employers often name neither, and elsewhere than at the exchange all may share them.
    let ids: &[(&str, &str)] = if change.is_exchanges {
        &[("policy", &change.ids.0), ("member", &change.ids.1)]
    } else {
        &[("subscriber", &change.subscriber_id)]
    };
    let ids = ids.iter().filter(|(_, id)| !id.is_empty()).map(|(name, id)| format!("{name} {id}, "));
    let (kind, ids, places) = (change.kind.name(), ids.collect::<String>(), places(change));
    let text = format!("{kind:<8} {} {} ({ids}{places})", change.relationship, change.name);
    tame(&text).into_owned() + &fields(change)
}

/// What differs, a line each.
fn fields(change: &Change) -> String {
    let mut text = String::new();
    for field in &change.fields {
        let shown = |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("`{}`", tame(value)) };
        let of = if field.of.is_empty() { String::new() } else { format!(" of {}", tame(&field.of)) };
        let [first, second] = &field.words;
        let name = label(field.name, change.is_exchanges);
        let _ = write!(text, "\n    {name}{of}: {} is now {}", shown(first), shown(second));
    }
    text
}

fn as_json(change: &Change) -> String {
    to_json(change).to_string()
}

fn to_json(change: &Change) -> Value {
    let place = |at: &Option<(String, u32)>| {
        at.as_ref().map(|(set, segment)| json!({"transaction_set": set, "segment_number": segment}))
    };
    let [first, second] = &change.places;
    json!({
        "kind": change.kind.name(),
        "name": change.name,
        "relationship": change.relationship,
        "policy_id": change.ids.0,
        "member_id": change.ids.1,
        "subscriber_id": change.subscriber_id,
        "first": place(first),
        "second": place(second),
        "fields": change.fields.iter().map(|field| field_to_json(field, change.is_exchanges)).collect::<Vec<_>>(),
    })
}

/// What people say of a value stands beside it where it is not the value. The field's name is the record's, and the one that it
/// had before stands beside it.
fn field_to_json(field: &FieldChange, is_exchanges: bool) -> Value {
    let name = name_of_field(field.name, is_exchanges);
    let mut said = json!({"field": name, "first": field.first, "second": field.second});
    if name != field.name {
        said["former_field"] = field.name.into();
    }
    if let Some(known) = field_of_record(field.name) {
        said["record_field"] = known.name().into();
    }
    if !field.of.is_empty() {
        said["of"] = field.of.as_str().into();
    }
    for (key, value, words) in
        [("first_in_words", &field.first, &field.words[0]), ("second_in_words", &field.second, &field.words[1])]
    {
        if value != words {
            said[key] = words.as_str().into();
        }
    }
    said
}
