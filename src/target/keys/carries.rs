//! The keys of what a target can carry.

use super::exchange::WORD_MAP;
use super::forms::FIELD;
use crate::model::Characters;
use crate::source::{Key, Shape, Words};

pub(super) static CARRIES: Shape = Shape::Keys {
    name: "`carries`",
    keys: &[
        Key::optional("members", &MEMBERS, "At most so many people who apply in one household; others are not sent."),
        Key::optional(
            "words",
            &WORDS,
            "Words of ours that it cannot tell from others, by field: `relationship: {grandchild: other}`. See `johndoe fields`.",
        ),
        Key::optional(
            "characters",
            &CHARACTERS,
            "Characters that a field can hold, by field: `ascii`, `latin_1` or `alphanumeric`; others are written plainly or left out.",
        ),
        Key::optional("lengths", &LENGTHS, "How many characters a field holds, by field; the rest is cut off."),
        Key::optional("not_asked", &FIELDS, "Fields that nobody is asked for, so that nothing is expected of them."),
    ],
};
/// What a waypoint cannot tell apart.
pub(super) static CARRIES_HERE: Shape = Shape::Keys {
    name: "`carries` of a waypoint",
    keys: &[Key::optional(
        "words",
        &WORDS,
        "Words of ours that it cannot tell from others, by field: there both are read as the one.",
    )],
};
static MEMBERS: Shape = Shape::Integer { min: 1, max: 100 };
static WORDS: Shape = Shape::Map { key: &FIELD, value: &WORD_MAP };
static CHARACTERS: Shape = Shape::Map { key: &FIELD, value: &SET };
static SET: Shape = Shape::Words(Words {
    what: "set of characters",
    words: || Characters::ALL.iter().map(|set| set.as_str()).collect(),
});
static LENGTHS: Shape = Shape::Map { key: &FIELD, value: &LENGTH };
static LENGTH: Shape = Shape::Integer { min: 1, max: 1_000 };
static FIELDS: Shape = Shape::List(&FIELD);
