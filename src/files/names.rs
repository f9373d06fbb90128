//! Names that no finished file has.

/// Whether a name is hidden, or one that senders give a file while they write it.
pub fn is_temporary(name: &str) -> bool {
    const ENDINGS: [&str; 8] = [".tmp", ".temp", ".part", ".partial", ".filepart", ".writing", ".crdownload", ".swp"];
    let lower = name.to_ascii_lowercase();
    name.starts_with(['.', '~', '#']) || name.ends_with('~') || ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::is_temporary;

    #[test]
    fn files_in_the_making_are_known_by_their_names() {
        for name in [".834.edi", "834.edi.TMP", "834.edi.filepart", "834.edi~", "~834.edi"] {
            assert!(is_temporary(name), "{name}");
        }
        assert!(!is_temporary("834.part1.edi"));
    }
}
