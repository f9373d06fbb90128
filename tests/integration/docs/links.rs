//! Links lead to pages, files and headings that are there, and the summary has every page.

use super::blocks::prose;
use super::{below, pages, root};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// Links that lead into the repository: the text of a page's prose without code between backticks.
fn links(page: &str) -> Vec<String> {
    let (code, link) = (Regex::new("`[^`\n]*`").expect("a regex"), Regex::new(r"\]\(([^)\s]+)\)").expect("a regex"));
    let prose = prose(page);
    let bare = code.replace_all(&prose, "code");
    let targets = link.captures_iter(&bare).map(|found| found[1].to_owned());
    targets.filter(|target| !target.starts_with("https://")).collect()
}

/// The anchors of a page's headings, as hosts of repositories and mdBook make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let prose = prose(page);
    let headings = prose.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings
        .map(|heading| {
            let kept = heading
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .collect::<String>();
            let slug = kept.replace(' ', "-");
            let times = seen.entry(slug.clone()).or_default();
            *times += 1;
            if *times == 1 { slug } else { format!("{slug}-{}", *times - 1) }
        })
        .collect()
}

/// `a/b` and `../c.md` to `a/c.md`.
fn resolved(page: &str, target: &str) -> PathBuf {
    let mut path = Path::new(page).parent().expect("a folder").to_path_buf();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{page}: `{target}` leaves the repository"),
            part => path.push(part),
        }
    }
    path
}

#[test]
fn every_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let (mut dead, mut followed) = (Vec::new(), 0);
    for page in pages() {
        for link in links(&page) {
            followed += 1;
            let (file, anchor) = link.split_once('#').map_or((link.as_str(), None), |(f, a)| (f, Some(a)));
            let path = if file.is_empty() { PathBuf::from(&page) } else { resolved(&page, file) };
            if !root().join(&path).exists() {
                dead.push(format!("{page}: `{link}`: there is no {}", path.display()));
            } else if let Some(anchor) = anchor
                && !anchors(&path.display().to_string()).contains(anchor)
            {
                dead.push(format!("{page}: `{link}`: no heading there has this anchor"));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
    assert!(followed > 100, "only {followed} links were found");
}

#[test]
fn the_map_of_the_code_is_one_and_has_every_module() {
    let (page, library) = (super::text("ARCHITECTURE.md"), super::text("src/lib.rs"));
    let map = |text: &str| {
        let lines = text.lines().skip_while(|line| *line != "```text").skip(1).take_while(|line| *line != "```");
        lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>()
    };
    let docs: Vec<_> =
        library.lines().filter_map(|l| l.strip_prefix("//!")).map(|l| l.strip_prefix(' ').unwrap_or(l)).collect();
    assert_eq!(map(&page), map(&docs.join("\n")), "ARCHITECTURE.md and src/lib.rs draw two maps");
    for module in library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(page.contains(&format!("[`{module}`](src/{module}")), "ARCHITECTURE.md has no line for `{module}`");
    }
}

/// Help, messages and comments say where to read on.
#[test]
fn every_page_that_the_program_names_is_there() {
    let named = Regex::new(r"\bdocs/[\w/-]+\.md").expect("a regex");
    let (mut sources, mut seen) = (vec![root().join("src")], 0);
    while let Some(path) = sources.pop() {
        if path.is_dir() {
            sources.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for page in named.find_iter(&text) {
            seen += 1;
            assert!(root().join(page.as_str()).is_file(), "{}: there is no {}", path.display(), page.as_str());
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn the_summary_has_every_page_of_the_book_once() {
    let listed: Vec<_> =
        links("docs/SUMMARY.md").iter().map(|l| resolved("docs/SUMMARY.md", l).display().to_string()).collect();
    let pages: Vec<_> = below("docs").into_iter().filter(|page| page != "docs/SUMMARY.md").collect();
    for page in &pages {
        let times = listed.iter().filter(|l| *l == page).count();
        assert_eq!(times, 1, "{page} stands {times} times in docs/SUMMARY.md");
    }
    assert_eq!(listed.len(), pages.len(), "{listed:?}");
}

#[test]
fn a_dead_link_and_a_wrong_anchor_would_be_seen() {
    assert_eq!(resolved("docs/guide/a.md", "../../src/lib.rs"), Path::new("src/lib.rs"));
    assert!(anchors("docs/judging.md").contains("whose-a-record-is"));
    assert!(anchors("docs/judging.md").contains("the-targets-own-mistakes"));
    assert!(!anchors("docs/judging.md").contains("Whose-a-record-is"));
}
