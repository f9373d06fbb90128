//! Sentences for people that say that somebody was known before.

use super::words::{REVERSED, SOMEBODY, holds, is_in};

/// Whether a sentence says it: `already` with what somebody already is, or an existing or duplicate somebody, or that somebody exists; not
/// where it speaks of coverage, or leaves it open.
pub(super) fn is_sentence(text: &str) -> bool {
    let lower = text.to_lowercase();
    let said: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if said.iter().any(|word| is_in("coverage medicare medicaid insurance employer premium", word)) {
        return false;
    }
    let is_somebody = |word: &&str| *word == "record" || is_in(SOMEBODY, word);
    said.iter().enumerate().any(|(at, word)| {
        let before = said.get(at.saturating_sub(3)..at).unwrap_or_default();
        let after = said.get(at + 1..(at + 4).min(said.len())).unwrap_or_default();
        let follows = |list: &str| after.iter().any(|word| holds(list, word));
        let is_it = match *word {
            "already" => follows(
                "exist exists existed present file registered known enrolled in there taken created added recorded stored \
                loaded",
            ),
            "existing" | "duplicate" | "matched" | "matching" => after
                .iter()
                .take(2)
                .any(|next| is_somebody(next) || is_in("existing of found application entry", next)),
            "exists" => before.iter().any(is_somebody),
            _ => false,
        };
        is_it && !said.get(..at).unwrap_or_default().iter().any(|word| is_in(REVERSED, word))
    })
}
