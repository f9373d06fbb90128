//! Short texts kept without an allocation.

/// A text of up to 56 bytes; what is longer is cut, which makes no two identifiers of X12 (50 at most) the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Short {
    bytes: [u8; 56],
    length: u8,
}

impl Default for Short {
    fn default() -> Self {
        Self { bytes: [0; 56], length: 0 }
    }
}

impl Short {
    pub(super) fn new(text: &[u8]) -> Self {
        let mut short = Self::default();
        for (place, byte) in short.bytes.iter_mut().zip(text) {
            *place = *byte;
            short.length += 1;
        }
        short
    }

    /// Letters and digits only, capital: names of categories and reasons vary in blanks, hyphens and brackets.
    pub(super) fn squashed(text: &[u8]) -> Self {
        let mut short = Self::default();
        let kept = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
        for (place, byte) in short.bytes.iter_mut().zip(kept) {
            *place = byte.to_ascii_uppercase();
            short.length += 1;
        }
        short
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl PartialEq for Short {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}
