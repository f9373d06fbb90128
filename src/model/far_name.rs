//! Names that files have in somebody else's folder.
//!
//! A name is identity: what was read, replayed or acknowledged is known again by it. It may hold a person all the same, as
//! `Zyxwoman_Qvrtson_219459911.edi` does. What is kept and shown of one is its shape, and a tag that is the same for the same
//! name and says nothing of it to whoever lacks the ledger's key: `Aaaaaaaa_Aaaaaaa_999999999.edi#3fa2c1d09b7e4421`. What is
//! nobody's by the naming standard stays as it is, and a name of nothing else has no tag: `12345.I834.D261129.T041006004.edi`.

use super::digits::hex;
use super::evidence::shape;
use sha2::{Digest, Sha256};
use std::fmt;
use std::ops::Deref;

/// What makes a ledger's tags its own. Whoever has it can try names out; it lies in the ledger and nowhere else.
#[derive(Clone)]
pub struct Names([u8; 32]);

/// A name as it may be kept and shown; equal where the name is. Only [`Names`] makes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FarName(String);

/// Longest shape, in characters; of longer names the tag tells the rest.
const LONGEST: usize = 120;

/// Bytes of a tag: two of a million names are alike in one ledger of forty million.
const TAG_BYTES: usize = 8;

/// Bytes that SHA-256 takes at a time.
const BLOCK: usize = 64;

/// What kinds of files are called, and how senders write it down.
const WORDS: &str = "\
    834 820 999 997 271 270 277ca 835 ta1 edi x12 dat txt xml json csv gz zip pgp ack acks out in outbound inbound old done new \
    test prod daily weekly monthly audit full change changes enrollment enrollments effectuation file part again before";

/// Who writes and what for, between the issuer's id and the date (CMS naming of files).
const APPLICATIONS: &str = "DSH OPR EPS FFM SBM SBE EDS ERN";

impl Names {
    /// With this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The name of a file in a folder. `folder`: words of ours before it, where it has to be said in which; shown as it is.
    pub fn of(&self, folder: &str, name: &str) -> FarName {
        let tokens = tokens(name);
        let is_standard = is_standard(&tokens);
        let (mut text, mut is_masked) = (folder.to_owned(), false);
        let mut length = 0;
        for token in &tokens {
            length += token.chars().count();
            if length > LONGEST {
                text.push_str("...");
                is_masked = true;
                break;
            }
            let is_nobodys = is_separator(token) || is_known(token) || is_standard && is_of_standard(token);
            is_masked |= !is_nobodys;
            if is_nobodys { text.push_str(token) } else { text.extend(token.chars().map(shape)) }
        }
        if is_masked {
            text.push('#');
            text.push_str(&self.tag(folder, name));
        }
        FarName(text)
    }

    /// A name that was kept as it was, with its folder before it: what older ledgers hold.
    pub fn of_label(&self, label: &str) -> FarName {
        let name = label.find('/').map_or(0, |at| at + 1);
        let (folder, name) = label.split_at_checked(name).unwrap_or(("", label));
        self.of(folder, name)
    }

    fn tag(&self, folder: &str, name: &str) -> String {
        let digest = self.hmac(&[folder.as_bytes(), &[0], name.as_bytes()]);
        hex(digest.get(..TAG_BYTES).unwrap_or_default())
    }

    /// HMAC-SHA-256 (RFC 2104).
    fn hmac(&self, message: &[&[u8]]) -> [u8; 32] {
        let mut block = [0; BLOCK];
        block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte = key);
        let mut inner = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x36));
        for part in message {
            inner.update(part);
        }
        let mut outer = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x5c));
        outer.update(inner.finalize());
        outer.finalize().into()
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names([REDACTED])")
    }
}

impl Deref for FarName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FarName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<FarName> for String {
    fn from(name: FarName) -> Self {
        name.0
    }
}

