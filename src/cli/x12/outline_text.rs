//! An item of an outline as lines that a person reads.

use johndoe::report::tame;
use johndoe::wire::outline::{Field, Item, ItemKind, name_of_field};
use std::fmt::Write as _;

/// Appends an item.
pub(crate) fn write_text(item: &Item, out: &mut Vec<u8>) {
    let text = match item.kind {
        ItemKind::Interchange => interchange(item),
        ItemKind::Acknowledgement => plain(item, "  interchange acknowledgement"),
        ItemKind::Group => group(item),
        ItemKind::Set => set(item),
        ItemKind::Member => member(item),
        ItemKind::Segment => segment(item),
        ItemKind::Damage => damage(item),
        ItemKind::Lost => plain(item, &format!("  ! bytes that are no segment at byte {}", item.offset)),
    };
    out.extend_from_slice(text.as_bytes());
}

/// A field's value as people say it.
fn said(field: Field<'_>) -> String {
    tame(&field.in_words()).into_owned()
}

fn get(item: &Item, name: &str) -> String {
    item.field(name).map(said).unwrap_or_default()
}

fn interchange(item: &Item) -> String {
    let control = tame(&item.control[0]);
    let parts = ["sender", "receiver", "date", "time", "usage"].map(|name| get(item, name));
    let [sender, receiver, date, time, usage] = parts;
    format!("interchange {control}: {sender} to {receiver}, {date} {time}, {usage}\n")
}

fn group(item: &Item) -> String {
    let control = tame(&item.control[1]);
    let parts = ["functional_id", "sender", "receiver", "date", "time", "guide"].map(|name| get(item, name));
    let [kind, sender, receiver, date, time, guide] = parts;
    format!("  group {control}: {kind}, {sender} to {receiver}, {date} {time}, {guide}\n")
}

fn set(item: &Item) -> String {
    let control = tame(&item.control[2]);
    let mut text = format!("    set {control}: {} {}", get(item, "set"), item.title);
    let left_out = ["set", "guide"];
    let parts: Vec<_> = item.fields().filter(|field| !left_out.contains(&field.name)).map(labelled).collect();
    if !parts.is_empty() {
        let _ = write!(text, "\n        {}", wrapped(&parts, 8));
    }
    text + "\n"
}

fn labelled(field: Field<'_>) -> String {
    format!("{}: {}", field.name.replace('_', " "), said(field))
}

/// What a field of a member is called, by the name that it has everywhere, or in words.
pub(super) fn label(name: &'static str, is_exchanges: bool) -> String {
    let called = name_of_field(name, is_exchanges);
    if called == name { name.replace('_', " ") } else { called.to_owned() }
}

/// What stands in the first line of a member.
const HEAD: &[&str] = &[
    "relationship",
    "is_subscriber",
    "first_name",
    "middle_name",
    "last_name",
    "name_suffix",
    "birth_date",
    "sex",
    "maintenance_type",
    "maintenance_reason",
    "additional_reason",
    "subscriber_id",
];

fn member(item: &Item) -> String {
    let names = ["first_name", "middle_name", "last_name", "name_suffix"].map(|name| get(item, name));
    let name = names.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ");
    let mark = if item.text("is_subscriber") == b"Y" { '*' } else { '-' };
    let why = ["maintenance_type", "maintenance_reason", "additional_reason"].map(|name| get(item, name));
    let why = why.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ");
    let mut text = format!("      {mark} {}", format!("{} {name}", get(item, "relationship")).trim_start());
    // Elsewhere than at the exchange it may be the number of a branch, which all share.
    let is_members_own = |field: &str| field != "member_id" || item.is_federal;
    for (label, field) in [("born", "birth_date"), ("", "sex"), ("member", "member_id"), ("of", "subscriber_id")] {
        let value = get(item, field);
        if !value.is_empty() && is_members_own(field) {
            let blank = if label.is_empty() { "" } else { " " };
            let _ = write!(text, ", {label}{blank}{value}");
        }
    }
    let _ = match item.text("maintenance_type") {
        b"" => write!(text, "\n          without INS: what is done, and who this is to the subscriber, is not told"),
        _ => write!(text, "\n          {}: {why}", transaction(item)),
    };
    let is_told = |name: &str| HEAD.contains(&name) || (name == "member_id" && is_members_own(name));
    let called = |field: Field<'_>| format!("{}: {}", label(field.name, item.is_federal), said(field));
    let rest: Vec<_> = item.fields().filter(|field| !is_told(field.name)).map(called).collect();
    if !rest.is_empty() {
        let _ = write!(text, "\n          {}", wrapped(&rest, 10));
    }
    text + "\n"
}

/// What the transaction is, for this member (CMS companion guide v7.2 p. 111 to 113).
fn transaction(item: &Item) -> &'static str {
    let additional = item.text("additional_reason");
    match (item.text("maintenance_type"), item.text("maintenance_reason")) {
        // 28 alone is "initial enrollment" in the implementation guide: only an issuer confirms.
        (b"021", _) if additional == b"CONFIRM" => "effectuation",
        (b"021", b"28") if !item.text("last_premium_paid").is_empty() => "effectuation",
        (b"021", b"41") => "automatic re-enrollment",
        (b"021", _) => "enrollment",
        (b"024", _) if additional.starts_with(b"CANCEL") => "cancellation",
        (b"024", _) if additional.starts_with(b"TERM") => "termination",
        (b"024", _) => "cancellation or termination",
        (b"025", _) => "reinstatement",
        (b"030", _) => "audit",
        _ => "maintenance",
    }
}

fn segment(item: &Item) -> String {
    let parts: Vec<_> = item.fields().skip(1).map(labelled).collect();
    let id = get(item, "segment");
    let title = if item.title.is_empty() { String::new() } else { format!(" {}", item.title) };
    format!("      {id:<3}{title}: {}\n", wrapped(&parts, 10))
}

/// What is wrong, and whether that is of the set that was shown before it.
fn damage(item: &Item) -> String {
    let set = tame(&item.control[2]);
    let what = if set.is_empty() { "envelope".to_owned() } else { format!("set {set}") };
    let problems: Vec<_> = item.fields().map(said).collect();
    format!("    ! {what} is damaged, and a receiver refuses it: {}\n", problems.join("; "))
}

fn plain(item: &Item, title: &str) -> String {
    let parts: Vec<_> = item.fields().map(labelled).collect();
    format!("{title}: {}\n", parts.join(", "))
}

/// Parts with commas between them, in lines that fit most terminals.
fn wrapped(parts: &[String], indent: usize) -> String {
    const WIDTH: usize = 110;
    let (mut text, mut column) = (String::new(), indent);
    for (number, part) in parts.iter().enumerate() {
        let length = part.chars().count() + 2;
        if number > 0 {
            text.push(',');
            if column + length > WIDTH {
                let _ = write!(text, "\n{}", " ".repeat(indent));
                column = indent;
            } else {
                text.push(' ');
            }
        }
        text += part;
        column += length;
    }
    text
}
