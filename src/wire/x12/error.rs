//! Why a file cannot be read at all, and why a record cannot be written.

use super::envelope::excerpt;
use crate::model::RecordKind;
use std::io;

/// A file that is refused as a whole. Damage inside a file that can be read is [`super::Damage`].
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source failed; nothing is said of its content.
    #[error("read failed")]
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
        begins: String,
    },
    /// Something else.
    #[error("file begins with `{begins}`; expected an X12 interchange header `ISA`")]
    NotX12 {
        /// The first bytes.
        begins: String,
    },
}

/// A record or envelope that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A transaction set was given before a functional group was opened.
    #[error("no functional group is open; expected `open_interchange` and `open_group` before a transaction set")]
    NoGroup,
    /// A kind of record that has no transaction here.
    #[error("`{0}` is no transaction that can be written; expected `initial_enrollment` or `cancellation`")]
    Kind(RecordKind),
    /// The record lacks what the transaction cannot be without.
    #[error("record states no `{0}`; the transaction needs it")]
    Lacks(&'static str),
}

impl ReadError {
    /// Why a file that begins with these bytes, and not with an interchange header, is refused.
    pub(super) fn refusal(rest: &[u8]) -> Self {
        let begins = excerpt(rest);
        let is_set = rest.starts_with(b"ST") && rest.get(2).is_some_and(|b| !b.is_ascii_alphanumeric());
        if is_set { Self::BareTransactionSet { begins } } else { Self::NotX12 { begins } }
    }

    /// Whether more bytes at the end of the file could not change the answer.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Io(_) | Self::Empty => false,
            Self::BareTransactionSet { .. } => true,
            Self::NotX12 { begins } => !"ISA".starts_with(begins.as_str()),
        }
    }
}
