//! The mailbox that marks a household: it looks like nobody's, and says which run sent it.

use super::{ProbeIndex, RunId, hex};

/// What every marker begins with.
const PREFIX: &str = "john.doe.";
/// Domains that RFC 2606 reserves.
pub const MARKER_DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];
/// Hexadecimal digits of a scenario's key.
const KEY_DIGITS: usize = 10;
/// Hexadecimal digits of a run's id.
const RUN_DIGITS: usize = 32;

/// A household's mailboxes: `john.doe.KEY.RUN.INDEX[.PLACE]@example.org`. The key is of scenario and seed, so that the same people
/// have it in every run; the run makes them this run's and nobody else's. Without a run (as `plan` shows them, and as ledgers of
/// earlier versions hold them) that part is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    stem: String,
}

impl Marks {
    /// Of a scenario and seed, by the first bytes of their key.
    pub fn new(key: [u8; KEY_DIGITS / 2]) -> Self {
        Self { stem: format!("{PREFIX}{}", hex(&key)) }
    }

    /// The same, of one run.
    #[must_use]
    pub fn of_run(self, run: &RunId) -> Self {
        Self { stem: format!("{}.{}", self.stem, run_digits(run)) }
    }

    /// The household contact's mailbox: nobody else of any scenario or run has it.
    pub fn household(&self, index: u32) -> String {
        format!("{}.{index}@example.org", self.stem)
    }

    /// Another member's mailbox, at one of the reserved domains.
    pub fn member(&self, index: u32, place: usize, domain: &str) -> String {
        format!("{}.{index}.{place}@{domain}", self.stem)
    }
}

/// A run's id as markers hold it: its hexadecimal digits, where it has 32 of them as a UUID has; of any other the digits of a
/// fixed hash.
fn run_digits(run: &RunId) -> String {
    let digits: String = run.as_str().chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
    if digits.len() == RUN_DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return digits;
    }
    // FNV-1a over 128 bits
    let hash = run.as_str().bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    format!("{hash:032x}")
}

/// A mailbox of a household of some run, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked<'a> {
    key: &'a str,
    run: Option<&'a str>,
    rest: &'a str,
}

impl<'a> Marked<'a> {
    /// Takes a mailbox apart; `None`: it is nobody's of ours. Letter case does not count in what is found, and blanks around it do
    /// not either.
    pub fn of(mailbox: &'a str) -> Option<Self> {
        let mailbox = mailbox.trim();
        let head = mailbox.get(..PREFIX.len()).filter(|head| head.eq_ignore_ascii_case(PREFIX))?;
        let (name, domain) = mailbox.get(head.len()..)?.split_once('@')?;
        if !MARKER_DOMAINS.iter().any(|reserved| domain.eq_ignore_ascii_case(reserved)) {
            return None;
        }
        let (key, rest) = name.split_once('.').filter(|(key, _)| is_hex(key, KEY_DIGITS))?;
        let (run, numbers) = match rest.split_once('.') {
            Some((run, numbers)) if is_hex(run, RUN_DIGITS) => (Some(run), numbers),
            _ => (None, rest),
        };
        let is_number = |part: &str| !part.is_empty() && part.len() <= 10 && part.bytes().all(|b| b.is_ascii_digit());
        let sound = numbers.split('.').count() <= 2 && numbers.split('.').all(is_number);
        sound.then(|| Self {
            key,
            run,
            rest: mailbox.get(mailbox.len() - numbers.len() - domain.len() - 1..).unwrap_or(""),
        })
    }

    /// Whether it says that this run sent it.
    pub fn is_of_run(&self, run: &RunId) -> bool {
        self.run.is_some_and(|digits| digits.eq_ignore_ascii_case(&run_digits(run)))
    }

    /// Which household of its run it is of.
    pub fn household(&self) -> Option<ProbeIndex> {
        let number = self.rest.split(['.', '@']).next()?;
        number.parse().ok().map(ProbeIndex)
    }

    /// Whether it says that some run sent it.
    pub fn names_a_run(&self) -> bool {
        self.run.is_some()
    }

    /// The mailbox without its run: the same for the same household in every run.
    pub fn without_run(&self) -> String {
        format!("{PREFIX}{}.{}", self.key, self.rest)
    }
}

/// A marker without its run, the same for the same household in every run; any other text as it stands.
pub fn without_run(marker: &str) -> String {
    Marked::of(marker).map_or_else(|| marker.to_owned(), |marked| marked.without_run())
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{Marked, Marks, without_run};
    use crate::model::{ProbeIndex, RunId};

    #[test]
    fn a_marker_says_its_run_and_is_the_same_in_every_run_without_it() {
        let run = RunId::new("019ab6aa-0000-7000-8000-00000000000f");
        let plain = Marks::new([0xa7; 5]);
        let marked = plain.clone().of_run(&run);
        assert_eq!(plain.household(12), "john.doe.a7a7a7a7a7.12@example.org");
        assert_eq!(
            marked.household(12),
            "john.doe.a7a7a7a7a7.019ab6aa000070008000".to_owned() + "00000000000f.12@example.org"
        );
        for (mailbox, of_run) in
            [(marked.household(12), true), (marked.member(12, 2, "example.net"), true), (plain.household(12), false)]
        {
            for spelled in [mailbox.clone(), mailbox.to_uppercase(), format!(" {mailbox} ")] {
                let found = Marked::of(&spelled).unwrap();
                assert_eq!((found.is_of_run(&run), found.names_a_run()), (of_run, of_run), "{spelled}");
            }
        }
        for mailbox in [marked.household(12), marked.member(12, 2, "example.net"), plain.household(12)] {
            assert_eq!(Marked::of(&mailbox).unwrap().household(), Some(ProbeIndex(12)), "{mailbox}");
        }
        assert!(!Marked::of(&marked.household(12)).unwrap().is_of_run(&RunId::new("another")));
        assert_eq!(without_run(&marked.household(12)), plain.household(12));
        assert_eq!(without_run(&marked.member(12, 2, "example.net")), plain.member(12, 2, "example.net"));
        assert_eq!(without_run("somebody@else"), "somebody@else");
        let longest = Marks::new([0xa7; 5]).of_run(&run).member(99_999_999, 9, "example.net");
        assert!(longest.split('@').next().unwrap().len() <= 64, "{longest}: RFC 5321 section 4.5.3.1.1");
    }

    #[test]
    fn mailboxes_of_other_people_are_no_markers() {
        for other in [
            "",
            "john.doe@example.org",
            "john.doe.a7a7a7a7a7@example.org",
            "john.doe.a7a7a7a7a7.12@gmail.com",
            "john.doe.a7a7a7a7a7.12.3.4@example.org",
            "john.doe.a7a7a7a7a7.@example.org",
            "john.doe.a7a7a7a7ag.12@example.org",
            "jöhn.doe.a7a7a7a7a7.12@example.org",
        ] {
            assert_eq!(Marked::of(other), None, "{other}");
        }
    }
}
