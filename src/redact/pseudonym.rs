//! Made-up people, numbers and texts, each drawn from what it replaces and a key.

use sha2::{Digest, Sha256};

/// What makes replacements the same from one file to the next, and whoever does not have it unable to try names out.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key([REDACTED])")
    }
}

impl Key {
    /// A key from any bytes, such as a passphrase or random numbers.
    pub fn new(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// A number for a text of a kind; without the key it says nothing of the text.
    fn number(&self, kind: &str, text: &[u8]) -> u64 {
        let mut digest = Sha256::new();
        digest.update(self.0);
        digest.update(kind.as_bytes());
        digest.update([0]);
        digest.update(text.to_ascii_uppercase());
        digest.finalize().iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte))
    }

    /// Characters of the same kind and number: digits for digits, letters for letters, everything else as it is.
    pub(super) fn same_shape(&self, kind: &str, text: &[u8]) -> Vec<u8> {
        let mut state = self.number(kind, text);
        let replaced = text.iter().map(|byte| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let draw = u8::try_from(state >> 33 & 0xff).unwrap_or_default();
            match byte {
                b'0'..=b'9' => b'0' + draw % 10,
                b'A'..=b'Z' => b'A' + draw % 26,
                b'a'..=b'z' => b'a' + draw % 26,
                // What is no ASCII is part of a letter of some alphabet.
                128.. => b'x',
                other => *other,
            }
        });
        replaced.collect()
    }

    pub(super) fn first_name(&self, text: &[u8]) -> Vec<u8> {
        self.pick("first name", text, FIRST)
    }

    pub(super) fn last_name(&self, text: &[u8]) -> Vec<u8> {
        self.pick("last name", text, LAST)
    }

    fn pick(&self, kind: &str, text: &[u8], list: &[&str]) -> Vec<u8> {
        let at = usize::try_from(self.number(kind, text) % list.len() as u64).unwrap_or_default();
        let name = list.get(at).copied().unwrap_or("Doe").as_bytes();
        let is_capital = text.iter().any(u8::is_ascii_uppercase) && !text.iter().any(u8::is_ascii_lowercase);
        if is_capital { name.to_ascii_uppercase() } else { name.to_vec() }
    }

    /// Never issued (area 666), and no tax id either; not one digit repeated.
    pub(super) fn ssn(&self, text: &[u8]) -> Vec<u8> {
        let number = self.number("ssn", text);
        format!("666{:02}{:04}", 1 + number % 98, 1 + number / 100 % 9_998).into_bytes()
    }

    /// An area code as it was, and a number that is kept for fiction (555-0100 to 555-0199).
    pub(super) fn telephone(&self, text: &[u8]) -> Vec<u8> {
        let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
        let area = if digits.len() >= 10 { digits.get(digits.len() - 10..digits.len() - 7) } else { None };
        let area = String::from_utf8_lossy(area.unwrap_or(b"804")).into_owned();
        format!("{area}55501{:02}", self.number("telephone", text) % 100).into_bytes()
    }

    /// A mailbox in a domain that RFC 2606 keeps for examples.
    pub(super) fn email(&self, text: &[u8]) -> Vec<u8> {
        format!("person-{:08x}@example.com", self.number("e-mail", text) & 0xffff_ffff).into_bytes()
    }

    pub(super) fn street(&self, text: &[u8]) -> Vec<u8> {
        let number = self.number("street", text);
        let name = self.pick("street name", text, LAST);
        format!("{} {} ST", 1 + number % 999, String::from_utf8_lossy(&name)).into_bytes()
    }

    /// The first three digits as they were, which name a region.
    pub(super) fn zip(&self, text: &[u8]) -> Vec<u8> {
        let rest = self.same_shape("zip", text.get(3..).unwrap_or_default());
        let zip = [text.get(..3).unwrap_or_default(), &rest].concat();
        let is_one_digit = zip.windows(2).all(|pair| pair.first() == pair.last());
        if is_one_digit {
            [zip.get(..zip.len().saturating_sub(1)).unwrap_or_default(), &rotated(&zip)].concat()
        } else {
            zip
        }
    }

    /// A day of the same year, no later than it was: the age at the end of the year stays, and nobody is born in the future.
    pub(super) fn birth_date(&self, text: &[u8]) -> Vec<u8> {
        let part = |from: usize, to: usize| {
            std::str::from_utf8(text.get(from..to).unwrap_or_default()).ok().and_then(|part| part.parse::<u64>().ok())
        };
        let (Some(year), Some(month), Some(_)) = (part(0, 4), part(4, 6), part(6, 8)) else {
            return self.same_shape("birth date", text);
        };
        let number = self.number("birth date", text);
        let month = 1 + number % month.clamp(1, 12);
        let is_same_month = part(4, 6) == Some(month);
        let last = if is_same_month { part(6, 8).unwrap_or(1).clamp(1, 28) } else { 28 };
        format!("{year:04}{month:02}{:02}", 1 + number / 12 % last).into_bytes()
    }
}

