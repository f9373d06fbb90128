//! The import table: an edge of `src` that is not in it fails here. The table is the design; it is not loosened to pass.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each module, and what it may import from this crate.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &[]),
    ("source", &[]),
    ("scenario", &["model", "source"]),
    ("target", &["model", "source"]),
    ("canary", &["model", "source", "target"]),
    ("generator", &["model"]),
    ("life", &["model"]),
    ("wire", &["model"]),
    ("redact", &["wire"]),
    ("statistics", &["model"]),
    ("punch", &["model", "statistics"]),
    ("compare", &["model", "statistics"]),
    ("narrow", &["model", "generator", "punch"]),
    ("reconcile", &["model", "life", "punch", "statistics"]),
    ("report", &["model"]),
    ("net", &["clock", "target"]),
    ("files", &["target", "net", "wire"]),
    ("exchange", &["model", "clock", "life", "target", "net", "files", "wire", "reconcile"]),
    ("issuer", &["model", "clock", "target", "wire", "reconcile", "net", "files"]),
    ("ledger", &["model"]),
    (
        "prober",
        &[
            "model",
            "clock",
            "scenario",
            "target",
            "generator",
            "life",
            "reconcile",
            "net",
            "exchange",
            "issuer",
            "ledger",
        ],
    ),
    ("notify", &["canary", "target", "net"]),
    ("watch", &["model", "clock", "canary", "ledger", "notify", "prober"]),
    ("dashboard", &["model", "clock", "reconcile", "report", "ledger", "prober", "watch"]),
    ("sandbox", &["model", "clock", "wire"]),
];

/// What the pure layers may not mention: they have no clock, no socket, no file and nothing asynchronous.
const IMPURE: &[&str] = &[
    "async ",
    "tokio::",
    "std::fs",
    "std::net",
    "std::process",
    "std::env::",
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
    "reqwest::",
    "rusqlite::",
    "thread_rng",
    "rand::rng()",
];

/// The modules of layers 0 and 1; `clock` holds the one system clock and is passed in.
const PURE: &[&str] = &[
    "model",
    "source",
    "scenario",
    "target",
    "canary",
    "generator",
    "life",
    "redact",
    "wire",
    "statistics",
    "punch",
    "compare",
    "narrow",
    "reconcile",
    "report",
];

/// Folders that are as pure, in modules that are not.
const PURE_FOLDERS: &[&str] = &["dashboard/pages"];

#[test]
fn imports_go_down_the_layers_only() {
    let table: BTreeMap<_, BTreeSet<_>> = ALLOWED.iter().map(|(m, to)| (*m, to.iter().copied().collect())).collect();
    let mut wrong = Vec::new();
    for (module, path, code) in library_sources() {
        let Some(allowed) = table.get(module.as_str()) else {
            wrong.push(format!("{}: module `{module}` is not in the table", path.display()));
            continue;
        };
        for to in imported(&code) {
            if to != module && !allowed.contains(to.as_str()) {
                wrong.push(format!("{}: `{module}` imports `{to}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "edges outside the table:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_cycle() {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    while settled.len() < ALLOWED.len() {
        let next: Vec<_> = ALLOWED
            .iter()
            .filter(|(m, to)| !settled.contains(m) && to.iter().all(|t| settled.contains(t)))
            .map(|(m, _)| *m)
            .collect();
        assert!(!next.is_empty(), "a cycle among the modules that are left; settled: {settled:?}");
        settled.extend(next);
    }
}

#[test]
fn the_pure_layers_touch_no_clock_socket_or_file() {
    let mut wrong = Vec::new();
    for (module, path, code) in library_sources() {
        if !PURE.contains(&module.as_str()) && !PURE_FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        for word in IMPURE {
            if code.contains(word) {
                wrong.push(format!("{}: `{word}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "impure words in pure layers:\n{}", wrong.join("\n"));
}

#[test]
fn the_walls_would_be_seen_if_they_fell() {
    assert_eq!(imported("use crate::{model::Facts, exchange};"), set(&["model", "exchange"]));
    assert_eq!(imported("let x = crate::issuer::Feed::new();"), set(&["issuer"]));
    assert_eq!(imported("use crate::model::{Facts, Field};"), set(&["model"]));
    assert!(imported(&without_comments_and_tests("//! see [`crate::prober`]\nfn f() {}")).is_empty());
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

/// `fuzz/src/lib.rs` compiles these modules from their own sources: its manifest must name what they need.
#[test]
fn the_fuzz_crate_has_every_dependency_of_the_readers() {
    let manifest = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = std::fs::read_to_string(path).expect("readable");
        let own = text.split("\n[dependencies]\n").nth(1).expect("dependencies").to_owned();
        let own = own.lines().take_while(|line| !line.starts_with('['));
        let names = own.filter_map(|line| line.split_once(" = ")).filter(|(name, _)| !name.starts_with('#'));
        names.map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>()
    };
    let (ours, fuzzed) = (manifest("Cargo.toml"), manifest("fuzz/Cargo.toml"));
    let read_by_fuzz = |module: &str| matches!(module, "model" | "redact" | "wire");
    let code: String = library_sources().into_iter().filter(|(m, ..)| read_by_fuzz(m)).map(|(.., code)| code).collect();
    let is_used = |name: &&String| code.contains(&format!("{}::", name.replace('-', "_")));
    let used: BTreeSet<_> = ours.iter().filter(is_used).collect();
    assert!(used.len() > 5, "{used:?}");
    let lacking: Vec<_> = used.into_iter().filter(|name| !fuzzed.contains(*name)).collect();
    assert!(lacking.is_empty(), "fuzz/Cargo.toml lacks {lacking:?}");
}

/// Module, path and code (comments and inline tests taken out) of every file of the library.
fn library_sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut sources = Vec::new();
    for path in files {
        let relative = path.strip_prefix(&root).expect("below src").to_path_buf();
        let first = relative.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_owned();
        if matches!(module.as_str(), "lib" | "main" | "cli") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        sources.push((module, relative, without_comments_and_tests(&text)));
    }
    assert!(sources.len() > 20, "the walk found only {} files", sources.len());
    sources
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Inline tests stand last in a file, so that everything from `#[cfg(test)]` followed by `mod` on is a test.
fn without_comments_and_tests(text: &str) -> String {
    let code: Vec<_> = text.lines().map(|l| l.split_once("//").map_or(l, |(code, _)| code)).collect();
    let tests = code.windows(2).position(|w| w[0].trim() == "#[cfg(test)]" && w[1].trim().starts_with("mod "));
    code[..tests.unwrap_or(code.len())].join("\n")
}

/// The modules named right after `crate::`, alone or in braces.
fn imported(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(top_level(group)),
            None => names.extend(word(rest)),
        }
    }
    names
}

/// First words of the items of a brace group, nested groups passed over.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.extend(word(group[start..at].trim()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.extend(word(group[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}
