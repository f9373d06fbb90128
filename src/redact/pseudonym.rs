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

    /// Characters of the same kind and number: digits for digits, letters for letters, everything else as it is. What is no
    /// ASCII stays none, and says nothing else.
    pub(super) fn same_shape(&self, kind: &str, text: &[u8]) -> Vec<u8> {
        let mut state = self.number(kind, text);
        let mut draw = |count: u8| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u8::try_from(state >> 33 & 0xff).unwrap_or_default() % count
        };
        let mut replaced = Vec::with_capacity(text.len());
        for chunk in text.utf8_chunks() {
            for letter in chunk.valid().chars() {
                match letter {
                    '0'..='9' => replaced.push(b'0' + draw(10)),
                    'A'..='Z' => replaced.push(b'A' + draw(26)),
                    'a'..='z' => replaced.push(b'a' + draw(26)),
                    other => replaced.extend_from_slice(like(other).encode_utf8(&mut [0; 4]).as_bytes()),
                }
            }
            replaced.extend(chunk.invalid().iter().map(|_| LATIN));
        }
        replaced
    }

    pub(super) fn first_name(&self, text: &[u8]) -> Vec<u8> {
        self.name(("first name", 35), text, FIRST)
    }

    pub(super) fn last_name(&self, text: &[u8]) -> Vec<u8> {
        self.name(("last name", 60), text, LAST)
    }

    pub(super) fn city(&self, text: &[u8]) -> Vec<u8> {
        self.name(("city", 30), text, LAST)
    }

    /// A name of two parts, so that few people get the same one. What no name can be written like keeps its shape, and with it
    /// what is wrong with it.
    fn name(&self, (kind, most): (&str, usize), text: &[u8], list: &[&str]) -> Vec<u8> {
        let is_name = text.len() <= most && text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        match text {
            [_] => self.another_letter(kind, text),
            _ if is_name => self.pick(kind, text, list),
            _ => self.same_shape(kind, text),
        }
    }

    pub(super) fn initial(&self, text: &[u8]) -> Vec<u8> {
        if text.len() == 1 { self.another_letter("initial", text) } else { self.first_name(text) }
    }

    /// One character of the same kind, and not the same.
    fn another_letter(&self, kind: &str, text: &[u8]) -> Vec<u8> {
        let shape = self.same_shape(kind, text);
        if shape != text {
            return shape;
        }
        shape.iter().map(|byte| if matches!(byte, b'9' | b'Z' | b'z') { byte - 1 } else { byte + 1 }).collect()
    }

    fn pick(&self, kind: &str, text: &[u8], list: &[&str]) -> Vec<u8> {
        let count = list.len() as u64;
        let number = self.number(kind, text);
        let part = |at: u64| list.get(usize::try_from(at % count).unwrap_or_default()).copied().unwrap_or("Doe");
        let name = format!("{}{}", part(number), part(number / count).to_ascii_lowercase()).into_bytes();
        let is_capital = text.iter().any(u8::is_ascii_uppercase) && !text.iter().any(u8::is_ascii_lowercase);
        if is_capital { name.to_ascii_uppercase() } else { name }
    }

    /// Never issued (area 666), and no tax id either, written as it was. One digit repeated is nobody's and stays; what has
    /// not nine digits is no such number, and stays none.
    pub(super) fn ssn(&self, text: &[u8]) -> Vec<u8> {
        let digits = digits(text);
        if digits.len() != 9 {
            return self.same_shape("ssn", text);
        }
        if is_repeated(&digits) {
            return text.to_vec();
        }
        let number = self.number("ssn", &digits);
        let made = format!("666{:02}{:04}", 1 + number % 98, 1 + number / 100 % 9_998);
        filled(text, made.as_bytes())
    }

    /// An area code as it was, and a number that is kept for fiction (555-0100 to 555-0199), written as it was. One digit
    /// repeated is nobody's and stays; a number too short stays so.
    pub(super) fn telephone(&self, text: &[u8]) -> Vec<u8> {
        let digits = digits(text);
        let Some(at) = digits.len().checked_sub(7).filter(|at| *at >= 3) else {
            return self.same_shape("telephone", text);
        };
        if is_repeated(&digits) {
            return text.to_vec();
        }
        let before = String::from_utf8_lossy(digits.get(..at).unwrap_or_default());
        let last = self.number("telephone", &digits) % 100;
        let is_same = digits.ends_with(format!("55501{last:02}").as_bytes());
        filled(text, format!("{before}55501{:02}", if is_same { (last + 1) % 100 } else { last }).as_bytes())
    }

    /// A mailbox in a domain that RFC 2606 keeps for examples.
    pub(super) fn email(&self, text: &[u8]) -> Vec<u8> {
        if !text.contains(&b'@') {
            return self.same_shape("e-mail", text);
        }
        format!("person-{:08x}@example.com", self.number("e-mail", text) & 0xffff_ffff).into_bytes()
    }

    pub(super) fn street(&self, text: &[u8]) -> Vec<u8> {
        const LONGEST: usize = 55;
        if text.len() > LONGEST || !text.iter().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.same_shape("street", text);
        }
        let number = self.number("street", text);
        let name = self.pick("street name", text, LAST);
        format!("{} {} ST", 1 + number % 999, String::from_utf8_lossy(&name)).into_bytes()
    }

    /// The first three digits as they were, which name a region. One digit repeated is no ZIP code and stays.
    pub(super) fn zip(&self, text: &[u8]) -> Vec<u8> {
        let (Some(region), Some(rest)) = (text.get(..3), text.get(3..).filter(|rest| !rest.is_empty())) else {
            return self.same_shape("zip", text);
        };
        if is_repeated(text) {
            return text.to_vec();
        }
        let zip = [region, &self.same_shape("zip", rest)].concat();
        let is_wanted = |zip: &Vec<u8>| !is_repeated(zip) && zip != text;
        let (head, last) = zip.split_at(zip.len() - 1);
        let further = (1..10).map(|step| [head, &rotated(last, step)].concat());
        std::iter::once(zip.clone()).chain(further).find(is_wanted).unwrap_or(zip)
    }

    /// Another day of the same year, no later than it was (in January another of the same month): the age at the end of the
    /// year stays, and nobody is born in the future. What is no day stays none.
    pub(super) fn birth_date(&self, text: &[u8]) -> Vec<u8> {
        if text.len() != 8 || digits(text).len() != 8 {
            return self.same_shape("birth date", text);
        }
        let part = |from: usize, to: usize| {
            std::str::from_utf8(text.get(from..to).unwrap_or_default()).ok().and_then(|part| part.parse::<u32>().ok())
        };
        let (Some(year), Some(month), Some(day)) = (part(0, 4), part(4, 6), part(6, 8)) else { return text.to_vec() };
        let year_as_number = i32::try_from(year).unwrap_or_default();
        if chrono::NaiveDate::from_ymd_opt(year_as_number, month, day).is_none() {
            let day = if text.ends_with(b"0230") { 31 } else { 30 };
            return format!("{year:04}02{day}").into_bytes();
        }
        // Months of 28 days, so that every day is one of every month.
        let most = if month == 1 { 28 } else { (month - 1) * 28 + day.min(28) };
        let own = (month - 1) * 28 + day.min(28) - 1;
        let drawn = u32::try_from(self.number("birth date", text) % u64::from(most - 1)).unwrap_or_default();
        let drawn = if drawn >= own { drawn + 1 } else { drawn };
        format!("{year:04}{:02}{:02}", 1 + drawn / 28, 1 + drawn % 28).into_bytes()
    }

    /// The state's digits as they were, and another county.
    pub(super) fn county(&self, text: &[u8]) -> Vec<u8> {
        if text.len() != 5 || digits(text).len() != 5 {
            return self.name(("county", 30), text, LAST);
        }
        let (state, own) = text.split_at(2);
        let number = self.number("county", text) % 40;
        let made = |number: u64| format!("{:03}", 1 + 2 * number).into_bytes();
        let other = if made(number) == own { made((number + 1) % 40) } else { made(number) };
        [state, &other].concat()
    }
}

