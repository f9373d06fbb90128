//! Where segments end, looked up for many of them at once: a search for each would cost as much as cutting it off.

use crate::wire::x12::window::Window;

/// Bytes that are looked through together.
const TOGETHER: usize = 16 << 10;

/// The terminators ahead, by their indices in the window.
#[derive(Debug, Default)]
pub(super) struct Ends {
    terminator: u8,
    found: Vec<u64>,
    /// The first of them that has not been passed.
    next: usize,
    /// Up to here the file was looked through.
    looked_to: u64,
}

impl Ends {
    /// Position in the window of the first terminator from where the window stands; `None` where none is held.
    #[inline]
    pub(super) fn first(&mut self, terminator: u8, window: &Window) -> Option<usize> {
        let at = window.index(window.at);
        if terminator == self.terminator {
            while let Some(end) = self.found.get(self.next) {
                if *end >= at {
                    return window.position(*end);
                }
                self.next += 1;
            }
        }
        self.look(terminator, at, window)
    }

    #[cold]
    fn look(&mut self, terminator: u8, at: u64, window: &Window) -> Option<usize> {
        let from = if terminator == self.terminator { at.max(self.looked_to) } else { at };
        self.terminator = terminator;
        self.found.clear();
        self.next = 0;
        let rest = window.bytes().get(window.position(from)?..).unwrap_or_default();
        self.looked_to = from;
        for piece in rest.chunks(TOGETHER) {
            let start = self.looked_to;
            self.found.extend(memchr::memchr_iter(terminator, piece).map(|found| start + found as u64));
            self.looked_to += piece.len() as u64;
            if let Some(first) = self.found.first() {
                return window.position(*first);
            }
        }
        None
    }
}
