//! The words of which names and values are made that say that somebody was known before, how names are taken apart into words, and how
//! words are looked up: a list is its words in one text, with spaces between them.

use crate::target::words_of_name;

/// Words that say so beside whatever else a name says of a record …
pub(super) const KNOWN: &str =
    "duplicate duplicated dup existing exist exists existed preexisting already reused dedup merged";
/// … and words that say so of a person alone: an address is matched, and an account linked, of whomever is new.
pub(super) const MET: &str = "match matched matches matching found linked known candidate resembling";
/// How well somebody was met.
pub(super) const DEGREES: &str = "exact full strong high certain probable partial";
/// People, and words without a meaning of their own.
pub(super) const PERSONS: &str = "person people member applicant individual subscriber record customer consumer client party enrollee mpi index \
    master registry is was were has had be been are it in on to into of by the a an as with exact before possible \
    potential likely id ids ref number resolved pre file";
/// What may stand beside a word of the first kind.
pub(super) const THINGS: &str = "application app enrollment policy entry system database status state outcome code result action disposition \
    resolution type flag indicator present registered enrolled created added stored recorded loaded applied \
    submitted returned reference this previously user";
/// Words that say so where they hold a no.
pub(super) const NEW: &str = "new newly created create inserted added";
/// Words that turn it round, or leave it open.
pub(super) const REVERSED: &str = "no not non never none without un nobody t if may might could whether";
/// What names end with that tell what came of a request.
pub(super) const TELLS: &str = "status outcome result disposition action resolution match matchtype state code op matchstatus statuscode \
    resultcode indicator";
/// What names end with that hold sentences for people.
pub(super) const SENTENCES: &str =
    "message msg text detail description warning note info reason remark comment notice title";
/// Parts of an answer that tell of something else than of who was asked about, such as whose log-in it was …
pub(super) const ELSEWHERE: &str = "coverage plan address eligibility document income subsidy premium payment rating network provider question \
    attestation employer broker agent tax phone carrier issuer location geocode account user login session \
    household";
/// … and what was checked of what they said of themselves: that it matches says nothing of whether they were there.
pub(super) const PROOFS: &str = "verification verify verifier ssa ssn identity proofing proof proofed ridp vlp hub fdsh citizenship lawful \
    presence immigration irs dhs dmv kba ial experian equifax transunion lexisnexis biometric selfie liveness \
    passport credential authentication signature";
/// What the items of a list of plans say.
pub(super) const OF_PLANS: &str = "plan product premium network provider";
/// Somebody.
pub(in crate::exchange) const SOMEBODY: &str =
    "person people member applicant individual customer consumer party enrollee subscriber dependent";
/// What a whole answer, or what tells of somebody in it, may stand in.
pub(super) const AROUND: &str = "data result results response body payload envelope return answer meta mpi match matching search outcome status \
    person people member applicant individual subscriber application enrollment create add register lookup warning \
    message notice info d item";

/// Whether one of the words is in a list.
pub(in crate::exchange) fn has(words: &[String], list: &str) -> bool {
    words.iter().any(|word| holds(list, word))
}

/// Whether a word, or what it is several of, is in a list.
pub(super) fn holds(list: &str, word: &str) -> bool {
    is_in(list, word) || is_in(list, word.strip_suffix('s').unwrap_or(word))
}

/// Whether a word is in a list as it stands.
pub(super) fn is_in(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == word)
}

/// Whether one of the words begins like one of a list of stems.
pub(super) fn begins(words: &[String], stems: &str) -> bool {
    words.iter().any(|word| stems.split_ascii_whitespace().any(|stem| word.starts_with(stem)))
}

/// The words of a name or a value; of several that were written as one those which are known here.
pub(super) fn words(text: &str) -> Vec<String> {
    words_of_name(text).into_iter().flat_map(|word| apart(&word).unwrap_or(vec![word])).collect()
}

/// `alreadyexists` as the two words that it is, where all of it is made of words that are known here.
fn apart(word: &str) -> Option<Vec<String>> {
    if word.is_empty() {
        return Some(Vec::new());
    }
    let known = [KNOWN, MET, PERSONS, THINGS, NEW, REVERSED].into_iter().flat_map(str::split_ascii_whitespace);
    let mut fits: Vec<&str> = known.filter(|part| part.len() > 1 && word.starts_with(part)).collect();
    fits.sort_by_key(|part| std::cmp::Reverse(part.len()));
    fits.into_iter().find_map(|part| {
        let mut rest = apart(word.get(part.len()..)?)?;
        rest.insert(0, part.to_owned());
        Some(rest)
    })
}