/// Stands for a byte that is no UTF-8, as Latin-1 writes it.
const LATIN: u8 = 0xe9;

/// A character of as many bytes as this one, of no ASCII either.
fn like(other: char) -> char {
    match other.len_utf8() {
        1 => other,
        2 => '\u{e9}',
        3 => '\u{20ac}',
        _ => '\u{10000}',
    }
}

fn digits(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(u8::is_ascii_digit).collect()
}

fn is_repeated(digits: &[u8]) -> bool {
    digits.windows(2).all(|pair| pair.first() == pair.last())
}

/// A text with other digits in the places of its own.
fn filled(text: &[u8], digits: &[u8]) -> Vec<u8> {
    let mut digits = digits.iter().copied();
    text.iter().map(|byte| if byte.is_ascii_digit() { digits.next().unwrap_or(*byte) } else { *byte }).collect()
}

/// The last digit, some further.
fn rotated(last: &[u8], step: u8) -> Vec<u8> {
    last.iter().map(|byte| if byte.is_ascii_digit() { b'0' + (byte - b'0' + step) % 10 } else { *byte }).collect()
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
        assert_eq!(key.telephone(b"(804) 123-4567")[..11], *b"(804) 555-0");
        assert!(key.ssn(b"123-45-6789").starts_with(b"666-"));
    }

    #[test]
    fn what_is_wrong_stays_wrong_and_what_is_nobodys_stays() {
        let key = Key::new(b"key");
        for nobodys in ["999999999", "000000000"] {
            assert_eq!(key.ssn(nobodys.as_bytes()), nobodys.as_bytes());
        }
        assert_eq!(key.telephone(b"5555555555"), b"5555555555");
        assert_eq!(key.zip(b"99999"), b"99999");
        for wrong in ["875439", "12345678", "12345678X"] {
            assert_eq!(key.ssn(wrong.as_bytes()).len(), wrong.len());
        }
        assert_eq!(key.zip(b"12").len(), 2);
        let born = String::from_utf8(key.birth_date(b"19800230")).unwrap();
        assert!(born.starts_with("1980") && chrono::NaiveDate::parse_from_str(&born, "%Y%m%d").is_err(), "{born}");
        assert_eq!(key.birth_date(b"800229").len(), 6);
        assert!(key.first_name("Jos\u{e9}".as_bytes()).ends_with("\u{e9}".as_bytes()));
        assert_eq!(key.first_name(b"Jos\xe9").last(), Some(&0xe9));
        assert_eq!(key.last_name(&[b'X'; 61]).len(), 61);
    }

    #[test]
    fn nothing_is_replaced_by_itself() {
        for number in 0..200 {
            let key = Key::new(format!("{number}").as_bytes());
            for day in ["19800101", "19800102", "19800131", "19840229", "19801231"] {
                assert_ne!(key.birth_date(day.as_bytes()), day.as_bytes());
            }
            assert_ne!(key.zip(b"23220"), b"23220");
            assert_ne!(key.county(b"51003"), b"51003");
            assert_ne!(key.initial(b"M"), b"M");
            assert_ne!(key.telephone(b"8045550107"), b"8045550107");
        }
    }

    #[test]
    fn birth_dates_stay_in_their_year_and_exist() {
        let key = Key::new(b"key");
        for day in ["20131030", "20120229", "19650101", "19801231"] {
            let found = String::from_utf8(key.birth_date(day.as_bytes())).unwrap();
            assert!(found[..4] == day[..4] && (found.as_str() <= day || found[4..6] == *"01"), "{day}: {found}");
            assert!(chrono::NaiveDate::parse_from_str(&found, "%Y%m%d").is_ok(), "{found}");
        }
    }
}
