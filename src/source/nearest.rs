//! The nearest known word, for "did you mean".

/// The candidate that a slip of the keyboard away from `word` would give, if there is one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let scored = candidates.into_iter().map(|c| (strsim::jaro_winkler(&lower, &c.to_lowercase()), c));
    let best = scored.fold(None, |best: Option<(f64, &str)>, next| match best {
        Some(held) if held.0 >= next.0 => Some(held),
        _ => Some(next),
    });
    best.filter(|(score, _)| *score >= 0.8).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_finds_none() {
        let words = ["household_size", "count", "seed"];
        assert_eq!(nearest("houshold_size", words), Some("household_size"));
        assert_eq!(nearest("Count", words), Some("count"));
        assert_eq!(nearest("zebra", words), None);
        assert_eq!(nearest("x", []), None);
    }
}
