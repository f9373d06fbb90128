//! Why an envelope cannot be read.

use crate::model::Evidence;

/// Why an envelope cannot be read. No text quotes more of it than an element's name, and the far side's words of a fault as evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Larger than any that is expected.
    #[error("the envelope is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Not well-formed XML, or XML that is refused.
    #[error("the envelope is no XML that can be read: {what} (byte {at})")]
    Xml {
        /// What is wrong.
        what: &'static str,
        /// Offset in bytes.
        at: u64,
    },
    /// XML without the element that holds the fields.
    #[error("the envelope has no `{element}`; expected CAQH CORE connectivity 2.2.0 within a SOAP body")]
    NoEnvelope {
        /// The element.
        element: &'static str,
    },
    /// The far side answered with a SOAP fault.
    #[error("the far side answers a SOAP fault: {}{reason}", if .code.is_empty() { String::new() } else { format!("{code}: ") })]
    Fault {
        /// Its code, without the prefix.
        code: Evidence,
        /// Its reason.
        reason: Evidence,
    },
    /// Multipart that cannot be taken apart.
    #[error("the envelope is no multipart/form-data that can be read: {what}")]
    Multipart {
        /// What is wrong.
        what: &'static str,
    },
    /// A field that must be there is not, or is empty.
    #[error("the envelope lacks the field `{field}`")]
    Lacks {
        /// Its name in the rule.
        field: &'static str,
    },
}
