//! Why a file cannot be read at all, and why a record cannot be written.

use super::envelope::excerpt;
use crate::model::{Direction, Evidence, RecordKind};
use std::io;

/// A file that is refused as a whole. Damage inside a file that can be read is [`super::Damage`].
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source failed; nothing is said of its content.
    #[error("read failed: {0}")]
    Io(#[from] io::Error),
    /// Not a byte, or only blanks.
    #[error("file is empty; expected an interchange that begins with `ISA`")]
    Empty,
    /// A transaction set without its interchange.
    #[error(
        "file begins with a bare transaction set (`{begins}`); expected an interchange header `ISA`: without it neither \
         delimiters nor receiver are known; put ISA, GS, GE and IEA around the set"
    )]
    BareTransactionSet {
        /// The first bytes.
        begins: Evidence,
    },
    /// A file in a wrapping that must be taken off first.
    #[error("file is {what}; expected X12 as plain text; {remedy}")]
    Wrapped {
        /// What it is.
        what: &'static str,
        /// What takes it off.
        remedy: &'static str,
    },
    /// An interchange whose identifiers are in small letters.
    #[error(
        "file begins with `ISA` in small letters; expected an X12 interchange header `ISA`: identifiers stand in capital letters, and what \
         wrote them otherwise may have changed more; have the file sent again as it was"
    )]
    SmallLetters,
    /// Something else.
    #[error("file begins with `{begins}`; expected an X12 interchange header `ISA`")]
    NotX12 {
        /// The first bytes.
        begins: Evidence,
        /// Whether more of them could make it one.
        may_become: bool,
    },
}

/// A record or envelope that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A transaction set was given before a functional group was opened.
    #[error("no functional group is open; expected `open_interchange` and `open_group` before a transaction set")]
    NoGroup,
    /// A functional group was given before an interchange was opened.
    #[error("no interchange is open; expected `open_interchange` before a functional group")]
    NoInterchange,
    /// A control number that stands in the file already; a receiver refuses what has it (TA1 025, AK9 6, IK5 23).
    #[error("control number {number} was used before as {element} of this file; expected one never used")]
    Repeated {
        /// ISA13, GS06 or ST02.
        element: &'static str,
        /// The number.
        number: u32,
    },
    /// A control number that the element cannot hold.
    #[error("control number {number} does not fit {element}; expected 1 to 999999999")]
    ControlNumber {
        /// ISA13, GS06 or ST02.
        element: &'static str,
        /// The number.
        number: u32,
    },
    /// Every number of nine digits has been issued.
    #[error("every control number up to 999999999 has been issued; numbers may never repeat")]
    NumbersExhausted,
    /// A kind of record that nobody sends in this direction.
    #[error("`{kind}` is no transaction that is sent in the direction `{direction}`; expected {expected}")]
    Kind {
        /// The record's kind.
        kind: RecordKind,
        /// The set's direction.
        direction: Direction,
        /// The kinds that are.
        expected: String,
    },
    /// A reason that the exchange's table does not have for this kind and direction.
    #[error("`{kind}` is not sent for `{reason}` in the direction `{direction}`; expected {expected}")]
    Reason {
        /// The record's kind.
        kind: RecordKind,
        /// Its `group.transaction_reason`.
        reason: String,
        /// The set's direction.
        direction: Direction,
        /// The reasons that it is sent for.
        expected: String,
    },
    /// The record lacks what the transaction cannot be without.
    #[error("record states no `{0}`; the transaction needs it")]
    Lacks(&'static str),
}

impl ReadError {
    /// Why a file that begins with these bytes, and not with an interchange header, is refused.
    pub(super) fn refusal(rest: &[u8]) -> Self {
        let begins = Evidence::of(&excerpt(rest));
        if let Some(Wrapping { what, remedy, .. }) = WRAPPINGS.iter().find(|wrapping| (wrapping.is_it)(rest)) {
            return Self::Wrapped { what, remedy };
        }
        let is_set = rest.starts_with(b"ST") && rest.get(2).is_some_and(|b| !b.is_ascii_alphanumeric());
        if is_set {
            return Self::BareTransactionSet { begins };
        }
        let is_word = |word: &[u8]| word.eq_ignore_ascii_case(b"ISA");
        if rest.get(..3).is_some_and(is_word) && rest.get(3).is_some_and(|b| !b.is_ascii_alphanumeric()) {
            return Self::SmallLetters;
        }
        Self::NotX12 { begins, may_become: b"ISA".starts_with(rest) }
    }

    /// Whether a header may stand further back, behind what is none.
    pub(super) fn may_have_a_header_behind(&self) -> bool {
        matches!(self, Self::NotX12 { .. } | Self::SmallLetters)
    }

    /// Whether more bytes at the end of the file could not change the answer.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Io(_) | Self::Empty => false,
            Self::BareTransactionSet { .. } | Self::Wrapped { .. } | Self::SmallLetters => true,
            Self::NotX12 { may_become, .. } => !may_become,
        }
    }
}

/// What files come in that are no X12 yet, by their first bytes.
struct Wrapping {
    is_it: fn(&[u8]) -> bool,
    what: &'static str,
    remedy: &'static str,
}

const WRAPPINGS: &[Wrapping] = &[
    // A byte order mark, or `I`, `S` and `A` with a zero byte beside each.
    Wrapping {
        is_it: |bytes| [&b"\xff\xfe"[..], b"\xfe\xff", b"I\0S\0A\0"].iter().any(|mark| bytes.starts_with(mark)),
        what: "text in UTF-16",
        remedy: "save it as UTF-8, such as with `iconv -f UTF-16 -t UTF-8`",
    },
    Wrapping {
        is_it: |bytes| bytes.starts_with(b"\xc9\xe2\xc1"),
        what: "text in EBCDIC",
        remedy: "save it as UTF-8, such as with `iconv -f IBM-1047 -t UTF-8`",
    },
    Wrapping { is_it: is_encrypted, what: "encrypted with PGP", remedy: "decrypt it, such as with `gpg --decrypt`" },
    Wrapping {
        is_it: |bytes| bytes.starts_with(b"PK\x03\x04"),
        what: "a ZIP archive",
        remedy: "take the files out, such as with `unzip`, and give them one by one",
    },
    Wrapping {
        is_it: |bytes| bytes.starts_with(b"\x1f\x8b"),
        what: "compressed with gzip",
        remedy: "decompress it, such as with `gunzip`",
    },
];

/// A message in ASCII armour, or a session key encrypted to a public key of version 3 (RFC 9580: packet 1, 4.2 and 5.1).
fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(b"-----BEGIN PGP MESSAGE-----")
        || matches!(
            bytes,
            [0x84, _, 3, ..] | [0x85, _, _, 3, ..] | [0xc1, 0..=191, 3, ..] | [0xc1, 192..=223, _, 3, ..]
        )
}
