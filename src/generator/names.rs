//! Names: the `fake` crate's lists, drawn by our own method, and the awkward ones.
//!
//! `fake` is pinned to one version, and only its word lists are used. Its samplers go through `rand`'s distributions,
//! and its lists change in patch releases: either would turn every seed into other people. Its other generators are not
//! used at all: ZIP codes have three to five digits, `FreeEmail` has real domains, telephones real area codes.

use super::draw::Stream;
use fake::locales::{Data, EN};

/// The word lists, prepared once.
#[derive(Debug, Clone)]
pub(super) struct NameBook {
    first: &'static [&'static str],
    /// Plain ones: letters only, the first a capital and no other. An apostrophe is dealt, never met by chance.
    last: Vec<&'static str>,
    with_apostrophe: Vec<&'static str>,
}

impl NameBook {
    /// Sorts `fake`'s lists.
    pub(super) fn new() -> Self {
        let all = EN::NAME_LAST_NAME.iter().copied();
        let plain = |name: &&str| name.bytes().skip(1).all(|b| b.is_ascii_lowercase());
        Self {
            first: EN::NAME_FIRST_NAME,
            last: all.clone().filter(plain).collect(),
            with_apostrophe: all.filter(|name| name.contains('\'')).collect(),
        }
    }

    /// A first name that nobody of the household has yet.
    pub(super) fn first(&self, stream: &mut Stream, taken: &[&str]) -> &'static str {
        let start = stream.place(self.first.len());
        let onward = self.first.iter().cycle().skip(start).take(self.first.len());
        onward.copied().find(|name| !taken.contains(name)).unwrap_or("John")
    }

    /// A plain family name.
    pub(super) fn last(&self, stream: &mut Stream) -> &'static str {
        stream.word(&self.last)
    }

    /// A family name with a straight apostrophe.
    pub(super) fn with_apostrophe(&self, stream: &mut Stream) -> &'static str {
        stream.word(&self.with_apostrophe)
    }

    /// A name of exactly so many letters, made of family names run together.
    pub(super) fn of_length(&self, length: usize, stream: &mut Stream) -> String {
        let mut name = String::with_capacity(length + 16);
        while name.len() < length {
            name.push_str(self.last(stream));
        }
        name.truncate(length);
        capitalized(&name)
    }
}

/// A name of exactly so many letters, as Hawaiian names are built; its syllables are drawn, so that it is nobody's.
pub(super) fn hawaiian(length: usize, stream: &mut Stream) -> String {
    const SYLLABLES: &[&str] = &["ka", "hu", "li", "ke", "ko", "la", "ma", "na", "ne", "pu", "wa", "ha", "ai", "kau"];
    let mut name = String::with_capacity(length + 4);
    while name.len() < length {
        name.push_str(stream.word(SYLLABLES));
    }
    name.truncate(length);
    capitalized(&name)
}

/// The first letter a capital, the others small.
fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters.flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use super::{NameBook, hawaiian};
    use crate::generator::draw::{FieldGroup, Streams, key};

    #[test]
    fn the_lists_are_the_ones_that_were_pinned() {
        let book = NameBook::new();
        assert_eq!((book.first.len(), book.last.len(), book.with_apostrophe.len()), (3007, 458, 7));
    }

    #[test]
    fn long_names_have_exactly_the_length_wanted() {
        let mut stream = Streams::new(key("people", "x", 1), 0).household(FieldGroup::Awkward);
        for length in [35, 36, 60, 61] {
            assert_eq!(NameBook::new().of_length(length, &mut stream).chars().count(), length);
            assert_eq!(hawaiian(length, &mut stream).chars().count(), length);
        }
    }

    #[test]
    fn a_first_name_in_use_is_passed_over() {
        let book = NameBook::new();
        let stream = || Streams::new(key("people", "x", 1), 0).household(FieldGroup::Name);
        let taken = book.first(&mut stream(), &[]);
        assert_ne!(book.first(&mut stream(), &[taken]), taken);
    }
}
