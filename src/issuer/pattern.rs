//! Names of files to read: `*` and `?`.

/// A pattern such as `834_*.edi`; `*` stands for any text, `?` for one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<char>);

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().collect())
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut at, mut pattern_at) = (0, 0);
        // Where to go on after the last `*` when what follows it does not fit: one character further.
        let mut star = None;
        while at < name.len() {
            match self.0.get(pattern_at) {
                Some('*') => {
                    star = Some((pattern_at + 1, at));
                    pattern_at += 1;
                }
                Some('?') => (at, pattern_at) = (at + 1, pattern_at + 1),
                Some(c) if name.get(at) == Some(c) => (at, pattern_at) = (at + 1, pattern_at + 1),
                _ => {
                    let Some((after, from)) = star else { return false };
                    star = Some((after, from + 1));
                    (at, pattern_at) = (from + 1, after);
                }
            }
        }
        self.0.get(pattern_at..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_whole_names() {
        let matches = |pattern, name| Pattern::new(pattern).matches(name);
        assert!(matches("834_*.edi", "834_20131115.edi"));
        assert!(!matches("834_*.edi", "834_20131115.edi.done"));
        assert!(matches("*.ed?", "a.b.edi"));
        assert!(matches("*a*b*", "xxaxxbxxaxxb"));
        assert!(!matches("?", ""));
        assert!(matches("*", ""));
    }
}
