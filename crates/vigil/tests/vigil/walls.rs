//! The wall of this crate: values and folds, with nothing to reach the world by.

use std::path::Path;

/// What may not be mentioned outside of tests.
const IMPURE: &[&str] = &[
    "async ",
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "std::io",
    "std::time",
    "now()",
    "unsafe",
];

/// What it may depend on: none of these opens a socket or a file, or asks for the time without the feature `clock`.
const DEPENDENCIES: &[&str] = &["chrono", "chrono-tz", "croner", "serde"];

fn sources(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                return sources(&path);
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            vec![(path.display().to_string(), code.join("\n"))]
        })
        .collect()
}

#[test]
fn no_source_reaches_for_a_clock_a_socket_or_a_file() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(sources.len() > 8);
    for (path, code) in sources {
        for word in IMPURE {
            assert!(!code.contains(word), "{path}: `{word}`");
        }
    }
}

#[test]
fn it_depends_on_nothing_that_could() {
    let manifest = include_str!("../../Cargo.toml");
    let section = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names: Vec<_> = section
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('=').map(|(name, _)| name.trim()))
        .collect();
    assert_eq!(names, DEPENDENCIES);
    assert!(!section.contains("\"clock\""), "chrono could ask for the time");
}
