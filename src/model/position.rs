//! Where in a file's transaction set a value stood.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A segment and one of its elements: `segment 14 element 3 (NM103)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// Segment number within the set, ST being 1; 0 for a header outside the set (ISA, GS).
    pub segment: u32,
    /// Element number, the first after the segment's identifier being 1.
    pub element: u8,
    /// The segment's identifier, blanks after it.
    id: [u8; 3],
}

impl Position {
    /// An element of a segment with this identifier; `None` where the identifier is none (two or three capital letters
    /// and digits, a letter first) or the element is not 1 to 99.
    pub fn new(segment: u32, id: &str, element: usize) -> Option<Self> {
        let element = u8::try_from(element).ok().filter(|element| (1..=99).contains(element))?;
        let capital = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let id = match id.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && capital(*b) => [*a, *b, b' '],
            [a, b, c] if a.is_ascii_uppercase() && capital(*b) && capital(*c) => [*a, *b, *c],
            _ => return None,
        };
        Some(Self { segment, element, id })
    }

    /// The element as the standard's tables name it: `NM103`, `N401`.
    pub fn name(&self) -> String {
        format!("{}{:02}", self.id(), self.element)
    }

    /// The position as one word, `14NM103`: for lists of many.
    pub fn word(&self) -> String {
        format!("{}{}", self.segment, self.name())
    }

    /// Reads [`word`](Self::word).
    pub fn parse_word(word: &str) -> Option<Self> {
        let name = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let segment = word.get(..word.len() - name.len())?.parse().ok()?;
        let (id, element) = name.split_at_checked(name.len().checked_sub(2)?)?;
        Self::new(segment, id, element.parse().ok()?)
    }

    fn id(&self) -> &str {
        std::str::from_utf8(&self.id).unwrap_or_default().trim_end()
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segment == 0 {
            return write!(f, "element {} ({})", self.element, self.name());
        }
        write!(f, "segment {} element {} ({})", self.segment, self.element, self.name())
    }
}

/// As JSON: `{"segment": 14, "element": 3, "name": "NM103"}`.
#[derive(Serialize, Deserialize)]
struct Told {
    segment: u32,
    element: u8,
    name: String,
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Told { segment: self.segment, element: self.element, name: self.name() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = Told::deserialize(deserializer)?;
        let id = told.name.get(..told.name.len().saturating_sub(2)).unwrap_or_default();
        Self::new(told.segment, id, told.element.into())
            .ok_or_else(|| D::Error::custom(format_args!("`{}` names no element of a segment", told.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn a_position_reads_as_people_say_it_and_is_read_again() {
        let name = Position::new(14, "NM1", 3).unwrap();
        assert_eq!(name.to_string(), "segment 14 element 3 (NM103)");
        assert_eq!(name.word(), "14NM103");
        let json = serde_json::to_string(&name).unwrap();
        assert_eq!(json, r#"{"segment":14,"element":3,"name":"NM103"}"#);
        assert_eq!(serde_json::from_str::<Position>(&json).unwrap(), name);
        for position in [name, Position::new(0, "GS", 3).unwrap(), Position::new(9, "N4", 6).unwrap()] {
            assert_eq!(Position::parse_word(&position.word()), Some(position));
        }
    }

    #[test]
    fn what_is_no_position_is_none() {
        for word in ["", "-", "14", "NM103", "14nm103", "14NM1", "14é3", "14NM100", "99999999999NM103"] {
            assert_eq!(Position::parse_word(word), None, "{word}");
        }
        assert!(Position::new(1, "NM1", 100).is_none() && Position::new(1, "", 1).is_none());
    }
}
