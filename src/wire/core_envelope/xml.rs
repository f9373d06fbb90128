//! A walk over XML that is not trusted: elements and their texts, without attributes, document types or entities of its
//! own making.

use super::error::EnvelopeError;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use std::borrow::Cow;

/// An envelope is seven elements deep.
const DEEPEST: usize = 64;

/// The document as text: UTF-8, or where it is not, Latin-1, so that every byte is some character.
pub(super) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()),
    }
}

/// What comes next.
pub(super) enum Step {
    /// An element begins; its local name.
    Open(String),
    /// An element without elements in it has ended.
    Leaf {
        /// Local name.
        name: String,
        /// Local name of the element around it; empty at the top.
        within: String,
        /// Its text, references and CDATA sections resolved.
        text: String,
    },
}

/// The walk.
pub(super) struct Walk<'x> {
    reader: Reader<&'x [u8]>,
    /// Local names of the elements that are open.
    open: Vec<String>,
    text: String,
    /// The innermost element has had no element in it.
    is_leaf: bool,
}

impl<'x> Walk<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, open: Vec::new(), text: String::new(), is_leaf: false }
    }

    /// The next step; `None` at the end of the document.
    pub(super) fn next(&mut self) -> Result<Option<Step>, EnvelopeError> {
        loop {
            let event = self.reader.read_event().map_err(|_| self.wrong("it is not well-formed"))?;
            match event {
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_owned();
                    return self.enter(name).map(Some);
                }
                Event::End(_) => {
                    if let Some(step) = self.leave() {
                        return Ok(Some(step));
                    }
                }
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(reference) => {
                    let c =
                        resolved(&reference).ok_or_else(|| self.wrong("it has an entity that XML does not know"))?;
                    self.text.push(c);
                }
                Event::DocType(_) => return Err(self.wrong("it has a document type, which is refused")),
                Event::Eof if self.open.is_empty() => return Ok(None),
                Event::Eof => return Err(self.wrong("it ends before its elements do")),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    fn enter(&mut self, name: String) -> Result<Step, EnvelopeError> {
        if self.open.len() >= DEEPEST {
            return Err(self.wrong("its elements are nested too deep"));
        }
        self.open.push(name.clone());
        self.text.clear();
        self.is_leaf = true;
        Ok(Step::Open(name))
    }

    fn leave(&mut self) -> Option<Step> {
        let name = self.open.pop()?;
        let text = std::mem::take(&mut self.text);
        let within = self.open.last().cloned().unwrap_or_default();
        std::mem::replace(&mut self.is_leaf, false).then_some(Step::Leaf { name, within, text })
    }

    fn wrong(&self, what: &'static str) -> EnvelopeError {
        EnvelopeError::Xml { what, at: self.reader.buffer_position() }
    }
}

/// A character reference, or one of the five entities of XML itself.
fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => Some(c),
        Ok(None) => match &**reference {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        },
        Err(_) => None,
    }
}
