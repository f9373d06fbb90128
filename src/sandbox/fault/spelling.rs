//! Faults of letters and digits on their way through programs that do not know them.

use super::dice::Dice;
use crate::model::{Facts, Field, GroupRecord};

const NAMES: [Field; 2] = [Field::NameLast, Field::NameFirst];

/// UTF-8 is read as Latin-1 wherever a name has a letter outside ASCII.
pub(super) fn mojibake(record: &mut GroupRecord) -> Option<String> {
    rewrite(record, &NAMES, |name| (!name.is_ascii()).then(|| name.bytes().map(latin_1).collect()))
}

/// The byte as a Latin-1 letter; its control characters, which no X12 file can hold, become question marks.
fn latin_1(byte: u8) -> char {
    if (0x80..0xA0).contains(&byte) { '?' } else { char::from(byte) }
}

/// Apostrophes, straight and curly, go.
pub(super) fn apostrophe_lost(record: &mut GroupRecord) -> Option<String> {
    let apostrophes = ['\'', '\u{2019}'];
    rewrite(record, &NAMES, |name| name.contains(apostrophes).then(|| name.replace(apostrophes, "")))
}

/// ZIP codes go through a number.
pub(super) fn leading_zero_lost(record: &mut GroupRecord) -> Option<String> {
    rewrite(record, &[Field::Zip], |zip| zip.starts_with('0').then(|| zip.trim_start_matches('0').to_owned()))
}

/// One member's family name loses its second half.
pub(super) fn truncate_name(record: &mut GroupRecord, dice: &Dice) -> Option<String> {
    let is_long = |member: &Facts| member.text(Field::NameLast).is_some_and(|name| name.chars().count() >= 4);
    let long: Vec<usize> = (0..record.members.len()).filter(|i| record.members.get(*i).is_some_and(is_long)).collect();
    let member = record.members.get_mut(*long.get(dice.pick(long.len()))?)?;
    let old = member.text(Field::NameLast)?.to_owned();
    let new: String = old.chars().take(old.chars().count() / 2).collect();
    member.set(Field::NameLast, new.as_str());
    Some(format!("family name: `{old}` became `{new}`"))
}

/// Rewrites each member's fields where the rule gives another text; tells of the first.
fn rewrite(record: &mut GroupRecord, fields: &[Field], rule: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut told = None;
    for member in &mut record.members {
        for field in fields.iter().copied() {
            let Some(old) = member.text(field).map(str::to_owned) else { continue };
            let Some(new) = rule(&old) else { continue };
            member.set(field, new.as_str());
            told.get_or_insert_with(|| format!("{field}: `{old}` became `{new}`"));
        }
    }
    told
}