/// The last digit, one further.
fn rotated(zip: &[u8]) -> Vec<u8> {
    zip.last().map(|digit| if *digit == b'9' { b'0' } else { digit + 1 }).into_iter().collect()
}

/// Names of plants and trees, which nobody is found by.
const FIRST: &[&str] = &[
    "Acacia", "Aster", "Basil", "Bryony", "Calla", "Cedar", "Clover", "Dahlia", "Daisy", "Elder", "Fern", "Flora",
    "Garland", "Hazel", "Heath", "Holly", "Ivy", "Jasmine", "Juniper", "Laurel", "Lavender", "Lily", "Linden", "Lotus",
    "Maple", "Marigold", "Myrtle", "Olive", "Oren", "Pansy", "Petunia", "Poppy", "Primrose", "Reed", "Rose",
    "Rosemary", "Rowan", "Rue", "Sage", "Sorrel", "Tansy", "Thorne", "Tulip", "Verbena", "Violet", "Willow", "Yarrow",
    "Zinnia",
];
const LAST: &[&str] = &[
    "Alder",
    "Appletree",
    "Ashgrove",
    "Barley",
    "Beech",
    "Birch",
    "Blackthorn",
    "Bracken",
    "Bramble",
    "Briar",
    "Broom",
    "Cherry",
    "Chestnut",
    "Cypress",
    "Dogwood",
    "Elm",
    "Field",
    "Forest",
    "Furze",
    "Glade",
    "Gorse",
    "Grove",
    "Hawthorn",
    "Heather",
    "Hedge",
    "Hickory",
    "Hornbeam",
    "Larch",
    "Meadow",
    "Moss",
    "Nettle",
    "Oak",
    "Orchard",
    "Pine",
    "Plum",
    "Poplar",
    "Quince",
    "Rush",
    "Rye",
    "Sedge",
    "Spruce",
    "Sycamore",
    "Thicket",
    "Thistle",
    "Vine",
    "Walnut",
    "Wood",
    "Yew",
];

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn the_same_becomes_the_same_and_nothing_stays() {
        let (key, other) = (Key::new(b"one"), Key::new(b"two"));
        assert_eq!(key.same_shape("id", b"AB-12 c"), key.same_shape("id", b"AB-12 c"));
        assert_ne!(key.same_shape("id", b"0000700001"), key.same_shape("id", b"0000700002"));
        assert_ne!(key.same_shape("id", b"0000700001"), other.same_shape("id", b"0000700001"));
        let shape = key.same_shape("id", b"AB-12 c");
        assert!(
            shape[0].is_ascii_uppercase()
                && shape[2] == b'-'
                && shape[3].is_ascii_digit()
                && shape[6].is_ascii_lowercase()
        );
        assert_eq!(key.last_name(b"SMITH"), key.last_name(b"Smith").to_ascii_uppercase());
    }

    #[test]
    fn replacements_are_nobodys() {
        let key = Key::new(b"key");
        for number in 0..500 {
            let text = format!("{:09}", 100_000_000 + number * 7919);
            let ssn = key.ssn(text.as_bytes());
            assert!(ssn.starts_with(b"666") && ssn.len() == 9 && !ssn.ends_with(b"0000") && &ssn[3..5] != b"00");
            let phone = key.telephone(b"8041234567");
            assert!(phone.starts_with(b"80455501") && phone.len() == 10);
        }
        assert!(key.email(b"jane@acme.test").ends_with(b"@example.com"));
    }

    #[test]
    fn birth_dates_stay_in_their_year_and_exist() {
        let key = Key::new(b"key");
        for day in ["20131030", "20120229", "19650101", "19801231"] {
            let found = String::from_utf8(key.birth_date(day.as_bytes())).unwrap();
            assert!(found[..4] == day[..4] && found.as_str() <= day, "{day}: {found}");
            assert!(chrono::NaiveDate::parse_from_str(&found, "%Y%m%d").is_ok(), "{found}");
        }
    }
}
