//! Random streams: one for each household, person and group of fields, the same in every process and for ever.
//!
//! The generator is named and pinned (`ChaCha8`, specified by its authors), because `rand`'s standard one may change with
//! any release. So may `rand`'s ways of making a range out of random bits; the few needed here are written out instead.
//! `ChaCha8` is at its slowest where many streams of a few draws are begun, as here; from version 2 of the generator on streams
//! are those of `SplitMix64` (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014), which costs nothing to begin.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A group of fields with streams of its own, so that a draw added to one moves nothing in another. The numbers choose
/// the streams: never renumber, only append.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum FieldGroup {
    /// How many people, and who they are to each other.
    Composition = 0,
    /// Town and ZIP code.
    Place = 1,
    /// Street lines.
    Street = 2,
    /// Yearly income.
    Income = 3,
    /// Lines of coverage.
    Coverage = 4,
    /// Names.
    Name = 5,
    /// Dates of birth.
    Birth = 6,
    /// Sex.
    Sex = 7,
    /// Telephone.
    Contact = 8,
    /// What an awkward case needs beyond the ordinary.
    Awkward = 9,
    /// Mailing address.
    Mailing = 10,
    /// Choice of plan.
    Plan = 11,
    /// Tobacco.
    Tobacco = 12,
    /// Marital status.
    MaritalStatus = 13,
    /// Mailboxes.
    Mailbox = 14,
    /// Language.
    Language = 15,
    /// Which awkward cases are dealt beside the one whose turn it is.
    Cases = 16,
    /// Who helps to enroll.
    Agent = 17,
    /// Where it moves to.
    NextHome = 18,
}

/// Everything random about one household, by group of fields and person.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    root: Root,
    index: u32,
}

/// What all streams of a scenario and seed begin from.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "one for each household, on the stack")]
enum Root {
    ChaCha8(ChaCha8Rng),
    SplitMix64([u64; 2]),
}

impl Streams {
    /// The streams of a household. `key`: from [`key`]; `index`: the household's place in its run.
    pub(super) fn new(key: [u8; 32], index: u32) -> Self {
        Self { root: Root::ChaCha8(ChaCha8Rng::from_seed(key)), index }
    }

    /// The same, from version 2 of the generator on.
    pub(super) fn quick(key: [u8; 32], index: u32) -> Self {
        let mut words =
            key.chunks_exact(8).map(|bytes| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)));
        let word = |words: &mut dyn Iterator<Item = u64>| words.next().unwrap_or_default();
        Self { root: Root::SplitMix64([word(&mut words), word(&mut words)]), index }
    }

    /// The stream of a group of fields that belongs to the household as a whole.
    pub(super) fn household(&self, group: FieldGroup) -> Stream {
        self.person(group, 0)
    }

    /// The stream of a group of fields of one person, counted from 0.
    pub(super) fn person(&self, group: FieldGroup, person: usize) -> Stream {
        // 2^64 streams a key: 32 bits of household, 24 of person, 8 of group
        let number = u64::from(self.index) << 32 | (person as u64 & 0x00ff_ffff) << 8 | u64::from(group as u8);
        Stream { source: self.root.stream(number) }
    }
}

impl Root {
    fn stream(&self, number: u64) -> Source {
        match self {
            Self::ChaCha8(root) => {
                let mut rng = root.clone();
                rng.set_stream(number);
                Source::ChaCha8(rng)
            }
            Self::SplitMix64([first, second]) => Source::SplitMix64(mixed(first ^ mixed(number.wrapping_add(*second)))),
        }
    }
}

/// Distance of two states of `SplitMix64`: 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finalizer of `SplitMix64`: each bit of what goes in moves about half of those that come out.
fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Where a stream's words come from.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it lives on the stack, for a few draws")]
enum Source {
    ChaCha8(ChaCha8Rng),
    /// The state.
    SplitMix64(u64),
}

impl Source {
    fn next(&mut self) -> u32 {
        match self {
            Self::ChaCha8(rng) => rng.next_u32(),
            Self::SplitMix64(state) => {
                *state = state.wrapping_add(GOLDEN);
                u32::try_from(mixed(*state) >> 32).unwrap_or_default()
            }
        }
    }
}

/// The key of all streams of one scenario and seed. Lengths are part of what is hashed, so that no two pairs of name and
/// seed can give the same bytes.
pub(super) fn key(purpose: &str, scenario: &str, seed: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in [purpose, scenario] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.update(seed.to_le_bytes());
    hash.finalize().into()
}

/// A sequence of draws.
#[derive(Debug)]
pub(super) struct Stream {
    source: Source,
}

