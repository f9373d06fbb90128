//! The book and its neighbours: links lead somewhere, what is shown can be typed, the reference is what the program says.

mod blocks;
mod links;
mod reference;
mod shown;
mod told;

use std::path::{Path, PathBuf};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(page: &str) -> String {
    std::fs::read_to_string(root().join(page)).unwrap_or_else(|e| panic!("{page}: {e}"))
}

/// The book's pages and whatever else people read, by their paths in the repository.
fn pages() -> Vec<String> {
    let beside = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"].map(ToOwned::to_owned);
    let mut pages = below("docs");
    pages.extend(beside);
    pages.extend(below(".github"));
    assert!(pages.len() > 20, "{pages:?}");
    pages
}

/// Every Markdown file below a folder, sorted.
fn below(folder: &str) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let mut names: Vec<_> =
        found.iter().map(|p| p.strip_prefix(root()).expect("below").display().to_string()).collect();
    names.sort();
    names
}

#[test]
fn readme_is_a_door_of_twelve_kilobytes_at_most() {
    let bytes = text("README.md").len();
    assert!(bytes <= 12_288, "README.md has {bytes} bytes; what is not for the first visit belongs into docs/");
}
