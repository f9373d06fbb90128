//! Fenced blocks, and how each says that it is tried.

use super::{pages, text};

/// A fenced block of a page.
pub(super) struct Block {
    /// The page and the line of its fence, for messages.
    pub(super) at: String,
    /// What stands behind the fence: a language, and how it is tried.
    pub(super) info: String,
    pub(super) lines: Vec<String>,
}

impl Block {
    /// The word after the language.
    pub(super) fn how(&self) -> &str {
        self.info.split(' ').nth(1).unwrap_or_default()
    }

    pub(super) fn language(&self) -> &str {
        self.info.split(' ').next().unwrap_or_default()
    }

    /// The name under which a file is to be saved.
    pub(super) fn saved_as(&self) -> Option<&str> {
        self.info.split(' ').find_map(|word| word.strip_prefix("save="))
    }

    pub(super) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

/// The blocks of a page, in order.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let (mut found, mut open): (Vec<Block>, Option<(usize, Block)>) = (Vec::new(), None);
    for (n, line) in text(page).lines().enumerate() {
        let bare = line.trim_start();
        match &mut open {
            Some(_) if bare == "```" => found.extend(open.take().map(|(_, block)| block)),
            Some((indent, block)) => block.lines.push(line.get(*indent..).unwrap_or_default().to_owned()),
            None => {
                if let Some(info) = bare.strip_prefix("```") {
                    let block = Block { at: format!("{page}:{}", n + 1), info: info.to_owned(), lines: Vec::new() };
                    open = Some((line.len() - bare.len(), block));
                }
            }
        }
    }
    assert!(open.is_none(), "{page}: a block is not closed");
    found
}

/// A page without its blocks and without code in its lines: what is left is prose, headings and links.
pub(super) fn prose(page: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text(page).lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[test]
fn every_block_of_commands_or_yaml_says_how_it_is_tried() {
    let known = |block: &Block| match block.language() {
        "sh" => matches!(block.how(), "run" | "sandbox" | "typed" | "other"),
        "yaml" => matches!(block.how(), "scenario" | "target" | "target-part" | "canary"),
        "text" | "sql" => true,
        _ => false,
    };
    for block in pages().iter().flat_map(|page| blocks(page)) {
        assert!(known(&block), "{}: nobody knows how to try `{}`; CONTRIBUTING.md has the words", block.at, block.info);
    }
}