impl Stream {
    /// A number from 0 to below `limit`; 0 where `limit` is 0. Multiply and shift: one word a draw whatever the limit,
    /// with a bias of at most `limit` in 2^32, which nobody can notice in people.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        let word = u64::from(self.source.next());
        u32::try_from((word * u64::from(limit)) >> 32).unwrap_or(0)
    }

    /// A number from `from` to `to`, both included; `from` where they are the wrong way round.
    pub(super) fn between(&mut self, from: u32, to: u32) -> u32 {
        from.saturating_add(self.below(to.saturating_sub(from).saturating_add(1)))
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }

    /// One of a list of words; the empty text where the list is empty.
    pub(super) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.place(words.len());
        words.get(at).copied().unwrap_or_default()
    }

    /// One of a list; `otherwise` where the list is empty.
    pub(super) fn one_of<'a, T>(&mut self, list: &'a [T], otherwise: &'a T) -> &'a T {
        let at = self.place(list.len());
        list.get(at).unwrap_or(otherwise)
    }

    /// A place in a list of `length`.
    pub(super) fn place(&mut self, length: usize) -> usize {
        self.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
    }

    /// One of the choices, each as likely as its weight; `otherwise` where all weights are 0.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(u32, T)], otherwise: T) -> T {
        let total = choices.iter().fold(0_u32, |sum, (weight, _)| sum.saturating_add(*weight));
        let mut drawn = self.below(total);
        for (weight, choice) in choices {
            if drawn < *weight {
                return *choice;
            }
            drawn -= weight;
        }
        otherwise
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldGroup, Streams, key};

    fn first_draws(streams: &Streams, group: FieldGroup) -> Vec<u32> {
        let mut stream = streams.household(group);
        (0..8).map(|_| stream.below(1_000_000)).collect()
    }

    #[test]
    fn draws_in_one_stream_do_not_move_another() {
        let streams = Streams::new(key("people", "first-enrollment", 2013), 7);
        let before = first_draws(&streams, FieldGroup::Name);
        let mut other = streams.household(FieldGroup::Birth);
        for _ in 0..1_000 {
            other.below(10);
        }
        assert_eq!(first_draws(&streams, FieldGroup::Name), before);
    }

    #[test]
    fn every_household_person_and_group_has_a_stream_of_its_own() {
        let key = key("people", "first-enrollment", 2013);
        let streams = Streams::new(key, 7);
        let mine = first_draws(&streams, FieldGroup::Name);
        assert_ne!(mine, first_draws(&streams, FieldGroup::Birth));
        assert_ne!(mine, first_draws(&Streams::new(key, 8), FieldGroup::Name));
        let mut second_person = streams.person(FieldGroup::Name, 1);
        assert_ne!(mine, (0..8).map(|_| second_person.below(1_000_000)).collect::<Vec<_>>());
    }

    #[test]
    fn name_and_seed_cannot_run_into_each_other() {
        assert_ne!(key("people", "a", 1), key("people", "a", 2));
        assert_ne!(key("people", "ab", 1), key("peoplea", "b", 1));
    }

    #[test]
    fn the_streams_are_pinned() {
        // these numbers may never change: every golden file, and every ledger that names a seed, rests on them
        let streams = Streams::new(key("people", "first-enrollment", 2013), 7);
        // (they were computed with another implementation of SHA-256 and ChaCha8)
        let pinned = [568_969, 577_783, 570_551, 210_864, 463_841, 721_708, 869_357, 380_946];
        assert_eq!(first_draws(&streams, FieldGroup::Name), pinned);
    }

    #[test]
    fn the_quick_streams_are_pinned_and_each_its_own() {
        let key = key("people", "first-enrollment", 2013);
        let streams = Streams::quick(key, 7);
        let mine = first_draws(&streams, FieldGroup::Name);
        // computed with another implementation; they may never change
        assert_eq!(mine, [575_268, 603_978, 97_548, 665_458, 335_984, 419_001, 781_363, 964_314]);
        assert_ne!(mine, first_draws(&streams, FieldGroup::Birth));
        assert_ne!(mine, first_draws(&Streams::quick(key, 8), FieldGroup::Name));
        let mut second_person = streams.person(FieldGroup::Name, 1);
        assert_ne!(mine, (0..8).map(|_| second_person.below(1_000_000)).collect::<Vec<_>>());
    }

    #[test]
    fn draws_stay_within_their_limits() {
        let mut stream = Streams::new(key("people", "x", 0), 0).household(FieldGroup::Name);
        for _ in 0..1_000 {
            assert!(stream.below(3) < 3);
            assert!((5..=9).contains(&stream.between(5, 9)));
        }
        assert_eq!(stream.below(0), 0);
        assert_eq!(stream.between(9, 5), 9);
        assert_eq!(stream.word(&[]), "");
        assert_eq!(stream.weighted(&[(0, 'a')], 'z'), 'z');
    }
}
