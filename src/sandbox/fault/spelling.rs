//! Faults of letters and digits on their way through programs that do not know them.

use super::dice::Dice;
use crate::model::{Facts, Field, GroupRecord};
use icu_normalizer::DecomposingNormalizerBorrowed;

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

/// Letters with an accent go.
pub(super) fn accent_lost(record: &mut GroupRecord) -> Option<String> {
    rewrite(record, &NAMES, |name| {
        let left: String = name.chars().filter(|c| !has_accent(*c)).collect();
        (left != name && !left.trim().is_empty()).then_some(left)
    })
}

/// Names are taken apart (NFD), and marks become question marks.
pub(super) fn normalize(record: &mut GroupRecord) -> Option<String> {
    rewrite(record, &NAMES, |name| {
        let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(name);
        let marked: String = apart.chars().map(|c| if is_mark(c) { '?' } else { c }).collect();
        name.chars().any(has_accent).then_some(marked)
    })
}

/// Whether a letter is one with a mark on it.
fn has_accent(c: char) -> bool {
    let mut letters = [0; 4];
    DecomposingNormalizerBorrowed::new_nfd().normalize(c.encode_utf8(&mut letters)).chars().any(is_mark)
}

/// A combining diacritical mark.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// What pages need written otherwise is written so in a file.
pub(super) fn html_entity(record: &mut GroupRecord) -> Option<String> {
    escape(record, |c| {
        Some(match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' | '\u{2019}' => "&#39;",
            _ => return None,
        })
    })
}

/// What databases need a backslash before has one.
pub(super) fn backslash(record: &mut GroupRecord) -> Option<String> {
    escape(record, |c| match c {
        '\'' | '\u{2019}' => Some("\\'"),
        '"' => Some("\\\""),
        _ => None,
    })
}

/// Names and street lines with some of their characters written otherwise.
fn escape(record: &mut GroupRecord, written: impl Fn(char) -> Option<&'static str>) -> Option<String> {
    let fields = [Field::NameLast, Field::NameFirst, Field::Street1, Field::Street2];
    rewrite(record, &fields, |text| {
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            match written(c) {
                Some(instead) => escaped.push_str(instead),
                None => escaped.push(c),
            }
        }
        (escaped != text).then_some(escaped)
    })
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
