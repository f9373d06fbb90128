//! What a target can carry of a household: what is expected downstream is what came through it.

use super::facts::{Facts, Value};
use super::field::Field;
use super::field_set::FieldSet;
use super::plain::in_ascii;
use super::words::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// Which characters a field can hold; what it cannot hold is written plainly, or left out where it has no plain form.
    Characters {
        /// Letters without marks, digits and signs of ASCII.
        Ascii = "ascii",
        /// ISO 8859-1: Western European letters stay, others are as in `ascii`.
        Latin1 = "latin_1",
        /// ASCII letters, digits and blanks: hyphens, apostrophes and the like are left out.
        Alphanumeric = "alphanumeric",
    }
}

impl Characters {
    /// The text in these characters.
    pub fn fold(self, text: &str) -> String {
        match self {
            Self::Ascii => in_ascii(text),
            Self::Latin1 => text
                .chars()
                .map(|c| if u32::from(c) < 256 { String::from(c) } else { in_ascii(&String::from(c)) })
                .collect(),
            Self::Alphanumeric => in_ascii(text).chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect(),
        }
    }
}

/// Words of ours that become other words of ours, by field: what cannot be told apart.
pub type CarriedWords = BTreeMap<Field, BTreeMap<String, String>>;

/// What a target can carry; whatever it does not say is carried as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carries {
    /// At most so many people on one application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<u32>,
    /// Words of ours that become other words of ours, by field: what it cannot tell apart.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub words: CarriedWords,
    /// Characters that a field can hold, by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub characters: BTreeMap<Field, Characters>,
    /// How many characters a field holds, by field; the rest is cut off.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lengths: BTreeMap<Field, u32>,
    /// Fields that nobody is asked for: nothing is expected of them.
    #[serde(skip_serializing_if = "super::field_set::is_no_field")]
    pub not_asked: FieldSet,
}

/// One thing that came through otherwise than it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fold {
    /// The field.
    pub field: Field,
    /// What became of it, in words: a word for another, characters, or a length.
    pub what: String,
}

impl Carries {
    /// Whether everything is carried as it is.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// What is left of the facts; what became of those that changed comes back.
    pub fn fold(&self, facts: &mut Facts) -> Vec<Fold> {
        let mut folds = Vec::new();
        for field in self.not_asked.iter() {
            facts.unset(field);
        }
        for (field, words) in &self.words {
            let said = facts.text(*field).map(str::to_owned);
            if let Some((word, other)) = said.and_then(|said| words.get(&said).map(|other| (said, other))) {
                folds.push(Fold { field: *field, what: format!("`{word}` as `{other}`") });
                facts.set(*field, other.as_str());
            }
        }
        let fold = |facts: &mut Facts, field: Field, what: &dyn Fn(&str) -> String| {
            let Some(text) = facts.text(field).map(str::to_owned) else { return false };
            let folded = what(&text);
            let changed = folded != text;
            if changed {
                facts.set_or_absent(field, Some(folded).filter(|left| !left.trim().is_empty()).map(Value::from));
            }
            changed
        };
        for (field, characters) in &self.characters {
            if fold(facts, *field, &|text| characters.fold(text)) {
                folds.push(Fold { field: *field, what: format!("in {characters} characters") });
            }
        }
        for (field, length) in &self.lengths {
            let cut = |text: &str| text.chars().take(*length as usize).collect::<String>().trim_end().to_owned();
            let longer = |text: &str| if text.chars().count() > *length as usize { cut(text) } else { text.to_owned() };
            if fold(facts, *field, &longer) {
                folds.push(Fold { field: *field, what: format!("cut off at {length} characters") });
            }
        }
        folds
    }
}

#[cfg(test)]
mod tests {
    use super::{Carries, Characters};
    use crate::model::{Fact, Facts, Field};

    #[test]
    fn what_came_through_is_what_a_target_can_carry_and_it_is_told() {
        let carries: Carries = serde_json::from_value(serde_json::json!({
            "words": {"member.relationship": {"grandchild": "other", "niece_or_nephew": "other"}},
            "characters": {"member.name.last": "ascii", "member.address.street_1": "alphanumeric"},
            "lengths": {"member.name.last": 8},
            "not_asked": ["member.tobacco"],
        }))
        .unwrap();
        let mut facts = Facts::new();
        for (field, text) in [
            (Field::Relationship, "grandchild"),
            (Field::NameLast, "Müller Peña"),
            (Field::NameFirst, "Zoë"),
            (Field::Street1, "12 O'Neal St. #4"),
            (Field::Tobacco, "no"),
        ] {
            facts.set(field, text);
        }
        let told: Vec<String> = carries.fold(&mut facts).iter().map(|fold| fold.what.clone()).collect();
        assert_eq!(facts.text(Field::Relationship), Some("other"));
        assert_eq!(facts.text(Field::NameLast), Some("Muller P"));
        assert_eq!(facts.text(Field::NameFirst), Some("Zoë"));
        assert_eq!(facts.text(Field::Street1), Some("12 ONeal St 4"));
        assert_eq!(facts.get(Field::Tobacco), Fact::Unstated);
        assert_eq!(
            told,
            ["`grandchild` as `other`", "in ascii characters", "in alphanumeric characters", "cut off at 8 characters"]
        );
        assert!(carries.fold(&mut facts).is_empty(), "once is enough");
        assert!(Carries::default().is_everything() && !carries.is_everything());
    }

    #[test]
    fn characters_outside_a_set_are_written_plainly_or_left_out() {
        for (set, text, expected) in [
            (Characters::Latin1, "Müller Łódź 李", "Müller Lódz "),
            (Characters::Ascii, "Peña’s", "Pena's"),
            (Characters::Alphanumeric, "O’Neal-Peña 7", "ONealPena 7"),
        ] {
            assert_eq!(set.fold(text), expected);
        }
    }
}