/// Letters and digits together, and what stands between them one by one.
fn tokens(name: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (token, after) = rest.split_at_checked(run.max(first.len_utf8())).unwrap_or((rest, ""));
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn is_separator(token: &str) -> bool {
    matches!(token, "." | "_" | "-" | " " | "(" | ")" | "+" | "~")
}

/// One letter or digit tells parts of a delivery apart, and says nothing of anybody.
fn is_known(token: &str) -> bool {
    token.len() == 1 && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        || WORDS.split(' ').any(|word| word.eq_ignore_ascii_case(token))
        || is_function(token)
}

/// Whether it is the code of what a file is for: `I834`, `IC834`, `I834RT`, `I999`.
fn is_function(token: &str) -> bool {
    let set = token.strip_prefix('I').map(|rest| rest.strip_prefix('C').unwrap_or(rest));
    let set = set.map(|rest| rest.strip_suffix("RT").unwrap_or(rest));
    set.is_some_and(|set| matches!(set, "834" | "820" | "999" | "997" | "TA1" | "270" | "271"))
}

/// Whether a name has function, date and time side by side as the standard has them: then numbers in it are the standard's.
fn is_standard(tokens: &[&str]) -> bool {
    let words: Vec<_> = tokens.iter().filter(|token| !is_separator(token)).copied().collect();
    words.windows(3).any(|three| matches!(three, [f, d, t] if is_function(f) && is_date(d) && is_time(t)))
}

/// A date, a time, an environment, an application or an issuer's HIOS id, in a name of the standard's.
fn is_of_standard(token: &str) -> bool {
    let is_issuer = token.len() == 5 && is_number(token);
    is_date(token) || is_time(token) || matches!(token, "P" | "T" | "R") || is_issuer || is_application(token)
}

fn is_application(token: &str) -> bool {
    APPLICATIONS.split(' ').any(|application| application == token)
}

fn is_date(token: &str) -> bool {
    token.strip_prefix('D').is_some_and(|digits| digits.len() == 6 && is_number(digits))
}

fn is_time(token: &str) -> bool {
    token.strip_prefix('T').is_some_and(|digits| (6..=9).contains(&digits.len()) && is_number(digits))
}

fn is_number(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn names() -> Names {
        Names::new([7; 32])
    }

    #[test]
    fn a_name_of_the_standard_stays_as_it_is() {
        for name in [
            "12345.I834.D261129.T041006004.edi",
            "12345.I834RT.D131122.T180000.edi",
            "12345.DSH.IC834.D131115.T180000123.T",
            "834.edi",
            "out 1.b.edi",
            "ack 999.txt.gz",
        ] {
            assert_eq!(&*names().of("", name), name);
        }
    }

    #[test]
    fn whatever_may_be_somebodys_keeps_its_shape_and_the_ledgers_tag() {
        for (name, shape) in [
            ("Zyxwoman_Qvrtson_219459911.edi", "Aaaaaaaa_Aaaaaaa_999999999.edi#"),
            ("219-45-9911.edi", "999-99-9999.edi#"),
            ("804.333.4444 77 Realstreet.edi", "999.999.9999 99 Aaaaaaaaaa.edi#"),
            ("Zyxwoman.I834.D261129.T041006.edi", "Aaaaaaaa.I834.D261129.T041006.edi#"),
            ("D611113.T000000.edi", "A999999.A999999.edi#"),
            ("12345.edi", "99999.edi#"),
            ("ann.edi", "aaa.edi#"),
            ("a\u{202e}b\n.edi", "a?b .edi#"),
        ] {
            let masked = names().of("", name);
            assert_eq!(masked.rsplit_once('#').unwrap().0, shape.trim_end_matches('#'), "{name}");
            assert_eq!(masked.len(), shape.len() + 16);
        }
        assert!(names().of("", &"x".repeat(400)).len() < 200);
    }

    #[test]
    fn equal_names_are_equal_under_one_key_and_say_nothing_under_another() {
        let of = |name: &str| names().of("12345/", name);
        assert_eq!(of("ann.edi"), of("ann.edi"));
        assert_ne!(of("ann.edi"), of("bob.edi"), "of one shape");
        assert_ne!(of("ann.edi"), names().of("67890/", "ann.edi"));
        assert_ne!(of("ann.edi"), Names::new([8; 32]).of("12345/", "ann.edi"));
        assert_eq!(of("ann.edi"), names().of_label("12345/ann.edi"));
        assert!(of("ann.edi").starts_with("12345/aaa.edi#"));
        assert_eq!(names().of("", "ann.edi"), names().of_label("ann.edi"));
    }

    /// RFC 4231, test case 2, whose key of four bytes is the same as one with zeros after it.
    #[test]
    fn tags_are_of_hmac_sha_256() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let digest = Names::new(key).hmac(&[b"what do ya want ", b"for nothing?"]);
        assert_eq!(digest[..8], [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
    }
}
